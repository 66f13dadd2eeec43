//! The network: embeddings, layers and the token-classification head, over windows laid end to end.

use crate::codes::Codes;
use crate::distances::Distances;
use crate::exit::Exit;
use crate::kernels::{AttentionScratch, Finish, Head, HeadRows, Kernel, Norm};
use crate::linear::Linear;
use crate::table::Table;
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
    pub heads: Vec<AttentionHead>,
    pub attention_output: Linear,
    pub attention_norm: Norm,
    pub up: Linear,
    pub down: Linear,
    pub norm: Norm,
    /// Behind the layer, if there is one.
    pub exit: Option<Exit>,
}

/// What a head of the attention is made with.
#[derive(Debug)]
pub struct AttentionHead {
    pub queries: Linear,
    /// In one product.
    pub keys_and_values: Linear,
}

/// The head: a linear layer in f32.
#[derive(Debug)]
pub struct Classifier {
    pub weights: Vec<f32>,
    pub bias: Vec<f32>,
}

/// A BERT or MPNet encoder with a token-classification head.
#[derive(Debug)]
pub struct Network {
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
    /// The pieces that go through the next layer, ascending places in the run.
    open: Vec<usize>,
    /// Their states, and what they gathered, row by row in this order.
    hidden: Vec<f32>,
    attended: Vec<f32>,
    /// Codes of the states of all pieces, and where not all are open of those that are.
    codes: Codes,
    open_codes: Codes,
    head_rows: HeadRows,
    /// What comes out of a product for a block of rows, and codes of as many rows.
    block: Vec<f32>,
    narrow_codes: Codes,
    wide_codes: Codes,
    opinions: Vec<f32>,
    attention: AttentionScratch,
}

impl Scratch {
    /// Goes on with those open pieces alone for which `goes_on`, told their place among the open ones and in the run, says so.
    fn keep(&mut self, width: usize, mut goes_on: impl FnMut(usize, usize) -> bool) {
        let mut kept = 0;
        for from in 0..self.open.len() {
            if goes_on(from, self.open[from]) {
                self.open[kept] = self.open[from];
                self.hidden.copy_within(from * width..(from + 1) * width, kept * width);
                kept += 1;
            }
        }
        self.open.truncate(kept);
        self.hidden.truncate(kept * width);
    }
}

