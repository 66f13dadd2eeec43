//! JSON lines: a line is an object with a text and perhaps an id; other fields are kept as metadata.

use super::ReadOptions;
use super::error::{Fault, InputError};
use super::lines::{BYTE_ORDER_MARK, decode, has_signature, read_line};
use super::opened::{Annotated, Opened};
use crate::annotation::AnnotatedDocument;
use crate::document::Document;
use serde_json::{Map, Value};
use std::io::BufRead;

/// Documents of one source, lazily.
pub(super) fn documents(opened: Opened, options: &ReadOptions) -> Annotated {
    let Opened { reader, name, .. } = opened;
    let documents = JsonlReader { reader, name, options: options.clone(), line: 0, failed: false };
    Box::new(documents.map(|document| document.map(|(document, line)| (AnnotatedDocument::new(document), line))))
}

struct JsonlReader {
    reader: Box<dyn BufRead + Send>,
    name: String,
    options: ReadOptions,
    line: u64,
    failed: bool,
}

impl Iterator for JsonlReader {
    type Item = Result<(Document, Option<u64>), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.failed {
            self.line += 1;
            match read_line(&mut self.reader, self.options.max_document_bytes, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if is_blank(&bytes) => {}
                Ok(true) if self.line == 1 && has_signature(&bytes) => {
                    // The file is no JSONL: one fault, not one for each piece between two bytes that look like breaks.
                    self.failed = true;
                    return decode(bytes).err().map(|fault| Err(fault.of(&self.name)));
                }
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
        let value: Value = serde_json::from_str(&line).map_err(|error| Fault::BadJson(reason(&error)))?;
        let Value::Object(mut fields) = value else { return Err(Fault::NotAnObject(kind_of(&value))) };
        let text = self.take_text(&mut fields)?;
        let id = self.take_id(&mut fields)?;
        Ok(Document { id, text, metadata: fields, ..Document::default() })
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
            Some(Value::Number(id)) if id.as_f64().is_some_and(|id| id.abs() > EXACT) && id.is_f64() => {
                Err(Fault::BadId { field: field.clone(), found: "a number too long to be kept exactly" })
            }
            Some(Value::Number(id)) => Ok(id.to_string()),
            None | Some(Value::Null) => Ok(format!("{}:{}", self.name, self.line)),
            Some(other) => Err(Fault::BadId { field: field.clone(), found: kind_of(&other) }),
        }
    }
}

/// Above 2^53 two whole numbers may be the same floating-point number.
const EXACT: f64 = 9_007_199_254_740_992.0;

fn is_blank(line: &[u8]) -> bool {
    line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(line).iter().all(u8::is_ascii_whitespace)
}

/// What `error` says, without its line: the parser sees one line only and takes it for the first.
pub(super) fn reason(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
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
        let options = ReadOptions::default().with_max_document_bytes(limit);
        JsonlReader { reader: Box::new(Cursor::new(bytes.to_vec())), name: "f".into(), options, line: 0, failed: false }
            .collect()
    }

    fn faults(bytes: &[u8]) -> Vec<String> {
        read(bytes, 1 << 10).into_iter().filter_map(Result::err).map(|error| error.to_string()).collect()
    }

    #[test]
    fn a_column_is_a_column_of_the_line() {
        let said = faults(b"{}\n{\"text\": \"Oslo\n");
        assert_eq!(said[1], "f:2: not valid JSON: EOF while parsing a string at column 14");
    }

    #[test]
    fn a_file_that_is_no_text_at_all_is_one_fault() {
        let said = faults(b"%PDF-1.7\n\xe2\n\n1 0\n");
        assert_eq!(said.len(), 1);
        assert!(said[0].starts_with("f: this is"), "{said:?}");
        assert_eq!(faults(b"{}\n%PDF-\n%PDF-\n").len(), 3);
    }

    #[test]
    fn blank_lines_are_passed_over_and_counted() {
        let found = read(b"\xef\xbb\xbf\r\n \n\n{\"text\": \"a\"}\n\n", 100);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].as_ref().unwrap(), &(Document::new("f:4", "a"), Some(4)));
    }

    #[test]
    fn an_id_is_a_string_or_a_number_that_is_kept_exactly() {
        let id = |id: &str| {
            read(format!("{{\"text\": \"\", \"id\": {id}}}").as_bytes(), 100).remove(0).map(|(document, _)| document.id)
        };
        for (given, kept) in [
            ("\"a b\"", "a b"),
            ("-7", "-7"),
            ("18446744073709551615", "18446744073709551615"),
            ("null", "f:1"),
            ("1.5", "1.5"),
        ] {
            assert_eq!(id(given).unwrap(), kept);
        }
        for given in ["[]", "true", "12345678901234567890123"] {
            assert!(matches!(id(given), Err(InputError { fault: Fault::BadId { .. }, .. })), "{given}");
        }
    }

    #[test]
    fn other_fields_are_handed_through() {
        let line = r#"{"text": "a", "id": 1, "when": 1700000000.1234567, "tags": [null, {"x": 0.1}], "ids": "b"}"#;
        let metadata = read(line.as_bytes(), 1000).remove(0).unwrap().0.metadata;
        let kept = serde_json::to_string(&metadata).unwrap();
        assert_eq!(kept, r#"{"ids":"b","tags":[null,{"x":0.1}],"when":1700000000.1234567}"#);
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
        fn numbers_are_kept_to_the_last_digit(number in any::<f64>()) {
            let line = serde_json::json!({"text": "", "number": number}).to_string();
            let metadata = read(line.as_bytes(), 1000).remove(0).unwrap().0.metadata;
            prop_assert_eq!(metadata["number"].as_f64(), Some(number));
        }

        #[test]
        fn what_is_written_is_read(texts in prop::collection::vec("(\\PC|[\r\n\0\"\\\\]){0,40}", 0..6)) {
            let lines: Vec<String> = texts.iter().map(|text| serde_json::json!({ "text": text }).to_string()).collect();
            let found: Vec<String> = read(lines.join("\r\n").as_bytes(), 1 << 20).into_iter().map(|found| found.unwrap().0.text).collect();
            prop_assert_eq!(found, texts);
        }
    }
}
