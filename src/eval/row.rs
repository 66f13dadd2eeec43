//! The counts of one document, but for its clusters.

use super::layout::Layout;
use super::scheme::{Labelled, Scheme, count};
use super::score::{Tally, number};
use super::select::Selection;
use super::token::iob2_labels;
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use crate::tag_scheme::{TagScheme, strict_spans_of};
use crate::token::Borders;
use std::collections::BTreeSet;

/// Numbers of types: 0 is the first; one past the last stands for an unknown type.
pub(super) struct TypeNumbers<'a> {
    /// Sorted by their labels.
    types: &'a [EntityType],
}

impl<'a> TypeNumbers<'a> {
    pub(super) const fn new(types: &'a [EntityType]) -> Self {
        Self { types }
    }

    /// There are few types, and comparing two of them mostly compares numbers: a search is as fast as a table.
    pub(super) fn get(&self, kind: EntityType) -> u32 {
        let place = self.types.iter().position(|known| *known == kind);
        place.map_or(self.untyped(), |place| u32::try_from(place).unwrap_or(u32::MAX))
    }

    pub(super) fn untyped(&self) -> u32 {
        u32::try_from(self.types.len()).unwrap_or(u32::MAX)
    }
}

/// The row of a document in `layout`.
pub(super) fn row_of(
    layout: &Layout,
    types: &TypeNumbers<'_>,
    gold: &AnnotatedDocument,
    system: &AnnotatedDocument,
    selection: &Selection,
    schemes: (Option<TagScheme>, Option<TagScheme>),
) -> Vec<f64> {
    let mut row = vec![0.0; layout.width()];
    count_spans(layout, &mut row, &Lists::of(types, gold, system, selection));
    if layout.tokens {
        count_tokens(layout, &mut row, gold, system, schemes);
    }
    if layout.links {
        layout.add_links(&mut row, links(gold, system, selection));
    }
    row
}

fn count_spans(layout: &Layout, row: &mut [f64], lists: &Lists) {
    for scheme in Scheme::ALL {
        let (expected, found) = if scheme.is_typed() { &lists.typed } else { &lists.all };
        layout.add_scheme(row, scheme, 0, count(scheme, expected, found));
    }
    if layout.overlaps {
        count_sets(layout, row, lists);
    }
    let (expected, found) = &lists.typed;
    let present: BTreeSet<u32> = expected.iter().chain(found).map(|mention| mention.label).collect();
    for label in present {
        let only = |side: &[Labelled]| -> Vec<Labelled> {
            side.iter().copied().filter(|mention| mention.label == label).collect()
        };
        let (expected, found) = (only(expected), only(found));
        for scheme in Scheme::ALL {
            layout.add_scheme(row, scheme, label as usize + 1, count(scheme, &expected, &found));
        }
    }
}

/// Counts mentions that both sides have, as sets. The schemes pair mentions in their order, as `nervaluate` does: where
/// mentions of one side overlap each other, one may take the counterpart of the next, though that is exactly right.
fn count_sets(layout: &Layout, row: &mut [f64], lists: &Lists) {
    let spans = |side: &[Labelled]| -> BTreeSet<(usize, usize)> {
        side.iter().map(|mention| (mention.start, mention.end)).collect()
    };
    let (expected, found) = (spans(&lists.all.0), spans(&lists.all.1));
    let right = expected.intersection(&found).count();
    layout.add_sets(row, layout.untyped(), number(right), number(found.len()), number(expected.len()));
    let typed = |side: &[Labelled]| -> BTreeSet<(u32, usize, usize)> {
        side.iter().map(|mention| (mention.label, mention.start, mention.end)).collect()
    };
    let (expected, found) = (typed(&lists.typed.0), typed(&lists.typed.1));
    for mention in expected.union(&found) {
        let (gold, system) = (f64::from(expected.contains(mention)), f64::from(found.contains(mention)));
        for kind in [0, mention.0 as usize + 1] {
            layout.add_sets(row, kind, gold * system, system, gold);
        }
    }
}

/// The mentions of both sides as the schemes want them.
struct Lists {
    /// Those whose type is judged.
    typed: (Vec<Labelled>, Vec<Labelled>),
    /// All of them.
    all: (Vec<Labelled>, Vec<Labelled>),
}

impl Lists {
    fn of(
        types: &TypeNumbers<'_>,
        gold: &AnnotatedDocument,
        system: &AnnotatedDocument,
        selection: &Selection,
    ) -> Self {
        let place = Places::of(gold, system, selection);
        let annotated = |kind: EntityType| {
            kind != EntityType::UNTYPED && gold.coverage().types.as_ref().is_none_or(|types| types.contains(&kind))
        };
        let mut lists = Self { typed: (Vec::new(), Vec::new()), all: (Vec::new(), Vec::new()) };
        for (gold_index, system_index) in selection.matches(gold, system) {
            let expected = gold_index.map(|index| &gold.mentions[index]);
            let found = system_index.map(|index| &system.mentions[index]);
            // A type that is as right as the first is the right one, if the system chose it.
            let right = expected.map_or(EntityType::UNTYPED, |expected| {
                let chosen = found.map(|found| found.entity_type);
                let other = gold_index.and_then(|index| gold.alternative(index)).filter(|other| Some(*other) == chosen);
                other.filter(|_| expected.entity_type != EntityType::UNTYPED).unwrap_or(expected.entity_type)
            });
            let judged = expected.is_none() || right != EntityType::UNTYPED;
            if let Some(expected) = expected {
                let mention = place.labelled(expected.span, types.get(right));
                lists.all.0.push(mention);
                if annotated(right) {
                    lists.typed.0.push(mention);
                }
            }
            if let Some(found) = found {
                let mention = place.labelled(found.span, types.get(found.entity_type));
                lists.all.1.push(mention);
                if judged && annotated(found.entity_type) {
                    lists.typed.1.push(mention);
                }
            }
        }
        lists
    }
}

