//! A name read as a person's: titles, given name, middle names, particles, family names, generation.

use super::known::{AsGiven, family_name, given_name, particle_as_given};
use super::list::WordClass::{Father, Particle, Vietnamese};
use super::list::{self, Gender, generation, is_word};
use super::word::Word;
use std::borrow::Cow;

/// Share of given name from which on the word after a title is one: "Prince William", not "Prince Fielder".
const MOSTLY_GIVEN: f32 = 0.5;

/// Share of given name below which a word with Spanish bearers is a family name where it stands first.
const HARDLY_GIVEN: f32 = 0.15;

/// Bearers, as a binary logarithm, of a given name that everybody knows: "Kim" and "Lee" are, "Ban" is not.
const WELL_KNOWN: f32 = 15.0;

/// The parts of a person's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Person {
    /// Given name or its initial; absent where only one name (or particle and family names) stands.
    pub(crate) given: Option<String>,
    /// Names and initials between given and family name, without particles and the father's name.
    pub(crate) middle: Vec<String>,
    /// Particles before the family name: "van", "der".
    pub(crate) particles: Vec<String>,
    /// The first of two family names: "cruz" of "María de la Cruz Benítez".
    pub(crate) first_family: Option<String>,
    /// Family name without particles; the last of two.
    pub(crate) family: String,
    /// A nickname in quotation marks or brackets.
    pub(crate) nickname: Option<String>,
    /// "jr", "sr", "ii" …
    pub(crate) generation: Option<String>,
    /// Titles and forms of address that stood in front.
    pub(crate) titles: Vec<String>,
    /// Gender that the title or the given name tells.
    pub(crate) gender: Option<Gender>,
    /// The family name stands first ("Ban Ki-moon"), as its first word suggests.
    pub(crate) family_first: bool,
    /// The last word alone is how the person is called, as Vietnamese are ("Mr Thanh" for Nguyen Van Thanh).
    pub(crate) called_by_last: bool,
    /// The family name is the father's given name: "bin Salman".
    pub(crate) by_father: bool,
    /// A title before a given name alone: "Prince William", who is no Mr William.
    pub(crate) by_given: bool,
    /// What is read as the given name may be a particle or a title: "Van Buren", "Prince Arden".
    pub(crate) doubtful: bool,
}

impl Person {
    /// Reads folded words as a person's name.
    pub(crate) fn parse(words: &[Word]) -> Self {
        let words = in_order(words);
        let mut person = Self::default();
        let rest = person.take_titles(&words);
        let rest = person.take_generation(rest);
        person.read_names(rest);
        person
    }

    /// The same, and which of the words are the name: without titles, and without the generation but where a single name
    /// stands before it, as rulers have.
    pub(crate) fn parse_words(words: &[Word]) -> (Self, Vec<String>) {
        let words = in_order(words);
        let mut person = Self::default();
        let whole = person.take_titles(&words);
        let rest = person.take_generation(whole);
        person.read_names(rest);
        let kept = if rest.len() > 1 { rest } else { whole };
        (person, kept.iter().flat_map(expand_initials).collect())
    }

