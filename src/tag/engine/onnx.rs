//! The pure-Rust engine: ONNX models on `rten`.

use super::device::{Device, Precision};
use super::interface::{Detected, Engine, EngineError, EngineInfo, LoadOrder};
use crate::tag::batch::Batch;
use crate::tag::files::ModelFile;
use crossbeam_channel::{Receiver, Sender};
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use std::sync::Arc;

/// The engine, as the list of engines knows it.
pub const INFO: EngineInfo = EngineInfo {
    name: "onnx",
    about: "ONNX models in pure Rust",
    precisions: &[Precision::F32],
    weights,
    detect: || Detected { devices: vec![Device::Cpu], note: "always built in".to_owned(), wrong_setting: false },
    takes: |_, _| Ok(()),
    load: |order| OnnxEngine::load(order).map(|engine| Box::new(engine) as Box<dyn Engine>),
};

/// Where weights may lie in a model folder; quantised ones are faster, and left out where exact numbers were asked for.
fn weights(precision: Option<Precision>) -> &'static [&'static str] {
    let files = &["onnx/model_quantized.onnx", "model_quantized.onnx", "onnx/model.onnx", "model.onnx"];
    if precision.is_some() { &files[2..] } else { files }
}

/// The inputs that are known.
const INPUTS: [&str; 4] = ["input_ids", "attention_mask", "token_type_ids", "position_ids"];

/// Runs an ONNX token-classification model with inputs `input_ids` and, where the model has them, `attention_mask`,
/// `token_type_ids` and `position_ids`, each `[windows, pieces]`, and one output `[windows, pieces, labels]`.
///
/// Windows are run one at a time, each on one thread, several windows side by side. An int8 model takes one
/// activation scale for its whole input, so a window that shared its input with others would get other logits than
/// alone; and a window run alone needs no padding.
struct OnnxEngine {
    model: Model,
    input_ids: NodeId,
    attention_mask: Option<NodeId>,
    token_type_ids: Option<NodeId>,
    position_ids: Option<NodeId>,
    /// Position of the first piece of a window.
    first_position: i32,
    logits: NodeId,
    /// One single-threaded pool for each window that may run at the same time.
    lanes: (Sender<Arc<ThreadPool>>, Receiver<Arc<ThreadPool>>),
}

impl std::fmt::Debug for OnnxEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnnxEngine").field("lanes", &self.lanes.0.len()).finish_non_exhaustive()
    }
}

impl OnnxEngine {
    /// Loads a model.
    ///
    /// # Errors
    /// If the weights are no ONNX model or not one of the expected interface.
    fn load(order: &LoadOrder<'_>) -> Result<Self, EngineError> {
        let model = match order.weights {
            ModelFile::Embedded(bytes) => options().load_static_slice(bytes),
            ModelFile::OnDisk(path) => options().load_file(path),
        };
        let model = model.map_err(|error| EngineError::Load(error.to_string()))?;
        let input_ids = model
            .find_node("input_ids")
            .ok_or_else(|| EngineError::Interface("it has no input named input_ids".to_owned()))?;
        let names: Vec<&str> = model.input_ids().iter().filter_map(|&id| model.node_info(id)?.name()).collect();
        if let Some(name) = names.iter().find(|name| !INPUTS.contains(name)) {
            return Err(EngineError::Interface(format!("it has an input {name}; known are {}", INPUTS.join(", "))));
        }
        let &[logits] = model.output_ids() else {
            return Err(EngineError::Interface(format!("it has {} outputs instead of one", model.output_ids().len())));
        };
        let lanes = crossbeam_channel::unbounded();
        for _ in 0..order.threads.max(1) {
            // The receiver lives in the same struct, so sending cannot fail.
            let _ = lanes.0.send(Arc::new(ThreadPool::with_num_threads(1)));
        }
        Ok(Self {
            input_ids,
            attention_mask: model.find_node("attention_mask"),
            token_type_ids: model.find_node("token_type_ids"),
            position_ids: model.find_node("position_ids"),
            first_position: i32::try_from(order.config.first_position).unwrap_or(0),
            logits,
            model,
            lanes,
        })
    }

    fn window_logits(&self, ids: &[i32], token_types: &[i32], lane: &Arc<ThreadPool>) -> Result<Vec<f32>, EngineError> {
        let shape = [1, ids.len()];
        let mask = NdTensor::full(shape, 1_i32);
        let mut inputs = vec![(self.input_ids, NdTensorView::from_data(shape, ids).into())];
        if let Some(node) = self.attention_mask {
            inputs.push((node, mask.view().into()));
        }
        if let Some(node) = self.token_type_ids {
            inputs.push((node, NdTensorView::from_data(shape, token_types).into()));
        }
        let positions: NdTensor<i32, 2> =
            NdTensor::from_data(shape, (self.first_position..).take(ids.len()).collect::<Vec<_>>());
        if let Some(node) = self.position_ids {
            inputs.push((node, positions.view().into()));
        }
        let run_options = RunOptions::default().with_thread_pool(Some(Arc::clone(lane)));
        let [output]: [Value; 1] = self
            .model
            .run_n(inputs, [self.logits], Some(run_options))
            .map_err(|error| EngineError::Run(error.to_string()))?;
        let logits: NdTensor<f32, 3> =
            output.try_into().map_err(|error| EngineError::Interface(format!("its output is no logits: {error}")))?;
        Ok(logits.into_data())
    }
}

fn options() -> ModelOptions {
    let mut options = ModelOptions::with_all_ops();
    options.prepack_weights(true);
    options
}

impl Engine for OnnxEngine {
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError> {
        let lane = self.lanes.1.recv().map_err(|error| EngineError::Run(error.to_string()))?;
        let mut all = Vec::new();
        let mut result = Ok(());
        let mut start = 0;
        for &length in &batch.lengths {
            let range = start..start + length;
            start += length;
            match self.window_logits(&batch.ids[range.clone()], &batch.token_types[range], &lane) {
                Ok(mut logits) => all.append(&mut logits),
                Err(error) => {
                    result = Err(error);
                    break;
                }
            }
        }
        let _ = self.lanes.0.send(lane);
        result.map(|()| all)
    }
}
