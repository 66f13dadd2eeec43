//! Annotated documents as records.

use super::{
    Record, RecordAlias, RecordCandidate, RecordEntity, RecordError, RecordMention, RecordRelation, RecordRival,
    RecordWhy, SCHEMA,
};
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit};
use crate::entity::{Entity, Relation, RelationTarget};
use crate::mention::Mention;
use crate::why::{Rival, Why};
use std::borrow::Cow;

/// What to write: by default offsets in code points and no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RecordOptions {
    offset_unit: OffsetUnit,
    text: bool,
}

impl RecordOptions {
    /// The default.
    #[must_use]
    pub const fn new() -> Self {
        Self { offset_unit: OffsetUnit::Char, text: false }
    }

    /// Counts offsets in `unit`.
    #[must_use]
    pub const fn with_offset_unit(mut self, unit: OffsetUnit) -> Self {
        self.offset_unit = unit;
        self
    }

    /// Whether the text is written too.
    #[must_use]
    pub const fn with_text(mut self, text: bool) -> Self {
        self.text = text;
        self
    }
}

impl<'a> Record<'a> {
    /// The record of a document.
    ///
    /// # Errors
    /// If a mention does not lie in the text.
    pub fn of(annotated: &'a AnnotatedDocument, options: &RecordOptions) -> Result<Self, RecordError> {
        let document = &annotated.document;
        let ids: Vec<String> = (0..annotated.entities.len()).map(|index| annotated.entity_id(index)).collect();
        Ok(Self {
            schema: Cow::Borrowed(SCHEMA),
            id: Cow::Borrowed(&document.id),
            offsets: options.offset_unit,
            text: options.text.then_some(Cow::Borrowed(&document.text)),
            metadata: Cow::Borrowed(&document.metadata),
            mentions: mentions(annotated, &ids, options.offset_unit)?,
            entities: entities(annotated, &ids),
        })
    }
}

fn entities<'a>(annotated: &'a AnnotatedDocument, ids: &[String]) -> Vec<RecordEntity<'a>> {
    annotated.entities.iter().zip(ids).map(|(entity, id)| entity_object(entity, id, ids)).collect()
}

fn entity_object<'a>(entity: &'a Entity, id: &str, ids: &[String]) -> RecordEntity<'a> {
    RecordEntity {
        id: Cow::Owned(id.to_owned()),
        name: Cow::Borrowed(entity.name.as_str()),
        entity_type: entity.entity_type,
        score: rounded(entity.score),
        knowledge_id: entity.knowledge_id.as_deref().map(Cow::Borrowed),
        knowledge_candidates: (entity.knowledge_candidates.iter())
            .map(|candidate| RecordCandidate {
                id: Cow::Borrowed(&candidate.id),
                name: Cow::Borrowed(&candidate.name),
                probability: rounded(candidate.probability),
            })
            .collect(),
        aliases: (entity.aliases.iter())
            .map(|alias| RecordAlias { text: Cow::Borrowed(&alias.text), count: alias.count })
            .collect(),
        mentions: Cow::Borrowed(&entity.mentions),
        corpus_id: entity.corpus_id.as_deref().map(Cow::Borrowed),
        corpus_name: entity.corpus_name.as_deref().map(Cow::Borrowed),
        relations: entity.relations.iter().map(|relation| relation_object(relation, ids)).collect(),
    }
}

fn relation_object<'a>(relation: &'a Relation, ids: &[String]) -> RecordRelation<'a> {
    let (entity, name) = match &relation.target {
        RelationTarget::Entity(index) => (ids.get(*index).cloned().map(Cow::Owned), None),
        RelationTarget::Name(name) => (None, Some(Cow::Borrowed(name.as_str()))),
    };
    RecordRelation { kind: relation.kind, entity, name }
}

fn why_object<'a>(why: &'a Why, ids: &[String]) -> RecordWhy<'a> {
    let rival = |rival: &'a Rival| RecordRival {
        entity: rival.entity.and_then(|entity| ids.get(entity)).cloned().map(Cow::Owned),
        name: Cow::Borrowed(&rival.name),
        score: rival.score,
    };
    RecordWhy {
        rule: why.rule,
        score: why.score,
        like: why.like.as_deref().map(Cow::Borrowed),
        because: why.because.clone(),
        runner_up: why.runner_up.as_ref().map(rival),
    }
}

fn mentions<'a>(
    annotated: &'a AnnotatedDocument,
    ids: &[String],
    unit: OffsetUnit,
) -> Result<Vec<RecordMention<'a>>, RecordError> {
    let document = &annotated.document;
    let offsets = OffsetMap::new(&document.text, unit);
    let mention =
        |(index, (mention, owner)): (usize, (&'a Mention, Option<usize>))| -> Result<RecordMention<'a>, RecordError> {
            let span = mention.span;
            let place = || {
                let text = document.text.get(span.start..span.end)?;
                Some((offsets.from_byte(span.start)?, offsets.from_byte(span.end)?, text))
            };
            let (start, end, text) =
                place().ok_or_else(|| RecordError::ForeignSpan { id: document.id.clone(), span })?;
            let corpus_id = owner.and_then(|owner| annotated.entities.get(owner)?.corpus_id.as_deref());
            Ok(RecordMention {
                start,
                end,
                text: Cow::Borrowed(text),
                entity_type: mention.entity_type,
                score: rounded(mention.score),
                entity: owner.and_then(|owner| ids.get(owner)).cloned().map(Cow::Owned),
                corpus_id: corpus_id.map(Cow::Borrowed),
                why: annotated.why(index).map(|why| why_object(why, ids)),
            })
        };
    annotated.mentions.iter().zip(annotated.owners()).enumerate().map(mention).collect()
}

/// A score with four decimals: more would be noise, and would differ from one processor to the next.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}
