//! Resolution of documents whose mentions come from somewhere else.

use super::Resolver;
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit};
use crate::entity_type::EntityType;
use thiserror::Error;

/// Why the mentions of a document cannot be resolved.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ResolveError {
    /// Names are read in their text, and there is none.
    #[error("document {0:?} comes without its text, in which names are read")]
    NoText(String),
    /// Two mentions share a part of the text.
    #[error("document {id:?}: the mentions at {one} and {other} overlap: keep one of them")]
    Overlap {
        /// The document.
        id: String,
        /// Where one begins, in code points.
        one: usize,
        /// Where the other begins.
        other: usize,
    },
}

impl Resolver {
    /// Groups the mentions of a document from any tagger into entities, which replace those that it has. Mentions without a
    /// type get the likeliest one ([`guess_mention`](Self::guess_mention)).
    ///
    /// # Errors
    /// If the text is not there, or two mentions overlap.
    pub fn resolve_annotated(&self, mut document: AnnotatedDocument) -> Result<AnnotatedDocument, ResolveError> {
        if !document.has_text() {
            return Err(ResolveError::NoText(document.document.id));
        }
        document.entities.clear();
        document.sort_mentions();
        document.extras = None;
        let text = document.document.text.as_str();
        if let Some(pair) = document.mentions.windows(2).find(|pair| pair[0].span.overlaps(pair[1].span)) {
            let points = OffsetMap::new(text, OffsetUnit::Char);
            let [one, other] = [0, 1].map(|index| points.from_byte(pair[index].span.start).unwrap_or_default());
            return Err(ResolveError::Overlap { id: document.document.id, one, other });
        }
        for mention in &mut document.mentions {
            if mention.entity_type == EntityType::UNTYPED {
                *mention = self.guess_mention(text, mention.span);
            }
        }
        self.resolve_document(&mut document);
        Ok(document)
    }

    /// Groups the mentions of a document, sorted and apart, into its entities, with the reasons if they are asked for.
    pub(crate) fn resolve_document(&self, document: &mut AnnotatedDocument) {
        let text = document.document.text.as_str();
        if !self.explanations {
            document.entities = self.resolve(text, &mut document.mentions);
            return;
        }
        let (entities, whys) = self.resolve_and_explain(text, &mut document.mentions);
        document.entities = entities;
        for (mention, why) in whys.into_iter().enumerate() {
            document.mark_mut(mention).why = Some(Box::new(why));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Span};
    use crate::mention::Mention;

    fn document(spans: &[(usize, usize)]) -> AnnotatedDocument {
        let mention = |&(start, end): &(usize, usize)| Mention {
            span: Span::new(start, end),
            entity_type: EntityType::UNTYPED,
            score: 1.0,
        };
        let mentions = spans.iter().map(mention).collect();
        AnnotatedDocument { mentions, ..AnnotatedDocument::new(Document::new("d", "Zoë Ito met Ito in Oslo.")) }
    }

    #[test]
    fn mentions_in_any_order_and_without_types_are_resolved() {
        let resolved = Resolver::embedded().resolve_annotated(document(&[(13, 16), (0, 8)])).unwrap();
        assert_eq!(resolved.entities.len(), 1);
        assert_eq!(
            (resolved.entities[0].name.as_str(), resolved.entities[0].entity_type),
            ("Zoë Ito", EntityType::Per)
        );
        assert!(resolved.mentions[0].score < 0.5);
    }

    #[test]
    fn overlaps_are_refused_with_their_places() {
        let error = Resolver::embedded().resolve_annotated(document(&[(0, 8), (5, 8)])).unwrap_err();
        assert_eq!(error.to_string(), "document \"d\": the mentions at 0 and 4 overlap: keep one of them");
    }
}
