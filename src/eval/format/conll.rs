//! CoNLL columns: a line is a token, its first column the word, its last the label.
//!
//! The text is made from the tokens: a blank between them, a line break between sentences. In files that our program has
//! written (three columns below a `-DOCSTART-` line that reads `_` and `O`), the middle column is the entity.

use super::file::{name, open, push};
use super::{Corpus, FormatError, Kept, Losses};
use crate::document::{OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Name, Names, Tokens};
use crate::eval::labels::SchemeDetector;
use crate::eval::span::spans_of;
use crate::eval::token::iob2_labels;
use crate::eval::token_labels::TokenLabels;
use std::borrow::Cow;
use std::collections::HashMap;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// A document while its lines are read.
#[derive(Default)]
struct Building {
    id: Option<String>,
    text: String,
    sentences: Vec<Vec<Span>>,
    labels: TokenLabels,
    mentions: Vec<AnnotatedMention>,
    /// The sentence that is being read.
    tokens: Vec<Span>,
    token_labels: Vec<Name>,
    /// Entities of its tokens.
    entities: HashMap<usize, Name>,
    ours: bool,
}

pub(super) fn read(path: &Path) -> Result<Corpus, FormatError> {
    let mut reader = open(path)?;
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    let mut detector = SchemeDetector::default();
    let mut building = Building::default();
    let mut bytes = Vec::new();
    let mut number = 0;
    loop {
        bytes.clear();
        number += 1;
        let syntax = |reason: String| FormatError::Syntax { path: path.to_owned(), line: number, reason };
        let fail = |source| FormatError::Read { path: path.to_owned(), source };
        if reader.read_until(b'\n', &mut bytes).map_err(fail)? == 0 {
            break;
        }
        let line = std::str::from_utf8(&bytes).map_err(|error| syntax(format!("not UTF-8: {error}")))?;
        let line = line.trim_start_matches('\u{feff}').trim_end_matches(['\n', '\r']);
        if line.starts_with("-DOCSTART-") {
            if building.finish(&mut corpus, &mut detector, &mut names, path) {
                building = Building::default();
            }
            building.ours = line.split('\t').skip(1).eq(["_", "O"]);
        } else if line.trim().is_empty() {
            building.close_sentence(&mut detector, &mut names);
        } else if let Some(id) = comment_id(line).filter(|_| building.text.is_empty()) {
            building.id = Some(unescape(id).into_owned());
        } else {
            building.take(line, &mut names).map_err(syntax)?;
        }
    }
    building.finish(&mut corpus, &mut detector, &mut names, path);
    let scheme = detector.scheme();
    corpus.scheme = Some(scheme);
    corpus.notes.push(format!("labels of {} are {scheme}", name(path)));
    if detector.stray() > 0 {
        let stray = detector.stray();
        corpus
            .notes
            .push(format!("{stray} labels begin with I- but continue nothing; they open a span, as in conlleval"));
    }
    Ok(corpus)
}

/// The name in `# id = NAME` or `# newdoc id = NAME`.
fn comment_id(line: &str) -> Option<&str> {
    let rest = line.strip_prefix('#')?.trim_start();
    let rest = rest.strip_prefix("newdoc").unwrap_or(rest).trim_start();
    Some(rest.strip_prefix("id")?.trim_start().strip_prefix('=')?.trim())
}

impl Building {
    fn take(&mut self, line: &str, names: &mut Names) -> Result<(), String> {
        // Tabs part the columns where there are any, for words may hold other white space; else any white space does.
        let tabs = line.contains('\t');
        let word = if tabs { line.split('\t').next() } else { line.split_whitespace().next() };
        let label = if tabs { line.rsplit('\t').next() } else { line.split_whitespace().next_back() };
        let (Some(word), Some(label)) = (word, label) else {
            return Err(format!("expected a token and its label, parted by a tab or blanks, not {line:?}"));
        };
        if std::ptr::eq(word, label) {
            return Err(format!("expected a token and its label, parted by a tab or blanks, not {line:?}"));
        }
        let word = unescape(word);
        if word.is_empty() {
            return Err("the token is empty".to_owned());
        }
        if !valid_label(label) {
            return Err(format!(
                "the last column should be a label such as O, B-PER, I-PER, E-PER, S-PER, L-PER or U-PER, not {label:?}"
            ));
        }
        if !self.text.is_empty() {
            self.text.push(if self.tokens.is_empty() { '\n' } else { ' ' });
        }
        let start = self.text.len();
        self.text.push_str(&word);
        if self.ours && tabs {
            let entity = line.split('\t').nth(1).filter(|entity| *entity != "_" && line.split('\t').count() == 3);
            self.entities.extend(entity.map(|entity| (self.tokens.len(), names.get(&unescape(entity)))));
        }
        self.tokens.push(Span::new(start, self.text.len()));
        self.token_labels.push(names.get(label));
        Ok(())
    }

