//! A name read as an organisation's: legal suffix, content words, acronym and expansion.

use super::likeness::similar;
use super::list::WordClass::{Channel, Kind, LeadingLegal, Legal, Mark, Part, Small};
use super::list::{is_word, is_written_out_country};
use super::word::Word;
use std::collections::HashSet;

/// The parts of an organisation's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Organization {
    /// Words without legal suffix.
    pub(crate) core: Vec<String>,
    /// The core without "of", "and" and the like.
    pub(crate) content: Vec<String>,
    /// Initials that an acronym may use: of content words, of all words, and with the legal suffix.
    initials: Vec<String>,
    /// Initials of the content words but the first, which is often where the thing is.
    late_initials: Option<String>,
    /// Content words are all of the kind "bank", "party", "commission": alone they name nothing.
    pub(crate) generic: bool,
    /// There was a legal suffix.
    pub(crate) legal: bool,
}

/// How two names fit as names of one organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OrganizationFit {
    /// Equal but for legal suffix, small words, spacing or a plural.
    Core,
    /// One is the acronym of the other, letter by word.
    Acronym,
    /// A two-letter acronym of the other.
    ShortAcronym,
    /// The letters of one occur in the other in order, starting with its first.
    LooseAcronym,
    /// One is the beginning of the other: one word of it.
    FirstWord,
    /// One is the beginning of the other: several words of it.
    FirstWords,
    /// One is the end of the other: one word of it.
    LastWord,
    /// One is the end of the other: several words of it.
    LastWords,
    /// All words of one occur in the other.
    Inside,
    /// A spelling variant.
    Similar,
    /// They share words, and each has words that the other lacks.
    Overlap,
    /// Nothing in common.
    Nothing,
}

impl Organization {
    /// Reads folded words as an organisation's name; `article` tells that "the" stood before them.
    pub(crate) fn parse(words: &[Word], article: bool) -> Self {
        let all: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        let capitals = |word: &Word| word.capitals && word.folded.chars().count() < 5;
        let spelled: HashSet<&str> = if words.iter().all(|word| word.capitals) {
            HashSet::new()
        } else {
            words.iter().filter(|word| capitals(word)).map(|word| word.folded.as_str()).collect()
        };
        let mut core = all.as_slice();
        while let [head @ .., last] = core
            && !head.is_empty()
            && is_word(Legal, last)
        {
            core = head;
            while let [front @ .., "and" | "de"] = core
                && !front.is_empty()
            {
                core = front;
            }
        }
        // "WXYZ-TV" is "WXYZ": a broadcaster's call sign and the channel.
        if let ([call, _], [_, channel]) = (words, core)
            && call.capitals
            && (3..=4).contains(&call.folded.len())
            && is_word(Channel, channel)
        {
            core = &core[..1];
        }
        // "NV Philips", "PT Telkom": a legal form in front, written in capitals and followed by more.
        if let [first, tail @ ..] = core
            && !tail.is_empty()
            && is_word(LeadingLegal, first)
        {
            core = tail;
        }
        let content: Vec<String> =
            core.iter().filter(|word| !is_word(Small, word)).map(|word| (*word).to_owned()).collect();
        let content = if content.is_empty() { core.iter().map(|word| (*word).to_owned()).collect() } else { content };
        let legal = core.len() < all.len();
        // "GE Aerospace" is "GEA" for short: letters stay together.
        let first =
            |word: &&str| if spelled.contains(word) { (*word).to_owned() } else { word.chars().take(1).collect() };
        let initials_of = |list: &[&str]| list.iter().map(first).collect::<String>();
        let large = |list: &[&str]| -> Vec<String> { vec![initials_of(list), initials_of(&without_small(list))] };
        let mut initials = large(core);
        initials.extend(large(&all));
        if all.len() > core.len() + 1 {
            initials.extend(large(&all[..=core.len().min(all.len() - 1)]));
        }
        if article {
            initials.extend(large(&all).into_iter().map(|letters| format!("t{letters}")));
        }
        // "P&G" stands for "Procter & Gamble", and "PG" or "PAG" may.
        if all.contains(&"and") {
            let sign = |word: &&str| if *word == "and" { "&".to_owned() } else { first(word) };
            initials.extend([core, all.as_slice()].map(|list| list.iter().map(sign).collect()));
        }
        initials.sort();
        initials.dedup();
        initials.retain(|letters| letters.chars().count() > 1);
        let late_initials = (content.len() > 3)
            .then(|| content.iter().skip(1).filter_map(|word| word.chars().next()).collect::<String>());
        let generic = !content.is_empty() && content.iter().all(|word| is_word(Kind, word));
        Self {
            core: core.iter().map(|word| (*word).to_owned()).collect(),
            content,
            initials,
            late_initials,
            generic,
            legal,
        }
    }

