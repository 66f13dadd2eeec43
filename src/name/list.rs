//! The word lists of the grammar: data in `src/name/lists/`, read once. Words in them are folded, or are when they are read.

use super::known::{AsGiven, full_names, given_name, leading_family};
use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

/// Grammatical gender of a person as an honorific or a given name tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Gender {
    Female,
    Male,
}

/// What a word does in names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordClass {
    /// Legal form: "inc", "gmbh".
    Legal,
    /// Legal form that also stands in front: "nv".
    LeadingLegal,
    /// Small word: "of", "and".
    Small,
    /// Kind of organisation: "bank", "commission".
    Kind,
    /// Another word that marks organisations: "shipping".
    Mark,
    /// Kind of place that a name may have or lack: "city", "islands".
    Place,
    /// Kind of place beside another of the same name: "river", "island", "province".
    Beside,
    /// Part of a place: "north", "upper".
    Part,
    /// Word that belongs to the family name after it: "van", "al".
    Particle,
    /// Word between a place's name and what tells it from others of that name: "Rio de Janeiro", "Frankfurt am Main".
    Situation,
    /// What a broadcaster adds to its call sign: "tv", "fm".
    Channel,
    /// Particle after which the father's name stands: "bin".
    Father,
    /// Title that stands in a name of one word: "king".
    Ruler,
    /// Vietnamese family name, whose bearers are called by their last name.
    Vietnamese,
}

impl WordClass {
    /// The class with this name in `classes.tsv`.
    fn from_label(label: &str) -> Option<Self> {
        Some(match label {
            "legal" => Self::Legal,
            "legal-first" => Self::LeadingLegal,
            "small" => Self::Small,
            "kind" => Self::Kind,
            "mark" => Self::Mark,
            "place" => Self::Place,
            "beside" => Self::Beside,
            "part" => Self::Part,
            "particle" => Self::Particle,
            "situation" => Self::Situation,
            "channel" => Self::Channel,
            "father" => Self::Father,
            "ruler" => Self::Ruler,
            "vietnamese" => Self::Vietnamese,
            _ => return None,
        })
    }

    const fn bit(self) -> u16 {
        1 << self as u16
    }
}

/// The rows of an embedded table.
pub(crate) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split('\t').collect())
}

/// The rows of two columns or more: first and second cell.
fn pairs(table: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    rows(table).filter_map(|row| Some((*row.first()?, *row.get(1)?)))
}

const CLASSES: &str = include_str!("lists/classes.tsv");
const HONORIFICS: &str = include_str!("lists/honorifics.tsv");
const GENERATIONS: &str = include_str!("lists/generations.tsv");
const ABBREVIATIONS: &str = include_str!("lists/abbreviations.tsv");
const COMMON_NAMES: &str = include_str!("lists/common_names.tsv");

/// The lists, for whoever must know when one has changed.
#[cfg(test)]
pub(crate) const ALL: [&str; 5] = [CLASSES, HONORIFICS, GENERATIONS, ABBREVIATIONS, COMMON_NAMES];

type Words<T> = LazyLock<HashMap<&'static str, T>>;

static CLASSES_OF: Words<u16> = LazyLock::new(|| {
    let mut classes = HashMap::new();
    for (label, words) in pairs(CLASSES) {
        let Some(class) = WordClass::from_label(label) else { continue };
        for word in words.split_whitespace() {
            *classes.entry(word).or_default() |= class.bit();
        }
    }
    classes
});

/// Whether a folded word is of a class.
pub(crate) fn is_word(class: WordClass, folded: &str) -> bool {
    CLASSES_OF.get(folded).is_some_and(|classes| classes & class.bit() != 0)
}

fn read_gender(cell: Option<&&str>) -> Option<Gender> {
    match cell {
        Some(&"f") => Some(Gender::Female),
        Some(&"m") => Some(Gender::Male),
        _ => None,
    }
}

static HONORIFIC_GENDERS: Words<Option<Gender>> =
    LazyLock::new(|| rows(HONORIFICS).filter_map(|row| Some((*row.first()?, read_gender(row.get(1))))).collect());

