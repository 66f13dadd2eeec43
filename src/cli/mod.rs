//! The command line: one file a subcommand, each with its flags and a `run` that returns the exit code.
//!
//! Exit codes: 0 all went well; 1 could not start or go on; 2 wrong flags; 3 some input was bad, the rest was done.

mod convert;
mod eval;
mod eval_ner;
mod eval_output;
mod eval_pipeline;
mod extract;
mod progress;
mod resolve;

use clap::{Parser, Subcommand};
use std::io;
use std::process::ExitCode;

/// Exit code when some input was bad and the rest was done.
pub const SOME_INPUT_BAD: u8 = 3;

/// Finds the people, organisations and places in documents and merges their aliases.
#[derive(Debug, Parser)]
#[command(
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
    Extract(extract::ExtractArgs),
    Resolve(resolve::ResolveArgs),
    Eval(Box<eval::EvalArgs>),
    Convert(convert::ConvertArgs),
}

/// Runs the subcommand that was asked for.
pub fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    match cli.command {
        Command::Extract(args) => extract::run(&args),
        Command::Resolve(args) => resolve::run(&args),
        Command::Eval(args) => eval::run(&args),
        Command::Convert(args) => convert::run(&args),
    }
}

/// Whether `error` says that the reader of our output went away.
pub fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .any(|cause| cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe))
}
