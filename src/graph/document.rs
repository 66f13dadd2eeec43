//! What a graph takes from a document: its entities, and where they are mentioned.

use super::error::GraphError;
use super::iri::entity_path;
use crate::document::{OffsetMap, OffsetUnit};
use crate::entity::Alias;
use crate::entity_type::EntityType;
use serde::Deserialize;
use std::collections::HashMap;

/// A document with its entities.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphDocument {
    /// Identifier, unique within a graph.
    pub id: String,
    /// Its text, where the source has it.
    pub text: Option<String>,
    /// Fields of the source, as given.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Its entities.
    pub entities: Vec<GraphEntity>,
    /// Places in the text that name them; none where the source does not have them.
    pub mentions: Vec<GraphMention>,
}

/// An entity of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEntity {
    /// Identifier within the document.
    pub id: String,
    /// Identifier in the corpus, which entities of several documents share.
    pub corpus_id: Option<String>,
    /// Name by which the document knows it.
    pub name: String,
    /// Type.
    pub entity_type: EntityType,
    /// Surface forms with the number of mentions.
    pub aliases: Vec<Alias>,
    /// Entry in a knowledge base.
    pub knowledge_id: Option<String>,
}

/// A place in the text that names an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphMention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The text between them.
    pub text: String,
    /// Type.
    pub entity_type: EntityType,
    /// How sure the tagger is, 0 to 1.
    pub score: f64,
    /// Index of the entity.
    pub entity: Option<usize>,
}

impl GraphDocument {
    /// Reads a line of the schema `namesake/1`, as `extract`, `resolve` and `link` write it.
    ///
    /// # Errors
    /// If it is no such line, or counts offsets in another unit than code points and does not hold the text.
    pub fn parse(line: &str) -> Result<Self, GraphError> {
        let line: Line = serde_json::from_str(line)?;
        if let Some(schema) = line.schema.filter(|schema| schema != "namesake/1") {
            return Err(GraphError::Schema(schema));
        }
        let mut numbers = HashMap::new();
        let mut entities = Vec::with_capacity(line.entities.len());
        for (number, entity) in line.entities.into_iter().enumerate() {
            if numbers.insert(entity.id.clone(), number).is_some() {
                return Err(GraphError::RepeatedId(entity.id));
            }
            entities.push(GraphEntity {
                entity_type: type_of(entity.label)?,
                aliases: entity.aliases.into_iter().map(|AliasObject { text, count }| Alias { text, count }).collect(),
                id: entity.id,
                corpus_id: entity.corpus_id,
                name: entity.name,
                knowledge_id: entity.knowledge_id,
            });
        }
        let places = Places::new(line.text.as_deref(), line.offsets)?;
        let mut mentions = Vec::with_capacity(line.mentions.len());
        for mention in line.mentions {
            let entity = match mention.entity {
                Some(id) => Some(*numbers.get(&id).ok_or(GraphError::UnknownEntity(id))?),
                None => None,
            };
            let (start, end) = places.code_points(mention.start, mention.end)?;
            let entity_type = type_of(mention.label)?;
            mentions.push(GraphMention { start, end, text: mention.text, entity_type, score: mention.score, entity });
        }
        Ok(Self { id: line.id, text: line.text, metadata: line.metadata, entities, mentions })
    }

    /// The path of each entity; those of one corpus entity share it.
    pub(super) fn entity_paths(&self) -> Vec<String> {
        self.entities.iter().map(|entity| entity_path(&self.id, &entity.id, entity.corpus_id.as_deref())).collect()
    }
}

fn type_of(label: String) -> Result<EntityType, GraphError> {
    EntityType::known(&label).ok_or(GraphError::EntityType(label))
}

/// From offsets as they were given to code points.
enum Places<'a> {
    /// They are code points; the number of those in the text, if it is there.
    CodePoints(Option<usize>),
    Converted {
        given: OffsetMap<'a>,
        code_points: OffsetMap<'a>,
    },
}

