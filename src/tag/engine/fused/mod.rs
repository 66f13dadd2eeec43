//! Our own engine: BERT and MPNet encoders with a token-classification head, in int8, for the processor.
//!
//! In come windows of word pieces, laid end to end; out come logits. There is no graph and no padding: products run over
//! all pieces of a run, attention over each window. [`checkpoint`] builds the [`encoder`] from `config.json` ([`config`]) and a
//! file of [`weights`]; the encoder says what happens in which order; [`linear`] and [`codes`] hold weights and
//! activations in the layout that the [`kernels`] read.
//!
//! Weights are int8 codes in an ONNX file of `scripts/export.py`, taken as they are, or the numbers of a
//! `model.safetensors`, of which the nearest codes are taken.
//!
//! # What a layer does
//!
//! Rows go through it in blocks of 48, which stay in the second-level cache. What comes out of a product is finished while
//! its tile is at hand, and what the next product reads is written by the step before:
//!
//! 1. for each head codes × queries, for the open pieces, and codes × (keys, values), for all → f32 block → 16-bit queries and
//!    keys, f32 values
//! 2. for each head and window `attend`: scores, softmax and weighted values → f32
//! 3. `quantise` → codes × output → added to the residual → `normalise`, which also writes the codes
//! 4. codes × up → GELU → `quantise` → codes × down → added to the residual → `normalise`, with codes for the next layer
//!
//! An MPNet also adds to each score a number for the distance of query and key ([`distances`]). A layer that has channels
//! with outliers ([`linear::OutlierChannels`]) multiplies them in f32, before the others become codes.
//!
//! A model may have early exits ([`exit`]): behind a layer that has one, pieces that are surely in no mention are settled. The
//! layers to come work for those alone that are still open, and the last for those of them that were asked for: of a word the label is read at
//! the first piece, and of two windows that share it, in one. All others serve as keys and values.
//!
//! # Numbers
//!
//! | what | type | scale |
//! | --- | --- | --- |
//! | weights | 7 bits and sign, -64 to 64 | one an output, symmetric: the greatest weight is 64 |
//! | activations | 8 bits, 0 to 255 | one a row, with the row's lowest value: dynamic, asymmetric |
//! | sums of products | i32, exact | |
//! | queries, keys | 16 bits, ±8,191 for heads of 32 | one for each head of a row |
//! | attention weights | 16 bits, add up to 32,767 | |
//! | values | 16 bits, ±32,767 | one for each head of a window |
//! | residual, softmax, GELU, normalisation, head | f32 | |
//!
//! A value is code · scale + low, a weight code · scale; so a product is
//! (Σ code · code · row scale + low · Σ weight codes) · weight scale + bias, with the sum of an output's weight codes known
//! beforehand. Scales a row and an output are those of `LLM.int8()` (Dettmers et al. 2022, <https://arxiv.org/abs/2208.07339>);
//! that a row has its own also keeps it from feeling its neighbours, and outliers in one row from costing all others their codes. Seven bits for weights is what the AVX2 instruction needs
//! for its 16-bit sums ([`linear::WEIGHT_MAX`]); other instructions use the same codes, so that results are the same.
//!
//! # Error bounds
//!
//! A code is off by at most half a step, and a step is a 255th of its row's range. Powers of 2, of which the softmax is made,
//! are off by at most 3·10⁻⁶ of their value, a weight of the softmax by 10⁻⁵ of its value and half an integer, GELU by
//! 4·10⁻⁶ max(1, |x|) ([`kernels`]' `float`). The tests hold them to it, and `docs/performance.md` has the differences to
//! fp32 `transformers` on real text.
//!
//! # Always the same
//!
//! Integer sums are exact. Float operations are those that IEEE 754 rounds exactly, in a fixed order, without fused
//! multiply-add. So logits are the same to the last bit in any batch, on any number of threads and on any kernel.

mod checkpoint;
mod codes;
mod config;
mod distances;
mod encoder;
mod exit;
mod kernels;
mod linear;
mod table;
mod weights;

use super::{Batch, Detected, Device, Engine, EngineError, EngineInfo, LoadOrder};
use crate::tag::model::ModelConfig;
use config::Config;
use encoder::{Encoder, Scratch};
use kernels::{KernelChoice, choose_kernel};
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use weights::{OnnxWeights, SafetensorsWeights};

/// The engine, as the list of engines knows it.
pub const INFO: EngineInfo = EngineInfo {
    name: "fused",
    about: "BERT and MPNet in int8, our own kernels",
    precisions: &[],
    weights: |_| &["onnx/model_quantized.onnx", "model_quantized.onnx", "model.safetensors"],
    detect: || {
        let KernelChoice { kernel, note, wrong_setting } = choose_kernel();
        Detected { devices: kernel.map(|_| Device::Cpu).into_iter().collect(), note, wrong_setting }
    },
    takes,
    load: |order| FusedEngine::load(order).map(|engine| Box::new(engine) as Box<dyn Engine>),
};

fn takes(config: &ModelConfig, file: &str) -> Result<(), EngineError> {
    Config::parse(&config.text)?;
    // Before such a file is fetched or read.
    if is_onnx(file) && !config.has_shapes {
        return Err(EngineError::Unsupported(format!(
            "{file} is none of scripts/export.py: config.json has no word_shapes"
        )));
    }
    Ok(())
}

