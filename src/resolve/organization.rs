//! A name read as an organisation's: legal suffix, content words, acronym and expansion.

use super::name::{Word, similar};

/// The parts of an organisation's name, all folded.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Organization {
    /// Words without legal suffix.
    pub(crate) core: Vec<String>,
    /// The core without "of", "and" and the like.
    pub(crate) content: Vec<String>,
    /// Initials that an acronym may use: of content words, of all words, and with the legal suffix.
    initials: Vec<String>,
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

const LEGAL: &[&str] = &[
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "company",
    "cos",
    "companies",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "ag",
    "gmbh",
    "kgaa",
    "kg",
    "se",
    "sa",
    "sas",
    "sarl",
    "spa",
    "srl",
    "nv",
    "bv",
    "ab",
    "as",
    "asa",
    "oy",
    "oyj",
    "aps",
    "pty",
    "pte",
    "bhd",
    "sdn",
    "kk",
    "tbk",
    "pt",
    "jsc",
    "ojsc",
    "pjsc",
    "oao",
    "zao",
    "ooo",
    "group",
    "holding",
    "holdings",
    "cie",
    "ev",
    "eg",
];

const SMALL: &[&str] = &[
    "of", "and", "the", "for", "in", "on", "at", "to", "de", "des", "du", "la", "le", "les", "del", "della", "di",
    "da", "do", "der", "die", "das", "und", "et", "y", "e", "von", "a", "an",
];

const GENERIC: &[&str] = &[
    "academy",
    "administration",
    "agency",
    "airlines",
    "airways",
    "alliance",
    "army",
    "assembly",
    "association",
    "authority",
    "bank",
    "board",
    "broadcasting",
    "bureau",
    "cabinet",
    "center",
    "chamber",
    "church",
    "city",
    "club",
    "college",
    "commission",
    "committee",
    "community",
    "conference",
    "confederation",
    "congress",
    "conservative",
    "constitutional",
    "corps",
    "council",
    "county",
    "court",
    "defense",
    "democratic",
    "democrats",
    "department",
    "exchange",
    "fc",
    "federal",
    "federation",
    "finance",
    "football",
    "force",
    "forces",
    "foreign",
    "forum",
    "foundation",
    "front",
    "fund",
    "government",
    "guard",
    "high",
    "hospital",
    "house",
    "institute",
    "international",
    "journal",
    "justice",
    "labor",
    "league",
    "liberation",
    "liberal",
    "libraries",
    "library",
    "media",
    "military",
    "ministry",
    "movement",
    "museum",
    "national",
    "navy",
    "news",
    "office",
    "organization",
    "palace",
    "parliament",
    "party",
    "people",
    "peoples",
    "police",
    "post",
    "power",
    "press",
    "provincial",
    "radio",
    "republican",
    "reserve",
    "royal",
    "school",
    "senate",
    "service",
    "services",
    "social",
    "socialist",
    "society",
    "state",
    "station",
    "stock",
    "street",
    "supreme",
    "team",
    "television",
    "times",
    "trade",
    "treasury",
    "tribunal",
    "tribune",
    "trust",
    "union",
    "united",
    "university",
    "workers",
    "world",
];

impl Organization {
    /// Reads folded words as an organisation's name.
    pub(crate) fn parse(words: &[Word]) -> Self {
        let all: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
        let mut core = all.as_slice();
        while let [head @ .., last] = core
            && !head.is_empty()
            && LEGAL.contains(last)
        {
            core = head;
            while let [front @ .., "and" | "de"] = core
                && !front.is_empty()
            {
                core = front;
            }
        }
        // "NV Philips", "PT Telkom": a legal form in front, written in capitals and followed by more.
        if let [first, tail @ ..] = core
            && !tail.is_empty()
            && matches!(*first, "nv" | "pt" | "ab" | "as" | "oao" | "zao" | "ooo")
        {
            core = tail;
        }
        let content: Vec<String> =
            core.iter().filter(|word| !SMALL.contains(word)).map(|word| (*word).to_owned()).collect();
        let content = if content.is_empty() { core.iter().map(|word| (*word).to_owned()).collect() } else { content };
        let legal = core.len() < all.len();
        let initials_of = |list: &[&str]| list.iter().filter_map(|word| word.chars().next()).collect::<String>();
        let large = |list: &[&str]| -> Vec<String> { vec![initials_of(list), initials_of(&without_small(list))] };
        let mut initials = large(core);
        initials.extend(large(&all));
        initials.sort();
        initials.dedup();
        initials.retain(|letters| letters.chars().count() > 1);
        let generic = !content.is_empty() && content.iter().all(|word| GENERIC.contains(&word.as_str()));
        Self { core: core.iter().map(|word| (*word).to_owned()).collect(), content, initials, generic, legal }
    }

    /// Whether the name has a word that organisations are called by ("bank", "ministry", a legal suffix).
    pub(crate) fn is_marked(&self) -> bool {
        self.legal || self.content.iter().any(|word| GENERIC.contains(&word.as_str()))
    }

    /// Initials under which an acronym would look for this name.
    pub(crate) fn initials(&self) -> &[String] {
        &self.initials
    }

    /// How `acronym` (lower-case letters) fits this name.
    pub(crate) fn acronym_fit(&self, acronym: &str) -> OrganizationFit {
        if self.core.len() < 2 {
            return OrganizationFit::Nothing;
        }
        if self.initials.iter().any(|initials| initials == acronym) {
            return if acronym.chars().count() > 2 { OrganizationFit::Acronym } else { OrganizationFit::ShortAcronym };
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
            if same_words(short, &long[long.len() - short.len()..]) {
                return if short.len() == 1 { OrganizationFit::LastWord } else { OrganizationFit::LastWords };
            }
            if short.iter().all(|word| long.iter().any(|other| same_word(word, other))) {
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

fn without_small<'a>(words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !SMALL.contains(word)).collect()
}

fn same_words(left: &[String], right: &[String]) -> bool {
    left.len() == right.len() && left.iter().zip(right).all(|(a, b)| same_word(a, b))
}

/// Equal but for a plural or possessive "s".
fn same_word(left: &str, right: &str) -> bool {
    left == right
        || (left.len() > 3 && right.strip_suffix('s') == Some(left))
        || (right.len() > 3 && left.strip_suffix('s') == Some(right))
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
    use crate::resolve::name::split_words;

    fn read(surface: &str) -> Organization {
        Organization::parse(&split_words(surface))
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
        assert_eq!(read("Bank of Norvik").fit(&read("Bank of Eastmoor")), OrganizationFit::Overlap);
        assert!(read("Central Bank").generic);
    }

    #[test]
    fn acronyms_fit_their_expansions() {
        assert_eq!(read("Harbour Workers Union").acronym_fit("hwu"), OrganizationFit::Acronym);
        assert_eq!(read("Bank of Norvik").acronym_fit("bon"), OrganizationFit::Acronym);
        assert_eq!(read("Norvik International Monetary Exchange").acronym_fit("nimex"), OrganizationFit::LooseAcronym);
        assert_eq!(read("Harbour Workers Union").acronym_fit("hwx"), OrganizationFit::Nothing);
    }
}
