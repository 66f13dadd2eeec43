//! A document with annotations from any source, gold or system: what the readers make and the scores are computed from.

use super::token_labels::TokenLabels;
use crate::document::{Metadata, OffsetMap, OffsetUnit, Span};
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

/// A label or an identifier; equal ones of a file share their memory.
pub type Name = Arc<str>;

/// A document as an annotator left it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Annotation {
    /// Identifier, unique in its file.
    pub id: String,
    /// The text; `None` where the file gives offsets only.
    pub text: Option<String>,
    /// Unit of every span here: bytes wherever the text is known.
    pub unit: OffsetUnit,
    /// Other fields of the document.
    pub metadata: Metadata,
    /// Tokens, where the source has them.
    pub tokens: Option<Tokens>,
    /// Mentions in the order of the file.
    pub mentions: Vec<AnnotatedMention>,
    /// Which part of the document is annotated, and with what.
    pub coverage: Coverage,
}

/// Tokens by sentence, with the labels of the file where it labels tokens.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tokens {
    /// Sentences of tokens.
    pub sentences: Vec<Vec<Span>>,
    /// Label of each token, parallel to the sentences.
    pub labels: Option<TokenLabels>,
}

/// A mention with everything that a source may say about it.
#[derive(Debug, Clone, PartialEq)]
pub struct AnnotatedMention {
    /// Where it stands.
    pub span: Span,
    /// Its type; `None` where unknown.
    pub label: Option<Name>,
    /// Its entity: equal names, one entity. `None` where none is known.
    pub entity: Option<Name>,
    /// Its entry in a knowledge base.
    pub link: Option<Name>,
    /// What few mentions have.
    pub extra: Option<Box<Extra>>,
}

/// Rarer facts about a mention.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extra {
    /// A second type that is right too.
    pub alternative: Option<Name>,
    /// Why the mention is neither required nor punished.
    pub skip: Option<Name>,
    /// Whether it is a pronoun or a common noun, not a name.
    pub coref: bool,
    /// How sure the system is.
    pub score: Option<f64>,
}

/// How completely a document is annotated.
#[derive(Debug, Clone, PartialEq)]
pub struct Coverage {
    /// Only this part is annotated.
    pub part: Option<Span>,
    /// Whether every name is annotated.
    pub exhaustive: bool,
    /// The types that are annotated; `None` for all.
    pub types: Option<Vec<Name>>,
    /// Whether a mention without entity may still belong to one.
    pub entities_partial: bool,
}

impl Default for Coverage {
    fn default() -> Self {
        Self { part: None, exhaustive: true, types: None, entities_partial: false }
    }
}

impl AnnotatedMention {
    /// A mention with a type and perhaps an entity.
    #[must_use]
    pub const fn new(span: Span, label: Option<Name>, entity: Option<Name>) -> Self {
        Self { span, label, entity, link: None, extra: None }
    }

    /// The rarer facts, to be changed.
    pub fn extra_mut(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    /// A second type that is right too.
    #[must_use]
    pub fn alternative(&self) -> Option<&Name> {
        self.extra.as_ref()?.alternative.as_ref()
    }

    /// Entry in a knowledge base.
    #[must_use]
    pub const fn link(&self) -> Option<&Name> {
        self.link.as_ref()
    }

    /// Whether the source says to leave the mention out.
    #[must_use]
    pub fn is_skipped(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.skip.is_some())
    }

    /// Whether it is a pronoun or a common noun.
    #[must_use]
    pub fn is_coref(&self) -> bool {
        self.extra.as_ref().is_some_and(|extra| extra.coref)
    }
}

impl Annotation {
    /// The text, empty if unknown.
    #[must_use]
    pub fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Converts every span to bytes of `text`, in whose unit they were given.
    ///
    /// # Errors
    /// The first span, in its own unit, that is empty, lies outside the text or inside a character.
    pub fn place(&mut self, text: &str) -> Result<(), Span> {
        let map = OffsetMap::new(text, self.unit);
        let place = |span: &mut Span| {
            let (start, end) = (map.to_byte(span.start).ok_or(*span)?, map.to_byte(span.end).ok_or(*span)?);
            if start >= end {
                return Err(*span);
            }
            *span = Span::new(start, end);
            Ok(())
        };
        for mention in &mut self.mentions {
            place(&mut mention.span)?;
        }
        for token in self.tokens.iter_mut().flat_map(|tokens| tokens.sentences.iter_mut().flatten()) {
            place(token)?;
        }
        if let Some(part) = &mut self.coverage.part {
            place(part)?;
        }
        self.unit = OffsetUnit::Byte;
        Ok(())
    }

    /// Whether any mention has an entity.
    #[must_use]
    pub fn has_entities(&self) -> bool {
        self.mentions.iter().any(|mention| mention.entity.is_some())
    }

    /// Whether any mention is linked to a knowledge base.
    #[must_use]
    pub fn has_links(&self) -> bool {
        self.mentions.iter().any(|mention| mention.link().is_some())
    }
}

/// Gives equal strings the same memory.
#[derive(Debug, Default)]
pub struct Names(HashSet<Name, foldhash::fast::RandomState>);

/// The different names among many.
#[derive(Debug, Default)]
pub(super) struct DistinctNames {
    sorted: BTreeSet<Name>,
    /// The first of them, to be known by their memory.
    first: Vec<Name>,
}

impl DistinctNames {
    pub(super) fn add(&mut self, name: &Name) {
        if self.first.iter().any(|known| Arc::ptr_eq(known, name)) {
            return;
        }
        if self.first.len() < 32 {
            self.first.push(Name::clone(name));
        }
        if !self.sorted.contains(name) {
            self.sorted.insert(Name::clone(name));
        }
    }

    pub(super) fn into_sorted(self) -> BTreeSet<Name> {
        self.sorted
    }
}

impl Names {
    /// The shared copy of `name`.
    pub fn get(&mut self, name: &str) -> Name {
        if let Some(known) = self.0.get(name) {
            return Arc::clone(known);
        }
        let new: Name = Arc::from(name);
        self.0.insert(Arc::clone(&new));
        new
    }
}
