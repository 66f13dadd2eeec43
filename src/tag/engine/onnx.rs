//! The pure-Rust engine: ONNX models on `rten`.

use super::{Batch, Engine, EngineError};
use crossbeam_channel::{Receiver, Sender};
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::prelude::*;
use rten_tensor::{NdTensor, NdTensorView};
use std::path::Path;
use std::sync::Arc;

/// Runs an ONNX token-classification model with inputs `input_ids` and, where the model has them, `attention_mask` and
/// `token_type_ids`, each `[windows, pieces]`, and one output `[windows, pieces, labels]`.
///
/// Windows are run one at a time, each on one thread, several windows side by side. An int8 model takes one
/// activation scale for its whole input, so a window that shared its input with others would get other logits than
/// alone; and a window run alone needs no padding.
pub struct OnnxEngine {
    model: Model,
    input_ids: NodeId,
    attention_mask: Option<NodeId>,
    token_type_ids: Option<NodeId>,
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
    /// Loads a model that is part of the program; at most `threads` windows run at the same time.
    ///
    /// # Errors
    /// If the bytes are no ONNX model or not one of the expected interface.
    pub fn from_static(bytes: &'static [u8], threads: usize) -> Result<Self, EngineError> {
        let model = options().load_static_slice(bytes).map_err(|error| EngineError::Load(error.to_string()))?;
        Self::new(model, threads)
    }

    /// Loads a model file; at most `threads` windows run at the same time.
    ///
    /// # Errors
    /// If the file is no ONNX model or not one of the expected interface.
    pub fn from_file(path: &Path, threads: usize) -> Result<Self, EngineError> {
        let model = options().load_file(path).map_err(|error| EngineError::Load(error.to_string()))?;
        Self::new(model, threads)
    }

    fn new(model: Model, threads: usize) -> Result<Self, EngineError> {
        let input_ids = model
            .find_node("input_ids")
            .ok_or_else(|| EngineError::Interface("it has no input named input_ids".to_owned()))?;
        let &[logits] = model.output_ids() else {
            return Err(EngineError::Interface(format!("it has {} outputs instead of one", model.output_ids().len())));
        };
        let lanes = crossbeam_channel::unbounded();
        for _ in 0..threads.max(1) {
            // The receiver lives in the same struct, so sending cannot fail.
            let _ = lanes.0.send(Arc::new(ThreadPool::with_num_threads(1)));
        }
        Ok(Self {
            input_ids,
            attention_mask: model.find_node("attention_mask"),
            token_type_ids: model.find_node("token_type_ids"),
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
