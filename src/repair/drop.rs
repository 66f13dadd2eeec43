//! What is no name at all: addresses, degrees, party tags, bills, articles.

use super::page::{Edit, Page};
use super::word::{Told, is_capital, letters, tells};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::name::{fold, honorific};
use std::collections::HashSet;

/// Mentions inside addresses and names of files, and names with an underscore in them.
pub(super) fn addresses(page: &Page<'_>) -> Vec<Edit> {
    let is_address = |&mention: &usize| {
        let span = page.mentions[mention].span;
        let surface = page.surface(mention);
        let chunk = page.chunk(span);
        !surface.contains(char::is_whitespace)
            && (is_address(chunk.of(page.text), span.start - chunk.start) || surface.contains('_'))
    };
    (0..page.mentions.len()).filter(is_address).map(Edit::gone).collect()
}

/// "@holt", which names an account.
pub(super) fn handles(page: &Page<'_>) -> Vec<Edit> {
    let is_handle = |&mention: &usize| {
        page.surface(mention).starts_with('@') || page.before(page.mentions[mention].span.start).ends_with('@')
    };
    (0..page.mentions.len()).filter(is_handle).map(Edit::gone).collect()
}

/// Whether a stretch without white space is an address at the place `at`.
fn is_address(chunk: &str, at: usize) -> bool {
    let inside = |c: char| c.is_alphanumeric() || "@.-_+%/:~?=&#".contains(c);
    let (left, right) = chunk.split_at_checked(at).unwrap_or_default();
    let left = left.rsplit(|c| !inside(c)).next().unwrap_or_default();
    let right = right.split(|c| !inside(c)).next().unwrap_or_default();
    let whole = format!("{left}{right}");
    let whole = whole.trim_end_matches(['.', ':', '-', '?', '&']);
    if whole.contains("://") || whole.starts_with("www.") {
        return true;
    }
    if let Some((local, host)) = whole.split_once('@') {
        return !local.is_empty() && host.contains('.');
    }
    let Some((stem, ending)) = whole.rsplit_once('.') else { return false };
    let word = |part: &str| !part.is_empty() && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
    word(stem) && tells(Told::File, ending)
}

/// Degrees behind a person's name, alone or at the end of the mention.
pub(super) fn degrees(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    // Where the last name or degree ended.
    let mut behind = None;
    for (number, mention) in page.mentions.iter().enumerate() {
        let surface = page.surface(number);
        let follows = behind.is_some_and(|end: usize| {
            let between = page.text.get(end..mention.span.start).unwrap_or_default();
            between.len() < 40
                && between.starts_with([',', ' ', '('])
                && between.split([',', ' ', '(', ')']).all(is_degree_or_blank)
        });
        if surface.split([',', ' ']).all(is_degree_or_blank) && (follows || surface.starts_with("Ph.D")) {
            edits.push(Edit::gone(number));
            behind = Some(mention.span.end);
            continue;
        }
        behind = (mention.entity_type == EntityType::Per).then_some(mention.span.end);
        if let Some((name, tail)) = surface.split_once(',')
            && behind.is_some()
            && !tail.trim().is_empty()
            && tail.split([',', ' ']).all(is_degree_or_blank)
        {
            let end = mention.span.start + name.trim_end().len();
            edits.push(page.moved(number, Span::new(mention.span.start, end)));
        }
    }
    // "the PA wrote a note", where another was a degree.
    let gone: HashSet<&str> =
        edits.iter().filter(|edit| edit.with.is_empty()).map(|edit| page.surface(edit.range.start)).collect();
    let same = |&number: &usize| gone.contains(page.surface(number));
    edits.extend((0..page.mentions.len()).filter(same).map(Edit::gone));
    edits
}

fn is_degree_or_blank(word: &str) -> bool {
    word.is_empty() || is_capital(word) && word.len() < 9 && tells(Told::Degree, &letters(word))
}

/// "(R-NC)", "D-Mass.", and what the tagger found in it.
pub(super) fn parties(page: &Page<'_>) -> Vec<Edit> {
    let is_tag = |&mention: &usize| {
        let chunk = page.chunk(page.mentions[mention].span);
        let text = chunk.of(page.text);
        let opened = text.starts_with('(') || page.before(chunk.start).trim_end().ends_with([',', '(']);
        let tag = text.trim_start_matches('(').trim_end_matches(['.', ',', ')', ';', ':']);
        let mut letters = tag.chars();
        let party = letters.next().is_some_and(|c| matches!(c, 'R' | 'D' | 'I'));
        let dash = letters.next().is_some_and(|c| matches!(c, '-' | '–' | '—' | '‑'));
        let place = letters.as_str();
        opened && party && dash && is_capital(place) && place.len() < 16
    };
    (0..page.mentions.len()).filter(is_tag).map(Edit::gone).collect()
}

