//! Where the errors are: counts by type pair, by kind of error, by border, and by what the name is like.

use super::align::Aligned;
use super::annotation::Annotation;
use super::error_list::{ErrorKind, MentionPair, boundary, entity_errors, pair_mentions};
use super::evaluate::Evaluation;
use super::span::SpanCounts;
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
pub fn seen_names(documents: &[Annotation]) -> Seen {
    let names = |document: &Annotation| -> Vec<String> {
        let counted = document.mentions.iter().filter(|mention| !mention.is_skipped() && !mention.is_coref());
        counted.map(|mention| fold(mention.span.of(document.text()))).collect()
    };
    documents.iter().flat_map(names).collect()
}

impl Breakdown {
    /// Counts one system's errors; `seen` adds whether names occur in the training data.
    #[must_use]
    pub fn of(aligned: &Aligned, evaluation: &Evaluation, seen: Option<&Seen>) -> Self {
        let nobody = Annotation::default();
        let mut frequency: HashMap<String, usize> = HashMap::new();
        for (gold, selection) in aligned.gold.iter().zip(&evaluation.selections) {
            for &index in &selection.gold {
                *frequency.entry(fold(gold.mentions[index].span.of(gold.text()))).or_default() += 1;
            }
        }
        let mut breakdown = Self::default();
        for ((gold, system), selection) in aligned.pairs().zip(&evaluation.selections) {
            let system = system.unwrap_or(&nobody);
            for pair in pair_mentions(gold, system, selection) {
                breakdown.count(gold, system, pair, &frequency, seen);
            }
            if evaluation.layout.clusters {
                for error in entity_errors(gold, system, selection) {
                    *breakdown.kinds.entry(error.kind).or_default() += 1;
                }
            }
        }
        breakdown
    }

    fn count(
        &mut self,
        gold: &Annotation,
        system: &Annotation,
        pair: MentionPair,
        frequency: &HashMap<String, usize>,
        seen: Option<&Seen>,
    ) {
        let expected = pair.gold.map(|index| &gold.mentions[index]);
        let found = pair.system.map(|index| &system.mentions[index]);
        let label = |mention: Option<&super::annotation::AnnotatedMention>| {
            mention.map_or(NOTHING, |mention| mention.label.as_deref().unwrap_or("?")).to_owned()
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
        let mut add = |mention: Option<&super::annotation::AnnotatedMention>, counts: SpanCounts| {
            let Some(mention) = mention else { return };
            let surface = mention.span.of(gold.text());
            let folded = fold(surface);
            let mut put = |property, value: &str| {
                *self.groups.entry(property).or_default().entry(value.to_owned()).or_default() += counts;
            };
            put(
                "words",
                match surface.split_whitespace().count() {
                    0 | 1 => "1",
                    2 => "2",
                    3 => "3",
                    _ => "4 or more",
                },
            );
            put(
                "times in the gold",
                match frequency.get(&folded).copied().unwrap_or_default() {
                    0 => "0",
                    1 => "1",
                    2..=4 => "2 to 4",
                    5..=9 => "5 to 9",
                    _ => "from 10 on",
                },
            );
            if let Some(seen) = seen {
                put("in the training data", if seen.contains(&folded) { "seen" } else { "unseen" });
            }
        };
        add(expected, SpanCounts { correct: right, spurious: 0, missed: 1 - right });
        add(found, SpanCounts { correct: 0, spurious: 1 - right, missed: 0 });
    }
}
