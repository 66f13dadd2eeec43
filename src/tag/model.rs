//! A model: the tokenizer, the labels and the settings that belong to a set of weights, from a folder in Hugging Face
//! layout or from the program itself.

use crate::tag::calibration::Calibration;
use crate::tag::engine::{Batch, Engine, EngineError, OnnxEngine};
use crate::tag::label::{LabelError, LabelSet};
use crate::tag::words::Shape;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use tokenizers::Tokenizer;

/// Name of the model that is part of the program.
pub const EMBEDDED_MODEL: &str = "news-small";

const EMBEDDED_CONFIG: &str = include_str!("../../models/news-small/config.json");
const EMBEDDED_TOKENIZER: &[u8] = include_bytes!("../../models/news-small/tokenizer.json");
static EMBEDDED_WEIGHTS: &[u8] = include_bytes!("../../models/news-small/onnx/model_quantized.onnx");

/// Where weights may lie in a model folder, best first.
const WEIGHT_FILES: [&str; 4] = ["onnx/model_quantized.onnx", "model_quantized.onnx", "onnx/model.onnx", "model.onnx"];

/// Pieces of a window, special ones included, where the model does not say.
const DEFAULT_WINDOW_PIECES: usize = 192;

/// Pieces that are kept of one word; mirrors `MAX_PIECES_PER_WORD` in `scripts/ner_data.py`.
const MAX_PIECES_PER_WORD: usize = 12;

/// Bytes of a word that are looked at: a longer one is noise, and the tokenizer's time would grow with it.
const MAX_WORD_BYTES: usize = 400;

/// Words whose pieces are remembered, a few megabytes.
const CACHED_WORDS: usize = 50_000;

/// Why a model could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// The folder is not there.
    #[error("there is no model folder {0}: name a folder with config.json, tokenizer.json and an ONNX file")]
    NoFolder(PathBuf),
    /// A part of the folder is missing.
    #[error(
        "the model folder {folder} has no {file}: it needs config.json, tokenizer.json and one of onnx/model_quantized.onnx, onnx/model.onnx"
    )]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        file: String,
    },
    /// A file cannot be read.
    #[error("the model file {path} cannot be read: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// `config.json` is not what it should be.
    #[error("{path}: {reason}")]
    Config {
        /// The file.
        path: PathBuf,
        /// What is wrong and what is expected.
        reason: String,
    },
    /// The labels in `config.json` are not usable.
    #[error("{path}: {source}")]
    Labels {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: LabelError,
    },
    /// The tokenizer cannot be used.
    #[error("{path}: {reason}")]
    Tokenizer {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        reason: String,
    },
    /// The weights cannot be used.
    #[error("{path}: {source}")]
    Engine {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: EngineError,
    },
}

/// What the tagger needs to know of `config.json`.
#[derive(Debug, Deserialize)]
struct Config {
    id2label: Option<BTreeMap<String, String>>,
    max_position_embeddings: Option<usize>,
    /// Our own key: the longest window that the model was trained on.
    window_pieces: Option<usize>,
    /// Our own key: the rows of the token-type table, where it carries word shapes.
    word_shapes: Option<Vec<String>>,
    /// Our own key: what turns the network's probabilities into scores.
    score_calibration: Option<Calibration>,
}

/// Everything about a model but its weights: how text becomes pieces, and what the logits mean.
pub struct Model {
    tokenizer: Tokenizer,
    /// What each column of the logits means.
    pub labels: LabelSet,
    /// Pieces that fit a window beside the special ones.
    pub window_budget: usize,
    /// Piece that opens a window.
    pub first_piece: i32,
    /// Piece that closes a window.
    pub last_piece: i32,
    unknown_piece: i32,
    has_shapes: bool,
    calibration: Option<Calibration>,
}

impl std::fmt::Debug for Model {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Model")
            .field("labels", &self.labels)
            .field("window_budget", &self.window_budget)
            .finish_non_exhaustive()
    }
}

/// Loads the model that is part of the program, and an engine that runs at most `threads` windows at a time.
///
/// # Errors
/// Only if the program was built with damaged model files.
pub fn load_embedded(threads: usize) -> Result<(Model, Box<dyn Engine>), ModelError> {
    let folder = Path::new("models").join(EMBEDDED_MODEL);
    let path = folder.join(WEIGHT_FILES[0]);
    // Parsing the tokenizer and packing the weights take about as long as each other: do both at once.
    let (model, engine) = std::thread::scope(|scope| {
        let engine = scope.spawn(|| OnnxEngine::from_static(EMBEDDED_WEIGHTS, threads));
        let model = Model::parse(&folder, EMBEDDED_CONFIG, EMBEDDED_TOKENIZER);
        let engine = engine.join().unwrap_or_else(|_| Err(EngineError::Load("loading stopped half way".to_owned())));
        (model, engine)
    });
    Ok((model?, Box::new(engine.map_err(|source| ModelError::Engine { path, source })?)))
}

/// Loads a model folder, and an engine that runs at most `threads` windows at a time.
///
/// # Errors
/// If the folder lacks a file, or a file is not what it should be.
pub fn load_folder(folder: &Path, threads: usize) -> Result<(Model, Box<dyn Engine>), ModelError> {
    if !folder.is_dir() {
        return Err(ModelError::NoFolder(folder.to_owned()));
    }
    let missing = |file: &str| ModelError::MissingFile { folder: folder.to_owned(), file: file.to_owned() };
    let read = |file: &str| {
        let path = folder.join(file);
        std::fs::read(&path).map_err(|source| match source.kind() {
            std::io::ErrorKind::NotFound => missing(file),
            _ => ModelError::Unreadable { path, source },
        })
    };
    let config = String::from_utf8(read("config.json")?)
        .map_err(|error| ModelError::Config { path: folder.join("config.json"), reason: error.to_string() })?;
    let model = Model::parse(folder, &config, &read("tokenizer.json")?)?;
    let path = WEIGHT_FILES
        .iter()
        .map(|file| folder.join(file))
        .find(|path| path.is_file())
        .ok_or_else(|| missing(WEIGHT_FILES[0]))?;
    let fault = |source| ModelError::Engine { path: path.clone(), source };
    let engine = OnnxEngine::from_file(&path, threads).map_err(fault)?;
    try_out(&model, &engine).map_err(fault)?;
    Ok((model, Box::new(engine)))
}

