//! What can be wrong with a model.

use super::hub::HubError;
use crate::tag::engine::{ChoiceError, EngineError};
use crate::tag::label::LabelError;
use std::path::PathBuf;

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The folder is not there.
    #[error("there is no model folder {0}: name a folder with config.json, tokenizer.json and weights")]
    NoFolder(PathBuf),
    /// A model of the hub cannot be had.
    #[error("the model {name}: {source}")]
    Hub {
        /// Its name.
        name: String,
        /// Why.
        source: HubError,
    },
    /// A part of the folder is missing.
    #[error("the model folder {folder} has no {file}: it needs config.json, tokenizer.json and weights")]
    MissingFile {
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
    /// `config.json` is not what it should be.
    #[error("{path}: {reason}")]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong and what is expected.
        reason: String,
    },
    /// The labels in `config.json` are not usable.
    #[error("{path}: {source}")]
    Labels {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: LabelError,
    },
    /// The tokenizer cannot be used.
    #[error("{path}: {reason}")]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The weights are in a format that can run code when it is read.
    #[error(
        "{folder} has its weights only in pytorch_model.bin, a pickle, which is never read because it can run code; where \
         you trust it, convert it: python3 -c \"from transformers import AutoModelForTokenClassification as M, \
         AutoTokenizer as T; [c.from_pretrained('{folder}').save_pretrained('{folder}') for c in (M, T)]\""
    )]
    Pickle {
        /// The folder.
        folder: PathBuf,
    },
    /// No engine can run the model.
    #[error("{folder}: {source}")]
    NoEngine {
        /// The folder.
        folder: PathBuf,
        /// Why, for each engine.
        source: ChoiceError,
    },
    /// The weights cannot be used.
    #[error("{path}: {source}")]
    Engine {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: EngineError,
    },
}