impl Network {
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
        let start = logits.len();
        logits.resize(start + asked.len() * labels, 0.0);
        let logits = &mut logits[start..];
        scratch.open.clear();
        scratch.open.extend(0..ids.len());
        scratch.head_rows.reshape(ids.len(), width / heads);
        self.embed(ids, types, windows, scratch);
        for (index, layer) in self.layers.iter().enumerate() {
            if index + 1 == self.layers.len() {
                scratch.keep(width, |_, row| asked.binary_search(&row).is_ok());
            }
            if scratch.open.is_empty() {
                return;
            }
            self.attend(layer, windows, ids.len(), scratch);
            for block in blocks(scratch.open.len()) {
                self.feed_forward(layer, block, scratch);
            }
            if let Some(exit) = &layer.exit {
                self.settle(exit, asked, scratch, logits);
            }
        }
        scratch.opinions.resize(scratch.open.len() * labels, 0.0);
        self.kernel.classify(&scratch.hidden, &self.classifier.weights, &self.classifier.bias, &mut scratch.opinions);
        for (&row, opinion) in scratch.open.iter().zip(scratch.opinions.chunks_exact(labels)) {
            answer(asked, row, opinion, logits);
        }
    }

    fn embed(&self, ids: &[usize], types: &[usize], windows: &[Range<usize>], scratch: &mut Scratch) {
        let width = self.shape.hidden;
        scratch.hidden.resize(ids.len() * width, 0.0);
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
        scratch.codes.reshape(ids.len(), width);
        self.kernel.normalise(&mut scratch.hidden, &self.embeddings.norm, scratch.codes.rows_mut(0..ids.len()));
    }

    /// From the codes of all `rows` to what the open ones gathered from their windows: a head after the other, so that its
    /// queries, keys and values, and the weights that they are made with, stay in the caches.
    fn attend(&self, layer: &Layer, windows: &[Range<usize>], rows: usize, scratch: &mut Scratch) {
        let width = self.shape.hidden;
        let Scratch { open, codes, open_codes, head_rows, block: outputs, attention, attended, .. } = scratch;
        attended.resize(open.len() * width, 0.0);
        let asking = if open.len() == rows {
            &*codes
        } else {
            open_codes.gather(codes, open);
            &*open_codes
        };
        for (number, head) in layer.heads.iter().enumerate() {
            for block in blocks(open.len()) {
                self.product_of_block(asking, block.clone(), &head.queries, outputs);
                self.kernel.take_queries(outputs, block.start, head_rows);
            }
            for block in blocks(rows) {
                self.product_of_block(codes, block.clone(), &head.keys_and_values, outputs);
                self.kernel.take_keys(outputs, block.start, head_rows);
            }
            let distances = self.distances.as_ref().map(|distances| distances.head(number));
            let head = Head { number, width, distances };
            for window in windows {
                let places = places_within(open, window);
                let asking = (&open[places.clone()], places.start);
                self.kernel.attend(head_rows, window.clone(), asking, head, attention, attended);
            }
        }
    }

    fn product_of_block(&self, codes: &Codes, block: Range<usize>, linear: &Linear, outputs: &mut Vec<f32>) {
        outputs.resize(block.len() * linear.outputs, 0.0);
        self.kernel.product(codes.rows(block), linear, Finish::Store, outputs);
    }

    /// From what a block of open pieces gathered to their codes for the next layer.
    fn feed_forward(&self, layer: &Layer, block: Range<usize>, scratch: &mut Scratch) {
        let Shape { hidden: width, feed_forward, .. } = self.shape;
        let rows = block.len();
        let Scratch { open, hidden, attended, codes, block: between, narrow_codes: narrow, wide_codes: wide, .. } =
            scratch;
        let values = block.start * width..block.end * width;
        let hidden = &mut hidden[values.clone()];

        narrow.reshape(rows, width);
        self.kernel.quantise(&attended[values], width, narrow.rows_mut(0..rows));
        self.kernel.product(narrow.rows(0..rows), &layer.attention_output, Finish::Add, hidden);
        self.kernel.normalise(hidden, &layer.attention_norm, narrow.rows_mut(0..rows));

        between.resize(rows * feed_forward, 0.0);
        self.kernel.product(narrow.rows(0..rows), &layer.up, Finish::Gelu, between);
        self.kernel.take_outliers(between, &layer.down, hidden);
        wide.reshape(rows, feed_forward);
        self.kernel.quantise(between, feed_forward, wide.rows_mut(0..rows));
        self.kernel.product(wide.rows(0..rows), &layer.down, Finish::Add, hidden);
        self.kernel.normalise(hidden, &layer.norm, narrow.rows_mut(0..rows));
        codes.scatter(narrow, &open[block]);
    }

    /// Lets the pieces go that `exit` is sure of, and takes its opinion for the result of those that were asked for.
    fn settle(&self, exit: &Exit, asked: &[usize], scratch: &mut Scratch, logits: &mut [f32]) {
        let Shape { hidden: width, labels, .. } = self.shape;
        let mut opinions = std::mem::take(&mut scratch.opinions);
        opinions.resize(scratch.open.len() * labels, 0.0);
        scratch.open_codes.gather(&scratch.codes, &scratch.open);
        self.kernel.product(scratch.open_codes.rows(0..scratch.open.len()), &exit.head, Finish::Store, &mut opinions);
        scratch.keep(width, |place, row| {
            let opinion = &opinions[place * labels..(place + 1) * labels];
            let settled = exit.settles(opinion);
            if settled {
                answer(asked, row, opinion, logits);
            }
            !settled
        });
        scratch.opinions = opinions;
    }
}

/// Writes the logits of the piece at `row`, if it was asked for.
fn answer(asked: &[usize], row: usize, opinion: &[f32], logits: &mut [f32]) {
    if let Ok(place) = asked.binary_search(&row) {
        logits[place * opinion.len()..(place + 1) * opinion.len()].copy_from_slice(opinion);
    }
}

fn blocks(rows: usize) -> impl Iterator<Item = Range<usize>> {
    (0..rows).step_by(ROWS_A_BLOCK).map(move |start| start..rows.min(start + ROWS_A_BLOCK))
}

/// Places of those of `rows`, which ascend, that lie in `range`.
pub fn places_within(rows: &[usize], range: &Range<usize>) -> Range<usize> {
    let place = |bound: usize| rows.partition_point(|&row| row < bound);
    place(range.start)..place(range.end)
}
