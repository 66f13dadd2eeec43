//! Documents of any number of sources, one after another.

use super::ReadOptions;
use super::arguments::{expand, total_bytes};
use super::error::{Fault, InputError};
use super::open::{Source, Sources};
use super::opened::{Annotated, Opened, Wanted};
use super::progress::ReadProgress;
use super::reader;
use crate::document::Document;
use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::hash::{DefaultHasher, Hash, Hasher};

/// An iterator over the documents that some arguments name, read for their texts; goes on after every error. Annotations that
/// come with them are not looked at, but for tokens.
///
/// Ids must be unique. Only a 64-bit hash of each is kept, about 16 bytes a document: among ten million documents the
/// chance that two different ids are taken for one is three in a million.
///
/// ```
/// use namesake::format::{Documents, ReadOptions};
/// for document in Documents::open(["examples"], ReadOptions::default()) {
///     let document = document?;
///     println!("{}: {} bytes", document.id, document.text.len());
/// }
/// # Ok::<(), namesake::format::InputError>(())
/// ```
pub struct Documents {
    options: ReadOptions,
    arguments: std::vec::IntoIter<OsString>,
    sources: Sources,
    current: Annotated,
    /// Name of the source that `current` reads.
    origin: Box<str>,
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
    pub fn open<A: AsRef<OsStr>>(arguments: impl IntoIterator<Item = A>, options: ReadOptions) -> Self {
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
            origin: Box::default(),
            seen: HashSet::new(),
            progress,
        }
    }

    /// How far reading has come; may be asked from another thread at any time.
    #[must_use]
    pub fn progress(&self) -> ReadProgress {
        self.progress.clone()
    }

    fn read(&self, source: &Source) -> Result<Annotated, Fault> {
        let mut reader = source.open(&self.progress)?;
        let format = source.text_format(&self.options, &mut reader)?;
        reader::documents(Opened::new(source, reader, &self.options), format, &self.options, Wanted::Texts)
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
                return Some(document.and_then(|(annotated, line)| self.check_id(annotated.document, line)));
            }
            self.current = Box::new(std::iter::empty());
            if let Some(source) = self.sources.next() {
                let opened = source.and_then(|source| {
                    let documents = self.read(&source).map_err(|fault| fault.of(&source.name))?;
                    Ok((documents, source.name.into()))
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
        let documents = Documents::open(arguments, ReadOptions::default());
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
        let mut documents = Documents::open([&path], ReadOptions::default());
        std::fs::write(&path, "Oslo").unwrap();
        assert_eq!(documents.next().unwrap().unwrap().text, "Oslo");
        assert_eq!(documents.progress().bytes_read(), 4);
        assert!(documents.next().is_none());
    }
}
