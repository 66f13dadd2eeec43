//! From the mentions of one document to its entities.
//!
//! In come a text and the mentions that a tagger found in it, out go entities: each mention belongs to exactly one. On the
//! way a `name` takes every surface form apart, `cluster` ranks each mention against whole entities by named
//! `feature`s and their `score`, and `vote` gives each entity the type and the name that its mentions agree on.

mod cluster;
mod feature;
mod name;
mod organization;
mod person;
mod score;
mod vote;
mod world;

use crate::entity::{Alias, Entity, mean_score};
use crate::mention::{EntityType, Mention};
use name::Name;
use std::collections::HashMap;
use world::World;

/// Puts the mentions of a document into entities.
///
/// ```
/// use namesake::document::Span;
/// use namesake::mention::{EntityType, Mention};
/// use namesake::resolve::Resolver;
///
/// let text = "Henrik Aalto resigned. Aalto had asked for more.";
/// let mention = |start, end| Mention { span: Span::new(start, end), entity_type: EntityType::Per, score: 0.9 };
/// let mut mentions = [mention(0, 12), mention(23, 28)];
/// let entities = Resolver::embedded().resolve(text, &mut mentions);
/// assert_eq!(entities.len(), 1);
/// assert_eq!(entities[0].name, "Henrik Aalto");
/// ```
#[derive(Debug)]
pub struct Resolver {
    world: World,
}

