//! What is known of the world beforehand: countries and their people, places, well-known organisations, teams, companies,
//! readings of acronyms. In comes a form, out come the entries that it may stand for: a prior, never a fact. It knows names and
//! no document.
//!
//! Two sorts of tables, all data of `models/world/` and part of the program:
//!
//! | who asks | what | where |
//! | --- | --- | --- |
//! | what may this form name? | [`World::senses`], [`World::entry`]: countries, regions, organisations, teams with ids | here |
//! | is this form a name of its own, not short for another? | [`World::is_own_name`]: "Kiev", "Burma" | here |
//! | what does "IRA" stand for? | [`Facts::acronym`]: readings with shares and kinds | [`World::facts`] |
//! | which kinds of names is "Houston", "Royals"? | [`Facts::word_kind`] | [`World::facts`] |
//! | is "Moody's" a firm? | [`Facts::possessive_firm`] | [`World::facts`] |
//! | companies, symbols of shares, parents, renamings | [`Facts::companies`], [`Facts::tickers`], [`Facts::company_relations`] | [`World::facts`] |
//! | cities; "LA", "Rio" | [`Facts::cities`], [`Facts::short_places`] | [`World::facts`] |
//! | is "Al" a given name, "Holt" a family name, how common? | `given_name`, `family_name`, `leading_family`, `particle_as_given`, `title_as_given` | `crate::name` |
//! | Bob and Robert, Qadhafi and Gaddafi | `full_names`, `same_native`, `skeleton` | `crate::name` |
//!
//! The words of names belong to the grammar, because the keys of stores depend on them; a user can replace the rest
//! ([`WorldTables`]).

pub(crate) mod compile;
#[allow(dead_code, reason = "for the stages that weigh names")]
mod facts;
mod folder;

#[allow(unused_imports, reason = "for the stages that weigh names")]
pub(crate) use facts::{Acronym, City, Company, CompanyRelation, Facts, Reading, ReadingKind, WordKind};
pub use folder::{WorldError, WorldTables};

use crate::alias_table::{AliasRow, AliasTable, AliasTableError};
use crate::entity_type::EntityType;
use crate::name::{join, split_words};
use crate::table_file::{TableFile, TableFileError, TableRow};
use std::collections::{HashMap, HashSet};

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
    /// The country of a capital.
    pub(crate) within: Option<Sense>,
}

/// The tables, indexed.
#[derive(Debug, Clone, Default)]
pub(crate) struct World {
    entries: Vec<Entry>,
    by_key: HashMap<String, Vec<Sense>>,
    /// Codes of two or three letters, which count only in capitals ("US", not "us"; "IN", not "in").
    by_code: HashMap<String, Vec<Sense>>,
    /// Names as good as the entry's: former ones, and those of other languages.
    own_names: HashSet<(Sense, String)>,
    pinned: HashMap<String, Sense>,
    facts: Facts,
}

const COUNTRIES: &str = include_str!("../../models/world/countries.tsv");
const REGIONS: &str = include_str!("../../models/world/regions.tsv");
const ORGANIZATIONS: &str = include_str!("../../models/world/organizations.tsv");
const TEAMS: &str = include_str!("../../models/world/teams.tsv");

impl World {
    /// The tables that come with the crate.
    pub(crate) fn embedded() -> Self {
        let of_crate = |name: &str| -> Result<String, TableFileError> {
            let table = match name {
                "countries.tsv" => COUNTRIES,
                "regions.tsv" => REGIONS,
                "organizations.tsv" => ORGANIZATIONS,
                _ => TEAMS,
            };
            Ok(table.to_owned())
        };
        // The unit test below proves that they can be read.
        let mut world = Self::read(of_crate).unwrap_or_default();
        world.facts = Facts::embedded();
        world
    }

    /// Entries from the text of tables, an empty one for each that is not there.
    fn read<E: From<TableFileError>>(mut read: impl FnMut(&str) -> Result<String, E>) -> Result<Self, E> {
        let mut world = Self::default();
        world.add_countries(&read("countries.tsv")?)?;
        world.add_regions(&read("regions.tsv")?)?;
        world.add_organizations(&read("organizations.tsv")?)?;
        world.add_teams(&read("teams.tsv")?)?;
        Ok(world)
    }

    fn add_countries(&mut self, text: &str) -> Result<(), TableFileError> {
        let table = TableFile::new("countries.tsv", text, &["code", "name"])?;
        for row in table.rows() {
            let (code, name) = (row.text("code")?, row.text("name")?);
            let id = if code.starts_with("x-") { identifier("region", name) } else { format!("iso:{code}") };
            let country = self.add(id, name, EntityType::Loc, row.list("other_names"));
            self.add_own_names(country, row.list("former_names"));
            let people: Vec<&str> = ["adjective", "demonym_singular", "demonym_plural"]
                .iter()
                .flat_map(|column| row.list(column))
                .collect();
            if let [first, others @ ..] = &people[..] {
                let sense = self.add(identifier("demonym", first), first, EntityType::Misc, others.iter().copied());
                self.entries[sense.0].country = Some(country);
                for form in &people {
                    self.name_sense(&format!("{form}s"), sense);
                }
            }
            let capital = row.cell("capital");
            if !capital.is_empty() {
                let city = self.add(identifier("city", capital), capital, EntityType::Loc, std::iter::empty());
                self.entries[city.0].within = Some(country);
                self.add_own_names(city, row.list("capital_other_names"));
            }
        }
        Ok(())
    }

