//! A type for mentions that came without one.

use super::Resolver;
use super::context::Context;
use super::known_name::KnownName;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::name::gender;

/// How far a guessed type is believed: enough to decide between equals, not enough to keep a name from its entity.
const GUESSED: f32 = 0.3;

impl Resolver {
    /// A mention whose tagger gave no type, with the likeliest one and a score that says how little that is.
    #[must_use]
    pub fn guess_mention(&self, text: &str, span: Span) -> Mention {
        Mention { span, entity_type: self.guess_type(text, span), score: GUESSED }
    }

    /// The likeliest type of a name that no tagger has typed, from its form and the word before it.
    fn guess_type(&self, text: &str, span: Span) -> EntityType {
        let name = KnownName::read(span.of(text), &self.world);
        let context = Context::read(text, None, span);
        let kinds = name.senses.iter().filter_map(|sense| self.world.entry(*sense)?.kind);
        if let Some(kind) = kinds.min_by_key(|kind| rank(*kind)) {
            return kind;
        }
        let given = name.person.given.as_deref().unwrap_or_default();
        let looks_like_person = (2..=4).contains(&name.words.len())
            && name.words.iter().all(|word| word.folded.chars().all(char::is_alphabetic))
            && !name.organization.is_marked();
        if context.titled || (looks_like_person && (gender(given).is_some() || given.chars().count() == 1)) {
            return EntityType::Per;
        }
        if name.organization.is_marked() || name.acronym.is_some() {
            return EntityType::Org;
        }
        if name.place.is_marked() {
            return EntityType::Loc;
        }
        if looks_like_person { EntityType::Per } else { EntityType::Org }
    }
}

/// Which of several known types a form without a type most likely has.
const fn rank(entity_type: EntityType) -> u8 {
    match entity_type {
        EntityType::Loc => 0,
        EntityType::Org => 1,
        EntityType::Per => 2,
        EntityType::Misc => 3,
        EntityType::Own(_) => 4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_suggest_types() {
        let resolver = Resolver::embedded();
        let guess = |text: &str| resolver.guess_type(text, Span::new(0, text.len()));
        assert_eq!(guess("Norvik Shipping Inc"), EntityType::Org);
        assert_eq!(guess("Maria Arden"), EntityType::Per);
        assert_eq!(guess("Lake Arden"), EntityType::Loc);
        assert_eq!(guess("Brazil"), EntityType::Loc);
        assert_eq!(guess("HWU"), EntityType::Org);
    }
}
