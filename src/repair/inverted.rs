//! "Holt, Ida": family name first, in headers of letters, indexes and lists.

use super::page::{Edit, Page};
use super::word::{Told, is_capital, is_initials, letters, tells};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::name::{fold, generation, is_given};

/// Lines of names, one below the other, that make a list.
const LIST: usize = 3;

/// Joins the two halves of such names.
pub(super) fn find(page: &Page<'_>) -> Vec<Edit> {
    let mut found: Vec<(Place, Edit)> = Vec::new();
    let mut lines = 0;
    let mut done = 0;
    for (number, mention) in page.mentions.iter().enumerate() {
        if mention.span.start < done {
            continue;
        }
        if let Some(span) = turned(page, number) {
            done = span.end;
            found.extend(page.joined(span, EntityType::Per).map(|edit| (Place::Sure, edit)));
        } else if let Some(entry) = Entry::around(page, mention.span) {
            done = entry.span.end;
            let place = entry.place(page);
            lines += usize::from(place == Place::Line);
            let edit = page.joined(entry.span, EntityType::Per).filter(|_| place != Place::Text);
            found.extend(edit.map(|edit| (place, edit)));
        }
    }
    found.into_iter().filter(|(place, _)| *place != Place::Line || lines >= LIST).map(|(_, edit)| edit).collect()
}

/// Two mentions with a comma between them, whom the document names without it in the other order.
fn turned(page: &Page<'_>, number: usize) -> Option<Span> {
    let (family, given) = (page.mentions.get(number)?, page.mentions.get(number + 1)?);
    let people = [family, given].iter().all(|half| half.entity_type == EntityType::Per);
    let name = format!("{} {}", page.surface(number + 1), page.surface(number));
    (people && page.gap(number) == Some(", ") && page.names.get(&name).is_some())
        .then_some(Span::new(family.span.start, given.span.end))
}

/// Where such a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In a header, between semicolons, before an address; or the document has it the other way round.
    Sure,
    /// Alone in its line.
    Line,
    /// In running text.
    Text,
}

/// "Holt, Ida J", parted from what stands around it.
struct Entry<'a> {
    span: Span,
    family: &'a str,
    given: &'a str,
    header: bool,
    list: bool,
    address: bool,
    line: bool,
}

impl<'a> Entry<'a> {
    /// Reads what stands between the semicolons, brackets or line ends around a mention.
    fn around(page: &Page<'a>, mention: Span) -> Option<Self> {
        let line = page.line(mention.start);
        let left = page.text.get(line.start..mention.start)?;
        let label = left.split_once(':').map(|(label, _)| label.trim().to_lowercase());
        let header = label.is_some_and(|label| tells(Told::Header, &label));
        let from = line.start + left.rfind([';', ':', '"', '\t', '>', '|', '•']).map_or(0, |at| at + 1);
        let right = page.text.get(mention.start..line.end)?;
        let to = mention.start + right.find([';', '<', '(', '"', '\t', '[', '|']).unwrap_or(right.len());
        let segment = page.text.get(from..to)?;
        let start = from + segment.len() - segment.trim_start().len();
        let cut = segment.trim();
        // The page numbers of an index.
        let cut = cut.find(|c: char| c.is_numeric()).map_or(cut, |at| cut.get(..at).unwrap_or(cut));
        let cut = cut.trim_end_matches([',', ' ', ';', ':']);
        let stopped = cut.strip_suffix('.').filter(|rest| !is_initials(rest.rsplit(' ').next().unwrap_or_default()));
        let cut = stopped.unwrap_or(cut);
        let (family, given) = cut.split_once(", ")?;
        let given = given.split_once(", ").map_or(
            given,
            |(given, last)| {
                if generation(&fold(last)).is_some() { given } else { "" }
            },
        );
        let semicolons = page.text.get(line.start..line.end)?.matches(';').count();
        let next = page.text.get(to..)?.chars().next();
        let is_name = is_family(family) && is_given_part(given);
        let alone = from == line.start
            && page.text.get(start + cut.len()..line.end)?.trim_matches(|c: char| !c.is_alphabetic()).is_empty();
        is_name.then_some(Self {
            span: Span::new(start, start + cut.len()),
            family,
            given,
            header,
            list: semicolons > 0 && (next == Some(';') || page.text.get(..from)?.ends_with(';')),
            address: next == Some('<'),
            line: alone,
        })
    }