/// Runs `engine` on a window of one unknown word: weights that do not fit the rest of their folder are found before the
/// first document, not with each.
fn try_out(model: &Model, engine: &dyn Engine) -> Result<(), EngineError> {
    let ids = vec![model.first_piece, model.unknown_piece, model.last_piece];
    let (pieces, labels) = (ids.len(), model.labels.len());
    let logits = engine.logits(&Batch { token_types: vec![0; pieces], lengths: vec![pieces], ids })?;
    if logits.len() == pieces * labels {
        return Ok(());
    }
    Err(EngineError::Interface(format!(
        "it gives {} values for each piece, and config.json names {labels} labels",
        logits.len() / pieces
    )))
}

impl Model {
    fn parse(folder: &Path, config: &str, tokenizer: &[u8]) -> Result<Self, ModelError> {
        let path = folder.join("config.json");
        let fault = |reason: String| ModelError::Config { path: path.clone(), reason };
        let config: Config = serde_json::from_str(config).map_err(|error| fault(error.to_string()))?;
        let names =
            config.id2label.ok_or_else(|| fault("no id2label: is this a token-classification model?".to_owned()))?;
        let names = (0..names.len())
            .map(|index| names.get(&index.to_string()).cloned())
            .collect::<Option<Vec<_>>>()
            .ok_or_else(|| fault("the keys of id2label are not 0, 1, 2 …".to_owned()))?;
        let labels = LabelSet::parse(&names).map_err(|source| ModelError::Labels { path: path.clone(), source })?;
        let has_shapes = match config.word_shapes {
            None => false,
            Some(rows) if rows.len() == Shape::Digit as usize + 1 => true,
            Some(rows) => return Err(fault(format!("word_shapes has {} rows, 6 are known", rows.len()))),
        };
        let longest = config.max_position_embeddings.unwrap_or(DEFAULT_WINDOW_PIECES);
        let window_pieces = config.window_pieces.unwrap_or(DEFAULT_WINDOW_PIECES).min(longest);
        if window_pieces < 16 {
            return Err(fault(format!("windows of {window_pieces} pieces are too short, at least 16 are needed")));
        }

        let path = folder.join("tokenizer.json");
        let fault = |reason: String| ModelError::Tokenizer { path: path.clone(), reason };
        let mut tokenizer = Tokenizer::from_bytes(tokenizer).map_err(|error| fault(error.to_string()))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| fault(error.to_string()))?;
        let special = |names: [&str; 2]| {
            let found = names.iter().find_map(|name| tokenizer.token_to_id(name));
            found
                .and_then(|id| i32::try_from(id).ok())
                .ok_or_else(|| fault(format!("no piece {} or {}", names[0], names[1])))
        };
        Ok(Self {
            first_piece: special(["[CLS]", "<s>"])?,
            last_piece: special(["[SEP]", "</s>"])?,
            unknown_piece: special(["[UNK]", "<unk>"])?,
            tokenizer,
            labels,
            window_budget: window_pieces - 2,
            has_shapes,
            calibration: config.score_calibration,
        })
    }

    /// The pieces of one word: at least one, at most twelve.
    #[must_use]
    pub fn pieces(&self, word: &str) -> Vec<i32> {
        let seen = &word[..word.floor_char_boundary(MAX_WORD_BYTES)];
        let mut ids: Vec<i32> = match self.tokenizer.encode_fast(seen, false) {
            Ok(encoding) => encoding.get_ids().iter().filter_map(|&id| i32::try_from(id).ok()).collect(),
            Err(_) => Vec::new(),
        };
        ids.truncate(MAX_PIECES_PER_WORD);
        if ids.is_empty() {
            ids.push(self.unknown_piece);
        }
        ids
    }

    /// The score of a mention to which the network gives this probability: the same, unless the model is calibrated.
    #[must_use]
    pub fn score(&self, probability: f32) -> f32 {
        self.calibration.as_ref().map_or(probability, |calibration| calibration.score(probability))
    }

    /// The token type that all pieces of `word` carry.
    #[must_use]
    pub fn token_type(&self, word: &str) -> i32 {
        if self.has_shapes { Shape::of(word) as i32 } else { 0 }
    }
}

/// Remembers the pieces of words: most words of a text were seen before.
#[derive(Debug, Default)]
pub struct PieceCache(HashMap<Box<str>, Box<[i32]>>);

impl PieceCache {
    /// Appends the pieces of `word` to `out` and returns how many they are.
    pub fn append(&mut self, model: &Model, word: &str, out: &mut Vec<i32>) -> usize {
        if let Some(pieces) = self.0.get(word) {
            out.extend_from_slice(pieces);
            return pieces.len();
        }
        let pieces = model.pieces(word);
        out.extend_from_slice(&pieces);
        let count = pieces.len();
        if word.len() <= 64 {
            if self.0.len() >= CACHED_WORDS {
                self.0.clear();
            }
            self.0.insert(word.into(), pieces.into());
        }
        count
    }
}
