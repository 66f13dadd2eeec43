//! What goes into the store and what comes out of it.

use crate::annotation::AnnotatedDocument;
use crate::entity::Alias;
use crate::entity_type::EntityType;
use crate::record::Record;
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// The entities of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentEntities {
    /// The document's identifier; a document with the same one replaces it.
    pub id: String,
    /// Its entities, in the document's order.
    pub entities: Vec<DocumentEntity>,
}

/// An entity of one document, without its places in the text.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentEntity {
    /// Canonical name.
    pub name: String,
    /// Type.
    pub entity_type: EntityType,
    /// Surface forms.
    pub aliases: Vec<Alias>,
    /// Entry in a knowledge base, where one is known; entities with the same entry are the same.
    pub knowledge_id: Option<String>,
}

impl DocumentEntities {
    /// A document with these entities.
    #[must_use]
    pub fn new(id: impl Into<String>, entities: impl IntoIterator<Item = DocumentEntity>) -> Self {
        Self { id: id.into(), entities: entities.into_iter().collect() }
    }

    /// A digest of all that linking reads; positions in the text are not among it.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        let mut bytes = Vec::new();
        let mut add = |text: &str| {
            bytes.extend_from_slice(&(text.len() as u64).to_be_bytes());
            bytes.extend_from_slice(text.as_bytes());
        };
        for entity in &self.entities {
            add(&entity.name);
            add(entity.entity_type.label());
            add(entity.knowledge_id.as_deref().unwrap_or_default());
            add(&entity.aliases.len().to_string());
            for alias in &entity.aliases {
                add(&alias.text);
                add(&alias.count.to_string());
            }
        }
        fingerprint(&bytes)
    }
}

impl From<&AnnotatedDocument> for DocumentEntities {
    fn from(annotated: &AnnotatedDocument) -> Self {
        let entities = annotated.entities.iter().map(|entity| DocumentEntity {
            name: entity.name.clone(),
            entity_type: entity.entity_type,
            aliases: entity.aliases.clone(),
            knowledge_id: entity.knowledge_id.clone(),
        });
        Self::new(annotated.document.id.clone(), entities)
    }
}

impl From<&Record<'_>> for DocumentEntities {
    fn from(record: &Record<'_>) -> Self {
        let entities = record.entities.iter().map(|entity| {
            let aliases = entity.aliases.iter().map(|alias| Alias { text: alias.text.to_string(), count: alias.count });
            let mut aliases: Vec<Alias> = aliases.collect();
            if aliases.is_empty() {
                aliases.push(Alias { text: entity.name.to_string(), count: 1 });
            }
            let knowledge_id = entity.knowledge_id.as_deref().map(str::to_owned);
            DocumentEntity { name: entity.name.to_string(), entity_type: entity.entity_type, aliases, knowledge_id }
        });
        Self::new(record.id.to_string(), entities)
    }
}

impl DocumentEntity {
    /// An entity that is mentioned once by each of `surfaces`.
    #[must_use]
    pub fn new<'a>(
        name: impl Into<String>,
        entity_type: EntityType,
        surfaces: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        let aliases = surfaces.into_iter().map(|text| Alias { text: text.to_owned(), count: 1 }).collect();
        Self { name: name.into(), entity_type, aliases, knowledge_id: None }
    }

    /// The entity with an entry in a knowledge base.
    #[must_use]
    pub fn with_knowledge_id(mut self, id: impl Into<String>) -> Self {
        self.knowledge_id = Some(id.into());
        self
    }

    /// Number of mentions.
    pub(crate) fn mentions(&self) -> usize {
        self.aliases.iter().map(|alias| alias.count).sum()
    }
}

/// 128-bit FNV-1a of a document's content: wide enough that a changed document is not taken for the old one.
fn fingerprint(bytes: &[u8]) -> [u8; 16] {
    let mut state = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for &byte in bytes {
        state = (state ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
    }
    state.to_be_bytes()
}

/// Identifier of a corpus entity, written `E000001`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CorpusId(pub(crate) i64);

impl fmt::Display for CorpusId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("E{:06}", self.0))
    }
}

impl FromStr for CorpusId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.strip_prefix(['E', 'e']).unwrap_or(text);
        match digits.parse() {
            Ok(number) if number > 0 && digits.bytes().all(|byte| byte.is_ascii_digit()) => Ok(Self(number)),
            _ => Err(format!("'{text}' is no entity id; ids look like E000001")),
        }
    }
}

impl Serialize for CorpusId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Where one entity of a document went.
#[derive(Debug, Clone, PartialEq)]
pub struct Linked {
    /// The corpus entity.
    pub corpus_id: CorpusId,
    /// Why: the relation of the names, a decision, or `new`.
    pub reason: String,
    /// Probability of the join, 0 to 1; 1 where nothing was weighed.
    pub score: f64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_as_they_are_written() {
        assert_eq!(CorpusId(7).to_string(), "E000007");
        assert_eq!("E000007".parse(), Ok(CorpusId(7)));
        assert_eq!("e7".parse(), Ok(CorpusId(7)));
        assert_eq!("1234567".parse(), Ok(CorpusId(1_234_567)));
        for wrong in ["", "E", "E0", "E-3", "F1", "E+1", "Holt"] {
            assert!(wrong.parse::<CorpusId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_fingerprint_tells_neighbouring_fields_apart() {
        let document = |name: &str, alias: &str| {
            DocumentEntities::new("d", [DocumentEntity::new(name, EntityType::Org, [alias])]).fingerprint()
        };
        assert_ne!(document("ab", "c"), document("a", "bc"));
        assert_eq!(document("ab", "c"), document("ab", "c"));
    }
}
