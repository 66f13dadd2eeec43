//! Counts texts, however many there are, and gives them back sorted: what does not fit into memory waits on the disk.
//!
//! The nodes and edges of a graph are counted with it, because their number grows with the corpus.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::collections::binary_heap::PeekMut;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Seek, Write};

/// Bytes of texts held in memory. As much again goes to their places and to the buffers of the files.
const MEMORY: usize = 64 << 20;

/// Files merged at once.
const FILES: usize = 64;

/// Texts with a count each.
pub(super) struct Sorter {
    memory: usize,
    bytes: Vec<u8>,
    records: Vec<Record>,
    /// Sorted texts with their counts, in files that have no name any more: they vanish with the program.
    runs: Vec<File>,
}

#[derive(Clone, Copy)]
struct Record {
    start: usize,
    length: usize,
    count: u64,
}

impl Record {
    fn text(self, bytes: &[u8]) -> &[u8] {
        &bytes[self.start..self.start + self.length]
    }
}

impl Sorter {
    pub(super) fn new() -> Self {
        Self::with_memory(MEMORY)
    }

    fn with_memory(memory: usize) -> Self {
        Self { memory, bytes: Vec::new(), records: Vec::new(), runs: Vec::new() }
    }

    /// Counts the text that the parts make together.
    pub(super) fn add(&mut self, parts: &[&str], count: u64) -> io::Result<()> {
        let start = self.bytes.len();
        for part in parts {
            self.bytes.extend_from_slice(part.as_bytes());
        }
        self.records.push(Record { start, length: self.bytes.len() - start, count });
        if self.bytes.len() + self.records.len() * size_of::<Record>() > self.memory {
            let run = self.write_run()?;
            self.runs.push(run);
            if self.runs.len() == FILES {
                let mut merged = Merge::new(std::mem::take(&mut self.runs))?;
                let mut out = BufWriter::new(tempfile::tempfile()?);
                while let Some((text, count)) = merged.next_text()? {
                    write_record(&mut out, text.as_bytes(), count)?;
                }
                self.runs.push(finish_run(out)?);
            }
        }
        Ok(())
    }

    /// The texts in the order of their bytes, each once, with the sum of its counts.
    pub(super) fn sorted(mut self) -> io::Result<Merge> {
        let run = self.write_run()?;
        self.runs.push(run);
        Merge::new(self.runs)
    }

    fn write_run(&mut self) -> io::Result<File> {
        let bytes = &self.bytes;
        self.records.sort_unstable_by(|one, other| one.text(bytes).cmp(other.text(bytes)));
        let mut out = BufWriter::new(tempfile::tempfile()?);
        for equal in self.records.chunk_by(|one, other| one.text(bytes) == other.text(bytes)) {
            write_record(&mut out, equal[0].text(bytes), equal.iter().map(|record| record.count).sum())?;
        }
        self.bytes.clear();
        self.records.clear();
        finish_run(out)
    }
}

fn write_record(out: &mut impl Write, text: &[u8], count: u64) -> io::Result<()> {
    out.write_all(&(text.len() as u64).to_le_bytes())?;
    out.write_all(&count.to_le_bytes())?;
    out.write_all(text)
}

fn finish_run(out: BufWriter<File>) -> io::Result<File> {
    let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
    file.rewind()?;
    Ok(file)
}

/// Sorted texts, read from several runs at once.
pub(super) struct Merge {
    runs: Vec<BufReader<File>>,
    /// The next text of each run, with its count and the number of the run.
    heads: BinaryHeap<Reverse<(Vec<u8>, u64, usize)>>,
}

impl Merge {
    fn new(files: Vec<File>) -> io::Result<Self> {
        let mut runs: Vec<_> = files.into_iter().map(BufReader::new).collect();
        let mut heads = BinaryHeap::new();
        for (number, run) in runs.iter_mut().enumerate() {
            if let Some((text, count)) = read_record(run)? {
                heads.push(Reverse((text, count, number)));
            }
        }
        Ok(Self { runs, heads })
    }

    /// The next text and its count.
    pub(super) fn next_text(&mut self) -> io::Result<Option<(String, u64)>> {
        let Some((text, mut count)) = self.pop()? else { return Ok(None) };
        while self.heads.peek().is_some_and(|Reverse((next, ..))| *next == text) {
            count += self.pop()?.map_or(0, |(_, more)| more);
        }
        let text = String::from_utf8(text).map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
        Ok(Some((text, count)))
    }

    fn pop(&mut self) -> io::Result<Option<(Vec<u8>, u64)>> {
        let Some(mut head) = self.heads.peek_mut() else { return Ok(None) };
        let number = head.0.2;
        let Reverse((text, count, _)) = if let Some((text, count)) = read_record(&mut self.runs[number])? {
            std::mem::replace(&mut *head, Reverse((text, count, number)))
        } else {
            PeekMut::pop(head)
        };
        Ok(Some((text, count)))
    }
}

fn read_record(run: &mut impl Read) -> io::Result<Option<(Vec<u8>, u64)>> {
    let mut number = [0; 8];
    match run.read_exact(&mut number) {
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => return Ok(None),
        read => read?,
    }
    let length = u64::from_le_bytes(number);
    run.read_exact(&mut number)?;
    let mut text = Vec::new();
    run.take(length).read_to_end(&mut text)?;
    Ok(Some((text, u64::from_le_bytes(number))))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn texts_come_back_sorted_and_counted(texts in proptest::collection::vec(("[ab\u{e9}\n]{0,4}", 1..9_u64), 0..300), memory in 0..600_usize) {
            let mut sorter = Sorter::with_memory(memory);
            let mut expected: BTreeMap<String, u64> = BTreeMap::new();
            for (text, count) in &texts {
                sorter.add(&[text, "!"], *count).unwrap();
                *expected.entry(format!("{text}!")).or_default() += count;
            }
            let mut sorted = sorter.sorted().unwrap();
            let mut found = Vec::new();
            while let Some(record) = sorted.next_text().unwrap() {
                found.push(record);
            }
            let mut expected: Vec<_> = expected.into_iter().collect();
            expected.sort_by(|one, other| one.0.as_bytes().cmp(other.0.as_bytes()));
            prop_assert_eq!(found, expected);
        }
    }
}
