//! Tokens of a document and the spans over them.

use crate::document::Span;

/// Where the tokens of a document begin and end.
#[derive(Debug)]
pub(crate) struct Borders {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Borders {
    /// Borders of all tokens of `sentences`, which are in the order of the text.
    pub(crate) fn new(sentences: &[Vec<Span>]) -> Self {
        let tokens = || sentences.iter().flatten();
        Self { starts: tokens().map(|token| token.start).collect(), ends: tokens().map(|token| token.end).collect() }
    }

    /// First token and one past the last of a span that begins and ends with tokens.
    pub(crate) fn range(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.starts.binary_search(&span.start).ok()?;
        let last = self.ends.binary_search(&span.end).ok()?;
        (first <= last).then_some((first, last + 1))
    }

    /// First token and one past the last that a span touches.
    pub(crate) fn touched(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.ends.partition_point(|&end| end <= span.start);
        let past = self.starts.partition_point(|&start| start < span.end);
        (first < past).then_some((first, past))
    }
}
