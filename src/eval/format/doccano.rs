//! doccano's JSON Lines: `label` or `labels` as `[start, end, type]`, or `entities` with `relations`. Offsets are code
//! points; relations of a type such as `alias` or `coref` join mentions of one entity.

use super::file::{Surfaces, json_documents, place, push};
use super::{Corpus, FormatError, Kept, Losses, chains};
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

#[derive(Deserialize)]
struct Task {
    #[serde(alias = "data")]
    text: String,
    id: Option<Value>,
    #[serde(default, alias = "labels")]
    label: Vec<(usize, usize, String)>,
    #[serde(default)]
    entities: Vec<Entity>,
    #[serde(default)]
    relations: Vec<Relation>,
    #[serde(default, alias = "metadata")]
    meta: Metadata,
}

#[derive(Deserialize)]
struct Entity {
    id: i64,
    start_offset: usize,
    end_offset: usize,
    label: String,
}

#[derive(Deserialize)]
struct Relation {
    from_id: i64,
    to_id: i64,
    #[serde(rename = "type")]
    kind: String,
}

pub(super) fn read(path: &Path, unit: OffsetUnit) -> Result<Corpus, FormatError> {
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    json_documents(path, |value, line| {
        let task: Task = serde_json::from_value(value).map_err(|error| FormatError::Syntax {
            path: path.to_owned(),
            line,
            reason: format!("not a task of doccano: {error}"),
        })?;
        let id = task.id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let mut document = Annotation {
            id: id.clone().unwrap_or_else(|| format!("{}#{}", super::file::name(path), corpus.documents.len() + 1)),
            text: Some(task.text),
            unit,
            metadata: task.meta,
            ..Annotation::default()
        };
        for (start, end, label) in &task.label {
            document.mentions.push(AnnotatedMention::new(Span::new(*start, *end), Some(names.get(label)), None));
        }
        let mut places = HashMap::new();
        for entity in &task.entities {
            places.insert(entity.id, document.mentions.len());
            let span = Span::new(entity.start_offset, entity.end_offset);
            document.mentions.push(AnnotatedMention::new(span, Some(names.get(&entity.label)), None));
        }
        let pair = |relation: &Relation| Some((*places.get(&relation.from_id)?, *places.get(&relation.to_id)?));
        let links: Vec<(usize, usize)> =
            task.relations.iter().filter(|relation| chains::is_alias(&relation.kind)).filter_map(pair).collect();
        place(&mut document, &Surfaces::new(), path, line)?;
        chains::join(&mut document, &links);
        push(&mut corpus, document, id, path);
        Ok(())
    })?;
    Ok(corpus)
}

/// Writes a task a line; the mentions of an entity are chained by `alias` relations.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    let mut next = 1;
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Metadata]);
        let map = OffsetMap::new(document.text(), OffsetUnit::Char);
        let first = next;
        let mut number = || {
            next += 1;
            next - 1
        };
        let entity = |mention: &AnnotatedMention| {
            json!({
                "id": number(), "label": mention.label.as_deref().unwrap_or("UNKNOWN"),
                "start_offset": map.from_byte(mention.span.start), "end_offset": map.from_byte(mention.span.end),
            })
        };
        let entities: Vec<Value> = document.mentions.iter().map(entity).collect();
        let mut relations = Vec::new();
        for (_, mentions) in chains::groups(document) {
            for pair in mentions.windows(2) {
                let (from, to) = (first + pair[0], first + pair[1]);
                relations.push(json!({ "id": relations.len() + 1, "from_id": from, "to_id": to, "type": "alias" }));
            }
        }
        let mut line = json!({
            "id": document.id, "text": document.text(), "entities": entities, "relations": relations, "Comments": [],
        });
        if !document.metadata.is_empty() {
            line["meta"] = Value::Object(document.metadata.clone());
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
