//! An entity: what the mentions of one document that name the same thing have in common.

use crate::document::{Document, Span};
use crate::mention::{EntityType, Mention};

/// A surface form of an entity and how often the document uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The form as it stands in the text, runs of white space folded to one space.
    pub text: String,
    /// Number of mentions with this form.
    pub count: usize,
}

/// A person, organisation, place or other named thing of one document.
///
/// Invariants: `mentions` is not empty and ascending; every mention of a document belongs to exactly one entity;
/// the entities of a document are ordered by their first mention.
#[derive(Debug, Clone, PartialEq)]
pub struct Entity {
    /// Canonical name.
    pub name: String,
    /// Type that the mentions agreed on.
    pub entity_type: EntityType,
    /// Mean score of the mentions, 0 to 1.
    pub score: f32,
    /// Surface forms, most frequent first, then in order of appearance.
    pub aliases: Vec<Alias>,
    /// Indices into the document's mentions.
    pub mentions: Vec<usize>,
    /// Entry in a knowledge base or alias table, where one is known.
    pub knowledge_id: Option<String>,
}

/// A document with everything that was found in it; what every output format writes.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotatedDocument {
    /// The document as it was read.
    pub document: Document,
    /// Sentences of tokens as the tagger saw them: the source's own where it was tokenised already, else a sentence a line.
    pub tokens: Vec<Vec<Span>>,
    /// Mentions, sorted, not overlapping; each carries the type of its entity.
    pub mentions: Vec<Mention>,
    /// Entities, ordered by first mention.
    pub entities: Vec<Entity>,
}

impl AnnotatedDocument {
    /// For each mention, the index of its entity.
    #[must_use]
    pub fn entity_of_mention(&self) -> Vec<usize> {
        let mut owner = vec![0; self.mentions.len()];
        for (index, entity) in self.entities.iter().enumerate() {
            for &mention in &entity.mentions {
                if let Some(slot) = owner.get_mut(mention) {
                    *slot = index;
                }
            }
        }
        owner
    }

    /// Identifier of entity number `index`: the document's id, `#`, and the number counted from 1. Unique over a corpus
    /// whose document ids are unique.
    #[must_use]
    pub fn entity_id(&self, index: usize) -> String {
        format!("{}#{}", self.document.id, index + 1)
    }
}
