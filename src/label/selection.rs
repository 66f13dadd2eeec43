//! Which types of mentions a run keeps, and what it says about the others.

use super::LabelTable;
use crate::entity_type::EntityType;
use crate::number::grouped;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Which types of mentions a run keeps. The default keeps every name but those of type MISC.
///
/// ```
/// use namesake::entity_type::EntityType;
/// use namesake::label::Selection;
///
/// let [drug, date] = ["DRUG", "DATE"].map(EntityType::from_label);
/// let selection = Selection::default();
/// assert!(selection.keeps(drug) && !selection.keeps(EntityType::Misc) && !selection.keeps(date));
/// assert!(selection.with_also([date]).keeps(date));
/// ```
#[derive(Debug, Clone, Default)]
pub struct Selection {
    only: Option<Vec<EntityType>>,
    also: Vec<EntityType>,
    table: LabelTable,
}

impl Selection {
    /// Keeps every name, MISC among them.
    #[must_use]
    pub fn all_names() -> Self {
        Self::default().with_also([EntityType::Misc])
    }

    /// Keeps these types only.
    #[must_use]
    pub fn with_only(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.only = Some(types.into_iter().collect());
        self
    }

    /// Keeps these types too.
    #[must_use]
    pub fn with_also(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.also.extend(types);
        self
    }

    /// Takes for no names what this table says.
    #[must_use]
    pub fn with_table(mut self, table: LabelTable) -> Self {
        self.table = table;
        self
    }

    /// Whether mentions of a type are no names and nobody asked for them: they are left out before names are resolved.
    #[must_use]
    pub fn leaves_out(&self, entity_type: EntityType) -> bool {
        !self.table.is_name(entity_type) && !self.names(entity_type)
    }

    /// Whether mentions of a type are kept once names are resolved.
    #[must_use]
    pub fn keeps(&self, entity_type: EntityType) -> bool {
        match &self.only {
            Some(_) => self.names(entity_type),
            None => self.names(entity_type) || (entity_type != EntityType::Misc && self.table.is_name(entity_type)),
        }
    }

    /// The types of their own that [`with_only`](Self::with_only) asks for and that are not among `there`.
    #[must_use]
    pub fn missing(&self, there: impl IntoIterator<Item = EntityType>) -> Vec<EntityType> {
        let there: Vec<EntityType> = there.into_iter().collect();
        let own = self.only.iter().flatten().copied().filter(|kind| !kind.is_known());
        own.filter(|&kind| !there.iter().any(|&other| same(kind, other))).collect()
    }

    fn names(&self, entity_type: EntityType) -> bool {
        self.also.iter().chain(self.only.iter().flatten()).any(|&named| same(named, entity_type))
    }
}

/// Whether two types are the same to somebody who does not know in which case a model writes its labels.
fn same(one: EntityType, other: EntityType) -> bool {
    one == other || (!one.is_known() && one.label().to_lowercase() == other.label().to_lowercase())
}

/// The types of the mentions of a run, and how many were left out because they are no names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    seen: BTreeSet<EntityType>,
    left_out: BTreeMap<EntityType, usize>,
}

impl Tally {
    /// Takes note of mentions of a type, and tells whether they stay.
    pub fn stays(&mut self, selection: &Selection, entity_type: EntityType, mentions: usize) -> bool {
        if selection.leaves_out(entity_type) {
            *self.left_out.entry(entity_type).or_default() += mentions;
            return false;
        }
        self.seen.insert(entity_type);
        true
    }

    /// Adds what another has counted.
    pub fn extend(&mut self, other: &Self) {
        self.seen.extend(&other.seen);
        for (&kind, mentions) in &other.left_out {
            *self.left_out.entry(kind).or_default() += mentions;
        }
    }

