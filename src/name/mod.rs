//! The one grammar of names: how a surface form is cut into words, how the words are read as a person's, an organisation's
//! or a place's name, and by which key equal names find each other.
//!
//! In comes a surface form, out come folded parts and their fit with those of another. Who decides what a fit is worth, the
//! resolver inside a document and the store across documents, reads names by this grammar alone. It knows words, not the
//! world: its lists are the tab-separated files in `lists/`, and the tables of names in `models/world/`. Whoever changes a list
//! or a rule that keys depend on raises `SCHEMA_VERSION` in `src/corpus/database.rs`, so that the keys in stores follow.

#[allow(dead_code, reason = "the build script lays the tables out, the library only reads them")]
mod compile;
mod fold;
mod key;
#[allow(dead_code, reason = "for the stages that weigh names")]
mod known;
mod likeness;
mod list;
mod organization;
mod person;
mod person_fit;
mod place;
#[cfg(test)]
mod properties;
mod shown;
mod skeleton;
mod word;

pub(crate) use fold::fold;
#[cfg(test)]
pub(crate) use key::digest_of_lists;
pub(crate) use key::{Form, Key, Strength, key_of};
#[allow(unused_imports, reason = "for the stages that weigh names")]
pub(crate) use known::{
    AsGiven, FamilyName, FullName, GivenName, LeadingFamily, family_name, full_names, given_name, leading_family,
    particle_as_given, same_native,
};
pub(crate) use likeness::similar;
#[allow(unused_imports, reason = "for the stages that weigh names")]
pub(crate) use list::title_as_given;
pub(crate) use list::{Gender, WordClass, gender, generation, honorific, is_common_person, is_given, is_word, rows};
pub(crate) use organization::{Organization, OrganizationFit};
pub(crate) use person::Person;
pub(crate) use person_fit::PersonFit;
pub(crate) use place::{Place, PlaceFit};
pub(crate) use skeleton::skeleton;
pub(crate) use word::{acronym_letters, has_article, join, split_words};

/// A surface form and everything that it tells by itself.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    /// The form with white space folded and no possessive ending.
    pub(crate) surface: String,
    /// The form with its 's, if it has one: a firm's whole name ("Moody's"), or a possessive.
    pub(crate) in_s: Option<String>,
    /// The folded words joined by a space: equal keys are spelling variants of each other.
    pub(crate) key: String,
    pub(crate) words: Vec<word::Word>,
    /// Every letter is a capital.
    pub(crate) all_caps: bool,
    /// The letters, lower case, if the form can be an acronym.
    pub(crate) acronym: Option<String>,
    pub(crate) person: Person,
    pub(crate) organization: Organization,
    pub(crate) place: Place,
}

impl Name {
    /// Takes `surface` apart.
    pub(crate) fn parse(surface: &str) -> Self {
        let in_s = word::form_in_s(surface);
        let surface = word::trim_name(surface);
        let (head, qualifier) = match surface.split_once(", ") {
            Some((head, qualifier)) if !head.is_empty() => (head, Some(qualifier)),
            _ => (surface.as_str(), None),
        };
        let words = split_words(&surface);
        let organization = Organization::parse(&words, word::has_article(&surface));
        let key = join(&words);
        let letters = surface.chars().filter(|c| c.is_alphabetic());
        let all_caps = letters.clone().count() > 1 && letters.clone().all(|c| !c.is_lowercase());
        Self {
            acronym: word::acronym_letters(&surface),
            person: Person::parse(&words),
            organization,
            place: Place::parse(&split_words(head), qualifier.map(split_words).as_deref()),
            surface,
            in_s,
            key,
            words,
            all_caps,
        }
    }

    /// Whether the form has no letter or digit to compare.
    pub(crate) fn is_blank(&self) -> bool {
        self.words.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(surface: &str) -> String {
        Name::parse(surface).key
    }

    #[test]
    fn spelling_variants_share_a_key() {
        assert_eq!(key("The  Øresund Café’s"), key("ORESUND CAFE"));
        assert_eq!(key("St. Albans"), key("Saint Albans"));
        assert_eq!(key("U.N."), key("UN"));
        assert_eq!(key("Brook & Sons"), key("Brook and Sons"));
        assert_eq!(key("Anne-Marie Holt"), key("Anne Marie Holt"));
    }

    #[test]
    fn signs_alone_give_a_blank_name() {
        assert!(Name::parse("🙂 —").is_blank());
    }
}
