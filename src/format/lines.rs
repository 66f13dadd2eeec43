//! Lines of bytes of bounded length, and what both text and lines need: telling text from other bytes.

use super::error::Fault;
use std::io::{self, BufRead, Read as _};

/// What some programs put before a UTF-8 text.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Reads a line into `line`, without its line break; `Ok(false)` at the end.
///
/// A line longer than `limit` is skipped without being held in memory.
pub(crate) fn read_line(reader: &mut dyn BufRead, limit: usize, line: &mut Vec<u8>) -> Result<bool, Fault> {
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
pub(crate) fn decode(mut bytes: Vec<u8>) -> Result<String, Fault> {
    if is_binary(&bytes) {
        return Err(Fault::Binary);
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
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

/// Whether `bytes` begin like a format that is no text from its first byte to its last.
pub(crate) fn has_signature(bytes: &[u8]) -> bool {
    SIGNATURES.iter().any(|signature| bytes.starts_with(signature))
}

/// Whether `bytes` begin like a known binary format or are NUL for a good part. A text with a few NULs is a text.
fn is_binary(bytes: &[u8]) -> bool {
    let start = &bytes[..bytes.len().min(8192)];
    has_signature(start) || start.split(|&byte| byte == 0).count() * 4 > start.len() + 4
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lines(bytes: &[u8], limit: usize) -> Vec<Option<Vec<u8>>> {
        let mut reader = io::BufReader::with_capacity(3, bytes);
        let (mut found, mut line) = (Vec::new(), Vec::new());
        loop {
            match read_line(&mut reader, limit, &mut line) {
                Ok(true) => found.push(Some(line.clone())),
                Ok(false) => return found,
                Err(_) => found.push(None),
            }
        }
    }

    #[test]
    fn lines_end_in_either_way() {
        let expected = ["a", "", "b\rc", "d"].map(|line| Some(line.as_bytes().to_vec()));
        assert_eq!(lines(b"a\n\r\nb\rc\r\nd", 10), expected);
        assert!(lines(b"", 10).is_empty());
    }

    #[test]
    fn a_line_over_the_limit_is_left_out() {
        assert_eq!(lines(b"1234\n12345\n12345", 4), [Some(b"1234".to_vec()), None, None]);
    }

    #[test]
    fn bytes_that_are_no_text_are_named() {
        assert!(matches!(decode(b"caf\xe9".to_vec()), Err(Fault::NotUtf8 { byte: 3 })));
        assert!(matches!(decode(b"%PDF-1.7\n".to_vec()), Err(Fault::Binary)));
        assert!(matches!(decode(b"\0\0a\0\0\0".to_vec()), Err(Fault::Binary)));
        assert!(matches!(decode(b"a long enough start\0 \xe9".to_vec()), Err(Fault::Binary)));
        assert_eq!(decode(b"a few\0 are text".to_vec()).unwrap(), "a few\0 are text");
        assert_eq!(decode(b"\xef\xbb\xbfOslo".to_vec()).unwrap(), "Oslo");
    }

    proptest! {
        #[test]
        fn every_text_is_read_as_it_is(text in "[^\u{feff}\0%PG]\\PC{0,40}") {
            prop_assert_eq!(decode(text.clone().into_bytes()).unwrap(), text);
        }

        #[test]
        fn lines_and_breaks_make_the_file_again(parts in prop::collection::vec("[a-z\r]{0,9}[a-z]", 0..9)) {
            let expected: Vec<_> = parts.iter().map(|part| Some(part.clone().into_bytes())).collect();
            prop_assert_eq!(lines(parts.join("\n").as_bytes(), 20), expected);
        }
    }
}
