//! What the pipeline has found in a text, kept so that a known text need not be read again: places and scores of mentions.
//! Names, types and aliases of the entities stand in the document's members already.

use super::database::{Member, Result};
use super::error::CorpusError;
use super::store::CorpusStore;
use crate::annotation::AnnotatedDocument;
use crate::digest::digest;
use crate::document::{Document, Span};
use crate::entity::{Entity, KnowledgeCandidate};
use crate::entity_type::EntityType;
use crate::mention::Mention;
use rusqlite::params;

/// The texts of a store and what was found in them, through a connection of their own: another thread may look while the
/// store is written to.
#[derive(Debug)]
pub struct KnownTexts {
    store: CorpusStore,
    task: String,
}

impl KnownTexts {
    /// The document with what was found in it before; `None` if its text, the model or an option is another, or the store
    /// does not know it.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn find(&self, document: &Document) -> std::result::Result<Option<AnnotatedDocument>, CorpusError> {
        self.read(document).map_err(|source| self.store.error(source))
    }

    fn read(&self, document: &Document) -> Result<Option<AnnotatedDocument>> {
        let sql = "SELECT document.id, analysis.mentions FROM document JOIN analysis ON analysis.document = document.id
                   WHERE document.name = ?1 AND analysis.task = ?2";
        let task = task_digest(&self.task, &document.text);
        let found = self
            .store
            .database
            .one(sql, params![document.id, task], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?)))?;
        let Some((id, packed)) = found else { return Ok(None) };
        let members = self.store.database.members_of_document(id)?;
        let knowledge_ids: Vec<Option<String>> = self.store.database.all(
            "SELECT knowledge_id FROM member WHERE document = ?1 ORDER BY number",
            [id],
            |row| row.get(0),
        )?;
        Ok(unpack(&packed, document, members, knowledge_ids))
    }
}

impl CorpusStore {
    /// Says what decides on the entities that are found in a text: model, options, version. Analyses are kept from now on,
    /// and those of the same task are known.
    pub fn set_task(&mut self, task: impl Into<String>) {
        self.task = Some(task.into());
    }

    /// The texts whose analysis is known; none without a task, or for a store in memory.
    ///
    /// # Errors
    /// If the store cannot be opened once more.
    pub fn known_texts(&self) -> std::result::Result<Option<KnownTexts>, CorpusError> {
        match &self.task {
            Some(task) if self.is_current && self.path().exists() => {
                Ok(Some(KnownTexts { store: Self::read(self.path())?, task: task.clone() }))
            }
            _ => Ok(None),
        }
    }

    /// Keeps what was found in a document that has just been linked.
    ///
    /// # Errors
    /// If the store cannot be written.
    pub fn keep_analysis(&mut self, annotated: &AnnotatedDocument) -> std::result::Result<(), CorpusError> {
        let Some(task) = self.task.clone() else { return Ok(()) };
        self.transact(|store| {
            let Some(id) = store.database.document_id(annotated.id())? else { return Ok(()) };
            // Not all that was found may be kept.
            let count = "SELECT count(*) FROM member WHERE document = ?1";
            let members: usize = store.database.one(count, [id], |row| row.get(0))?.unwrap_or(0);
            let task = task_digest(&task, annotated.text());
            let known = "SELECT 1 FROM analysis WHERE document = ?1 AND task = ?2";
            if members != annotated.entities.len()
                || store.database.one(known, params![id, task], |_| Ok(()))?.is_some()
            {
                return Ok(());
            }
            let sql = "INSERT OR REPLACE INTO analysis (document, task, mentions) VALUES (?1, ?2, ?3)";
            store.database.execute(sql, params![id, task, pack(annotated)])?;
            Ok(())
        })
    }
}

fn task_digest(task: &str, text: &str) -> [u8; 16] {
    digest([task, text])
}

