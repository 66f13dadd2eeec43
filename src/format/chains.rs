//! Entities in formats that only link mention to mention.

use crate::annotation::AnnotatedDocument;
use crate::entity::Entity;
use std::collections::HashMap;

/// Relation types that say that two mentions name one entity.
const ALIAS_RELATIONS: [&str; 7] = ["alias", "coref", "coreference", "corefers", "same_as", "sameas", "identity"];

/// Whether a relation of this type joins mentions of one entity.
pub(super) fn is_alias(relation: &str) -> bool {
    ALIAS_RELATIONS.iter().any(|name| relation.eq_ignore_ascii_case(name))
}

/// Makes entities of linked mentions of `document`, ordered by their first mention.
pub(super) fn join(document: &mut AnnotatedDocument, links: &[(usize, usize)]) {
    let mut parent: Vec<usize> = (0..document.mentions.len()).collect();
    let root = |parent: &mut Vec<usize>, mut node: usize| {
        while parent[node] != node {
            parent[node] = parent[parent[node]];
            node = parent[node];
        }
        node
    };
    let mut linked = vec![false; parent.len()];
    for &(one, other) in links {
        if one < parent.len() && other < parent.len() {
            let (a, b) = (root(&mut parent, one), root(&mut parent, other));
            parent[a.max(b)] = a.min(b);
            (linked[one], linked[other]) = (true, true);
        }
    }
    let mut entities: HashMap<usize, usize> = HashMap::new();
    for (index, linked) in linked.into_iter().enumerate() {
        if linked {
            let top = root(&mut parent, index);
            let entity = *entities.entry(top).or_insert_with(|| {
                document.entities.push(Entity::of_mentions(Vec::new()));
                document.entities.len() - 1
            });
            document.entities[entity].mentions.push(index);
        }
    }
}
