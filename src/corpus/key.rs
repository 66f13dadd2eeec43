//! Names as the corpus compares them: folded words, their readings, and the keys under which candidates are found.

use crate::entity_type::EntityType;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A key in the store: stable over versions and machines, because stores outlive both.
pub(crate) type Key = i64;

/// Longest surface that is taken apart, in characters: a tagger that marks a whole page must not cost more.
const LONGEST: usize = 200;

/// What a name's form tells about how much it identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Strength {
    /// One word of a person's name.
    Bare,
    /// Letters that stand for a longer name.
    Acronym,
    /// One word that is a whole name: a company, a city.
    Word,
    /// A person's initials and family name.
    Initials,
    /// Several words.
    Full,
}

/// A surface form taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Form {
    /// The surface, white space folded.
    pub(crate) text: String,
    /// Folded words; honorifics before a person's name, a leading "the" and legal suffixes are left out.
    pub(crate) words: Vec<String>,
    /// Letters of an acronym, folded.
    pub(crate) acronym: Option<String>,
    /// Hash of the words.
    pub(crate) key: Key,
    pub(crate) strength: Strength,
}

/// Words before a person's name that are no part of it.
const HONORIFICS: [&str; 34] = [
    "mr",
    "mrs",
    "ms",
    "miss",
    "mister",
    "dr",
    "doctor",
    "prof",
    "professor",
    "sir",
    "dame",
    "lord",
    "lady",
    "president",
    "premier",
    "chancellor",
    "senator",
    "sen",
    "rep",
    "gov",
    "governor",
    "king",
    "queen",
    "prince",
    "princess",
    "pope",
    "general",
    "gen",
    "colonel",
    "col",
    "capt",
    "captain",
    "judge",
    "justice",
];

/// Words after a person's name that are no part of it.
const GENERATIONS: [&str; 5] = ["jr", "sr", "ii", "iii", "iv"];

/// Words at the end of a company's name that say its legal form.
const LEGAL_FORMS: [&str; 31] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "cos",
    "company",
    "ltd",
    "limited",
    "llc",
    "llp",
    "plc",
    "ag",
    "gmbh",
    "sa",
    "spa",
    "nv",
    "bv",
    "ab",
    "asa",
    "as",
    "oy",
    "oyj",
    "kg",
    "kgaa",
    "se",
    "pty",
    "kk",
    "sarl",
    "srl",
    "lp",
];

/// Small words that an acronym skips.
const SMALL_WORDS: [&str; 14] =
    ["of", "the", "and", "for", "in", "on", "to", "de", "la", "du", "des", "del", "der", "und"];

impl Form {
    /// Takes `surface` apart as a name of `entity_type`; `None` if there is no letter or digit in it.
    pub(crate) fn parse(surface: &str, entity_type: EntityType) -> Option<Self> {
        let text: String = surface.split_whitespace().collect::<Vec<_>>().join(" ");
        let short: String = text.chars().take(LONGEST).collect();
        let trimmed = without_possessive(short.trim_matches(|c: char| !c.is_alphanumeric() && c != '.'));
        let mut words: Vec<String> = trimmed
            .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/' | ',' | '(' | ')'))
            .map(fold)
            .filter(|word| !word.is_empty())
            .collect();
        drop_front(&mut words, |word| word == "the");
        match entity_type {
            EntityType::Per => {
                while words.len() > 1 && HONORIFICS.contains(&words[0].as_str()) {
                    words.remove(0);
                }
                drop_back(&mut words, &GENERATIONS);
            }
            EntityType::Org => drop_back(&mut words, &LEGAL_FORMS),
            EntityType::Loc | EntityType::Misc | EntityType::Own(_) => {}
        }
        if words.is_empty() {
            return None;
        }
        let acronym = if entity_type == EntityType::Per { None } else { acronym_letters(trimmed) };
        if let (Some(letters), true) = (&acronym, words.len() > 1) {
            words = vec![letters.clone()];
        }
        let strength = match (entity_type, words.len()) {
            (EntityType::Per, 1) => Strength::Bare,
            (EntityType::Per, count) if words[..count - 1].iter().all(|word| word.chars().count() <= 1) => {
                Strength::Initials
            }
            (_, 1) if acronym.is_some() => Strength::Acronym,
            (_, 1) => Strength::Word,
            _ => Strength::Full,
        };
        Some(Self { key: hash(&[&words.join(" ")]), text, words, acronym, strength })
    }

