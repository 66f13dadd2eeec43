//! The counts of one document, but for its clusters.

use super::align::Aligned;
use super::annotation::{Annotation, Name};
use super::labels::{TagScheme, strict_spans_of};
use super::layout::Layout;
use super::scheme::{Labelled, Scheme, count};
use super::score::{Tally, number};
use super::select::Selection;
use super::token;
use crate::document::{OffsetMap, OffsetUnit, Span};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Numbers of types: 0 is the first; one past the last stands for an unknown type.
pub(super) struct TypeNumbers<'a> {
    types: &'a [Name],
    /// Types by their memory, which the mentions of a file share: comparing it is faster than comparing names.
    known: Vec<(Name, u32)>,
}

impl<'a> TypeNumbers<'a> {
    pub(super) fn new(types: &'a [Name], aligned: &Aligned) -> Self {
        let mut numbers = Self { types, known: Vec::new() };
        for document in aligned.gold.iter().chain(aligned.system.iter().flatten()) {
            for label in document.mentions.iter().filter_map(|mention| mention.label.as_ref()) {
                if numbers.known.len() < 32 && numbers.by_memory(label).is_none() {
                    let number = numbers.get(Some(label));
                    numbers.known.push((Name::clone(label), number));
                }
            }
        }
        numbers
    }

    fn by_memory(&self, label: &Name) -> Option<u32> {
        self.known.iter().find(|(known, _)| Arc::ptr_eq(known, label)).map(|(_, number)| *number)
    }

    pub(super) fn get(&self, label: Option<&Name>) -> u32 {
        let number = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
        let Some(label) = label else { return number(self.types.len()) };
        let search = || number(self.types.binary_search(label).unwrap_or(self.types.len()));
        self.by_memory(label).unwrap_or_else(search)
    }
}

/// The row of a document in `layout`.
pub(super) fn row_of(
    layout: &Layout,
    types: &TypeNumbers<'_>,
    gold: &Annotation,
    system: &Annotation,
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
    fn of(types: &TypeNumbers<'_>, gold: &Annotation, system: &Annotation, selection: &Selection) -> Self {
        let place = Places::of(gold, system, selection);
        let annotated = |label: &Name| gold.coverage.types.as_ref().is_none_or(|types| types.contains(label));
        let mut lists = Self { typed: (Vec::new(), Vec::new()), all: (Vec::new(), Vec::new()) };
        for (gold_index, system_index) in selection.matches(gold, system) {
            let expected = gold_index.map(|index| &gold.mentions[index]);
            let found = system_index.map(|index| &system.mentions[index]);
            // A type that is as right as the first is the right one, if the system chose it.
            let right = expected.and_then(|expected| match (expected.alternative(), found) {
                (Some(other), Some(found)) if expected.label.is_some() && found.label.as_ref() == Some(other) => {
                    Some(other)
                }
                _ => expected.label.as_ref(),
            });
            let judged = expected.is_none() || right.is_some();
            if let Some(expected) = expected {
                let mention = place.labelled(expected.span, types.get(right));
                lists.all.0.push(mention);
                if right.is_some_and(annotated) {
                    lists.typed.0.push(mention);
                }
            }
            if let Some(found) = found {
                let mention = place.labelled(found.span, types.get(found.label.as_ref()));
                lists.all.1.push(mention);
                if judged && found.label.as_ref().is_some_and(annotated) {
                    lists.typed.1.push(mention);
                }
            }
        }
        lists
    }
}

/// Turns spans into tokens, where every span begins and ends with one, else into code points.
enum Places<'a> {
    Tokens(token::Borders),
    Characters(OffsetMap<'a>),
}

impl<'a> Places<'a> {
    fn of(gold: &'a Annotation, system: &Annotation, selection: &Selection) -> Self {
        if let Some(tokens) = &gold.tokens {
            let borders = token::Borders::new(&tokens.sentences);
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
fn links(gold: &Annotation, system: &Annotation, selection: &Selection) -> Tally {
    let (mut right, mut all_system, mut all_gold) = (0, 0, 0);
    for (gold_index, system_index) in selection.matches(gold, system) {
        let expected = gold_index.and_then(|index| gold.mentions[index].link());
        let found = system_index.and_then(|index| system.mentions[index].link());
        all_gold += usize::from(expected.is_some());
        all_system += usize::from(found.is_some());
        right += usize::from(expected.is_some() && expected == found);
    }
    Tally::new(number(right), number(all_system), number(all_gold))
}

fn count_tokens<'a>(
    layout: &Layout,
    row: &mut [f64],
    gold: &'a Annotation,
    system: &'a Annotation,
    schemes: (Option<TagScheme>, Option<TagScheme>),
) {
    let Some(tokens) = &gold.tokens else { return };
    let same_scheme = schemes.0.is_some() && schemes.0 == schemes.1;
    let own = |document: &'a Annotation| document.tokens.as_ref().and_then(|tokens| tokens.labels.as_ref());
    let (first, second);
    let (expected, found): (Sentences<'_>, Sentences<'_>) = match (own(gold), own(system)) {
        (Some(expected), Some(found)) if same_scheme => (Box::new(expected.sentences()), Box::new(found.sentences())),
        // The system lacks the document.
        (Some(expected), None) if same_scheme => {
            let outside = tokens.sentences.iter().map(|sentence| vec!["O"; sentence.len()]);
            (Box::new(expected.sentences()), Box::new(outside))
        }
        _ => {
            first = token::iob2_labels(gold, &tokens.sentences);
            second = token::iob2_labels(system, &tokens.sentences);
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
            if let Ok(place) = layout.types.binary_search_by(|name| (**name).cmp(label)) {
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

fn plain(labels: &[Vec<Name>]) -> Sentences<'_> {
    Box::new(labels.iter().map(|labels| labels.iter().map(|label| &**label).collect()))
}
