//! An entity: what the mentions of one document that name the same thing have in common.

use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::view::View;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// A surface form of an entity and how often the document uses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The form as a reader [sees](View) it in the text, runs of white space folded to one space.
    pub text: String,
    /// Number of mentions with this form.
    pub count: usize,
}

/// An entry of the knowledge base that an entity may be, and nothing in the document speaks for.
#[derive(Debug, Clone, PartialEq)]
pub struct KnowledgeCandidate {
    /// Identifier of the entry.
    pub id: String,
    /// Its name.
    pub name: String,
    /// How likely it is, 0 to 1: a prior of the tables.
    pub probability: f32,
}

/// How an entity is related to another thing that its document names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RelationKind {
    /// It is a part or a subsidiary of the other: "Brentano Energy, a unit of Brentano".
    PartOf,
    /// It had this name before: "Quilla, formerly Chirpex".
    Formerly,
    /// It is the word for the people of the other: "Norwegian" of Norway.
    DemonymOf,
}

impl RelationKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::PartOf, Self::Formerly, Self::DemonymOf];

    /// What stands before the other end, in words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::PartOf => "part of",
            Self::Formerly => "formerly",
            Self::DemonymOf => "demonym of",
        }
    }

    /// The name in what we write.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::PartOf => "part_of",
            Self::Formerly => "formerly",
            Self::DemonymOf => "demonym_of",
        }
    }
}

/// The other end of a relation.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum RelationTarget {
    /// An entity of the document, by its index.
    Entity(usize),
    /// A name of the entity itself.
    Name(String),
}

/// A relation of an entity, as its document states it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Relation {
    /// Which.
    pub kind: RelationKind,
    /// To what.
    pub target: RelationTarget,
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
    /// Entries that it may be, likeliest first, where the document does not tell; empty where `knowledge_id` is known.
    pub knowledge_candidates: Vec<KnowledgeCandidate>,
    /// Identifier of the corpus entity that this one belongs to, once a [store](crate::corpus) has linked the document.
    pub corpus_id: Option<String>,
    /// Canonical name of the corpus entity.
    pub corpus_name: Option<String>,
    /// Identifier that its source gives it, equal in every document that names it; `None` for the one that we give it
    /// ([`AnnotatedDocument::entity_id`](crate::annotation::AnnotatedDocument::entity_id)).
    pub source_id: Option<Box<str>>,
    /// What the document states of it and others, in the order of the kinds.
    pub relations: Vec<Relation>,
}

impl Entity {
    /// An entity of which nothing is known but its mentions (ascending).
    #[must_use]
    pub fn of_mentions(mentions: Vec<usize>) -> Self {
        Self {
            name: String::new(),
            entity_type: EntityType::UNTYPED,
            score: 0.0,
            aliases: Vec::new(),
            mentions,
            knowledge_id: None,
            knowledge_candidates: Vec::new(),
            corpus_id: None,
            corpus_name: None,
            source_id: None,
            relations: Vec::new(),
        }
    }
}

impl Alias {
    /// The surface forms of `mentions` in a text, most frequent first, then in order of appearance.
    #[must_use]
    pub fn count_all<'a>(view: &View<'_>, mentions: impl IntoIterator<Item = &'a Mention>) -> Vec<Self> {
        let mut aliases: Vec<Self> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        for mention in mentions {
            let surface = view.surface(mention.span).split_whitespace().collect::<Vec<_>>().join(" ");
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
