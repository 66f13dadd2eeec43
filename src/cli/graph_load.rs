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

/// Reads and loads.
#[cfg(feature = "sparql-store")]
pub fn run(args: &LoadArgs) -> anyhow::Result<ExitCode> {
    use crate::cli::progress::counted;
    use indicatif::HumanCount;
    use namesake::graph::{GraphLoader, Loaded};
    let options = args.rdf.options()?;
    let mut documents = args.source.open()?;
    let loader = GraphLoader::open(&args.store, &options)?;
    let loaded = loader.load(std::iter::from_fn(|| documents.next_document().transpose()))?;
    let count = documents.count();
    let code = documents.finish();
    if !args.source.quiet() {
        let Loaded { new, changed, same } = loaded;
        let (documents, [new, changed, same]) = (counted(count, "document"), [new, changed, same].map(HumanCount));
        crate::cli::outcome::tell(format_args!(
            "loaded {documents}: {new} new, {changed} changed, {same} as they were"
        ));
    }
    Ok(code)
}

/// Says what is missing.
#[cfg(not(feature = "sparql-store"))]
pub fn run(_: &LoadArgs) -> anyhow::Result<ExitCode> {
    Err(crate::cli::graph_source::no_store())
}
