//! Precision, recall and F1, and the counts that they come from.

use serde::Serialize;
use std::ops::{Add, AddAssign, Mul};

/// Precision, recall and F1, each between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct Prf {
    /// Share of what the system says that is right.
    pub precision: f64,
    /// Share of the gold that the system has.
    pub recall: f64,
    /// Their harmonic mean, 0 if both are 0; for an average, the mean of the F1.
    pub f1: f64,
}

impl Prf {
    /// Every part is `value`.
    #[must_use]
    pub const fn all(value: f64) -> Self {
        Self { precision: value, recall: value, f1: value }
    }

    /// Precision and recall with their harmonic mean.
    #[must_use]
    pub fn new(precision: f64, recall: f64) -> Self {
        let sum = precision + recall;
        Self { precision, recall, f1: if sum > 0.0 { 2.0 * precision * recall / sum } else { 0.0 } }
    }

    /// Mean of each part over `scores` with these weights; 0 if the weights sum to 0.
    #[must_use]
    pub fn mean(scores: impl IntoIterator<Item = (Self, f64)>) -> Self {
        let (mut sum, mut weights) = (Self::default(), 0.0);
        for (score, weight) in scores {
            sum.precision += score.precision * weight;
            sum.recall += score.recall * weight;
            sum.f1 += score.f1 * weight;
            weights += weight;
        }
        if weights == 0.0 {
            return Self::default();
        }
        Self { precision: sum.precision / weights, recall: sum.recall / weights, f1: sum.f1 / weights }
    }

    /// Precision, recall and F1 in this order.
    #[must_use]
    pub const fn parts(self) -> [f64; 3] {
        [self.precision, self.recall, self.f1]
    }
}

/// What is right on each side, and the whole of each side. Tallies of documents add up to that of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Tally {
    /// Part of the system's that is right.
    pub system_right: f64,
    /// All of the system's.
    pub system: f64,
    /// Part of the gold that was found.
    pub gold_found: f64,
    /// All of the gold.
    pub gold: f64,
}

impl Tally {
    /// The same is right on both sides.
    #[must_use]
    pub const fn new(right: f64, system: f64, gold: f64) -> Self {
        Self { system_right: right, system, gold_found: right, gold }
    }

    /// The score; a ratio of nothing to nothing is 0, as in every reference scorer.
    #[must_use]
    pub fn prf(self) -> Prf {
        Prf::new(ratio(self.system_right, self.system), ratio(self.gold_found, self.gold))
    }
}

impl Add for Tally {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            system_right: self.system_right + other.system_right,
            system: self.system + other.system,
            gold_found: self.gold_found + other.gold_found,
            gold: self.gold + other.gold,
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<f64> for Tally {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            system_right: self.system_right * factor,
            system: self.system * factor,
            gold_found: self.gold_found * factor,
            gold: self.gold * factor,
        }
    }
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
    /// Share of the system's spans that are right, share of the gold spans that were found, and their harmonic mean; 0 for
    /// a ratio of nothing to nothing.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
    pub fn prf(self) -> Prf {
        let share = |part: u64, whole: u64| ratio(part as f64, whole as f64);
        Prf {
            precision: share(self.correct, self.correct + self.spurious),
            recall: share(self.correct, self.correct + self.missed),
            f1: share(2 * self.correct, 2 * self.correct + self.spurious + self.missed),
        }
    }
}

/// `part / whole`, 0 if the whole is.
pub(super) fn ratio(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// A count as a number to calculate with.
#[expect(clippy::cast_precision_loss, reason = "counts far below 2^52")]
pub(crate) const fn number(count: usize) -> f64 {
    count as f64
}

/// Unordered pairs among `count` things.
pub(super) const fn pairs(count: usize) -> usize {
    count * count.saturating_sub(1) / 2
}

/// Sum of `values`, in their order. (`Iterator::sum` of no numbers is −0, which would be printed.)
pub(super) fn sum(values: impl Iterator<Item = f64>) -> f64 {
    values.fold(0.0, |sum, value| sum + value)
}
