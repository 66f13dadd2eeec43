//! Taking decisions back, and what has become of each.

use super::database::Result;
use super::decision::{DecisionKind, Kept};
use super::document::CorpusId;
use super::error::{CorpusError, DecisionError};
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use serde::Serialize;

/// A decision with its story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoggedDecision {
    /// Its number, by which decisions are ordered.
    pub number: i64,
    /// What was decided.
    pub decision: DecisionKind,
    /// The entity; none while no document of it is in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub entity: Option<CorpusId>,
    /// The other entity, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<CorpusId>,
    /// By what names they are known.
    pub names: Vec<String>,
    /// The documents of a split, move or merge.
    pub documents: Vec<String>,
    /// The name of a pin or rename, the type of a retype.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// When, in UTC.
    pub time: String,
    /// Who.
    pub by: String,
    /// Why.
    pub note: String,
    /// Whether it was taken back.
    pub undone: bool,
    /// Whether linking respects it.
    pub applies: bool,
    /// Why not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl CorpusStore {
    /// Takes the last `count` decisions back, the last first, and returns their kinds with the entities that they spoke of.
    /// Erasure cannot be taken back.
    ///
    /// # Errors
    /// If there are fewer decisions, or one cannot be taken back because later documents or decisions hang on it; none is
    /// taken back then.
    pub fn undo(&mut self, count: usize) -> std::result::Result<Vec<(DecisionKind, CorpusId)>, CorpusError> {
        self.batch(|store| {
            let kept = store.transact(|store| store.kept_decisions())?;
            let last: Vec<Kept> = kept.into_iter().rev().filter(|kept| !kept.undone).take(count).collect();
            if last.len() < count {
                return Err(DecisionError::NothingToUndo { asked: count, found: last.len() }.into());
            }
            let mut undone = Vec::new();
            for kept in last {
                let entity = CorpusId(kept.entity.unwrap_or_default());
                store.take_back(&kept)?;
                undone.push((kept.kind, entity));
            }
            Ok(undone)
        })
    }

    fn take_back(&mut self, kept: &Kept) -> std::result::Result<(), CorpusError> {
        let fail = |reason: &str| DecisionError::CannotUndo {
            kind: kept.kind.label(),
            number: kept.id,
            reason: reason.to_owned(),
        };
        let mark = |store: &mut Self| -> Result<()> {
            store.database.execute("UPDATE decision SET undone = 1 WHERE id = ?1", [kept.id])?;
            store.load_decisions()
        };
        let (entity, other) = match (kept.entity, kept.other) {
            (Some(entity), other) => (entity, other.unwrap_or(entity)),
            (None, _) => return self.transact(mark),
        };
        let (one, two) = self.transact(|store| {
            Ok((store.database.survivor(entity)?.unwrap_or(entity), store.database.survivor(other)?.unwrap_or(other)))
        })?;
        match kept.kind {
            DecisionKind::Pin | DecisionKind::Forbid | DecisionKind::Allow => {}
            DecisionKind::Merge => {
                if one == other {
                    return Err(fail("the other is the survivor of a later merge").into());
                }
                let members = self.transact(|store| store.brought_by(other, one))?;
                if two == one && !members.is_empty() {
                    self.transact(|store| {
                        store.revive(other, one, &members, "")?;
                        store.database.record("split", one, other, None, "merge taken back", None).map(|_| ())
                    })?;
                }
            }
            DecisionKind::Split | DecisionKind::Unmerge => {
                self.transact(mark)?;
                if one != two {
                    self.transact(|store| store.merge_entities(one, two, None, "split taken back", None))?;
                }
                if kept.kind == DecisionKind::Unmerge {
                    self.transact(|store| {
                        let sql = "UPDATE decision SET undone = 0 WHERE id =
                                       (SELECT max(id) FROM decision WHERE kind = 'merge' AND other = ?1 AND id < ?2)";
                        store.database.execute(sql, [other, kept.id])
                    })?;
                }
            }
            DecisionKind::Move => {
                if one == two {
                    return Err(fail("the two are one now").into());
                }
                self.transact(|store| {
                    let members = store.members_meant(&kept.object)?;
                    let back: Vec<_> = members.into_iter().filter(|member| member.entity == one).collect();
                    store.move_members(&back, one, two)
                })?;
            }
            DecisionKind::Rename => self.transact(|store| {
                let sql = "UPDATE entity SET name = ?2, fixed = fixed & ~1 WHERE id = ?1";
                store.database.execute(sql, rusqlite::params![one, kept.former])?;
                store.database.tell("renamed", one, None)?;
                store.keep_earlier(kept, one)
            })?,
            DecisionKind::Retype => self.transact(|store| {
                let former = EntityType::from_label(kept.former.as_deref().unwrap_or_default());
                store.set_type(one, former, false)?;
                store.keep_earlier(kept, one)
            })?,
        }
        self.transact(mark)
    }

    /// What an earlier decision of the same kind had fixed stays fixed.
    fn keep_earlier(&self, kept: &Kept, id: i64) -> Result<()> {
        let bit = if kept.kind == DecisionKind::Rename { 1 } else { 2 };
        let sql = "UPDATE entity SET fixed = fixed | ?4 WHERE id = ?1 AND EXISTS
                       (SELECT 1 FROM decision WHERE kind = ?2 AND entity = ?1 AND id < ?3 AND undone = 0)";
        self.database.execute(sql, rusqlite::params![id, kept.kind.label(), kept.id, bit])?;
        Ok(())
    }

    /// All decisions, those that were taken back too, and whether each still applies.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn decision_log(&self) -> std::result::Result<Vec<LoggedDecision>, CorpusError> {
        let read = || -> Result<Vec<LoggedDecision>> {
            let all = self.kept_decisions()?;
            all.iter().map(|kept| self.logged(kept, &all)).collect()
        };
        read().map_err(|source| self.error(source))
    }

    fn logged(&self, kept: &Kept, all: &[Kept]) -> Result<LoggedDecision> {
        let reason = self.why_not(kept, all)?;
        let mut names: Vec<String> = kept.subject.names.iter().take(1).cloned().collect();
        names.extend(kept.object.names.iter().take(1).cloned());
        Ok(LoggedDecision {
            number: kept.id,
            decision: kept.kind,
            entity: kept.entity.map(CorpusId),
            other: kept.other.map(CorpusId),
            names,
            documents: if kept.kind == DecisionKind::Forbid { Vec::new() } else { kept.object.documents.clone() },
            value: kept.value.clone(),
            time: kept.time.clone(),
            by: kept.author.name.clone(),
            note: kept.author.note.clone(),
            undone: kept.undone,
            applies: reason.is_none(),
            reason,
        })
    }

    /// Why a decision does not apply any more; none if it does.
    fn why_not(&self, kept: &Kept, all: &[Kept]) -> Result<Option<String>> {
        let no = |reason: &str| Ok(Some(reason.to_owned()));
        if kept.undone {
            return no("taken back");
        }
        let Some(entity) = kept.entity else { return no("waits for a document that it speaks of") };
        let survivor = |id: i64| -> Result<i64> { Ok(self.database.survivor(id)?.unwrap_or(id)) };
        let one = survivor(entity)?;
        let two = kept.other.map(survivor).transpose()?.unwrap_or(one);
        for id in [one, two] {
            let sql = "SELECT 1 FROM entity WHERE id = ?1 AND erased <> 0";
            if self.database.one(sql, [id], |_| Ok(()))?.is_some() {
                return no("its entity was erased");
            }
        }
        let later =
            |is: &dyn Fn(&Kept) -> bool| all.iter().any(|other| other.id > kept.id && !other.undone && is(other));
        Ok(match kept.kind {
            DecisionKind::Merge if one != two => Some("they are two again".to_owned()),
            DecisionKind::Allow if one == two => None,
            DecisionKind::Split | DecisionKind::Forbid | DecisionKind::Unmerge if one == two => {
                Some("they are one now".to_owned())
            }
            DecisionKind::Split | DecisionKind::Forbid | DecisionKind::Unmerge
                if !self.forbidden.contains(&super::decision::pair(one, two)) =>
            {
                Some("a later `allow` lets them be one".to_owned())
            }
            DecisionKind::Pin if later(&|other| other.kind == DecisionKind::Pin && other.value == kept.value) => {
                Some("a later `pin` has this name".to_owned())
            }
            DecisionKind::Rename
                if later(&|other| other.kind == DecisionKind::Rename && other.entity == kept.entity) =>
            {
                Some("a later `rename` has another name".to_owned())
            }
            DecisionKind::Retype
                if later(&|other| other.kind == DecisionKind::Retype && other.entity == kept.entity) =>
            {
                Some("a later `retype` has another type".to_owned())
            }
            DecisionKind::Move if !self.members_meant(&kept.object)?.iter().any(|member| member.entity == one) => {
                Some("no document of it is there".to_owned())
            }
            _ => None,
        })
    }
}