    fn place(&self, page: &Page<'_>) -> Place {
        let inside = &page.mentions[page.overlapping(self.span)];
        let person = inside.iter().any(|mention| mention.entity_type == EntityType::Per);
        let other = inside.iter().any(|mention| mention.entity_type != EntityType::Per && mention.score >= 0.7);
        let first = self.given.split(' ').next().unwrap_or_default();
        let turned =
            [first, self.given].iter().any(|given| page.names.get(&format!("{given} {}", self.family)).is_some());
        let given = is_given(&fold(first));
        // "Ann, Joe" are two; so are "Leeds, York".
        let two = is_given(&fold(self.family)) && given && !self.address;
        if turned || (self.header || self.address) && person && !two && (!other || self.address) {
            return Place::Sure;
        }
        if !person || other || two {
            return Place::Text;
        }
        match (self.list, self.line) {
            (true, _) => Place::Sure,
            (_, true) => Place::Line,
            _ => Place::Text,
        }
    }
}

/// One or two words with capitals, particles before them.
fn is_family(family: &str) -> bool {
    let words: Vec<&str> = family.split(' ').collect();
    let (last, particles) = words.split_last().unwrap_or((&"", &[]));
    let plain = |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.'));
    words.len() <= 3
        && is_capital(last)
        && last.chars().count() > 1
        && words.iter().all(|word| plain(word))
        && particles.iter().all(|word| word.len() <= 3 || is_capital(word) && words.len() == 2)
}

/// A given name, and others or initials behind it.
fn is_given_part(given: &str) -> bool {
    let words: Vec<&str> = given.split(' ').collect();
    let is_name =
        |word: &&str| is_capital(word) && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\''));
    let first = fold(words.first().copied().unwrap_or_default());
    let other = generation(&first).is_some()
        || words.iter().any(|word| tells(Told::LegalForm, &letters(word)) || tells(Told::Degree, &letters(word)));
    (1..=3).contains(&words.len()) && words.iter().all(is_name) && !other
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn names_in_headers_are_one() {
        mends(
            "From: [PER Holt], [PER Ida J] <x@moss.example>\nTo: [PER Moss], Bernarda M; [PER Welby], [PER Alison]",
            "From: [PER Holt, Ida J] <x@moss.example>\nTo: [PER Moss, Bernarda M]; [PER Welby, Alison]",
        );
        keeps("To: [PER Holt], [PER Moss], [PER Welby]");
        keeps("To: [PER Mary], [PER John]");
    }

    #[test]
    fn names_in_lists_are_one() {
        mends(
            "Signed: [PER Okonjo], [PER Amara]; [PER Staufer], [PER Werner].",
            "Signed: [PER Okonjo, Amara]; [PER Staufer, Werner].",
        );
        mends(
            "[PER Holt], [PER Ida], 12\n[PER Moss], [PER Ivan], 14, 18\n[PER Welby], [PER Alison], 3",
            "[PER Holt, Ida], 12\n[PER Moss, Ivan], 14, 18\n[PER Welby, Alison], 3",
        );
        keeps("Offices: [LOC Leeds], [LOC England]; [LOC Oslo], [LOC Norway].");
        keeps("[PER Ivan Moss], [ORG Norvik]; [PER Ida Holt], [ORG Arden Bank]");
    }

    #[test]
    fn in_running_text_the_other_order_must_stand_elsewhere() {
        mends(
            "[PER Holt], [PER Ida] was read out. [PER Ida Holt] rose.",
            "[PER Holt, Ida] was read out. [PER Ida Holt] rose.",
        );
        keeps("We met [PER Holt], [PER Ida] and [PER Moss].");
    }
}
