//! The shortest way between two entities, from document to document.

use super::error::GraphError;
use super::vocabulary::{schema, skos};
use oxigraph::sparql::Variable;
use oxigraph::store::Store;
use oxrdf::{Literal, NamedNode, NamedOrBlankNode, Term};
use std::collections::{HashMap, HashSet, VecDeque};

type Rows = (Vec<Variable>, Vec<Vec<Option<Term>>>);

/// From whom, and by which document, an entity was reached first.
type Reached = HashMap<NamedNode, Option<(NamedNode, NamedNode)>>;

/// The steps from one of `from` to one of `to`: each entity with the document that names it and the one before. No rows
/// if nothing connects them.
pub(super) fn between(store: &Store, from: &[NamedNode], to: &[NamedNode]) -> Result<Rows, GraphError> {
    let goals: HashSet<&NamedNode> = to.iter().collect();
    let mut reached: Reached = from.iter().map(|entity| (entity.clone(), None)).collect();
    let mut read = HashSet::new();
    let mut waiting: VecDeque<NamedNode> = from.iter().cloned().collect();
    let variables = ["step", "name", "document", "entity"].map(Variable::new_unchecked).to_vec();
    while let Some(entity) = waiting.pop_front() {
        if goals.contains(&entity) {
            return Ok((variables, steps(store, &reached, entity)?));
        }
        for document in documents(store, &entity)? {
            if !read.insert(document.clone()) {
                continue;
            }
            for next in mentioned(store, &document)? {
                if !reached.contains_key(&next) {
                    reached.insert(next.clone(), Some((entity.clone(), document.clone())));
                    waiting.push_back(next);
                }
            }
        }
    }
    Ok((variables, Vec::new()))
}

/// Documents of an entity, sorted: of equally short ways always the same one is found.
fn documents(store: &Store, entity: &NamedNode) -> Result<Vec<NamedNode>, GraphError> {
    let mut found = Vec::new();
    for quad in store.quads_for_pattern(None, Some(schema::MENTIONS), Some(entity.into()), None) {
        if let NamedOrBlankNode::NamedNode(document) = quad?.subject {
            found.push(document);
        }
    }
    found.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    Ok(found)
}

/// Entities of a document, sorted.
fn mentioned(store: &Store, document: &NamedNode) -> Result<Vec<NamedNode>, GraphError> {
    let mut found = Vec::new();
    for quad in store.quads_for_pattern(Some(document.into()), Some(schema::MENTIONS), None, None) {
        if let Term::NamedNode(entity) = quad?.object {
            found.push(entity);
        }
    }
    found.sort_unstable_by(|one, other| one.as_str().cmp(other.as_str()));
    Ok(found)
}

/// The way back from the goal, told forwards.
fn steps(store: &Store, reached: &Reached, goal: NamedNode) -> Result<Vec<Vec<Option<Term>>>, GraphError> {
    let mut way = Vec::new();
    let mut entity = Some(goal);
    while let Some(at) = entity {
        let before = reached.get(&at).cloned().flatten();
        way.push((at, before.as_ref().map(|(_, document)| document.clone())));
        entity = before.map(|(entity, _)| entity);
    }
    way.reverse();
    let mut rows = Vec::new();
    for (step, (entity, document)) in way.into_iter().enumerate() {
        let mut labels = store.quads_for_pattern(Some((&entity).into()), Some(skos::PREF_LABEL), None, None);
        let name = labels.next().transpose()?.map(|quad| quad.object);
        rows.push(vec![Some(Literal::from(step as u64).into()), name, document.map(Term::from), Some(entity.into())]);
    }
    Ok(rows)
}
