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
}

/// Longest surface that is taken apart, in bytes; a tagger that marks a whole page as a name must not cost more than one
/// that marks a line.
const LONGEST: usize = 400;

/// White space folded, quotes, invisible marks at the ends and a possessive ending cut.
pub(crate) fn trim_name(surface: &str) -> String {
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
        Some(Self { folded: expand(folded), capitals, initials, capital, quoted })
    }
}

/// Writes out the abbreviations that names are full of.
fn expand(folded: String) -> String {
    list::written_out(&folded).map_or(folded, str::to_owned)
}

/// The letters of an acronym: two to eight capitals, dots and ampersands between them allowed, a plural "s" cut.
pub(crate) fn acronym_letters(surface: &str) -> Option<String> {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acronyms_are_recognised_with_and_without_dots() {
        assert_eq!(acronym_letters("W.H.O."), Some("who".to_owned()));
        assert_eq!(acronym_letters("NGOs"), Some("ngo".to_owned()));
        assert_eq!(acronym_letters("Who"), None);
        assert_eq!(acronym_letters("1984"), None);
    }

    #[test]
    fn invisible_marks_at_the_ends_are_not_shown() {
        assert_eq!(trim_name("Anna Holt\u{200d}"), "Anna Holt");
        assert_eq!(trim_name("\u{200f}\u{201c}Leila Rahimi\u{200d}’s\u{200e}"), "Leila Rahimi");
        assert_eq!(trim_name("مه\u{200c}رداد"), "مه\u{200c}رداد", "inside, they matter");
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
