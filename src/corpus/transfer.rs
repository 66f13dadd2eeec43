//! Decisions as CSV, to carry them to another store: each says by names, types and documents whom it means.

use super::database::Result;
use super::decision::{Author, DecisionKind, Kept, pair};
use super::document::CorpusId;
use super::error::{CorpusError, DecisionError};
use super::meaning::Meaning;
use super::store::CorpusStore;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::io::{Read, Write};

/// A decision; a row of the exported CSV. Lists are JSON arrays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// What was decided.
    pub decision: DecisionKind,
    /// Id of the entity in the store that wrote the row; empty where none of its documents was in it.
    #[serde(default)]
    pub entity: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Id of the other entity, where there is one.
    #[serde(default)]
    pub other: String,
    /// Its name.
    #[serde(default)]
    pub other_name: String,
    /// The name of a pin or rename, the type of a retype.
    #[serde(default)]
    pub alias: String,
    /// The document of a split, where it is one.
    #[serde(default)]
    pub document: String,
    /// Type of the entity.
    #[serde(default, rename = "type")]
    pub entity_type: String,
    /// Its surface names.
    #[serde(default)]
    pub names: String,
    /// Documents by which it is found.
    #[serde(default)]
    pub documents: String,
    /// Type of the other entity.
    #[serde(default)]
    pub other_type: String,
    /// Surface names of the other.
    #[serde(default)]
    pub other_names: String,
    /// The documents that name the other.
    #[serde(default)]
    pub other_documents: String,
    /// When it was made, in UTC.
    #[serde(default)]
    pub time: String,
    /// Who made it.
    #[serde(default)]
    pub by: String,
    /// What was noted.
    #[serde(default)]
    pub note: String,
}

/// What an import has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Decisions that were carried out.
    pub new: usize,
    /// Decisions that held already.
    pub known: usize,
    /// Decisions that wait until a document that they speak of is linked.
    pub waiting: usize,
}

/// What became of one decision.
enum Outcome {
    New,
    Known,
    Waiting,
}