    /// Cuts the titles in front, up to one that is part of the name.
    fn take_titles<'a>(&mut self, words: &'a [Word]) -> &'a [Word] {
        let mut rest = words;
        while let [first, tail @ ..] = rest
            && !tail.is_empty()
            && !first.comma
            && let Some(gender) = list::honorific(&first.folded)
        {
            if is_given_here(first, tail) {
                self.doubtful = true;
                break;
            }
            let is_often = list::title_as_given(&first.folded) == Some(AsGiven::Often);
            self.by_given |= is_often && is_mostly_given(&tail[0]);
            self.titles.push(first.folded.clone());
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

    /// Reads what is left without titles and generation.
    fn read_names(&mut self, mut rest: &[Word]) {
        // "Anne of Cleves", "Leo of Arden": the place behind is no family name.
        if let Some(at) = rest.iter().position(|word| word.folded == "of")
            && at > 0
        {
            rest = self.take_generation(&rest[..at]);
        }
        let quoted: Vec<&str> = rest.iter().filter(|word| word.quoted).map(|word| word.folded.as_str()).collect();
        let has_nickname = !quoted.is_empty() && quoted.len() + 1 < rest.len();
        self.nickname = has_nickname.then(|| quoted.join(" "));
        let names: Vec<&Word> = rest.iter().filter(|word| !(has_nickname && word.quoted)).collect();
        let Some((last, front)) = names.split_last() else { return };
        last.folded.clone_into(&mut self.family);
        let Some((first, _)) = front.split_first() else { return };
        if is_particle(first) && !self.may_be_given(&names) {
            self.read_families(&names);
            return;
        }
        let spanish = names.len() == 2 && is_spanish(first, HARDLY_GIVEN) && is_spanish(last, MOSTLY_GIVEN);
        // "Lykke-Nielsen"; "Jean-Michel" is told by a longer name.
        let hyphened = names.len() == 2 && first.joined && !list::is_leading_family(&first.folded);
        let by_and = matches!(names.as_slice(), [_, and, _] if and.folded == "y");
        if spanish || hyphened || by_and {
            self.first_family = Some(first.folded.clone());
            return;
        }
        // "George W.": the given name alone, with its initials.
        if !first.initials && names[1..].iter().all(|word| word.initials) {
            first.folded.clone_into(&mut self.family);
            self.middle = names[1..].iter().flat_map(|word| expand_initials(word)).collect();
            return;
        }
        let mut given = expand_initials(first).into_iter();
        self.given = given.next();
        self.middle = given.collect();
        self.read_customs(first, &names);
        self.read_families(&names[1..]);
    }

    /// Whether a particle in front is a given name ("Al Arden"), as it is if no other particle follows; notes that it may not be.
    fn may_be_given(&mut self, names: &[&Word]) -> bool {
        let [first, second, ..] = names else { return false };
        let vietnamese = is_word(Vietnamese, &first.folded);
        let can = first.initials
            || (vietnamese && first.capital && names.len() > 2)
            || ((first.capital || names.iter().all(|word| !word.capital))
                && !first.joined
                && !is_particle(second)
                && particle_as_given(&first.folded).is_some_and(|often| often > AsGiven::Never));
        self.doubtful |= can && !first.initials && !vietnamese;
        can
    }

    /// Reads middle names, particles and family names: what stands behind the given name.
    fn read_families(&mut self, names: &[&Word]) {
        let mut run: Vec<String> = Vec::new();
        for (at, word) in names.iter().enumerate() {
            let is_last = at + 1 == names.len();
            if !is_last && is_particle(word) && !word.initials {
                run.push(word.folded.clone());
                continue;
            }
            if !is_last && let Some(numeral) = generation(&word.folded) {
                self.generation.get_or_insert_with(|| numeral.to_owned());
                continue;
            }
            let by_father = run.iter().any(|particle| is_word(Father, particle));
            if is_last {
                self.by_father = by_father;
            } else if run.is_empty() && self.first_family.is_none() {
                self.middle.extend(expand_initials(word));
            } else if !run.is_empty() && !by_father {
                self.first_family.get_or_insert_with(|| word.folded.clone());
            }
            if matches!(run.as_slice(), [and] if and == "y" || and == "e") && self.first_family.is_none() {
                self.first_family = self.middle.pop();
            }
            if !run.is_empty() {
                self.particles = std::mem::take(&mut run);
            }
        }
        if self.first_family.is_none()
            && !self.family_first
            && let [.., before, last] = names
            && self.middle.last() == Some(&before.folded)
            && (before.joined || (is_spanish(before, HARDLY_GIVEN) && is_spanish(last, MOSTLY_GIVEN)))
        {
            self.first_family = self.middle.pop();
        }
    }

    /// What the given name tells, and whether the family name stands first.
    fn read_customs(&mut self, first: &Word, names: &[&Word]) {
        let Some(given) = &self.given else { return };
        // "Kim" and "Lee" are given names too, unless what follows is a Korean or Chinese one.
        let (second, last) = (names[1], names[names.len() - 1]);
        let is_known = |word: &Word| given_name(&word.folded).is_some_and(|name| name.bearers >= WELL_KNOWN);
        let is_other = |word: &Word| list::is_leading_family(&word.folded) || !is_known(word);
        let follows = second.joined || (names.len() == 3 && !second.initials && is_other(second) && is_other(last));
        self.family_first = names.len() <= 3
            && list::is_leading_family(given)
            && !self.doubtful
            && !first.joined
            && (follows || !is_known(first));
        self.called_by_last = self.family_first && names.len() > 2 && !second.joined && is_word(Vietnamese, given);
        self.called_by_last |= names.len() > 3 && is_word(Vietnamese, given) && names.iter().all(|word| !word.joined);
        self.family_first |= self.called_by_last;
        let often = |often: Option<AsGiven>| often == Some(AsGiven::Often);
        let is_given = often(particle_as_given(given)) || often(list::title_as_given(given));
        if !self.family_first && (!self.doubtful || is_given) {
            self.gender = self.gender.or_else(|| list::gender(given));
        }
    }

    /// "Jr." and nothing else.
    pub(crate) fn is_generation_alone(&self) -> bool {
        self.given.is_none() && matches!(self.family.as_str(), "jr" | "sr" | "junior" | "senior" | "jnr" | "snr")
    }

    /// Both a given and a family name are there.
    pub(crate) fn is_full(&self) -> bool {
        self.given.is_some()
    }

    /// Whether `words`, as [`parse_words`](Self::parse_words) leaves them, are family names and the particles before them.
    pub(crate) fn is_family_alone(&self, words: &[String]) -> bool {
        let is_family = |word: &String| is_word(Particle, word) || self.first_family.as_ref() == Some(word);
        self.given.is_none() && words.split_last().is_some_and(|(_, front)| front.iter().all(is_family))
    }
}

