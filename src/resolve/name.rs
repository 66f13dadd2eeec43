//! A surface form, taken apart once: normalised words, and its readings as a person, an organisation and a place.

use super::organization::Organization;
use super::person::Person;
use super::place::Place;
use super::world::{Sense, World};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case without diacritics, dots and apostrophes; common abbreviations written out.
    pub(crate) folded: String,
    /// Every letter is a capital.
    pub(crate) capitals: bool,
    /// One letter, or letters each followed by a dot: an initial or a run of initials.
    pub(crate) initials: bool,
    /// Stands in quotation marks or brackets inside the name, as a nickname does.
    pub(crate) quoted: bool,
}

/// A surface form and everything the resolver derives from it alone.
#[derive(Debug, Clone)]
pub(crate) struct Name {
    /// The form with white space folded and no possessive ending.
    pub(crate) surface: String,
    /// The folded words joined by a space: equal keys are spelling variants of each other.
    pub(crate) key: String,
    pub(crate) words: Vec<Word>,
    /// Every letter is a capital.
    pub(crate) all_caps: bool,
    /// The letters, lower case, if the form can be an acronym.
    pub(crate) acronym: Option<String>,
    pub(crate) person: Person,
    pub(crate) organization: Organization,
    pub(crate) place: Place,
    /// What the world file knows under this form.
    pub(crate) senses: Vec<Sense>,
}

/// Longest surface that is taken apart, in bytes; a tagger that marks a whole page as a name must not cost more than one
/// that marks a line.
const LONGEST: usize = 400;

impl Name {
    /// Takes `surface` apart.
    pub(crate) fn parse(surface: &str, world: &World) -> Self {
        let surface = trim_name(surface);
        let (head, qualifier) = match surface.split_once(", ") {
            Some((head, qualifier)) if !head.is_empty() => (head, Some(qualifier)),
            _ => (surface.as_str(), None),
        };
        let words = split_words(&surface);
        let article = surface.len() > 4 && surface.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the "));
        let organization = Organization::parse(&words, article);
        let key = join(&words);
        let mut senses = world.senses(&surface, &key);
        if senses.is_empty() && organization.legal {
            senses = world.senses("", &organization.core.join(" "));
        }
        let letters = surface.chars().filter(|c| c.is_alphabetic());
        let all_caps = letters.clone().count() > 1 && letters.clone().all(|c| !c.is_lowercase());
        Self {
            acronym: acronym_letters(&surface),
            person: Person::parse(&words, world),
            organization,
            place: Place::parse(&split_words(head), qualifier.map(split_words).as_deref()),
            senses,
            surface,
            key,
            words,
            all_caps,
        }
    }

    /// Whether the form has no letter or digit to compare.
    pub(crate) fn is_blank(&self) -> bool {
        self.words.is_empty()
    }
}

/// White space folded, quotes, invisible marks at the ends and a possessive ending cut.
fn trim_name(surface: &str) -> String {
    let mut end = surface.len().min(LONGEST);
    while !surface.is_char_boundary(end) {
        end -= 1;
    }
    let folded = surface[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let trimmed = folded.trim_matches(|c| is_invisible(c) || QUOTES_AND_BRACKETS.contains(&c));
    let trimmed = trimmed
        .strip_suffix("'s")
        .or_else(|| trimmed.strip_suffix("’s"))
        .or_else(|| trimmed.strip_suffix("'S"))
        .or_else(|| trimmed.strip_suffix("’S"))
        .unwrap_or(trimmed)
        .trim_end_matches(|c| is_invisible(c) || matches!(c, '\'' | '’'));
    trimmed.trim().to_owned()
}

const QUOTES_AND_BRACKETS: [char; 14] = ['"', '“', '”', '«', '»', '\'', '‘', ',', ';', ':', '(', ')', '[', ']'];

/// Soft hyphens, joiners and marks of direction: they say how their neighbours are written, and nothing at the end of a name.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The words of a form: split at white space, hyphens, slashes and commas; a leading "the" is left out.
pub(crate) fn split_words(surface: &str) -> Vec<Word> {
    let mut words: Vec<Word> = surface
        .split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/' | ',' | '(' | ')'))
        .filter_map(Word::parse)
        .collect();
    if words.len() > 1 && words.first().is_some_and(|word| word.folded == "the") {
        words.remove(0);
    }
    if words.len() > 1 {
        words = words.into_iter().flat_map(write_out).collect();
    }
    words
}

/// "U.S. Senate" and "United States Senate" are one name; alone, "US" is left to the world file.
fn write_out(word: Word) -> Vec<Word> {
    let long: &[&str] = match word.folded.as_str() {
        "us" | "usa" if word.capitals => &["united", "states"],
        "uk" if word.capitals => &["united", "kingdom"],
        "un" if word.capitals => &["united", "nations"],
        "eu" if word.capitals => &["european", "union"],
        _ => return vec![word],
    };
    long.iter().map(|part| Word { folded: (*part).to_owned(), initials: false, ..word.clone() }).collect()
}

/// The folded words joined by a space.
pub(crate) fn join(words: &[Word]) -> String {
    words.iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

impl Word {
    fn parse(raw: &str) -> Option<Self> {
        let folded = fold(raw);
        if folded.is_empty() {
            return None;
        }
        let letters = raw.chars().filter(|c| c.is_alphabetic()).count();
        let dots = raw.matches('.').count();
        let capital = raw.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
        let initials = capital && letters > 0 && letters <= 3 && (letters == 1 || dots >= letters);
        let capitals = letters > 1 && raw.chars().filter(|c| c.is_alphabetic()).all(|c| !c.is_lowercase());
        let quoted = raw.starts_with(['"', '“', '\'', '‘']) && raw.ends_with(['"', '”', '\'', '’']);
        Some(Self { folded: expand(folded), capitals, initials, quoted })
    }
}

/// Lower case, without diacritics, dots, apostrophes and other signs.
pub(crate) fn fold(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    for c in raw.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '&' => folded.push_str("and"),
            '+' => folded.push_str("plus"),
            'ß' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'þ' | 'Þ' => folded.push_str("th"),
            'ı' | 'İ' => folded.push('i'),
            _ if c.is_alphanumeric() => folded.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
            _ => {}
        }
    }
    folded
}

