//! Entities that the system merged or split: who is who on each side, and a look at the text of each.

use super::shown::Shown;
use super::sides::Sides;
use super::snippet::Snippet;
use crate::eval::breakdown::fold;
use crate::eval::error_list::{EntityError, ErrorKind};
use std::borrow::Cow;
use std::collections::HashMap;

/// Most entities of one error.
const ENTITIES: usize = 5;
/// Most spellings of one entity.
const NAMES: usize = 6;
/// Most places in the text of one error.
const PLACES: usize = 3;

/// A merged or split entity.
#[derive(Debug)]
pub(super) struct ChainError<'a> {
    pub(super) document: Shown<'a>,
    /// Gold and system, each with what to call it.
    pub(super) sides: [(&'static str, Side<'a>); 2],
    /// The first mention of some of the entities.
    pub(super) places: Vec<Snippet<'a>>,
}

/// The entities as one side has them.
#[derive(Debug)]
pub(super) struct Side<'a> {
    pub(super) entities: Vec<Chain<'a>>,
    pub(super) left_out: usize,
}

/// An entity with its spellings.
#[derive(Debug)]
pub(super) struct Chain<'a> {
    pub(super) id: Option<String>,
    pub(super) names: Vec<(Shown<'a>, usize)>,
    pub(super) left_out: usize,
}

impl<'a> ChainError<'a> {
    pub(super) fn new(sides: Sides<'a>, error: &EntityError) -> Self {
        let (gold, text) = (sides.gold, sides.gold.text());
        let in_gold = |index: usize| gold.mentions.get(index);
        let in_system = |index: usize| {
            let span = in_gold(index)?.span;
            let mut counted = sides.selection.system.iter().copied();
            let place = counted.find(|&place| sides.system.mentions.get(place).is_some_and(|at| at.span == span));
            sides.system.entity_of(place?).map(|entity| sides.system.entity_key(entity))
        };
        let of_gold = |index: usize| gold.entity_of(index).map(|entity| gold.entity_key(entity));
        let chain = |mentions: &[usize], owner: Option<Cow<'a, str>>| {
            let spans = mentions.iter().filter_map(|&index| in_gold(index)).map(|mention| mention.span.of(text));
            let (names, left_out) = spellings(spans);
            Chain { id: owner.map(|id| Shown::name(&id).to_string()), names, left_out }
        };
        let first = |group: &[usize]| group.first().copied();
        let every: Vec<usize> = error.groups.concat();
        let groups = || error.groups.iter().take(ENTITIES);
        let left_out = error.groups.len().saturating_sub(ENTITIES);
        let (one, many): (_, Vec<Chain<'a>>) = match error.kind {
            ErrorKind::Split => (
                chain(&every, first(&every).and_then(of_gold)),
                groups().map(|group| chain(group, first(group).and_then(in_system))).collect(),
            ),
            _ => (
                chain(&every, first(&every).and_then(in_system)),
                groups().map(|group| chain(group, first(group).and_then(of_gold))).collect(),
            ),
        };
        let one = Side { entities: vec![one], left_out: 0 };
        let many = Side { entities: many, left_out };
        let (gold_side, system_side) = if error.kind == ErrorKind::Split { (one, many) } else { (many, one) };
        let place = |group: &Vec<usize>| {
            let index = first(group)?;
            let span = in_gold(index)?.span;
            Some(sides.snippet(span, &gold.mentions, &sides.selection.gold, Some(index)))
        };
        Self {
            document: Shown::name(gold.id()),
            sides: [("Gold", gold_side), ("System", system_side)],
            places: error.groups.iter().take(PLACES).filter_map(place).collect(),
        }
    }
}

/// The spellings with how often each occurs, in the order in which they first do; and how many did not fit.
fn spellings<'a>(texts: impl Iterator<Item = &'a str>) -> (Vec<(Shown<'a>, usize)>, usize) {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut names: Vec<(Shown<'a>, usize)> = Vec::new();
    for text in texts {
        let next = names.len();
        let place = *places.entry(fold(text)).or_insert(next);
        match names.get_mut(place) {
            Some(name) => name.1 += 1,
            None => names.push((Shown::new(text, 60), 1)),
        }
    }
    let left_out = names.len().saturating_sub(NAMES);
    names.truncate(NAMES);
    (names, left_out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_are_counted_and_capped() {
        let (names, left_out) = spellings(["Ida", "Holm", "IDA", "a", "b", "c", "d", "e"].into_iter());
        assert_eq!((names[0].0.to_string().as_str(), names[0].1, names.len(), left_out), ("Ida", 2, NAMES, 1));
    }
}
