//! A line of the JSONL that `extract` and `resolve` write, read for linking and written again with corpus ids. Everything
//! else on it, known or not, stays as it was, byte for byte but for white space.

use super::document::{DocumentEntities, DocumentEntity, Linked};
use super::error::LineError;
use crate::entity::Alias;
use crate::entity_type::EntityType;
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::collections::HashMap;
use std::fmt;

/// The name of the field that is added to entities and mentions.
const CORPUS_ID: &str = "corpus_id";

/// A line with a document and its entities.
#[derive(Debug)]
pub struct EntityLine {
    fields: Fields,
    entities: Vec<Fields>,
    mentions: Vec<Fields>,
    /// For each mention, the number of its entity.
    owners: Vec<Option<usize>>,
    document: DocumentEntities,
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
}

#[derive(Deserialize)]
struct AliasObject {
    text: String,
    count: usize,
}

#[derive(Deserialize)]
struct MentionObject {
    #[serde(default)]
    entity: Option<String>,
}

impl EntityLine {
    /// Reads a line.
    ///
    /// # Errors
    /// If it is no JSON object with the fields `id`, `entities` and `mentions` of `docs/output.md`.
    pub fn parse(line: &str) -> Result<Self, LineError> {
        let fields: Fields = serde_json::from_str(line)?;
        let field = |name| fields.get(name).ok_or(LineError::MissingField(name));
        let id: String = serde_json::from_str(field("id")?.get())?;
        let objects = field("entities")?.get();
        let entities: Vec<Fields> = serde_json::from_str(objects)?;
        let mut numbers = HashMap::new();
        let mut document = DocumentEntities::new(id, []);
        for (number, entity) in serde_json::from_str::<Vec<EntityObject>>(objects)?.into_iter().enumerate() {
            let entity_type = EntityType::known(&entity.label).ok_or(LineError::EntityType(entity.label))?;
            if numbers.contains_key(&entity.id) {
                return Err(LineError::RepeatedId(entity.id));
            }
            numbers.insert(entity.id, number);
            let mut aliases: Vec<Alias> =
                entity.aliases.into_iter().map(|AliasObject { text, count }| Alias { text, count }).collect();
            if aliases.is_empty() {
                aliases.push(Alias { text: entity.name.clone(), count: 1 });
            }
            document.entities.push(DocumentEntity {
                name: entity.name,
                entity_type,
                aliases,
                knowledge_id: entity.knowledge_id,
            });
        }
        let (mut mentions, mut owners) = (Vec::new(), Vec::new());
        if let Some(objects) = fields.get("mentions") {
            mentions = serde_json::from_str(objects.get())?;
            for mention in serde_json::from_str::<Vec<MentionObject>>(objects.get())? {
                owners.push(match mention.entity {
                    Some(id) => Some(*numbers.get(&id).ok_or(LineError::UnknownEntity(id))?),
                    None => None,
                });
            }
        }
        Ok(Self { fields, entities, mentions, owners, document })
    }

    /// The document's entities.
    #[must_use]
    pub const fn document(&self) -> &DocumentEntities {
        &self.document
    }

    /// The line with the corpus id of each entity and each mention; a mention without an entity gets none.
    ///
    /// # Errors
    /// None that a line which was read can cause; JSON libraries cannot know that.
    pub fn with_links(&self, links: &[Linked]) -> Result<String, LineError> {
        let id_of = |number: usize| links.get(number).map(|linked| linked.corpus_id.to_string());
        let entities: Vec<WithId<'_>> =
            (self.entities.iter().enumerate()).map(|(number, fields)| WithId { fields, id: id_of(number) }).collect();
        let mentions: Vec<WithId<'_>> = (self.mentions.iter().zip(&self.owners))
            .map(|(fields, owner)| WithId { fields, id: owner.and_then(id_of) })
            .collect();
        let mut changed = Vec::with_capacity(self.fields.0.len());
        for (name, value) in &self.fields.0 {
            let value = match name.as_str() {
                "entities" => serde_json::value::to_raw_value(&entities)?,
                "mentions" => serde_json::value::to_raw_value(&mentions)?,
                _ => value.clone(),
            };
            changed.push((name.clone(), value));
        }
        Ok(serde_json::to_string(&Fields(changed))?)
    }
}

/// The fields of a JSON object in their order, values as they were written.
#[derive(Debug)]
struct Fields(Vec<(String, Box<RawValue>)>);

impl Fields {
    fn get(&self, name: &str) -> Option<&RawValue> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }
}

impl<'de> Deserialize<'de> for Fields {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FieldsVisitor;
        impl<'de> Visitor<'de> for FieldsVisitor {
            type Value = Fields;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(FieldsVisitor)
    }
}

impl Serialize for Fields {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

/// An object with one field more; a former corpus id gives way.
struct WithId<'a> {
    fields: &'a Fields,
    id: Option<String>,
}

impl Serialize for WithId<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.fields.0.iter().filter(|(name, _)| name != CORPUS_ID) {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry(CORPUS_ID, &self.id)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::corpus::CorpusId;

    const LINE: &str = r#"{"schema":"namesake/1","id":"a","zeta":1.50,"entities":[{"id":"a#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Holt","count":2}],"mentions":[0]}],"mentions":[{"start":0,"end":4,"text":"Holt","type":"PER","score":0.9,"entity":"a#1"},{"start":9,"end":12,"entity":null}]}"#;

    #[test]
    fn only_the_ids_are_added() {
        let line = EntityLine::parse(LINE).unwrap();
        assert_eq!(line.document().entities[0].aliases, [Alias { text: "Holt".into(), count: 2 }]);
        let linked = Linked { corpus_id: CorpusId(3), reason: "new".into(), score: 1.0 };
        let written = line.with_links(&[linked]).unwrap();
        let expected = LINE
            .replace(r#""mentions":[0]}"#, r#""mentions":[0],"corpus_id":"E000003"}"#)
            .replace(r#""entity":"a#1"}"#, r#""entity":"a#1","corpus_id":"E000003"}"#)
            .replace(r#""entity":null}"#, r#""entity":null,"corpus_id":null}"#);
        assert_eq!(written, expected);
        // Linking the result again replaces the ids.
        let linked = Linked { corpus_id: CorpusId(4), reason: "new".into(), score: 1.0 };
        let again = EntityLine::parse(&written).unwrap().with_links(&[linked]).unwrap();
        assert_eq!(again, expected.replace("E000003", "E000004"));
    }

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        let message = |line: &str| EntityLine::parse(line).unwrap_err().to_string();
        assert!(message("[]").starts_with("not a document with entities"));
        assert!(message(r#"{"entities":[]}"#).starts_with("no field `id`"));
        assert!(message(r#"{"id":"a"}"#).starts_with("no field `entities`"));
        assert_eq!(message(&LINE.replacen("PER", "DOG", 1)), "entity type 'DOG' is none of PER, ORG, LOC, MISC");
        assert!(message(&LINE.replace(r#""entity":"a#1""#, r#""entity":"b""#)).contains("entity 'b'"));
    }
}
