//! One self-contained page: the texts with their mentions highlighted, as [`DocumentPage`] sets them.

use super::namesake::fitting;
use super::{DocumentWriter, Losses, OutputError};
use crate::annotation::AnnotatedDocument;
use crate::page::{DocumentPage, PageError};
use std::io::Write;

impl DocumentWriter for DocumentPage {
    fn begin(&mut self, out: &mut dyn Write) -> Result<(), OutputError> {
        Ok(Self::begin(self, out)?)
    }

    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        Ok(Self::document(self, &fitting(annotated, losses), out)?)
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), OutputError> {
        Ok(Self::end(self, out)?)
    }
}

impl From<PageError> for OutputError {
    fn from(error: PageError) -> Self {
        match error {
            PageError::Span { id, span } => Self::Span { id, span },
            PageError::Write(source) => Self::Write(source),
        }
    }
}
