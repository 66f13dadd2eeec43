//! What must hold of every score, whatever the annotations: a perfect system has 1, the sides may change places, the
//! order of documents does not matter, nothing leaves 0..1.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

use namesake::annotation::AnnotatedDocument;
use namesake::document::{Document, Span};
use namesake::entity::Entity;
use namesake::entity_type::EntityType;
use namesake::eval::Corpus;
use namesake::eval::align::Aligned;
use namesake::eval::evaluate::{EvalOptions, Evaluation, types_of};
use namesake::eval::layout::Row;
use namesake::eval::score::Prf;
use namesake::mention::Mention;
use proptest::prelude::*;
use std::collections::BTreeMap;

const TEXT: &str = "aa bb cc dd ee ff gg hh ii jj kk ll mm nn oo pp";

/// First word, words, type and entity of a mention.
type Facts = (usize, usize, u8, u8);

fn document(id: usize, facts: &[Facts], flat: bool) -> AnnotatedDocument {
    let mut annotated = AnnotatedDocument::new(Document::new(format!("d{id}"), TEXT));
    let mut entities: BTreeMap<u8, Vec<usize>> = BTreeMap::new();
    let mut sorted = facts.to_vec();
    sorted.sort_unstable();
    for (first, words, kind, entity) in sorted {
        let last = (first + words).min(15);
        let span = Span::new(first * 3, last * 3 + 2);
        if flat && annotated.mentions.last().is_some_and(|before| before.span.end > span.start) {
            continue;
        }
        let entity_type = EntityType::KNOWN[usize::from(kind)];
        entities.entry(entity).or_default().push(annotated.mentions.len());
        annotated.mentions.push(Mention { span, entity_type, score: 1.0 });
    }
    let entity =
        |(entity, mentions)| Entity { source_id: Some(format!("e{entity}").into()), ..Entity::of_mentions(mentions) };
    annotated.entities = entities.into_iter().map(entity).collect();
    annotated
}

fn corpus(documents: &[Vec<Facts>], flat: bool) -> Corpus {
    let documents = documents.iter().enumerate().map(|(id, facts)| document(id, facts, flat)).collect();
    Corpus { documents, ..Corpus::default() }
}

fn scores(gold: &Corpus, system: &Corpus) -> BTreeMap<String, Row> {
    let aligned = Aligned::new(gold.clone(), system.clone()).unwrap();
    let evaluation = Evaluation::of(&aligned, &EvalOptions::default(), types_of([&aligned]));
    evaluation.all_scores().iter().map(|row| (row.path.join(" "), row.clone())).collect()
}

fn documents() -> impl Strategy<Value = Vec<Vec<Facts>>> {
    let mention = (0_usize..16, 0_usize..3, 0_u8..3, 0_u8..5);
    proptest::collection::vec(proptest::collection::vec(mention, 0..8), 1..5)
}

/// Two sides with as many documents.
fn both() -> impl Strategy<Value = (Vec<Vec<Facts>>, Vec<Vec<Facts>>)> {
    (documents(), documents()).prop_map(|(mut gold, mut system)| {
        let count = gold.len().min(system.len());
        gold.truncate(count);
        system.truncate(count);
        (gold, system)
    })
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

fn alike(one: &Prf, other: &Prf) -> bool {
    one.parts().iter().zip(other.parts()).all(|(one, other)| near(*one, other))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_perfect_system_has_1(documents in documents()) {
        let gold = corpus(&documents, false);
        for (path, row) in scores(&gold, &gold) {
            let [precision, recall, f1] = row.score.parts();
            let right = row.outcome.is_none_or(|outcome| outcome.fp == 0.0 && outcome.fn_ == 0.0);
            prop_assert!(right, "{} {:?}", path, row);
            // Nothing to find, as MUC has without a link, is 0, and a mean over such types is lower.
            let empty = precision == 0.0 && recall == 0.0;
            prop_assert!(empty || near(f1, 1.0) || path.ends_with("conll"), "{} {:?}", path, row);
        }
    }

    #[test]
    fn everything_lies_between_0_and_1((gold, system) in both()) {
        for (path, row) in scores(&corpus(&gold, false), &corpus(&system, false)) {
            for part in row.score.parts() {
                prop_assert!((0.0..=1.0 + 1e-12).contains(&part), "{} {:?}", path, row);
            }
        }
    }

    #[test]
    fn changing_sides_changes_precision_and_recall((gold, system) in both()) {
        // Mentions that overlap are paired in order, and BLANC looks at the gold's kinds of links alone.
        let (gold, system) = (corpus(&gold, true), corpus(&system, true));
        let back = scores(&system, &gold);
        for (path, row) in scores(&gold, &system) {
            let symmetric = ["spans strict", "spans exact", "clusters"].iter().any(|start| path.starts_with(start));
            if !symmetric || path.ends_with("blanc") || path.ends_with("weighted") {
                continue;
            }
            let Prf { precision, recall, f1 } = back[&path].score;
            prop_assert!(alike(&row.score, &Prf { precision: recall, recall: precision, f1 }), "{} {:?}", path, row);
        }
    }

    #[test]
    fn the_order_of_documents_does_not_matter((gold, system) in both()) {
        let (mut gold, mut system) = (corpus(&gold, false), corpus(&system, false));
        let before = scores(&gold, &system);
        gold.documents.reverse();
        system.documents.rotate_left(1);
        for (path, row) in scores(&gold, &system) {
            prop_assert!(alike(&row.score, &before[&path].score), "{} {:?} {:?}", path, row, before[&path]);
        }
    }

    #[test]
    fn documents_add_up((gold, system) in both()) {
        let aligned = Aligned::new(corpus(&gold, false), corpus(&system, false)).unwrap();
        let evaluation = Evaluation::of(&aligned, &EvalOptions::default(), types_of([&aligned]));
        let (even, odd) = (evaluation.total(|index| index % 2 == 0), evaluation.total(|index| index % 2 == 1));
        for ((even, odd), all) in even.iter().zip(&odd).zip(evaluation.total(|_| true)) {
            prop_assert!(near(even + odd, all));
        }
    }
}
