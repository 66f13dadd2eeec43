//! A name together with what the world knows under it.

use crate::entity_type::EntityType;
use crate::knowledge::{Sense, World};
use crate::name::{Name, join, split_words};
use std::ops::Deref;

/// A name, and the entries that its form may stand for.
#[derive(Debug, Clone)]
pub(crate) struct KnownName {
    name: Name,
    /// Those that the document supports, once its evidence is heard ([`super::evidence`]).
    pub(crate) senses: Vec<Sense>,
    /// Those that are only likely, with a probability.
    pub(crate) likely: Vec<(Sense, f32)>,
    /// Keys of the places that the form is short for ("LA", "Rio", "N.Y.").
    pub(crate) short_for: Vec<String>,
}

/// Share of the people in places that bear a short form from which it may mean a city.
const LIKELY: f32 = 0.5;

impl KnownName {
    /// Takes `surface` apart and looks it up; a company is also known without its legal form.
    pub(crate) fn read(surface: &str, world: &World) -> Self {
        let name = Name::parse(surface);
        let mut senses = world.senses(&name.surface, &name.key);
        if senses.is_empty() && name.organization.legal {
            senses = world.senses("", &name.organization.core.join(" "));
        }
        let cities = world.facts().short_places(&name.surface).filter(|(_, share)| *share >= LIKELY);
        let mut short_for: Vec<String> = cities.map(|(city, _)| join(&split_words(city))).collect();
        // "N.Y." stands for one of the places called New York.
        if name.acronym.is_some()
            && let [region] = world.senses_of(&senses, EntityType::Loc)[..]
            && let Some(entry) = world.entry(region).filter(|entry| entry.kind == Some(EntityType::Loc))
        {
            short_for.push(join(&split_words(&entry.name)));
        }
        Self { name, senses, likely: Vec::new(), short_for }
    }
}

impl Deref for KnownName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.name
    }
}
