//! A model: the tokenizer, the labels and the settings that belong to a set of weights, from a folder in Hugging Face
//! layout or from the program itself.

mod error;
pub mod hub;
mod tokenizer;

pub use super::files::{FileError, ModelFiles};
pub use error::ModelError;

use crate::label::LabelTable;
use crate::tag::batch::Batch;
use crate::tag::calibration::Calibration;
use crate::tag::config::ModelConfig;
use crate::tag::engine::{Candidate, Choice, ChoiceError, Engine, EngineError, EngineOptions, LoadOrder, choose};
use crate::tag::label::LabelSet;
use crate::tag::layout::Layout;
use crate::tag::token_type::TokenTypes;
use std::borrow::Cow;
use tokenizer::{SpecialPiece, WordTokenizer};

/// Everything about a model but its weights: how text becomes pieces, and what the logits mean.
pub struct Model {
    tokenizer: WordTokenizer,
    /// What each column of the logits means.
    pub(crate) labels: LabelSet,
    /// Pieces that fit a window beside the special ones.
    pub(crate) window_budget: usize,
    token_types: TokenTypes,
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

/// Loads a model, and the engine for it that `options` ask for; the engine runs at most `threads` windows at a time.
/// `labels` says what the model's labels mean.
///
/// # Errors
/// If a file is missing or not what it should be, or no engine can run the model.
pub fn load(
    files: &ModelFiles,
    options: &EngineOptions,
    labels: &LabelTable,
    threads: usize,
) -> Result<(Model, Box<dyn Engine>, Choice), ModelError> {
    let config = read_config(files)?;
    let tokenizer = tokenizer_json(files)?;
    // Parsing the tokenizer and packing the weights take about as long as each other: do both at once.
    let (model, engine) = std::thread::scope(|scope| {
        let engine = scope.spawn(|| load_engine(files, &config, options, threads));
        let model = Model::parse(files, &config, &tokenizer, labels);
        (model, engine.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    // What is wrong with the folder is told before what is wrong with the weights.
    let model = model?;
    let (engine, choice) = engine?;
    if !files.are_embedded() {
        let path = files.path(choice.taken.weights);
        try_out(&model, engine.as_ref()).map_err(|source| ModelError::Engine { path, source })?;
    }
    Ok((model, engine, choice))
}

/// Reads the `config.json` of a model.
pub(crate) fn read_config(files: &ModelFiles) -> Result<ModelConfig, ModelError> {
    let fault = |reason: String| ModelError::Config { path: files.path("config.json"), reason };
    let text = String::from_utf8(files.read("config.json")?.into_owned()).map_err(|error| fault(error.to_string()))?;
    ModelConfig::parse(text).map_err(fault)
}

/// The bytes of the `tokenizer.json`; where there is only the vocabulary of a BERT, one is made of it.
fn tokenizer_json(files: &ModelFiles) -> Result<Cow<'static, [u8]>, ModelError> {
    if files.has("tokenizer.json") || !files.has("vocab.txt") {
        return Ok(files.read("tokenizer.json")?);
    }
    let settings = if files.has("tokenizer_config.json") {
        files.read("tokenizer_config.json")?
    } else {
        Cow::Borrowed(&b"{}"[..])
    };
    let made = tokenizer::from_vocabulary(&files.read("vocab.txt")?, &settings);
    made.map(Cow::Owned).map_err(|reason| ModelError::Tokenizer { path: files.path("vocab.txt"), reason })
}

/// Loads the best engine; one that turns out not to run this kind of network leaves it to the next.
fn load_engine(
    files: &ModelFiles,
    config: &ModelConfig,
    options: &EngineOptions,
    threads: usize,
) -> Result<(Box<dyn Engine>, Choice), ModelError> {
    let none = |source| ModelError::no_engine(files.folder(), |file| files.has(file), source);
    let choices = choose(options, |file| files.has(file)).map_err(none)?;
    let out_of_question = choices.first().map(|choice| choice.passed_over.clone()).unwrap_or_default();
    let mut passed_over = Vec::new();
    for mut choice in choices {
        let Candidate { engine, device, weights: name } = choice.taken;
        let weights = &files.file(name);
        let order = LoadOrder { name, weights, config, device, precision: options.precision(), threads };
        match (engine.takes)(config, name).and_then(|()| (engine.load)(&order)) {
            Ok(loaded) => {
                // Of its own files one was the better.
                passed_over.retain(|(passed, _)| *passed != engine.name);
                choice.passed_over.append(&mut passed_over);
                return Ok((loaded, choice));
            }
            Err(EngineError::Unsupported(reason)) => {
                // What is wrong with config.json is wrong for each of its files.
                if !passed_over.contains(&(engine.name, reason.clone())) {
                    passed_over.push((engine.name, reason));
                }
            }
            Err(source) => return Err(ModelError::Engine { path: files.path(name), source }),
        }
    }
    passed_over.extend(out_of_question);
    Err(none(ChoiceError::NoEngine(passed_over)))
}

/// Runs `engine` on a window of one word: weights that do not fit the rest of their folder are found before the
/// first document, not with each.
fn try_out(model: &Model, engine: &dyn Engine) -> Result<(), EngineError> {
    let mut batch = Batch::default();
    model.open_window(&mut batch);
    model.add_word("a", Layout::Paragraph, &model.pieces("a"), &mut batch);
    model.close_window(&mut batch);
    let (pieces, labels) = (batch.ids.len(), model.labels.len());
    let logits = engine.logits(&batch)?;
    if logits.len() == pieces * labels {
        return Ok(());
    }
    Err(EngineError::Interface(format!(
        "it gives {} values for each piece, and config.json names {labels} labels",
        logits.len() / pieces
    )))
}

impl Model {
    fn parse(
        files: &ModelFiles,
        config: &ModelConfig,
        tokenizer: &[u8],
        labels: &LabelTable,
    ) -> Result<Self, ModelError> {
        let path = files.path("config.json");
        let labels = LabelSet::parse(&config.labels, labels).map_err(|source| ModelError::Labels { path, source })?;
        let path = files.path("tokenizer.json");
        let tokenizer = WordTokenizer::parse(tokenizer).map_err(|reason| ModelError::Tokenizer { path, reason })?;
        let window_budget = config.window_pieces.saturating_sub(tokenizer.before.len() + tokenizer.after.len());
        Ok(Self {
            tokenizer,
            labels,
            window_budget,
            token_types: config.token_types,
            calibration: config.calibration.clone(),
        })
    }

    /// How many labels the network tells apart: the width of a row of its logits.
    #[must_use]
    pub fn width(&self) -> usize {
        self.labels.len()
    }

    /// The pieces of one word: at least one, at most twelve.
    #[must_use]
    pub fn pieces(&self, word: &str) -> Vec<i32> {
        self.tokenizer.pieces(word)
    }

    /// The score of a mention to which the network gives this probability: the same, unless the model is calibrated.
    pub(crate) fn score(&self, probability: f32) -> f32 {
        self.calibration.as_ref().map_or(probability, |calibration| calibration.score(probability))
    }

    /// Appends the special pieces that open a window to the open window of `batch`.
    pub fn open_window(&self, batch: &mut Batch) {
        add_special(&self.tokenizer.before, batch);
    }

    /// Appends a word to the open window of `batch`, by what stands before it and by its pieces.
    pub fn add_word(&self, word: &str, layout: Layout, pieces: &[i32], batch: &mut Batch) {
        let token_type = self.token_types.row(word, layout);
        batch.ids.extend_from_slice(pieces);
        batch.token_types.extend(std::iter::repeat_n(token_type, pieces.len()));
    }

    /// Appends the special pieces that close a window, and closes the open window of `batch`.
    pub fn close_window(&self, batch: &mut Batch) {
        add_special(&self.tokenizer.after, batch);
        let closed: usize = batch.lengths.iter().sum();
        batch.lengths.push(batch.ids.len() - closed);
    }
}

fn add_special(pieces: &[SpecialPiece], batch: &mut Batch) {
    batch.ids.extend(pieces.iter().map(|piece| piece.id));
    batch.token_types.extend(pieces.iter().map(|piece| piece.token_type));
}
