//! `CoNLL` columns: a line is a token, its first column the word, its last the label; a blank line ends a sentence, a line
//! that starts with `-DOCSTART-` begins a document.
//!
//! Tabs part the columns of a line that has any, for words may hold other white space; else blanks do. The text of a document
//! is made from its tokens: one blank between tokens, a line break between sentences. A line `# id = NAME` (or
//! `# newdoc id = NAME`) before a sentence begins a document too, and names it; without one it is called after the file, `#`
//! and its number.
//!
//! We write three columns: the token, the id of its entity or `_`, and a strict IOB2 label, below a `-DOCSTART-` line that
//! reads `_` and `O`; in files that begin so the middle column is read as the entity. White space and control characters in
//! a column stand as `\u{…}`, and are read back from it. A label covers whole tokens: where the border of a mention falls
//! inside a token, the mention is widened to the token; a mention that touches no token becomes a token of its own; where two
//! want one token, the first has it. Our own tagger labels tokens, so this concerns mentions from elsewhere only.

use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened, Wanted};
use super::{DocumentWriter, OutputError};
use crate::annotation::AnnotatedDocument;
use crate::document::{Document, Span};
use crate::entity::Entity;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::tag_scheme::spans_of;
use crate::token_labels::TokenLabels;
use std::borrow::Cow;
use std::collections::HashMap;
use std::fmt::{self, Display, Write as _};
use std::io::Write;
use unicode_segmentation::UnicodeSegmentation;

/// The line that begins a document since CoNLL-2003.
const DOCUMENT_START: &str = "-DOCSTART-";

/// Documents of one source, lazily.
pub(super) fn documents(opened: Opened, wanted: Wanted) -> Annotated {
    let file = match wanted {
        Wanted::Texts => opened.name.clone(),
        Wanted::Annotations => opened.file_name(),
    };
    Box::new(ConllReader { opened, wanted, file, line: 0, documents: 0, next: Building::default(), done: false })
}

struct ConllReader {
    opened: Opened,
    wanted: Wanted,
    /// What documents without a name are called after.
    file: String,
    line: u64,
    documents: u64,
    /// The next document, of which a line has been read already: that which begins or names it.
    next: Building,
    done: bool,
}

impl ConllReader {
    /// Reads on to the next `-DOCSTART-` or name, or the end, and returns what stood before it.
    fn read_document(&mut self) -> Result<Option<(AnnotatedDocument, Option<u64>)>, InputError> {
        let mut building = std::mem::take(&mut self.next);
        let mut fault = None;
        let mut bytes = Vec::new();
        while !self.done {
            self.line += 1;
            let limit = self.opened.limit;
            match read_line(&mut self.opened.reader, limit, &mut bytes) {
                Ok(false) => self.done = true,
                Ok(true) => match decode(std::mem::take(&mut bytes)) {
                    Ok(line) if line.starts_with(DOCUMENT_START) => {
                        let ours = line.split('\t').skip(1).eq(["_", "O"]);
                        if !building.is_empty() || fault.is_some() {
                            self.next.ours = ours;
                            break;
                        }
                        building = Building { id: building.id, ours, ..Building::default() };
                    }
                    Ok(line) => match document_name(&line).filter(|_| building.at_sentence_start()) {
                        Some(id) if building.is_empty() && fault.is_none() => {
                            building.id = Some(unescape(id).into_owned());
                        }
                        Some(id) => {
                            self.next.id = Some(unescape(id).into_owned());
                            self.next.ours = building.ours;
                            break;
                        }
                        None => {
                            if let Err(found) = building.take_line(&line, self.line, self.wanted) {
                                fault.get_or_insert(found.at_line(&self.opened.name, self.line));
                            }
                        }
                    },
                    Err(found) => {
                        fault.get_or_insert(found.at_line(&self.opened.name, self.line));
                    }
                },
                Err(found) => {
                    self.done |= !matches!(found, Fault::TooLong { .. });
                    fault.get_or_insert(found.at_line(&self.opened.name, self.line));
                }
            }
            if building.text.len() > limit {
                fault.get_or_insert(Fault::TooLong { limit }.at_line(&self.opened.name, self.line));
                building = Building::default();
            }
        }
        if let Some(fault) = fault {
            self.documents += 1;
            return Err(fault);
        }
        if building.is_empty() {
            return Ok(None);
        }
        self.documents += 1;
        let id = building.id.take().unwrap_or_else(|| format!("{}#{}", self.file, self.documents));
        let line = building.first_line;
        Ok(Some((building.finish(id, self.wanted), Some(line))))
    }
}

