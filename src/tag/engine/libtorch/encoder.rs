//! BERT's encoder with the epsilon that the configuration names.
//!
//! `rust-bert` normalises with 1e-12 in every network of this shape; RoBERTa and its kin were trained with 1e-5, and their
//! logits differ in the third digit.

use super::input::Input;
use rust_bert::Activation;
use serde::Deserialize;
use std::collections::BTreeMap;
use tch::nn::{self, LayerNormConfig, Module, Path};
use tch::{Kind, Tensor};

/// The part of `config.json` that all encoders need.
#[derive(Debug, Deserialize)]
pub struct EncoderConfig {
    /// Values of a piece between layers.
    pub hidden_size: i64,
    /// Heads of the attention.
    pub num_attention_heads: i64,
    /// Layers.
    pub num_hidden_layers: i64,
    /// Rows of the table of pieces.
    pub vocab_size: i64,
    /// Rows of the table of positions.
    pub max_position_embeddings: i64,
    /// Rows of the table of token types.
    pub type_vocab_size: i64,
    embedding_size: Option<i64>,
    id2label: BTreeMap<String, String>,
    hidden_act: Activation,
    intermediate_size: i64,
    layer_norm_eps: f64,
}

impl EncoderConfig {
    /// Values of a piece in the tables.
    pub fn embedding_size(&self) -> i64 {
        self.embedding_size.unwrap_or(self.hidden_size)
    }

    /// Columns of the logits.
    pub fn labels(&self) -> i64 {
        i64::try_from(self.id2label.len()).unwrap_or(i64::MAX)
    }
}

/// A network of BERT's shape with a layer that tells each piece's label.
#[derive(Debug)]
pub struct TokenClassifier {
    words: nn::Embedding,
    positions: nn::Embedding,
    token_types: nn::Embedding,
    normalise: nn::LayerNorm,
    /// From the embeddings' width to the layers', where they differ.
    project: Option<nn::Linear>,
    layers: Vec<Layer>,
    classify: nn::Linear,
}

impl TokenClassifier {
    /// Makes the variables below `path`, those of the encoder below `prefix`.
    pub fn new(path: &Path<'_>, prefix: &str, config: &EncoderConfig) -> Self {
        let base = path / prefix;
        let embeddings = &base / "embeddings";
        let (hidden, width) = (config.hidden_size, config.embedding_size());
        let table = |name: &str, rows| nn::embedding(&embeddings / name, rows, width, nn::EmbeddingConfig::default());
        let layers = &base / "encoder" / "layer";
        Self {
            words: table("word_embeddings", config.vocab_size),
            positions: table("position_embeddings", config.max_position_embeddings),
            token_types: table("token_type_embeddings", config.type_vocab_size),
            normalise: normalisation(&embeddings / "LayerNorm", width, config),
            project: (width != hidden).then(|| linear(&base / "embeddings_project", width, hidden)),
            layers: (0..config.num_hidden_layers).map(|index| Layer::new(&(&layers / index), config)).collect(),
            classify: linear(path / "classifier", hidden, config.labels()),
        }
    }

    /// Logits of each piece.
    pub fn logits(&self, input: &Input) -> Tensor {
        let embedded = input.ids.apply(&self.words)
            + input.positions.apply(&self.positions)
            + input.token_types.apply(&self.token_types);
        let mut hidden = embedded.apply(&self.normalise);
        if let Some(project) = &self.project {
            hidden = hidden.apply(project);
        }
        let mask = input.mask.to_kind(Kind::Bool).unsqueeze(1).unsqueeze(1);
        for layer in &self.layers {
            hidden = layer.forward(&hidden, &mask);
        }
        hidden.apply(&self.classify)
    }
}

#[derive(Debug)]
struct Layer {
    heads: i64,
    query: nn::Linear,
    key: nn::Linear,
    value: nn::Linear,
    rest: Rest,
}

impl Layer {
    fn new(path: &Path<'_>, config: &EncoderConfig) -> Self {
        let hidden = config.hidden_size;
        let own = path / "attention" / "self";
        Self {
            heads: config.num_attention_heads,
            query: linear(&own / "query", hidden, hidden),
            key: linear(&own / "key", hidden, hidden),
            value: linear(&own / "value", hidden, hidden),
            rest: Rest::new(path, config),
        }
    }

    fn forward(&self, hidden: &Tensor, mask: &Tensor) -> Tensor {
        let (windows, pieces, width) = hidden.size3().unwrap_or_default();
        let by_head = |projection: &nn::Linear| {
            projection.forward(hidden).view([windows, pieces, self.heads, width / self.heads]).transpose(1, 2)
        };
        let (query, key, value) = (by_head(&self.query), by_head(&self.key), by_head(&self.value));
        let context = Tensor::scaled_dot_product_attention(&query, &key, &value, Some(mask), 0.0, false, None::<f64>);
        self.rest.forward(hidden, &context.transpose(1, 2).reshape([windows, pieces, width]))
    }
}

/// What follows the attention in a layer.
#[derive(Debug)]
pub struct Rest {
    attended: nn::Linear,
    normalise_attended: nn::LayerNorm,
    widen: nn::Linear,
    activation: Activation,
    narrow: nn::Linear,
    normalise: nn::LayerNorm,
}

impl Rest {
    /// Makes the variables of the layer below `path` but those of the attention.
    pub fn new(path: &Path<'_>, config: &EncoderConfig) -> Self {
        let (hidden, wide) = (config.hidden_size, config.intermediate_size);
        let attended = path / "attention" / "output";
        Self {
            attended: linear(&attended / "dense", hidden, hidden),
            normalise_attended: normalisation(&attended / "LayerNorm", hidden, config),
            widen: linear(path / "intermediate" / "dense", hidden, wide),
            activation: config.hidden_act,
            narrow: linear(path / "output" / "dense", wide, hidden),
            normalise: normalisation(path / "output" / "LayerNorm", hidden, config),
        }
    }

    /// The layer's output, from its input and what attention made of it.
    pub fn forward(&self, hidden: &Tensor, context: &Tensor) -> Tensor {
        let attended = (hidden + context.apply(&self.attended)).apply(&self.normalise_attended);
        let widened = (self.activation.get_function().get_fn())(&attended.apply(&self.widen));
        (widened.apply(&self.narrow) + attended).apply(&self.normalise)
    }
}

/// A linear layer with bias.
pub fn linear(path: Path<'_>, from: i64, to: i64) -> nn::Linear {
    nn::linear(path, from, to, nn::LinearConfig::default())
}

/// A normalisation with the epsilon that the configuration names.
pub fn normalisation(path: Path<'_>, width: i64, config: &EncoderConfig) -> nn::LayerNorm {
    nn::layer_norm(path, vec![width], LayerNormConfig { eps: config.layer_norm_eps, ..LayerNormConfig::default() })
}