impl CorpusStore {
    /// All decisions in the order in which they were made, but for those that were taken back.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn decisions(&self) -> std::result::Result<Vec<Decision>, CorpusError> {
        if !self.is_current {
            return self.older_decisions().map_err(|source| self.error(source));
        }
        let read = || -> Result<Vec<Decision>> {
            self.kept_decisions()?.into_iter().filter(|kept| !kept.undone).map(|kept| self.written(kept)).collect()
        };
        read().map_err(|source| self.error(source))
    }

    fn written(&self, kept: Kept) -> Result<Decision> {
        let name = |id: Option<i64>, meaning: &Meaning| -> Result<String> {
            let name = id.map(|id| self.database.entity_name(id)).transpose()?.flatten();
            Ok(name.filter(|name| !name.is_empty()).or_else(|| meaning.names.first().cloned()).unwrap_or_default())
        };
        let id = |id: Option<i64>| id.map(|id| CorpusId(id).to_string()).unwrap_or_default();
        let has_other = kept.has_other();
        let is_split = kept.kind == DecisionKind::Split;
        let document =
            if is_split && kept.object.documents.len() == 1 { kept.object.documents[0].clone() } else { String::new() };
        Ok(Decision {
            decision: kept.kind,
            entity: id(kept.entity),
            name: name(kept.entity, &kept.subject)?,
            other: id(kept.other),
            other_name: if has_other { name(kept.other, &kept.object)? } else { String::new() },
            alias: kept.value.unwrap_or_default(),
            document,
            names: list(&kept.subject.names),
            documents: list(&kept.subject.documents),
            entity_type: kept.subject.entity_type,
            other_names: list(&kept.object.names),
            other_documents: list(&kept.object.documents),
            other_type: kept.object.entity_type,
            time: kept.time,
            by: kept.author.name,
            note: kept.author.note,
        })
    }

    /// The decisions of a store that was not migrated yet.
    fn older_decisions(&self) -> Result<Vec<Decision>> {
        let sql = "SELECT decision.kind, decision.entity, coalesce(mine.name, ''), decision.other,
                          coalesce(theirs.name, ''), coalesce(decision.alias, ''), coalesce(decision.document, '')
                   FROM decision JOIN entity AS mine ON mine.id = decision.entity
                   LEFT JOIN entity AS theirs ON theirs.id = decision.other ORDER BY decision.id";
        self.database.all(sql, [], |row| {
            let empty = String::new;
            Ok(Decision {
                decision: DecisionKind::of_label(&row.get::<_, String>(0)?),
                entity: CorpusId(row.get(1)?).to_string(),
                name: row.get(2)?,
                other: row.get::<_, Option<i64>>(3)?.map(|id| CorpusId(id).to_string()).unwrap_or_default(),
                other_name: row.get(4)?,
                alias: row.get(5)?,
                document: row.get(6)?,
                entity_type: empty(),
                names: empty(),
                documents: empty(),
                other_type: empty(),
                other_names: empty(),
                other_documents: empty(),
                time: empty(),
                by: empty(),
                note: empty(),
            })
        })
    }

    /// Writes all decisions as CSV.
    ///
    /// # Errors
    /// If the store cannot be read or `out` not be written.
    pub fn export_decisions(&self, out: impl Write) -> std::result::Result<(), CsvExportError> {
        let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(out);
        writer.write_record([
            "decision",
            "entity",
            "name",
            "other",
            "other_name",
            "alias",
            "document",
            "type",
            "names",
            "documents",
            "other_type",
            "other_names",
            "other_documents",
            "time",
            "by",
            "note",
        ])?;
        for decision in self.decisions()? {
            writer.serialize(decision)?;
        }
        writer.flush().map_err(csv::Error::from)?;
        Ok(())
    }

    /// Carries out the decisions of an exported file, all or none; those that hold already are passed over, and those of
    /// which no document is here wait for one.
    ///
    /// # Errors
    /// If a row is wrong; the error names the line.
    pub fn import_decisions(&mut self, source: impl Read, origin: &str) -> std::result::Result<Imported, CorpusError> {
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        self.batch(|store| {
            let fail = |line: u64, reason: String| DecisionError::Import { origin: origin.to_owned(), line, reason };
            let line_of = |position: Option<&csv::Position>| position.map_or(1, csv::Position::line);
            let unreadable = |error: csv::Error| fail(line_of(error.position()), error.to_string());
            let header = reader.headers().map_err(unreadable)?.clone();
            let mut new_ids = HashMap::new();
            let mut imported = Imported::default();
            for record in reader.records() {
                let record = record.map_err(unreadable)?;
                let line = line_of(record.position());
                let row: Decision = record.deserialize(Some(&header)).map_err(|error| fail(line, error.to_string()))?;
                let kept = read(&row).map_err(|reason| fail(line, reason))?;
                match store.carry_out(kept, &row, &mut new_ids).map_err(|error| fail(line, error.to_string()))? {
                    Outcome::New => imported.new += 1,
                    Outcome::Known => imported.known += 1,
                    Outcome::Waiting => imported.waiting += 1,
                }
            }
            Ok(imported)
        })
    }

    /// Carries out what has waited for documents that are here now; returns how many.
    pub(super) fn carry_out_waiting(&mut self) -> std::result::Result<usize, CorpusError> {
        let waiting: Vec<Kept> = self.transact(|store| store.kept_decisions())?;
        let mut done = 0;
        for kept in waiting.into_iter().filter(|kept| kept.entity.is_none() && !kept.undone) {
            let row = self.written(kept.clone()).map_err(|source| self.error(source))?;
            let id = kept.id;
            if self.is_meant(&kept, &row)? {
                self.transact(|store| store.database.execute("DELETE FROM decision WHERE id = ?1", [id]))?;
                self.carry_out(kept, &row, &mut HashMap::new())?;
                done += 1;
            }
        }
        if done > 0 {
            self.transact(CorpusStore::load_decisions)?;
        }
        Ok(done)
    }

    /// Whether all of whom it speaks are here.
    fn is_meant(&mut self, kept: &Kept, row: &Decision) -> std::result::Result<bool, CorpusError> {
        let none = HashMap::new();
        let entity = self.sought(&kept.subject, &row.entity, &row.name, &none)?;
        let other = self.sought(&kept.object, &row.other, &row.other_name, &none)?;
        Ok(entity.is_some() && (!kept.has_other() || other.is_some()))
    }

    fn carry_out(
        &mut self,
        mut kept: Kept,
        row: &Decision,
        new_ids: &mut HashMap<String, i64>,
    ) -> std::result::Result<Outcome, CorpusError> {
        let entity = self.sought(&kept.subject, &row.entity, &row.name, new_ids)?;
        let other = self.sought(&kept.object, &row.other, &row.other_name, new_ids)?;
        let needs_other = kept.has_other();
        (kept.entity, kept.other) = (entity, other.filter(|_| needs_other));
        let (Some(one), false) = (entity, needs_other && other.is_none()) else {
            let same = |known: &Kept| {
                known.kind == kept.kind
                    && known.subject == kept.subject
                    && known.object == kept.object
                    && known.value == kept.value
            };
            if self.transact(|store| store.kept_decisions())?.iter().any(same) {
                return Ok(Outcome::Known);
            }
            (kept.entity, kept.other) = (None, None);
            self.transact(|store| store.decide(kept))?;
            return Ok(Outcome::Waiting);
        };
        self.transact(|store| store.carry_out_on(kept, one, other.unwrap_or(one), row, new_ids))
    }

    fn carry_out_on(
        &mut self,
        mut kept: Kept,
        one: i64,
        two: i64,
        row: &Decision,
        new_ids: &mut HashMap<String, i64>,
    ) -> Result<Outcome> {
        let is_forbidden = self.forbidden.contains(&pair(one, two));
        let known = match kept.kind {
            DecisionKind::Merge | DecisionKind::Forbid => one == two || is_forbidden,
            DecisionKind::Allow => !is_forbidden,
            DecisionKind::Pin => self.holds(&kept, one)?,
            DecisionKind::Rename => self.database.entity_name(one)? == kept.value,
            DecisionKind::Retype => {
                let sql = "SELECT type FROM entity WHERE id = ?1";
                self.database.one(sql, [one], |row| row.get::<_, String>(0))? == kept.value
            }
            DecisionKind::Split | DecisionKind::Move | DecisionKind::Unmerge => false,
        };
        if known {
            return Ok(Outcome::Known);
        }
        match kept.kind {
            DecisionKind::Merge => self.merge_entities(one, two, None, "decided by a person", None)?,
            DecisionKind::Rename => {
                kept.former = self.database.entity_name(one)?;
                let sql = "UPDATE entity SET name = ?2, fixed = fixed | 1 WHERE id = ?1";
                self.database.execute(sql, rusqlite::params![one, kept.value])?;
                self.database.tell("renamed", one, None)?;
            }
            DecisionKind::Retype => {
                let entity_type = crate::entity_type::EntityType::from_label(kept.value.as_deref().unwrap_or_default());
                self.set_type(one, entity_type, true)?;
            }
            DecisionKind::Split | DecisionKind::Unmerge => {
                let members = self.members_meant(&kept.object)?;
                let moving: Vec<_> = members.into_iter().filter(|member| member.entity == one).collect();
                let target = new_ids.get(&row.other).copied().filter(|target| *target != one);
                if moving.is_empty() {
                    let target = if two == one { None } else { Some(two) };
                    let (Some(target), false) = (target, is_forbidden) else { return Ok(Outcome::Known) };
                    kept.other = Some(target);
                } else if let Some(target) = target {
                    self.move_members(&moving, one, target)?;
                    kept.other = Some(target);
                } else {
                    let new = self.split_off(one, &moving)?;
                    kept.other = Some(new);
                }
                if let Some(other) = kept.other {
                    new_ids.insert(row.other.clone(), other);
                }
            }
            DecisionKind::Move => {
                let members = self.members_meant(&kept.object)?;
                let moving: Vec<_> = members.into_iter().filter(|member| member.entity != one).collect();
                let Some(from) = moving.first().map(|member| member.entity) else { return Ok(Outcome::Known) };
                let moving: Vec<_> = moving.into_iter().filter(|member| member.entity == from).collect();
                self.move_members(&moving, from, one)?;
                kept.other = Some(from);
            }
            DecisionKind::Forbid | DecisionKind::Allow | DecisionKind::Pin => {}
        }
        self.decide(kept)?;
        Ok(Outcome::New)
    }

    /// Whether a pin is there already.
    fn holds(&self, kept: &Kept, entity: i64) -> Result<bool> {
        let mut last = None;
        for known in self.kept_decisions()? {
            if known.kind == DecisionKind::Pin && known.value == kept.value && !known.undone {
                last = known.entity;
            }
        }
        let last = last.map(|id| self.database.survivor(id)).transpose()?.flatten();
        Ok(last == Some(entity))
    }

    /// The entity that a row means: the one of its id, if that bears one of the names and stands in the documents; else the
    /// one that is found by these.
    fn sought(
        &mut self,
        meaning: &Meaning,
        id: &str,
        name: &str,
        new_ids: &HashMap<String, i64>,
    ) -> std::result::Result<Option<i64>, CorpusError> {
        if let Some(&id) = new_ids.get(id) {
            return self.transact(|store| store.database.survivor(id));
        }
        self.transact(|store| {
            let mut meaning = meaning.clone();
            if meaning.names.is_empty() && !name.is_empty() {
                meaning.names.push(name.to_owned());
            }
            if let Ok(CorpusId(id)) = id.parse()
                && let Some(survivor) = store.database.survivor(id)?
                && store.is_the_same(id, survivor, &meaning)?
            {
                return Ok(Some(survivor));
            }
            store.entity_meant(&meaning)
        })
    }

    fn is_the_same(&self, id: i64, survivor: i64, meaning: &Meaning) -> Result<bool> {
        let sql = "SELECT name FROM entity WHERE id = ?1 OR id = ?2 UNION SELECT text FROM alias WHERE entity = ?2";
        let names = self.database.all(sql, [id, survivor], |row| row.get::<_, String>(0))?;
        if !names.iter().any(|name| meaning.names.contains(name)) {
            return Ok(false);
        }
        let members = self.members_meant(meaning)?;
        Ok(members.is_empty() || members.iter().any(|member| member.entity == survivor))
    }
}

