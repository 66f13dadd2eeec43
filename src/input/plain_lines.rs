//! Lines of text as they stand, for readers of formats that are no documents.

use super::InputOptions;
use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use super::progress::ReadProgress;
use super::source::{expand, total_bytes};
use std::ffi::OsStr;
use std::io::BufRead;

/// Lines of one file, or of standard input for `-`, unpacked where it is compressed; empty ones are passed over. Each
/// comes with its number, counted from 1. Only the size limit of `options` counts.
///
/// # Errors
/// If the file cannot be opened.
pub fn open_lines(path: &OsStr, options: &InputOptions) -> Result<PlainLines, InputError> {
    let name = path.to_string_lossy().into_owned();
    let source = expand(path, options).next().unwrap_or_else(|| Err(Fault::Missing.of(&name)))?;
    let progress = ReadProgress::default();
    progress.set_total(total_bytes(&[path.to_owned()], options).unwrap_or(0));
    let reader = source.open(&progress).map_err(|fault| fault.of(&source.name))?;
    Ok(PlainLines { reader, name: source.name, limit: options.max_document_bytes, line: 0, failed: false, progress })
}

/// An iterator over numbered lines; goes on after a line that cannot be read.
pub struct PlainLines {
    reader: Box<dyn BufRead + Send>,
    name: String,
    limit: usize,
    line: u64,
    failed: bool,
    progress: ReadProgress,
}

impl PlainLines {
    /// How far reading has come.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }

    /// The file as messages name it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl std::fmt::Debug for PlainLines {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PlainLines").field("name", &self.name).field("line", &self.line).finish_non_exhaustive()
    }
}

impl Iterator for PlainLines {
    type Item = Result<(u64, String), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut bytes = Vec::new();
        while !self.failed {
            self.line += 1;
            match read_line(&mut self.reader, self.limit, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if bytes.iter().all(u8::is_ascii_whitespace) => {}
                Ok(true) => {
                    let line = decode(std::mem::take(&mut bytes)).map(|line| (self.line, line));
                    return Some(line.map_err(|fault| fault.at_line(&self.name, self.line)));
                }
                Err(fault) => {
                    // Past a long line reading can go on; past damage there is nothing to trust.
                    self.failed = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(fault.at_line(&self.name, self.line)));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_numbered_and_a_bad_one_does_not_end_them() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("lines");
        std::fs::write(&path, b"one\r\n\n\xff\nfour").unwrap();
        let lines: Vec<_> = open_lines(path.as_os_str(), &InputOptions::default()).unwrap().collect();
        assert_eq!(lines[0].as_ref().unwrap(), &(1, "one".to_owned()));
        assert_eq!(lines[1].as_ref().unwrap_err().line, Some(3));
        assert_eq!(lines[2].as_ref().unwrap(), &(4, "four".to_owned()));
    }
}
