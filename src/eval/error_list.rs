//! What went wrong, mention by mention and entity by entity: the confusion table and the errors by kind.

use super::select::{Selection, Stretches};
use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::entity_type::EntityType;
use std::collections::{HashMap, HashSet};

/// Kinds of error, in the order of tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ErrorKind {
    /// A gold mention that no system mention touches.
    Missed,
    /// A system mention that touches no gold mention.
    Spurious,
    /// Right type, wrong borders.
    Boundary,
    /// Right borders, wrong type.
    Type,
    /// Wrong borders and wrong type.
    BoundaryAndType,
    /// One cluster of the system holds mentions of several entities.
    Merged,
    /// Mentions of one entity lie in several clusters of the system.
    Split,
}

impl ErrorKind {
    /// Every kind.
    pub const ALL: [Self; 7] =
        [Self::Missed, Self::Spurious, Self::Boundary, Self::Type, Self::BoundaryAndType, Self::Merged, Self::Split];

    /// Name in tables and in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Missed => "missed",
            Self::Spurious => "spurious",
            Self::Boundary => "boundary",
            Self::Type => "type",
            Self::BoundaryAndType => "boundary and type",
            Self::Merged => "wrongly merged",
            Self::Split => "wrongly split",
        }
    }
}

/// A mention of the gold with its counterpart; one of them may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MentionPair {
    /// Index of the gold mention.
    pub gold: Option<usize>,
    /// Index of the system mention.
    pub system: Option<usize>,
    /// What is wrong; `None` if nothing is.
    pub error: Option<ErrorKind>,
}

/// Pairs every mention that counts with its counterpart: the one of the same span, else the first free one that it
/// overlaps.
#[must_use]
pub fn pair_mentions(gold: &AnnotatedDocument, system: &AnnotatedDocument, selection: &Selection) -> Vec<MentionPair> {
    let mut pairs = Vec::new();
    let (mut lonely_gold, mut lonely_system) = (Vec::new(), Vec::new());
    for pair in selection.matches(gold, system) {
        match pair {
            (Some(one), Some(other)) => {
                let right = same_type(gold, one, system.mentions[other].entity_type);
                let error = (!right).then_some(ErrorKind::Type);
                pairs.push(MentionPair { gold: Some(one), system: Some(other), error });
            }
            (Some(one), None) => lonely_gold.push(one),
            (_, Some(other)) => lonely_system.push(other),
            (None, None) => {}
        }
    }
    let by_span: HashMap<Span, usize> = lonely_gold.iter().map(|&index| (gold.mentions[index].span, index)).collect();
    let places = Stretches::new(lonely_gold.iter().map(|&index| gold.mentions[index].span));
    let mut taken = HashSet::new();
    for other in lonely_system {
        let free = places.overlapping(system.mentions[other].span).filter_map(|span| by_span.get(&span).copied());
        match free.into_iter().find(|index| !taken.contains(index)) {
            Some(one) => {
                taken.insert(one);
                let right = same_type(gold, one, system.mentions[other].entity_type);
                let error = Some(if right { ErrorKind::Boundary } else { ErrorKind::BoundaryAndType });
                pairs.push(MentionPair { gold: Some(one), system: Some(other), error });
            }
            None => pairs.push(MentionPair { gold: None, system: Some(other), error: Some(ErrorKind::Spurious) }),
        }
    }
    for one in lonely_gold {
        if !taken.contains(&one) {
            pairs.push(MentionPair { gold: Some(one), system: None, error: Some(ErrorKind::Missed) });
        }
    }
    let place = |pair: &MentionPair| {
        let gold = pair.gold.map(|index| gold.mentions[index].span);
        gold.or(pair.system.map(|index| system.mentions[index].span)).map(Span::order)
    };
    pairs.sort_by_key(place);
    pairs
}

/// Whether the types agree, or the gold has none.
fn same_type(gold: &AnnotatedDocument, mention: usize, system: EntityType) -> bool {
    let expected = gold.mentions[mention].entity_type;
    expected == EntityType::UNTYPED || expected == system || gold.alternative(mention) == Some(system)
}

/// An entity that was merged or split: its mentions (indices into the gold), grouped as the other side has them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntityError {
    /// [`ErrorKind::Merged`] or [`ErrorKind::Split`].
    pub kind: ErrorKind,
    /// Groups of gold mentions, at least two.
    pub groups: Vec<Vec<usize>>,
}

