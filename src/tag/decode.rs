//! From label probabilities to mentions: the best label sequence that is allowed, read off as spans.

use crate::document::Span;
use crate::mention::{EntityType, Mention};
use crate::tag::label::{Label, LabelSet};

/// Finds the mentions of one sentence (any stretch of words that no mention may leave).
///
/// `logits` holds one row of `labels.len()` values for each word of `words`. The labels are the most probable
/// sequence (Viterbi 1967) in which every `I-X` follows a `B-X` or `I-X`. A mention's score is the lowest probability of
/// the label at one of its words, as the network has it: [`Model::score`](crate::tag::model::Model::score) calibrates it.
#[must_use]
pub fn mentions(labels: &LabelSet, logits: &[f32], words: &[Span]) -> Vec<Mention> {
    let mut probabilities = logits.to_vec();
    for row in probabilities.chunks_exact_mut(labels.len()) {
        softmax(row);
    }
    let path = best_path(labels, &probabilities);
    let mut mentions: Vec<Mention> = Vec::new();
    for (index, (&column, span)) in path.iter().zip(words).enumerate() {
        let score = probabilities[index * labels.len() + column];
        match labels.labels()[column] {
            Label::Outside => {}
            Label::Begin(entity_type) => mentions.push(Mention { span: *span, entity_type, score }),
            Label::Inside(_) => {
                if let Some(mention) = mentions.last_mut() {
                    mention.span.end = span.end;
                    mention.score = mention.score.min(score);
                }
            }
        }
    }
    mentions
}

fn softmax(row: &mut [f32]) {
    let highest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for value in row.iter_mut() {
        *value = (*value - highest).exp();
        sum += *value;
    }
    for value in row.iter_mut() {
        *value /= sum;
    }
}

/// Columns of the most probable allowed sequence; ties go to the first label.
fn best_path(labels: &LabelSet, probabilities: &[f32]) -> Vec<usize> {
    let width = labels.len();
    let steps = probabilities.len() / width;
    let allowed: Vec<Vec<usize>> = labels
        .labels()
        .iter()
        .map(|&label| (0..width).filter(|&before| may_follow(labels.labels()[before], label)).collect())
        .collect();
    let mut scores = vec![f32::NEG_INFINITY; width];
    let mut back = Vec::with_capacity(steps * width);
    for (step, row) in probabilities.chunks_exact(width).enumerate() {
        let mut next = vec![f32::NEG_INFINITY; width];
        for (column, &probability) in row.iter().enumerate() {
            let (before, score) = if step == 0 {
                (0, if matches!(labels.labels()[column], Label::Inside(_)) { f32::NEG_INFINITY } else { 0.0 })
            } else {
                let mut best = (0, f32::NEG_INFINITY);
                for &before in &allowed[column] {
                    if scores[before] > best.1 {
                        best = (before, scores[before]);
                    }
                }
                best
            };
            back.push(before);
            next[column] = score + probability.max(f32::MIN_POSITIVE).ln();
        }
        scores = next;
    }
    let mut column = 0;
    for (candidate, score) in scores.iter().enumerate() {
        if *score > scores[column] {
            column = candidate;
        }
    }
    let mut path = vec![0; steps];
    for step in (0..steps).rev() {
        path[step] = column;
        column = back[step * width + column];
    }
    path
}

fn may_follow(before: Label, label: Label) -> bool {
    let kind_before: Option<EntityType> = match before {
        Label::Outside => None,
        Label::Begin(kind) | Label::Inside(kind) => Some(kind),
    };
    match label {
        Label::Inside(kind) => kind_before == Some(kind),
        Label::Outside | Label::Begin(_) => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NAMES: [&str; 5] = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];

    fn spans(count: usize) -> Vec<Span> {
        (0..count).map(|index| Span::new(index * 2, index * 2 + 1)).collect()
    }

    #[test]
    fn an_inside_label_cannot_open_or_change_a_mention() {
        let labels = LabelSet::parse(&NAMES).unwrap();
        // Word by word the best labels are I-PER, I-LOC; the best allowed sequence is B-PER, I-PER.
        let logits = [0.0, 4.0, 5.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 5.0];
        let found = mentions(&labels, &logits, &spans(2));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span, found[0].entity_type), (Span::new(0, 3), EntityType::Per));
        assert!(found[0].score < 0.5);
    }

    #[test]
    fn two_names_side_by_side_stay_two() {
        let labels = LabelSet::parse(&NAMES).unwrap();
        let logits = [0.0, 9.0, 0.0, 0.0, 0.0, 0.0, 9.0, 0.0, 0.0, 0.0];
        assert_eq!(mentions(&labels, &logits, &spans(2)).len(), 2);
        assert_eq!(mentions(&labels, &[], &[]), []);
    }

    proptest! {
        #[test]
        fn mentions_are_sorted_and_apart(logits in prop::collection::vec(-30.0_f32..30.0, 0..40)) {
            let labels = LabelSet::parse(&NAMES).unwrap();
            let words = logits.len() / 5;
            let found = mentions(&labels, &logits[..words * 5], &spans(words));
            for pair in found.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
            for mention in found {
                prop_assert!((0.0..=1.0).contains(&mention.score));
            }
        }

        #[test]
        fn viterbi_finds_the_best_of_all_sequences(logits in prop::collection::vec(-4.0_f32..4.0, 15)) {
            let labels = LabelSet::parse(&NAMES).unwrap();
            let mut probabilities = logits;
            probabilities.chunks_exact_mut(5).for_each(softmax);
            let weight = |path: &[usize]| path.iter().enumerate().map(|(step, &column)| probabilities[step * 5 + column].ln()).sum::<f32>();
            let legal = |path: &[usize]| {
                std::iter::once(Label::Outside).chain(path.iter().map(|&column| labels.labels()[column])).collect::<Vec<_>>()
                    .windows(2).all(|pair| may_follow(pair[0], pair[1]))
            };
            let best = (0..125).map(|code| [code / 25, code / 5 % 5, code % 5]).filter(|path| legal(path))
                .map(|path| weight(&path)).fold(f32::NEG_INFINITY, f32::max);
            let found = best_path(&labels, &probabilities);
            prop_assert!(legal(&found));
            prop_assert!((weight(&found) - best).abs() < 1e-4);
        }
    }
}
