//! From mentions to entities of one document.

use crate::entity::{Alias, Entity, mean_score};
use crate::mention::Mention;

/// Puts the mentions of a document into entities.
#[derive(Debug)]
pub struct Resolver;

impl Resolver {
    /// The resolver that is part of the program.
    #[must_use]
    pub fn embedded() -> Self {
        Self
    }

    /// Every mention is an entity of its own.
    pub fn resolve(&self, text: &str, mentions: &mut [Mention]) -> Vec<Entity> {
        let entity = |(index, mention): (usize, &Mention)| Entity {
            name: mention.span.of(text).to_owned(),
            entity_type: mention.entity_type,
            score: mean_score([mention]),
            aliases: Alias::count_all(text, [mention]),
            mentions: vec![index],
            knowledge_id: None,
        };
        mentions.iter().enumerate().map(entity).collect()
    }
}
