//! What the text around a mention tells: a form of address before it, an article, brackets that define it.

use super::cue::{self, Cue, is_cue};
use crate::document::Span;
use crate::name::{Gender, fold, honorific};
use std::collections::BTreeSet;

/// How a mention is tied to the mention before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// "World Health Organization (WHO)".
    Bracket,
    /// "Bonn, Germany".
    Comma,
    /// "Weber and Klein", "Weber vs Klein".
    Coordination,
    /// Anything else.
    None,
}

/// The surroundings of one mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Context {
    /// Gender that the word before tells.
    pub(crate) gender: Option<Gender>,
    /// A form of address or a role stands before.
    pub(crate) titled: bool,
    /// "the" stands before.
    pub(crate) definite: bool,
    /// Names where something is or happens: "in Arden", "Bonn, Germany", "(Germany)", a dateline.
    pub(crate) setting: bool,
    /// Tie to the mention before.
    pub(crate) link: Link,
}

/// How far to look to the left, in bytes: the longest title is shorter.
const REACH: usize = 40;

impl Context {
    /// Reads what stands around `span`; `before` is the mention in front of it.
    pub(crate) fn read(text: &str, before: Option<Span>, span: Span) -> Self {
        let mut start = span.start.saturating_sub(REACH).max(before.map_or(0, |before| before.end));
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let left = text.get(start..span.start).unwrap_or_default();
        let line = left.rsplit('\n').next().unwrap_or_default();
        let previous = line.split_whitespace().next_back().filter(|_| line.ends_with(char::is_whitespace));
        // "Secretary-General" is known by its last part, like "ex-President".
        let folded = previous.map(|title| fold(title.rsplit('-').next().unwrap_or(title))).unwrap_or_default();
        let honorific = honorific(&folded);
        let link = before.map_or(Link::None, |before| link(text, before, span));
        let after = text.get(span.end..).unwrap_or_default().trim_start();
        let bracketed = left.ends_with('(') && after.starts_with(')');
        let dateline = after.chars().take(2).all(|c| c.is_ascii_digit()) && line.trim().is_empty() && !after.is_empty();
        let setting = is_cue(Cue::Setting, &folded) || link == Link::Comma || bracketed || dateline;
        Self {
            gender: honorific.flatten().or_else(|| cue::kinship(&folded)),
            titled: honorific.is_some(),
            definite: folded == "the",
            setting,
            link,
        }
    }
}

fn link(text: &str, before: Span, span: Span) -> Link {
    let Some(between) = text.get(before.end..span.start).filter(|between| between.len() <= REACH) else {
        return Link::None;
    };
    let closes =
        text.get(span.end..).is_some_and(|rest| rest.trim_start_matches(['"', '”', ' ']).starts_with([')', ']']));
    let between = between.trim().to_lowercase();
    if is_ticker(span.of(text)) && between.trim_matches(['<', '(', '[']).is_empty() {
        return Link::Bracket;
    }
    match between.trim_end_matches(['"', '“', '\'']) {
        "(" | "[" | "( the" | "(the" if closes => Link::Bracket,
        "," => Link::Comma,
        other if is_cue(Cue::Coordination, other) => Link::Coordination,
        _ => Link::None,
    }
}

/// "ABC.L": the code of a share, which follows the company's name.
fn is_ticker(surface: &str) -> bool {
    surface.split_once('.').is_some_and(|(code, market)| {
        let capitals = |part: &str, longest: usize| {
            (1..=longest).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_uppercase())
        };
        capitals(code, 5) && code.len() > 1 && capitals(market, 2)
    })
}

/// How much of a document decides whether it is about sport, in bytes; three different words of match reports do.
const OPENING: usize = 6000;

/// Whether a document reports on sport, where "England" is a team unless something happens there.
pub(crate) fn is_sport(text: &str) -> bool {
    let mut end = text.len().min(OPENING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let lower = text[..end].to_lowercase();
    let words: BTreeSet<&str> =
        lower.split(|c: char| !c.is_alphabetic()).filter(|word| is_cue(Cue::Sport, word)).collect();
    words.len() >= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, before: Option<&str>, name: &str) -> Context {
        let span = |name: &str| {
            let start = text.find(name).unwrap();
            Span::new(start, start + name.len())
        };
        Context::read(text, before.map(span), span(name))
    }

    #[test]
    fn titles_tell_the_gender() {
        assert_eq!(read("She met Mrs. Arden.", None, "Arden").gender, Some(Gender::Female));
        let context = read("Former Secretary-General Arden", None, "Arden");
        assert!(context.titled && context.gender.is_none());
        assert!(!read("The mister\nArden", None, "Arden").titled);
    }

    #[test]
    fn places_where_something_happens_are_settings() {
        assert!(read("They met in Arden again.", None, "Arden").setting);
        assert!(read("ARDEN 1999-01-02\nRain.", None, "ARDEN").setting);
        assert!(read("Neff (Arden) won", Some("Neff"), "Arden").setting);
        assert!(!read("Arden won the match.", None, "Arden").setting);
        assert!(is_sport("Arden scored a goal and the coach smiled."));
        assert!(!is_sport("The parliament met."));
    }

    #[test]
    fn brackets_define() {
        let text = "the Harbour Workers Union (HWU) and Norvik";
        assert_eq!(read(text, Some("Harbour Workers Union"), "HWU").link, Link::Bracket);
        assert_eq!(read(text, Some("HWU"), "Norvik").link, Link::None);
        assert_eq!(read("Norvik Plc NVK.L rose", Some("Norvik Plc"), "NVK.L").link, Link::Bracket);
    }
}
