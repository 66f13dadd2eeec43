//! DeBERTa, versions 1 to 3: attention looks at what pieces are and, apart from that, at how far they are from each other.
//!
//! `rust-bert` has these classes too, but their logits are off by whole units, 1.8 for version 1 and up to 2.8 for the others on
//! the models that the engines are tested with. Version 2 (which 3 is a kind of) looks distances up in the wrong half of their
//! table, divides by d where the paper has √d, and cuts buckets with a whole number; what is wrong with version 1 was not found.

use super::encoder::{EncoderConfig, Rest, linear, normalisation};
use super::input::Input;
use rust_bert::Activation;
use serde::Deserialize;
use tch::nn::{self, Module, Path};
use tch::{Device, Kind, Tensor};

/// The part of `config.json` that the network needs.
#[derive(Debug, Deserialize)]
pub struct DebertaConfig {
    #[serde(flatten)]
    encoder: EncoderConfig,
    position_biased_input: Option<bool>,
    #[serde(default)]
    relative_attention: bool,
    pos_att_type: Option<AttentionTypes>,
    max_relative_positions: Option<i64>,
    position_buckets: Option<i64>,
    norm_rel_ebd: Option<String>,
    #[serde(default)]
    share_att_key: bool,
    conv_kernel_size: Option<i64>,
    conv_groups: Option<i64>,
    conv_act: Option<Activation>,
}

/// What distances are compared with: a list, or as the first checkpoints write it, `c2p|p2c`.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum AttentionTypes {
    List(Vec<String>),
    Joined(String),
}

impl DebertaConfig {
    /// Whether a piece (`c2p`: the one that looks, `p2c`: the one that is looked at) is compared with distances.
    fn compares(&self, name: &str) -> bool {
        self.relative_attention
            && match &self.pos_att_type {
                Some(AttentionTypes::List(names)) => names.iter().any(|known| known == name),
                Some(AttentionTypes::Joined(names)) => names.split('|').any(|known| known.trim() == name),
                None => false,
            }
    }

    /// Distances that have rows of their own, in each direction.
    fn span(&self) -> i64 {
        self.position_buckets.filter(|&buckets| buckets > 0).unwrap_or_else(|| self.longest())
    }

    /// The longest distance that is told from longer ones.
    fn longest(&self) -> i64 {
        self.max_relative_positions.filter(|&longest| longest > 0).unwrap_or(self.encoder.max_position_embeddings)
    }
}

/// DeBERTa with a layer that tells each piece's label.
#[derive(Debug)]
pub struct Deberta {
    words: nn::Embedding,
    positions: Option<nn::Embedding>,
    token_types: Option<nn::Embedding>,
    /// From the embeddings' width to the layers', where they differ.
    project: Option<nn::Linear>,
    normalise: nn::LayerNorm,
    distances: Option<Distances>,
    layers: Vec<(Attention, Rest)>,
    neighbours: Option<Neighbours>,
    classify: nn::Linear,
}

impl Deberta {
    /// Makes the variables below `path`; version 1 names and shapes some of them differently.
    pub fn new(path: &Path<'_>, config: &DebertaConfig, first_version: bool) -> Self {
        let base = path / "deberta";
        let (embeddings, encoder) = (&base / "embeddings", &base / "encoder");
        let shape = &config.encoder;
        let (hidden, width) = (shape.hidden_size, shape.embedding_size());
        let table = |name: &str, rows| nn::embedding(&embeddings / name, rows, width, nn::EmbeddingConfig::default());
        let layers = &encoder / "layer";
        let layer = |index: i64| {
            let attention = Attention::new(&(&layers / index / "attention" / "self"), config, first_version);
            (attention, Rest::new(&(&layers / index), shape))
        };
        Self {
            words: table("word_embeddings", shape.vocab_size),
            positions: config
                .position_biased_input
                .unwrap_or(true)
                .then(|| table("position_embeddings", shape.max_position_embeddings)),
            token_types: (shape.type_vocab_size > 0).then(|| table("token_type_embeddings", shape.type_vocab_size)),
            project: (width != hidden).then(|| without_bias(&embeddings / "embed_proj", width, hidden)),
            normalise: normalisation(&embeddings / "LayerNorm", hidden, shape),
            distances: config.relative_attention.then(|| Distances::new(&encoder, config)),
            layers: (0..shape.num_hidden_layers).map(layer).collect(),
            neighbours: config
                .conv_kernel_size
                .filter(|&size| size > 0)
                .map(|size| Neighbours::new(&(&encoder / "conv"), config, size)),
            classify: linear(path / "classifier", hidden, shape.labels()),
        }
    }

