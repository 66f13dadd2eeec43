//! `namesake link`: document entities into corpus entities.

use crate::cli::aliases;
use crate::cli::outcome::tell;
use crate::cli::record_lines::RecordLines;
use crate::cli::store::make_current;
use crate::cli::type_args::{self, TypeArgs};
use anyhow::Context;
use clap::Args;
use indicatif::HumanCount;
use namesake::corpus::{CorpusStore, DocumentEntities, LinkOptions};
use namesake::format::{LineOutput, ReadOptions, RecordSource};
use namesake::label::{GenericLabel, LabelTable, Selection, Tally};
use namesake::pipeline::LINK_BATCH;
use namesake::record::Record;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

/// Give the entities of many documents identifiers that hold across the corpus
#[derive(Debug, Args)]
#[command(after_help = "\
The input is the JSONL that `extract` and `resolve` write, or any other format with entities; the output is JSONL with a \
corpus_id for each entity and mention. Documents that the store knows already change nothing, changed ones replace what they had contributed. The \
command may be interrupted at any moment and run again.

Example:
  namesake extract news/ | namesake link - --store corpus.db -o linked.jsonl
  namesake entities corpus.db search 'world health'")]
pub struct LinkArgs {
    /// JSONL (or another format) with documents and their entities, or - for standard input
    #[arg(value_name = "INPUT")]
    input: OsString,

    /// The corpus store; a new one is made if there is none
    #[arg(long, value_name = "FILE")]
    store: PathBuf,

    /// CSV table whose rows win over scores; columns alias, canonical, type, id
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,

    #[command(flatten)]
    types: TypeArgs,

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
    let (table, selection) = (args.types.table()?, args.types.selection()?);
    let mut tally = Tally::default();
    let mut lines = RecordLines::open(&args.input, &ReadOptions::default(), args.strict, args.quiet)?;
    let mut output = LineOutput::open(args.output.as_deref())?;
    let mut store = CorpusStore::open(&args.store)?.with_options(options);
    make_current(&mut store, &args.store)?;
    let (mut documents, mut entities) = (0_u64, 0_u64);
    loop {
        let batch = next_batch(&mut lines, |record| to_link(record, &table, &selection, &mut tally))?;
        if batch.is_empty() {
            break;
        }
        // What is written is on the disk already: an id that somebody has seen is never given to another entity.
        let written = store.batch(|store| -> anyhow::Result<String> {
            let mut written = String::new();
            for (line, document, kept) in &batch {
                let linked = store.link(document)?;
                let mut ids = linked.iter().map(|linked| linked.corpus_id.to_string()).peekable();
                let ids: Vec<Option<String>> = kept.iter().map(|&kept| ids.next_if(|_| kept)).collect();
                written.push_str(&line.with_corpus_ids(&ids)?);
                written.push('\n');
                documents += 1;
                entities += linked.len() as u64;
            }
            Ok(written)
        })?;
        lines.aside(|| output.write(&written))?;
        lines.show(|| format!("{} documents  {} entities", HumanCount(documents), HumanCount(entities)));
    }
    output.finish()?;
    let code = lines.finish();
    if !args.quiet {
        let all = store.summary()?;
        tell(format_args!(
            "linked {} documents with {} entities; the store holds {} documents and {} corpus entities",
            HumanCount(documents),
            HumanCount(entities),
            HumanCount(all.documents),
            HumanCount(all.entities)
        ));
        type_args::report(&tally, &selection);
    }
    Ok(code)
}

/// A record with its entities that are linked; and for all of its entities, whether they are among those.
type ToLink = (RecordSource, DocumentEntities, Vec<bool>);

/// The next documents, at most [`LINK_BATCH`]; none at the end.
fn next_batch(
    lines: &mut RecordLines,
    mut to_link: impl FnMut(&Record<'_>) -> Result<(DocumentEntities, Vec<bool>), GenericLabel>,
) -> anyhow::Result<Vec<ToLink>> {
    let mut batch = Vec::with_capacity(LINK_BATCH);
    while batch.len() < LINK_BATCH
        && let Some(line) = lines.next_record()?
    {
        match to_link(line.record()) {
            Ok((document, kept)) => batch.push((line, document, kept)),
            Err(error) => lines.fault(&format!("document {:?}: {error}", line.record().id))?,
        }
    }
    Ok(batch)
}

/// The entities that are linked: those of the types that are kept, with the types that their labels mean.
fn to_link(
    record: &Record<'_>,
    table: &LabelTable,
    selection: &Selection,
    tally: &mut Tally,
) -> Result<(DocumentEntities, Vec<bool>), GenericLabel> {
    let mut document = DocumentEntities::from(record);
    let mut kept = Vec::with_capacity(document.entities.len());
    for entity in &mut document.entities {
        let kind = table.type_of(entity.entity_type)?;
        entity.entity_type = kind.unwrap_or(entity.entity_type);
        let mentions = entity.aliases.iter().map(|alias| alias.count).sum();
        kept.push(kind.is_some_and(|kind| tally.stays(selection, kind, mentions) && selection.keeps(kind)));
    }
    let mut places = kept.iter();
    document.entities.retain(|_| places.next() == Some(&true));
    Ok((document, kept))
}
