//! Stores of older versions: tables that came since are added, and the keys under which names are found are made anew from
//! the names, as the grammar of names has changed. All or none; ids, links, decisions and history stay.

use super::database::{Result, SCHEMA_VERSION};
use super::error::CorpusError;
use super::link;
use super::meaning::Meaning;
use super::store::CorpusStore;

/// The first version with the tables for erasure, for decisions by meaning and for those who follow a store.
const DECISIONS_BY_MEANING: i64 = 3;

impl CorpusStore {
    /// Brings a store that an older version has written up to date and returns the version of its tables; `None` if there
    /// was nothing to do. Whatever changes a store does this first; reading needs no keys and leaves an old store as it is.
    ///
    /// # Errors
    /// If the store cannot be read or written; it is as it was then.
    pub fn migrate(&mut self) -> std::result::Result<Option<i64>, CorpusError> {
        self.make_current().map_err(|source| self.error(source))
    }

    pub(super) fn make_current(&mut self) -> Result<Option<i64>> {
        if self.is_current {
            return Ok(None);
        }
        self.database.connection.execute_batch("BEGIN IMMEDIATE")?;
        let done = self.make_keys_anew();
        let end = if done.is_ok() { "COMMIT" } else { "ROLLBACK" };
        let ended = self.database.connection.execute_batch(end);
        let before = done?;
        ended?;
        self.is_current = true;
        self.reload()?;
        Ok(before)
    }

    fn make_keys_anew(&self) -> Result<Option<i64>> {
        // Asked inside the transaction: another process may have been faster.
        let version = self.database.schema_version()?;
        if version == SCHEMA_VERSION {
            return Ok(None);
        }
        if version < DECISIONS_BY_MEANING {
            self.add_tables()?;
        }
        self.database.execute("DELETE FROM block", [])?;
        let sql = "SELECT id, type FROM entity WHERE merged_into IS NULL ORDER BY id";
        let entities = self.database.all(sql, [], |row| Ok((row.get(0)?, super::database::read_type(row, 1)?)))?;
        for (id, entity_type) in entities {
            self.database.rebuild_keys(id, entity_type)?;
        }
        self.database.execute("DELETE FROM name", [])?;
        let documents: Vec<i64> = self.database.all("SELECT id FROM document ORDER BY id", [], |row| row.get(0))?;
        for document in documents {
            let members = self.database.members_of_document(document)?;
            let newcomers: Vec<_> = members.iter().map(link::newcomer_of).collect();
            let context = link::context(&newcomers);
            self.database.set_context(document, &context)?;
            self.database.count_names(&context, 1)?;
        }
        self.database.set_schema_version()?;
        Ok(Some(version))
    }

    /// Adds what schema 3 brought, and says of each decision by name and document whom it means.
    fn add_tables(&self) -> Result<()> {
        self.database.connection.execute_batch(include_str!("schema-3.sql"))?;
        let sql = "SELECT id, kind, entity, other, document FROM decision ORDER BY id";
        let rows = self.database.all(sql, [], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, String>(1)?,
                row.get::<_, i64>(2)?,
                row.get::<_, Option<i64>>(3)?,
                row.get::<_, Option<String>>(4)?,
            ))
        })?;
        for (id, kind, entity, other, document) in rows {
            let subject = self.meaning_of(self.database.survivor(entity)?.unwrap_or(entity))?;
            let mut object = match other {
                // What was merged has no names any more but the one by which it went.
                Some(other) => self.meaning_of(other)?,
                None => Meaning::default(),
            };
            if let ("split", Some(document)) = (kind.as_str(), document) {
                object.documents = vec![document];
            }
            let json = |meaning: &Meaning| serde_json::to_string(meaning).unwrap_or_default();
            let sql = "UPDATE decision SET subject = ?2, object = ?3 WHERE id = ?1";
            self.database.execute(sql, rusqlite::params![id, json(&subject), json(&object)])?;
        }
        self.database.connection.execute_batch("ALTER TABLE decision DROP COLUMN document")
    }
}
