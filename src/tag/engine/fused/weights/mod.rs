//! Weight files: the tensors of a network, by the names that PyTorch gives them.

mod onnx;
mod safetensors;

pub use onnx::OnnxWeights;
pub use safetensors::SafetensorsWeights;

use super::linear::Unpacked;
use super::table::Table;
use crate::tag::engine::EngineError;

/// A file of weights.
///
/// All methods fail where a tensor is lacking, is of another shape or holds values that are no finite numbers.
pub trait Weights {
    /// The values of a tensor, row by row.
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EngineError>;

    /// An embedding table of `rows` rows of `width` values.
    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, EngineError>;

    /// Appends the `outputs` outputs of the linear layer `name` to `layer`.
    fn append(&self, name: &str, outputs: usize, layer: &mut Unpacked) -> Result<(), EngineError>;
}

/// That the tensor `name` has the shape `found`.
fn wrong_shape(name: &str, found: &[usize], wanted: &[usize]) -> EngineError {
    EngineError::Interface(format!("the tensor {name} is {found:?}, and by config.json it should be {wanted:?}"))
}

fn not_finite(name: &str) -> EngineError {
    EngineError::Load(format!("the tensor {name} holds values that are no finite numbers"))
}
