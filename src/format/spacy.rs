//! spaCy's `Doc.to_json`: `ents` with `start`, `end`, `label`; `tokens` and `sents`; span groups whose name begins with
//! `coref_clusters` are entities. Offsets are code points.

use super::draft::Draft;
use super::error::Fault;
use super::json::{self, id_of, numbered};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, chains};
use crate::annotation::AnnotatedDocument;
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::Write;

#[derive(Deserialize)]
struct Doc {
    text: String,
    id: Option<Value>,
    #[serde(default)]
    ents: Vec<Piece>,
    #[serde(default)]
    tokens: Vec<Piece>,
    #[serde(default)]
    sents: Vec<Piece>,
    #[serde(default)]
    spans: Map<String, Value>,
    #[serde(default)]
    meta: Metadata,
}

#[derive(Deserialize)]
struct Piece {
    start: usize,
    end: usize,
    #[serde(default)]
    label: String,
    #[serde(default)]
    kb_id: String,
}

/// Documents of one source.
pub(super) fn documents(opened: Opened, unit: OffsetUnit) -> Annotated {
    let file = opened.file_name();
    json::documents(opened, move |value, number| read(value, &file, number, unit))
}

fn read(value: Value, file: &str, number: usize, unit: OffsetUnit) -> Result<AnnotatedDocument, Fault> {
    let syntax = |error: serde_json::Error| Fault::Syntax(format!("not a document of spaCy: {error}"));
    let doc: Doc = serde_json::from_value(value).map_err(syntax)?;
    let id = doc.id.and_then(id_of).unwrap_or_else(|| numbered(file, number));
    let mut draft = Draft::new(id, unit);
    let mut places: HashMap<Span, usize> = HashMap::new();
    for piece in &doc.ents {
        let mention = add(piece, &mut draft);
        places.insert(piece.span(), mention);
    }
    let mut links = Vec::new();
    for (_, group) in doc.spans.iter().filter(|(name, _)| name.starts_with("coref_clusters")) {
        let pieces: Vec<Piece> = serde_json::from_value(group.clone()).map_err(syntax)?;
        let members: Vec<usize> = (pieces.iter())
            .map(|piece| {
                *places.entry(piece.span()).or_insert_with(|| {
                    // Clusters hold pronouns and nouns too, which are no named entities.
                    let mention = draft.mention(piece.span(), None);
                    draft.mark(mention).coref = true;
                    mention
                })
            })
            .collect();
        let first = members.first().copied();
        links.extend(members.iter().filter_map(|&member| Some((first?, member))));
    }
    let document = draft.document();
    document.document.metadata = doc.meta;
    if !doc.tokens.is_empty() {
        document.document.sentences = Some(sentences(&doc.tokens, &doc.sents));
    }
    chains::join(document, &links);
    draft.finish(Some(doc.text))
}

fn add(piece: &Piece, draft: &mut Draft) -> usize {
    let mention = draft.mention(piece.span(), Some(&piece.label));
    if !piece.kb_id.is_empty() {
        draft.link(mention, &piece.kb_id);
    }
    mention
}

fn sentences(tokens: &[Piece], sents: &[Piece]) -> Vec<Vec<Span>> {
    let mut sentences: Vec<Vec<Span>> = vec![Vec::new()];
    let mut ends = sents.iter().map(|sentence| sentence.end).peekable();
    // A blank token (spaCy makes one of two spaces in a row) labels nothing.
    for token in tokens.iter().map(Piece::span).filter(|token| token.start < token.end) {
        while ends.next_if(|&end| end <= token.start).is_some() {
            sentences.push(Vec::new());
        }
        sentences.last_mut().into_iter().for_each(|sentence| sentence.push(token));
    }
    sentences.retain(|sentence| !sentence.is_empty());
    sentences
}

impl Piece {
    const fn span(&self) -> Span {
        Span::new(self.start, self.end)
    }
}

/// Writes a document a line, with `id` beside what spaCy writes.
#[derive(Debug)]
pub(super) struct SpacyWriter;

impl DocumentWriter for SpacyWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        losses.add_common(annotated, &[Kept::Entities, Kept::Links, Kept::Metadata, Kept::Tokens]);
        let map = OffsetMap::new(annotated.text(), OffsetUnit::Char);
        let place = |span: Span| json!({ "start": map.from_byte(span.start), "end": map.from_byte(span.end) });
        let owners = annotated.owners();
        let piece = |index: usize| {
            let mention = &annotated.mentions[index];
            let mut piece = place(mention.span);
            piece["label"] = json!(mention.entity_type.label());
            if let Some(link) = annotated.link(index, owners[index]) {
                piece["kb_id"] = json!(link);
            }
            piece
        };
        let named = |index: &usize| !annotated.is_skipped(*index) && !annotated.is_coref(*index);
        let ents: Vec<Value> = (0..annotated.mentions.len()).filter(named).map(piece).collect();
        let sentences = annotated.sentences().unwrap_or_default();
        let around = |sentence: &Vec<Span>| Some(Span::new(sentence.first()?.start, sentence.last()?.end));
        let sents: Vec<Value> = sentences.iter().filter_map(around).map(place).collect();
        let tokens = sentences.iter().flatten().enumerate().map(|(id, &span)| {
            let mut token = place(span);
            token["id"] = json!(id);
            token
        });
        let mut spans = Map::new();
        for (number, entity) in (1..).zip(&annotated.entities) {
            let members: Vec<Value> = entity.mentions.iter().map(|&mention| piece(mention)).collect();
            spans.insert(format!("coref_clusters_{number}"), members.into());
        }
        let mut line = json!({
            "id": annotated.id(), "text": annotated.text(), "ents": ents, "sents": sents,
            "tokens": tokens.collect::<Vec<_>>(),
        });
        if !spans.is_empty() {
            line["spans"] = Value::Object(spans);
        }
        if !annotated.document.metadata.is_empty() {
            line["meta"] = Value::Object(annotated.document.metadata.clone());
        }
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}
