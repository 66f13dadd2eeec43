//! Where the errors are: counts by type pair, by kind of error, by border, and by what the name is like.

use super::align::Aligned;
use super::error_list::{ErrorKind, MentionPair, boundary, entity_errors, pair_mentions};
use super::evaluate::Evaluation;
use super::parallel::in_parallel;
use super::row::TypeNumbers;
use super::score::SpanCounts;
use crate::annotation::AnnotatedDocument;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use foldhash::fast::RandomState;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Stands for "no mention" or "no type" in the confusion table.
pub const NOTHING: &str = "–";

/// Everything that is counted over the corpus.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Breakdown {
    /// Pairs of mentions by gold and system type.
    pub confusion: BTreeMap<(String, String), u64>,
    /// Errors by kind.
    pub kinds: BTreeMap<ErrorKind, u64>,
    /// Boundary errors by border.
    pub boundaries: BTreeMap<&'static str, u64>,
    /// Strict counts by property of the name, then by its value; the order of values is that of tables.
    pub groups: BTreeMap<&'static str, BTreeMap<String, SpanCounts>>,
}

/// Surface forms of training data, folded as [`fold`] does.
pub type Seen = HashSet<String>;

/// A name without differences of case and spacing.
#[must_use]
pub fn fold(surface: &str) -> String {
    surface.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// The names of training data.
#[must_use]
pub fn seen_names(documents: &[AnnotatedDocument]) -> Seen {
    let names = |document: &AnnotatedDocument| -> Vec<String> {
        let counts = |index: &usize| !document.is_skipped(*index) && !document.is_coref(*index);
        let counted = (0..document.mentions.len()).filter(counts).map(|index| &document.mentions[index]);
        counted.map(|mention| fold(mention.span.of(document.text()))).collect()
    };
    documents.iter().flat_map(names).collect()
}

impl Breakdown {
    /// Counts one system's errors; `seen` adds whether names occur in the training data.
    #[must_use]
    pub fn of(aligned: &Aligned, evaluation: &Evaluation, seen: Option<&Seen>) -> Self {
        let names = NameKinds::new(aligned, evaluation);
        let types = TypeNumbers::new(&evaluation.layout.types);
        let nobody = AnnotatedDocument::default();
        let pairs: Vec<_> = aligned.pairs().zip(&evaluation.selections).collect();
        let chunks: Vec<_> = pairs.chunks(CHUNK).collect();
        let counted = in_parallel(chunks.len(), |chunk| {
            let mut counts = Counts::default();
            for &((gold, system), selection) in chunks[chunk] {
                let system = system.unwrap_or(&nobody);
                for pair in pair_mentions(gold, system, selection) {
                    counts.add(gold, system, pair, &types, |surface| names.of(surface, seen));
                }
                if evaluation.layout.clusters {
                    for error in entity_errors(gold, system, selection) {
                        *counts.kinds.entry(error.kind).or_default() += 1;
                    }
                }
            }
            counts
        });
        let mut total = Counts::default();
        for counts in counted {
            total.join(counts);
        }
        total.named(&evaluation.layout.types, seen.is_some())
    }
}

/// Documents that a processor takes at a time.
const CHUNK: usize = 256;

/// How often the names of the gold occur, whatever their case.
struct NameKinds<'a> {
    /// Folded names by number, with how often they occur.
    numbers: HashMap<String, u32, RandomState>,
    times: Vec<u32>,
    /// The same for names as they are written, which saves folding them again.
    written: HashMap<&'a str, u32, RandomState>,
}

/// What a name is like: numbers of the rows of [`GROUPS`].
type NameKind = [usize; 3];

/// Properties of names, and their values in the order of tables.
const GROUPS: [(&str, &[&str]); 3] = [
    ("words", &["1", "2", "3", "4 or more"]),
    ("times in the gold", &["0", "1", "2 to 4", "5 to 9", "from 10 on"]),
    ("in the training data", &["seen", "unseen"]),
];

impl<'a> NameKinds<'a> {
    fn new(aligned: &'a Aligned, evaluation: &Evaluation) -> Self {
        let mut names = Self { numbers: HashMap::default(), times: Vec::new(), written: HashMap::default() };
        for (gold, selection) in aligned.gold.iter().zip(&evaluation.selections) {
            for &index in &selection.gold {
                let surface = gold.mentions[index].span.of(gold.text());
                let number = *names.written.entry(surface).or_insert_with(|| {
                    let next = u32::try_from(names.numbers.len()).unwrap_or(u32::MAX);
                    *names.numbers.entry(fold(surface)).or_insert(next)
                }) as usize;
                if names.times.len() <= number {
                    names.times.resize(number + 1, 0);
                }
                names.times[number] += 1;
            }
        }
        names
    }

