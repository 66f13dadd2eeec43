//! One file or folder with annotations, read document by document.

use super::arguments::expand;
use super::error::{Fault, InputError};
use super::opened::{Annotated, Opened, Wanted};
use super::progress::ReadProgress;
use super::{Format, ReadOptions, Use, detect};
#[cfg(feature = "formats")]
use super::{brat, conll, doccano, gold, hugging_face, label_studio, nif, spacy, webanno};
use super::{jsonl, namesake, text};
use crate::annotation::AnnotatedDocument;
use crate::document::OffsetUnit;
use std::path::Path;

/// Documents of an open source in this format.
pub(super) fn documents(
    opened: Opened,
    format: Format,
    options: &ReadOptions,
    wanted: Wanted,
) -> Result<Annotated, Fault> {
    #[cfg(feature = "formats")]
    let unit = |usual: OffsetUnit| options.unit.unwrap_or(usual);
    Ok(match format {
        Format::Text => text::documents(opened),
        Format::Jsonl => jsonl::documents(opened, options),
        Format::Namesake => namesake::documents(opened, options.unit),
        #[cfg(feature = "formats")]
        Format::Gold => gold::documents(opened, options),
        #[cfg(feature = "formats")]
        Format::Conll => conll::documents(opened, wanted),
        #[cfg(feature = "formats")]
        Format::Brat => brat::documents(opened.path.ok_or_else(not_brat)?, unit(OffsetUnit::Char)),
        #[cfg(feature = "formats")]
        Format::WebAnno => webanno::documents(opened, unit(OffsetUnit::Utf16)),
        #[cfg(feature = "formats")]
        Format::Spacy => spacy::documents(opened, unit(OffsetUnit::Char)),
        #[cfg(feature = "formats")]
        Format::HuggingFace => hugging_face::documents(opened, unit(OffsetUnit::Char)),
        #[cfg(feature = "formats")]
        Format::Doccano => doccano::documents(opened, unit(OffsetUnit::Char)),
        #[cfg(feature = "formats")]
        Format::LabelStudio => label_studio::documents(opened, options.unit),
        #[cfg(feature = "formats")]
        Format::Nif => nif::documents(opened, unit(OffsetUnit::Char)),
        Format::Pretty | Format::Html => return Err(Fault::NoAnnotations { format: format.name() }),
        #[cfg(not(feature = "formats"))]
        other => return Err(Fault::NotBuilt { format: other.name() }),
    })
}

#[cfg(feature = "formats")]
fn not_brat() -> Fault {
    Fault::Syntax("BRAT is a folder of files, not a stream".to_owned())
}

/// Annotated documents of one file or folder, an iterator.
pub struct Reader {
    documents: Annotated,
    format: Format,
    name: String,
    /// Of the document that was read last.
    line: Option<u64>,
    progress: ReadProgress,
}

/// Opens annotations: a file, packed or not, `-` for standard input, or a folder of BRAT. What is wrong with one document is
/// an error in its place; whether the rest is of use is up to the caller.
///
/// # Errors
/// If the file cannot be opened, or neither `options` nor the file says what format it has.
pub fn open(path: &Path, options: &ReadOptions) -> Result<Reader, InputError> {
    let name = path.to_string_lossy().into_owned();
    let progress = ReadProgress::default();
    if path.is_dir() {
        let format = options.format.unwrap_or(Format::Brat);
        if format != Format::Brat {
            return Err(Fault::SeveralFiles.of(&name));
        }
        return Ok(Reader { documents: folder(path, options)?, format, name, line: None, progress });
    }
    let mut sources = expand(path.as_os_str(), &options.clone().with_format(Format::Text));
    let source = sources.next().unwrap_or_else(|| Err(Fault::Missing.of(&name)))?;
    if sources.next().is_some() {
        return Err(Fault::SeveralFiles.of(&name));
    }
    let at = |fault: Fault| fault.of(&source.name);
    progress.set_total(path.metadata().map_or(0, |metadata| metadata.len()));
    let reader = source.open(&progress).map_err(at)?;
    let mut opened = Opened::new(&source, reader, options);
    let format = match options.format {
        Some(format) => format,
        None => detect::detect(&mut opened).map_err(at)?,
    };
    if !format.is_for(Use::Annotations) {
        return Err(at(Fault::NoAnnotations { format: format.name() }));
    }
    let documents = documents(opened, format, options, Wanted::Annotations).map_err(at)?;
    Ok(Reader { documents, format, name: source.name, line: None, progress })
}

#[cfg(feature = "formats")]
#[expect(clippy::unnecessary_wraps, reason = "a build without the feature refuses")]
fn folder(path: &Path, options: &ReadOptions) -> Result<Annotated, InputError> {
    Ok(brat::documents(path.to_owned(), options.unit.unwrap_or(OffsetUnit::Char)))
}

#[cfg(not(feature = "formats"))]
fn folder(path: &Path, _: &ReadOptions) -> Result<Annotated, InputError> {
    Err(Fault::NotBuilt { format: Format::Brat.name() }.of(&path.to_string_lossy()))
}

impl Reader {
    /// The format, as asked for or found out.
    #[must_use]
    pub const fn format(&self) -> Format {
        self.format
    }

    /// The source as messages name it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where the document that was read last stands, as messages name it: the source, and the line if it has one.
    #[must_use]
    pub fn place(&self) -> String {
        self.line.map_or_else(|| self.name.clone(), |line| format!("{}:{line}", self.name))
    }

    /// How far reading has come.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }
}

impl Iterator for Reader {
    type Item = Result<AnnotatedDocument, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.documents.next()?.map(|(document, line)| {
            self.line = line;
            document
        }))
    }
}

impl std::fmt::Debug for Reader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Reader").field("name", &self.name).field("format", &self.format).finish_non_exhaustive()
    }
}
