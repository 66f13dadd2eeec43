//! Engines: word pieces in, logits out.
//!
//! An engine knows tensors and nothing of words, labels or documents. Every engine must give one window the same logits
//! whatever else is in its batch, so that results never depend on batching or threads. [`ENGINES`] lists the engines;
//! a new one is a file here (or a folder) with an [`EngineInfo`], and a line in that list. [`choose`] takes the one that
//! suits the machine, the model and the user.

mod choose;
mod device;
mod fused;
mod libtorch;
mod onnx;

pub use choose::{Candidate, Choice, ChoiceError, EngineOptions, choose};
pub use device::{Device, Precision, UnknownDevice};
pub use onnx::OnnxEngine;

use crate::tag::model::{ModelConfig, ModelFile};

/// Every engine, on the processor the fastest first.
pub const ENGINES: [&EngineInfo; 3] = [&fused::INFO, &onnx::INFO, &libtorch::INFO];

/// Windows of word pieces, laid end to end without padding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Piece ids of all windows, special pieces included.
    pub ids: Vec<i32>,
    /// Token type of each piece, parallel to `ids`.
    pub token_types: Vec<i32>,
    /// Number of pieces of each window; sums to `ids.len()`.
    pub lengths: Vec<usize>,
}

impl Batch {
    /// Whether `asked` are places in `ids`, in ascending order.
    fn check_places(&self, asked: &[usize]) -> Result<(), EngineError> {
        let ascend = asked.windows(2).all(|pair| pair[0] < pair[1]);
        if ascend && asked.last().is_none_or(|&last| last < self.ids.len()) {
            return Ok(());
        }
        Err(EngineError::Run(format!(
            "the pieces asked for must be places in a batch of {}, in ascending order",
            self.ids.len()
        )))
    }
}

/// Why an engine could not be loaded or run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum EngineError {
    /// The engine does not run this kind of network; another may.
    #[error("the engine does not run this model: {0}")]
    Unsupported(String),
    /// The weights are damaged or use an operation that the engine lacks.
    #[error("the model's weights cannot be used: {0}")]
    Load(String),
    /// The network does not take or give what a token-classification model does.
    #[error("the model is no token-classification network: {0}")]
    Interface(String),
    /// Running the network failed.
    #[error("running the model failed: {0}")]
    Run(String),
}

/// Something that runs a token-classification network.
pub trait Engine: Send + Sync {
    /// Logits of `batch`: one row for each piece in the order of `batch.ids`, one column for each label, row by row.
    ///
    /// # Errors
    /// If the network fails on this batch; other batches may still work.
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError>;

    /// The rows of [`logits`](Self::logits) that belong to the pieces at `asked`, places in `batch.ids` in ascending order.
    ///
    /// Unless an engine can save work, all are computed.
    ///
    /// # Errors
    /// If `asked` does not ascend or leaves the batch, or the network fails on this batch; other batches may still work.
    fn logits_of(&self, batch: &Batch, asked: &[usize]) -> Result<Vec<f32>, EngineError> {
        batch.check_places(asked)?;
        let (logits, pieces) = (self.logits(batch)?, batch.ids.len());
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        if !logits.len().is_multiple_of(pieces) {
            return Err(EngineError::Interface(format!("it gave {} values for {pieces} pieces", logits.len())));
        }
        let width = logits.len() / pieces;
        Ok(asked.iter().flat_map(|&row| &logits[row * width..(row + 1) * width]).copied().collect())
    }

    /// How many windows are best put into one batch.
    fn windows_a_batch(&self) -> usize {
        1
    }
}

/// What there is to know of an engine before a model is loaded.
#[derive(Debug)]
pub struct EngineInfo {
    /// Name on the command line.
    pub name: &'static str,
    /// What it is, in a few words.
    pub about: &'static str,
    /// The precisions that a user may ask for; without asking, it takes the one that suits it.
    pub precisions: &'static [Precision],
    /// Files of a model folder that hold weights for it, the best first, where this precision was asked for.
    pub weights: fn(Option<Precision>) -> &'static [&'static str],
    /// Looks whether the engine is part of this program and what it finds on this machine.
    pub detect: fn() -> Detected,
    /// Whether it computes such a network from such a file, as far as `config.json` tells: asked before weights are fetched.
    pub takes: fn(&ModelConfig, &str) -> Result<(), EngineError>,
    /// Loads weights.
    pub load: fn(&LoadOrder<'_>) -> Result<Box<dyn Engine>, EngineError>,
}

impl EngineInfo {
    /// The engine with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        ENGINES.into_iter().find(|engine| engine.name == name)
    }
}

