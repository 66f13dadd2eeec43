//! A mention: one place in a text where an entity is named.

use crate::document::Span;
use serde::{Deserialize, Serialize};

/// What kind of thing a name stands for; the four classes of CoNLL-2003.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum EntityType {
    /// A person.
    Per,
    /// An organisation: company, agency, party, team, international body.
    Org,
    /// A place: country, city, region, river, facility.
    Loc,
    /// Another name: nationality, event, work, product.
    Misc,
}

impl EntityType {
    /// Every type, in the order in which tables list them.
    pub const ALL: [Self; 4] = [Self::Per, Self::Org, Self::Loc, Self::Misc];

    /// The label as written in every output format: `PER`, `ORG`, `LOC` or `MISC`.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Misc => "MISC",
        }
    }

    /// The type with this label, upper or lower case.
    #[must_use]
    pub fn from_label(label: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.label().eq_ignore_ascii_case(label))
    }
}

impl std::fmt::Display for EntityType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.label())
    }
}

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
