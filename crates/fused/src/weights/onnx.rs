//! `onnx/model_quantized.onnx`, laid out as `scripts/export.py` does: matrix products and embeddings in int8.
//!
//! The same codes that the `onnx` engine multiplies with, so nothing is rounded twice. The graph is not run; of it only
//! the names count, which PyTorch's export derives from those of the layers:
//!
//! | weights | in the file |
//! | --- | --- |
//! | embeddings `X.weight` | `X.weight.int8`, codes, and `X.weight.scale`, one scale a row; small ones as they are |
//! | linear layer `a.b` | codes, transposed, and a scale an output: what the node `/a/b/MatMul_quant` multiplies with |
//! | input channels with outliers | `a.b.outlier_weights`; `a.b.rest` is 0 for them, and the rest is the layer `a.b.dense` |
//! | the classifier | in f32, transposed: what the node `/classifier/MatMul` multiplies with; codes in older files |
//! | all others | as they are, in f32 |
//!
//! Weights that lie in other files beside it are read one tensor at a time.

use super::{Tensors, not_finite, wrong_shape};
use crate::error::Error;
use crate::linear::{OutlierChannels, Unpacked, WEIGHT_MAX};
use crate::table::{Numbers, Table};
use rten_onnx::onnx::{DataLocation, DataType, ModelProto, TensorProto};
use std::borrow::Cow;
use std::collections::HashMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// What the name of the weights of a layer's outlier channels ends with.
const OUTLIER_WEIGHTS: &str = ".outlier_weights";

/// A tensor in single precision.
#[derive(Debug, Clone, PartialEq)]
pub struct FloatTensor {
    /// The name that PyTorch gives it.
    pub name: String,
    /// Its sizes, the outermost first.
    pub shape: Vec<usize>,
    /// Row by row.
    pub values: Vec<f32>,
}

/// The weights in an ONNX file of `scripts/export.py`.
pub struct OnnxWeights {
    tensors: HashMap<String, TensorProto>,
    /// For each linear layer the name of its codes, or of its weights in f32.
    products: HashMap<String, String>,
    /// Where further files lie; the file that is part of the program has none.
    folder: Option<PathBuf>,
}

impl std::fmt::Debug for OnnxWeights {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OnnxWeights").field("tensors", &self.tensors.len()).finish_non_exhaustive()
    }
}