    /// Logits of each piece.
    pub fn logits(&self, input: &Input) -> Tensor {
        let mut embedded = input.ids.apply(&self.words);
        if let Some(positions) = &self.positions {
            embedded += input.positions.apply(positions);
        }
        if let Some(types) = &self.token_types {
            embedded += input.token_types.apply(types);
        }
        if let Some(project) = &self.project {
            embedded = embedded.apply(project);
        }
        let present = input.mask.unsqueeze(-1).to_kind(embedded.kind());
        let embedded = embedded.apply(&self.normalise) * &present;
        let padding = input.mask.eq(0).unsqueeze(1).unsqueeze(1);
        let distances = self.distances.as_ref().map(|distances| distances.of(&embedded));
        let mut hidden = embedded.shallow_clone();
        for (index, (attention, rest)) in self.layers.iter().enumerate() {
            let context = attention.forward(&hidden, &padding, distances.as_ref());
            hidden = rest.forward(&hidden, &context);
            if let Some(neighbours) = self.neighbours.as_ref().filter(|_| index == 0) {
                hidden = neighbours.forward(&embedded, &hidden, &present);
            }
        }
        hidden.apply(&self.classify)
    }
}

/// The table of distances: before its middle those to pieces that follow, behind it those to pieces before.
#[derive(Debug)]
struct Distances {
    table: nn::Embedding,
    normalise: Option<nn::LayerNorm>,
    span: i64,
    /// Where distances are counted in buckets, the longest that has a bucket of its own.
    longest: Option<i64>,
}

/// The table as a window uses it.
struct WindowDistances {
    rows: Tensor,
    /// The row for each pair of pieces, `[pieces, pieces]`.
    row_of: Tensor,
}

impl Distances {
    fn new(path: &Path<'_>, config: &DebertaConfig) -> Self {
        let span = config.span();
        let hidden = config.encoder.hidden_size;
        let is_normalised = config.norm_rel_ebd.as_deref().is_some_and(|kinds| kinds.contains("layer_norm"));
        Self {
            table: nn::embedding(path / "rel_embeddings", 2 * span, hidden, nn::EmbeddingConfig::default()),
            normalise: is_normalised.then(|| normalisation(path / "LayerNorm", hidden, &config.encoder)),
            span,
            longest: config.position_buckets.filter(|&buckets| buckets > 0).map(|_| config.longest()),
        }
    }

    fn of(&self, hidden: &Tensor) -> WindowDistances {
        let pieces = Tensor::arange(hidden.size()[1], (Kind::Int64, Device::Cpu));
        let mut distances = pieces.unsqueeze(1) - pieces.unsqueeze(0);
        if let Some(longest) = self.longest {
            distances = buckets(&distances, self.span / 2, longest);
        }
        let row_of = (distances + self.span).clamp(0, 2 * self.span - 1).to_device(hidden.device());
        let rows = match &self.normalise {
            Some(normalise) => self.table.ws.apply(normalise),
            None => self.table.ws.shallow_clone(),
        };
        WindowDistances { rows: rows.unsqueeze(0), row_of }
    }
}

/// Numbers distances so that up to `middle` each has its own, and the others up to `longest` share as many, closer ones fewer.
/// In 32 bits like the networks were trained: a logarithm that is off by one digit may fall into the next bucket.
fn buckets(distances: &Tensor, middle: i64, longest: i64) -> Tensor {
    let far = distances.abs().clamp_min(middle - 1);
    let whole = Tensor::from((longest - 1) as f64 / middle as f64).to_kind(Kind::Float);
    let part = (&far / middle).log() / whole.log();
    let shared = (part * (middle - 1)).ceil() + middle;
    let own = distances.to_kind(Kind::Float);
    own.where_self(&far.le(middle), &(shared * distances.sign())).to_kind(Kind::Int64)
}

#[derive(Debug)]
struct Attention {
    heads: i64,
    content: Content,
    /// What the piece that looks is compared with.
    distance_key: Option<nn::Linear>,
    /// What the piece that is looked at is compared with.
    distance_query: Option<nn::Linear>,
}

/// From what a piece is to its query, key and value.
#[derive(Debug)]
enum Content {
    /// Version 1: all in one, head by head.
    Joined { all: nn::Linear, query_bias: Tensor, value_bias: Tensor },
    /// Later versions.
    Apart { query: nn::Linear, key: nn::Linear, value: nn::Linear },
}