    fn of(&self, surface: &str, seen: Option<&Seen>) -> NameKind {
        let number = self.written.get(surface).or_else(|| self.numbers.get(&fold(surface)));
        let times = match number.and_then(|&number| self.times.get(number as usize)).copied().unwrap_or_default() {
            0 => 0,
            1 => 1,
            2..=4 => 2,
            5..=9 => 3,
            _ => 4,
        };
        let words = surface.split_whitespace().take(4).count().max(1) - 1;
        [words, times, usize::from(!seen.is_some_and(|seen| seen.contains(&fold(surface))))]
    }
}

/// Counts of some documents; types are numbers, one past the last for a mention without type, then "no mention".
#[derive(Default)]
struct Counts {
    confusion: BTreeMap<(u32, u32), u64>,
    kinds: BTreeMap<ErrorKind, u64>,
    boundaries: BTreeMap<&'static str, u64>,
    groups: [[SpanCounts; 5]; 3],
}

impl Counts {
    fn add(
        &mut self,
        gold: &AnnotatedDocument,
        system: &AnnotatedDocument,
        pair: MentionPair,
        types: &TypeNumbers<'_>,
        kind_of: impl Fn(&str) -> NameKind,
    ) {
        let expected = pair.gold.map(|index| &gold.mentions[index]);
        let found = pair.system.map(|index| &system.mentions[index]);
        let label = |mention: Option<&Mention>| match mention {
            Some(mention) => types.get(mention.entity_type),
            None => types.untyped() + 1,
        };
        *self.confusion.entry((label(expected), label(found))).or_default() += 1;
        if let Some(kind) = pair.error {
            *self.kinds.entry(kind).or_default() += 1;
        }
        if let (Some(expected), Some(found)) = (expected, found)
            && matches!(pair.error, Some(ErrorKind::Boundary | ErrorKind::BoundaryAndType))
        {
            *self.boundaries.entry(boundary(expected.span, found.span)).or_default() += 1;
        }
        let right = u64::from(pair.error.is_none());
        let mut put = |mention: &Mention, counts: SpanCounts| {
            let kind = kind_of(mention.span.of(gold.text()));
            for (group, value) in self.groups.iter_mut().zip(kind) {
                group[value] += counts;
            }
        };
        if let Some(expected) = expected {
            put(expected, SpanCounts { correct: right, spurious: 0, missed: 1 - right });
        }
        // A mention that is right has been counted with the gold's.
        if let Some(found) = found.filter(|_| right == 0) {
            put(found, SpanCounts { correct: 0, spurious: 1, missed: 0 });
        }
    }

    fn join(&mut self, other: Self) {
        other.confusion.into_iter().for_each(|(pair, count)| *self.confusion.entry(pair).or_default() += count);
        other.kinds.into_iter().for_each(|(kind, count)| *self.kinds.entry(kind).or_default() += count);
        other.boundaries.into_iter().for_each(|(border, count)| *self.boundaries.entry(border).or_default() += count);
        for (counts, more) in self.groups.iter_mut().flatten().zip(other.groups.iter().flatten()) {
            *counts += *more;
        }
    }

    fn named(self, types: &[EntityType], with_training: bool) -> Breakdown {
        let label = |number: u32| match (types.get(number as usize), number as usize == types.len()) {
            (Some(kind), _) => kind.label().to_owned(),
            (None, true) => "?".to_owned(),
            (None, false) => NOTHING.to_owned(),
        };
        let mut groups: BTreeMap<&'static str, BTreeMap<String, SpanCounts>> = BTreeMap::new();
        let shown = if with_training { GROUPS.len() } else { GROUPS.len() - 1 };
        for ((property, values), counts) in GROUPS.iter().zip(&self.groups).take(shown) {
            for (value, counts) in values.iter().zip(counts).filter(|(_, counts)| **counts != SpanCounts::default()) {
                groups.entry(property).or_default().insert((*value).to_owned(), *counts);
            }
        }
        Breakdown {
            confusion: self
                .confusion
                .into_iter()
                .map(|((one, other), count)| ((label(one), label(other)), count))
                .collect(),
            kinds: self.kinds,
            boundaries: self.boundaries,
            groups,
        }
    }
}
