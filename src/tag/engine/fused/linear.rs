//! A linear layer in int8: weights packed the way the kernels read them.

use super::kernels::{ROUND, greatest_size};

/// Largest size of a weight's code. With 8-bit activations the sum of two products is at most 2 · 255 · 64 = 32,640, which
/// fits the 16-bit sums of the AVX2 kernel.
pub const WEIGHT_MAX: f32 = 64.0;

/// Inputs that lie side by side in a panel: what one dot-product instruction adds up into a 32-bit sum. Rows of codes and
/// weights are padded with zeros to a multiple of it.
pub const INPUT_GROUP: usize = 4;

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
}

impl Linear {
    /// Packs `weights`, one row of `inputs` values an output, for a tile of `columns` columns.
    #[expect(clippy::cast_possible_truncation, reason = "codes are small integers")]
    pub fn pack(weights: &[f32], bias: &[f32], inputs: usize, columns: usize) -> Self {
        let outputs = bias.len();
        let padded = outputs.next_multiple_of(columns);
        let depth = inputs.next_multiple_of(INPUT_GROUP);
        let mut linear = Self {
            inputs,
            outputs,
            columns,
            panels: vec![0; padded * depth],
            scales: vec![0.0; padded],
            sums: vec![0.0; padded],
            bias: vec![0.0; padded],
        };
        linear.bias[..outputs].copy_from_slice(bias);
        // The codes of one output, padded; a row first and then its groups to their places, so that both loops are plain.
        let mut codes = vec![0_i8; depth];
        for (output, row) in weights.chunks_exact(inputs).enumerate() {
            let size = greatest_size(row);
            let inverse = if size > 0.0 { WEIGHT_MAX / size } else { 0.0 };
            for (code, weight) in codes.iter_mut().zip(row) {
                *code = (weight * inverse + ROUND).to_bits() as i8;
            }
            let panel = &mut linear.panels[output / columns * columns * depth..][..columns * depth];
            let (panel, column) = (panel.as_chunks_mut::<INPUT_GROUP>().0, output % columns);
            for (place, group) in panel[column..].iter_mut().step_by(columns).zip(codes.as_chunks().0) {
                *place = *group;
            }
            linear.scales[output] = size / WEIGHT_MAX;
            linear.sums[output] = codes.iter().map(|&code| i32::from(code)).sum::<i32>() as f32;
        }
        linear
    }

    /// Inputs of a packed column, padding included.
    pub fn depth(&self) -> usize {
        self.inputs.next_multiple_of(INPUT_GROUP)
    }
}
