//! From the mentions of one document to its entities.
//!
//! In come a text and the mentions that a tagger found in it, out go entities: each mention belongs to exactly one. On the
//! way a [`name`] takes every surface form apart, [`cluster`] ranks each mention against whole entities by named
//! [`feature`]s and their [`score`], and [`vote`] gives each entity the type and the name that its mentions agree on.

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
