//! A name read as a place's: head, qualifier after a comma, generic words.

use super::likeness::similar;
use super::list::{self, WordClass, is_word};
use super::word::Word;

/// The parts of a place's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Place {
    /// Words before the comma.
    head: Vec<String>,
    /// The head without "city", "islands" and the like.
    core: Vec<String>,
    /// The core without "river", "province" and the like.
    bare: Vec<String>,
    /// Words after the comma.
    qualifier: Vec<String>,
}

/// How two names fit as names of one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PlaceFit {
    /// Equal head; only one has a qualifier.
    Qualified,
    /// Equal but for a plural "s".
    Plural,
    /// Equal but for a generic word.
    Core,
    /// One adds where its namesake lies: "Rio de Janeiro" and "Rio".
    Situated,
    /// Equal but for a word such as "river" or "province", which often makes it another place.
    Beside,
    /// One is the beginning of the other.
    First,
    /// One is the beginning of the other: several words of it.
    FirstWords,
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
        write_out_compass(&mut head);
        let core: Vec<String> = head.iter().filter(|word| !is_word(WordClass::Place, word)).cloned().collect();
        let core = if core.is_empty() { head.clone() } else { core };
        let bare: Vec<String> = core.iter().filter(|word| !is_word(WordClass::Beside, word)).cloned().collect();
        let bare = if bare.is_empty() { core.clone() } else { bare };
        Self { head, core, bare, qualifier: qualifier.map(folded).unwrap_or_default() }
    }

    /// Whether the name has a word that places are called by ("lake", "province").
    pub(crate) fn is_marked(&self) -> bool {
        self.bare.len() < self.head.len()
    }

    /// The words before the comma, joined by a space.
    pub(crate) fn head(&self) -> String {
        self.head.join(" ")
    }

    /// The number of words that tell this place from its namesakes: 2 for "Rio de Janeiro".
    pub(crate) fn situation(&self) -> usize {
        situated(&self.head).map_or(0, |name| self.head.len() - name.len())
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
        if same_words(&self.head, &other.head) {
            return PlaceFit::Plural;
        }
        if same_words(&self.core, &other.core) {
            return PlaceFit::Core;
        }
        if same_words(&self.bare, &other.bare) {
            return PlaceFit::Beside;
        }
        let (short, long) = if self.head.len() <= other.head.len() { (self, other) } else { (other, self) };
        let (short, long) = (&short.head, &long.head);
        let cut = long.len() - short.len();
        if cut > 0 && short[..] == long[cut..] {
            if list::is_written_out_country(&long[..cut]) {
                return PlaceFit::Core;
            }
            let compass = long[..cut].iter().all(|word| is_word(WordClass::Part, word));
            return if compass { PlaceFit::Clash } else { PlaceFit::Last };
        }
        if cut > 0 && short[..] == long[..short.len()] {
            let part = short.iter().all(|word| is_word(WordClass::Part, word));
            let kinds = short.iter().all(|word| is_kind(word));
            if cut > 1 && !part && !kinds && is_word(WordClass::Situation, &long[short.len()]) {
                // "Arden, Texas" says itself which Arden it is.
                let qualified = self.qualifier.is_empty() != other.qualifier.is_empty();
                return if qualified { PlaceFit::Nothing } else { PlaceFit::Situated };
            }
            let kind = long[short.len()..].iter().any(|word| is_kind(word));
            return match short.len() {
                _ if part => PlaceFit::Part,
                _ if kind => PlaceFit::Beside,
                1 => PlaceFit::First,
                _ => PlaceFit::FirstWords,
            };
        }
        if let (Some(left), Some(right)) = (situated(short), situated(long))
            && left == right
        {
            return PlaceFit::Clash;
        }
        let variant = similar(&short.concat(), &long.concat()) || similar(&self.bare.concat(), &other.bare.concat());
        if variant { PlaceFit::Similar } else { PlaceFit::Nothing }
    }
}

/// A word for a kind of place: "river", "city".
fn is_kind(word: &str) -> bool {
    is_word(WordClass::Beside, word) || is_word(WordClass::Place, word)
}

/// The name before the words that tell it from its namesakes.
fn situated(head: &[String]) -> Option<&[String]> {
    let at = head.iter().skip(1).position(|word| is_word(WordClass::Situation, word))? + 1;
    (at + 1 < head.len() && !head[..at].iter().all(|word| is_kind(word))).then_some(&head[..at])
}

/// "S. Arden" is "South Arden".
pub(crate) fn write_out_compass(words: &mut [String]) {
    if let [first, _, ..] = words
        && let Some(long) = list::compass_point(first)
    {
        long.clone_into(first);
    }
}

/// Equal but for a plural "s": "the Faroes" and "Faroe Islands".
fn same_words(left: &[String], right: &[String]) -> bool {
    let plural = |one: &str, many: &str| one.len() > 3 && many.strip_suffix('s') == Some(one);
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| a == b || plural(a, b) || plural(b, a))
}

/// One qualifier can be short for the other ("Tex." and "Texas").
fn abbreviates(left: &Place, right: &Place) -> bool {
    let (a, b) = (left.qualifier.concat(), right.qualifier.concat());
    a.starts_with(&b) || b.starts_with(&a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::word::split_words;

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
        assert_eq!(fit("Arden City", "Arden"), PlaceFit::Core);
        assert_eq!(fit("S. Arden", "South Arden"), PlaceFit::Qualified);
        assert_eq!(fit("South", "South Arden"), PlaceFit::Part);
        assert_eq!(fit("Ardens", "Arden Islands"), PlaceFit::Core);
        assert_eq!(fit("River Arden", "Arden"), PlaceFit::Beside);
        assert_eq!(fit("Arden am Norrin", "Arden"), PlaceFit::Situated);
        assert_eq!(fit("Arden-sur-Norre", "Arden"), PlaceFit::Situated);
        assert_eq!(fit("Arden", "Arden upon Norrin"), PlaceFit::Situated);
        assert_eq!(fit("U.S. Assembly", "Assembly"), PlaceFit::Core);
    }

    #[test]
    fn different_places_clash() {
        assert_eq!(fit("Paris, Texas", "Paris, Maine"), PlaceFit::Clash);
        assert_eq!(fit("North Arden", "Arden"), PlaceFit::Clash);
        assert_eq!(fit("Arden am Norrin", "Arden an der Lode"), PlaceFit::Clash);
        assert_eq!(fit("Arden am Norrin", "Arden, Texas"), PlaceFit::Nothing);
        assert_ne!(fit("Isla de Arden", "Isla de Norrin"), PlaceFit::Situated);
        assert_eq!(fit("Arden on Norrin", "Norrin"), PlaceFit::Last);
    }
}
