//! A name read as a person's: honorific, given name, middle names, particles, family name.

use super::list::WordClass::Particle;
use super::list::{self, Gender, generation, is_word};
use super::word::Word;

/// The parts of a person's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// Given name or its initial; absent where only one name (or particle and family name) stands.
    pub(crate) given: Option<String>,
    /// Names and initials between given and family name.
    pub(crate) middle: Vec<String>,
    /// Family name without particles.
    pub(crate) family: String,
    /// A nickname in quotation marks.
    pub(crate) nickname: Option<String>,
    /// "jr", "sr", "ii" …
    pub(crate) generation: Option<String>,
    /// Gender that the honorific or the given name tells.
    pub(crate) gender: Option<Gender>,
    /// The family name stands first ("Ban Ki-moon"), as its first word suggests.
    pub(crate) family_first: bool,
}

/// How two names fit as names of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonFit {
    /// Same given and family name.
    Full,
    /// Same family name; one given name is the initial of the other.
    Initial,
    /// Same family name; one given name is a nickname of the other.
    Nickname,
    /// Same family name; the given name of one is a middle name of the other.
    Middle,
    /// One is the family name alone.
    Family,
    /// One is the given name alone.
    Given,
    /// One is a middle name alone.
    MiddleAlone,
    /// The same words in another order, or all words of one among those of the other.
    Contained,
    /// Full names that differ by a spelling variant.
    SimilarFull,
    /// A family name alone that is a spelling variant of the other's.
    SimilarFamily,
    /// Same family name, other given name (or generation): two people.
    Clash,
    /// Nothing in common.
    Nothing,
}

impl Person {
    /// Reads folded words as a person's name.
    pub(crate) fn parse(words: &[Word]) -> Self {
        let mut person = Self::default();
        let rest = person.take_titles(words, |_| false);
        let rest = person.take_generation(rest);
        person.read_names(rest);
        person
    }

    /// Reads folded words as the name of a person of whom no other name is at hand, and says which of the words are the name.
    /// Inside a document the names beside it tell whether "Ben Holt" and "Don Holt" are called Holt; alone they are Ben and
    /// Don. One name and a number, as rulers have, are a whole name.
    pub(crate) fn parse_alone(words: &[Word]) -> (Self, Vec<String>) {
        let is_given = |word: &Word| word.capital && list::is_given(&word.folded);
        let mut person = Self::default();
        let rest = person.take_titles(words, is_given);
        let (whole, rest) = (rest, person.take_generation(rest));
        let kept = if rest.len() > 1 { rest } else { whole };
        person.read_names(rest);
        if let ([first, second, ..], Some(last), None) = (rest, rest.last(), &person.given)
            && last.folded == person.family
            && is_given(first)
            // "Van der Holt": two particles are the family's.
            && !(is_word(Particle, &first.folded) && is_word(Particle, &second.folded))
        {
            person.given = Some(first.folded.clone());
        }
        (person, kept.iter().flat_map(expand_initials).collect())
    }

