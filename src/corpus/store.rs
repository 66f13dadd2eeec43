//! The store: opening it, linking documents one by one or in batches, and what is kept in memory meanwhile.

use super::alias_index::AliasIndex;
use super::assignment::Assignment;
use super::database::{Database, KnownDocument, SCHEMA_VERSION};
use super::decision::Author;
use super::document::{DocumentEntities, Linked};
use super::error::CorpusError;
use super::profile::Profile;
use super::score::Weights;
use crate::alias_table::{AliasTable, AliasTableError};
use crate::entity_type::EntityType;
use crate::name::Key;
use hashlink::LruCache;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::{Path, PathBuf};

/// Candidates kept in memory, the ones asked for last; others are read again. About 3 KB each, 8 KB with 32 contexts.
const PROFILES: usize = 200_000;

/// How to link.
#[derive(Debug, Clone, Default)]
pub struct LinkOptions {
    aliases: AliasIndex,
    weights: Weights,
    replace: bool,
}

impl LinkOptions {
    /// Whether a document takes the place of another one of the same id that came from elsewhere; else it is refused.
    #[must_use]
    pub const fn with_replace(mut self, replace: bool) -> Self {
        self.replace = replace;
        self
    }

    /// Lets the rows of `table` win over scores.
    ///
    /// # Errors
    /// If an alias has two meanings, or no letter or digit; the error names the line.
    pub fn with_aliases(mut self, table: &AliasTable) -> Result<Self, AliasTableError> {
        self.aliases = AliasIndex::new(table)?;
        Ok(self)
    }

    /// Replaces the weights of the score by those in a JSON object, where it names them; for experiments.
    ///
    /// # Errors
    /// If `json` is no such object.
    #[doc(hidden)]
    pub fn with_weights_json(mut self, json: &str) -> Result<Self, serde_json::Error> {
        self.weights = serde_json::from_str(json)?;
        Ok(self)
    }
}

/// What became of the documents that one opened store was given.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LinkTally {
    /// Documents that it had not known.
    pub new: u64,
    /// Documents that said what it knew.
    pub unchanged: u64,
    /// Documents whose text had changed.
    pub new_versions: u64,
    /// Documents in whose text other entities were found than before.
    pub new_analyses: u64,
}

/// Counts of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub struct StoreSummary {
    /// Documents linked.
    pub documents: u64,
    /// Entities that some document mentions.
    pub entities: u64,
    /// Entities of documents.
    pub document_entities: u64,
}

/// Corpus entities in an `SQLite` file.
#[derive(Debug)]
pub struct CorpusStore {
    path: PathBuf,
    pub(super) database: Database,
    pub(super) aliases: AliasIndex,
    pub(super) weights: Weights,
    pub(super) profiles: LruCache<i64, Profile>,
    pub(super) documents: i64,
    /// Entities that a person pinned to a name.
    pub(super) pins: HashMap<(Key, EntityType), i64>,
    /// What people decided on single documents, by the document's id.
    pub(super) assigned: HashMap<String, Vec<Assignment>>,
    /// Keys of names that nothing may be kept of, in a document or (0) in all.
    pub(super) forgotten: HashSet<(Key, EntityType, i64)>,
    /// Decisions that wait for a document.
    pub(super) waiting: usize,
    /// A digest of all that decides what is found in a text.
    pub(super) task: Option<String>,
    /// Whose decisions are recorded.
    pub(super) author: Author,
    pub(super) replace: bool,
    pub(super) tally: LinkTally,
    /// Pairs that a person keeps apart, lower id first.
    pub(super) forbidden: BTreeSet<(i64, i64)>,
    foreign_changes: i64,
    in_batch: bool,
    /// The keys are those of this version.
    pub(super) is_current: bool,
}

