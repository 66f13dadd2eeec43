//! JSON Lines: one object a document, the stable interface for programs. `docs/output.md` promises what stands here.

use super::{DocumentWriter, OutputError, OutputOptions};
use crate::document::{Metadata, OffsetMap, OffsetUnit};
use crate::entity::AnnotatedDocument;
use crate::entity_type::EntityType;
use serde::Serialize;
use std::io::Write;

/// Name and major version of the schema; a change that breaks readers raises the number.
const SCHEMA: &str = "namesake/1";

/// Writes a line a document.
#[derive(Debug)]
pub(super) struct JsonlWriter {
    offset_unit: OffsetUnit,
    text: bool,
}

impl JsonlWriter {
    pub(super) const fn new(options: &OutputOptions) -> Self {
        Self { offset_unit: options.offset_unit, text: options.text }
    }
}

#[derive(Serialize)]
struct DocumentLine<'a> {
    schema: &'static str,
    id: &'a str,
    offsets: OffsetUnit,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'a str>,
    #[serde(skip_serializing_if = "Metadata::is_empty")]
    metadata: &'a Metadata,
    entities: Vec<EntityObject<'a>>,
    mentions: Vec<MentionObject<'a>>,
}

#[derive(Serialize)]
struct EntityObject<'a> {
    id: &'a str,
    name: &'a str,
    #[serde(rename = "type")]
    entity_type: EntityType,
    score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    knowledge_id: Option<&'a str>,
    aliases: Vec<AliasObject<'a>>,
    mentions: &'a [usize],
    #[serde(skip_serializing_if = "Option::is_none")]
    corpus_id: Option<&'a str>,
}

#[derive(Serialize)]
struct AliasObject<'a> {
    text: &'a str,
    count: usize,
}

#[derive(Serialize)]
struct MentionObject<'a> {
    start: usize,
    end: usize,
    text: &'a str,
    #[serde(rename = "type")]
    entity_type: EntityType,
    score: f64,
    entity: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    corpus_id: Option<&'a str>,
}

impl DocumentWriter for JsonlWriter {
    fn document(&mut self, annotated: &AnnotatedDocument, out: &mut dyn Write) -> Result<(), OutputError> {
        let document = &annotated.document;
        let ids: Vec<String> = (0..annotated.entities.len()).map(|index| annotated.entity_id(index)).collect();
        let line = DocumentLine {
            schema: SCHEMA,
            id: &document.id,
            offsets: self.offset_unit,
            text: self.text.then_some(&document.text),
            metadata: &document.metadata,
            entities: entities(annotated, &ids),
            mentions: mentions(annotated, &ids, self.offset_unit)?,
        };
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

fn entities<'a>(annotated: &'a AnnotatedDocument, ids: &'a [String]) -> Vec<EntityObject<'a>> {
    let object = |(entity, id): (&'a crate::entity::Entity, &'a String)| EntityObject {
        id,
        name: &entity.name,
        entity_type: entity.entity_type,
        score: rounded(entity.score),
        knowledge_id: entity.knowledge_id.as_deref(),
        aliases: entity.aliases.iter().map(|alias| AliasObject { text: &alias.text, count: alias.count }).collect(),
        mentions: &entity.mentions,
        corpus_id: entity.corpus_id.as_deref(),
    };
    annotated.entities.iter().zip(ids).map(object).collect()
}

fn mentions<'a>(
    annotated: &'a AnnotatedDocument,
    ids: &'a [String],
    unit: OffsetUnit,
) -> Result<Vec<MentionObject<'a>>, OutputError> {
    let document = &annotated.document;
    let offsets = OffsetMap::new(&document.text, unit);
    let owners = annotated.entity_of_mention();
    let object = |(mention, owner): (&'a crate::mention::Mention, usize)| {
        let span = mention.span;
        let place = || {
            let text = document.text.get(span.start..span.end)?;
            Some((offsets.from_byte(span.start)?, offsets.from_byte(span.end)?, text))
        };
        let (start, end, text) = place().ok_or_else(|| OutputError::Span { id: document.id.clone(), span })?;
        Ok(MentionObject {
            start,
            end,
            text,
            entity_type: mention.entity_type,
            score: rounded(mention.score),
            entity: ids.get(owner).map(String::as_str),
            corpus_id: annotated.entities.get(owner).and_then(|entity| entity.corpus_id.as_deref()),
        })
    };
    annotated.mentions.iter().zip(owners).map(object).collect()
}