    /// Cuts the honorifics in front, up to one that is part of the name.
    fn take_titles<'a>(&mut self, words: &'a [Word], is_name: impl Fn(&Word) -> bool) -> &'a [Word] {
        let mut rest = words;
        while let [first, tail @ ..] = rest
            && !tail.is_empty()
            && !is_name(first)
            && let Some(gender) = list::honorific(&first.folded)
        {
            self.gender = self.gender.or(gender);
            rest = tail;
        }
        rest
    }

    /// Cuts "Jr" and the like behind, but for the last word.
    fn take_generation<'a>(&mut self, words: &'a [Word]) -> &'a [Word] {
        let mut rest = words;
        while let [head @ .., last] = rest
            && !head.is_empty()
            && let Some(generation) = generation(&last.folded)
        {
            self.generation = Some(generation.to_owned());
            rest = head;
        }
        rest
    }

    /// Reads what is left without honorific and generation.
    fn read_names(&mut self, mut rest: &[Word]) {
        // "Anne of Cleves", "Leo of Arden": the place behind is no family name.
        if let Some(at) = rest.iter().position(|word| word.folded == "of")
            && at > 0
        {
            rest = &rest[..at];
            if let [head @ .., last] = rest
                && !head.is_empty()
                && let Some(generation) = generation(&last.folded)
            {
                self.generation = Some(generation.to_owned());
                rest = head;
            }
        }
        let quoted = rest.iter().find(|word| word.quoted);
        self.nickname = quoted.filter(|_| rest.len() > 2).map(|word| word.folded.clone());
        let Some((last, front)) = rest.split_last() else { return };
        last.folded.clone_into(&mut self.family);
        let is_particle = |word: &Word| is_word(Particle, &word.folded);
        let mut front = front;
        while let [head @ .., word] = front
            && is_particle(word)
            && !(head.is_empty() && word.initials)
        {
            front = head;
        }
        let mut given = front.iter().flat_map(expand_initials);
        self.given = given.next();
        self.middle = given.filter(|word| !is_word(Particle, word)).collect();
        if let Some(given) = &self.given {
            self.gender = self.gender.or_else(|| list::gender(given));
            self.family_first = rest.len() <= 3 && list::is_leading_family(given);
        }
    }

    /// Both a given and a family name are there.
    pub(crate) fn is_full(&self) -> bool {
        self.given.is_some()
    }

    /// Whether `words`, as [`parse_alone`](Self::parse_alone) leaves them, are a family name and the particles before it.
    pub(crate) fn is_family_alone(&self, words: &[String]) -> bool {
        let particles = words.split_last().is_some_and(|(_, front)| front.iter().all(|word| is_word(Particle, word)));
        self.given.is_none() && particles
    }

    /// How this name fits `other`.
    pub(crate) fn fit(&self, other: &Self) -> PersonFit {
        if self.family.is_empty() || other.family.is_empty() {
            return PersonFit::Nothing;
        }
        match (&self.given, &other.given) {
            (Some(_), Some(_)) => full_fit(self, other),
            (None, Some(_)) => alone_fit(self, other),
            (Some(_), None) => alone_fit(other, self),
            (None, None) if self.family == other.family && generation_clash(self, other) => PersonFit::Clash,
            (None, None) if self.family == other.family => PersonFit::Family,
            (None, None) if similar(&self.family, &other.family) => PersonFit::SimilarFamily,
            (None, None) => PersonFit::Nothing,
        }
    }
}

/// "jp" written "J.P." is two initials; every other word is itself.
fn expand_initials(word: &Word) -> Vec<String> {
    if word.initials { word.folded.chars().map(String::from).collect() } else { vec![word.folded.clone()] }
}

fn generation_clash(left: &Person, right: &Person) -> bool {
    matches!((&left.generation, &right.generation), (Some(x), Some(y)) if x != y)
}

/// A spelling variant, and not the plural by which a family is called.
fn similar(left: &str, right: &str) -> bool {
    left.strip_suffix('s') != Some(right)
        && right.strip_suffix('s') != Some(left)
        && super::likeness::similar(left, right)
}

fn is_initial(name: &str) -> bool {
    name.chars().count() == 1
}

fn initial_fits(left: &str, right: &str) -> bool {
    (is_initial(left) || is_initial(right)) && left.chars().next() == right.chars().next()
}

fn alone_fit(alone: &Person, full: &Person) -> PersonFit {
    let given = full.given.as_deref().unwrap_or_default();
    let name = alone.family.as_str();
    if name == full.family {
        // "Ban Ki-moon": the last word is a part of the given name, hence rarely alone.
        return if full.family_first { PersonFit::MiddleAlone } else { PersonFit::Family };
    }
    if full.nickname.as_deref() == Some(name) {
        return PersonFit::Given;
    }
    if name == given && alone.generation.is_some() {
        return PersonFit::Nothing;
    }
    if name == given {
        return if full.family_first { PersonFit::Family } else { PersonFit::Given };
    }
    if full.middle.iter().any(|middle| middle == name) {
        return PersonFit::MiddleAlone;
    }
    if similar(name, &full.family) { PersonFit::SimilarFamily } else { PersonFit::Nothing }
}

