//! The networks: a class of `rust-bert` for each architecture, all behind one function from windows to logits.

use super::deberta::{Deberta, DebertaConfig};
use super::encoder::{EncoderConfig, TokenClassifier};
use super::input::Input;
use crate::tag::config::ModelConfig;
use crate::tag::engine::EngineError;
use rust_bert::RustBertError;
use rust_bert::albert::{AlbertConfig, AlbertForTokenClassification};
use rust_bert::bert::{BertConfig, BertForTokenClassification};
use rust_bert::distilbert::{DistilBertConfig, DistilBertForTokenClassification};
use rust_bert::longformer::{LongformerConfig, LongformerForTokenClassification};
use rust_bert::mobilebert::{MobileBertConfig, MobileBertForTokenClassification};
use rust_bert::xlnet::{XLNetConfig, XLNetForTokenClassification};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use tch::Tensor;
use tch::nn::Path;

/// A network: from windows to logits, `[windows, pieces, labels]`.
pub type Network = Box<dyn Fn(&Input) -> Result<Tensor, RustBertError> + Send>;

/// Makes a network, its variables below the path, from the text of a `config.json`.
type Maker = fn(&str, &Path<'_>) -> Result<Network, EngineError>;

/// Makes the network that `config`, the text of a `config.json`, describes, with its variables below `path`.
pub fn build(config: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    maker(config)?(config, path)
}

/// Whether there is a class for the network that `config` describes.
pub fn check(config: &str) -> Result<(), EngineError> {
    maker(config).map(drop)
}

/// Whether a network leaves padding out of account. Those of `rust-bert` that do not get their windows one by one.
pub fn takes_padding(config: &ModelConfig) -> bool {
    !matches!(config.model_type.as_deref(), Some("mobilebert" | "xlnet"))
}

/// What decides about the class.
#[derive(Debug, Deserialize)]
struct Architecture {
    model_type: String,
    layer_norm_eps: Option<f64>,
    position_embedding_type: Option<String>,
    #[serde(default)]
    talking_head: bool,
}

/// Sizes that `config.json` gives, by the names that the architectures have for them, and how large they may be. What is built
/// from larger ones would be compared with the weights only after it has filled the memory.
const SIZES: [(&[&str], u64); 2] = [
    (&["num_hidden_layers", "n_layers", "n_layer"], 1_000),
    (
        &[
            "hidden_size",
            "intermediate_size",
            "num_attention_heads",
            "vocab_size",
            "max_position_embeddings",
            "embedding_size",
            "dim",
            "hidden_dim",
            "n_heads",
            "d_model",
            "d_inner",
            "n_head",
        ],
        1_000_000,
    ),
];

/// The epsilon that `rust-bert` builds into the normalisation of BERT's encoder, whatever the configuration says.
const RUST_BERT_EPSILON: f64 = 1e-12;

fn maker(text: &str) -> Result<Maker, EngineError> {
    check_sizes(&parse(text)?)?;
    let config: Architecture = parse(text)?;
    if let Some(kind) = config.position_embedding_type.as_deref().filter(|&kind| kind != "absolute") {
        return Err(EngineError::Unsupported(format!("its position_embedding_type is {kind}, only absolute is known")));
    }
    if config.talking_head {
        return Err(EngineError::Unsupported("it has talking_head, which is not known".to_owned()));
    }
    let as_in_rust_bert = config.layer_norm_eps.is_none_or(|epsilon| epsilon == RUST_BERT_EPSILON);
    Ok(match config.model_type.as_str() {
        "bert" if as_in_rust_bert => bert,
        // A CamemBERT or XLM-RoBERTa checkpoint names its tensors as RoBERTa does. ELECTRA is always ours: `rust-bert` adds
        // its mask to the attention as it is.
        "bert" => |text, path| own_encoder(text, path, "bert"),
        "electra" => |text, path| own_encoder(text, path, "electra"),
        "roberta" | "xlm-roberta" | "camembert" => |text, path| own_encoder(text, path, "roberta"),
        "distilbert" => distilbert,
        "albert" => albert,
        "deberta" => |text, path| deberta(text, path, true),
        "deberta-v2" => |text, path| deberta(text, path, false),
        "xlnet" => xlnet,
        "longformer" => longformer,
        "mobilebert" => mobilebert,
        other => return Err(EngineError::Unsupported(format!("it is of the architecture {other}"))),
    })
}

fn check_sizes(config: &Map<String, Value>) -> Result<(), EngineError> {
    for (names, largest) in SIZES {
        for &name in names {
            let Some(size) = config.get(name).filter(|size| !size.is_null()) else { continue };
            if !size.as_u64().is_some_and(|size| (1..=largest).contains(&size)) {
                let reason =
                    format!("{name} in config.json is {size}, and a whole number from 1 to {largest} was expected");
                return Err(EngineError::Unsupported(reason));
            }
        }
    }
    Ok(())
}

fn own_encoder(text: &str, path: &Path<'_>, prefix: &str) -> Result<Network, EngineError> {
    let config: EncoderConfig = parse(text)?;
    let network = TokenClassifier::new(path, prefix, &config);
    Ok(Box::new(move |input| Ok(network.logits(input))))
}

fn bert(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    let config: BertConfig = parse(text)?;
    let network = BertForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| {
        let Input { ids, mask, token_types, positions } = input;
        Ok(network.forward_t(Some(ids), Some(mask), Some(token_types), Some(positions), None, false).logits)
    }))
}