fn is_onnx(file: &str) -> bool {
    Path::new(file).extension().is_some_and(|extension| extension == "onnx")
}

/// Windows are run together up to this many pieces: enough to read the weights seldom, and few enough for the cache.
const PIECES_A_RUN: usize = 256;

/// Runs a BERT or MPNet for token classification.
pub struct FusedEngine {
    encoder: Encoder,
    /// Memory that is not in use; each call borrows one.
    scratch: Mutex<Vec<Scratch>>,
}

impl std::fmt::Debug for FusedEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FusedEngine").field("kernel", &self.encoder.kernel).finish_non_exhaustive()
    }
}

/// A batch as indices into the tables, and where its windows lie.
struct Indices {
    ids: Vec<usize>,
    types: Vec<usize>,
    windows: Vec<Range<usize>>,
}

impl FusedEngine {
    /// Loads a checkpoint and packs its weights for the kernel of this CPU.
    ///
    /// # Errors
    /// If the network is none that this engine computes, or the weights do not fit the configuration.
    fn load(order: &LoadOrder<'_>) -> Result<Self, EngineError> {
        let KernelChoice { kernel, note, .. } = choose_kernel();
        let kernel = kernel.ok_or(EngineError::Unsupported(note))?;
        let encoder = if is_onnx(order.name) {
            checkpoint::load(order.config, &OnnxWeights::read(order.weights)?, kernel)?
        } else {
            let bytes = order.weights.bytes().map_err(|error| EngineError::Load(error.to_string()))?;
            checkpoint::load(order.config, &SafetensorsWeights::read(&bytes)?, kernel)?
        };
        Ok(Self { encoder, scratch: Mutex::default() })
    }

    /// The piece ids and types of a batch as indices into the tables, checked, and the windows.
    fn indices(&self, batch: &Batch) -> Result<Indices, EngineError> {
        let embeddings = &self.encoder.embeddings;
        let check = |values: &[i32], bound: usize, what: &str| {
            let index = |&value: &i32| {
                usize::try_from(value).ok().filter(|&index| index < bound).ok_or_else(|| {
                    EngineError::Run(format!("the model has {bound} {what}, and {value} is none of them"))
                })
            };
            values.iter().map(index).collect::<Result<Vec<_>, _>>()
        };
        let ids = check(&batch.ids, embeddings.words.len(), "pieces")?;
        // A network without token types looks at none.
        let types = match &embeddings.types {
            Some(table) => check(&batch.token_types, table.len(), "token types")?,
            None => vec![0; batch.token_types.len()],
        };
        let mut end = 0;
        let mut windows = Vec::with_capacity(batch.lengths.len());
        for &length in &batch.lengths {
            if length > embeddings.longest_window() {
                return Err(EngineError::Run(format!(
                    "a window has {length} pieces, and the model has {} positions",
                    embeddings.longest_window()
                )));
            }
            windows.push(end..end + length);
            end += length;
        }
        if end != ids.len() || end != types.len() {
            return Err(EngineError::Run(format!(
                "{} pieces and {} types in windows of {end} pieces",
                ids.len(),
                types.len()
            )));
        }
        Ok(Indices { ids, types, windows })
    }
}

impl Engine for FusedEngine {
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError> {
        self.logits_of(batch, &(0..batch.ids.len()).collect::<Vec<_>>())
    }

    fn logits_of(&self, batch: &Batch, asked: &[usize]) -> Result<Vec<f32>, EngineError> {
        batch.check_places(asked)?;
        let Indices { ids, types, windows } = self.indices(batch)?;
        let mut logits = Vec::with_capacity(asked.len() * self.encoder.shape.labels);
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        for group in group_windows(&windows) {
            let range = group[0].start..group[group.len() - 1].end;
            let group: Vec<_> =
                group.iter().map(|window| window.start - range.start..window.end - range.start).collect();
            let asked: Vec<_> = asked[places_within(asked, &range)].iter().map(|row| row - range.start).collect();
            self.encoder.run(&ids[range.clone()], &types[range], &group, &asked, &mut scratch, &mut logits);
        }
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        Ok(logits)
    }

    /// Short windows alone would not fill the tiles: 64 pieces are five of twelve rows and a third of one.
    fn windows_a_batch(&self) -> usize {
        2
    }
}

/// Places of those of `rows`, which ascend, that lie in `range`.
fn places_within(rows: &[usize], range: &Range<usize>) -> Range<usize> {
    let place = |bound: usize| rows.partition_point(|&row| row < bound);
    place(range.start)..place(range.end)
}

/// Groups of neighbouring windows with at most [`PIECES_A_RUN`] pieces together, or one longer window alone.
fn group_windows(windows: &[Range<usize>]) -> Vec<&[Range<usize>]> {
    let mut groups = Vec::new();
    let mut first = 0;
    for index in 1..=windows.len() {
        if index == windows.len() || windows[index].end - windows[first].start > PIECES_A_RUN {
            groups.push(&windows[first..index]);
            first = index;
        }
    }
    groups
}

#[cfg(test)]
mod tests;
