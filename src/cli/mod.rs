//! The command line: one file a subcommand, each with its flags and a `run` that returns the exit code.
//!
//! Exit codes: 0 all went well; 1 could not start or go on; 2 wrong flags; 3 some input was bad, the rest was done.

mod aliases;
mod completions;
mod convert;
mod engines;
mod entities;
mod eval;
mod eval_ner;
mod extract;
mod format_names;
mod graph;
mod graph_export;
mod graph_load;
mod graph_query;
mod graph_source;
mod graph_view;
mod guideline;
mod link;
mod model_args;
mod outcome;
mod progress;
mod record_lines;
mod resolve;
mod store;
mod table;
mod type_args;

pub use outcome::{is_broken_pipe, message_of, tell};

use clap::error::ErrorKind;
use clap::{CommandFactory, Parser, Subcommand};
use std::io::Write;
use std::process::ExitCode;

/// Finds the people, organisations and places in documents and merges their aliases.
#[derive(Debug, Parser)]
#[command(
    name = "namesake",
    about,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 could not go on, 2 wrong flags, 3 some input was bad and the rest was done."
)]
pub struct Cli {
    /// Print version
    #[arg(short = 'V', long)]
    version: bool,

    /// With --version: whose data the program holds
    #[arg(long, requires = "version")]
    verbose: bool,

    #[command(subcommand)]
    command: Option<Command>,
}

/// What the licences of the tables ask to be named.
const ATTRIBUTION: &str = include_str!("../../models/world/ATTRIBUTION.txt");

#[derive(Debug, Subcommand)]
enum Command {
    Extract(Box<extract::ExtractArgs>),
    Resolve(resolve::ResolveArgs),
    Link(link::LinkArgs),
    Entities(entities::EntitiesArgs),
    Graph(graph::GraphArgs),
    Eval(Box<eval::EvalArgs>),
    Convert(convert::ConvertArgs),
    Engines(engines::EnginesArgs),
    #[command(hide = true)]
    Completions(completions::CompletionsArgs),
}

/// Runs the subcommand that was asked for.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    if cli.version {
        return print_version(cli.verbose);
    }
    let Some(command) = cli.command else {
        Cli::command().error(ErrorKind::MissingSubcommand, "a subcommand is needed; --help lists them").exit();
    };
    match command {
        Command::Extract(args) => extract::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Link(args) => link::run(&args),
        Command::Entities(args) => entities::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Engines(args) => engines::run(&args),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
    }
}

fn print_version(verbose: bool) -> anyhow::Result<ExitCode> {
    let mut out = std::io::stdout().lock();
    writeln!(out, "namesake {}", env!("CARGO_PKG_VERSION"))?;
    if verbose {
        write!(out, "\n{ATTRIBUTION}")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}
