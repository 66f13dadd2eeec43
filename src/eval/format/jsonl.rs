//! JSON Lines with mentions: ours (`docs/output.md`) and the gold packs', told apart by their fields.

use super::file::{self, Surfaces};
use super::{Corpus, FormatError, Kept, Losses, chains};
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Coverage, Name, Names};
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// A line. A visitor of its own, because flattening the unknown fields would copy every mention twice.
#[derive(Default)]
struct Line<'a> {
    id: Option<Value>,
    text: Option<String>,
    offsets: Option<OffsetUnit>,
    mentions: Option<Vec<RawMention<'a>>>,
    entities: Vec<RawEntity<'a>>,
    eval_span: Option<(usize, usize)>,
    exhaustive: Option<bool>,
    types: Option<Vec<String>>,
    entity_annotation: Option<String>,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct RawMention<'a> {
    start: usize,
    end: usize,
    #[serde(borrow, rename = "type")]
    label: Option<Cow<'a, str>>,
    #[serde(borrow)]
    entity: Option<Cow<'a, str>>,
    #[serde(borrow)]
    surface: Option<Cow<'a, str>>,
    #[serde(borrow)]
    text: Option<Cow<'a, str>>,
    #[serde(borrow)]
    type_alt: Option<Cow<'a, str>>,
    #[serde(borrow)]
    skip: Option<Cow<'a, str>>,
    #[serde(borrow)]
    link: Option<Cow<'a, str>>,
    #[serde(default)]
    coref: bool,
    score: Option<f64>,
}

/// A list of mentions. A visitor of its own, because a list that starts empty is moved again and again as it grows.
struct RawMentions<'a>(Vec<RawMention<'a>>);

impl<'de> Deserialize<'de> for RawMentions<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;
        impl<'de> Visitor<'de> for ListVisitor {
            type Value = RawMentions<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a list of mentions")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
                let mut mentions = Vec::with_capacity(64);
                while let Some(mention) = list.next_element()? {
                    mentions.push(mention);
                }
                Ok(RawMentions(mentions))
            }
        }
        deserializer.deserialize_seq(ListVisitor)
    }
}

#[derive(Deserialize)]
struct RawEntity<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    knowledge_id: Option<Cow<'a, str>>,
}

impl<'de> Deserialize<'de> for Line<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineVisitor;
        impl<'de> Visitor<'de> for LineVisitor {
            type Value = Line<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a document: an object with `id`, `text` and `mentions`")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut line = Line::default();
                while let Some(key) = map.next_key::<Cow<'de, str>>()? {
                    match key.as_ref() {
                        "id" => line.id = map.next_value()?,
                        "text" => line.text = map.next_value()?,
                        "offsets" => line.offsets = map.next_value()?,
                        "mentions" => line.mentions = Some(map.next_value::<RawMentions<'de>>()?.0),
                        "entities" => line.entities = map.next_value()?,
                        "eval_span" => line.eval_span = map.next_value()?,
                        "exhaustive" => line.exhaustive = map.next_value()?,
                        "types" => line.types = map.next_value()?,
                        "entity_annotation" => line.entity_annotation = map.next_value()?,
                        "metadata" => line.metadata.append(&mut map.next_value()?),
                        "schema" => {
                            map.next_value::<IgnoredAny>()?;
                        }
                        other => {
                            line.metadata.insert(other.to_owned(), map.next_value()?);
                        }
                    }
                }
                Ok(line)
            }
        }
        deserializer.deserialize_map(LineVisitor)
    }
}

/// Reads both layouts.
pub(super) fn read(path: &Path, unit: Option<OffsetUnit>, entity_links: bool) -> Result<Corpus, FormatError> {
    let mut reader = file::open(path)?;
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        let fail = |source| FormatError::Read { path: path.to_owned(), source };
        if reader.read_until(b'\n', &mut bytes).map_err(fail)? == 0 {
            return Ok(corpus);
        }
        let line = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
        if line.trim_ascii().is_empty() {
            continue;
        }
        let line: Line<'_> = serde_json::from_slice(line).map_err(|error| FormatError::Syntax {
            path: path.to_owned(),
            line: number,
            reason: format!("not a document with mentions: {error}"),
        })?;
        let id = match &line.id {
            Some(Value::String(id)) => Some(id.clone()),
            None | Some(Value::Null) => None,
            Some(other) => Some(other.to_string()),
        };
        let (mut document, surfaces) = annotation(line, unit, entity_links, &mut names);
        document.id = id.clone().unwrap_or_default();
        file::place(&mut document, &surfaces, path, number)?;
        file::push(&mut corpus, document, id, path);
    }
}