impl Iterator for ConllReader {
    type Item = Result<(AnnotatedDocument, Option<u64>), InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.read_document().transpose()
    }
}

/// A document while its lines come in.
#[derive(Default)]
struct Building {
    id: Option<String>,
    /// Whether our program has written it.
    ours: bool,
    text: String,
    sentences: Vec<Vec<Span>>,
    labels: TokenLabels,
    mentions: Vec<Mention>,
    entities: Vec<Entity>,
    by_id: HashMap<Box<str>, usize>,
    /// The sentence that is being read.
    tokens: Vec<Span>,
    token_labels: Vec<Box<str>>,
    /// What the entity column says of its tokens.
    token_entities: Vec<Option<Box<str>>>,
    first_line: u64,
}

impl Building {
    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    fn at_sentence_start(&self) -> bool {
        self.tokens.is_empty()
    }

    fn take_line(&mut self, line: &str, number: u64, wanted: Wanted) -> Result<(), Fault> {
        let tabs = line.contains('\t');
        let mut columns = line.split(if tabs { '\t' } else { ' ' }).filter(|column| tabs || !column.is_empty());
        let word = columns.next().unwrap_or_default();
        if word.is_empty() && line.trim().is_empty() {
            self.close_sentence(wanted);
            return Ok(());
        }
        let word = unescape(word);
        if word.is_empty() {
            return Err(Fault::Syntax("the token is empty".to_owned()));
        }
        let middle = columns.clone().next();
        let (count, label) = (columns.clone().count(), columns.next_back());
        if wanted == Wanted::Annotations {
            check_label(line, label)?;
        }
        if self.is_empty() {
            self.first_line = number;
        } else {
            self.text.push(if self.tokens.is_empty() { '\n' } else { ' ' });
        }
        let start = self.text.len();
        self.text.push_str(&word);
        self.tokens.push(Span::new(start, self.text.len()));
        if wanted == Wanted::Annotations {
            self.token_labels.push(label.unwrap_or_default().into());
            let entity = middle.filter(|entity| self.ours && tabs && count == 2 && *entity != "_");
            self.token_entities.push(entity.map(|entity| unescape(entity).into()));
        }
        Ok(())
    }

    fn close_sentence(&mut self, wanted: Wanted) {
        if self.tokens.is_empty() {
            return;
        }
        if wanted == Wanted::Annotations {
            for (start, end, label) in spans_of(&self.token_labels) {
                let span = Span::new(self.tokens[start].start, self.tokens[end - 1].end);
                if let Some(id) = self.token_entities[start].take() {
                    let next = self.entities.len();
                    let entity = *self.by_id.entry(id.clone()).or_insert(next);
                    if entity == next {
                        self.entities.push(Entity { source_id: Some(id), ..Entity::of_mentions(Vec::new()) });
                    }
                    self.entities[entity].mentions.push(self.mentions.len());
                }
                self.mentions.push(Mention { span, entity_type: EntityType::exact(label), score: 1.0 });
            }
            self.labels.push(&self.token_labels);
        }
        self.sentences.push(self.tokens.as_slice().to_vec());
        self.tokens.clear();
        self.token_labels.clear();
        self.token_entities.clear();
    }

    fn finish(mut self, id: String, wanted: Wanted) -> AnnotatedDocument {
        self.close_sentence(wanted);
        self.text.shrink_to_fit();
        self.mentions.shrink_to_fit();
        let document = Document { sentences: Some(self.sentences), ..Document::new(id, self.text) };
        let mut annotated =
            AnnotatedDocument { mentions: self.mentions, entities: self.entities, ..AnnotatedDocument::new(document) };
        if wanted == Wanted::Annotations {
            annotated.extras_mut().token_labels = Some(self.labels);
        }
        annotated
    }
}

