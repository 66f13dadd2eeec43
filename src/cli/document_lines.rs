//! JSONL with a document a line, read by commands that come after `extract`.

use crate::cli::{SOME_INPUT_BAD, progress, tell};
use indicatif::ProgressBar;
use namesake::input::{InputOptions, PlainLines, ReadProgress, open_lines};
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::process::ExitCode;

/// Lines that hold documents; others are reported and passed over.
pub struct DocumentLines {
    lines: PlainLines,
    read: ReadProgress,
    /// Hashes of the ids so far: a second document with an id would silently replace the first.
    seen: HashSet<u64>,
    faults: u64,
    strict: bool,
    bar: Option<ProgressBar>,
}

impl DocumentLines {
    /// Opens a file, or standard input for `-`. `strict` stops at the first line that cannot be read; `quiet` shows no bar.
    pub fn open(path: &OsStr, strict: bool, quiet: bool) -> anyhow::Result<Self> {
        let lines = open_lines(path, &InputOptions::default())?;
        let read = lines.progress();
        let bar = if quiet { None } else { progress::bar(read.bytes_total()) };
        Ok(Self { lines, read, seen: HashSet::new(), faults: 0, strict, bar })
    }

    /// The next document that `parse` understands; none at the end.
    pub fn next_document<T, E: Display>(
        &mut self,
        parse: impl Fn(&str) -> Result<T, E>,
        id_of: impl Fn(&T) -> &str,
    ) -> anyhow::Result<Option<T>> {
        while let Some(line) = self.lines.next() {
            let read = line.map_err(|error| error.to_string()).and_then(|(number, line)| {
                let at = |reason: String| format!("{}:{number}: {reason}", self.lines.name());
                let document = parse(&line).map_err(|error| at(error.to_string()))?;
                let id = id_of(&document);
                let mut hasher = DefaultHasher::new();
                id.hash(&mut hasher);
                if self.seen.insert(hasher.finish()) {
                    Ok(document)
                } else {
                    Err(at(format!("the id {id:?} was used by an earlier document; this one is left out")))
                }
            });
            match read {
                Ok(document) => return Ok(Some(document)),
                Err(message) if self.strict => anyhow::bail!("{message}"),
                Err(message) => {
                    self.faults += 1;
                    self.aside(|| tell(format_args!("namesake: {message}")));
                }
            }
        }
        Ok(None)
    }

    /// Runs `work` with the bar out of the way: both may share a terminal.
    pub fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    /// Shows how far reading has come, if there is a bar.
    pub fn show(&self, message: impl FnOnce() -> String) {
        if let Some(bar) = &self.bar {
            bar.set_position(self.read.bytes_read());
            bar.set_message(message());
        }
    }

    /// Removes the bar; the exit code says whether all lines could be read.
    pub fn finish(self) -> ExitCode {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS }
    }
}
