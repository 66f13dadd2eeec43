//! The errors by kind, each with the text around it as gold and system annotate it.

use super::chains::ChainError;
use super::plot::Bar;
use super::sample::Sample;
use super::shown::Shown;
use super::sides::{Sides, label_of};
use super::snippet::Snippet;
use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::eval::align::Aligned;
use crate::eval::breakdown::{Breakdown, fold};
use crate::eval::error_list::{ErrorKind, MentionPair, boundary, entity_errors, pair_mentions};
use crate::eval::evaluate::Evaluation;
use crate::eval::score::number;
use crate::mention::Mention;
use crate::number::grouped;
use std::collections::HashMap;

/// Most examples of a kind.
const EXAMPLES: usize = 80;
/// Most names that are listed as being wrong most often.
const COMMON: usize = 15;

/// The errors of one kind.
#[derive(Debug)]
pub(super) struct Kind<'a> {
    pub(super) name: &'static str,
    pub(super) slug: &'static str,
    pub(super) about: &'static str,
    pub(super) count: String,
    pub(super) bar: Bar,
    /// What the errors are divided into: borders, or pairs of types.
    pub(super) parts: Vec<Common<'a>>,
    /// Names that are wrong most often in this way.
    pub(super) common: Vec<Common<'a>>,
    pub(super) examples: Vec<Example<'a>>,
    pub(super) chains: Vec<ChainError<'a>>,
    pub(super) shown: usize,
    pub(super) left_out: String,
}

/// Something with how often it occurs.
#[derive(Debug)]
pub(super) struct Common<'a> {
    pub(super) name: Shown<'a>,
    pub(super) count: String,
}

/// An error of a mention.
#[derive(Debug)]
pub(super) struct Example<'a> {
    pub(super) document: Shown<'a>,
    pub(super) gold_type: Option<Shown<'a>>,
    pub(super) system_type: Option<Shown<'a>>,
    pub(super) border: &'static str,
    pub(super) gold: Snippet<'a>,
    pub(super) system: Snippet<'a>,
}

/// What is gathered about a kind while the documents pass.
struct Gathered<'a> {
    sample: Sample,
    examples: Vec<Example<'a>>,
    chains: Vec<ChainError<'a>>,
    /// By folded name: how often, and as it first stood.
    names: HashMap<String, (usize, &'a str)>,
}

/// Every kind, in the order of tables; `nobody` stands for documents that the system lacks.
pub(super) fn kinds<'a>(
    aligned: &'a Aligned,
    evaluation: &'a Evaluation,
    breakdown: &'a Breakdown,
    nobody: &'a AnnotatedDocument,
) -> Vec<Kind<'a>> {
    let total = |kind: ErrorKind| breakdown.kinds.get(&kind).map_or(0, |&count| whole(count));
    let mut gathered = ErrorKind::ALL.map(|kind| Gathered {
        sample: Sample::new(total(kind), EXAMPLES),
        examples: Vec::new(),
        chains: Vec::new(),
        names: HashMap::new(),
    });
    for ((gold, system), selection) in aligned.pairs().zip(&evaluation.selections) {
        let sides = Sides { gold, system: system.unwrap_or(nobody), selection };
        for pair in pair_mentions(sides.gold, sides.system, selection) {
            let Some(kind) = pair.error else { continue };
            let kind = &mut gathered[kind as usize];
            if let Some(span) = sides.gold_span(pair).or(sides.system_span(pair)) {
                let name = span.of(gold.text());
                kind.names.entry(fold(name)).or_insert((0, name)).0 += 1;
            }
            if kind.sample.takes_next() {
                kind.examples.extend(sides.example(pair));
            }
        }
        if evaluation.layout.clusters {
            for error in entity_errors(sides.gold, sides.system, selection) {
                let kind = &mut gathered[error.kind as usize];
                if kind.sample.takes_next() {
                    kind.chains.push(ChainError::new(sides, &error));
                }
            }
        }
    }
    let longest = ErrorKind::ALL.into_iter().map(total).max().unwrap_or_default();
    let kind = |(kind, gathered): (ErrorKind, Gathered<'a>)| {
        let (shown, total) = (gathered.examples.len() + gathered.chains.len(), total(kind));
        Kind {
            name: kind.name(),
            slug: slug(kind),
            about: about(kind),
            count: grouped(total),
            bar: Bar::of_count(number(total), number(longest)),
            parts: parts(kind, breakdown),
            common: common(gathered.names),
            examples: gathered.examples,
            chains: gathered.chains,
            shown,
            left_out: if total > shown { grouped(total - shown) } else { String::new() },
        }
    };
    let wanted = |kind: ErrorKind| evaluation.layout.clusters || !matches!(kind, ErrorKind::Merged | ErrorKind::Split);
    ErrorKind::ALL.into_iter().zip(gathered).filter(|(kind, _)| wanted(*kind)).map(kind).collect()
}

