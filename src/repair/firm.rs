//! Where the names of firms begin and end: "Moss & Holt", "& Co.", ", Inc.".

use super::page::{Edit, Page, one_line};
use super::word::{Told, is_capital, letters, tells};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::name::{WordClass, is_word};
use std::collections::HashSet;

/// A name with "&" in it.
struct Firm {
    /// With the legal form.
    span: Span,
    /// Without it.
    base: Span,
    /// Nothing but a firm is called so.
    sure: bool,
}

/// Joins the names on both sides of "&", where they are one firm.
pub(super) fn firms(page: &Page<'_>) -> Vec<Edit> {
    let found: Vec<Firm> = page.text.match_indices('&').filter_map(|(at, _)| read(page, at)).collect();
    let sure: HashSet<String> =
        found.iter().filter(|firm| firm.sure).map(|firm| one_line(firm.base.of(page.text))).collect();
    let is_firm =
        |firm: &&Firm| firm.sure || sure.contains(&one_line(firm.base.of(page.text))) || is_twice(page, firm.base);
    found.iter().filter(is_firm).filter_map(|firm| page.joined(firm.span, EntityType::Org)).collect()
}

/// One name on both sides: "Jonas & Jonas".
fn is_twice(page: &Page<'_>, base: Span) -> bool {
    let [left, right] = &page.mentions[page.overlapping(base)] else { return false };
    left.span.of(page.text) == right.span.of(page.text)
}

/// Reads the name around the "&" at `at`.
fn read(page: &Page<'_>, at: usize) -> Option<Firm> {
    let head = page.before(at).strip_suffix([' ', '\n'])?;
    let tail = page.after(at + 1).strip_prefix([' ', '\n'])?;
    let start = left_end(page, at - 1, head)?;
    let from = at + 2;
    let word = tail.split([' ', '\n', ',', ';', ')']).next()?;
    let family = tells(Told::FirmTail, &letters(word)) && is_capital(word);
    let end = if family {
        // The full stop of a sentence's end is left, as far as it can be told.
        from + if word.len() > 4 { word.trim_end_matches('.').len() } else { word.len() }
    } else {
        let mention = page
            .mentions
            .get(page.overlapping(Span::new(from, from + 1)).start)
            .filter(|mention| mention.span.start <= from);
        match mention {
            Some(mention) => mention.span.end,
            None if is_capital(word) && word.chars().count() > 1 => {
                from + word.trim_end_matches(['.', '’', '\'']).len()
            }
            None => return None,
        }
    };
    let touched = page.overlapping(Span::new(start, end));
    if touched.is_empty() {
        return None;
    }
    let (bare, whole) = split_legal_form(page, start, end);
    let (base, legal) = (Span::new(start, bare), whole > bare);
    let sure = family || legal;
    let start = if sure || page.mentions[touched].iter().any(|mention| mention.entity_type == EntityType::Org) {
        list_start(page, start)
    } else {
        start
    };
    Some(Firm { span: Span::new(start, whole), base: Span::new(start, base.end), sure })
}

