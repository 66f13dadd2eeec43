//! A linear layer in int8: weights packed the way the kernels read them.

use crate::kernels::{ROUND, greatest_size};
use std::ops::Range;

/// Largest size of a weight's code. With 8-bit activations the sum of two products is at most 2 · 255 · 64 = 32,640, which
/// fits the 16-bit sums of the AVX2 kernel.
pub const WEIGHT_MAX: f32 = 64.0;

/// Inputs that lie side by side in a panel: what one dot-product instruction adds up into a 32-bit sum. Rows of codes and
/// weights are padded with zeros to a multiple of it.
pub const INPUT_GROUP: usize = 4;

/// A linear layer in codes, before it is packed.
#[derive(Debug, Default)]
pub struct Unpacked {
    pub inputs: usize,
    /// Row by row, a row of `inputs` codes an output.
    codes: Vec<i8>,
    /// Weight ≈ code · scale, one scale an output.
    scales: Vec<f32>,
    pub bias: Vec<f32>,
    pub outliers: OutlierChannels,
}

/// Inputs that are so much greater than all others that these would have few codes left: they are multiplied apart, in f32,
/// and their codes are 0 (Dettmers et al. 2022, <https://arxiv.org/abs/2208.07339>).
#[derive(Debug, Default)]
pub struct OutlierChannels {
    /// Places among the inputs, ascending.
    pub channels: Vec<usize>,
    /// For each of them one weight an output.
    pub weights: Vec<f32>,
}

impl Unpacked {
    /// No outputs yet.
    pub fn new(inputs: usize) -> Self {
        Self { inputs, ..Self::default() }
    }

    /// Appends rows of weights; the greatest of each gets the greatest code.
    #[expect(clippy::cast_possible_truncation, reason = "codes are small integers")]
    pub fn quantise(&mut self, weights: &[f32]) {
        for row in weights.chunks_exact(self.inputs) {
            let size = greatest_size(row);
            let inverse = if size > 0.0 { WEIGHT_MAX / size } else { 0.0 };
            self.codes.extend(row.iter().map(|weight| (weight * inverse + ROUND).to_bits() as i8));
            self.scales.push(size / WEIGHT_MAX);
        }
    }

    /// Appends outputs of which the codes are given the other way round: a row of signed bytes an input.
    pub fn append_transposed(&mut self, codes: &[u8], scales: Vec<f32>) {
        let outputs = scales.len();
        let start = self.codes.len();
        self.codes.resize(start + codes.len(), 0);
        for (output, row) in self.codes[start..].chunks_exact_mut(self.inputs).enumerate() {
            for (code, column) in row.iter_mut().zip(codes.chunks_exact(outputs)) {
                *code = column[output].cast_signed();
            }
        }
        self.scales.extend(scales);
    }

    /// Appends some outputs of another layer of the same inputs.
    pub fn append_outputs(&mut self, other: &Self, outputs: Range<usize>) {
        self.codes.extend(&other.codes[outputs.start * self.inputs..outputs.end * self.inputs]);
        self.scales.extend(&other.scales[outputs.clone()]);
        self.bias.extend(&other.bias[outputs]);
    }
}

/// y = W x + b, with a scale for each output.
///
/// Outputs are cut into panels of as many columns as the kernel has in its tile. A panel holds, for each four inputs, four
/// codes of its first column, four of its second and so on, so that the kernel reads it from front to back. The last
/// panel is filled up with zeros.
#[derive(Debug)]
pub struct Linear {
    pub inputs: usize,
    pub outputs: usize,
    pub columns: usize,
    /// All panels, each `columns` times the padded inputs long.
    pub panels: Vec<i8>,
    /// Weight ≈ code · scale, one scale an output; padded like the panels, as are the next two.
    pub scales: Vec<f32>,
    /// The sum of each output's codes: what the lowest value of a row of activations is multiplied with.
    pub sums: Vec<f32>,
    pub bias: Vec<f32>,
    pub outliers: OutlierChannels,
}

impl Linear {
    /// Packs `layer`, which has a bias for each output, for a tile of `columns` columns.
    pub fn pack(layer: Unpacked, columns: usize) -> Self {
        let (inputs, outputs) = (layer.inputs, layer.bias.len());
        let padded = outputs.next_multiple_of(columns);
        let depth = inputs.next_multiple_of(INPUT_GROUP);
        let mut linear = Self {
            inputs,
            outputs,
            columns,
            panels: vec![0; padded * depth],
            scales: layer.scales,
            sums: vec![0.0; padded],
            bias: layer.bias,
            outliers: layer.outliers,
        };
        linear.scales.resize(padded, 0.0);
        linear.bias.resize(padded, 0.0);
        // The codes of one output, padded; a row first and then its groups to their places, so that both loops are plain.
        let mut codes = vec![0_i8; depth];
        for (output, row) in layer.codes.chunks_exact(inputs).enumerate() {
            codes[..inputs].copy_from_slice(row);
            let panel = &mut linear.panels[output / columns * columns * depth..][..columns * depth];
            let (panel, column) = (panel.as_chunks_mut::<INPUT_GROUP>().0, output % columns);
            for (place, group) in panel[column..].iter_mut().step_by(columns).zip(codes.as_chunks().0) {
                *place = *group;
            }
            linear.sums[output] = codes.iter().map(|&code| i32::from(code)).sum::<i32>() as f32;
        }
        linear
    }

    /// Inputs of a packed column, padding included.
    pub fn depth(&self) -> usize {
        self.inputs.next_multiple_of(INPUT_GROUP)
    }
}
