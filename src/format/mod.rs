//! The formats of the field, one file each: from files to [`AnnotatedDocument`]s and back. Every command reads through
//! [`open`] (one file or folder with annotations) or [`Documents`] (many sources, for their texts), and writes through
//! [`Output`].
//!
//! What must hold: texts arrive unaltered; offsets are bytes as soon as the text is known, and every mention is checked to
//! lie in it; whatever is wrong with one line or file is an [`InputError`] that says where; the same documents give the
//! same bytes; what a format cannot carry is counted in [`Losses`].
//!
//! A new format is one file with a reader, a [`DocumentWriter`] or both, and one line in each `match` of this file.
//!
//! ```
//! use namesake::format::{Format, ReadOptions, open, write};
//!
//! let folder = tempfile::tempdir()?;
//! let path = folder.path().join("gold.conll");
//! std::fs::write(&path, "Oslo\tB-LOC\n.\tO\n")?;
//! let documents = open(&path, &ReadOptions::default())?.collect::<Result<Vec<_>, _>>()?;
//! assert_eq!(documents[0].mentions[0].span.of(documents[0].text()), "Oslo");
//! let mut bytes = Vec::new();
//! write(&documents, Format::Spacy, &mut bytes)?;
//! assert!(bytes.starts_with(br#"{"ents":[{"end":4,"label":"LOC","start":0}]"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod arguments;
#[cfg(feature = "formats")]
mod brat;
#[cfg(feature = "formats")]
mod chains;
#[cfg(feature = "formats")]
mod conll;
mod detect;
#[cfg(feature = "formats")]
mod doccano;
mod documents;
#[cfg(feature = "formats")]
mod draft;
mod error;
#[cfg(feature = "formats")]
mod gold;
#[cfg(feature = "pages")]
mod html;
#[cfg(feature = "formats")]
mod hugging_face;
#[cfg(feature = "formats")]
mod json;
mod jsonl;
#[cfg(feature = "formats")]
mod label_studio;
mod lines;
mod losses;
mod namesake;
#[cfg(feature = "formats")]
mod nif;
mod open;
mod opened;
mod options;
mod origin;
mod output;
mod packed;
#[cfg(feature = "formats")]
mod pretty;
mod progress;
mod reader;
mod records;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(feature = "formats")]
mod spacy;
#[cfg(test)]
#[cfg(feature = "formats")]
mod tests;
mod text;
mod utf16;
#[cfg(feature = "formats")]
mod walk;
#[cfg(feature = "formats")]
mod webanno;

pub use documents::Documents;
pub use error::{Fault, InputError};
pub use losses::Losses;
pub use options::{OutputOptions, ReadOptions};
pub use output::{LineOutput, NewFolder, Output, OutputError, discard_unfinished, write};
pub use progress::ReadProgress;
pub use reader::{Reader, open};
pub use records::{RecordSource, Records};

use crate::annotation::AnnotatedDocument;
use std::io;
use std::str::FromStr;

/// The formats of documents and annotations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// A file is a text.
    Text,
    /// A line is a JSON object with a text and no annotations.
    Jsonl,
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
    /// What a Hugging Face token-classification pipeline gives (`entities`), beside its text.
    HuggingFace,
    /// doccano's JSON Lines, with `label` or with `entities` and `relations`.
    Doccano,
    /// Label Studio's JSON, a task a line or in a list.
    LabelStudio,
    /// NIF 2.0 in Turtle.
    Nif,
    /// Tables for people, on a terminal.
    Pretty,
    /// One self-contained page with highlighted text.
    Html,
}

/// What a format can be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// Documents are read from it for their texts.
    Texts,
    /// Documents are read from it with annotations.
    Annotations,
    /// Annotated documents are written in it.
    Writing,
}

impl Format {
    /// Every format, in the order in which help texts list them.
    pub const ALL: &[Self] = &[
        Self::Text,
        Self::Jsonl,
        Self::Namesake,
        Self::Gold,
        Self::Conll,
        Self::Brat,
        Self::WebAnno,
        Self::Spacy,
        Self::HuggingFace,
        Self::Doccano,
        Self::LabelStudio,
        Self::Nif,
        Self::Pretty,
        Self::Html,
    ];

