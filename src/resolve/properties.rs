//! What must hold for every text and every set of mentions.

use super::{Resolver, SURE};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::LazyLock;

static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::embedded);

/// Given names of which none is a nickname or a spelling of another; some look like particles or titles.
const GIVEN: [&str; 10] = ["Maria", "Karl", "Quentin", "Ursula", "Al", "Van", "Prince", "Dean", "Ximena", "Ngozi"];
const FAMILY: [&str; 4] = ["Arden", "Neff", "Lindqvist", "Okafor"];
const GENERATION: [&str; 4] = ["", "Jr.", "Sr.", "III"];

/// A text and mentions cut out of it at random places.
fn tagged() -> impl Strategy<Value = (String, Vec<Mention>)> {
    let part = prop_oneof![
        "\\PC{0,6}",
        "(Maria|Karl|J\\.|Mrs\\.?|President) (Arden|Neff|van der Meulen|al-Khatib)",
        "(Arden|Neff|U\\.N\\.|UN|United Nations|HWU|Harbour Workers Union|Norvik (Inc|AG))",
        "[ ,.()\n'’-]{1,3}",
    ];
    (prop::collection::vec((part, 0..6_usize, 0.0..=1.0_f32), 0..40)).prop_map(|parts| {
        let mut text = String::new();
        let mut mentions = Vec::new();
        for (part, kind, score) in parts {
            let start = text.len();
            text.push_str(&part);
            let own = EntityType::from_label("DRUG");
            if let Some(entity_type) = EntityType::KNOWN.into_iter().chain([own]).nth(kind)
                && start < text.len()
            {
                mentions.push(Mention { span: Span::new(start, text.len()), entity_type, score });
            }
            text.push(' ');
        }
        (text, mentions)
    })
}

