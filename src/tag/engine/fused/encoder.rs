//! The network: embeddings, layers and the token-classification head, over windows laid end to end.

use super::codes::Codes;
use super::distances::Distances;
use super::kernels::{AttentionScratch, Finish, Head, HeadRows, Kernel, Norm};
use super::linear::Linear;
use super::table::Table;
use super::within;
use std::ops::Range;

/// Rows that go through a layer together after its attention: their activations stay in the second-level cache, while the
/// weights, read once a block, come from the third. A multiple of every tile's height.
const ROWS_A_BLOCK: usize = 48;

/// Sizes of the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub hidden: usize,
    pub heads: usize,
    pub feed_forward: usize,
    pub labels: usize,
}

/// Word, position and token-type embeddings.
#[derive(Debug)]
pub struct Embeddings {
    pub words: Table,
    pub positions: Table,
    /// The row of `positions` that the first piece of a window takes.
    pub first_position: usize,
    /// None where the network has no token types.
    pub types: Option<Table>,
    pub norm: Norm,
}

impl Embeddings {
    /// Pieces of the longest window.
    pub fn longest_window(&self) -> usize {
        self.positions.len().saturating_sub(self.first_position)
    }
}

/// One layer of the encoder.
#[derive(Debug)]
pub struct Layer {
    /// For each head its queries, keys and values, in one product.
    pub attention: Vec<Linear>,
    pub attention_output: Linear,
    pub attention_norm: Norm,
    pub up: Linear,
    pub down: Linear,
    pub norm: Norm,
}

/// The head: a linear layer in f32.
#[derive(Debug)]
pub struct Classifier {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// A BERT or MPNet encoder with a token-classification head.
#[derive(Debug)]
pub struct Encoder {
    pub shape: Shape,
    pub kernel: Kernel,
    pub embeddings: Embeddings,
    /// What all layers add to the scores of attention, if anything.
    pub distances: Option<Distances>,
    pub layers: Vec<Layer>,
    pub classifier: Classifier,
}

/// Memory that a run works in. It grows to what the longest batch needs and is kept.
#[derive(Debug, Default)]
pub struct Scratch {
    hidden: Vec<f32>,
    codes: Codes,
    head_rows: HeadRows,
    attended: Vec<f32>,
    block: Vec<f32>,
    block_codes: Codes,
    attention: AttentionScratch,
}

impl Encoder {
    /// Appends the logits of the pieces at `asked`, ascending places in `ids`. Each of `windows` is a range of `ids` that
    /// ends where the next begins.
    ///
    /// All ids and types lie within their tables, and no window is longer than [`Embeddings::longest_window`].
    pub fn run(
        &self,
        ids: &[usize],
        types: &[usize],
        windows: &[Range<usize>],
        asked: &[usize],
        scratch: &mut Scratch,
        logits: &mut Vec<f32>,
    ) {
        let Shape { hidden: width, heads, labels, .. } = self.shape;
        let rows = ids.len();
        scratch.hidden.resize(rows * width, 0.0);
        scratch.attended.resize(rows * width, 0.0);
        scratch.codes.reshape(rows, width);
        scratch.head_rows.reshape(rows, width / heads);
        self.embed(ids, types, windows, scratch);
        let all: Vec<usize> = (0..rows).collect();
        for (index, layer) in self.layers.iter().enumerate() {
            let last = index + 1 == self.layers.len();
            let going_on = if last { asked } else { &all };
            self.attend(layer, windows, rows, going_on, scratch);
            if last {
                keep_rows(&mut scratch.hidden, asked, width);
                keep_rows(&mut scratch.attended, asked, width);
            }
            for block in blocks(going_on.len()) {
                self.feed_forward(layer, block, scratch);
            }
        }
        let start = logits.len();
        logits.resize(start + asked.len() * labels, 0.0);
        self.kernel.classify(&scratch.hidden, &self.classifier.weights, &self.classifier.bias, &mut logits[start..]);
    }

    fn embed(&self, ids: &[usize], types: &[usize], windows: &[Range<usize>], scratch: &mut Scratch) {
        let width = self.shape.hidden;
        for window in windows {
            for (position, row) in window.clone().enumerate() {
                let out = &mut scratch.hidden[row * width..(row + 1) * width];
                out.fill(0.0);
                self.embeddings.words.add_row(ids[row], out);
                self.embeddings.positions.add_row(self.embeddings.first_position + position, out);
                if let Some(table) = &self.embeddings.types {
                    table.add_row(types[row], out);
                }
            }
        }
        self.kernel.normalise(&mut scratch.hidden, &self.embeddings.norm, scratch.codes.rows_mut(0..ids.len()));
    }

    /// From the codes of all `rows` to what those that are `asking` gathered from their windows: a head after the other, so
    /// that its queries, keys and values, and the weights that they are made with, stay in the caches.
    fn attend(&self, layer: &Layer, windows: &[Range<usize>], rows: usize, asking: &[usize], scratch: &mut Scratch) {
        let width = self.shape.hidden;
        let Scratch { codes, head_rows, block: triples, attention, attended, .. } = scratch;
        for (number, linear) in layer.attention.iter().enumerate() {
            for block in blocks(rows) {
                triples.resize(block.len() * linear.outputs, 0.0);
                self.kernel.product(codes.rows(block.clone()), linear, Finish::Store, triples);
                self.kernel.split(triples, block.start, head_rows);
            }
            let distances = self.distances.as_ref().map(|distances| distances.head(number));
            let head = Head { number, width, distances };
            for window in windows {
                self.kernel.attend(head_rows, window.clone(), within(asking, window), head, attention, attended);
            }
        }
    }

    /// From what the pieces of `block` gathered to their codes for the next layer.
    fn feed_forward(&self, layer: &Layer, block: Range<usize>, scratch: &mut Scratch) {
        let Shape { hidden: width, feed_forward, .. } = self.shape;
        let rows = block.len();
        let Scratch { hidden, codes, attended, block: between, block_codes, .. } = scratch;
        let values = block.start * width..block.end * width;
        let hidden = &mut hidden[values.clone()];

        block_codes.reshape(rows, width);
        self.kernel.quantise(&attended[values], width, block_codes.rows_mut(0..rows));
        self.kernel.product(block_codes.rows(0..rows), &layer.attention_output, Finish::Add, hidden);
        self.kernel.normalise(hidden, &layer.attention_norm, codes.rows_mut(block.clone()));

        between.resize(rows * feed_forward, 0.0);
        self.kernel.product(codes.rows(block.clone()), &layer.up, Finish::Gelu, between);
        self.kernel.take_outliers(between, &layer.down, hidden);
        block_codes.reshape(rows, feed_forward);
        self.kernel.quantise(between, feed_forward, block_codes.rows_mut(0..rows));
        self.kernel.product(block_codes.rows(0..rows), &layer.down, Finish::Add, hidden);
        self.kernel.normalise(hidden, &layer.norm, codes.rows_mut(block));
    }
}

/// Moves the rows at `kept`, which ascend, to the front, and drops all others.
fn keep_rows(values: &mut Vec<f32>, kept: &[usize], width: usize) {
    for (to, from) in kept.iter().enumerate() {
        values.copy_within(from * width..(from + 1) * width, to * width);
    }
    values.truncate(kept.len() * width);
}

fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(ROWS_A_BLOCK).map(move |start| start..rows.min(start + ROWS_A_BLOCK))
}
