//! `WebAnno` TSV 3 (INCEpTION): tokens with annotation columns that the header names. The named-entity layer gives mentions
//! (`value` the type, `identifier` the link), a chain layer gives entities. Offsets are UTF-16 units, as in Java.

use super::conll::words;
use super::file::{Surfaces, name, open, place, push};
use super::{Corpus, FormatError, Kept, Losses, chains, read_all};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names, Tokens};
use crate::eval::token::Borders;
use std::collections::BTreeMap;
use std::io::{self, Write};
use std::path::Path;

const ENTITY_LAYER: &str = "de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity";
const CHAIN_LAYER: &str = "de.tudarmstadt.ukp.dkpro.core.api.coref.type.CoreferenceLink";

/// Where the header puts what we read; columns count from the first after the token.
#[derive(Default)]
struct Columns {
    value: Option<usize>,
    identifier: Option<usize>,
    chain: Option<usize>,
    next: usize,
    layers: Vec<String>,
}

impl Columns {
    fn take(&mut self, layer: &str) {
        let mut parts = layer.split('|');
        let layer = parts.next().unwrap_or_default();
        let features: Vec<&str> = parts.collect();
        let find = |feature: &str| features.iter().position(|known| *known == feature).map(|place| self.next + place);
        if layer.ends_with("NamedEntity") {
            (self.value, self.identifier) = (find("value"), find("identifier"));
        }
        if let Some(chain) = find("referenceRelation") {
            self.chain = Some(chain);
        }
        self.layers.push(layer.to_owned());
        self.next += features.len();
    }
}

/// What the rows say, until the text is complete.
#[derive(Default)]
struct Rows {
    text: String,
    length: usize,
    sentences: Vec<Vec<Span>>,
    /// Mentions: by disambiguation number, or by row where there is none.
    mentions: BTreeMap<(usize, usize), (Span, String, Option<String>)>,
    /// Links of chains by chain and place in the chain.
    links: BTreeMap<(String, String), Span>,
}

pub(super) fn read(path: &Path, unit: OffsetUnit) -> Result<Corpus, FormatError> {
    let file = read_all(open(path)?, path)?;
    let mut columns = Columns::default();
    let mut rows = Rows::default();
    let mut pending: Vec<String> = Vec::new();
    for (index, line) in file.lines().enumerate() {
        let syntax = |reason: String| FormatError::Syntax { path: path.to_owned(), line: index + 1, reason };
        if let Some(layer) = line.strip_prefix("#T_SP=").or(line.strip_prefix("#T_CH=")).or(line.strip_prefix("#T_RL="))
        {
            columns.take(layer);
            // A relation layer has a column more: where the relation comes from.
            columns.next += usize::from(line.starts_with("#T_RL="));
        } else if let Some(text) = line.strip_prefix("#Text=") {
            pending.push(unescape(text));
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            let mut fields = line.split('\t');
            let (Some(number), Some(offsets), Some(_)) = (fields.next(), fields.next(), fields.next()) else {
                return Err(syntax(format!("expected `1-1<tab>0-5<tab>token<tab>…`, not {line:?}")));
            };
            let range = offsets.split_once('-').and_then(|(start, end)| Some((start.parse().ok()?, end.parse().ok()?)));
            let Some((start, end)) = range else {
                return Err(syntax(format!("expected offsets such as `0-5`, not {offsets:?}")));
            };
            if !pending.is_empty() {
                rows.begin_sentence(&std::mem::take(&mut pending).join("\n"), start, unit).map_err(syntax)?;
            }
            if !number.contains('.')
                && let Some(sentence) = rows.sentences.last_mut()
            {
                sentence.push(Span::new(start, end));
            }
            let fields: Vec<&str> = fields.collect();
            rows.take(&fields, Span::new(start, end), &columns, index);
        }
    }
    if columns.value.is_none() {
        let reason = format!("the header names no NamedEntity layer with a feature `value`, only {:?}", columns.layers);
        return Err(FormatError::Syntax { path: path.to_owned(), line: 1, reason });
    }
    let id = name(path);
    let id = id.strip_suffix(".gz").unwrap_or(&id);
    let id = id.rsplit_once('.').map_or(id, |(stem, _)| stem).to_owned();
    let (mut document, links) = rows.into_document(unit, &id);
    let mut corpus = Corpus::default();
    place(&mut document, &Surfaces::new(), path, 1)?;
    chains::join(&mut document, &links);
    push(&mut corpus, document, Some(id), path);
    Ok(corpus)
}

