//! What words and names may stand for in the world: readings of acronyms, kinds of words, companies, cities. Priors, never facts:
//! the text beats them all, and what they lack says nothing.
//!
//! Names are given as they stand in the text; case, accents, blanks and signs do not matter.

use super::compile::{KINDS, WorldTable};
use crate::name::fold;
use crate::sorted_table::SortedTable;
use std::borrow::Cow;

static BLOCK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/world.bin"));

/// The tables, searched where they lie.
#[derive(Debug, Clone)]
pub(crate) struct Facts(Cow<'static, [u8]>);

impl Default for Facts {
    /// No tables.
    fn default() -> Self {
        Self(Cow::Borrowed(&[]))
    }
}

/// What an acronym may stand for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acronym<'a> {
    /// Number of readings that the tables have; one does not mean that the world has no other.
    pub(crate) count: usize,
    readings: &'a str,
}

/// One reading of an acronym.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Reading<'a> {
    /// What it stands for.
    pub(crate) expansion: &'a str,
    pub(crate) kind: ReadingKind,
    /// Its share among the readings, 0 to 1: ranks them, and is no probability of the world.
    pub(crate) share: f32,
}

/// What sort of thing an acronym stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReadingKind {
    /// An organisation, a party, an armed group.
    Organization,
    Company,
    Team,
    Place,
    /// "CEO", "MD".
    Title,
    /// "estimated time of arrival", "gross domestic product".
    Term,
    Law,
}

impl<'a> Acronym<'a> {
    /// The commonest readings, commonest first.
    pub(crate) fn readings(&self) -> impl Iterator<Item = Reading<'a>> + use<'a> {
        self.readings.split("; ").filter_map(|reading| {
            let mut cells = reading.split('|');
            let (expansion, kind, share) = (cells.next()?, cells.next()?, cells.next()?);
            let kind = match kind {
                "company" => ReadingKind::Company,
                "team" => ReadingKind::Team,
                "place" => ReadingKind::Place,
                "title" => ReadingKind::Title,
                "term" => ReadingKind::Term,
                "law" => ReadingKind::Law,
                _ => ReadingKind::Organization,
            };
            Some(Reading { expansion, kind, share: share.parse().ok()? })
        })
    }
}

/// The kinds of names that a word is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct WordKind<'a> {
    /// People in the United States whose given name it is, or as many as its fame elsewhere is worth.
    pub(crate) given: u64,
    /// The same for the family name.
    pub(crate) family: u64,
    /// Code of the country that it names.
    pub(crate) country: &'a str,
    /// Country whose people it names.
    pub(crate) demonym: &'a str,
    /// Code of the state or province that it names.
    pub(crate) region: &'a str,
    /// People of the largest city of that name.
    pub(crate) city_population: u64,
    /// Company that it names.
    pub(crate) company: &'a str,
    /// Team that it is the nickname of.
    pub(crate) team: &'a str,
    /// Sort of common word that it is as well: `noun`, `month`, `river`.
    pub(crate) common_word: &'a str,
}

/// A company.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Company<'a> {
    /// Name without legal form.
    pub(crate) short_name: &'a str,
    pub(crate) name: &'a str,
    /// `exchange:symbol`, separated by `;`.
    pub(crate) tickers: &'a str,
    /// Owner, where known; most are not.
    pub(crate) parent: &'a str,
    /// The name itself ends in 's or an apostrophe ("Moody's").
    pub(crate) possessive: bool,
}

/// What one company is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CompanyRelation {
    /// The name was given up for the other.
    RenamedTo,
    /// The name came after the other.
    RenamedFrom,
    /// Belongs to the other.
    SubsidiaryOf,
    /// Owns the other.
    ParentOf,
    /// Left the other.
    SpunOffFrom,
    /// The other left it.
    SpunOff,
    /// Sounds like the other and has nothing to do with it.
    DistinctFrom,
}

/// A city.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct City<'a> {
    /// ISO code of its country.
    pub(crate) country: &'a str,
    pub(crate) population: u64,
    /// Number of places with 5,000 people or more that bear the name.
    pub(crate) same_named: u32,
    /// Its share of the people in those places, 0 to 1.
    pub(crate) share: f32,
}

impl Facts {
    /// The tables that come with the crate.
    pub(crate) const fn embedded() -> Self {
        Self(Cow::Borrowed(BLOCK))
    }

    /// Tables that [`compile`](super::compile::compile) has laid out.
    pub(crate) const fn of_block(block: Vec<u8>) -> Self {
        Self(Cow::Owned(block))
    }

    fn text(&self, table: WorldTable, name: &str) -> Option<&str> {
        SortedTable::open(&self.0, table as usize).text(&fold(name))
    }

    fn lines(&self, table: WorldTable, name: &str) -> impl Iterator<Item = Vec<&str>> {
        self.text(table, name).unwrap_or_default().lines().map(|line| line.split('\t').collect())
    }

