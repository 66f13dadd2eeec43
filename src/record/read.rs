//! Records from JSON, and annotated documents from records.

use super::{Record, RecordCandidate, RecordEntity, RecordError, RecordRelation, RecordRival, RecordWhy, SCHEMA};
use crate::annotation::AnnotatedDocument;
use crate::document::{Document, OffsetMap, OffsetUnit, Span};
use crate::entity::{Alias, Entity, KnowledgeCandidate, Relation, RelationTarget};
use crate::mention::Mention;
use crate::why::{Rival, Why};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

impl<'a> Record<'a> {
    /// Reads a record from its JSON.
    ///
    /// # Errors
    /// If it is no record of this version, two of its entities share an id, or a mention names an entity that is not there.
    pub fn parse(json: &'a str) -> Result<Self, RecordError> {
        let record = Self::parse_loosely(json)?;
        record.owners()?;
        Ok(record)
    }

    /// The same without a look at the entities that mentions name: for annotations of any origin, which
    /// [`into_annotated`](Self::into_annotated) takes as they are.
    pub(crate) fn parse_loosely(json: &'a str) -> Result<Self, RecordError> {
        let record: Self = serde_json::from_str(json)?;
        if record.schema != SCHEMA {
            return Err(RecordError::Schema(record.schema.into_owned()));
        }
        Ok(record)
    }

    /// For each mention, the index of its entity.
    ///
    /// # Errors
    /// If two entities share an id, or a mention names an entity that is not there.
    pub fn owners(&self) -> Result<Vec<Option<usize>>, RecordError> {
        let mut numbers: HashMap<&str, usize> = HashMap::with_capacity(self.entities.len());
        for (number, entity) in self.entities.iter().enumerate() {
            if numbers.insert(&entity.id, number).is_some() {
                return Err(RecordError::RepeatedId(entity.id.to_string()));
            }
        }
        let owner = |id: &str| numbers.get(id).copied().ok_or_else(|| RecordError::UnknownEntity(id.to_owned()));
        self.mentions.iter().map(|mention| mention.entity.as_deref().map(owner).transpose()).collect()
    }

    /// The relations of each entity, by the index of the other.
    pub(crate) fn relations(&self) -> Vec<Vec<Relation>> {
        relations(&self.entities)
    }

    fn add_missing_entities(&mut self) {
        let mut known: HashSet<Cow<'a, str>> = self.entities.iter().map(|entity| entity.id.clone()).collect();
        for mention in &self.mentions {
            if let Some(id) = mention.entity.as_ref().filter(|id| known.insert((*id).clone())) {
                self.entities.push(RecordEntity {
                    id: id.clone(),
                    name: Cow::Borrowed(""),
                    entity_type: mention.entity_type,
                    score: mention.score,
                    knowledge_id: None,
                    knowledge_candidates: Vec::new(),
                    aliases: Vec::new(),
                    mentions: Cow::Borrowed(&[]),
                    corpus_id: mention.corpus_id.clone(),
                    corpus_name: None,
                    relations: Vec::new(),
                });
            }
        }
    }

    /// Turns offsets into code points.
    ///
    /// # Errors
    /// If they count another unit and the text is not there, or a mention does not lie in the text.
    pub fn with_code_points(mut self) -> Result<Self, RecordError> {
        let points = Points::new(self.text.as_deref(), self.offsets)?;
        for mention in &mut self.mentions {
            (mention.start, mention.end) = points.of(mention.start, mention.end)?;
        }
        drop(points);
        self.offsets = OffsetUnit::Char;
        Ok(self)
    }

