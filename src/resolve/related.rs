//! What entities are to each other: parts, former names and the words for a country's people, as the document has them.

use super::cluster::Clusters;
use super::stated::Claim;
use crate::entity::{Entity, Relation, RelationKind, RelationTarget};
use crate::entity_type::EntityType;
use crate::knowledge::{Sense, World};
use std::collections::HashMap;

/// Gives the entities of a document the relations that its text states, and nationality words their countries.
pub(super) fn relate_entities(world: &World, clusters: &Clusters, entities: &mut [Entity]) {
    let mut found: Vec<(usize, Relation)> = stated(clusters, entities);
    found.extend(demonyms(world, clusters, entities));
    for (entity, relation) in found {
        let relations = &mut entities[entity].relations;
        if !relations.contains(&relation) {
            relations.push(relation);
            relations.sort();
        }
    }
}

fn stated(clusters: &Clusters, entities: &[Entity]) -> Vec<(usize, Relation)> {
    let statements = clusters.stated.statements();
    if statements.is_empty() {
        return Vec::new();
    }
    let owners: HashMap<usize, usize> = entities
        .iter()
        .enumerate()
        .flat_map(|(index, entity)| entity.mentions.iter().map(move |&mention| (mention, index)))
        .collect();
    let relation = |statement: &super::stated::Statement| {
        let (first, second) = (*owners.get(&statement.first)?, *owners.get(&statement.second)?);
        let (kind, target) = match statement.claim {
            Claim::PartOf if first != second => (RelationKind::PartOf, RelationTarget::Entity(second)),
            Claim::Formerly | Claim::Born if first != second => {
                (RelationKind::Formerly, RelationTarget::Entity(second))
            }
            Claim::Formerly | Claim::Born => {
                let name = clusters.names.get(*clusters.name_of.get(statement.second)?)?;
                (RelationKind::Formerly, RelationTarget::Name(name.surface.clone()))
            }
            _ => return None,
        };
        Some((first, Relation { kind, target }))
    };
    statements.iter().filter_map(relation).collect()
}

/// "Norwegian" and Norway, where the document names both.
fn demonyms(world: &World, clusters: &Clusters, entities: &[Entity]) -> Vec<(usize, Relation)> {
    let senses = |entity: &Entity| -> Vec<Sense> {
        let names = entity.mentions.iter().filter_map(|&mention| clusters.names.get(*clusters.name_of.get(mention)?));
        names.flat_map(|name| name.senses.iter().copied()).collect()
    };
    let words = || entities.iter().enumerate().filter(|(_, entity)| entity.entity_type == EntityType::Misc);
    if words().next().is_none() {
        return Vec::new();
    }
    let mut places: HashMap<Sense, usize> = HashMap::new();
    for (index, entity) in entities.iter().enumerate().filter(|(_, entity)| entity.entity_type == EntityType::Loc) {
        for sense in senses(entity) {
            places.entry(sense).or_insert(index);
        }
    }
    let country = |sense: Sense| world.entry(sense).and_then(|entry| entry.country);
    let relation = |(index, entity): (usize, &Entity)| {
        let place = senses(entity).into_iter().filter_map(country).find_map(|country| places.get(&country))?;
        Some((index, Relation { kind: RelationKind::DemonymOf, target: RelationTarget::Entity(*place) }))
    };
    words().filter_map(relation).collect()
}

#[cfg(test)]
mod tests {
    use crate::document::Span;
    use crate::entity::{Relation, RelationKind, RelationTarget};
    use crate::entity_type::EntityType;
    use crate::mention::Mention;
    use crate::resolve::Resolver;

    /// The relations of the entities of a text, by name; mentions stand as "⟦Corvid|ORG⟧".
    fn relations(marked: &str) -> Vec<(String, Relation)> {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for part in marked.split('⟦') {
            let Some((inside, rest)) = part.split_once('⟧') else {
                text.push_str(part);
                continue;
            };
            let (name, label) = inside.split_once('|').unwrap();
            let span = Span::new(text.len(), text.len() + name.len());
            mentions.push(Mention { span, entity_type: EntityType::from_label(label), score: 0.9 });
            text.push_str(name);
            text.push_str(rest);
        }
        let entities = Resolver::embedded().resolve(&text, &mut mentions);
        entities
            .into_iter()
            .flat_map(|entity| entity.relations.into_iter().map(move |found| (entity.name.clone(), found)))
            .collect()
    }

    fn to_entity(name: &str, kind: RelationKind, entity: usize) -> Vec<(String, Relation)> {
        vec![(name.to_owned(), Relation { kind, target: RelationTarget::Entity(entity) })]
    }

    #[test]
    fn parts_former_names_and_demonyms_are_related() {
        let part = relations("⟦Corvid Mobile|ORG⟧ was split off from ⟦Corvid|ORG⟧. ⟦Corvid|ORG⟧ fell.");
        assert_eq!(part, to_entity("Corvid Mobile", RelationKind::PartOf, 1));
        let former = relations("⟦Quilla|ORG⟧, formerly ⟦Chirpex|ORG⟧, was sold. ⟦Quilla|ORG⟧ rose.");
        let name = RelationTarget::Name("Chirpex".into());
        assert_eq!(former, [("Quilla".to_owned(), Relation { kind: RelationKind::Formerly, target: name })]);
        let demonym = relations("⟦Norwegian|MISC⟧ farmers left ⟦Norway|LOC⟧.");
        assert_eq!(demonym, to_entity("Norwegian", RelationKind::DemonymOf, 1));
        assert!(relations("⟦Corvid|ORG⟧ and ⟦Norvik|ORG⟧ met.").is_empty());
    }
}
