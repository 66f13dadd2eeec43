//! Which documents a system does badly on, and on which two systems differ.

use super::evaluate::Evaluation;
use super::scheme::{Outcome, Scheme};

/// Strict counts of one document, all types together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DocumentScore {
    /// Its place in the gold.
    pub index: usize,
    /// What is right, spurious and missed.
    pub outcome: Outcome,
}

impl DocumentScore {
    /// Strict F1.
    #[must_use]
    pub fn f1(&self) -> f64 {
        self.outcome.prf().f1
    }

    /// Mentions that one side has and the other lacks.
    #[must_use]
    pub fn errors(&self) -> f64 {
        self.outcome.fp + self.outcome.fn_
    }

    /// Whether neither side has a mention that counts.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.errors() + self.outcome.tp == 0.0
    }
}

/// Every document's score, in the order of the gold.
pub fn document_scores(evaluation: &Evaluation) -> impl Iterator<Item = DocumentScore> {
    let count = |row: &Vec<f64>| Outcome::new(evaluation.layout.scheme(row, Scheme::Strict, 0));
    evaluation.rows.iter().enumerate().map(move |(index, row)| DocumentScore { index, outcome: count(row) })
}

/// At most `count` documents: half of them those with the most errors, the other half those with the lowest F1; worst F1
/// first. A long document with many errors and a short one without a right name are both worth a look.
#[must_use]
pub fn worst(mut scores: Vec<DocumentScore>, count: usize) -> Vec<DocumentScore> {
    let by_errors = |one: &DocumentScore, other: &DocumentScore| {
        other.errors().total_cmp(&one.errors()).then(one.index.cmp(&other.index))
    };
    let by_f1 = |one: &DocumentScore, other: &DocumentScore| {
        one.f1().total_cmp(&other.f1()).then_with(|| by_errors(one, other))
    };
    scores.sort_by(by_errors);
    let half = (count / 2).min(scores.len());
    scores[half..].sort_by(by_f1);
    scores.truncate(count);
    scores.sort_by(by_f1);
    scores
}

/// The documents whose strict F1 the two systems differ in, the greatest difference first: second less first, with the
/// scores of both.
#[must_use]
pub fn differing(first: &Evaluation, second: &Evaluation) -> Vec<(f64, [DocumentScore; 2])> {
    let pairs = document_scores(first).zip(document_scores(second));
    let mut documents: Vec<_> = pairs.map(|(one, other)| (other.f1() - one.f1(), [one, other])).collect();
    documents.retain(|document| document.0 != 0.0);
    documents.sort_by(|one, other| {
        other.0.abs().total_cmp(&one.0.abs()).then_with(|| one.1[0].index.cmp(&other.1[0].index))
    });
    documents
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document(index: usize, tp: f64, fp: f64, fn_: f64) -> DocumentScore {
        DocumentScore { index, outcome: Outcome { tp, fp, fn_ } }
    }

    #[test]
    fn the_worst_are_those_with_many_errors_and_those_with_low_scores() {
        let scores = vec![
            document(0, 1.0, 0.0, 0.0),
            document(1, 90.0, 9.0, 9.0),
            document(2, 0.0, 0.0, 1.0),
            document(3, 5.0, 1.0, 0.0),
        ];
        let indices = |count| worst(scores.clone(), count).iter().map(|score| score.index).collect::<Vec<_>>();
        assert_eq!(indices(2), [2, 1]);
        assert_eq!(indices(9), [2, 1, 3, 0]);
        assert!(worst(Vec::new(), 4).is_empty());
    }
}
