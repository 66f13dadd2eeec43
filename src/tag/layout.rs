//! What stands before a word: the lines, paragraphs and cells of a text, which a model may read beside the words.

use crate::document::Span;
use crate::tag::words::is_separator;

/// What stands before a word. With its shape it makes the word's token type.
///
/// Mirrors `LAYOUTS` in `scripts/ner_data.py`; the numbers are part of every model that was trained with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Layout {
    /// Nothing, or blanks.
    Inline = 0,
    /// A line break.
    Line = 1,
    /// A blank line, a new page, or the beginning of the text.
    Paragraph = 2,
    /// A tab, or blanks as between the columns of a table.
    Cell = 3,
}

impl Layout {
    /// What stands before the word of `text` that begins at byte `start`.
    #[must_use]
    pub fn before(text: &str, start: usize) -> Self {
        let head = text.get(..start).unwrap_or_default();
        let written = head.trim_end_matches(is_separator);
        if written.is_empty() {
            return Self::Paragraph;
        }
        let gap = &head[written.len()..];
        match line_breaks(gap) {
            0 if is_border(gap, written) => Self::Cell,
            0 => Self::Inline,
            1 => Self::Line,
            _ => Self::Paragraph,
        }
    }

    /// What stands before each word.
    #[must_use]
    pub fn of_words(text: &str, words: &[Span]) -> Vec<Self> {
        words.iter().map(|word| Self::before(text, word.start)).collect()
    }
}

/// How many lines end in a stretch without words; a new page counts as two.
fn line_breaks(gap: &str) -> usize {
    let mut previous = None;
    gap.chars()
        .map(|c| {
            let breaks = match c {
                '\n' if previous == Some('\r') => 0,
                '\n' | '\r' | '\u{85}' | '\u{2028}' => 1,
                '\u{c}' | '\u{2029}' => 2,
                _ => 0,
            };
            previous = Some(c);
            breaks
        })
        .sum()
}

/// Whether a stretch inside a line parts cells. Two blanks behind a full stop are a habit of typists.
fn is_border(gap: &str, before: &str) -> bool {
    let blanks = gap.chars().filter(|c| matches!(c, ' ' | '\u{a0}' | '\u{3000}')).count();
    gap.contains('\t') || (blanks > 1 && !ends_sentence(before))
}

/// Whether a stretch of text ends as sentences do.
#[must_use]
pub fn ends_sentence(text: &str) -> bool {
    text.ends_with(['.', '!', '?', ':', '"', '”', '’', ')', '…', '。'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::words::split_words;

    fn layout(text: &str) -> Vec<Layout> {
        Layout::of_words(text, &split_words(text))
    }

    #[test]
    fn lines_paragraphs_and_cells_are_told_by_the_gap() {
        use Layout::{Cell, Inline, Line, Paragraph};
        assert_eq!(layout(" Ada, b"), [Paragraph, Inline, Inline]);
        assert_eq!(layout("a\nb\r\nc\r\rd\u{c}e\n \t\nf"), [Paragraph, Line, Line, Paragraph, Paragraph, Paragraph]);
        assert_eq!(layout("Lima\t3   4\n\t5"), [Paragraph, Cell, Cell, Line]);
        assert_eq!(layout("It rained.  Ada left."), [Paragraph, Inline, Inline, Inline, Inline, Inline]);
    }
}
