//! Records of one source: the lines of `namesake/1` as they stand, or what any other format with entities says.

use super::arguments::expand;
use super::error::{Fault, InputError};
use super::lines::{decode, read_line};
use super::opened::{Annotated, Opened, Wanted};
use super::progress::ReadProgress;
use super::{Format, ReadOptions, detect, reader};
use crate::record::{CorpusLink, Record, RecordError, RecordLine, RecordOptions};
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

/// A record, with its line where it came from one.
#[derive(Debug)]
pub enum RecordSource {
    /// A line of `namesake/1`, which can be written again as it stood.
    Line(Box<RecordLine>),
    /// A document of another format.
    Other(Box<Record<'static>>),
}

impl RecordSource {
    /// What it says.
    #[must_use]
    pub fn record(&self) -> &Record<'static> {
        match self {
            Self::Line(line) => line.record(),
            Self::Other(record) => record,
        }
    }

    /// Gives the document another id.
    ///
    /// # Errors
    /// None that a string can cause; JSON libraries cannot know that.
    pub fn set_id(&mut self, id: &str) -> Result<(), RecordError> {
        match self {
            Self::Line(line) => line.set_id(id),
            Self::Other(record) => {
                record.id = id.to_owned().into();
                Ok(())
            }
        }
    }

    /// The record as one line of JSON, with the corpus entity of each entity, given in their order, and of each mention; a
    /// line stays as it was but for them.
    ///
    /// # Errors
    /// None that a record which was read can cause; JSON libraries cannot know that.
    pub fn with_corpus_links(&self, links: &[Option<CorpusLink>]) -> Result<String, RecordError> {
        match self {
            Self::Line(line) => line.with_corpus_links(links),
            Self::Other(record) => {
                let mut record = Record::clone(record);
                record.set_corpus_links(links)?;
                Ok(serde_json::to_string(&record)?)
            }
        }
    }
}

/// Records of one source, an iterator; goes on after one that cannot be read. No two have the same id: a second one would
/// silently replace the first wherever records are kept.
pub struct Records {
    sources: Sources,
    name: String,
    progress: ReadProgress,
    /// Hashes of the ids so far.
    seen: HashSet<u64>,
}

impl Records {
    /// Opens a file, packed or not, or standard input for `-`: JSON Lines of `namesake/1`, or any format with entities.
    ///
    /// # Errors
    /// If the file cannot be opened, or nothing says what format it has.
    pub fn open(path: &Path, options: &ReadOptions) -> Result<Self, InputError> {
        if path.is_dir() {
            let reader = reader::open(path, options)?;
            let (name, progress) = (reader.name().to_owned(), reader.progress());
            let documents = reader.map(|document| document.map(|document| (document, None)));
            return Ok(Self {
                sources: others(Box::new(documents), name.clone()),
                name,
                progress,
                seen: HashSet::new(),
            });
        }
        let name = path.to_string_lossy().into_owned();
        let source = expand(path.as_os_str(), &options.clone().with_format(Format::Text));
        let source = { source }.next().unwrap_or_else(|| Err(Fault::Missing.of(&name)))?;
        let at = |fault: Fault| fault.of(&source.name);
        let progress = ReadProgress::default();
        progress.set_total(path.metadata().map_or(0, |metadata| metadata.len()));
        let mut opened = Opened::new(&source, source.open(&progress).map_err(at)?, options);
        let format = match options.format {
            Some(format) => format,
            // What says nothing is taken for ours: the messages are about `namesake/1` then.
            None => detect::detect(&mut opened).unwrap_or(Format::Namesake),
        };
        let name = source.name.clone();
        let sources = if format == Format::Namesake {
            lines(opened)
        } else {
            others(reader::documents(opened, format, options, Wanted::Annotations).map_err(at)?, name.clone())
        };
        Ok(Self { sources, name, progress, seen: HashSet::new() })
    }

    /// How far reading has come.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }
}

impl Iterator for Records {
    type Item = Result<RecordSource, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        Some(self.sources.next()?.and_then(|(source, line)| {
            let id = &source.record().id;
            let mut hasher = DefaultHasher::new();
            id.hash(&mut hasher);
            if self.seen.insert(hasher.finish()) {
                return Ok(source);
            }
            let fault = Fault::DuplicateId { id: id.to_string() };
            Err(InputError { origin: self.name.as_str().into(), line, fault })
        }))
    }
}

impl std::fmt::Debug for Records {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Records").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Records with their lines, ids not compared yet.
type Sources = Box<dyn Iterator<Item = Result<(RecordSource, Option<u64>), InputError>> + Send>;

/// Lines of `namesake/1`; empty ones are passed over.
fn lines(mut opened: Opened) -> Sources {
    let (mut line, mut done) = (0, false);
    Box::new(std::iter::from_fn(move || {
        let mut bytes = Vec::new();
        while !done {
            line += 1;
            let at = |fault: Fault| fault.at_line(&opened.name, line);
            match read_line(&mut opened.reader, opened.limit, &mut bytes) {
                Ok(false) => return None,
                Ok(true) if bytes.trim_ascii().is_empty() => {}
                Ok(true) => {
                    let text = decode(std::mem::take(&mut bytes)).map_err(at);
                    let parsed = text.and_then(|text| RecordLine::parse(&text).map_err(|error| at(error.into())));
                    return Some(parsed.map(|record| (RecordSource::Line(Box::new(record)), Some(line))));
                }
                Err(fault) => {
                    // Past a long line reading can go on; past damage there is nothing to trust.
                    done = !matches!(fault, Fault::TooLong { .. });
                    return Some(Err(at(fault)));
                }
            }
        }
        None
    }))
}

/// Documents of another format, with every mention in an entity.
fn others(documents: Annotated, name: String) -> Sources {
    Box::new(documents.map(move |document| {
        let (mut document, line) = document?;
        let at = |fault: Fault| InputError { origin: name.as_str().into(), line, fault };
        if !document.has_text() {
            return Err(at(Fault::Syntax(format!("document {:?} comes without its text", document.id()))));
        }
        document.sort_mentions();
        document.complete_entities();
        let options = RecordOptions::new().with_text(document.has_text());
        let record = Record::of(&document, &options).map_err(|error| at(error.into()))?.into_owned();
        Ok((RecordSource::Other(Box::new(record)), line))
    }))
}
