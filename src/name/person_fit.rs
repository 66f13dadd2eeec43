//! How two names fit as names of one person.

use super::known::{family_name, full_names, same_native};
use super::likeness;
use super::list;
use super::person::Person;
use super::skeleton::skeleton;

/// Bearers, as a binary logarithm, from which on a family name is no misspelling of another such.
const COMMON_FAMILY: f32 = 14.0;

/// Bearers of a given name who go by a short form of it, from which on it is one.
const GO_BY: u32 = 5;

/// Shortest word of which a part is a short form, and the letters that must be missing: "Shaq" of "Shaquille".
const SHORT_FORM: (usize, usize) = (4, 2);

/// Consonants that spellings must share, where letters differ in more than a slip of the pen.
const CONSONANTS: usize = 3;

/// How two names fit as names of one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PersonFit {
    /// Same given and family name.
    Full,
    /// Same family name; one given name is the initial of the other.
    Initial,
    /// Same family name; one given name is a nickname of the other.
    Nickname,
    /// Same family name; the given name of one is the nickname that stands in quotation marks in the other.
    Quoted,
    /// Same family name; the given name of one is a middle name of the other.
    Middle,
    /// One is the family name alone.
    Family,
    /// One is the second of two family names alone.
    SecondFamily,
    /// One is the given name alone.
    Given,
    /// One is a short form of the given name alone.
    ShortGiven,
    /// One is a middle name alone.
    MiddleAlone,
    /// One is a title that the other has.
    Title,
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
    /// How this name fits `other`.
    pub(crate) fn fit(&self, other: &Self) -> PersonFit {
        if self.family.is_empty() || other.family.is_empty() {
            return PersonFit::Nothing;
        }
        match (&self.given, &other.given) {
            (Some(_), Some(_)) => full_fit(self, other),
            (None, Some(_)) => alone_fit(self, other),
            (Some(_), None) => alone_fit(other, self),
            (None, None) => family_fit(self, other),
        }
    }

    /// Two that are told apart by generation.
    pub(crate) fn generation_clash(&self, other: &Self) -> bool {
        matches!((&self.generation, &other.generation), (Some(x), Some(y)) if x != y)
    }

    /// The family names, without particles.
    fn families(&self) -> impl Iterator<Item = &String> {
        self.first_family.iter().chain([&self.family])
    }

    /// The names between the given and the last family name.
    fn inner(&self) -> impl Iterator<Item = &String> {
        self.middle.iter().chain(&self.first_family)
    }

    /// All names in order, without particles.
    fn all(&self) -> Vec<&str> {
        let names = self.given.iter().chain(&self.middle).chain(self.families());
        names.map(String::as_str).collect()
    }
}

/// Neither has a given name.
fn family_fit(left: &Person, right: &Person) -> PersonFit {
    if left.family == right.family && middle_clash(&left.middle, &right.middle) {
        return PersonFit::Clash;
    }
    let shared = left.families().any(|name| right.families().any(|other| other == name));
    if shared && left.generation_clash(right) {
        return PersonFit::Clash;
    }
    if shared {
        let second = left.first_family.is_some() != right.first_family.is_some() && left.family == right.family;
        return if second { PersonFit::SecondFamily } else { PersonFit::Family };
    }
    if left.titles.contains(&right.family) || right.titles.contains(&left.family) {
        return PersonFit::Title;
    }
    if alike_families(&left.family, &right.family) { PersonFit::SimilarFamily } else { PersonFit::Nothing }
}

