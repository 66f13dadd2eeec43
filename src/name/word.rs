//! The words of a name: where it is cut, and what is left of a word when case, signs and abbreviations are folded.

use super::fold::fold;
use super::list;

/// One word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Word {
    /// Lower case without diacritics, dots and apostrophes; common abbreviations written out.
    pub(crate) folded: String,
    /// Every letter is a capital.
    pub(crate) capitals: bool,
    /// One letter, or letters each followed by a dot: an initial or a run of initials.
    pub(crate) initials: bool,
    /// Begins with a capital or a digit.
    pub(crate) capital: bool,
    /// Stands in quotation marks or brackets inside the name, as a nickname does.
    pub(crate) quoted: bool,
    /// Where it stands in the form, in bytes.
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// A comma follows, inside the name.
    pub(crate) comma: bool,
    /// A hyphen joins it to the next word.
    pub(crate) joined: bool,
}

/// Longest surface that is taken apart, in bytes; a tagger that marks a whole page as a name must not cost more than one
/// that marks a line.
const LONGEST: usize = 400;

/// White space folded, quotes, invisible marks at the ends and a possessive ending cut.
pub(crate) fn trim_name(surface: &str) -> String {
    let trimmed = trim_ends(surface);
    let mut name = trimmed.as_str();
    // "McDonald's's lease": the firm's ending and the possessive one.
    while let Some(cut) = ENDINGS_IN_S.iter().find_map(|ending| name.strip_suffix(ending)) {
        name = cut;
    }
    name.trim_end_matches(|c| is_invisible(c) || matches!(c, '\'' | '’')).trim().to_owned()
}

/// For a form that ends in 's, the form with that ending: "Moody's", which is a firm's whole name, or a possessive that the
/// tagger took for a part of the name.
pub(crate) fn form_in_s(surface: &str) -> Option<String> {
    let trimmed = trim_ends(surface);
    let ends = |form: &str| ENDINGS_IN_S.iter().any(|ending| form.len() > ending.len() && form.ends_with(ending));
    let shorter = ENDINGS_IN_S.iter().find_map(|ending| trimmed.strip_suffix(ending)).filter(|cut| ends(cut));
    let form = shorter.unwrap_or(&trimmed);
    ends(form).then(|| form.to_owned())
}

const ENDINGS_IN_S: [&str; 4] = ["'s", "’s", "'S", "’S"];

/// White space folded, quotes, brackets without a partner and invisible marks at the ends cut.
fn trim_ends(surface: &str) -> String {
    let mut end = surface.len().min(LONGEST);
    while !surface.is_char_boundary(end) {
        end -= 1;
    }
    let folded = surface[..end].split_whitespace().collect::<Vec<_>>().join(" ");
    let mut trimmed = folded.as_str();
    loop {
        let before = trimmed.len();
        trimmed = trimmed.trim_matches(|c| is_invisible(c) || QUOTES.contains(&c));
        trimmed = trim_bracket(trimmed, '(', ')');
        trimmed = trim_bracket(trimmed, '[', ']');
        if trimmed.len() == before {
            break;
        }
    }
    // "World Harbour Council (WHC)": the name and its short form.
    match trimmed.strip_suffix(')').and_then(|inside| inside.rsplit_once(" (")) {
        Some((name, letters)) if acronym_letters(letters).is_some() => name.trim().to_owned(),
        _ => trimmed.trim().to_owned(),
    }
}

/// Cuts a bracket at an end that has no partner inside, and a pair that holds the whole name.
fn trim_bracket(name: &str, open: char, close: char) -> &str {
    let (opens, closes) = (name.matches(open).count(), name.matches(close).count());
    let whole = opens == 1 && closes == 1 && name.starts_with(open) && name.ends_with(close);
    let name = if whole || opens > closes { name.strip_prefix(open).unwrap_or(name) } else { name };
    let name = if whole || closes > opens { name.strip_suffix(close).unwrap_or(name) } else { name };
    // A bracket that was never closed: "Council (WHC".
    if opens > closes { name.strip_suffix(open).unwrap_or(name) } else { name }
}

/// Quotation marks and commas.
const QUOTES: [char; 13] = ['"', '“', '”', '„', '«', '»', '‹', '›', '\'', '‘', ',', ';', ':'];

/// Soft hyphens, joiners and marks of direction: they say how their neighbours are written, and nothing at the end of a name.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The words of a form: split at white space, hyphens, slashes and commas; a leading "the" is left out.
pub(crate) fn split_words(surface: &str) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let (mut start, mut quotes) = (0, Quotes::default());
    for (at, cut) in surface.char_indices().filter(|(_, c)| is_cut(*c)).chain([(surface.len(), ' ')]) {
        let raw = surface.get(start..at).unwrap_or_default();
        let quoted = quotes.pass(raw);
        words.extend(Word::parse(raw).map(|word| Word { quoted: quoted || word.quoted, start, end: at, ..word }));
        if let Some(last) = words.last_mut() {
            last.comma |= cut == ',';
            last.joined |= !raw.is_empty() && matches!(cut, '-' | '‐' | '‑');
        }
        quotes.in_brackets = cut == '(' || (quotes.in_brackets && cut != ')');
        start = at + cut.len_utf8();
    }
    if let Some(last) = words.last_mut() {
        last.comma = false;
        last.joined = false;
    }
    if words.len() > 1 && words.first().is_some_and(|word| word.folded == "the") {
        words.remove(0);
    }
    if words.len() > 1 {
        words = words.into_iter().flat_map(write_out).collect();
    }
    words
}

/// Where a name is cut into words.
fn is_cut(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–' | '—' | '/' | ',' | '(' | ')')
}

