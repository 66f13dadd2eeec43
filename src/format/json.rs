//! JSON documents, however they stand in their file: one a line, all in one list, or one object over many lines.

use super::error::{Fault, InputError};
use super::lines::{BYTE_ORDER_MARK, decode, read_line};
use super::opened::{Annotated, Opened};
use crate::annotation::AnnotatedDocument;
use serde_json::Value;
use std::io::Read;

/// A document that `take` makes of each JSON value, which gets the number of the document, counted from 1.
pub(super) fn documents(
    opened: Opened,
    mut take: impl FnMut(Value, usize) -> Result<AnnotatedDocument, Fault> + Send + 'static,
) -> Annotated {
    let name = opened.name.clone();
    let mut number = 0;
    Box::new(values(opened).map(move |value| {
        let (value, line) = value?;
        number += 1;
        let document = take(value, number).map_err(|fault| fault.at_line(&name, line))?;
        Ok((document, Some(line)))
    }))
}

/// An id, which may be a string or a number.
pub(super) fn id_of(id: Value) -> Option<String> {
    match id {
        Value::String(id) => Some(id),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// A file without ids names its documents after itself.
pub(super) fn numbered(file: &str, number: usize) -> String {
    format!("{file}#{number}")
}

type Values = Box<dyn Iterator<Item = Result<(Value, u64), InputError>> + Send>;

/// The values with their lines; in a list, with their numbers.
fn values(mut opened: Opened) -> Values {
    let mut line = 0;
    let mut first = Vec::new();
    while is_blank(&first) {
        line += 1;
        match read_line(&mut opened.reader, opened.limit, &mut first) {
            Ok(true) => {}
            Ok(false) => return Box::new(std::iter::empty()),
            Err(fault) => return once(Err(fault.at_line(&opened.name, line))),
        }
    }
    let first = first.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&first).to_vec();
    if !first.trim_ascii_start().starts_with(b"[")
        && let Ok(value) = serde_json::from_slice(&first)
    {
        return Box::new(std::iter::once(Ok((value, line))).chain(lines(opened, line)));
    }
    whole(opened, first)
}

fn lines(mut opened: Opened, mut line: u64) -> impl Iterator<Item = Result<(Value, u64), InputError>> + Send {
    let mut done = false;
    std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        while !done {
            line += 1;
            match read_line(&mut opened.reader, opened.limit, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if is_blank(&bytes) => {}
                Ok(true) => {
                    let value = serde_json::from_slice(&bytes).map_err(|error| syntax(&error));
                    return Some(value.map(|value| (value, line)).map_err(|fault| fault.at_line(&opened.name, line)));
                }
                Err(fault) => {
                    done = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(fault.at_line(&opened.name, line)));
                }
            }
        }
        None
    })
}

fn whole(mut opened: Opened, mut bytes: Vec<u8>) -> Values {
    bytes.push(b'\n');
    let name = opened.name.clone();
    let read = opened.reader.read_to_end(&mut bytes).map_err(Fault::from).and_then(|_| decode(bytes));
    let text = match read {
        Ok(text) => text,
        Err(fault) => return once(Err(fault.of(&name))),
    };
    match serde_json::from_str(&text) {
        Ok(Value::Array(list)) => Box::new((1..).zip(list).map(|(number, value)| Ok((value, number)))),
        Ok(value) => once(Ok((value, 1))),
        Err(error) => once(Err(syntax(&error).at_line(&name, error.line() as u64))),
    }
}

fn once(value: Result<(Value, u64), InputError>) -> Values {
    Box::new(std::iter::once(value))
}

fn syntax(error: &serde_json::Error) -> Fault {
    Fault::Syntax(format!("not the JSON that was expected: {error}"))
}

fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).trim_ascii().is_empty()
}