/// What an engine finds on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detected {
    /// The devices that it can use, best first; with none it cannot be used here.
    pub devices: Vec<Device>,
    /// What was found, or why it cannot be used and what to do about it.
    pub note: String,
    /// Whether a setting of the user's is why it cannot be used: no other engine is taken for it without a word.
    pub wrong_setting: bool,
}

/// What an engine is asked to load.
#[derive(Debug, Clone)]
pub struct LoadOrder<'a> {
    /// The name of the weights: one of those in [`EngineInfo::weights`].
    pub name: &'a str,
    /// The file of this name.
    pub weights: &'a ModelFile,
    /// The model's `config.json`.
    pub config: &'a ModelConfig,
    /// One of the devices that were detected.
    pub device: Device,
    /// One of [`EngineInfo::precisions`], where the user asked for one.
    pub precision: Option<Precision>,
    /// How many threads will call at the same time; the engine may use as many.
    pub threads: usize,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::model::ModelFiles;

    /// Logits that tell their place: piece `n` has 10 n and 10 n + 1.
    struct Counting;

    impl Engine for Counting {
        fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError> {
            Ok(batch
                .ids
                .iter()
                .zip(0_u8..)
                .flat_map(|(_, at)| [f32::from(at) * 10.0, f32::from(at) * 10.0 + 1.0])
                .collect())
        }
    }

    #[test]
    fn an_engine_gives_the_rows_that_are_asked_for() {
        let batch = Batch { ids: vec![7; 4], token_types: vec![0; 4], lengths: vec![4] };
        assert_eq!(Counting.logits_of(&batch, &[1, 3]).unwrap(), [10.0, 11.0, 30.0, 31.0]);
        assert!(Counting.logits_of(&batch, &[]).unwrap().is_empty());
        assert!(Counting.logits_of(&Batch::default(), &[]).unwrap().is_empty());
        for wrong in [&[4][..], &[2, 1], &[1, 1]] {
            assert!(Counting.logits_of(&batch, wrong).unwrap_err().to_string().contains("ascending order"));
        }
    }

    /// Both engines read the same network, each with its own roundings: the same labels with early exits, which only `fused` has,
    /// and about the same logits without.
    #[test]
    fn the_engines_agree() {
        let files = ModelFiles::embedded();
        let config = ModelConfig::read(&files).unwrap();
        let mut all_layers: serde_json::Value = serde_json::from_str(&config.text).unwrap();
        all_layers["exit_layers"] = serde_json::json!([]);
        let all_layers = ModelConfig::parse(all_layers.to_string()).unwrap();
        let logits = |info: &EngineInfo, config: &ModelConfig, batch: &Batch| {
            let name = (info.weights)(None)[0];
            let weights = files.file(name);
            let order = LoadOrder { name, weights: &weights, config, device: Device::Cpu, precision: None, threads: 1 };
            (info.load)(&order).unwrap().logits(batch).unwrap()
        };
        // "[CLS] ban ki - moon visited geneva on monday . [SEP]", names with the shape of a title.
        let ids = [101, 7221, 11382, 1011, 4231, 4716, 9810, 2006, 6928, 1012, 102];
        let types = [0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0];
        let batch = Batch { ids: ids.to_vec(), token_types: types.to_vec(), lengths: vec![ids.len()] };
        if (fused::INFO.detect)().devices.is_empty() {
            return;
        }
        let (fused, onnx) = (logits(&fused::INFO, &all_layers, &batch), logits(&onnx::INFO, &config, &batch));
        let with_exits = logits(&fused::INFO, &config, &batch);
        let best = |row: &[f32]| (0..row.len()).max_by(|&left, &right| row[left].total_cmp(&row[right]));
        let rows = fused.chunks_exact(9).zip(with_exits.chunks_exact(9)).zip(onnx.chunks_exact(9));
        for ((fused, with_exits), onnx) in rows {
            for (fused, onnx) in fused.iter().zip(onnx) {
                // On dev text the one is up to 0.65 away from 32 bits, the other 1.25 (docs/performance.md).
                assert!((fused - onnx).abs() < 2.0, "{fused} {onnx}");
            }
            // Inner pieces of a word were never trained to say one label: two of them may be all but equal.
            let clear = onnx.iter().filter(|&&logit| logit > onnx[best(onnx).unwrap()] - 2.0).count() == 1;
            assert!(!clear || best(fused) == best(onnx), "{fused:?} {onnx:?}");
            assert!(!clear || best(with_exits) == best(onnx), "{with_exits:?} {onnx:?}");
        }
    }
}
