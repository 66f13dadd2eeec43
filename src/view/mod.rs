//! A text without the remains of markup: `&amp;`, `<b>`, `**x**`, `\_`, soft hyphens, hyphens at line ends, invisible
//! characters, a space that got lost after a full stop. Tagger, repair and resolver read the view; every span that they find
//! is one of the text as it was given. Of a text without such remains the view is the text itself, and costs one look at it.
//!
//! ```
//! use namesake::document::Span;
//! use namesake::view::View;
//!
//! let text = "**Moss &amp; Holt** of Bir-\nmingham";
//! let view = View::of(text);
//! assert_eq!(view.text(), "Moss & Holt of Birmingham");
//! let place = view.to_text(Span::new(15, 25));
//! assert_eq!(place.of(text), "Bir-\nmingham");
//! assert_eq!(view.surface(place), "Birmingham");
//! ```

mod emphasis;
mod entity;
mod hyphen;
mod invisible;
mod link;
mod stop;
mod tag;

use crate::document::Span;
use crate::name::rows;
pub(crate) use hyphen::is_compound_tail;
use std::borrow::Cow;

/// A text as a reader sees it, and where each of its characters stands in the original.
#[derive(Debug, Clone)]
pub struct View<'a> {
    text: Cow<'a, str>,
    /// Ascending, apart.
    edits: Vec<Edit>,
}

/// A stretch of the original, and what the view has instead.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Edit {
    original: Span,
    /// In the view; empty where the stretch is left out.
    view: Span,
}

/// What stands in the view instead of a stretch of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Remain {
    span: Span,
    shown: Shown,
}

/// What a reader sees of a remain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Text(&'static str),
    Char(char),
}

impl Remain {
    const fn new(start: usize, end: usize, shown: Shown) -> Self {
        Self { span: Span::new(start, end), shown }
    }

    const fn hidden(start: usize, end: usize) -> Self {
        Self::new(start, end, Shown::Nothing)
    }
}

impl<'a> View<'a> {
    /// The view of `text`: borrowed, where there is nothing to leave out.
    #[must_use]
    pub fn of(text: &'a str) -> Self {
        let remains = remains(text);
        if remains.is_empty() {
            return Self::identity(text);
        }
        let mut seen = String::with_capacity(text.len());
        let mut edits = Vec::with_capacity(remains.len());
        let mut at = 0;
        for Remain { span, shown } in remains {
            seen.push_str(text.get(at..span.start).unwrap_or_default());
            let start = seen.len();
            match shown {
                Shown::Nothing => {}
                Shown::Text(text) => seen.push_str(text),
                Shown::Char(c) => seen.push(c),
            }
            edits.push(Edit { original: span, view: Span::new(start, seen.len()) });
            at = span.end;
        }
        seen.push_str(text.get(at..).unwrap_or_default());
        Self { text: Cow::Owned(seen), edits }
    }

    /// The text as it is: for one whose tokens are given.
    #[must_use]
    pub const fn identity(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), edits: Vec::new() }
    }

    /// What is to be read.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the view is the text itself.
    #[must_use]
    pub const fn is_identity(&self) -> bool {
        self.edits.is_empty()
    }

    /// Where a stretch of the view stands in the text: from its first character to its last, what is left out between them
    /// included, what is left out around them not.
    #[must_use]
    pub fn to_text(&self, seen: Span) -> Span {
        let after = self.edits.partition_point(|edit| edit.view.end <= seen.start);
        let start = match self.edits.get(after) {
            Some(edit) if edit.view.start <= seen.start => edit.original.start,
            _ => seen.start - self.shift(after).1 + self.shift(after).0,
        };
        let before = self.edits.partition_point(|edit| edit.view.end < seen.end);
        let end = match self.edits.get(before) {
            Some(edit) if edit.view.start < seen.end => edit.original.end,
            _ => seen.end - self.shift(before).1 + self.shift(before).0,
        };
        Span::new(start, end.max(start))
    }

    /// Where a stretch of the text is seen; empty, at the place where it would stand, if all of it is left out.
    #[must_use]
    pub fn to_view(&self, original: Span) -> Span {
        let position = |at: usize, inside: fn(&Edit) -> usize| {
            let after = self.edits.partition_point(|edit| edit.original.end <= at);
            match self.edits.get(after) {
                Some(edit) if edit.original.start < at => inside(edit),
                _ => at - self.shift(after).0 + self.shift(after).1,
            }
        };
        let start = position(original.start, |edit| edit.view.start);
        Span::new(start, position(original.end, |edit| edit.view.end).max(start))
    }

    /// What a reader sees of a stretch of the text; the stretch itself, if that is nothing.
    #[must_use]
    pub fn surface(&self, original: Span) -> &str {
        self.to_view(original).of(&self.text)
    }

    /// The ends of the last of the first `edits` edits: in the text and in the view.
    fn shift(&self, edits: usize) -> (usize, usize) {
        edits
            .checked_sub(1)
            .and_then(|last| self.edits.get(last))
            .map_or((0, 0), |edit| (edit.original.end, edit.view.end))
    }
}

