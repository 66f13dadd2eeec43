//! The document that enters the pipeline, and positions in its text.
//!
//! Inside the crate every position is a byte offset. Users count in other units (Python in code points, JavaScript and
//! Java in UTF-16 units), so [`OffsetMap`] converts at the two ends, where documents are read and results are written.

use serde::{Deserialize, Serialize};

/// Fields that came with a document and are handed through to the output untouched.
pub type Metadata = serde_json::Map<String, serde_json::Value>;

/// A text to read, with its identifier.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Document {
    /// Identifier, unique within one run.
    pub id: String,
    /// The text exactly as given; every [`Span`] points into it.
    pub text: String,
    /// Other fields of the source, kept as they were.
    pub metadata: Metadata,
    /// Sentences of tokens, where the source is tokenised already (CoNLL). The tagger then labels exactly these tokens.
    pub sentences: Option<Vec<Vec<Span>>>,
    /// Where it was read: the path of a file, `-` for standard input; empty where nobody said.
    pub source: String,
}

impl Document {
    /// A document with a text and nothing else.
    #[must_use]
    pub fn new(id: impl Into<String>, text: impl Into<String>) -> Self {
        Self { id: id.into(), text: text.into(), ..Self::default() }
    }
}

impl AsRef<Document> for Document {
    fn as_ref(&self) -> &Document {
        self
    }
}

/// A stretch of a text in bytes, end exclusive.
///
/// Invariant: `start < end`, and both lie on character boundaries of the text that the span was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// A span; the caller vouches for the invariant.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// The piece of `text` that the span covers; empty if the span was not made for this text.
    #[must_use]
    pub fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    /// What mentions are sorted by: their start; the longer of two comes first.
    #[must_use]
    pub const fn order(self) -> (usize, std::cmp::Reverse<usize>) {
        (self.start, std::cmp::Reverse(self.end))
    }

    /// Whether the two spans share at least one byte.
    #[must_use]
    pub const fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }
}

/// The unit in which offsets are read or written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OffsetUnit {
    /// Unicode code points, as Python counts.
    #[default]
    Char,
    /// UTF-8 bytes, as Rust and Go count.
    Byte,
    /// UTF-16 code units, as JavaScript, Java and C# count.
    Utf16,
}

impl OffsetUnit {
    fn width(self, c: char) -> usize {
        match self {
            Self::Char => 1,
            Self::Byte => c.len_utf8(),
            Self::Utf16 => c.len_utf16(),
        }
    }
}

/// Converts between byte offsets of one text and another unit, in time that does not grow with the text.
///
/// ```
/// use namesake::document::{OffsetMap, OffsetUnit};
/// let text = "Zürich 🏔 Bern";
/// let chars = OffsetMap::new(text, OffsetUnit::Char);
/// let bern = text.find("Bern").unwrap();
/// assert_eq!(chars.from_byte(bern), Some(9));
/// assert_eq!(chars.to_byte(9), Some(bern));
/// assert_eq!(OffsetMap::new(text, OffsetUnit::Utf16).from_byte(bern), Some(10));
/// ```
#[derive(Debug)]
pub struct OffsetMap<'a> {
    text: &'a str,
    unit: OffsetUnit,
    /// Offset in `unit` at every multiple of [`STRIDE`] bytes (rounded up to a character); empty if both units agree.
    checkpoints: Vec<(usize, usize)>,
}

/// Bytes between two checkpoints: short enough to scan, long enough that the table stays below 2 % of the text.
const STRIDE: usize = 1024;

impl<'a> OffsetMap<'a> {
    /// Prepares the conversion; one pass over the text, none if it is ASCII or the unit is bytes.
    #[must_use]
    pub fn new(text: &'a str, unit: OffsetUnit) -> Self {
        let mut checkpoints = Vec::new();
        if unit != OffsetUnit::Byte && !text.is_ascii() {
            let mut offset = 0;
            for (byte, c) in text.char_indices() {
                if byte >= checkpoints.len() * STRIDE {
                    checkpoints.push((byte, offset));
                }
                offset += unit.width(c);
            }
        }
        Self { text, unit, checkpoints }
    }

    /// The offset in the map's unit of byte offset `byte`; `None` if that is beyond the text or inside a character.
    #[must_use]
    pub fn from_byte(&self, byte: usize) -> Option<usize> {
        if !self.text.is_char_boundary(byte) {
            return None;
        }
        let Some(&(start, offset)) = self.checkpoint(|checkpoint| checkpoint.0 <= byte) else {
            return Some(byte);
        };
        Some(offset + self.text.get(start..byte)?.chars().map(|c| self.unit.width(c)).sum::<usize>())
    }

    /// The byte offset of `offset` in the map's unit; `None` if that is beyond the text or inside a character.
    #[must_use]
    pub fn to_byte(&self, offset: usize) -> Option<usize> {
        let Some(&(start, mut at)) = self.checkpoint(|checkpoint| checkpoint.1 <= offset) else {
            return self.text.is_char_boundary(offset).then_some(offset);
        };
        for (byte, c) in self.text.get(start..)?.char_indices() {
            if at >= offset {
                return (at == offset).then_some(start + byte);
            }
            at += self.unit.width(c);
        }
        (at == offset).then_some(self.text.len())
    }

    /// The last checkpoint for which `before` holds.
    fn checkpoint(&self, before: impl Fn(&(usize, usize)) -> bool) -> Option<&(usize, usize)> {
        self.checkpoints.partition_point(before).checked_sub(1).and_then(|index| self.checkpoints.get(index))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_boundary_survives_the_round_trip(text in "(\\PC|[a-zé😀\u{301}\r\n]){0,3000}") {
            for unit in [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16] {
                let map = OffsetMap::new(&text, unit);
                let mut expected = 0;
                for (byte, c) in text.char_indices() {
                    prop_assert_eq!(map.from_byte(byte), Some(expected));
                    prop_assert_eq!(map.to_byte(expected), Some(byte));
                    expected += unit.width(c);
                }
                prop_assert_eq!(map.from_byte(text.len()), Some(expected));
                prop_assert_eq!(map.to_byte(expected), Some(text.len()));
                prop_assert_eq!(map.to_byte(expected + 1), None);
            }
        }
    }

    #[test]
    fn the_middle_of_a_character_is_no_offset() {
        let map = OffsetMap::new("a😀b", OffsetUnit::Utf16);
        assert_eq!(map.to_byte(2), None);
        assert_eq!(map.from_byte(3), None);
    }
}
