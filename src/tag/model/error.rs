//! What can be wrong with a model.

use super::hub::HubError;
use crate::tag::engine::{ChoiceError, EngineError};
use crate::tag::files::FileError;
use crate::tag::label::LabelError;
use std::path::{Path, PathBuf};

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// So many threads cannot be used.
    #[error("{asked} threads: ask for 1 to {most}, or for no number to use all processors")]
    Threads {
        /// How many were asked for.
        asked: usize,
        /// The greatest number.
        most: usize,
    },
    /// No mention has such a score.
    #[error("a least score of {asked}: scores are from 0 to 1")]
    MinScore {
        /// The score that was asked for.
        asked: f32,
    },
    /// A file of the model is not there, or cannot be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A model of the hub cannot be had.
    #[error("the model {name}: {source}")]
    Hub {
        /// Its name.
        name: String,
        /// Why.
        source: HubError,
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

impl ModelError {
    /// No engine runs the model in `folder`; `has` says whether it has a file.
    pub(crate) fn no_engine(folder: &Path, has: impl Fn(&str) -> bool, source: ChoiceError) -> Self {
        let folder = folder.to_owned();
        if has("pytorch_model.bin") && !has("model.safetensors") {
            return Self::Pickle { folder };
        }
        Self::NoEngine { folder, source }
    }
}