/// All remains of `text`, ascending and apart.
fn remains(text: &str) -> Vec<Remain> {
    let mut found: Vec<Remain> = Vec::new();
    let mut words = hyphen::Words::new(text);
    let mut from = 0;
    for (at, byte) in text.bytes().enumerate() {
        if at < from || !is_hint(byte) {
            continue;
        }
        let before = found.len();
        match byte {
            b'&' => found.extend(entity::read(text, at)),
            b'<' => found.extend(tag::read(text, at)),
            b'\\' => found.extend(emphasis::escape(text, at)),
            b'*' | b'_' | b'`' => emphasis::read(text, at, &mut found),
            b'[' => link::read(text, at, &mut found),
            b'-' => found.extend(hyphen::read(text, at, &mut words)),
            b'.' => found.extend(stop::read(text, at)),
            _ => found.extend(hyphen::read(text, at, &mut words).or_else(|| invisible::read(text, at))),
        }
        // What is hidden by itself is read no further; pairs are hidden at their ends.
        from = found.get(before).filter(|first| first.span.start == at).map_or(at, |first| first.span.end);
        if byte == b'\\' && found.len() > before {
            from += 1;
        }
    }
    found.sort_by_key(|remain| remain.span.start);
    let mut end = 0;
    found.retain(|remain| {
        let apart = remain.span.start >= end;
        if apart {
            end = remain.span.end;
        }
        apart
    });
    found
}

/// Bytes with which a remain may begin; 0xC2, 0xE1, 0xE2 and 0xEF begin soft hyphens, "¬" and invisible characters.
const fn is_hint(byte: u8) -> bool {
    matches!(byte, b'&' | b'<' | b'\\' | b'*' | b'_' | b'`' | b'[' | b'-' | b'.' | 0xC2 | 0xE1 | 0xE2 | 0xEF)
}

/// The characters on both sides of a stretch.
fn neighbours(text: &str, start: usize, end: usize) -> (Option<char>, Option<char>) {
    let before = text.get(..start).and_then(|head| head.chars().next_back());
    (before, text.get(end..).and_then(|tail| tail.chars().next()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts that are full of remains.
    fn any_text() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "((\\*\\*|_|`|<b>|</i>|<br/>|&amp;|&#233;|&nbsp;|\\\\_|\\[|\\]\\(a/b\\)|\\[2\\]|-\n|\u{ad}|\u{ad}\n|\u{200b}|\u{200d}|\
             \u{202e}|é|東|Holt|moss|\\.| |\n|<p>|\u{feff}|\\.Ida| ){0,3}){0,20}",
        ]
    }

    fn seen(text: &str) -> String {
        View::of(text).text().to_owned()
    }

    #[test]
    fn clean_texts_are_borrowed() {
        for text in
            ["", "Ida Holt left Leeds - at 2 * 3 < 4 & 5; snake_case, a[0].", "J. Moss of AT&T & Co. (Leeds-York)"]
        {
            let view = View::of(text);
            assert!(view.is_identity() && matches!(view.text, Cow::Borrowed(_)), "{text}: {}", view.text());
        }
    }

    #[test]
    fn a_span_of_the_view_is_one_of_the_text() {
        let text = "<b>Hart\u{ad}mann</b> of _Moss &amp; Holt_ met";
        let view = View::of(text);
        assert_eq!(view.text(), "Hartmann of Moss & Holt met");
        let at = |name: &str| {
            let start = view.text().find(name).unwrap();
            view.to_text(Span::new(start, start + name.len()))
        };
        assert_eq!(at("Hartmann").of(text), "Hart\u{ad}mann");
        assert_eq!(at("Moss & Holt").of(text), "Moss &amp; Holt");
        assert_eq!(at("met").of(text), "met");
        assert_eq!(view.surface(Span::new(0, text.find(" of").unwrap())), "Hartmann");
    }

    #[test]
    fn remains_inside_others_are_seen_through() {
        assert_eq!(seen("**[Ida Holt](https://a.example)** of `Moss`"), "Ida Holt of Moss");
        assert_eq!(seen("<p>Ida<br/>Holt</p>"), "\n\nIda\nHolt\n\n");
        assert_eq!(seen(r"Ida \*Holt\* and \_x\_"), "Ida *Holt* and _x_");
    }

    proptest! {
        #[test]
        fn every_span_leads_to_the_text_and_back(text in any_text(), ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>())) {
            let view = View::of(&text);
            let borders: Vec<usize> = view.text().char_indices().map(|(at, _)| at).chain([view.text().len()]).collect();
            let (one, other) = (borders[ends.0.index(borders.len())], borders[ends.1.index(borders.len())]);
            let span = Span::new(one.min(other), one.max(other));
            let original = view.to_text(span);
            prop_assert!(original.start <= original.end && original.end <= text.len());
            prop_assert!(text.is_char_boundary(original.start) && text.is_char_boundary(original.end));
            if span.start < span.end {
                prop_assert!(original.start < original.end);
                let back = view.to_view(original);
                prop_assert!(back.start <= span.start && span.end <= back.end);
            }
        }

        #[test]
        fn every_span_of_the_text_is_seen_somewhere(text in any_text(), ends in (any::<prop::sample::Index>(), any::<prop::sample::Index>())) {
            let view = View::of(&text);
            let borders: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
            let (one, other) = (borders[ends.0.index(borders.len())], borders[ends.1.index(borders.len())]);
            let seen = view.to_view(Span::new(one.min(other), one.max(other)));
            prop_assert!(seen.start <= seen.end && seen.end <= view.text().len());
            prop_assert!(view.text().is_char_boundary(seen.start) && view.text().is_char_boundary(seen.end));
        }

        #[test]
        fn words_keep_their_order(text in any_text()) {
            let view = View::of(&text);
            let words = crate::tag::words::split_words(view.text());
            let placed: Vec<Span> = words.iter().map(|word| view.to_text(*word)).collect();
            prop_assert!(placed.windows(2).all(|pair| pair[0].end <= pair[1].start));
        }
    }
}
