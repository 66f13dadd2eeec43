//! JSON Lines with gold entities: `mentions` with `start`, `end`, `type`, `entity`, and perhaps `surface`, `link`, `type_alt`,
//! `skip`, `coref`, `score`; of the document `eval_span`, `exhaustive`, `types`, `entity_annotation`. Other fields are its
//! metadata. `docs/evaluation.md` describes them.

use super::draft::Draft;
use super::error::{Fault, InputError};
use super::json::{id_of, numbered};
use super::jsonl::reason;
use super::lines::{BYTE_ORDER_MARK, read_line};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, ReadOptions};
use crate::annotation::{AnnotatedDocument, Coverage, Mark};
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use serde::de::{IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use std::borrow::Cow;
use std::io::Write;

/// A line. A visitor of its own, because flattening the unknown fields would copy every mention twice.
#[derive(Default)]
struct Line<'a> {
    id: Option<Value>,
    text: Option<String>,
    offsets: Option<OffsetUnit>,
    mentions: Option<Vec<RawMention<'a>>>,
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
    #[serde(borrow, default, rename = "type")]
    given_type: GivenType<'a>,
    #[serde(borrow)]
    label: Option<Cow<'a, str>>,
    #[serde(borrow)]
    entity_group: Option<Cow<'a, str>>,
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

impl RawMention<'_> {
    /// The type. Where there is a field `type`, even a null, a `label` is something else, such as the name of the entity.
    fn label(&self) -> Option<&str> {
        match &self.given_type {
            GivenType::Said(label) => label.as_deref(),
            GivenType::NotSaid => self.label.as_deref().or(self.entity_group.as_deref()),
        }
    }
}

/// The field `type`, which tells a null from nothing.
#[derive(Default)]
enum GivenType<'a> {
    #[default]
    NotSaid,
    Said(Option<Cow<'a, str>>),
}

impl<'de: 'a, 'a> Deserialize<'de> for GivenType<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(transparent)]
        struct Label<'a>(#[serde(borrow)] Option<Cow<'a, str>>);
        Ok(Self::Said(Label::deserialize(deserializer)?.0))
    }
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

/// Documents of one source, lazily.
pub(super) fn documents(opened: Opened, options: &ReadOptions) -> Annotated {
    let (unit, entity_links) = (options.unit, options.entity_links);
    let file = opened.file_name();
    Box::new(Lines { opened, file, unit, entity_links, line: 0, documents: 0, done: false })
}

struct Lines {
    opened: Opened,
    /// What documents without an id are called after.
    file: String,
    unit: Option<OffsetUnit>,
    entity_links: bool,
    line: u64,
    documents: usize,
    done: bool,
}

impl Iterator for Lines {
    type Item = Result<(AnnotatedDocument, Option<u64>), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.done {
            self.line += 1;
            match read_line(&mut self.opened.reader, self.opened.limit, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&bytes).trim_ascii().is_empty() => {}
                Ok(true) => {
                    self.documents += 1;
                    let document = self.parse(&bytes).map_err(|fault| fault.at_line(&self.opened.name, self.line));
                    return Some(document.map(|document| (document, Some(self.line))));
                }
                Err(fault) => {
                    self.done = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(fault.at_line(&self.opened.name, self.line)));
                }
            }
        }
        None
    }
}

impl Lines {
    fn parse(&self, bytes: &[u8]) -> Result<AnnotatedDocument, Fault> {
        let line = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
        let mut line: Line<'_> = serde_json::from_slice(line)
            .map_err(|error| Fault::Syntax(format!("not a document with mentions: {}", reason(&error))))?;
        let id = line.id.take().and_then(id_of).unwrap_or_else(|| numbered(&self.file, self.documents));
        let mut draft = Draft::new(id, self.unit.or(line.offsets).unwrap_or_default());
        let Some(mentions) = line.mentions.take() else {
            let reason = "the object has none of the fields `mentions`, `ents` (spaCy) and `entities` (Hugging Face)";
            return Err(Fault::Syntax(reason.to_owned()));
        };
        draft.reserve(mentions.len());
        for mention in mentions {
            self.add(mention, line.text.is_some(), &mut draft);
        }
        let document = draft.document();
        document.document.metadata = line.metadata;
        let types = line.types.filter(|types| !types.is_empty());
        let coverage = Coverage {
            part: line.eval_span.map(|(start, end)| Span::new(start, end)),
            exhaustive: line.exhaustive.unwrap_or(true),
            types: types.map(|types| types.iter().map(|label| EntityType::exact(label)).collect()),
            entities_partial: line.entity_annotation.as_deref() == Some("partial"),
        };
        if coverage != Coverage::FULL {
            document.extras_mut().coverage = coverage;
        }
        draft.finish(line.text)
    }

