//! Plain text: a file is a document.

use super::error::Fault;
use super::lines::decode;
use super::reader::{Annotated, Opened};
use crate::annotation::AnnotatedDocument;
use crate::document::Document;
use std::io::{BufRead, Read};

/// The one document of the source, called after it.
pub(super) fn documents(mut opened: Opened) -> Annotated {
    let text = opened.text().map_err(|fault| fault.of(&opened.name));
    let document = text.map(|text| (AnnotatedDocument::new(Document::new(opened.name, text)), None));
    Box::new(std::iter::once(document))
}

/// Everything in `reader`, at most `limit` bytes.
pub(super) fn read_all(reader: &mut dyn BufRead, limit: usize) -> Result<String, Fault> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(Fault::TooLong { limit });
    }
    decode(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<String, Fault> {
        read_all(&mut &bytes[..], 20)
    }

    #[test]
    fn a_text_arrives_as_it_is() {
        for text in ["", "Oslo\r\n\r\n", "a\0b", "😀 e\u{301}", "\u{feff}"] {
            let bytes = ["\u{feff}", text].concat();
            assert_eq!(read_bytes(bytes.as_bytes()).unwrap(), text, "after a byte-order mark");
        }
        assert_eq!(read_bytes("Oslo".as_bytes()).unwrap(), "Oslo");
    }

    #[test]
    fn length_is_counted_in_bytes() {
        assert!(read_bytes(&[b'a'; 20]).is_ok());
        assert!(matches!(read_bytes(&[b'a'; 21]), Err(Fault::TooLong { limit: 20 })));
    }
}
