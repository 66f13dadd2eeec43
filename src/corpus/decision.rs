//! What people decide: merge, split, pin, forbid, allow. Each is carried out at once, recorded, kept for all later runs,
//! and can be carried to another store as CSV.

use super::database::Result;
use super::document::{CorpusId, DocumentEntity};
use super::error::{CorpusError, DecisionError};
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use crate::name::Form;
use rusqlite::params;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};
use std::io::{Read, Write};

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DecisionKind {
    /// `entity` and `other` are one; `entity` keeps its id.
    Merge,
    /// In `document`, what was taken for `entity` is `other`.
    Split,
    /// Who is called `alias` is `entity`.
    Pin,
    /// `entity` and `other` are two.
    Forbid,
}

impl DecisionKind {
    const fn label(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Pin => "pin",
            Self::Forbid => "forbid",
        }
    }
}

/// A decision; a row of the exported CSV.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub decision: DecisionKind,
    /// Id of the entity.
    pub entity: String,
    /// Its name, by which an import checks that the id means the same in the other store.
    #[serde(default)]
    pub name: String,
    /// Id of the other entity, for all but `pin`.
    #[serde(default)]
    pub other: String,
    /// Its name.
    #[serde(default)]
    pub other_name: String,
    /// The pinned name.
    #[serde(default)]
    pub alias: String,
    /// The document of a split.
    #[serde(default)]
    pub document: String,
}

