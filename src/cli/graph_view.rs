//! `namesake graph view`: a page to look at.

use crate::cli::graph_source::SourceArgs;
use crate::cli::outcome::tell;
use crate::cli::progress::entities;
use clap::Args;
use indicatif::HumanCount;
use namesake::format::LineOutput;
use namesake::graph::{GraphExport, GraphOptions};
use namesake::page::{GraphPage, MOST_NODES};
use std::path::PathBuf;
use std::process::ExitCode;

/// Draw who is mentioned with whom, on a page that needs nothing but a browser
#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  namesake graph view linked.jsonl -o graph.html")]
pub struct ViewArgs {
    #[command(flatten)]
    source: SourceArgs,

    /// Write to this file instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Leave out pairs of entities that fewer than N documents mention together
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_documents: u64,

    /// Show at most this many entities, those of most documents
    #[arg(long, value_name = "N", default_value_t = MOST_NODES)]
    max_nodes: usize,
}

/// Reads and writes.
pub fn run(args: &ViewArgs) -> anyhow::Result<ExitCode> {
    let mut documents = args.source.open()?;
    let mut out = LineOutput::open(args.output.as_deref())?;
    let options = GraphOptions::default().with_min_documents(args.min_documents);
    let mut export = GraphExport::new(Box::new(GraphPage::new(&mut out, args.max_nodes)), &options);
    while let Some(document) = documents.next_document()? {
        export.add(&document)?;
    }
    let (nodes, _) = export.finish()?;
    out.finish()?;
    let code = documents.finish();
    if !args.source.quiet() && nodes > args.max_nodes as u64 {
        let (shown, nodes) = (entities(args.max_nodes as u64), HumanCount(nodes));
        tell(format_args!("the page shows {shown} of {nodes}, those of most documents; --max-nodes shows more"));
    }
    Ok(code)
}