/// Entities (score, what they may be in a knowledge base), then mentions (bytes from the one before, length, entity, score, type where it is not the entity's).
fn pack(annotated: &AnnotatedDocument) -> Vec<u8> {
    let mut bytes = Vec::new();
    put(&mut bytes, annotated.entities.len());
    for entity in &annotated.entities {
        bytes.extend(entity.score.to_le_bytes());
        put(&mut bytes, entity.knowledge_candidates.len());
        for candidate in &entity.knowledge_candidates {
            put_text(&mut bytes, &candidate.id);
            put_text(&mut bytes, &candidate.name);
            bytes.extend(candidate.probability.to_le_bytes());
        }
    }
    let mut before = 0;
    for (mention, owner) in annotated.mentions.iter().zip(annotated.owners()) {
        put(&mut bytes, mention.span.start.saturating_sub(before));
        before = mention.span.start;
        put(&mut bytes, mention.span.end - mention.span.start);
        put(&mut bytes, owner.map_or(0, |owner| owner + 1));
        bytes.extend(mention.score.to_le_bytes());
        let own = owner.and_then(|owner| annotated.entities.get(owner)).map(|entity| entity.entity_type);
        let label = if own == Some(mention.entity_type) { "" } else { mention.entity_type.label() };
        put_text(&mut bytes, label);
    }
    bytes
}

fn unpack(
    bytes: &[u8],
    document: &Document,
    members: Vec<Member>,
    knowledge_ids: Vec<Option<String>>,
) -> Option<AnnotatedDocument> {
    let mut annotated = AnnotatedDocument::new(document.clone());
    let mut rest = bytes;
    if take(&mut rest)? != members.len() {
        return None;
    }
    for (member, knowledge_id) in members.into_iter().zip(knowledge_ids) {
        let score = take_score(&mut rest)?;
        let mut knowledge_candidates = Vec::new();
        for _ in 0..take(&mut rest)? {
            let (id, name) = (take_text(&mut rest)?.to_owned(), take_text(&mut rest)?.to_owned());
            knowledge_candidates.push(KnowledgeCandidate { id, name, probability: take_score(&mut rest)? });
        }
        let Member { name, entity_type, aliases, .. } = member;
        annotated.entities.push(Entity {
            name,
            entity_type,
            score,
            aliases,
            knowledge_id,
            knowledge_candidates,
            ..Entity::of_mentions(Vec::new())
        });
    }
    let mut before = 0;
    while !rest.is_empty() {
        let start = take(&mut rest)?.checked_add(before)?;
        let end = take(&mut rest)?.checked_add(start)?;
        before = start;
        let owner = take(&mut rest)?.checked_sub(1);
        let score = take_score(&mut rest)?;
        let label = take_text(&mut rest)?;
        document.text.get(start..end)?;
        let number = annotated.mentions.len();
        let own = match owner {
            Some(owner) => {
                let entity = annotated.entities.get_mut(owner)?;
                entity.mentions.push(number);
                Some(entity.entity_type)
            }
            None => None,
        };
        let entity_type = if label.is_empty() { own? } else { EntityType::from_label(label) };
        annotated.mentions.push(Mention { span: Span::new(start, end), entity_type, score });
    }
    Some(annotated)
}

/// A number in groups of seven bits, the lowest first; all but the last group have the high bit.
fn put(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        bytes.push(0x80 | u8::try_from(number & 0x7f).unwrap_or_default());
        number >>= 7;
    }
    bytes.push(u8::try_from(number).unwrap_or_default());
}

fn take(bytes: &mut &[u8]) -> Option<usize> {
    let mut number = 0_usize;
    for shift in (0..usize::BITS).step_by(7) {
        let (&first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= usize::from(first & 0x7f).checked_shl(shift)?;
        if first < 0x80 {
            return Some(number);
        }
    }
    None
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    put(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = take(bytes)?;
    let (text, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

fn take_score(bytes: &mut &[u8]) -> Option<f32> {
    let (first, rest) = bytes.split_first_chunk::<4>()?;
    *bytes = rest;
    Some(f32::from_le_bytes(*first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn numbers_survive(numbers in prop::collection::vec(any::<usize>(), 0..20)) {
            let mut bytes = Vec::new();
            for &number in &numbers {
                put(&mut bytes, number);
            }
            let mut rest = &bytes[..];
            let read: Vec<usize> = std::iter::from_fn(|| take(&mut rest)).collect();
            prop_assert_eq!(read, numbers);
        }

        #[test]
        fn damage_is_no_analysis_and_no_panic(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
            let _ = unpack(&bytes, &Document::new("a", "Petra Holt spoke in Oslo."), Vec::new(), Vec::new());
        }
    }
}