/// Entities of one document that the system merged or split, on the mentions whose span both sides have.
#[must_use]
pub fn entity_errors(gold: &AnnotatedDocument, system: &AnnotatedDocument, selection: &Selection) -> Vec<EntityError> {
    let (keys, responses) = (gold.owners(), system.owners());
    let mut linked: Vec<[usize; 3]> = Vec::new();
    for pair in selection.matches(gold, system) {
        let (Some(one), Some(other)) = pair else { continue };
        if let (Some(key), Some(response)) = (keys[one], responses[other]) {
            linked.push([key, response, one]);
        }
    }
    let mut errors = Vec::new();
    for (kind, whole, part) in [(ErrorKind::Merged, 1, 0), (ErrorKind::Split, 0, 1)] {
        linked.sort_unstable_by_key(|link| (link[whole], link[part]));
        for cluster in linked.chunk_by(|one, other| one[whole] == other[whole]) {
            let groups = cluster.chunk_by(|one, other| one[part] == other[part]);
            let mut groups: Vec<Vec<usize>> = groups.map(|group| group.iter().map(|link| link[2]).collect()).collect();
            if groups.len() > 1 {
                for group in &mut groups {
                    group.sort_unstable_by_key(|&index| gold.mentions[index].span.order());
                }
                groups.sort_by_key(|group| group.first().copied());
                errors.push(EntityError { kind, groups });
            }
        }
    }
    errors.sort_by_key(|error| (error.kind, error.groups[0].first().copied()));
    errors
}

/// Which borders of a mention are wrong, for [`ErrorKind::Boundary`].
#[must_use]
pub const fn boundary(gold: Span, system: Span) -> &'static str {
    match (system.start == gold.start, system.end == gold.end) {
        (true, true) => "none",
        (false, true) if system.start < gold.start => "starts too early",
        (false, true) => "starts too late",
        (true, false) if system.end < gold.end => "ends too early",
        (true, false) => "ends too late",
        (false, false) => "both borders",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::Entity;
    use crate::eval::select::SelectOptions;
    use crate::mention::Mention;

    fn document(mentions: &[(usize, usize, &str, &str)]) -> AnnotatedDocument {
        let mut document = AnnotatedDocument::default();
        for &(start, end, label, entity) in mentions {
            let known = document.entities.iter().position(|known| known.source_id.as_deref() == Some(entity));
            let place = known.unwrap_or_else(|| {
                let new = Entity { source_id: Some(entity.into()), ..Entity::of_mentions(Vec::new()) };
                document.entities.push(new);
                document.entities.len() - 1
            });
            document.entities[place].mentions.push(document.mentions.len());
            let entity_type = EntityType::from_label(label);
            document.mentions.push(Mention { span: Span::new(start, end), entity_type, score: 1.0 });
        }
        document
    }

    #[test]
    fn every_error_has_one_kind() {
        let gold = document(&[
            (0, 5, "PER", "a"),
            (6, 9, "LOC", "b"),
            (10, 15, "ORG", "c"),
            (20, 25, "PER", "a"),
            (30, 31, "PER", "d"),
        ]);
        let system = document(&[
            (0, 5, "PER", "x"),
            (6, 9, "ORG", "x"),
            (11, 15, "ORG", "y"),
            (20, 26, "LOC", "y"),
            (40, 41, "PER", "z"),
        ]);
        let selection = Selection::of(&gold, Some(&system), &SelectOptions::default());
        let kinds: Vec<_> = pair_mentions(&gold, &system, &selection).iter().map(|pair| pair.error).collect();
        assert_eq!(
            kinds,
            [
                None,
                Some(ErrorKind::Type),
                Some(ErrorKind::Boundary),
                Some(ErrorKind::BoundaryAndType),
                Some(ErrorKind::Missed),
                Some(ErrorKind::Spurious)
            ]
        );
        assert_eq!(boundary(Span::new(10, 15), Span::new(11, 15)), "starts too late");
        let errors = entity_errors(&gold, &system, &selection);
        assert_eq!(errors, [EntityError { kind: ErrorKind::Merged, groups: vec![vec![0], vec![1]] }]);
    }
}
