//! Engines: word pieces in, logits out.
//!
//! An engine knows tensors and nothing of words, labels or documents. Every engine must give one window the same logits
//! whatever else is in its batch, so that results never depend on batching or threads.

mod onnx;

pub use onnx::OnnxEngine;

/// Windows of word pieces, laid end to end without padding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Piece ids of all windows, special pieces included.
    pub ids: Vec<i32>,
    /// Token type of each piece, parallel to `ids`.
    pub token_types: Vec<i32>,
    /// Number of pieces of each window; sums to `ids.len()`.
    pub lengths: Vec<usize>,
}

/// Why an engine could not be loaded or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The weights are damaged or use an operation that the engine lacks.
    #[error("the model's weights cannot be used: {0}")]
    Load(String),
    /// The network does not take or give what a token-classification model does.
    #[error("the model is no token-classification network: {0}")]
    Interface(String),
    /// Running the network failed.
    #[error("running the model failed: {0}")]
    Run(String),
}

/// Something that runs a token-classification network.
pub trait Engine: Send + Sync {
    /// Logits of `batch`: one row for each piece in the order of `batch.ids`, one column for each label, row by row.
    ///
    /// # Errors
    /// If the network fails on this batch; other batches may still work.
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError>;
}
