//! What an engine is and what it is asked.

use super::device::{Device, Precision};
use crate::tag::batch::Batch;
use crate::tag::config::ModelConfig;
use crate::tag::files::ModelFile;

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
        if !batch.has_places(asked) {
            let pieces = batch.ids.len();
            return Err(EngineError::Run(format!(
                "the pieces asked for must be places in a batch of {pieces}, in ascending order"
            )));
        }
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
    pub(crate) weights: fn(Option<Precision>) -> &'static [&'static str],
    /// Looks whether the engine is part of this program and what it finds on this machine.
    pub detect: fn() -> Detected,
    /// Whether it computes such a network from such a file, as far as `config.json` tells: asked before weights are fetched.
    pub(crate) takes: fn(&ModelConfig, &str) -> Result<(), EngineError>,
    /// Loads weights.
    pub(crate) load: fn(&LoadOrder<'_>) -> Result<Box<dyn Engine>, EngineError>,
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
#[cfg_attr(
    not(feature = "libtorch"),
    expect(dead_code, reason = "one device and one precision alone do without libtorch")
)]
pub(crate) struct LoadOrder<'a> {
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
}
