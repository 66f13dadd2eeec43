//! The `namesake` command: parses flags, calls a subcommand, turns an error into a message and an exit code.

#![forbid(unsafe_code)]

mod cli;

use clap::Parser;
use mimalloc::MiMalloc;
use std::io::IsTerminal;
use std::process::ExitCode;

/// Everything here makes and drops many small things on several threads: names, keys, mentions. With glibc's allocator
/// linking 400,000 entities spends a fifth of its time in `malloc`, more the larger the store is; with this one it takes a
/// third less time and `eval` a fifth less (docs/performance.md). Only the command chooses it, the library leaves it to its user.
#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

/// What a shell reports for a program that Ctrl-C ended.
const INTERRUPTED: i32 = 130;

fn main() -> ExitCode {
    // Without a handler we would still stop; only the temporary file of -o would stay behind.
    let _ = on_interrupt(|| {
        namesake::format::discard_unfinished();
        if std::io::stderr().is_terminal() {
            // The shell's prompt belongs below the bar, not behind it.
            cli::tell(format_args!(""));
        }
        std::process::exit(INTERRUPTED);
    });
    match cli::run(cli::Cli::parse()) {
        Ok(code) => code,
        // Whoever read our output has had enough ("| head"): that is no failure.
        Err(error) if cli::is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            cli::tell(format_args!("namesake: {}", cli::message_of(&error)));
            ExitCode::FAILURE
        }
    }
}

/// Calls `stop` on Ctrl-C and when asked to terminate. A hang-up is left to the system: a handler for it would take back
/// the protection that `nohup` gives a long run.
#[cfg(unix)]
fn on_interrupt(stop: impl Fn() + Send + 'static) -> std::io::Result<()> {
    use signal_hook::consts::{SIGINT, SIGTERM};
    let mut signals = signal_hook::iterator::Signals::new([SIGINT, SIGTERM])?;
    std::thread::Builder::new().name("signals".to_owned()).spawn(move || signals.forever().for_each(|_| stop()))?;
    Ok(())
}

/// Calls `stop` on Ctrl-C.
#[cfg(not(unix))]
fn on_interrupt(stop: impl Fn() + Send + 'static) -> Result<(), ctrlc::Error> {
    ctrlc::set_handler(stop)
}