/// Turns spans into tokens, where every span begins and ends with one, else into code points.
enum Places<'a> {
    Tokens(Borders),
    Characters(OffsetMap<'a>),
}

impl<'a> Places<'a> {
    fn of(gold: &'a AnnotatedDocument, system: &AnnotatedDocument, selection: &Selection) -> Self {
        if let Some(sentences) = gold.sentences() {
            let borders = Borders::new(sentences);
            let expected = selection.gold.iter().map(|&index| gold.mentions[index].span);
            let found = selection.system.iter().map(|&index| system.mentions[index].span);
            if expected.chain(found).all(|span| borders.range(span).is_some()) {
                return Self::Tokens(borders);
            }
        }
        Self::Characters(OffsetMap::new(gold.text(), OffsetUnit::Char))
    }

    fn labelled(&self, span: Span, label: u32) -> Labelled {
        let (start, end) = match self {
            Self::Tokens(borders) => borders.range(span).unwrap_or((span.start, span.end)),
            Self::Characters(map) => {
                let place = |byte| map.from_byte(byte).unwrap_or(byte);
                (place(span.start), place(span.end))
            }
        };
        Labelled { start, end, label }
    }
}

/// Links of the same span to the same entry, as GERBIL's strong annotation match.
fn links(gold: &AnnotatedDocument, system: &AnnotatedDocument, selection: &Selection) -> Tally {
    let (mut right, mut all_system, mut all_gold) = (0, 0, 0);
    let (keys, responses) = (gold.owners(), system.owners());
    for (gold_index, system_index) in selection.matches(gold, system) {
        let expected = gold_index.and_then(|index| gold.link(index, keys[index]));
        let found = system_index.and_then(|index| system.link(index, responses[index]));
        all_gold += usize::from(expected.is_some());
        all_system += usize::from(found.is_some());
        right += usize::from(expected.is_some() && expected == found);
    }
    Tally::new(number(right), number(all_system), number(all_gold))
}

fn count_tokens<'a>(
    layout: &Layout,
    row: &mut [f64],
    gold: &'a AnnotatedDocument,
    system: &'a AnnotatedDocument,
    schemes: (Option<TagScheme>, Option<TagScheme>),
) {
    let Some(sentences) = gold.sentences() else { return };
    let same_scheme = schemes.0.is_some() && schemes.0 == schemes.1;
    let (first, second);
    let (expected, found): (Sentences<'_>, Sentences<'_>) = match (gold.token_labels(), system.token_labels()) {
        (Some(expected), Some(found)) if same_scheme => (Box::new(expected.sentences()), Box::new(found.sentences())),
        // The system lacks the document.
        (Some(expected), None) if same_scheme => {
            let outside = sentences.iter().map(|sentence| vec!["O"; sentence.len()]);
            (Box::new(expected.sentences()), Box::new(outside))
        }
        _ => {
            first = iob2_labels(gold, sentences);
            second = iob2_labels(system, sentences);
            (plain(&first), plain(&second))
        }
    };
    let strict = schemes.0.filter(|_| layout.labels && same_scheme);
    for (expected, found) in expected.zip(found) {
        let right = expected.iter().zip(&found).filter(|(expected, found)| expected == found).count();
        layout.add_tokens(row, number(right), number(expected.len()));
        let Some(scheme) = strict else { continue };
        let (expected, found) = (strict_spans_of(&expected, scheme), strict_spans_of(&found, scheme));
        let mut add = |label: &str, right: bool, system: bool, gold: bool| {
            let mut count = |kind| layout.add_labels(row, kind, f64::from(right), f64::from(system), f64::from(gold));
            count(0);
            if let Ok(place) = layout.types.binary_search_by(|kind| kind.label().cmp(label)) {
                count(place + 1);
            }
        };
        for span in &expected {
            let hit = found.contains(span);
            add(span.2, hit, hit, true);
        }
        for span in found.iter().filter(|span| !expected.contains(span)) {
            add(span.2, false, true, false);
        }
    }
}

/// Labels, a sentence at a time.
type Sentences<'a> = Box<dyn Iterator<Item = Vec<&'a str>> + 'a>;

fn plain(labels: &[Vec<String>]) -> Sentences<'_> {
    Box::new(labels.iter().map(|labels| labels.iter().map(String::as_str).collect()))
}
