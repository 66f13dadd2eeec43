//! The documents by their scores: how many do well, and which do worst.

use super::plot::Bar;
use super::shown::{Shown, count, percent};
use crate::annotation::AnnotatedDocument;
use crate::eval::evaluate::Evaluation;
use crate::eval::layout::ClusterMode;
use crate::eval::ranking::{DocumentScore, document_scores, worst};
use crate::eval::score::number;
use crate::number::grouped;

/// Most documents in the table.
const DOCUMENTS: usize = 300;
/// Parts of equal width into which F1 is cut; what is wholly right is counted by itself.
const PARTS: usize = 10;

/// Everything about documents.
#[derive(Debug)]
pub(super) struct Documents<'a> {
    pub(super) histogram: Vec<Step>,
    pub(super) clusters: bool,
    pub(super) lines: Vec<DocumentLine<'a>>,
    pub(super) left_out: usize,
    /// Documents without a mention on either side.
    pub(super) empty: usize,
}

/// Documents with an F1 in one range.
#[derive(Debug)]
pub(super) struct Step {
    pub(super) range: String,
    pub(super) count: String,
    pub(super) bar: Bar,
}

/// One document of the table.
#[derive(Debug)]
pub(super) struct DocumentLine<'a> {
    pub(super) id: Shown<'a>,
    pub(super) counts: [String; 3],
    /// Precision, recall, F1.
    pub(super) score: [String; 3],
    pub(super) bar: Bar,
    pub(super) conll: Option<String>,
}

impl<'a> Documents<'a> {
    pub(super) fn new(gold: &'a [AnnotatedDocument], evaluation: &Evaluation) -> Self {
        let mut scores: Vec<DocumentScore> = document_scores(evaluation).collect();
        let all = scores.len();
        scores.retain(|score| !score.is_empty());
        let (full, layout) = (scores.len(), &evaluation.layout);
        let histogram = histogram(&scores);
        let worst = worst(scores, DOCUMENTS);
        let left_out = full - worst.len();
        let line = |score: DocumentScore| {
            let prf = score.outcome.prf();
            let conll = |row: &Vec<f64>| percent(layout.cluster_tally(row, ClusterMode::EndToEnd).scores().conll.f1);
            DocumentLine {
                id: Shown::name(gold.get(score.index).map_or("", AnnotatedDocument::id)),
                counts: [score.outcome.tp, score.outcome.fp, score.outcome.fn_].map(count),
                score: prf.parts().map(percent),
                bar: Bar::new("F1", prf.f1, None),
                conll: evaluation.rows.get(score.index).filter(|_| layout.clusters).map(conll),
            }
        };
        Self {
            histogram,
            clusters: layout.clusters,
            lines: worst.into_iter().map(line).collect(),
            left_out,
            empty: all - full,
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of ten")]
fn histogram(scores: &[DocumentScore]) -> Vec<Step> {
    let mut counts = [0_usize; PARTS + 1];
    for score in scores {
        counts[((score.f1() * number(PARTS)) as usize).min(PARTS)] += 1;
    }
    let longest = counts.iter().copied().max().unwrap_or_default();
    let step = |(part, &documents): (usize, &usize)| Step {
        range: match part {
            PARTS => "100".to_owned(),
            part => format!("{} to {}", part * 100 / PARTS, (part + 1) * 100 / PARTS),
        },
        count: grouped(documents),
        bar: Bar::of_count(number(documents), number(longest)),
    };
    counts.iter().enumerate().map(step).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::scheme::Outcome;

    #[test]
    fn what_is_wholly_right_is_counted_by_itself() {
        let score = |tp, fp| DocumentScore { index: 0, outcome: Outcome { tp, fp, fn_: 0.0 } };
        let steps = histogram(&[score(1.0, 0.0), score(0.0, 1.0), score(999.0, 1.0)]);
        let counts: Vec<&str> = steps.iter().map(|step| step.count.as_str()).collect();
        assert_eq!(counts, ["1", "0", "0", "0", "0", "0", "0", "0", "0", "1", "1"]);
        assert_eq!((steps[9].range.as_str(), steps[10].range.as_str()), ("90 to 100", "100"));
    }
}
