//! Our own JSON Lines: a [`Record`] a line, the stable interface for programs.

use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, OutputOptions};
use crate::annotation::AnnotatedDocument;
use crate::document::OffsetUnit;
use crate::entity_type::EntityType;
use crate::record::{Record, RecordOptions};
use std::borrow::Cow;
use std::io::Write;

/// Documents of one source, lazily; those without text keep their unit. `unit` overrides what the records say.
pub(super) fn documents(opened: Opened, unit: Option<OffsetUnit>) -> Annotated {
    Box::new(Lines { opened, unit, line: 0, done: false })
}

struct Lines {
    opened: Opened,
    unit: Option<OffsetUnit>,
    line: u64,
    done: bool,
}

impl Iterator for Lines {
    type Item = Result<(AnnotatedDocument, Option<u64>), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.done {
            self.line += 1;
            match read_line(&mut self.opened.reader, self.opened.limit, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if bytes.trim_ascii().is_empty() => {}
                Ok(true) => {
                    let document = decode(std::mem::take(&mut bytes)).and_then(|line| parse(&line, self.unit));
                    let document = document.map_err(|fault| fault.at_line(&self.opened.name, self.line));
                    return Some(document.map(|document| (document, Some(self.line))));
                }
                Err(fault) => {
                    // Past a long line reading can go on; past damage there is nothing to trust.
                    self.done = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(fault.at_line(&self.opened.name, self.line)));
                }
            }
        }
        None
    }
}

fn parse(line: &str, unit: Option<OffsetUnit>) -> Result<AnnotatedDocument, Fault> {
    let mut record = Record::parse_loosely(line)?;
    record.offsets = unit.unwrap_or(record.offsets);
    let surfaces: Vec<String> = if record.text.is_some() {
        record.mentions.iter().map(|mention| mention.text.to_string()).collect()
    } else {
        Vec::new()
    };
    let document = record.into_annotated()?;
    for (mention, surface) in document.mentions.iter().zip(surfaces) {
        let found = mention.span.of(document.text());
        if found != surface && !surface.is_empty() {
            let (id, span) = (document.id().into(), mention.span);
            let hint = "; are the offsets counted in another unit (--offsets)?";
            return Err(Fault::BadSurface { id, span, expected: surface.into(), found: found.into(), hint });
        }
    }
    Ok(document)
}

/// Writes a line a document. Mentions of the pipeline are as records have them; of those from elsewhere some have no place:
/// those that are skipped, have no type or lie inside another.
#[derive(Debug)]
pub(super) struct NamesakeWriter {
    options: RecordOptions,
}

impl NamesakeWriter {
    pub(super) const fn new(options: &OutputOptions) -> Self {
        Self { options: options.record }
    }
}

impl DocumentWriter for NamesakeWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        losses.add_common(annotated, &[Kept::Entities, Kept::Links, Kept::Scores, Kept::Metadata]);
        let fitting = fitting(annotated, losses);
        let record = Record::of(&fitting, &self.options)?;
        serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

