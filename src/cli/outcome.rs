//! What a run says beside its output: exit codes and lines on standard error.

use namesake::visible::{Layout, Visible};
use std::fmt;
use std::io::{self, Write};

/// Exit code when the flags ask for what cannot be.
pub const WRONG_FLAGS: u8 = 2;

/// Exit code when some input was bad and the rest was done.
pub const SOME_INPUT_BAD: u8 = 3;

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

/// Prints a line on standard error. It may quote input that nobody has vetted, so control characters are shown,
/// not sent. Nobody may be listening ("2>&1 | head"), and where `eprintln!` would panic the run still has its output to write.
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