    /// The document, where the text is not needed: without one, spans keep the unit of the record
    /// ([`Extras::unplaced`](crate::annotation::Extras::unplaced)). A mention whose entity is not among the record's makes
    /// one of that id.
    ///
    /// # Errors
    /// If two entities share an id, or a mention does not lie in the text.
    pub fn into_annotated(mut self) -> Result<AnnotatedDocument, RecordError> {
        self.add_missing_entities();
        let owners = self.owners()?;
        let (unit, text) = (self.offsets, self.text.map(Cow::into_owned));
        let mut annotated = AnnotatedDocument::new(Document {
            id: self.id.into_owned(),
            metadata: self.metadata.into_owned(),
            ..Document::default()
        });
        let mut members: Vec<Vec<usize>> = vec![Vec::new(); self.entities.len()];
        for (index, (mention, owner)) in self.mentions.iter().zip(owners).enumerate() {
            #[expect(clippy::cast_possible_truncation, reason = "four decimals of a value between 0 and 1")]
            let score = mention.score as f32;
            let span = Span::new(mention.start, mention.end);
            annotated.mentions.push(Mention { span, entity_type: mention.entity_type, score });
            if let Some(slot) = owner.and_then(|owner| members.get_mut(owner)) {
                slot.push(index);
            }
        }
        let relations = relations(&self.entities);
        let explained = self.mentions.iter().any(|mention| mention.why.is_some());
        let ids = self.entities.iter().enumerate().filter(|_| explained);
        let numbers: HashMap<String, usize> = ids.map(|(number, entity)| (entity.id.to_string(), number)).collect();
        for (index, mention) in self.mentions.into_iter().enumerate() {
            if let Some(why) = mention.why {
                annotated.mark_mut(index).why = Some(Box::new(why.into_why(&numbers)));
            }
        }
        let parts = self.entities.into_iter().zip(members).zip(relations);
        for (number, ((entity, mentions), relations)) in parts.enumerate() {
            let derived = annotated.entity_id(number);
            annotated.entities.push(entity.into_entity(mentions, relations, &derived));
        }
        let Some(text) = text else {
            annotated.extras_mut().unplaced = Some(unit);
            return Ok(annotated);
        };
        let placed = annotated.convert_spans(&text, unit);
        placed.map_err(|span| RecordError::Span { start: span.start, end: span.end })?;
        annotated.document.text = text;
        Ok(annotated)
    }
}

impl RecordCandidate<'_> {
    fn into_candidate(self) -> KnowledgeCandidate {
        #[expect(clippy::cast_possible_truncation, reason = "four decimals of a value between 0 and 1")]
        let probability = self.probability as f32;
        KnowledgeCandidate { id: self.id.into_owned(), name: self.name.into_owned(), probability }
    }
}

/// The relations of each entity, by the index of the other; one to an entity that is not there is left out.
fn relations(entities: &[RecordEntity<'_>]) -> Vec<Vec<Relation>> {
    if entities.iter().all(|entity| entity.relations.is_empty()) {
        return vec![Vec::new(); entities.len()];
    }
    let numbers: HashMap<&str, usize> =
        entities.iter().enumerate().map(|(number, entity)| (&*entity.id, number)).collect();
    let relation = |relation: &RecordRelation<'_>| {
        let entity = relation.entity.as_deref().and_then(|id| numbers.get(id).copied()).map(RelationTarget::Entity);
        let target = entity.or_else(|| Some(RelationTarget::Name(relation.name.as_deref()?.to_owned())))?;
        Some(Relation { kind: relation.kind, target })
    };
    entities.iter().map(|entity| entity.relations.iter().filter_map(relation).collect()).collect()
}

impl RecordEntity<'_> {
    fn into_entity(self, mentions: Vec<usize>, relations: Vec<Relation>, derived_id: &str) -> Entity {
        #[expect(clippy::cast_possible_truncation, reason = "four decimals of a value between 0 and 1")]
        let score = self.score as f32;
        Entity {
            source_id: (self.id != derived_id).then(|| self.id.into()),
            name: self.name.into_owned(),
            entity_type: self.entity_type,
            score,
            aliases: (self.aliases.into_iter())
                .map(|alias| Alias { text: alias.text.into_owned(), count: alias.count })
                .collect(),
            mentions,
            knowledge_id: self.knowledge_id.map(Cow::into_owned),
            knowledge_candidates: self.knowledge_candidates.into_iter().map(RecordCandidate::into_candidate).collect(),
            corpus_id: self.corpus_id.map(Cow::into_owned),
            corpus_name: self.corpus_name.map(Cow::into_owned),
            relations,
        }
    }
}

impl RecordWhy<'_> {
    fn into_why(self, numbers: &HashMap<String, usize>) -> Why {
        let rival = |rival: RecordRival<'_>| Rival {
            entity: rival.entity.and_then(|id| numbers.get(&*id).copied()),
            name: rival.name.into_owned(),
            score: rival.score,
        };
        Why {
            rule: self.rule,
            score: self.score,
            like: self.like.map(Cow::into_owned),
            because: self.because,
            runner_up: self.runner_up.map(rival),
        }
    }
}