/// Where the name left of "&" begins, which ends at `end`.
fn left_end(page: &Page<'_>, end: usize, head: &str) -> Option<usize> {
    let last = head.chars().next_back().filter(|c| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’'))?;
    let touching = page.overlapping(Span::new(end - last.len_utf8(), end));
    if let Some(mention) = page.mentions.get(touching.start).filter(|_| !touching.is_empty()) {
        // A mention that reaches over the sign has its own beginning too.
        return Some(mention.span.start);
    }
    let word = head.rsplit([' ', '\n', '(', '"']).next()?;
    (is_capital(word) && word.chars().count() > 1).then_some(end - word.len())
}

/// The start of "Rhodes, Tully" before "& Crane": single names of firms before a comma.
fn list_start(page: &Page<'_>, mut start: usize) -> usize {
    for _ in 0..4 {
        let Some(before) = page.before(start).strip_suffix(", ") else { break };
        let end = start - ", ".len();
        let Some(mention) = page.mentions.get(page.overlapping(Span::new(end - 1, end)).start) else { break };
        let name = mention.span.of(page.text);
        let fits = mention.span.end == end && mention.entity_type == EntityType::Org && !name.contains(' ');
        if !fits || before.is_empty() {
            break;
        }
        start = mention.span.start;
    }
    start
}

/// For a name from `start` to `end`: where it ends without its legal form, and where with one that follows or that it has.
fn split_legal_form(page: &Page<'_>, start: usize, end: usize) -> (usize, usize) {
    let whole = legal_form_end(page, end, true).unwrap_or(end);
    let text = page.text.get(start..whole).unwrap_or_default();
    let mut bare = text;
    while let Some((head, last)) = bare.rsplit_once([' ', '\n'])
        && tells(Told::LegalForm, &letters(last.trim_end_matches(',')))
    {
        bare = head.trim_end_matches([',', ' ']);
    }
    (start + bare.len(), whole)
}

/// Where a legal form ends that follows at `end`, if one does. After a comma, and behind what may be no firm, only those that
/// mean nothing else.
fn legal_form_end(page: &Page<'_>, end: usize, firm: bool) -> Option<usize> {
    let rest = page.after(end);
    let comma = rest.starts_with(',');
    let rest = rest.strip_prefix(',').unwrap_or(rest);
    let gap = rest.strip_prefix([' ', '\n'])?;
    let word = gap.split([' ', '\n', ',', ';', ')', '(', '\'', '’', '"', ':']).next()?;
    let bare = letters(word);
    let sure = tells(Told::LegalForm, &bare);
    let loose = firm
        && !comma
        && is_word(WordClass::Legal, &bare)
        && (bare.len() > 2 || bare == "co" || word.chars().all(|c| !c.is_lowercase()));
    if !is_capital(word) || !(sure || loose) {
        return None;
    }
    // "Inc." and "Co." keep their full stop, "LLC." ends a sentence.
    let dotted = word.ends_with('.')
        && (word.matches('.').count() > 1 || matches!(bare.as_str(), "inc" | "ltd" | "corp" | "co" | "cos"));
    let length = if dotted { word.len() } else { word.trim_end_matches('.').len() };
    Some(end + usize::from(comma) + 1 + length)
}

/// Takes legal forms behind a name in.
pub(super) fn legal_forms(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for mention in page.mentions {
        let firm = mention.entity_type == EntityType::Org;
        let end = legal_form_end(page, mention.span.end, firm).filter(|_| mention.entity_type.is_known());
        if let Some(end) = end {
            let end = legal_form_end(page, end, true).unwrap_or(end);
            edits.extend(page.joined(Span::new(mention.span.start, end), EntityType::Org));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn names_around_an_ampersand_are_one_firm() {
        mends(
            "[PER L. L. Moss] & Co sold to [ORG Hartley] & [ORG Moss LLC].",
            "[ORG L. L. Moss & Co] sold to [ORG Hartley & Moss LLC].",
        );
        mends(
            "[ORG Hartley] & [ORG Moss LLC] sued. [ORG Hartley] & [PER Moss] won.",
            "[ORG Hartley & Moss LLC] sued. [ORG Hartley & Moss] won.",
        );
        mends("and [ORG Rhodes], [ORG Tully & Crane, Inc.], of", "and [ORG Rhodes, Tully & Crane, Inc.], of");
        mends(
            "[ORG Rhodes], [ORG Tully &] [ORG Crane] paid [ORG Rhodes], [ORG Tully & Crane, Inc.].",
            "[ORG Rhodes, Tully & Crane] paid [ORG Rhodes, Tully & Crane, Inc.].",
        );
        mends("to [PER Jonas] & [PER Jonas] in [LOC Leeds]", "to [ORG Jonas & Jonas] in [LOC Leeds]");
    }

    #[test]
    fn people_and_firms_side_by_side_stay_two() {
        keeps("[PER Ida Holt] & [PER Tom] sang");
        keeps("[ORG Norvik] & [ORG Arden] rose. [ORG Norvik] fell, [ORG Arden] too.");
        keeps("[LOC Leeds] & [LOC York], R&D, AT&T");
    }

    #[test]
    fn legal_forms_are_taken_in() {
        mends(
            "[ORG Norvik], Inc., and [PER Arden] Ltd. of [LOC Leeds]; [ORG Moss] AG rose.",
            "[ORG Norvik, Inc.], and [ORG Arden Ltd.] of [LOC Leeds]; [ORG Moss AG] rose.",
        );
        keeps("[PER Moss] as [ORG Norvik] so [LOC Leeds], SA");
    }
}
