//! Scores of a whole corpus: gold and system in, every score out, with the rows of counts that resampling needs.

use super::align::Aligned;
use super::cluster::{ClusterTally, Contingency, best_assignment};
use super::entities::{CorpusItem, EntityNumbers, ItemBuilder, NilRule, Twinless};
use super::layout::{ClusterMode, Layout, Row, path, visit_clusters};
use super::parallel::in_parallel;
use super::row::{TypeNumbers, row_of};
use super::score::{Prf, Tally, number};
use super::select::{SelectOptions, Selection};
use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::entity_type::EntityType;
use std::collections::HashSet;
use std::sync::OnceLock;

/// Documents that a processor takes at a time.
const CHUNK: usize = 256;

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
    /// The scores over all documents.
    whole: OnceLock<Vec<Row>>,
}

impl Evaluation {
    /// Scores `aligned`, for these types (see [`types_of`]).
    #[must_use]
    pub fn of(aligned: &Aligned, options: &EvalOptions, types: Vec<EntityType>) -> Self {
        let layout = layout_of(aligned, types);
        let nobody = AnnotatedDocument::default();
        let mut evaluation = Self {
            rows: Vec::new(),
            selections: Vec::new(),
            items: Vec::new(),
            twinless: options.twinless,
            whole: OnceLock::new(),
            layout,
        };
        let pairs: Vec<(&AnnotatedDocument, Option<&AnnotatedDocument>)> = aligned.pairs().collect();
        let numbers = TypeNumbers::new(&evaluation.layout.types);
        let chunks: Vec<&[(&AnnotatedDocument, Option<&AnnotatedDocument>)]> = pairs.chunks(CHUNK).collect();
        let counted = in_parallel(chunks.len(), |chunk| {
            let count = |&(gold, system): &(&AnnotatedDocument, Option<&AnnotatedDocument>)| {
                let selection = Selection::of(gold, system, &options.select);
                let system = system.unwrap_or(&nobody);
                let row = row_of(&evaluation.layout, &numbers, gold, system, &selection, aligned.schemes);
                (row, selection)
            };
            chunks[chunk].iter().map(count).collect::<Vec<_>>()
        });
        (evaluation.rows, evaluation.selections) = counted.into_iter().flatten().unzip();
        if evaluation.layout.clusters {
            evaluation.count_clusters(&pairs, options);
        }
        evaluation
    }

    /// Adds the cluster counts of each document to its row. Entities are numbered over the corpus, one document after the
    /// other, so that the numbers (and with them the order of sums) do not depend on the processors.
    fn count_clusters(&mut self, pairs: &[(&AnnotatedDocument, Option<&AnnotatedDocument>)], options: &EvalOptions) {
        let nobody = AnnotatedDocument::default();
        let mut entities = EntityNumbers::default();
        let items = pairs.iter().zip(&self.selections).map(|(&(gold, system), selection)| {
            entities.items(gold, system.unwrap_or(&nobody), selection, options.nil)
        });
        self.items = items.collect();
        let chunks: Vec<&[Vec<CorpusItem>]> = self.items.chunks(CHUNK).collect();
        let tallies = in_parallel(chunks.len(), |chunk| {
            let mut builder = ItemBuilder::default();
            let mut tally = |items: &Vec<CorpusItem>| {
                ClusterMode::ALL.map(|mode| ClusterTally::of(&builder.build(items, mode, options.twinless)))
            };
            chunks[chunk].iter().map(&mut tally).collect::<Vec<_>>()
        });
        for (row, tallies) in self.rows.iter_mut().zip(tallies.into_iter().flatten()) {
            for (mode, tally) in ClusterMode::ALL.into_iter().zip(&tallies) {
                self.layout.add_clusters(row, mode, tally);
            }
        }
    }