    fn add(&self, mention: RawMention<'_>, has_text: bool, draft: &mut Draft) {
        let number = draft.mention(Span::new(mention.start, mention.end), mention.label());
        if let Some(entity) = mention.entity.as_deref() {
            draft.entity(number, entity);
        }
        let entity_link = mention.entity.as_deref().filter(|entity| self.entity_links && !entity.starts_with("NIL"));
        if let Some(link) = mention.link.as_deref().or(entity_link) {
            draft.link(number, link);
        }
        if let Some(score) = mention.score {
            draft.score(number, score);
        }
        let skip = mention.skip.filter(|reason| !reason.is_empty());
        if skip.is_some() || mention.coref || mention.type_alt.is_some() {
            let mark = draft.mark(number);
            mark.skip = skip.map(Into::into);
            mark.coref = mention.coref;
            mark.alternative = mention.type_alt.as_deref().map(EntityType::exact);
        }
        if let (Some(surface), true) = (mention.surface.or(mention.text), has_text) {
            draft.surface(number, surface);
        }
    }
}

/// Writes the same layout; offsets are code points.
#[derive(Debug)]
pub(super) struct GoldWriter;

impl DocumentWriter for GoldWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        let kept = [Kept::Entities, Kept::Links, Kept::Marks, Kept::Scores, Kept::Metadata, Kept::Coverage];
        losses.add_common(annotated, &kept);
        let map = OffsetMap::new(annotated.text(), OffsetUnit::Char);
        let place = |byte| map.from_byte(byte).unwrap_or(byte);
        let owners = annotated.owners();
        let mentions = (0..annotated.mentions.len()).map(|index| mention(annotated, index, owners[index], place));
        let mut line = annotated.document.metadata.clone();
        line.insert("id".to_owned(), annotated.id().into());
        line.insert("text".to_owned(), annotated.text().into());
        line.insert("mentions".to_owned(), mentions.collect());
        let coverage = annotated.coverage();
        if let Some(part) = coverage.part {
            line.insert("eval_span".to_owned(), json!([place(part.start), place(part.end)]));
        }
        if !coverage.exhaustive {
            line.insert("exhaustive".to_owned(), Value::Bool(false));
        }
        if let Some(types) = &coverage.types {
            line.insert("types".to_owned(), json!(types));
        }
        if coverage.entities_partial {
            line.insert("entity_annotation".to_owned(), "partial".into());
        }
        serde_json::to_writer(&mut *out, &line).map_err(std::io::Error::from)?;
        out.write_all(b"\n")?;
        Ok(())
    }
}

fn mention(annotated: &AnnotatedDocument, index: usize, owner: Option<usize>, place: impl Fn(usize) -> usize) -> Value {
    let mention = &annotated.mentions[index];
    let mut object = Map::new();
    let mut put = |key: &str, value: Value| object.insert(key.to_owned(), value);
    put("start", place(mention.span.start).into());
    put("end", place(mention.span.end).into());
    let label = Some(mention.entity_type).filter(|label| *label != EntityType::UNTYPED);
    put("type", json!(label));
    put("entity", json!(owner.map(|owner| annotated.entity_key(owner))));
    put("surface", mention.span.of(annotated.text()).into());
    if let Some(link) = annotated.link(index, owner) {
        put("link", link.into());
    }
    if mention.score < 1.0 {
        put("score", shortest(mention.score));
    }
    if let Some(Mark { alternative, skip, coref, .. }) = annotated.mark(index) {
        if let Some(reason) = skip {
            put("skip", json!(reason));
        }
        if *coref {
            put("coref", Value::Bool(true));
        }
        if let Some(label) = alternative {
            put("type_alt", json!(label));
        }
    }
    Value::Object(object)
}

/// The shortest number that is this score, not the digits of a longer float that is.
pub(super) fn shortest(score: f32) -> Value {
    score.to_string().parse::<f64>().map_or(Value::Null, Value::from)
}
