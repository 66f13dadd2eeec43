//! `namesake/1`: the written form of an annotated document, one JSON object, read and written here alone.
//! `docs/output.md` promises what stands here, and `docs/output.schema.json` says the same to programs.
//!
//! A [`Record`] borrows: from the [`AnnotatedDocument`](crate::annotation::AnnotatedDocument) that is written, or from the
//! line that is read. [`AnnotatedDocument`](crate::annotation::AnnotatedDocument) can be made of one again wherever the
//! text is known.
//!
//! ```
//! use namesake::annotation::AnnotatedDocument;
//! use namesake::record::{Record, RecordOptions};
//!
//! let line = r#"{"schema":"namesake/1","id":"a","offsets":"char","text":"Ada spoke.",
//!     "entities":[{"id":"a#1","name":"Ada","type":"PER","score":0.9,"aliases":[{"text":"Ada","count":1}],"mentions":[0]}],
//!     "mentions":[{"start":0,"end":3,"text":"Ada","type":"PER","score":0.9,"entity":"a#1"}]}"#;
//! let annotated = AnnotatedDocument::try_from(Record::parse(line)?)?;
//! assert_eq!(annotated.entities[0].name, "Ada");
//! let again = Record::of(&annotated, &RecordOptions::new().with_text(true))?;
//! assert_eq!(again, Record::parse(line)?);
//! # Ok::<(), namesake::record::RecordError>(())
//! ```

mod error;
mod line;
mod read;
mod write;

pub use error::RecordError;
pub use line::RecordLine;
pub use write::RecordOptions;

use crate::document::{Metadata, OffsetUnit};
use crate::entity::RelationKind;
use crate::entity_type::EntityType;
use crate::why::{Reason, Rule};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// Name and major version of the schema; a change that breaks readers raises the number.
pub const SCHEMA: &str = "namesake/1";

/// An annotated document as it is written.
///
/// Invariants of one that was parsed: no two entities share an id, and every mention's entity is among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record<'a> {
    /// [`SCHEMA`]; a record without it is read as one of this version.
    #[serde(borrow, default = "schema")]
    pub schema: Cow<'a, str>,
    /// The document's id.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// The unit of `start` and `end`.
    #[serde(default)]
    pub offsets: OffsetUnit,
    /// The text, where the writer was asked for it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Cow<'a, str>>,
    /// Fields that came with the document.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub metadata: Cow<'a, Metadata>,
    /// Its entities, ordered by their first mention.
    #[serde(borrow)]
    pub entities: Vec<RecordEntity<'a>>,
    /// Its mentions, in the order of the text.
    #[serde(borrow, default)]
    pub mentions: Vec<RecordMention<'a>>,
}

/// An entity of a [`Record`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordEntity<'a> {
    /// Identifier, unique in the document; in what we write, in the corpus.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Canonical name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Type.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// Mean score of its mentions.
    #[serde(default = "certain")]
    pub score: f64,
    /// Entry in a knowledge base or alias table.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub knowledge_id: Option<Cow<'a, str>>,
    /// Entries that it may be, likeliest first, where the document does not tell.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub knowledge_candidates: Vec<RecordCandidate<'a>>,
    /// Surface forms, most frequent first.
    #[serde(borrow, default)]
    pub aliases: Vec<RecordAlias<'a>>,
    /// Indices of its mentions.
    #[serde(default)]
    pub mentions: Cow<'a, [usize]>,
    /// Identifier of the corpus entity, once a store has linked the document.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub corpus_id: Option<Cow<'a, str>>,
    /// Canonical name of the corpus entity.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub corpus_name: Option<Cow<'a, str>>,
    /// What the document states of it and others.
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub relations: Vec<RecordRelation<'a>>,
}

/// The corpus entity that an entity belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorpusLink {
    /// Its identifier.
    pub id: String,
    /// Its canonical name in the corpus.
    pub name: String,
}

/// A relation of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRelation<'a> {
    /// Which.
    #[serde(rename = "type")]
    pub kind: RelationKind,
    /// Id of the other entity.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<Cow<'a, str>>,
    /// The name, where it is one of the entity itself.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Cow<'a, str>>,
}

/// Why a mention belongs to its entity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordWhy<'a> {
    /// What placed it.
    pub rule: Rule,
    /// Its score for that entity.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    /// The form of the entity that it is nearest to.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub like: Option<Cow<'a, str>>,
    /// What made the score, the strongest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub because: Vec<Reason>,
    /// The next best entity.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub runner_up: Option<RecordRival<'a>>,
}

/// The entity that would have been next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordRival<'a> {
    /// Its id; none if the document does not hold it.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub entity: Option<Cow<'a, str>>,
    /// Its canonical name.
    #[serde(borrow)]
    pub name: Cow<'a, str>,
    /// Its score.
    pub score: f64,
}

