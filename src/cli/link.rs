//! `namesake link`: document entities into corpus entities.

use crate::cli::SOME_INPUT_BAD;
use anyhow::Context;
use clap::Args;
use namesake::corpus::{AliasTable, CorpusStore, EntityLine, LinkOptions};
use namesake::input::{InputOptions, PlainLines, open_lines};
use namesake::output::LineOutput;
use std::collections::HashSet;
use std::ffi::OsString;
use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::ExitCode;

/// Documents a transaction: the disk is waited for once for all of them, and a kill loses no more than these, which the
/// next run does again.
const BATCH: usize = 64;

/// Give the entities of many documents identifiers that hold across the corpus
#[derive(Debug, Args)]
#[command(after_help = "\
The input is the JSONL that `extract` and `resolve` write; the output is the same with a corpus_id for each entity and
mention. Documents that the store knows already change nothing, changed ones replace what they had contributed. The
command may be interrupted at any moment and run again.

Example:
  namesake extract news/ | namesake link - --store corpus.db -o linked.jsonl
  namesake entities corpus.db search 'world health'")]
pub struct LinkArgs {
    /// JSONL file with documents and their entities, or - for standard input
    #[arg(value_name = "INPUT")]
    input: OsString,

    /// The corpus store; a new one is made if there is none
    #[arg(long, value_name = "FILE")]
    store: PathBuf,

    /// CSV table whose rows win over scores; columns alias, canonical, type, id
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,

    /// Write to this file instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Stop at the first line that cannot be read
    #[arg(long)]
    strict: bool,

    /// JSON object with weights of the score to replace, for `scripts/tune_linking.py`
    #[arg(long, value_name = "FILE", hide = true)]
    weights: Option<PathBuf>,

    /// Print no summary
    #[arg(short, long)]
    quiet: bool,
}

/// Reads, links and writes.
pub fn run(args: &LinkArgs) -> anyhow::Result<ExitCode> {
    let mut options = LinkOptions::default();
    if let Some(path) = &args.aliases {
        options = options.with_aliases(read_aliases(path)?);
    }
    if let Some(path) = &args.weights {
        let json = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        options = options.with_weights_json(&json).with_context(|| format!("in {}", path.display()))?;
    }
    let lines = open_lines(&args.input, &InputOptions::default())?;
    let mut output = LineOutput::open(args.output.as_deref())?;
    let mut store = CorpusStore::open(&args.store)?.with_options(options);
    let mut reader =
        Reader { name: lines.name().to_owned(), lines, seen: HashSet::new(), faults: 0, strict: args.strict };
    let (mut documents, mut entities) = (0_u64, 0_u64);
    loop {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(line) = reader.next_line()?
        {
            batch.push(line);
        }
        if batch.is_empty() {
            break;
        }
        // What is written is on the disk already: an id that somebody has seen is never given to another entity.
        let written = store.batch(|store| -> anyhow::Result<String> {
            let mut written = String::new();
            for line in &batch {
                let linked = store.link(line.document())?;
                written.push_str(&line.with_links(&linked)?);
                written.push('\n');
                documents += 1;
                entities += linked.len() as u64;
            }
            Ok(written)
        })?;
        output.write(&written)?;
    }
    output.finish()?;
    if !args.quiet {
        let all = store.summary()?;
        eprintln!(
            "namesake: linked {documents} documents with {entities} entities; the store holds {} documents and {} corpus entities",
            all.documents, all.entities
        );
    }
    Ok(if reader.faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS })
}

/// Reads the table at `path`.
pub fn read_aliases(path: &std::path::Path) -> anyhow::Result<AliasTable> {
    let file = File::open(path).with_context(|| format!("cannot read the alias table {}", path.display()))?;
    Ok(AliasTable::read(file, &path.display().to_string())?)
}

/// Lines that hold documents; others are reported and passed over.
struct Reader {
    lines: PlainLines,
    name: String,
    /// Hashes of the ids so far: a second document with an id would silently replace the first.
    seen: HashSet<u64>,
    faults: u64,
    strict: bool,
}

impl Reader {
    fn next_line(&mut self) -> anyhow::Result<Option<EntityLine>> {
        while let Some(line) = self.lines.next() {
            let read = line.map_err(|error| error.to_string()).and_then(|(number, line)| {
                let at = |reason: String| format!("{}:{number}: {reason}", self.name);
                let line = EntityLine::parse(&line).map_err(|error| at(error.to_string()))?;
                let mut hasher = DefaultHasher::new();
                line.document().id.hash(&mut hasher);
                if self.seen.insert(hasher.finish()) {
                    Ok(line)
                } else {
                    let id = &line.document().id;
                    Err(at(format!("the id {id:?} was used by an earlier document; this one is left out")))
                }
            });
            match read {
                Ok(line) => return Ok(Some(line)),
                Err(message) if self.strict => anyhow::bail!("{message}"),
                Err(message) => {
                    self.faults += 1;
                    eprintln!("namesake: {message}");
                }
            }
        }
        Ok(None)
    }
}