impl Resolver {
    /// The resolver that is part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self { world: World::embedded() }
    }

    /// Partitions `mentions` (sorted, not overlapping, lying in `text`) into entities, ordered by first mention. A mention
    /// that the others of its entity outvote gets their type.
    pub fn resolve(&self, text: &str, mentions: &mut [Mention]) -> Vec<Entity> {
        let mut parsed: HashMap<&str, Name> = HashMap::new();
        for mention in mentions.iter() {
            let surface = mention.span.of(text);
            parsed.entry(surface).or_insert_with(|| Name::parse(surface));
        }
        let names: Vec<&Name> = mentions.iter().map(|mention| &parsed[mention.span.of(text)]).collect();
        let clusters = cluster::cluster(&self.world, text, mentions, &names);
        clusters.into_iter().map(|members| self.entity(text, mentions, &names, members)).collect()
    }

    /// A type for a mention whose source gives none, from its form alone: well-known things, legal forms, acronyms and
    /// given names tell; the rest is taken for an organisation, the most frequent kind of name without an encyclopaedia
    /// entry in business news.
    #[must_use]
    pub fn guess_type(&self, surface: &str) -> EntityType {
        let name = Name::parse(surface);
        if let Some(known) = self.world.known_type(&name, EntityType::Loc) {
            return known;
        }
        let organization = name.core.len() < name.tokens.len() || name.acronym.is_some();
        let person = !organization && feature::gender_of(&self.world, &name).is_some();
        if person { EntityType::Per } else { EntityType::Org }
    }

    fn entity(&self, text: &str, mentions: &mut [Mention], names: &[&Name], members: Vec<usize>) -> Entity {
        let own = || members.iter().map(|&index| &mentions[index]);
        let known = members.iter().find_map(|&index| self.world.known_type(names[index], mentions[index].entity_type));
        let entity_type = vote::entity_type(own(), known);
        let aliases = Alias::count_all(text, own());
        let name = vote::canonical_name(&self.world, entity_type, &aliases);
        let score = mean_score(own());
        for &index in &members {
            mentions[index].entity_type = entity_type;
        }
        Entity { name, entity_type, score, aliases, mentions: members, knowledge_id: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;
    use proptest::prelude::*;
    use std::sync::LazyLock;

    static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::embedded);

    /// Resolves a text in which each name is written as `[PER Henrik Aalto]`; gives each entity's name and surfaces.
    fn resolve(marked: &str) -> Vec<(String, Vec<String>)> {
        let (mut text, mut mentions, mut rest) = (String::new(), Vec::new(), marked);
        while let Some((before, tail)) = rest.split_once('[') {
            let (inner, after) = tail.split_once(']').unwrap();
            let (label, name) = inner.split_once(' ').unwrap();
            text += before;
            let span = Span::new(text.len(), text.len() + name.len());
            mentions.push(Mention { span, entity_type: EntityType::from_label(label).unwrap(), score: 1.0 });
            text += name;
            rest = after;
        }
        text += rest;
        let entities = RESOLVER.resolve(&text, &mut mentions);
        let surfaces =
            |entity: &Entity| entity.mentions.iter().map(|&index| mentions[index].span.of(&text).to_owned()).collect();
        entities.iter().map(|entity| (entity.name.clone(), surfaces(entity))).collect()
    }

    fn groups(marked: &str) -> Vec<Vec<String>> {
        resolve(marked).into_iter().map(|(_, surfaces)| surfaces).collect()
    }

    #[test]
    fn two_people_of_one_family_stay_two() {
        let found = groups(
            "[PER Chinedu Okafor] won. [PER Ngozi Okafor] is no relation. Mr [PER Okafor] laughed. Mrs [PER Okafor] did not.",
        );
        assert_eq!(found, [["Chinedu Okafor", "Okafor"], ["Ngozi Okafor", "Okafor"]]);
        assert_eq!(groups("[PER George W. Bush] and [PER Laura Bush] met [PER Bush]'s aides.").len(), 2);
    }

    #[test]
    fn a_short_form_may_come_first() {
        let found = resolve(
            "[ORG Helix] Rises\n\n[ORG Helix Biologics Inc.] said that [PER Marchetti] ... [PER Susan Marchetti].",
        );
        assert_eq!(
            found[0],
            ("Helix Biologics Inc.".to_owned(), vec!["Helix".to_owned(), "Helix Biologics Inc.".to_owned()])
        );
        assert_eq!(found[1].0, "Susan Marchetti");
    }

    #[test]
    fn the_world_is_known() {
        let found = resolve("[ORG UN] and [ORG U.N.] in [LOC the U.S.], not [LOC USA] or [MISC American].");
        assert_eq!(
            found.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["United Nations", "United States", "American"]
        );
    }

    #[test]
    fn the_text_itself_defines_acronyms() {
        assert_eq!(groups("The [ORG Harbour Workers' Front] ([ORG HWF]) said. [ORG HWF] left.").len(), 1);
        assert_eq!(groups("The [ORG Vereinigung Deutscher Hafenarbeiter] ([ORG VDH]). [ORG VDH] left.").len(), 1);
    }

    #[test]
    fn headlines_titles_and_endings_do_not_matter() {
        assert_eq!(groups("[LOC BEIRA] Cut Off. [LOC Beira]'s port.").len(), 1);
        assert_eq!(groups("[ORG Northern Line N.V.], [ORG NORTHERN LINE], the [ORG Northern Line]").len(), 1);
        assert_eq!(groups("[PER Bashar al-Assad] and [PER Assad], [PER José Díaz] and [PER Diaz]").len(), 2);
    }

    #[test]
    fn a_single_wrong_tag_is_outvoted() {
        let text = "Tarsu. Tarsu. Tarsu.";
        let mention = |start, entity_type, score| Mention { span: Span::new(start, start + 5), entity_type, score };
        let mut mentions =
            [mention(0, EntityType::Loc, 0.9), mention(7, EntityType::Per, 0.8), mention(14, EntityType::Loc, 0.9)];
        assert_eq!(RESOLVER.resolve(text, &mut mentions).len(), 1);
        assert_eq!(mentions[1].entity_type, EntityType::Loc);
    }

    #[test]
    fn many_mentions_take_little_time() {
        let names = ["Ada Byron", "Byron", "Grace Hopper", "Hopper", "G. Hopper", "Ada"];
        let text = (0..60_000).map(|index| names[index * 7 % names.len()]).collect::<Vec<_>>().join(" ");
        let mut start = 0;
        let mut mentions: Vec<Mention> = Vec::new();
        for index in 0..60_000 {
            let end = start + names[index * 7 % names.len()].len();
            mentions.push(Mention { span: Span::new(start, end), entity_type: EntityType::Per, score: 1.0 });
            start = end + 1;
        }
        assert_eq!(RESOLVER.resolve(&text, &mut mentions).len(), 2);
    }

    proptest! {
        #[test]
        fn entities_are_a_partition(words in prop::collection::vec(("[^\\pC\\pZ]{1,8}|[A-Z][a-z]{1,5}( [A-Z][a-z]{1,5}){0,2}|[A-Z.]{1,6}", 0_usize..4), 0..40)) {
            let (mut text, mut mentions) = (String::new(), Vec::new());
            for (word, kind) in &words {
                let span = Span::new(text.len(), text.len() + word.len());
                mentions.push(Mention { span, entity_type: EntityType::ALL[*kind], score: 0.9 });
                text += word;
                text.push(' ');
            }
            let mut again = mentions.clone();
            let entities = RESOLVER.resolve(&text, &mut mentions);
            prop_assert_eq!(&entities, &RESOLVER.resolve(&text, &mut again));
            let mut members: Vec<usize> = entities.iter().flat_map(|entity| entity.mentions.clone()).collect();
            members.sort_unstable();
            prop_assert_eq!(members, (0..mentions.len()).collect::<Vec<_>>());
            prop_assert!(entities.windows(2).all(|pair| pair[0].mentions[0] < pair[1].mentions[0]));
            for entity in &entities {
                prop_assert!(!entity.name.is_empty());
                prop_assert_eq!(entity.aliases.iter().map(|alias| alias.count).sum::<usize>(), entity.mentions.len());
            }
        }
    }
}
