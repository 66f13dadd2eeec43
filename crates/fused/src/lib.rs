//! BERT and MPNet encoders with a token-classification head, in int8, for the processor.
//!
//! In come [`Windows`] of word pieces, laid end to end; out come logits. The crate knows numbers alone: what a piece, a label
//! or a text is, its caller knows.
//!
//! ```
//! use namesake_fused::{Config, Encoder, OnnxWeights, Weights, Windows, choose_kernel};
//! use std::path::Path;
//!
//! let model = Path::new("../../models/news-small");
//! let labels = 9;
//! let config = Config::parse(&std::fs::read_to_string(model.join("config.json"))?, labels)?.with_outside(0);
//! let weights = Weights::Onnx(OnnxWeights::open(&model.join("onnx/model_quantized.onnx"))?);
//! // None where the processor has no instructions for it: other engines are faster there.
//! let Some(kernel) = choose_kernel().kernel else { return Ok(()) };
//! let encoder = Encoder::load(&config, &weights, kernel)?;
//!
//! // "[CLS] ban ki - moon visited geneva [SEP]"
//! let ids = [101, 7221, 11382, 1011, 4231, 4716, 9810, 102];
//! let windows = Windows { ids: &ids, token_types: &[0, 1, 1, 0, 1, 0, 1, 0], lengths: &[ids.len()] };
//! let logits = encoder.logits(&windows)?;
//! assert_eq!(logits.len(), ids.len() * labels);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! There is no graph and no padding: products run over all pieces of a run, attention over each window. `checkpoint` builds
//! the `network` from `config.json` ([`Config`]) and a file of [`Weights`]; the network says what happens in which order;
//! `linear` and `codes` hold weights and activations in the layout that the `kernels` read.
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
//! An MPNet also adds to each score a number for the distance of query and key (`distances`). A layer that has channels
//! with outliers (`linear::OutlierChannels`) multiplies them in f32, before the others become codes.
//!
//! A model may have early exits (`exit`): behind a layer that has one, pieces that are surely in no mention are settled. The
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
//! for its 16-bit sums (`linear::WEIGHT_MAX`); other instructions use the same codes, so that results are the same.
//!
//! # Error bounds
//!
//! A code is off by at most half a step, and a step is a 255th of its row's range. Powers of 2, of which the softmax is made,
//! are off by at most 3·10⁻⁶ of their value, a weight of the softmax by 10⁻⁵ of its value and half an integer, GELU by
//! 4·10⁻⁶ max(1, |x|) (`kernels`' `float`). The tests hold them to it, and `docs/performance.md` has the differences to
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
mod error;
mod exit;
mod kernels;
mod linear;
mod network;
mod table;
mod weights;

pub use config::Config;
pub use encoder::{Encoder, Windows};
pub use error::Error;
pub use kernels::{Kernel, KernelChoice, choose_kernel};
pub use weights::{FloatTensor, OnnxWeights, Weights};

#[cfg(test)]
mod tests;
