//! `WebAnno` TSV 3 (INCEpTION): tokens with annotation columns that the header names. The named-entity layer gives mentions
//! (`value` the type, `identifier` the link), a chain layer gives entities. Offsets are UTF-16 units, as in Java.

use super::conll::words;
use super::draft::Draft;
use super::error::{Fault, InputError};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError, chains};
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use crate::token::Borders;
use std::collections::BTreeMap;
use std::io::Write;

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

/// The one document of the source, called after it.
pub(super) fn documents(mut opened: Opened, unit: OffsetUnit) -> Annotated {
    let document = read(&mut opened, unit).map(|document| (document, None));
    Box::new(std::iter::once(document))
}

fn read(opened: &mut Opened, unit: OffsetUnit) -> Result<AnnotatedDocument, InputError> {
    let name = opened.name.clone();
    let file = opened.text().map_err(|fault| fault.of(&name))?;
    let mut columns = Columns::default();
    let mut rows = Rows::default();
    let mut pending: Vec<String> = Vec::new();
    for (index, line) in file.lines().enumerate() {
        let syntax = |reason: String| Fault::Syntax(reason).at_line(&name, index as u64 + 1);
        if let Some(layer) = line.strip_prefix("#T_SP=").or(line.strip_prefix("#T_CH=")).or(line.strip_prefix("#T_RL="))
        {
            columns.take(layer);
            // A relation layer has a column more: where the relation comes from.
            columns.next += usize::from(line.starts_with("#T_RL="));
        } else if let Some(text) = line.strip_prefix("#Text=") {
            pending.push(unescape(text));
        } else if !line.starts_with('#') && !line.trim().is_empty() {
            let (number, span, fields) = row(line).map_err(syntax)?;
            if !pending.is_empty() {
                let text = std::mem::take(&mut pending).join("\n");
                rows.begin_sentence(&text, span.start, unit).map_err(syntax)?;
            }
            if !number.contains('.')
                && let Some(sentence) = rows.sentences.last_mut()
            {
                sentence.push(span);
            }
            rows.take(&fields, span, &columns, index);
        }
    }
    if columns.value.is_none() {
        let reason = format!("the header names no NamedEntity layer with a feature `value`, only {:?}", columns.layers);
        return Err(Fault::Syntax(reason).at_line(&name, 1));
    }
    let id = opened.file_name();
    let id = id.strip_suffix(".gz").unwrap_or(&id);
    let id = id.rsplit_once('.').map_or(id, |(stem, _)| stem);
    rows.into_document(unit, id).map_err(|fault| fault.at_line(&name, 1))
}

