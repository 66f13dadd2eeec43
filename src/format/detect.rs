//! Finding out the format of annotations: by the ending of the file and its first lines.

use super::Format;
use super::error::Fault;
use super::opened::Opened;
use serde_json::Value;
use std::io::{BufRead, Cursor, Read};

/// The format of an open file; what was looked at is read again by the reader that follows.
pub(super) fn detect(opened: &mut Opened) -> Result<Format, Fault> {
    if let Some(format) = opened.path.as_deref().and_then(|path| by_ending(&path.to_string_lossy())) {
        return Ok(format);
    }
    let mut looked_at = Vec::new();
    let format = by_content(&mut opened.reader, &mut looked_at);
    let rest = std::mem::replace(&mut opened.reader, Box::new(std::io::empty()));
    opened.reader = Box::new(Cursor::new(looked_at).chain(rest));
    format
}

fn by_ending(path: &str) -> Option<Format> {
    let path = path.to_lowercase();
    let path = [".gz", ".zst", ".bz2"].iter().find_map(|packed| path.strip_suffix(packed)).unwrap_or(&path);
    match path.rsplit_once('.')?.1 {
        "ttl" | "nt" => Some(Format::Nif),
        "ann" => Some(Format::Brat),
        ending => Format::from_ending(ending).filter(|format| *format == Format::Conll),
    }
}

/// Lines of JSON that are looked at: some of the first may hold no annotations.
const LINES: usize = 100;

fn by_content(reader: &mut dyn BufRead, start: &mut Vec<u8>) -> Result<Format, Fault> {
    let unknown = |reason: &str| Fault::UnknownFormat { reason: reason.to_owned() };
    // Enough for the first document of most files; a longer first line is read to its end.
    while start.trim_ascii().is_empty() {
        if reader.read_until(b'\n', start)? == 0 {
            return Err(Fault::Empty);
        }
    }
    let text = String::from_utf8_lossy(start).into_owned();
    let first = text.trim_start_matches('\u{feff}').trim();
    if first.starts_with("#FORMAT=WebAnno TSV 3") {
        return Ok(Format::WebAnno);
    }
    if first.starts_with("@prefix") || first.starts_with("@base") || first.starts_with("PREFIX") {
        return Ok(Format::Nif);
    }
    if first.starts_with(['{', '[']) {
        return match by_json(first, reader, start)? {
            Some(format) => Ok(format),
            None => Err(unknown(
                "its first JSON objects have none of the fields `mentions`, `ents`, `label`, `labels`, `entities`, \
                 `annotations`, `data`",
            )),
        };
    }
    if first.starts_with("-DOCSTART-") || first.split_whitespace().count() > 1 {
        return Ok(Format::Conll);
    }
    Err(unknown("neither its ending nor its first line tells its format"))
}

fn by_json(first: &str, reader: &mut dyn BufRead, start: &mut Vec<u8>) -> Result<Option<Format>, Fault> {
    let Ok(value) = serde_json::from_str(first) else {
        reader.read_to_end(start)?;
        let text = String::from_utf8_lossy(start);
        return match serde_json::from_str(text.trim_start_matches('\u{feff}')) {
            Ok(value) => Ok(of_json(&value)),
            Err(error) => Err(Fault::UnknownFormat { reason: format!("it begins like JSON, but is none ({error})") }),
        };
    };
    let mut format = of_json(&value);
    for _ in 1..LINES {
        let begin = start.len();
        if format.is_some() || reader.read_until(b'\n', start)? == 0 {
            break;
        }
        format = serde_json::from_slice(&start[begin..]).ok().as_ref().and_then(of_json);
    }
    Ok(format)
}

fn of_json(value: &Value) -> Option<Format> {
    let object = match value {
        Value::Array(list) => list.first()?.as_object()?,
        other => other.as_object()?,
    };
    let has = |field: &str| object.contains_key(field);
    let offsets_of_pipeline = |entities: &Value| {
        let first = entities.get(0).and_then(Value::as_object);
        first.is_some_and(|entity| entity.contains_key("start") && entity.contains_key("end"))
    };
    Some(match () {
        () if has("mentions") && (has("schema") || has("entities")) => Format::Namesake,
        () if has("mentions") => Format::Gold,
        () if has("ents") => Format::Spacy,
        () if has("data") || has("annotations") || has("predictions") => Format::LabelStudio,
        () if object.get("entities").is_some_and(offsets_of_pipeline) => Format::HuggingFace,
        () if has("label") || has("labels") || has("entities") => Format::Doccano,
        () => return None,
    })
}
