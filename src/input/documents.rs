//! Documents of any number of sources, one after another.

use super::conll::ConllReader;
use super::error::{Fault, InputError};
use super::jsonl::JsonlReader;
use super::progress::ReadProgress;
use super::source::{Source, Sources, expand, total_bytes};
use super::{InputFormat, InputOptions, text};
use crate::document::Document;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::hash::{DefaultHasher, Hash, Hasher};

/// Documents of one source, each with its line where several share a file.
type DocumentIterator = Box<dyn Iterator<Item = Result<(Document, Option<u64>), InputError>> + Send>;

/// An iterator over the documents that some arguments name; goes on after every error.
///
/// Ids must be unique. Only a 64-bit hash of each is kept, about 16 bytes a document: among ten million documents the
/// chance that two different ids are taken for one is three in a million.
///
/// ```
/// use namesake::input::{Documents, InputOptions};
/// for document in Documents::open(["examples"], InputOptions::default()) {
///     let document = document?;
///     println!("{}: {} bytes", document.id, document.text.len());
/// }
/// # Ok::<(), namesake::input::InputError>(())
/// ```
pub struct Documents {
    options: InputOptions,
    arguments: std::vec::IntoIter<OsString>,
    sources: Sources,
    current: DocumentIterator,
    /// Name of the source that `current` reads.
    origin: String,
    seen: HashSet<u64>,
    progress: ReadProgress,
}

impl std::fmt::Debug for Documents {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Documents")
            .field("options", &self.options)
            .field("progress", &self.progress)
            .finish_non_exhaustive()
    }
}

impl Documents {
    /// Documents of files, folders (everything below), globs, and `-` for standard input, in this order. Nothing is
    /// opened before it is asked for.
    pub fn open<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>, options: InputOptions) -> Self {
        let arguments: Vec<OsString> = arguments.into_iter().map(|argument| argument.as_ref().to_owned()).collect();
        let progress = ReadProgress::default();
        {
            // Listing a folder of millions of files takes seconds: the first document need not wait for the total.
            let (arguments, options, progress) = (arguments.clone(), options.clone(), progress.clone());
            std::thread::spawn(move || progress.set_total(total_bytes(&arguments, &options).unwrap_or(0)));
        }
        Self {
            options,
            arguments: arguments.into_iter(),
            sources: Box::new(std::iter::empty()),
            current: Box::new(std::iter::empty()),
            origin: String::new(),
            seen: HashSet::new(),
            progress,
        }
    }

    /// How far reading has come; may be asked from another thread at any time.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }

    fn read(&self, source: &Source) -> Result<DocumentIterator, Fault> {
        let mut reader = source.open(&self.progress)?;
        let name = source.name.clone();
        let limit = self.options.max_document_bytes;
        Ok(match source.format(&self.options, &mut reader)? {
            InputFormat::Text => Box::new(std::iter::once(
                text::read(&mut reader, &name, limit).map(|document| (document, None)).map_err(|fault| fault.of(&name)),
            )),
            InputFormat::Jsonl => {
                Box::new(JsonlReader { reader, name, options: self.options.clone(), line: 0, failed: false })
            }
            InputFormat::Conll => Box::new(ConllReader::new(reader, &name, limit).map(|labelled| {
                let labelled = labelled?;
                Ok((labelled.document, Some(labelled.line)))
            })),
        })
    }

    fn check_id(&mut self, document: Document, line: Option<u64>) -> Result<Document, InputError> {
        let mut hasher = DefaultHasher::new();
        document.id.hash(&mut hasher);
        if self.seen.insert(hasher.finish()) {
            return Ok(document);
        }
        Err(InputError { origin: self.origin.clone(), line, fault: Fault::DuplicateId { id: document.id } })
    }
}

impl Iterator for Documents {
    type Item = Result<Document, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(document) = self.current.next() {
                return Some(document.and_then(|(document, line)| self.check_id(document, line)));
            }
            self.current = Box::new(std::iter::empty());
            if let Some(source) = self.sources.next() {
                let opened = source.and_then(|source| {
                    let documents = self.read(&source).map_err(|fault| fault.of(&source.name))?;
                    Ok((documents, source.name))
                });
                match opened {
                    Ok((documents, origin)) => (self.current, self.origin) = (documents, origin),
                    Err(error) => return Some(Err(error)),
                }
                continue;
            }
            let argument = self.arguments.next()?;
            self.sources = expand(&argument, &self.options);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn goes_on_after_every_fault_and_names_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::write(path("a.txt"), "Oslo").unwrap();
        std::fs::write(path("b.conll"), "# id = x\nOslo O\n\n-DOCSTART- O\n\n# id = x\nRome O\n").unwrap();
        std::fs::write(path("c.jsonl"), "{\"id\": \"x\", \"text\": \"\"}\n{\"text\": \"Bern\"}\n").unwrap();
        let arguments = ["a.txt", "none.txt", "b.conll", "c.jsonl", "a.txt"].map(path);
        let documents = Documents::open(arguments, InputOptions::default());
        let found: Vec<String> = documents
            .map(|document| match document {
                Ok(document) => document.text,
                Err(error) => format!("{} {:?} {}", error.origin, error.line, error.fault.kind()),
            })
            .map(|found| found.replace(&format!("{}/", folder.path().display()), ""))
            .collect();
        assert_eq!(
            found,
            [
                "Oslo",
                "none.txt None missing",
                "Oslo",
                "b.conll Some(7) duplicate-id",
                "c.jsonl Some(1) duplicate-id",
                "Bern",
                "a.txt None duplicate-id"
            ]
        );
    }

    #[test]
    fn nothing_is_opened_before_it_is_asked_for() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("late.txt");
        let mut documents = Documents::open([&path], InputOptions::default());
        std::fs::write(&path, "Oslo").unwrap();
        assert_eq!(documents.next().unwrap().unwrap().text, "Oslo");
        assert_eq!(documents.progress().bytes_read(), 4);
        assert!(documents.next().is_none());
    }
}
