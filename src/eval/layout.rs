//! The counts of a document as one row of numbers, and the scores that a sum of rows gives.
//!
//! Every score that can be summed over documents lives here, so that slices, resampling and comparisons need to know
//! nothing of the metrics: they add rows with weights and ask for the scores of the sum.

use super::cluster::{ClusterScores, ClusterTally, LinkCounts};
use super::scheme::{Outcome, Scheme, SchemeCounts};
use super::score::{Prf, Tally, ratio};
use crate::entity_type::EntityType;

/// Numbers of a scheme for one type.
const SCHEME: usize = 5;
/// Numbers of a strict reading of labels for one type: right, system, gold.
const LABELS: usize = 3;
/// Numbers of a tally.
const TALLY: usize = 4;
/// Six tallies, two for BLANC and its twinless mentions.
const CLUSTERS: usize = 8 * TALLY + 1;
/// Numbers of a comparison of sets for one type: right, system, gold.
const SETS: usize = 3;
/// Right, system, gold; sums of precision, recall and F1 of the documents; documents.
const LINKS: usize = 7;

/// Which sections there are, and for which types.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Layout {
    /// Types, sorted by their labels.
    pub types: Vec<EntityType>,
    /// Whether mentions of one side overlap each other.
    pub overlaps: bool,
    /// Whether tokens can be compared.
    pub tokens: bool,
    /// Whether both sides label tokens.
    pub labels: bool,
    /// Whether both sides know entities.
    pub clusters: bool,
    /// Whether both sides link to a knowledge base.
    pub links: bool,
}

/// Which mentions the clusters are compared on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClusterMode {
    /// Those whose span both sides have.
    GoldMentions,
    /// All of both sides.
    EndToEnd,
}

impl ClusterMode {
    /// Both, in the order of tables.
    pub const ALL: [Self; 2] = [Self::GoldMentions, Self::EndToEnd];

    /// Name in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::GoldMentions => "gold_mentions",
            Self::EndToEnd => "end_to_end",
        }
    }
}

/// A score with its place in the JSON.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Keys from the outermost in, such as `spans`, `strict`, `micro`.
    pub path: Vec<String>,
    /// The score.
    pub score: Prf,
    /// Counts behind it, where it has such.
    pub outcome: Option<Outcome>,
}

impl Layout {
    /// Length of a row.
    #[must_use]
    pub fn width(&self) -> usize {
        self.start_of_sets(0) + if self.overlaps { (self.kinds() + 1) * SETS } else { 0 }
    }

    const fn kinds(&self) -> usize {
        self.types.len() + 1
    }

    fn start_of_scheme(&self, scheme: Scheme, kind: usize) -> usize {
        (scheme as usize * self.kinds() + kind) * SCHEME
    }

    const fn start_of_tokens(&self) -> usize {
        Scheme::ALL.len() * self.kinds() * SCHEME
    }

    const fn start_of_labels(&self, kind: usize) -> usize {
        self.start_of_tokens() + 2 + kind * LABELS
    }

    const fn start_of_clusters(&self, mode: ClusterMode) -> usize {
        self.start_of_labels(self.kinds()) + mode as usize * CLUSTERS
    }

    const fn start_of_links(&self) -> usize {
        self.start_of_clusters(ClusterMode::GoldMentions) + 2 * CLUSTERS
    }

    /// `kind` is 0 for all types together, then come the types; one past the last is for spans without their types.
    const fn start_of_sets(&self, kind: usize) -> usize {
        self.start_of_links() + LINKS + kind * SETS
    }

    /// Adds the counts of a scheme; `kind` is 0 for all types together, else 1 and the number of the type.
    pub(super) fn add_scheme(&self, row: &mut [f64], scheme: Scheme, kind: usize, counts: SchemeCounts) {
        add(row, self.start_of_scheme(scheme, kind), &counts.list().map(f64::from));
    }

    pub(super) fn add_tokens(&self, row: &mut [f64], right: f64, all: f64) {
        add(row, self.start_of_tokens(), &[right, all]);
    }

    pub(super) fn add_labels(&self, row: &mut [f64], kind: usize, right: f64, system: f64, gold: f64) {
        add(row, self.start_of_labels(kind), &[right, system, gold]);
    }

    /// Adds what both sides share, and what each has; `kind` as in `start_of_sets`.
    pub(super) fn add_sets(&self, row: &mut [f64], kind: usize, right: f64, system: f64, gold: f64) {
        add(row, self.start_of_sets(kind), &[right, system, gold]);
    }

    /// The `kind` of [`Layout::add_sets`] for spans without their types.
    pub(super) const fn untyped(&self) -> usize {
        self.kinds()
    }

    pub(super) fn add_clusters(&self, row: &mut [f64], mode: ClusterMode, tally: &ClusterTally) {
        let mut numbers = Vec::with_capacity(CLUSTERS);
        let ClusterTally { muc, b_cubed, ceaf_m, ceaf_e, blanc, lea, alias_pairs } = tally;
        for tally in [muc, b_cubed, ceaf_m, ceaf_e, lea, alias_pairs, &blanc.coreference, &blanc.non_coreference] {
            numbers.extend([tally.system_right, tally.system, tally.gold_found, tally.gold]);
        }
        numbers.push(blanc.twinless);
        add(row, self.start_of_clusters(mode), &numbers);
    }

    pub(super) fn add_links(&self, row: &mut [f64], tally: Tally) {
        let score = gerbil(tally);
        let [precision, recall, f1] = score.parts();
        let numbers = [tally.system_right, tally.system, tally.gold, precision, recall, f1, 1.0];
        add(row, self.start_of_links(), &numbers);
    }

