//! Words that are parted at the end of a line.

use super::{Remain, rows};
use std::collections::HashSet;
use std::sync::LazyLock;

static COMPOUNDS: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| rows(include_str!("compounds.tsv")).flatten().flat_map(str::split_whitespace).collect());

/// Whether a word, in lower case, is the second half of a compound adjective: "based".
pub(crate) fn is_compound_tail(word: &str) -> bool {
    COMPOUNDS.contains(word)
}

/// The words of a text, gathered when the first parted word is met.
pub(super) struct Words<'a> {
    text: &'a str,
    known: Option<HashSet<&'a str>>,
}

impl<'a> Words<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, known: None }
    }

    fn has(&mut self, word: &str) -> bool {
        let gather =
            || self.text.split(|c: char| !c.is_alphabetic() && c != '-').filter(|word| word.len() > 2).collect();
        self.known.get_or_insert_with(gather).contains(word)
    }
}

/// The hyphen at `at` with the line break behind it. "Bir-/mingham" is one word; "Jean-/Michel" and "prize-/winning" keep
/// their hyphen, and so does a word that the text has with one elsewhere.
pub(super) fn read(text: &str, at: usize, words: &mut Words<'_>) -> Option<Remain> {
    let sign = text.get(at..)?.chars().next().filter(|c| matches!(c, '-' | '\u{2010}' | '\u{ad}' | '¬'))?;
    let from = at + sign.len_utf8();
    let rest = text.get(from..)?;
    let gap = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    if rest.get(..gap)?.matches('\n').count() != 1 {
        return None;
    }
    let (before, after) = (text.get(..at)?, rest.get(gap..)?);
    let head = before.get(before.trim_end_matches(|c: char| c.is_alphabetic() || c == '-').len()..)?;
    let tail = after.get(..after.len() - after.trim_start_matches(char::is_alphabetic).len())?;
    let (last, next) = (head.chars().next_back()?, tail.chars().next()?);
    if !last.is_alphabetic() {
        return None;
    }
    let end = from + gap;
    let whole = Remain::hidden(at, end);
    let kept = Remain::hidden(from, end);
    let capitals = |word: &str| !word.chars().any(char::is_lowercase);
    if sign != '-' && sign != '\u{2010}' {
        return Some(whole);
    }
    if next.is_uppercase() && !(capitals(head) && capitals(tail) && head.len() > 1) {
        let names = head.chars().count() > 1 && tail.chars().count() > 1 && head.starts_with(char::is_uppercase);
        return (names && !capitals(tail)).then_some(kept);
    }
    let parted = words.has(&format!("{head}-{tail}")) && !words.has(&format!("{head}{tail}"));
    Some(if parted || is_compound_tail(tail) { kept } else { whole })
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn words_parted_at_line_ends_are_whole() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(
            seen("Bir-\nmingham, Salis\u{ad}\r\n  bury, BIR-\nMINGHAM, Mos¬\nley"),
            "Birmingham, Salisbury, BIRMINGHAM, Mosley"
        );
        assert_eq!(seen("Jean-\nMichel of the Leeds-\nbased firm"), "Jean-Michel of the Leeds-based firm");
        assert_eq!(seen("Ki-\nsun Holt and Ki-sun Moss"), "Ki-sun Holt and Ki-sun Moss");
        for kept in
            ["Yes -\nno", "Leeds-\n\nYork", "3-\n4", "see here-\nAbout Moss", "a list:\n- one\n- two", "Prize-\nLEEDS"]
        {
            assert!(View::of(kept).is_identity(), "{kept}: {}", seen(kept));
        }
    }

    #[test]
    fn compounds_are_read() {
        assert!(super::is_compound_tail("based") && !super::is_compound_tail("mingham"));
    }
}
