//! Our own engine: BERT and MPNet encoders in int8, with the kernels of the crate `namesake-fused`, whose documentation says
//! what it computes and how exactly.

use super::device::Device;
use super::export;
use super::interface::{Detected, Engine, EngineError, EngineInfo, LoadOrder};
use crate::tag::batch::Batch;
use crate::tag::config::ModelConfig;
use namesake_fused::{Config, Encoder, KernelChoice, Weights, Windows, choose_kernel};

/// The engine, as the list of engines knows it.
pub const INFO: EngineInfo = EngineInfo {
    name: "fused",
    about: "BERT and MPNet in int8, our own kernels",
    precisions: &[],
    weights: |_| &["onnx/model_quantized.onnx", "model_quantized.onnx", "model.safetensors"],
    detect: || {
        let KernelChoice { kernel, note, wrong_setting } = choose_kernel();
        Detected { devices: kernel.map(|_| Device::Cpu).into_iter().collect(), note, wrong_setting }
    },
    takes,
    load: |order| load(order).map(|engine| Box::new(engine) as Box<dyn Engine>),
};

fn takes(model: &ModelConfig, file: &str) -> Result<(), EngineError> {
    config(model)?;
    export::check(model, file)
}

fn config(model: &ModelConfig) -> Result<Config, EngineError> {
    let config = Config::parse(&model.text, model.labels.len())?.with_first_position(model.first_position);
    let outside = model.labels.iter().position(|label| label == "O");
    Ok(match outside {
        Some(outside) => config.with_outside(outside),
        None => config,
    })
}

/// Loads a checkpoint and packs its weights for the kernel of this processor.
fn load(order: &LoadOrder<'_>) -> Result<Encoder, EngineError> {
    let KernelChoice { kernel, note, .. } = choose_kernel();
    let kernel = kernel.ok_or(EngineError::Unsupported(note))?;
    Ok(Encoder::load(&config(order.config)?, &weights(order)?, kernel)?)
}

fn weights(order: &LoadOrder<'_>) -> Result<Weights, EngineError> {
    if export::is_onnx(order.name) {
        return Ok(Weights::Onnx(export::read(order.weights)?));
    }
    let bytes = order.weights.bytes().map_err(|error| EngineError::Load(error.to_string()))?;
    Ok(Weights::Safetensors(bytes))
}

impl Engine for Encoder {
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError> {
        Ok(self.logits(&windows(batch))?)
    }

    fn logits_of(&self, batch: &Batch, asked: &[usize]) -> Result<Vec<f32>, EngineError> {
        Ok(self.logits_of(&windows(batch), asked)?)
    }

    fn windows_a_batch(&self) -> usize {
        Self::WINDOWS_A_CALL
    }
}

fn windows(batch: &Batch) -> Windows<'_> {
    Windows { ids: &batch.ids, token_types: &batch.token_types, lengths: &batch.lengths }
}
