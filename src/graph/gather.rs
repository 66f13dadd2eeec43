//! From documents one after another to the nodes and edges of the whole graph: each entity once, with the name that most
//! of its documents use, and each pair of entities that some document names together.
//!
//! What was seen waits on the disk, sorted; see [`Sorter`] for what is held in memory.

use super::document::GraphDocument;
use super::sorter::{Merge, Sorter};
use super::vote::{Labels, Votes};
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
        paths.sort_unstable();
        paths.dedup();
        for (number, one) in paths.iter().enumerate() {
            self.facts.add(&[one, kind::DOCUMENT, &document.id], 1)?;
            for other in &paths[number + 1..] {
                self.pairs.add(&[one, " ", other, " ", &document.id], 1)?;
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
            let mut edge = Edge { one, other, documents: 0, some_documents: Vec::new() };
            while let Some(document) = self.next.as_ref().and_then(|(text, _)| text.strip_prefix(&pair)) {
                edge.documents += 1;
                if edge.some_documents.len() < most {
                    edge.some_documents.push(document.to_owned());
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