proptest! {
    #[test]
    fn every_mention_is_in_exactly_one_entity((text, before) in tagged()) {
        let resolver = &*RESOLVER;
        let mut mentions = before.clone();
        let entities = resolver.resolve(&text, &mut mentions);
        let mut owned: Vec<usize> = entities.iter().flat_map(|entity| entity.mentions.clone()).collect();
        owned.sort_unstable();
        prop_assert_eq!(owned, (0..before.len()).collect::<Vec<_>>());
        prop_assert!(entities.windows(2).all(|pair| pair[0].mentions[0] < pair[1].mentions[0]));
        for entity in &entities {
            prop_assert!(entity.mentions.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert_eq!(entity.aliases.iter().map(|alias| alias.count).sum::<usize>(), entity.mentions.len());
            prop_assert!((0.0..=1.0).contains(&entity.score));
            for &mention in &entity.mentions {
                // Own types keep to themselves.
                let (own, whole) = (before[mention].entity_type, entity.entity_type);
                prop_assert!(own == whole || (own.is_known() && whole.is_known()));
                let sure = before[mention].score >= SURE;
                let expected = if sure { before[mention].entity_type } else { entity.entity_type };
                prop_assert_eq!(mentions[mention].entity_type, expected);
                prop_assert_eq!(mentions[mention].span, before[mention].span);
            }
        }
        let mut again = before;
        prop_assert_eq!(resolver.resolve(&text, &mut again), entities);
        prop_assert_eq!(again, mentions);
    }

    #[test]
    fn two_people_are_never_put_together(
        people in prop::collection::vec((0..GIVEN.len(), 0..FAMILY.len(), 0..GENERATION.len(), 0..8_usize), 2..30)
    ) {
        let mut text = String::new();
        let mut mentions = Vec::new();
        // What each form says of given name and generation.
        let mut said = Vec::new();
        for &(given, family, generation, form) in &people {
            let (g, f, jr) = (GIVEN[given], FAMILY[family], GENERATION[generation]);
            let (form, given, generation) = match form {
                0 => (f.to_owned(), None, None),
                1 => (g.to_owned(), Some(given), None),
                2 => (format!("{f} {jr}").trim().to_owned(), None, Some(generation)),
                3 => (format!("{f}, {g}"), Some(given), None),
                4 => (format!("Dr. {f}"), None, None),
                5 => (format!("{f}, {g}, {jr}").trim_end_matches(", ").to_owned(), Some(given), Some(generation)),
                6 => (format!("{g} H. {f} {jr}").trim().to_owned(), Some(given), Some(generation)),
                _ => (format!("{g} {f} {jr}").trim().to_owned(), Some(given), Some(generation)),
            };
            let start = text.len();
            text.push_str(&form);
            mentions.push(Mention { span: Span::new(start, text.len()), entity_type: EntityType::Per, score: 0.9 });
            text.push_str(" spoke. ");
            said.push((given, generation.filter(|generation| !GENERATION[*generation].is_empty())));
        }
        for entity in RESOLVER.resolve(&text, &mut mentions) {
            let given: BTreeSet<usize> = entity.mentions.iter().filter_map(|&at| said[at].0).collect();
            let generations: BTreeSet<usize> = entity.mentions.iter().filter_map(|&at| said[at].1).collect();
            prop_assert!(given.len() <= 1 && generations.len() <= 1, "{:?} in {}", entity.aliases, text);
        }
    }

    #[test]
    fn what_stands_between_two_names_never_glues_them(
        parts in prop::collection::vec((0..6_usize, 0..6_usize, 0..8_usize), 4..40)
    ) {
        let firms = [
            ("Norvik Shipping Inc", "Norvik Shipping", "Norvik"),
            ("Eastmoor Bank AG", "Eastmoor Bank", "Eastmoor"),
            ("Calder Energy", "Calder Energy", "Calder"),
            ("First National Bank of Oslin", "First National Bank of Oslin", "First National Bank of Oslin"),
            ("First National Bank of Tarve", "First National Bank of Tarve", "First National Bank of Tarve"),
            ("Holt, Moss & Quill LLC", "Holt, Moss & Quill", "Holt, Moss & Quill"),
        ];
        let (mut text, mut mentions, mut firm_of) = (String::new(), Vec::new(), Vec::new());
        // Whoever is called by a short name is called by the long one first.
        let opening = (0..firms.len()).map(|firm| (firm, firm, 0));
        for (one, other, form) in opening.chain(parts) {
            let (surface, firm) = match form {
                0 | 1 => (firms[one].0.to_owned(), Some(one)),
                2 => (firms[one].1.to_owned(), Some(one)),
                3 | 4 => (firms[one].2.to_owned(), Some(one)),
                _ if one == other => continue,
                5 => (format!("{} {}", firms[one].1, firms[other].1), None),
                6 => (format!("{}-{}", firms[one].2, firms[other].2), None),
                _ => (format!("{} and {}", firms[one].2, firms[other].2), None),
            };
            let start = text.len();
            text.push_str(&surface);
            mentions.push(Mention { span: Span::new(start, text.len()), entity_type: EntityType::Org, score: 0.9 });
            firm_of.push(firm);
            text.push_str(" was there. ");
        }
        for entity in RESOLVER.resolve(&text, &mut mentions) {
            let mut firms: Vec<usize> = entity.mentions.iter().filter_map(|&at| firm_of[at]).collect();
            firms.sort_unstable();
            firms.dedup();
            prop_assert!(firms.len() <= 1, "{:?} in {}", entity.aliases, text);
        }
    }

    #[test]
    fn one_word_of_three_kinds_stays_three(order in prop::collection::vec(0..5_usize, 1..20)) {
        // The man, the firm, the town, each as texts speak of them.
        let ways = [
            ("Mr ", "Quillon", EntityType::Per, " spoke. "),
            ("They work for ", "Quillon's", EntityType::Org, ". "),
            ("It rains in ", "Quillon", EntityType::Loc, ". "),
            ("", "Adam Quillon", EntityType::Per, " left. "),
            ("Ships sail to ", "Quillon", EntityType::Loc, ". "),
        ];
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for &way in [3].iter().chain(&order) {
            let (before, surface, entity_type, after) = ways[way];
            text.push_str(before);
            mentions.push(Mention { span: Span::new(text.len(), text.len() + surface.len()), entity_type, score: 0.97 });
            text.push_str(surface);
            text.push_str(after);
        }
        let types: Vec<EntityType> = mentions.iter().map(|mention| mention.entity_type).collect();
        for entity in RESOLVER.resolve(&text, &mut mentions) {
            let people = entity.mentions.iter().filter(|&&at| types[at] == EntityType::Per).count();
            prop_assert!(people == 0 || people == entity.mentions.len(), "{:?} in {}", entity.aliases, text);
        }
    }
}