fn alone_fit(alone: &Person, full: &Person) -> PersonFit {
    let given = full.given.as_deref().unwrap_or_default();
    let name = alone.family.as_str();
    // "Jean-Michel" of Jean-Michel Basset, "Sung-ho" of Kim Sung-ho.
    if let Some(first) = &alone.first_family {
        let whole =
            if full.family_first { (full.middle.first(), &full.family) } else { (full.given.as_ref(), &alone.family) };
        let second = full.family_first || full.middle.first() == Some(&alone.family);
        if whole == (Some(first), &alone.family) && second {
            return PersonFit::Given;
        }
    }
    // "Prince William" is no Mr William.
    if alone.by_given && name == full.family && name != given {
        return PersonFit::Clash;
    }
    let is_family = !alone.by_given && name == full.family || full.first_family.as_deref() == Some(name);
    let is_family =
        is_family || alone.first_family.as_ref().is_some_and(|first| full.families().any(|name| name == first));
    if is_family {
        if alone.generation_clash(full) {
            return PersonFit::Clash;
        }
        // "Ban Ki-moon": the last word is a part of the given name, hence rarely alone. "bin Salman": Salman is the father.
        let father = full.by_father && alone.particles.is_empty();
        let inner = full.family_first && !full.called_by_last;
        let second = full.first_family.is_some() && alone.first_family.is_none() && name == full.family;
        return match (father || inner, second) {
            (true, _) => PersonFit::MiddleAlone,
            (false, true) => PersonFit::SecondFamily,
            (false, false) => PersonFit::Family,
        };
    }
    if full.nickname.as_deref() == Some(name) {
        return PersonFit::Given;
    }
    if name == given && alone.generation.is_some() {
        return match (&alone.generation, &full.generation) {
            (one, other) if one == other => PersonFit::Given,
            (Some(_), Some(_)) => PersonFit::Clash,
            _ => PersonFit::Nothing,
        };
    }
    if name == given && middle_clash(&alone.middle, &full.middle) {
        return PersonFit::Nothing;
    }
    if name == given {
        return if full.family_first { PersonFit::Family } else { PersonFit::Given };
    }
    if full.titles.iter().any(|title| title == name) {
        return PersonFit::Title;
    }
    if full.middle.iter().any(|middle| middle == name) {
        return PersonFit::MiddleAlone;
    }
    if list::same_given(name, given) || is_short_form(name, given) || alike_given(name, given) {
        return PersonFit::ShortGiven;
    }
    if alike_families(name, &full.family) { PersonFit::SimilarFamily } else { PersonFit::Nothing }
}

fn full_fit(left: &Person, right: &Person) -> PersonFit {
    let (a, b) = (left.given.as_deref().unwrap_or_default(), right.given.as_deref().unwrap_or_default());
    let is_part = |one: &Person, other: &Person| {
        is_no_given(one, other) && other.families().any(|family| *family == one.family) && !one.generation_clash(other)
    };
    if is_part(left, right) || is_part(right, left) {
        return PersonFit::Family;
    }
    if left.family != right.family {
        return other_family_fit(left, right, a, b);
    }
    if left.generation_clash(right) || (a == b && middle_clash(&left.middle, &right.middle)) {
        return PersonFit::Clash;
    }
    if a == b {
        PersonFit::Full
    } else if initial_fits(a, b) {
        if middle_clash(&left.middle, &right.middle) { PersonFit::Clash } else { PersonFit::Initial }
    } else if is_nickname(left, b) || is_nickname(right, a) {
        PersonFit::Quoted
    } else if list::same_given(a, b) || goes_by(a, b) || goes_by(b, a) || is_short_form(a, b) || is_short_form(b, a) {
        PersonFit::Nickname
    } else if alike_given(a, b) {
        PersonFit::SimilarFull
    } else if left.inner().any(|name| name == b) || right.inner().any(|name| name == a) {
        PersonFit::Middle
    } else {
        PersonFit::Clash
    }
}

/// Whether what looks like a given name is a particle or a title of the other: "Van Buren" beside "Martin Van Buren".
fn is_no_given(doubtful: &Person, other: &Person) -> bool {
    let part = |given: &String| other.particles.contains(given) || other.titles.contains(given);
    doubtful.doubtful && !other.doubtful && doubtful.given.as_ref().is_some_and(part)
}

/// Whether `given` is the nickname that stands in the name, or the last word of it ("Big Jim", "Jim").
fn is_nickname(person: &Person, given: &str) -> bool {
    person.nickname.as_deref().is_some_and(|nickname| nickname.rsplit(' ').next() == Some(given))
}

