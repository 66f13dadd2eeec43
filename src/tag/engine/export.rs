//! The int8 ONNX files of `scripts/export.py`, which are read without their graph: by `fused` as codes, by `libtorch` as floats.

use super::interface::EngineError;
use crate::tag::config::ModelConfig;
use crate::tag::files::ModelFile;
use crate::tag::token_type::TokenTypes;
use namesake_fused::{Error, OnnxWeights};
use std::path::Path;

/// Whether a file of weights is an ONNX file, by its name.
pub fn is_onnx(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "onnx")
}

/// Refuses ONNX files of others, as far as `config.json` tells them: before such a file is fetched or read.
pub fn check(model: &ModelConfig, file: &str) -> Result<(), EngineError> {
    if is_onnx(file) && model.token_types == TokenTypes::Nothing {
        return Err(EngineError::Unsupported(format!(
            "{file} is none of scripts/export.py: config.json has no word_shapes"
        )));
    }
    Ok(())
}

/// Reads such a file.
pub fn read(file: &ModelFile) -> Result<OnnxWeights, EngineError> {
    Ok(match file {
        ModelFile::Embedded(bytes) => OnnxWeights::parse(bytes)?,
        ModelFile::OnDisk(path) => OnnxWeights::open(path)?,
    })
}

impl From<Error> for EngineError {
    fn from(error: Error) -> Self {
        match error {
            Error::Unsupported(reason) => Self::Unsupported(reason),
            Error::Load(reason) => Self::Load(reason),
            Error::Interface(reason) => Self::Interface(reason),
            Error::Run(reason) => Self::Run(reason),
        }
    }
}
