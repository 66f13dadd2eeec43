//! Word borders and written shapes.
//!
//! The model was trained on the tokens of CoNLL-2003, so raw text is cut the way those tokens were: punctuation stands
//! alone, but abbreviations keep their full stop ("U.S.", "Mr."), hyphenated words stay whole ("Ki-moon"), and a
//! possessive or contracted ending is a word of its own ("Ban" + "'s").

use crate::document::Span;
use unicode_normalization::char::is_combining_mark;

/// How a word is written; the row of the token-type table that tells an uncased model about capitals and digits.
///
/// Mirrors `word_shape` in `scripts/ner_data.py`; the numbers are part of every trained model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Shape {
    /// No capital letter, no digit.
    Lower = 0,
    /// First letter a capital, the rest not.
    Title = 1,
    /// Capitals only, at least two.
    Upper = 2,
    /// Capitals inside the word.
    Mixed = 3,
    /// A single capital letter, as in "J.".
    Initial = 4,
    /// Any digit or other numeric character.
    Digit = 5,
}

impl Shape {
    /// The shape of `word`.
    #[must_use]
    pub fn of(word: &str) -> Self {
        let (mut upper, mut lower, mut first_is_upper) = (0_usize, 0_usize, None);
        for c in word.chars() {
            if c.is_numeric() {
                return Self::Digit;
            }
            if c.is_uppercase() {
                upper += 1;
                first_is_upper.get_or_insert(true);
            } else if c.is_lowercase() {
                lower += 1;
                first_is_upper.get_or_insert(false);
            }
        }
        match (upper, lower) {
            (0, _) => Self::Lower,
            (1, 0) => Self::Initial,
            (_, 0) => Self::Upper,
            (1, _) if first_is_upper == Some(true) => Self::Title,
            _ => Self::Mixed,
        }
    }
}

/// Abbreviations that keep their full stop when written with a capital, here without it and in lower case; all others
/// ("etc") lose nothing by standing next to one. Single letters and letter-dot sequences ("U.S") keep theirs by rule.
const ABBREVIATIONS: [&str; 64] = [
    "adm", "apr", "ariz", "ark", "assn", "aug", "bros", "calif", "capt", "cmdr", "co", "col", "colo", "conn", "corp",
    "cpl", "dec", "dept", "dr", "feb", "fla", "ft", "ga", "gen", "gov", "hon", "inc", "ind", "jan", "jr", "kan", "ky",
    "lt", "ltd", "maj", "mass", "md", "messrs", "mich", "minn", "mo", "mr", "mrs", "ms", "mt", "no", "nov", "oct",
    "okla", "penn", "pres", "prof", "rep", "rev", "sen", "sept", "sgt", "sr", "st", "tenn", "tex", "va", "vs", "wash",
];

/// Endings that CoNLL splits off a word, each after an apostrophe.
const CLITICS: [&str; 6] = ["s", "re", "ve", "ll", "m", "d"];

/// Cuts `text` into words: every character that is not white space or a control character belongs to exactly one.
#[must_use]
pub fn split_words(text: &str) -> Vec<Span> {
    let mut words = Vec::new();
    let mut chunk_start = None;
    for (at, c) in text.char_indices() {
        if is_separator(c) {
            if let Some(start) = chunk_start.take() {
                split_chunk(text, Span::new(start, at), &mut words);
            }
        } else if chunk_start.is_none() {
            chunk_start = Some(at);
        }
    }
    if let Some(start) = chunk_start {
        split_chunk(text, Span::new(start, text.len()), &mut words);
    }
    words
}

/// White space and control characters (NUL, escapes, byte-order marks) separate words and belong to none.
pub(super) fn is_separator(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '\u{feff}' | '\u{200b}' | '\u{2060}')
}

