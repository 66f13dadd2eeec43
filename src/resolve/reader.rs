//! Documents that carry mentions from any tagger, one JSON object a line.
//!
//! Three layouts are read: this project's own (`text`, `mentions` with `start`, `end`, `type`, `score`), spaCy's
//! `Doc.to_json()` (`ents` with `label`), and the output of a Hugging Face token-classification pipeline
//! (`entities` with `entity_group` or `entity`).

use super::Resolver;
use super::guess::GUESSED;
use crate::document::{Document, Metadata, OffsetMap, OffsetUnit, Span};
use crate::mention::{EntityType, Mention};
use serde_json::Value;

/// A line that is no document with mentions.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MentionError {
    /// Not JSON.
    #[error("not valid JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// JSON, but no object.
    #[error("not a JSON object; each line must hold one document")]
    NotAnObject,
    /// No text.
    #[error("the field \"text\" is missing or not a string")]
    NoText,
    /// No list of mentions.
    #[error("none of the fields \"mentions\", \"ents\" and \"entities\" is a list of mentions")]
    NoMentions,
    /// A mention without usable offsets.
    #[error("mention {number} (counted from 1): {reason}; offsets are counted in {unit:?} units, see --offsets")]
    Offsets {
        /// Which mention of the line.
        number: usize,
        /// The unit in which offsets were read.
        unit: OffsetUnit,
        /// What is wrong.
        reason: &'static str,
    },
}

/// A document with the mentions that came with it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaggedDocument {
    /// The document.
    pub document: Document,
    /// Its mentions, sorted and not overlapping.
    pub mentions: Vec<Mention>,
    /// Mentions left out because they overlap an earlier one.
    pub dropped: usize,
}

/// Reads lines of any of the three layouts.
#[derive(Debug, Clone, Copy)]
pub struct MentionReader<'a> {
    resolver: &'a Resolver,
    unit: OffsetUnit,
}

struct Raw {
    span: Span,
    label: Option<String>,
    score: Option<f32>,
}

impl<'a> MentionReader<'a> {
    /// A reader of offsets in code points; the resolver guesses the types that are missing.
    #[must_use]
    pub fn new(resolver: &'a Resolver) -> Self {
        Self { resolver, unit: OffsetUnit::Char }
    }

    /// The same for offsets in another unit.
    #[must_use]
    pub fn with_offsets(mut self, unit: OffsetUnit) -> Self {
        self.unit = unit;
        self
    }

    /// Reads one line; a document without id gets `default_id`.
    ///
    /// # Errors
    /// If the line is not a JSON object with a text and a list of mentions whose offsets lie in the text.
    pub fn read(&self, line: &str, default_id: &str) -> Result<TaggedDocument, MentionError> {
        let Value::Object(mut fields) = serde_json::from_str(line)? else { return Err(MentionError::NotAnObject) };
        let Some(Value::String(text)) = fields.remove("text") else { return Err(MentionError::NoText) };
        let list = ["mentions", "ents", "entities"].into_iter().find_map(|key| match fields.get(key) {
            Some(Value::Array(_)) => fields.remove(key),
            _ => None,
        });
        let Some(Value::Array(list)) = list else { return Err(MentionError::NoMentions) };
        let raw = self.spans(&text, &list)?;
        let id = match fields.remove("id") {
            Some(Value::String(id)) => id,
            Some(Value::Number(id)) => id.to_string(),
            _ => default_id.to_owned(),
        };
        // What earlier stages derived from the text would contradict the new result.
        let metadata: Metadata = fields.into_iter().filter(|(key, _)| key != "tokens" && key != "sents").collect();
        let (mentions, dropped) = self.mentions(&text, raw);
        Ok(TaggedDocument { document: Document { metadata, ..Document::new(id, text) }, mentions, dropped })
    }

    fn spans(&self, text: &str, list: &[Value]) -> Result<Vec<Raw>, MentionError> {
        let map = OffsetMap::new(text, self.unit);
        let mut raw: Vec<Raw> = Vec::with_capacity(list.len());
        for (at, mention) in list.iter().enumerate() {
            let error = |reason| MentionError::Offsets { number: at + 1, unit: self.unit, reason };
            let offset = |key: &str| {
                let value = mention.get(key).and_then(Value::as_u64).and_then(|value| usize::try_from(value).ok());
                value.ok_or_else(|| error("\"start\" and \"end\" must be numbers, zero or greater"))
            };
            let bytes = |offset| map.to_byte(offset).ok_or_else(|| error("an offset lies beyond the text"));
            let span = Span::new(bytes(offset("start")?)?, bytes(offset("end")?)?);
            if span.start >= span.end {
                return Err(error("\"end\" must be greater than \"start\""));
            }
            let text_of = |key: &str| mention.get(key).and_then(Value::as_str);
            let label = ["type", "label", "entity_group"].into_iter().find_map(text_of);
            let pieces = label.is_none();
            let tag = label.or_else(|| text_of("entity").filter(|_| mention.get("type").is_none()));
            let label = tag.map(|tag| tag.strip_prefix("B-").or_else(|| tag.strip_prefix("I-")).unwrap_or(tag));
            #[expect(clippy::cast_possible_truncation, reason = "a score from 0 to 1")]
            let score = mention.get("score").and_then(Value::as_f64).map(|score| score.clamp(0.0, 1.0) as f32);
            match raw.last_mut() {
                // Pieces of one name, as the pipeline gives them without aggregation.
                Some(previous)
                    if pieces
                        && tag.is_some_and(|tag| tag.starts_with("I-"))
                        && previous.label.as_deref() == label
                        && (previous.span.end..=previous.span.end + 1).contains(&span.start) =>
                {
                    previous.span.end = span.end;
                }
                _ => raw.push(Raw { span, label: label.map(str::to_owned), score }),
            }
        }
        Ok(raw)
    }

