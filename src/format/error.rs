//! What can be wrong with input, and where.

use crate::document::Span;
use crate::record::RecordError;
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::fmt;
use std::io;

/// Something that could not be read: the place and the reason.
///
/// Serialises as an object with `source`, `line` (null where the whole file is meant), `kind` and `message`.
#[derive(Debug)]
pub struct InputError {
    /// File as the user named it, or `standard input`.
    pub origin: Box<str>,
    /// Line, counted from 1, where the fault lies in one line.
    pub line: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

/// What is wrong with a piece of input.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Nothing there.
    #[error("there is no such file or folder")]
    Missing,
    /// A glob without a match.
    #[error("no file matches this pattern")]
    NoMatch,
    /// More than one file where one is read.
    #[error("this names several files, and one is read here: name it")]
    SeveralFiles,
    /// A glob that is no glob.
    #[error("this is no valid pattern: {0}")]
    BadPattern(String),
    /// The system refuses.
    #[error("cannot be read: {0}")]
    Unreadable(io::Error),
    /// The compressed data is damaged or cut short.
    #[error("the compressed data is damaged or ends too early: {0}")]
    Damaged(io::Error),
    /// Nothing says what format it is.
    #[error("{reason}: name one ({})", super::Format::names())]
    UnknownFormat {
        /// What was looked for.
        reason: String,
    },
    /// The format is not a part of this build.
    #[error("this build does not read {format}: build it with the feature `formats`")]
    NotBuilt {
        /// Its name.
        format: &'static str,
    },
    /// There is nothing in the file that could say what format it is.
    #[error("the file is empty")]
    Empty,
    /// A format that has no mentions is read for its mentions, or one that is only written is read.
    #[error("the format {format} holds no annotations to read")]
    NoAnnotations {
        /// Its name.
        format: &'static str,
    },
    /// Not text in UTF-8.
    #[error("not valid UTF-8 at byte {byte}: convert it first, for example with iconv -t UTF-8")]
    NotUtf8 {
        /// First byte that is not, counted from 0 within the file, or within the line where a line is named.
        byte: usize,
    },
    /// Half a character in a text in UTF-16.
    #[error("not valid UTF-16: {0}")]
    NotUtf16(String),
    /// Not text at all.
    #[error("this is a binary file, not text: extract its text first")]
    Binary,
    /// A document longer than allowed.
    #[error("longer than {limit} bytes, the limit for one document")]
    TooLong {
        /// The limit.
        limit: usize,
    },
    /// A JSONL line that is no JSON.
    #[error("not valid JSON: {0}")]
    BadJson(String),
    /// A JSONL line with another JSON value than an object.
    #[error("expected a JSON object, found {0}")]
    NotAnObject(&'static str),
    /// The text is missing.
    #[error("the object has no field {field:?} with the text: name another with --text-field")]
    NoText {
        /// The field that was looked for.
        field: String,
    },
    /// The text is no string.
    #[error("the field {field:?} holds {found}, expected a string with the text")]
    TextNotString {
        /// The field.
        field: String,
        /// What it holds.
        found: &'static str,
    },
    /// The id is neither string nor number.
    #[error("the field {field:?} holds {found}, expected a string or a number as the id")]
    BadId {
        /// The field.
        field: String,
        /// What it holds.
        found: &'static str,
    },
    /// Something is not what its format demands.
    #[error("{0}")]
    Syntax(String),
    /// A mention does not lie in its text.
    #[error("the mention {}..{} of document {id:?} is empty, or lies outside the text or inside a character{hint}", span.start, span.end)]
    BadSpan {
        /// The document.
        id: Box<str>,
        /// The span as given.
        span: Span,
        /// What to do.
        hint: &'static str,
    },
    /// The text at a mention is not what the mention says it is.
    #[error("the mention {}..{} of document {id:?} says {expected:?}, but the text there is {found:?}{hint}", span.start, span.end)]
    BadSurface {
        /// The document.
        id: Box<str>,
        /// The span as given.
        span: Span,
        /// The mention's own idea of its text.
        expected: Box<str>,
        /// The text.
        found: Box<str>,
        /// What to do.
        hint: &'static str,
    },
    /// The id was there before.
    #[error("the id {id:?} was used by an earlier document; this one is left out")]
    DuplicateId {
        /// The id.
        id: String,
    },
}

impl Fault {
    /// A stable name for programs.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::NoMatch => "no-match",
            Self::SeveralFiles => "several-files",
            Self::BadPattern(_) => "bad-pattern",
            Self::Unreadable(_) => "unreadable",
            Self::Damaged(_) => "damaged",
            Self::UnknownFormat { .. } => "unknown-format",
            Self::NotUtf8 { .. } => "not-utf8",
            Self::NotUtf16(_) => "not-utf16",
            Self::Binary => "binary",
            Self::TooLong { .. } => "too-long",
            Self::BadJson(_) => "bad-json",
            Self::NotAnObject(_) => "not-an-object",
            Self::NoText { .. } => "no-text",
            Self::TextNotString { .. } => "text-not-string",
            Self::BadId { .. } => "bad-id",
            Self::NotBuilt { .. } => "not-built",
            Self::Empty => "empty",
            Self::NoAnnotations { .. } => "no-annotations",
            Self::Syntax(_) => "syntax",
            Self::BadSpan { .. } => "bad-span",
            Self::BadSurface { .. } => "bad-surface",
            Self::DuplicateId { .. } => "duplicate-id",
        }
    }

    /// What hinders finding or opening a file.
    pub(crate) fn at_opening(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Unreadable(error),
        }
    }

    /// This fault in one line of `origin`.
    pub(crate) fn at_line(self, origin: &str, line: u64) -> InputError {
        InputError { origin: origin.into(), line: Some(line), fault: self }
    }

    /// This fault in the whole of `origin`.
    pub(crate) fn of(self, origin: &str) -> InputError {
        InputError { origin: origin.into(), line: None, fault: self }
    }
}

