//! Loading documents into a store.
//!
//! New documents come by the bulk loader, many at once. A document that is there already is known by a digest; if it is
//! different, what is different goes and comes in a transaction. Both note down as pending whom they name; at the end the
//! labels of the pending entities are made anew from all graphs. Each of these steps leaves the store whole: whoever kills the
//! program in between finds a store that can be read, and the next load does what is pending.

use super::document::GraphDocument;
use super::error::GraphError;
use super::options::GraphOptions;
use super::statements::{Statements, is_label, labels};
use super::store::check;
use super::vocabulary::{ns, skos};
use super::vote::Votes;
use oxigraph::sparql::{PreparedSparqlQuery, QueryEvaluationError, QueryResults, SparqlEvaluator, Variable};
use oxigraph::store::{BulkLoader, StorageError, Store};
use oxrdf::vocab::rdf;
use oxrdf::{GraphName, GraphNameRef, Literal, NamedNode, NamedOrBlankNode, Quad, QuadRef, Term, Triple};
use std::collections::HashSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// Statements that the bulk loader sorts in memory at once, on each core.
const SORTED: usize = 128_000;

/// Statements of new documents that come to the store at once; a kill loses no more than these. Each time the store merges
/// them with what it has, so many small portions would cost more than few large ones.
const COMMITTED: usize = 16_000_000;

/// Statements that go or come in one transaction, which is held in memory.
const CHANGED: usize = 10_000;

/// Entities whose labels are made in one transaction.
const LABELLED: usize = 1000;

/// A store open for loading.
pub struct GraphLoader {
    store: Store,
    statements: Statements,
}

/// What became of documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Loaded {
    /// The store did not have them.
    pub new: u64,
    /// The store had another version of them.
    pub changed: u64,
    /// The store had them as they are.
    pub same: u64,
}

impl std::fmt::Debug for GraphLoader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphLoader").finish_non_exhaustive()
    }
}

impl GraphLoader {
    /// Opens the store in the folder `path` for loading, a new one if there is none.
    ///
    /// # Errors
    /// If the folder holds something else, another program loads into it, or it was loaded with another base.
    pub fn open(path: &Path, options: &GraphOptions) -> Result<Self, GraphError> {
        check(path)?;
        let store = Store::open(path)?;
        remove_remains(path);
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
        store.extend(statements.provenance().into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)))?;
        Ok(Self { store, statements })
    }

    /// Loads documents, no two with the same id; those that are there already are replaced. Then makes the names and types
    /// of entities whose documents came or went.
    ///
    /// # Errors
    /// If a document is an error, or the store cannot be written to.
    pub fn load<E: From<GraphError>>(
        &self,
        documents: impl IntoIterator<Item = Result<GraphDocument, E>>,
    ) -> Result<Loaded, E> {
        let mut loaded = Loaded::default();
        let mut new = NewStatements::new(&self.store);
        let mut changes = Changes::default();
        for document in documents {
            let document = document?;
            let graph = self.statements.graph(&document.id);
            let said = self.statements.document(&document);
            let digest = digest(&graph, &said);
            let said = said.into_iter().map(|triple| triple.in_graph(graph.clone()));
            if self.store.contains(&digest).map_err(GraphError::from)? {
                loaded.same += 1;
            } else if self.store.contains_named_graph(&graph).map_err(GraphError::from)? {
                changes.replace(&self.store, &graph, said, digest)?;
                loaded.changed += 1;
            } else {
                new.add(said.chain([digest]))?;
                loaded.new += 1;
            }
        }
        new.commit()?;
        changes.commit(&self.store)?;
        self.label()?;
        Ok(loaded)
    }

    /// Does what is pending.
    fn label(&self) -> Result<(), GraphError> {
        let asked = Question::new()?;
        let mut pending =
            self.store.quads_for_pattern(None, Some(rdf::TYPE), Some(ns::PENDING.into()), Some(ns::PENDING.into()));
        loop {
            let mut changes = Changes::default();
            for note in pending.by_ref().take(LABELLED) {
                changes.relabel(&self.store, &asked, note?)?;
            }
            if changes.going.is_empty() {
                return Ok(self.store.flush()?);
            }
            changes.commit(&self.store)?;
        }
    }
}

/// Files that the bulk loader of a program had not yet handed over to the store when it was killed. Whoever has opened the
/// store for writing is the only one.
fn remove_remains(store: &Path) {
    let Ok(files) = fs::read_dir(store) else { return };
    for file in files.flatten() {
        if file.file_name().to_str().is_some_and(|name| name.starts_with("bulk-")) {
            // If it cannot be removed it takes up space, and does no other harm.
            let _ = fs::remove_file(file.path());
        }
    }
}

