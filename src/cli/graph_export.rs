//! `namesake graph export`: a graph in a file or a folder.

use crate::cli::graph_source::{Documents, RdfArgs, SourceArgs};
use crate::cli::outcome::tell;
use crate::cli::progress::{counted, entities};
use clap::Args;
use namesake::format::{LineOutput, NewFolder};
use namesake::graph::{GraphExport, GraphFormat, GraphOptions, GraphWriter, neo4j_folder};
use std::path::PathBuf;
use std::process::ExitCode;

/// Write a graph as RDF, GraphML or GEXF, or as files for Neo4j
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: ttl, nt, nq, trig, jsonld and rdf (RDF; nq, trig and jsonld with a named graph for each document), graphml and
gexf (the co-mention graph), neo4j (a folder with CSV files, the command that imports them and a Cypher script).

Examples:
  namesake graph export linked.jsonl -o news.ttl --base https://example.org/news/
  namesake graph export linked.jsonl -o news.nq.gz --model news-small --time 2026-02-11T10:00:00Z
  namesake graph export corpus.db -o news.graphml --min-documents 2
  namesake graph export linked.jsonl --format neo4j -o news-neo4j")]
pub struct ExportArgs {
    #[command(flatten)]
    source: SourceArgs,

    #[command(flatten)]
    rdf: RdfArgs,

    /// Leave out pairs of entities that fewer than N documents mention together
    #[arg(long, value_name = "N", default_value_t = 1)]
    min_documents: u64,

    /// Write to this file instead of standard output (for neo4j, folder); it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Format [default: by the ending of FILE]
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
}

enum Target {
    File(GraphFormat),
    Neo4j,
}

/// Reads and writes.
pub fn run(args: &ExportArgs) -> anyhow::Result<ExitCode> {
    let target = target(args)?;
    let options = args.rdf.options()?.with_min_documents(args.min_documents);
    let documents = args.source.open()?;
    match target {
        Target::File(format) => {
            let mut out = LineOutput::open(args.output.as_deref())?;
            let code = write(args, documents, format.writer(&options, &mut out)?, &options)?;
            out.finish()?;
            Ok(code)
        }
        Target::Neo4j => {
            let Some(path) = &args.output else { anyhow::bail!("the format neo4j is a folder; name one with -o") };
            let folder = NewFolder::create(path)?;
            let code = write(args, documents, neo4j_folder(folder.inside(), &options)?, &options)?;
            folder.finish()?;
            if !args.source.quiet() {
                tell(format_args!(
                    "import with `sh {}`, or merge into a running database with {}",
                    path.join("import.sh").display(),
                    path.join("load.cypher").display()
                ));
            }
            Ok(code)
        }
    }
}

fn write(
    args: &ExportArgs,
    mut documents: Documents,
    writer: Box<dyn GraphWriter + '_>,
    options: &GraphOptions,
) -> anyhow::Result<ExitCode> {
    let mut export = GraphExport::new(writer, options);
    while let Some(document) = documents.next_document()? {
        export.add(&document)?;
    }
    let (nodes, edges) = export.finish()?;
    let count = documents.count();
    let code = documents.finish();
    if !args.source.quiet() {
        let (documents, pairs) = (counted(count, "document"), counted(edges, "pair"));
        tell(format_args!("{documents}: {}, {pairs}", entities(nodes)));
    }
    Ok(code)
}

fn target(args: &ExportArgs) -> anyhow::Result<Target> {
    let name = match (&args.format, &args.output) {
        (Some(name), _) => name.clone(),
        (None, Some(path)) => {
            let name = path.to_string_lossy().to_lowercase();
            let name = name.strip_suffix(".gz").unwrap_or(&name);
            let Some((_, ending)) = name.rsplit_once('.') else {
                anyhow::bail!("{} has no ending that names a format; choose one with --format", path.display());
            };
            ending.to_owned()
        }
        (None, None) => anyhow::bail!("choose a format with --format, or a file with -o"),
    };
    Ok(if name.eq_ignore_ascii_case("neo4j") { Target::Neo4j } else { Target::File(name.parse()?) })
}
