//! `namesake graph query`: questions to documents, or to a graph store that they were loaded into.

use crate::cli::graph_source::ReadingArgs;
use anyhow::Context;
use clap::{Args, ValueEnum};
use namesake::format::LineOutput;
use namesake::graph::{Answer, AnswerFormat, Base, GraphOptions, GraphStore, NamedQuery};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// Ask a graph: SPARQL, or a ready query
#[derive(Debug, Args)]
#[command(after_help = "\
Ready queries: top-entities, co-mentioned-with ENTITY, documents-about ENTITY, path-between ENTITY OTHER. An ENTITY is a
name, another name, or an IRI. SPARQL sees all graphs together, and knows the prefixes schema, skos, nif, itsrdf, prov,
owl, ns, rdf and xsd. A type of one's own is a class like ns:type-DRUG.

Documents named with --from are read anew for each question and take about 0.1 MB of memory each. For more than some ten
thousand of them, or for many questions, load a store (`namesake graph load`) and ask it with --store.

Examples:
  namesake graph query --from linked.jsonl --named co-mentioned-with 'Ban Ki-moon'
  namesake graph query --from corpus.db 'SELECT ?name WHERE { ?e a schema:Person ; skos:prefLabel ?name }'
  namesake graph query --store news-graph question.rq --format json")]
pub struct QueryArgs {
    /// SPARQL, a file with SPARQL, or - for standard input; with --named the arguments of the ready query
    #[arg(value_name = "SPARQL|FILE|ARGUMENT")]
    arguments: Vec<String>,

    #[command(flatten)]
    graph: GraphPlace,

    #[command(flatten)]
    reading: ReadingArgs,

    /// IRI that all identifiers begin with, for --from; it ends in / or : [default: urn:namesake:]
    #[arg(long, value_name = "IRI", conflicts_with = "store")]
    base: Option<Base>,

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

/// What is asked.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
struct GraphPlace {
    /// Ask these documents, in memory: JSONL that extract, resolve or link wrote, - for standard input, or a corpus store
    #[arg(long, value_name = "INPUT")]
    from: Option<OsString>,

    /// Ask the store in this folder, which `namesake graph load` filled
    #[arg(long, value_name = "DIR")]
    store: Option<PathBuf>,
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
pub fn run(args: &QueryArgs) -> anyhow::Result<ExitCode> {
    // What is wrong with the question is said before anything is read.
    let question = question(args)?;
    let (store, code) = match (&args.graph.from, &args.graph.store) {
        (Some(input), _) => read(args, input)?,
        (None, Some(folder)) => {
            anyhow::ensure!(!args.reading.is_used(), "--strict, --corpus, --types and --labels go with --from");
            (open(folder)?, ExitCode::SUCCESS)
        }
        (None, None) => anyhow::bail!("name the documents with --from, or a store with --store"),
    };
    let answer = match question {
        Question::Named(query) => store.query_named(query, &args.arguments)?,
        Question::Sparql(query) => store.query(&query)?,
    };
    write(args, answer)?;
    Ok(code)
}

/// The documents in memory, and whether all of them could be read.
fn read(args: &QueryArgs, input: &OsStr) -> anyhow::Result<(GraphStore, ExitCode)> {
    let mut options = GraphOptions::default();
    if let Some(base) = &args.base {
        options = options.with_base(base.clone());
    }
    let mut documents = args.reading.open(input)?;
    let store = GraphStore::in_memory(std::iter::from_fn(|| documents.next_document().transpose()), &options)?;
    Ok((store, documents.finish()))
}

#[cfg(feature = "sparql-store")]
fn open(folder: &Path) -> anyhow::Result<GraphStore> {
    Ok(GraphStore::open(folder)?)
}

/// Says what is missing.
#[cfg(not(feature = "sparql-store"))]
fn open(_: &Path) -> anyhow::Result<GraphStore> {
    Err(crate::cli::graph_source::no_store())
}

fn write(args: &QueryArgs, answer: Answer) -> anyhow::Result<()> {
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
    Ok(out.finish()?)
}

/// What is asked for.
enum Question {
    Named(NamedQuery),
    Sparql(String),
}

/// The ready query, or the SPARQL itself, read from a file where the argument names one.
fn question(args: &QueryArgs) -> anyhow::Result<Question> {
    if let Some(name) = &args.named {
        return Ok(Question::Named(name.parse()?));
    }
    let [query] = &args.arguments[..] else {
        anyhow::bail!("give one SPARQL query or file, or a ready query with --named");
    };
    if query == "-" {
        let both = args.graph.from.as_deref().is_some_and(|input| input == "-");
        anyhow::ensure!(
            !both,
            "standard input holds the documents or the query, not both; put one of them into a file"
        );
        return Ok(Question::Sparql(std::io::read_to_string(std::io::stdin()).context("cannot read standard input")?));
    }
    if Path::new(query).is_file() {
        let text = std::fs::read_to_string(query).with_context(|| format!("cannot read {query}"))?;
        return Ok(Question::Sparql(text));
    }
    let looks_like_a_file = !query.contains(char::is_whitespace) && !query.contains('{');
    anyhow::ensure!(!looks_like_a_file, "there is no file {query}, and it is no SPARQL");
    Ok(Question::Sparql(query.clone()))
}
