//! Sentences, as far as the lines of a raw text show them: no name goes over the border of one.
//!
//! A blank line ends a sentence, and so does a line break after a full stop or the like. Other line breaks may stand inside a
//! name, where lines are wrapped. They end a sentence only where the lines show that nobody wrapped them: rows of tables, items
//! of lists, a headline above a long line. The cells of a table are sentences of their own.

use crate::document::Span;
use crate::tag::layout::{Layout, ends_sentence};

/// Characters of a line from which on it is as long as lines of running text are.
const LONG_LINE: usize = 60;

/// Words that headlines leave out, and prose does not.
const OF_PROSE: [&str; 6] = ["the", "a", "an", ".", "?", "!"];

/// Words of a line up to which it may be an item of a list without bullets.
const ITEM_WORDS: usize = 6;

/// Words at the end of a line behind which a name goes on.
const CONNECTIVES: [&str; 12] = ["&", ",", "-", "–", "and", "by", "de", "for", "in", "of", "the", "to"];

/// One line of a paragraph.
struct Line<'a> {
    words: &'a [Span],
    layout: &'a [Layout],
}

/// Groups the words of `text` into sentences.
#[must_use]
pub fn split_sentences(text: &str, words: &[Span]) -> Vec<Vec<Span>> {
    let layout = Layout::of_words(text, words);
    let mut sentences: Vec<Vec<Span>> = Vec::new();
    for paragraph in parts(words, &layout, |before| before == Layout::Paragraph) {
        let lines: Vec<Line> = parts(paragraph.words, paragraph.layout, |before| before == Layout::Line).collect();
        let widest = lines.iter().map(|line| line.width(text)).max().unwrap_or_default();
        let is_list = is_list(text, &lines);
        let is_table = lines.iter().filter(|line| line.is_row()).count() > 1;
        let mut above: Option<&Line> = None;
        for line in &lines {
            let goes_on = above.is_some_and(|above| !is_list && above.goes_on(text, line, widest));
            match sentences.last_mut() {
                Some(sentence) if goes_on => sentence.extend_from_slice(line.words),
                _ if is_table => sentences.extend(line.cells().map(|cell| cell.words.to_vec())),
                _ => sentences.push(line.words.to_vec()),
            }
            above = Some(line);
        }
    }
    sentences
}

/// Cuts words before each one for which `begins` holds.
fn parts<'a>(
    words: &'a [Span],
    layout: &'a [Layout],
    begins: impl Fn(Layout) -> bool + 'a,
) -> impl Iterator<Item = Line<'a>> + 'a {
    let mut start = 0;
    std::iter::from_fn(move || {
        let rest = layout.get(start..).filter(|rest| !rest.is_empty())?;
        let end = rest.iter().skip(1).position(|&before| begins(before)).map_or(words.len(), |at| start + at + 1);
        let part = Line { words: &words[start..end], layout: &layout[start..end] };
        start = end;
        Some(part)
    })
}

impl Line<'_> {
    fn written<'t>(&self, text: &'t str) -> &'t str {
        let (Some(first), Some(last)) = (self.words.first(), self.words.last()) else { return "" };
        text.get(first.start..last.end).unwrap_or_default()
    }

    fn width(&self, text: &str) -> usize {
        self.written(text).chars().count()
    }

    /// Whether its last sentence may go on in the next line; `widest` is the width of the paragraph's widest line.
    fn goes_on(&self, text: &str, next: &Line, widest: usize) -> bool {
        let ended = ends_sentence(self.written(text)) || next.begins_item(text) || self.is_row() || next.is_row();
        // The line has room twice in the widest one: the break was meant.
        let is_headline = widest >= LONG_LINE
            && self.width(text) * 2 < widest
            && !self.is_open(text)
            && !self.words.iter().any(|word| OF_PROSE.contains(&word.of(text)));
        !ended && !is_headline
    }

    fn cells(&self) -> impl Iterator<Item = Line<'_>> {
        parts(self.words, self.layout, |before| before == Layout::Cell)
    }

    fn is_row(&self) -> bool {
        self.layout.iter().skip(1).any(|&before| before == Layout::Cell)
    }

    /// Whether it begins with a bullet or a number, as items of lists do: "- ", "3. ", "(a) " …
    fn begins_item(&self, text: &str) -> bool {
        let written = self.written(text);
        let Some((mark, _)) = written.split_once(char::is_whitespace) else { return false };
        if matches!(mark, "-" | "*" | "•" | "–" | "—" | "·" | "●" | "▪" | "|" | ">" | "#" | "+") {
            return true;
        }
        let number = mark.trim_start_matches('(').trim_end_matches(['.', ')']);
        number.len() < mark.len()
            && number.len() <= 3
            && !number.is_empty()
            && number.bytes().all(|digit| digit.is_ascii_digit())
    }

    /// Whether its last word asks for another.
    fn is_open(&self, text: &str) -> bool {
        self.words.last().is_some_and(|last| CONNECTIVES.contains(&last.of(text)))
    }
}