    /// The initials of a longer name, small words left out: "World Health Organization" gives "who".
    pub(crate) fn initials(&self) -> Option<String> {
        let large = self.words.iter().filter(|word| !SMALL_WORDS.contains(&word.as_str()));
        let letters: String = large.filter_map(|word| word.chars().next()).collect();
        (2..=8).contains(&letters.chars().count()).then_some(letters)
    }

    /// First and last word of a name of several words.
    pub(crate) fn ends(&self) -> Option<(&str, &str)> {
        match self.words.as_slice() {
            [first, .., last] => Some((first, last)),
            _ => None,
        }
    }

    /// The keys under which an entity with this name is found.
    pub(crate) fn stored_keys(&self, entity_type: EntityType, keys: &mut Vec<Key>) {
        let class = class(entity_type);
        keys.push(hash(&["full", class, &self.words.join(" ")]));
        match entity_type {
            EntityType::Per => {
                if let Some((first, last)) = self.ends() {
                    keys.push(hash(&["part", class, last]));
                    if self.strength == Strength::Full {
                        keys.push(hash(&["part", class, first]));
                    }
                    keys.push(initial_key(first, last));
                }
            }
            EntityType::Org | EntityType::Loc | EntityType::Misc | EntityType::Own(_) => {
                if self.words.len() > 1 {
                    keys.extend(self.initials().map(|letters| hash(&["acronym", class, &letters])));
                    if entity_type == EntityType::Org {
                        self.part_keys(keys);
                    }
                }
            }
        }
    }

    /// The keys under which entities that may bear this name are looked up: names equal to it first, then names of
    /// which it is a part or an abbreviation.
    pub(crate) fn sought_keys(&self, entity_type: EntityType) -> SoughtKeys {
        let class = class(entity_type);
        let name = self.words.join(" ");
        let mut keys = SoughtKeys { equal: hash(&["full", class, &name]), related: Vec::new() };
        match (entity_type, self.ends()) {
            (EntityType::Per, Some((first, last))) => {
                keys.related.push(initial_key(first, last));
            }
            (EntityType::Per, None) => keys.related.push(hash(&["part", class, &name])),
            (EntityType::Org, ends) => {
                keys.related.push(hash(&["part", class, &name]));
                if let Some(letters) = &self.acronym {
                    keys.related.push(hash(&["acronym", class, letters]));
                }
                if ends.is_some() {
                    keys.related.extend(self.initials().map(|letters| hash(&["full", class, &letters])));
                    for part in self.parts() {
                        keys.related.push(hash(&["full", class, &part]));
                    }
                }
            }
            (EntityType::Loc | EntityType::Misc | EntityType::Own(_), ends) => {
                if let Some(letters) = &self.acronym {
                    keys.related.push(hash(&["acronym", class, letters]));
                }
                if ends.is_some() {
                    keys.related.extend(self.initials().map(|letters| hash(&["full", class, &letters])));
                }
            }
        }
        keys
    }

    fn part_keys(&self, keys: &mut Vec<Key>) {
        keys.extend(self.parts().iter().map(|part| hash(&["part", class(EntityType::Org), part])));
    }

    /// The parts by which an organisation is called: "Chicago", "Bulls"; "New York", "Yankees"; all but the last word.
    fn parts(&self) -> Vec<String> {
        let count = self.words.len();
        if count < 2 {
            return Vec::new();
        }
        let mut parts = vec![self.words[0].clone(), self.words[count - 1].clone()];
        if count > 2 {
            parts.push(self.words[..count - 1].join(" "));
            parts.push(self.words[count - 2..].join(" "));
        }
        parts
    }
}

/// The keys to look under.
#[derive(Debug)]
pub(crate) struct SoughtKeys {
    pub(crate) equal: Key,
    pub(crate) related: Vec<Key>,
}

/// People never share a key with other things; organisations and places may, so that clashes are seen.
const fn class(entity_type: EntityType) -> &'static str {
    match entity_type {
        EntityType::Per => "person",
        EntityType::Org | EntityType::Loc | EntityType::Misc | EntityType::Own(_) => "thing",
    }
}

fn initial_key(first: &str, last: &str) -> Key {
    let initial: String = first.chars().take(1).collect();
    hash(&["initial", &initial, last])
}

fn drop_front(words: &mut Vec<String>, drops: impl Fn(&str) -> bool) {
    if words.len() > 1 && drops(&words[0]) {
        words.remove(0);
    }
}

fn drop_back(words: &mut Vec<String>, list: &[&str]) {
    while words.len() > 1 && words.last().is_some_and(|word| list.contains(&word.as_str())) {
        words.pop();
    }
}

