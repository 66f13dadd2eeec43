//! What people decide: merge, split, move, pin, forbid, allow, rename, retype, unmerge. Each is carried out at once, recorded
//! with its time and its author, kept for all later runs, and can be taken back.

use super::assignment::Assignment;
use super::database::{Member, Result, read_type};
use super::document::{CorpusId, DocumentEntity};
use super::error::{CorpusError, DecisionError};
use super::meaning::Meaning;
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use crate::name::{Form, Strength};
use rusqlite::{Row, params};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The kinds of decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum DecisionKind {
    /// `entity` and `other` are one; `entity` keeps its id.
    Merge,
    /// In some documents, what was taken for `entity` is `other`.
    Split,
    /// In some documents, what was taken for `other` is `entity`.
    Move,
    /// `other`, which had been merged into `entity`, is one of its own.
    Unmerge,
    /// Who is called `alias` is `entity`.
    Pin,
    /// `entity` and `other` are two.
    Forbid,
    /// `entity` and `other` may be one again.
    Allow,
    /// `entity` is called `alias`.
    Rename,
    /// `entity` is of the type `alias`.
    Retype,
}

impl DecisionKind {
    const ALL: [Self; 9] = [
        Self::Merge,
        Self::Split,
        Self::Move,
        Self::Unmerge,
        Self::Pin,
        Self::Forbid,
        Self::Allow,
        Self::Rename,
        Self::Retype,
    ];

    /// The word that users type.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Merge => "merge",
            Self::Split => "split",
            Self::Move => "move",
            Self::Unmerge => "unmerge",
            Self::Pin => "pin",
            Self::Forbid => "forbid",
            Self::Allow => "allow",
            Self::Rename => "rename",
            Self::Retype => "retype",
        }
    }

    pub(super) fn of_label(label: &str) -> Self {
        Self::ALL.into_iter().find(|kind| kind.label() == label).unwrap_or(Self::Forbid)
    }
}

/// Who decides, and why: recorded with each decision.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Author {
    /// A name.
    pub name: String,
    /// What else to know of the decision.
    pub note: String,
}

/// A decision as the store keeps it.
#[derive(Debug, Clone)]
pub(super) struct Kept {
    pub(super) id: i64,
    pub(super) kind: DecisionKind,
    /// None while none of its documents is in the store.
    pub(super) entity: Option<i64>,
    pub(super) other: Option<i64>,
    pub(super) value: Option<String>,
    pub(super) former: Option<String>,
    pub(super) subject: Meaning,
    pub(super) object: Meaning,
    pub(super) time: String,
    pub(super) author: Author,
    pub(super) undone: bool,
}

impl Kept {
    /// One that is to be made now.
    pub(super) fn new(kind: DecisionKind, entity: i64) -> Self {
        Self {
            id: 0,
            kind,
            entity: Some(entity),
            other: None,
            value: None,
            former: None,
            subject: Meaning::default(),
            object: Meaning::default(),
            time: String::new(),
            author: Author::default(),
            undone: false,
        }
    }

    /// Whether it speaks of two entities.
    pub(super) const fn has_other(&self) -> bool {
        !matches!(self.kind, DecisionKind::Pin | DecisionKind::Rename | DecisionKind::Retype)
    }
}

impl CorpusStore {
    /// Records decisions from now on as this person's.
    pub fn set_author(&mut self, author: Author) {
        self.author = author;
    }

