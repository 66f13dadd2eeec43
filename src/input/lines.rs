//! Lines of bytes of bounded length, and what both text and lines need: telling text from other bytes.

use super::error::Fault;
use std::io::{self, BufRead, Read as _};

/// Reads a line into `line`, without its line break; `Ok(false)` at the end.
///
/// A line longer than `limit` is skipped without being held in memory.
pub(super) fn read_line(reader: &mut dyn BufRead, limit: usize, line: &mut Vec<u8>) -> Result<bool, Fault> {
    line.clear();
    let mut reader = reader;
    let read = (&mut reader).take(limit as u64 + 1).read_until(b'\n', line)?;
    if read == 0 {
        return Ok(false);
    }
    if line.last() == Some(&b'\n') {
        line.pop();
        if line.last() == Some(&b'\r') {
            line.pop();
        }
    } else if line.len() > limit {
        line.clear();
        skip_line(reader)?;
        return Err(Fault::TooLong { limit });
    }
    Ok(true)
}

fn skip_line(reader: &mut dyn BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        let end = buffer.iter().position(|&byte| byte == b'\n');
        let (used, done) = end.map_or((buffer.len(), buffer.is_empty()), |at| (at + 1, true));
        reader.consume(used);
        if done {
            return Ok(());
        }
    }
}

/// The text in `bytes`, without a byte-order mark, or what they are instead.
pub(super) fn decode(mut bytes: Vec<u8>) -> Result<String, Fault> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(Fault::Utf16);
    }
    if is_binary(&bytes) {
        return Err(Fault::Binary);
    }
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    String::from_utf8(bytes).map_err(|error| {
        // A NUL beside invalid UTF-8 is no text in another encoding.
        if error.as_bytes().contains(&0) {
            Fault::Binary
        } else {
            Fault::NotUtf8 { byte: error.utf8_error().valid_up_to() }
        }
    })
}

/// Signatures of formats that people pass by mistake.
const SIGNATURES: [&[u8]; 8] = [
    b"%PDF-",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"SQLite format 3\0",
    b"\xd0\xcf\x11\xe0",
];

/// Whether `bytes` begin like a known binary format or are NUL for a good part. A text with a few NULs is a text.
fn is_binary(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(8192)];
    SIGNATURES.iter().any(|signature| start.starts_with(signature))
        || start.split(|&byte| byte == 0).count() * 4 > start.len() + 4
}
