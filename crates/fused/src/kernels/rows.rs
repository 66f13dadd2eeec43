//! What the kernels do to rows, around the two sums of products that each instruction set has its own code for.

use super::float;
use crate::codes::{CodeRows, CodeRowsMut};
use crate::linear::Linear;

/// At the start of a cache line, so that no vector crosses one.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
pub struct Aligned<T>(pub T);

/// The part that differs between instruction sets: a tile of `ROWS` by `COLUMNS` sums of products, exact in 32 bits.
pub trait Tile<const ROWS: usize, const COLUMNS: usize> {
    /// For each row and each column of `panel`, the sum of the products of 8-bit codes (0 to 255) and weights (-64 to
    /// 64). The panel is laid out as [`Linear`] says, and each row is as long as a column of it, a multiple of 4.
    ///
    /// # Safety
    /// The CPU has the instructions; every row holds `panel.len() / COLUMNS` codes.
    unsafe fn bytes(rows: [&[u8]; ROWS], panel: &[i8]) -> Aligned<[[i32; COLUMNS]; ROWS]>;

    /// The same for 16-bit integers of which no product pair is twice (-32768)², and no sum leaves 32 bits. A panel
    /// holds, for each two inputs, two integers of its first column, two of its second and so on.
    ///
    /// # Safety
    /// The CPU has the instructions; every row holds `panel.len() / COLUMNS` integers, an even number.
    unsafe fn words(rows: [&[i16]; ROWS], panel: &[i16]) -> Aligned<[[i32; COLUMNS]; ROWS]>;
}

/// What happens to the output of a linear layer on its way to memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// Stored.
    Store,
    /// Through GELU, then stored.
    Gelu,
    /// Added to what is there.
    Add,
}

/// `linear` of all `rows` into `out`, row by row.
///
/// # Safety
/// The CPU has the instructions of `T`.
#[inline(always)]
pub unsafe fn product<T: Tile<ROWS, COLUMNS>, const ROWS: usize, const COLUMNS: usize>(
    rows: CodeRows<'_>,
    linear: &Linear,
    finish: Finish,
    out: &mut [f32],
) {
    // SAFETY: the caller promises the instructions.
    match finish {
        Finish::Store => unsafe { product_with::<T, ROWS, COLUMNS>(rows, linear, out, |_, value| value) },
        Finish::Gelu => unsafe { product_with::<T, ROWS, COLUMNS>(rows, linear, out, |_, value| float::gelu(value)) },
        Finish::Add => unsafe { product_with::<T, ROWS, COLUMNS>(rows, linear, out, |old, value| old + value) },
    }
}

#[inline(always)]
unsafe fn product_with<T: Tile<ROWS, COLUMNS>, const ROWS: usize, const COLUMNS: usize>(
    rows: CodeRows<'_>,
    linear: &Linear,
    out: &mut [f32],
    finish: impl Fn(f32, f32) -> f32,
) {
    let (count, depth, width) = (rows.scales.len(), rows.depth, linear.outputs);
    // Between the encoder and its own layers, whose sizes the checkpoint has checked: no input changes them.
    assert_eq!(linear.columns, COLUMNS, "packed for another kernel");
    assert_eq!(depth, linear.depth(), "rows and weights of different depth");
    assert_eq!(rows.values.len(), count * depth);
    assert_eq!(out.len(), count * width);
    for (index, panel) in linear.panels.chunks_exact(COLUMNS * depth).enumerate() {
        let first = index * COLUMNS;
        let scales: &[f32; COLUMNS] = array(&linear.scales[first..]);
        let sums: &[f32; COLUMNS] = array(&linear.sums[first..]);
        let bias: &[f32; COLUMNS] = array(&linear.bias[first..]);
        let used = COLUMNS.min(width - first);
        for top in (0..count).step_by(ROWS) {
            // Rows beyond the last are the last once more: computed, and not stored.
            let tile: [&[u8]; ROWS] = std::array::from_fn(|row| {
                let row = (top + row).min(count - 1);
                &rows.values[row * depth..(row + 1) * depth]
            });
            // SAFETY: the caller promises the instructions; each row is `depth` long, as is each column of the panel.
            let tile = unsafe { T::bytes(tile, panel) };
            for (row, totals) in (top..count).zip(&tile.0) {
                let (scale, low) = (rows.scales[row], rows.lows[row]);
                let finish_row = |values: &mut [f32; COLUMNS]| {
                    for (column, value) in values.iter_mut().enumerate() {
                        let sum = (totals[column] as f32 * scale + sums[column] * low) * scales[column] + bias[column];
                        *value = finish(*value, sum);
                    }
                };
                let out = &mut out[row * width + first..][..used];
                if let Ok(values) = out.try_into() {
                    finish_row(values);
                } else {
                    // The last panel, with fewer outputs than columns.
                    let mut values = [0.0; COLUMNS];
                    values[..used].copy_from_slice(out);
                    finish_row(&mut values);
                    out.copy_from_slice(&values[..used]);
                }
            }
        }
    }
}