/// An entry of a knowledge base that an entity may be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordCandidate<'a> {
    /// Identifier of the entry.
    #[serde(borrow)]
    pub id: Cow<'a, str>,
    /// Its name.
    #[serde(borrow, default)]
    pub name: Cow<'a, str>,
    /// How likely it is, 0 to 1.
    #[serde(default)]
    pub probability: f64,
}

/// A surface form of an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordAlias<'a> {
    /// The form.
    #[serde(borrow)]
    pub text: Cow<'a, str>,
    /// How many mentions have it.
    pub count: usize,
}

/// A mention of a [`Record`].
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RecordMention<'a> {
    /// Where it begins.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// The text between them.
    #[serde(borrow, default)]
    pub text: Cow<'a, str>,
    /// Type.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// How sure the tagger is, 0 to 1.
    #[serde(default = "certain")]
    pub score: f64,
    /// Id of its entity.
    #[serde(borrow, default)]
    pub entity: Option<Cow<'a, str>>,
    /// Identifier of the corpus entity of its entity.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub corpus_id: Option<Cow<'a, str>>,
    /// Why it belongs to its entity, where somebody asked.
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub why: Option<RecordWhy<'a>>,
}

const fn schema() -> Cow<'static, str> {
    Cow::Borrowed(SCHEMA)
}

/// The score of what nobody doubts.
const fn certain() -> f64 {
    1.0
}

#[expect(clippy::ptr_arg, reason = "serde hands over the field as it is")]
fn is_empty(metadata: &Cow<'_, Metadata>) -> bool {
    metadata.is_empty()
}

impl Record<'_> {
    /// Gives the entities these corpus entities, in their order, and each mention that of its entity.
    ///
    /// # Errors
    /// As [`owners`](Self::owners).
    pub fn set_corpus_links(&mut self, links: &[Option<CorpusLink>]) -> Result<(), RecordError> {
        let link = |number: usize| links.get(number)?.as_ref();
        let id = |link: &CorpusLink| Cow::Owned(link.id.clone());
        for (mention, owner) in self.owners()?.into_iter().enumerate() {
            self.mentions[mention].corpus_id = owner.and_then(link).map(id);
        }
        for (number, entity) in self.entities.iter_mut().enumerate() {
            entity.corpus_id = link(number).map(id);
            entity.corpus_name = link(number).map(|link| Cow::Owned(link.name.clone()));
        }
        Ok(())
    }

    /// The same, with all that it borrows copied.
    #[must_use]
    pub fn into_owned(self) -> Record<'static> {
        Record {
            schema: owned(self.schema),
            id: owned(self.id),
            offsets: self.offsets,
            text: self.text.map(owned),
            metadata: Cow::Owned(self.metadata.into_owned()),
            entities: self.entities.into_iter().map(RecordEntity::into_owned).collect(),
            mentions: self.mentions.into_iter().map(RecordMention::into_owned).collect(),
        }
    }
}

impl RecordEntity<'_> {
    fn into_owned(self) -> RecordEntity<'static> {
        let alias = |alias: RecordAlias<'_>| RecordAlias { text: owned(alias.text), count: alias.count };
        let candidate = |candidate: RecordCandidate<'_>| RecordCandidate {
            id: owned(candidate.id),
            name: owned(candidate.name),
            probability: candidate.probability,
        };
        let relation = |relation: RecordRelation<'_>| RecordRelation {
            kind: relation.kind,
            entity: relation.entity.map(owned),
            name: relation.name.map(owned),
        };
        RecordEntity {
            id: owned(self.id),
            name: owned(self.name),
            entity_type: self.entity_type,
            score: self.score,
            knowledge_id: self.knowledge_id.map(owned),
            knowledge_candidates: self.knowledge_candidates.into_iter().map(candidate).collect(),
            aliases: self.aliases.into_iter().map(alias).collect(),
            mentions: Cow::Owned(self.mentions.into_owned()),
            corpus_id: self.corpus_id.map(owned),
            corpus_name: self.corpus_name.map(owned),
            relations: self.relations.into_iter().map(relation).collect(),
        }
    }
}

impl RecordMention<'_> {
    fn into_owned(self) -> RecordMention<'static> {
        RecordMention {
            start: self.start,
            end: self.end,
            text: owned(self.text),
            entity_type: self.entity_type,
            score: self.score,
            entity: self.entity.map(owned),
            corpus_id: self.corpus_id.map(owned),
            why: self.why.map(RecordWhy::into_owned),
        }
    }
}

impl RecordWhy<'_> {
    fn into_owned(self) -> RecordWhy<'static> {
        let rival = |rival: RecordRival<'_>| RecordRival {
            entity: rival.entity.map(owned),
            name: owned(rival.name),
            score: rival.score,
        };
        RecordWhy {
            rule: self.rule,
            score: self.score,
            like: self.like.map(owned),
            because: self.because,
            runner_up: self.runner_up.map(rival),
        }
    }
}

fn owned(text: Cow<'_, str>) -> Cow<'static, str> {
    Cow::Owned(text.into_owned())
}