impl<'a> Places<'a> {
    fn new(text: Option<&'a str>, unit: OffsetUnit) -> Result<Self, GraphError> {
        match (unit, text) {
            (OffsetUnit::Char, text) => Ok(Self::CodePoints(text.map(|text| text.chars().count()))),
            (unit, Some(text)) => Ok(Self::Converted {
                given: OffsetMap::new(text, unit),
                code_points: OffsetMap::new(text, OffsetUnit::Char),
            }),
            (OffsetUnit::Byte, None) => Err(GraphError::OffsetUnit("bytes")),
            (OffsetUnit::Utf16, None) => Err(GraphError::OffsetUnit("UTF-16 code units")),
        }
    }

    fn code_points(&self, start: usize, end: usize) -> Result<(usize, usize), GraphError> {
        let converted = match self {
            Self::CodePoints(length) => length.is_none_or(|length| end <= length).then_some((start, end)),
            Self::Converted { given, code_points } => {
                let convert = |offset| given.to_byte(offset).and_then(|byte| code_points.from_byte(byte));
                convert(start).zip(convert(end))
            }
        };
        converted.filter(|(start, end)| start < end).ok_or(GraphError::Span { start, end })
    }
}

#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    schema: Option<String>,
    id: String,
    #[serde(default)]
    offsets: OffsetUnit,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    metadata: serde_json::Map<String, serde_json::Value>,
    entities: Vec<EntityObject>,
    #[serde(default)]
    mentions: Vec<MentionObject>,
}

#[derive(Deserialize)]
struct EntityObject {
    id: String,
    name: String,
    #[serde(rename = "type")]
    label: String,
    #[serde(default)]
    aliases: Vec<AliasObject>,
    #[serde(default)]
    knowledge_id: Option<String>,
    #[serde(default)]
    corpus_id: Option<String>,
}

#[derive(Deserialize)]
struct AliasObject {
    text: String,
    count: usize,
}

#[derive(Deserialize)]
struct MentionObject {
    start: usize,
    end: usize,
    text: String,
    #[serde(rename = "type")]
    label: String,
    score: f64,
    #[serde(default)]
    entity: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"schema":"namesake/1","id":"a","offsets":"byte","text":"é Petra Holt","entities":[{"id":"a#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[0],"corpus_id":"E000003"}],"mentions":[{"start":3,"end":13,"text":"Petra Holt","type":"PER","score":0.9,"entity":"a#1","corpus_id":"E000003"}]}"#;

    #[test]
    fn offsets_become_code_points() {
        let document = GraphDocument::parse(LINE).unwrap();
        assert_eq!((document.mentions[0].start, document.mentions[0].end), (2, 12));
        assert_eq!(document.entity_paths(), ["entity/E000003"]);
    }

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        let message = |line: &str| GraphDocument::parse(line).unwrap_err().to_string();
        assert!(message("[]").starts_with("not a document with entities"));
        assert!(message(r#"{"id":"a"}"#).contains("missing field `entities`"));
        assert!(message(&LINE.replace("namesake/1", "namesake/2")).starts_with("schema 'namesake/2' is not"));
        assert!(message(&LINE.replace("PER", "DOG")).starts_with("entity type 'DOG'"));
        assert!(message(&LINE.replace("\"end\":13", "\"end\":14")).starts_with("a mention from 3 to 14"));
        assert!(message(&LINE.replace("\"start\":3", "\"start\":1")).starts_with("a mention from 1 to 13"));
        assert!(message(&LINE.replace("\"start\":3", "\"start\":13")).starts_with("a mention from 13 to 13"));
        assert!(message(&LINE.replace("\"entity\":\"a#1\"", "\"entity\":\"b\"")).contains("entity 'b'"));
        assert!(message(&LINE.replace("\"text\":\"é Petra Holt\",", "")).starts_with("offsets count bytes"));
    }
}
