//! From `config.json` and a weight file to a [`Network`].

use crate::config::{Architecture, Config, Sizes};
use crate::distances::Distances;
use crate::error::Error;
use crate::exit::Exit;
use crate::kernels::{Kernel, Norm};
use crate::linear::{Linear, Unpacked};
use crate::network::{AttentionHead, Classifier, Embeddings, Layer, Network, Shape};
use crate::weights::{SafetensorsWeights, Tensors, Weights};

/// Builds the network for `kernel`.
pub fn load(config: &Config, weights: &Weights, kernel: Kernel) -> Result<Network, Error> {
    match weights {
        Weights::Onnx(file) => load_tensors(config, file, kernel),
        Weights::Safetensors(bytes) => load_tensors(config, &SafetensorsWeights::read(bytes)?, kernel),
    }
}

fn load_tensors(config: &Config, weights: &dyn Tensors, kernel: Kernel) -> Result<Network, Error> {
    let checkpoint = Checkpoint { config, weights, columns: kernel.columns() };
    let Sizes { hidden_size: hidden, num_attention_heads: heads, intermediate_size: feed_forward, .. } = config.sizes;
    let labels = config.labels;
    Ok(Network {
        shape: Shape { hidden, heads, feed_forward, labels },
        kernel,
        embeddings: checkpoint.embeddings()?,
        distances: checkpoint.distances()?,
        layers: (0..config.sizes.num_hidden_layers).map(|index| checkpoint.layer(index)).collect::<Result<_, _>>()?,
        classifier: Classifier {
            weights: weights.values("classifier.weight", &[labels, hidden])?,
            bias: weights.values("classifier.bias", &[labels])?,
        },
    })
}

/// A weight file, and what is to be found in it.
struct Checkpoint<'a> {
    config: &'a Config,
    weights: &'a dyn Tensors,
    /// What the kernel wants linear layers to be packed for.
    columns: usize,
}

impl Checkpoint<'_> {
    fn embeddings(&self) -> Result<Embeddings, Error> {
        let (prefix, width) = (self.config.architecture.prefix(), self.config.sizes.hidden_size);
        let table = |name: &str, rows| {
            self.weights.table(&format!("{prefix}.embeddings.{name}_embeddings.weight"), rows, width)
        };
        let types = self.config.token_types();
        Ok(Embeddings {
            words: table("word", self.config.sizes.vocab_size)?,
            positions: table("position", self.config.sizes.max_position_embeddings)?,
            first_position: self.config.first_position,
            types: types
                .map(|rows| self.weights.table(self.config.architecture.token_types(), rows, width))
                .transpose()?,
            norm: self.norm(&format!("{prefix}.embeddings.LayerNorm"))?,
        })
    }

    fn distances(&self) -> Result<Option<Distances>, Error> {
        if self.config.architecture != Architecture::Mpnet {
            return Ok(None);
        }
        let heads = self.config.sizes.num_attention_heads;
        let table =
            self.weights.values("mpnet.encoder.relative_attention_bias.weight", &[Distances::BUCKETS, heads])?;
        Ok(Some(Distances::new(&table, heads, self.config.sizes.max_position_embeddings)))
    }

    fn layer(&self, index: usize) -> Result<Layer, Error> {
        let (width, feed_forward) = (self.config.sizes.hidden_size, self.config.sizes.intermediate_size);
        let name = |part: &str| format!("{}.encoder.layer.{index}.{part}", self.config.architecture.prefix());
        let parts = self.config.architecture.layer();
        let pack = |layer: Unpacked| Linear::pack(layer, self.columns);
        // The encoder multiplies outliers of the second feed-forward layer apart, and none elsewhere.
        let without_outliers = |part: &str, outputs: usize| {
            let layer = self.linear(&name(part), width, outputs)?;
            if layer.outliers.channels.is_empty() { Ok(layer) } else { Err(outliers_elsewhere(index, part)) }
        };
        let [queries, keys, values] = parts.attention.map(|part| without_outliers(part, width));
        let (queries, keys, values) = (queries?, keys?, values?);
        let heads = (0..self.config.sizes.num_attention_heads).map(|head| AttentionHead {
            queries: pack(self.head(head, &[&queries])),
            keys_and_values: pack(self.head(head, &[&keys, &values])),
        });
        Ok(Layer {
            heads: heads.collect(),
            attention_output: pack(without_outliers(parts.attention_output, width)?),
            attention_norm: self.norm(&name(parts.attention_norm))?,
            up: pack(without_outliers(parts.up, feed_forward)?),
            down: pack(self.linear(&name(parts.down), feed_forward, width)?),
            norm: self.norm(&name(parts.norm))?,
            exit: self.exit(index + 1)?,
        })
    }

    /// The outputs of one head in each of these layers.
    fn head(&self, head: usize, parts: &[&Unpacked]) -> Unpacked {
        let size = self.config.sizes.hidden_size / self.config.sizes.num_attention_heads;
        let mut layer = Unpacked::new(self.config.sizes.hidden_size);
        for part in parts {
            layer.append_outputs(part, head * size..(head + 1) * size);
        }
        layer
    }

    /// The exit after so many layers, if there is one.
    fn exit(&self, layers: usize) -> Result<Option<Exit>, Error> {
        let Some(probability) =
            self.config.sizes.exit_probability.filter(|_| self.config.sizes.exit_layers.contains(&layers))
        else {
            return Ok(None);
        };
        let outside = self.config.outside.filter(|&label| label < self.config.labels);
        let outside = outside.ok_or_else(|| Error::Unsupported("early exits need a label O".to_owned()))?;
        let values = |part: &str, shape: &[usize]| {
            self.weights.values(&format!("exits.{layers}.{part}"), shape).map_err(|error| {
                Error::Unsupported(format!("the exit after layer {layers}, which config.json names: {error}"))
            })
        };
        let mut head = Unpacked::new(self.config.sizes.hidden_size);
        head.quantise(&values("weight", &[self.config.labels, head.inputs])?);
        head.bias = values("bias", &[self.config.labels])?;
        Ok(Some(Exit::new(Linear::pack(head, self.columns), outside, probability)))
    }

    fn norm(&self, name: &str) -> Result<Norm, Error> {
        let width = self.config.sizes.hidden_size;
        Ok(Norm {
            weight: self.weights.values(&format!("{name}.weight"), &[width])?,
            bias: self.weights.values(&format!("{name}.bias"), &[width])?,
            epsilon: self.config.sizes.layer_norm_eps,
        })
    }

    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Unpacked, Error> {
        let mut layer = Unpacked::new(inputs);
        self.weights.append(name, outputs, &mut layer)?;
        Ok(layer)
    }
}

fn outliers_elsewhere(layer: usize, part: &str) -> Error {
    Error::Unsupported(format!(
        "layer {layer} has outliers among the inputs of {part}, where none are multiplied apart"
    ))
}
