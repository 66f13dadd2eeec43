//! Scores of a whole corpus: gold and system in, every score out, with the rows of counts that resampling needs.

use super::align::Aligned;
use super::annotation::{Annotation, Name};
use super::cluster::{ClusterTally, Contingency, best_assignment};
use super::entities::{CorpusItem, EntityNumbers, ItemBuilder, NilRule, Twinless};
use super::labels::{TagScheme, strict_spans};
use super::layout::{ClusterMode, Layout, Row, path, visit_clusters};
use super::scheme::{Labelled, Scheme, count};
use super::score::{Tally, number};
use super::select::{SelectOptions, Selection};
use super::token;
use crate::document::{OffsetMap, OffsetUnit, Span};
use std::collections::BTreeSet;

/// How to score.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct EvalOptions {
    select: SelectOptions,
    nil: NilRule,
    twinless: Twinless,
}

impl EvalOptions {
    /// Which mentions count.
    #[must_use]
    pub fn with_selection(mut self, select: SelectOptions) -> Self {
        self.select = select;
        self
    }

    /// What gold mentions without entity mean.
    #[must_use]
    pub fn with_nil(mut self, nil: NilRule) -> Self {
        self.nil = nil;
        self
    }

    /// What mentions of one side do to the other.
    #[must_use]
    pub fn with_twinless(mut self, twinless: Twinless) -> Self {
        self.twinless = twinless;
        self
    }
}

/// Every score of one system, and what it was computed from.
#[derive(Debug)]
pub struct Evaluation {
    /// Sections and types.
    pub layout: Layout,
    /// Counts of each document.
    pub rows: Vec<Vec<f64>>,
    /// Mentions that count in each document.
    pub selections: Vec<Selection>,
    /// Mentions of each document for the cluster scores over the corpus.
    items: Vec<Vec<CorpusItem>>,
    twinless: Twinless,
}

impl Evaluation {
    /// Scores `aligned`, for these types (see [`types_of`]).
    #[must_use]
    pub fn of(aligned: &Aligned, options: &EvalOptions, types: Vec<Name>) -> Self {
        let layout = layout_of(aligned, types);
        let nobody = Annotation::default();
        let mut entities = EntityNumbers::default();
        let mut builder = ItemBuilder::default();
        let mut evaluation = Self {
            rows: Vec::with_capacity(aligned.gold.len()),
            selections: Vec::with_capacity(aligned.gold.len()),
            items: Vec::new(),
            twinless: options.twinless,
            layout,
        };
        for (gold, system) in aligned.pairs() {
            let selection = Selection::of(gold, system, &options.select);
            let system = system.unwrap_or(&nobody);
            let layout = &evaluation.layout;
            let mut row = vec![0.0; layout.width()];
            count_spans(layout, &mut row, gold, system, &selection);
            if layout.tokens {
                count_tokens(layout, &mut row, gold, system, aligned.schemes);
            }
            if layout.links {
                layout.add_links(&mut row, links(gold, system, &selection));
            }
            if layout.clusters {
                let items = entities.items(gold, system, &selection, options.nil);
                for mode in ClusterMode::ALL {
                    let tally = ClusterTally::of(&builder.build(&items, mode, options.twinless));
                    layout.add_clusters(&mut row, mode, &tally);
                }
                evaluation.items.push(items);
            }
            evaluation.rows.push(row);
            evaluation.selections.push(selection);
        }
        evaluation
    }

    /// Which conventions decided, where the annotations leave a choice; `types` are those that alone are judged.
    #[must_use]
    pub fn conventions(&self, types: &[String]) -> Vec<String> {
        let mut notes = Vec::new();
        if self.layout.overlaps {
            notes.push(
                "mentions of one side overlap each other: `spans` pairs them in order as nervaluate does, `sets` compares sets"
                    .to_owned(),
            );
        }
        let sum = |count: fn(&Selection) -> usize| self.selections.iter().map(count).sum::<usize>();
        for (side, count) in
            [("gold", sum(|at| at.gold_duplicates)), ("system", sum(|at| at.system_duplicates))].into_iter()
        {
            if count > 0 {
                notes.push(format!("{side}: {count} mentions have the span of one before them; the first counts"));
            }
        }
        for name in types.iter().filter(|name| !self.layout.types.iter().any(|known| **known == ***name)) {
            notes.push(format!("no mention of gold or system has the type {name:?}, which is to be judged"));
        }
        notes
    }

    /// Sum of the rows of the documents for which `take` holds.
    #[must_use]
    pub fn total(&self, take: impl Fn(usize) -> bool) -> Vec<f64> {
        let mut total = vec![0.0; self.layout.width()];
        for (_, row) in self.rows.iter().enumerate().filter(|(index, _)| take(*index)) {
            for (sum, number) in total.iter_mut().zip(row) {
                *sum += number;
            }
        }
        total
    }

    /// Every score over the documents for which `take` holds: those that are sums over documents first, then
    /// [`Evaluation::corpus_scores`].
    #[must_use]
    pub fn scores(&self, take: impl Fn(usize) -> bool) -> Vec<Row> {
        let mut rows = self.layout.scores(&self.total(&take));
        rows.extend(self.corpus_scores(take));
        rows
    }

