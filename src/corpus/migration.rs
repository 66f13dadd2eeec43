//! Stores of older versions: their tables are the same, but the grammar of names has changed since, and with it the keys
//! under which names are found. They are made anew from the names, all or none; ids, links, decisions and history stay.

use super::database::{Result, SCHEMA_VERSION};
use super::document::DocumentEntity;
use super::error::CorpusError;
use super::link;
use super::store::CorpusStore;

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
            let newcomers = members.into_iter().map(|member| {
                let (name, entity_type, aliases) = (member.name, member.entity_type, member.aliases);
                link::take_apart(&DocumentEntity { name, entity_type, aliases, knowledge_id: None })
            });
            let context = link::context(&newcomers.collect::<Vec<_>>());
            self.database.set_context(document, &context)?;
            self.database.count_names(&context, 1)?;
        }
        self.database.set_schema_version()?;
        Ok(Some(version))
    }
}
