//! What the text around a mention tells: a form of address before it, an article, brackets that define it.

use super::name::fold;
use super::world::{Gender, World};
use crate::document::Span;

/// How a mention is tied to the mention before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    /// "World Health Organization (WHO)".
    Bracket,
    /// "Karl Neff, also known as", "formerly", "née".
    AlsoKnown,
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
    /// Tie to the mention before.
    pub(crate) link: Link,
}

/// How far to look to the left, in bytes: the longest title is shorter.
const REACH: usize = 40;

impl Context {
    /// Reads what stands around `span`; `before` is the mention in front of it.
    pub(crate) fn read(text: &str, before: Option<Span>, span: Span, world: &World) -> Self {
        let mut start = span.start.saturating_sub(REACH).max(before.map_or(0, |before| before.end));
        while !text.is_char_boundary(start) {
            start += 1;
        }
        let left = text.get(start..span.start).unwrap_or_default();
        let line = left.rsplit('\n').next().unwrap_or_default();
        let previous = line.split_whitespace().next_back().filter(|_| line.ends_with(char::is_whitespace));
        // "Secretary-General" is known by its last part, like "ex-President".
        let folded = previous.map(|title| fold(title.rsplit('-').next().unwrap_or(title))).unwrap_or_default();
        let honorific = world.honorific(&folded);
        Self {
            gender: honorific.flatten(),
            titled: honorific.is_some(),
            definite: folded == "the",
            link: before.map_or(Link::None, |before| link(text, before, span)),
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
    match between.trim_end_matches(['"', '“', '\'']) {
        "(" | "[" | "( the" | "(the" if closes => Link::Bracket,
        "and" | "&" | "or" | "vs" | "vs." | "v" | "v." | "against" | "beat" | "-" | "with" => Link::Coordination,
        "," => Link::Comma,
        other => {
            let cue = ["also known as", "known as", "aka", "a.k.a.", "formerly", "née", "nee", "nicknamed", "born"];
            let known = cue.iter().any(|cue| {
                other.ends_with(cue) && other.trim_end_matches(cue).trim().trim_start_matches([',', '(']).len() <= 8
            });
            if known { Link::AlsoKnown } else { Link::None }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, before: Option<&str>, name: &str) -> Context {
        let span = |name: &str| {
            let start = text.find(name).unwrap();
            Span::new(start, start + name.len())
        };
        Context::read(text, before.map(span), span(name), &World::embedded())
    }

    #[test]
    fn titles_tell_the_gender() {
        assert_eq!(read("She met Mrs. Arden.", None, "Arden").gender, Some(Gender::Female));
        let context = read("Former Secretary-General Arden", None, "Arden");
        assert!(context.titled && context.gender.is_none());
        assert!(!read("The mister\nArden", None, "Arden").titled);
    }

    #[test]
    fn brackets_define() {
        let text = "the Harbour Workers Union (HWU) and Norvik";
        assert_eq!(read(text, Some("Harbour Workers Union"), "HWU").link, Link::Bracket);
        assert_eq!(read(text, Some("HWU"), "Norvik").link, Link::None);
        assert_eq!(read("Karl Neff, also known as Kane, sang", Some("Karl Neff"), "Kane").link, Link::AlsoKnown);
    }
}