impl OnnxWeights {
    /// Reads a whole file, whose tensors are all in it.
    ///
    /// # Errors
    /// If it is no ONNX file.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        Self::read(ModelProto::parse_buf(bytes), None)
    }

    /// Reads the list of tensors of the file at `path`, and those that are in the file itself; those that lie in other files
    /// beside it are read when they are needed.
    ///
    /// # Errors
    /// If it cannot be read, or is no ONNX file.
    pub fn open(path: &Path) -> Result<Self, Error> {
        let file = File::open(path).map_err(|error| Error::Load(error.to_string()))?;
        Self::read(ModelProto::parse_file(file), path.parent().map(Path::to_owned))
    }

    fn read<E: std::fmt::Display>(model: Result<ModelProto, E>, folder: Option<PathBuf>) -> Result<Self, Error> {
        let damaged = |error| Error::Load(format!("the file is cut short, or no ONNX file ({error})"));
        let graph = model.map_err(damaged)?.graph.ok_or_else(|| Error::Load("it holds no network".to_owned()))?;
        let is_product = |kind: Option<&str>| matches!(kind, Some("MatMulInteger" | "MatMul"));
        let products = graph.node.into_iter().filter(|node| is_product(node.op_type.as_deref()));
        let products =
            products.filter_map(|node| Some((layer_of(node.name.as_deref()?)?, node.input.into_iter().nth(1)?)));
        let tensors = graph.initializer.into_iter().filter_map(|tensor| Some((tensor.name.clone()?, tensor)));
        Ok(Self { products: products.collect(), tensors: tensors.collect(), folder })
    }

    /// All weights in single precision, codes times their scales, in no order: what PyTorch runs.
    pub fn float_tensors(&self) -> impl Iterator<Item = Result<FloatTensor, Error>> {
        let stored = self.tensors.iter().filter_map(|(name, tensor)| self.stored(name, &shape_of(tensor)));
        stored.chain(self.products.keys().filter_map(|layer| self.linear_weights(layer)))
    }

    /// What is stored under the name that PyTorch gives it, or as the codes of a table; none for parts of other tensors.
    fn stored(&self, name: &str, shape: &[usize]) -> Option<Result<FloatTensor, Error>> {
        if let Some(table) = name.strip_suffix(".int8") {
            return Some(self.table_in_floats(table, shape));
        }
        let is_weight = matches!(name.rsplit_once('.'), Some((_, "weight" | "bias")));
        if !is_weight || !name.starts_with(|letter: char| letter.is_ascii_lowercase()) {
            return None;
        }
        let split = name.strip_suffix(".dense.bias").filter(|layer| self.is_split(layer));
        let own_name = split.map_or_else(|| name.to_owned(), |layer| format!("{layer}.bias"));
        let values = self.floats(name, shape);
        Some(values.map(|values| FloatTensor { name: own_name, shape: shape.to_vec(), values }))
    }

    fn table_in_floats(&self, name: &str, shape: &[usize]) -> Result<FloatTensor, Error> {
        let &[rows, width] = shape else { return Err(foreign(&format!("has {name} as no table"))) };
        let table = self.table(name, rows, width)?;
        let mut values = vec![0.0; rows * width];
        values.chunks_exact_mut(width.max(1)).enumerate().for_each(|(row, out)| table.add_row(row, out));
        Ok(FloatTensor { name: name.to_owned(), shape: shape.to_vec(), values })
    }

    /// The weights of a linear layer, with the channels that are multiplied apart at their places; none where activations
    /// are multiplied with each other.
    fn linear_weights(&self, layer: &str) -> Option<Result<FloatTensor, Error>> {
        let codes = &self.products[layer];
        let &[inputs, outputs] = shape_of(self.tensors.get(codes)?).as_slice() else { return None };
        if codes.ends_with(OUTLIER_WEIGHTS) {
            return None;
        }
        let whole = layer.strip_suffix(".dense").filter(|layer| self.is_split(layer));
        let weights = || {
            let mut values = self.values(&format!("{layer}.weight"), &[outputs, inputs])?;
            if let Some(whole) = whole {
                let OutlierChannels { channels, weights } = self.outliers(whole, inputs, outputs)?;
                for (channel, weights) in channels.into_iter().zip(weights.chunks_exact(outputs)) {
                    values.chunks_exact_mut(inputs).zip(weights).for_each(|(row, weight)| row[channel] = *weight);
                }
            }
            let name = format!("{}.weight", whole.unwrap_or(layer));
            Ok(FloatTensor { name, shape: vec![outputs, inputs], values })
        };
        Some(weights())
    }

    /// Whether some channels of a layer are multiplied apart.
    fn is_split(&self, layer: &str) -> bool {
        self.tensors.contains_key(&format!("{layer}{OUTLIER_WEIGHTS}"))
    }

    /// A tensor of this type and, if that is known, shape.
    fn tensor(&self, name: &str, kind: DataType, shape: &[usize]) -> Result<&TensorProto, Error> {
        let tensor = self.tensors.get(name).ok_or_else(|| foreign(&format!("has no tensor {name}")))?;
        let found = shape_of(tensor);
        if found != shape {
            return Err(wrong_shape(name, &found, shape));
        }
        if tensor.data_type != Some(kind) {
            let found = tensor.data_type.map_or_else(|| "of no type".to_owned(), |kind| kind.to_string());
            return Err(foreign(&format!("has the tensor {name} as {found} and not as {kind}")));
        }
        Ok(tensor)
    }

    fn is_float(&self, name: &str) -> bool {
        self.tensors.get(name).is_some_and(|tensor| tensor.data_type == Some(DataType::FLOAT))
    }

    fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let tensor = self.tensor(name, DataType::FLOAT, shape)?;
        let values = if tensor.float_data.is_empty() {
            self.bytes(name, tensor)?.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)).collect()
        } else {
            tensor.float_data.clone()
        };
        checked(name, values, shape)
    }

    /// Signed bytes, as they are stored.
    fn codes(&self, name: &str, shape: &[usize]) -> Result<Vec<u8>, Error> {
        let tensor = self.tensor(name, DataType::INT8, shape)?;
        let codes = if tensor.int32_data.is_empty() {
            self.bytes(name, tensor)?
        } else {
            tensor.int32_data.iter().map(|&code| code.to_le_bytes()[0]).collect()
        };
        if codes.len() == shape.iter().product::<usize>() { Ok(codes) } else { Err(short(name)) }
    }

    /// The bytes of a tensor, wherever they are.
    fn bytes(&self, name: &str, tensor: &TensorProto) -> Result<Vec<u8>, Error> {
        if tensor.data_location != Some(DataLocation::EXTERNAL) {
            return Ok(tensor.raw_data.as_ref().map_or_else(Vec::new, |data| data.borrow().clone()));
        }
        let entry = |key: &str| {
            let entry = tensor.external_data.iter().find(|entry| entry.key.as_deref() == Some(key))?;
            entry.value.as_deref()
        };
        let number = |key: &str| entry(key).map_or(Ok(0), str::parse::<u64>).map_err(|_| short(name));
        // A plain name: what a model's file names is read beside it and nowhere else.
        let file = entry("location").filter(|file| Path::new(file).file_name() == Some(file.as_ref()));
        let (Some(file), Some(folder)) = (file, &self.folder) else { return Err(short(name)) };
        let told = |error: std::io::Error| Error::Load(format!("{file}, which holds {name}: {error}"));
        let mut reader = File::open(folder.join(file)).map_err(told)?;
        let (offset, length) = (number("offset")?, number("length")?);
        reader.seek(SeekFrom::Start(offset)).map_err(told)?;
        let mut bytes = Vec::new();
        reader.take(length).read_to_end(&mut bytes).map_err(told)?;
        if bytes.len() as u64 == length { Ok(bytes) } else { Err(short(name)) }
    }

    /// The codes of a layer, a row an input, with a scale for each output.
    fn product(&self, layer: &str, inputs: usize, outputs: usize) -> Result<(Vec<u8>, Vec<f32>), Error> {
        let name = self.products.get(layer).ok_or_else(|| foreign(&format!("has no product {layer} in int8")))?;
        let part = |part: &str| name.replace("_quantized", part);
        let (codes, zeros) = (self.codes(name, &[inputs, outputs])?, self.codes(&part("_zero_point"), &[outputs])?);
        let size = codes.iter().map(|code| code.cast_signed().unsigned_abs()).max().unwrap_or(0);
        if f32::from(size) > WEIGHT_MAX || zeros.iter().any(|&zero| zero != 0) {
            return Err(foreign(&format!("has {layer} in other codes than symmetric ones of 7 bits")));
        }
        Ok((codes, self.floats(&part("_scale"), &[outputs])?))
    }

    /// The input channels of a layer that are multiplied apart, or none.
    fn outliers(&self, layer: &str, inputs: usize, outputs: usize) -> Result<OutlierChannels, Error> {
        let rest = self.floats(&format!("{layer}.rest"), &[inputs])?;
        let channels: Vec<usize> =
            rest.iter().enumerate().filter(|&(_, &rest)| rest == 0.0).map(|(channel, _)| channel).collect();
        let weights = self.floats(&format!("{layer}{OUTLIER_WEIGHTS}"), &[channels.len(), outputs])?;
        Ok(OutlierChannels { channels, weights })
    }
}

