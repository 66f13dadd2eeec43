//! What is known of the words of names: how many people bear a word as given or family name, which gender it tells, which short
//! forms and spellings it has. Counts of people, from the tables of `models/world/`; a prior, never a fact about a person.
//!
//! All words are folded ([`fold`](super::fold)); family names of several words without the blanks.

use super::compile::NameTable;
use super::list::Gender;
use crate::sorted_table::{SortedTable, logarithm_of};

static BLOCK: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/names.bin"));

fn table(table: NameTable) -> SortedTable<'static> {
    SortedTable::open(BLOCK, table as usize)
}

/// A word as a given name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct GivenName {
    /// Binary logarithm of the number of bearers (10: a thousand; 20: a million).
    pub(crate) bearers: f32,
    /// Share of the people with the word in their name whose given name it is, 0 to 1; for the others it is the family name.
    pub(crate) share: f32,
    /// Gender of nine of ten bearers, in all countries.
    pub(crate) gender: Option<Gender>,
}

/// What is known of a word as a given name; the 20,000 commonest are.
pub(crate) fn given_name(word: &str) -> Option<GivenName> {
    let &[bearers, share, gender] = table(NameTable::Given).get(word)? else { return None };
    let gender = match gender {
        b'f' => Some(Gender::Female),
        b'm' => Some(Gender::Male),
        _ => None,
    };
    Some(GivenName { bearers: logarithm_of(bearers), share: f32::from(share) / 255.0, gender })
}

/// A word or words as a family name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct FamilyName {
    /// Binary logarithm of the number of bearers.
    pub(crate) bearers: f32,
    /// Most bearers have Spanish names, of which the first of two family names is the one that they are called by.
    pub(crate) spanish: bool,
}

/// What is known of a family name; the 50,000 commonest are. A rare one says more about who is meant.
pub(crate) fn family_name(name: &str) -> Option<FamilyName> {
    let &[bearers, spanish] = table(NameTable::Family).get(name)? else { return None };
    Some(FamilyName { bearers: logarithm_of(bearers), spanish: spanish >= 70 })
}

/// A family name that may stand before the given name.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LeadingFamily {
    /// Share of the people with the word in their name whose family name it is ("Nguyen" 0.99, "Kim" 0.53).
    pub(crate) share: f32,
    /// It stands first as a rule.
    pub(crate) first: bool,
}

/// What is known of a Chinese, Korean, Vietnamese or Khmer family name.
pub(crate) fn leading_family(word: &str) -> Option<LeadingFamily> {
    let &[share, first] = table(NameTable::Leading).get(word)? else { return None };
    Some(LeadingFamily { share: f32::from(share) / 255.0, first: first == b'f' })
}

/// How often a small word of family names is a given name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum AsGiven {
    /// "von der", "degli".
    Never,
    /// "Di", "Von".
    Rarely,
    /// "Al", "Ben", "Van", "Mac".
    Often,
}

/// For a particle, how often it is a given name: "Al Arden" and "Ben Arden" are people called Al and Ben.
pub(crate) fn particle_as_given(word: &str) -> Option<AsGiven> {
    match table(NameTable::Particles).get(word)? {
        b"y" => Some(AsGiven::Often),
        b"r" => Some(AsGiven::Rarely),
        _ => Some(AsGiven::Never),
    }
}

/// A given name that a short form may stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct FullName {
    /// The given name, or `*` where anybody may go by the form ("Red", "Doc").
    pub(crate) name: &'static str,
    /// How many of some 40,000 players and members of Congress with that name go by the form; 0 where only lists have it.
    pub(crate) people: u32,
    /// Many do, or a list made for this purpose has it: the two may be one person's.
    pub(crate) sure: bool,
}

/// The given names that a short form may stand for; a given name that has short forms is one of its own.
pub(crate) fn full_names(short: &str) -> impl Iterator<Item = FullName> + use<> {
    let forms = table(NameTable::Nicknames).text(short).unwrap_or_default();
    forms.split(';').filter_map(|form| {
        let mut parts = form.split(':');
        let name = parts.next().filter(|name| !name.is_empty())?;
        let people = parts.next()?.parse().unwrap_or_default();
        Some(FullName { name, people, sure: parts.next() == Some("s") })
    })
}

/// All that the keys of stores depend on, for whoever must know when it has changed.
#[cfg(test)]
pub(crate) fn block() -> &'static [u8] {
    BLOCK
}

/// Whether two words are spellings of one Arabic or Cyrillic word ("qasim", "kassem"; "dmitri", "dmitry"): the binary logarithm of
/// the number of people of the rarer spelling.
pub(crate) fn same_native(left: &str, right: &str) -> Option<f32> {
    let words = |word: &str| table(NameTable::Variants).get(word).unwrap_or_default().chunks_exact(3);
    let shared = |one: &[u8]| {
        let other = words(right).find(|other| other[..2] == one[..2])?;
        Some(logarithm_of(one[2].min(other[2])))
    };
    words(left).filter_map(shared).reduce(f32::max)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_known_with_their_bearers() {
        let al = given_name("al").unwrap();
        assert!(al.bearers > 12.0 && al.share > 0.5);
        assert_eq!(given_name("maria").unwrap().gender, Some(Gender::Female));
        assert_eq!(given_name("andrea").unwrap().gender, None, "a man's name in Italy");
        assert_eq!(given_name("ian").unwrap().gender, Some(Gender::Male), "Ian is commoner than I-An");
        assert!(given_name("smith").is_none_or(|name| name.share < 0.05));
        assert!(family_name("smith").unwrap().bearers > 20.0);
        assert!(family_name("delacruz").unwrap().spanish && !family_name("schmidt").unwrap().spanish);
        assert!(leading_family("nguyen").is_some_and(|family| family.share > 0.95 && family.first));
        assert!(leading_family("kim").is_some_and(|family| family.share < 0.7 && family.first));
        assert_eq!((leading_family("holt"), particle_as_given("holt")), (None, None));
        assert_eq!(particle_as_given("ben"), Some(AsGiven::Often));
        assert_eq!(particle_as_given("degli"), Some(AsGiven::Never));
    }

    #[test]
    fn short_forms_and_spellings_are_known() {
        assert!(full_names("bob").any(|full| full.name == "robert" && full.sure && full.people > 1000));
        assert!(full_names("robert").any(|full| full.name == "robert"));
        assert!(full_names("red").any(|full| full.name == "*" && full.people > 50 && !full.sure));
        assert_eq!(full_names("robertson").count(), 0);
        assert!(same_native("gaddafi", "qadhafi").is_some() && same_native("dmitri", "dmitry").is_some());
        assert!(same_native("gaddafi", "dmitry").is_none());
    }
}
