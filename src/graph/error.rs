//! What can go wrong, with the place and what to do.

use crate::record::RecordError;
use std::io;
use std::path::PathBuf;

/// A graph could not be made, kept or asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum GraphError {
    /// What a document was to be made of is no record.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// A base that identifiers cannot be made of.
    #[error("'{base}' cannot begin identifiers: {reason}; give an IRI like https://example.org/news/")]
    Base {
        /// The base as given.
        base: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A prefix of a knowledge base that identifiers cannot be made of.
    #[error("'{prefix}' cannot begin the identifiers of a knowledge base: {reason}")]
    KnowledgeBase {
        /// The prefix as given.
        prefix: String,
        /// What is wrong with it.
        reason: String,
    },
    /// Not a point in time.
    #[error("'{0}' is no time; write it like 2026-02-11T10:00:00Z")]
    Time(String),
    /// No format has this name.
    #[error("there is no graph format '{name}'; choose one of {}", super::format::names())]
    UnknownFormat {
        /// The name as given.
        name: String,
    },
    /// Writing failed.
    #[error("cannot write the graph: {0}")]
    Write(#[from] io::Error),
    /// A row could not be written.
    #[error("cannot write the graph: {0}")]
    Csv(#[from] csv::Error),
    /// There is no store to ask.
    #[error("there is no graph store at {}; `namesake graph load INPUT --store {}` makes one", path.display(), path.display())]
    MissingStore {
        /// Where it should be.
        path: PathBuf,
    },
    /// The folder is something else.
    #[error("{} is no graph store; name a new folder, or one that `namesake graph load` made", path.display())]
    NotAStore {
        /// The folder.
        path: PathBuf,
    },
    /// The store was made with another base.
    #[error(
        "the store holds identifiers that begin with {found}, not with {given}; load with `--base {found}`, or into a new store"
    )]
    OtherBase {
        /// What the store holds.
        found: String,
        /// What was asked for.
        given: String,
    },
    /// The store refused; the message says what.
    #[error("graph store: {0}")]
    Store(#[from] oxigraph::store::StorageError),
    /// The query is no SPARQL.
    #[error("the query is not SPARQL: {0}")]
    QuerySyntax(String),
    /// The query could not be answered.
    #[error("the query cannot be answered: {0}")]
    Query(String),
    /// No ready query has this name.
    #[error("there is no query '{name}'; choose one of {known}")]
    UnknownQuery {
        /// The name as given.
        name: String,
        /// Those that there are.
        known: String,
    },
    /// A ready query wants other arguments.
    #[error("{name} wants {wanted}: namesake graph query --named {usage}")]
    Arguments {
        /// The query.
        name: String,
        /// Its arguments in words.
        wanted: String,
        /// How to call it.
        usage: String,
    },
    /// Nobody is called that.
    #[error("no entity is called '{name}'{hint}")]
    UnknownName {
        /// The name as given.
        name: String,
        /// Names like it.
        hint: String,
    },
    /// A format that the answer does not have.
    #[error("{0}")]
    AnswerFormat(&'static str),
}
