//! Strict span scores: a span is right if its borders and its type are.

use super::labels::split;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::AddAssign;

/// A typed span over the tokens of one sentence, end exclusive.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypedSpan {
    /// First token.
    pub start: usize,
    /// One past the last token.
    pub end: usize,
    /// Type, as the label has it.
    pub label: String,
}

/// Reads the spans of one sentence from its labels as `conlleval` (Tjong Kim Sang and Buchholz 2000) does: IOB1, IOB2,
/// IOBES and BILOU alike; a label that continues nothing opens a span.
#[must_use]
pub fn spans_from_labels<S: AsRef<str>>(labels: &[S]) -> Vec<TypedSpan> {
    let owned = |(start, end, label): (usize, usize, &str)| TypedSpan { start, end, label: label.to_owned() };
    spans_of(labels).into_iter().map(owned).collect()
}

/// The same, with the types still in the labels.
pub(super) fn spans_of<S: AsRef<str>>(labels: &[S]) -> Vec<(usize, usize, &str)> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    let mut previous = 'O';
    for (index, label) in labels.iter().map(AsRef::as_ref).enumerate() {
        let (prefix, kind) = split(label);
        let continues = matches!((previous, prefix), ('B' | 'I', 'I' | 'E' | 'L'))
            && open.is_some_and(|(_, open_kind)| open_kind == kind);
        if !continues && let Some((start, open_kind)) = open.take() {
            spans.push((start, index, open_kind));
        }
        if prefix != 'O' && !continues {
            open = Some((index, kind));
        }
        previous = prefix;
    }
    if let Some((start, kind)) = open {
        spans.push((start, labels.len(), kind));
    }
    spans
}

/// Right, spurious and missed spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct SpanCounts {
    /// In both.
    #[serde(rename = "tp")]
    pub correct: u64,
    /// Only in the system's.
    #[serde(rename = "fp")]
    pub spurious: u64,
    /// Only in the gold.
    #[serde(rename = "fn")]
    pub missed: u64,
}

impl AddAssign for SpanCounts {
    fn add_assign(&mut self, other: Self) {
        self.correct += other.correct;
        self.spurious += other.spurious;
        self.missed += other.missed;
    }
}

impl SpanCounts {
    /// Share of the system's spans that are right; 0 where it has none.
    #[must_use]
    pub fn precision(self) -> f64 {
        ratio(self.correct, self.correct + self.spurious)
    }

    /// Share of the gold spans that were found; 0 where there are none.
    #[must_use]
    pub fn recall(self) -> f64 {
        ratio(self.correct, self.correct + self.missed)
    }

    /// Harmonic mean of precision and recall; 0 where both are.
    #[must_use]
    pub fn f1(self) -> f64 {
        ratio(2 * self.correct, 2 * self.correct + self.spurious + self.missed)
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// Counts over all sentences, in all and by type.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpanScores {
    /// All types together (micro average).
    pub micro: SpanCounts,
    /// Each type that occurs in gold or system.
    pub types: BTreeMap<String, SpanCounts>,
}

impl SpanScores {
    /// Counts one sentence. Spans given twice count once.
    pub fn add(&mut self, gold: &[TypedSpan], system: &[TypedSpan]) {
        let gold: BTreeSet<&TypedSpan> = gold.iter().collect();
        let system: BTreeSet<&TypedSpan> = system.iter().collect();
        for &span in &gold {
            let hit = u64::from(system.contains(span));
            self.count(span, SpanCounts { correct: hit, spurious: 0, missed: 1 - hit });
        }
        for &span in system.difference(&gold) {
            self.count(span, SpanCounts { correct: 0, spurious: 1, missed: 0 });
        }
    }

    fn count(&mut self, span: &TypedSpan, counts: SpanCounts) {
        self.micro += counts;
        *self.types.entry(span.label.clone()).or_default() += counts;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(labels: &str) -> Vec<(usize, usize, String)> {
        let labels: Vec<&str> = labels.split(' ').collect();
        spans_from_labels(&labels).into_iter().map(|span| (span.start, span.end, span.label)).collect()
    }

    #[test]
    fn reads_every_scheme() {
        let per = |start, end| (start, end, "PER".to_owned());
        assert_eq!(spans("B-PER I-PER O B-PER"), [per(0, 2), per(3, 4)]);
        assert_eq!(spans("I-PER I-PER B-PER"), [per(0, 2), per(2, 3)]);
        assert_eq!(spans("B-PER E-PER S-PER S-PER"), [per(0, 2), per(2, 3), per(3, 4)]);
        assert_eq!(spans("B-PER L-PER U-PER"), [per(0, 2), per(2, 3)]);
        assert_eq!(spans("I-LOC I-PER"), [(0, 1, "LOC".to_owned()), per(1, 2)]);
        assert_eq!(spans("PER PER O"), [per(0, 2)]);
        assert!(spans("O _").is_empty());
    }

    #[test]
    fn counts_each_span_once() {
        let gold = spans_from_labels(&["B-PER", "I-PER", "O", "B-LOC"]);
        let system = spans_from_labels(&["B-PER", "I-PER", "B-ORG", "B-ORG"]);
        let mut scores = SpanScores::default();
        scores.add(&gold, &system);
        assert_eq!(scores.micro, SpanCounts { correct: 1, spurious: 2, missed: 1 });
        assert_eq!(scores.types["LOC"].missed, 1);
        assert!((scores.micro.f1() - 0.4).abs() < 1e-12);
        assert_eq!(SpanCounts::default().f1().to_bits(), 0);
    }
}
