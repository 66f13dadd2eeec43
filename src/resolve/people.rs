//! The people of a document: what their names and the text around them say about who is whom.

use super::bearer::{Bearer, Kin, is_kin_of};
use super::context::Context;
use super::feature::{Features, Signal};
use super::known_name::KnownName;
use super::relation::Relation;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::name::{Name, family_name, given_name};
use std::collections::{HashMap, HashSet};

/// Signals of two names of people.
pub(crate) fn add_person(features: &mut Features, name: &Name, other: &Name, relation: Relation) {
    let (one, two) = (&name.person, &other.person);
    if relation < Relation::Nothing && relation > Relation::SameKey {
        features.add_if(Signal::GenerationSame, one.generation.is_some() && one.generation == two.generation);
        let missing = one.is_full() && two.is_full() && one.generation.is_some() != two.generation.is_some();
        features.add_if(Signal::GenerationMissing, missing);
    }
    match relation {
        Relation::SimilarFull | Relation::SimilarFamily => {
            let bearers = |family: &str| family_name(family).map_or(0.0, |name| (name.bearers - 10.0).max(0.0));
            features.add(Signal::CommonSpelling, bearers(&one.family).min(bearers(&two.family)) / 10.0);
        }
        Relation::Given | Relation::ShortGiven => {
            let short = if one.is_full() { two } else { one };
            features.add(Signal::GivenShare, given_name(&short.family).map_or(0.0, |name| name.share));
        }
        _ => {}
    }
}

/// What the text around each person tells.
pub(crate) fn read_bearers(text: &str, mentions: &[Mention]) -> Vec<Option<Box<Bearer>>> {
    let mut bearers: Vec<Option<Box<Bearer>>> = vec![None; mentions.len()];
    let mut next = None;
    for at in (0..mentions.len()).rev().filter(|&at| mentions[at].entity_type == EntityType::Per) {
        let before = at.checked_sub(1).map(|before| mentions[before].span);
        bearers[at] = Some(Box::new(Bearer::read(text, before, mentions[at].span, next)));
        next = Some(mentions[at].span.start);
    }
    bearers
}

/// Family names with a generation behind them alone, or a number behind a full name. "Jr." behind a full name is left out as often
/// as not.
pub(crate) fn told_by_generation(names: &[KnownName]) -> HashSet<String> {
    let is_told = |name: &&KnownName| {
        let person = &name.person;
        person.generation.as_deref().is_some_and(|generation| !(person.is_full() && matches!(generation, "jr" | "sr")))
    };
    names.iter().filter(is_told).map(|name| name.person.family.clone()).collect()
}

/// How many mentions back the person is sought whose relative is named.
const KIN_REACH: usize = 8;

/// The pairs of mentions that the text says to be two people: "his grandfather Henry Long", "Ann Long, mother of Ann Long",
/// "Jaren Mills Sr. and Jaren Mills".
pub(crate) fn find_apart<'n>(
    text: &str,
    mentions: &[Mention],
    contexts: &[Context],
    bearers: &[Option<Box<Bearer>>],
    name: impl Fn(usize) -> &'n KnownName,
) -> HashMap<usize, Vec<usize>> {
    let mut apart: HashMap<usize, Vec<usize>> = HashMap::new();
    let is_person = |at: usize| mentions[at].entity_type == EntityType::Per;
    for (at, bearer) in bearers.iter().enumerate().skip(1) {
        let Some(bearer) = bearer else { continue };
        let before = (at.saturating_sub(KIN_REACH)..at).rev().filter(|&before| is_person(before));
        let other = match bearer.kin {
            Some(Kin::OfLast) => Some(at - 1).filter(|&before| is_person(before)),
            Some(Kin::OfPronoun(gender)) => {
                let own = |at: usize| contexts[at].gender.or(name(at).person.gender);
                before.into_iter().find(|&before| gender.is_none() || own(before).is_none_or(|own| Some(own) == gender))
            }
            None if is_person(at - 1) => {
                let between = text.get(mentions[at - 1].span.end..mentions[at].span.start).unwrap_or_default();
                let full = [at - 1, at].iter().all(|&at| name(at).person.is_full());
                let coordinated = full && matches!(between.trim(), "and" | "&") && name(at - 1).key != name(at).key;
                (coordinated || is_kin_of(between)).then_some(at - 1)
            }
            None => None,
        };
        if let Some(other) = other {
            apart.entry(at).or_default().push(other);
            apart.entry(other).or_default().push(at);
        }
    }
    apart
}
