//! Documents of any number of sources, one after another.

use super::ReadOptions;
use super::arguments::{expand, total_bytes};
use super::error::{Fault, InputError};
use super::open::{Source, Sources};
use super::opened::{Annotated, Opened, Wanted};
use super::origin::Origin;
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
    /// The source that `current` reads.
    origin: Origin,
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
            origin: Origin::default(),
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

    fn check_id(&mut self, mut document: Document, line: Option<u64>) -> Result<Document, InputError> {
        document.source.clone_from(&self.origin.place);
        if self.options.root.is_some()
            && let Some(id) = self.origin.lasting_id(&document)
        {
            let is_path = id == self.origin.place;
            document.id = id;
            if !is_path {
                // Two equal texts of one source are two documents.
                let twins = (2_u64..).map(|number| format!("{}-{number}", document.id));
                let mut ids = std::iter::once(document.id.clone()).chain(twins);
                document.id = ids.find(|id| self.seen.insert(hash_of(id))).unwrap_or_default();
                return Ok(document);
            }
        }
        if self.seen.insert(hash_of(&document.id)) {
            return Ok(document);
        }
        Err(InputError { origin: self.origin.name.clone(), line, fault: Fault::DuplicateId { id: document.id } })
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
                    Ok((documents, Origin::of(&source, &self.options)))
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

fn hash_of(id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    id.hash(&mut hasher);
    hasher.finish()
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
    fn under_a_root_ids_do_not_hang_on_how_and_where_a_document_was_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        std::fs::create_dir(path("news")).unwrap();
        std::fs::write(path("news/a.txt"), "Oslo").unwrap();
        std::fs::write(path("b.jsonl"), "{\"text\": \"Bern\"}\n{\"id\": 7, \"text\": \"Rome\"}\n").unwrap();
        std::fs::write(path("c.jsonl"), "{\"text\": \"Lima\"}\n{\"text\": \"Bern\"}\n{\"text\": \"Bern\"}\n").unwrap();
        let ids = |arguments: &[&str], root: &str| -> Vec<String> {
            let options = ReadOptions::default().with_root(path(root));
            let documents = Documents::open(arguments.iter().map(|name| path(name)), options);
            documents
                .map(|document| document.map_or_else(|error| error.fault.kind().to_owned(), |found| found.id))
                .collect()
        };
        assert_eq!(ids(&["news"], ""), ["news/a.txt"]);
        assert_eq!(ids(&["./news/../news/a.txt", "news/a.txt"], ""), ["news/a.txt", "duplicate-id"]);
        assert_eq!(ids(&["news/a.txt"], "news"), ["a.txt"]);
        let (first, second) = (ids(&["b.jsonl"], ""), ids(&["c.jsonl"], ""));
        assert_eq!(first[1], "7");
        // A line before it changes nothing; an equal text in one file is a document of its own.
        assert!(first[0].starts_with("b.jsonl#") && second[1].starts_with("c.jsonl#"), "{first:?} {second:?}");
        assert_eq!(first[0][1..], second[1][1..]);
        assert_eq!(second[2], format!("{}-2", second[1]));
        let outside = ids(&["news/a.txt"], "nowhere");
        assert!(outside[0].ends_with("/news/a.txt"), "{outside:?}");
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
