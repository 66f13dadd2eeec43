//! Erasure: a document, or all that is known of a person. Rows, search index, contexts and history go; the bytes of the file
//! are overwritten.

use super::database::Result;
use super::document::CorpusId;
use super::error::{CorpusError, DecisionError};
use super::link;
use super::meaning::Meaning;
use super::store::CorpusStore;
use crate::name::{Form, Key, Strength};
use rusqlite::params;
use std::collections::BTreeSet;

/// What was erased.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Erased {
    /// Documents that are gone, or of which a name is gone.
    pub documents: usize,
    /// Entities of which nothing is left.
    pub entities: Vec<CorpusId>,
    /// Entities that were merged because of a document that is gone, and are two again.
    pub parted: Vec<CorpusId>,
}

impl CorpusStore {
    /// Removes documents, with all that only they had said. Entities that no other document mentions are erased; their ids
    /// are never given again. Merges that only these documents had brought about are taken back.
    ///
    /// # Errors
    /// If one of them is not in the store, or it cannot be written; nothing is removed then.
    pub fn remove_documents(&mut self, documents: &[String]) -> std::result::Result<Erased, CorpusError> {
        self.secure()?;
        let erased = self.batch(|store| {
            let mut erased = Erased::default();
            for name in documents {
                let id = store.transact(|store| store.database.document_id(name))?;
                let id = id.ok_or_else(|| DecisionError::NoDocument(name.clone()))?;
                store.transact(|store| store.remove_document(id, name, &mut erased))?;
            }
            Ok::<_, CorpusError>(erased)
        })?;
        self.overwrite()?;
        Ok(erased)
    }

    fn remove_document(&mut self, id: i64, name: &str, erased: &mut Erased) -> Result<()> {
        let members = self.withdraw(id)?;
        self.database.execute("DELETE FROM document WHERE id = ?1", [id])?;
        self.database.execute("DELETE FROM name WHERE documents <= 0", [])?;
        erased.documents += 1;
        erased.parted.extend(self.part_again(name)?);
        let touched: BTreeSet<i64> = members.iter().map(|member| member.entity).collect();
        for entity in touched {
            self.recount(entity)?;
            let sql = "SELECT documents FROM entity WHERE id = ?1";
            if self.database.one(sql, [entity], |row| row.get::<_, i64>(0))? == Some(0) {
                self.erase_entity(entity)?;
                erased.entities.push(CorpusId(entity));
            }
        }
        self.database.execute("UPDATE history SET document = NULL WHERE document = ?1", [name])?;
        for kept in self.kept_decisions()? {
            let without = |meaning: &Meaning| Meaning {
                documents: meaning.documents.iter().filter(|document| *document != name).cloned().collect(),
                ..meaning.clone()
            };
            let (subject, object) = (without(&kept.subject), without(&kept.object));
            if subject != kept.subject || object != kept.object {
                let json = |meaning: &Meaning| serde_json::to_string(meaning).unwrap_or_default();
                let sql = "UPDATE decision SET subject = ?2, object = ?3 WHERE id = ?1";
                self.database.execute(sql, params![kept.id, json(&subject), json(&object)])?;
            }
        }
        self.keep_only_known_names()?;
        self.load_decisions()
    }

