//! From documents one after another to the nodes and edges of the whole graph: each entity once, with the name that most
//! of its documents use, and each pair of entities that some document names together.
//!
//! What was seen waits on the disk, sorted; see [`Sorter`] for what is held in memory.

use super::document::GraphDocument;
use super::sorter::{Merge, Sorter};
use super::vote::{Labels, Votes};
use crate::entity::{RelationKind, RelationTarget};
use std::collections::HashSet;
use std::io;

/// Documents that a node or an edge names, unless a format wants all.
pub(super) const SOME: usize = 20;

/// An entity of the graph.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Its path below the base of all identifiers.
    pub path: String,
    /// Its names and its type.
    pub labels: Labels,
    /// Entries in knowledge bases.
    pub knowledge_ids: Vec<String>,
    /// Number of documents that name it.
    pub documents: u64,
    /// Number of its mentions in all documents.
    pub mentions: u64,
    /// The first of its documents, in the order of their ids.
    pub some_documents: Vec<String>,
}

/// Two entities that the same documents name.
#[derive(Debug, Clone, PartialEq)]
pub struct Edge {
    /// Path of the one; it sorts before the other.
    pub one: String,
    /// Path of the other.
    pub other: String,
    /// Number of documents that name both.
    pub documents: u64,
    /// These documents in the order of their ids, or the first of them.
    pub some_documents: Vec<String>,
    /// What documents state of the two.
    pub relations: Vec<EdgeRelation>,
}

/// A relation of the two ends of an edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EdgeRelation {
    /// Which.
    pub kind: RelationKind,
    /// Whether the one is related to the other, or the other to the one.
    pub direction: Direction,
    /// Number of documents that state it.
    pub documents: u64,
}

/// Which end of an edge a relation starts from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// The one is related to the other.
    Forward,
    /// The other is related to the one.
    Backward,
}

impl Edge {
    /// Its relations in words, a line each: path of the one end, the relation, path of the other.
    pub(super) fn relation_lines(&self) -> String {
        let line = |relation: &EdgeRelation| {
            let (from, to) = self.ends(relation.direction);
            format!("{from} {} {to}", relation.kind.label())
        };
        self.relations.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    /// The paths of the two ends, the one that the relation starts from first.
    pub(super) fn ends(&self, direction: Direction) -> (&str, &str) {
        match direction {
            Direction::Forward => (&self.one, &self.other),
            Direction::Backward => (&self.other, &self.one),
        }
    }
}

/// What a record of a pair says; it stands between the paths and a text.
mod pair_kind {
    pub(super) const DOCUMENT: &str = "D ";
    pub(super) const RELATION: &str = "R ";
}

/// What a record says about an entity; it stands between path and text.
mod kind {
    pub(super) const ALIAS: &str = " A";
    pub(super) const DOCUMENT: &str = " D";
    pub(super) const KNOWLEDGE: &str = " K";
    pub(super) const NAME: &str = " N";
    pub(super) const TYPE: &str = " T";
}

/// Takes in documents.
pub(super) struct Gatherer {
    facts: Sorter,
    pairs: Sorter,
}

impl Gatherer {
    pub(super) fn new() -> Self {
        Self { facts: Sorter::new(), pairs: Sorter::new() }
    }

    pub(super) fn add(&mut self, document: &GraphDocument) -> io::Result<()> {
        let mut paths = document.entity_paths();
        // Two entities of a document may be one in the corpus: the document has one voice all the same.
        let mut said = HashSet::new();
        for (entity, path) in document.entities.iter().zip(&paths) {
            let knowledge = entity.knowledge_id.as_deref().map(|id| (kind::KNOWLEDGE, id));
            let type_label = entity.entity_type.label();
            for (kind, text) in
                [(kind::NAME, entity.name.as_str()), (kind::TYPE, type_label)].into_iter().chain(knowledge)
            {
                if said.insert((path.as_str(), kind, text)) {
                    self.facts.add(&[path, kind, text], 1)?;
                }
            }
            for alias in &entity.aliases {
                self.facts.add(&[path, kind::ALIAS, &alias.text], alias.count as u64)?;
            }
        }
        self.add_relations(document, &paths)?;
        paths.sort_unstable();
        paths.dedup();
        for (number, one) in paths.iter().enumerate() {
            self.facts.add(&[one, kind::DOCUMENT, &document.id], 1)?;
            for other in &paths[number + 1..] {
                self.pairs.add(&[one, " ", other, " ", pair_kind::DOCUMENT, &document.id], 1)?;
            }
        }
        Ok(())
    }

