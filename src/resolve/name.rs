//! A name, taken apart: what is left of a surface form when spelling, titles and endings no longer matter.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Titles before a person's name, without full stop, with the gender that they tell.
const TITLES: &[(&str, Option<Gender>)] = &[
    ("mr", Some(Gender::Male)),
    ("mister", Some(Gender::Male)),
    ("sir", Some(Gender::Male)),
    ("lord", Some(Gender::Male)),
    ("king", Some(Gender::Male)),
    ("prince", Some(Gender::Male)),
    ("herr", Some(Gender::Male)),
    ("monsieur", Some(Gender::Male)),
    ("señor", Some(Gender::Male)),
    ("sheikh", Some(Gender::Male)),
    ("mrs", Some(Gender::Female)),
    ("ms", Some(Gender::Female)),
    ("miss", Some(Gender::Female)),
    ("lady", Some(Gender::Female)),
    ("dame", Some(Gender::Female)),
    ("queen", Some(Gender::Female)),
    ("princess", Some(Gender::Female)),
    ("madame", Some(Gender::Female)),
    ("frau", Some(Gender::Female)),
    ("señora", Some(Gender::Female)),
    ("dr", None),
    ("doctor", None),
    ("prof", None),
    ("professor", None),
    ("president", None),
    ("premier", None),
    ("chancellor", None),
    ("minister", None),
    ("senator", None),
    ("sen", None),
    ("rep", None),
    ("gov", None),
    ("governor", None),
    ("mayor", None),
    ("judge", None),
    ("justice", None),
    ("general", None),
    ("gen", None),
    ("colonel", None),
    ("col", None),
    ("major", None),
    ("maj", None),
    ("captain", None),
    ("capt", None),
    ("lieutenant", None),
    ("lt", None),
    ("sergeant", None),
    ("sgt", None),
    ("admiral", None),
    ("adm", None),
    ("pope", None),
    ("bishop", None),
    ("archbishop", None),
    ("cardinal", None),
    ("rev", None),
    ("reverend", None),
    ("ambassador", None),
    ("secretary", None),
    ("chairman", Some(Gender::Male)),
    ("chairwoman", Some(Gender::Female)),
    ("coach", None),
    ("manager", None),
    ("st", None),
    ("saint", None),
    ("ayatollah", Some(Gender::Male)),
];

/// Words that belong to the family name behind them.
const PARTICLES: [&str; 24] = [
    "al", "el", "bin", "ibn", "ben", "abu", "de", "del", "della", "di", "da", "dos", "das", "du", "la", "le", "van",
    "von", "der", "den", "ten", "ter", "zu", "af",
];

/// Generations behind a person's name.
const GENERATIONS: [&str; 6] = ["jr", "sr", "ii", "iii", "iv", "junior"];

/// Legal forms of companies, letters only.
const LEGAL_FORMS: [&str; 42] = [
    "inc",
    "incorporated",
    "corp",
    "corporation",
    "co",
    "cos",
    "company",
    "companies",
    "ltd",
    "limited",
    "llc",
    "llp",
    "lp",
    "plc",
    "ag",
    "gmbh",
    "kg",
    "kgaa",
    "se",
    "sa",
    "sas",
    "sarl",
    "spa",
    "srl",
    "nv",
    "bv",
    "ab",
    "asa",
    "as",
    "oyj",
    "oy",
    "kk",
    "bhd",
    "pte",
    "pty",
    "pvt",
    "sab",
    "cv",
    "holdings",
    "holding",
    "group",
    "grp",
];

/// What a title or a given name tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gender {
    /// He.
    Male,
    /// She.
    Female,
}

/// A surface form taken apart. Tokens are folded: lower case, no diacritics, no punctuation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// All tokens, without title, leading "the" and possessive.
    pub tokens: Vec<String>,
    /// The tokens without a legal form at the end: all of them where nothing else would be left.
    pub core: Vec<String>,
    /// The tokens run together: equal for "Ki-moon" and "Ki moon".
    pub key: String,
    /// First letters of the capitalised tokens, if there are at least two.
    pub initials: Vec<String>,
    /// The letters, where the whole form is written like an acronym: "U.N.", "FDA".
    pub acronym: Option<String>,
    /// What the title inside the form tells.
    pub gender: Option<Gender>,
    /// Whether every letter is a capital, as in a headline or an acronym.
    pub all_capitals: bool,
}

