//! Which mentions of a document count: what the gold requires, and what of the system's is judged.
//!
//! The rules are those of the gold packs' own scorer. Gold mentions marked `skip`, and `coref` unless asked for, are
//! neither required nor punished. Of two mentions with one span the first counts. A system mention is set aside where the
//! gold says nothing about its place: outside the annotated part, on or inside a skipped span, beside every gold mention
//! where the annotation is not exhaustive, of a type that is not annotated.

use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use foldhash::fast::RandomState;
use std::collections::HashSet;

/// What to leave out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SelectOptions {
    /// Requires pronouns and common nouns too.
    pub include_coref: bool,
    /// Judges these types only.
    pub types: Option<Vec<String>>,
}

/// The mentions that count, as indices, ordered by span.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selection {
    /// Required gold mentions.
    pub gold: Vec<usize>,
    /// Judged system mentions.
    pub system: Vec<usize>,
    /// System mentions that are set aside.
    pub ignored: usize,
    /// Gold mentions with a span that was there before.
    pub gold_duplicates: usize,
    /// System mentions with a span that was there before.
    pub system_duplicates: usize,
}

impl Selection {
    /// Applies the rules to one document.
    #[must_use]
    pub fn of(gold: &AnnotatedDocument, system: Option<&AnnotatedDocument>, options: &SelectOptions) -> Self {
        let wanted = |kind: EntityType| {
            let named = |types: &Vec<String>| types.iter().any(|name| name == kind.label());
            kind == EntityType::UNTYPED || options.types.as_ref().is_none_or(named)
        };
        let mut selection = Self::default();
        let mut required = HashSet::with_capacity_and_hasher(gold.mentions.len(), RandomState::default());
        let mut set_aside = Vec::new();
        for (index, mention) in gold.mentions.iter().enumerate() {
            let unwanted = !wanted(mention.entity_type) && !gold.alternative(index).is_some_and(wanted);
            let skipped = gold.is_skipped(index);
            if skipped || (gold.is_coref(index) && !options.include_coref) {
                set_aside.push((mention.span, skipped));
            } else if unwanted {
                set_aside.push((mention.span, true));
            } else if required.insert(mention.span) {
                selection.gold.push(index);
            } else {
                selection.gold_duplicates += 1;
            }
        }
        let place = |index: &usize| gold.mentions[*index].span.order();
        selection.gold.sort_by_key(place);
        let Some(system) = system else { return selection };
        let rules = Rules {
            gold,
            required: Stretches::new(selection.gold.iter().map(|&index| gold.mentions[index].span)),
            exact_aside: set_aside.iter().map(|&(span, _)| span).collect(),
            skipped: Stretches::new(set_aside.iter().filter(|aside| aside.1).map(|aside| aside.0)),
        };
        let mut seen = HashSet::with_capacity_and_hasher(system.mentions.len(), RandomState::default());
        for (index, mention) in system.mentions.iter().enumerate() {
            if !seen.insert(mention.span) {
                selection.system_duplicates += 1;
            } else if required.contains(&mention.span) || (!rules.sets_aside(mention) && wanted(mention.entity_type)) {
                selection.system.push(index);
            } else {
                selection.ignored += 1;
            }
        }
        selection.system.sort_by_key(|&index| system.mentions[index].span.order());
        selection
    }

    /// Indices of gold and system mentions with the same span, in order.
    pub fn matches<'a>(
        &'a self,
        gold: &'a AnnotatedDocument,
        system: &'a AnnotatedDocument,
    ) -> impl Iterator<Item = (Option<usize>, Option<usize>)> + 'a {
        let mut golds = self.gold.iter().copied().peekable();
        let mut systems = self.system.iter().copied().peekable();
        std::iter::from_fn(move || {
            let one = golds.peek().map(|&index| gold.mentions[index].span.order());
            let other = systems.peek().map(|&index| system.mentions[index].span.order());
            match (one, other) {
                (None, None) => None,
                (Some(one), Some(other)) if one == other => Some((golds.next(), systems.next())),
                (Some(one), Some(other)) if one > other => Some((None, systems.next())),
                (None, Some(_)) => Some((None, systems.next())),
                _ => Some((golds.next(), None)),
            }
        })
    }
}

/// What the gold says about places without a required mention.
struct Rules<'a> {
    gold: &'a AnnotatedDocument,
    required: Stretches,
    exact_aside: HashSet<Span>,
    skipped: Stretches,
}