    /// What was left out, in one line; none if nothing was.
    #[must_use]
    pub fn left_out(&self, selection: &Selection) -> Option<String> {
        let mut counts: Vec<(EntityType, usize)> = self.left_out.iter().map(|(kind, count)| (*kind, *count)).collect();
        counts.sort_by_key(|&(kind, count)| (Reverse(count), kind));
        let all: usize = counts.iter().map(|(_, count)| count).sum();
        if all == 0 {
            return None;
        }
        let mut line = match all {
            1 => "left out 1 mention that is no name (".to_owned(),
            all => format!("left out {} mentions that are no names (", grouped(all)),
        };
        for (place, (kind, count)) in counts.iter().enumerate() {
            let _ = write!(line, "{}{} {kind}", if place == 0 { "" } else { ", " }, grouped(*count));
        }
        let kept = self.seen.iter().copied().filter(|kind| selection.keeps(*kind));
        let wanted: Vec<&str> = kept.chain(counts.into_iter().map(|(kind, _)| kind)).map(EntityType::label).collect();
        let _ = write!(line, "); --types {} keeps {}", wanted.join(","), if all == 1 { "it" } else { "them" });
        Some(line)
    }

    /// The types of their own that were asked for and that no mention had, in one line.
    #[must_use]
    pub fn missing(&self, selection: &Selection) -> Option<String> {
        let labels = |types: Vec<EntityType>| types.into_iter().map(EntityType::label).collect::<Vec<_>>();
        let missing = labels(selection.missing(self.seen.iter().copied()));
        if missing.is_empty() {
            return None;
        }
        let there = labels(self.seen.iter().chain(self.left_out.keys()).copied().collect());
        let there = if there.is_empty() { "none" } else { &there.join(", ") };
        Some(format!("no mention has the type {}; there are {there}", missing.join(" or ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(label: &str) -> EntityType {
        EntityType::from_label(label)
    }

    #[test]
    fn only_what_is_asked_for_is_kept() {
        let some = Selection::default().with_only([EntityType::Per, own("date")]);
        assert!(some.keeps(EntityType::Per) && some.keeps(own("DATE")) && !some.leaves_out(own("DATE")));
        assert!(!some.keeps(own("DRUG")) && !some.leaves_out(own("DRUG")) && some.leaves_out(own("MONEY")));
        assert!(some.with_also([EntityType::Misc]).keeps(EntityType::Misc));
        let all = Selection::all_names();
        assert!(all.keeps(EntityType::Misc) && all.keeps(own("DRUG")) && !all.keeps(own("MONEY")));
    }

    #[test]
    fn what_is_left_out_is_told_in_one_line() {
        let selection = Selection::all_names();
        let mut tally = Tally::default();
        assert_eq!(tally.left_out(&selection), None);
        assert!(!tally.stays(&selection, own("MONEY"), 4));
        assert!(!tally.stays(&selection, own("DATE"), 8));
        assert!(tally.stays(&selection, own("DRUG"), 1) && tally.stays(&selection, EntityType::Per, 1));
        let mut sum = Tally::default();
        sum.extend(&tally);
        assert_eq!(
            sum.left_out(&selection).unwrap(),
            "left out 12 mentions that are no names (8 DATE, 4 MONEY); --types PER,DRUG,DATE,MONEY keeps them"
        );
        let mut one = Tally::default();
        one.stays(&selection, own("DATE"), 1);
        assert_eq!(
            one.left_out(&selection).unwrap(),
            "left out 1 mention that is no name (1 DATE); --types DATE keeps it"
        );
    }

    #[test]
    fn a_type_that_no_mention_has_is_told() {
        let selection = Selection::default().with_only([EntityType::Loc, own("DRUGS")]);
        let mut tally = Tally::default();
        assert_eq!(tally.missing(&selection).unwrap(), "no mention has the type DRUGS; there are none");
        tally.stays(&selection, own("DRUG"), 1);
        tally.stays(&selection, EntityType::Per, 1);
        assert_eq!(tally.missing(&selection).unwrap(), "no mention has the type DRUGS; there are PER, DRUG");
        tally.stays(&selection, own("drugs"), 1);
        assert_eq!(tally.missing(&selection), None);
    }
}
