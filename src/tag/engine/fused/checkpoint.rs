//! From `config.json` and `model.safetensors` to an [`Encoder`].

use super::encoder::{Classifier, Embeddings, Encoder, Layer, Shape};
use super::kernels::{Kernel, Norm, half_to_float};
use super::linear::Linear;
use crate::tag::engine::EngineError;
use safetensors::{Dtype, SafeTensors};
use serde::Deserialize;
use std::borrow::Cow;
use std::ops::Range;

/// What the encoder needs to know of `config.json`.
#[derive(Debug, Deserialize)]
struct Config {
    model_type: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    vocab_size: usize,
    max_position_embeddings: usize,
    type_vocab_size: usize,
    layer_norm_eps: f32,
    hidden_act: String,
    #[serde(default)]
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
}

impl Config {
    /// Reads a configuration and refuses what this engine does not compute.
    fn parse(text: &str) -> Result<Self, EngineError> {
        let refuse = |reason: String| Err(EngineError::Unsupported(reason));
        let config: Self =
            serde_json::from_str(text).map_err(|error| EngineError::Unsupported(format!("config.json: {error}")))?;
        if config.model_type != "bert" || config.is_decoder {
            return refuse(format!("it runs BERT encoders, and this is a {} model", config.model_type));
        }
        if config.hidden_act != "gelu" {
            return refuse(format!("it computes the activation gelu, and this model has {}", config.hidden_act));
        }
        if let Some(kind) = config.position_embedding_type.as_deref()
            && kind != "absolute"
        {
            return refuse(format!("it computes absolute positions, and this model has {kind} ones"));
        }
        let sizes = [
            config.hidden_size,
            config.num_hidden_layers,
            config.num_attention_heads,
            config.intermediate_size,
            config.vocab_size,
            config.max_position_embeddings,
            config.type_vocab_size,
        ];
        if sizes.iter().any(|&size| size == 0 || size > MAX_SIZE) {
            return refuse(format!("a size in config.json is 0 or above {MAX_SIZE}"));
        }
        if !config.hidden_size.is_multiple_of(2 * config.num_attention_heads) {
            return refuse(format!(
                "{} values cannot be shared out in pairs among {} heads",
                config.hidden_size, config.num_attention_heads
            ));
        }
        Ok(config)
    }
}

/// Sizes up to this are believed: 255 · 64 · 100,000 < 2³¹, so that sums of products stay exact in 32 bits.
const MAX_SIZE: usize = 100_000;

/// An embedding table, read in place.
#[derive(Debug)]
pub struct Table {
    bytes: Cow<'static, [u8]>,
    half: bool,
    width: usize,
}

impl Table {
    pub fn len(&self) -> usize {
        self.bytes.len() / self.width / self.value_size()
    }

    fn value_size(&self) -> usize {
        if self.half { 2 } else { 4 }
    }

    /// Adds a row to `out`.
    pub fn add_row(&self, row: usize, out: &mut [f32]) {
        let size = self.width * self.value_size();
        let bytes = &self.bytes[row * size..(row + 1) * size];
        if self.half {
            for (out, value) in out.iter_mut().zip(bytes.as_chunks().0) {
                *out += half_to_float(u16::from_le_bytes(*value));
            }
        } else {
            for (out, value) in out.iter_mut().zip(bytes.as_chunks().0) {
                *out += f32::from_le_bytes(*value);
            }
        }
    }
}

/// The tensors of a file, by name.
struct Checkpoint<'a> {
    tensors: SafeTensors<'a>,
}

