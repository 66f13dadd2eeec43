//! Tokens of a document and the spans over them.

use super::annotation::{Annotation, Name, Names};
use super::labels::to_iob2;
use crate::document::Span;

/// Where the tokens of a document begin and end.
#[derive(Debug)]
pub struct Borders {
    starts: Vec<usize>,
    ends: Vec<usize>,
}

impl Borders {
    /// Borders of all tokens of `sentences`, which are in the order of the text.
    #[must_use]
    pub fn new(sentences: &[Vec<Span>]) -> Self {
        let tokens = || sentences.iter().flatten();
        Self { starts: tokens().map(|token| token.start).collect(), ends: tokens().map(|token| token.end).collect() }
    }

    /// First token and one past the last of a span that begins and ends with tokens.
    #[must_use]
    pub fn range(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.starts.binary_search(&span.start).ok()?;
        let last = self.ends.binary_search(&span.end).ok()?;
        (first <= last).then_some((first, last + 1))
    }

    /// First token and one past the last that a span touches.
    #[must_use]
    pub fn touched(&self, span: Span) -> Option<(usize, usize)> {
        let first = self.ends.partition_point(|&end| end <= span.start);
        let past = self.starts.partition_point(|&start| start < span.end);
        (first < past).then_some((first, past))
    }
}

/// Strict IOB2 labels that the mentions of `document` give the tokens of `sentences`. A mention is widened to whole
/// tokens; where two want a token, the first has it; one that runs into the next sentence begins there again.
#[must_use]
pub fn iob2_labels(document: &Annotation, sentences: &[Vec<Span>]) -> Vec<Vec<Name>> {
    let borders = Borders::new(sentences);
    let mut names = Names::default();
    let mut mentions: Vec<_> = document.mentions.iter().filter(|mention| !mention.is_skipped()).collect();
    mentions.sort_by_key(|mention| super::select::order(mention.span));
    let spans: Vec<(usize, usize, &str)> = mentions
        .iter()
        .filter_map(|mention| {
            let (start, end) = borders.touched(mention.span)?;
            Some((start, end, mention.label.as_deref().unwrap_or("_")))
        })
        .collect();
    let mut labels = Vec::with_capacity(sentences.len());
    let mut offset = 0;
    let mut first = 0;
    for sentence in sentences {
        let past = offset + sentence.len();
        while spans.get(first).is_some_and(|span| span.1 <= offset) {
            first += 1;
        }
        let inside: Vec<(usize, usize, &str)> = spans[first..]
            .iter()
            .take_while(|span| span.0 < past)
            .filter(|span| span.1 > offset)
            .map(|&(start, end, kind)| (start.max(offset) - offset, end.min(past) - offset, kind))
            .collect();
        labels.push(to_iob2(&inside, sentence.len()).iter().map(|label| names.get(label)).collect());
        offset = past;
    }
    labels
}
