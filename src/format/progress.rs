//! How far reading has come.

use std::io::{self, BufRead, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Bytes read so far and in all, compressed bytes where files are compressed. Cheap to copy to another thread.
#[derive(Debug, Clone, Default)]
pub struct ReadProgress {
    read: Arc<AtomicU64>,
    /// 0 while it is not known.
    total: Arc<AtomicU64>,
}

impl ReadProgress {
    /// Bytes read so far.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }

    /// Bytes in all; `None` while folders are still being listed, and for ever with standard input.
    #[must_use]
    pub fn bytes_total(&self) -> Option<u64> {
        Some(self.total.load(Ordering::Relaxed)).filter(|&total| total > 0)
    }

    pub(super) fn set_total(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    pub(super) fn count<R: BufRead>(&self, reader: R) -> Counted<R> {
        Counted { reader, read: Arc::clone(&self.read) }
    }
}

/// A reader that counts what is used of it, not what lies in its buffer: small files would else be read at once and the
/// time that is left be guessed from the steps.
pub(super) struct Counted<R> {
    reader: R,
    read: Arc<AtomicU64>,
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.reader.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        self.reader.consume(count);
        self.read.fetch_add(count as u64, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_passes_and_knows_no_total_before_it_is_set() {
        let progress = ReadProgress::default();
        io::copy(&mut progress.count(&b"12345"[..]), &mut io::sink()).unwrap();
        io::copy(&mut progress.count(&b"678"[..]), &mut io::sink()).unwrap();
        assert_eq!((progress.bytes_read(), progress.bytes_total()), (8, None));
        let mut buffered = progress.count(io::BufReader::new(&b"90ab"[..]));
        assert_eq!(buffered.fill_buf().unwrap().len(), 4);
        assert_eq!(progress.bytes_read(), 8, "nothing used yet");
        buffered.consume(1);
        assert_eq!(progress.bytes_read(), 9);
        progress.set_total(9);
        assert_eq!(progress.clone().bytes_total(), Some(9));
    }
}
