//! `namesake graph query`: questions to a graph store.

use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::process::ExitCode;

/// Ask a graph store: SPARQL, or a ready query
#[derive(Debug, Args)]
#[command(after_help = "\
Ready queries: top-entities, co-mentioned-with ENTITY, documents-about ENTITY, path-between ENTITY OTHER. An ENTITY is a
name, another name, or an IRI. SPARQL sees all graphs together, and knows the prefixes schema, skos, nif, itsrdf, prov,
owl, ns, rdf and xsd.

Examples:
  namesake graph query --store news-graph --named co-mentioned-with 'Ban Ki-moon'
  namesake graph query --store news-graph 'SELECT ?name WHERE { ?e a schema:Person ; skos:prefLabel ?name }'
  namesake graph query --store news-graph question.rq --format json")]
pub struct QueryArgs {
    /// SPARQL, a file with SPARQL, or - for standard input; with --named the arguments of the ready query
    #[arg(value_name = "SPARQL|FILE|ARGUMENT")]
    arguments: Vec<String>,

    /// Folder of the store
    #[arg(long, value_name = "DIR")]
    store: PathBuf,

    /// Ask the ready query of this name
    #[arg(long, value_name = "NAME")]
    named: Option<String>,

    /// Form of the answer [default: table, and ttl for triples]
    #[arg(long, value_name = "FORMAT")]
    format: Option<FormatName>,

    /// Write to this file instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatName {
    /// For people
    Table,
    /// Comma-separated values (SPARQL 1.1)
    Csv,
    /// SPARQL 1.1 results
    Json,
    /// Turtle, for CONSTRUCT and DESCRIBE
    Ttl,
}

/// Asks and writes.
#[cfg(feature = "store")]
pub fn run(args: &QueryArgs) -> anyhow::Result<ExitCode> {
    use namesake::format::LineOutput;
    use namesake::graph::{AnswerFormat, GraphStore};
    let store = GraphStore::open(&args.store)?;
    let answer = match &args.named {
        Some(name) => store.query_named(name.parse()?, &args.arguments)?,
        None => store.query(&sparql(args)?)?,
    };
    let format = match args.format {
        None if answer.is_triples() => FormatName::Ttl,
        None => FormatName::Table,
        Some(format) => format,
    };
    let mut out = LineOutput::open(args.output.as_deref())?;
    match format {
        FormatName::Table => {
            let (header, rows) = answer.into_table()?;
            out.write(&crate::cli::table::plain(&header, &rows))?;
        }
        FormatName::Csv => answer.write(AnswerFormat::Csv, &mut out)?,
        FormatName::Json => answer.write(AnswerFormat::Json, &mut out)?,
        FormatName::Ttl => answer.write(AnswerFormat::Turtle, &mut out)?,
    }
    out.finish()?;
    Ok(ExitCode::SUCCESS)
}

/// The query itself, read from a file where the argument names one.
#[cfg(feature = "store")]
fn sparql(args: &QueryArgs) -> anyhow::Result<String> {
    use anyhow::Context;
    let [query] = &args.arguments[..] else {
        anyhow::bail!("give one SPARQL query or file, or a ready query with --named");
    };
    if query == "-" {
        return std::io::read_to_string(std::io::stdin()).context("cannot read standard input");
    }
    if std::path::Path::new(query).is_file() {
        return std::fs::read_to_string(query).with_context(|| format!("cannot read {query}"));
    }
    let looks_like_a_file = !query.contains(char::is_whitespace) && !query.contains('{');
    anyhow::ensure!(!looks_like_a_file, "there is no file {query}, and it is no SPARQL");
    Ok(query.clone())
}

/// Says what is missing.
#[cfg(not(feature = "store"))]
pub fn run(_: &QueryArgs) -> anyhow::Result<ExitCode> {
    crate::cli::graph::no_store()
}
