//! From files to documents: takes files, folders, globs and standard input, plain or compressed, in one of a few formats,
//! and yields one [`Document`](crate::document::Document) after another. What must hold: one document is in memory at a time, texts arrive
//! unaltered, and whatever is wrong with one line or file is an [`InputError`] that says where; the rest still comes.
//!
//! A new format is one file with a reader and one line in [`InputFormat`].

pub mod conll;
mod documents;
mod error;
mod jsonl;
mod lines;
pub mod mentions;
mod plain_lines;
mod progress;
mod source;
mod text;

pub use documents::Documents;
pub use error::{Fault, InputError};
pub use plain_lines::{PlainLines, open_lines};
pub use progress::ReadProgress;

/// The formats in which documents can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum InputFormat {
    /// A file is a text.
    Text,
    /// A line is a JSON object with a text.
    Jsonl,
    /// A line is a token.
    Conll,
}

impl InputFormat {
    /// Every format and the file endings that stand for it.
    const ENDINGS: [(Self, &'static [&'static str]); 3] = [
        (Self::Text, &["txt", "text", "md"]),
        (Self::Jsonl, &["jsonl", "ndjson"]),
        (Self::Conll, &["conll", "iob", "iob2", "bio"]),
    ];

    /// The format that this file ending (without the dot, any case) stands for.
    #[must_use]
    pub fn from_ending(ending: &str) -> Option<Self> {
        let ending = ending.to_ascii_lowercase();
        Self::ENDINGS.into_iter().find(|(_, endings)| endings.contains(&ending.as_str())).map(|(format, _)| format)
    }
}

/// How to read; the default goes by file endings and takes `text` and `id` from JSONL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InputOptions {
    format: Option<InputFormat>,
    text_field: String,
    id_field: String,
    max_document_bytes: usize,
}

impl Default for InputOptions {
    fn default() -> Self {
        Self { format: None, text_field: "text".to_owned(), id_field: "id".to_owned(), max_document_bytes: 256 << 20 }
    }
}

impl InputOptions {
    /// Reads every input as `format`, whatever its ending says.
    #[must_use]
    pub fn with_format(mut self, format: InputFormat) -> Self {
        self.format = Some(format);
        self
    }

    /// Takes the text of a JSONL document from this field.
    #[must_use]
    pub fn with_text_field(mut self, field: impl Into<String>) -> Self {
        self.text_field = field.into();
        self
    }

    /// Takes the id of a JSONL document from this field.
    #[must_use]
    pub fn with_id_field(mut self, field: impl Into<String>) -> Self {
        self.id_field = field.into();
        self
    }

    /// Refuses documents (and JSONL lines) longer than this many bytes; the default is 256 MiB.
    #[must_use]
    pub fn with_max_document_bytes(mut self, bytes: usize) -> Self {
        self.max_document_bytes = bytes;
        self
    }
}
