//! What can be wrong with a file of annotations.

use crate::document::Span;
use std::io;
use std::path::PathBuf;
use thiserror::Error;

/// Why annotations could not be read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// The file cannot be opened or read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Nothing says what format it is.
    #[error("{}: {reason}; name the format with --gold-format or --system-format (or --from)", path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// What was looked for.
        reason: String,
    },
    /// The file is not what its format demands.
    #[error("{}:{line}: {reason}", path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// What is wrong and what was expected.
        reason: String,
    },
    /// A mention does not lie in its text.
    #[error("{}:{line}: the mention {}..{} of document {id:?} is empty, or lies outside the text or inside a character{hint}", path.display(), span.start, span.end)]
    Span {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The document.
        id: String,
        /// The span as given.
        span: Span,
        /// What to do.
        hint: &'static str,
    },
    /// The text at a mention is not what the mention says it is.
    #[error("{}:{line}: the mention {}..{} of document {id:?} says {expected:?}, but the text there is {found:?}{hint}", path.display(), span.start, span.end)]
    Surface {
        /// The file.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The document.
        id: String,
        /// The span as given.
        span: Span,
        /// The mention's own idea of its text.
        expected: Box<str>,
        /// The text.
        found: Box<str>,
        /// What to do.
        hint: &'static str,
    },
    /// Writing failed.
    #[error("cannot write: {0}")]
    Write(#[source] io::Error),
    /// A document has no text to write.
    #[error("document {id:?} has no text, which every format needs; write it with `extract --with-text`")]
    NoText {
        /// The document.
        id: String,
    },
    /// BRAT needs a folder.
    #[error("BRAT is a folder of files: name one with -o")]
    Folder,
}
