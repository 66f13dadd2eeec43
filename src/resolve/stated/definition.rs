//! Letters that the document itself defines: "Inflation Reduction Act (IRA)", "IRA, the Inflation Reduction Act".
//!
//! What a definition explains need not be tagged: it holds all the same, and wins over everything that is known of the
//! letters elsewhere.

use crate::document::Span;
use crate::name::{Organization, OrganizationFit, acronym_letters, join, split_words};
use crate::resolve::cue::{Cue, is_cue, phrases};

/// Letters and what the document says they stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Definition {
    /// The letters, folded.
    pub(crate) letters: String,
    /// Where what they stand for is written out.
    pub(crate) expansion: Span,
    /// That, as folded words.
    pub(crate) key: String,
}

/// Longest text in brackets that is looked at, in bytes.
const BRACKET: usize = 100;

/// How much text before or after letters may explain them, in bytes.
const REACH: usize = 200;

/// The definitions of a text in their order; `letters` are the places of names that are letters, which may be explained
/// without brackets.
pub(super) fn definitions(text: &str, letters: &[Span]) -> Vec<Definition> {
    let mut found: Vec<Definition> = brackets(text).filter_map(|inside| in_brackets(text, inside)).collect();
    found.extend(letters.iter().filter_map(|&span| in_apposition(text, span)));
    found.sort_by_key(|definition| definition.expansion);
    found.dedup();
    found
}

/// What stands in round or square brackets, none inside another.
pub(super) fn brackets(text: &str) -> impl Iterator<Item = Span> + '_ {
    text.match_indices(['(', '[']).filter_map(|(open, _)| {
        let rest = &text[open + 1..];
        let length = rest.bytes().take(BRACKET).position(|byte| matches!(byte, b')' | b']' | b'(' | b'['))?;
        (length > 1 && rest[length..].starts_with([')', ']'])).then(|| Span::new(open + 1, open + 1 + length))
    })
}

/// "Long Name (LN)" and "LN (Long Name)".
fn in_brackets(text: &str, inside: Span) -> Option<Definition> {
    let content = inside.of(text);
    let short = content.split([',', ';']).next().map(without_lead).and_then(acronym_letters);
    let before = &text[..inside.start - 1];
    if let Some(letters) = short {
        return long_before(text, before.trim_end().len(), &letters);
    }
    let (start, word) = last_word(before)?;
    let letters = acronym_letters(word.trim_matches(QUOTES))?;
    let end = content.find([';', ',']).map_or(inside.end, |length| inside.start + length);
    let long = Span::new(inside.start, end.max(inside.start));
    (start < inside.start && is_exact(long.of(text), &letters)).then(|| definition(text, letters, long))
}

/// "LN, the Long Name", "Long Name, or LN".
fn in_apposition(text: &str, span: Span) -> Option<Definition> {
    let letters = acronym_letters(span.of(text)).filter(|letters| letters.chars().count() > 2)?;
    let start = floor(text, span.start.saturating_sub(REACH));
    let before = text[start..span.start].trim_end();
    let lead = phrases(Cue::LettersFollow).filter(|cue| ends_with(before, cue)).map(str::len).max();
    if let Some(found) = lead.and_then(|length| long_before(text, start + before.len() - length, &letters)) {
        return Some(found);
    }
    let after = &text[span.end..floor(text, span.end.saturating_add(REACH))];
    let gap = after.len() - after.trim_start().len();
    let lead = phrases(Cue::WordsFollow).filter(|cue| starts_with(after.trim_start(), cue)).map(str::len).max()?;
    long_after(text, span.end + gap + lead, &letters)
}

/// The words that end at `end` and are spelled by the letters: by their initials, or, where they are written as a name,
/// more loosely.
fn long_before(text: &str, end: usize, letters: &str) -> Option<Definition> {
    let end = text[..end].trim_end_matches(|c: char| c.is_whitespace() || c == ',' || QUOTES.contains(&c)).len();
    let count = letters.chars().count();
    let mut starts = Vec::new();
    let mut at = end;
    while starts.len() < (2 * count).min(count + 5) {
        let Some((start, word)) = last_word(&text[..at]).filter(|(start, _)| end - start <= REACH) else { break };
        if at < end && (ends_sentence(word) || text[start + word.len()..at].contains("\n\n")) {
            break;
        }
        starts.push(start);
        at = start;
    }
    let long = |start: &usize| Span::new(*start, end);
    let exact = starts.iter().map(long).find(|long| is_exact(long.of(text), letters));
    let loose = |long: &Span| is_name(long.of(text)) && is_loose(long.of(text), letters);
    let found = exact.or_else(|| starts.iter().map(long).find(loose));
    found.map(|long| definition(text, letters.to_owned(), without_article(text, long)))
}

/// The words that begin at `start` and whose initials the letters are.
fn long_after(text: &str, start: usize, letters: &str) -> Option<Definition> {
    let rest = &text[start..floor(text, start.saturating_add(REACH))];
    let start = start + rest.len() - rest.trim_start().len();
    let rest = rest.trim_start();
    let stop = rest.find(['.', ';', ':', '(', ')', '\n']).unwrap_or(rest.len());
    let ends = rest[..stop].match_indices([' ', ',']).map(|(at, _)| at).chain([stop]);
    let mut longs = ends.take(2 * letters.chars().count()).map(|end| Span::new(start, start + end));
    let found = longs.find(|long| long.start < long.end && is_exact(long.of(text), letters))?;
    Some(definition(text, letters.to_owned(), found))
}