/// The name that a comment gives to a document.
fn document_name(line: &str) -> Option<&str> {
    let comment = line.strip_prefix('#')?.trim_start();
    let (key, name) = comment.strip_prefix("newdoc ").unwrap_or(comment).split_once('=')?;
    (key.trim() == "id").then(|| name.trim())
}

/// Whether the last column is a label: outside, or a prefix with a type. A bare type (the IO scheme) must be in capitals.
fn check_label(line: &str, label: Option<&str>) -> Result<(), Fault> {
    let Some(label) = label else {
        let reason = format!("expected a token and its label, parted by a tab or blanks, not {line:?}");
        return Err(Fault::Syntax(reason));
    };
    let valid = match label.split_once('-') {
        Some((prefix, kind)) => matches!(prefix, "B" | "I" | "E" | "S" | "L" | "U") && !kind.is_empty(),
        None => label == "_" || label.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
    };
    if valid {
        return Ok(());
    }
    Err(Fault::Syntax(format!(
        "the last column should be a label such as O, B-PER, I-PER, E-PER, S-PER, L-PER or U-PER, not {label:?}"
    )))
}

/// Replaces `\u{…}` by its character.
fn unescape(field: &str) -> Cow<'_, str> {
    if !field.contains("\\u{") {
        return Cow::Borrowed(field);
    }
    let mut plain = String::with_capacity(field.len());
    let mut rest = field;
    while let Some((before, after)) = rest.split_once("\\u{") {
        plain.push_str(before);
        let code = after.split_once('}');
        if let Some((c, after)) =
            code.and_then(|(code, rest)| Some((char::from_u32(u32::from_str_radix(code, 16).ok()?)?, rest)))
        {
            plain.push(c);
            rest = after;
        } else {
            plain.push_str("\\u{");
            rest = after;
        }
    }
    Cow::Owned(plain + rest)
}

/// Writes a token a line.
#[derive(Debug)]
pub(super) struct ConllWriter;

impl DocumentWriter for ConllWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        losses.add_common(annotated, &[Kept::Entities, Kept::Tokens]);
        if annotated.sentences().is_none() {
            losses.add("documents whose white space is no longer known", 1);
        }
        writeln!(out, "{DOCUMENT_START}\t_\tO\n# id = {}\n", OneLine(&annotated.document.id))?;
        let mut labels = Labels::new(annotated);
        let wanted = (0..annotated.mentions.len()).filter(|&index| !annotated.is_skipped(index)).count();
        losses.add("mentions inside another", wanted - labels.mentions.len());
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
    /// Those that tokens can carry: in the order of the text, none inside another, with the ids of their entities.
    mentions: Vec<(&'a Mention, Option<Cow<'a, str>>)>,
    /// The first mention that may still have tokens to come.
    next: usize,
    /// Whether that mention has a token already.
    begun: bool,
    /// Whether it has one in this sentence: `I-` may not begin a sentence.
    inside: bool,
}

impl<'a> Labels<'a> {
    fn new(annotated: &'a AnnotatedDocument) -> Self {
        let mut indices: Vec<usize> =
            (0..annotated.mentions.len()).filter(|&index| !annotated.is_skipped(index)).collect();
        indices.sort_by_key(|&index| annotated.mentions[index].span.order());
        let mut end = 0;
        indices.retain(|&index| {
            let span = annotated.mentions[index].span;
            let free = span.start >= end;
            end = if free { span.end } else { end };
            free
        });
        let owners = annotated.owners();
        let id = |owner: Option<usize>| owner.map(|owner| annotated.entity_key(owner));
        let mentions = indices.iter().map(|&index| (&annotated.mentions[index], id(owners[index]))).collect();
        Self { annotated, mentions, next: 0, begun: false, inside: false }
    }

    fn begin_sentence(&mut self) {
        self.inside = false;
    }

