//! `CoNLL`: a token a line, tab-separated: the token, the id of its entity or `_`, and a strict IOB2 label. A blank line
//! ends a sentence, a `-DOCSTART-` line begins a document, and `# id = …` after it names the document.
//!
//! A label covers whole tokens: where the border of a mention falls inside a token, the mention is widened to the token;
//! a mention that touches no token becomes a token of its own; where two want one token, the first has it. Our own
//! tagger labels tokens, so this concerns mentions from elsewhere only.

use super::{DocumentWriter, OutputError};
use crate::document::{Document, Span};
use crate::entity::AnnotatedDocument;
use std::borrow::Cow;
use std::fmt::{self, Display, Write as _};
use std::io::Write;
use unicode_segmentation::UnicodeSegmentation;

/// The line that begins a document since CoNLL-2003.
const DOCUMENT_START: &str = "-DOCSTART-";

/// Writes a token a line.
#[derive(Debug)]
pub(super) struct ConllWriter;

impl DocumentWriter for ConllWriter {
    fn document(&mut self, annotated: &AnnotatedDocument, out: &mut dyn Write) -> Result<(), OutputError> {
        writeln!(out, "{DOCUMENT_START}\t_\tO\n# id = {}\n", OneLine(&annotated.document.id))?;
        let mut labels = Labels::new(annotated);
        for sentence in sentences(annotated).iter() {
            labels.begin_sentence();
            for &token in sentence {
                labels.write_skipped(token.start, out)?;
                labels.write(token, out)?;
            }
            if !sentence.is_empty() {
                writeln!(out)?;
            }
        }
        labels.begin_sentence();
        if labels.write_skipped(usize::MAX, out)? {
            writeln!(out)?;
        }
        Ok(())
    }
}

/// Walks through the mentions beside the tokens.
struct Labels<'a> {
    annotated: &'a AnnotatedDocument,
    ids: Vec<Option<String>>,
    /// The first mention that may still have tokens to come.
    next: usize,
    /// Whether that mention has a token already.
    begun: bool,
    /// Whether it has one in this sentence: `I-` may not begin a sentence.
    inside: bool,
}

impl<'a> Labels<'a> {
    fn new(annotated: &'a AnnotatedDocument) -> Self {
        let id = |owner| annotated.entities.get(owner).map(|_| annotated.entity_id(owner));
        let ids = annotated.entity_of_mention().into_iter().map(id).collect();
        Self { annotated, ids, next: 0, begun: false, inside: false }
    }

    fn begin_sentence(&mut self) {
        self.inside = false;
    }

    /// Leaves the mentions that end before `position` behind, and writes those of them that no token touched; tells
    /// whether there were any.
    fn write_skipped(&mut self, position: usize, out: &mut dyn Write) -> Result<bool, OutputError> {
        let mut any = false;
        while let Some(mention) = self.annotated.mentions.get(self.next).filter(|mention| mention.span.end <= position)
        {
            if !self.begun {
                self.write(mention.span, out)?;
                any = true;
            }
            self.next += 1;
            self.begun = false;
            self.inside = false;
        }
        Ok(any)
    }

    fn write(&mut self, token: Span, out: &mut dyn Write) -> Result<(), OutputError> {
        let document = &self.annotated.document;
        let misplaced = |span| OutputError::Span { id: document.id.clone(), span };
        let text = document.text.get(token.start..token.end).filter(|text| !text.is_empty());
        let text = text.ok_or_else(|| misplaced(token))?;
        let mention = self.annotated.mentions.get(self.next).filter(|mention| mention.span.overlaps(token));
        let Some(mention) = mention else {
            writeln!(out, "{}\t_\tO", Token(text))?;
            return Ok(());
        };
        let prefix = if self.inside { 'I' } else { 'B' };
        let id = self.ids.get(self.next).and_then(Option::as_deref).unwrap_or("_");
        writeln!(out, "{}\t{}\t{prefix}-{}", Token(text), Token(id), mention.entity_type)?;
        self.begun = true;
        self.inside = true;
        // The token belongs to this mention alone, so whatever else begins in it is left behind too.
        while self.annotated.mentions.get(self.next + 1).is_some_and(|other| other.span.end <= token.end) {
            self.next += 1;
        }
        Ok(())
    }
}

/// The tokens as the tagger saw them; if the document does not say, as the source gave them; else words line by line.
fn sentences(annotated: &AnnotatedDocument) -> Cow<'_, [Vec<Span>]> {
    let Document { text, sentences, .. } = &annotated.document;
    if !annotated.tokens.is_empty() {
        return Cow::Borrowed(&annotated.tokens);
    }
    if let Some(sentences) = sentences {
        return Cow::Borrowed(sentences);
    }
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let words = line.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
        lines.push(words.map(|(at, word)| Span::new(start + at, start + at + word.len())).collect());
        start += line.len();
    }
    Cow::Owned(lines)
}

/// A value of a column: white space and control characters as `\u{…}`, so that they never part columns or lines; so is the
/// backslash of a literal `\u{`, and the hyphen of a token that would begin a document.
struct Token<'a>(&'a str);

