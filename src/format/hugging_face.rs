//! What a Hugging Face token-classification pipeline gives, beside its text: an object with `text` and `entities`, each with
//! `start`, `end`, `entity_group` (or `entity`, with the prefix of a tag scheme) and `score`. Offsets are code points.

use super::draft::Draft;
use super::error::Fault;
use super::json::{self, id_of, numbered};
use super::opened::{Annotated, Opened};
use crate::annotation::AnnotatedDocument;
use crate::document::{Metadata, OffsetUnit, Span};
use crate::label::without_prefix;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Output {
    text: String,
    id: Option<Value>,
    entities: Vec<Piece>,
    #[serde(flatten)]
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Piece {
    start: usize,
    end: usize,
    #[serde(alias = "entity", alias = "label", alias = "type")]
    entity_group: Option<String>,
    score: Option<f64>,
}

/// Documents of one source.
pub(super) fn documents(opened: Opened, unit: OffsetUnit) -> Annotated {
    let file = opened.file_name();
    json::documents(opened, move |value, number| read(value, &file, number, unit))
}

fn read(value: Value, file: &str, number: usize, unit: OffsetUnit) -> Result<AnnotatedDocument, Fault> {
    let output: Output = serde_json::from_value(value)
        .map_err(|error| Fault::Syntax(format!("not the output of a Hugging Face pipeline with its text: {error}")))?;
    let mut draft = Draft::new(output.id.and_then(id_of).unwrap_or_else(|| numbered(file, number)), unit);
    draft.document().document.metadata = output.metadata;
    for piece in output.entities {
        let label = piece.entity_group.as_deref().map(without_prefix);
        let mention = draft.mention(Span::new(piece.start, piece.end), label);
        if let Some(score) = piece.score {
            draft.score(mention, score);
        }
    }
    draft.finish(Some(output.text))
}