    fn add_relations(&mut self, document: &GraphDocument, paths: &[String]) -> io::Result<()> {
        let mut said = HashSet::new();
        for (entity, from) in document.entities.iter().zip(paths) {
            for relation in &entity.relations {
                let RelationTarget::Entity(target) = relation.target else { continue };
                let Some(to) = paths.get(target).filter(|to| *to != from) else { continue };
                let (one, other, sign) = if from < to { (from, to, ">") } else { (to, from, "<") };
                if said.insert((one, other, sign, relation.kind)) {
                    let label = relation.kind.label();
                    self.pairs.add(&[one, " ", other, " ", pair_kind::RELATION, sign, label], 1)?;
                }
            }
        }
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<(Nodes, Edges)> {
        let (mut facts, mut pairs) = (self.facts.sorted()?, self.pairs.sorted()?);
        let nodes = Nodes { next: facts.next_text()?, facts };
        let edges = Edges { next: pairs.next_text()?, pairs };
        Ok((nodes, edges))
    }
}

/// The entities, sorted by path.
pub(super) struct Nodes {
    facts: Merge,
    next: Option<(String, u64)>,
}

impl Nodes {
    /// The next entity.
    pub(super) fn next_node(&mut self) -> io::Result<Option<Node>> {
        let Some(path) = self.next.as_ref().and_then(|(fact, _)| fact.split(' ').next()).map(str::to_owned) else {
            return Ok(None);
        };
        let mut votes = Votes::default();
        let (mut knowledge_ids, mut some_documents, mut documents) = (Vec::new(), Vec::new(), 0);
        while let Some((fact, count)) = &self.next {
            let Some(fact) = fact.strip_prefix(&path).filter(|fact| fact.starts_with(' ')) else { break };
            let (kind, text) = fact.split_at(kind::NAME.len());
            match kind {
                kind::ALIAS => votes.add_alias(text, *count),
                kind::NAME => votes.add_name(text, *count),
                kind::TYPE => votes.add_type(text, *count),
                kind::KNOWLEDGE => knowledge_ids.push(text.to_owned()),
                _ => {
                    documents += 1;
                    if some_documents.len() < SOME {
                        some_documents.push(text.to_owned());
                    }
                }
            }
            self.next = self.facts.next_text()?;
        }
        let (mentions, labels) = (votes.mentions(), votes.labels());
        Ok(Some(Node { path, labels, knowledge_ids, documents, mentions, some_documents }))
    }
}

/// The pairs, sorted by path.
pub(super) struct Edges {
    pairs: Merge,
    next: Option<(String, u64)>,
}

impl Edges {
    /// The next pair that at least `least` documents name, with at most `most` of these documents.
    pub(super) fn next_edge(&mut self, least: u64, most: usize) -> io::Result<Option<Edge>> {
        while let Some((one, other)) = self.next.as_ref().and_then(|(pair, _)| paths_of(pair)) {
            let pair = format!("{one} {other} ");
            let mut edge = Edge { one, other, documents: 0, some_documents: Vec::new(), relations: Vec::new() };
            while let Some((text, count)) = self.next.as_ref().filter(|(text, _)| text.starts_with(&pair)) {
                let said = &text[pair.len()..];
                if let Some(relation) = said.strip_prefix(pair_kind::RELATION) {
                    edge.relations.extend(relation_of(relation, *count));
                } else {
                    edge.documents += 1;
                    if edge.some_documents.len() < most {
                        edge.some_documents.push(said.strip_prefix(pair_kind::DOCUMENT).unwrap_or(said).to_owned());
                    }
                }
                self.next = self.pairs.next_text()?;
            }
            if edge.documents >= least {
                return Ok(Some(edge));
            }
        }
        Ok(None)
    }
}

/// The relation that a record names.
fn relation_of(record: &str, documents: u64) -> Option<EdgeRelation> {
    let (direction, label) = match record.strip_prefix('>') {
        Some(label) => (Direction::Forward, label),
        None => (Direction::Backward, record.strip_prefix('<')?),
    };
    let kind = RelationKind::ALL.into_iter().find(|kind| kind.label() == label)?;
    Some(EdgeRelation { kind, direction, documents })
}

fn paths_of(pair: &str) -> Option<(String, String)> {
    let mut parts = pair.splitn(3, ' ');
    Some((parts.next()?.to_owned(), parts.next()?.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::super::samples::two_documents;
    use super::*;

    #[test]
    fn entities_and_pairs_are_counted_over_documents() {
        let mut gatherer = Gatherer::new();
        for document in two_documents() {
            gatherer.add(&document).unwrap();
        }
        let (mut nodes, mut edges) = gatherer.finish().unwrap();
        assert_eq!(nodes.next_node().unwrap().unwrap().path, "document/monday/entity/monday%233");
        let holt = nodes.next_node().unwrap().unwrap();
        assert_eq!((holt.path.as_str(), holt.labels.name.as_str()), ("entity/E000001", "Petra Holt"));
        assert_eq!((holt.documents, holt.mentions), (2, 3));
        assert_eq!(holt.labels.aliases, ["Holt"]);
        assert_eq!(holt.some_documents, ["friday", "monday"]);
        assert_eq!(nodes.next_node().unwrap().unwrap().knowledge_ids, ["Q585"]);
        assert_eq!(nodes.next_node().unwrap(), None);
        let pair = edges.next_edge(1, 1).unwrap().unwrap();
        assert_eq!((pair.one.as_str(), pair.documents), ("document/monday/entity/monday%233", 1));
        let pair = edges.next_edge(2, 1).unwrap().unwrap();
        assert_eq!((pair.one.as_str(), pair.other.as_str()), ("entity/E000001", "entity/E000002"));
        assert_eq!((pair.documents, pair.some_documents), (2, vec!["friday".to_owned()]));
        assert_eq!(edges.next_edge(1, 1).unwrap(), None);
    }
}
