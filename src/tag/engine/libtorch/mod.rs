//! The PyTorch engine: `safetensors` checkpoints on libtorch, with the network classes of `rust-bert`. Of models of which only
//! int8 weights are shipped it takes those, as floats.
//!
//! Part of the program where it was built with the feature `libtorch`; this file is always there, so that a program
//! without it can say so.

#[cfg(feature = "libtorch")]
mod caught;
#[cfg(feature = "libtorch")]
mod deberta;
#[cfg(feature = "libtorch")]
mod encoder;
#[cfg(feature = "libtorch")]
mod input;
#[cfg(feature = "libtorch")]
mod network;
#[cfg(feature = "libtorch")]
mod run;
#[cfg(feature = "libtorch")]
mod weights;

use super::device::Precision;
#[cfg(feature = "libtorch")]
use super::export;
use super::interface::{Detected, Engine, EngineError, EngineInfo, LoadOrder};
use crate::tag::config::ModelConfig;

/// The engine, as the list of engines knows it.
pub const INFO: EngineInfo = EngineInfo {
    name: "libtorch",
    about: "PyTorch checkpoints (safetensors) on libtorch, with CUDA",
    precisions: &Precision::ALL,
    weights: |_| &["model.safetensors", "onnx/model_quantized.onnx", "model_quantized.onnx"],
    detect,
    takes,
    load,
};

#[cfg(feature = "libtorch")]
fn detect() -> Detected {
    run::detect()
}

#[cfg(feature = "libtorch")]
fn takes(config: &ModelConfig, file: &str) -> Result<(), EngineError> {
    network::check(&config.text)?;
    export::check(config, file)
}

#[cfg(feature = "libtorch")]
fn load(order: &LoadOrder<'_>) -> Result<Box<dyn Engine>, EngineError> {
    Ok(Box::new(run::LibtorchEngine::load(order)?))
}

#[cfg(not(feature = "libtorch"))]
fn detect() -> Detected {
    let note = "not built in: docs/engines.md says how to build with --features libtorch";
    Detected { devices: Vec::new(), note: note.to_owned(), wrong_setting: false }
}

#[cfg(not(feature = "libtorch"))]
fn takes(_: &ModelConfig, _: &str) -> Result<(), EngineError> {
    Err(EngineError::Unsupported(detect().note))
}

#[cfg(not(feature = "libtorch"))]
fn load(_: &LoadOrder<'_>) -> Result<Box<dyn Engine>, EngineError> {
    Err(EngineError::Unsupported(detect().note))
}
