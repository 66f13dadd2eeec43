//! `namesake link`: document entities into corpus entities.

use crate::cli::outcome::tell;
use crate::cli::record_lines::RecordLines;
use crate::cli::store::{self, FinalLines, StoreArgs};
use crate::cli::type_args::{self, TypeArgs};
use anyhow::Context;
use clap::Args;
use indicatif::HumanCount;
use namesake::corpus::{CorpusError, DocumentEntities, LinkOptions};
use namesake::format::{LineOutput, ReadOptions, RecordSource};
use namesake::label::{GenericLabel, LabelTable, Selection, Tally};
use namesake::pipeline::LINK_BATCH;
use namesake::record::{CorpusLink, Record};
use std::ffi::OsString;
use std::path::{Path, PathBuf};
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
    linking: StoreArgs,

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
    let aliases = store::read_aliases(args.aliases.as_deref())?;
    if let Some(path) = &args.weights {
        let json = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        options = options.with_weights_json(&json).with_context(|| format!("in {}", path.display()))?;
    }
    let (table, selection) = (args.types.table()?, args.types.selection()?);
    let mut tally = Tally::default();
    let mut lines = RecordLines::open(&args.input, &ReadOptions::default(), args.strict, args.quiet)?;
    let place = args.output.as_deref().filter(|path| std::fs::metadata(path).map_or(true, |found| found.is_file()));
    let final_lines = place.map(FinalLines::create).transpose()?;
    let mut output = LineOutput::open(final_lines.as_ref().map(FinalLines::path).or(args.output.as_deref()))?;
    let mut store = args.linking.open(&args.store, aliases.as_ref(), options)?;
    let source = source_of(args, &store.root(args.linking.root.as_deref())?);
    let (mut documents, mut entities) = (0_u64, 0_u64);
    loop {
        let batch = next_batch(&mut lines, |record| to_link(record, &table, &selection, &mut tally))?;
        if batch.is_empty() {
            break;
        }
        let mut refused = Vec::new();
        // What is written is on the disk already: an id that somebody has seen is never given to another entity.
        let written = store.batch(|store| -> anyhow::Result<String> {
            let mut written = String::new();
            for (line, document, kept) in batch {
                let linked = match store.link(&document.with_source(source.clone())) {
                    Ok(linked) => linked,
                    Err(error @ CorpusError::OtherSource { .. }) => {
                        refused.push(error.to_string());
                        continue;
                    }
                    Err(error) => return Err(error.into()),
                };
                documents += 1;
                entities += linked.len() as u64;
                let link = |linked: namesake::corpus::Linked| {
                    Some(CorpusLink { id: linked.corpus_id.written()?, name: linked.name })
                };
                let mut links = linked.into_iter();
                let links: Vec<Option<CorpusLink>> =
                    kept.iter().map(|&kept| if kept { links.next().and_then(link) } else { None }).collect();
                written.push_str(&line.with_corpus_links(&links)?);
                written.push('\n');
            }
            Ok(written)
        })?;
        for message in refused {
            lines.fault(&message)?;
        }
        lines.aside(|| output.write(&written))?;
        lines.show(|| format!("{} documents  {} entities", HumanCount(documents), HumanCount(entities)));
    }
    output.finish()?;
    if let Some(final_lines) = final_lines {
        final_lines.finish(&store)?;
    }
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
        store::report(&store);
        type_args::report(&tally, &selection);
    }
    Ok(code)
}

/// Whether an id is no more than the place where a text stood in a pipe: the next pipe has other texts there.
fn is_place_in_a_pipe(id: &str) -> bool {
    let is_number = |rest: &str| rest.strip_prefix([':', '#']).is_some_and(|rest| rest.parse::<u64>().is_ok());
    id.strip_prefix("standard input").is_some_and(|rest| rest.is_empty() || is_number(rest))
}

/// Where the records come from, as seen from the root of the store.
fn source_of(args: &LinkArgs, root: &Path) -> String {
    if args.input == "-" {
        return "-".to_owned();
    }
    let path = Path::new(&args.input);
    let full = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let inside = root.canonicalize().ok().and_then(|root| full.strip_prefix(root).ok().map(Path::to_owned));
    inside.unwrap_or(full).to_string_lossy().into_owned()
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
        && let Some(mut line) = lines.next_record()?
    {
        match to_link(line.record()) {
            Ok((mut document, kept)) => {
                if is_place_in_a_pipe(&document.id) {
                    document.id = document.content_id();
                    line.set_id(&document.id)?;
                }
                batch.push((line, document, kept));
            }
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
