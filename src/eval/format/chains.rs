//! Entities in formats that only link mention to mention.

use crate::eval::annotation::{Annotation, Name};
use std::collections::HashMap;

/// Relation types that say that two mentions name one entity.
const ALIAS_RELATIONS: [&str; 7] = ["alias", "coref", "coreference", "corefers", "same_as", "sameas", "identity"];

/// Whether a relation of this type joins mentions of one entity.
pub(super) fn is_alias(relation: &str) -> bool {
    ALIAS_RELATIONS.iter().any(|name| relation.eq_ignore_ascii_case(name))
}

/// Gives linked mentions of `document` an entity named after it: `id#1`, `id#2` and so on in order of the mentions.
pub(super) fn join(document: &mut Annotation, links: &[(usize, usize)]) {
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
    let mut names: HashMap<usize, Name> = HashMap::new();
    for (index, linked) in linked.into_iter().enumerate() {
        if linked {
            let next = names.len() + 1;
            let top = root(&mut parent, index);
            let name = names.entry(top).or_insert_with(|| Name::from(format!("{}#{next}", document.id)));
            document.mentions[index].entity = Some(Name::clone(name));
        }
    }
}

/// Mentions of each entity, entities ordered by their first mention.
pub(super) fn groups(document: &Annotation) -> Vec<(Name, Vec<usize>)> {
    let mut groups: Vec<(Name, Vec<usize>)> = Vec::new();
    let mut places: HashMap<Name, usize> = HashMap::new();
    for (index, mention) in document.mentions.iter().enumerate() {
        let Some(entity) = &mention.entity else { continue };
        let place = *places.entry(Name::clone(entity)).or_insert_with(|| {
            groups.push((Name::clone(entity), Vec::new()));
            groups.len() - 1
        });
        groups[place].1.push(index);
    }
    groups
}
