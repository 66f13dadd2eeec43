//! One document as gold and system have it.

use super::snippet::{Marked, Snippet};
use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::eval::select::Selection;
use crate::mention::Mention;

/// One document with both sides.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) gold: &'a AnnotatedDocument,
    pub(super) system: &'a AnnotatedDocument,
    pub(super) selection: &'a Selection,
}

impl<'a> Sides<'a> {
    /// The text around `place` with the mentions of one side that count.
    pub(super) fn snippet(
        self,
        place: Span,
        mentions: &'a [Mention],
        counted: &'a [usize],
        focus: Option<usize>,
    ) -> Snippet<'a> {
        let marked = move |&index: &usize| {
            let mention = mentions.get(index)?;
            Some(Marked { span: mention.span, label: label_of(mention), focus: focus == Some(index) })
        };
        Snippet::new(self.gold.text(), place, &counted.iter().filter_map(marked))
    }
}

/// The label of a mention, if it has a type.
pub(super) fn label_of(mention: &Mention) -> Option<&'static str> {
    Some(mention.entity_type.label()).filter(|_| mention.entity_type != EntityType::UNTYPED)
}
