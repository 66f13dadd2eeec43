//! The tables behind the store: each function is one question to `SQLite` or one change, none decides anything.

use super::document::{DocumentEntities, DocumentEntity, Linked};
use super::error::CorpusError;
use super::profile::{CONTEXT_DOCUMENTS, Profile};
use crate::entity::Alias;
use crate::entity_type::EntityType;
use crate::name::{Form, Key};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, OptionalExtension, Row, params};
use std::path::Path;
use std::time::Duration;

/// Marks the file as ours: "nmsk" in ASCII.
const APPLICATION_ID: i64 = 0x6e6d_736b;

/// Version of the tables in `schema.sql` and of the keys in them. A change of the tables raises it, and so does a change of
/// the grammar of names that alters a key: a rule or a word list in `src/name`.
pub(super) const SCHEMA_VERSION: i64 = 3;

/// The oldest version that `migration.rs` brings up to date.
const OLDEST_SCHEMA_VERSION: i64 = 1;

/// How long to wait for another program that writes to the store.
const PATIENCE: Duration = Duration::from_secs(30);

/// Pages kept in memory, in KiB (negative says so to `SQLite`): the hot part of a store of a million document entities.
const CACHE: i64 = -512 * 1024;

/// Pages in the log before they go into the file (64 MiB): a page that changes often is written there once for many changes.
const CHECKPOINT: i64 = 16 * 1024;

pub(super) type Result<T> = rusqlite::Result<T>;

/// A connection to a store.
#[derive(Debug)]
pub(super) struct Database {
    pub(super) connection: Connection,
}

/// A document entity as it was stored.
#[derive(Debug, Clone)]
pub(super) struct Member {
    pub(super) document: i64,
    pub(super) number: i64,
    pub(super) entity: i64,
    pub(super) name: String,
    pub(super) entity_type: EntityType,
    pub(super) aliases: Vec<Alias>,
    pub(super) mentions: i64,
    pub(super) reason: String,
    pub(super) score: f64,
    /// The entity that it joined first, before any merge.
    pub(super) origin: i64,
}

/// A document that was linked.
#[derive(Debug, Clone)]
pub(super) struct KnownDocument {
    pub(super) id: i64,
    pub(super) fingerprint: Vec<u8>,
    pub(super) source: String,
    /// Digest of its text, where that was known.
    pub(super) text: Option<Vec<u8>>,
}

/// Counts to add to an alias, or to take away.
#[derive(Debug, Clone, Copy)]
pub(super) struct AliasCounts {
    pub(super) documents: i64,
    pub(super) mentions: i64,
    pub(super) named: i64,
}

impl Database {
    pub(super) fn open(path: &Path) -> std::result::Result<Self, CorpusError> {
        let at = |source| CorpusError::Database { path: path.to_owned(), source };
        let connection = Connection::open(path).map_err(at)?;
        Self::prepare(connection, path)
    }

