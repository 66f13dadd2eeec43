//! Firms whose name ends in 's: "Moody's cut its rating".

use super::page::{Edit, Page};
use super::word::{Told, tells};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::name::{fold, is_given};

/// Takes the 's in, where the name is that of such a firm or the text uses it as one.
pub(super) fn find(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, mention) in page.mentions.iter().enumerate() {
        let surface = page.surface(number);
        let rest = page.after(mention.span.end);
        let Some(behind) = ["'s", "’s"].into_iter().find_map(|ending| rest.strip_prefix(ending)) else { continue };
        let famous = tells(Told::PossessiveFirm, surface);
        let known = || page.world.facts().possessive_firm(&format!("{surface}'s")).is_some();
        if behind.starts_with(char::is_alphanumeric) || !famous && !known() {
            continue;
        }
        // Of a person it is a genitive: "Ida Macy left. Macy's husband stayed."
        let person = mention.entity_type == EntityType::Per;
        let owner =
            person && (!acts(behind) && (!famous || has_bearer(page, surface)) || !famous && is_given(&fold(surface)));
        if owner {
            continue;
        }
        let end = mention.span.end + (rest.len() - behind.len());
        edits.extend(page.joined(Span::new(mention.span.start, end), EntityType::Org));
    }
    edits
}

/// Whether the document has a person of that family name.
fn has_bearer(page: &Page<'_>, family: &str) -> bool {
    page.names.long().any(|(name, known)| known.entity_type == EntityType::Per && name.ends_with(family))
}

/// Whether what stands behind the 's is no thing that somebody owns: a verb, a preposition, the end of a sentence.
fn acts(behind: &str) -> bool {
    let word = behind.trim_start().split(|c: char| !c.is_alphabetic()).next().unwrap_or_default();
    word.is_empty() || tells(Told::Acts, &word.to_lowercase())
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn a_firm_keeps_its_s() {
        mends(
            "[PER Moody]'s cut its rating of [ORG Norvik]'s debt.",
            "[ORG Moody's] cut its rating of [ORG Norvik]'s debt.",
        );
        mends("[PER Ron McDonald] ate at [ORG McDonald]’s.", "[PER Ron McDonald] ate at [ORG McDonald’s].");
    }

    #[test]
    fn a_persons_is_a_genitive() {
        keeps("[PER Ida Macy] left; [PER Macy]'s husband stayed.");
    }
}
