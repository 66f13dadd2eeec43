//! What an entity is called where its documents disagree.

use super::class::type_of;
use super::vocabulary::schema;
use crate::entity_type::EntityType;
use oxrdf::{NamedNodeRef, Term};
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// What the documents of one entity say.
#[derive(Debug, Default)]
pub(super) struct Votes {
    names: BTreeMap<String, u64>,
    aliases: BTreeMap<String, u64>,
    types: BTreeMap<EntityType, u64>,
}

/// What they agree on.
#[derive(Debug, Clone, PartialEq)]
pub struct Labels {
    /// The name that most documents use, of equals the longest.
    pub name: String,
    /// The type that most documents see.
    pub entity_type: EntityType,
    /// Other names and surface forms, most frequent first.
    pub aliases: Vec<String>,
}

impl Votes {
    /// `documents` call the entity so.
    pub(super) fn add_name(&mut self, name: &str, documents: u64) {
        *self.names.entry(name.to_owned()).or_default() += documents;
    }

    /// `mentions` have this form.
    pub(super) fn add_alias(&mut self, text: &str, mentions: u64) {
        *self.aliases.entry(text.to_owned()).or_default() += mentions;
    }

    /// `documents` give the entity the type with this label.
    pub(super) fn add_type(&mut self, label: &str, documents: u64) {
        *self.types.entry(EntityType::from_label(label)).or_default() += documents;
    }

    /// `documents` say this of the entity, in the words of RDF.
    pub(super) fn add_said(&mut self, predicate: NamedNodeRef<'_>, what: &Term, documents: u64) {
        match what {
            Term::Literal(name) if predicate == schema::NAME => self.add_name(name.value(), documents),
            Term::Literal(alias) if predicate == schema::ALTERNATE_NAME => self.add_alias(alias.value(), documents),
            Term::NamedNode(class) if predicate == schema::ADDITIONAL_TYPE => {
                if let Some(kind) = type_of(class.as_ref()) {
                    self.add_type(kind.label(), documents);
                }
            }
            _ => {}
        }
    }

    /// Whether any document names the entity.
    #[cfg(feature = "sparql-store")]
    pub(super) fn is_named(&self) -> bool {
        !self.names.is_empty()
    }

    /// Mentions of all forms.
    pub(super) fn mentions(&self) -> u64 {
        self.aliases.values().sum()
    }

    /// Counts the votes.
    pub(super) fn labels(mut self) -> Labels {
        let best =
            self.names.iter().max_by_key(|(name, documents)| (**documents, name.chars().count(), Reverse(*name)));
        let name = best.map_or_else(String::new, |(name, _)| name.clone());
        let entity_type = self.types.iter().max_by_key(|(kind, documents)| (**documents, Reverse(**kind)));
        let entity_type = entity_type.map_or(EntityType::Per, |(kind, _)| *kind);
        // Names that no mention uses come last: some documents know the entity by them all the same.
        for other in self.names.into_keys() {
            self.aliases.entry(other).or_default();
        }
        self.aliases.remove(&name);
        let mut aliases: Vec<(String, u64)> = self.aliases.into_iter().collect();
        aliases.sort_by_key(|(_, count)| Reverse(*count));
        let aliases = aliases.into_iter().map(|(text, _)| text).collect();
        Labels { name, entity_type, aliases }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_majority_decides_and_of_equals_the_longest_name() {
        let mut votes = Votes::default();
        votes.add_name("Holt", 2);
        votes.add_name("Petra Holt", 2);
        votes.add_name("P. Holt", 1);
        votes.add_alias("Holt", 7);
        votes.add_alias("Petra Holt", 3);
        votes.add_type("ORG", 2);
        votes.add_type("PER", 2);
        assert_eq!(votes.mentions(), 10);
        let labels = votes.labels();
        assert_eq!((labels.name.as_str(), labels.entity_type), ("Petra Holt", EntityType::Per));
        assert_eq!(labels.aliases, ["Holt", "P. Holt"]);
    }
}
