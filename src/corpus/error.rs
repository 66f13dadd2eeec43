//! What can go wrong, with the place and what to do.

use super::document::CorpusId;
use crate::entity_type::EntityType;
use std::path::PathBuf;

/// The store could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorpusError {
    /// `SQLite` refused; the message says what.
    #[error("corpus store {path}: {source}")]
    Database {
        /// The store.
        path: PathBuf,
        /// What `SQLite` says.
        source: rusqlite::Error,
    },
    /// The file is something else.
    #[error("{path} is no corpus store; name a new file, or one that `namesake link` made")]
    NotAStore {
        /// The file.
        path: PathBuf,
    },
    /// The store was made by a newer version of the program.
    #[error(
        "corpus store {path} has schema {found}, and this version reads schemas up to {expected}; use the version of \
         namesake that wrote it, or link the documents into a new store"
    )]
    Schema {
        /// The store.
        path: PathBuf,
        /// Schema of the store.
        found: i64,
        /// Newest schema that this program knows.
        expected: i64,
    },
    /// There is no store to review.
    #[error("there is no corpus store at {path}; `namesake link --store {path}` makes one")]
    Missing {
        /// Where it should be.
        path: PathBuf,
    },
    /// Another document of the same id is there.
    #[error(
        "document '{id}' of {given} has the id of another one, which came from {known}: give it an id of its own, or use \
         --replace to put it in the place of the other"
    )]
    OtherSource {
        /// The id.
        id: String,
        /// Where the known one came from.
        known: String,
        /// Where this one comes from.
        given: String,
    },
    /// Paths of documents are told from another folder.
    #[error(
        "the documents of corpus store {store} are named by their paths as seen from {known}, not from {wanted}; leave \
         --root away, or link them into a new store"
    )]
    OtherRoot {
        /// The store.
        store: PathBuf,
        /// Its root.
        known: PathBuf,
        /// The one that was asked for.
        wanted: PathBuf,
    },
    /// A decision cannot be carried out.
    #[error(transparent)]
    Decision(#[from] DecisionError),
}

/// A decision cannot be carried out.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DecisionError {
    /// No such entity.
    #[error("there is no entity {0} in this store")]
    NoEntity(CorpusId),
    /// Both sides are one entity.
    #[error("{0} and {1} are one entity already")]
    SameEntity(CorpusId, CorpusId),
    /// A forbidden merge.
    #[error("{0} and {1} were split or forbidden to merge; `allow {0} {1}` takes that back")]
    Forbidden(CorpusId, CorpusId),
    /// The types do not fit.
    #[error("{0} is {1} and {2} is {3}; with --force they are merged all the same, and {0} keeps its type")]
    TypesDiffer(CorpusId, EntityType, CorpusId, EntityType),
    /// It is an entity of its own.
    #[error("{0} was not merged into another entity")]
    NotMerged(CorpusId),
    /// All documents of a merged entity have gone.
    #[error("no document is left that {0} had brought; `split` takes documents out of an entity")]
    NothingOfIt(CorpusId),
    /// No such document.
    #[error("there is no document '{0}' in this store")]
    NoDocument(String),
    /// No entity of that name.
    #[error("there is no entity called '{0}' in this store")]
    NoEntityNamed(String),
    /// Several entities of that name.
    #[error("'{name}' is the name of {ids}; say which is meant by its id")]
    SeveralNamed {
        /// The name.
        name: String,
        /// Their ids.
        ids: String,
    },
    /// An entity is not called so.
    #[error("{entity} is not called '{name}'; `show {entity}` lists its names")]
    NoName {
        /// The entity.
        entity: CorpusId,
        /// The name.
        name: String,
    },
    /// Too few decisions.
    #[error("{asked} decisions were to be taken back, and there are {found}")]
    NothingToUndo {
        /// How many were to be.
        asked: usize,
        /// How many there are.
        found: usize,
    },
    /// A decision cannot be taken back.
    #[error("{kind} {number} cannot be taken back: {reason}")]
    CannotUndo {
        /// Its kind.
        kind: &'static str,
        /// Its number.
        number: i64,
        /// Why.
        reason: String,
    },
    /// Nothing to take back.
    #[error("{0} and {1} are not forbidden to merge")]
    NotForbidden(CorpusId, CorpusId),
    /// A document does not mention the entity.
    #[error("document '{document}' does not mention {entity}; `show {entity}` lists the documents that do")]
    NoMembership {
        /// The entity.
        entity: CorpusId,
        /// The document.
        document: String,
    },
    /// Every document would move.
    #[error("these are all documents of {0}; leave at least one, or there is nothing to split")]
    NothingLeft(CorpusId),
    /// A name without a letter.
    #[error("'{0}' has no letter or digit to recognise it by")]
    BlankAlias(String),
    /// A row of an imported file is wrong.
    #[error("{origin}:{line}: {reason}")]
    Import {
        /// The file.
        origin: String,
        /// Its line, from 1.
        line: u64,
        /// What is wrong and what was expected.
        reason: String,
    },
}
