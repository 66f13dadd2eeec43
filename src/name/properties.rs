//! What must hold of the grammar for every text.

use super::{Form, Name};
use crate::entity_type::EntityType;
use proptest::prelude::*;

/// Texts of any letters, and texts that are nearly names.
fn any_surface() -> impl Strategy<Value = String> {
    prop_oneof![
        "\\PC{0,300}",
        any::<String>(),
        "((Mr\\.?|Don|St\\.|van|al|J\\.P\\.|U\\.S\\.|Bill|Leo|S\\.|the|Bank of|\"Ace\"|,|-|&|\u{200d}) ?){0,4}\
         (Holt|Müller|Norvik|Inc\\.|Jr|XIV|& Co\\.?|NGOs|’s|Texas|of Arden)?",
    ]
}

/// Words of a name in letters whose case can be changed and changed back.
fn plain_surface() -> impl Strategy<Value = String> {
    "(St\\. |Mr |Dr |Bill |van |Bank of |Café |Müller ){0,3}[A-Z][a-zéöüñ]{1,8}( Inc| Jr| IX| Holt)?"
}

fn key(surface: &str, entity_type: EntityType) -> Option<i64> {
    Form::parse(surface, entity_type).map(|form| form.key)
}

proptest! {
    #[test]
    fn any_text_is_taken_apart(surface in any_surface()) {
        let name = Name::parse(&surface);
        prop_assert_eq!(name.is_blank(), name.words.is_empty());
        for entity_type in EntityType::KNOWN {
            let Some(form) = Form::parse(&surface, entity_type) else {
                prop_assert!(name.is_blank());
                continue;
            };
            prop_assert!(!form.words.is_empty() && form.words.iter().all(|word| !word.is_empty()));
            form.stored_keys(entity_type, &mut Vec::new());
            form.sought_keys(entity_type);
        }
    }

    #[test]
    fn names_fit_themselves_and_fits_never_fail(one in any_surface(), other in any_surface()) {
        let (one, other) = (Name::parse(&one), Name::parse(&other));
        one.person.fit(&other.person);
        one.organization.fit(&other.organization);
        one.place.fit(&other.place);
        for letters in one.acronym.iter().chain(&other.acronym) {
            one.organization.acronym_fit(letters);
        }
    }

    #[test]
    fn keys_hold_whatever_the_white_space_and_the_quotes(surface in plain_surface()) {
        let spread = format!("  \u{201c}{}\u{201d} ", surface.replace(' ', " \u{a0}\t"));
        for entity_type in EntityType::KNOWN {
            prop_assert_eq!(key(&surface, entity_type), key(&spread, entity_type));
        }
        prop_assert_eq!(Name::parse(&surface).key, Name::parse(&spread).key);
    }

    #[test]
    fn keys_hold_whatever_the_accents(surface in plain_surface()) {
        let plain = surface.replace(['é', 'É'], "e").replace('ö', "o").replace('ü', "u").replace('ñ', "n");
        let decomposed: String = unicode_normalization::UnicodeNormalization::nfd(surface.as_str()).collect();
        for entity_type in EntityType::KNOWN {
            prop_assert_eq!(key(&surface, entity_type), key(&plain, entity_type));
            prop_assert_eq!(key(&surface, entity_type), key(&decomposed, entity_type));
        }
    }

    /// Case tells an acronym from a word and "US" from "us"; the words of people's names are equal in any case.
    #[test]
    fn keys_of_people_hold_whatever_the_case(surface in "(Mr |Dr )?[A-Z][a-zéöüñ]{3,8} (Anna )?[A-Z][a-zéöüñ]{3,8}( Jr)?") {
        prop_assert_eq!(key(&surface, EntityType::Per), key(&surface.to_uppercase(), EntityType::Per));
        prop_assert_eq!(key(&surface, EntityType::Per), key(&surface.to_lowercase(), EntityType::Per));
    }
}