/// Family names differ: a reordering, a part of a longer name, a spelling variant, or nothing.
fn other_family_fit(left: &Person, right: &Person, a: &str, b: &str) -> PersonFit {
    let (x, y) = (left.all(), right.all());
    let (short, long) = if x.len() <= y.len() { (&x, &y) } else { (&y, &x) };
    if short.iter().all(|word| long.contains(word)) {
        return if left.generation_clash(right) { PersonFit::Clash } else { PersonFit::Contained };
    }
    if left.generation_clash(right) || middle_clash(&left.middle, &right.middle) {
        return PersonFit::Nothing;
    }
    if (a == b || alike_given(a, b)) && alike_families(&left.family, &right.family) {
        return PersonFit::SimilarFull;
    }
    PersonFit::Nothing
}

fn is_initial(name: &str) -> bool {
    name.chars().count() == 1
}

fn initial_fits(left: &str, right: &str) -> bool {
    (is_initial(left) || is_initial(right)) && left.chars().next() == right.chars().next()
}

/// Whether several bearers of `given` go by `short`; enough where the family name is one too.
fn goes_by(short: &str, given: &str) -> bool {
    full_names(short).any(|full| full.name == given && full.people >= GO_BY)
}

/// "Shaq" for "Shaquille", unless it is a name of its own.
fn is_short_form(short: &str, given: &str) -> bool {
    let (letters, missing) = SHORT_FORM;
    given.starts_with(short)
        && short.chars().count() >= letters
        && given.chars().count() >= short.chars().count() + missing
        && !list::is_given(short)
}

/// Spellings of one given name: written alike in another script, or a slip of the pen where one of them is no name.
fn alike_given(left: &str, right: &str) -> bool {
    if left == right || is_initial(left) || is_initial(right) || is_plural(left, right) {
        return left == right;
    }
    same_native(left, right).is_some()
        || (!list::known_given(left, right) && (likeness::similar(left, right) || same_consonants(left, right)))
}

/// Spellings of one family name, and neither the plural by which a family is called nor two names that many bear.
fn alike_families(left: &str, right: &str) -> bool {
    if left == right || is_plural(left, right) {
        return false;
    }
    let is_common = |name: &str| family_name(name).is_some_and(|name| name.bearers >= COMMON_FAMILY);
    same_native(left, right).is_some()
        || ((likeness::similar(left, right) || same_consonants(left, right)) && !(is_common(left) && is_common(right)))
}

fn is_plural(left: &str, right: &str) -> bool {
    left.strip_suffix('s') == Some(right) || right.strip_suffix('s') == Some(left)
}

/// "Qadhafi" and "Gaddafi": the same consonants, in the main the same letters.
fn same_consonants(left: &str, right: &str) -> bool {
    let letters = |word: &str| word.chars().count();
    if !likeness::same_beginning(left, right) {
        return false;
    }
    if letters(left).min(letters(right)) < 5 || letters(left).abs_diff(letters(right)) > 2 {
        return false;
    }
    let consonants = skeleton(left);
    consonants.chars().count() >= CONSONANTS && consonants == skeleton(right)
}