fn annotation(
    line: Line<'_>,
    unit: Option<OffsetUnit>,
    entity_links: bool,
    names: &mut Names,
) -> (Annotation, Surfaces) {
    let linked: HashMap<&str, &str> =
        line.entities.iter().filter_map(|entity| Some((entity.id.as_ref(), entity.knowledge_id.as_deref()?))).collect();
    let raw = line.mentions.unwrap_or_default();
    let mut document = Annotation {
        unit: unit.or(line.offsets).unwrap_or_default(),
        metadata: line.metadata,
        ..Annotation::default()
    };
    let mut surfaces = Surfaces::new();
    document.mentions.reserve_exact(raw.len());
    for mention in raw {
        let name = |names: &mut Names, value: &Option<Cow<'_, str>>| value.as_deref().map(|value| names.get(value));
        let entity = name(names, &mention.entity);
        let mut placed =
            AnnotatedMention::new(Span::new(mention.start, mention.end), name(names, &mention.label), entity);
        let link = mention
            .link
            .as_deref()
            .or_else(|| linked.get(mention.entity.as_deref()?).copied())
            .or_else(|| mention.entity.as_deref().filter(|entity| entity_links && !entity.starts_with("NIL")));
        if let Some(link) = link {
            placed.link = Some(names.get(link));
        }
        if mention.skip.is_some() || mention.coref || mention.type_alt.is_some() || mention.score.is_some() {
            let extra = placed.extra_mut();
            extra.skip = mention.skip.as_deref().filter(|reason| !reason.is_empty()).map(|reason| names.get(reason));
            extra.coref = mention.coref;
            extra.alternative = mention.type_alt.as_deref().map(|label| names.get(label));
            extra.score = mention.score;
        }
        if let (Some(surface), Some(_)) = (mention.surface.or(mention.text), &line.text) {
            surfaces.push((document.mentions.len(), surface.into_owned()));
        }
        document.mentions.push(placed);
    }
    document.coverage = Coverage {
        part: line.eval_span.map(|(start, end)| Span::new(start, end)),
        exhaustive: line.exhaustive.unwrap_or(true),
        types: line
            .types
            .filter(|types| !types.is_empty())
            .map(|types| types.iter().map(|kind| names.get(kind)).collect()),
        entities_partial: line.entity_annotation.as_deref() == Some("partial"),
    };
    document.text = line.text;
    (document, surfaces)
}

