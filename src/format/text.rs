//! Plain text: a file is a document.

use super::opened::{Annotated, Opened};
use crate::annotation::AnnotatedDocument;
use crate::document::Document;

/// The one document of the source, called after it.
pub(super) fn documents(mut opened: Opened) -> Annotated {
    let text = opened.text().map_err(|fault| fault.of(&opened.name));
    let document = text.map(|text| (AnnotatedDocument::new(Document::new(opened.name, text)), None));
    Box::new(std::iter::once(document))
}
