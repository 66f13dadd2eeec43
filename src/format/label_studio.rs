//! Label Studio's JSON: tasks with `data` and `annotations` (or `predictions`), whose `result` holds regions and
//! relations. Only the first annotation of a task that was not cancelled is read.
//!
//! Versions of Label Studio count in different units. Where none is asked for, the one in which every region has the
//! text that it claims is taken, code points first.

use super::doccano::label;
use super::draft::Draft;
use super::error::Fault;
use super::gold::shortest;
use super::json::{self, id_of, numbered};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, chains};
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::io::Write;

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

/// Documents of one source.
pub(super) fn documents(opened: Opened, unit: Option<OffsetUnit>) -> Annotated {
    let file = opened.file_name();
    json::documents(opened, move |value, number| read(value, &file, number, unit))
}

fn read(value: Value, file: &str, number: usize, unit: Option<OffsetUnit>) -> Result<AnnotatedDocument, Fault> {
    let mut task: Task =
        serde_json::from_value(value).map_err(|error| Fault::Syntax(format!("not a task of Label Studio: {error}")))?;
    let text = task.data.remove("text").and_then(|text| text.as_str().map(str::to_owned));
    let text = text.ok_or_else(|| Fault::Syntax("the task has no data.text".to_owned()))?;
    let own_id = task.data.remove("id").or(task.id);
    let id = own_id.and_then(id_of).unwrap_or_else(|| numbered(file, number));
    let work = task.annotations.into_iter().find(|work| !work.was_cancelled).or(task.predictions.into_iter().next());
    let regions = work.map(|work| work.result).unwrap_or_default();
    let mut draft = Draft::new(id, OffsetUnit::Char);
    draft.document().document.metadata = task.data;
    let mut places = HashMap::new();
    for region in &regions {
        if let Some(mention) = add(region, &mut draft)? {
            places.insert(region.id.clone().unwrap_or_default(), mention);
        }
    }
    let mut links = Vec::new();
    let aliases =
        |region: &&Region| region.labels.is_empty() || region.labels.iter().any(|label| chains::is_alias(label));
    for region in regions.iter().filter(aliases) {
        if let (Some(from), Some(to)) = (&region.from_id, &region.to_id)
            && let (Some(&from), Some(&to)) = (places.get(from), places.get(to))
        {
            links.push((from, to));
        }
    }
    chains::join(draft.document(), &links);
    let utf16 = || !draft.fits(&text, OffsetUnit::Char) && draft.fits(&text, OffsetUnit::Utf16);
    let unit = unit.unwrap_or_else(|| if utf16() { OffsetUnit::Utf16 } else { OffsetUnit::Char });
    draft.set_unit(unit);
    draft.finish(Some(text))
}

/// Adds the mention of a region, if it is one.
fn add(region: &Region, draft: &mut Draft) -> Result<Option<usize>, Fault> {
    let Some(value) = region.value.as_ref().filter(|_| region.kind.ends_with("labels")) else { return Ok(None) };
    let offset = |key: &str| value.get(key).and_then(Value::as_u64).and_then(|at| usize::try_from(at).ok());
    let (Some(start), Some(end)) = (offset("start"), offset("end")) else {
        let reason = "a region has no start and end; only plain text is read, no HTML";
        return Err(Fault::Syntax(reason.to_owned()));
    };
    let label = value.get(&region.kind).and_then(|labels| labels.get(0)).and_then(Value::as_str);
    let mention = draft.mention(Span::new(start, end), label);
    if let Some(score) = region.score {
        draft.score(mention, score);
    }
    if let Some(surface) = value.get("text").and_then(Value::as_str) {
        draft.surface(mention, surface);
    }
    Ok(Some(mention))
}

/// Writes a task a line; the mentions of an entity are chained by relations labelled `alias`.
#[derive(Debug, Default)]
pub(super) struct LabelStudioWriter {
    documents: usize,
}

impl DocumentWriter for LabelStudioWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        self.documents += 1;
        losses.add_common(annotated, &[Kept::Entities, Kept::Scores, Kept::Metadata]);
        let map = OffsetMap::new(annotated.text(), OffsetUnit::Char);
        let region = |(number, mention): (usize, &crate::mention::Mention)| {
            let mut region = json!({
                "id": format!("m{number}"), "from_name": "label", "to_name": "text", "type": "labels",
                "value": {
                    "start": map.from_byte(mention.span.start), "end": map.from_byte(mention.span.end),
                    "text": mention.span.of(annotated.text()), "labels": [label(mention.entity_type)],
                },
            });
            if mention.score < 1.0 {
                region["score"] = shortest(mention.score);
            }
            region
        };
        let mut result: Vec<Value> = (1..).zip(&annotated.mentions).map(region).collect();
        for entity in &annotated.entities {
            for pair in entity.mentions.windows(2) {
                result.push(json!({
                    "type": "relation", "direction": "bi", "labels": ["alias"],
                    "from_id": format!("m{}", pair[0] + 1), "to_id": format!("m{}", pair[1] + 1),
                }));
            }
        }
        let mut data = annotated.document.metadata.clone();
        data.insert("text".to_owned(), annotated.text().into());
        data.insert("id".to_owned(), annotated.id().into());
        let line = json!({ "id": self.documents, "data": data, "annotations": [{ "result": result }] });
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}