    /// Opens a store without a change to it, also where nothing can be written.
    pub(super) fn read(path: &Path) -> std::result::Result<Self, CorpusError> {
        let at = |source| CorpusError::Database { path: path.to_owned(), source };
        let open = |options: &str, access: OpenFlags| -> Result<Connection> {
            let flags = access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
            let escaped = full.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
            let connection = Connection::open_with_flags(format!("file:{escaped}?{options}"), flags)?;
            connection.busy_timeout(PATIENCE)?;
            connection.pragma_update(None, "query_only", true)?;
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get::<_, i64>(0))?;
            Ok(connection)
        };
        // With the right to write, though it is not used: the last reader then tidies up the log of changes. Where the log
        // cannot be made, nobody is writing, and the file can be taken as it is.
        let connection = match open("mode=rw", OpenFlags::SQLITE_OPEN_READ_WRITE) {
            Err(error)
                if matches!(
                    error.sqlite_error_code(),
                    Some(rusqlite::ErrorCode::CannotOpen | rusqlite::ErrorCode::ReadOnly)
                ) =>
            {
                open("immutable=1", OpenFlags::SQLITE_OPEN_READ_ONLY)
            }
            other => other,
        };
        match connection {
            Ok(connection) => Self::configure(connection, path, false),
            Err(error) if error.sqlite_error_code() == Some(rusqlite::ErrorCode::NotADatabase) => {
                Err(CorpusError::NotAStore { path: path.to_owned() })
            }
            Err(error) => Err(at(error)),
        }
    }

    pub(super) fn in_memory() -> std::result::Result<Self, CorpusError> {
        let path = Path::new(":memory:");
        let at = |source| CorpusError::Database { path: path.to_owned(), source };
        Self::prepare(Connection::open_in_memory().map_err(at)?, path)
    }

    fn prepare(connection: Connection, path: &Path) -> std::result::Result<Self, CorpusError> {
        Self::configure(connection, path, true)
    }

    fn configure(connection: Connection, path: &Path, writable: bool) -> std::result::Result<Self, CorpusError> {
        let at = |source: rusqlite::Error| match source.sqlite_error_code() {
            Some(rusqlite::ErrorCode::NotADatabase) => CorpusError::NotAStore { path: path.to_owned() },
            _ => CorpusError::Database { path: path.to_owned(), source },
        };
        connection.busy_timeout(PATIENCE).map_err(at)?;
        let pragma = |name: &str| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let objects: i64 =
            connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(at)?;
        let (application, version) = (pragma("application_id").map_err(at)?, pragma("user_version").map_err(at)?);
        if objects > 0 && application != APPLICATION_ID {
            return Err(CorpusError::NotAStore { path: path.to_owned() });
        }
        if objects > 0 && !(OLDEST_SCHEMA_VERSION..=SCHEMA_VERSION).contains(&version) {
            return Err(CorpusError::Schema { path: path.to_owned(), found: version, expected: SCHEMA_VERSION });
        }
        if !writable {
            if objects == 0 {
                return Err(CorpusError::NotAStore { path: path.to_owned() });
            }
            connection.set_prepared_statement_cache_capacity(64);
            return Ok(Self { connection });
        }
        // A killed process loses nothing that was committed (WAL), and neither does a power cut (FULL).
        connection.pragma_update(None, "journal_mode", "WAL").map_err(at)?;
        connection.pragma_update(None, "synchronous", "FULL").map_err(at)?;
        connection.pragma_update(None, "cache_size", CACHE).map_err(at)?;
        connection.pragma_update(None, "temp_store", "MEMORY").map_err(at)?;
        connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT).map_err(at)?;
        // Plans must not follow the values that are bound: `SQLite` would plan "LIMIT ?" anew at each call.
        connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true).map_err(at)?;
        connection.set_prepared_statement_cache_capacity(64);
        if objects == 0 {
            // In one transaction, and asked again inside it: another process may be making the same store.
            connection.execute_batch("BEGIN IMMEDIATE").map_err(at)?;
            let made: i64 =
                connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0)).map_err(at)?;
            if made == 0 {
                connection.execute_batch(include_str!("schema.sql")).map_err(at)?;
                connection.pragma_update(None, "application_id", APPLICATION_ID).map_err(at)?;
                connection.pragma_update(None, "user_version", SCHEMA_VERSION).map_err(at)?;
            }
            connection.execute_batch("COMMIT").map_err(at)?;
        }
        Ok(Self { connection })
    }

    pub(super) fn execute(&self, sql: &str, parameters: impl rusqlite::Params) -> Result<usize> {
        self.connection.prepare_cached(sql)?.execute(parameters)
    }

    pub(super) fn one<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnOnce(&Row<'_>) -> Result<T>,
    ) -> Result<Option<T>> {
        self.connection.prepare_cached(sql)?.query_row(parameters, read).optional()
    }

    pub(super) fn all<T>(
        &self,
        sql: &str,
        parameters: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.connection.prepare_cached(sql)?.query_map(parameters, read)?.collect()
    }

    pub(super) fn schema_version(&self) -> Result<i64> {
        self.connection.pragma_query_value(None, "user_version", |row| row.get(0))
    }

    /// Says that the store is of this version.
    pub(super) fn set_schema_version(&self) -> Result<()> {
        self.connection.pragma_update(None, "user_version", SCHEMA_VERSION)
    }

    /// Changes whenever another connection has written.
    pub(super) fn foreign_changes(&self) -> Result<i64> {
        self.connection.pragma_query_value(None, "data_version", |row| row.get(0))
    }

    pub(super) fn document(&self, name: &str) -> Result<Option<KnownDocument>> {
        let sql = "SELECT id, fingerprint, source, text FROM document WHERE name = ?1";
        self.one(sql, [name], |row| {
            Ok(KnownDocument { id: row.get(0)?, fingerprint: row.get(1)?, source: row.get(2)?, text: row.get(3)? })
        })
    }

    pub(super) fn document_id(&self, name: &str) -> Result<Option<i64>> {
        self.one("SELECT id FROM document WHERE name = ?1", [name], |row| row.get(0))
    }

    pub(super) fn document_name(&self, id: i64) -> Result<Option<String>> {
        self.one("SELECT name FROM document WHERE id = ?1", [id], |row| row.get(0))
    }

    pub(super) fn setting(&self, name: &str) -> Result<Option<String>> {
        self.one("SELECT value FROM setting WHERE name = ?1", [name], |row| row.get(0))
    }

    pub(super) fn set_setting(&self, name: &str, value: &str) -> Result<usize> {
        self.execute("INSERT OR REPLACE INTO setting (name, value) VALUES (?1, ?2)", [name, value])
    }

    /// Tells those who follow the store.
    pub(super) fn tell(&self, kind: &str, entity: i64, other: Option<i64>) -> Result<usize> {
        self.execute("INSERT INTO change (kind, entity, other) VALUES (?1, ?2, ?3)", params![kind, entity, other])
    }

    pub(super) fn document_count(&self) -> Result<i64> {
        self.connection.query_row("SELECT count(*) FROM document", [], |row| row.get(0))
    }

    pub(super) fn insert_document(&self, document: &DocumentEntities, context: &[Key]) -> Result<i64> {
        let sql = "INSERT INTO document (name, fingerprint, context, source, text) VALUES (?1, ?2, ?3, ?4, ?5)";
        let DocumentEntities { id, source, text, .. } = document;
        self.execute(sql, params![id, document.fingerprint(), pack(context), source, text])?;
        Ok(self.connection.last_insert_rowid())
    }

    pub(super) fn update_document(
        &self,
        id: i64,
        document: &DocumentEntities,
        context: &[Key],
        is_new_version: bool,
    ) -> Result<usize> {
        let sql =
            "UPDATE document SET fingerprint = ?2, context = ?3, version = version + ?4, text = coalesce(?6, text),
                       source = CASE WHEN ?5 = '' THEN source ELSE ?5 END WHERE id = ?1";
        let DocumentEntities { source, text, .. } = document;
        self.execute(sql, params![id, document.fingerprint(), pack(context), is_new_version, source, text])
    }

    pub(super) fn set_context(&self, id: i64, context: &[Key]) -> Result<usize> {
        self.execute("UPDATE document SET context = ?2 WHERE id = ?1", params![id, pack(context)])
    }

    pub(super) fn document_context(&self, id: i64) -> Result<Vec<Key>> {
        let found = self.one("SELECT context FROM document WHERE id = ?1", [id], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(unpack(&found.unwrap_or_default()))
    }

    /// Adds `by` to the number of documents that hold each name.
    pub(super) fn count_names(&self, keys: &[Key], by: i64) -> Result<()> {
        let sql = "INSERT INTO name (key, documents) VALUES (?1, ?2)
                   ON CONFLICT (key) DO UPDATE SET documents = documents + excluded.documents";
        for key in keys {
            self.execute(sql, params![key, by])?;
        }
        Ok(())
    }

    pub(super) fn documents_with_name(&self, key: Key) -> Result<i64> {
        let found = self.one("SELECT documents FROM name WHERE key = ?1", [key], |row| row.get(0))?;
        Ok(found.unwrap_or(0))
    }

    pub(super) fn members_of_document(&self, document: i64) -> Result<Vec<Member>> {
        let sql = "SELECT document, entity, name, type, aliases, mentions, reason, score, origin, number
                   FROM member WHERE document = ?1 ORDER BY number";
        self.all(sql, [document], read_member)
    }

    pub(super) fn members_of_entity(&self, entity: i64) -> Result<Vec<Member>> {
        let sql = "SELECT document, entity, name, type, aliases, mentions, reason, score, origin, number
                   FROM member WHERE entity = ?1 ORDER BY document, number";
        self.all(sql, [entity], read_member)
    }

    pub(super) fn insert_member(
        &self,
        document: i64,
        number: usize,
        entity: &DocumentEntity,
        linked: &Linked,
        origin: i64,
    ) -> Result<usize> {
        let sql = "INSERT INTO member (document, number, entity, name, type, knowledge_id, aliases, mentions, reason,
                       score, origin)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
        self.execute(
            sql,
            params![
                document,
                number,
                linked.corpus_id.0,
                entity.name,
                entity.entity_type.label(),
                entity.knowledge_id,
                pack_aliases(&entity.aliases),
                entity.mentions(),
                linked.reason,
                linked.score,
                origin
            ],
        )
    }

    pub(super) fn insert_entity(&self, name: &str, entity_type: EntityType, knowledge_id: Option<&str>) -> Result<i64> {
        let sql = "INSERT INTO entity (name, type, knowledge_id) VALUES (?1, ?2, ?3)";
        self.execute(sql, params![name, entity_type.label(), knowledge_id])?;
        let id = self.connection.last_insert_rowid();
        self.tell("created", id, None)?;
        Ok(id)
    }

    pub(super) fn entity_name(&self, id: i64) -> Result<Option<String>> {
        self.one("SELECT name FROM entity WHERE id = ?1", [id], |row| row.get(0))
    }

    /// Gives an entity a name, unless it has it already, or an alias table or a person has chosen one.
    pub(super) fn set_entity_name(&self, id: i64, name: &str) -> Result<()> {
        let sql = "UPDATE entity SET name = ?2 WHERE id = ?1 AND table_key IS NULL AND fixed & 1 = 0 AND name <> ?2";
        if self.execute(sql, params![id, name])? > 0 {
            self.tell("renamed", id, None)?;
        }
        Ok(())
    }

    pub(super) fn count_entity(&self, id: i64, documents: i64, mentions: i64) -> Result<usize> {
        let sql = "UPDATE entity SET documents = documents + ?2, mentions = mentions + ?3 WHERE id = ?1";
        self.execute(sql, [id, documents, mentions])
    }

    /// What a merged entity has become; the entity itself where it was not merged, `None` where it never was.
    pub(super) fn survivor(&self, mut id: i64) -> Result<Option<i64>> {
        let sql = "SELECT merged_into FROM entity WHERE id = ?1";
        while let Some(next) = self.one(sql, [id], |row| row.get::<_, Option<i64>>(0))? {
            match next {
                Some(next) => id = next,
                None => return Ok(Some(id)),
            }
        }
        Ok(None)
    }

    /// Adds counts to an alias and makes it findable if it is new; says so.
    pub(super) fn count_alias(&self, entity: i64, text: &str, counts: AliasCounts) -> Result<bool> {
        let AliasCounts { documents, mentions, named } = counts;
        let sql = "UPDATE alias SET documents = documents + ?3, mentions = mentions + ?4, named = named + ?5
                   WHERE entity = ?1 AND text = ?2";
        if self.execute(sql, params![entity, text, documents, mentions, named])? > 0 {
            return Ok(false);
        }
        let sql = "INSERT INTO alias (entity, text, documents, mentions, named) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.execute(sql, params![entity, text, documents, mentions, named])?;
        let id = self.connection.last_insert_rowid();
        self.execute("INSERT INTO search (rowid, text) VALUES (?1, ?2)", params![id, text])?;
        Ok(true)
    }

    /// Removes the aliases of an entity that no document uses any more, or all of them.
    pub(super) fn remove_aliases(&self, entity: i64, unused_only: bool) -> Result<()> {
        let sql = "SELECT id, text FROM alias WHERE entity = ?1 AND (documents <= 0 OR NOT ?2)";
        let gone = self.all(sql, params![entity, unused_only], |row| Ok((row.get(0)?, row.get(1)?)))?;
        for (id, text) in gone {
            let (id, text): (i64, String) = (id, text);
            self.execute("INSERT INTO search (search, rowid, text) VALUES ('delete', ?1, ?2)", params![id, text])?;
            self.execute("DELETE FROM alias WHERE id = ?1", [id])?;
        }
        Ok(())
    }

    /// Documents that use a name of an entity, and those that choose it as the canonical one.
    pub(super) fn uses(&self, entity: i64, text: &str) -> Result<(i64, i64)> {
        let sql = "SELECT documents, named FROM alias WHERE entity = ?1 AND text = ?2";
        Ok(self.one(sql, params![entity, text], |row| Ok((row.get(0)?, row.get(1)?)))?.unwrap_or_default())
    }

    /// The alias texts of an entity in order of appearance, with the documents that use each and those that choose it as
    /// canonical name.
    pub(super) fn aliases(&self, entity: i64) -> Result<Vec<(String, i64, i64)>> {
        let sql = "SELECT text, documents, named FROM alias WHERE entity = ?1 ORDER BY id";
        self.all(sql, [entity], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
    }

    pub(super) fn add_keys(&self, entity: i64, form: &Form, entity_type: EntityType) -> Result<()> {
        let mut keys = Vec::new();
        form.stored_keys(entity_type, &mut keys);
        for key in keys {
            self.execute("INSERT OR IGNORE INTO block (key, entity) VALUES (?1, ?2)", [key, entity])?;
        }
        Ok(())
    }

    /// Makes the keys of an entity anew from its aliases.
    pub(super) fn rebuild_keys(&self, entity: i64, entity_type: EntityType) -> Result<()> {
        self.execute("DELETE FROM block WHERE entity = ?1", [entity])?;
        for (text, ..) in self.aliases(entity)? {
            if let Some(form) = Form::parse(&text, entity_type) {
                self.add_keys(entity, &form, entity_type)?;
            }
        }
        Ok(())
    }

    /// The oldest `oldest` and the newest `newest` entities under a key.
    pub(super) fn block(&self, key: Key, oldest: usize, newest: usize) -> Result<Vec<i64>> {
        let sql = "SELECT entity FROM block WHERE key = ?1 ORDER BY entity LIMIT ?2";
        let mut found = self.all(sql, params![key, oldest], |row| row.get::<_, i64>(0))?;
        if found.len() == oldest && newest > 0 {
            let sql = "SELECT entity FROM block WHERE key = ?1 AND entity > ?2 ORDER BY entity DESC LIMIT ?3";
            let last = found.last().copied();
            found.extend(self.all(sql, params![key, last, newest], |row| row.get::<_, i64>(0))?);
        }
        Ok(found)
    }

    pub(super) fn profile(&self, id: i64) -> Result<Option<Profile>> {
        let sql = "SELECT type, knowledge_id, documents FROM entity WHERE id = ?1 AND merged_into IS NULL";
        let found = self.one(sql, [id], |row| Ok(Profile::new(read_type(row, 0)?, row.get(1)?, row.get(2)?)))?;
        let Some(mut profile) = found else { return Ok(None) };
        for (text, documents, named) in self.aliases(id)? {
            profile.add_name(&text, u32::try_from(documents).unwrap_or(0), u32::try_from(named).unwrap_or(0));
        }
        Ok(Some(profile))
    }

    /// The contexts of the latest documents of an entity, oldest first.
    pub(super) fn contexts(&self, entity: i64) -> Result<Vec<Vec<Key>>> {
        let sql = "SELECT document.context FROM
                       (SELECT DISTINCT document FROM member WHERE entity = ?1 ORDER BY document DESC LIMIT ?2) AS latest
                   JOIN document ON document.id = latest.document ORDER BY document.id";
        let blobs = self.all(sql, params![entity, CONTEXT_DOCUMENTS], |row| row.get::<_, Vec<u8>>(0))?;
        Ok(blobs.iter().map(|blob| unpack(blob)).collect())
    }

    pub(super) fn record(
        &self,
        kind: &str,
        entity: i64,
        other: i64,
        document: Option<&str>,
        reason: &str,
        score: Option<f64>,
    ) -> Result<usize> {
        // To those who follow the store, the one that goes, or comes out, is the subject; once, for all of its documents.
        let kind_told = match kind {
            "merge" => "merged",
            "move" => "moved",
            _ => "split",
        };
        let sql = "SELECT kind = ?1 AND entity = ?2 AND other = ?3 FROM change ORDER BY id DESC LIMIT 1";
        if self.one(sql, params![kind_told, other, entity], |row| row.get::<_, bool>(0))? != Some(true) {
            self.tell(kind_told, other, Some(entity))?;
        }
        let sql = "INSERT INTO history (kind, entity, other, document, reason, score) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        self.execute(sql, params![kind, entity, other, document, reason, score])
    }
}

