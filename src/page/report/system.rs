//! A system as the page takes it.

use crate::eval::Judged;
use crate::eval::align::Aligned;
use crate::eval::breakdown::Breakdown;
use crate::eval::evaluate::Evaluation;
use crate::eval::layout::Row;
use crate::eval::significance::Intervals;
use crate::eval::slice::Slices;

/// One system with everything that was found out about it.
#[derive(Debug, Clone, Copy)]
pub struct System<'a> {
    /// What to call it.
    pub name: &'a str,
    /// Its documents beside those of the gold.
    pub aligned: &'a Aligned,
    /// Counts of each document.
    pub evaluation: &'a Evaluation,
    /// [`Evaluation::all_scores`] over all documents.
    pub scores: &'a [Row],
    /// Intervals of the scores, in their order.
    pub intervals: Option<&'a [Intervals]>,
    /// Errors by kind, type and name.
    pub breakdown: &'a Breakdown,
    /// Scores by fields of the metadata.
    pub slices: &'a [Slices],
}

impl<'a> From<&'a Judged> for System<'a> {
    fn from(judged: &'a Judged) -> Self {
        Self {
            name: &judged.name,
            aligned: &judged.aligned,
            evaluation: &judged.evaluation,
            scores: judged.evaluation.all_scores(),
            intervals: judged.intervals.as_deref(),
            breakdown: &judged.breakdown,
            slices: &judged.slices,
        }
    }
}