/// Writes the layout of the gold packs; offsets are code points.
pub(super) fn write_gold(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    for document in documents {
        losses.add_common(
            document,
            &[Kept::Entities, Kept::Links, Kept::Marks, Kept::Scores, Kept::Metadata, Kept::Coverage],
        );
        let map = OffsetMap::new(document.text(), OffsetUnit::Char);
        let place = |byte| map.from_byte(byte).unwrap_or(byte);
        let mention = |mention: &AnnotatedMention| {
            let mut object = Map::new();
            object.insert("start".to_owned(), place(mention.span.start).into());
            object.insert("end".to_owned(), place(mention.span.end).into());
            object.insert("type".to_owned(), json!(mention.label));
            object.insert("entity".to_owned(), json!(mention.entity));
            object.insert("surface".to_owned(), mention.span.of(document.text()).into());
            if let Some(link) = mention.link() {
                object.insert("link".to_owned(), json!(link));
            }
            if let Some(extra) = &mention.extra {
                let mut put = |key: &str, value: Option<Value>| {
                    if let Some(value) = value {
                        object.insert(key.to_owned(), value);
                    }
                };
                put("skip", extra.skip.as_ref().map(|reason| json!(reason)));
                put("coref", extra.coref.then_some(Value::Bool(true)));
                put("type_alt", extra.alternative.as_ref().map(|label| json!(label)));
                put("score", extra.score.map(|score| json!(score)));
            }
            Value::Object(object)
        };
        let mut line = document.metadata.clone();
        line.insert("id".to_owned(), document.id.clone().into());
        line.insert("text".to_owned(), document.text().into());
        line.insert("mentions".to_owned(), document.mentions.iter().map(mention).collect());
        if let Some(part) = document.coverage.part {
            line.insert("eval_span".to_owned(), json!([place(part.start), place(part.end)]));
        }
        if !document.coverage.exhaustive {
            line.insert("exhaustive".to_owned(), Value::Bool(false));
        }
        if let Some(types) = &document.coverage.types {
            line.insert("types".to_owned(), json!(types));
        }
        if document.coverage.entities_partial {
            line.insert("entity_annotation".to_owned(), "partial".into());
        }
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}

/// Writes `namesake/1`: mentions that do not overlap, of the four types, each in an entity.
pub(super) fn write_namesake(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Links, Kept::Scores, Kept::Metadata]);
        let map = OffsetMap::new(document.text(), OffsetUnit::Char);
        let place = |byte| map.from_byte(byte).unwrap_or(byte);
        let mut kept = document.clone();
        kept.mentions.sort_by_key(|mention| crate::eval::select::order(mention.span));
        let before = kept.mentions.len();
        let known = |label: &Name| crate::entity_type::EntityType::known(label).is_some();
        kept.mentions.retain(|mention| !mention.is_skipped() && mention.label.as_ref().is_some_and(known));
        losses.add(
            "mentions that are skipped or of a type other than PER, ORG, LOC and MISC",
            before - kept.mentions.len(),
        );
        let before = kept.mentions.len();
        let mut end = 0;
        kept.mentions.retain(|mention| {
            let free = mention.span.start >= end;
            end = if free { mention.span.end } else { end };
            free
        });
        losses.add("mentions inside another", before - kept.mentions.len());
        for (index, mention) in kept.mentions.iter_mut().enumerate() {
            mention.entity.get_or_insert_with(|| Name::from(format!("\u{0}{index}")));
        }
        let groups = chains::groups(&kept);
        let surface = |index: usize| kept.mentions[index].span.of(document.text());
        let score = |index: usize| kept.mentions[index].extra.as_ref().and_then(|extra| extra.score).unwrap_or(1.0);
        let id = |number: usize| format!("{}#{}", document.id, number + 1);
        let mut owner = vec![0; kept.mentions.len()];
        let mut entities = Vec::new();
        for (number, (_, mentions)) in groups.iter().enumerate() {
            for &mention in mentions {
                owner[mention] = number;
            }
            let mut forms: Vec<(String, usize)> = Vec::new();
            for &mention in mentions {
                let form = surface(mention).split_whitespace().collect::<Vec<_>>().join(" ");
                match forms.iter_mut().find(|known| known.0 == form) {
                    Some(known) => known.1 += 1,
                    None => forms.push((form, 1)),
                }
            }
            forms.sort_by_key(|form| std::cmp::Reverse(form.1));
            let longest = forms.iter().map(|form| &form.0).max_by_key(|form| form.chars().count());
            let mean = crate::eval::score::sum(mentions.iter().map(|&mention| score(mention)))
                / crate::eval::score::number(mentions.len());
            let mut entity = json!({
                "id": id(number), "name": longest, "type": kept.mentions[mentions[0]].label, "score": mean,
            });
            if let Some(link) = mentions.iter().find_map(|&mention| kept.mentions[mention].link()) {
                entity["knowledge_id"] = json!(link);
            }
            let alias = |form: &(String, usize)| json!({ "text": form.0, "count": form.1 });
            entity["aliases"] = forms.iter().map(alias).collect();
            entity["mentions"] = json!(mentions);
            entities.push(entity);
        }
        let mention = |(index, mention): (usize, &AnnotatedMention)| {
            json!({
                "start": place(mention.span.start), "end": place(mention.span.end), "text": surface(index),
                "type": mention.label, "score": score(index), "entity": id(owner[index]),
            })
        };
        let mentions: Vec<Value> = kept.mentions.iter().enumerate().map(mention).collect();
        let mut line = json!({ "schema": "namesake/1", "id": document.id, "offsets": "char", "text": document.text() });
        if !document.metadata.is_empty() {
            line["metadata"] = Value::Object(document.metadata.clone());
        }
        line["entities"] = entities.into();
        line["mentions"] = mentions.into();
        serde_json::to_writer(&mut *out, &line)?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