    fn close_sentence(&mut self, detector: &mut SchemeDetector, names: &mut Names) {
        if self.tokens.is_empty() {
            return;
        }
        detector.add(&self.token_labels);
        for (start, end, label) in spans_of(&self.token_labels) {
            let place = Span::new(self.tokens[start].start, self.tokens[end - 1].end);
            self.mentions.push(AnnotatedMention::new(place, Some(names.get(label)), self.entities.remove(&start)));
        }
        self.labels.push(&self.token_labels);
        self.sentences.push(self.tokens.as_slice().to_vec());
        self.tokens.clear();
        self.token_labels.clear();
        self.entities.clear();
    }

    /// Hands the document over; false if there was none.
    fn finish(&mut self, corpus: &mut Corpus, detector: &mut SchemeDetector, names: &mut Names, path: &Path) -> bool {
        self.close_sentence(detector, names);
        if self.sentences.is_empty() {
            return false;
        }
        let mut building = std::mem::take(self);
        building.mentions.shrink_to_fit();
        building.text.shrink_to_fit();
        let document = Annotation {
            text: Some(building.text),
            unit: OffsetUnit::Byte,
            tokens: Some(Tokens { sentences: building.sentences, labels: Some(building.labels) }),
            mentions: building.mentions,
            ..Annotation::default()
        };
        push(corpus, document, building.id, path);
        true
    }
}

/// Whether `label` is outside, or a prefix with a type. A bare type (the IO scheme) must be in capitals.
fn valid_label(label: &str) -> bool {
    match label.split_once('-') {
        Some((prefix, kind)) => matches!(prefix, "B" | "I" | "E" | "S" | "L" | "U") && !kind.is_empty(),
        None => label == "_" || label.chars().all(|c| c.is_ascii_uppercase() || c == '_'),
    }
}

/// Replaces `\u{…}` by its character.
fn unescape(field: &str) -> Cow<'_, str> {
    if !field.contains('\\') {
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

fn escape(field: &str) -> String {
    let mut escaped = String::with_capacity(field.len());
    for (index, c) in field.char_indices() {
        let begins_escape = field[index..].starts_with("\\u{");
        if c.is_whitespace() || c.is_control() || begins_escape {
            escaped += &format!("\\u{{{:x}}}", u32::from(c));
        } else {
            escaped.push(c);
        }
    }
    match escaped.strip_prefix("-DOCSTART-") {
        Some(rest) => format!("\\u{{2d}}DOCSTART-{rest}"),
        None => escaped,
    }
}

/// Writes strict IOB2 with the entity in the middle column. Text without tokens is cut at white space and punctuation.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Tokens]);
        let text = document.text();
        let sentences = if let Some(tokens) = &document.tokens {
            tokens.sentences.clone()
        } else {
            losses.add("documents whose white space is no longer known", 1);
            words(text)
        };
        let labels = iob2_labels(document, &sentences);
        let spelled = labels.iter().flatten().filter(|label| label.starts_with("B-")).count();
        let wanted = document.mentions.iter().filter(|mention| !mention.is_skipped()).count();
        losses.add("mentions inside another", wanted.saturating_sub(spelled));
        let mut entities: Vec<(Span, &Name)> =
            document.mentions.iter().filter_map(|mention| Some((mention.span, mention.entity.as_ref()?))).collect();
        entities.sort_by_key(|(span, _)| crate::eval::select::order(*span));
        writeln!(out, "-DOCSTART-\t_\tO\n# id = {}\n", escape(&document.id).replace("\\u{20}", " "))?;
        let mut next = 0;
        for (tokens, labels) in sentences.iter().zip(&labels) {
            for (token, label) in tokens.iter().zip(labels) {
                while entities.get(next).is_some_and(|(span, _)| span.end <= token.start) {
                    next += 1;
                }
                let entity = entities.get(next).filter(|(span, _)| span.overlaps(*token) && &**label != "O");
                let entity = entity.map_or_else(|| "_".to_owned(), |(_, name)| escape(name));
                writeln!(out, "{}\t{entity}\t{label}", escape(token.of(text)))?;
            }
            writeln!(out)?;
        }
    }
    Ok(())
}

/// Words and single punctuation marks, a sentence a line of the text.
pub(super) fn words(text: &str) -> Vec<Vec<Span>> {
    use unicode_segmentation::UnicodeSegmentation;
    let mut sentences = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let place = |(index, word): (usize, &str)| Span::new(start + index, start + index + word.len());
        let tokens: Vec<Span> =
            line.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty()).map(place).collect();
        if !tokens.is_empty() {
            sentences.push(tokens);
        }
        start += line.len();
    }
    sentences
}