/// Number, place and annotations of a token.
fn row(line: &str) -> Result<(&str, Span, Vec<&str>), String> {
    let mut fields = line.split('\t');
    let (Some(number), Some(offsets), Some(_)) = (fields.next(), fields.next(), fields.next()) else {
        return Err(format!("expected `1-1<tab>0-5<tab>token<tab>…`, not {line:?}"));
    };
    let range =
        offsets.split_once('-').and_then(|(start, end)| Some(Span::new(start.parse().ok()?, end.parse().ok()?)));
    let span = range.ok_or_else(|| format!("expected offsets such as `0-5`, not {offsets:?}"))?;
    Ok((number, span, fields.collect()))
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

    fn into_document(self, unit: OffsetUnit, id: &str) -> Result<AnnotatedDocument, Fault> {
        let mut spans: Vec<_> = self.mentions.into_values().collect();
        spans.sort_by_key(|(span, _, _)| span.order());
        let mut draft = Draft::new(id, unit);
        for (span, label, link) in &spans {
            let mention = draft.mention(*span, Some(label.as_str()).filter(|label| *label != "*"));
            if let Some(link) = link {
                draft.link(mention, link);
            }
        }
        let mut links = Vec::new();
        let mut first: Option<(String, usize)> = None;
        let mut places: Vec<Span> = spans.iter().map(|(span, _, _)| *span).collect();
        for ((chain, _), span) in self.links {
            let place = places.iter().position(|place| *place == span).unwrap_or_else(|| {
                // Chains hold pronouns and nouns too, which are no named entities.
                places.push(span);
                let other = draft.mention(span, None);
                draft.mark(other).coref = true;
                other
            });
            match &first {
                Some((same, head)) if *same == chain => links.push((*head, place)),
                _ => first = Some((chain, place)),
            }
        }
        draft.document().document.sentences = Some(self.sentences);
        chains::join(draft.document(), &links);
        draft.finish(Some(self.text))
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
#[derive(Debug, Default)]
pub(super) struct WebAnnoWriter {
    documents: usize,
    /// Where the next document begins.
    offset: usize,
    sentences: usize,
    mentions: usize,
    chains: usize,
}

/// The annotations of a token: link, type, chain and kind of its links.
type Cell = [Vec<String>; 4];

impl DocumentWriter for WebAnnoWriter {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), OutputError> {
        writeln!(out, "#FORMAT=WebAnno TSV 3.3")?;
        writeln!(out, "#T_SP={ENTITY_LAYER}|identifier|value")?;
        writeln!(out, "#T_CH={CHAIN_LAYER}|referenceRelation|referenceType\n")?;
        Ok(())
    }

    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        self.documents += 1;
        losses.add("borders between documents: a WebAnno file holds one", usize::from(self.documents > 1));
        losses.add_common(annotated, &[Kept::Entities, Kept::Links, Kept::Tokens]);
        let text = annotated.text();
        let map = OffsetMap::new(text, OffsetUnit::Utf16);
        let offset = self.offset;
        let place = |byte| offset + map.from_byte(byte).unwrap_or(byte);
        let sentences = annotated.sentences().map_or_else(|| words(text), <[_]>::to_vec);
        let mut cells = self.cells(annotated, &sentences, losses).into_iter();
        for sentence in &sentences {
            let (Some(first), Some(last)) = (sentence.first(), sentence.last()) else { continue };
            self.sentences += 1;
            writeln!(out, "\n#Text={}", escape(Span::new(first.start, last.end).of(text), &[]))?;
            for (number, token) in sentence.iter().enumerate() {
                let (start, end) = (place(token.start), place(token.end));
                write!(out, "{}-{}\t{start}-{end}\t{}", self.sentences, number + 1, escape(token.of(text), &[]))?;
                for cell in cells.next().unwrap_or_default() {
                    write!(out, "\t{}", if cell.is_empty() { "_".to_owned() } else { cell.join("|") })?;
                }
                writeln!(out, "\t")?;
            }
        }
        self.offset = place(text.len()) + 1;
        Ok(())
    }
}

impl WebAnnoWriter {
    fn cells(&mut self, annotated: &AnnotatedDocument, sentences: &[Vec<Span>], losses: &mut Losses) -> Vec<Cell> {
        let borders = Borders::new(sentences);
        let mut cells: Vec<Cell> = vec![Cell::default(); sentences.iter().map(Vec::len).sum()];
        let mut chain_of = vec![None; annotated.mentions.len()];
        for entity in &annotated.entities {
            self.chains += 1;
            for (link, &mention) in (1..).zip(&entity.mentions) {
                chain_of[mention] = Some(format!("*->{}-{link}", self.chains));
            }
        }
        let owners = annotated.owners();
        for (index, (mention, chain)) in annotated.mentions.iter().zip(chain_of).enumerate() {
            self.mentions += 1;
            let Some((first, past)) = borders.touched(mention.span) else { continue };
            losses.add("borders inside a token", usize::from(borders.range(mention.span).is_none()));
            let label = Some(mention.entity_type.label()).filter(|_| mention.entity_type != EntityType::UNTYPED);
            for cell in &mut cells[first..past] {
                let special = ['[', ']', '|', '_', '*', ';', '>'];
                let spell = |value: Option<&str>| value.map_or_else(|| "*".to_owned(), |value| escape(value, &special));
                if !annotated.is_coref(index) {
                    cell[0].push(format!("{}[{}]", spell(annotated.link(index, owners[index])), self.mentions));
                    cell[1].push(format!("{}[{}]", spell(label), self.mentions));
                }
                if let Some(chain) = &chain {
                    cell[2].push(chain.clone());
                    cell[3].push(format!("*[{}]", self.mentions));
                }
            }
        }
        cells
    }
}

/// Units of `unit` that a character takes.
fn width(unit: OffsetUnit, c: char) -> usize {
    match unit {
        OffsetUnit::Char => 1,
        OffsetUnit::Byte => c.len_utf8(),
        OffsetUnit::Utf16 => c.len_utf16(),
    }
}