impl Rules<'_> {
    /// Whether `mention`, which has the span of no required mention, is not to be judged.
    fn sets_aside(&self, mention: &Mention) -> bool {
        let (span, coverage) = (mention.span, self.gold.coverage());
        let outside = |part: Span| span.start < part.start || part.end < span.end;
        if coverage.part.is_some_and(outside) || self.exact_aside.contains(&span) {
            return true;
        }
        let typed = mention.entity_type != EntityType::UNTYPED;
        if coverage.types.as_ref().is_some_and(|types| typed && !types.contains(&mention.entity_type)) {
            return true;
        }
        let hits = self.required.overlapping(span).next().is_some();
        !hits && (!coverage.exhaustive || self.skipped.overlapping(span).any(|skipped| !outside_of(span, skipped)))
    }
}

const fn outside_of(span: Span, whole: Span) -> bool {
    span.start < whole.start || whole.end < span.end
}

/// Spans by start, with the furthest end so far, to find those that overlap a place without looking at all of them.
#[derive(Debug)]
pub(super) struct Stretches {
    spans: Vec<Span>,
    furthest: Vec<usize>,
}

impl Stretches {
    pub(super) fn new(spans: impl Iterator<Item = Span>) -> Self {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_by_key(|span| span.order());
        let furthest = spans
            .iter()
            .scan(0, |furthest, span| {
                *furthest = span.end.max(*furthest);
                Some(*furthest)
            })
            .collect();
        Self { spans, furthest }
    }

    pub(super) fn overlapping(&self, place: Span) -> impl Iterator<Item = Span> + '_ {
        let first = self.furthest.partition_point(|&end| end <= place.start);
        self.spans[first..]
            .iter()
            .copied()
            .take_while(move |span| span.start < place.end)
            .filter(move |span| span.overlaps(place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::annotation::Coverage;

    fn mention(start: usize, end: usize, label: &str) -> Mention {
        Mention { span: Span::new(start, end), entity_type: EntityType::from_label(label), score: 1.0 }
    }

    fn document(mentions: Vec<Mention>) -> AnnotatedDocument {
        AnnotatedDocument { mentions, ..AnnotatedDocument::default() }
    }

    #[test]
    fn skipped_places_are_neither_required_nor_punished() {
        let mut gold = document(vec![mention(0, 5, "PER"), mention(10, 20, "PER"), mention(30, 32, "PER")]);
        gold.mark_mut(1).skip = Some("common".into());
        gold.mark_mut(2).coref = true;
        let system = document(vec![mention(12, 15, "LOC"), mention(30, 32, "PER"), mention(31, 33, "PER")]);
        let selection = Selection::of(&gold, Some(&system), &SelectOptions::default());
        assert_eq!((selection.gold, selection.system, selection.ignored), (vec![0], vec![2], 2));
        let with_coref = SelectOptions { include_coref: true, ..SelectOptions::default() };
        assert_eq!(Selection::of(&gold, Some(&system), &with_coref).gold, [0, 2]);
    }

    #[test]
    fn coverage_limits_what_is_judged() {
        let mut gold = document(vec![mention(0, 5, "PER")]);
        let system = document(vec![mention(0, 4, "PER"), mention(50, 55, "LOC"), mention(8, 9, "MISC")]);
        let judged = |gold: &AnnotatedDocument| Selection::of(gold, Some(&system), &SelectOptions::default()).system;
        assert_eq!(judged(&gold), [0, 2, 1]);
        gold.extras_mut().coverage = Coverage { part: Some(Span::new(0, 20)), ..Coverage::default() };
        assert_eq!(judged(&gold), [0, 2]);
        gold.extras_mut().coverage = Coverage { exhaustive: false, ..Coverage::default() };
        assert_eq!(judged(&gold), [0]);
        gold.extras_mut().coverage =
            Coverage { types: Some(vec![EntityType::Per, EntityType::Loc]), ..Coverage::default() };
        assert_eq!(judged(&gold), [0, 1]);
    }

    #[test]
    fn the_first_of_two_equal_spans_counts() {
        let gold = document(vec![mention(0, 5, "PER"), mention(0, 5, "LOC"), mention(0, 9, "ORG")]);
        let selection = Selection::of(&gold, Some(&gold), &SelectOptions::default());
        assert_eq!((selection.gold_duplicates, selection.system_duplicates), (1, 1));
        assert_eq!(selection.gold, [2, 0]);
        assert_eq!(selection.matches(&gold, &gold).collect::<Vec<_>>(), [(Some(2), Some(2)), (Some(0), Some(0))]);
    }
}
