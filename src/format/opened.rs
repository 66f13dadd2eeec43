//! A source that is open, and what readers make of it.

use super::ReadOptions;
use super::error::{Fault, InputError};
use super::lines::decode;
use super::open::Source;
use crate::annotation::AnnotatedDocument;
use std::io::{BufRead, Read};
use std::path::{Path, PathBuf};

/// Documents of one source, each with its line where several share a file.
pub(super) type Annotated = Box<dyn Iterator<Item = Result<(AnnotatedDocument, Option<u64>), InputError>> + Send>;

/// A source that is open, for the reader of its format.
pub(super) struct Opened {
    pub(super) reader: Box<dyn BufRead + Send>,
    /// As messages and ids name it.
    pub(super) name: String,
    /// The path, unless it is standard input.
    pub(super) path: Option<PathBuf>,
    /// Bytes that one document or line may have.
    pub(super) limit: usize,
}

impl Opened {
    pub(super) fn new(source: &Source, reader: Box<dyn BufRead + Send>, options: &ReadOptions) -> Self {
        let path = source.path().map(Path::to_owned);
        Self { reader, name: source.name.clone(), path, limit: options.max_document_bytes }
    }

    /// The name of the file without its folder, for ids of documents that have none.
    pub(super) fn file_name(&self) -> String {
        let name = self.path.as_deref().and_then(Path::file_name);
        name.map_or_else(|| self.name.clone(), |name| name.to_string_lossy().into_owned())
    }

    /// All of it as text.
    pub(super) fn text(&mut self) -> Result<String, Fault> {
        read_all(&mut self.reader, self.limit)
    }
}

/// What is wanted of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// Its texts and tokens; what its annotations say is not looked at.
    Texts,
    /// All of it.
    Annotations,
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
