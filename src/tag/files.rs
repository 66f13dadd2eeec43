//! The files of a model: a folder in Hugging Face layout, or the one that is part of the program.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// Name of the model that is part of the program.
pub const EMBEDDED_MODEL: &str = "news-small";

/// The files of the model that is part of the program, by their names in its folder.
#[cfg(not(feature = "embedded-model"))]
static EMBEDDED_FILES: &[(&str, &[u8])] = &[];

/// The files of the model that is part of the program, by their names in its folder.
#[cfg(feature = "embedded-model")]
static EMBEDDED_FILES: &[(&str, &[u8])] = &[
    ("config.json", include_bytes!("../../models/news-small/config.json")),
    ("tokenizer.json", include_bytes!("../../models/news-small/tokenizer.json")),
    ("onnx/model_quantized.onnx", include_bytes!("../../models/news-small/onnx/model_quantized.onnx")),
];

/// A file of a model that cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FileError {
    /// The program has no model of its own.
    #[error("this build has no model of its own: name a model folder, or build it with the feature `embedded-model`")]
    NotEmbedded,
    /// The folder is not there.
    #[error("there is no model folder {0}: name a folder with config.json, tokenizer.json and weights")]
    NoFolder(PathBuf),
    /// A part of the folder is missing.
    #[error("the model folder {folder} has no {file}: it needs config.json, tokenizer.json and weights")]
    Missing {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        file: String,
    },
    /// A file cannot be read.
    #[error("the model file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Where the files of a model are.
#[derive(Debug, Clone)]
pub struct ModelFiles {
    folder: PathBuf,
    embedded: bool,
}

/// One file of a model.
#[derive(Debug, Clone)]
pub enum ModelFile {
    /// Part of the program.
    Embedded(&'static [u8]),
    /// On the disk.
    OnDisk(PathBuf),
}

impl ModelFile {
    /// All of it.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn bytes(&self) -> std::io::Result<Cow<'static, [u8]>> {
        match self {
            Self::Embedded(bytes) => Ok(Cow::Borrowed(bytes)),
            Self::OnDisk(path) => std::fs::read(path).map(Cow::Owned),
        }
    }
}

impl ModelFiles {
    /// The model that is part of the program.
    ///
    /// # Errors
    /// If there is none: the feature `embedded-model` is off.
    pub fn embedded() -> Result<Self, FileError> {
        if cfg!(feature = "embedded-model") {
            Ok(Self { folder: Path::new("models").join(EMBEDDED_MODEL), embedded: true })
        } else {
            Err(FileError::NotEmbedded)
        }
    }

    /// The model in this folder.
    ///
    /// # Errors
    /// If there is no such folder.
    pub fn in_folder(folder: &Path) -> Result<Self, FileError> {
        if !folder.is_dir() {
            return Err(FileError::NoFolder(folder.to_owned()));
        }
        Ok(Self { folder: folder.to_owned(), embedded: false })
    }

    /// Whether they are part of the program.
    #[must_use]
    pub const fn are_embedded(&self) -> bool {
        self.embedded
    }

    /// The folder; of the embedded model where it lies in the sources, for messages.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Path of a file that may or may not be there, for messages.
    #[must_use]
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Whether there is a file with this name, `/` between folders.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        if self.embedded { embedded(name).is_some() } else { self.path(name).is_file() }
    }

    /// The file with this name.
    #[must_use]
    pub fn file(&self, name: &str) -> ModelFile {
        match embedded(name).filter(|_| self.embedded) {
            Some(bytes) => ModelFile::Embedded(bytes),
            None => ModelFile::OnDisk(self.path(name)),
        }
    }

    /// The bytes of a file that must be there.
    ///
    /// # Errors
    /// If it is missing or cannot be read.
    pub fn read(&self, name: &str) -> Result<Cow<'static, [u8]>, FileError> {
        self.file(name).bytes().map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => FileError::Missing { folder: self.folder.clone(), file: name.to_owned() },
            _ => FileError::Unreadable { path: self.path(name), source },
        })
    }
}

fn embedded(name: &str) -> Option<&'static [u8]> {
    EMBEDDED_FILES.iter().find(|(file, _)| *file == name).map(|(_, bytes)| *bytes)
}
