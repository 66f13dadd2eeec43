//! Reading the store document by document: whom each of them names.

use super::database::{Result, read_type, unpack_aliases};
use super::document::CorpusId;
use super::error::CorpusError;
use super::store::CorpusStore;
use crate::entity::Alias;
use crate::entity_type::EntityType;
use rusqlite::params;

/// An entity of a document, with what the whole corpus calls it.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentMember {
    /// The corpus entity.
    pub corpus_id: CorpusId,
    /// Its canonical name.
    pub name: String,
    /// Its type.
    pub entity_type: EntityType,
    /// Its entry in a knowledge base, where one is known.
    pub knowledge_id: Option<String>,
    /// Surface forms in this document.
    pub aliases: Vec<Alias>,
}

/// A place in the list of documents, to go on from.
#[derive(Debug, Clone, Copy, Default)]
pub struct DocumentPlace(i64);

impl CorpusStore {
    /// The id of the document after `place`, in the order in which they were linked first; `place` moves on to it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn next_document(&self, place: &mut DocumentPlace) -> std::result::Result<Option<String>, CorpusError> {
        let sql = "SELECT id, name FROM document WHERE id > ?1 ORDER BY id LIMIT 1";
        let next: Option<(i64, String)> = self
            .database
            .one(sql, [place.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .map_err(|source| self.error(source))?;
        Ok(next.map(|(id, name)| {
            place.0 = id;
            name
        }))
    }

    /// The entities of a document in the order in which they were linked; `None` if the store does not know it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn members(&self, document: &str) -> std::result::Result<Option<Vec<DocumentMember>>, CorpusError> {
        self.read_members(document).map_err(|source| self.error(source))
    }

    fn read_members(&self, document: &str) -> Result<Option<Vec<DocumentMember>>> {
        let Some(id) = self.database.document_id(document)? else { return Ok(None) };
        let sql = "SELECT entity.id, entity.name, entity.type, entity.knowledge_id, member.aliases
                   FROM member JOIN entity ON entity.id = member.entity WHERE member.document = ?1 ORDER BY member.number";
        let members = self.database.all(sql, params![id], |row| {
            Ok(DocumentMember {
                corpus_id: CorpusId(row.get(0)?),
                name: row.get(1)?,
                entity_type: read_type(row, 2)?,
                knowledge_id: row.get(3)?,
                aliases: unpack_aliases(&row.get::<_, String>(4)?),
            })
        })?;
        Ok(Some(members))
    }
}
