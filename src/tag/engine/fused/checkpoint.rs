//! From `config.json` and a weight file to an [`Encoder`].

use super::config::{Architecture, Config};
use super::distances::Distances;
use super::encoder::{AttentionHead, Classifier, Embeddings, Encoder, Layer, Shape};
use super::exit::Exit;
use super::kernels::{Kernel, Norm};
use super::linear::{Linear, Unpacked};
use super::weights::Weights;
use crate::tag::engine::EngineError;
use crate::tag::model::ModelConfig;

/// Builds the encoder for `kernel`.
pub fn load(model: &ModelConfig, weights: &dyn Weights, kernel: Kernel) -> Result<Encoder, EngineError> {
    let (architecture, config) = Config::parse(&model.text)?;
    let checkpoint = Checkpoint { architecture, config, labels: &model.labels, weights, columns: kernel.columns() };
    let Config { hidden_size: hidden, num_attention_heads: heads, intermediate_size: feed_forward, .. } =
        checkpoint.config;
    let labels = model.labels.len();
    Ok(Encoder {
        shape: Shape { hidden, heads, feed_forward, labels },
        kernel,
        embeddings: checkpoint.embeddings(model.first_position)?,
        distances: checkpoint.distances()?,
        layers: (0..checkpoint.config.num_hidden_layers)
            .map(|index| checkpoint.layer(index))
            .collect::<Result<_, _>>()?,
        classifier: Classifier {
            weights: weights.values("classifier.weight", &[labels, hidden])?,
            bias: weights.values("classifier.bias", &[labels])?,
        },
    })
}

/// A weight file, and what is to be found in it.
struct Checkpoint<'a> {
    architecture: Architecture,
    config: Config,
    labels: &'a [String],
    weights: &'a dyn Weights,
    /// What the kernel wants linear layers to be packed for.
    columns: usize,
}

impl Checkpoint<'_> {
    fn embeddings(&self, first_position: usize) -> Result<Embeddings, EngineError> {
        let (prefix, width) = (self.architecture.prefix(), self.config.hidden_size);
        let table = |name: &str, rows| {
            self.weights.table(&format!("{prefix}.embeddings.{name}_embeddings.weight"), rows, width)
        };
        let types = self.config.token_types(self.architecture);
        Ok(Embeddings {
            words: table("word", self.config.vocab_size)?,
            positions: table("position", self.config.max_position_embeddings)?,
            first_position,
            types: types.map(|rows| self.weights.table(self.architecture.token_types(), rows, width)).transpose()?,
            norm: self.norm(&format!("{prefix}.embeddings.LayerNorm"))?,
        })
    }

    fn distances(&self) -> Result<Option<Distances>, EngineError> {
        if self.architecture != Architecture::Mpnet {
            return Ok(None);
        }
        let heads = self.config.num_attention_heads;
        let table =
            self.weights.values("mpnet.encoder.relative_attention_bias.weight", &[Distances::BUCKETS, heads])?;
        Ok(Some(Distances::new(&table, heads, self.config.max_position_embeddings)))
    }

    fn layer(&self, index: usize) -> Result<Layer, EngineError> {
        let (width, feed_forward) = (self.config.hidden_size, self.config.intermediate_size);
        let name = |part: &str| format!("{}.encoder.layer.{index}.{part}", self.architecture.prefix());
        let parts = self.architecture.layer();
        let pack = |layer: Unpacked| Linear::pack(layer, self.columns);
        // The encoder multiplies outliers of the second feed-forward layer apart, and none elsewhere.
        let without_outliers = |part: &str, outputs: usize| {
            let layer = self.linear(&name(part), width, outputs)?;
            if layer.outliers.channels.is_empty() { Ok(layer) } else { Err(outliers_elsewhere(index, part)) }
        };
        let [queries, keys, values] = parts.attention.map(|part| without_outliers(part, width));
        let (queries, keys, values) = (queries?, keys?, values?);
        let heads = (0..self.config.num_attention_heads).map(|head| AttentionHead {
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
        let size = self.config.hidden_size / self.config.num_attention_heads;
        let mut layer = Unpacked::new(self.config.hidden_size);
        for part in parts {
            layer.append_outputs(part, head * size..(head + 1) * size);
        }
        layer
    }

    /// The exit after so many layers, if there is one.
    fn exit(&self, layers: usize) -> Result<Option<Exit>, EngineError> {
        let Some(probability) = self.config.exit_probability.filter(|_| self.config.exit_layers.contains(&layers))
        else {
            return Ok(None);
        };
        let outside = self.labels.iter().position(|label| label == "O");
        let outside = outside.ok_or_else(|| EngineError::Unsupported("early exits need a label O".to_owned()))?;
        let values = |part: &str, shape: &[usize]| {
            self.weights.values(&format!("exits.{layers}.{part}"), shape).map_err(|error| {
                EngineError::Unsupported(format!("the exit after layer {layers}, which config.json names: {error}"))
            })
        };
        let mut head = Unpacked::new(self.config.hidden_size);
        head.quantise(&values("weight", &[self.labels.len(), head.inputs])?);
        head.bias = values("bias", &[self.labels.len()])?;
        Ok(Some(Exit::new(Linear::pack(head, self.columns), outside, probability)))
    }

    fn norm(&self, name: &str) -> Result<Norm, EngineError> {
        let width = self.config.hidden_size;
        Ok(Norm {
            weight: self.weights.values(&format!("{name}.weight"), &[width])?,
            bias: self.weights.values(&format!("{name}.bias"), &[width])?,
            epsilon: self.config.layer_norm_eps,
        })
    }

    fn linear(&self, name: &str, inputs: usize, outputs: usize) -> Result<Unpacked, EngineError> {
        let mut layer = Unpacked::new(inputs);
        self.weights.append(name, outputs, &mut layer)?;
        Ok(layer)
    }
}

fn outliers_elsewhere(layer: usize, part: &str) -> EngineError {
    EngineError::Unsupported(format!(
        "layer {layer} has outliers among the inputs of {part}, where none are multiplied apart"
    ))
}