    fn mentions(&self, text: &str, raw: Vec<Raw>) -> (Vec<Mention>, usize) {
        let mut mentions: Vec<Mention> = raw
            .into_iter()
            .filter_map(|Raw { span, label, score }| {
                let known = match label {
                    Some(label) => Some(entity_type(&label)?),
                    None => None,
                };
                Some(match known {
                    Some(entity_type) => Mention { span, entity_type, score: score.unwrap_or(1.0) },
                    None => Mention { span, entity_type: self.resolver.guess_type(text, span), score: GUESSED },
                })
            })
            .collect();
        mentions.sort_by_key(|mention| (mention.span.start, std::cmp::Reverse(mention.span.end)));
        let before = mentions.len();
        let mut end = 0;
        mentions.retain(|mention| {
            let keep = mention.span.start >= end;
            if keep {
                end = mention.span.end;
            }
            keep
        });
        let dropped = before - mentions.len();
        (mentions, dropped)
    }
}

/// The type behind a label of CoNLL, `OntoNotes` or similar; none for numbers and dates, which are no names.
fn entity_type(label: &str) -> Option<EntityType> {
    if let Some(kind) = EntityType::from_label(label) {
        return Some(kind);
    }
    match label.to_ascii_uppercase().as_str() {
        "PERSON" => Some(EntityType::Per),
        "ORGANIZATION" | "ORGANISATION" | "CORPORATION" | "GROUP" => Some(EntityType::Org),
        "GPE" | "LOCATION" | "FAC" | "FACILITY" => Some(EntityType::Loc),
        "DATE" | "TIME" | "PERCENT" | "MONEY" | "QUANTITY" | "ORDINAL" | "CARDINAL" => None,
        _ => Some(EntityType::Misc),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(line: &str) -> Result<TaggedDocument, MentionError> {
        MentionReader::new(&Resolver::embedded()).read(line, "1")
    }

    fn summary(line: &str) -> Vec<(String, EntityType)> {
        let tagged = read(line).unwrap();
        let text = tagged.document.text;
        tagged.mentions.iter().map(|mention| (mention.span.of(&text).to_owned(), mention.entity_type)).collect()
    }

    #[test]
    fn all_three_layouts_give_the_same_mentions() {
        let expected = vec![("Zoë Arden".to_owned(), EntityType::Per), ("Bonn".to_owned(), EntityType::Loc)];
        for line in [
            r#"{"text": "Zoë Arden left Bonn.", "mentions": [{"start": 0, "end": 9, "type": "PER"}, {"start": 15, "end": 19, "type": null}]}"#,
            r#"{"text": "Zoë Arden left Bonn.", "ents": [{"start": 0, "end": 9, "label": "PERSON"}, {"start": 15, "end": 19, "label": "GPE"}], "tokens": []}"#,
            r#"{"text": "Zoë Arden left Bonn.", "entities": [{"start": 0, "end": 9, "entity_group": "PER", "score": 0.9}, {"start": 15, "end": 19, "entity_group": "LOC"}]}"#,
            r#"{"text": "Zoë Arden left Bonn.", "entities": [{"start": 0, "end": 3, "entity": "B-PER"}, {"start": 4, "end": 9, "entity": "I-PER"}, {"start": 15, "end": 19, "entity": "B-LOC"}]}"#,
        ] {
            assert_eq!(summary(line), expected, "{line}");
        }
    }

    #[test]
    fn bad_lines_say_what_is_wrong() {
        for (line, expected) in [
            ("[]", "not a JSON object"),
            ("{", "not valid JSON"),
            (r#"{"mentions": []}"#, "\"text\" is missing"),
            (r#"{"text": "a"}"#, "list of mentions"),
            (r#"{"text": "a", "mentions": [{"start": 0, "end": 2}]}"#, "beyond the text"),
            (r#"{"text": "a", "mentions": [{"start": 1, "end": 1}]}"#, "greater than"),
            (r#"{"text": "a", "mentions": [{"start": -1, "end": 1}]}"#, "zero or greater"),
        ] {
            assert!(read(line).unwrap_err().to_string().contains(expected), "{line}");
        }
    }

    #[test]
    fn overlapping_mentions_are_dropped_and_counted() {
        let tagged = read(r#"{"text": "abc", "mentions": [{"start": 0, "end": 2}, {"start": 1, "end": 3}]}"#).unwrap();
        assert_eq!((tagged.mentions.len(), tagged.dropped), (1, 1));
    }
}
