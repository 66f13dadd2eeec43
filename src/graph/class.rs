//! Types and their classes.

use super::iri::{decode, encode};
use super::vocabulary::{ns, schema};
use crate::entity_type::EntityType;
use oxrdf::{NamedNode, NamedNodeRef};

/// The class of a type; types of their own have classes of our vocabulary.
pub(super) fn class(entity_type: EntityType) -> NamedNode {
    let known = match entity_type {
        EntityType::Per => schema::PERSON,
        EntityType::Org => schema::ORGANIZATION,
        EntityType::Loc => schema::PLACE,
        EntityType::Misc => schema::THING,
        EntityType::Own(own) => return ns::class(&encode(own.label())),
    };
    known.into()
}

/// The type of a class.
pub(super) fn type_of(node: NamedNodeRef<'_>) -> Option<EntityType> {
    let known = EntityType::KNOWN.into_iter().find(|kind| class(*kind).as_ref() == node);
    known.or_else(|| Some(EntityType::from_label(&decode(ns::label_of(node)?)?)))
}
