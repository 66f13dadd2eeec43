//! From label probabilities to mentions: the best label sequence that is allowed, read off as spans.

use crate::document::Span;
use crate::label::Position;
use crate::mention::Mention;
use crate::tag::label::{Label, LabelSet};

/// Finds the mentions of one sentence (any stretch of words that no mention may leave).
///
/// `logits` holds one row of `labels.len()` values for each word of `words`. The labels are the most probable sequence
/// (Viterbi 1967) that the scheme of the labels allows; in BIO every `I-X` follows a `B-X` or `I-X`. A mention's score is
/// the lowest probability of the label at one of its words, as the network has it:
/// [`Model::score`](crate::tag::model::Model::score) calibrates it.
#[must_use]
pub fn mentions(labels: &LabelSet, logits: &[f32], words: &[Span]) -> Vec<Mention> {
    let mut probabilities = logits.to_vec();
    for row in probabilities.chunks_exact_mut(labels.len()) {
        softmax(row);
    }
    let path = best_path(labels, &probabilities);
    let mut mentions: Vec<Mention> = Vec::new();
    // The model's own type of the mention that the next word may continue, whether or not it is a type of ours.
    let mut open = None;
    for (index, (&column, span)) in path.iter().zip(words).enumerate() {
        let score = probabilities[index * labels.len() + column];
        let Label::Within { position, kind, .. } = labels.labels()[column] else {
            open = None;
            continue;
        };
        let goes_on = open == Some(kind) && matches!(position, Position::Inside | Position::End);
        open = matches!(position, Position::Begin | Position::Inside).then_some(kind);
        let Some(entity_type) = labels.entity_type(kind) else { continue };
        match mentions.last_mut() {
            Some(mention) if goes_on => {
                mention.span.end = span.end;
                mention.score = mention.score.min(score);
            }
            _ => mentions.push(Mention { span: *span, entity_type, score }),
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
    let mut scores = vec![f32::NEG_INFINITY; width];
    let mut back = Vec::with_capacity(steps * width);
    for (step, row) in probabilities.chunks_exact(width).enumerate() {
        let mut next = vec![f32::NEG_INFINITY; width];
        for (column, &probability) in row.iter().enumerate() {
            let (before, score) = if step == 0 {
                (0, if labels.labels()[column].may_open() { 0.0 } else { f32::NEG_INFINITY })
            } else {
                let mut best = (0, f32::NEG_INFINITY);
                for &before in labels.allowed_before(column) {
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
    for (score, label) in scores.iter_mut().zip(labels.labels()) {
        if !label.may_close() {
            *score = f32::NEG_INFINITY;
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity_type::EntityType;
    use crate::label::LabelTable;
    use proptest::prelude::*;

    const NAMES: [&str; 5] = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"];

    fn label_set(names: &[&str]) -> LabelSet {
        LabelSet::parse(names, &LabelTable::default()).unwrap()
    }

    fn spans(count: usize) -> Vec<Span> {
        (0..count).map(|index| Span::new(index * 2, index * 2 + 1)).collect()
    }

    /// Types and borders, in words, that are found where each word's best label by far is the named one.
    fn read(names: &[&str], path: &[&str]) -> Vec<(EntityType, usize, usize)> {
        let logits = path.iter().flat_map(|label| names.iter().map(move |name| if name == label { 9.0 } else { 0.0 }));
        let found = mentions(&label_set(names), &logits.collect::<Vec<f32>>(), &spans(path.len()));
        found.iter().map(|found| (found.entity_type, found.span.start / 2, found.span.end.div_ceil(2))).collect()
    }

    #[test]
    fn an_inside_label_cannot_open_or_change_a_mention() {
        // Word by word the best labels are I-PER, I-LOC; the best allowed sequence is B-PER, I-PER.
        let logits = [0.0, 4.0, 5.0, 0.0, 0.0, 0.0, 0.0, 4.0, 0.0, 5.0];
        let found = mentions(&label_set(&NAMES), &logits, &spans(2));
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].span, found[0].entity_type), (Span::new(0, 3), EntityType::Per));
        assert!(found[0].score < 0.5);
    }

    #[test]
    fn two_names_side_by_side_stay_two() {
        assert_eq!(read(&NAMES, &["B-PER", "B-PER"]).len(), 2);
        assert_eq!(mentions(&label_set(&NAMES), &[], &[]), []);
    }

    #[test]
    fn every_scheme_is_read() {
        use EntityType::{Loc, Per};
        let expected = [(Per, 0, 2), (Loc, 3, 4)];
        assert_eq!(read(&NAMES, &["B-PER", "I-PER", "O", "B-LOC"]), expected);
        assert_eq!(read(&["O", "PER", "LOC"], &["PER", "PER", "O", "LOC"]), expected);
        let iobes = ["O", "B-PER", "I-PER", "E-PER", "S-PER", "B-GPE", "I-GPE", "E-GPE", "S-GPE"];
        assert_eq!(read(&iobes, &["B-PER", "E-PER", "O", "S-GPE"]), expected);
        let bilou = ["B-PER", "I-PER", "L-PER", "U-PER", "B-LOC", "I-LOC", "L-LOC", "U-LOC", "O"];
        assert_eq!(read(&bilou, &["B-PER", "L-PER", "O", "U-LOC"]), expected);
        let iob1 = ["B-LOC", "I-LOC", "I-PER", "O"];
        assert_eq!(read(&iob1, &["I-PER", "I-PER", "O", "I-LOC"]), expected);
        assert_eq!(read(&iob1, &["I-LOC", "B-LOC", "I-LOC", "O"]), [(Loc, 0, 1), (Loc, 1, 3)]);
        // Neighbours of types that become one of ours stay apart; what is no name keeps its own.
        let many = ["O", "B-GPE", "I-GPE", "B-FAC", "I-FAC", "B-DATE", "I-DATE"];
        let date = EntityType::from_label("DATE");
        let found = read(&many, &["B-GPE", "B-FAC", "I-FAC", "B-DATE"]);
        assert_eq!(found, [(Loc, 0, 1), (Loc, 1, 3), (date, 3, 4)]);
    }

    #[test]
    fn an_open_mention_is_closed_before_the_sentence_ends() {
        let names = ["O", "B-PER", "I-PER", "E-PER", "S-PER"];
        assert_eq!(read(&names, &["O", "B-PER"]).len(), 0, "O, O is better than any mention that closes");
        assert_eq!(read(&names, &["B-PER", "I-PER"]), [(EntityType::Per, 0, 2)]);
    }

    proptest! {
        #[test]
        fn mentions_are_sorted_and_apart(logits in prop::collection::vec(-30.0_f32..30.0, 0..40)) {
            let words = logits.len() / 5;
            let found = mentions(&label_set(&NAMES), &logits[..words * 5], &spans(words));
            for pair in found.windows(2) {
                prop_assert!(pair[0].span.end <= pair[1].span.start);
            }
            for mention in found {
                prop_assert!((0.0..=1.0).contains(&mention.score));
            }
        }

        #[test]
        fn viterbi_finds_the_best_of_all_sequences(
            logits in prop::collection::vec(-4.0_f32..4.0, 15),
            names in prop::sample::select(vec![NAMES, ["O", "B-PER", "I-PER", "E-PER", "S-PER"], ["PER", "LOC", "ORG", "MISC", "O"]]),
        ) {
            let labels = label_set(&names);
            let mut probabilities = logits;
            probabilities.chunks_exact_mut(5).for_each(softmax);
            let weight = |path: &[usize]| path.iter().enumerate().map(|(step, &column)| probabilities[step * 5 + column].ln()).sum::<f32>();
            let legal = |path: &[usize]| {
                labels.labels()[path[0]].may_open() && labels.labels()[path[2]].may_close()
                    && path.windows(2).all(|pair| labels.allowed_before(pair[1]).contains(&pair[0]))
            };
            let best = (0..125).map(|code| [code / 25, code / 5 % 5, code % 5]).filter(|path| legal(path))
                .map(|path| weight(&path)).fold(f32::NEG_INFINITY, f32::max);
            let found = best_path(&labels, &probabilities);
            prop_assert!(legal(&found));
            prop_assert!((weight(&found) - best).abs() < 1e-4);
        }
    }
}
