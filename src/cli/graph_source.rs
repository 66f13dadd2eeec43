//! Where the documents of a graph come from: JSON lines, or a corpus store, or lines whose entities a store knows.

use crate::cli::progress;
use crate::cli::record_lines::RecordLines;
use crate::cli::type_args::{self, TypeArgs};
use anyhow::Context;
use clap::Args;
use indicatif::{HumanCount, ProgressBar};
use namesake::corpus::{CorpusStore, DocumentMember, DocumentPlace};
use namesake::format::{ReadOptions, RecordSource};
use namesake::graph::{Base, GraphDocument, GraphEntity, GraphOptions};
use namesake::label::{LabelTable, Selection, Tally};
use std::cell::RefCell;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What every `SQLite` file begins with.
const SQLITE: &[u8] = b"SQLite format 3\0";

#[derive(Debug, Args)]
pub struct SourceArgs {
    /// JSONL that extract, resolve or link wrote, - for standard input, or a corpus store
    #[arg(value_name = "INPUT")]
    input: OsString,

    #[command(flatten)]
    reading: ReadingArgs,
}

/// How the input is read.
#[derive(Debug, Args)]
pub struct ReadingArgs {
    /// Take corpus ids and names from this corpus store; every document must be linked in it
    #[arg(long, value_name = "FILE")]
    corpus: Option<PathBuf>,

    #[command(flatten)]
    types: TypeArgs,

    /// Stop at the first line that cannot be read
    #[arg(long)]
    strict: bool,

    /// Show no progress and no summary
    #[arg(short, long)]
    quiet: bool,
}

/// What RDF says besides.
#[derive(Debug, Args)]
pub struct RdfArgs {
    /// IRI that all identifiers begin with; it ends in / or :
    #[arg(long, value_name = "IRI", default_value_t)]
    base: Base,

    /// IRI to put before ids of a knowledge base that is not Wikidata, for owl:sameAs
    #[arg(long, value_name = "IRI")]
    knowledge_base: Option<String>,

    /// Name of the model that found the mentions, for the provenance
    #[arg(long, value_name = "NAME")]
    model: Option<String>,

    /// When the mentions were found, for the provenance, like 2026-02-11T10:00:00Z [default: not said]
    #[arg(long, value_name = "TIME")]
    time: Option<String>,
}

impl RdfArgs {
    /// The choices, checked.
    pub fn options(&self) -> anyhow::Result<GraphOptions> {
        let mut options = GraphOptions::default().with_base(self.base.clone());
        if let Some(prefix) = &self.knowledge_base {
            options = options.with_knowledge_base(prefix)?;
        }
        if let Some(model) = &self.model {
            options = options.with_model(model);
        }
        if let Some(time) = &self.time {
            options = options.with_time(time)?;
        }
        Ok(options)
    }
}

/// Documents, one after another.
pub struct Documents {
    source: Source,
    count: u64,
    table: LabelTable,
    selection: Selection,
    tally: Tally,
    quiet: bool,
}

enum Source {
    Lines { lines: Box<RecordLines>, corpus: Option<Box<CorpusStore>> },
    Store { corpus: Box<CorpusStore>, place: DocumentPlace, bar: Option<ProgressBar> },
}

impl SourceArgs {
    /// Opens the input.
    pub fn open(&self) -> anyhow::Result<Documents> {
        self.reading.open(&self.input)
    }

    /// Whether to show no progress and no summary.
    pub fn quiet(&self) -> bool {
        self.reading.quiet
    }
}

impl ReadingArgs {
    /// Whether anything is said about documents.
    pub fn is_used(&self) -> bool {
        self.strict || self.corpus.is_some() || self.types.is_used()
    }

    /// Opens an input.
    pub fn open(&self, input: &OsStr) -> anyhow::Result<Documents> {
        let path = Path::new(input);
        let source = if is_store(path)? {
            anyhow::ensure!(self.corpus.is_none(), "{} is a corpus store already; leave --corpus out", path.display());
            let corpus = CorpusStore::read(path)?;
            let total = corpus.summary()?.documents;
            let bar = if self.quiet { None } else { progress::bar(Some(total)) };
            Source::Store { corpus: Box::new(corpus), place: DocumentPlace::default(), bar }
        } else {
            let corpus = self.corpus.as_ref().map(CorpusStore::read).transpose()?;
            let lines = RecordLines::open(input, &ReadOptions::default(), self.strict, self.quiet)?;
            Source::Lines { lines: Box::new(lines), corpus: corpus.map(Box::new) }
        };
        let (table, selection) = (self.types.table()?, self.types.selection()?);
        Ok(Documents { source, count: 0, table, selection, tally: Tally::default(), quiet: self.quiet })
    }
}

