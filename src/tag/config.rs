//! `config.json`: what tagger and engines need to know of it.

use crate::tag::calibration::Calibration;
use crate::tag::token_type::TokenTypes;
use serde::Deserialize;
use std::collections::BTreeMap;

/// Pieces of a window, special ones included, where the model does not say.
const DEFAULT_WINDOW_PIECES: usize = 192;

/// Pieces that a window must hold at least.
const SHORTEST_WINDOW_PIECES: usize = 16;

/// What a model's `config.json` says.
#[derive(Debug, Clone)]
pub struct ModelConfig {
    /// The text of the file, for what only one engine wants to know.
    pub text: String,
    /// The architecture: `bert`, `roberta` …
    #[cfg_attr(not(feature = "libtorch"), expect(dead_code, reason = "for libtorch"))]
    pub model_type: Option<String>,
    /// What each column of the logits is called.
    pub labels: Vec<String>,
    /// Pieces of the longest window, special ones included.
    pub window_pieces: usize,
    /// The row of the table of positions that the first piece of a window takes.
    pub first_position: usize,
    /// What the rows of the token-type table say of a word.
    pub token_types: TokenTypes,
    /// What turns the network's probabilities into scores, if that is known.
    pub calibration: Option<Calibration>,
}

#[derive(Debug, Deserialize)]
struct Fields {
    model_type: Option<String>,
    id2label: Option<BTreeMap<String, String>>,
    max_position_embeddings: Option<usize>,
    pad_token_id: Option<usize>,
    /// Our own key: the longest window that the model was trained on.
    window_pieces: Option<usize>,
    /// Our own key: the rows of the token-type table, where it carries word shapes.
    word_shapes: Option<Vec<String>>,
    /// Our own key: what the token-type table tells apart before a word, a row for each shape in each of these.
    word_layouts: Option<Vec<String>>,
    /// Our own key: what turns the network's probabilities into scores.
    score_calibration: Option<Calibration>,
}

impl ModelConfig {
    /// Reads the text of a `config.json`.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: String) -> Result<Self, String> {
        let fields: Fields = serde_json::from_str(&text).map_err(|error| error.to_string())?;
        let names = fields.id2label.ok_or("no id2label: is this a token-classification model?")?;
        let labels = (0..names.len())
            .map(|index| names.get(&index.to_string()).cloned())
            .collect::<Option<Vec<_>>>()
            .ok_or("the keys of id2label are not 0, 1, 2 …")?;
        let token_types = TokenTypes::named(fields.word_shapes.as_deref(), fields.word_layouts.as_deref())?;
        let first_position = match fields.model_type.as_deref() {
            // RoBERTa and its kin count from behind the number of the padding piece.
            Some("roberta" | "xlm-roberta" | "camembert" | "longformer") => fields.pad_token_id.unwrap_or(1) + 1,
            // MPNet does so too, but its padding piece counts as number 1 whatever the configuration says.
            Some("mpnet") => 2,
            _ => 0,
        };
        let longest =
            fields.max_position_embeddings.map_or(DEFAULT_WINDOW_PIECES, |rows| rows.saturating_sub(first_position));
        let window_pieces = fields.window_pieces.unwrap_or(DEFAULT_WINDOW_PIECES).min(longest);
        if window_pieces < SHORTEST_WINDOW_PIECES {
            return Err(format!(
                "windows of {window_pieces} pieces are too short, at least {SHORTEST_WINDOW_PIECES} are needed"
            ));
        }
        Ok(Self {
            text,
            model_type: fields.model_type,
            labels,
            window_pieces,
            first_position,
            token_types,
            calibration: fields.score_calibration,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn windows_fit_the_table_of_positions() {
        let config = |json: &str| ModelConfig::parse(json.replace("LABELS", r#""id2label": {"0": "O"}"#));
        let roberta =
            config(r#"{"model_type": "roberta", "pad_token_id": 1, "max_position_embeddings": 66, LABELS}"#).unwrap();
        assert_eq!((roberta.first_position, roberta.window_pieces), (2, 64));
        let mpnet =
            config(r#"{"model_type": "mpnet", "pad_token_id": 0, "max_position_embeddings": 66, LABELS}"#).unwrap();
        assert_eq!((mpnet.first_position, mpnet.window_pieces), (2, 64));
        assert_eq!(
            config(r#"{"model_type": "bert", "max_position_embeddings": 512, LABELS}"#).unwrap().window_pieces,
            192
        );
        assert!(config(r#"{"max_position_embeddings": 9, LABELS}"#).unwrap_err().contains("too short"));
    }
}
