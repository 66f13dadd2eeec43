//! Whom a decision speaks of, said so that it holds when ids and canonical names are others: by surface names, type and
//! documents.

use super::database::{Member, Result};
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use crate::name::{Form, Key, Strength};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Documents that are enough to find an entity again.
const DOCUMENTS: usize = 20;

/// Names that are enough.
const NAMES: usize = 50;

/// An entity, or what some documents say of one.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Meaning {
    /// Surface names.
    pub names: Vec<String>,
    /// The label of its type; empty where none is known.
    #[serde(rename = "type")]
    pub entity_type: String,
    /// Ids of documents that name it: all that are meant, or some by which it can be found.
    pub documents: Vec<String>,
}

impl Meaning {
    fn types(&self) -> Vec<EntityType> {
        if self.entity_type.is_empty() {
            return EntityType::KNOWN.to_vec();
        }
        vec![EntityType::from_label(&self.entity_type)]
    }

    /// Keys of its names under one type, those that a part of a person's name gives left out where there are others.
    pub(super) fn keys(&self, entity_type: EntityType) -> BTreeSet<Key> {
        let forms: Vec<Form> = self.names.iter().filter_map(|name| Form::parse(name, entity_type)).collect();
        let has_whole = forms.iter().any(|form| form.strength > Strength::Bare);
        let kept = forms.iter().filter(|form| !has_whole || form.strength > Strength::Bare);
        kept.map(|form| form.key).collect()
    }

    /// Whether a document's entity bears one of its names.
    pub(super) fn fits(&self, member: &Member) -> bool {
        let keys = self.keys(member.entity_type);
        let names = std::iter::once(&member.name).chain(member.aliases.iter().map(|alias| &alias.text));
        let mut forms = names.filter_map(|name| Form::parse(name, member.entity_type));
        forms.any(|form| keys.contains(&form.key))
    }
}

impl CorpusStore {
    /// An entity by its most frequent names and its first documents.
    pub(super) fn meaning_of(&self, id: i64) -> Result<Meaning> {
        let sql = "SELECT text FROM alias WHERE entity = ?1 ORDER BY named DESC, documents DESC, id LIMIT ?2";
        let mut names: Vec<String> = self.database.all(sql, rusqlite::params![id, NAMES], |row| row.get(0))?;
        let sql = "SELECT name, type FROM entity WHERE id = ?1";
        let (name, entity_type) = self
            .database
            .one(sql, [id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?
            .unwrap_or_default();
        if !name.is_empty() && !names.contains(&name) {
            names.insert(0, name);
        }
        let sql = "SELECT DISTINCT document.name FROM member JOIN document ON document.id = member.document
                   WHERE member.entity = ?1 ORDER BY document.id LIMIT ?2";
        let documents = self.database.all(sql, rusqlite::params![id, DOCUMENTS], |row| row.get(0))?;
        Ok(Meaning { names, entity_type, documents })
    }

    /// What these members say, with all of their documents.
    pub(super) fn meaning_of_members(&self, members: &[Member]) -> Result<Meaning> {
        let mut meaning = Meaning::default();
        let mut documents = BTreeSet::new();
        for member in members {
            let names = std::iter::once(&member.name).chain(member.aliases.iter().map(|alias| &alias.text));
            for name in names {
                if meaning.names.len() < NAMES && !meaning.names.contains(name) {
                    meaning.names.push(name.clone());
                }
            }
            if meaning.entity_type.is_empty() {
                member.entity_type.label().clone_into(&mut meaning.entity_type);
            }
            if documents.insert(member.document) {
                meaning.documents.extend(self.database.document_name(member.document)?);
            }
        }
        Ok(meaning)
    }

    /// The members that are meant: in the documents of `meaning`, under one of its names.
    pub(super) fn members_meant(&self, meaning: &Meaning) -> Result<Vec<Member>> {
        let mut found = Vec::new();
        for name in &meaning.documents {
            let Some(document) = self.database.document_id(name)? else { continue };
            let members = self.database.members_of_document(document)?;
            found.extend(members.into_iter().filter(|member| meaning.fits(member)));
        }
        Ok(found)
    }

    /// The entity that is meant: the one that most of its documents name so; where none of them is here, the only one of
    /// that name and type.
    pub(super) fn entity_meant(&mut self, meaning: &Meaning) -> Result<Option<i64>> {
        let mut votes: BTreeMap<i64, usize> = BTreeMap::new();
        for member in self.members_meant(meaning)? {
            *votes.entry(member.entity).or_default() += 1;
        }
        if let Some((&id, _)) = votes.iter().max_by_key(|&(id, count)| (*count, std::cmp::Reverse(*id))) {
            return Ok(Some(id));
        }
        let mut bearers = BTreeSet::new();
        for entity_type in meaning.types() {
            for key in meaning.keys(entity_type) {
                for id in self.database.block(key, 16, 0)? {
                    let Some(profile) = self.profile(id)? else { continue };
                    if profile.entity_type == entity_type && profile.names.contains_key(&key) {
                        bearers.insert(id);
                    }
                }
            }
        }
        Ok(if bearers.len() == 1 { bearers.pop_first() } else { None })
    }
}