fn full_fit(left: &Person, right: &Person) -> PersonFit {
    let (a, b) = (left.given.as_deref().unwrap_or_default(), right.given.as_deref().unwrap_or_default());
    if left.family != right.family {
        return other_family_fit(left, right, a, b);
    }
    if generation_clash(left, right) || (a == b && middle_clash(&left.middle, &right.middle)) {
        return PersonFit::Clash;
    }
    if a == b {
        PersonFit::Full
    } else if initial_fits(a, b) {
        if middle_clash(&left.middle, &right.middle) { PersonFit::Clash } else { PersonFit::Initial }
    } else if list::same_given(a, b) {
        PersonFit::Nickname
    } else if similar(a, b) && !list::known_given(a, b) {
        PersonFit::SimilarFull
    } else if left.middle.iter().any(|middle| middle == b) || right.middle.iter().any(|middle| middle == a) {
        PersonFit::Middle
    } else {
        PersonFit::Clash
    }
}

/// Family names differ: a reordering, a part of a longer name, a spelling variant, or nothing.
fn other_family_fit(left: &Person, right: &Person, a: &str, b: &str) -> PersonFit {
    let words = |person: &Person, given: &str| -> Vec<String> {
        std::iter::once(given.to_owned()).chain(person.middle.iter().cloned()).chain([person.family.clone()]).collect()
    };
    let (x, y) = (words(left, a), words(right, b));
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    if short.iter().all(|word| long.contains(word)) {
        return PersonFit::Contained;
    }
    if (a == b || similar(a, b)) && similar(&left.family, &right.family) && !middle_clash(&left.middle, &right.middle) {
        return PersonFit::SimilarFull;
    }
    PersonFit::Nothing
}

/// Middle names that cannot be one person's: the first ones differ ("H." and "Walker" do, "H." and "Herbert" do not),
/// and no whole name is common to both.
fn middle_clash(left: &[String], right: &[String]) -> bool {
    !left.is_empty()
        && !right.is_empty()
        && !left.iter().zip(right).take(1).any(|(a, b)| a == b || initial_fits(a, b) || similar(a, b))
        && !left.iter().any(|a| !is_initial(a) && right.contains(a))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::word::split_words;

    fn fit(left: &str, right: &str) -> PersonFit {
        let read = |surface: &str| Person::parse(&split_words(surface));
        read(left).fit(&read(right))
    }

    #[test]
    fn names_of_one_person_fit() {
        assert_eq!(fit("Orsolya Varga", "Varga"), PersonFit::Family);
        assert_eq!(fit("Dr. Orsolya Varga", "O. Varga"), PersonFit::Initial);
        assert_eq!(fit("William Hartnell", "Bill Hartnell"), PersonFit::Nickname);
        assert_eq!(fit("Pieter van der Meulen", "Van der Meulen"), PersonFit::Family);
        assert_eq!(fit("Samir al-Khatib", "Khatib"), PersonFit::Family);
        assert_eq!(fit("Kim Sung-ho", "Kim"), PersonFit::Family);
        assert_eq!(fit("Gerrard Aston", "Gerard Aston"), PersonFit::SimilarFull);
        assert_eq!(fit("John F. Keller", "John Keller"), PersonFit::Full);
        assert_eq!(fit("Anton \"Rocket\" Weiss", "Rocket"), PersonFit::Given);
        assert_eq!(fit("Leo IX of Arden", "Leo"), PersonFit::Family);
        assert_eq!(fit("Leo I", "Leo"), PersonFit::Family);
        assert_eq!(fit("Bertold Arden", "Ardens"), PersonFit::Nothing);
        assert_eq!(fit("Tanaka Yuko", "Yuko Tanaka"), PersonFit::Contained);
    }

    #[test]
    fn two_people_with_one_family_name_clash() {
        assert_eq!(fit("Laura Benton", "George Benton"), PersonFit::Clash);
        assert_eq!(fit("L. Benton", "George Benton"), PersonFit::Clash);
        assert_eq!(fit("Maria Benton", "Mario Benton"), PersonFit::Clash);
        assert_eq!(fit("George H. W. Benton", "George W. Benton"), PersonFit::Clash);
        assert_eq!(fit("Leo VIII", "Leo IX of Arden"), PersonFit::Clash);
        assert_eq!(fit("Al Benton Jr", "Al Benton Sr"), PersonFit::Clash);
    }
}
