//! What an entity's mentions agree on: its type and its name.

use super::name::Name;
use super::world::World;
use crate::entity::Alias;
use crate::mention::{EntityType, Mention};

/// The type that the mentions' scores speak for: one wrong tag among several right ones loses.
#[must_use]
pub fn entity_type<'a>(mentions: impl Iterator<Item = &'a Mention>, known: Option<EntityType>) -> EntityType {
    let mut weights = [0.0_f32; 4];
    if let Some(known) = known {
        weights[known as usize] += 0.5;
    }
    let mut first = None;
    for mention in mentions {
        weights[mention.entity_type as usize] += mention.score;
        first = first.or(Some(mention.entity_type));
    }
    let mut best = first.unwrap_or(EntityType::Misc);
    for kind in EntityType::ALL {
        if weights[kind as usize] > weights[best as usize] {
            best = kind;
        }
    }
    best
}

/// The name that says most: the well-known one, else the fullest form that is neither an acronym nor a headline.
///
/// `aliases` must not be empty; they are ordered by frequency, which decides between forms that say as much.
#[must_use]
pub fn canonical_name(world: &World, entity_type: EntityType, aliases: &[Alias]) -> String {
    let parsed: Vec<(&Alias, Name)> = aliases.iter().map(|alias| (alias, Name::parse(&alias.text))).collect();
    if let Some(entry) = parsed.iter().find_map(|(_, name)| world.find(name, entity_type)) {
        return world.entry(entry).name.clone();
    }
    let fullness = |name: &Name| -> usize {
        let parts = match entity_type {
            // An initial says half as much as a name.
            EntityType::Per => name.personal().iter().map(|part| if part.len() > 1 { 2 } else { 1 }).sum(),
            EntityType::Org => 2 * name.tokens.len(),
            EntityType::Loc | EntityType::Misc => 2,
        };
        // A headline says less than the same name in the text; an acronym says less than any long form.
        if name.all_capitals { usize::from(name.acronym.is_some()) } else { parts }
    };
    let mut best: Option<(usize, &Alias)> = None;
    for (alias, name) in &parsed {
        let full = fullness(name);
        if best.is_none_or(|(fullest, _)| full > fullest) {
            best = Some((full, alias));
        }
    }
    best.map_or_else(String::new, |(_, alias)| tidy(&alias.text))
}

/// The form without a possessive ending and a leading article.
fn tidy(form: &str) -> String {
    let tidied = ["'s", "’s"].iter().find_map(|ending| form.strip_suffix(ending)).unwrap_or(form);
    let tidied = tidied.strip_prefix("the ").unwrap_or(tidied);
    if tidied.is_empty() { form.to_owned() } else { tidied.to_owned() }
}
