//! What is known of the world beforehand: countries and their people, places, well-known organisations, teams. In comes a
//! form, out come the entries that it may stand for: a prior, never a fact. It knows names and no document.
//!
//! The knowledge is data: the tab-separated tables of this folder, embedded in the binary.

use crate::alias_table::{AliasRow, AliasTable, AliasTableError};
use crate::entity_type::EntityType;
use crate::name::{join, rows, split_words};
use std::collections::HashMap;

/// One meaning of a form: the index of an [`Entry`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Sense(usize);

/// A team by nickname.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Team {
    /// Of a town or state.
    Club,
    /// Of a country.
    National,
}

/// Something that is known by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// Identifier: `iso:FR` for a country or its part, `city:…`, `org:…`, or the user's own.
    pub(crate) id: Option<String>,
    pub(crate) name: String,
    /// None for a row of a user's table that leaves the type to the mentions.
    pub(crate) kind: Option<EntityType>,
    /// Comes from a user's alias table, which wins over the scorer.
    pub(crate) pinned: bool,
    /// For a team, whose.
    pub(crate) team: Option<Team>,
    /// The country of a demonym.
    pub(crate) country: Option<Sense>,
}

/// The tables, indexed.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    entries: Vec<Entry>,
    by_key: HashMap<String, Vec<Sense>>,
    /// Codes of two or three letters, which count only in capitals ("US", not "us"; "IN", not "in").
    by_code: HashMap<String, Vec<Sense>>,
    pinned: HashMap<String, Sense>,
}

const COUNTRIES: &str = include_str!("countries.tsv");
const PLACES: &str = include_str!("places.tsv");
const ORGANIZATIONS: &str = include_str!("organizations.tsv");
const TEAMS: &str = include_str!("teams.tsv");

/// The parts of a cell, or none if the cell is missing or empty.
fn cell<'a>(row: &[&'a str], column: usize) -> impl Iterator<Item = &'a str> + use<'a> {
    row.get(column).copied().unwrap_or_default().split(';').map(str::trim).filter(|part| !part.is_empty())
}

impl World {
    /// The tables that come with the crate.
    pub(crate) fn embedded() -> Self {
        let mut world = Self::default();
        world.add_countries();
        for row in rows(PLACES) {
            if let [id, name, ..] = row[..] {
                let id = if id.contains(':') { id.to_owned() } else { format!("iso:{id}") };
                world.add(id, name, EntityType::Loc, cell(&row, 2));
            }
        }
        for row in rows(ORGANIZATIONS) {
            if let [name, ..] = row[..] {
                world.add(identifier("org", name), name, EntityType::Org, cell(&row, 1));
            }
        }
        for row in rows(TEAMS) {
            if let [level, place, nickname] = row[..] {
                let name = format!("{place} {nickname}");
                let sense = world.add(identifier("team", &name), &name, EntityType::Org, [place, nickname].into_iter());
                world.entries[sense.0].team = Some(if level == "national" { Team::National } else { Team::Club });
            }
        }
        world
    }

    fn add_countries(&mut self) {
        for row in rows(COUNTRIES) {
            let [code, name, ..] = row[..] else { continue };
            let id = if code.starts_with("x-") { identifier("region", name) } else { format!("iso:{code}") };
            let country = self.add(id, name, EntityType::Loc, cell(&row, 2));
            let mut demonyms = cell(&row, 3);
            if let Some(first) = demonyms.next() {
                let sense = self.add(identifier("demonym", first), first, EntityType::Misc, demonyms);
                self.entries[sense.0].country = Some(country);
                let plurals: Vec<String> = cell(&row, 3).map(|form| format!("{form}s")).collect();
                for plural in &plurals {
                    self.name_sense(plural, sense);
                }
            }
            let mut capitals = cell(&row, 4);
            if let Some(capital) = capitals.next() {
                self.add(identifier("city", capital), capital, EntityType::Loc, capitals);
            }
        }
    }