/// The document as records and people can take it: mentions in order, none inside another, each in an entity with a name.
pub(super) fn fitting<'a>(annotated: &'a AnnotatedDocument, losses: &mut Losses) -> Cow<'a, AnnotatedDocument> {
    let owned = annotated.owners().iter().all(Option::is_some);
    let ordered = annotated.mentions.is_sorted_by(|one, next| one.span.end <= next.span.start);
    let named = annotated.entities.iter().all(|entity| !entity.name.is_empty());
    if owned && ordered && named && annotated.extras.is_none() {
        return Cow::Borrowed(annotated);
    }
    let mut fitting = annotated.clone();
    fitting.sort_mentions();
    let before = fitting.mentions.len();
    let skipped: Vec<bool> = (0..before).map(|index| fitting.is_skipped(index)).collect();
    fitting.retain(|index, mention| !skipped[index] && mention.entity_type != EntityType::UNTYPED);
    losses.add("mentions that are skipped or have no type", before - fitting.mentions.len());
    let before = fitting.mentions.len();
    let mut end = 0;
    fitting.retain(|_, mention| {
        let free = mention.span.start >= end;
        end = if free { mention.span.end } else { end };
        free
    });
    losses.add("mentions inside another", before - fitting.mentions.len());
    fitting.complete_entities();
    Cow::Owned(fitting)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::document::OffsetUnit;
    use crate::entity::{KnowledgeCandidate, Relation, RelationKind, RelationTarget};
    use crate::record::SCHEMA;
    use crate::why::{Reason, Rival, Rule, Why};
    use proptest::prelude::*;
    use serde_json::Value;

    fn line(annotated: &AnnotatedDocument, options: &OutputOptions) -> String {
        let mut bytes = Vec::new();
        NamesakeWriter::new(options).document(annotated, &mut bytes, &mut Losses::default()).unwrap();
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
        let mut writer = NamesakeWriter::new(&OutputOptions::new());
        let error = writer.document(&annotated, &mut Vec::new(), &mut Losses::default()).unwrap_err();
        assert!(error.to_string().starts_with("document 'rivals': a mention at bytes 0..100000 does not fit"));
    }

    #[test]
    fn the_schema_file_names_exactly_the_fields_that_are_written() {
        let schema: Value = serde_json::from_str(include_str!("../../docs/output.schema.json")).unwrap();
        let written = line(&explained(), &OutputOptions::new().with_text(true));
        let written: Value = serde_json::from_str(&written).unwrap();
        let names =
            |object: &Value| object.as_object().unwrap().keys().cloned().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(names(&schema["properties"]), names(&written));
        let definitions = &schema["$defs"];
        assert_eq!(names(&definitions["mention"]["properties"]), names(&written["mentions"][0]));
        assert_eq!(names(&definitions["alias"]["properties"]), names(&written["entities"][0]["aliases"][0]));
        assert_eq!(names(&definitions["entity"]["properties"]), names(&written["entities"][0]));
        let relations = &written["entities"][0]["relations"];
        let named: std::collections::BTreeSet<_> = names(&relations[0]).union(&names(&relations[1])).cloned().collect();
        assert_eq!(names(&definitions["relation"]["properties"]), named);
        let (why, defined) = (&written["mentions"][0]["why"], &definitions["why"]["properties"]);
        assert_eq!(names(defined), names(why));
        assert_eq!(names(&defined["runner_up"]["properties"]), names(&why["runner_up"]));
        assert_eq!(names(&defined["because"]["items"]["properties"]), names(&why["because"][0]));
        assert_eq!(schema["properties"]["schema"]["const"], SCHEMA);
    }

    /// A document with relations, a candidate of the world, a name in the corpus, and the reason for a mention.
    fn explained() -> AnnotatedDocument {
        let mut document = samples::hostile();
        document.entities[0].corpus_name = Some("Quilla".to_owned());
        document.entities[0].knowledge_candidates =
            vec![KnowledgeCandidate { id: "org:quilla".to_owned(), name: "Quilla".to_owned(), probability: 0.5 }];
        document.entities[0].relations = vec![
            Relation { kind: RelationKind::PartOf, target: RelationTarget::Entity(0) },
            Relation { kind: RelationKind::Formerly, target: RelationTarget::Name("Chirpex".into()) },
        ];
        document.mark_mut(0).why = Some(Box::new(Why {
            rule: Rule::Scored,
            score: Some(1.5),
            like: Some("Quilla".into()),
            because: vec![Reason { text: "another spelling".into(), score: 2.0 }],
            runner_up: Some(Rival { entity: Some(0), name: "Corvid".into(), score: -1.0 }),
        }));
        document
    }

    #[test]
    fn relations_and_reasons_come_back() {
        let written = explained();
        let read = line(&written, &OutputOptions::new().with_text(true));
        let read = AnnotatedDocument::try_from(Record::parse(&read).unwrap()).unwrap();
        assert_eq!(read.entities[0].relations, written.entities[0].relations);
        assert_eq!(read.why(0), written.why(0));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(annotated in samples::any_document()) {
            for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
                let written = line(&annotated, &OutputOptions::new().with_text(true).with_offset_unit(unit));
                let read = AnnotatedDocument::try_from(Record::parse(&written).unwrap()).unwrap();
                let mut expected = annotated.clone();
                // The record has no place for tokens.
                expected.tokens.clear();
                prop_assert_eq!(line(&read, &OutputOptions::new().with_text(true)), line(&expected, &OutputOptions::new().with_text(true)));
                prop_assert_eq!(&read.document, &expected.document);
                prop_assert_eq!(read.owners(), expected.owners());
            }
        }

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