    /// The name that users type.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Jsonl => "jsonl",
            Self::Namesake => "namesake",
            Self::Gold => "gold",
            Self::Conll => "conll",
            Self::Brat => "brat",
            Self::WebAnno => "webanno",
            Self::Spacy => "spacy",
            Self::HuggingFace => "hugging-face",
            Self::Doccano => "doccano",
            Self::LabelStudio => "label-studio",
            Self::Nif => "nif",
            Self::Pretty => "pretty",
            Self::Html => "html",
        }
    }

    /// The format of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|format| format.name().eq_ignore_ascii_case(name))
    }

    /// Whether the format can be used so.
    #[must_use]
    pub const fn is_for(self, purpose: Use) -> bool {
        match purpose {
            Use::Texts => !matches!(self, Self::Pretty | Self::Html),
            Use::Annotations => !matches!(self, Self::Pretty | Self::Html | Self::Text | Self::Jsonl),
            Use::Writing => !matches!(self, Self::Text | Self::Jsonl | Self::HuggingFace),
        }
    }

    /// The formats that can be used so, in the order in which help texts list them.
    pub fn all_for(purpose: Use) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |format| format.is_for(purpose))
    }

    /// Names of the formats that can be read, for messages.
    fn names() -> String {
        Self::all_for(Use::Texts).map(Self::name).collect::<Vec<_>>().join(", ")
    }

    /// The endings, without the dot, of files in which a folder's documents are looked for, and the format of each.
    const ENDINGS: &[(Self, &[&str])] = &[
        (Self::Text, &["txt", "text", "md"]),
        (Self::Jsonl, &["jsonl", "ndjson"]),
        (Self::Conll, &["conll", "iob", "iob2", "bio", "bioes", "bilou"]),
    ];

    /// The format that this file ending (without the dot, any case) stands for.
    #[must_use]
    pub fn from_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        Self::ENDINGS.iter().find(|(_, endings)| endings.contains(&ending.as_str())).map(|(format, _)| *format)
    }

    /// A writer of this format.
    ///
    /// # Errors
    /// If the format is only read.
    pub fn writer(self, options: &OutputOptions) -> Result<Box<dyn DocumentWriter>, OutputError> {
        Ok(match self {
            Self::Namesake => Box::new(namesake::NamesakeWriter::new(options)),
            #[cfg(feature = "pages")]
            Self::Html => Box::new(crate::page::DocumentPage::new()),
            #[cfg(feature = "formats")]
            Self::Pretty => Box::new(pretty::PrettyWriter::new(options)),
            #[cfg(feature = "formats")]
            Self::Gold => Box::new(gold::GoldWriter),
            #[cfg(feature = "formats")]
            Self::Conll => Box::new(conll::ConllWriter),
            #[cfg(feature = "formats")]
            Self::Brat => Box::new(brat::BratWriter::default()),
            #[cfg(feature = "formats")]
            Self::WebAnno => Box::new(webanno::WebAnnoWriter::default()),
            #[cfg(feature = "formats")]
            Self::Spacy => Box::new(spacy::SpacyWriter),
            #[cfg(feature = "formats")]
            Self::Doccano => Box::new(doccano::DoccanoWriter::default()),
            #[cfg(feature = "formats")]
            Self::LabelStudio => Box::new(label_studio::LabelStudioWriter::default()),
            #[cfg(feature = "formats")]
            Self::Nif => Box::new(nif::NifWriter::default()),
            Self::Text | Self::Jsonl | Self::HuggingFace => return Err(OutputError::ReadOnly { format: self.name() }),
            #[cfg(not(all(feature = "formats", feature = "pages")))]
            other => return Err(OutputError::NotBuilt { format: other.name() }),
        })
    }
}

impl std::fmt::Display for Format {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = OutputError;

    fn from_str(name: &str) -> Result<Self, OutputError> {
        Self::from_name(name).ok_or_else(|| OutputError::UnknownFormat { name: name.to_owned() })
    }
}

/// Writes documents in one format: `begin` once, `document` for each, `end` once. What the format cannot carry is counted.
pub trait DocumentWriter: Send {
    /// Writes what stands before the first document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn begin(&mut self, out: &mut dyn io::Write) -> Result<(), OutputError> {
        let _ = out;
        Ok(())
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When `out` cannot be written to, when a mention does not fit the text, or when the format cannot hold the document.
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn io::Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError>;

    /// Writes what stands after the last document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    fn end(&mut self, out: &mut dyn io::Write) -> Result<(), OutputError> {
        let _ = out;
        Ok(())
    }
}
