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
