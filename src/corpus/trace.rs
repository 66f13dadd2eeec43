//! What became of an entity, and what happened to all of them, in order: for those who kept an id, and for those who follow
//! the store with a graph or an index of their own.

use super::database::{Result, read_type};
use super::document::CorpusId;
use super::error::CorpusError;
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use rusqlite::params;
use serde::Serialize;

/// What became of an id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fate {
    /// The id.
    pub id: CorpusId,
    /// The entity that it stands for today; none if nothing may be kept of it.
    pub corpus_id: Option<CorpusId>,
    /// The way from the one to the other, the id itself first.
    pub path: Vec<CorpusId>,
    /// Name of the entity.
    pub name: String,
    /// Documents that mention it now.
    pub documents: u64,
}

/// Something that happened to an entity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// Its number; the next ones are higher.
    pub change: i64,
    /// `created`, `merged`, `split`, `renamed`, `retyped`, `moved`, `removed`.
    pub kind: String,
    /// The entity that it happened to: of a merge the one that went, of a split the one that came out.
    pub corpus_id: CorpusId,
    /// The entity that it went into or came out of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<CorpusId>,
    /// Its name today.
    pub name: String,
    /// Its type today.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
}

impl CorpusStore {
    /// What became of `id`.
    ///
    /// # Errors
    /// If it never was, or the store cannot be read.
    pub fn fate(&self, id: CorpusId) -> std::result::Result<Fate, CorpusError> {
        let last = self.known(id)?;
        self.read_fate(id, last).map_err(|source| self.error(source))
    }

    fn read_fate(&self, id: CorpusId, last: i64) -> Result<Fate> {
        let mut path = vec![id];
        let mut at = id.0;
        while at != last {
            let sql = "SELECT merged_into FROM entity WHERE id = ?1";
            let Some(Some(next)) = self.database.one(sql, [at], |row| row.get::<_, Option<i64>>(0))? else { break };
            path.push(CorpusId(next));
            at = next;
        }
        let erased = if self.is_current { "erased" } else { "0" };
        let sql = format!("SELECT name, documents, {erased} FROM entity WHERE id = ?1");
        self.database.connection.query_row(&sql, [last], |row| {
            let erased: bool = row.get(2)?;
            let corpus_id = (!erased).then_some(CorpusId(last));
            Ok(Fate { id, corpus_id, path, name: row.get(0)?, documents: row.get(1)? })
        })
    }

    /// What happened after the change of number `since` (0 for all), at most `limit` of it, in order.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn changes(&self, since: i64, limit: usize) -> std::result::Result<Vec<Change>, CorpusError> {
        if !self.is_current {
            return Ok(Vec::new());
        }
        let sql = "SELECT change.id, change.kind, change.entity, change.other, entity.name, entity.type
                   FROM change JOIN entity ON entity.id = change.entity
                   WHERE change.id > ?1 ORDER BY change.id LIMIT ?2";
        let read = self.database.all(sql, params![since, limit], |row| {
            Ok(Change {
                change: row.get(0)?,
                kind: row.get(1)?,
                corpus_id: CorpusId(row.get(2)?),
                other: row.get::<_, Option<i64>>(3)?.map(CorpusId),
                name: row.get(4)?,
                entity_type: read_type(row, 5)?,
            })
        });
        read.map_err(|source| self.error(source))
    }
}