/// Middle names that cannot be one person's: the first ones differ ("H." and "Walker" do, "H." and "Herbert" do not),
/// and no whole name is common to both.
fn middle_clash(left: &[String], right: &[String]) -> bool {
    !left.is_empty()
        && !right.is_empty()
        && !left.iter().zip(right).take(1).any(|(a, b)| a == b || initial_fits(a, b) || likeness::similar(a, b))
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
        assert_eq!(fit("Samir al-Khatib", "Al Khatib"), PersonFit::Family);
        assert_eq!(fit("Martin Van Doren", "Van Doren"), PersonFit::Family);
        assert_eq!(fit("Kim Sung-ho", "Kim"), PersonFit::Family);
        assert_eq!(fit("Gerrard Aston", "Gerard Aston"), PersonFit::SimilarFull);
        assert_eq!(fit("John F. Keller", "John Keller"), PersonFit::Full);
        assert_eq!(fit("Anton \"Rocket\" Weiss", "Rocket"), PersonFit::Given);
        assert_eq!(fit("Anton \"Rocket\" Weiss", "Rocket Weiss"), PersonFit::Quoted);
        assert_eq!(fit("Leo IX of Arden", "Leo"), PersonFit::Family);
        assert_eq!(fit("Leo I", "Leo"), PersonFit::Family);
        assert_eq!(fit("Bertold Arden", "Ardens"), PersonFit::Nothing);
        assert_eq!(fit("Tanaka Yuko", "Yuko Tanaka"), PersonFit::Contained);
        assert_eq!(fit("Tanaka, Yuko", "Yuko Tanaka"), PersonFit::Full);
        assert_eq!(fit("Orbán Viktor", "Viktor Orbán"), PersonFit::Contained);
        assert_eq!(fit("Rasmus Lykke-Nielsen", "Lykke-Nielsen"), PersonFit::Family);
        assert_eq!(fit("Jean-Michel Basset", "Jean-Michel"), PersonFit::Given);
        assert_eq!(fit("Kim Sung-ho", "Sung-ho"), PersonFit::Given);
        assert_eq!(fit("Willard E.", "Willard Benton"), PersonFit::Given);
        assert_eq!(fit("Emperor Norbert", "Emperor"), PersonFit::Title);
    }

    #[test]
    fn customs_of_the_world() {
        assert_eq!(fit("Pham Van Duc", "Duc"), PersonFit::Family);
        assert_eq!(fit("Elena de la Fuente Rojas", "De la Fuente"), PersonFit::Family);
        assert_eq!(fit("Elena de la Fuente Rojas", "De la Fuente Rojas"), PersonFit::Family);
        assert_eq!(fit("Elena de la Fuente Rojas", "Elena de la Fuente"), PersonFit::Contained);
        assert_eq!(fit("Luiz da Costa Pereira", "Da Costa"), PersonFit::Family);
        assert_eq!(fit("Giorgio Della Rovere", "Della Rovere"), PersonFit::Family);
        assert_eq!(fit("Laura García López", "García"), PersonFit::Family);
        assert_eq!(fit("Laura García López", "García López"), PersonFit::Family);
        assert_eq!(fit("Laura García López", "López"), PersonFit::SecondFamily);
        assert_eq!(fit("Faisal bin Rashid al-Thani", "Faisal al-Thani"), PersonFit::Full);
        assert_eq!(fit("Faisal bin Rashid al-Thani", "Rashid al-Thani"), PersonFit::Clash);
        assert_eq!(fit("Faisal bin Rashid", "Rashid"), PersonFit::MiddleAlone);
    }

    #[test]
    fn spellings_and_short_forms() {
        assert_eq!(fit("Muammar Gaddafi", "Qadhafi"), PersonFit::SimilarFamily);
        assert_eq!(fit("Muammar Gaddafi", "Moammar Gadhafi"), PersonFit::SimilarFull);
        assert_eq!(fit("Dmytro Holub", "Dmitry Holub"), PersonFit::SimilarFull);
        assert_eq!(fit("Greta Maurer", "Mauer"), PersonFit::SimilarFamily);
        assert_eq!(fit("Shaquille Marsh", "Shaq"), PersonFit::ShortGiven);
        assert_eq!(fit("Robert Marsh", "Bob"), PersonFit::ShortGiven);
        assert_eq!(fit("Prince William", "William Holt"), PersonFit::Given);
        assert_eq!(fit("Prince William", "Karl William"), PersonFit::Clash);
        assert_eq!(fit("Peter Martin", "Morton"), PersonFit::Nothing);
        assert_eq!(fit("Graeme Porte", "Ebert"), PersonFit::Nothing);
        assert_eq!(fit("Aung San Suu Kyi", "Suu Kyi"), PersonFit::Middle);
    }

    #[test]
    fn two_people_with_one_family_name_clash() {
        for (left, right) in [
            ("Laura Benton", "George Benton"),
            ("L. Benton", "George Benton"),
            ("Maria Benton", "Mario Benton"),
            ("George H. W. Benton", "George W. Benton"),
            ("Leo VIII", "Leo IX of Arden"),
            ("Al Benton Jr", "Al Benton Sr"),
            ("Benton Jr.", "Al Benton Sr"),
            ("Al Benton", "Tilda Benton"),
            ("Prince Benton", "Cecil Benton"),
            ("Van Benton", "Mac Benton"),
            ("George W.", "George H. W."),
            ("Benton, Prince", "Benton, Karl"),
            ("Johann II Benton", "Johann III Benton"),
        ] {
            assert_eq!(fit(left, right), PersonFit::Clash, "{left} / {right}");
        }
    }
}
