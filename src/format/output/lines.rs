//! Lines that are formatted already, written with the same care as documents.

use super::OutputError;
use super::destination::Sink;
use std::io::{self, Write};
use std::path::Path;

/// Standard output or a file that gets its name when it is whole.
pub struct LineOutput(Sink);

impl LineOutput {
    /// Writes to `path`, or to standard output for `None`.
    ///
    /// # Errors
    /// When nothing can be written at `path`: found before the first line, not after the last.
    pub fn open(path: Option<&Path>) -> Result<Self, OutputError> {
        path.map_or_else(|| Ok(Sink::stdout()), Sink::create).map(Self)
    }

    /// Writes some lines; on standard output they are visible at once.
    ///
    /// # Errors
    /// When the place cannot be written to any more.
    pub fn write(&mut self, lines: &str) -> Result<(), OutputError> {
        let written = self.0.write_all(lines.as_bytes()).and_then(|()| self.0.after_document());
        written.map_err(|error| self.0.name_file(OutputError::from(error)))
    }

    /// Gives the file its name.
    ///
    /// # Errors
    /// When the rest cannot be written or the file not be renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        self.0.finish()
    }
}

/// For formats that are no lines: on standard output nothing is promised to be visible before the end.
impl Write for LineOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        Write::write(&mut self.0, bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl std::fmt::Debug for LineOutput {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LineOutput").finish_non_exhaustive()
    }
}