/// The note that a document says this. Another version of the program may make another digest of the same: then the
/// document is compared in full.
fn digest(document: &NamedNode, said: &[Triple]) -> Quad {
    let mut hasher = DefaultHasher::new();
    said.hash(&mut hasher);
    let digest = Literal::new_simple_literal(format!("{:016x}", hasher.finish()));
    Quad::new(document.clone(), ns::DIGEST, digest, ns::PENDING)
}

/// The entity of which a statement of a document's graph gives a name or a type.
fn labelled(quad: &Quad) -> Option<&NamedOrBlankNode> {
    is_label(quad.predicate.as_ref()).then_some(&quad.subject)
}

fn pending(entity: &NamedOrBlankNode) -> Quad {
    Quad::new(entity.clone(), rdf::TYPE, ns::PENDING, ns::PENDING)
}

/// Statements of new documents on their way into the store.
struct NewStatements<'a> {
    store: &'a Store,
    bulk: BulkLoader<'a>,
    waiting: Vec<Quad>,
    uncommitted: usize,
}

impl<'a> NewStatements<'a> {
    fn new(store: &'a Store) -> Self {
        Self { store, bulk: store.bulk_loader(), waiting: Vec::new(), uncommitted: 0 }
    }

    /// Adds what a document says.
    fn add(&mut self, said: impl Iterator<Item = Quad>) -> Result<(), GraphError> {
        for quad in said {
            self.waiting.extend(labelled(&quad).map(pending));
            self.waiting.push(quad);
        }
        if self.waiting.len() >= SORTED {
            self.uncommitted += self.waiting.len();
            self.bulk.load_quads(self.waiting.drain(..))?;
        }
        if self.uncommitted >= COMMITTED {
            self.uncommitted = 0;
            std::mem::replace(&mut self.bulk, self.store.bulk_loader()).commit()?;
        }
        Ok(())
    }

    fn commit(mut self) -> Result<(), GraphError> {
        self.bulk.load_quads(self.waiting)?;
        Ok(self.bulk.commit()?)
    }
}

/// Statements that go and come in one transaction.
#[derive(Default)]
struct Changes {
    going: Vec<Quad>,
    coming: Vec<Quad>,
}

impl Changes {
    /// Replaces a document's graph and its digest.
    fn replace(
        &mut self,
        store: &Store,
        graph: &NamedNode,
        said: impl Iterator<Item = Quad>,
        digest: Quad,
    ) -> Result<(), GraphError> {
        let of_graph = |store: &Store| -> Result<HashSet<Quad>, StorageError> {
            store.quads_for_pattern(None, None, None, Some(graph.as_ref().into())).collect()
        };
        // A store has numbers and dates in a form of its own; a store in memory gives it to the new statements.
        let new = Store::new()?;
        new.extend(said)?;
        let (old, new) = (of_graph(store)?, of_graph(&new)?);
        self.coming.extend(old.symmetric_difference(&new).filter_map(labelled).map(pending));
        self.going.extend(old.difference(&new).cloned());
        self.coming.extend(new.difference(&old).cloned());
        let note = (Some(graph.as_ref().into()), Some(ns::DIGEST), Some(ns::PENDING.into()));
        for old_digest in store.quads_for_pattern(note.0, note.1, None, note.2) {
            self.going.push(old_digest?);
        }
        self.coming.push(digest);
        if self.going.len() + self.coming.len() >= CHANGED {
            std::mem::take(self).commit(store)?;
        }
        Ok(())
    }

    /// Makes the labels of a pending entity anew.
    fn relabel(&mut self, store: &Store, asked: &Question, note: Quad) -> Result<(), GraphError> {
        if let NamedOrBlankNode::NamedNode(entity) = &note.subject {
            let default = Some(GraphNameRef::DefaultGraph);
            let old = store.quads_for_pattern(Some(entity.as_ref().into()), None, None, default);
            let mut old: HashSet<Quad> = old.collect::<Result<_, _>>()?;
            old.retain(|quad| [rdf::TYPE, skos::PREF_LABEL, skos::ALT_LABEL].contains(&quad.predicate.as_ref()));
            // Nobody mentions it any more: then it has no name either.
            let new = asked.votes(store, entity)?.map_or_else(Vec::new, |votes| labels(entity, &votes.labels()));
            let new: HashSet<Quad> = new.into_iter().map(|triple| triple.in_graph(GraphName::DefaultGraph)).collect();
            self.going.extend(old.difference(&new).cloned());
            self.coming.extend(new.difference(&old).cloned());
        }
        self.going.push(note);
        Ok(())
    }

    fn commit(self, store: &Store) -> Result<(), GraphError> {
        let mut transaction = store.start_transaction()?;
        for quad in &self.going {
            transaction.remove(quad);
        }
        transaction.extend(&self.coming);
        Ok(transaction.commit()?)
    }
}

/// The question what documents say of an entity. The store counts, so that only what is different is made into text.
struct Question(PreparedSparqlQuery);