/// Writes out the abbreviations that names are full of.
fn expand(folded: String) -> String {
    let long = match folded.as_str() {
        "st" => "saint",
        "mt" => "mount",
        "ft" => "fort",
        "univ" => "university",
        "dept" => "department",
        "intl" => "international",
        "natl" => "national",
        "assn" | "assoc" => "association",
        "govt" => "government",
        "bros" => "brothers",
        "cttee" | "cmte" => "committee",
        "utd" => "united",
        "organisation" => "organization",
        "centre" => "center",
        "defence" => "defense",
        "labour" => "labor",
        _ => return folded,
    };
    long.to_owned()
}

/// The letters of an acronym: two to eight capitals, dots and ampersands between them allowed, a plural "s" cut.
fn acronym_letters(surface: &str) -> Option<String> {
    if surface.contains(char::is_whitespace) {
        return None;
    }
    let body = surface.strip_suffix('s').filter(|body| body.chars().count() > 2).unwrap_or(surface);
    let letters: String = body.chars().filter(|c| !matches!(c, '.' | '&' | '-')).collect();
    let count = letters.chars().count();
    let capitals = letters.chars().all(|c| c.is_uppercase() || c.is_numeric());
    let first = letters.chars().next().is_some_and(char::is_uppercase);
    ((2..=8).contains(&count) && capitals && first).then(|| fold(&letters)).filter(|folded| !folded.is_empty())
}

/// Whether two folded words differ by little enough to be two spellings or transliterations of one: one edit from four
/// letters on, two from eight on, and the same first letter (or a customary exchange of it).
pub(crate) fn similar(left: &str, right: &str) -> bool {
    let digits = |word: &str| word.chars().filter(|c| c.is_numeric()).collect::<String>();
    if digits(left) != digits(right) {
        return false;
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let shorter = left.len().min(right.len());
    if shorter < 4 || left.len().abs_diff(right.len()) > 2 {
        return false;
    }
    let first = match (left[0], right[0]) {
        (a, b) if a == b => true,
        (a, b) => [('c', 'k'), ('j', 'y'), ('i', 'y'), ('f', 'v'), ('k', 'q'), ('g', 'k'), ('u', 'w')]
            .iter()
            .any(|&(x, y)| (a, b) == (x, y) || (a, b) == (y, x)),
    };
    first && edits(&left, &right) <= if shorter >= 8 { 2 } else { 1 }
}

/// Levenshtein distance where swapping two neighbours is one edit.
fn edits(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, &b) in right.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(surface: &str) -> String {
        Name::parse(surface, &World::embedded()).key
    }

    #[test]
    fn spelling_variants_share_a_key() {
        assert_eq!(key("The  Øresund Café’s"), key("ORESUND CAFE"));
        assert_eq!(key("St. Albans"), key("Saint Albans"));
        assert_eq!(key("U.N."), key("UN"));
        assert_eq!(key("Brook & Sons"), key("Brook and Sons"));
        assert_eq!(key("Anne-Marie Holt"), key("Anne Marie Holt"));
    }

    #[test]
    fn invisible_marks_at_the_ends_are_not_shown() {
        let surface = |surface: &str| Name::parse(surface, &World::embedded()).surface;
        assert_eq!(surface("Anna Holt\u{200d}"), "Anna Holt");
        assert_eq!(surface("\u{200f}\u{201c}Leila Rahimi\u{200d}’s\u{200e}"), "Leila Rahimi");
        assert_eq!(surface("مه\u{200c}رداد"), "مه\u{200c}رداد", "inside, they matter");
    }

    #[test]
    fn acronyms_are_recognised_with_and_without_dots() {
        assert_eq!(acronym_letters("W.H.O."), Some("who".to_owned()));
        assert_eq!(acronym_letters("NGOs"), Some("ngo".to_owned()));
        assert_eq!(acronym_letters("Who"), None);
        assert_eq!(acronym_letters("1984"), None);
    }

    #[test]
    fn small_differences_are_similar_and_others_are_not() {
        assert!(similar("muhammad", "mohammed"));
        assert!(similar("jelena", "yelena"));
        assert!(!similar("mark", "mary"[..3].into()));
        assert!(!similar("hall", "ball"));
        assert!(!similar("terminal1", "terminal2"));
    }

    #[test]
    fn signs_alone_give_a_blank_name() {
        assert!(Name::parse("🙂 —", &World::embedded()).is_blank());
    }
}
