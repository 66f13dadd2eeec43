//! `namesake graph load`: documents into a persistent SPARQL store.

use crate::cli::graph_source::{RdfArgs, SourceArgs};
use clap::Args;
use std::path::PathBuf;
use std::process::ExitCode;

/// Load documents into a graph store, a named graph each; those that are there already are replaced
#[derive(Debug, Args)]
#[command(after_help = "\
The command may be interrupted at any moment and run again. The store is one of Oxigraph: its server and its libraries
read the folder, too.

Example:
  namesake graph load linked.jsonl --store news-graph --base https://example.org/news/
  namesake graph query --store news-graph --named top-entities")]
pub struct LoadArgs {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    rdf: RdfArgs,

    /// Folder of the store; a new one is made if there is none
    #[arg(long, value_name = "DIR")]
    store: PathBuf,
}

/// Documents loaded at once: a kill loses no more than these.
#[cfg(feature = "store")]
const BATCH: usize = 2000;

/// Reads and loads.
#[cfg(feature = "store")]
pub fn run(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    use crate::cli::progress::counted;
    let options = args.rdf.options()?;
    let mut documents = args.source.open()?;
    let loader = namesake::graph::GraphLoader::open(&args.store, &options)?;
    let mut batch = Vec::with_capacity(BATCH);
    loop {
        let next = documents.next_document()?;
        let ended = next.is_none();
        batch.extend(next);
        if batch.len() == BATCH || ended && !batch.is_empty() {
            loader.load(&batch)?;
            batch.clear();
        }
        if ended {
            break;
        }
    }
    let triples = loader.finish()?;
    let count = documents.count();
    let code = documents.finish();
    if !args.source.quiet {
        let (documents, statements) = (counted(count, "document"), counted(triples, "statement"));
        crate::cli::tell(format_args!("loaded {documents}; the store holds {statements}"));
    }
    Ok(code)
}

/// Says what is missing.
#[cfg(not(feature = "store"))]
pub fn run(_: &LoadArgs) -> anyhow::Result<ExitCode> {
    crate::cli::graph::no_store()
}
