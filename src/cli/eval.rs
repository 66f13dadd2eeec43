//! `namesake eval`: how good a system is, measured against gold annotations.

use crate::cli::eval_ner;
use clap::{Args, Subcommand};
use std::process::ExitCode;

/// Measure a system against gold annotations
#[derive(Debug, Args)]
pub struct EvalArgs {
    #[command(subcommand)]
    command: EvalCommand,
}

#[derive(Debug, Subcommand)]
enum EvalCommand {
    Ner(eval_ner::NerArgs),
}

/// Runs the measurement that was asked for.
pub fn run(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    match &args.command {
        EvalCommand::Ner(args) => eval_ner::run(args),
    }
}