/// Marks and joiners have no life of their own: they extend whatever stands before them.
fn extends(c: char) -> bool {
    is_combining_mark(c)
        || matches!(c, '\u{200c}' | '\u{200d}' | '\u{ad}' | '\u{200e}' | '\u{200f}' | '\u{1f3fb}'..='\u{1f3ff}')
}

fn is_word_char(c: char) -> bool {
    (c.is_alphanumeric() || c == '_') && !is_ideograph(c)
}

/// Chinese characters and kana: written without spaces, so each is a word, as in the tokenizer of BERT.
fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3040..=0x30FF | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x2_0000..=0x3_FFFF)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ' | '`' | '´')
}

/// Cuts a stretch without white space.
fn split_chunk(text: &str, chunk: Span, words: &mut Vec<Span>) {
    let mut at = chunk.start;
    while at < chunk.end {
        let rest = text.get(at..chunk.end).unwrap_or_default();
        let end = at + first_word_len(rest);
        split_clitic(text, Span::new(at, end), words);
        at = end;
    }
}

/// Length in bytes of the first word of `rest`, which is not empty and holds no separator.
fn first_word_len(rest: &str) -> usize {
    let Some(first) = rest.chars().next() else { return 0 };
    if rest.starts_with("http://") || rest.starts_with("https://") || rest.starts_with("www.") {
        return rest.trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']', '}', '"', '\'', '”', '’', '>']).len();
    }
    let sigil = matches!(first, '@' | '#') && rest[1..].starts_with(is_word_char);
    if !sigil && !is_word_char(first) {
        return symbol_len(rest, first);
    }
    let mut characters = rest.char_indices().skip(usize::from(sigil)).peekable();
    let mut end = 0;
    let mut previous = first;
    while let Some((at, c)) = characters.next() {
        if is_word_char(c) || extends(c) {
            end = at + c.len_utf8();
            previous = c;
            continue;
        }
        let next = characters.peek().map(|&(_, next)| next);
        if !joins(previous, c, next) {
            break;
        }
        previous = c;
    }
    end + usize::from(keeps_full_stop(rest, end))
}

/// A symbol with its marks, or a run of one and the same full stop or hyphen ("...", "--").
fn symbol_len(rest: &str, first: char) -> usize {
    let run = matches!(first, '.' | '-' | '*' | '=' | '_');
    let mut joined = false;
    rest.char_indices()
        .skip(1)
        .find(|&(_, c)| {
            // A zero-width joiner also binds the next symbol: emoji families are one word.
            let stays = extends(c) || (run && c == first) || (joined && !is_word_char(c));
            joined = c == '\u{200d}';
            !stays
        })
        .map_or(rest.len(), |(at, _)| at)
}

/// Whether the symbol `c` between `previous` and `next` holds a word together.
fn joins(previous: char, c: char, next: Option<char>) -> bool {
    let Some(next) = next.filter(|&next| is_word_char(next)) else { return false };
    let digits = previous.is_numeric() && next.is_numeric();
    match c {
        '-' | '\u{2010}' | '\u{2011}' | '.' | '&' | '·' => is_word_char(previous) || extends(previous),
        ',' | ':' | '/' => digits,
        _ => is_apostrophe(c) && previous.is_alphabetic() && next.is_alphabetic(),
    }
}

/// Whether the full stop behind the word `rest[..end]` belongs to it.
fn keeps_full_stop(rest: &str, end: usize) -> bool {
    let Some(after) = rest.get(end..).and_then(|tail| tail.strip_prefix('.')) else { return false };
    if after.starts_with('.') {
        return false;
    }
    let word = rest.get(..end).unwrap_or_default();
    let mut parts = word.split('.');
    let letters =
        |part: &str| part.chars().filter(|&c| !extends(c)).count() == 1 && part.starts_with(char::is_alphabetic);
    if word.contains('.') || word.chars().count() == 1 {
        return parts.all(letters) && (word.contains('.') || word.starts_with(char::is_uppercase));
    }
    // The ending of a hyphenated word counts too: "Marie-St.".
    let last = word.rsplit('-').next().unwrap_or(word);
    last.len() <= 6
        && last.starts_with(char::is_uppercase)
        && ABBREVIATIONS.binary_search(&last.to_lowercase().as_str()).is_ok()
}

/// Pushes `word`, its possessive or contracted ending apart.
fn split_clitic(text: &str, word: Span, words: &mut Vec<Span>) {
    let surface = word.of(text);
    if let Some((at, apostrophe)) = surface.char_indices().rev().find(|&(_, c)| is_apostrophe(c))
        && at > 0
    {
        let ending = surface.get(at + apostrophe.len_utf8()..).unwrap_or_default();
        if CLITICS.iter().any(|clitic| ending.eq_ignore_ascii_case(clitic)) {
            words.push(Span::new(word.start, word.start + at));
            words.push(Span::new(word.start + at, word.end));
            return;
        }
        let head = surface.get(..at).unwrap_or_default();
        if ending.eq_ignore_ascii_case("t") && head.len() > 1 && head.ends_with(['n', 'N']) {
            words.push(Span::new(word.start, word.start + at - 1));
            words.push(Span::new(word.start + at - 1, word.end));
            return;
        }
    }
    words.push(word);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words(text: &str) -> Vec<&str> {
        split_words(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn cuts_like_conll() {
        assert_eq!(
            words("Mr. Ban's envoy, J. O'Brien, didn't go to the U.S. (again)."),
            [
                "Mr.", "Ban", "'s", "envoy", ",", "J.", "O'Brien", ",", "did", "n't", "go", "to", "the", "U.S.", "(",
                "again", ")", "."
            ]
        );
        assert_eq!(
            words("Paris-based AT&T rose 1,000.5 points/day..."),
            ["Paris-based", "AT&T", "rose", "1,000.5", "points", "/", "day", "..."]
        );
        assert_eq!(
            words("the players’ “Kofi Annan”—he"),
            ["the", "players", "’", "“", "Kofi", "Annan", "”", "—", "he"]
        );
        assert_eq!(
            words("see https://a.example/x?y=1. @ban #UN"),
            ["see", "https://a.example/x?y=1", ".", "@ban", "#UN"]
        );
    }

    #[test]
    fn keeps_marks_and_emoji_whole() {
        assert_eq!(words("Jose\u{301}\u{301} 👨‍👩‍👧 👍🏽a"), ["Jose\u{301}\u{301}", "👨‍👩‍👧", "👍🏽", "a"]);
        assert_eq!(words("東京は"), ["東", "京", "は"]);
        assert_eq!(words("a\0b\u{feff}c"), ["a", "b", "c"]);
    }

    #[test]
    fn shapes_are_those_of_the_training_script() {
        let shapes = ["the", "Ban", "U.N.", "McDonald", "J.", "B2B", "—", "iPhone", "3", "ÉTÉ", "A-b"];
        let rows: Vec<u8> = shapes.iter().map(|word| Shape::of(word) as u8).collect();
        assert_eq!(rows, [0, 1, 2, 3, 4, 5, 0, 3, 5, 2, 1]);
    }

    #[test]
    fn abbreviations_are_sorted_for_the_search() {
        assert!(ABBREVIATIONS.is_sorted());
    }

    proptest! {
        #[test]
        fn words_cover_everything_but_separators(text in "(\\PC|[a-zA-Z'’.\\-&👍\u{200d}\u{301}\0\r\n 1/]){0,200}") {
            let spans = split_words(&text);
            let mut end = 0;
            for span in &spans {
                prop_assert!(span.start < span.end && span.start >= end);
                prop_assert!(text.is_char_boundary(span.start) && text.is_char_boundary(span.end));
                prop_assert!(text[end..span.start].chars().all(is_separator));
                prop_assert!(!span.of(&text).chars().any(is_separator));
                end = span.end;
            }
            prop_assert!(text[end..].chars().all(is_separator));
        }
    }
}