/// Whether the lines of a paragraph are items of a list without bullets: short, each begins with a capital or a figure, and nothing
/// but names and figures is in them, or there are at least four such lines.
fn is_list(text: &str, lines: &[Line]) -> bool {
    let is_item = |line: &Line| {
        let first = line.written(text).chars().next();
        first.is_some_and(|c| c.is_uppercase() || c.is_numeric())
            && line.words.len() <= ITEM_WORDS
            && !line.is_open(text)
            && !line.words.iter().any(|word| matches!(word.of(text), "." | "?" | "!"))
    };
    let without_lower_case = |line: &Line| {
        line.words.iter().all(|word| !word.of(text).starts_with(char::is_lowercase) || word.of(text).len() <= 3)
    };
    lines.len() >= 2 && lines.iter().all(is_item) && (lines.len() >= 4 || lines.iter().all(without_lower_case))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::words::split_words;

    fn sentences(text: &str) -> Vec<String> {
        let found = split_sentences(text, &split_words(text));
        let written = |sentence: &Vec<Span>| sentence.iter().map(|word| word.of(text)).collect::<Vec<_>>().join(" ");
        found.iter().map(written).collect()
    }

    #[test]
    fn sentences_end_at_blank_lines_and_at_line_breaks_after_a_stop() {
        let found = sentences("UN MEETS\r\n\r\nBan\r\nKi-moon spoke. He left.\nIt rained.");
        assert_eq!(found, ["UN MEETS", "Ban Ki-moon spoke . He left .", "It rained ."]);
    }

    #[test]
    fn names_go_over_the_ends_of_wrapped_lines() {
        let found =
            sentences("The envoy met Odile\nMarchetti on Monday in New\nLisgar and left for Port\nAlba at noon.");
        assert_eq!(found.len(), 1);
        let found = sentences("The committee that Odile Marchetti leads will meet the ministers of New\nLisgar today.");
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn items_of_lists_are_sentences() {
        assert_eq!(sentences("Varnholm\nOstrelle"), ["Varnholm", "Ostrelle"]);
        assert_eq!(sentences("Towns:\nPort Alba\nNew Lisgar"), ["Towns :", "Port Alba", "New Lisgar"]);
        assert_eq!(
            sentences("we saw\n- Varnholm\n- Ostrelle\n3) Lisgar"),
            ["we saw", "- Varnholm", "- Ostrelle", "3 ) Lisgar"]
        );
        assert_eq!(sentences("Bank of\nVarnholm"), ["Bank of Varnholm"]);
    }

    #[test]
    fn cells_of_tables_are_sentences() {
        let cells = ["Odile Marchetti", "Lisgar", "Piet Varn", "Alba"];
        assert_eq!(sentences("Odile Marchetti   Lisgar\nPiet Varn\tAlba"), cells);
        assert_eq!(sentences("Odile  Marchetti left\nfor Lisgar"), ["Odile Marchetti left", "for Lisgar"]);
    }

    #[test]
    fn a_headline_above_a_long_line_stands_alone() {
        let text = "Varnholm buys Ostrelle\nLisgar Holdings said on Monday that it had agreed to buy the firm from its founder.";
        assert_eq!(sentences(text).len(), 2);
        let text = "The firm lost. A clerk of the Lisgar\nHoldings said on Monday that it had agreed to buy the other firm from its founder.";
        assert_eq!(sentences(text).len(), 1);
    }
}
