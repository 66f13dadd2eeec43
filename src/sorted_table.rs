//! Tables that are searched where they lie: rows sorted by key in one block of bytes, which a program holds or embeds. Nothing
//! is read when one is opened, so that a large table costs a start no time.
//!
//! A block holds several tables: their number, the place of each, and for each the number of its rows, the places of the
//! rows, and the rows: key, a zero byte, value. Numbers are 32 bits, little-endian. The build script writes blocks too, so this file
//! stands alone.

use std::collections::BTreeMap;

/// Rows before they are laid out: for each key, the parts of its value.
pub(crate) type Rows = BTreeMap<String, Vec<u8>>;

/// Lays tables out as one block.
pub(crate) fn lay_out(tables: &[Rows]) -> Vec<u8> {
    let number = |value: usize| u32::try_from(value).unwrap_or(u32::MAX).to_le_bytes();
    let head = 4 * (tables.len() + 2);
    let (mut places, mut body) = (Vec::new(), Vec::new());
    places.extend(number(tables.len()));
    for rows in tables {
        places.extend(number(head + body.len()));
        body.extend(number(rows.len()));
        let mut end = 0;
        body.extend(number(0));
        for (key, value) in rows {
            end += key.len() + 1 + value.len();
            body.extend(number(end));
        }
        for (key, value) in rows {
            body.extend(key.as_bytes());
            body.push(0);
            body.extend(value);
        }
    }
    places.extend(number(head + body.len()));
    places.extend(body);
    places
}

/// One table of a block.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SortedTable<'a> {
    count: usize,
    offsets: &'a [u8],
    rows: &'a [u8],
}

impl<'a> SortedTable<'a> {
    /// The table with this number; an empty one, if the block has none.
    pub(crate) fn open(block: &'a [u8], number: usize) -> Self {
        Self::find(block, number).unwrap_or(Self { count: 0, offsets: &[], rows: &[] })
    }

    fn find(block: &'a [u8], number: usize) -> Option<Self> {
        if number >= integer(block, 0)? {
            return None;
        }
        let table = block.get(integer(block, number + 1)?..integer(block, number + 2)?)?;
        let count = integer(table, 0)?;
        let (offsets, rows) = table.get(4..)?.split_at_checked(4 * (count + 1))?;
        Some(Self { count, offsets, rows })
    }

    fn row(&self, number: usize) -> Option<(&'a [u8], &'a [u8])> {
        let row = self.rows.get(integer(self.offsets, number)?..integer(self.offsets, number + 1)?)?;
        let end = row.iter().position(|byte| *byte == 0)?;
        Some((&row[..end], &row[end + 1..]))
    }

    /// The value of a key.
    pub(crate) fn get(&self, key: &str) -> Option<&'a [u8]> {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = usize::midpoint(low, high);
            let (found, value) = self.row(middle)?;
            match found.cmp(key.as_bytes()) {
                std::cmp::Ordering::Equal => return Some(value),
                std::cmp::Ordering::Less => low = middle + 1,
                std::cmp::Ordering::Greater => high = middle,
            }
        }
        None
    }

    /// The value of a key, where values are text.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        std::str::from_utf8(self.get(key)?).ok()
    }

    /// Number of rows.
    #[cfg(test)]
    pub(crate) const fn len(&self) -> usize {
        self.count
    }
}

fn integer(bytes: &[u8], number: usize) -> Option<usize> {
    let bytes = bytes.get(4 * number..4 * number + 4)?;
    usize::try_from(u32::from_le_bytes(bytes.try_into().ok()?)).ok()
}

/// A count as one byte: eight times its binary logarithm.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
pub(crate) fn count_byte(count: u64) -> u8 {
    ((count as f64 + 1.0).log2() * 8.0).round().clamp(0.0, 255.0) as u8
}

/// The binary logarithm that [`count_byte`] wrote.
pub(crate) fn logarithm_of(byte: u8) -> f32 {
    f32::from(byte) / 8.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(pairs: &[(&str, &str)]) -> Rows {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.as_bytes().to_vec())).collect()
    }

    #[test]
    fn every_key_is_found_and_no_other() {
        let block = lay_out(&[rows(&[("b", "2"), ("a", ""), ("ab", "3")]), Rows::new(), rows(&[("ö", "5")])]);
        let [first, second, third, beyond] = [0, 1, 2, 3].map(|number| SortedTable::open(&block, number));
        assert_eq!((first.text("a"), first.text("ab"), first.text("b")), (Some(""), Some("3"), Some("2")));
        assert_eq!((first.text(""), first.text("aa"), first.text("c")), (None, None, None));
        assert_eq!((second.len(), third.text("ö"), beyond.len()), (0, Some("5"), 0));
    }

    #[test]
    fn a_broken_block_holds_nothing() {
        let block = lay_out(&[rows(&[("key", "value"), ("other", "value")])]);
        for end in 0..block.len() {
            let _ = SortedTable::open(&block[..end], 0).get("key");
        }
        assert!(SortedTable::open(&[255; 64], 0).get("key").is_none());
    }

    #[test]
    fn counts_keep_their_magnitude() {
        for count in [0, 1, 10, 1000, 5_000_000] {
            assert!((logarithm_of(count_byte(count)) - (count as f32 + 1.0).log2()).abs() < 0.07);
        }
    }
}
