//! From annotated documents to bytes: takes each [`AnnotatedDocument`] as it leaves the pipeline and writes it in one of
//! five formats to any [`io::Write`], to standard output, or to a file that appears under its name only when it is whole.
//! What must hold: one document is in memory at a time, documents appear in the order in which they were given, and the
//! same documents give the same bytes.
//!
//! A new format is one file that implements [`DocumentWriter`] and one line in [`OutputFormat`].
//!
//! ```
//! use namesake::document::Document;
//! use namesake::entity::AnnotatedDocument;
//! use namesake::output::{OutputFormat, OutputOptions};
//!
//! let document = AnnotatedDocument {
//!     document: Document::new("empty", ""),
//!     tokens: Vec::new(),
//!     mentions: Vec::new(),
//!     entities: Vec::new(),
//! };
//! let mut bytes = Vec::new();
//! let mut writer = OutputFormat::Jsonl.writer(&OutputOptions::new());
//! writer.begin(&mut bytes)?;
//! writer.document(&document, &mut bytes)?;
//! writer.end(&mut bytes)?;
//! assert!(bytes.starts_with(br#"{"schema":"namesake/1","id":"empty""#));
//! # Ok::<(), namesake::output::OutputError>(())
//! ```

mod brat;
mod conll;
mod destination;
mod error;
mod folder;
mod html;
mod jsonl;
mod lines;
mod new_folder;
mod pretty;
#[cfg(test)]
pub(crate) mod samples;
mod unfinished;

pub use destination::Output;
pub use error::OutputError;
pub use lines::LineOutput;
pub use new_folder::NewFolder;
pub use unfinished::discard_unfinished;

use crate::document::OffsetUnit;
use crate::entity::AnnotatedDocument;
use std::io;
use std::str::FromStr;

/// Writes documents in one format: `begin` once, `document` for each, `end` once.
pub trait DocumentWriter: Send {
    /// Writes what stands before the first document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn begin(&mut self, out: &mut dyn io::Write) -> Result<(), OutputError> {
        let _ = out;
        Ok(())
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When `out` cannot be written to, when a mention does not fit the text, or when the format cannot hold the document.
    fn document(&mut self, annotated: &AnnotatedDocument, out: &mut dyn io::Write) -> Result<(), OutputError>;

    /// Writes what stands after the last document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn end(&mut self, out: &mut dyn io::Write) -> Result<(), OutputError> {
        let _ = out;
        Ok(())
    }
}

/// The formats in which annotated documents can be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OutputFormat {
    /// Tables for people, on a terminal.
    Pretty,
    /// One JSON object a line; the stable interface for programs.
    Jsonl,
    /// One token a line with strict IOB2 labels.
    Conll,
    /// BRAT standoff annotation.
    Brat,
    /// One self-contained page with highlighted text.
    Html,
}

impl OutputFormat {
    /// Every format, in the order in which help texts list them.
    pub const ALL: [Self; 5] = [Self::Pretty, Self::Jsonl, Self::Conll, Self::Brat, Self::Html];

    /// The name that users type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pretty => "pretty",
            Self::Jsonl => "jsonl",
            Self::Conll => "conll",
            Self::Brat => "brat",
            Self::Html => "html",
        }
    }

    /// A writer of this format.
    #[must_use]
    pub fn writer(self, options: &OutputOptions) -> Box<dyn DocumentWriter> {
        match self {
            Self::Pretty => Box::new(pretty::PrettyWriter::new(options)),
            Self::Jsonl => Box::new(jsonl::JsonlWriter::new(options)),
            Self::Conll => Box::new(conll::ConllWriter),
            Self::Brat => Box::new(brat::BratWriter::default()),
            Self::Html => Box::new(crate::page::DocumentPage::new()),
        }
    }
}

impl std::fmt::Display for OutputFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for OutputFormat {
    type Err = OutputError;

    fn from_str(name: &str) -> Result<Self, OutputError> {
        Self::ALL
            .into_iter()
            .find(|format| format.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| OutputError::UnknownFormat { name: name.to_owned() })
    }
}

/// Choices that formats honour where they apply: offsets and text in JSONL, colour and width in pretty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputOptions {
    offset_unit: OffsetUnit,
    text: bool,
    colour: bool,
    width: usize,
}

impl OutputOptions {
    /// Code-point offsets, no text, no colour, 100 columns.
    #[must_use]
    pub const fn new() -> Self {
        Self { offset_unit: OffsetUnit::Char, text: false, colour: false, width: 100 }
    }

    /// Counts offsets in `unit`.
    #[must_use]
    pub const fn with_offset_unit(mut self, unit: OffsetUnit) -> Self {
        self.offset_unit = unit;
        self
    }

    /// Whether each document's text is written beside its annotations.
    #[must_use]
    pub const fn with_text(mut self, text: bool) -> Self {
        self.text = text;
        self
    }

    /// Whether to use terminal colours; the caller knows whether there is a terminal and what `NO_COLOR` says.
    #[must_use]
    pub const fn with_colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// Columns of the terminal.
    #[must_use]
    pub const fn with_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_name() {
        for format in OutputFormat::ALL {
            assert_eq!(format.name().parse::<OutputFormat>().unwrap(), format);
        }
        let message = "xml".parse::<OutputFormat>().unwrap_err().to_string();
        assert_eq!(message, "there is no output format 'xml'; choose one of pretty, jsonl, conll, brat, html");
    }

    #[test]
    fn no_format_fails_on_a_run_without_documents() {
        for format in OutputFormat::ALL {
            let mut bytes = Vec::new();
            let mut writer = format.writer(&OutputOptions::new());
            writer.begin(&mut bytes).unwrap();
            writer.end(&mut bytes).unwrap();
            assert!(format == OutputFormat::Html || bytes.is_empty());
        }
    }
}
