//! Tests of rules on texts with marked mentions: "[PER Ida Holt] left", and what must come of them.

use super::{Guideline, Repaired, in_view, repair};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::knowledge::World;
use crate::mention::Mention;
use proptest::prelude::*;
use std::sync::LazyLock;

static WORLD: LazyLock<World> = LazyLock::new(World::embedded);

/// Takes the mark-up out of a text.
fn read(marked: &str) -> (String, Vec<Mention>) {
    let (mut text, mut mentions) = (String::new(), Vec::new());
    for part in marked.split('[') {
        let Some((inside, after)) = part.split_once(']') else {
            text.push_str(part);
            continue;
        };
        let (label, name) = inside.split_once(' ').unwrap();
        let start = text.len();
        text.push_str(name);
        let entity_type = EntityType::known(label).unwrap();
        mentions.push(Mention { span: Span::new(start, text.len()), entity_type, score: 0.8 });
        text.push_str(after);
    }
    (text, mentions)
}

pub(super) fn repaired(marked: &str) -> (String, Repaired) {
    let (text, mentions) = read(marked);
    let repaired = in_view(&text, mentions, &WORLD, Guideline::Namesake);
    (text, repaired)
}

/// Repairs the first text, which must then have the mentions that are marked in the second.
#[track_caller]
pub(super) fn mends(marked: &str, expected: &str) {
    let (text, repaired) = repaired(marked);
    let (same, expected) = read(expected);
    assert_eq!(text, same, "the texts differ");
    let shown = |mentions: &[Mention]| -> Vec<String> {
        mentions.iter().map(|mention| format!("{} {}", mention.entity_type.label(), mention.span.of(&text))).collect()
    };
    let rules: Vec<&str> = repaired.changes.iter().map(|change| change.rule.name()).collect();
    assert_eq!(shown(&repaired.mentions), shown(&expected), "by {rules:?}");
    assert_eq!(
        repaired.mentions.iter().map(|mention| mention.span).collect::<Vec<_>>(),
        expected.iter().map(|mention| mention.span).collect::<Vec<_>>()
    );
}

/// Nothing is to be mended.
#[track_caller]
pub(super) fn keeps(marked: &str) {
    mends(marked, marked);
}

/// Pieces of texts in which most rules have something to do.
fn any_marked() -> impl Strategy<Value = Vec<(String, u8)>> {
    let piece = "(Ida|Holt|Moss|Norvik|Leeds|Dr\\.|The|J\\.|Inc\\.|& |Co\\.|, |; |\n|\"|\\(R-NC\\)|Ph\\.D\\.|From: |-based|'s|Jr\\.|@moss\\.example| |é|東|—|Zurich Switzerland| and ){1,3}";
    prop::collection::vec((piece, 0_u8..8), 0..30)
}

proptest! {
    #[test]
    fn mentions_stay_sorted_and_apart(pieces in any_marked()) {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for (piece, kind) in pieces {
            let (start, trimmed) = (text.len() + piece.len() - piece.trim_start().len(), piece.trim());
            text.push_str(&piece);
            let kinds = [EntityType::Per, EntityType::Org, EntityType::Loc, EntityType::Misc];
            if let Some(&entity_type) = kinds.get(usize::from(kind)).filter(|_| !trimmed.is_empty()) {
                mentions.push(Mention { span: Span::new(start, start + trimmed.len()), entity_type, score: 0.8 });
            }
            text.push(' ');
        }
        for guideline in [Guideline::Namesake, Guideline::Conll] {
            let repaired = repair(&text, mentions.clone(), &WORLD, guideline);
            let mut end = 0;
            for mention in &repaired.mentions {
                prop_assert!(mention.span.start >= end && mention.span.start < mention.span.end);
                prop_assert!(text.is_char_boundary(mention.span.start) && text.is_char_boundary(mention.span.end));
                end = mention.span.end;
            }
            prop_assert!(end <= text.len());
            prop_assert!(repaired.changes.iter().all(|change| change.before != change.after && change.rule.holds(guideline)));
            if repaired.changes.is_empty() {
                prop_assert_eq!(&repaired.mentions, &mentions);
            }
        }
    }
}
