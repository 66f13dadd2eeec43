//! `namesake link`: document entities into corpus entities.

use crate::cli::{SOME_INPUT_BAD, aliases, progress, tell};
use anyhow::Context;
use clap::Args;
use indicatif::{HumanCount, ProgressBar};
use namesake::corpus::{CorpusStore, EntityLine, LinkOptions};
use namesake::input::{InputOptions, PlainLines, open_lines};
use namesake::output::LineOutput;
use std::collections::HashSet;
use std::ffi::OsString;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::process::ExitCode;

/// Documents a transaction: the disk is waited for once for all of them, and a kill loses no more than these, which the
/// next run does again.
const BATCH: usize = 128;

/// Give the entities of many documents identifiers that hold across the corpus
#[derive(Debug, Args)]
#[command(after_help = "\
The input is the JSONL that `extract` and `resolve` write; the output is the same with a corpus_id for each entity and \
mention. Documents that the store knows already change nothing, changed ones replace what they had contributed. The \
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
        options = options.with_aliases(&aliases::read(path)?)?;
    }
    if let Some(path) = &args.weights {
        let json = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        options = options.with_weights_json(&json).with_context(|| format!("in {}", path.display()))?;
    }
    let lines = open_lines(&args.input, &InputOptions::default())?;
    let read = lines.progress();
    let bar = if args.quiet { None } else { progress::bar(read.bytes_total()) };
    let mut output = LineOutput::open(args.output.as_deref())?;
    let mut store = CorpusStore::open(&args.store)?.with_options(options);
    let mut reader = Reader { lines, seen: HashSet::new(), faults: 0, strict: args.strict, bar };
    let (mut documents, mut entities) = (0_u64, 0_u64);
    loop {
        let batch = reader.next_batch()?;
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
        reader.aside(|| output.write(&written))?;
        if let Some(bar) = &reader.bar {
            bar.set_position(read.bytes_read());
            bar.set_message(format!("{} documents  {} entities", HumanCount(documents), HumanCount(entities)));
        }
    }
    output.finish()?;
    if let Some(bar) = &reader.bar {
        bar.finish_and_clear();
    }
    if !args.quiet {
        let all = store.summary()?;
        tell(format_args!(
            "linked {} documents with {} entities; the store holds {} documents and {} corpus entities",
            HumanCount(documents),
            HumanCount(entities),
            HumanCount(all.documents),
            HumanCount(all.entities)
        ));
    }
    Ok(if reader.faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS })
}

/// Lines that hold documents; others are reported and passed over.
struct Reader {
    lines: PlainLines,
    /// Hashes of the ids so far: a second document with an id would silently replace the first.
    seen: HashSet<u64>,
    faults: u64,
    strict: bool,
    bar: Option<ProgressBar>,
}

impl Reader {
    /// The next documents, at most [`BATCH`]; none at the end.
    fn next_batch(&mut self) -> anyhow::Result<Vec<EntityLine>> {
        let mut batch = Vec::with_capacity(BATCH);
        while batch.len() < BATCH
            && let Some(line) = self.next_line()?
        {
            batch.push(line);
        }
        Ok(batch)
    }

    /// Runs `work` with the bar out of the way: both may share a terminal.
    fn aside<T>(&self, work: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.suspend(work),
            None => work(),
        }
    }

    fn next_line(&mut self) -> anyhow::Result<Option<EntityLine>> {
        while let Some(line) = self.lines.next() {
            let read = line.map_err(|error| error.to_string()).and_then(|(number, line)| {
                let at = |reason: String| format!("{}:{number}: {reason}", self.lines.name());
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
                    self.aside(|| tell(format_args!("namesake: {message}")));
                }
            }
        }
        Ok(None)
    }
}