/// The first `N` values; there are that many wherever this is called, as everything is padded to whole panels.
#[inline(always)]
pub fn array<const N: usize>(values: &[f32]) -> &[f32; N] {
    match values.first_chunk() {
        Some(array) => array,
        None => unreachable!("padded to whole panels"),
    }
}

/// Turns every row of `values` into codes.
#[inline(always)]
pub fn quantise(values: &[f32], width: usize, codes: CodeRowsMut<'_>) {
    let depth = codes.depth;
    for (index, row) in values.chunks_exact(width).enumerate() {
        (codes.scales[index], codes.lows[index]) = float::quantise(row, &mut codes.values[index * depth..][..width]);
    }
}

/// Multiplies the outlier channels of every row of `values` apart, adds what comes of it to the rows of `out`, and sets them
/// to 0: no other value of the row then shares its codes with them.
#[inline(always)]
pub fn take_outliers(values: &mut [f32], linear: &Linear, out: &mut [f32]) {
    let rows = values.chunks_exact_mut(linear.inputs).zip(out.chunks_exact_mut(linear.outputs));
    for (row, out) in rows {
        for (&channel, weights) in
            linear.outliers.channels.iter().zip(linear.outliers.weights.chunks_exact(linear.outputs))
        {
            let value = std::mem::take(&mut row[channel]);
            for (out, weight) in out.iter_mut().zip(weights) {
                *out += value * weight;
            }
        }
    }
}

/// Weight, bias and epsilon of a layer normalisation.
#[derive(Debug)]
pub struct Norm {
    pub weight: Vec<f32>,
    pub bias: Vec<f32>,
    pub epsilon: f32,
}

/// Normalises every row of `values` in place, and turns it into codes while it is at hand.
#[inline(always)]
pub fn normalise(values: &mut [f32], norm: &Norm, codes: CodeRowsMut<'_>) {
    let (width, depth) = (norm.weight.len(), codes.depth);
    for (index, row) in values.chunks_exact_mut(width).enumerate() {
        float::layer_norm(row, &norm.weight, &norm.bias, norm.epsilon);
        (codes.scales[index], codes.lows[index]) = float::quantise(row, &mut codes.values[index * depth..][..width]);
    }
}

/// A linear layer in f32, for the few outputs of the last one.
#[inline(always)]
pub fn classify(values: &[f32], weights: &[f32], bias: &[f32], out: &mut [f32]) {
    let (labels, width) = (bias.len(), weights.len() / bias.len());
    for (row, out) in values.chunks_exact(width).zip(out.chunks_exact_mut(labels)) {
        for ((weights, &bias), out) in weights.chunks_exact(width).zip(bias).zip(out) {
            *out = float::dot(row, weights) + bias;
        }
    }
}