/// "H.R. 1319", "S. Res. 12".
pub(super) fn bills(page: &Page<'_>) -> Vec<Edit> {
    let is_bill = |&mention: &usize| {
        let surface = page.surface(mention).trim_end_matches(|c: char| c.is_ascii_digit()).trim_end();
        let number = page.surface(mention).ends_with(|c: char| c.is_ascii_digit())
            || page
                .after(page.mentions[mention].span.end)
                .trim_start_matches(['.', ' '])
                .starts_with(|c: char| c.is_ascii_digit());
        number && tells(Told::Bill, &surface.trim_end_matches('.').to_lowercase()) && surface.contains('.')
    };
    (0..page.mentions.len()).filter(is_bill).map(Edit::gone).collect()
}

/// Mentions that are a word of grammar or a form of address and nothing else.
pub(super) fn no_names(page: &Page<'_>) -> Vec<Edit> {
    let is_none = |&mention: &usize| {
        let surface = page.surface(mention);
        let word = surface.trim_matches(|c: char| !c.is_alphanumeric());
        if word.is_empty() {
            return true;
        }
        // "A$" is none of them.
        if surface.chars().any(|c| !c.is_alphanumeric() && !".,;:'\"“”’‘() ".contains(c)) {
            return false;
        }
        let lower = word.to_lowercase();
        let article = matches!(lower.as_str(), "the" | "a" | "an");
        // "IT", "US" and "WHO" are names; "It", "Us" and "Who" are none.
        let capitals = word.chars().all(char::is_uppercase) && word.chars().count() > 1;
        let address = || honorific(&fold(word)).is_some() && !lower.contains(['a', 'e', 'i', 'o', 'u']);
        article || !capitals && tells(Told::Function, &lower) || address() && !capitals
    };
    (0..page.mentions.len()).filter(is_none).map(Edit::gone).collect()
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn addresses_and_files_are_no_names() {
        mends("From: [PER Ida Holt] <[PER HoltI]@moss.example>", "From: [PER Ida Holt] <HoltI@moss.example>");
        mends(
            "See [ORG Norvik].pdf, [PER S_Assistants], @[PER petra_holt], https://[ORG moss].example/x",
            "See Norvik.pdf, S_Assistants, @petra_holt, https://moss.example/x",
        );
        keeps("[PER Holt]'s [ORG Norvik] ([LOC Leeds])/[LOC York], [ORG Moss.com]");
    }

    #[test]
    fn degrees_are_no_names() {
        mends(
            "[PER Ida Holt], [LOC M.S.], [ORG R.D.], left [LOC Elkton], [LOC MD].",
            "[PER Ida Holt], M.S., R.D., left [LOC Elkton], [LOC MD].",
        );
        mends("[PER Ivan Moss, Ph.D.], of [ORG Norvik]", "[PER Ivan Moss], Ph.D., of [ORG Norvik]");
        mends("[PER Tom Moss], B.A., [ORG M.D.]", "[PER Tom Moss], B.A., M.D.");
        mends("[PER Ida Moss], [ORG PA], signs. The [ORG PA] left.", "[PER Ida Moss], PA, signs. The PA left.");
    }

    #[test]
    fn tags_of_members_are_no_names() {
        mends(
            "Sen. [PER Moss] ([ORG R-NC]) and [PER Holt], [ORG D]-[LOC Mass.], met",
            "Sen. [PER Moss] (R-NC) and [PER Holt], D-Mass., met",
        );
        mends("They passed [LOC H.R.] 1319 and [ORG S. Res.] 12.", "They passed H.R. 1319 and S. Res. 12.");
        keeps("[ORG D-Wave] and [ORG R-Type] met");
    }

    #[test]
    fn words_of_grammar_are_no_names() {
        mends(
            "[ORG The] met [PER Ms] [PER Holt] of [ORG IT], [ORG WHO].",
            "The met Ms [PER Holt] of [ORG IT], [ORG WHO].",
        );
    }
}
