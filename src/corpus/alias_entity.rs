//! The corpus entities for which the rows of a user's alias table stand.

use super::alias_index::table_key;
use super::database::Result;
use super::store::CorpusStore;
use crate::alias_table::AliasRow;
use crate::entity_type::EntityType;
use crate::name::Form;

impl CorpusStore {
    /// The entity of a row: the one that was opened or adopted for it, else one that has its id or is its canonical
    /// name's only bearer, else a new one.
    pub(super) fn entity_of_row(&mut self, row: &AliasRow, entity_type: EntityType) -> Result<i64> {
        let key = self.key_of_row(row, entity_type);
        let sql = "SELECT id FROM entity WHERE table_key = ?1";
        if let Some(id) = self.database.one(sql, [&key], |found| found.get(0))? {
            return Ok(id);
        }
        let entity_type = row.entity_type.unwrap_or(entity_type);
        let sql = "SELECT id FROM entity WHERE knowledge_id = ?1 AND merged_into IS NULL AND table_key IS NULL
                   ORDER BY id LIMIT 1";
        let by_id = match &row.id {
            Some(id) => self.database.one(sql, [id], |found| found.get(0))?,
            None => None,
        };
        let id = match by_id {
            Some(id) => id,
            None => match self.only_bearer(&row.canonical, entity_type)? {
                Some(id) => id,
                None => self.database.insert_entity(&row.canonical, entity_type, row.id.as_deref())?,
            },
        };
        let sql =
            "UPDATE entity SET table_key = ?2, name = ?3, knowledge_id = coalesce(?4, knowledge_id) WHERE id = ?1";
        self.database.execute(sql, rusqlite::params![id, key, row.canonical, row.id])?;
        self.profiles.remove(&id);
        Ok(id)
    }

    /// What marks the entity of a row.
    #[expect(clippy::unused_self, reason = "it is a question to the store's table")]
    pub(super) fn key_of_row(&self, row: &AliasRow, entity_type: EntityType) -> String {
        match row.entity_type {
            None if !entity_type.is_known() => format!("{}:{}", entity_type.label(), table_key(row)),
            _ => table_key(row),
        }
    }

    fn only_bearer(&mut self, name: &str, entity_type: EntityType) -> Result<Option<i64>> {
        let Some(form) = Form::parse(name, entity_type) else { return Ok(None) };
        let mut bearers = Vec::new();
        for id in self.database.block(form.sought_keys(entity_type).equal, 16, 0)? {
            let sql = "SELECT table_key IS NULL FROM entity WHERE id = ?1";
            let free = self.database.one(sql, [id], |row| row.get(0))?.unwrap_or(false);
            if let Some(profile) = self.profile(id)?
                && free
                && profile.entity_type == entity_type
                && profile.names.contains_key(&form.key)
            {
                bearers.push(id);
            }
        }
        Ok(if let [only] = bearers.as_slice() { Some(*only) } else { None })
    }
}
