//! Label Studio's JSON: tasks with `data` and `annotations` (or `predictions`), whose `result` holds regions and
//! relations. Only the first annotation of a task that was not cancelled is read.
//!
//! Versions of Label Studio count in different units. Where none is asked for, the one in which every region has the
//! text that it claims is taken, code points first.

use super::file::{Surfaces, json_documents, place, push};
use super::{Corpus, FormatError, Kept, Losses, chains};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

#[derive(Deserialize)]
struct Task {
    id: Option<Value>,
    data: Map<String, Value>,
    #[serde(default, alias = "completions")]
    annotations: Vec<Work>,
    #[serde(default)]
    predictions: Vec<Work>,
}

#[derive(Deserialize)]
struct Work {
    #[serde(default)]
    was_cancelled: bool,
    #[serde(default)]
    result: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    id: Option<String>,
    #[serde(default, rename = "type")]
    kind: String,
    value: Option<Map<String, Value>>,
    from_id: Option<String>,
    to_id: Option<String>,
    #[serde(default)]
    labels: Vec<String>,
    score: Option<f64>,
}

pub(super) fn read(path: &Path, unit: Option<OffsetUnit>) -> Result<Corpus, FormatError> {
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    json_documents(path, |value, line| {
        let syntax = |reason: String| FormatError::Syntax { path: path.to_owned(), line, reason };
        let mut task: Task =
            serde_json::from_value(value).map_err(|error| syntax(format!("not a task of Label Studio: {error}")))?;
        let text = task.data.remove("text").and_then(|text| text.as_str().map(str::to_owned));
        let text = text.ok_or_else(|| syntax("the task has no data.text".to_owned()))?;
        let own_id = task.data.remove("id").or(task.id);
        let id = own_id.map(|id| id.as_str().map_or_else(|| id.to_string(), str::to_owned));
        let work =
            task.annotations.into_iter().find(|work| !work.was_cancelled).or(task.predictions.into_iter().next());
        let mut document = Annotation {
            id: id.clone().unwrap_or_else(|| format!("{}#{}", super::file::name(path), corpus.documents.len() + 1)),
            metadata: task.data,
            ..Annotation::default()
        };
        let (mut places, mut surfaces, mut links) = (HashMap::new(), Surfaces::new(), Vec::new());
        let regions = work.map(|work| work.result).unwrap_or_default();
        for region in &regions {
            let Some(value) = region.value.as_ref().filter(|_| region.kind.ends_with("labels")) else { continue };
            let offset = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
            let (Some(start), Some(end)) = (offset("start"), offset("end")) else {
                return Err(syntax("a region has no start and end; only plain text is read, no HTML".to_owned()));
            };
            let label = value.get(&region.kind).and_then(|labels| labels.get(0)).and_then(Value::as_str);
            let mut mention = AnnotatedMention::new(Span::new(start, end), label.map(|label| names.get(label)), None);
            if let Some(score) = region.score {
                mention.extra_mut().score = Some(score);
            }
            if let Some(surface) = value.get("text").and_then(Value::as_str) {
                surfaces.push((document.mentions.len(), surface.to_owned()));
            }
            places.insert(region.id.clone().unwrap_or_default(), document.mentions.len());
            document.mentions.push(mention);
        }
        for region in regions
            .iter()
            .filter(|region| region.labels.is_empty() || region.labels.iter().any(|label| chains::is_alias(label)))
        {
            if let (Some(from), Some(to)) = (&region.from_id, &region.to_id)
                && let (Some(&from), Some(&to)) = (places.get(from), places.get(to))
            {
                links.push((from, to));
            }
        }
        document.unit = unit.unwrap_or_else(|| fitting_unit(&text, &document, &surfaces));
        document.text = Some(text);
        place(&mut document, &surfaces, path, line)?;
        chains::join(&mut document, &links);
        push(&mut corpus, document, id, path);
        Ok(())
    })?;
    Ok(corpus)
}

fn fitting_unit(text: &str, document: &Annotation, surfaces: &Surfaces) -> OffsetUnit {
    let fits = |unit: OffsetUnit| {
        let map = OffsetMap::new(text, unit);
        surfaces.iter().all(|(index, surface)| {
            let span = document.mentions[*index].span;
            let placed = map.to_byte(span.start).zip(map.to_byte(span.end));
            placed.and_then(|(start, end)| text.get(start..end)) == Some(surface)
        })
    };
    if !fits(OffsetUnit::Char) && fits(OffsetUnit::Utf16) { OffsetUnit::Utf16 } else { OffsetUnit::Char }
}

/// Writes a task a line; the mentions of an entity are chained by relations labelled `alias`.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    for (number, document) in documents.iter().enumerate() {
        losses.add_common(document, &[Kept::Entities, Kept::Scores, Kept::Metadata]);
        let map = OffsetMap::new(document.text(), OffsetUnit::Char);
        let region = |(index, mention): (usize, &AnnotatedMention)| {
            let mut region = json!({
                "id": format!("m{}", index + 1), "from_name": "label", "to_name": "text", "type": "labels",
                "value": {
                    "start": map.from_byte(mention.span.start), "end": map.from_byte(mention.span.end),
                    "text": mention.span.of(document.text()),
                    "labels": [mention.label.as_deref().unwrap_or("UNKNOWN")],
                },
            });
            if let Some(score) = mention.extra.as_ref().and_then(|extra| extra.score) {
                region["score"] = json!(score);
            }
            region
        };
        let mut result: Vec<Value> = document.mentions.iter().enumerate().map(region).collect();
        for (_, mentions) in chains::groups(document) {
            for pair in mentions.windows(2) {
                result.push(json!({
                    "type": "relation", "direction": "bi", "labels": ["alias"],
                    "from_id": format!("m{}", pair[0] + 1), "to_id": format!("m{}", pair[1] + 1),
                }));
            }
        }
        let mut data = document.metadata.clone();
        data.insert("text".to_owned(), document.text().into());
        data.insert("id".to_owned(), document.id.clone().into());
        let line = json!({ "id": number + 1, "data": data, "annotations": [{ "result": result }] });
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
