//! Reading the store: lists, search, and all that is known of one entity.

use super::database::{Result, read_type};
use super::document::CorpusId;
use super::error::{CorpusError, DecisionError};
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use rusqlite::{Row, params};
use serde::Serialize;

/// A corpus entity in short.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CorpusEntity {
    /// Identifier.
    pub corpus_id: CorpusId,
    /// Canonical name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// Documents that mention it.
    pub documents: u64,
    /// Mentions in all documents.
    pub mentions: u64,
    /// Entry in a knowledge base or alias table, where one is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub knowledge_id: Option<String>,
}

/// A corpus entity with all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EntityDetail {
    /// The entity.
    #[serde(flatten)]
    pub entity: CorpusEntity,
    /// Its surface forms, most frequent first.
    pub aliases: Vec<NameCount>,
    /// Its latest documents and why each was joined.
    pub memberships: Vec<Membership>,
    /// Entities that the same documents mention, most frequent first.
    pub companions: Vec<Companion>,
    /// Merges and splits, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// A surface form and its uses.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NameCount {
    /// The form.
    pub text: String,
    /// Documents that use it.
    pub documents: u64,
    /// Mentions with it; none for a name that a knowledge table gave.
    pub mentions: u64,
}

/// A document of an entity.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Membership {
    /// Id of the document.
    pub document: String,
    /// Canonical name in the document.
    pub name: String,
    /// Mentions in the document.
    pub mentions: u64,
    /// Why it was joined.
    pub reason: String,
    /// Probability of the join.
    pub score: f64,
}

/// An entity beside another.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Companion {
    /// Identifier.
    pub corpus_id: CorpusId,
    /// Canonical name.
    pub name: String,
    /// Type.
    #[serde(rename = "type")]
    pub entity_type: EntityType,
    /// Of the entity's latest documents, those that mention both.
    pub documents: u64,
}

/// A merge or split.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct HistoryEntry {
    /// `merge` or `split`.
    pub kind: String,
    /// The entity that stayed.
    pub entity: CorpusId,
    /// The entity that went into it, or came out of it.
    pub other: CorpusId,
    /// Name of that entity at the time it was last one of its own.
    pub other_name: String,
    /// The document that gave the reason.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// Why.
    pub reason: String,
    /// Probability, where one was weighed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
}

/// Latest documents in which companions are counted, so that a country of a hundred thousand documents shows at once.
const COMPANY: usize = 1000;