impl CorpusStore {
    /// Makes `gone` a part of `kept`, whose id stays. A pair that was forbidden must be allowed first.
    ///
    /// # Errors
    /// If one of them is unknown, both are one already, or they are forbidden to merge.
    pub fn merge(&mut self, kept: CorpusId, gone: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let (one, other) = store.two(kept, gone)?;
            if store.forbidden.contains(&pair(one, other)) {
                return Err(DecisionError::Forbidden(kept, gone).into());
            }
            store.transact(|store| {
                store.decide(DecisionKind::Merge, one, Some(other), None, None)?;
                store.merge_entities(one, other, None, "decided by a person", None)
            })
        })
    }

    /// Moves what `documents` say of `entity` to a new entity, and keeps the two apart from now on.
    ///
    /// # Errors
    /// If the entity is unknown, a document does not mention it, or none would be left.
    pub fn split(&mut self, entity: CorpusId, documents: &[String]) -> std::result::Result<CorpusId, CorpusError> {
        self.batch(|store| {
            let id = store.known(entity)?;
            let members = store.transact(|store| store.database.members_of_entity(id))?;
            let mut moving = BTreeSet::new();
            for name in documents {
                let document = store.transact(|store| store.database.document(name))?.map(|(document, _)| document);
                let found = document.filter(|document| members.iter().any(|member| member.document == *document));
                let missing = || DecisionError::NoMembership { entity, document: name.clone() };
                moving.insert(found.ok_or_else(missing)?);
            }
            if members.iter().all(|member| moving.contains(&member.document)) {
                return Err(DecisionError::NothingLeft(entity).into());
            }
            store.transact(|store| store.split_off(id, &moving, documents)).map(CorpusId)
        })
    }

    fn split_off(&mut self, id: i64, moving: &BTreeSet<i64>, names: &[String]) -> Result<i64> {
        let members = self.database.members_of_entity(id)?;
        let mut leaving = members.iter().filter(|member| moving.contains(&member.document)).peekable();
        let Some(first) = leaving.peek() else { return Ok(id) };
        let new = self.open_entity(&DocumentEntity {
            name: first.name.clone(),
            entity_type: first.entity_type,
            aliases: Vec::new(),
            knowledge_id: None,
        })?;
        for member in leaving {
            self.database.count_entity(id, 0, -member.mentions)?;
            self.database.count_entity(new, 0, member.mentions)?;
            self.count_aliases(id, &member.name, &member.aliases, -1)?;
            self.count_aliases(new, &member.name, &member.aliases, 1)?;
        }
        for document in moving {
            let sql = "UPDATE member SET entity = ?3, reason = 'split' WHERE entity = ?1 AND document = ?2";
            self.database.execute(sql, [id, *document, new])?;
        }
        let count = i64::try_from(moving.len()).unwrap_or(i64::MAX);
        self.database.count_entity(id, -count, 0)?;
        self.database.count_entity(new, count, 0)?;
        self.refresh(id)?;
        self.refresh(new)?;
        for name in names {
            self.decide(DecisionKind::Split, id, Some(new), None, Some(name))?;
            self.database.record("split", id, new, Some(name), "decided by a person", None)?;
        }
        Ok(new)
    }

    /// From now on, whoever is called `alias` is `entity`. What was linked before stays; `merge` and `split` change that.
    ///
    /// # Errors
    /// If the entity is unknown or the name has no letter.
    pub fn pin(&mut self, alias: &str, entity: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let id = store.known(entity)?;
            if Form::parse(alias, EntityType::Misc).is_none() {
                return Err(DecisionError::BlankAlias(alias.to_owned()).into());
            }
            store.transact(|store| {
                store.database.execute("DELETE FROM decision WHERE kind = 'pin' AND alias = ?1", [alias])?;
                store.decide(DecisionKind::Pin, id, None, Some(alias), None)
            })
        })
    }

    /// Keeps two entities apart, whatever the scores say.
    ///
    /// # Errors
    /// If one of them is unknown or both are one.
    pub fn forbid(&mut self, one: CorpusId, other: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let (one, other) = store.two(one, other)?;
            if store.forbidden.contains(&pair(one, other)) {
                return Ok(());
            }
            store.transact(|store| store.decide(DecisionKind::Forbid, one, Some(other), None, None))
        })
    }

    /// Takes back that two entities were forbidden to merge, or split.
    ///
    /// # Errors
    /// If they were not.
    pub fn allow(&mut self, one: CorpusId, other: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let ids = store.two(one, other)?;
            if !store.forbidden.contains(&pair(ids.0, ids.1)) {
                return Err(DecisionError::NotForbidden(one, other).into());
            }
            store.transact(|store| {
                let sql = "SELECT id, entity, other FROM decision WHERE kind IN ('forbid', 'split')";
                let rows = store.database.all(sql, [], |row| Ok((row.get::<_, i64>(0)?, row.get(1)?, row.get(2)?)))?;
                for (row, a, b) in rows {
                    if store.surviving_pair(a, b)? == Some(pair(ids.0, ids.1)) {
                        store.database.execute("DELETE FROM decision WHERE id = ?1", [row])?;
                    }
                }
                store.load_decisions()
            })
        })
    }

    /// All decisions in the order in which they were made.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn decisions(&self) -> std::result::Result<Vec<Decision>, CorpusError> {
        let sql = "SELECT decision.kind, decision.entity, coalesce(mine.name, ''), decision.other,
                          coalesce(theirs.name, ''), coalesce(decision.alias, ''), coalesce(decision.document, '')
                   FROM decision JOIN entity AS mine ON mine.id = decision.entity
                   LEFT JOIN entity AS theirs ON theirs.id = decision.other ORDER BY decision.id";
        let read = |row: &rusqlite::Row<'_>| {
            let kind: String = row.get(0)?;
            Ok(Decision {
                decision: match kind.as_str() {
                    "merge" => DecisionKind::Merge,
                    "split" => DecisionKind::Split,
                    "pin" => DecisionKind::Pin,
                    _ => DecisionKind::Forbid,
                },
                entity: CorpusId(row.get(1)?).to_string(),
                name: row.get(2)?,
                other: row.get::<_, Option<i64>>(3)?.map(|id| CorpusId(id).to_string()).unwrap_or_default(),
                other_name: row.get(4)?,
                alias: row.get(5)?,
                document: row.get(6)?,
            })
        };
        self.database.all(sql, [], read).map_err(|source| self.error(source))
    }

    /// Writes all decisions as CSV.
    ///
    /// # Errors
    /// If the store cannot be read or `out` not be written.
    pub fn export_decisions(&self, out: impl Write) -> std::result::Result<(), CsvExportError> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        writer.write_record(["decision", "entity", "name", "other", "other_name", "alias", "document"])?;
        for decision in self.decisions()? {
            writer.serialize(decision)?;
        }
        writer.flush().map_err(csv::Error::from)?;
        Ok(())
    }

    /// Carries out the decisions of an exported file, all or none; those that hold already are passed over. Returns how
    /// many were new.
    ///
    /// # Errors
    /// If a row is wrong or cannot be carried out; the error names the line.
    pub fn import_decisions(&mut self, source: impl Read, origin: &str) -> std::result::Result<usize, CorpusError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        self.batch(|store| {
            let fail = |line: u64, reason: String| DecisionError::Import { origin: origin.to_owned(), line, reason };
            let line_of = |position: Option<&csv::Position>| position.map_or(1, csv::Position::line);
            let unreadable = |error: csv::Error| fail(line_of(error.position()), error.to_string());
            let header = reader.headers().map_err(unreadable)?.clone();
            let mut new_ids = HashMap::new();
            let mut carried_out = 0;
            for record in reader.records() {
                let record = record.map_err(unreadable)?;
                let line = line_of(record.position());
                let row = record.deserialize(Some(&header)).map_err(|error| fail(line, error.to_string()))?;
                let is_new = store.import(&row, &mut new_ids).map_err(|error| fail(line, error.to_string()))?;
                carried_out += usize::from(is_new);
            }
            Ok(carried_out)
        })
    }

    /// Carries out one row; whether it was news.
    fn import(
        &mut self,
        row: &Decision,
        new_ids: &mut HashMap<String, CorpusId>,
    ) -> std::result::Result<bool, ImportFault> {
        let entity = self.imported_id(&row.entity, &row.name, new_ids)?;
        match row.decision {
            DecisionKind::Pin => {
                let before = self.decisions()?.len();
                let known = self.pins.clone();
                self.pin(&row.alias, entity)?;
                Ok(self.decisions()?.len() > before || known != self.pins)
            }
            DecisionKind::Merge | DecisionKind::Forbid => {
                let other = self.imported_id(&row.other, &row.other_name, new_ids)?;
                let merging = row.decision == DecisionKind::Merge;
                let (one, two) = (self.known(entity)?, self.known(other)?);
                let holds = if merging { one == two } else { self.forbidden.contains(&pair(one, two)) };
                if !holds && merging {
                    self.merge(entity, other)?;
                } else if !holds {
                    self.forbid(entity, other)?;
                }
                Ok(!holds)
            }
            DecisionKind::Split => {
                let id = self.known(entity)?;
                let document = self.transact(|store| store.database.document(&row.document))?;
                let Some((document, _)) = document else {
                    return Err(ImportFault::Row(format!("there is no document '{}' in this store", row.document)));
                };
                let members = self.transact(|store| store.database.members_of_document(document))?;
                if !members.iter().any(|member| member.entity == id) {
                    return Ok(false);
                }
                if let Some(new) = new_ids.get(&row.other).copied() {
                    self.transact(|store| store.move_document(id, new.0, document, &row.document))?;
                } else {
                    let new = self.split(entity, std::slice::from_ref(&row.document))?;
                    new_ids.insert(row.other.clone(), new);
                }
                Ok(true)
            }
        }
    }

    /// Moves one more document to an entity that was split off before.
    fn move_document(&mut self, from: i64, to: i64, document: i64, name: &str) -> Result<()> {
        let moving = BTreeSet::from([document]);
        let new = self.split_off(from, &moving, &[])?;
        self.merge_entities(to, new, Some(name), "decided by a person", None)?;
        self.decide(DecisionKind::Split, from, Some(to), None, Some(name))?;
        self.database.record("split", from, to, Some(name), "decided by a person", None)?;
        Ok(())
    }

    fn imported_id(
        &mut self,
        text: &str,
        name: &str,
        new_ids: &HashMap<String, CorpusId>,
    ) -> std::result::Result<CorpusId, ImportFault> {
        if let Some(&id) = new_ids.get(text) {
            return Ok(id);
        }
        let id: CorpusId = text.parse().map_err(ImportFault::Row)?;
        let survivor = self.known(id)?;
        let sql = "SELECT name FROM entity WHERE id = ?1 OR id = ?2 UNION SELECT text FROM alias WHERE entity = ?2";
        let names = self.transact(|store| store.database.all(sql, [id.0, survivor], |row| row.get::<_, String>(0)))?;
        if name.is_empty() || names.iter().any(|known| known == name) {
            return Ok(id);
        }
        let here = names.first().cloned().unwrap_or_default();
        Err(ImportFault::Row(format!(
            "{id} is '{here}' in this store, not '{name}': the file belongs to another store"
        )))
    }

    fn decide(
        &mut self,
        kind: DecisionKind,
        entity: i64,
        other: Option<i64>,
        alias: Option<&str>,
        document: Option<&str>,
    ) -> Result<()> {
        let sql = "INSERT INTO decision (kind, entity, other, alias, document) VALUES (?1, ?2, ?3, ?4, ?5)";
        self.database.execute(sql, params![kind.label(), entity, other, alias, document])?;
        self.load_decisions()
    }

    /// Reads the decisions that linking must respect, as they stand after merges.
    pub(super) fn load_decisions(&mut self) -> Result<()> {
        self.pins.clear();
        self.forbidden.clear();
        let sql = "SELECT kind, entity, other, alias FROM decision WHERE kind <> 'merge' ORDER BY id";
        let rows = self.database.all(sql, [], |row| {
            Ok((
                row.get::<_, String>(0)?,
                row.get::<_, i64>(1)?,
                row.get::<_, Option<i64>>(2)?,
                row.get::<_, Option<String>>(3)?,
            ))
        })?;
        for (kind, entity, other, alias) in rows {
            match (kind.as_str(), other, alias) {
                ("pin", _, Some(alias)) => {
                    let Some(id) = self.database.survivor(entity)? else { continue };
                    let sql = "SELECT type FROM entity WHERE id = ?1";
                    let found = self.database.one(sql, [id], |row| super::database::read_type(row, 0))?;
                    let Some(entity_type) = found else { continue };
                    for of_type in types_that_may_join(entity_type) {
                        if let Some(form) = Form::parse(&alias, of_type) {
                            self.pins.insert((form.key, of_type), id);
                        }
                    }
                }
                (_, Some(other), _) => self.forbidden.extend(self.surviving_pair(entity, other)?),
                _ => {}
            }
        }
        Ok(())
    }

    fn surviving_pair(&self, one: i64, other: i64) -> Result<Option<(i64, i64)>> {
        let (one, other) = (self.database.survivor(one)?, self.database.survivor(other)?);
        Ok(one.zip(other).map(|(one, other)| pair(one, other)).filter(|(one, other)| one != other))
    }

    /// The entity that `id` stands for today.
    pub(super) fn known(&self, id: CorpusId) -> std::result::Result<i64, CorpusError> {
        let survivor = self.database.survivor(id.0).map_err(|source| self.error(source))?;
        survivor.ok_or(CorpusError::Decision(DecisionError::NoEntity(id)))
    }

    fn two(&self, one: CorpusId, other: CorpusId) -> std::result::Result<(i64, i64), CorpusError> {
        let ids = (self.known(one)?, self.known(other)?);
        if ids.0 == ids.1 {
            return Err(DecisionError::SameEntity(one, other).into());
        }
        Ok(ids)
    }
}

/// Decisions could not be exported.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CsvExportError {
    /// The store could not be read.
    #[error(transparent)]
    Store(#[from] CorpusError),
    /// The rows could not be written.
    #[error("cannot write the decisions: {0}")]
    Write(#[from] csv::Error),
}

/// Why a row cannot be carried out; the caller adds the line.
#[derive(Debug, thiserror::Error)]
enum ImportFault {
    #[error("{0}")]
    Row(String),
    #[error(transparent)]
    Store(#[from] CorpusError),
}

/// The types of document entities that a name pinned to an entity of `entity_type` may stand for.
fn types_that_may_join(entity_type: EntityType) -> Vec<EntityType> {
    if !entity_type.is_known() {
        return vec![entity_type];
    }
    let same_class = |of: &EntityType| (*of == EntityType::Per) == (entity_type == EntityType::Per);
    EntityType::KNOWN.into_iter().filter(same_class).collect()
}

const fn pair(one: i64, other: i64) -> (i64, i64) {
    if one < other { (one, other) } else { (other, one) }
}
