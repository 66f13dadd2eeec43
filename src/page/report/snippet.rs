//! A mention with the text around it, as one side annotates it.

use super::shown::Shown;
use crate::document::Span;
use askama::Template;
use unicode_segmentation::GraphemeCursor;

/// Characters of text on each side of what the snippet is about.
const CONTEXT: usize = 70;
/// Longest stretch of text that is shown whole, in characters.
const STRETCH: usize = 240;
/// Most mentions that are marked in a snippet; a mention as long as a chapter may hold thousands.
const MARKS: usize = 30;

/// A mention to be marked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Marked<'a> {
    pub(super) span: Span,
    pub(super) label: Option<&'a str>,
    /// Whether it is what the snippet is about.
    pub(super) focus: bool,
}

/// A stretch of a text, with the mentions in it.
#[derive(Debug, Clone, Template)]
#[template(config = "src/page/askama.toml", path = "report/snippet.html")]
pub(super) struct Snippet<'a> {
    cut_before: bool,
    segments: Vec<Segment<'a>>,
    cut_after: bool,
}

impl askama::filters::HtmlSafe for Snippet<'_> {}

#[derive(Debug, Clone)]
struct Segment<'a> {
    text: Shown<'a>,
    mark: Option<Mark<'a>>,
}

#[derive(Debug, Clone)]
struct Mark<'a> {
    label: Option<Shown<'a>>,
    focus: bool,
}

impl<'a> Snippet<'a> {
    /// The text around `place`. Of mentions that overlap, those in focus are marked, else the first.
    pub(super) fn new(text: &'a str, place: Span, mentions: &(impl Iterator<Item = Marked<'a>> + Clone)) -> Self {
        let window = widened(text, place);
        let mut marked: Vec<Marked<'a>> = Vec::new();
        for focus in [true, false] {
            for mention in mentions.clone().filter(|mention| mention.focus == focus) {
                if marked.len() == MARKS {
                    break;
                }
                if mention.span.overlaps(window) && !marked.iter().any(|other| other.span.overlaps(mention.span)) {
                    marked.push(mention);
                }
            }
        }
        marked.sort_by_key(|mention| mention.span.start);
        let shown = |start: usize, end: usize| text.get(start..end).unwrap_or_default();
        let mut segments = Vec::new();
        let mut at = window.start;
        for mention in marked {
            let (start, end) = (mention.span.start.max(at), mention.span.end.min(window.end));
            if at < start {
                segments.push(Segment { text: Shown::new(shown(at, start), STRETCH), mark: None });
            }
            let mark = Mark { label: mention.label.map(Shown::name), focus: mention.focus };
            segments.push(Segment { text: Shown::new(shown(start, end), STRETCH), mark: Some(mark) });
            at = end.max(start);
        }
        if at < window.end {
            segments.push(Segment { text: Shown::new(shown(at, window.end), STRETCH), mark: None });
        }
        Self { cut_before: window.start > 0, segments, cut_after: window.end < text.len() }
    }
}

/// `place` with the context on both sides, cut between words where one begins or ends nearby, and never inside what a
/// reader takes for one character.
fn widened(text: &str, place: Span) -> Span {
    let (before, after) = (text.get(..place.start).unwrap_or_default(), text.get(place.end..).unwrap_or_default());
    let start = before.char_indices().rev().take(CONTEXT).last().map_or(place.start, |(at, _)| at);
    let end = after.char_indices().nth(CONTEXT).map_or(text.len(), |(at, _)| place.end + at);
    let whole = |mut at: usize, step: &dyn Fn(usize) -> usize, stop: usize| {
        while at != stop && !matches!(GraphemeCursor::new(at, text.len(), true).is_boundary(text, 0), Ok(true)) {
            at = step(at);
        }
        at
    };
    let next = |at: usize| at + text.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
    let previous = |at: usize| at - text.get(..at).and_then(|rest| rest.chars().next_back()).map_or(1, char::len_utf8);
    let word_start = || {
        let head = text.get(start..place.start)?;
        head.char_indices().take(CONTEXT / 4).find(|(_, c)| c.is_whitespace()).map(|(at, c)| start + at + c.len_utf8())
    };
    let word_end = || {
        let tail = text.get(place.end..end)?;
        tail.char_indices().rev().take(CONTEXT / 4).find(|(_, c)| c.is_whitespace()).map(|(at, _)| place.end + at)
    };
    let start = if start == 0 { 0 } else { word_start().unwrap_or_else(|| whole(start, &next, place.start)) };
    let end = if end == text.len() { end } else { word_end().unwrap_or_else(|| whole(end, &previous, place.end)) };
    Span::new(start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const fn marked(start: usize, end: usize, focus: bool) -> Marked<'static> {
        Marked { span: Span::new(start, end), label: Some("PER"), focus }
    }

    #[test]
    fn marks_the_focus_and_its_neighbours() {
        let text = "Ida Holm met <b>Ole</b> & Bo.";
        let mentions = [marked(0, 8, false), marked(4, 8, true), marked(16, 19, false)];
        let html = Snippet::new(text, Span::new(4, 8), &mentions.iter().copied()).to_string();
        assert_eq!(
            html,
            "Ida <mark class=\"focus\"><bdi>Holm</bdi><b>PER</b></mark> met &#60;b&#62;<mark><bdi>Ole</bdi><b>PER</b></mark>&#60;/b&#62; &#38; Bo."
        );
    }

    #[test]
    fn cuts_between_words() {
        let text = format!("{}Ida Holm{}", "word ".repeat(40), " word".repeat(40));
        let window = widened(&text, Span::new(200, 208));
        assert!(
            text[window.start..window.end].starts_with("word ") && text[window.start..window.end].ends_with(" word")
        );
        assert!(window.start > 100 && window.end < 300);
    }

    #[test]
    fn a_mention_without_end_is_shortened() {
        let text = "x".repeat(100_000);
        let place = Span::new(10, 99_000);
        let html = Snippet::new(&text, place, &std::iter::once(marked(10, 99_000, true))).to_string();
        assert!(html.len() < 1000 && html.contains(" … "), "{html}");
    }

    proptest! {
        #[test]
        fn windows_stand_between_characters(
            text in "(\\PC|[ \u{301}\u{200d}\u{1f1e9}]){1,200}", from in 0..200_usize, length in 1..50_usize,
        ) {
            let places: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (start, end) = (from.min(places.len() - 2), (from + length).min(places.len() - 1));
            let place = Span::new(places[start], places[end.max(start + 1)]);
            let window = widened(&text, place);
            prop_assert!(window.start <= place.start && window.end >= place.end);
            prop_assert!(text.get(window.start..window.end).is_some());
            let mark = Marked { span: place, label: None, focus: true };
            prop_assert_eq!(Snippet::new(&text, place, &std::iter::once(mark)).to_string().matches("<mark").count(), 1);
        }
    }
}