impl TryFrom<Record<'_>> for AnnotatedDocument {
    type Error = RecordError;

    /// # Errors
    /// If the record holds no text, or a mention does not lie in it.
    fn try_from(record: Record<'_>) -> Result<Self, RecordError> {
        if record.text.is_none() {
            return Err(RecordError::NoText(record.id.into_owned()));
        }
        record.into_annotated()
    }
}

/// From offsets as they were given to code points.
enum Points<'a> {
    /// They are code points; the number of those in the text, if it is there.
    Same(Option<usize>),
    Converted {
        given: OffsetMap<'a>,
        code_points: OffsetMap<'a>,
    },
}

impl<'a> Points<'a> {
    fn new(text: Option<&'a str>, unit: OffsetUnit) -> Result<Self, RecordError> {
        match (unit, text) {
            (OffsetUnit::Char, text) => Ok(Self::Same(text.map(|text| text.chars().count()))),
            (unit, Some(text)) => Ok(Self::Converted {
                given: OffsetMap::new(text, unit),
                code_points: OffsetMap::new(text, OffsetUnit::Char),
            }),
            (OffsetUnit::Byte, None) => Err(RecordError::OffsetUnit("bytes")),
            (OffsetUnit::Utf16, None) => Err(RecordError::OffsetUnit("UTF-16 code units")),
        }
    }

    fn of(&self, start: usize, end: usize) -> Result<(usize, usize), RecordError> {
        let converted = match self {
            Self::Same(length) => length.is_none_or(|length| end <= length).then_some((start, end)),
            Self::Converted { given, code_points } => {
                let convert = |offset| given.to_byte(offset).and_then(|byte| code_points.from_byte(byte));
                convert(start).zip(convert(end))
            }
        };
        converted.filter(|(start, end)| start < end).ok_or(RecordError::Span { start, end })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"schema":"namesake/1","id":"a","offsets":"byte","text":"é Petra Holt","entities":[{"id":"a#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[0],"corpus_id":"E000003"}],"mentions":[{"start":3,"end":13,"text":"Petra Holt","type":"PER","score":0.9,"entity":"a#1","corpus_id":"E000003"}]}"#;

    #[test]
    fn offsets_become_code_points() {
        let record = Record::parse(LINE).unwrap().with_code_points().unwrap();
        assert_eq!((record.mentions[0].start, record.mentions[0].end), (2, 12));
    }

    #[test]
    fn a_bad_record_says_what_is_wrong() {
        let message = |line: &str| {
            let read = Record::parse(line).and_then(Record::with_code_points);
            read.map_or_else(|error| error.to_string(), |_| String::new())
        };
        assert!(message("[]").starts_with("not a document with entities"));
        assert!(message(r#"{"id":"a"}"#).contains("missing field `entities`"));
        assert!(message(&LINE.replace("namesake/1", "namesake/2")).starts_with("schema 'namesake/2' is not"));
        assert!(message(&LINE.replace("\"end\":13", "\"end\":14")).starts_with("a mention from 3 to 14"));
        assert!(message(&LINE.replace("\"start\":3", "\"start\":1")).starts_with("a mention from 1 to 13"));
        assert!(message(&LINE.replace("\"start\":3", "\"start\":13")).starts_with("a mention from 13 to 13"));
        assert!(message(&LINE.replace("\"entity\":\"a#1\"", "\"entity\":\"b\"")).contains("entity 'b'"));
        assert!(message(&LINE.replace("\"text\":\"é Petra Holt\",", "")).starts_with("offsets count bytes"));
    }

    #[test]
    fn without_text_a_document_keeps_its_unit() {
        let line = LINE.replace("\"text\":\"é Petra Holt\",", "");
        let record = Record::parse(&line).unwrap();
        assert!(matches!(AnnotatedDocument::try_from(record.clone()), Err(RecordError::NoText(_))));
        let mut annotated = record.into_annotated().unwrap();
        assert!(!annotated.has_text());
        annotated.place("é Petra Holt".to_owned()).unwrap();
        assert_eq!(annotated, AnnotatedDocument::try_from(Record::parse(LINE).unwrap()).unwrap());
    }
}
