//! Texts in UTF-16, as Windows programs write them, turned into UTF-8 as they are read.

use std::io::{self, BufRead, Read};

/// The two byte orders of UTF-16, by the mark that a file begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ByteOrder {
    Little,
    Big,
}

impl ByteOrder {
    /// The byte order of a stream that starts with `bytes`, if they are the mark of UTF-16.
    pub(super) fn of_mark(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0xff, 0xfe, ..] => Some(Self::Little),
            [0xfe, 0xff, ..] => Some(Self::Big),
            _ => None,
        }
    }
}

/// Half of a character stands alone, or the last byte does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("half a character at byte {byte}")]
pub(super) struct HalfCharacter {
    byte: u64,
}

/// Reads UTF-16 and gives UTF-8, without the mark.
pub(super) struct Utf16Reader<R> {
    reader: R,
    order: ByteOrder,
    /// Bytes read so far.
    at: u64,
    /// The unit after a high surrogate that was none of its own.
    waiting: Option<u16>,
    /// UTF-8 that found no room yet.
    ready: Vec<u8>,
}

impl<R: BufRead> Utf16Reader<R> {
    /// `reader` stands before the mark.
    pub(super) fn new(mut reader: R, order: ByteOrder) -> Self {
        reader.consume(2);
        Self { reader, order, at: 2, waiting: None, ready: Vec::new() }
    }

    fn unit(&mut self) -> io::Result<Option<u16>> {
        if let Some(unit) = self.waiting.take() {
            return Ok(Some(unit));
        }
        let mut bytes = [0; 2];
        let mut filled = 0;
        while filled < 2 {
            match self.reader.read(&mut bytes[filled..])? {
                0 if filled == 0 => return Ok(None),
                0 => return Err(self.half()),
                count => filled += count,
            }
        }
        self.at += 2;
        Ok(Some(match self.order {
            ByteOrder::Little => u16::from_le_bytes(bytes),
            ByteOrder::Big => u16::from_be_bytes(bytes),
        }))
    }

    fn half(&self) -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, HalfCharacter { byte: self.at })
    }

    fn character(&mut self) -> io::Result<Option<char>> {
        let Some(first) = self.unit()? else { return Ok(None) };
        let decoded = match char::decode_utf16([first]).next() {
            Some(Ok(c)) => Some(c),
            _ => match self.unit()? {
                Some(second) => char::decode_utf16([first, second]).next().and_then(Result::ok),
                None => None,
            },
        };
        decoded.map(Some).ok_or_else(|| self.half())
    }
}

impl<R: BufRead> Read for Utf16Reader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.ready.len() < buffer.len() {
            let Some(c) = self.character()? else { break };
            self.ready.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        let count = buffer.len().min(self.ready.len());
        buffer[..count].copy_from_slice(&self.ready[..count]);
        self.ready.drain(..count);
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn decode(bytes: &[u8]) -> io::Result<String> {
        let order = ByteOrder::of_mark(bytes).unwrap();
        let mut text = String::new();
        Utf16Reader::new(bytes, order).read_to_string(&mut text)?;
        Ok(text)
    }

    #[test]
    fn half_a_character_is_an_error_that_says_where() {
        for bytes in [&b"\xff\xfea"[..], b"\xff\xfe\x00\xd8", b"\xff\xfe\x00\xd8a\0", b"\xff\xfe\x00\xdca\0"] {
            assert!(decode(bytes).unwrap_err().to_string().starts_with("half a character at byte"), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn every_text_comes_back_in_either_order(text in "(\\PC|[\n😀é]){0,60}") {
            for (mark, bytes) in [(0xfeff_u16.to_le_bytes(), u16::to_le_bytes as fn(u16) -> [u8; 2]), (0xfeff_u16.to_be_bytes(), u16::to_be_bytes)] {
                let encoded: Vec<u8> = mark.into_iter().chain(text.encode_utf16().flat_map(bytes)).collect();
                prop_assert_eq!(decode(&encoded).unwrap(), text.as_str());
            }
        }
    }
}