fn list(items: &[String]) -> String {
    if items.is_empty() { String::new() } else { serde_json::to_string(items).unwrap_or_default() }
}

fn read(row: &Decision) -> std::result::Result<Kept, String> {
    let items = |cell: &str, column: &str| -> std::result::Result<Vec<String>, String> {
        if cell.is_empty() {
            return Ok(Vec::new());
        }
        serde_json::from_str(cell).map_err(|_| format!("'{column}' is no JSON array of strings: {cell}"))
    };
    let ids = [&row.entity, &row.other];
    for id in ids.into_iter().filter(|id| !id.is_empty()) {
        id.parse::<CorpusId>()?;
    }
    let subject = Meaning {
        names: items(&row.names, "names")?,
        entity_type: row.entity_type.clone(),
        documents: items(&row.documents, "documents")?,
    };
    let mut object = Meaning {
        names: items(&row.other_names, "other_names")?,
        entity_type: row.other_type.clone(),
        documents: items(&row.other_documents, "other_documents")?,
    };
    if object.documents.is_empty() && !row.document.is_empty() {
        object.documents.push(row.document.clone());
    }
    if object.names.is_empty() && !row.other_name.is_empty() {
        object.names.push(row.other_name.clone());
    }
    if matches!(row.decision, DecisionKind::Pin | DecisionKind::Rename | DecisionKind::Retype) && row.alias.is_empty() {
        return Err(format!("a {} needs an 'alias'", row.decision.label()));
    }
    let empty = subject == Meaning::default() && row.entity.is_empty() && row.name.is_empty();
    if empty {
        return Err("neither an id nor names say which entity is meant".to_owned());
    }
    Ok(Kept {
        entity: None,
        value: Some(row.alias.clone()).filter(|alias| !alias.is_empty()),
        subject,
        object,
        time: row.time.clone(),
        author: Author { name: row.by.clone(), note: row.note.clone() },
        ..Kept::new(row.decision, 0)
    })
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
