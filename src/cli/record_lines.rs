//! Records, read by commands that come after `extract`.

use crate::cli::outcome::{SOME_INPUT_BAD, tell};
use crate::cli::progress;
use indicatif::ProgressBar;
use namesake::format::{ReadOptions, ReadProgress, RecordSource, Records};
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

/// Records of one source; what cannot be read is reported and passed over.
pub struct RecordLines {
    records: Records,
    read: ReadProgress,
    faults: u64,
    strict: bool,
    bar: Option<ProgressBar>,
}

impl RecordLines {
    /// Opens a file, or standard input for `-`. `strict` stops at the first record that cannot be read; `quiet` shows no bar.
    pub fn open(path: &OsStr, options: &ReadOptions, strict: bool, quiet: bool) -> anyhow::Result<Self> {
        let records = Records::open(Path::new(path), options)?;
        let read = records.progress();
        let bar = if quiet { None } else { progress::bar(read.bytes_total()) };
        Ok(Self { records, read, faults: 0, strict, bar })
    }

    /// The next record; none at the end.
    pub fn next_record(&mut self) -> anyhow::Result<Option<RecordSource>> {
        while let Some(record) = self.records.next() {
            match record {
                Ok(record) => return Ok(Some(record)),
                Err(error) => self.fault(&error.to_string())?,
            }
        }
        Ok(None)
    }

    /// Counts and tells what is wrong with a record.
    ///
    /// # Errors
    /// The same, where the first such thing is to stop the run.
    pub fn fault(&mut self, message: &str) -> anyhow::Result<()> {
        anyhow::ensure!(!self.strict, "{message}");
        self.faults += 1;
        self.aside(|| tell(format_args!("namesake: {message}")));
        Ok(())
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

    /// Removes the bar; the exit code says whether all of the input could be read.
    pub fn finish(self) -> ExitCode {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS }
    }
}
