//! What can go wrong while writing.

use crate::document::Span;
use crate::format::{Format, Use};
use crate::record::RecordError;
use std::io;
use std::path::PathBuf;

/// A failure to write results, with the place and a way out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OutputError {
    /// No format has this name.
    #[error("there is no output format '{name}'; choose one of {}", names())]
    UnknownFormat {
        /// The name as given.
        name: String,
    },
    /// The format is only read.
    #[error("the format {format} is only read; choose one of {}", names())]
    ReadOnly {
        /// Its name.
        format: &'static str,
    },
    /// The format is not a part of this build.
    #[error("this build does not write {format}: build it with the features `formats` and `pages`")]
    NotBuilt {
        /// Its name.
        format: &'static str,
    },
    /// A document has no text to write.
    #[error("document {id:?} has no text, which every format needs; write it with `extract --with-text`")]
    NoText {
        /// The document.
        id: String,
    },
    /// The folder that shall hold the output is not there.
    #[error("{}: the folder {} does not exist; create it first", path.display(), folder.display())]
    MissingFolder {
        /// The output as named by the user.
        path: PathBuf,
        /// The missing folder.
        folder: PathBuf,
    },
    /// A folder stands where a file shall be written.
    #[error("{} is a folder; name a file in it", path.display())]
    IsFolder {
        /// The output as named by the user.
        path: PathBuf,
    },
    /// A file stands where a folder shall be written.
    #[error("{} is a file, but the format needs a folder; name one that is new or empty", path.display())]
    IsFile {
        /// The output as named by the user.
        path: PathBuf,
    },
    /// The output folder holds something already.
    #[error("the folder {} is not empty; name a new one or empty it, so that old and new files do not mix", path.display())]
    FolderNotEmpty {
        /// The output as named by the user.
        path: PathBuf,
    },
    /// The ending of the file asks for a compression that cannot be written.
    #[error("{}: cannot write .{ending} files; end the name in .gz, or compress the result afterwards", path.display())]
    Compression {
        /// The output as named by the user.
        path: PathBuf,
        /// The ending without its dot.
        ending: &'static str,
    },
    /// The operating system forbids the output.
    #[error("{}: no permission to write here; choose another place or change the rights of its folder", path.display())]
    Permission {
        /// The output as named by the user.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The output could not be created, or not be given its final name.
    #[error("{}: cannot write: {source}", path.display())]
    File {
        /// The output as named by the user.
        path: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// A second document for a format that has room for one.
    #[error("document '{id}' is the second one, and brat on standard output holds only one; name a folder with -o")]
    OneDocumentOnly {
        /// The document for which there is no room.
        id: String,
    },
    /// A mention was made for another text.
    #[error("document '{id}': a mention at bytes {}..{} does not fit the text; mentions must point into their own document", span.start, span.end)]
    Span {
        /// The document.
        id: String,
        /// The mention's span.
        span: Span,
    },
    /// Writing failed.
    #[error("cannot write the output: {0}")]
    Write(#[from] io::Error),
}

/// Names of the formats that can be written.
fn names() -> String {
    Format::all_for(Use::Writing).map(Format::name).collect::<Vec<_>>().join(", ")
}

impl From<RecordError> for OutputError {
    /// Of what can be wrong with a record, only a foreign span can come up while one is written.
    fn from(error: RecordError) -> Self {
        match error {
            RecordError::ForeignSpan { id, span } => Self::Span { id, span },
            other => Self::Write(io::Error::new(io::ErrorKind::InvalidData, other.to_string())),
        }
    }
}

impl OutputError {
    /// Whether the reader at the other end of a pipe has left (`| head`), which is no failure of ours.
    #[must_use]
    pub fn is_broken_pipe(&self) -> bool {
        matches!(self, Self::Write(source) | Self::File { source, .. } if source.kind() == io::ErrorKind::BrokenPipe)
    }

    /// Names the file in a failure of the operating system.
    pub(super) fn at(path: PathBuf, source: io::Error) -> Self {
        match source.kind() {
            io::ErrorKind::PermissionDenied => Self::Permission { path, source },
            _ => Self::File { path, source },
        }
    }
}
