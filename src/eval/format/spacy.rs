//! spaCy's `Doc.to_json`: `ents` with `start`, `end`, `label`; `tokens` and `sents`; span groups whose name begins with
//! `coref_clusters` are entities. Offsets are code points.

use super::file::{Surfaces, json_documents, place, push};
use super::{Corpus, FormatError, Kept, Losses, chains};
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names, Tokens};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

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

pub(super) fn read(path: &Path, unit: OffsetUnit) -> Result<Corpus, FormatError> {
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    json_documents(path, |value, line| {
        let syntax =
            |error: serde_json::Error| FormatError::Syntax { path: path.to_owned(), line, reason: error.to_string() };
        let doc: Doc = serde_json::from_value(value).map_err(syntax)?;
        let span = |piece: &Piece| Span::new(piece.start, piece.end);
        let mention = |piece: &Piece, names: &mut Names| {
            let mut mention = AnnotatedMention::new(span(piece), Some(names.get(&piece.label)), None);
            if !piece.kb_id.is_empty() {
                mention.link = Some(names.get(&piece.kb_id));
            }
            mention
        };
        let id = doc.id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let mut document = Annotation {
            id: id.clone().unwrap_or_else(|| format!("{}#{}", super::file::name(path), corpus.documents.len() + 1)),
            text: Some(doc.text),
            unit,
            metadata: doc.meta,
            mentions: doc.ents.iter().map(|piece| mention(piece, &mut names)).collect(),
            ..Annotation::default()
        };
        if !doc.tokens.is_empty() {
            // A blank token (spaCy makes one of two spaces in a row) labels nothing.
            let tokens: Vec<Span> = doc.tokens.iter().map(span).filter(|token| token.start < token.end).collect();
            let mut sentences: Vec<Vec<Span>> = vec![Vec::new()];
            let mut ends = doc.sents.iter().map(|sentence| sentence.end).peekable();
            for token in tokens {
                while ends.next_if(|&end| end <= token.start).is_some() {
                    sentences.push(Vec::new());
                }
                sentences.last_mut().into_iter().for_each(|sentence| sentence.push(token));
            }
            sentences.retain(|sentence| !sentence.is_empty());
            document.tokens = Some(Tokens { sentences, labels: None });
        }
        let mut places: HashMap<Span, usize> =
            document.mentions.iter().enumerate().map(|(index, mention)| (mention.span, index)).collect();
        let mut links = Vec::new();
        for (_, group) in doc.spans.iter().filter(|(name, _)| name.starts_with("coref_clusters")) {
            let pieces: Vec<Piece> = serde_json::from_value(group.clone()).map_err(syntax)?;
            let mut members = Vec::new();
            for piece in &pieces {
                let place = *places.entry(span(piece)).or_insert_with(|| {
                    // Chains of spaCy hold pronouns and nouns too, which are no entities of its tagger.
                    let mut other = AnnotatedMention::new(span(piece), None, None);
                    other.extra_mut().coref = true;
                    document.mentions.push(other);
                    document.mentions.len() - 1
                });
                members.push(place);
            }
            links.extend(members.iter().map(|&member| (members[0], member)));
        }
        place(&mut document, &Surfaces::new(), path, line)?;
        chains::join(&mut document, &links);
        push(&mut corpus, document, id, path);
        Ok(())
    })?;
    Ok(corpus)
}

/// Writes a document a line, with `id` beside what spaCy writes.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Links, Kept::Metadata, Kept::Tokens]);
        let map = OffsetMap::new(document.text(), OffsetUnit::Char);
        let place = |span: Span| json!({ "start": map.from_byte(span.start), "end": map.from_byte(span.end) });
        let piece = |mention: &AnnotatedMention| {
            let mut piece = place(mention.span);
            piece["label"] = json!(mention.label.as_deref().unwrap_or_default());
            if let Some(link) = mention.link() {
                piece["kb_id"] = json!(link);
            }
            piece
        };
        let named = |mention: &&AnnotatedMention| !mention.is_skipped() && !mention.is_coref();
        let ents: Vec<Value> = document.mentions.iter().filter(named).map(piece).collect();
        let sentences = document.tokens.as_ref().map(|tokens| tokens.sentences.as_slice()).unwrap_or_default();
        let around = |sentence: &Vec<Span>| Some(Span::new(sentence.first()?.start, sentence.last()?.end));
        let sents: Vec<Value> = sentences.iter().filter_map(around).map(place).collect();
        let tokens = sentences.iter().flatten().enumerate().map(|(id, &span)| {
            let mut token = place(span);
            token["id"] = json!(id);
            token
        });
        let mut spans = Map::new();
        for (number, (_, mentions)) in chains::groups(document).iter().enumerate() {
            let members: Vec<Value> = mentions.iter().map(|&mention| piece(&document.mentions[mention])).collect();
            spans.insert(format!("coref_clusters_{}", number + 1), members.into());
        }
        let mut line = json!({
            "id": document.id, "text": document.text(), "ents": ents, "sents": sents, "tokens": tokens.collect::<Vec<_>>(),
        });
        if !spans.is_empty() {
            line["spans"] = Value::Object(spans);
        }
        if !document.metadata.is_empty() {
            line["meta"] = Value::Object(document.metadata.clone());
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