fn distilbert(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    // A key that `rust-bert` asks for and does not use.
    let mut keys: Map<String, Value> = parse(text)?;
    keys.entry("tie_weights_").or_insert(Value::Bool(true));
    let config: DistilBertConfig = parse(&Value::Object(keys).to_string())?;
    let network = DistilBertForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| Ok(network.forward_t(Some(&input.ids), Some(&input.mask), None, false)?.logits)))
}

fn albert(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    let config: AlbertConfig = parse(text)?;
    if config.num_hidden_groups != 1 || config.inner_group_num != 1 {
        let groups = "only ALBERT with one group of one layer is known";
        return Err(EngineError::Unsupported(groups.to_owned()));
    }
    let network = AlbertForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| {
        let Input { ids, mask, token_types, positions } = input;
        Ok(network.forward_t(Some(ids), Some(mask), Some(token_types), Some(positions), None, false).logits)
    }))
}

fn deberta(text: &str, path: &Path<'_>, first_version: bool) -> Result<Network, EngineError> {
    let config: DebertaConfig = parse(text)?;
    let network = Deberta::new(path, &config, first_version);
    Ok(Box::new(move |input| Ok(network.logits(input))))
}

fn xlnet(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    let config: XLNetConfig = parse(text)?;
    let network = XLNetForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| {
        let Input { ids, mask, token_types, .. } = input;
        let types = Some(token_types);
        Ok(network.forward_t(Some(ids), Some(mask), None, None, None, types, None, false).logits)
    }))
}

fn longformer(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    let config: LongformerConfig = parse(text)?;
    let network = LongformerForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| {
        let Input { ids, mask, token_types, positions } = input;
        let (types, positions) = (Some(token_types), Some(positions));
        Ok(network.forward_t(Some(ids), Some(mask), None, types, positions, None, false)?.logits)
    }))
}

fn mobilebert(text: &str, path: &Path<'_>) -> Result<Network, EngineError> {
    let config: MobileBertConfig = parse(text)?;
    let network = MobileBertForTokenClassification::new(path, &config).map_err(fault)?;
    Ok(Box::new(move |input| {
        let Input { ids, mask, token_types, positions } = input;
        let (types, positions) = (Some(token_types), Some(positions));
        Ok(network.forward_t(Some(ids), types, positions, None, Some(mask), false)?.logits)
    }))
}

#[expect(clippy::needless_pass_by_value, reason = "as map_err calls it")]
fn fault(error: RustBertError) -> EngineError {
    EngineError::Load(error.to_string())
}

fn parse<T: DeserializeOwned>(config: &str) -> Result<T, EngineError> {
    serde_json::from_str(config).map_err(|error| EngineError::Load(format!("config.json: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_that_cannot_be_are_refused_before_anything_is_built() {
        let refused = |text: &str| check(text).unwrap_err().to_string();
        assert!(check(r#"{"model_type": "bert", "num_hidden_layers": 24, "embedding_size": null}"#).is_ok());
        let layers = refused(r#"{"model_type": "bert", "num_hidden_layers": 99999999999}"#);
        assert!(layers.contains("num_hidden_layers in config.json is 99999999999, and a whole number from 1 to 1000"));
        for config in [
            r#"{"model_type": "albert", "num_hidden_layers": -3}"#,
            r#"{"model_type": "roberta", "hidden_size": 0}"#,
            r#"{"model_type": "distilbert", "n_heads": 1.5}"#,
            r#"{"model_type": "xlnet", "d_model": "wide"}"#,
        ] {
            assert!(refused(config).contains("was expected"), "{config}");
        }
    }
}