    /// Scores of clusters that reach over documents; they are no sums over documents.
    #[must_use]
    pub fn corpus_scores(&self, take: impl Fn(usize) -> bool) -> Vec<Row> {
        let mut rows = Vec::new();
        if !self.layout.clusters {
            return rows;
        }
        let mut sink = |keys: &[&str], score, outcome| rows.push(Row { path: path(keys), score, outcome });
        let mut builder = ItemBuilder::default();
        let items = || self.items.iter().enumerate().filter(|(index, _)| take(*index)).flat_map(|(_, items)| items);
        for mode in ClusterMode::ALL {
            let tally = ClusterTally::of(&builder.build(items(), mode, self.twinless));
            visit_clusters(mode, "corpus", &tally.scores(), &mut sink);
        }
        let typed = Contingency::new(&builder.build_typed(items()));
        let edges: Vec<(usize, usize, f64)> =
            typed.cells.iter().map(|cell| (cell.key, cell.response, number(cell.count))).collect();
        let mentions = |sizes: &[usize]| number(sizes.iter().sum());
        let tally = Tally::new(best_assignment(&edges), mentions(&typed.response_sizes), mentions(&typed.key_sizes));
        sink(&["clusters", ClusterMode::EndToEnd.name(), "corpus", "typed_mention_ceaf"], tally.prf(), None);
        rows
    }
}

/// The types that occur in any of `aligned`, sorted. Evaluations that are to be compared need the same list.
#[must_use]
pub fn types_of<'a>(aligned: impl IntoIterator<Item = &'a Aligned>) -> Vec<Name> {
    let mut types: BTreeSet<Name> = BTreeSet::new();
    let mut note = |label: Option<&Name>| {
        if let Some(label) = label
            && !types.contains(label)
        {
            types.insert(Name::clone(label));
        }
    };
    for aligned in aligned {
        for mention in aligned.gold.iter().chain(aligned.system.iter().flatten()).flat_map(|side| &side.mentions) {
            note(mention.label.as_ref());
            note(mention.alternative());
        }
    }
    types.into_iter().collect()
}

fn layout_of(aligned: &Aligned, types: Vec<Name>) -> Layout {
    let both = |holds: &dyn Fn(&Annotation) -> bool| {
        aligned.gold.iter().any(holds) && aligned.system.iter().flatten().any(holds)
    };
    let overlap = |document: &Annotation| {
        let mut spans: Vec<Span> =
            document.mentions.iter().filter(|mention| !mention.is_skipped()).map(|mention| mention.span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans.windows(2).any(|pair| pair[1].start < pair[0].end)
    };
    Layout {
        types,
        overlaps: aligned.gold.iter().chain(aligned.system.iter().flatten()).any(overlap),
        tokens: aligned.gold.iter().any(|document| document.tokens.is_some()),
        labels: aligned.schemes.0.is_some() && aligned.schemes.0 == aligned.schemes.1,
        clusters: both(&Annotation::has_entities),
        links: both(&Annotation::has_links),
    }
}

/// Number of a type: 0 is the first; one past the last stands for an unknown type.
fn type_number(types: &[Name], label: Option<&Name>) -> u32 {
    let place = label.and_then(|label| types.binary_search(label).ok()).unwrap_or(types.len());
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn count_spans(layout: &Layout, row: &mut [f64], gold: &Annotation, system: &Annotation, selection: &Selection) {
    let lists = Lists::of(&layout.types, gold, system, selection);
    for scheme in Scheme::ALL {
        let (expected, found) = if scheme.is_typed() { &lists.typed } else { &lists.all };
        layout.add_scheme(row, scheme, 0, count(scheme, expected, found));
    }
    if layout.overlaps {
        count_sets(layout, row, &lists);
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
    fn of(types: &[Name], gold: &Annotation, system: &Annotation, selection: &Selection) -> Self {
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
                let mention = place.labelled(expected.span, type_number(types, right));
                lists.all.0.push(mention);
                if right.is_some_and(annotated) {
                    lists.typed.0.push(mention);
                }
            }
            if let Some(found) = found {
                let mention = place.labelled(found.span, type_number(types, found.label.as_ref()));
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

fn count_tokens(
    layout: &Layout,
    row: &mut [f64],
    gold: &Annotation,
    system: &Annotation,
    schemes: (Option<TagScheme>, Option<TagScheme>),
) {
    let Some(tokens) = &gold.tokens else { return };
    let own = |document: &Annotation| document.tokens.as_ref().and_then(|tokens| tokens.labels.clone());
    let same_scheme = schemes.0.is_some() && schemes.0 == schemes.1;
    let (expected, found) = match (own(gold), own(system)) {
        (Some(expected), Some(found)) if same_scheme => (expected, found),
        _ => (token::iob2_labels(gold, &tokens.sentences), token::iob2_labels(system, &tokens.sentences)),
    };
    let pairs = || expected.iter().flatten().zip(found.iter().flatten());
    let right = pairs().filter(|(expected, found)| expected == found).count();
    layout.add_tokens(row, number(right), number(expected.iter().map(Vec::len).sum()));
    if let (true, Some(scheme)) = (layout.labels && same_scheme, schemes.0) {
        for (expected, found) in expected.iter().zip(&found) {
            let (expected, found) = (strict_spans(expected, scheme), strict_spans(found, scheme));
            let mut add = |label: &str, right: bool, system: bool, gold: bool| {
                let kind = layout.types.binary_search_by(|name| (**name).cmp(label)).map_or(0, |place| place + 1);
                for kind in BTreeSet::from([0, kind]) {
                    layout.add_labels(row, kind, f64::from(right), f64::from(system), f64::from(gold));
                }
            };
            for span in &expected {
                let hit = found.contains(span);
                add(&span.label, hit, hit, true);
            }
            for span in found.iter().filter(|span| !expected.contains(span)) {
                add(&span.label, false, true, false);
            }
        }
    }
}