    /// Whether the name has a word that organisations are called by ("bank", "ministry", a legal suffix).
    pub(crate) fn is_marked(&self) -> bool {
        let marks = |word: &String| is_word(Kind, word) || is_word(Mark, word);
        self.legal || self.content.iter().any(marks)
    }

    /// Initials under which an acronym would look for this name.
    pub(crate) fn initials(&self) -> impl Iterator<Item = &String> {
        self.initials.iter().chain(&self.late_initials)
    }

    /// The acronyms that spell this name letter by word: of all words and of the content words, with and without the legal
    /// form.
    pub(crate) fn acronyms(&self) -> &[String] {
        &self.initials
    }

    /// How `acronym` (lower-case letters) fits this name.
    pub(crate) fn acronym_fit(&self, acronym: &str) -> OrganizationFit {
        if self.core.is_empty() || self.initials.is_empty() {
            return OrganizationFit::Nothing;
        }
        if self.initials.iter().any(|initials| initials == acronym) {
            return if acronym.chars().count() > 2 { OrganizationFit::Acronym } else { OrganizationFit::ShortAcronym };
        }
        if self.late_initials.as_deref() == Some(acronym) {
            return OrganizationFit::LooseAcronym;
        }
        if acronym.chars().count() > 2 && spelled_by(acronym, &self.content) {
            return OrganizationFit::LooseAcronym;
        }
        OrganizationFit::Nothing
    }

    /// How this name fits `other`, acronyms aside.
    pub(crate) fn fit(&self, other: &Self) -> OrganizationFit {
        if self.core.is_empty() || other.core.is_empty() {
            return OrganizationFit::Nothing;
        }
        if same_words(&self.content, &other.content) || self.core.concat() == other.core.concat() {
            return OrganizationFit::Core;
        }
        let (short, long) = if self.content.len() <= other.content.len() { (self, other) } else { (other, self) };
        let (short, long) = (&short.content, &long.content);
        if short.len() < long.len() {
            if same_words(short, &long[..short.len()]) {
                return if short.len() == 1 { OrganizationFit::FirstWord } else { OrganizationFit::FirstWords };
            }
            let extra = &long[..long.len() - short.len()];
            if same_words(short, &long[extra.len()..]) {
                // "East Norvik" and "Norvik" play against each other.
                if extra.iter().all(|word| is_word(Part, word)) {
                    return OrganizationFit::Overlap;
                }
                return if short.len() == 1 { OrganizationFit::LastWord } else { OrganizationFit::LastWords };
            }
            if is_inside(short, long) {
                return OrganizationFit::Inside;
            }
        }
        if similar(&short.concat(), &long.concat()) {
            return OrganizationFit::Similar;
        }
        if short.len() == long.len() && short.iter().all(|word| long.contains(word)) {
            return OrganizationFit::Inside;
        }
        if short.iter().any(|word| long.contains(word)) { OrganizationFit::Overlap } else { OrganizationFit::Nothing }
    }
}

/// Whether all words of the shorter name occur in the longer one: in order, or in any order if the longer adds but a country
/// ("Justice Department", "U.S. Department of Justice"; but "University of Arden" is not "Arden State University").
fn is_inside(short: &[String], long: &[String]) -> bool {
    let mut words = long.iter();
    if short.iter().all(|word| words.any(|other| same_word(word, other))) {
        return true;
    }
    let (front, rest) = long.split_at(long.len() - short.len());
    is_written_out_country(front) && short.iter().all(|word| rest.iter().any(|other| same_word(word, other)))
}

fn without_small<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !is_word(Small, word)).collect()
}

fn same_words(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same_word(a, b))
}

/// Equal but for a plural or possessive "s".
fn same_word(left: &str, right: &str) -> bool {
    // "State" and "States" are two countries' business.
    let plural = |one: &str, many: &str| one.len() > 2 && one != "state" && many.strip_suffix('s') == Some(one);
    left == right || plural(left, right) || plural(right, left)
}

