//! A name as a store keeps it: the words that equal names share, what they tell about who is meant, and the keys under
//! which names that may be one entity's find each other.

use super::list::full_given;
use super::organization::Organization;
use super::person::Person;
use super::place;
use super::word::{acronym_letters, has_article, split_words, trim_name};
use crate::entity_type::EntityType;

/// A key in the store: stable over machines, because stores outlive them.
pub(crate) type Key = i64;

/// Longest acronym that says little by itself; longer ones are more often words of a headline in capitals.
const LONGEST_CODE: usize = 6;

/// What a name's form tells about how much it identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// One part of a person's name.
    Bare,
    /// Letters that stand for a longer name.
    Acronym,
    /// One word that is a whole name: a company, a city.
    Word,
    /// A person's initials and family name.
    Initials,
    /// Several words.
    Full,
}

/// A surface form taken apart as the name of something of one type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// Folded words; a person's titles and generation and a company's legal form are left out.
    pub(crate) words: Vec<String>,
    /// Letters of an acronym, folded.
    pub(crate) acronym: Option<String>,
    /// Hash of the words.
    pub(crate) key: Key,
    pub(crate) strength: Strength,
    /// The parts of a person's name.
    pub(crate) person: Option<Box<Person>>,
    /// Acronyms that spell a name of several words letter by word: "who" for the World Health Organization.
    pub(crate) acronyms: Vec<String>,
}

impl Form {
    /// Takes `surface` apart as a name of `entity_type`; `None` if there is no letter or digit in it.
    pub(crate) fn parse(surface: &str, entity_type: EntityType) -> Option<Self> {
        let surface = trim_name(surface);
        let words = split_words(&surface);
        if words.is_empty() {
            return None;
        }
        if entity_type == EntityType::Per {
            let (person, words) = Person::parse_words(&words);
            return Some(Self::of_person(person, words));
        }
        let acronym = acronym_letters(&surface);
        if let Some(letters) = acronym.as_ref().filter(|letters| letters.chars().count() <= LONGEST_CODE) {
            return Some(Self::new(vec![letters.clone()], acronym, Strength::Acronym));
        }
        let organization = Organization::parse(&words, has_article(&surface));
        let mut kept = match entity_type {
            EntityType::Org => organization.core.clone(),
            _ => words.into_iter().map(|word| word.folded).collect(),
        };
        if entity_type == EntityType::Loc {
            place::write_out_compass(&mut kept);
        }
        let strength = if kept.len() == 1 { Strength::Word } else { Strength::Full };
        let mut form = Self::new(kept, acronym, strength);
        if strength == Strength::Full {
            let fits = |letters: &&String| (2..=8).contains(&letters.chars().count());
            form.acronyms = organization.acronyms().iter().filter(fits).cloned().collect();
        }
        Some(form)
    }

    fn new(words: Vec<String>, acronym: Option<String>, strength: Strength) -> Self {
        Self { key: hash(&[&words.join(" ")]), words, acronym, strength, person: None, acronyms: Vec::new() }
    }

    fn of_person(person: Person, words: Vec<String>) -> Self {
        let front = &words[..words.len().saturating_sub(1)];
        let strength = if front.is_empty() || person.is_family_alone(&words) {
            Strength::Bare
        } else if front.iter().all(|word| word.chars().count() == 1) {
            Strength::Initials
        } else {
            Strength::Full
        };
        Self { person: Some(Box::new(person)), ..Self::new(words, None, strength) }
    }

    /// The two parts by which a name of several words is called for short: a person's given and family name, else the first
    /// and the last word.
    pub(crate) fn ends(&self) -> Option<(&str, &str)> {
        let [first, .., last] = self.words.as_slice() else { return None };
        Some(match &self.person {
            Some(person) => (person.given.as_ref().unwrap_or(first), &person.family),
            None => (first, last),
        })
    }

    /// Two generations of one family: "Al Benton Jr" and "Al Benton Sr".
    pub(crate) fn generation(&self) -> Option<&str> {
        self.person.as_ref()?.generation.as_deref()
    }

