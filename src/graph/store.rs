//! A persistent Oxigraph store: a named graph for each document, and in the default graph what all documents together
//! say of each entity.
//!
//! A document is replaced in three steps, each of which leaves the store whole: its old graph goes and the entities it named
//! are noted down as pending (one transaction); the new graph and its pending entities come (one bulk load); the labels of
//! the pending entities are made anew from all graphs (transactions). Whoever kills the program in between finds a store
//! that can be read, and the next load does what is pending.

use super::document::GraphDocument;
use super::error::GraphError;
use super::iri::Base;
use super::options::GraphOptions;
use super::statements::{Statements, class, labels};
use super::vocabulary::{ns, schema, skos};
use super::vote::Votes;
use crate::mention::EntityType;
use oxigraph::store::{Store, Transaction};
use oxrdf::vocab::rdf;
use oxrdf::{GraphName, GraphNameRef, Literal, NamedNode, NamedNodeRef, NamedOrBlankNode, Quad, QuadRef, Term};
use std::fs;
use std::path::Path;

/// Documents whose old graphs go in one transaction, which is held in memory.
const REPLACED: usize = 200;

/// Entities whose labels are made in one transaction.
const LABELLED: usize = 1000;

/// Megabytes of statements that the bulk loader may hold.
const MEMORY: usize = 256;

/// An Oxigraph store in a folder.
pub struct GraphStore {
    pub(super) store: Store,
}

/// A store open for loading.
pub struct GraphLoader {
    store: Store,
    base: Base,
    statements: Statements,
}

impl GraphStore {
    /// Opens the store in the folder `path` for queries; others may read and write meanwhile.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
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

impl std::fmt::Debug for GraphLoader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphLoader").finish_non_exhaustive()
    }
}

/// Whether `path` is the folder of a store, or empty, or not there yet: nobody's files shall be mixed with a store's.
fn check(path: &Path) -> Result<(), GraphError> {
    let not_a_store = || GraphError::NotAStore { path: path.to_owned() };
    if !path.exists() || path.join("CURRENT").is_file() {
        return Ok(());
    }
    let mut content = fs::read_dir(path).map_err(|_| not_a_store())?;
    if content.next().is_some() { Err(not_a_store()) } else { Ok(()) }
}

impl GraphLoader {
    /// Opens the store in the folder `path` for loading, a new one if there is none.
    ///
    /// # Errors
    /// If the folder holds something else, another program loads into it, or it was loaded with another base.
    pub fn open(path: &Path, options: &GraphOptions) -> Result<Self, GraphError> {
        check(path)?;
        let store = Store::open(path)?;
        let given = options.base.as_str();
        let found =
            store.quads_for_pattern(Some(ns::STORE.into()), Some(ns::BASE), None, Some(ns::PENDING.into())).next();
        match found.transpose()?.map(|quad| quad.object) {
            Some(Term::Literal(found)) if found.value() != given => {
                return Err(GraphError::OtherBase { found: found.value().to_owned(), given: given.to_owned() });
            }
            Some(_) => {}
            None => {
                let base = Literal::new_simple_literal(given);
                store.insert(QuadRef::new(ns::STORE, ns::BASE, &base, ns::PENDING))?;
            }
        }
        let statements = Statements::new(options.clone());
        let mut loader = store.bulk_loader();
        loader
            .load_quads(statements.provenance().into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)))?;
        loader.commit()?;
        Ok(Self { store, base: options.base.clone(), statements })
    }

    /// Loads some documents; those that are there already are replaced.
    ///
    /// # Errors
    /// If the store cannot be written to.
    pub fn load(&self, documents: &[GraphDocument]) -> Result<(), GraphError> {
        let mut known = Vec::new();
        for document in documents {
            let graph = self.statements.graph(&document.id);
            if self.store.contains_named_graph(&graph)? {
                known.push(graph);
            }
        }
        for graphs in known.chunks(REPLACED) {
            let mut transaction = self.store.start_transaction()?;
            for graph in graphs {
                remove(&mut transaction, graph)?;
            }
            transaction.commit()?;
        }
        let mut loader = self.store.bulk_loader().with_max_memory_size_in_megabytes(MEMORY);
        loader.load_quads(documents.iter().flat_map(|document| self.quads(document)))?;
        Ok(loader.commit()?)
    }

    fn quads(&self, document: &GraphDocument) -> Vec<Quad> {
        let graph = GraphName::from(self.statements.graph(&document.id));
        let said = self.statements.document(document).into_iter().map(|triple| triple.in_graph(graph.clone()));
        let pending = document.entity_paths();
        said.chain(pending.iter().map(|path| pending_quad(self.base.node(path).into()))).collect()
    }

    /// Does what is pending: the names and types of entities whose documents came or went. Says how many triples the store
    /// holds.
    ///
    /// # Errors
    /// If the store cannot be read or written to.
    pub fn finish(&self) -> Result<u64, GraphError> {
        let is_pending = (Some(rdf::TYPE), Some(ns::PENDING.into()), Some(ns::PENDING.into()));
        let mut pending = self.store.quads_for_pattern(None, is_pending.0, is_pending.1, is_pending.2);
        loop {
            let mut transaction = self.store.start_transaction()?;
            let mut any = false;
            for quad in pending.by_ref().take(LABELLED) {
                relabel(&self.store, &mut transaction, quad?.subject)?;
                any = true;
            }
            transaction.commit()?;
            if !any {
                break;
            }
        }
        self.store.flush()?;
        Ok(self.store.len()? as u64)
    }
}

