//! What can go wrong while a page is written.

use crate::document::Span;
use std::io;

/// A failure to write a page.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// A mention was made for another text.
    #[error("document '{id}': a mention at bytes {}..{} does not fit the text; mentions must point into their own document", span.start, span.end)]
    Span {
        /// The document.
        id: String,
        /// The mention's span.
        span: Span,
    },
    /// Writing failed.
    #[error("cannot write the page: {0}")]
    Write(#[from] io::Error),
}