fn definition(text: &str, letters: String, expansion: Span) -> Definition {
    Definition { letters, expansion, key: join(&split_words(expansion.of(text))) }
}

fn without_article(text: &str, long: Span) -> Span {
    let length = ["the ", "The "].iter().find(|article| long.of(text).starts_with(**article)).map_or(0, |a| a.len());
    Span::new(long.start + length, long.end)
}

fn fit(long: &str, letters: &str) -> OrganizationFit {
    let words = split_words(long);
    // "CO" is no acronym of "company", nor "OF" of "of".
    if words.len() < 2 {
        return OrganizationFit::Nothing;
    }
    Organization::parse(&words, false).acronym_fit(letters)
}

fn is_exact(long: &str, letters: &str) -> bool {
    matches!(fit(long, letters), OrganizationFit::Acronym | OrganizationFit::ShortAcronym)
}

fn is_loose(long: &str, letters: &str) -> bool {
    fit(long, letters) == OrganizationFit::LooseAcronym
}

/// Whether the first and the last word are written as those of a name.
fn is_name(long: &str) -> bool {
    let capital = |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    capital(long.split_whitespace().next()) && capital(long.split_whitespace().next_back())
}

const QUOTES: [char; 6] = ['"', '“', '”', '\'', '‘', '’'];

/// What stands in brackets, without "the", "or", "hereinafter" and quotation marks.
fn without_lead(content: &str) -> &str {
    let mut rest = content.trim().trim_matches(QUOTES);
    while let Some((first, more)) = rest.split_once(char::is_whitespace) {
        if !is_cue(Cue::BracketLead, &first.to_lowercase()) {
            break;
        }
        rest = more.trim_start().trim_matches(QUOTES);
    }
    rest
}

/// The last word of a text and where it begins; white space after it is skipped.
fn last_word(text: &str) -> Option<(usize, &str)> {
    let trimmed = text.trim_end();
    let start = trimmed.char_indices().rev().find(|(_, c)| c.is_whitespace()).map_or(0, |(at, c)| at + c.len_utf8());
    let start = start + trimmed[start..].len() - trimmed[start..].trim_start_matches(QUOTES).len();
    (start < trimmed.len()).then(|| (start, &trimmed[start..]))
}

/// Whether no name goes on behind the word: a long word before a full stop, or another mark.
fn ends_sentence(word: &str) -> bool {
    let word = word.trim_end_matches(QUOTES);
    word.ends_with([';', ':', '!', '?', ')', ']'])
        || word.strip_suffix('.').is_some_and(|stem| stem.chars().count() > 4)
}

fn ends_with(text: &str, cue: &str) -> bool {
    let start = text.len().checked_sub(cue.len()).and_then(|start| text.get(start..));
    start.is_some_and(|end| end.eq_ignore_ascii_case(cue))
}

fn starts_with(text: &str, cue: &str) -> bool {
    text.get(..cue.len()).is_some_and(|start| start.eq_ignore_ascii_case(cue))
        && text[cue.len()..].starts_with(char::is_whitespace)
}

/// The last place before `at` that is none inside a character.
fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        let letters: Vec<Span> = text
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| acronym_letters(word).is_some())
            .filter_map(|word| text.find(word).map(|start| Span::new(start, start + word.len())))
            .collect();
        let found = definitions(text, &letters);
        found.into_iter().map(|found| (found.letters, found.expansion.of(text).to_owned())).collect()
    }

    fn one(text: &str) -> (String, String) {
        let mut found = read(text);
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        found.remove(0)
    }

    #[test]
    fn brackets_define_letters_before_and_after() {
        for (text, letters, long) in [
            ("The Inflation Relief Act (IRA) passed.", "ira", "Inflation Relief Act"),
            ("by the Bank of Norvik [BN] today", "bn", "Bank of Norvik"),
            ("by the “Council for Basic Skills” (the “CBS”), it", "cbs", "Council for Basic Skills"),
            ("the estimated time of arrival (ETA) is noon", "eta", "estimated time of arrival"),
            ("the IRA (Inflation Relief Act) passed", "ira", "Inflation Relief Act"),
            ("An Anti-Litter League (ALL; founded 1931)", "all", "Anti-Litter League"),
            ("the Norvik International Monetary Exchange (NIMEX)", "nimex", "Norvik International Monetary Exchange"),
            ("Norvik Airport\nTransit Organisation (hereinafter NATO)", "nato", "Norvik Airport\nTransit Organisation"),
        ] {
            assert_eq!(one(text), (letters.to_owned(), long.to_owned()), "{text}");
        }
    }

    #[test]
    fn appositions_define_letters() {
        for text in [
            "The IRA, the Inflation Relief Act, passed.",
            "The IRA stands for Inflation Relief Act.",
            "The Inflation Relief Act, or IRA, passed.",
            "The Inflation Relief Act, known as the IRA, passed.",
            "The IRA, short for Inflation Relief Act, passed.",
        ] {
            assert_eq!(one(text), ("ira".to_owned(), "Inflation Relief Act".to_owned()), "{text}");
        }
    }

    #[test]
    fn what_the_letters_do_not_spell_is_no_definition() {
        for text in [
            "Sen. Burr (R-NC) spoke.",
            "Harbour Workers Union (UK) and",
            "Workers of the Harbour. Norvik Motor Exchange (NIMEX) fell",
            "Ingrid R. Adler (IBM) and the IRA, the harbour's oldest club, met.",
            "(IRA)",
            "() [] (",
            "He asked (WHO",
        ] {
            assert!(read(text).is_empty(), "{text}: {:?}", read(text));
        }
    }
}