fn is_store(path: &Path) -> anyhow::Result<bool> {
    if !path.is_file() {
        return Ok(false);
    }
    let mut begin = Vec::new();
    let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
    file.take(SQLITE.len() as u64).read_to_end(&mut begin)?;
    Ok(begin == SQLITE)
}

impl Documents {
    /// The next document; none at the end.
    pub fn next_document(&mut self) -> anyhow::Result<Option<GraphDocument>> {
        let (table, selection, tally) = (&self.table, &self.selection, RefCell::new(&mut self.tally));
        let select = |document: &mut GraphDocument| {
            let mut tally = tally.borrow_mut();
            document.retain(|kind, mentions| tally.stays(selection, kind, mentions) && selection.keeps(kind));
        };
        let next = match &mut self.source {
            Source::Lines { lines, corpus } => {
                let take = |source: &RecordSource| -> anyhow::Result<GraphDocument> {
                    let mut record = source.record().clone();
                    table.fold_record(&mut record)?;
                    let mut document = GraphDocument::try_from(record)?;
                    // What is left out here was left out by `link` too: a store knows the others alone.
                    select(&mut document);
                    if let Some(corpus) = corpus.as_ref() { linked(document, corpus) } else { Ok(document) }
                };
                loop {
                    let Some(source) = lines.next_record()? else { break None };
                    match take(&source) {
                        Ok(document) => break Some(document),
                        Err(error) => lines.fault(&error.to_string())?,
                    }
                }
            }
            Source::Store { corpus, place, .. } => match corpus.next_document(place)? {
                Some(id) => {
                    let members = corpus.members(&id)?.unwrap_or_default();
                    let mut document = stored(id, members);
                    select(&mut document);
                    Some(document)
                }
                None => None,
            },
        };
        self.count += u64::from(next.is_some());
        let message = || format!("{} documents", HumanCount(self.count));
        match &self.source {
            Source::Lines { lines, .. } => lines.show(message),
            Source::Store { bar: Some(bar), .. } => {
                bar.set_position(self.count);
                bar.set_message(message());
            }
            Source::Store { .. } => {}
        }
        Ok(next)
    }

    /// Documents so far.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Removes the bar; the exit code says whether all of the input could be read.
    pub fn finish(self) -> ExitCode {
        let code = match self.source {
            Source::Lines { lines, .. } => lines.finish(),
            Source::Store { bar, .. } => {
                if let Some(bar) = bar {
                    bar.finish_and_clear();
                }
                ExitCode::SUCCESS
            }
        };
        if !self.quiet {
            type_args::report(&self.tally, &self.selection);
        }
        code
    }
}

/// The document with the ids and names that a store has for its entities.
fn linked(mut document: GraphDocument, corpus: &CorpusStore) -> anyhow::Result<GraphDocument> {
    let Some(members) = corpus.members(&document.id)? else {
        anyhow::bail!("document '{}' is not in the corpus store; run `namesake link` on it first", document.id);
    };
    if members.len() != document.entities.len() {
        anyhow::bail!(
            "document '{}' is not as it was when it was linked; run `namesake link` on it again",
            document.id
        );
    }
    for (entity, member) in document.entities.iter_mut().zip(members) {
        entity.corpus_id = Some(member.corpus_id.to_string());
        entity.name = member.name;
        entity.entity_type = member.entity_type;
        entity.knowledge_id = member.knowledge_id.or(entity.knowledge_id.take());
    }
    Ok(document)
}

/// The document as a store knows it: without text, and without places.
fn stored(id: String, members: Vec<DocumentMember>) -> GraphDocument {
    let entities = members.into_iter().enumerate().map(|(number, member)| GraphEntity {
        id: format!("{id}#{}", number + 1),
        corpus_id: Some(member.corpus_id.to_string()),
        name: member.name,
        entity_type: member.entity_type,
        aliases: member.aliases,
        knowledge_id: member.knowledge_id,
        relations: Vec::new(),
    });
    GraphDocument { entities: entities.collect(), id, ..GraphDocument::default() }
}

/// What `load` and `query --store` say where the program was built without a store.
#[cfg(not(feature = "sparql-store"))]
pub fn no_store() -> anyhow::Error {
    anyhow::anyhow!(
        "this namesake was built without a graph store that stays; ask the documents themselves with `namesake graph query \
         --from linked.jsonl`, or write .nq with `namesake graph export` for a store of your own, or build namesake with \
         `cargo install --path . --features sparql-store` (needs a C++ compiler and libclang: `apt-get install g++ \
         libclang-dev`)"
    )
}