    /// Leaves the mentions that end before `position` behind, and writes those of them that no token touched; tells
    /// whether there were any.
    fn write_skipped(&mut self, position: usize, out: &mut dyn Write) -> Result<bool, OutputError> {
        let mut any = false;
        while let Some(span) = self.span(self.next).filter(|span| span.end <= position) {
            if !self.begun {
                self.write(span, out)?;
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
        let mention = self.mentions.get(self.next).filter(|(mention, _)| mention.span.overlaps(token));
        let Some((mention, id)) = mention else {
            writeln!(out, "{}\t_\tO", Token(text))?;
            return Ok(());
        };
        let prefix = if self.inside { 'I' } else { 'B' };
        let id = id.as_deref().unwrap_or("_");
        let label = if mention.entity_type == EntityType::UNTYPED { "_" } else { mention.entity_type.label() };
        writeln!(out, "{}\t{}\t{prefix}-{}", Token(text), Token(id), Token(label))?;
        self.begun = true;
        self.inside = true;
        // The token belongs to this mention alone, so whatever else begins in it is left behind too.
        while self.span(self.next + 1).is_some_and(|other| other.end <= token.end) {
            self.next += 1;
        }
        Ok(())
    }

    fn span(&self, mention: usize) -> Option<Span> {
        self.mentions.get(mention).map(|(mention, _)| mention.span)
    }
}

/// The tokens as the tagger saw them; if the document does not say, as the source gave them; else words line by line.
fn sentences(annotated: &AnnotatedDocument) -> Cow<'_, [Vec<Span>]> {
    annotated.sentences().map_or_else(|| Cow::Owned(words(annotated.text())), Cow::Borrowed)
}

/// Words and single punctuation marks, a sentence a line of the text.
pub(super) fn words(text: &str) -> Vec<Vec<Span>> {
    let mut start = 0;
    let mut lines = Vec::new();
    for line in text.split_inclusive(['\n', '\r']) {
        let words = line.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
        let words: Vec<Span> = words.map(|(at, word)| Span::new(start + at, start + at + word.len())).collect();
        if !words.is_empty() {
            lines.push(words);
        }
        start += line.len();
    }
    lines
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
    use super::super::{Format, ReadOptions};
    use super::*;
    use proptest::prelude::*;
    use std::io::Cursor;

    fn conll(annotated: &AnnotatedDocument) -> String {
        let mut bytes = Vec::new();
        ConllWriter.document(annotated, &mut bytes, &mut Losses::default()).unwrap();
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

    fn read_bytes(
        bytes: &[u8],
        wanted: Wanted,
        limit: usize,
    ) -> Vec<Result<(AnnotatedDocument, Option<u64>), InputError>> {
        let reader = Box::new(Cursor::new(bytes.to_vec()));
        documents(Opened { reader, name: "f".into(), path: None, limit }, wanted).collect()
    }

    fn read(text: &str) -> Vec<AnnotatedDocument> {
        read_bytes(text.as_bytes(), Wanted::Annotations, 1 << 20).into_iter().map(|found| found.unwrap().0).collect()
    }

    #[test]
    fn documents_sentences_tokens_and_labels() {
        let text = "-DOCSTART- -X- O\r\n\r\nBan\tNNP\tB-PER\r\nspoke\tVBD\tO\r\n\r\n\r\n# x\tO\nOslo B-LOC\n\n-DOCSTART-\n\n# id = two\nRome O\n";
        let documents = read(text);
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0].id(), "f#1");
        assert_eq!(documents[0].text(), "Ban spoke\n# x Oslo");
        let labels: Vec<Vec<&str>> = documents[0].token_labels().unwrap().sentences().collect();
        assert_eq!(labels, [vec!["B-PER", "O"], vec!["O", "B-LOC"]]);
        assert_eq!(documents[0].sentences().unwrap()[1], [Span::new(10, 13), Span::new(14, 18)]);
        assert_eq!((documents[1].id(), documents[1].text()), ("two", "Rome"));
        let lines: Vec<_> =
            read_bytes(text.as_bytes(), Wanted::Texts, 100).into_iter().map(|found| found.unwrap().1).collect();
        assert_eq!(lines, [Some(3), Some(13)]);
    }

    #[test]
    fn a_name_between_sentences_begins_a_document() {
        let found = read("# newdoc id = one\nOslo O\n\nRome O\n\n# newdoc id = two\nBern O\n");
        let pairs: Vec<_> = found.iter().map(|document| (document.id(), document.text())).collect();
        assert_eq!(pairs, [("one", "Oslo\nRome"), ("two", "Bern")]);
    }

