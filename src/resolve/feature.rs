//! Named features: what speaks for and against a mention belonging to an entity.
//!
//! A feature is a number between 0 and 1 with a name that a person understands; `score.rs` says what each is worth.
//! Adding one is one line in [`Feature`] and one in [`compare`].

use super::cluster::{Candidate, Cluster};
use super::name::Name;
use super::organization::{self, OrganizationFit};
use super::person::{self, PersonFit};
use super::world::World;
use crate::mention::EntityType;

/// What can be said about a mention and an entity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// The entity was called exactly so before, but for spelling.
    SameForm,
    /// Both are the same well-known thing: "UN" and "United Nations".
    SameEntry,
    /// They are two different well-known things.
    OtherEntry,
    /// The text itself says so: "World Health Organization (WHO)".
    Defined,
    /// Two people's names that agree in all parts.
    FullName,
    /// The family name of a person named in full.
    FamilyName,
    /// The first name of a person named in full.
    FirstName,
    /// A person of the same family with another given name.
    OtherGivenName,
    /// "Mr" here, "Mrs" there.
    OtherGender,
    /// "Mr" here, and nothing known there.
    UnknownGender,
    /// Organisations equal but for the legal form.
    SameCore,
    /// One organisation's name begins with the other.
    Head,
    /// One organisation's name ends with the other.
    Tail,
    /// Acronym and long form.
    Acronym,
    /// A place and an organisation: a city and its team.
    PlaceAndOrganization,
    /// A person and something else.
    PersonAndOther,
    /// A nationality, event or work and something else.
    MiscAndOther,
    /// How far back the entity was last mentioned, 0 (just now) to 1 (50 mentions or more).
    Distance,
    /// The entity has not been mentioned yet: only later in the text.
    Later,
}

/// Number of features.
pub const COUNT: usize = Feature::Later as usize + 1;

/// A tagger score below this leaves the type open. Set by hand: gold mentions carry no doubt to tune it on.
const DOUBT: f32 = 0.7;

/// Values of all features, indexed by [`Feature`].
pub type Features = [f32; COUNT];

/// Compares a mention with an entity so far. `None` where nothing speaks for them belonging together.
#[must_use]
pub fn compare(world: &World, mention: &Candidate<'_>, cluster: &Cluster<'_>) -> Option<Features> {
    let mut features = [0.0; COUNT];
    let mut set = |feature: Feature| features[feature as usize] = 1.0;
    let mut linked = false;
    if cluster.names.iter().any(|name| name.key == mention.name.key) {
        set(Feature::SameForm);
        linked = true;
    }
    match (mention.entry, cluster.entry) {
        (Some(mine), Some(theirs)) if mine == theirs => {
            set(Feature::SameEntry);
            linked = true;
        }
        (Some(_), Some(_)) => set(Feature::OtherEntry),
        _ => {}
    }
    if mention.defined_by.is_some_and(|partner| cluster.mentions.contains(&partner)) {
        set(Feature::Defined);
        linked = true;
    }
    match (mention.entity_type, cluster.main_type()) {
        (EntityType::Per, EntityType::Per) => {
            let fits = cluster.names.iter().map(|name| person::fit(world, mention.name, name));
            let (mut best, mut clash) = (PersonFit::None, false);
            for fit in fits {
                clash |= fit == PersonFit::Clash;
                best = best.max(fit);
            }
            if clash {
                set(Feature::OtherGivenName);
            }
            match best {
                PersonFit::Full => set(Feature::FullName),
                PersonFit::Family => set(Feature::FamilyName),
                PersonFit::First => set(Feature::FirstName),
                PersonFit::Clash | PersonFit::None => {}
            }
            linked |= best > PersonFit::None;
            match (mention.gender, cluster.gender) {
                (Some(mine), Some(theirs)) if mine != theirs => set(Feature::OtherGender),
                (Some(_), None) => set(Feature::UnknownGender),
                _ => {}
            }
        }
        (EntityType::Org, EntityType::Org) => {
            let best = cluster.names.iter().map(|name| organization::fit(mention.name, name)).max();
            match best.unwrap_or(OrganizationFit::None) {
                OrganizationFit::Core => set(Feature::SameCore),
                OrganizationFit::Acronym => set(Feature::Acronym),
                OrganizationFit::Head => set(Feature::Head),
                OrganizationFit::Tail => set(Feature::Tail),
                OrganizationFit::None => {}
            }
            linked |= best > Some(OrganizationFit::None);
        }
        (mine, theirs) if mine == theirs => {}
        // Where the tagger was in doubt, a clash of types says nothing: the vote will tell.
        _ if mention.score.min(cluster.confidence()) < DOUBT => {}
        (EntityType::Per, _) | (_, EntityType::Per) => set(Feature::PersonAndOther),
        (EntityType::Misc, _) | (_, EntityType::Misc) => set(Feature::MiscAndOther),
        _ => set(Feature::PlaceAndOrganization),
    }
    if !linked {
        return None;
    }
    match cluster.last_seen {
        Some(last) => features[Feature::Distance as usize] = distance(mention.index - last),
        None => features[Feature::Later as usize] = 1.0,
    }
    Some(features)
}

#[expect(clippy::cast_precision_loss, reason = "at most 50")]
fn distance(mentions: usize) -> f32 {
    mentions.min(50) as f32 / 50.0
}

/// The gender that a person's name tells by its first name, unless its title told already.
#[must_use]
pub fn gender_of(world: &World, name: &Name) -> Option<super::name::Gender> {
    name.gender.or_else(|| {
        let tokens = name.personal();
        if tokens.len() < 2 { None } else { world.gender_of(tokens[0]) }
    })
}