    fn add_regions(&mut self, text: &str) -> Result<(), TableFileError> {
        let table = TableFile::new("regions.tsv", text, &["iso3166_2", "name"])?;
        for row in table.rows() {
            let (code, name) = (row.text("iso3166_2")?, row.text("name")?);
            let id = if code.contains(':') { code.to_owned() } else { format!("iso:{code}") };
            let region = self.add(id, name, EntityType::Loc, row.list("other_names").chain(row.list("abbreviations")));
            self.add_own_names(region, row.list("former_names"));
        }
        Ok(())
    }

    fn add_organizations(&mut self, text: &str) -> Result<(), TableFileError> {
        let table = TableFile::new("organizations.tsv", text, &["name"])?;
        for row in table.rows() {
            let name = row.text("name")?;
            let id = if row.cell("id").is_empty() { identifier("org", name) } else { row.cell("id").to_owned() };
            // "CNRS:2": the letters, and how many bear them.
            let acronyms = row.list("acronyms").map(|acronym| acronym.split(':').next().unwrap_or_default());
            self.add(id, name, EntityType::Org, row.list("aliases").chain(acronyms));
        }
        Ok(())
    }

    fn add_teams(&mut self, text: &str) -> Result<(), TableFileError> {
        let table = TableFile::new("teams.tsv", text, &["level", "place", "nickname"])?;
        for row in table.rows() {
            let (place, nickname) = (row.text("place")?, row.text("nickname")?);
            let name = format!("{place} {nickname}");
            let sense = self.add(identifier("team", &name), &name, EntityType::Org, [place, nickname].into_iter());
            self.entries[sense.0].team = Some(level(&row)?);
        }
        Ok(())
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
            within: None,
        });
        self.name_sense(name, sense);
        for other in other_names {
            self.name_sense(other, sense);
        }
        sense
    }

    /// Names that a text may give to the entry as its own.
    fn add_own_names<'a>(&mut self, sense: Sense, names: impl Iterator<Item = &'a str>) {
        for name in names {
            self.name_sense(name, sense);
            if !is_code(name) {
                self.own_names.insert((sense, form_key(name)));
            }
        }
    }

    fn name_sense(&mut self, form: &str, sense: Sense) {
        let key = form_key(form);
        if key.is_empty() {
            return;
        }
        let senses = if is_code(form) { self.by_code.entry(key) } else { self.by_key.entry(key) }.or_default();
        if !senses.contains(&sense) {
            senses.push(sense);
        }
    }

    /// What words may stand for, beside the entries.
    pub(crate) const fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether the form with this key is a name in its own right of what the sense stands for ("Kiev", "Burma"), to be shown as the
    /// text has it, and not a short form.
    pub(crate) fn is_own_name(&self, sense: Sense, key: &str) -> bool {
        self.own_names.contains(&(sense, key.to_owned()))
    }

    /// Whether the form with this key is the name that the entry has here.
    pub(crate) fn is_name(&self, sense: Sense, key: &str) -> bool {
        self.entry(sense).is_some_and(|entry| form_key(&entry.name) == key)
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
            within: None,
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

    /// Whether one of the senses is a country.
    pub(crate) fn is_country(&self, senses: &[Sense]) -> bool {
        let id = |sense: &Sense| self.entry(*sense).and_then(|entry| entry.id.as_deref());
        senses.iter().filter_map(id).any(|id| id.strip_prefix("iso:").is_some_and(|code| !code.contains('-')))
    }

    /// Whether one of the senses is a place.
    pub(crate) fn is_place(&self, senses: &[Sense]) -> bool {
        senses.iter().any(|sense| self.entry(*sense).is_some_and(|entry| entry.kind == Some(EntityType::Loc)))
    }
}

/// Whose team a row of `teams.tsv` names.
fn level(row: &TableRow) -> Result<Team, TableFileError> {
    match row.text("level")? {
        "club" => Ok(Team::Club),
        "national" => Ok(Team::National),
        other => Err(row.error(format!("'{other}' in 'level' is neither club nor national"))),
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
    fn names_of_their_own_are_told_from_short_forms() {
        let world = World::embedded();
        let is_own = |form: &str| {
            let key = form_key(form);
            world.senses(form, &key).iter().any(|sense| world.is_own_name(*sense, &key))
        };
        assert!(is_own("Kiev") && is_own("Burma") && is_own("Bombay"));
        assert!(!is_own("U.S.") && !is_own("America") && !is_own("Kyiv"));
    }

    #[test]
    fn tables_have_no_empty_names() {
        let world = World::embedded();
        assert!(world.entries.iter().all(|entry| !entry.name.is_empty()));
        assert!(!world.by_key.contains_key("") && !world.by_code.contains_key(""));
    }
}
