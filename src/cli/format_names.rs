//! Formats by their names on the command line.

use namesake::format::{Format, Use};

/// A format with annotations to read.
pub fn readable(name: &str) -> Result<Format, String> {
    named(name, Use::Annotations)
}

/// A format to write.
pub fn writable(name: &str) -> Result<Format, String> {
    // What `extract` writes has always been called so.
    if name == "jsonl" {
        return Ok(Format::Namesake);
    }
    named(name, Use::Writing)
}

/// A format with texts to read.
pub fn text(name: &str) -> Result<Format, String> {
    named(name, Use::Texts)
}

fn named(name: &str, purpose: Use) -> Result<Format, String> {
    let names = || Format::all_for(purpose).map(Format::name).collect::<Vec<_>>().join(", ");
    Format::from_name(name)
        .filter(|format| format.is_for(purpose))
        .ok_or_else(|| format!("expected one of {}", names()))
}
