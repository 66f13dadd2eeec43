//! A name read as a place's: head, qualifier after a comma, generic words.

use super::name::{Word, similar};
use super::vocabulary::{WordClass, is_word};

/// The parts of a place's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Words before the comma.
    head: Vec<String>,
    /// The head without "city", "river", "province" and the like.
    core: Vec<String>,
    /// Words after the comma.
    qualifier: Vec<String>,
}

/// How two names fit as names of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceFit {
    /// Equal head; only one has a qualifier.
    Qualified,
    /// Equal but for a generic word.
    Core,
    /// One is the beginning of the other.
    First,
    /// One is only the part of the other that tells it from its neighbours: "the North" of "North Korea".
    Part,
    /// One is the end of the other.
    Last,
    /// A spelling variant.
    Similar,
    /// Equal heads and different qualifiers, or a point of the compass that only one has: two places.
    Clash,
    /// Nothing in common.
    Nothing,
}

impl Place {
    /// Reads the folded words before and after the first comma.
    pub(crate) fn parse(head: &[Word], qualifier: Option<&[Word]>) -> Self {
        let folded = |words: &[Word]| -> Vec<String> { words.iter().map(|word| word.folded.clone()).collect() };
        let mut head = folded(head);
        if let [first, _, ..] = &mut head[..] {
            let long = match first.as_str() {
                "n" => "north",
                "s" => "south",
                "e" => "east",
                "w" => "west",
                other => other,
            };
            *first = long.to_owned();
        }
        let core: Vec<String> = head.iter().filter(|word| !is_word(WordClass::Place, word)).cloned().collect();
        let core = if core.is_empty() { head.clone() } else { core };
        Self { head, core, qualifier: qualifier.map(folded).unwrap_or_default() }
    }

    /// Whether the name has a word that places are called by ("lake", "province").
    pub(crate) fn is_marked(&self) -> bool {
        self.core.len() < self.head.len()
    }

    /// The words before the comma, joined by a space.
    pub(crate) fn head(&self) -> String {
        self.head.join(" ")
    }

    /// How this name fits `other`.
    pub(crate) fn fit(&self, other: &Self) -> PlaceFit {
        if self.head.is_empty() || other.head.is_empty() {
            return PlaceFit::Nothing;
        }
        let qualifiers = !self.qualifier.is_empty() && !other.qualifier.is_empty();
        if self.head == other.head {
            return if qualifiers && self.qualifier != other.qualifier && !abbreviates(self, other) {
                PlaceFit::Clash
            } else {
                PlaceFit::Qualified
            };
        }
        if self.core == other.core {
            return PlaceFit::Core;
        }
        let (short, long) = if self.head.len() <= other.head.len() { (self, other) } else { (other, self) };
        let (short, long) = (&short.head, &long.head);
        let cut = long.len() - short.len();
        if cut > 0 && short[..] == long[cut..] {
            let compass = long[..cut].iter().all(|word| is_word(WordClass::Part, word));
            return if compass { PlaceFit::Clash } else { PlaceFit::Last };
        }
        if cut > 0 && short[..] == long[..short.len()] {
            let part = short.iter().all(|word| is_word(WordClass::Part, word));
            return if part { PlaceFit::Part } else { PlaceFit::First };
        }
        if similar(&short.concat(), &long.concat()) { PlaceFit::Similar } else { PlaceFit::Nothing }
    }
}

/// One qualifier can be short for the other ("Tex." and "Texas").
fn abbreviates(left: &Place, right: &Place) -> bool {
    let (a, b) = (left.qualifier.concat(), right.qualifier.concat());
    a.starts_with(&b) || b.starts_with(&a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::name::split_words;

    fn fit(left: &str, right: &str) -> PlaceFit {
        let read = |surface: &str| match surface.split_once(", ") {
            Some((head, qualifier)) => Place::parse(&split_words(head), Some(&split_words(qualifier))),
            None => Place::parse(&split_words(surface), None),
        };
        read(left).fit(&read(right))
    }

    #[test]
    fn qualifiers_and_generic_words_are_seen_through() {
        assert_eq!(fit("Paris, Texas", "Paris"), PlaceFit::Qualified);
        assert_eq!(fit("Paris, Tex.", "Paris, Texas"), PlaceFit::Qualified);
        assert_eq!(fit("Arden Province", "Arden"), PlaceFit::Core);
        assert_eq!(fit("S. Arden", "South Arden"), PlaceFit::Qualified);
        assert_eq!(fit("South", "South Arden"), PlaceFit::Part);
        assert_eq!(fit("River Arden", "Arden River"), PlaceFit::Core);
    }

    #[test]
    fn different_places_clash() {
        assert_eq!(fit("Paris, Texas", "Paris, Maine"), PlaceFit::Clash);
        assert_eq!(fit("North Arden", "Arden"), PlaceFit::Clash);
    }
}
