//! CoNLL columns: a line is a token, its first column the word, its last the label.
//!
//! The text is made from the tokens: a blank between them, a line break between sentences. In files that our program has
//! written (three columns below a `-DOCSTART-` line that reads `_` and `O`), the middle column is the entity.

use super::file::{name, open, push};
use super::{Corpus, FormatError, Kept, Losses};
use crate::document::{OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Name, Names, Tokens};
use crate::eval::labels::SchemeDetector;
use crate::eval::span::spans_from_labels;
use crate::eval::token::iob2_labels;
use std::io::{self, BufRead, Write};
use std::path::Path;

/// A document while its lines are read.
#[derive(Default)]
struct Building {
    id: Option<String>,
    text: String,
    sentences: Vec<Vec<Span>>,
    labels: Vec<Vec<Name>>,
    entities: Vec<Vec<Option<Name>>>,
    open: bool,
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
            if building.finish(&mut corpus, &mut detector, path) {
                building = Building::default();
            }
            building.ours = line.split('\t').skip(1).eq(["_", "O"]);
        } else if line.trim().is_empty() {
            building.open = false;
        } else if let Some(id) = comment_id(line).filter(|_| building.sentences.is_empty()) {
            building.id = Some(unescape(id));
        } else {
            building.take(line, &mut names).map_err(syntax)?;
        }
    }
    building.finish(&mut corpus, &mut detector, path);
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
        let columns: Vec<&str> =
            if line.contains('\t') { line.split('\t').collect() } else { line.split_whitespace().collect() };
        let (Some(&word), Some(&label), true) = (columns.first(), columns.last(), columns.len() > 1) else {
            return Err(format!("expected a token and its label, parted by a tab or blanks, not {line:?}"));
        };
        let word = unescape(word);
        if word.is_empty() {
            return Err("the token is empty".to_owned());
        }
        if !valid_label(label) {
            return Err(format!(
                "the last column should be a label such as O, B-PER, I-PER, E-PER, S-PER, L-PER or U-PER, not {label:?}"
            ));
        }
        if self.open {
            self.text.push(' ');
        } else {
            if !self.text.is_empty() {
                self.text.push('\n');
            }
            self.sentences.push(Vec::new());
            self.labels.push(Vec::new());
            self.entities.push(Vec::new());
            self.open = true;
        }
        let start = self.text.len();
        self.text.push_str(&word);
        let entity = columns.get(1).filter(|entity| self.ours && columns.len() == 3 && **entity != "_");
        if let (Some(sentence), Some(labels), Some(entities)) =
            (self.sentences.last_mut(), self.labels.last_mut(), self.entities.last_mut())
        {
            sentence.push(Span::new(start, self.text.len()));
            labels.push(names.get(label));
            entities.push(entity.map(|entity| names.get(&unescape(entity))));
        }
        Ok(())
    }

    /// Hands the document over; false if there was none.
    fn finish(&mut self, corpus: &mut Corpus, detector: &mut SchemeDetector, path: &Path) -> bool {
        if self.sentences.is_empty() {
            return false;
        }
        let building = std::mem::take(self);
        let mut mentions = Vec::new();
        for ((sentence, labels), entities) in building.sentences.iter().zip(&building.labels).zip(&building.entities) {
            detector.add(labels);
            for span in spans_from_labels(labels) {
                let place = Span::new(sentence[span.start].start, sentence[span.end - 1].end);
                let label = Some(Name::from(span.label));
                mentions.push(AnnotatedMention::new(place, label, entities[span.start].clone()));
            }
        }
        let document = Annotation {
            text: Some(building.text),
            unit: OffsetUnit::Byte,
            tokens: Some(Tokens { sentences: building.sentences, labels: Some(building.labels) }),
            mentions,
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
fn unescape(field: &str) -> String {
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
    plain + rest
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
