//! Opening files, and finding out what format they have.

use super::{Corpus, Format, FormatError};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::Annotation;
use flate2::bufread::MultiGzDecoder;
use serde_json::Value;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

/// Opens a file, `-` for standard input, unpacked if it is gzip.
pub(super) fn open(path: &Path) -> Result<Box<dyn BufRead>, FormatError> {
    let fail = |source| FormatError::Read { path: path.to_owned(), source };
    let raw: Box<dyn Read> =
        if path.as_os_str() == "-" { Box::new(io::stdin()) } else { Box::new(File::open(path).map_err(fail)?) };
    let mut reader = BufReader::with_capacity(1 << 16, raw);
    let packed = reader.fill_buf().map_err(fail)?.starts_with(&[0x1f, 0x8b]);
    Ok(if packed { Box::new(BufReader::new(MultiGzDecoder::new(reader))) } else { Box::new(reader) })
}

/// The name of a file without folder, for ids of documents that have none.
pub(super) fn name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// The format of a file, by its ending and its first lines.
pub(super) fn detect(path: &Path) -> Result<Format, FormatError> {
    let unknown = |reason: &str| FormatError::Unknown { path: path.to_owned(), reason: reason.to_owned() };
    if path.is_dir() {
        return Ok(Format::Brat);
    }
    if path.as_os_str() == "-" {
        return Err(unknown("the format of standard input cannot be looked up"));
    }
    let ending = path.to_string_lossy().to_lowercase();
    let ending = ending.strip_suffix(".gz").unwrap_or(&ending);
    match ending.rsplit_once('.').map_or("", |(_, ending)| ending) {
        "ttl" | "nt" => return Ok(Format::Nif),
        "ann" => return Ok(Format::Brat),
        "conll" | "iob" | "iob2" | "bio" | "bioes" | "bilou" => return Ok(Format::Conll),
        _ => {}
    }
    let mut start = String::new();
    // Enough for the first document of most files; a longer first line is read to its end.
    let mut reader = open(path)?;
    let fail = |source| FormatError::Read { path: path.to_owned(), source };
    while start.trim().is_empty() {
        if reader.read_line(&mut start).map_err(fail)? == 0 {
            return Err(unknown("the file is empty"));
        }
    }
    let first = start.trim_start_matches('\u{feff}').trim();
    if first.starts_with("#FORMAT=WebAnno TSV 3") {
        return Ok(Format::WebAnno);
    }
    if first.starts_with("@prefix") || first.starts_with("@base") || first.starts_with("PREFIX") {
        return Ok(Format::Nif);
    }
    if first.starts_with(['{', '[']) {
        let value: Value = if let Ok(value) = serde_json::from_str(first) {
            value
        } else {
            reader.read_to_string(&mut start).map_err(fail)?;
            serde_json::from_str(start.trim_start_matches('\u{feff}'))
                .map_err(|error| unknown(&format!("it begins like JSON, but is none ({error})")))?
        };
        return json_format(&value).ok_or_else(|| {
            unknown("its first JSON object has none of the fields `mentions`, `ents`, `label`, `labels`, `entities`, `annotations`, `data`")
        });
    }
    if first.starts_with("-DOCSTART-") || first.split_whitespace().count() > 1 {
        return Ok(Format::Conll);
    }
    Err(unknown("neither its ending nor its first line tells its format"))
}

fn json_format(value: &Value) -> Option<Format> {
    let object = match value {
        Value::Array(list) => list.first()?.as_object()?,
        other => other.as_object()?,
    };
    let has = |field: &str| object.contains_key(field);
    Some(match () {
        () if has("schema") && has("mentions") => Format::Namesake,
        () if has("mentions") => Format::Gold,
        () if has("ents") => Format::Spacy,
        () if has("data") || has("annotations") || has("predictions") => Format::LabelStudio,
        () if has("label") || has("labels") || has("entities") => Format::Doccano,
        () => return None,
    })
}

/// Reads documents that stand one a line, or all in one JSON list, or in one object over many lines.
pub(super) fn json_documents(
    path: &Path,
    mut take: impl FnMut(Value, usize) -> Result<(), FormatError>,
) -> Result<(), FormatError> {
    let text = super::read_all(open(path)?, path)?;
    let syntax = |line: usize, error: &serde_json::Error| FormatError::Syntax {
        path: path.to_owned(),
        line,
        reason: format!("not the JSON that was expected: {error}"),
    };
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let whole = text.trim_start().starts_with('[') || serde_json::from_str::<Value>(first).is_err();
    if whole {
        if text.trim().is_empty() {
            return Ok(());
        }
        let value: Value = serde_json::from_str(&text).map_err(|error| syntax(error.line(), &error))?;
        let documents = if let Value::Array(list) = value { list } else { vec![value] };
        return documents.into_iter().enumerate().try_for_each(|(index, value)| take(value, index + 1));
    }
    for (index, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        take(serde_json::from_str(line).map_err(|error| syntax(index + 1, &error))?, index + 1)?;
    }
    Ok(())
}

/// A mention's own idea of its text, by the mention's number.
pub(super) type Surfaces = Vec<(usize, String)>;

/// Converts the offsets of a document that has its text, and compares the surfaces.
pub(super) fn place(
    document: &mut Annotation,
    surfaces: &Surfaces,
    path: &Path,
    line: usize,
) -> Result<(), FormatError> {
    let Some(text) = document.text.take() else { return Ok(()) };
    let given: Vec<Span> = document.mentions.iter().map(|mention| mention.span).collect();
    let unit = document.unit;
    let hint = || other_unit(&text, unit, &given, surfaces);
    let placed = document.place(&text);
    placed.map_err(|span| FormatError::Span {
        path: path.to_owned(),
        line,
        id: document.id.clone(),
        span,
        hint: hint(),
    })?;
    for (index, expected) in surfaces {
        let Some(mention) = document.mentions.get(*index) else { continue };
        let found = mention.span.of(&text);
        if found != expected {
            return Err(FormatError::Surface {
                path: path.to_owned(),
                line,
                id: document.id.clone(),
                span: given[*index],
                expected: expected.as_str().into(),
                found: found.into(),
                hint: hint(),
            });
        }
    }
    document.text = Some(text);
    Ok(())
}

/// Advice, if all spans and surfaces fit in another unit.
fn other_unit(text: &str, unit: OffsetUnit, spans: &[Span], surfaces: &Surfaces) -> &'static str {
    let fits = |unit| {
        let map = OffsetMap::new(text, unit);
        let place = |span: &Span| {
            let placed = Span::new(map.to_byte(span.start)?, map.to_byte(span.end)?);
            (placed.start < placed.end).then_some(placed)
        };
        spans.iter().all(|span| place(span).is_some())
            && surfaces
                .iter()
                .all(|(index, surface)| spans.get(*index).and_then(place).is_some_and(|span| span.of(text) == surface))
    };
    let advice = [
        (OffsetUnit::Char, "; they fit as code points: --offsets char"),
        (OffsetUnit::Utf16, "; they fit as UTF-16 units: --offsets utf16"),
        (OffsetUnit::Byte, "; they fit as bytes: --offsets byte"),
    ];
    advice.iter().find(|(other, _)| *other != unit && fits(*other)).map_or("", |(_, advice)| advice)
}

/// Adds a document that may lack an id, which is then made from the file's name and the document's number.
pub(super) fn push(corpus: &mut Corpus, mut document: Annotation, id: Option<String>, path: &Path) {
    document.id = id.unwrap_or_else(|| format!("{}#{}", name(path), corpus.documents.len() + 1));
    corpus.documents.push(document);
}