    fn add<'a>(
        &mut self,
        id: String,
        name: &str,
        kind: EntityType,
        other_names: impl Iterator<Item = &'a str>,
    ) -> Sense {
        let sense = Sense(self.entries.len());
        self.entries.push(Entry {
            id: Some(id),
            name: name.to_owned(),
            kind: Some(kind),
            pinned: false,
            country: None,
            team: None,
        });
        self.name_sense(name, sense);
        for other in other_names {
            self.name_sense(other, sense);
        }
        sense
    }

    fn name_sense(&mut self, form: &str, sense: Sense) {
        let key = form_key(form);
        let senses = if is_code(form) { self.by_code.entry(key) } else { self.by_key.entry(key) }.or_default();
        if !senses.contains(&sense) {
            senses.push(sense);
        }
    }

    /// Adds a user's aliases; they win over everything that is embedded under the same form. The canonical names are
    /// aliases of their own entities, unless the table has other plans for them.
    pub(crate) fn pin(&mut self, table: &AliasTable) -> Result<(), AliasTableError> {
        let mut canonical = Vec::new();
        for row in table.rows() {
            let key = form_key(&row.alias);
            if key.is_empty() {
                return Err(table.error((row.line, format!("the alias '{}' has no letter or digit", row.alias))));
            }
            let sense = self.pinned_entry(row);
            if self.pinned.insert(key, sense).is_some_and(|before| before != sense) {
                let reason = format!("the alias '{}' stands for something else further up", row.alias);
                return Err(table.error((row.line, reason)));
            }
            canonical.push((form_key(&row.canonical), sense));
        }
        for (key, sense) in canonical {
            self.pinned.entry(key).or_insert(sense);
        }
        Ok(())
    }

    fn pinned_entry(&mut self, row: &AliasRow) -> Sense {
        let entry = Entry {
            id: row.id.clone(),
            name: row.canonical.clone(),
            kind: row.entity_type,
            pinned: true,
            country: None,
            team: None,
        };
        let known = self.entries.iter().position(|other| *other == entry);
        if known.is_none() {
            self.entries.push(entry);
        }
        Sense(known.unwrap_or(self.entries.len() - 1))
    }

    /// Everything that the form may stand for.
    pub(crate) fn senses(&self, surface: &str, key: &str) -> Vec<Sense> {
        if let Some(&sense) = self.pinned.get(key) {
            return vec![sense];
        }
        let mut senses = self.by_key.get(key).cloned().unwrap_or_default();
        if is_code(surface)
            && let Some(more) = self.by_code.get(key)
        {
            senses.extend(more);
        }
        senses.sort_unstable();
        senses.dedup();
        senses
    }

    /// The entry behind a sense.
    pub(crate) fn entry(&self, sense: Sense) -> Option<&Entry> {
        self.entries.get(sense.0)
    }

    /// The senses that a mention of type `kind` can have. Places act ("Moscow refused") and are tagged as
    /// organisations, and the other way round, so those two stand in for each other where nothing else is known.
    pub(crate) fn senses_of(&self, senses: &[Sense], kind: EntityType) -> Vec<Sense> {
        let of = |wanted: EntityType| -> Vec<Sense> {
            let fits =
                |sense: &Sense| self.entry(*sense).is_some_and(|entry| entry.pinned || entry.kind == Some(wanted));
            senses.iter().copied().filter(fits).collect()
        };
        let own = of(kind);
        match kind {
            EntityType::Org if own.is_empty() => of(EntityType::Loc),
            EntityType::Loc if own.is_empty() => of(EntityType::Org),
            _ => own,
        }
    }

    /// The pinned sense among `senses`, if a user's table has the form.
    pub(crate) fn pinned_sense(&self, senses: &[Sense]) -> Option<Sense> {
        senses.iter().copied().find(|sense| self.entry(*sense).is_some_and(|entry| entry.pinned))
    }

    /// Whether one of the senses is the demonym of another among `others`.
    pub(crate) fn is_demonym_of(&self, senses: &[Sense], others: &[Sense]) -> bool {
        let country = |sense: &Sense| self.entry(*sense).and_then(|entry| entry.country);
        senses.iter().filter_map(country).any(|country| others.contains(&country))
    }

    /// A team that both forms can stand for, one as its place and one as its nickname.
    pub(crate) fn shared_team(&self, senses: &[Sense], others: &[Sense]) -> Option<Team> {
        senses.iter().filter(|sense| others.contains(sense)).find_map(|sense| self.entry(*sense)?.team)
    }

    /// Whether one of the senses is a place.
    pub(crate) fn is_place(&self, senses: &[Sense]) -> bool {
        senses.iter().any(|sense| self.entry(*sense).is_some_and(|entry| entry.kind == Some(EntityType::Loc)))
    }
}

fn form_key(form: &str) -> String {
    join(&split_words(form))
}

/// Two or three capitals, dots aside.
fn is_code(form: &str) -> bool {
    let letters: Vec<char> = form.chars().filter(|c| *c != '.').collect();
    (2..=3).contains(&letters.len()) && letters.iter().all(char::is_ascii_uppercase)
}

fn identifier(prefix: &str, name: &str) -> String {
    format!("{prefix}:{}", form_key(name).replace(' ', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(world: &World, surface: &str, kind: EntityType) -> Vec<String> {
        let senses = world.senses_of(&world.senses(surface, &form_key(surface)), kind);
        senses.iter().filter_map(|sense| world.entry(*sense)).map(|entry| entry.name.clone()).collect()
    }

    #[test]
    fn short_forms_lead_to_the_full_name() {
        let world = World::embedded();
        for form in ["UN", "U.N.", "United Nations"] {
            assert_eq!(names(&world, form, EntityType::Org), ["United Nations"], "{form}");
        }
        for form in ["US", "U.S.", "USA", "United States", "America"] {
            assert_eq!(names(&world, form, EntityType::Loc), ["United States"], "{form}");
        }
        assert!(names(&world, "us", EntityType::Loc).is_empty());
        assert!(names(&world, "in", EntityType::Loc).is_empty());
        assert_eq!(names(&world, "Ga.", EntityType::Loc), ["Georgia"]);
    }

    #[test]
    fn demonyms_are_not_their_countries() {
        let world = World::embedded();
        assert_eq!(names(&world, "Germans", EntityType::Misc), ["German"]);
        assert!(names(&world, "German", EntityType::Loc).is_empty());
    }

    #[test]
    fn tables_have_no_empty_names() {
        let world = World::embedded();
        assert!(world.entries.iter().all(|entry| !entry.name.is_empty()));
        assert!(!world.by_key.contains_key("") && !world.by_code.contains_key(""));
    }
}