    /// The keys under which an entity with this name is found.
    pub(crate) fn stored_keys(&self, entity_type: EntityType, keys: &mut Vec<Key>) {
        let class = class(entity_type);
        keys.push(hash(&["full", class, &self.words.join(" ")]));
        keys.extend(self.acronyms.iter().map(|letters| hash(&["acronym", class, letters])));
        match (entity_type, self.ends()) {
            (EntityType::Per, Some((first, last))) => {
                keys.push(hash(&["part", class, last]));
                if self.strength == Strength::Full {
                    keys.push(hash(&["part", class, first]));
                }
                self.given_keys(keys);
            }
            (EntityType::Org, Some(_)) => {
                keys.extend(self.parts().iter().map(|part| hash(&["part", class, part])));
            }
            _ => {}
        }
    }

    /// The keys under which entities that may bear this name are looked up: names equal to it first, then names of
    /// which it is a part or an abbreviation.
    pub(crate) fn sought_keys(&self, entity_type: EntityType) -> SoughtKeys {
        let class = class(entity_type);
        let name = self.words.join(" ");
        let full = |name: &str| hash(&["full", class, name]);
        let mut keys = SoughtKeys { equal: full(&name), related: Vec::new() };
        if let Some(person) = &self.person {
            match self.ends() {
                None => keys.related.push(hash(&["part", class, &name])),
                Some((_, family)) if person.given.is_none() => {
                    keys.related.extend([hash(&["part", class, family]), full(family)]);
                }
                Some(_) => self.given_keys(&mut keys.related),
            }
            return keys;
        }
        if entity_type == EntityType::Org {
            keys.related.push(hash(&["part", class, &name]));
        }
        keys.related.extend(self.acronym.iter().map(|letters| hash(&["acronym", class, letters])));
        keys.related.extend(self.acronyms.iter().map(|letters| full(letters)));
        if entity_type == EntityType::Org {
            keys.related.extend(self.parts().iter().map(|part| full(part)));
        }
        keys
    }

    /// Keys that people share whose family names are equal and whose given names may be one: by the initial, and by the
    /// full names that a nickname may stand for.
    fn given_keys(&self, keys: &mut Vec<Key>) {
        let Some(person) = &self.person else { return };
        let Some(given) = &person.given else { return };
        let initial: String = given.chars().take(1).collect();
        keys.push(hash(&["initial", &initial, &person.family]));
        keys.extend(full_given(given).map(|full| hash(&["nickname", full, &person.family])));
    }

    /// The parts by which an organisation is called: "Chicago", "Bulls"; "New York", "Yankees"; all but the last word.
    fn parts(&self) -> Vec<String> {
        let count = self.words.len();
        if count < 2 {
            return Vec::new();
        }
        let mut parts = vec![self.words[0].clone(), self.words[count - 1].clone()];
        if count > 2 {
            parts.push(self.words[..count - 1].join(" "));
            parts.push(self.words[count - 2..].join(" "));
        }
        parts
    }
}

/// The keys to look under.
#[derive(Debug)]
pub(crate) struct SoughtKeys {
    pub(crate) equal: Key,
    pub(crate) related: Vec<Key>,
}

/// People never share a key with other things, nor do a model's own types; organisations and places may, so that clashes are
/// seen.
const fn class(entity_type: EntityType) -> &'static str {
    match entity_type {
        EntityType::Per => "person",
        EntityType::Org | EntityType::Loc | EntityType::Misc => "thing",
        EntityType::Own(own) => own.label(),
    }
}

/// The key of a name of one word or of words joined by a space.
pub(crate) fn key_of(words: &str) -> Key {
    hash(&[words])
}

/// 64-bit FNV-1a (Fowler, Noll, Vo), parts kept apart by a zero byte. A collision only adds a candidate: names are
/// compared in full before anything is joined.
fn hash(parts: &[&str]) -> Key {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    state.cast_signed()
}

