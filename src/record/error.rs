//! What can be wrong with a record.

use crate::document::Span;

/// Why a record cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RecordError {
    /// It is no JSON object with the fields of a record.
    #[error("not a document with entities, as `extract`, `resolve` and `link` write it: {}", in_one_line(.0))]
    Json(#[from] serde_json::Error),
    /// A record of another version.
    #[error("schema '{0}' is not namesake/1, which this program reads")]
    Schema(String),
    /// A mention names an entity that is not there.
    #[error("a mention names the entity '{0}', which is not among `entities`")]
    UnknownEntity(String),
    /// Two entities share an id.
    #[error("two entities have the id '{0}'")]
    RepeatedId(String),
    /// A mention does not lie in the text.
    #[error("a mention from {start} to {end} does not lie in the text")]
    Span {
        /// Its start, in the unit of the record.
        start: usize,
        /// Its end.
        end: usize,
    },
    /// A mention was made for another text.
    #[error("document '{id}': a mention at bytes {}..{} does not fit the text; mentions must point into their own document", span.start, span.end)]
    ForeignSpan {
        /// The document.
        id: String,
        /// The mention's span.
        span: Span,
    },
    /// Offsets cannot be converted.
    #[error(
        "offsets count {0}, which cannot be told from code points without the text: extract with --with-text or --offsets char"
    )]
    OffsetUnit(&'static str),
    /// The text is needed and not there.
    #[error("the record of '{0}' holds no text: extract with --with-text")]
    NoText(String),
}

/// What the parser says, without its line: it sees one line only and takes it for the first.
fn in_one_line(error: &serde_json::Error) -> String {
    error.to_string().replace(" at line 1 column ", " at column ")
}
