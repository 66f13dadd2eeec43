//! Where written documents go: standard output, a file that appears under its name only when it is whole, or a folder.

mod destination;
mod durable;
mod error;
#[cfg(feature = "formats")]
mod folder;
mod lines;
mod new_folder;
mod unfinished;

pub use destination::Output;
pub use error::OutputError;
pub use lines::LineOutput;
pub use new_folder::NewFolder;
pub use unfinished::discard_unfinished;

use super::{Format, Losses, OutputOptions};
use crate::annotation::AnnotatedDocument;
use std::io::Write;

/// Writes all of `documents` to `out`, with their texts where the format may leave them out; tells what it cannot carry.
///
/// # Errors
/// If writing fails, the format is only read or is a folder of several files, or a document has no text.
pub fn write(documents: &[AnnotatedDocument], format: Format, out: &mut dyn Write) -> Result<Losses, OutputError> {
    let mut losses = Losses::default();
    let mut writer = format.writer(&OutputOptions::new().with_text(true))?;
    writer.begin(out)?;
    for document in documents {
        if !document.has_text() {
            return Err(OutputError::NoText { id: document.id().to_owned() });
        }
        writer.document(document, out, &mut losses)?;
    }
    writer.end(out)?;
    Ok(losses)
}