    /// Counts of a scheme in `row`.
    #[must_use]
    pub fn scheme(&self, row: &[f64], scheme: Scheme, kind: usize) -> [f64; 5] {
        take(row, self.start_of_scheme(scheme, kind))
    }

    /// Counts of the clusters in `row`.
    #[must_use]
    pub fn cluster_tally(&self, row: &[f64], mode: ClusterMode) -> ClusterTally {
        let start = self.start_of_clusters(mode);
        let tally = |index: usize| {
            let [system_right, system, gold_found, gold] = take(row, start + index * TALLY);
            Tally { system_right, system, gold_found, gold }
        };
        let [twinless] = take(row, start + 8 * TALLY);
        ClusterTally {
            muc: tally(0),
            b_cubed: tally(1),
            ceaf_m: tally(2),
            ceaf_e: tally(3),
            lea: tally(4),
            alias_pairs: tally(5),
            blanc: LinkCounts { coreference: tally(6), non_coreference: tally(7), twinless },
        }
    }

    /// Every score of a sum of rows, always in the same order.
    #[must_use]
    pub fn scores(&self, row: &[f64]) -> Vec<Row> {
        let mut rows = Vec::new();
        self.visit(row, &mut |keys, score, outcome| rows.push(Row { path: path(keys), score, outcome }));
        rows
    }

    /// The same scores without their names, for resampling.
    #[must_use]
    pub fn values(&self, row: &[f64]) -> Vec<Prf> {
        let mut values = Vec::new();
        self.visit(row, &mut |_, score, _| values.push(score));
        values
    }

    fn visit(&self, row: &[f64], sink: &mut Sink<'_>) {
        for scheme in Scheme::ALL {
            let outcomes = (0..self.kinds()).map(|kind| Outcome::new(self.scheme(row, scheme, kind)));
            self.visit_section(["spans", scheme.name()], &outcomes.collect::<Vec<_>>(), sink);
        }
        if self.overlaps {
            let outcome = |kind| Outcome::of_sets(take(row, self.start_of_sets(kind)));
            let untyped = outcome(self.untyped());
            sink(&["sets", "untyped", "micro"], untyped.prf(), Some(untyped));
            self.visit_section(["sets", "typed"], &(0..self.kinds()).map(outcome).collect::<Vec<_>>(), sink);
        }
        if self.tokens {
            let [right, all] = take(row, self.start_of_tokens());
            sink(&["tokens", "accuracy"], Prf::all(ratio(right, all)), None);
        }
        if self.labels {
            let outcome = |kind| Outcome::of_sets(take(row, self.start_of_labels(kind)));
            self.visit_section(["labels", "strict"], &(0..self.kinds()).map(outcome).collect::<Vec<_>>(), sink);
        }
        if self.clusters {
            for mode in ClusterMode::ALL {
                visit_clusters(mode, "in_document", &self.cluster_tally(row, mode).scores(), sink);
            }
        }
        if self.links {
            let [right, system, gold, precision, recall, f1, documents] = take(row, self.start_of_links());
            let outcome = Outcome::of_sets([right, system, gold]);
            sink(&["links", "micro"], gerbil(Tally::new(right, system, gold)), Some(outcome));
            let [precision, recall, f1] = [precision, recall, f1].map(|sum| ratio(sum, documents));
            sink(&["links", "macro"], Prf { precision, recall, f1 }, None);
        }
    }

    /// Micro, macro and weighted mean, then each type. Types that occur on neither side take no part in the means.
    fn visit_section(&self, [section, name]: [&str; 2], outcomes: &[Outcome], sink: &mut Sink<'_>) {
        let Some((&all, types)) = outcomes.split_first() else { return };
        sink(&[section, name, "micro"], all.prf(), Some(all));
        let present = || types.iter().filter(|outcome| outcome.tp + outcome.fp + outcome.fn_ > 0.0);
        sink(&[section, name, "macro"], Prf::mean(present().map(|outcome| (outcome.prf(), 1.0))), None);
        let weighted = present().map(|outcome| (outcome.prf(), outcome.tp + outcome.fn_));
        sink(&[section, name, "weighted"], Prf::mean(weighted), None);
        for (kind, &outcome) in self.types.iter().zip(types) {
            sink(&[section, name, kind.label()], outcome.prf(), Some(outcome));
        }
    }
}

/// Takes a score with its keys and the counts behind it.
pub(super) type Sink<'a> = dyn FnMut(&[&str], Prf, Option<Outcome>) + 'a;

/// Hands over the cluster scores of one mode and scope.
pub(super) fn visit_clusters(mode: ClusterMode, scope: &str, scores: &ClusterScores, sink: &mut Sink<'_>) {
    for (name, score) in ClusterScores::NAMES.iter().zip(scores.list()) {
        sink(&["clusters", mode.name(), scope, name], score, None);
    }
}

/// Nothing expected and nothing given is perfect, as GERBIL has it.
fn gerbil(tally: Tally) -> Prf {
    if tally.system == 0.0 && tally.gold == 0.0 { Prf::all(1.0) } else { tally.prf() }
}

pub(super) fn path(keys: &[&str]) -> Vec<String> {
    keys.iter().map(|&key| key.to_owned()).collect()
}

fn add(row: &mut [f64], start: usize, numbers: &[f64]) {
    for (slot, number) in row.iter_mut().skip(start).zip(numbers) {
        *slot += number;
    }
}

fn take<const N: usize>(row: &[f64], start: usize) -> [f64; N] {
    std::array::from_fn(|index| row.get(start + index).copied().unwrap_or_default())
}
