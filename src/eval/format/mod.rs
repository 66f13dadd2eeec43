//! Annotations in the formats of the field: a file or folder comes in, a [`Corpus`] goes out, and the other way round.
//!
//! Offsets are converted to bytes as soon as the text is known, and every mention is checked to lie in it. What a format
//! cannot carry is counted in [`Losses`] when it is written. A new format is one file and one line in [`Format`].

mod brat;
mod chains;
mod conll;
mod doccano;
mod error;
mod file;
mod jsonl;
mod label_studio;
mod nif;
mod spacy;
mod webanno;

pub use error::FormatError;

use super::annotation::Annotation;
use super::labels::TagScheme;
use crate::document::OffsetUnit;
use std::collections::BTreeMap;
use std::io::{BufRead, Write};
use std::path::Path;

/// The formats of annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Our JSON Lines, `docs/output.md`.
    Namesake,
    /// JSON Lines with gold entities: `mentions` with `start`, `end`, `type`, `entity`, `skip` and so on.
    Gold,
    /// A token a line, the label in the last column.
    Conll,
    /// A folder of `.txt` and `.ann`.
    Brat,
    /// `WebAnno` (`INCEpTION`) TSV 3.
    WebAnno,
    /// spaCy's `Doc.to_json`, a document a line or in a list.
    Spacy,
    /// doccano's JSON Lines, with `label` or with `entities` and `relations`.
    Doccano,
    /// Label Studio's JSON, a task a line or in a list.
    LabelStudio,
    /// NIF 2.0 in Turtle.
    Nif,
}

impl Format {
    /// Every format with its name on the command line.
    pub const ALL: [(Self, &'static str); 9] = [
        (Self::Namesake, "namesake"),
        (Self::Gold, "gold"),
        (Self::Conll, "conll"),
        (Self::Brat, "brat"),
        (Self::WebAnno, "webanno"),
        (Self::Spacy, "spacy"),
        (Self::Doccano, "doccano"),
        (Self::LabelStudio, "label-studio"),
        (Self::Nif, "nif"),
    ];

    /// The name on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(format, _)| *format == self).map_or("", |(_, name)| name)
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(format, _)| *format)
    }
}

/// How to read; the default finds out the format and takes the unit that the format counts in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ReadOptions {
    format: Option<Format>,
    unit: Option<OffsetUnit>,
    entity_links: bool,
}

impl ReadOptions {
    /// Reads this format, whatever the file looks like.
    #[must_use]
    pub const fn with_format(mut self, format: Option<Format>) -> Self {
        self.format = format;
        self
    }

    /// Takes offsets to be counted in this unit.
    #[must_use]
    pub const fn with_unit(mut self, unit: Option<OffsetUnit>) -> Self {
        self.unit = unit;
        self
    }

    /// Takes the entity ids of gold JSON Lines for ids of a knowledge base, but for those that begin with `NIL`.
    #[must_use]
    pub const fn with_entity_links(mut self, entity_links: bool) -> Self {
        self.entity_links = entity_links;
        self
    }
}

/// Annotated documents of one source.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corpus {
    /// The documents, in the order of the source.
    pub documents: Vec<Annotation>,
    /// Tag scheme, where the source labels tokens.
    pub scheme: Option<TagScheme>,
    /// What the user should know of the reading.
    pub notes: Vec<String>,
}

/// Reads annotations from a file or folder.
///
/// # Errors
/// If the file cannot be read or is not in the format; the message says where.
pub fn read(path: &Path, options: &ReadOptions) -> Result<(Corpus, Format), FormatError> {
    let format = match options.format {
        Some(format) => format,
        None => file::detect(path)?,
    };
    let unit = |usual: OffsetUnit| options.unit.unwrap_or(usual);
    let corpus = match format {
        Format::Namesake | Format::Gold => jsonl::read(path, options.unit, options.entity_links),
        Format::Conll => conll::read(path),
        Format::Brat => brat::read(path, unit(OffsetUnit::Char)),
        Format::WebAnno => webanno::read(path, unit(OffsetUnit::Utf16)),
        Format::Spacy => spacy::read(path, unit(OffsetUnit::Char)),
        Format::Doccano => doccano::read(path, unit(OffsetUnit::Char)),
        Format::LabelStudio => label_studio::read(path, options.unit),
        Format::Nif => nif::read(path, unit(OffsetUnit::Char)),
    }?;
    Ok((corpus, format))
}