impl Name {
    /// Takes `surface` apart.
    #[must_use]
    pub fn parse(surface: &str) -> Self {
        let mut words: Vec<&str> = surface.split_whitespace().flat_map(split_slashes).collect();
        if words.len() > 1 && words[0].eq_ignore_ascii_case("the") {
            words.remove(0);
        }
        let mut gender = None;
        while words.len() > 1
            && let Some(&(_, told)) = find_title(words[0])
        {
            gender = gender.or(told);
            words.remove(0);
        }
        let mut tokens: Vec<String> = Vec::with_capacity(words.len());
        let mut capitals: Vec<char> = Vec::new();
        for word in &words {
            let token = fold(strip_possessive(word));
            if token.is_empty() {
                continue;
            }
            if word.starts_with(char::is_uppercase) {
                capitals.extend(token.chars().next());
            }
            // "al-Assad" is a particle and a name.
            match word.split_once(['-', '‐', '’', '\'']) {
                Some((particle, rest)) if PARTICLES.contains(&fold(particle).as_str()) && !fold(rest).is_empty() => {
                    tokens.push(fold(particle));
                    tokens.push(fold(strip_possessive(rest)));
                }
                _ => tokens.push(token),
            }
        }
        if tokens.is_empty() {
            tokens.push(surface.trim().to_lowercase());
        }
        let mut core = tokens.clone();
        while core.len() > 1 && core.last().is_some_and(|last| LEGAL_FORMS.contains(&last.as_str())) {
            core.pop();
        }
        let letters: Vec<char> = surface.chars().filter(|c| c.is_alphabetic()).collect();
        let all_capitals = !letters.is_empty() && letters.iter().all(|c| c.is_uppercase());
        let acronym = (words.len() == 1 && all_capitals && (2..=6).contains(&letters.len())).then(|| fold(words[0]));
        let with_all: String = capitals.iter().collect();
        let core_capitals: String = capitals.iter().take(core.len()).collect();
        let all_words: String = core.iter().filter_map(|token| token.chars().next()).collect();
        let mut initials: Vec<String> = Vec::new();
        for candidate in [with_all, core_capitals, all_words] {
            if candidate.chars().count() >= 2 && !initials.contains(&candidate) {
                initials.push(candidate);
            }
        }
        Self {
            key: tokens.concat(),
            all_capitals: all_capitals && letters.len() > 1,
            tokens,
            core,
            initials,
            acronym,
            gender,
        }
    }

    /// The core tokens run together.
    #[must_use]
    pub fn core_key(&self) -> String {
        self.core.concat()
    }

    /// The tokens of a person's name without generation and particles at the front: "van Gogh" gives "gogh".
    #[must_use]
    pub fn personal(&self) -> Vec<&str> {
        let mut tokens: Vec<&str> = self.tokens.iter().map(String::as_str).collect();
        while tokens.len() > 1 && tokens.last().is_some_and(|last| GENERATIONS.contains(last)) {
            tokens.pop();
        }
        let all = tokens.len();
        tokens.retain(|token| !PARTICLES.contains(token));
        if tokens.is_empty() && all > 0 { vec![self.tokens[0].as_str()] } else { tokens }
    }
}

/// The title that `word` is, whatever its case and full stop.
#[must_use]
pub fn find_title(word: &str) -> Option<&'static (&'static str, Option<Gender>)> {
    let word = word.trim_end_matches(['.', ',']).to_lowercase();
    TITLES.iter().find(|(title, _)| *title == word)
}

/// Lower case, no diacritics, letters and digits only.
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfkd().filter(|&c| !is_combining_mark(c)).flat_map(char::to_lowercase) {
        match c {
            // Letters that Unicode does not take apart.
            'ø' => folded.push('o'),
            'ł' => folded.push('l'),
            'đ' | 'ð' => folded.push('d'),
            'ı' => folded.push('i'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            '&' => folded.push_str("and"),
            c if c.is_alphanumeric() => folded.push(c),
            _ => {}
        }
    }
    folded
}

fn strip_possessive(word: &str) -> &str {
    let stripped = ["'s", "’s", "'S", "’S", "'", "’"].iter().find_map(|ending| word.strip_suffix(ending));
    stripped.filter(|rest| rest.chars().count() > 1).unwrap_or(word)
}

fn split_slashes(word: &str) -> impl Iterator<Item = &str> {
    word.split(['/', ',', '(', ')']).filter(|part| !part.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_titles_and_endings_do_not_matter() {
        assert_eq!(Name::parse("Mr. Ban Ki-moon's").tokens, ["ban", "kimoon"]);
        assert_eq!(Name::parse("Mrs Okafor").gender, Some(Gender::Female));
        assert_eq!(Name::parse("the Étoile Group N.V.").core, ["etoile"]);
        assert_eq!(Name::parse("Bashar al-Assad").personal(), ["bashar", "assad"]);
        assert_eq!(Name::parse("N'Diaye").key, "ndiaye");
        assert_eq!(Name::parse("The").tokens, ["the"]);
    }

    #[test]
    fn acronyms_and_initials_meet() {
        assert_eq!(Name::parse("U.N.").acronym.as_deref(), Some("un"));
        assert!(Name::parse("World Health Organization").initials.contains(&"who".to_owned()));
        assert!(Name::parse("Food and Drug Administration").initials.contains(&"fda".to_owned()));
        assert_eq!(Name::parse("Ban").acronym, None);
        assert!(Name::parse("NORTHERN LINE").all_capitals);
    }
}