impl Question {
    fn new() -> Result<Self, GraphError> {
        let query = SparqlEvaluator::new().parse_query(include_str!("queries/votes.rq"));
        Ok(Self(query.map_err(|error| GraphError::QuerySyntax(error.to_string()))?))
    }

    /// What documents say of an entity; nothing if none names it.
    fn votes(&self, store: &Store, entity: &NamedNode) -> Result<Option<Votes>, GraphError> {
        let failed = |error: QueryEvaluationError| GraphError::Query(error.to_string());
        let query = self.0.clone().substitute_variable(Variable::new_unchecked("asked"), entity.clone());
        let QueryResults::Solutions(rows) = query.on_store(store).execute().map_err(failed)? else { return Ok(None) };
        let mut votes = Votes::default();
        for row in rows {
            let row = row.map_err(failed)?;
            let (Some(Term::NamedNode(says)), Some(what), Some(Term::Literal(documents))) =
                (row.get("says"), row.get("what"), row.get("documents"))
            else {
                continue;
            };
            votes.add_said(says.as_ref(), what, documents.value().parse().unwrap_or_default());
        }
        Ok(votes.is_named().then_some(votes))
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::two_documents;
    use super::*;

    fn load(folder: &Path, documents: &[GraphDocument]) -> Loaded {
        let loader = GraphLoader::open(folder, &GraphOptions::default()).unwrap();
        loader.load(documents.iter().cloned().map(Ok::<_, GraphError>)).unwrap()
    }

    /// All statements, sorted.
    fn content(folder: &Path) -> Vec<String> {
        let store = Store::open_read_only(folder).unwrap();
        let mut quads: Vec<String> = store.iter().map(|quad| quad.unwrap().to_string()).collect();
        quads.sort();
        quads
    }

    #[test]
    fn only_what_is_different_is_loaded() {
        let folder = tempfile::tempdir().unwrap();
        let mut documents = two_documents();
        // A store writes this date in another form.
        documents[0].metadata.insert("date".to_owned(), "2026-02-09T10:00:00.00Z".into());
        assert_eq!(load(folder.path(), &documents), Loaded { new: 2, changed: 0, same: 0 });
        let before = content(folder.path());
        assert_eq!(load(folder.path(), &documents), Loaded { new: 0, changed: 0, same: 2 });
        assert_eq!(content(folder.path()), before);

        let kept = documents[0].clone();
        documents[0].entities[0].name = "Dr Petra Holt".to_owned();
        assert_eq!(load(folder.path(), &documents), Loaded { new: 0, changed: 1, same: 1 });
        let after = content(folder.path());
        let without: Vec<_> = before.iter().filter(|quad| !after.contains(quad)).collect();
        assert!(
            without.iter().any(|quad| quad.contains("prefLabel> \"Petra Holt\"")),
            "of equals the longest: {without:?}"
        );
        assert!(!without.iter().any(|quad| quad.contains("offset_") || quad.contains("Oslo")), "{without:?}");
        documents[0] = kept;
        load(folder.path(), &documents);
        assert_eq!(content(folder.path()), before);
    }

    #[test]
    fn a_store_without_digests_gets_them() {
        let folder = tempfile::tempdir().unwrap();
        load(folder.path(), &two_documents());
        let before = content(folder.path());
        {
            let store = Store::open(folder.path()).unwrap();
            for quad in store.quads_for_pattern(None, Some(ns::DIGEST), None, None) {
                store.remove(&quad.unwrap()).unwrap();
            }
        }
        assert_ne!(content(folder.path()), before);
        assert_eq!(load(folder.path(), &two_documents()), Loaded { new: 0, changed: 2, same: 0 });
        assert_eq!(content(folder.path()), before);
    }

    #[test]
    fn a_document_that_cannot_be_read_ends_the_load() {
        let folder = tempfile::tempdir().unwrap();
        let loader = GraphLoader::open(folder.path(), &GraphOptions::default()).unwrap();
        let [one, _] = two_documents().try_into().unwrap();
        let failed = loader.load([Ok(one), Err(GraphError::Time("x".to_owned()))]).unwrap_err();
        assert!(matches!(failed, GraphError::Time(_)));
        drop(loader);
        assert!(!content(folder.path()).iter().any(|quad| quad.contains("monday")));
        let remains = fs::read_dir(folder.path()).unwrap().flatten();
        assert!(!remains.into_iter().any(|file| file.file_name().to_string_lossy().starts_with("bulk-")));
    }

    #[test]
    fn what_a_kill_leaves_behind_is_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        load(folder.path(), &two_documents());
        let remains = folder.path().join("bulk-1.sst");
        fs::write(&remains, "half").unwrap();
        load(folder.path(), &two_documents());
        assert!(!remains.exists());
    }
}