impl CorpusStore {
    /// Entities that some document mentions, those of most documents first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn entities(
        &self,
        entity_type: Option<EntityType>,
        limit: usize,
    ) -> std::result::Result<Vec<CorpusEntity>, CorpusError> {
        let sql = "SELECT id, name, type, documents, mentions, knowledge_id FROM entity
                   WHERE documents > 0 AND (?1 IS NULL OR type = ?1) ORDER BY documents DESC, id LIMIT ?2";
        let label = entity_type.map(EntityType::label);
        self.database.all(sql, params![label, limit], read_entity).map_err(|source| self.error(source))
    }

    /// Entities with a name that holds all words of `text`, or words that begin with them; those of most documents first.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn search(
        &self,
        text: &str,
        entity_type: Option<EntityType>,
        limit: usize,
    ) -> std::result::Result<Vec<CorpusEntity>, CorpusError> {
        // Each word in quotes: nothing that a user types is an operator.
        let words = text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
        let query = words.map(|word| format!("\"{}\"*", word.replace('"', "\"\""))).collect::<Vec<_>>().join(" ");
        if query.is_empty() {
            return Ok(Vec::new());
        }
        let sql = "SELECT id, name, type, documents, mentions, knowledge_id FROM entity
                   WHERE id IN (SELECT alias.entity FROM search JOIN alias ON alias.id = search.rowid
                                WHERE search MATCH ?1)
                   AND (?2 IS NULL OR type = ?2) ORDER BY documents DESC, id LIMIT ?3";
        let label = entity_type.map(EntityType::label);
        self.database.all(sql, params![query, label, limit], read_entity).map_err(|source| self.error(source))
    }

    /// The entity that bears a name, compared letter by letter without case.
    ///
    /// # Errors
    /// If none or several do, or the store cannot be read.
    pub fn entity_named(&self, name: &str) -> std::result::Result<CorpusId, CorpusError> {
        let found = self.search(name, None, 1000)?;
        let mut ids = Vec::new();
        for entity in found {
            let sql = "SELECT text FROM alias WHERE entity = ?1";
            let names: Vec<String> =
                self.database.all(sql, [entity.corpus_id.0], |row| row.get(0)).map_err(|source| self.error(source))?;
            if names.iter().chain([&entity.name]).any(|known| known.to_lowercase() == name.to_lowercase()) {
                ids.push(entity.corpus_id);
            }
        }
        match ids[..] {
            [only] => Ok(only),
            [] => Err(DecisionError::NoEntityNamed(name.to_owned()).into()),
            _ => {
                let ids = ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                Err(DecisionError::SeveralNamed { name: name.to_owned(), ids }.into())
            }
        }
    }

    /// All that is known of an entity; of one that was merged, of what it became. Lists hold at most `limit` rows.
    ///
    /// # Errors
    /// If there is no such entity or the store cannot be read.
    pub fn detail(&self, id: CorpusId, limit: usize) -> std::result::Result<EntityDetail, CorpusError> {
        let id = self.known(id)?;
        self.read_detail(id, limit).map_err(|source| self.error(source))
    }

    fn read_detail(&self, id: i64, limit: usize) -> Result<EntityDetail> {
        let sql = "SELECT id, name, type, documents, mentions, knowledge_id FROM entity WHERE id = ?1";
        let entity = self.database.connection.query_row(sql, [id], read_entity)?;
        let sql = "SELECT text, documents, mentions FROM alias WHERE entity = ?1
                   ORDER BY mentions DESC, documents DESC, id LIMIT ?2";
        let aliases = self.database.all(sql, params![id, limit], |row| {
            Ok(NameCount { text: row.get(0)?, documents: row.get(1)?, mentions: row.get(2)? })
        })?;
        let sql = "SELECT document.name, member.name, member.mentions, member.reason, member.score
                   FROM member JOIN document ON document.id = member.document
                   WHERE member.entity = ?1 ORDER BY member.document DESC, member.number LIMIT ?2";
        let memberships = self.database.all(sql, params![id, limit], |row| {
            Ok(Membership {
                document: row.get(0)?,
                name: row.get(1)?,
                mentions: row.get(2)?,
                reason: row.get(3)?,
                score: row.get(4)?,
            })
        })?;
        let sql = "SELECT entity.id, entity.name, entity.type, beside.documents FROM
                       (SELECT other.entity AS id, count(DISTINCT other.document) AS documents
                        FROM (SELECT DISTINCT document FROM member WHERE entity = ?1 ORDER BY document DESC LIMIT ?3) AS mine
                        JOIN member AS other ON other.document = mine.document AND other.entity <> ?1
                        GROUP BY other.entity) AS beside
                   JOIN entity ON entity.id = beside.id
                   ORDER BY beside.documents DESC, entity.id LIMIT ?2";
        let companions = self.database.all(sql, params![id, limit, COMPANY], |row| {
            Ok(Companion {
                corpus_id: CorpusId(row.get(0)?),
                name: row.get(1)?,
                entity_type: read_type(row, 2)?,
                documents: row.get(3)?,
            })
        })?;
        Ok(EntityDetail { entity, aliases, memberships, companions, history: self.history(id)? })
    }

    /// The history of an entity and of all that went into it.
    fn history(&self, id: i64) -> Result<Vec<HistoryEntry>> {
        let sql = "WITH RECURSIVE part (id) AS
                       (SELECT ?1 UNION SELECT history.other FROM history JOIN part ON history.entity = part.id
                        WHERE history.kind = 'merge')
                   SELECT history.kind, history.entity, history.other, entity.name, history.document, history.reason,
                          history.score
                   FROM history JOIN entity ON entity.id = history.other
                   WHERE history.entity IN part OR history.other IN part ORDER BY history.id";
        self.database.all(sql, [id], |row| {
            Ok(HistoryEntry {
                kind: row.get(0)?,
                entity: CorpusId(row.get(1)?),
                other: CorpusId(row.get(2)?),
                other_name: row.get(3)?,
                document: row.get(4)?,
                reason: row.get(5)?,
                score: row.get(6)?,
            })
        })
    }
}

fn read_entity(row: &Row<'_>) -> Result<CorpusEntity> {
    Ok(CorpusEntity {
        corpus_id: CorpusId(row.get(0)?),
        name: row.get(1)?,
        entity_type: read_type(row, 2)?,
        documents: row.get(3)?,
        mentions: row.get(4)?,
        knowledge_id: row.get(5)?,
    })
}
