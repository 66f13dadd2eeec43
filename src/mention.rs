//! A mention: one place in a text where an entity is named.

use crate::document::Span;
use crate::entity_type::EntityType;

/// A name in a text.
///
/// Invariant: the mentions of one document are sorted by span and do not overlap.
#[derive(Debug, Clone, PartialEq)]
pub struct Mention {
    /// Where it stands.
    pub span: Span,
    /// What it names.
    pub entity_type: EntityType,
    /// How sure the tagger is, 0 to 1: of a calibrated model, the share of such mentions that are right.
    pub score: f32,
}