impl CorpusStore {
    /// Opens the store at `path`, a new one if there is none. One of an older version can be read as it is, and is
    /// [migrated](Self::migrate) before its first change.
    ///
    /// # Errors
    /// If the file is no store, or one of a newer version, or cannot be read and written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, CorpusError> {
        let path = path.as_ref();
        Self::with_database(Database::open(path)?, path)
    }

    /// Opens the store at `path` to read it only: also on a disk that cannot be written to. Nothing can be changed through it.
    ///
    /// # Errors
    /// As [`open_existing`](Self::open_existing).
    pub fn read(path: impl AsRef<Path>) -> Result<Self, CorpusError> {
        let path = path.as_ref();
        if !path.exists() {
            return Err(CorpusError::Missing { path: path.to_owned() });
        }
        Self::with_database(Database::read(path)?, path)
    }

    /// Opens the store at `path`, which must be there.
    ///
    /// # Errors
    /// As [`open`](Self::open), and if there is no file.
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, CorpusError> {
        if !path.as_ref().exists() {
            return Err(CorpusError::Missing { path: path.as_ref().to_owned() });
        }
        Self::open(path)
    }

    /// A store that lives as long as the value.
    ///
    /// # Errors
    /// If memory does not suffice.
    pub fn in_memory() -> Result<Self, CorpusError> {
        Self::with_database(Database::in_memory()?, Path::new(":memory:"))
    }

    fn with_database(database: Database, path: &Path) -> Result<Self, CorpusError> {
        let mut store = Self {
            path: path.to_owned(),
            database,
            aliases: AliasIndex::default(),
            weights: Weights::default(),
            profiles: LruCache::new(PROFILES),
            documents: 0,
            pins: HashMap::new(),
            assigned: HashMap::new(),
            forgotten: HashSet::new(),
            waiting: 0,
            task: None,
            author: Author::default(),
            replace: false,
            tally: LinkTally::default(),
            forbidden: BTreeSet::new(),
            foreign_changes: 0,
            in_batch: false,
            is_current: false,
        };
        let version = store.database.schema_version().map_err(|source| store.error(source))?;
        store.is_current = version == SCHEMA_VERSION;
        store.reload().map_err(|source| store.error(source))?;
        Ok(store)
    }

    /// The store with options for linking.
    #[must_use]
    pub fn with_options(mut self, options: LinkOptions) -> Self {
        self.aliases = options.aliases;
        self.weights = options.weights;
        self.replace = options.replace;
        self
    }

    /// What became of the documents so far.
    #[must_use]
    pub const fn tally(&self) -> LinkTally {
        self.tally
    }

    /// Links the entities of one document: one result for each, in their order. A document that was linked with the same
    /// entities before changes nothing; one whose entities have changed replaces what it had contributed.
    ///
    /// # Errors
    /// If the store cannot be read or written; nothing of the document is kept then. [`CorpusError::OtherSource`] if a
    /// document of the same id came from elsewhere with another text: the store is as it was, and the next one can be linked.
    pub fn link(&mut self, document: &DocumentEntities) -> Result<Vec<Linked>, CorpusError> {
        self.batch(|store| {
            store.check_source(document)?;
            store.transact(|store| store.link_in_transaction(document))
        })
    }

    /// Refuses what would silently take another document's place.
    fn check_source(&self, document: &DocumentEntities) -> Result<(), CorpusError> {
        let known = self.database.document(&document.id).map_err(|source| self.error(source))?;
        let Some(known) = known.filter(|known| !self.replace && is_other_text(known, document)) else { return Ok(()) };
        if known.source.is_empty() || document.source.is_empty() || known.source == document.source {
            return Ok(());
        }
        let (id, given) = (document.id.clone(), document.source.clone());
        Err(CorpusError::OtherSource { id, known: known.source, given })
    }

    /// Runs `work` with all that it links in one transaction: faster, and either all of it is kept or nothing.
    ///
    /// # Errors
    /// What `work` returns, or if the transaction cannot be written.
    pub fn batch<T, E: From<CorpusError>>(&mut self, work: impl FnOnce(&mut Self) -> Result<T, E>) -> Result<T, E> {
        if self.in_batch {
            return work(self);
        }
        self.begin().map_err(|source| self.error(source))?;
        let result = work(self).and_then(|value| {
            if self.waiting > 0 {
                self.carry_out_waiting()?;
            }
            Ok(value)
        });
        self.in_batch = false;
        match result {
            Ok(value) => {
                self.database.connection.execute_batch("COMMIT").map_err(|source| {
                    self.drop_memory();
                    self.error(source)
                })?;
                Ok(value)
            }
            Err(error) => {
                // The first error is the one to report; if the way back fails too, closing the store undoes the rest.
                let _ = self.database.connection.execute_batch("ROLLBACK");
                self.drop_memory();
                Err(error)
            }
        }
    }

    pub(super) fn transact<T>(
        &mut self,
        work: impl FnOnce(&mut Self) -> super::database::Result<T>,
    ) -> Result<T, CorpusError> {
        self.batch(|store| work(store).map_err(|source| store.error(source)))
    }

    fn begin(&mut self) -> super::database::Result<()> {
        self.make_current()?;
        self.database.connection.execute_batch("BEGIN IMMEDIATE")?;
        self.in_batch = true;
        let foreign_changes = self.database.foreign_changes()?;
        if foreign_changes != self.foreign_changes {
            self.reload()?;
        }
        Ok(())
    }

    /// Drops what was read before, which may not hold any more.
    fn drop_memory(&mut self) {
        self.foreign_changes = -1;
        self.profiles.clear();
    }

    /// Reads again what is kept in memory.
    pub(super) fn reload(&mut self) -> super::database::Result<()> {
        self.profiles.clear();
        self.documents = self.database.document_count()?;
        if self.is_current {
            self.load_decisions()?;
            self.load_forgotten()?;
        }
        self.foreign_changes = self.database.foreign_changes()?;
        Ok(())
    }

    /// The candidate with this id, read if it is not in memory; `None` if it was merged away.
    pub(super) fn profile(&mut self, id: i64) -> super::database::Result<Option<&mut Profile>> {
        if !self.profiles.contains_key(&id) {
            let Some(profile) = self.database.profile(id)? else { return Ok(None) };
            self.profiles.insert(id, profile);
        }
        Ok(self.profiles.get_mut(&id))
    }

    /// Counts of the whole store.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn summary(&self) -> Result<StoreSummary, CorpusError> {
        let count = |sql: &str| self.database.connection.query_row(sql, [], |row| row.get(0));
        let read = || {
            Ok(StoreSummary {
                documents: count("SELECT count(*) FROM document")?,
                entities: count("SELECT count(*) FROM entity WHERE documents > 0")?,
                document_entities: count("SELECT count(*) FROM member")?,
            })
        };
        read().map_err(|source| self.error(source))
    }

    /// Where the store is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn error(&self, source: rusqlite::Error) -> CorpusError {
        CorpusError::Database { path: self.path.clone(), source }
    }
}

/// Whether a document says something new: its text is another; where neither text is known, its entities are.
pub(super) fn is_other_text(known: &KnownDocument, document: &DocumentEntities) -> bool {
    match (&known.text, &document.text) {
        (Some(known), Some(given)) => known[..] != given[..],
        (None, None) => known.fingerprint[..] != document.fingerprint()[..],
        _ => false,
    }
}