    /// What an acronym may stand for; those with one reading are known only where that is famous.
    pub(crate) fn acronym(&self, letters: &str) -> Option<Acronym<'_>> {
        let (count, readings) = self.text(WorldTable::Acronyms, letters)?.split_once('\t')?;
        Some(Acronym { count: count.parse().ok()?, readings })
    }

    /// The kinds of names that a word is, where it is more than one.
    pub(crate) fn word_kind(&self, word: &str) -> Option<WordKind<'_>> {
        let cells: Vec<&str> = self.text(WorldTable::Kinds, word)?.split('\t').collect();
        let cell = |column: &str| {
            let place = KINDS.iter().position(|known| *known == column);
            place.and_then(|place| cells.get(place)).copied().unwrap_or_default()
        };
        let count = |column| cell(column).parse().unwrap_or_default();
        Some(WordKind {
            given: count("given"),
            family: count("family"),
            country: cell("country"),
            demonym: cell("demonym"),
            region: cell("region"),
            city_population: count("city_population"),
            company: cell("company"),
            team: cell("team"),
            common_word: cell("common_word"),
        })
    }

    /// Companies with this name, whole or without its legal form.
    pub(crate) fn companies(&self, name: &str) -> impl Iterator<Item = Company<'_>> {
        self.lines(WorldTable::Companies, name).filter_map(|cells| match cells[..] {
            [short_name, name, tickers, parent, possessive] => {
                Some(Company { short_name, name, tickers, parent, possessive: possessive == "1" })
            }
            _ => None,
        })
    }

    /// For a name as it stands ("Moody's", "Moodys"), the firm whose own name has the apostrophe, as it writes itself.
    pub(crate) fn possessive_firm(&self, form: &str) -> Option<&str> {
        self.companies(form).find(|company| company.possessive).map(|company| company.short_name)
    }

    /// The shares with this symbol: exchange and short name of the company.
    pub(crate) fn tickers(&self, symbol: &str) -> impl Iterator<Item = (&str, &str)> {
        let tickers = self.text(WorldTable::Tickers, symbol).unwrap_or_default();
        tickers.split(';').filter_map(|ticker| ticker.split_once(':'))
    }

    /// What a company is to others: the relation, the other, and the year, where known.
    pub(crate) fn company_relations(&self, name: &str) -> impl Iterator<Item = (CompanyRelation, &str, &str)> {
        self.lines(WorldTable::Relations, name).filter_map(|cells| {
            let [relation, place, other, year] = cells[..] else { return None };
            let relation = match (relation, place) {
                ("renamed", "1") => CompanyRelation::RenamedTo,
                ("renamed", _) => CompanyRelation::RenamedFrom,
                ("subsidiary", "1") => CompanyRelation::SubsidiaryOf,
                ("subsidiary", _) => CompanyRelation::ParentOf,
                ("spun off", "1") => CompanyRelation::SpunOffFrom,
                ("spun off", _) => CompanyRelation::SpunOff,
                _ => CompanyRelation::DistinctFrom,
            };
            Some((relation, other, year))
        })
    }

    /// The cities of this name with 200,000 people or more, largest first.
    pub(crate) fn cities(&self, name: &str) -> impl Iterator<Item = City<'_>> {
        self.lines(WorldTable::Cities, name).filter_map(|cells| {
            let [country, population, same_named, share] = cells[..] else { return None };
            Some(City {
                country,
                population: population.parse().ok()?,
                same_named: same_named.parse().unwrap_or(1),
                share: share.parse().ok()?,
            })
        })
    }

    /// The cities that a short form may stand for ("LA", "Rio"), and each one's share of the people in places that bear the form.
    pub(crate) fn short_places(&self, form: &str) -> impl Iterator<Item = (&str, f32)> {
        self.lines(WorldTable::ShortPlaces, form).filter_map(|cells| match cells[..] {
            [name, share] => Some((name, share.parse().unwrap_or_default())),
            _ => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_have_readings() {
        let facts = Facts::embedded();
        let ira: Vec<Reading> = facts.acronym("I.R.A.").unwrap().readings().collect();
        assert!(ira.iter().any(|reading| reading.kind == ReadingKind::Law && reading.share < 0.5));
        assert!(ira.is_sorted_by(|a, b| a.share >= b.share));
        assert!(facts.acronym("ETA").unwrap().readings().any(|reading| reading.kind == ReadingKind::Term));
        assert!(facts.acronym("WHO").unwrap().readings().next().unwrap().share > 0.9);
        assert!(facts.acronym("QQXZ").is_none());
    }

    #[test]
    fn words_have_kinds() {
        let facts = Facts::embedded();
        let royals = facts.word_kind("Royals").unwrap();
        assert!(royals.common_word == "noun" && !royals.team.is_empty());
        let houston = facts.word_kind("HOUSTON").unwrap();
        assert!(houston.family > 10_000 && houston.city_population > 1_000_000);
        assert_eq!(facts.word_kind("Qqxz"), None);
    }

    #[test]
    fn companies_and_cities_are_known() {
        let facts = Facts::embedded();
        for (form, firm) in [("Moody's", "Moody's"), ("McDonalds", "McDonald's"), ("Macy’s", "Macy's")] {
            assert_eq!(facts.possessive_firm(form), Some(firm), "{form}");
        }
        assert_eq!(facts.possessive_firm("Siemens"), None);
        assert!(
            facts
                .company_relations("Statoil")
                .any(|found| found.0 == CompanyRelation::RenamedTo && found.1 == "Equinor")
        );
        assert!(facts.company_relations("Equinor").any(|found| found.0 == CompanyRelation::RenamedFrom));
        assert!(facts.tickers("MSFT").any(|(exchange, name)| exchange == "NASDAQ" && name.starts_with("Microsoft")));
        assert!(facts.short_places("L.A.").any(|(name, share)| name == "Los Angeles" && share > 0.9));
        assert!(facts.cities("Paris").next().is_some_and(|city| city.country == "FR" && city.share > 0.8));
    }

    #[test]
    fn without_tables_nothing_is_known() {
        let facts = Facts::default();
        assert!(facts.acronym("WHO").is_none() && facts.companies("Moody's").next().is_none());
    }

    #[test]
    fn the_tables_stay_small() {
        assert!(BLOCK.len() < 1_500_000, "{}", BLOCK.len());
    }
}