impl Rows {
    /// Appends a sentence's text so that it begins at `start`; what stood between is not in the file.
    fn begin_sentence(&mut self, text: &str, start: usize, unit: OffsetUnit) -> Result<(), String> {
        if start < self.length {
            return Err(format!("the sentence begins at {start}, but the one before ends at {}", self.length));
        }
        if start - self.length > 1 << 20 {
            return Err(format!("the sentence begins at {start}, more than a million characters after the last"));
        }
        for gap in self.length..start {
            self.text.push(if gap == self.length { '\n' } else { ' ' });
        }
        self.text.push_str(text);
        self.length = start + text.chars().map(|c| width(unit, c)).sum::<usize>();
        self.sentences.push(Vec::new());
        Ok(())
    }

    fn take(&mut self, fields: &[&str], span: Span, columns: &Columns, row: usize) {
        let stack = |column: Option<usize>| -> Vec<(String, Option<usize>)> {
            let field = column.and_then(|column| fields.get(column)).copied().unwrap_or("_");
            if field == "_" || field.is_empty() { Vec::new() } else { stacked(field) }
        };
        let identifiers = stack(columns.identifier);
        for (place, (value, number)) in stack(columns.value).into_iter().enumerate() {
            let key = number.map_or((row + 1, place), |number| (0, number));
            let identifier = identifiers.get(place).map(|(identifier, _)| identifier.clone()).filter(|id| id != "*");
            let mention = self.mentions.entry(key).or_insert((span, value, identifier));
            mention.0 = Span::new(mention.0.start.min(span.start), mention.0.end.max(span.end));
        }
        for (value, _) in stack(columns.chain) {
            if let Some((chain, link)) = value.rsplit_once("->").and_then(|(_, place)| place.split_once('-')) {
                let known = self.links.entry((chain.to_owned(), link.to_owned())).or_insert(span);
                *known = Span::new(known.start.min(span.start), known.end.max(span.end));
            }
        }
    }

    fn into_document(self, unit: OffsetUnit, id: &str) -> (Annotation, Vec<(usize, usize)>) {
        let mut names = Names::default();
        let mut mentions: Vec<AnnotatedMention> = Vec::new();
        for (span, label, link) in self.mentions.into_values() {
            let label = (label != "*").then(|| names.get(&label));
            let mut mention = AnnotatedMention::new(span, label, None);
            if let Some(link) = link {
                mention.link = Some(names.get(&link));
            }
            mentions.push(mention);
        }
        mentions.sort_by_key(|mention| crate::eval::select::order(mention.span));
        let mut links = Vec::new();
        let mut first: Option<(String, usize)> = None;
        for ((chain, _), span) in self.links {
            let place = mentions.iter().position(|mention| mention.span == span).unwrap_or_else(|| {
                // Chains hold pronouns and nouns too, which are no named entities.
                let mut other = AnnotatedMention::new(span, None, None);
                other.extra_mut().coref = true;
                mentions.push(other);
                mentions.len() - 1
            });
            match &first {
                Some((same, head)) if *same == chain => links.push((*head, place)),
                _ => first = Some((chain, place)),
            }
        }
        let document = Annotation {
            id: id.to_owned(),
            text: Some(self.text),
            unit,
            tokens: Some(Tokens { sentences: self.sentences, labels: None }),
            mentions,
            ..Annotation::default()
        };
        (document, links)
    }
}

/// The annotations of a field: values with their disambiguation numbers.
fn stacked(field: &str) -> Vec<(String, Option<usize>)> {
    let mut values = Vec::new();
    let mut value = String::new();
    let mut number = None;
    let mut characters = field.chars();
    while let Some(c) = characters.next() {
        match c {
            '\\' => value.extend(characters.next()),
            '|' => values.push((std::mem::take(&mut value), number.take())),
            '[' => number = characters.by_ref().take_while(|&c| c != ']').collect::<String>().parse().ok(),
            other => value.push(other),
        }
    }
    values.push((value, number));
    values
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(c) = characters.next() {
        match (c, c == '\\') {
            (_, true) => match characters.next() {
                Some('n') => plain.push('\n'),
                Some('r') => plain.push('\r'),
                Some('t') => plain.push('\t'),
                other => plain.extend(other),
            },
            _ => plain.push(c),
        }
    }
    plain
}