    /// Makes `gone` a part of `kept`, whose id stays. A pair that was forbidden must be allowed first.
    ///
    /// # Errors
    /// If one of them is unknown, both are one already, they are forbidden to merge, or they are of different types.
    pub fn merge(&mut self, kept: CorpusId, gone: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let (one, other) = store.two(kept, gone)?;
            let types = (store.type_of(one)?, store.type_of(other)?);
            if types.0 != types.1 {
                return Err(DecisionError::TypesDiffer(kept, types.0, gone, types.1).into());
            }
            store.merge_any_types(kept, gone)
        })
    }

    /// The same for entities of different types; that of `kept` stays.
    ///
    /// # Errors
    /// As [`merge`](Self::merge), but for the types.
    pub fn merge_any_types(&mut self, kept: CorpusId, gone: CorpusId) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let (one, other) = store.two(kept, gone)?;
            if store.forbidden.contains(&pair(one, other)) {
                return Err(DecisionError::Forbidden(kept, gone).into());
            }
            store.transact(|store| {
                let members = store.database.members_of_entity(other)?;
                let object = store.meaning_of_members(&members)?;
                let subject = store.meaning_of(one)?;
                store.merge_entities(one, other, None, "decided by a person", None)?;
                store.decide(Kept { other: Some(other), subject, object, ..Kept::new(DecisionKind::Merge, one) })
            })
        })
    }

    /// Takes a merge back, whoever decided it: `gone` is an entity of its own again, with what it had brought and what has
    /// come since by names that only it had. The two are kept apart from now on. Returns the entity that it was a part of.
    ///
    /// # Errors
    /// If `gone` was not merged into another, or nothing is left of it.
    pub fn unmerge(&mut self, gone: CorpusId) -> std::result::Result<CorpusId, CorpusError> {
        self.batch(|store| {
            let whole = store.known(gone)?;
            if whole == gone.0 {
                return Err(DecisionError::NotMerged(gone).into());
            }
            let members = store.transact(|store| store.brought_by(gone.0, whole))?;
            if members.is_empty() {
                return Err(DecisionError::NothingOfIt(gone).into());
            }
            store.transact(|store| {
                store.revive(gone.0, whole, &members, "unmerged")?;
                store.database.record("split", whole, gone.0, None, "unmerged by a person", None)?;
                let sql = "UPDATE decision SET undone = 1 WHERE kind = 'merge' AND other = ?1";
                store.database.execute(sql, [gone.0])?;
                let (subject, object) = (store.meaning_of(whole)?, store.meaning_of_members(&members)?);
                let kept = Kept::new(DecisionKind::Unmerge, whole);
                store.decide(Kept { other: Some(gone.0), subject, object, ..kept })?;
                store.load_decisions()?;
                Ok(CorpusId(whole))
            })
        })
    }

    /// Moves what `documents` say of `entity` to an entity of its own, and keeps the two apart from now on. With `names`, only
    /// what they call so; without documents, all that is called so. What a merged entity had brought goes back to it.
    ///
    /// # Errors
    /// If the entity is unknown, a document does not mention it so, or none would be left.
    pub fn split(
        &mut self,
        entity: CorpusId,
        documents: &[String],
        names: &[String],
    ) -> std::result::Result<CorpusId, CorpusError> {
        self.batch(|store| {
            let id = store.known(entity)?;
            let members = store.some_members(id, documents, names)?;
            let count = store.transact(|store| Ok(store.database.members_of_entity(id)?.len()))?;
            if members.len() == count {
                return Err(DecisionError::NothingLeft(entity).into());
            }
            store.transact(|store| {
                let new = store.split_off(id, &members)?;
                let (subject, object) = (store.meaning_of(id)?, store.meaning_of_members(&members)?);
                store.decide(Kept { other: Some(new), subject, object, ..Kept::new(DecisionKind::Split, id) })?;
                Ok(CorpusId(new))
            })
        })
    }

    /// Moves what `documents` say of `entity`, or of it what they call by one of `names`, to the entity `target`.
    ///
    /// # Errors
    /// If one of them is unknown, or a document does not mention `entity` so.
    pub fn move_to(
        &mut self,
        entity: CorpusId,
        documents: &[String],
        names: &[String],
        target: CorpusId,
    ) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let (from, to) = store.two(entity, target)?;
            let members = store.some_members(from, documents, names)?;
            store.transact(|store| {
                let (subject, object) = (store.meaning_of(to)?, store.meaning_of_members(&members)?);
                store.move_members(&members, from, to)?;
                store.decide(Kept { other: Some(from), subject, object, ..Kept::new(DecisionKind::Move, to) })
            })
        })
    }

    /// From now on, whoever is called `alias`, and by no longer name that this entity does not bear, is `entity`. What was
    /// linked before stays; `merge` and `split` change that.
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
                let subject = store.meaning_of(id)?;
                let value = Some(alias.to_owned());
                store.decide(Kept { value, subject, ..Kept::new(DecisionKind::Pin, id) })
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
            store.transact(|store| store.decide_on_two(DecisionKind::Forbid, one, other))
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
            store.transact(|store| store.decide_on_two(DecisionKind::Allow, ids.0, ids.1))
        })
    }

    /// Gives an entity a name that stays, whatever documents call it.
    ///
    /// # Errors
    /// If the entity is unknown or the name has no letter.
    pub fn rename(&mut self, entity: CorpusId, name: &str) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let id = store.known(entity)?;
            if Form::parse(name, EntityType::Misc).is_none() {
                return Err(DecisionError::BlankAlias(name.to_owned()).into());
            }
            store.transact(|store| {
                let (subject, former) = (store.meaning_of(id)?, store.database.entity_name(id)?);
                let sql = "UPDATE entity SET name = ?2, fixed = fixed | 1 WHERE id = ?1";
                store.database.execute(sql, params![id, name])?;
                store.database.tell("renamed", id, None)?;
                let value = Some(name.to_owned());
                store.decide(Kept { value, former, subject, ..Kept::new(DecisionKind::Rename, id) })
            })
        })
    }

    /// Gives an entity another type, that of all that is called like it in later documents, too.
    ///
    /// # Errors
    /// If the entity is unknown.
    pub fn retype(&mut self, entity: CorpusId, entity_type: EntityType) -> std::result::Result<(), CorpusError> {
        self.batch(|store| {
            let id = store.known(entity)?;
            let former = Some(store.type_of(id)?.label().to_owned());
            store.transact(|store| {
                let subject = store.meaning_of(id)?;
                store.set_type(id, entity_type, true)?;
                let value = Some(entity_type.label().to_owned());
                store.decide(Kept { value, former, subject, ..Kept::new(DecisionKind::Retype, id) })
            })
        })
    }

    pub(super) fn set_type(&mut self, id: i64, entity_type: EntityType, fixed: bool) -> Result<()> {
        let sql = "UPDATE entity SET type = ?2, fixed = CASE WHEN ?3 THEN fixed | 2 ELSE fixed & ~2 END WHERE id = ?1";
        self.database.execute(sql, params![id, entity_type.label(), fixed])?;
        self.database.tell("retyped", id, None)?;
        self.refresh(id)
    }

    /// Moves members to an entity of their own: that which had brought them, or a new one.
    pub(super) fn split_off(&mut self, id: i64, members: &[Member]) -> Result<i64> {
        let Some(first) = members.first() else { return Ok(id) };
        let new = if let Some(part) = self.part_with(id, members)? {
            self.revive(part, id, members, "split")?;
            part
        } else {
            let (name, entity_type) = (first.name.clone(), first.entity_type);
            let entity = DocumentEntity { name, entity_type, aliases: Vec::new(), knowledge_id: None };
            let new = self.open_entity(&entity, -1)?;
            self.relocate(members, id, new, "split")?;
            for member in members {
                let sql = "UPDATE member SET origin = ?3 WHERE document = ?1 AND number = ?2";
                self.database.execute(sql, [member.document, member.number, new])?;
            }
            new
        };
        let documents: BTreeSet<i64> = members.iter().map(|member| member.document).collect();
        for document in documents {
            let name = self.database.document_name(document)?;
            self.database.record("split", id, new, name.as_deref(), "decided by a person", None)?;
        }
        Ok(new)
    }

    pub(super) fn move_members(&mut self, members: &[Member], from: i64, to: i64) -> Result<()> {
        self.relocate(members, from, to, "decided by a person")?;
        for member in members {
            let sql = "UPDATE member SET origin = ?3 WHERE document = ?1 AND number = ?2";
            self.database.execute(sql, [member.document, member.number, to])?;
            let name = self.database.document_name(member.document)?;
            self.database.record("move", to, from, name.as_deref(), "decided by a person", None)?;
        }
        Ok(())
    }

    /// The members of an entity in some documents, or all, that have one of some names, or any.
    fn some_members(
        &mut self,
        id: i64,
        documents: &[String],
        names: &[String],
    ) -> std::result::Result<Vec<Member>, CorpusError> {
        let entity = CorpusId(id);
        let members = self.transact(|store| store.database.members_of_entity(id))?;
        let is_named = |member: &Member| {
            let meant = Meaning { names: names.to_vec(), ..Meaning::default() };
            names.is_empty() || meant.fits(member)
        };
        if documents.is_empty() {
            let found: Vec<Member> = members.into_iter().filter(is_named).collect();
            return if found.is_empty() {
                Err(DecisionError::NoName { entity, name: names.join(", ") }.into())
            } else {
                Ok(found)
            };
        }
        let mut found = Vec::new();
        for name in documents {
            let document = self.transact(|store| store.database.document_id(name))?;
            let before = found.len();
            let of_it = members.iter().filter(|member| Some(member.document) == document && is_named(member));
            found.extend(of_it.cloned());
            if found.len() == before {
                return Err(DecisionError::NoMembership { entity, document: name.clone() }.into());
            }
        }
        Ok(found)
    }

    fn type_of(&self, id: i64) -> std::result::Result<EntityType, CorpusError> {
        let sql = "SELECT type FROM entity WHERE id = ?1";
        let found = self.database.one(sql, [id], |row| read_type(row, 0)).map_err(|source| self.error(source))?;
        found.ok_or(CorpusError::Decision(DecisionError::NoEntity(CorpusId(id))))
    }

    pub(super) fn decide_on_two(&mut self, kind: DecisionKind, one: i64, other: i64) -> Result<()> {
        let (subject, object) = (self.meaning_of(one)?, self.meaning_of(other)?);
        self.decide(Kept { other: Some(other), subject, object, ..Kept::new(kind, one) })
    }

    /// Keeps a decision; one that comes from elsewhere brings its time and author.
    pub(super) fn decide(&mut self, mut kept: Kept) -> Result<()> {
        if kept.time.is_empty() {
            kept.author = self.author.clone();
            let now = "SELECT strftime('%Y-%m-%dT%H:%M:%SZ', 'now')";
            kept.time = self.database.connection.query_row(now, [], |row| row.get(0))?;
        }
        let sql = "INSERT INTO decision (kind, entity, other, value, former, subject, object, time, author, note)
                   VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let json = |meaning: &Meaning| serde_json::to_string(meaning).unwrap_or_default();
        let (subject, object) = (json(&kept.subject), json(&kept.object));
        let Kept { kind, entity, other, value, former, time, author, .. } = &kept;
        let parameters =
            params![kind.label(), entity, other, value, former, subject, object, time, author.name, author.note];
        self.database.execute(sql, parameters)?;
        kept.id = self.database.connection.last_insert_rowid();
        self.respect(&kept)
    }

    /// All decisions in the order in which they were made.
    pub(super) fn kept_decisions(&self) -> Result<Vec<Kept>> {
        let sql = "SELECT id, kind, entity, other, value, former, subject, object, time, author, note, undone
                   FROM decision ORDER BY id";
        self.database.all(sql, [], read_kept)
    }

    /// Reads the decisions that linking must respect, as they stand after merges.
    pub(super) fn load_decisions(&mut self) -> Result<()> {
        self.pins.clear();
        self.forbidden.clear();
        self.assigned.clear();
        self.waiting = 0;
        for kept in self.kept_decisions()? {
            if !kept.undone {
                self.respect(&kept)?;
            }
        }
        Ok(())
    }

    /// Makes linking respect a decision, over those before it.
    fn respect(&mut self, kept: &Kept) -> Result<()> {
        let Some(entity) = kept.entity else {
            self.waiting += 1;
            return Ok(());
        };
        let Some(id) = self.database.survivor(entity)? else { return Ok(()) };
        let sql = "SELECT type FROM entity WHERE id = ?1";
        let Some(entity_type) = self.database.one(sql, [id], |row| read_type(row, 0))? else { return Ok(()) };
        let both = match kept.other {
            Some(other) => self.surviving_pair(entity, other)?,
            None => None,
        };
        match kept.kind {
            DecisionKind::Pin => {
                let alias = kept.value.as_deref().unwrap_or_default();
                // The tagger wobbles; but a family name may be a village, too.
                let whole = Form::parse(alias, entity_type).is_some_and(|form| form.strength > Strength::Bare);
                let others = if whole && entity_type.is_known() { EntityType::KNOWN.to_vec() } else { Vec::new() };
                for of_type in others.into_iter().chain(pinned_types(entity_type)) {
                    if let Some(form) = Form::parse(alias, of_type) {
                        self.pins.insert((form.key, of_type), id);
                    }
                }
            }
            DecisionKind::Merge => {
                self.pin_wobbling(&kept.object, entity_type, id);
                self.assign(&kept.object, entity);
            }
            DecisionKind::Retype => {
                let former = Meaning { entity_type: kept.former.clone().unwrap_or_default(), ..kept.subject.clone() };
                self.pin_wobbling(&former, entity_type, id);
            }
            DecisionKind::Move => self.assign(&kept.object, entity),
            DecisionKind::Split | DecisionKind::Unmerge => {
                self.assign(&kept.object, kept.other.unwrap_or(entity));
                self.forbidden.extend(both);
            }
            DecisionKind::Forbid => self.forbidden.extend(both),
            DecisionKind::Allow => {
                if let Some(both) = both {
                    self.forbidden.remove(&both);
                }
            }
            DecisionKind::Rename => {}
        }
        Ok(())
    }

    /// Names that stood for something of another class, until a person said what it is, are its names in either class: the
    /// tagger wobbles.
    fn pin_wobbling(&mut self, meaning: &Meaning, entity_type: EntityType, id: i64) {
        let other = EntityType::from_label(&meaning.entity_type);
        if (other == EntityType::Per) == (entity_type == EntityType::Per) || !other.is_known() {
            return;
        }
        for of_type in pinned_types(other) {
            for form in meaning.names.iter().filter_map(|name| Form::parse(name, of_type)) {
                if form.strength > Strength::Bare || meaning.names.len() == 1 {
                    self.pins.insert((form.key, of_type), id);
                }
            }
        }
    }

    fn assign(&mut self, meaning: &Meaning, entity: i64) {
        for document in &meaning.documents {
            let assignment = Assignment { names: meaning.names.clone(), entity };
            self.assigned.entry(document.clone()).or_default().push(assignment);
        }
    }

    pub(super) fn surviving_pair(&self, one: i64, other: i64) -> Result<Option<(i64, i64)>> {
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

fn read_kept(row: &Row<'_>) -> Result<Kept> {
    let meaning = |index: usize| -> Result<Meaning> {
        Ok(serde_json::from_str(&row.get::<_, String>(index)?).unwrap_or_default())
    };
    Ok(Kept {
        id: row.get(0)?,
        kind: DecisionKind::of_label(&row.get::<_, String>(1)?),
        entity: row.get(2)?,
        other: row.get(3)?,
        value: row.get(4)?,
        former: row.get(5)?,
        subject: meaning(6)?,
        object: meaning(7)?,
        time: row.get(8)?,
        author: Author { name: row.get(9)?, note: row.get(10)? },
        undone: row.get(11)?,
    })
}

/// The types of document entities that a name pinned to an entity of `entity_type` may stand for.
fn pinned_types(entity_type: EntityType) -> Vec<EntityType> {
    if !entity_type.is_known() {
        return vec![entity_type];
    }
    let same_class = |of: &EntityType| (*of == EntityType::Per) == (entity_type == EntityType::Per);
    EntityType::KNOWN.into_iter().filter(same_class).collect()
}

pub(super) const fn pair(one: i64, other: i64) -> (i64, i64) {
    if one < other { (one, other) } else { (other, one) }
}