/// For a title or form of address, the gender that it tells, if any.
#[expect(clippy::option_option, reason = "no title, a title for all, a title with a gender")]
pub(crate) fn honorific(folded: &str) -> Option<Option<Gender>> {
    HONORIFIC_GENDERS.get(folded).copied()
}

#[allow(dead_code, reason = "for the stages that weigh names")]
static TITLES_AS_GIVEN: Words<AsGiven> = LazyLock::new(|| {
    let often = |row: &[&str]| match row.get(2) {
        Some(&"yes") => AsGiven::Often,
        Some(&"rare") => AsGiven::Rarely,
        _ => AsGiven::Never,
    };
    rows(HONORIFICS).filter_map(|row| Some((*row.first()?, often(&row)))).collect()
});

/// For a title or form of address, how often it is a given name: "Prince Arden" and "Earl Arden" may be people called so.
#[allow(dead_code, reason = "for the stages that weigh names")]
pub(crate) fn title_as_given(folded: &str) -> Option<AsGiven> {
    TITLES_AS_GIVEN.get(folded).copied()
}

static GENERATION_OF: Words<&'static str> = LazyLock::new(|| pairs(GENERATIONS).collect());

/// "jr" for "Jr" and "Junior", and so on; the numbers of rulers stand for themselves.
pub(crate) fn generation(folded: &str) -> Option<&str> {
    let numeral = || folded.len() > 1 && folded.len() < 6 && folded.chars().all(|c| matches!(c, 'i' | 'v' | 'x'));
    GENERATION_OF.get(folded).copied().or_else(|| numeral().then_some(folded))
}

/// The rows of `abbreviations.tsv` that hold `place`.
fn abbreviations(place: &'static str) -> HashMap<&'static str, &'static str> {
    rows(ABBREVIATIONS)
        .filter_map(|row| match row[..] {
            [short, long, of] if of == place => Some((short, long)),
            _ => None,
        })
        .collect()
}

static ANYWHERE: Words<&'static str> = LazyLock::new(|| abbreviations("anywhere"));
static IN_CAPITALS: Words<&'static str> = LazyLock::new(|| abbreviations("capitals"));
static BEFORE_PLACES: Words<&'static str> = LazyLock::new(|| abbreviations("place"));

/// What a folded word is short for wherever it stands: "saint" for "st".
pub(crate) fn written_out(folded: &str) -> Option<&'static str> {
    ANYWHERE.get(folded).copied()
}

/// What a word in capitals is short for inside a longer name: "united states" for "us".
pub(crate) fn in_longer_name(folded: &str) -> Option<&'static str> {
    IN_CAPITALS.get(folded).copied()
}

/// Whether words are what a country's letters are short for inside a longer name: "united states".
pub(crate) fn is_written_out_country(words: &[String]) -> bool {
    IN_CAPITALS.values().any(|long| long.split(' ').eq(words.iter()))
}

/// The point of the compass that a letter before the name of a place stands for.
pub(crate) fn compass_point(folded: &str) -> Option<&'static str> {
    BEFORE_PLACES.get(folded).copied()
}

/// Bearers (as a binary logarithm) and share of given names among them from which on a word is taken for a given name wherever it
/// stands; of the words that are oftener family names, only the well-known ones ("Howard").
const GIVEN: [(f32, f32); 2] = [(0.0, 0.5), (13.0, 0.15)];

/// Bearers of each of two given names from which on they are two names and not two spellings; a logarithm.
const NAMES_OF_THEIR_OWN: f32 = 13.0;

/// Gender that a given name tells; none if it is unknown or used for both.
pub(crate) fn gender(given: &str) -> Option<Gender> {
    given_name(given)?.gender
}

/// Whether a folded word is known as a given name or a short form of one.
pub(crate) fn is_given(folded: &str) -> bool {
    let known = given_name(folded);
    known.is_some_and(|name| GIVEN.iter().any(|(bearers, share)| name.bearers >= *bearers && name.share >= *share))
        || full_names(folded).any(|full| full.sure)
}

