//! An Oxigraph store to ask: a named graph for each document, and in the default graph what all documents together say of
//! each entity. It is made in memory from the documents, or opened in a folder that a loader filled (feature `sparql-store`).

use super::document::GraphDocument;
use super::error::GraphError;
use super::options::GraphOptions;
use super::statements::{Statements, is_label, labels};
use super::vote::Votes;
use oxigraph::store::Store;
use oxrdf::{GraphName, NamedNode, NamedOrBlankNode, Triple};
use std::collections::{BTreeMap, HashSet};
#[cfg(feature = "sparql-store")]
use std::fs;
#[cfg(feature = "sparql-store")]
use std::path::Path;

/// An Oxigraph store.
///
/// ```
/// use namesake::graph::{GraphDocument, GraphError, GraphOptions, GraphStore, NamedQuery};
///
/// let line = r#"{"schema":"namesake/1","id":"a1","entities":[{"id":"a1#1","name":"Petra Holt","type":"PER"}]}"#;
/// let store = GraphStore::in_memory([GraphDocument::parse(line)], &GraphOptions::default())?;
/// let (_, rows) = store.query_named(NamedQuery::TopEntities, &[])?.into_table()?;
/// assert_eq!(rows[0][..3], ["Petra Holt", "schema:Person", "1"]);
/// # Ok::<(), GraphError>(())
/// ```
pub struct GraphStore {
    pub(super) store: Store,
}

impl GraphStore {
    /// A store in memory that holds these documents, no two with the same id.
    ///
    /// # Errors
    /// The first document that is an error.
    pub fn in_memory<E: From<GraphError>>(
        documents: impl IntoIterator<Item = Result<GraphDocument, E>>,
        options: &GraphOptions,
    ) -> Result<Self, E> {
        let mut filling = Filling::new(options)?;
        for document in documents {
            filling.add(&document?)?;
        }
        Ok(Self { store: filling.finish()? })
    }

    /// Opens the store in the folder `path` for queries; others may read and write meanwhile.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    #[cfg(feature = "sparql-store")]
    pub fn open(path: &Path) -> Result<Self, GraphError> {
        if !path.exists() {
            return Err(GraphError::MissingStore { path: path.to_owned() });
        }
        check(path)?;
        Ok(Self { store: Store::open_read_only(path)? })
    }
}

impl std::fmt::Debug for GraphStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphStore").finish_non_exhaustive()
    }
}

/// A store in memory on its way from documents.
struct Filling {
    store: Store,
    statements: Statements,
    /// What the documents say of each entity. Sorted, so that the same documents give the same store.
    votes: BTreeMap<NamedNode, Votes>,
}

impl Filling {
    fn new(options: &GraphOptions) -> Result<Self, GraphError> {
        Ok(Self { store: Store::new()?, statements: Statements::new(options.clone()), votes: BTreeMap::new() })
    }

    fn add(&mut self, document: &GraphDocument) -> Result<(), GraphError> {
        let said = self.statements.document(document);
        let mut counted: HashSet<&Triple> = HashSet::new();
        for triple in said.iter().filter(|triple| is_label(triple.predicate.as_ref())) {
            if let NamedOrBlankNode::NamedNode(entity) = &triple.subject
                && counted.insert(triple)
            {
                let votes = self.votes.entry(entity.clone()).or_default();
                votes.add_said(triple.predicate.as_ref(), &triple.object, 1);
            }
        }
        let graph = self.statements.graph(&document.id);
        self.load(said, &graph.into())
    }

    fn finish(mut self) -> Result<Store, GraphError> {
        self.load(self.statements.provenance(), &GraphName::DefaultGraph)?;
        for (entity, votes) in std::mem::take(&mut self.votes) {
            self.load(labels(&entity, &votes.labels()), &GraphName::DefaultGraph)?;
        }
        Ok(self.store)
    }

    fn load(&self, triples: Vec<Triple>, graph: &GraphName) -> Result<(), GraphError> {
        let mut bulk = self.store.bulk_loader();
        bulk.load_quads(triples.into_iter().map(|triple| triple.in_graph(graph.clone())))?;
        Ok(bulk.commit()?)
    }
}

/// Whether `path` is the folder of a store, or empty, or not there yet: nobody's files shall be mixed with a store's.
#[cfg(feature = "sparql-store")]
pub(super) fn check(path: &Path) -> Result<(), GraphError> {
    let not_a_store = || GraphError::NotAStore { path: path.to_owned() };
    if !path.exists() || path.join("CURRENT").is_file() {
        return Ok(());
    }
    let mut content = fs::read_dir(path).map_err(|_| not_a_store())?;
    if content.next().is_some() { Err(not_a_store()) } else { Ok(()) }
}