    /// Takes back what only the document of this name had merged: unless another document calls an entity by names of both.
    fn part_again(&mut self, document: &str) -> Result<Vec<CorpusId>> {
        let sql = "SELECT entity, other FROM history WHERE kind = 'merge' AND document = ?1 ORDER BY id DESC";
        let merges: Vec<(i64, i64)> = self.database.all(sql, [document], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut parted = Vec::new();
        for (_, gone) in merges {
            let Some(whole) = self.database.survivor(gone)?.filter(|whole| *whole != gone) else { continue };
            let brought = self.brought_by(gone, whole)?;
            let all = self.database.members_of_entity(whole)?;
            if brought.is_empty() || brought.len() == all.len() {
                continue;
            }
            let theirs = self.meaning_of_members(&brought)?;
            let places: BTreeSet<(i64, i64)> = brought.iter().map(|member| (member.document, member.number)).collect();
            let others = all.iter().filter(|member| !places.contains(&(member.document, member.number)));
            // Another document that calls the rest by a name of theirs.
            if others.into_iter().any(|member| theirs.fits(member)) {
                continue;
            }
            self.revive(gone, whole, &brought, "")?;
            self.database.record("split", whole, gone, None, "its reason was removed", None)?;
            parted.push(CorpusId(gone));
        }
        Ok(parted)
    }

    /// Forgets an entity: all that documents say of it, its names, and what was merged into it. What is called so is not
    /// linked any more, in these documents nor in later ones; only digests of its names are kept, to know it by.
    ///
    /// # Errors
    /// If it is unknown or the store cannot be written; nothing is forgotten then.
    pub fn forget(&mut self, entity: CorpusId) -> std::result::Result<Erased, CorpusError> {
        self.secure()?;
        let erased = self.batch(|store| {
            let id = store.known(entity)?;
            store.transact(|store| store.forget_entity(id))
        })?;
        self.overwrite()?;
        Ok(erased)
    }

    fn forget_entity(&mut self, id: i64) -> Result<Erased> {
        let members = self.database.members_of_entity(id)?;
        let documents: BTreeSet<i64> = members.iter().map(|member| member.document).collect();
        let mut gone: BTreeSet<Key> = BTreeSet::new();
        for member in &members {
            let names = std::iter::once(&member.name).chain(member.aliases.iter().map(|alias| &alias.text));
            for form in names.filter_map(|name| Form::parse(name, member.entity_type)) {
                // A family name alone may be another's, but not where this one bore it.
                let everywhere = matches!(form.strength, Strength::Full | Strength::Word);
                let place = if everywhere { 0 } else { member.document };
                let sql = "INSERT OR IGNORE INTO forgotten (key, type, document) VALUES (?1, ?2, ?3)";
                self.database.execute(sql, params![form.key, member.entity_type.label(), place])?;
                gone.insert(form.key);
            }
            let sql = "DELETE FROM member WHERE document = ?1 AND number = ?2";
            self.database.execute(sql, [member.document, member.number])?;
        }
        for &document in &documents {
            let before = self.database.document_context(document)?;
            self.database.count_names(&before, -1)?;
            let left = self.database.members_of_document(document)?;
            let newcomers: Vec<_> = left.iter().map(link::newcomer_of).collect();
            let context = link::context(&newcomers);
            self.database.set_context(document, &context)?;
            self.database.count_names(&context, 1)?;
            self.database.execute("DELETE FROM analysis WHERE document = ?1", [document])?;
        }
        self.database.execute("DELETE FROM name WHERE documents <= 0", [])?;
        self.erase_entity(id)?;
        self.profiles.clear();
        self.keep_only_known_names()?;
        self.load_forgotten()?;
        self.load_decisions()?;
        Ok(Erased { documents: documents.len(), entities: vec![CorpusId(id)], parted: Vec::new() })
    }

    /// Empties the rows of an entity and of all that was merged into it; the ids stay, so that none is given again.
    fn erase_entity(&mut self, id: i64) -> Result<()> {
        for part in self.parts_of(id)? {
            self.database.remove_aliases(part, false)?;
            self.database.execute("DELETE FROM block WHERE entity = ?1", [part])?;
            let sql = "UPDATE entity SET name = '', knowledge_id = NULL, table_key = NULL, documents = 0, mentions = 0,
                           last_document = NULL, erased = 1 WHERE id = ?1";
            self.database.execute(sql, [part])?;
            self.database.execute("DELETE FROM history WHERE entity = ?1 OR other = ?1", [part])?;
            self.database.execute("DELETE FROM decision WHERE entity = ?1 OR other = ?1", [part])?;
            self.profiles.remove(&part);
        }
        self.database.tell("removed", id, None)?;
        Ok(())
    }

    /// Decisions keep no name that no document of the store bears, but for those that a person gave, and those of decisions
    /// that wait for their documents.
    fn keep_only_known_names(&self) -> Result<()> {
        for kept in self.kept_decisions()?.into_iter().filter(|kept| kept.entity.is_some()) {
            let known = |meaning: &Meaning| -> Result<Meaning> {
                let mut names = Vec::new();
                for name in &meaning.names {
                    let sql = "SELECT 1 FROM alias WHERE entity IN (?1, ?2) AND text = ?3";
                    let survivor = |id: Option<i64>| match id {
                        Some(id) => self.database.survivor(id),
                        None => Ok(None),
                    };
                    let (one, other) = (survivor(kept.entity)?, survivor(kept.other)?);
                    if self.database.one(sql, params![one, other, name], |_| Ok(()))?.is_some() {
                        names.push(name.clone());
                    }
                }
                Ok(Meaning { names, ..meaning.clone() })
            };
            let json = |meaning: &Meaning| serde_json::to_string(meaning).unwrap_or_default();
            let sql = "UPDATE decision SET subject = ?2, object = ?3 WHERE id = ?1";
            let (subject, object) = (known(&kept.subject)?, known(&kept.object)?);
            if subject != kept.subject || object != kept.object {
                self.database.execute(sql, params![kept.id, json(&subject), json(&object)])?;
            }
            if let Some(former) = &kept.former
                && kept.kind == super::decision::DecisionKind::Rename
            {
                let sql = "UPDATE decision SET former = NULL WHERE id = ?1 AND NOT EXISTS
                               (SELECT 1 FROM alias WHERE entity = decision.entity AND text = ?2)";
                self.database.execute(sql, params![kept.id, former])?;
            }
        }
        Ok(())
    }

    /// What is deleted from now on is overwritten with zeros, in the search index too.
    fn secure(&mut self) -> std::result::Result<(), CorpusError> {
        let prepare = |store: &mut Self| -> Result<()> {
            store.make_current()?;
            store.database.connection.pragma_update(None, "secure_delete", true)?;
            store.database.connection.execute_batch("INSERT INTO search (search, rank) VALUES ('secure-delete', 1)")
        };
        prepare(self).map_err(|source| self.error(source))
    }

    /// Makes the search index and the file anew, and empties the log beside it: what was deleted stands nowhere.
    fn overwrite(&mut self) -> std::result::Result<(), CorpusError> {
        let work = |store: &Self| -> Result<()> {
            store.database.connection.execute_batch("INSERT INTO search (search) VALUES ('rebuild'); VACUUM;")?;
            // The row that it returns says whether readers kept it from its work; closing the store does the rest.
            store.database.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
        };
        self.profiles.clear();
        work(self).map_err(|source| self.error(source))
    }
}
