//! A guess whether offsets were counted in the unit that was said: files that quote no mention give nothing else to go by.

use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::mention::Mention;

/// Documents whose mentions cut words in two, and would cut fewer if the same numbers counted something else; with the
/// first of them. Where a file quotes its mentions the reader has compared the quotes; others give numbers only.
pub(super) fn units_in_doubt<'a>(
    documents: impl Iterator<Item = (&'a AnnotatedDocument, &'a str, &'a [Mention])>,
) -> (usize, Option<(String, &'static str)>) {
    let (mut count, mut first) = (0, None);
    for (document, text, mentions) in documents {
        if text.is_ascii() {
            continue;
        }
        let spans: Vec<Span> = mentions.iter().map(|mention| mention.span).collect();
        let cuts = cut_words(text, &spans);
        if cuts == 0 {
            continue;
        }
        let points = OffsetMap::new(text, OffsetUnit::Char);
        let counted_as = |unit: OffsetUnit| -> Option<usize> {
            let map = OffsetMap::new(text, unit);
            let place = |byte| map.to_byte(points.from_byte(byte)?);
            let moved = spans.iter().map(|span| Some(Span::new(place(span.start)?, place(span.end)?)));
            let moved: Vec<Span> = moved.collect::<Option<_>>()?;
            Some(cut_words(text, &moved))
        };
        let other = [(OffsetUnit::Utf16, "UTF-16 units"), (OffsetUnit::Byte, "bytes")];
        if let Some((_, name)) = other.iter().find(|(unit, _)| counted_as(*unit).is_some_and(|other| other * 2 <= cuts))
        {
            count += 1;
            first.get_or_insert_with(|| (document.id().to_owned(), *name));
        }
    }
    (count, first)
}

/// How many borders of `spans` have a letter or digit on either side.
fn cut_words(text: &str, spans: &[Span]) -> usize {
    let inside = |byte: usize| {
        let (Some(before), Some(after)) = (text.get(..byte), text.get(byte..)) else { return false };
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        is_word(before.chars().next_back()) && is_word(after.chars().next())
    };
    spans.iter().flat_map(|span| [span.start, span.end]).filter(|&border| inside(border)).count()
}
