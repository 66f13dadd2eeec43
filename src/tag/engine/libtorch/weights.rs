//! Weights: from a file to the variables of a network.

use super::caught::first_line;
use crate::tag::engine::{EngineError, LoadOrder, export};
use namesake_fused::{FloatTensor, OnnxWeights};
use safetensors::SafeTensors;
use std::collections::HashMap;
use tch::nn::VarStore;
use tch::{Device, Kind, TchError, Tensor};

/// The tensors of a checkpoint by their names, on a device and in a precision.
#[derive(Debug)]
pub struct Weights(HashMap<String, Tensor>);

impl Weights {
    /// Reads all floating-point tensors of the file that `order` names.
    pub fn read(order: &LoadOrder<'_>, device: Device, kind: Kind) -> Result<Self, EngineError> {
        if export::is_onnx(order.name) {
            return Self::read_export(&export::read(order.weights)?, device, kind);
        }
        let bytes = order.weights.bytes().map_err(|error| EngineError::Load(error.to_string()))?;
        Self::parse(&bytes, device, kind)
    }

    /// Int8 codes times their scales.
    fn read_export(file: &OnnxWeights, device: Device, kind: Kind) -> Result<Self, EngineError> {
        let mut tensors = HashMap::new();
        for tensor in file.float_tensors() {
            let FloatTensor { name, shape, values } = tensor?;
            let tensor = Tensor::f_from_slice(&values)
                .and_then(|tensor| tensor.f_view(sizes(&shape).as_slice()))
                .and_then(|tensor| moved(&tensor, device, kind))
                .map_err(|error| fault(&name, &error))?;
            tensors.insert(name, tensor);
        }
        Ok(Self(tensors))
    }

    fn parse(bytes: &[u8], device: Device, kind: Kind) -> Result<Self, EngineError> {
        let checkpoint = SafeTensors::deserialize(bytes)
            .map_err(|error| EngineError::Load(format!("it is no safetensors file: {error}")))?;
        let mut tensors = HashMap::new();
        for (name, view) in checkpoint.tensors() {
            let from = match view.dtype() {
                safetensors::Dtype::F64 => Kind::Double,
                safetensors::Dtype::F32 => Kind::Float,
                safetensors::Dtype::F16 => Kind::Half,
                safetensors::Dtype::BF16 => Kind::BFloat16,
                // Integers are tables that every network makes by itself, such as `position_ids`.
                _ => continue,
            };
            let tensor = Tensor::f_from_data_size(view.data(), &sizes(view.shape()), from)
                .and_then(|tensor| moved(&tensor, device, kind))
                .map_err(|error| fault(&name, &error))?;
            tensors.insert(current_name(&name), tensor);
        }
        Ok(Self(tensors))
    }

    /// Makes the variables of `store` share these tensors.
    pub fn share(&self, store: &VarStore) -> Result<(), EngineError> {
        for (name, mut variable) in store.variables() {
            let tensor = match self.0.get(&name) {
                Some(tensor) => tensor,
                // A layer for the whole text, which some classes have and no label depends on.
                None if name.contains(".pooler.") => continue,
                None => {
                    let hint = "was the checkpoint trained for token classification?";
                    return Err(EngineError::Load(format!("there is no tensor {name}; {hint}")));
                }
            };
            if tensor.size() != variable.size() {
                let (found, wanted) = (tensor.size(), variable.size());
                return Err(EngineError::Load(format!("{name} is {found:?}, and config.json asks for {wanted:?}")));
            }
            variable.f_set_data(tensor).map_err(|error| fault(&name, &error))?;
        }
        Ok(())
    }
}

fn sizes(shape: &[usize]) -> Vec<i64> {
    shape.iter().map(|&size| i64::try_from(size).unwrap_or(i64::MAX)).collect()
}

fn moved(tensor: &Tensor, device: Device, kind: Kind) -> Result<Tensor, TchError> {
    tensor.f_to_kind(kind)?.f_to_device(device)
}

fn fault(name: &str, error: &TchError) -> EngineError {
    EngineError::Load(format!("{name}: {}", first_line(&error.to_string())))
}

/// The name that PyTorch gives today to a tensor that early checkpoints named after TensorFlow.
fn current_name(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((layer, "gamma")) => format!("{layer}.weight"),
        Some((layer, "beta")) => format!("{layer}.bias"),
        _ => name.to_owned(),
    }
}