fn pending_quad(entity: NamedOrBlankNode) -> Quad {
    Quad::new(entity, rdf::TYPE, ns::PENDING, ns::PENDING)
}

/// Removes the graph of a document, and notes down whom it named.
fn remove(transaction: &mut Transaction<'_>, graph: &NamedNode) -> Result<(), GraphError> {
    let of_graph = Some(graph.as_ref().into());
    let mentions = transaction.quads_for_pattern(Some(graph.as_ref().into()), Some(schema::MENTIONS), None, of_graph);
    let mut entities = Vec::new();
    for quad in mentions {
        if let Term::NamedNode(entity) = quad?.object {
            entities.push(entity);
        }
    }
    for entity in entities {
        transaction.insert(&pending_quad(entity.into()));
    }
    Ok(transaction.remove_named_graph(graph)?)
}

/// Makes the labels of an entity anew.
fn relabel(store: &Store, transaction: &mut Transaction<'_>, entity: NamedOrBlankNode) -> Result<(), GraphError> {
    let NamedOrBlankNode::NamedNode(node) = &entity else { return Ok(()) };
    let mut votes = Votes::default();
    let mut named = false;
    for quad in store.quads_for_pattern(Some(entity.as_ref()), None, None, None) {
        let quad = quad?;
        let predicate = quad.predicate.as_ref();
        match &quad.object {
            _ if quad.graph_name == GraphName::DefaultGraph => {
                if [rdf::TYPE, skos::PREF_LABEL, skos::ALT_LABEL].contains(&predicate) {
                    transaction.remove(&quad);
                }
            }
            Term::Literal(name) if predicate == schema::NAME => {
                votes.add_name(name.value(), 1);
                named = true;
            }
            Term::Literal(alias) if predicate == schema::ALTERNATE_NAME => votes.add_alias(alias.value(), 1),
            Term::NamedNode(kind) if predicate == schema::ADDITIONAL_TYPE => {
                if let Some(kind) = type_of(kind.as_ref()) {
                    votes.add_type(kind.label(), 1);
                }
            }
            _ => {}
        }
    }
    // Nobody mentions it any more: then it has no name either.
    if named {
        for triple in labels(node, &votes.labels()) {
            transaction.insert(triple.as_ref().in_graph(GraphNameRef::DefaultGraph));
        }
    }
    transaction.remove(&pending_quad(entity));
    Ok(())
}

fn type_of(node: NamedNodeRef<'_>) -> Option<EntityType> {
    EntityType::ALL.into_iter().find(|kind| class(*kind) == node)
}
