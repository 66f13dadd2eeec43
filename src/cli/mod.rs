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
mod link;
mod model_args;
mod progress;
mod record_lines;
mod resolve;
mod store;
mod table;
mod type_args;

use clap::{Parser, Subcommand};
use namesake::visible::{Layout, Visible};
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;

/// Exit code when the flags ask for what cannot be.
pub const WRONG_FLAGS: u8 = 2;

/// Exit code when some input was bad and the rest was done.
pub const SOME_INPUT_BAD: u8 = 3;

/// Finds the people, organisations and places in documents and merges their aliases.
#[derive(Debug, Parser)]
#[command(
    name = "namesake",
    version,
    about,
    max_term_width = 100,
    after_help = "Exit codes: 0 done, 1 could not go on, 2 wrong flags, 3 some input was bad and the rest was done."
)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

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
    match cli.command {
        Command::Extract(args) => extract::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Link(args) => link::run(&args),
        Command::Entities(args) => entities::run(&args),
        Command::Graph(args) => graph::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Convert(args) => convert::run(&args),
        Command::Engines(args) => engines::run(&args),
        Command::Completions(args) => completions::run(&args),
    }
}

/// Whether `error` says that the reader of our output went away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}

/// `error` and its causes in one line. Library errors tell their cause in their own message and keep it as a source too:
/// that is said once.
pub fn message_of(error: &anyhow::Error) -> String {
    error.chain().map(ToString::to_string).fold(String::new(), |told, cause| match told {
        told if told.is_empty() => cause,
        told if told.ends_with(&cause) => told,
        told => format!("{told}: {cause}"),
    })
}

/// Prints a line on standard error. It may quote input that nobody has vetted, so control characters are shown, not sent. Nobody may be listening ("2>&1 | head"), and where `eprintln!` would panic the run
/// still has its output to write.
pub fn tell(line: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}", Visible::new(&line.to_string(), Layout::Kept));
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::Context;

    #[test]
    fn a_cause_is_said_once() {
        let cause = || anyhow::Error::from(io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(message_of(&cause().context("cannot write a")), "cannot write a: permission denied");
        let told = Err::<(), _>(cause()).context("a: permission denied").context("outer").unwrap_err();
        assert_eq!(message_of(&told), "outer: a: permission denied");
    }
}
