//! The four schemes of SemEval-2013 task 9 for mentions, as `nervaluate` 1.x computes them.
//!
//! The system's mentions are taken in order; each looks among the gold mentions that are still free for its counterpart:
//! first an exact one, else the first that it overlaps (for [`Scheme::Type`] the nearest of its type). An overlap of
//! less than one hundredth of the gold mention does not count, as in `nervaluate`.

use super::score::{Prf, ratio};
use std::ops::AddAssign;

/// When a mention counts as found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Borders and type must be right.
    Strict,
    /// Borders must be right, the type does not matter.
    Exact,
    /// An overlap earns half, right borders all; the type does not matter.
    Partial,
    /// The type must be right, and the mentions must overlap.
    Type,
}

impl Scheme {
    /// Every scheme, in the order of tables.
    pub const ALL: [Self; 4] = [Self::Strict, Self::Exact, Self::Partial, Self::Type];

    /// Name in tables and in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Exact => "exact",
            Self::Partial => "partial",
            Self::Type => "type",
        }
    }

    /// Whether the types of mentions matter.
    #[must_use]
    pub const fn is_typed(self) -> bool {
        matches!(self, Self::Strict | Self::Type)
    }
}

/// A mention to the schemes; end exclusive, the type as a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Labelled {
    /// First token or character.
    pub start: usize,
    /// One past the last.
    pub end: usize,
    /// Number of the type.
    pub label: u32,
}

/// What became of the mentions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SchemeCounts {
    /// Pairs that are right.
    pub correct: u32,
    /// Pairs that are wrong.
    pub incorrect: u32,
    /// Pairs that are half right.
    pub partial: u32,
    /// Gold mentions without counterpart.
    pub missed: u32,
    /// System mentions without counterpart.
    pub spurious: u32,
}

impl SchemeCounts {
    /// The counts in the order of the fields.
    #[must_use]
    pub const fn list(self) -> [u32; 5] {
        [self.correct, self.incorrect, self.partial, self.missed, self.spurious]
    }
}

impl AddAssign for SchemeCounts {
    fn add_assign(&mut self, other: Self) {
        self.correct += other.correct;
        self.incorrect += other.incorrect;
        self.partial += other.partial;
        self.missed += other.missed;
        self.spurious += other.spurious;
    }
}

/// True positives, false positives and false negatives of a scheme; a half-right pair is half a true positive.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Outcome {
    /// True positives.
    pub tp: f64,
    /// False positives.
    pub fp: f64,
    /// False negatives.
    pub fn_: f64,
}

impl Outcome {
    /// From summed counts in the order of [`SchemeCounts::list`].
    #[must_use]
    pub fn new([correct, incorrect, partial, missed, spurious]: [f64; 5]) -> Self {
        let tp = correct + 0.5 * partial;
        Self { tp, fp: correct + incorrect + partial + spurious - tp, fn_: correct + incorrect + partial + missed - tp }
    }

    /// From what both sides share, what the system has and what the gold has.
    #[must_use]
    pub fn of_sets([right, system, gold]: [f64; 3]) -> Self {
        Self { tp: right, fp: system - right, fn_: gold - right }
    }

    /// Precision, recall and F1.
    #[must_use]
    pub fn prf(self) -> Prf {
        Prf::new(ratio(self.tp, self.tp + self.fp), ratio(self.tp, self.tp + self.fn_))
    }
}

/// Counts the mentions of one document. Both sides are ordered by start.
#[must_use]
pub fn count(scheme: Scheme, gold: &[Labelled], system: &[Labelled]) -> SchemeCounts {
    let mut counts = SchemeCounts::default();
    let mut free = vec![true; gold.len()];
    let furthest: Vec<usize> = gold
        .iter()
        .scan(0, |furthest, mention| {
            *furthest = mention.end.max(*furthest);
            Some(*furthest)
        })
        .collect();
    for mention in system {
        let first = furthest.partition_point(|&end| end <= mention.start);
        let near =
            (first..gold.len()).take_while(|&index| gold[index].start < mention.end).filter(|&index| free[index]);
        match counterpart(scheme, mention, near, gold) {
            Some((index, verdict)) => {
                free[index] = false;
                match verdict {
                    Verdict::Correct => counts.correct += 1,
                    Verdict::Partial => counts.partial += 1,
                    Verdict::Incorrect => counts.incorrect += 1,
                }
            }
            None => counts.spurious += 1,
        }
    }
    counts.missed = u32::try_from(free.iter().filter(|&&free| free).count()).unwrap_or(u32::MAX);
    counts
}