impl Tensors for OnnxWeights {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let layer = name.strip_suffix(".weight").filter(|layer| self.products.contains_key(*layer));
        let (Some(layer), &[outputs, inputs]) = (layer, shape) else { return self.floats(name, shape) };
        let transposed = if self.is_float(&self.products[layer]) {
            self.floats(&self.products[layer], &[inputs, outputs])?
        } else {
            let (codes, scales) = self.product(layer, inputs, outputs)?;
            codes.iter().zip(scales.iter().cycle()).map(|(code, scale)| f32::from(code.cast_signed()) * scale).collect()
        };
        Ok((0..outputs).flat_map(|output| transposed[output..].iter().step_by(outputs)).copied().collect())
    }

    fn table(&self, name: &str, rows: usize, width: usize) -> Result<Table, Error> {
        let codes = format!("{name}.int8");
        if !self.tensors.contains_key(&codes) {
            let bytes = self.floats(name, &[rows, width])?.iter().flat_map(|value| value.to_le_bytes()).collect();
            return Ok(Table { bytes: Cow::Owned(bytes), numbers: Numbers::Float, width });
        }
        let scales = self.floats(&format!("{name}.scale"), &[rows, 1])?;
        Ok(Table { bytes: Cow::Owned(self.codes(&codes, &[rows, width])?), numbers: Numbers::Codes(scales), width })
    }

    fn append(&self, name: &str, outputs: usize, layer: &mut Unpacked) -> Result<(), Error> {
        let split = format!("{name}.dense");
        let dense = if self.products.contains_key(&split) {
            layer.outliers = self.outliers(name, layer.inputs, outputs)?;
            &split
        } else {
            name
        };
        let (codes, scales) = self.product(dense, layer.inputs, outputs)?;
        layer.append_transposed(&codes, scales);
        layer.bias.extend(self.floats(&format!("{dense}.bias"), &[outputs])?);
        Ok(())
    }
}

fn shape_of(tensor: &TensorProto) -> Vec<usize> {
    tensor.dims.iter().map(|&size| usize::try_from(size).unwrap_or(0)).collect()
}

/// The linear layer of a node: `a.b` of `/a/b/MatMul_quant`.
fn layer_of(node: &str) -> Option<String> {
    Some(node.strip_prefix('/')?.rsplit_once('/')?.0.replace('/', "."))
}

/// `values`, if there are as many as there should be and all are numbers.
fn checked(name: &str, values: Vec<f32>, shape: &[usize]) -> Result<Vec<f32>, Error> {
    if values.len() != shape.iter().product::<usize>() {
        return Err(short(name));
    }
    if values.iter().all(|value| value.is_finite()) { Ok(values) } else { Err(not_finite(name)) }
}

/// That another engine should have the file.
fn foreign(what: &str) -> Error {
    Error::Unsupported(format!("it reads ONNX files of scripts/export.py, and this one {what}"))
}

fn short(name: &str) -> Error {
    Error::Load(format!("the tensor {name} is not whole"))
}