/// A digest of the rows of all word lists, for the test that keeps stores and lists together.
#[cfg(test)]
pub(crate) fn digest_of_lists() -> Key {
    let rows: Vec<&str> = super::list::ALL.into_iter().flat_map(super::list::rows).flatten().collect();
    let names: String = super::known::block().iter().copied().map(char::from).collect();
    hash(&[hash(&rows).to_string().as_str(), names.as_str()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(surface: &str, entity_type: EntityType) -> Form {
        Form::parse(surface, entity_type).unwrap()
    }

    #[test]
    fn spelling_variants_share_a_key() {
        let same = |one: &str, other: &str, entity_type| {
            assert_eq!(form(one, entity_type).key, form(other, entity_type).key, "{one} / {other}");
        };
        same("The  Øresund Café’s", "ORESUND CAFE", EntityType::Org);
        same("U.N.", "UN", EntityType::Org);
        same("Brook & Sons, Inc.", "Brook and Sons", EntityType::Org);
        same("Norvik Holdings", "NV Norvik", EntityType::Org);
        same("U.S. Senate", "United States Senate", EntityType::Org);
        same("Intl. Harbour Assn.", "International Harbour Association", EntityType::Org);
        same("Harbour Defence Centre", "Harbour Defense Center", EntityType::Org);
        same("NGOs", "NGO", EntityType::Org);
        same("NRVK-100", "NRVK 100", EntityType::Misc);
        same("NV-47s", "NV47", EntityType::Misc);
        same("St. Albans", "Saint Albans", EntityType::Loc);
        same("Mt. Arden", "Mount Arden", EntityType::Loc);
        same("Ft Arden", "Fort Arden", EntityType::Loc);
        same("S. Arden", "South Arden", EntityType::Loc);
        same("Mr. Holt", "HOLT", EntityType::Per);
        same("Former Ambassador Petra Holt", "Petra Holt", EntityType::Per);
        same("Anne-Marie Holt Jr.", "Anne Marie Holt", EntityType::Per);
        same("Omar Holt Senior", "Omar Holt", EntityType::Per);
        same("J.P. Holt", "J. P. Holt", EntityType::Per);
        same("Þóra Holt", "Thora Holt", EntityType::Per);
    }

    #[test]
    fn what_tells_two_apart_stays_in_the_key() {
        let differ = |one: &str, other: &str, entity_type| {
            assert_ne!(form(one, entity_type).key, form(other, entity_type).key, "{one} / {other}");
        };
        differ("Leo VIII", "Leo IX", EntityType::Per);
        differ("Ben Holt", "Holt", EntityType::Per);
        differ("Don Holt", "Holt", EntityType::Per);
        differ("Norvik Bank", "Norvik", EntityType::Org);
        differ("Paris, Texas", "Paris", EntityType::Loc);
    }

    #[test]
    fn forms_know_how_much_they_identify() {
        let strength = |surface: &str, entity_type| form(surface, entity_type).strength;
        assert_eq!(strength("Holt", EntityType::Per), Strength::Bare);
        assert_eq!(strength("Father Holt", EntityType::Per), Strength::Bare);
        assert_eq!(strength("van der Holt", EntityType::Per), Strength::Bare);
        assert_eq!(strength("P. Holt", EntityType::Per), Strength::Initials);
        assert_eq!(strength("Petra Holt", EntityType::Per), Strength::Full);
        assert_eq!(strength("Ben Holt", EntityType::Per), Strength::Full);
        assert_eq!(strength("Anne of Arden", EntityType::Per), Strength::Full);
        assert_eq!(strength("Leo IX", EntityType::Per), Strength::Full);
        assert_eq!(strength("WHO", EntityType::Org), Strength::Acronym);
        assert_eq!(strength("Quillon", EntityType::Org), Strength::Word);
        assert_eq!(strength("QUILLON", EntityType::Org), Strength::Word);
        assert_eq!(form("World Health Organization", EntityType::Org).acronyms, ["who"]);
    }

    #[test]
    fn names_of_one_entity_find_each_other() {
        for (stored, sought, entity_type) in [
            ("Petra Holt", "Holt", EntityType::Per),
            ("Petra Holt", "P. Holt", EntityType::Per),
            ("P. Holt", "Petra Holt", EntityType::Per),
            ("William Holt", "Bill Holt", EntityType::Per),
            ("Bill Holt", "William Holt", EntityType::Per),
            ("Pieter van der Holt", "Van der Holt", EntityType::Per),
            ("World Health Organization", "W.H.O.", EntityType::Org),
            ("Bank of Norvik", "BON", EntityType::Org),
            ("HWU", "Harbour Workers Union", EntityType::Misc),
        ] {
            let mut keys = Vec::new();
            form(stored, entity_type).stored_keys(entity_type, &mut keys);
            let related = form(sought, entity_type).sought_keys(entity_type).related;
            assert!(related.iter().any(|key| keys.contains(key)), "{sought} finds {stored}");
        }
    }

    #[test]
    fn keys_stay_what_they_are_in_stores() {
        assert_eq!(hash(&["full", "person", "petra holt"]), 5_279_585_732_997_596_786);
        assert_eq!(form("Dr. Petra Holt III", EntityType::Per).key, key_of("petra holt"));
        assert_eq!(form("The Bank of St. Albans plc", EntityType::Org).key, key_of("bank of saint albans"));
    }
}
