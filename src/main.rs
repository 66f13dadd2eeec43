//! The `namesake` command: parses flags, calls a subcommand, turns an error into a message and an exit code.

mod cli;

use clap::Parser;
use std::process::ExitCode;

/// What a shell reports for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    // Without a handler we would still stop; only the temporary file of -o would stay behind.
    let _ = ctrlc::set_handler(|| {
        namesake::output::discard_unfinished();
        std::process::exit(INTERRUPTED);
    });
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
