//! How pages name and colour types.

use crate::entity_type::EntityType;

/// Classes of types of one's own: the style sheet has hues for so many, away from those of the known types.
const OWN: [&str; 5] = ["own o0", "own o1", "own o2", "own o3", "own o4"];

/// The type's class in the style sheet. A type of one's own has the same colour in every document and on every page.
pub(super) fn class(entity_type: EntityType) -> &'static str {
    match entity_type {
        EntityType::Per => "per",
        EntityType::Org => "org",
        EntityType::Loc => "loc",
        EntityType::Misc => "misc",
        EntityType::Own(own) => own.pick(OWN),
    }
}

/// The type in words; one's own has no other than its label.
pub(super) const fn words(entity_type: EntityType) -> &'static str {
    match entity_type {
        EntityType::Per => "person",
        EntityType::Org => "organisation",
        EntityType::Loc => "place",
        EntityType::Misc => "other name",
        EntityType::Own(own) => own.label(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_keeps_its_colour() {
        assert_eq!(EntityType::KNOWN.map(class), ["per", "org", "loc", "misc"]);
        let classes = ["DRUG", "LAW", "DISEASE", "EVENT"].map(|label| class(EntityType::from_label(label)));
        assert_eq!(classes, ["own o3", "own o2", "own o1", "own o2"]);
    }
}