fn whole(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Names that occur more than once, the most frequent first.
fn common(names: HashMap<String, (usize, &str)>) -> Vec<Common<'_>> {
    let mut names: Vec<_> = names.into_iter().filter(|(_, (count, _))| *count > 1).collect();
    names.sort_unstable_by(|(one, (here, _)), (other, (there, _))| there.cmp(here).then_with(|| one.cmp(other)));
    let shown = |(_, (count, name)): (String, (usize, _))| Common { name: Shown::new(name, 60), count: grouped(count) };
    names.into_iter().take(COMMON).map(shown).collect()
}

fn parts(kind: ErrorKind, breakdown: &Breakdown) -> Vec<Common<'_>> {
    if kind != ErrorKind::Boundary {
        return Vec::new();
    }
    let mut parts: Vec<_> = breakdown.boundaries.iter().collect();
    parts.sort_by(|one, other| other.1.cmp(one.1).then(one.0.cmp(other.0)));
    parts.into_iter().map(|(name, &count)| Common { name: Shown::name(name), count: grouped(whole(count)) }).collect()
}

impl<'a> Sides<'a> {
    fn gold_span(self, pair: MentionPair) -> Option<Span> {
        pair.gold.and_then(|index| self.gold.mentions.get(index)).map(|mention| mention.span)
    }

    fn system_span(self, pair: MentionPair) -> Option<Span> {
        pair.system.and_then(|index| self.system.mentions.get(index)).map(|mention| mention.span)
    }

    fn example(self, pair: MentionPair) -> Option<Example<'a>> {
        let (expected, found) = (self.gold_span(pair), self.system_span(pair));
        let place = match (expected, found) {
            (Some(expected), Some(found)) => Span::new(expected.start.min(found.start), expected.end.max(found.end)),
            (one, other) => one.or(other)?,
        };
        let label = |mentions: &'a [Mention], index: Option<usize>| {
            index.map(|index| Shown::name(mentions.get(index).and_then(label_of).unwrap_or("?")))
        };
        let border = match (expected, found) {
            (Some(expected), Some(found)) if expected != found => boundary(expected, found),
            _ => "",
        };
        Some(Example {
            document: Shown::name(self.gold.id()),
            gold_type: label(&self.gold.mentions, pair.gold),
            system_type: label(&self.system.mentions, pair.system),
            border,
            gold: self.snippet(place, &self.gold.mentions, &self.selection.gold, pair.gold),
            system: self.snippet(place, &self.system.mentions, &self.selection.system, pair.system),
        })
    }
}

const fn slug(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Missed => "missed",
        ErrorKind::Spurious => "spurious",
        ErrorKind::Boundary => "boundary",
        ErrorKind::Type => "type",
        ErrorKind::BoundaryAndType => "boundary-and-type",
        ErrorKind::Merged => "merged",
        ErrorKind::Split => "split",
    }
}

const fn about(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::Missed => "Names of the gold that nothing of the system touches.",
        ErrorKind::Spurious => "What the system takes for a name and touches none of the gold.",
        ErrorKind::Boundary => "The right type, but the name begins or ends elsewhere.",
        ErrorKind::Type => "The right borders, but another type.",
        ErrorKind::BoundaryAndType => "An overlap with a name of the gold, and nothing else right.",
        ErrorKind::Merged => "One entity of the system holds mentions of several entities of the gold.",
        ErrorKind::Split => "Mentions of one entity of the gold lie in several entities of the system.",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_numbered_in_the_order_of_tables() {
        for (place, kind) in ErrorKind::ALL.into_iter().enumerate() {
            assert_eq!(kind as usize, place);
        }
    }

    #[test]
    fn names_that_occur_once_are_not_common() {
        let names = [("b", (2, "B")), ("a", (2, "A")), ("c", (9, "C")), ("d", (1, "D"))];
        let common = common(names.into_iter().map(|(folded, name)| (folded.to_owned(), name)).collect());
        let names: Vec<String> = common.iter().map(|one| format!("{} {}", one.name, one.count)).collect();
        assert_eq!(names, ["C 9", "A 2", "B 2"]);
    }
}
