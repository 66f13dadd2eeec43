//! What the text itself states about its names, from the words between and around them.
//!
//! In come a text and the places of its names; out come the definitions of letters. A statement of the document wins over
//! what is known of the world and over every likeness of names.

mod definition;

use crate::document::Span;
use crate::knowledge::{Sense, World};
use crate::name::{acronym_letters, similar};
pub(crate) use definition::Definition;
use definition::definitions;
use std::collections::HashMap;

/// The statements of one document.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    by_letters: HashMap<String, Vec<Definition>>,
}

impl Stated {
    /// Reads what `text` states; `spans` are the places of its names.
    pub(crate) fn read(text: &str, spans: impl Iterator<Item = Span>) -> Self {
        let letters: Vec<Span> = spans.filter(|span| acronym_letters(span.of(text)).is_some()).collect();
        let mut by_letters: HashMap<String, Vec<Definition>> = HashMap::new();
        for definition in definitions(text, &letters) {
            by_letters.entry(definition.letters.clone()).or_default().push(definition);
        }
        Self { by_letters }
    }

    /// What the document says that folded letters ("ira") stand for, in the order of the text; empty if it does not say.
    pub(crate) fn definitions(&self, letters: &str) -> &[Definition] {
        self.by_letters.get(letters).map_or(&[], Vec::as_slice)
    }

    /// Those among the senses of letters that the document's definition of them leaves; all, if it has none.
    pub(crate) fn possible(&self, letters: &str, senses: Vec<Sense>, world: &World) -> Vec<Sense> {
        let defined = self.definitions(letters);
        if defined.is_empty() {
            return senses;
        }
        let fits = |sense: &Sense| {
            defined.iter().any(|definition| {
                let name = world.entry(*sense).map(|entry| fold_name(&entry.name));
                world.senses("", &definition.key).contains(sense)
                    || name.is_some_and(|name| name == definition.key || similar(&name, &definition.key))
            })
        };
        senses.into_iter().filter(fits).collect()
    }
}

/// The folded words of a name.
fn fold_name(name: &str) -> String {
    crate::name::join(&crate::name::split_words(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, letters: &str) -> Vec<String> {
        let world = World::embedded();
        let stated = Stated::read(text, std::iter::empty());
        let senses = stated.possible(&letters.to_lowercase(), world.senses(letters, &letters.to_lowercase()), &world);
        senses.into_iter().filter_map(|sense| world.entry(sense)).map(|entry| entry.name.clone()).collect()
    }

    #[test]
    fn a_definition_wins_over_what_letters_are_known_for() {
        assert_eq!(left("The World Hat Order (WHO) met.", "WHO"), [""; 0]);
        assert_eq!(left("The World Health Organization (WHO) met.", "WHO"), ["World Health Organization"]);
        assert_eq!(left("The World Health Organisation (WHO) met.", "WHO"), ["World Health Organization"]);
        assert_eq!(left("The WHO met.", "WHO"), ["World Health Organization"]);
    }
}