    /// Every score over all documents, worked out once.
    pub fn all_scores(&self) -> &[Row] {
        self.whole.get_or_init(|| {
            let mut rows = self.layout.scores(&self.total(|_| true));
            rows.extend(in_parallel(CORPUS_PARTS, |part| self.corpus_part(part, |_| true)).into_iter().flatten());
            rows
        })
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
        for (side, count) in [("gold", sum(|at| at.gold_duplicates)), ("system", sum(|at| at.system_duplicates))] {
            if count > 0 {
                notes.push(format!("{side}: {count} mentions have the span of one before them; the first counts"));
            }
        }
        for name in types.iter().filter(|name| !self.layout.types.iter().any(|known| known.label() == **name)) {
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

    /// Scores of clusters that reach over documents; they are no sums over documents.
    #[must_use]
    pub fn corpus_scores(&self, take: impl Fn(usize) -> bool) -> Vec<Row> {
        (0..CORPUS_PARTS).flat_map(|part| self.corpus_part(part, &take)).collect()
    }

    /// A part of the corpus scores that takes about as long as the others.
    fn corpus_part(&self, part: usize, take: impl Fn(usize) -> bool) -> Vec<Row> {
        let mut rows = Vec::new();
        if !self.layout.clusters {
            return rows;
        }
        let mut sink = |keys: &[&str], score, outcome| rows.push(Row { path: path(keys), score, outcome });
        let mut builder = ItemBuilder::default();
        let items = self.items.iter().enumerate().filter(|(index, _)| take(*index)).flat_map(|(_, items)| items);
        if let Some(&mode) = ClusterMode::ALL.get(part) {
            let tally = ClusterTally::of(&builder.build(items, mode, self.twinless));
            visit_clusters(mode, "corpus", &tally.scores(), &mut sink);
        } else {
            let score = typed_ceaf(&Contingency::new(&builder.build_typed(items)));
            sink(&["clusters", ClusterMode::EndToEnd.name(), "corpus", "typed_mention_ceaf"], score, None);
        }
        rows
    }
}

/// Both modes, and CEAF with types.
const CORPUS_PARTS: usize = ClusterMode::ALL.len() + 1;

/// CEAF over mentions that are told apart by their types too.
fn typed_ceaf(table: &Contingency) -> Prf {
    let edges: Vec<(usize, usize, f64)> =
        table.cells.iter().map(|cell| (cell.key, cell.response, number(cell.count))).collect();
    let mentions = |sizes: &[usize]| number(sizes.iter().sum());
    Tally::new(best_assignment(&edges), mentions(&table.response_sizes), mentions(&table.key_sizes)).prf()
}

/// The types that occur in any of `aligned`, sorted. Evaluations that are to be compared need the same list.
#[must_use]
pub fn types_of<'a>(aligned: impl IntoIterator<Item = &'a Aligned>) -> Vec<EntityType> {
    let mut types = HashSet::new();
    for document in aligned.into_iter().flat_map(|aligned| aligned.gold.iter().chain(aligned.system.iter().flatten())) {
        types.extend(document.mentions.iter().map(|mention| mention.entity_type));
        let marks = document.extras.iter().flat_map(|extras| extras.marks.values());
        types.extend(marks.filter_map(|mark| mark.alternative));
    }
    types.remove(&EntityType::UNTYPED);
    let mut types: Vec<EntityType> = types.into_iter().collect();
    types.sort_unstable_by_key(|kind| kind.label());
    types
}

fn layout_of(aligned: &Aligned, types: Vec<EntityType>) -> Layout {
    let both = |holds: &dyn Fn(&AnnotatedDocument) -> bool| {
        aligned.gold.iter().any(holds) && aligned.system.iter().flatten().any(holds)
    };
    let overlap = |document: &AnnotatedDocument| {
        let counts = |index: &usize| !document.is_skipped(*index);
        let counted = (0..document.mentions.len()).filter(counts);
        let mut spans: Vec<Span> = counted.map(|index| document.mentions[index].span).collect();
        spans.sort_unstable();
        spans.dedup();
        spans.windows(2).any(|pair| pair[1].start < pair[0].end)
    };
    Layout {
        types,
        overlaps: aligned.gold.iter().chain(aligned.system.iter().flatten()).any(overlap),
        tokens: aligned.gold.iter().any(|document| document.sentences().is_some()),
        labels: aligned.schemes.0.is_some() && aligned.schemes.0 == aligned.schemes.1,
        clusters: both(&AnnotatedDocument::has_entities),
        links: both(&AnnotatedDocument::has_links),
    }
}