/// A score with four decimals: more would be noise, and would differ from one processor to the next.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 1e4).round() / 1e4
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn line(annotated: &AnnotatedDocument, options: &OutputOptions) -> String {
        let mut bytes = Vec::new();
        JsonlWriter::new(options).document(annotated, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn shared_surname() {
        insta::assert_snapshot!(line(&samples::shared_surname(), &OutputOptions::new()));
    }

    #[test]
    fn hostile_with_text_and_utf16_offsets() {
        let options = OutputOptions::new().with_text(true).with_offset_unit(OffsetUnit::Utf16);
        insta::assert_snapshot!(line(&samples::hostile(), &options));
    }

    #[test]
    fn a_foreign_span_is_an_error_that_names_the_document() {
        let mut annotated = samples::shared_surname();
        annotated.mentions[0].span.end = 100_000;
        let error = JsonlWriter::new(&OutputOptions::new()).document(&annotated, &mut Vec::new()).unwrap_err();
        assert!(error.to_string().starts_with("document 'rivals': a mention at bytes 0..100000 does not fit"));
    }

    #[test]
    fn the_schema_file_names_exactly_the_fields_that_are_written() {
        let schema: Value = serde_json::from_str(include_str!("../../docs/output.schema.json")).unwrap();
        let written: Value =
            serde_json::from_str(&line(&samples::hostile(), &OutputOptions::new().with_text(true))).unwrap();
        let names =
            |object: &Value| object.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names(&schema["properties"]), names(&written));
        let definitions = &schema["$defs"];
        assert_eq!(names(&definitions["mention"]["properties"]), names(&written["mentions"][0]));
        assert_eq!(names(&definitions["alias"]["properties"]), names(&written["entities"][0]["aliases"][0]));
        assert_eq!(names(&definitions["entity"]["properties"]), names(&written["entities"][0]));
        assert_eq!(schema["properties"]["schema"]["const"], SCHEMA);
    }

    proptest! {
        #[test]
        fn offsets_slice_to_the_mention_in_every_unit(annotated in samples::any_document()) {
            for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
                let options = OutputOptions::new().with_text(true).with_offset_unit(unit);
                let written: Value = serde_json::from_str(&line(&annotated, &options)).unwrap();
                let text = written["text"].as_str().unwrap();
                prop_assert_eq!(text, &annotated.document.text);
                let mentions = written["mentions"].as_array().unwrap();
                prop_assert_eq!(mentions.len(), annotated.mentions.len());
                for (mention, original) in mentions.iter().zip(&annotated.mentions) {
                    let start = usize::try_from(mention["start"].as_u64().unwrap()).unwrap();
                    let end = usize::try_from(mention["end"].as_u64().unwrap()).unwrap();
                    let slice = match unit {
                        OffsetUnit::Char => text.chars().skip(start).take(end - start).collect(),
                        OffsetUnit::Byte => text[start..end].to_owned(),
                        OffsetUnit::Utf16 => {
                            String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap()
                        }
                    };
                    prop_assert_eq!(&slice, mention["text"].as_str().unwrap());
                    prop_assert_eq!(slice, original.span.of(text));
                }
                for entity in written["entities"].as_array().unwrap() {
                    for index in entity["mentions"].as_array().unwrap() {
                        let mention = &mentions[usize::try_from(index.as_u64().unwrap()).unwrap()];
                        prop_assert_eq!(&mention["entity"], &entity["id"]);
                    }
                }
            }
        }
    }
}