/// Whether the letters can be read off the words in order: every letter continues the current word or starts a later
/// one, at most one word in between is skipped, and the first letter is the first word's.
fn spelled_by(letters: &str, words: &[String]) -> bool {
    fn from(letters: &[char], words: &[Vec<char>], word: usize, at: usize, skipped: usize) -> bool {
        let Some((&letter, rest)) = letters.split_first() else {
            return word + 1 + (1 - skipped) >= words.len();
        };
        // Further letters of the same word, at most three in all: "SIMEX" from "… Monetary Exchange".
        if let Some(current) = words.get(word)
            && at > 0
            && at < 3
            && current.get(at) == Some(&letter)
            && from(rest, words, word, at + 1, skipped)
        {
            return true;
        }
        (0..=(1 - skipped)).any(|skip| {
            let next = if at == 0 { word } else { word + 1 + skip };
            (at > 0 || skip == 0)
                && words.get(next).and_then(|chars| chars.first()) == Some(&letter)
                && from(rest, words, next, 1, skipped + if at == 0 { 0 } else { skip })
        })
    }
    let letters: Vec<char> = letters.chars().collect();
    let words: Vec<Vec<char>> = words.iter().take(12).map(|word| word.chars().collect()).collect();
    words.len() > 1 && from(&letters, &words, 0, 0, 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::word::split_words;

    fn read(surface: &str) -> Organization {
        Organization::parse(&split_words(surface), false)
    }

    #[test]
    fn legal_suffixes_do_not_matter() {
        for other in ["Norvik Corp.", "Norvik AG", "Norvik & Co", "NV Norvik", "Norvik S.p.A."] {
            assert_eq!(read("Norvik").fit(&read(other)), OrganizationFit::Core, "{other}");
        }
    }

    #[test]
    fn parts_of_a_name_are_told_apart() {
        assert_eq!(read("Norvik").fit(&read("Norvik Shipping Lines")), OrganizationFit::FirstWord);
        assert_eq!(read("Commission").fit(&read("Harbour Commission")), OrganizationFit::LastWord);
        assert_eq!(read("East Norvik").fit(&read("Norvik")), OrganizationFit::Overlap);
        assert_eq!(read("Bank of Norvik").fit(&read("Bank of Eastmoor")), OrganizationFit::Overlap);
        assert_eq!(read("Justice Department").fit(&read("U.S. Department of Justice")), OrganizationFit::Inside);
        assert_eq!(read("Department of Justice").fit(&read("Justice Department")), OrganizationFit::Inside);
        assert_eq!(read("University of Norvik").fit(&read("Norvik State University")), OrganizationFit::Overlap);
        assert_eq!(read("WNVK-TV").fit(&read("WNVK")), OrganizationFit::Core);
        assert_ne!(read("Norvik TV").fit(&read("Norvik")), OrganizationFit::Core);
        assert!(read("Central Bank").generic);
    }

    #[test]
    fn acronyms_fit_their_expansions() {
        assert_eq!(read("Harbour Workers Union").acronym_fit("hwu"), OrganizationFit::Acronym);
        assert_eq!(read("Norvik Electric Co Plc").acronym_fit("nec"), OrganizationFit::Acronym);
        assert_eq!(read("Bank of Norvik").acronym_fit("bon"), OrganizationFit::Acronym);
        assert_eq!(read("Norvik International Monetary Exchange").acronym_fit("nimex"), OrganizationFit::LooseAcronym);
        assert_eq!(read("Harbour Workers Union").acronym_fit("hwx"), OrganizationFit::Nothing);
        assert_eq!(read("Norvik & Grange").acronym_fit("n&g"), OrganizationFit::Acronym);
        assert_eq!(read("Norvik and Grange").acronym_fit("n&g"), OrganizationFit::Acronym);
        assert_eq!(read("Arden Telephone and Telegraph").acronym_fit("at&t"), OrganizationFit::Acronym);
        assert_eq!(read("NK Arden").acronym_fit("nka"), OrganizationFit::Acronym);
        for letters in ["n&a", "na"] {
            assert_eq!(read("NK Arden").acronym_fit(letters), OrganizationFit::Nothing);
        }
    }
}