impl Display for Token<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(text) = *self;
        for (at, c) in text.char_indices() {
            let rest = || text.get(at..).unwrap_or_default();
            let special = c.is_whitespace()
                || c.is_control()
                || c == '\\' && rest().starts_with("\\u{")
                || at == 0 && c == '-' && rest().starts_with(DOCUMENT_START);
            if special {
                write!(f, "\\u{{{:x}}}", u32::from(c))?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// A value of a comment, which may hold spaces but no line breaks.
struct OneLine<'a>(&'a str);

impl Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (nth, part) in self.0.split(' ').enumerate() {
            if nth > 0 {
                f.write_char(' ')?;
            }
            Token(part).fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use crate::entity_type::EntityType;
    use crate::mention::Mention;
    use proptest::prelude::*;

    fn conll(annotated: &AnnotatedDocument) -> String {
        let mut bytes = Vec::new();
        ConllWriter.document(annotated, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn shared_surname() {
        insta::assert_snapshot!(conll(&samples::shared_surname()));
    }

    #[test]
    fn hostile() {
        insta::assert_snapshot!(conll(&samples::hostile()));
    }

    fn mention(start: usize, end: usize) -> Mention {
        Mention { span: Span::new(start, end), entity_type: EntityType::Per, score: 1.0 }
    }

    #[test]
    fn foreign_borders_are_widened_to_the_token_and_no_mention_is_lost() {
        let mut annotated = samples::empty();
        annotated.document.text = "Anne-Marie und Jo".to_owned();
        annotated.tokens = vec![vec![Span::new(0, 10)], vec![Span::new(15, 17)]];
        annotated.mentions = vec![mention(5, 10), mention(11, 14)];
        let lines = conll(&annotated);
        let tokens: Vec<&str> = lines.lines().skip(3).collect();
        assert_eq!(tokens, ["Anne-Marie\t_\tB-PER", "", "und\t_\tB-PER", "Jo\t_\tO", ""]);

        annotated.mentions = vec![mention(0, 4), mention(5, 10), mention(15, 17)];
        let lines = conll(&annotated);
        let tokens: Vec<&str> = lines.lines().skip(3).collect();
        assert_eq!(tokens, ["Anne-Marie\t_\tB-PER", "", "Jo\t_\tB-PER", ""]);

        annotated.mentions = vec![mention(0, 17)];
        let lines = conll(&annotated);
        let tokens: Vec<&str> = lines.lines().skip(3).collect();
        assert_eq!(tokens, ["Anne-Marie\t_\tB-PER", "", "Jo\t_\tB-PER", ""], "I- may not begin a sentence");

        annotated.tokens = vec![vec![Span::new(0, 4)]];
        annotated.mentions = vec![mention(11, 14)];
        assert!(conll(&annotated).ends_with("Anne\t_\tO\n\nund\t_\tB-PER\n\n"));
    }

    #[test]
    fn a_text_without_tokens_is_cut_into_words() {
        let mut annotated = samples::empty();
        annotated.document.text = "Hello, world.\r\n\r\n-DOCSTART- a\\u{20}".to_owned();
        insta::assert_snapshot!(conll(&annotated));
        annotated.tokens = vec![vec![Span::new(17, 27)], vec![Span::new(28, 35)]];
        assert!(conll(&annotated).ends_with("\n\\u{2d}DOCSTART-\t_\tO\n\na\\u{5c}u{20}\t_\tO\n\n"));
    }

    /// What a reader makes of an escaped column.
    fn unescape(column: &str) -> String {
        let mut parts = column.split("\\u{");
        let mut plain = parts.next().unwrap().to_owned();
        for part in parts {
            let (code, rest) = part.split_once('}').unwrap();
            plain.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
            plain.push_str(rest);
        }
        plain
    }

    proptest! {
        #[test]
        fn the_same_tokens_and_mentions_come_back(annotated in samples::any_document()) {
            let output = conll(&annotated);
            let text = &annotated.document.text;
            let mut lines = output.split('\n');
            prop_assert_eq!(lines.next(), Some("-DOCSTART-\t_\tO"));
            prop_assert_eq!(unescape(lines.next().unwrap()), format!("# id = {}", annotated.document.id));
            prop_assert_eq!(lines.next(), Some(""));
            prop_assert_eq!(lines.next_back(), Some(""));
            let mut tokens = annotated.tokens.iter().flat_map(|sentence| sentence.iter().map(Some).chain([None]));
            let mut mentions: Vec<(Span, String, String)> = Vec::new();
            for line in lines {
                let Some(token) = tokens.next().unwrap() else {
                    prop_assert_eq!(line, "");
                    continue;
                };
                prop_assert!(line.split_whitespace().count() == 3, "{:?}", line);
                let columns: Vec<&str> = line.split('\t').collect();
                prop_assert_eq!(unescape(columns[0]), token.of(text));
                match columns[2].split_once('-') {
                    Some(("B", kind)) => mentions.push((*token, kind.to_owned(), unescape(columns[1]))),
                    Some(("I", kind)) => {
                        let last = mentions.last_mut().unwrap();
                        last.0.end = token.end;
                        prop_assert_eq!((&*last.1, &*last.2), (kind, &*unescape(columns[1])));
                    }
                    _ => prop_assert_eq!((columns[1], columns[2]), ("_", "O")),
                }
            }
            prop_assert!(tokens.next().is_none());
            let owners = annotated.entity_of_mention();
            let expected: Vec<_> = annotated.mentions.iter().zip(owners)
                .map(|(mention, owner)| (mention.span, mention.entity_type.to_string(), annotated.entity_id(owner)))
                .collect();
            prop_assert_eq!(mentions, expected);
        }
    }
}
