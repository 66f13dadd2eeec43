//! Opening a corpus store to write to it, and what is said of it.

use crate::cli::aliases;
use crate::cli::outcome::tell;
use anyhow::Context;
use clap::Args;
use indicatif::HumanCount;
use namesake::alias_table::AliasTable;
use namesake::corpus::{CorpusStore, LinkOptions};
use namesake::format::LineOutput;
use namesake::record::{CorpusLink, RecordLine};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// How documents go into a store.
#[derive(Debug, Args)]
pub struct StoreArgs {
    /// Tell the paths of documents, which are their ids, from this folder [default: the folder of the store]
    #[arg(long, value_name = "FOLDER")]
    pub root: Option<PathBuf>,

    /// Let a document take the place of another one of the same id that came from elsewhere
    #[arg(long)]
    pub replace: bool,
}

impl StoreArgs {
    /// Opens the store at `path`, or makes it, and brings it up to date.
    pub fn open(&self, path: &Path, aliases: Option<&AliasTable>, options: LinkOptions) -> anyhow::Result<CorpusStore> {
        let mut options = options.with_replace(self.replace);
        if let Some(table) = aliases {
            options = options.with_aliases(table)?;
        }
        let mut store = CorpusStore::open(path)?.with_options(options);
        make_current(&mut store, path)?;
        Ok(store)
    }
}

/// Reads the alias table that belongs to a store.
pub fn read_aliases(path: Option<&Path>) -> anyhow::Result<Option<AliasTable>> {
    path.map(aliases::read).transpose()
}

/// Brings a store of an older version up to date before anything else, and says so.
pub fn make_current(store: &mut CorpusStore, path: &Path) -> anyhow::Result<()> {
    if let Some(version) = store.migrate()? {
        tell(format_args!(
            "namesake: {} was written by an older version (schema {version}): its name keys were made anew, ids and \
             decisions are as they were",
            path.display()
        ));
    }
    Ok(())
}

/// Says what became of the documents, where it was not only new ones.
pub fn report(store: &CorpusStore) {
    let tally = store.tally();
    let parts = [
        (tally.unchanged, "known and unchanged"),
        (tally.new_versions, "new versions of known ones"),
        (tally.new_analyses, "known, with other entities than before"),
    ];
    let parts: Vec<String> = parts
        .iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{} {what}", HumanCount(*count)))
        .collect();
    if !parts.is_empty() {
        tell(format_args!("of these documents {} were new; {}", HumanCount(tally.new), parts.join("; ")));
    }
}

/// A file of lines whose corpus entities are written when the run is over: what a line says of them may be overtaken by a
/// merge that a later document brings.
#[derive(Debug)]
pub struct FinalLines {
    place: PathBuf,
    lines: TempPath,
}

impl FinalLines {
    /// For the output at `place`, which is made at the end.
    pub fn create(place: &Path) -> anyhow::Result<Self> {
        // What cannot be written is said before the first document, not after the last.
        drop(LineOutput::open(Some(place))?);
        let folder = place.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let file = tempfile::Builder::new().prefix(".namesake-").suffix(".lines").tempfile_in(folder);
        let file = file.with_context(|| format!("cannot write beside {}", place.display()))?;
        Ok(Self { place: place.to_owned(), lines: file.into_temp_path() })
    }

    /// Where the lines are written first.
    pub fn path(&self) -> &Path {
        &self.lines
    }

    /// Writes the lines with the corpus entities as they stand now.
    pub fn finish(self, store: &CorpusStore) -> anyhow::Result<()> {
        let mut output = LineOutput::open(Some(&self.place))?;
        let file = std::fs::File::open(&self.lines).with_context(|| format!("cannot read {}", self.lines.display()))?;
        for line in BufReader::new(file).lines() {
            let line = RecordLine::parse(&line?)?;
            let record = line.record();
            let mut members = store.members(&record.id)?.unwrap_or_default().into_iter();
            // What was not linked has no member.
            let links: Vec<Option<CorpusLink>> = (record.entities.iter())
                .map(|entity| {
                    entity.corpus_id.as_ref()?;
                    members.next().map(|member| CorpusLink { id: member.corpus_id.to_string(), name: member.name })
                })
                .collect();
            output.write(&(line.with_corpus_links(&links)? + "\n"))?;
        }
        output.finish()?;
        Ok(())
    }
}
