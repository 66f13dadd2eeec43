//! doccano's JSON Lines: `label` or `labels` as `[start, end, type]`, or `entities` with `relations`. Offsets are code
//! points; relations of a type such as `alias` or `coref` join mentions of one entity.

use super::draft::Draft;
use super::error::Fault;
use super::json::{self, id_of, numbered};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, chains};
use crate::annotation::AnnotatedDocument;
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::io::Write;

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

/// Documents of one source.
pub(super) fn documents(opened: Opened, unit: OffsetUnit) -> Annotated {
    let file = opened.file_name();
    json::documents(opened, move |value, number| read(value, &file, number, unit))
}

fn read(value: Value, file: &str, number: usize, unit: OffsetUnit) -> Result<AnnotatedDocument, Fault> {
    let task: Task =
        serde_json::from_value(value).map_err(|error| Fault::Syntax(format!("not a task of doccano: {error}")))?;
    let id = task.id.and_then(id_of).unwrap_or_else(|| numbered(file, number));
    let mut draft = Draft::new(id, unit);
    draft.document().document.metadata = task.meta;
    for (start, end, label) in &task.label {
        draft.mention(Span::new(*start, *end), Some(label));
    }
    let mut places = HashMap::new();
    for entity in &task.entities {
        let span = Span::new(entity.start_offset, entity.end_offset);
        places.insert(entity.id, draft.mention(span, Some(&entity.label)));
    }
    let pair = |relation: &Relation| Some((*places.get(&relation.from_id)?, *places.get(&relation.to_id)?));
    let links: Vec<(usize, usize)> =
        task.relations.iter().filter(|relation| chains::is_alias(&relation.kind)).filter_map(pair).collect();
    chains::join(draft.document(), &links);
    draft.finish(Some(task.text))
}

/// Writes a task a line; the mentions of an entity are chained by `alias` relations.
#[derive(Debug, Default)]
pub(super) struct DoccanoWriter {
    /// Entities so far: their numbers go on from one document to the next.
    entities: usize,
}

impl DocumentWriter for DoccanoWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        losses.add_common(annotated, &[Kept::Entities, Kept::Metadata]);
        let map = OffsetMap::new(annotated.text(), OffsetUnit::Char);
        let first = self.entities + 1;
        self.entities += annotated.mentions.len();
        let entities: Vec<Value> = (first..)
            .zip(&annotated.mentions)
            .map(|(number, mention)| {
                json!({
                    "id": number, "label": label(mention.entity_type),
                    "start_offset": map.from_byte(mention.span.start), "end_offset": map.from_byte(mention.span.end),
                })
            })
            .collect();
        let mut relations = Vec::new();
        for entity in &annotated.entities {
            for pair in entity.mentions.windows(2) {
                let (from, to) = (first + pair[0], first + pair[1]);
                relations.push(json!({ "id": relations.len() + 1, "from_id": from, "to_id": to, "type": "alias" }));
            }
        }
        let mut line = json!({
            "id": annotated.id(), "text": annotated.text(), "entities": entities, "relations": relations, "Comments": [],
        });
        if !annotated.document.metadata.is_empty() {
            line["meta"] = Value::Object(annotated.document.metadata.clone());
        }
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

/// The label of a mention in formats in which each must have one.
pub(super) fn label(entity_type: EntityType) -> &'static str {
    if entity_type == EntityType::UNTYPED { "UNKNOWN" } else { entity_type.label() }
}
