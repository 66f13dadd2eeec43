//! `namesake completions SHELL`: what a shell needs to complete the command's flags. Not listed in the help, because the
//! release archive carries the files (`scripts/release.sh`).

use clap::{Args, Command};
use clap_complete::Shell;
use std::io::{self, Write};
use std::process::ExitCode;

/// Prints the completions of a shell.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell.
    shell: Shell,
}

pub fn run(args: &CompletionsArgs, command: &mut Command) -> anyhow::Result<ExitCode> {
    // The generator panics where writing fails, as it does when the reader went away: so it writes into memory.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "namesake", &mut script);
    io::stdout().lock().write_all(&script)?;
    Ok(ExitCode::SUCCESS)
}