/// The entity type in column `index`.
pub(super) fn read_type(row: &Row<'_>, index: usize) -> Result<EntityType> {
    let label: String = row.get(index)?;
    Ok(EntityType::from_label(&label))
}

fn read_member(row: &Row<'_>) -> Result<Member> {
    Ok(Member {
        document: row.get(0)?,
        entity: row.get(1)?,
        name: row.get(2)?,
        entity_type: read_type(row, 3)?,
        aliases: unpack_aliases(&row.get::<_, String>(4)?),
        mentions: row.get(5)?,
        reason: row.get(6)?,
        score: row.get(7)?,
        origin: row.get(8)?,
        number: row.get(9)?,
    })
}

/// Aliases as JSON, so that other programs can read them: [["Petra Holt",2],["Holt",5]].
fn pack_aliases(aliases: &[Alias]) -> String {
    let pairs: Vec<(&str, usize)> = aliases.iter().map(|alias| (alias.text.as_str(), alias.count)).collect();
    serde_json::to_string(&pairs).unwrap_or_default()
}

pub(super) fn unpack_aliases(packed: &str) -> Vec<Alias> {
    let pairs: Vec<(String, usize)> = serde_json::from_str(packed).unwrap_or_default();
    pairs.into_iter().map(|(text, count)| Alias { text, count }).collect()
}

fn pack(keys: &[Key]) -> Vec<u8> {
    keys.iter().flat_map(|key| key.to_le_bytes()).collect()
}

fn unpack(bytes: &[u8]) -> Vec<Key> {
    bytes.chunks_exact(8).filter_map(|chunk| chunk.try_into().ok().map(Key::from_le_bytes)).collect()
}