/// Whether a title is a given name where it stands: "Prince Arden" and "Dean Martin" are, "Prince William" and "Don Ricardo
/// Salas" are not.
fn is_given_here(title: &Word, behind: &[Word]) -> bool {
    let names = behind.iter().filter(|word| generation(&word.folded).is_none()).count();
    let is_cased = title.capital || behind.iter().all(|word| !word.capital);
    let (Some(next), true) = (behind.first(), is_cased && names > 0) else { return false };
    match list::title_as_given(&title.folded) {
        None | Some(AsGiven::Never | AsGiven::Rarely) => false,
        Some(AsGiven::Often) if next.folded == "of" => false,
        Some(AsGiven::Often) if next.initials => true,
        Some(AsGiven::Often) => {
            // Deans and earls are not called by their given names.
            !is_mostly_given(next) || (names == 1 && matches!(title.folded.as_str(), "dean" | "earl"))
        }
    }
}

/// The words of a form in spoken order.
pub(super) fn order(words: &[Word]) -> Vec<&Word> {
    let place = |word: &Word| words.iter().find(|own| own.start == word.start && own.folded == word.folded);
    match in_order(words) {
        Cow::Borrowed(words) => words.iter().collect(),
        Cow::Owned(turned) => turned.iter().filter_map(place).collect(),
    }
}

/// The words in the order in which they are spoken: "Tanaka, Yuki" is Yuki Tanaka, "Holt, Anna, Jr." Anna Holt Jr.; what
/// follows a whole name ("Anna Holt, M.D.") but for a generation is no name.
fn in_order(words: &[Word]) -> Cow<'_, [Word]> {
    if !words.iter().any(|word| word.comma) {
        return Cow::Borrowed(words);
    }
    let parts: Vec<&[Word]> = words.split_inclusive(|word| word.comma).collect();
    let is_generation = |part: &&&[Word]| matches!(part, [word] if generation(&word.folded).is_some());
    let family = parts[0];
    let given = parts[1..].iter().find(|part| !is_generation(part)).filter(|given| is_turned(family, given));
    // A single word behind the comma is no title: "Holt, Prince".
    let is_single = given.is_some_and(|given| given.len() == 1);
    let mut turned: Vec<Word> = given.into_iter().copied().flatten().chain(family).cloned().collect();
    // "Mills, Jaren Jr."
    if let Some(given) = given
        && let Some(at) = given.iter().rposition(|word| generation(&word.folded).is_some()).filter(|at| *at > 0)
    {
        let word = turned.remove(at);
        turned.push(word);
    }
    turned.extend(parts[1..].iter().filter(is_generation).copied().flatten().cloned());
    turned.iter_mut().enumerate().for_each(|(at, word)| word.comma = is_single && at == 0);
    Cow::Owned(turned)
}

/// Whether the part before a comma is a family name and the part behind it the given names.
fn is_turned(family: &[Word], given: &[Word]) -> bool {
    let [first, others @ ..] = family else { return false };
    if family.len() > 4 || given.len() > 4 {
        return false;
    }
    others.is_empty()
        || is_particle(first)
        || (given.first().is_some_and(|word| !word.initials && word.capital) && !list::is_given(&first.folded))
}

fn is_mostly_given(word: &Word) -> bool {
    given_name(&word.folded).is_some_and(|name| name.share >= MOSTLY_GIVEN)
}

fn is_particle(word: &Word) -> bool {
    is_word(Particle, &word.folded)
}

