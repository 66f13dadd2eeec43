//! What `config.json` says of the network, and what tensors of it are called.

use crate::distances::Distances;
use crate::error::Error;
use serde::Deserialize;

/// An encoder that is computed here, with the names that PyTorch gives its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// BERT (Devlin et al. 2019, <https://arxiv.org/abs/1810.04805>).
    Bert,
    /// MPNet (Song et al. 2020, <https://arxiv.org/abs/2004.09297>): a BERT whose attention also looks at how far apart two
    /// pieces are, and without token types, unless a model has a table of its own for them.
    Mpnet,
}

/// What the parts of a layer are called, behind its number.
#[derive(Debug)]
pub struct LayerNames {
    /// Queries, keys and values.
    pub attention: [&'static str; 3],
    pub attention_output: &'static str,
    pub attention_norm: &'static str,
    pub up: &'static str,
    pub down: &'static str,
    pub norm: &'static str,
}

impl Architecture {
    /// What the names of all parts of the encoder begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Bert => "bert",
            Self::Mpnet => "mpnet",
        }
    }

    /// The table of token types.
    pub fn token_types(self) -> &'static str {
        match self {
            Self::Bert => "bert.embeddings.token_type_embeddings.weight",
            // No part of MPNet: `scripts/network.py` puts it beside the encoder.
            Self::Mpnet => "token_type_embeddings.weight",
        }
    }

    /// The parts of each layer.
    pub fn layer(self) -> LayerNames {
        let (attention, attention_output, attention_norm) = match self {
            Self::Bert => (
                ["attention.self.query", "attention.self.key", "attention.self.value"],
                "attention.output.dense",
                "attention.output.LayerNorm",
            ),
            Self::Mpnet => (
                ["attention.attn.q", "attention.attn.k", "attention.attn.v"],
                "attention.attn.o",
                "attention.LayerNorm",
            ),
        };
        let (up, down, norm) = ("intermediate.dense", "output.dense", "output.LayerNorm");
        LayerNames { attention, attention_output, attention_norm, up, down, norm }
    }
}

/// What there is to know of a network before its weights: what its `config.json` says, and what its labels are to its early
/// exits.
#[derive(Debug)]
pub struct Config {
    pub(crate) architecture: Architecture,
    pub(crate) sizes: Sizes,
    /// Columns of the logits.
    pub(crate) labels: usize,
    /// The label of pieces outside every mention.
    pub(crate) outside: Option<usize>,
    /// The row of the table of positions that the first piece of a window takes.
    pub(crate) first_position: usize,
}

/// The part of `config.json` that the network is made of.
#[derive(Debug, Deserialize)]
pub struct Sizes {
    model_type: String,
    pub hidden_size: usize,
    pub num_hidden_layers: usize,
    pub num_attention_heads: usize,
    pub intermediate_size: usize,
    pub vocab_size: usize,
    pub max_position_embeddings: usize,
    #[serde(default)]
    type_vocab_size: Option<usize>,
    pub layer_norm_eps: f32,
    #[serde(default)]
    relative_attention_num_buckets: Option<usize>,
    hidden_act: String,
    #[serde(default)]
    position_embedding_type: Option<String>,
    #[serde(default)]
    is_decoder: bool,
    /// Our own key: after how many layers there are early exits.
    #[serde(default)]
    pub exit_layers: Vec<usize>,
    /// Our own key: how probable it must be that a piece is in no mention, for it to go no further.
    #[serde(default)]
    pub exit_probability: Option<f32>,
}

/// Sizes up to this are believed: 255 · 64 · 100,000 < 2³¹, so that sums of products stay exact in 32 bits.
const MAX_SIZE: usize = 100_000;

impl Config {
    /// Reads the text of a `config.json` and refuses what is not computed here. The network tells `labels` labels apart.
    ///
    /// # Errors
    /// [`Error::Unsupported`]: another program may run it.
    pub fn parse(json: &str, labels: usize) -> Result<Self, Error> {
        let sizes: Sizes =
            serde_json::from_str(json).map_err(|error| Error::Unsupported(format!("config.json: {error}")))?;
        if labels == 0 || labels > MAX_SIZE {
            return Err(Error::Unsupported(format!(
                "it has {labels} labels, and between 1 and {MAX_SIZE} are possible"
            )));
        }
        Ok(Self { architecture: sizes.architecture()?, sizes, labels, outside: None, first_position: 0 })
    }

    /// The label of pieces outside every mention, which early exits ask for.
    #[must_use]
    pub const fn with_outside(mut self, label: usize) -> Self {
        self.outside = Some(label);
        self
    }

    /// The first piece of a window takes this row of the table of positions, and not the first.
    #[must_use]
    pub const fn with_first_position(mut self, row: usize) -> Self {
        self.first_position = row;
        self
    }

    /// Rows of the table of token types: none where the network has no such table.
    pub(crate) fn token_types(&self) -> Option<usize> {
        match self.architecture {
            // As `transformers` has it where a configuration is silent.
            Architecture::Bert => Some(self.sizes.type_vocab_size.unwrap_or(2)),
            Architecture::Mpnet => self.sizes.type_vocab_size,
        }
    }
}

impl Sizes {
    /// Which encoder it is; refuses what is not computed here.
    fn architecture(&self) -> Result<Architecture, Error> {
        let refuse = |reason: String| Err(Error::Unsupported(reason));
        let architecture = match self.model_type.as_str() {
            "bert" if !self.is_decoder => Architecture::Bert,
            "mpnet" => Architecture::Mpnet,
            kind => return refuse(format!("it runs BERT and MPNet encoders, and this is a {kind} model")),
        };
        if self.hidden_act != "gelu" {
            return refuse(format!("it computes the activation gelu, and this model has {}", self.hidden_act));
        }
        if let Some(kind) = self.position_embedding_type.as_deref()
            && kind != "absolute"
        {
            return refuse(format!("it computes absolute positions, and this model has {kind} ones"));
        }
        if let Some(buckets) = self.relative_attention_num_buckets
            && buckets != Distances::BUCKETS
        {
            return refuse(format!(
                "it sorts distances into {} buckets, and this model into {buckets}",
                Distances::BUCKETS
            ));
        }
        let sizes = [
            self.hidden_size,
            self.num_hidden_layers,
            self.num_attention_heads,
            self.intermediate_size,
            self.vocab_size,
            self.max_position_embeddings,
        ];
        let all = || sizes.iter().copied().chain(self.type_vocab_size);
        if sizes.contains(&0) || all().any(|size| size > MAX_SIZE) {
            return refuse(format!("a size in config.json is 0 or above {MAX_SIZE}"));
        }
        if !self.hidden_size.is_multiple_of(2 * self.num_attention_heads) {
            return refuse(format!(
                "{} values cannot be shared out in pairs among {} heads",
                self.hidden_size, self.num_attention_heads
            ));
        }
        if self.exit_layers.iter().any(|&layers| layers == 0 || layers >= self.num_hidden_layers) {
            return refuse(format!(
                "exit_layers in config.json are {:?}, and there are layers before and behind an exit after 1 to {} of them",
                self.exit_layers,
                self.num_hidden_layers - 1
            ));
        }
        let sure = self.exit_probability.is_some_and(|probability| probability > 0.5 && probability <= 1.0);
        if !self.exit_layers.is_empty() && !sure {
            return refuse("with exit_layers config.json needs an exit_probability above 0.5, of at most 1".to_owned());
        }
        Ok(architecture)
    }
}