fn without_possessive(text: &str) -> &str {
    ["'s", "’s", "'S", "’S"]
        .iter()
        .find_map(|ending| text.strip_suffix(ending))
        .unwrap_or(text)
        .trim_end_matches(['\'', '’'])
}

/// Lower case without diacritics and signs; "&" is "and".
pub(crate) fn fold(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    for c in raw.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '&' => folded.push_str("and"),
            'ß' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'ı' | 'İ' => folded.push('i'),
            _ if c.is_alphanumeric() => folded.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
            _ => {}
        }
    }
    folded
}

/// The letters of an acronym: two to six capitals, dots and ampersands between them allowed.
fn acronym_letters(surface: &str) -> Option<String> {
    if surface.contains(char::is_whitespace) {
        return None;
    }
    let letters: String = surface.chars().filter(|c| !matches!(c, '.' | '&' | '-')).collect();
    let count = letters.chars().count();
    let capitals = letters.chars().all(|c| c.is_uppercase() || c.is_numeric());
    let first = letters.chars().next().is_some_and(char::is_uppercase);
    ((2..=6).contains(&count) && capitals && first).then(|| fold(&letters)).filter(|folded| !folded.is_empty())
}

/// 64-bit FNV-1a (Fowler, Noll, Vo), parts kept apart by a zero byte. A collision only adds a candidate: names are
/// compared in full before anything is joined.
pub(crate) fn hash(parts: &[&str]) -> Key {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        for byte in part.bytes().chain([0]) {
            state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    state.cast_signed()
}

/// 128-bit FNV-1a of a document's content: wide enough that a changed document is not taken for the old one.
pub(crate) fn fingerprint(bytes: &[u8]) -> [u8; 16] {
    let mut state = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d_u128;
    for &byte in bytes {
        state = (state ^ u128::from(byte)).wrapping_mul(0x0100_0000_0000_0000_0000_013b);
    }
    state.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn form(surface: &str, entity_type: EntityType) -> Form {
        Form::parse(surface, entity_type).unwrap()
    }

    #[test]
    fn spelling_variants_share_a_key() {
        let same = |one: &str, other: &str, entity_type| {
            assert_eq!(form(one, entity_type).key, form(other, entity_type).key, "{one} / {other}");
        };
        same("The  Øresund Café’s", "ORESUND CAFE", EntityType::Org);
        same("U.N.", "UN", EntityType::Org);
        same("Brook & Sons, Inc.", "Brook and Sons", EntityType::Org);
        same("Mr. Holt", "HOLT", EntityType::Per);
        same("Anne-Marie Holt Jr.", "Anne Marie Holt", EntityType::Per);
    }

    #[test]
    fn forms_know_how_much_they_identify() {
        assert_eq!(form("Holt", EntityType::Per).strength, Strength::Bare);
        assert_eq!(form("P. Holt", EntityType::Per).strength, Strength::Initials);
        assert_eq!(form("Petra Holt", EntityType::Per).strength, Strength::Full);
        assert_eq!(form("WHO", EntityType::Org).strength, Strength::Acronym);
        assert_eq!(form("Quillon", EntityType::Org).strength, Strength::Word);
        assert_eq!(form("World Health Organization", EntityType::Org).initials().as_deref(), Some("who"));
    }

    #[test]
    fn a_surname_finds_who_bears_it_and_an_acronym_its_expansion() {
        let mut stored = Vec::new();
        form("Petra Holt", EntityType::Per).stored_keys(EntityType::Per, &mut stored);
        form("World Health Organization", EntityType::Org).stored_keys(EntityType::Org, &mut stored);
        for (surface, entity_type) in
            [("Holt", EntityType::Per), ("P. Holt", EntityType::Per), ("W.H.O.", EntityType::Org)]
        {
            let sought = form(surface, entity_type).sought_keys(entity_type);
            assert!(sought.related.iter().any(|key| stored.contains(key)), "{surface}");
        }
    }

    #[test]
    fn keys_stay_what_they_were_in_older_stores() {
        assert_eq!(hash(&["full", "person", "petra holt"]), 5_279_585_732_997_596_786);
    }

    proptest! {
        #[test]
        fn any_text_is_taken_apart(surface in "\\PC{0,300}") {
            for entity_type in EntityType::KNOWN {
                if let Some(form) = Form::parse(&surface, entity_type) {
                    prop_assert!(!form.words.is_empty());
                    form.stored_keys(entity_type, &mut Vec::new());
                    form.sought_keys(entity_type);
                }
            }
        }
    }
}