impl Checkpoint<'_> {
    fn values(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EngineError> {
        let mut values = Vec::new();
        self.append(name, shape, &mut values)?;
        Ok(values)
    }

    /// Appends the values of a tensor to `out`.
    fn append(&self, name: &str, shape: &[usize], out: &mut Vec<f32>) -> Result<(), EngineError> {
        let (bytes, half) = self.bytes(name, shape)?;
        if half {
            out.extend(bytes.as_chunks().0.iter().map(|value| half_to_float(u16::from_le_bytes(*value))));
        } else {
            out.extend(bytes.as_chunks().0.iter().map(|value| f32::from_le_bytes(*value)));
        }
        Ok(())
    }

    /// The bytes of a tensor, and whether they are half-precision.
    fn bytes(&self, name: &str, shape: &[usize]) -> Result<(&[u8], bool), EngineError> {
        let tensor = self
            .tensors
            .tensor(name)
            .map_err(|_| EngineError::Interface(format!("model.safetensors has no tensor {name}")))?;
        if tensor.shape() != shape {
            return Err(EngineError::Interface(format!(
                "the tensor {name} is {:?}, and by config.json it should be {shape:?}",
                tensor.shape()
            )));
        }
        let bytes = tensor.data();
        // The greatest exponent tells of infinities and NaN; unlike a search it has no early end, and runs in vectors.
        let (half, finite) = match tensor.dtype() {
            Dtype::F16 => {
                let exponents = bytes.as_chunks().0.iter().map(|value| u16::from_le_bytes(*value) & 0x7c00);
                (true, exponents.fold(0, u16::max) < 0x7c00)
            }
            Dtype::F32 => {
                let exponents = bytes.as_chunks().0.iter().map(|value| u32::from_le_bytes(*value) & 0x7f80_0000);
                (false, exponents.fold(0, u32::max) < 0x7f80_0000)
            }
            other => {
                return Err(EngineError::Interface(format!("the tensor {name} is {other:?}; F16 and F32 are known")));
            }
        };
        if !finite {
            return Err(EngineError::Load(format!("the tensor {name} holds values that are no finite numbers")));
        }
        Ok((bytes, half))
    }

    fn norm(&self, name: &str, width: usize, epsilon: f32) -> Result<Norm, EngineError> {
        Ok(Norm {
            weight: self.values(&format!("{name}.weight"), &[width])?,
            bias: self.values(&format!("{name}.bias"), &[width])?,
            epsilon,
        })
    }

    /// Several linear layers of the same inputs as one.
    fn linear(&self, names: &[String], inputs: usize, outputs: usize, columns: usize) -> Result<Linear, EngineError> {
        let (mut weights, mut bias) = (Vec::new(), Vec::new());
        for name in names {
            self.append(&format!("{name}.weight"), &[outputs, inputs], &mut weights)?;
            self.append(&format!("{name}.bias"), &[outputs], &mut bias)?;
        }
        Ok(Linear::pack(&weights, &bias, inputs, columns))
    }
}

/// A weight file: part of the program or read from a folder.
pub type Bytes = Cow<'static, [u8]>;

/// Whether the network that this `config.json` describes is one that the encoder computes.
pub fn check(config: &str) -> Result<(), EngineError> {
    Config::parse(config).map(drop)
}

/// Builds the encoder for `kernel`.
pub fn load(config: &str, labels: usize, bytes: &Bytes, kernel: Kernel) -> Result<Encoder, EngineError> {
    let config = Config::parse(config)?;
    let damaged = |error| EngineError::Load(format!("model.safetensors: {error}"));
    let checkpoint = Checkpoint { tensors: SafeTensors::deserialize(bytes).map_err(damaged)? };
    let width = config.hidden_size;
    let layers = (0..config.num_hidden_layers)
        .map(|index| layer(&checkpoint, &config, index, kernel.columns()))
        .collect::<Result<_, _>>()?;
    let table = |name: &str, rows: usize| {
        let (tensor, half) = checkpoint.bytes(&format!("bert.embeddings.{name}_embeddings.weight"), &[rows, width])?;
        let start = tensor.as_ptr().addr() - bytes.as_ptr().addr();
        Ok(Table { bytes: part(bytes, start..start + tensor.len()), half, width })
    };
    let embeddings = Embeddings {
        words: table("word", config.vocab_size)?,
        positions: table("position", config.max_position_embeddings)?,
        types: table("token_type", config.type_vocab_size)?,
        norm: checkpoint.norm("bert.embeddings.LayerNorm", width, config.layer_norm_eps)?,
    };
    let classifier = Classifier {
        weights: checkpoint.values("classifier.weight", &[labels, width])?,
        bias: checkpoint.values("classifier.bias", &[labels])?,
    };
    let shape =
        Shape { hidden: width, heads: config.num_attention_heads, feed_forward: config.intermediate_size, labels };
    Ok(Encoder { shape, kernel, embeddings, layers, classifier })
}

/// Part of a file: in place where the file is part of the program, else a copy, so that the rest can be freed.
fn part(bytes: &Bytes, range: Range<usize>) -> Bytes {
    match bytes {
        Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[range]),
        Cow::Owned(bytes) => Cow::Owned(bytes[range].to_vec()),
    }
}

fn layer(checkpoint: &Checkpoint<'_>, config: &Config, index: usize, columns: usize) -> Result<Layer, EngineError> {
    let (width, feed_forward) = (config.hidden_size, config.intermediate_size);
    let name = |part: &str| format!("bert.encoder.layer.{index}.{part}");
    let attention = ["query", "key", "value"].map(|part| name(&format!("attention.self.{part}")));
    Ok(Layer {
        attention: checkpoint.linear(&attention, width, width, columns)?,
        attention_output: checkpoint.linear(&[name("attention.output.dense")], width, width, columns)?,
        attention_norm: checkpoint.norm(&name("attention.output.LayerNorm"), width, config.layer_norm_eps)?,
        up: checkpoint.linear(&[name("intermediate.dense")], width, feed_forward, columns)?,
        down: checkpoint.linear(&[name("output.dense")], feed_forward, width, columns)?,
        norm: checkpoint.norm(&name("output.LayerNorm"), width, config.layer_norm_eps)?,
    })
}
