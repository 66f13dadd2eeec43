//! What goes into the store and what comes out of it.

use crate::annotation::AnnotatedDocument;
use crate::digest::digest;
use crate::entity::Alias;
use crate::entity_type::EntityType;
use crate::record::Record;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

/// The entities of one document.
#[derive(Debug, Clone, PartialEq)]
pub struct DocumentEntities {
    /// The document's identifier; a document with the same one replaces it.
    pub id: String,
    /// Its entities, in the document's order.
    pub entities: Vec<DocumentEntity>,
    /// Where it was read; empty where nobody said.
    pub source: String,
    /// A digest of its text, where that is known.
    pub(crate) text: Option<[u8; 16]>,
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
        Self { id: id.into(), entities: entities.into_iter().collect(), source: String::new(), text: None }
    }

    /// The document as read from this place: another text of the same id that comes from elsewhere is another document.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<String>) -> Self {
        self.source = source.into();
        self
    }

    /// The document with its text, of which a digest is kept: by it a new version is told from a new analysis.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        self.text = Some(digest([text]));
        self
    }

    /// The id of a document that brought none of its own through a pipe: made of what it says.
    #[must_use]
    pub fn content_id(&self) -> String {
        let digest = self.text.unwrap_or_else(|| self.fingerprint());
        let short: String = digest.iter().take(8).fold(String::new(), |short, byte| short + &format!("{byte:02x}"));
        format!("-#{short}")
    }

    /// A digest of all that linking reads; positions in the text are not among it.
    pub(crate) fn fingerprint(&self) -> [u8; 16] {
        let mut parts: Vec<Cow<'_, str>> = Vec::new();
        for entity in &self.entities {
            parts.extend([entity.name.as_str(), entity.entity_type.label()].map(Cow::Borrowed));
            parts.push(Cow::Borrowed(entity.knowledge_id.as_deref().unwrap_or_default()));
            parts.push(Cow::Owned(entity.aliases.len().to_string()));
            for alias in &entity.aliases {
                parts.push(Cow::Borrowed(&alias.text));
                parts.push(Cow::Owned(alias.count.to_string()));
            }
        }
        digest(parts.iter().map(|part| &**part))
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
        let document =
            Self::new(annotated.document.id.clone(), entities).with_source(annotated.document.source.clone());
        if annotated.has_text() { document.with_text(annotated.text()) } else { document }
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
        let document = Self::new(record.id.to_string(), entities);
        match record.text.as_deref() {
            Some(text) => document.with_text(text),
            None => document,
        }
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
    /// Its name in the whole corpus.
    pub name: String,
    /// Why: the relation of the names, a decision, or `new`.
    pub reason: String,
    /// Probability of the join, 0 to 1; 1 where nothing was weighed.
    pub score: f64,
}

impl CorpusId {
    /// What a name gets that was [forgotten](crate::corpus::CorpusStore::forget): no entity.
    pub const NOBODY: Self = Self(0);

    /// The id as it is written beside an entity; none for [`NOBODY`](Self::NOBODY).
    #[must_use]
    pub fn written(self) -> Option<String> {
        (self != Self::NOBODY).then(|| self.to_string())
    }
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
