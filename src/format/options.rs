//! How to read and how to write.

use super::Format;
use crate::document::OffsetUnit;
use crate::record::RecordOptions;
use std::path::PathBuf;

/// How to read; the default finds out the format, takes the unit that the format counts in, and takes `text` and `id` from
/// JSON Lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadOptions {
    pub(super) format: Option<Format>,
    pub(super) unit: Option<OffsetUnit>,
    pub(super) entity_links: bool,
    pub(super) text_field: String,
    pub(super) id_field: String,
    pub(super) max_document_bytes: usize,
    pub(super) root: Option<PathBuf>,
}

impl Default for ReadOptions {
    fn default() -> Self {
        Self {
            format: None,
            unit: None,
            entity_links: false,
            text_field: "text".to_owned(),
            id_field: "id".to_owned(),
            max_document_bytes: 256 << 20,
            root: None,
        }
    }
}

impl ReadOptions {
    /// Reads this format, whatever the file looks like; `None` finds out.
    #[must_use]
    pub fn with_format(mut self, format: impl Into<Option<Format>>) -> Self {
        self.format = format.into();
        self
    }

    /// Takes offsets to be counted in this unit, whatever is usual in the format.
    #[must_use]
    pub fn with_offset_unit(mut self, unit: impl Into<Option<OffsetUnit>>) -> Self {
        self.unit = unit.into();
        self
    }

    /// Takes the entity ids of gold JSON Lines for ids of a knowledge base, but for those that begin with `NIL`.
    #[must_use]
    pub fn with_entity_links(mut self, entity_links: bool) -> Self {
        self.entity_links = entity_links;
        self
    }

    /// Takes the text of a document in JSON Lines from this field.
    #[must_use]
    pub fn with_text_field(mut self, field: impl Into<String>) -> Self {
        self.text_field = field.into();
        self
    }

    /// Takes the id of a document in JSON Lines from this field.
    #[must_use]
    pub fn with_id_field(mut self, field: impl Into<String>) -> Self {
        self.id_field = field.into();
        self
    }

    /// Gives ids that hold in every run: a file's is its path as seen from the folder `root`, however it was named; a document
    /// of many in one file, or one from standard input, that comes without an id gets the name of its source and a digest of
    /// its text. For texts that go into a [store](crate::corpus).
    #[must_use]
    pub fn with_root(mut self, root: impl Into<PathBuf>) -> Self {
        self.root = Some(root.into());
        self
    }

    /// Refuses documents (and lines) longer than this many bytes; the default is 256 MiB.
    #[must_use]
    pub fn with_max_document_bytes(mut self, bytes: usize) -> Self {
        self.max_document_bytes = bytes;
        self
    }
}

/// Choices that formats honour where they apply: offsets and text in `namesake/1`, colour and width in `pretty`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputOptions {
    pub(super) record: RecordOptions,
    pub(super) colour: bool,
    pub(super) width: usize,
}

impl OutputOptions {
    /// Code-point offsets, no text, no colour, 100 columns.
    #[must_use]
    pub const fn new() -> Self {
        Self { record: RecordOptions::new(), colour: false, width: 100 }
    }

    /// Counts offsets in `unit`.
    #[must_use]
    pub const fn with_offset_unit(mut self, unit: OffsetUnit) -> Self {
        self.record = self.record.with_offset_unit(unit);
        self
    }

    /// Whether each document's text is written beside its annotations.
    #[must_use]
    pub const fn with_text(mut self, text: bool) -> Self {
        self.record = self.record.with_text(text);
        self
    }

    /// Whether to use terminal colours; the caller knows whether there is a terminal and what `NO_COLOR` says.
    #[must_use]
    pub const fn with_colour(mut self, colour: bool) -> Self {
        self.colour = colour;
        self
    }

    /// Columns of the terminal.
    #[must_use]
    pub const fn with_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }
}

impl Default for OutputOptions {
    fn default() -> Self {
        Self::new()
    }
}