/// Whether both are given names in their own right, so that a small difference is no misspelling.
pub(crate) fn known_given(left: &str, right: &str) -> bool {
    [left, right].iter().all(|name| given_name(name).is_some_and(|name| name.bearers >= NAMES_OF_THEIR_OWN))
}

/// The full given names that `given` may be a short or foreign form of: "william" for "bill" and for itself.
pub(crate) fn full_given(given: &str) -> impl Iterator<Item = &'static str> + use<> {
    full_names(given).filter(|full| full.sure).map(|full| full.name)
}

/// Whether two given names may belong to one person ("bill" and "william").
pub(crate) fn same_given(left: &str, right: &str) -> bool {
    full_given(left).any(|full| full_given(right).any(|other| full == other))
}

/// Whether a family name usually stands in front.
pub(crate) fn is_leading_family(name: &str) -> bool {
    leading_family(name).is_some_and(|family| family.first)
}

/// The words of one row of `common_names.tsv`.
fn common(part: &'static str) -> HashSet<&'static str> {
    pairs(COMMON_NAMES).filter(|(label, _)| *label == part).flat_map(|(_, names)| names.split_whitespace()).collect()
}

static COMMON_GIVEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| common("given"));
static COMMON_FAMILY: LazyLock<HashSet<&'static str>> = LazyLock::new(|| common("family"));

/// Whether both ends of a name of folded words are among the commonest. Where they are, the name alone does not identify,
/// and the company that it keeps must say more.
pub(crate) fn is_common_person(words: &[String]) -> bool {
    let [first, middle @ .., last] = words else { return false };
    // A middle name of more than a letter sets its bearer apart.
    middle.iter().all(|word| word.chars().count() == 1)
        && COMMON_GIVEN.contains(first.as_str())
        && COMMON_FAMILY.contains(last.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_words() {
        for (class, word) in [
            (WordClass::Legal, "gmbh"),
            (WordClass::LeadingLegal, "nv"),
            (WordClass::Small, "of"),
            (WordClass::Kind, "bank"),
            (WordClass::Mark, "shipping"),
            (WordClass::Place, "city"),
            (WordClass::Beside, "river"),
            (WordClass::Part, "north"),
            (WordClass::Particle, "van"),
            (WordClass::Situation, "upon"),
            (WordClass::Channel, "fm"),
            (WordClass::Father, "bin"),
            (WordClass::Ruler, "king"),
            (WordClass::Vietnamese, "nguyen"),
        ] {
            assert!(is_word(class, word), "{word}");
        }
        assert!(!is_word(WordClass::Kind, "gmbh"));
    }

    #[test]
    fn every_list_says_what_it_is_and_where_it_comes_from() {
        for list in ALL {
            let mut lines = list.lines();
            assert!(lines.next().is_some_and(|line| line.starts_with("# ")));
            assert!(lines.next().is_some_and(|line| line.starts_with("# source: ")));
        }
    }

    #[test]
    fn lists_answer_for_folded_words() {
        assert_eq!(honorific("mrs"), Some(Some(Gender::Female)));
        assert_eq!(honorific("dr"), Some(None));
        assert_eq!(honorific("holt"), None);
        assert_eq!((generation("junior"), generation("xiv"), generation("holt")), (Some("jr"), Some("xiv"), None));
        assert_eq!(
            (written_out("mt"), in_longer_name("us"), compass_point("s")),
            (Some("mount"), Some("united states"), Some("south"))
        );
        assert!(same_given("bill", "william") && same_given("bill", "will") && !same_given("bill", "holt"));
        assert!(is_leading_family("ban"));
        assert_eq!(title_as_given("prince"), Some(AsGiven::Often));
        assert_eq!((title_as_given("mrs"), title_as_given("holt")), (Some(AsGiven::Never), None));
    }

    #[test]
    fn a_common_person_is_common_at_both_ends() {
        let name = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert!(is_common_person(&name("john smith")));
        assert!(is_common_person(&name("john a smith")));
        assert!(!is_common_person(&name("john quincy smith")));
        assert!(!is_common_person(&name("petra holt")));
        assert!(!is_common_person(&name("smith")));
    }
}