/// A Spanish family name of which less than a share of the bearers have it as given name.
fn is_spanish(word: &Word, given: f32) -> bool {
    !word.joined
        && family_name(&word.folded).is_some_and(|name| name.spanish)
        && given_name(&word.folded).is_none_or(|name| name.share < given)
}

/// "jp" written "J.P." is two initials; every other word is itself.
fn expand_initials(word: &Word) -> Vec<String> {
    if word.initials { word.folded.chars().map(String::from).collect() } else { vec![word.folded.clone()] }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::word::split_words;

    fn read(surface: &str) -> Person {
        Person::parse(&split_words(surface))
    }

    /// Given name, family names and generation.
    fn parts(surface: &str) -> String {
        let person = read(surface);
        let families = person.first_family.iter().chain([&person.family]).cloned().collect::<Vec<_>>().join("+");
        [person.given.unwrap_or("-".to_owned()), families, person.generation.unwrap_or_default()]
            .join(" ")
            .trim()
            .to_owned()
    }

    #[test]
    fn given_names_that_look_like_particles_or_titles_are_given_names() {
        for name in [
            "Al Marsten",
            "Ben Oakley",
            "Van Oakley",
            "Mac Ferris",
            "Di Ferris",
            "Don Ferris",
            "An Keller",
            "Ash Keller",
            "Prince Holloway",
            "Earl Benton",
            "Dean Martin",
            "Count Basie",
        ] {
            assert_eq!(parts(name), name.to_lowercase(), "{name}");
        }
        assert_eq!(parts("Maj. Don Holloway"), "don holloway");
        assert_eq!(parts("al marsten"), "al marsten");
        for (name, read) in [
            ("Prince William", "- william"),
            ("Don Ricardo Salas", "ricardo salas"),
            ("King Abdullah", "- abdullah"),
            ("van der Meulen", "- meulen"),
            ("Van der Meulen", "- meulen"),
            ("al-Khatib", "- khatib"),
            ("Al-Khatib", "- khatib"),
        ] {
            assert_eq!(parts(name), read, "{name}");
        }
    }

    #[test]
    fn last_name_first_is_turned_round() {
        assert_eq!(parts("Tanaka, Yuki"), "yuki tanaka");
        assert_eq!(parts("Meeker, Bernarda M"), "bernarda meeker");
        assert_eq!(parts("van der Meulen, Pieter"), "pieter meulen");
        assert_eq!(parts("MOSS, Tyrell, Jr."), "tyrell moss jr");
        assert_eq!(parts("Moss, Tyrell Jr."), "tyrell moss jr");
        assert_eq!(parts("Marcus Webb, Jr."), "marcus webb jr");
        assert_eq!(parts("Valerie Berkman, M.S."), "valerie berkman");
        assert_eq!(parts("Holt, Dr. Anna"), "anna holt");
        assert_eq!(Person::parse_words(&split_words("Tanaka, Yuki")).1, ["yuki", "tanaka"]);
    }

    #[test]
    fn family_names_are_read_as_their_language_has_them() {
        assert_eq!(parts("Elena de la Fuente Rojas"), "elena fuente+rojas");
        assert_eq!(parts("De la Fuente Rojas"), "- fuente+rojas");
        assert_eq!(parts("Laura Garcia Lopez"), "laura garcia+lopez");
        assert_eq!(parts("Ana María Torres Vidal"), "ana torres+vidal");
        assert_eq!(parts("Jorge Prieto y Salas"), "jorge prieto+salas");
        assert_eq!(parts("Prieto y Salas"), "- prieto+salas");
        assert_eq!(parts("Pieter van der Meulen"), "pieter meulen");
        assert_eq!(parts("Faisal bin Rashid al-Thani"), "faisal thani");
        let vietnamese = read("Pham Van Duc");
        assert!(vietnamese.called_by_last && vietnamese.family_first);
        assert!(read("Le Van Hung").called_by_last);
        assert!(read("Kang Ji-won").family_first && !read("Kang Ji-won").called_by_last);
        assert!(
            read("Kim Dae Jung").family_first && !read("Kim Novak").family_first && !read("Lee Ann Holt").family_first
        );
    }

    #[test]
    fn nicknames_stand_in_marks_or_brackets() {
        assert_eq!(read("James \"Big Jim\" Holt").nickname.as_deref(), Some("big jim"));
        assert_eq!(read("James (Jim) Holt").nickname.as_deref(), Some("jim"));
        assert_eq!(parts("James Theodore “Teddy” Harlow"), "james harlow");
    }
}
