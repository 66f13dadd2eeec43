//! Weight files: the tensors of a network, by the names that PyTorch gives them.

mod onnx;
mod safetensors;

pub use onnx::{FloatTensor, OnnxWeights};
pub use safetensors::SafetensorsWeights;

use crate::error::Error;
use crate::linear::Unpacked;
use crate::table::Table;
use std::borrow::Cow;

/// A file of weights.
#[derive(Debug)]
pub enum Weights {
    /// `onnx/model_quantized.onnx`, as `scripts/export.py` writes it.
    Onnx(OnnxWeights),
    /// All of a `model.safetensors`, in single or half precision. Of a file that is part of the program the tables are not
    /// copied.
    Safetensors(Cow<'static, [u8]>),
}

/// The tensors of a file of weights.
///
/// All methods fail where a tensor is lacking, is of another shape or holds values that are no finite numbers.
pub trait Tensors {
    /// The values of a tensor, row by row.
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error>;

    /// An embedding table of `rows` rows of `width` values.
    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, Error>;

    /// Appends the `outputs` outputs of the linear layer `name` to `layer`.
    fn append(&self, name: &str, outputs: usize, layer: &mut Unpacked) -> Result<(), Error>;
}

/// That the tensor `name` has the shape `found`.
fn wrong_shape(name: &str, found: &[usize], wanted: &[usize]) -> Error {
    Error::Interface(format!("the tensor {name} is {found:?}, and by config.json it should be {wanted:?}"))
}

fn not_finite(name: &str) -> Error {
    Error::Load(format!("the tensor {name} holds values that are no finite numbers"))
}
