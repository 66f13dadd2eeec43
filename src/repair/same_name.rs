//! Names that are whole in one place of a document and cut in another.

use super::page::{Edit, Names, Page};
use crate::document::Span;
use crate::mention::Mention;
use std::collections::HashMap;

/// Names that begin with one word and are tried: documents of namesakes have no more.
const TRIED: usize = 16;

/// Longer names are none, in bytes.
const LONGEST: usize = 80;

/// How sure the tagger must be of the whole name.
const SURE: f32 = 0.6;

/// Widens mentions to a longer name that the document has and that stands there word for word.
pub(super) fn find(page: &Page<'_>) -> Vec<Edit> {
    // As the rules before have left them: what was parted is no name.
    let names = Names::of(page.text, page.mentions);
    let mut by_first: HashMap<&str, Vec<&str>> = HashMap::new();
    for (name, _) in names.long().filter(|(name, known)| known.score >= SURE && name.len() < LONGEST) {
        by_first.entry(name.split(' ').next().unwrap_or_default()).or_default().push(name);
    }
    for names in by_first.values_mut() {
        names.sort_unstable_by_key(|name| (std::cmp::Reverse(name.len()), *name));
        names.truncate(TRIED);
    }
    let mut edits = Vec::new();
    for mention in page.mentions {
        let surface = mention.span.of(page.text);
        let first = surface.split([' ', '\n']).next().unwrap_or_default();
        let tried = by_first.get(first).map_or(&[][..], Vec::as_slice);
        let Some(end) = tried.iter().find_map(|name| stands(page, mention.span.start, name)) else { continue };
        let Some(known) = names.get(page.text.get(mention.span.start..end).unwrap_or_default()) else { continue };
        let span = Span::new(mention.span.start, end);
        let range = page.overlapping(span);
        // What reaches further is another name.
        let inside =
            page.mentions[range.clone()].iter().all(|other| other.span.end <= end && other.span.start >= span.start);
        let surer = page.mentions[range.clone()]
            .iter()
            .all(|other| other.score <= known.score || other.entity_type == known.entity_type);
        if inside && surer && mention.span.end < end {
            let score = page.mentions[range.clone()].iter().map(|other| other.score).fold(known.score, f32::min);
            edits.push(Edit::one(range, Mention { span, entity_type: known.entity_type, score }));
        }
    }
    edits
}

/// The end of `name`, if it stands at `start` word for word, whatever the white space.
fn stands(page: &Page<'_>, start: usize, name: &str) -> Option<usize> {
    let text = page.after(start);
    let mut rest = text;
    for (number, word) in name.split(' ').enumerate() {
        if number > 0 {
            let next = rest.strip_prefix([' ', '\n'])?;
            rest = next.strip_prefix(' ').unwrap_or(next);
        }
        rest = rest.strip_prefix(word)?;
    }
    (!rest.starts_with(char::is_alphanumeric)).then_some(start + text.len() - rest.len())
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn a_cut_name_is_whole_again() {
        mends(
            "[ORG Getty Images] paid. Photo: [ORG Getty] Images, [PER Ida] [PER Moss]; [PER Ida Moss]",
            "[ORG Getty Images] paid. Photo: [ORG Getty Images], [PER Ida Moss]; [PER Ida Moss]",
        );
        keeps("[ORG Getty Images] paid. [ORG Getty] imagines");
    }
}