    #[test]
    fn a_document_over_the_limit_is_left_out() {
        let text = format!("a O\n\n-DOCSTART- O\n\n{}\n-DOCSTART- O\n\nb O\n", "word O\n".repeat(30));
        let found = read_bytes(text.as_bytes(), Wanted::Texts, 100);
        assert_eq!(found.len(), 3);
        assert!(matches!(&found[1], Err(InputError { fault: Fault::TooLong { limit: 100 }, .. })));
        assert_eq!(found[2].as_ref().unwrap().0.id(), "f#3");
    }

    #[test]
    fn a_fault_costs_one_document() {
        let found = read_bytes(b"a O\n\n-DOCSTART- O\n\n\xff O\n\n-DOCSTART- O\n\nb O\n", Wanted::Annotations, 100);
        assert_eq!(found.len(), 3);
        assert!(found[0].is_ok() && found[2].is_ok());
        assert!(matches!(&found[1], Err(InputError { line: Some(5), fault: Fault::NotUtf8 { byte: 0 }, .. })));
        assert!(read("").is_empty() && read("\n\n-DOCSTART- O\n\n").is_empty());
    }

    #[test]
    fn white_space_inside_a_token_comes_back() {
        // A no-break space parts no columns, and what we escape is read as it was, also where only texts are wanted.
        assert_eq!(read("10\u{a0}000 O\n")[0].text(), "10\u{a0}000");
        let mut annotated = samples::empty();
        annotated.document.text = "about 10\u{a0}000 men".to_owned();
        annotated.tokens = vec![vec![Span::new(0, 5), Span::new(6, 13), Span::new(14, 17)]];
        for wanted in [Wanted::Texts, Wanted::Annotations] {
            let found = read_bytes(conll(&annotated).as_bytes(), wanted, 1000).remove(0).unwrap().0;
            assert_eq!(found.text(), annotated.text());
            assert_eq!(found.sentences(), annotated.sentences());
        }
    }

    #[test]
    fn the_file_opens_by_its_ending() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.bilou");
        std::fs::write(&path, "Oslo U-LOC\n").unwrap();
        let reader = super::super::open(&path, &ReadOptions::default()).unwrap();
        assert_eq!(reader.format(), Format::Conll);
        assert_eq!(reader.map(Result::unwrap).next().unwrap().mentions.len(), 1);
    }

    proptest! {
        #[test]
        fn the_same_tokens_and_mentions_come_back(annotated in samples::any_document()) {
            let found = read(&conll(&annotated));
            prop_assert!(found.len() <= 1);
            let Some(found) = found.first() else {
                prop_assert!(annotated.tokens.iter().all(Vec::is_empty));
                return Ok(());
            };
            prop_assert_eq!(found.id(), annotated.id().trim_matches(' '));
            let words = |document: &AnnotatedDocument| -> Vec<Vec<String>> {
                let sentences = document.sentences().unwrap_or_default().iter().filter(|sentence| !sentence.is_empty());
                sentences.map(|sentence| sentence.iter().map(|token| token.of(document.text()).to_owned()).collect()).collect()
            };
            prop_assert_eq!(words(found), words(&annotated));
            // Tokens stand in another text, so mentions are compared by the tokens that they begin and end with.
            let facts = |document: &AnnotatedDocument| -> Vec<(usize, usize, &'static str, Option<String>)> {
                let tokens: Vec<Span> = document.sentences().unwrap_or_default().iter().flatten().copied().collect();
                let owners = document.owners();
                let fact = |(index, mention): (usize, &Mention)| {
                    let start = tokens.iter().position(|token| token.start == mention.span.start).unwrap();
                    let end = tokens.iter().position(|token| token.end == mention.span.end).unwrap();
                    let entity = owners[index].map(|owner| document.entity_key(owner).into_owned());
                    (start, end, mention.entity_type.label(), entity)
                };
                document.mentions.iter().enumerate().map(fact).collect()
            };
            prop_assert_eq!(facts(found), facts(&annotated));
        }
    }
}
