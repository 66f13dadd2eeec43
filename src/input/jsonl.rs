//! JSON lines: a line is an object with a text and perhaps an id; other fields are kept as metadata.

use super::InputOptions;
use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use crate::document::Document;
use serde_json::{Map, Value};
use std::io::BufRead;

/// Documents of one JSONL source, lazily.
pub(super) struct JsonlReader {
    pub(super) reader: Box<dyn BufRead + Send>,
    pub(super) name: String,
    pub(super) options: InputOptions,
    pub(super) line: u64,
    pub(super) failed: bool,
}

impl Iterator for JsonlReader {
    type Item = Result<(Document, Option<u64>), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.failed {
            self.line += 1;
            match read_line(&mut self.reader, self.options.max_document_bytes, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(true) => {
                    let document = self.parse(std::mem::take(&mut bytes));
                    let line = Some(self.line);
                    return Some(
                        document.map(|document| (document, line)).map_err(|fault| fault.at_line(&self.name, self.line)),
                    );
                }
                Err(fault) => {
                    // Past a long line reading can go on; past damage there is nothing to trust.
                    self.failed = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(fault.at_line(&self.name, self.line)));
                }
            }
        }
        None
    }
}

impl JsonlReader {
    fn parse(&self, line: Vec<u8>) -> Result<Document, Fault> {
        let line = decode(line)?;
        let value: Value = serde_json::from_str(&line).map_err(|error| Fault::BadJson(error.to_string()))?;
        let Value::Object(mut fields) = value else { return Err(Fault::NotAnObject(kind_of(&value))) };
        let text = self.take_text(&mut fields)?;
        let id = self.take_id(&mut fields)?;
        Ok(Document { id, text, metadata: fields, sentences: None })
    }

    fn take_text(&self, fields: &mut Map<String, Value>) -> Result<String, Fault> {
        let field = &self.options.text_field;
        match fields.remove(field) {
            Some(Value::String(text)) => Ok(text),
            Some(other) => Err(Fault::TextNotString { field: field.clone(), found: kind_of(&other) }),
            None => Err(Fault::NoText { field: field.clone() }),
        }
    }

    fn take_id(&self, fields: &mut Map<String, Value>) -> Result<String, Fault> {
        let field = &self.options.id_field;
        match fields.remove(field) {
            Some(Value::String(id)) => Ok(id),
            Some(Value::Number(id)) => Ok(id.to_string()),
            None | Some(Value::Null) => Ok(format!("{}:{}", self.name, self.line)),
            Some(other) => Err(Fault::BadId { field: field.clone(), found: kind_of(&other) }),
        }
    }
}

fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn read(bytes: &[u8], limit: usize) -> Vec<Result<(Document, Option<u64>), InputError>> {
        let options = InputOptions::default().with_max_document_bytes(limit);
        JsonlReader { reader: Box::new(Cursor::new(bytes.to_vec())), name: "f".into(), options, line: 0, failed: false }
            .collect()
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_the_next_one_read() {
        let bytes = format!("{{\"text\": \"{}\"}}\n{{\"text\": \"b\"}}", "a".repeat(100));
        let found = read(bytes.as_bytes(), 50);
        assert!(matches!(&found[0], Err(InputError { line: Some(1), fault: Fault::TooLong { limit: 50 }, .. })));
        assert_eq!(found[1].as_ref().unwrap().0, Document::new("f:2", "b"));
        assert_eq!(found.len(), 2);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec("(\\PC|[\r\n\0\"\\\\]){0,40}", 0..6)) {
            let lines: Vec<String> = texts.iter().map(|text| serde_json::json!({ "text": text }).to_string()).collect();
            let found: Vec<String> = read(lines.join("\r\n").as_bytes(), 1 << 20).into_iter().map(|found| found.unwrap().0.text).collect();
            prop_assert_eq!(found, texts);
        }
    }
}