enum Verdict {
    Correct,
    Partial,
    Incorrect,
}

fn counterpart(
    scheme: Scheme,
    mention: &Labelled,
    near: impl Iterator<Item = usize>,
    gold: &[Labelled],
) -> Option<(usize, Verdict)> {
    let mut fallback = None;
    let mut nearest: Option<(usize, usize)> = None;
    for index in near {
        let other = &gold[index];
        let same_place = mention.start == other.start && mention.end == other.end;
        let same_type = mention.label == other.label;
        match scheme {
            Scheme::Strict if same_place && same_type => return Some((index, Verdict::Correct)),
            Scheme::Exact | Scheme::Partial if same_place => return Some((index, Verdict::Correct)),
            _ => {}
        }
        if !overlaps_enough(mention, other) {
            continue;
        }
        if scheme == Scheme::Type && same_type {
            let distance = mention.start.abs_diff(other.start) + mention.end.abs_diff(other.end);
            if nearest.is_none_or(|(least, _)| distance < least) {
                nearest = Some((distance, index));
            }
        } else if fallback.is_none() {
            fallback = Some(index);
        }
    }
    if let Some((_, index)) = nearest {
        return Some((index, Verdict::Correct));
    }
    let verdict = if scheme == Scheme::Partial { Verdict::Partial } else { Verdict::Incorrect };
    fallback.map(|index| (index, verdict))
}

fn overlaps_enough(mention: &Labelled, gold: &Labelled) -> bool {
    let shared = mention.end.min(gold.end).saturating_sub(mention.start.max(gold.start));
    shared > 0 && shared * 100 >= gold.end - gold.start
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(start: usize, end: usize, label: u32) -> Labelled {
        Labelled { start, end, label }
    }

    fn outcome(scheme: Scheme, gold: &[Labelled], system: &[Labelled]) -> [u32; 5] {
        count(scheme, gold, system).list()
    }

    #[test]
    fn each_scheme_judges_in_its_own_way() {
        let gold = [at(0, 2, 0), at(3, 6, 1), at(8, 9, 0)];
        let system = [at(0, 2, 1), at(4, 6, 1), at(10, 11, 0)];
        assert_eq!(outcome(Scheme::Strict, &gold, &system), [0, 2, 0, 1, 1]);
        assert_eq!(outcome(Scheme::Exact, &gold, &system), [1, 1, 0, 1, 1]);
        assert_eq!(outcome(Scheme::Partial, &gold, &system), [1, 0, 1, 1, 1]);
        assert_eq!(outcome(Scheme::Type, &gold, &system), [1, 1, 0, 1, 1]);
    }

    #[test]
    fn a_gold_mention_is_taken_once() {
        let gold = [at(0, 9, 0)];
        assert_eq!(outcome(Scheme::Partial, &gold, &[at(0, 2, 0), at(3, 5, 0)]), [0, 0, 1, 0, 1]);
        assert_eq!(outcome(Scheme::Strict, &gold, &[at(0, 9, 0), at(0, 9, 0)]), [1, 0, 0, 0, 1]);
    }

    #[test]
    fn the_nearest_of_the_type_is_taken() {
        let gold = [at(0, 9, 0), at(0, 3, 0)];
        assert_eq!(outcome(Scheme::Type, &gold, &[at(0, 3, 0), at(5, 9, 0)]), [2, 0, 0, 0, 0]);
    }
}