/// Escapes a value; `text` is for whole lines, where only the backslash and line breaks matter.
fn escape(value: &str, special: &[char]) -> String {
    let mut escaped = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '\n' => escaped.push_str("\\n"),
            '\r' => escaped.push_str("\\r"),
            '\t' => escaped.push_str("\\t"),
            c if c == '\\' || special.contains(&c) => escaped.extend(['\\', c]),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Writes the documents as one, as a `WebAnno` file holds but one.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    losses.add("borders between documents: a WebAnno file holds one", documents.len().saturating_sub(1));
    writeln!(out, "#FORMAT=WebAnno TSV 3.3")?;
    writeln!(out, "#T_SP={ENTITY_LAYER}|identifier|value")?;
    writeln!(out, "#T_CH={CHAIN_LAYER}|referenceRelation|referenceType\n")?;
    let (mut offset, mut sentence_number, mut mention_number, mut chain_number) = (0, 0, 0, 0);
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Links, Kept::Tokens]);
        let text = document.text();
        let map = OffsetMap::new(text, OffsetUnit::Utf16);
        let place = |byte| offset + map.from_byte(byte).unwrap_or(byte);
        let sentences = document.tokens.as_ref().map_or_else(|| words(text), |tokens| tokens.sentences.clone());
        let borders = Borders::new(&sentences);
        let mut cells: Vec<[Vec<String>; 4]> =
            vec![<[Vec<String>; 4]>::default(); sentences.iter().map(Vec::len).sum()];
        let mut chain_of = vec![None; document.mentions.len()];
        for (_, mentions) in chains::groups(document) {
            chain_number += 1;
            for (link, mention) in mentions.into_iter().enumerate() {
                chain_of[mention] = Some(format!("*->{chain_number}-{}", link + 1));
            }
        }
        for (mention, chain) in document.mentions.iter().zip(chain_of) {
            mention_number += 1;
            let Some((first, past)) = borders.touched(mention.span) else { continue };
            losses.add("borders inside a token", usize::from(borders.range(mention.span).is_none()));
            for cell in &mut cells[first..past] {
                let special = ['[', ']', '|', '_', '*', ';', '>'];
                let spell = |value: Option<&str>| value.map_or_else(|| "*".to_owned(), |value| escape(value, &special));
                if !mention.is_coref() {
                    cell[0].push(format!("{}[{mention_number}]", spell(mention.link().map(|link| &**link))));
                    cell[1].push(format!("{}[{mention_number}]", spell(mention.label.as_deref())));
                }
                if let Some(chain) = &chain {
                    cell[2].push(chain.clone());
                    cell[3].push(format!("*[{mention_number}]"));
                }
            }
        }
        let mut cells = cells.into_iter();
        for sentence in &sentences {
            let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { continue };
            sentence_number += 1;
            writeln!(out, "\n#Text={}", escape(Span::new(first.start, last.end).of(text), &[]))?;
            for (number, token) in sentence.iter().enumerate() {
                let (start, end) = (place(token.start), place(token.end));
                write!(out, "{sentence_number}-{}\t{start}-{end}\t{}", number + 1, escape(token.of(text), &[]))?;
                for cell in cells.next().unwrap_or_default() {
                    write!(out, "\t{}", if cell.is_empty() { "_".to_owned() } else { cell.join("|") })?;
                }
                writeln!(out, "\t")?;
            }
        }
        offset = place(text.len()) + 1;
    }
    Ok(())
}

/// Units of `unit` that a character takes.
fn width(unit: OffsetUnit, c: char) -> usize {
    match unit {
        OffsetUnit::Char => 1,
        OffsetUnit::Byte => c.len_utf8(),
        OffsetUnit::Utf16 => c.len_utf16(),
    }
}