impl Attention {
    fn new(path: &Path<'_>, config: &DebertaConfig, first_version: bool) -> Self {
        let (hidden, heads) = (config.encoder.hidden_size, config.encoder.num_attention_heads);
        let full = |name: &str| linear(path / name, hidden, hidden);
        let (c2p, p2c) = (config.compares("c2p"), config.compares("p2c"));
        if first_version {
            let content = Content::Joined {
                all: without_bias(path / "in_proj", hidden, 3 * hidden),
                query_bias: path.zeros("q_bias", &[hidden]),
                value_bias: path.zeros("v_bias", &[hidden]),
            };
            let distance_key = c2p.then(|| without_bias(path / "pos_proj", hidden, hidden));
            return Self { heads, content, distance_key, distance_query: p2c.then(|| full("pos_q_proj")) };
        }
        let (query, key, value) = (full("query_proj"), full("key_proj"), full("value_proj"));
        let own_or = |name: &str, content: &nn::Linear| {
            if config.share_att_key {
                let bias = content.bs.as_ref().map(Tensor::shallow_clone);
                nn::Linear { ws: content.ws.shallow_clone(), bs: bias }
            } else {
                full(name)
            }
        };
        let distance_key = c2p.then(|| own_or("pos_key_proj", &key));
        let distance_query = p2c.then(|| own_or("pos_query_proj", &query));
        Self { heads, content: Content::Apart { query, key, value }, distance_key, distance_query }
    }

    fn forward(&self, hidden: &Tensor, padding: &Tensor, distances: Option<&WindowDistances>) -> Tensor {
        let (windows, pieces, width) = hidden.size3().unwrap_or_default();
        let (query, key, value) = self.content(hidden);
        let comparisons = 1 + self.distance_key.iter().chain(&self.distance_query).count();
        let scale = 1.0 / ((width / self.heads) as f64 * comparisons as f64).sqrt();
        let mut bias = Tensor::zeros([windows, self.heads, pieces, pieces], (hidden.kind(), hidden.device()));
        if let Some(WindowDistances { rows, row_of }) = distances {
            let look_up = |scores: Tensor, row_of: &Tensor| scores.gather(-1, &row_of.expand_as(&bias), false) * scale;
            let key_scores = self
                .distance_key
                .as_ref()
                .map(|project| look_up(query.matmul(&self.by_head(&rows.apply(project)).transpose(2, 3)), row_of));
            let query_scores = self.distance_query.as_ref().map(|project| {
                // The same distance, seen from the other end.
                look_up(key.matmul(&self.by_head(&rows.apply(project)).transpose(2, 3)), &row_of.tr()).transpose(2, 3)
            });
            for scores in key_scores.into_iter().chain(query_scores) {
                bias += scores;
            }
        }
        let bias = bias.masked_fill(padding, f64::NEG_INFINITY);
        let context = Tensor::scaled_dot_product_attention(&query, &key, &value, Some(&bias), 0.0, false, Some(scale));
        context.transpose(1, 2).reshape([windows, pieces, width])
    }

    fn content(&self, hidden: &Tensor) -> (Tensor, Tensor, Tensor) {
        match &self.content {
            Content::Joined { all, query_bias, value_bias } => {
                let all = self.by_head(&hidden.apply(all));
                let width = all.size().last().copied().unwrap_or_default() / 3;
                let part = |index: i64| all.narrow(-1, index * width, width);
                let by_head = |bias: &Tensor| self.by_head(&bias.view([1, 1, -1]));
                (part(0) + by_head(query_bias), part(1), part(2) + by_head(value_bias))
            }
            Content::Apart { query, key, value } => {
                let project = |layer: &nn::Linear| self.by_head(&layer.forward(hidden));
                (project(query), project(key), project(value))
            }
        }
    }

    /// `[windows, heads, pieces, values]` of `[windows, pieces, heads · values]`.
    fn by_head(&self, values: &Tensor) -> Tensor {
        let (windows, pieces, _) = values.size3().unwrap_or_default();
        values.view([windows, pieces, self.heads, -1]).transpose(1, 2)
    }
}

/// What the largest networks of version 2 add to the first layer: a look at neighbouring pieces.
#[derive(Debug)]
struct Neighbours {
    look: nn::Conv1D,
    activation: Activation,
    normalise: nn::LayerNorm,
}

impl Neighbours {
    fn new(path: &Path<'_>, config: &DebertaConfig, size: i64) -> Self {
        let hidden = config.encoder.hidden_size;
        let groups = config.conv_groups.unwrap_or(1);
        let options = nn::ConvConfig { padding: (size - 1) / 2, groups, ..nn::ConvConfig::default() };
        Self {
            look: nn::conv1d(path / "conv", hidden, hidden, size, options),
            activation: config.conv_act.unwrap_or(Activation::tanh),
            normalise: normalisation(path / "LayerNorm", hidden, &config.encoder),
        }
    }

    fn forward(&self, embedded: &Tensor, hidden: &Tensor, present: &Tensor) -> Tensor {
        let seen = embedded.transpose(1, 2).apply(&self.look).transpose(1, 2) * present;
        let seen = (self.activation.get_function().get_fn())(&seen);
        (hidden + seen).apply(&self.normalise) * present
    }
}

fn without_bias(path: Path<'_>, from: i64, to: i64) -> nn::Linear {
    nn::linear(path, from, to, nn::LinearConfig { bias: false, ..nn::LinearConfig::default() })
}