impl From<io::Error> for Fault {
    /// What hinders reading on. Decoders of compressed data report damage as invalid data or an early end.
    fn from(error: io::Error) -> Self {
        // What our own decoder of UTF-16 has found is no damage of compressed data.
        let half = error.get_ref().and_then(|inner| inner.downcast_ref::<super::utf16::HalfCharacter>());
        if let Some(half) = half {
            return Self::NotUtf16(half.to_string());
        }
        match error.kind() {
            io::ErrorKind::InvalidData
            | io::ErrorKind::InvalidInput
            | io::ErrorKind::UnexpectedEof
            | io::ErrorKind::Other => Self::Damaged(error),
            _ => Self::Unreadable(error),
        }
    }
}

impl From<RecordError> for Fault {
    fn from(error: RecordError) -> Self {
        Self::Syntax(error.to_string())
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}: {}", self.origin, self.fault),
            None => write!(f, "{}: {}", self.origin, self.fault),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // The message of an I/O error is part of ours already.
        None
    }
}

impl Serialize for InputError {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("InputError", 4)?;
        object.serialize_field("source", &self.origin)?;
        object.serialize_field("line", &self.line)?;
        object.serialize_field("kind", self.fault.kind())?;
        object.serialize_field("message", &self.fault.to_string())?;
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_says_where_in_words_and_in_json() {
        let in_line = Fault::NoText { field: "body".to_owned() }.at_line("news.jsonl", 7);
        assert_eq!(
            in_line.to_string(),
            "news.jsonl:7: the object has no field \"body\" with the text: name another with --text-field"
        );
        let of_file = Fault::Missing.of("a.txt");
        assert_eq!(of_file.to_string(), "a.txt: there is no such file or folder");
        insta::assert_json_snapshot!(of_file, @r#"
        {
          "source": "a.txt",
          "line": null,
          "kind": "missing",
          "message": "there is no such file or folder"
        }
        "#);
    }

    #[test]
    fn damage_is_told_from_what_the_system_refuses() {
        for (kind, name) in [
            (io::ErrorKind::UnexpectedEof, "damaged"),
            (io::ErrorKind::InvalidData, "damaged"),
            (io::ErrorKind::PermissionDenied, "unreadable"),
        ] {
            assert_eq!(Fault::from(io::Error::from(kind)).kind(), name);
        }
        assert_eq!(Fault::at_opening(io::ErrorKind::NotFound.into()).kind(), "missing");
        assert_eq!(Fault::at_opening(io::Error::other("a loop")).kind(), "unreadable");
    }

    #[test]
    fn the_documentation_lists_every_kind() {
        let page = include_str!("../../docs/input.md");
        let source = include_str!("error.rs");
        let kinds = source.split("=> \"").skip(1).filter_map(|rest| rest.split_once("\",\n")).map(|(kind, _)| kind);
        let missing: Vec<&str> = kinds.filter(|kind| !page.contains(&format!("`{kind}`"))).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }
}
