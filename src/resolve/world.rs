//! World knowledge: names that people know without being told, from the tables in `world/`.

use super::name::{Gender, Name, fold};
use crate::mention::EntityType;
use std::collections::{HashMap, HashSet};

const PLACES: &str = include_str!("world/places.tsv");
const DEMONYMS: &str = include_str!("world/demonyms.tsv");
const ORGANIZATIONS: &str = include_str!("world/organizations.tsv");
const NICKNAMES: &str = include_str!("world/nicknames.tsv");
const GIVEN_NAMES: &str = include_str!("world/given_names.tsv");

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A country: its government and its teams go by its name, and annotators call all of them LOC.
    Country,
    /// Another place: its teams are organisations of their own.
    Place,
    /// An organisation.
    Organization,
}

/// Something with a well-known name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Canonical name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

impl Entry {
    /// The type of its mentions.
    #[must_use]
    pub const fn entity_type(&self) -> EntityType {
        match self.kind {
            Kind::Country | Kind::Place => EntityType::Loc,
            Kind::Organization => EntityType::Org,
        }
    }
}

/// The tables, indexed.
#[derive(Debug)]
pub struct World {
    entries: Vec<Entry>,
    by_key: HashMap<String, usize>,
    demonyms: HashSet<String>,
    nicknames: HashSet<(String, String)>,
    genders: HashMap<String, Gender>,
}

impl World {
    /// The tables that are part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        let mut world = Self {
            entries: Vec::new(),
            by_key: HashMap::new(),
            demonyms: rows(DEMONYMS).filter_map(|columns| columns.first().map(|demonym| fold(demonym))).collect(),
            nicknames: HashSet::new(),
            genders: HashMap::new(),
        };
        for columns in rows(PLACES) {
            if let [name, kind, aliases @ ..] = columns.as_slice() {
                let kind = if *kind == "country" { Kind::Country } else { Kind::Place };
                world.add(name, aliases.first().copied().unwrap_or_default(), kind);
            }
        }
        for columns in rows(ORGANIZATIONS) {
            if let [name, aliases @ ..] = columns.as_slice() {
                world.add(name, aliases.first().copied().unwrap_or_default(), Kind::Organization);
            }
        }
        for columns in rows(NICKNAMES) {
            let [name, short_forms, ..] = columns.as_slice() else { continue };
            let forms: Vec<String> = std::iter::once(*name).chain(short_forms.split('|')).map(fold).collect();
            for short_form in &forms[1..] {
                world.nicknames.insert((forms[0].clone(), short_form.clone()));
                world.nicknames.insert((short_form.clone(), forms[0].clone()));
            }
        }
        for columns in rows(GIVEN_NAMES) {
            if let [name, gender, ..] = columns.as_slice() {
                world.genders.insert(fold(name), if *gender == "f" { Gender::Female } else { Gender::Male });
            }
        }
        world
    }

    fn add(&mut self, name: &str, aliases: &str, kind: Kind) {
        let index = self.entries.len();
        self.entries.push(Entry { name: name.to_owned(), kind });
        for alias in std::iter::once(name).chain(aliases.split('|').filter(|alias| !alias.is_empty())) {
            self.by_key.entry(Name::parse(alias).key).or_insert(index);
        }
    }

    /// The entry that `name` means as a mention of type `entity_type`. People and MISC names are not in the tables, and an
    /// organisation called like a city is its team or its council, not the city.
    #[must_use]
    pub fn find(&self, name: &Name, entity_type: EntityType) -> Option<usize> {
        let &index = self.by_key.get(&name.key).or_else(|| self.by_key.get(&name.core_key()))?;
        let fits = match entity_type {
            EntityType::Loc => true,
            EntityType::Org => self.entries[index].kind != Kind::Place,
            EntityType::Per | EntityType::Misc => false,
        };
        fits.then_some(index)
    }

    /// The entry with this number.
    #[must_use]
    pub fn entry(&self, index: usize) -> &Entry {
        &self.entries[index]
    }

    /// The type that everybody knows `name` to have. Nationalities are MISC, as in CoNLL-2003.
    #[must_use]
    pub fn known_type(&self, name: &Name, entity_type: EntityType) -> Option<EntityType> {
        match self.find(name, entity_type) {
            Some(index) => Some(self.entries[index].entity_type()),
            None => self.demonyms.contains(&name.key).then_some(EntityType::Misc),
        }
    }

    /// Whether one folded given name is short for the other.
    #[must_use]
    pub fn is_nickname(&self, one: &str, other: &str) -> bool {
        self.nicknames.contains(&(one.to_owned(), other.to_owned()))
    }

    /// The gender that a folded given name tells.
    #[must_use]
    pub fn gender_of(&self, given_name: &str) -> Option<Gender> {
        self.genders.get(given_name).copied()
    }
}

fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
}