/// Whether the words that pass stand in quotation marks or brackets: `James "Big Jim" Holt`, `James (Jim) Holt`.
#[derive(Debug, Default)]
struct Quotes {
    in_marks: bool,
    in_brackets: bool,
}

impl Quotes {
    fn pass(&mut self, raw: &str) -> bool {
        let opens = raw.starts_with(['"', '“', '„', '«']);
        self.in_marks |= opens;
        let quoted = self.in_marks || self.in_brackets;
        if raw.len() > 1 && raw.ends_with(['"', '”', '»', '“']) {
            self.in_marks = false;
        }
        quoted
    }
}

/// "U.S. Senate" and "United States Senate" are one name; alone, "US" is left to whoever knows the world.
fn write_out(word: Word) -> Vec<Word> {
    match list::in_longer_name(&word.folded).filter(|_| word.capitals) {
        Some(long) => {
            long.split(' ').map(|part| Word { folded: part.to_owned(), initials: false, ..word.clone() }).collect()
        }
        None => vec![word],
    }
}

/// Whether "the" stands before the name.
pub(crate) fn has_article(surface: &str) -> bool {
    surface.len() > 4 && surface.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("the "))
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
        Some(Self {
            folded: expand(folded),
            capitals,
            initials,
            capital,
            quoted,
            start: 0,
            end: raw.len(),
            comma: false,
            joined: false,
        })
    }
}

/// Writes out the abbreviations that names are full of.
fn expand(folded: String) -> String {
    list::written_out(&folded).map_or(folded, str::to_owned)
}

/// The letters of an acronym, folded: two to eight capitals, with dots, hyphens and ampersands between them, a plural "s" cut.
/// An ampersand is kept, because it stands for a word. Where a hyphen leaves a letter alone, as in "R-NC" or "D-Ohio", the
/// letters stand for two things.
pub(crate) fn acronym_letters(surface: &str) -> Option<String> {
    if surface.contains(char::is_whitespace) {
        return None;
    }
    let body = surface.strip_suffix('s').filter(|body| body.chars().count() > 2).unwrap_or(surface);
    let is_number = |part: &str| part.chars().all(char::is_numeric);
    let mut parts = body.split('-');
    let alone = |part: &str| part.chars().filter(|c| c.is_alphabetic()).count() < 2 && !is_number(part);
    if body.contains('-') && parts.clone().any(alone) && !parts.any(is_number) {
        return None;
    }
    let letters: String = body.chars().filter(|c| !matches!(c, '.' | '-')).collect();
    let plain = || letters.chars().filter(|c| *c != '&');
    let count = plain().count();
    let capitals = plain().all(|c| c.is_uppercase() || c.is_numeric());
    let inside = letters.starts_with(char::is_uppercase) && !letters.ends_with('&');
    if !((2..=8).contains(&count) && capitals && inside) {
        return None;
    }
    Some(letters.split('&').map(fold).collect::<Vec<_>>().join("&")).filter(|folded| !folded.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_recognised_with_and_without_dots() {
        assert_eq!(acronym_letters("W.H.O."), Some("who".to_owned()));
        assert_eq!(acronym_letters("NGOs"), Some("ngo".to_owned()));
        assert_eq!(acronym_letters("Who"), None);
        assert_eq!(acronym_letters("1984"), None);
        assert_eq!(acronym_letters("AFL-CIO"), Some("aflcio".to_owned()));
        assert_eq!(acronym_letters("F-16"), Some("f16".to_owned()));
        assert_eq!(acronym_letters("P&G"), Some("p&g".to_owned()));
        for letters in ["R-NC", "D-CA", "I-O", "A&", "&"] {
            assert_eq!(acronym_letters(letters), None, "{letters}");
        }
    }

    #[test]
    fn invisible_marks_at_the_ends_are_not_shown() {
        assert_eq!(trim_name("Anna Holt\u{200d}"), "Anna Holt");
        assert_eq!(trim_name("\u{200f}\u{201c}Leila Rahimi\u{200d}’s\u{200e}"), "Leila Rahimi");
        assert_eq!(trim_name("مه\u{200c}رداد"), "مه\u{200c}رداد", "inside, they matter");
    }

    #[test]
    fn a_firms_own_ending_is_known_beside_the_name_without_it() {
        for surface in ["Zerkin's", "\u{201c}Zerkin's\u{201d}", "Zerkin's's"] {
            assert_eq!((trim_name(surface).as_str(), form_in_s(surface).as_deref()), ("Zerkin", Some("Zerkin's")));
        }
        assert_eq!((trim_name("Zerkin’s").as_str(), form_in_s("Zerkin’s").as_deref()), ("Zerkin", Some("Zerkin’s")));
        assert_eq!((trim_name("Holts'").as_str(), form_in_s("Holts'")), ("Holts", None));
        assert_eq!(form_in_s("'s"), None);
    }

    #[test]
    fn brackets_without_a_partner_are_not_shown() {
        assert_eq!(trim_name("Harbour Council (HC)"), "Harbour Council");
        assert_eq!(trim_name("Harbour (West) Council"), "Harbour (West) Council");
        assert_eq!(trim_name("(\"Norvik\")"), "Norvik");
        assert_eq!(trim_name("Norvik ("), "Norvik");
    }

    #[test]
    fn abbreviations_are_written_out() {
        let key = |surface: &str| join(&split_words(surface));
        assert_eq!(key("St. Albans"), "saint albans");
        assert_eq!(key("Mt. Arden"), "mount arden");
        assert_eq!(key("Ft. Arden"), "fort arden");
        assert_eq!(key("U.S. Senate"), "united states senate");
        assert_eq!(key("us"), "us");
    }
}
