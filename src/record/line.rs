//! A record whose line is written again with corpus entities. Everything else on it, known or not, stays as it was, byte for
//! byte but for white space.

use super::{CorpusLink, Record, RecordError};
use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use std::fmt;

/// The name of the field that is added to entities and mentions.
const CORPUS_ID: &str = "corpus_id";

/// The name of the field that is added to entities besides.
const CORPUS_NAME: &str = "corpus_name";

/// A line with a record.
#[derive(Debug)]
pub struct RecordLine {
    record: Record<'static>,
    fields: Fields,
    entities: Vec<Fields>,
    mentions: Vec<Fields>,
    /// For each mention, the number of its entity.
    owners: Vec<Option<usize>>,
}

impl RecordLine {
    /// Reads a line.
    ///
    /// # Errors
    /// As [`Record::parse`].
    pub fn parse(line: &str) -> Result<Self, RecordError> {
        let record = Record::parse(line)?;
        let fields: Fields = serde_json::from_str(line)?;
        let list = |name: &str| -> Result<Vec<Fields>, RecordError> {
            Ok(fields.get(name).map_or_else(|| Ok(Vec::new()), |value| serde_json::from_str(value.get()))?)
        };
        let (entities, mentions) = (list("entities")?, list("mentions")?);
        let owners = record.owners()?;
        Ok(Self { record: record.into_owned(), fields, entities, mentions, owners })
    }

    /// What the line says.
    #[must_use]
    pub const fn record(&self) -> &Record<'static> {
        &self.record
    }

    /// Gives the document another id.
    ///
    /// # Errors
    /// None that a string can cause; JSON libraries cannot know that.
    pub fn set_id(&mut self, id: &str) -> Result<(), RecordError> {
        self.record.id = id.to_owned().into();
        for (_, value) in self.fields.0.iter_mut().filter(|(name, _)| name == "id") {
            *value = serde_json::value::to_raw_value(id)?;
        }
        Ok(())
    }

    /// The line with the corpus entity of each entity, given in their order, and of each mention; an entity that was not
    /// linked gets none, nor does a mention without an entity.
    ///
    /// # Errors
    /// None that a line which was read can cause; JSON libraries cannot know that.
    pub fn with_corpus_links(&self, links: &[Option<CorpusLink>]) -> Result<String, RecordError> {
        let link_of = |number: usize| links.get(number)?.as_ref();
        let entities: Vec<WithLink<'_>> = (self.entities.iter().enumerate())
            .map(|(number, fields)| WithLink { fields, link: link_of(number), named: true })
            .collect();
        let mentions: Vec<WithLink<'_>> = (self.mentions.iter().zip(&self.owners))
            .map(|(fields, owner)| WithLink { fields, link: owner.and_then(link_of), named: false })
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

/// An object with its corpus entity; former ones give way.
struct WithLink<'a> {
    fields: &'a Fields,
    link: Option<&'a CorpusLink>,
    named: bool,
}

impl Serialize for WithLink<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.fields.0.iter().filter(|(name, _)| name != CORPUS_ID && name != CORPUS_NAME) {
            map.serialize_entry(name, value)?;
        }
        map.serialize_entry(CORPUS_ID, &self.link.map(|link| &link.id))?;
        if let Some(link) = self.link.filter(|_| self.named) {
            map.serialize_entry(CORPUS_NAME, &link.name)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = r#"{"schema":"namesake/1","id":"a","zeta":1.50,"entities":[{"id":"a#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Holt","count":2}],"mentions":[0]}],"mentions":[{"start":0,"end":4,"text":"Holt","type":"PER","score":0.9,"entity":"a#1"},{"start":9,"end":12,"type":"LOC","entity":null}]}"#;

    fn link(id: &str) -> CorpusLink {
        CorpusLink { id: id.to_owned(), name: "Petra Holt".to_owned() }
    }

    #[test]
    fn only_the_corpus_entities_are_added() {
        let line = RecordLine::parse(LINE).unwrap();
        assert_eq!(line.record().entities[0].aliases[0].text, "Holt");
        let written = line.with_corpus_links(&[Some(link("E000003"))]).unwrap();
        let expected = LINE
            .replace(r#""mentions":[0]}"#, r#""mentions":[0],"corpus_id":"E000003","corpus_name":"Petra Holt"}"#)
            .replace(r#""entity":"a#1"}"#, r#""entity":"a#1","corpus_id":"E000003"}"#)
            .replace(r#""entity":null}"#, r#""entity":null,"corpus_id":null}"#);
        assert_eq!(written, expected);
        // Linking the result again replaces the ids.
        let again = RecordLine::parse(&written).unwrap().with_corpus_links(&[Some(link("E000004"))]).unwrap();
        assert_eq!(again, expected.replace("E000003", "E000004"));
    }

    #[test]
    fn what_is_not_linked_gets_no_id() {
        let monday = r#"{"id":"a#0","name":"Monday","type":"DATE","aliases":[]}"#;
        let line = RecordLine::parse(&LINE.replacen("[{", &format!("[{monday},{{"), 1)).unwrap();
        let written = line.with_corpus_links(&[None, Some(link("E000003"))]).unwrap();
        assert!(
            written.contains(r#""aliases":[],"corpus_id":null}"#)
                && written.contains(r#""mentions":[0],"corpus_id":"E000003","corpus_name":"Petra Holt"}"#)
        );
    }

    #[test]
    fn a_bad_line_says_what_is_wrong() {
        let message = |line: &str| RecordLine::parse(line).unwrap_err().to_string();
        assert!(message("[]").starts_with("not a document with entities"));
        assert!(message(r#"{"entities":[]}"#).contains("missing field `id`"));
        assert!(message(r#"{"id":"a"}"#).contains("missing field `entities`"));
        assert!(message(&LINE.replace(r#""entity":"a#1""#, r#""entity":"b""#)).contains("entity 'b'"));
    }
}
