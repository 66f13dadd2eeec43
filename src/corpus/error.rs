//! What can go wrong, with the place and what to do.

use super::document::CorpusId;
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
