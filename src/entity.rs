//! An entity: what the mentions of one document that name the same thing have in common.

use crate::document::{Document, Span};
use crate::entity_type::EntityType;
use crate::mention::Mention;
use std::collections::HashMap;

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
    /// Identifier of the corpus entity that this one belongs to, once a [store](crate::corpus) has linked the document.
    pub corpus_id: Option<String>,
}

/// A document with everything that was found in it; what every output format writes.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotatedDocument {
    /// The document as it was read.
    pub document: Document,
    /// Sentences of tokens as the tagger saw them: the source's own where it was tokenised already, else a sentence a line.
    pub tokens: Vec<Vec<Span>>,
    /// Mentions, sorted, not overlapping; each carries the type of its entity, unless the
    /// tagger was sure of another ("England", the country and its team).
    pub mentions: Vec<Mention>,
    /// Entities, ordered by first mention.
    pub entities: Vec<Entity>,
}

impl Alias {
    /// The surface forms of `mentions` in `text`, most frequent first, then in order of appearance.
    #[must_use]
    pub fn count_all<'a>(text: &str, mentions: impl IntoIterator<Item = &'a Mention>) -> Vec<Self> {
        let mut aliases: Vec<Self> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for mention in mentions {
            let surface = mention.span.of(text).split_whitespace().collect::<Vec<_>>().join(" ");
            let place = *places.entry(surface).or_insert_with_key(|surface| {
                aliases.push(Self { text: surface.clone(), count: 0 });
                aliases.len() - 1
            });
            aliases[place].count += 1;
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.count));
        aliases
    }
}

impl AnnotatedDocument {
    /// Drops the mentions for which `keep` is false, and the entities that lose all of theirs. Names stay as they were:
    /// a dropped mention was still right to read.
    pub fn retain(&mut self, keep: impl Fn(&Mention) -> bool) {
        let kept: Vec<bool> = self.mentions.iter().map(keep).collect();
        if kept.iter().all(|&kept| kept) {
            return;
        }
        let new_index: Vec<usize> = kept
            .iter()
            .scan(0, |next, &kept| {
                let index = *next;
                *next += usize::from(kept);
                Some(index)
            })
            .collect();
        let mut index = 0;
        self.mentions.retain(|_| {
            index += 1;
            kept[index - 1]
        });
        for entity in &mut self.entities {
            let before = entity.mentions.len();
            entity.mentions.retain(|&mention| kept[mention]);
            let changed = entity.mentions.len() < before;
            for mention in &mut entity.mentions {
                *mention = new_index[*mention];
            }
            if changed && !entity.mentions.is_empty() {
                let mine = || entity.mentions.iter().map(|&mention| &self.mentions[mention]);
                entity.aliases = Alias::count_all(&self.document.text, mine());
                entity.score = mean_score(mine());
            }
        }
        self.entities.retain(|entity| !entity.mentions.is_empty());
        self.entities.sort_by_key(|entity| entity.mentions[0]);
    }

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

/// Mean score of `mentions`, 0 where there are none.
#[must_use]
pub fn mean_score<'a>(mentions: impl IntoIterator<Item = &'a Mention>) -> f32 {
    let (mut sum, mut count) = (0.0_f64, 0_u32);
    for mention in mentions {
        sum += f64::from(mention.score);
        count += 1;
    }
    if count == 0 {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, reason = "a mean of values between 0 and 1")]
    let mean = (sum / f64::from(count)) as f32;
    mean
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mention(start: usize, end: usize, score: f32) -> Mention {
        Mention { span: Span::new(start, end), entity_type: EntityType::Per, score }
    }

    #[test]
    fn retain_renumbers_what_is_left() {
        let text = "Ada Byron, Ada, Bob,  Ada\nByron";
        let mentions = vec![mention(0, 9, 0.9), mention(11, 14, 0.2), mention(16, 19, 0.1), mention(22, 31, 0.7)];
        let entity = |name: &str, mentions: &[usize]| Entity {
            name: name.into(),
            entity_type: EntityType::Per,
            score: 0.0,
            aliases: vec![],
            mentions: mentions.to_vec(),
            knowledge_id: None,
            corpus_id: None,
        };
        let mut annotated = AnnotatedDocument {
            document: Document::new("d", text),
            tokens: vec![],
            mentions,
            entities: vec![entity("Ada Byron", &[0, 1, 3]), entity("Bob", &[2])],
        };
        annotated.retain(|mention| mention.score > 0.5);
        assert_eq!(annotated.entities.len(), 1);
        assert_eq!(annotated.entities[0].mentions, [0, 1]);
        assert_eq!(annotated.entities[0].aliases, [Alias { text: "Ada Byron".into(), count: 2 }]);
        assert!((annotated.entities[0].score - 0.8).abs() < 1e-6);
    }
}