/// Writes one format to one stream. BRAT is a folder and has [`write_brat`].
///
/// # Errors
/// If writing fails, or a document has no text.
pub fn write(documents: &[Annotation], format: Format, out: &mut dyn Write) -> Result<Losses, FormatError> {
    if let Some(document) = documents.iter().find(|document| document.text.is_none()) {
        return Err(FormatError::NoText { id: document.id.clone() });
    }
    let mut losses = Losses::default();
    match format {
        Format::Namesake => jsonl::write_namesake(documents, out, &mut losses),
        Format::Gold => jsonl::write_gold(documents, out, &mut losses),
        Format::Conll => conll::write(documents, out, &mut losses),
        Format::Brat => return Err(FormatError::Folder),
        Format::WebAnno => webanno::write(documents, out, &mut losses),
        Format::Spacy => spacy::write(documents, out, &mut losses),
        Format::Doccano => doccano::write(documents, out, &mut losses),
        Format::LabelStudio => label_studio::write(documents, out, &mut losses),
        Format::Nif => nif::write(documents, out, &mut losses),
    }
    .map_err(FormatError::Write)?;
    Ok(losses)
}

pub use brat::write as write_brat;

/// What could not be carried over, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses(BTreeMap<&'static str, usize>);

impl Losses {
    fn add(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    /// Counts what most formats have no place for, unless `kept` names it.
    fn add_common(&mut self, document: &Annotation, kept: &[Kept]) {
        let count = |kind: Kept, holds: &dyn Fn(&super::annotation::AnnotatedMention) -> bool| {
            if kept.contains(&kind) { 0 } else { document.mentions.iter().filter(|mention| holds(mention)).count() }
        };
        self.add("entities of mentions", count(Kept::Entities, &|mention| mention.entity.is_some()));
        self.add("knowledge-base links of mentions", count(Kept::Links, &|mention| mention.link().is_some()));
        self.add("marks that a mention is to be skipped", count(Kept::Marks, &|mention| mention.is_skipped()));
        self.add("marks that a mention is a pronoun or noun", count(Kept::Marks, &|mention| mention.is_coref()));
        self.add("second types of mentions", count(Kept::Marks, &|mention| mention.alternative().is_some()));
        let scored = |mention: &super::annotation::AnnotatedMention| {
            mention.extra.as_ref().is_some_and(|extra| extra.score.is_some())
        };
        self.add("scores of mentions", count(Kept::Scores, &scored));
        if !kept.contains(&Kept::Metadata) {
            self.add("documents with metadata", usize::from(!document.metadata.is_empty()));
        }
        if !kept.contains(&Kept::Coverage) {
            let partial = document.coverage != super::annotation::Coverage::default();
            self.add("documents with a note on what is annotated", usize::from(partial));
        }
        if !kept.contains(&Kept::Tokens) {
            self.add("documents with tokens", usize::from(document.tokens.is_some()));
        }
    }

    /// Each loss with its number.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.0.iter().map(|(&what, &count)| (what, count))
    }
}

/// What a format has a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Entities,
    Links,
    Marks,
    Scores,
    Metadata,
    Coverage,
    Tokens,
}

/// A whole stream as text, for formats that cannot be read line by line.
fn read_all(mut reader: Box<dyn BufRead>, path: &Path) -> Result<String, FormatError> {
    let mut text = String::new();
    reader.read_to_string(&mut text).map_err(|source| FormatError::Read { path: path.to_owned(), source })?;
    if text.starts_with('\u{feff}') {
        text.remove(0);
    }
    Ok(text)
}

#[cfg(test)]
mod tests;
