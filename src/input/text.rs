//! Plain text: a file is a document.

use super::error::Fault;
use super::lines::decode;
use crate::document::Document;
use std::io::{BufRead, Read};

/// Reads everything in `reader` as the text of one document called `id`.
pub(super) fn read(reader: &mut dyn BufRead, id: &str, limit: usize) -> Result<Document, Fault> {
    let mut bytes = Vec::new();
    reader.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > limit {
        return Err(Fault::TooLong { limit });
    }
    Ok(Document::new(id, decode(bytes)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_bytes(bytes: &[u8]) -> Result<Document, Fault> {
        read(&mut &bytes[..], "a.txt", 20)
    }

    #[test]
    fn a_text_arrives_as_it_is() {
        for text in ["", "Oslo\r\n\r\n", "a\0b", "😀 e\u{301}", "\u{feff}"] {
            let bytes = ["\u{feff}", text].concat();
            assert_eq!(read_bytes(bytes.as_bytes()).unwrap(), Document::new("a.txt", text), "after a byte-order mark");
        }
        assert_eq!(read_bytes("Oslo".as_bytes()).unwrap().text, "Oslo");
    }

    #[test]
    fn length_is_counted_in_bytes() {
        assert!(read_bytes(&[b'a'; 20]).is_ok());
        assert!(matches!(read_bytes(&[b'a'; 21]), Err(Fault::TooLong { limit: 20 })));
    }
}
