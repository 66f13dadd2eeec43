//! The `namesake` command: parses flags, calls a subcommand, turns an error into a message and an exit code.

mod cli;

use clap::Parser;
use std::process::ExitCode;

fn main() -> ExitCode {
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        // Whoever read our output has had enough ("| head"): that is no failure.
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("namesake: {error:#}");
            ExitCode::FAILURE
        }
    }
}
