//! Documents that somebody else's tagger has read already: JSON lines with a text and mentions.
//!
//! Three layouts are told apart by their fields: `mentions` (ours), `ents` (spaCy's `Doc.to_json`) and `entities` (the
//! output of a Hugging Face token-classification pipeline, put beside its text).

use super::InputOptions;
use super::error::{Fault, InputError};
use super::jsonl::JsonlReader;
use super::progress::ReadProgress;
use super::source::expand;
use crate::document::{Document, OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use crate::mention::Mention;
use serde::Deserialize;
use std::ffi::OsStr;

/// A document and the mentions that came with it.
#[derive(Debug, Clone, PartialEq)]
pub struct MentionDocument {
    /// The document; the mentions are no longer among its metadata.
    pub document: Document,
    /// Mentions, sorted and without overlap. The type is `None` where the source gives none.
    pub mentions: Vec<(Option<EntityType>, Mention)>,
}

#[derive(Deserialize)]
struct RawMention {
    start: usize,
    end: usize,
    #[serde(alias = "label", alias = "entity_group", rename = "type")]
    label: Option<String>,
    score: Option<f32>,
}

/// Labels of other schemes and the types that they stand for.
const LABELS: [(&str, EntityType); 16] = [
    ("PERSON", EntityType::Per),
    ("PEOPLE", EntityType::Per),
    ("ORGANIZATION", EntityType::Org),
    ("ORGANISATION", EntityType::Org),
    ("COMPANY", EntityType::Org),
    ("CORPORATION", EntityType::Org),
    ("GROUP", EntityType::Org),
    ("LOCATION", EntityType::Loc),
    ("PLACE", EntityType::Loc),
    ("GPE", EntityType::Loc),
    ("FAC", EntityType::Loc),
    ("FACILITY", EntityType::Loc),
    ("NORP", EntityType::Misc),
    ("EVENT", EntityType::Misc),
    ("WORK_OF_ART", EntityType::Misc),
    ("PRODUCT", EntityType::Misc),
];

/// Reads the documents of one file, or of standard input for `-`; offsets are in `unit`.
///
/// # Errors
/// If the file cannot be opened.
pub fn open(
    path: &OsStr,
    options: &InputOptions,
    unit: OffsetUnit,
) -> Result<impl Iterator<Item = Result<MentionDocument, InputError>> + Send + use<>, InputError> {
    let name = path.to_string_lossy().into_owned();
    let source = expand(path, options).next().unwrap_or_else(|| Err(Fault::Missing.of(&name)))?;
    let reader = source.open(&ReadProgress::default()).map_err(|fault| fault.of(&source.name))?;
    let lines = JsonlReader { reader, name: source.name.clone(), options: options.clone(), line: 0, failed: false };
    Ok(lines.map(move |line| {
        let (document, line) = line?;
        take_mentions(document, unit).map_err(|fault| InputError { origin: source.name.clone(), line, fault })
    }))
}

fn take_mentions(mut document: Document, unit: OffsetUnit) -> Result<MentionDocument, Fault> {
    let (field, value) = ["mentions", "ents", "entities"]
        .into_iter()
        .find_map(|field| document.metadata.remove(field).map(|value| (field, value)))
        .ok_or(Fault::NoMentions)?;
    let raw: Vec<RawMention> =
        serde_json::from_value(value).map_err(|error| Fault::BadMention { field, reason: error.to_string() })?;
    let offsets = OffsetMap::new(&document.text, unit);
    let mut mentions = Vec::with_capacity(raw.len());
    for mention in raw {
        let bad =
            |reason: &str| Fault::BadMention { field, reason: format!("{}..{}: {reason}", mention.start, mention.end) };
        let (Some(start), Some(end)) = (offsets.to_byte(mention.start), offsets.to_byte(mention.end)) else {
            return Err(bad("lies outside the text or inside a character: is --offsets right?"));
        };
        if start >= end {
            return Err(bad("ends before it starts"));
        }
        let score = mention.score.unwrap_or(1.0);
        if !(0.0..=1.0).contains(&score) {
            return Err(bad("its score is not between 0 and 1"));
        }
        let entity_type = mention.label.as_deref().and_then(parse_label);
        let placed =
            Mention { span: Span::new(start, end), entity_type: entity_type.unwrap_or(EntityType::Misc), score };
        mentions.push((entity_type, placed));
    }
    mentions.sort_by_key(|(_, mention)| (mention.span.start, std::cmp::Reverse(mention.span.end)));
    if let Some(pair) = mentions.windows(2).find(|pair| pair[0].1.span.overlaps(pair[1].1.span)) {
        let [one, other] = [0, 1].map(|index| offsets.from_byte(pair[index].1.span.start).unwrap_or_default());
        return Err(Fault::BadMention {
            field,
            reason: format!("the mentions at {one} and {other} overlap: keep one of them"),
        });
    }
    Ok(MentionDocument { document, mentions })
}

/// The type that a label stands for, with or without the prefix of a tag scheme.
fn parse_label(label: &str) -> Option<EntityType> {
    let label = label.split_once('-').map_or(label, |(_, kind)| kind);
    EntityType::known(label)
        .or_else(|| LABELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(label)).map(|&(_, kind)| kind))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn take(fields: Value, unit: OffsetUnit) -> Result<MentionDocument, Fault> {
        let Value::Object(metadata) = fields else { panic!("an object") };
        take_mentions(Document { metadata, ..Document::new("d", "Zoë Ito in Oslo") }, unit)
    }

    #[test]
    fn reads_the_layouts_of_other_tools() {
        let ours = json!({"mentions": [{"start": 11, "end": 15, "type": "LOC"}, {"start": 0, "end": 7, "type": null}]});
        let spacy =
            json!({"ents": [{"start": 0, "end": 7, "label": "PERSON"}, {"start": 11, "end": 15, "label": "GPE"}]});
        let face = json!({"entities": [{"start": 0, "end": 7, "entity_group": "PER", "score": 0.5, "word": "Zoë Ito"},
                                       {"start": 11, "end": 15, "entity_group": "B-LOC", "score": 0.25}]});
        for (fields, person) in [(ours, None), (spacy, Some(EntityType::Per)), (face, Some(EntityType::Per))] {
            let found = take(fields, OffsetUnit::Char).unwrap();
            assert_eq!(found.mentions[0].0, person);
            assert_eq!(found.mentions[0].1.span, Span::new(0, 8));
            assert_eq!(found.mentions[1].0, Some(EntityType::Loc));
            assert!(found.document.metadata.is_empty());
        }
    }

    #[test]
    fn says_what_is_wrong_with_a_mention() {
        let one = |start: usize, end: usize| json!({"mentions": [{"start": start, "end": end, "type": "PER"}]});
        assert!(matches!(take(json!({}), OffsetUnit::Char), Err(Fault::NoMentions)));
        for (fields, unit) in
            [(one(0, 99), OffsetUnit::Char), (one(5, 5), OffsetUnit::Char), (one(0, 3), OffsetUnit::Byte)]
        {
            assert!(matches!(take(fields, unit), Err(Fault::BadMention { field: "mentions", .. })));
        }
        let overlap =
            json!({"mentions": [{"start": 0, "end": 7, "type": "PER"}, {"start": 4, "end": 9, "type": "PER"}]});
        assert!(take(overlap, OffsetUnit::Char).unwrap_err().to_string().contains("0 and 4 overlap"));
    }
}
