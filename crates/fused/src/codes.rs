//! Activations in 8 bits.

use crate::linear::INPUT_GROUP;
use std::ops::Range;

/// Rows of activations as 8-bit codes, each row with a scale and a lowest value of its own: value ≈ code · scale + low.
///
/// A scale a row, not one for all, so that no row feels its neighbours.
#[derive(Debug, Default)]
pub struct Codes {
    depth: usize,
    values: Vec<u8>,
    scales: Vec<f32>,
    lows: Vec<f32>,
}

/// Some rows of [`Codes`].
#[derive(Debug, Clone, Copy)]
pub struct CodeRows<'a> {
    /// Length of a row, padding included.
    pub depth: usize,
    /// Row after row.
    pub values: &'a [u8],
    pub scales: &'a [f32],
    pub lows: &'a [f32],
}

/// The same, to be written.
#[derive(Debug)]
pub struct CodeRowsMut<'a> {
    pub depth: usize,
    pub values: &'a mut [u8],
    pub scales: &'a mut [f32],
    pub lows: &'a mut [f32],
}

impl Codes {
    /// Makes room for `rows` rows of `width` values; what was there is lost.
    pub fn reshape(&mut self, rows: usize, width: usize) {
        let depth = width.next_multiple_of(INPUT_GROUP);
        if self.depth != depth {
            // The padding of the old rows may lie within the new ones and the other way round.
            self.values.clear();
            self.depth = depth;
        }
        self.values.resize(rows * depth, 0);
        self.scales.resize(rows, 0.0);
        self.lows.resize(rows, 0.0);
    }

    /// Makes these the rows at `places` of `from`.
    pub fn gather(&mut self, from: &Self, places: &[usize]) {
        self.reshape(places.len(), from.depth);
        for (to, &from_row) in places.iter().enumerate() {
            self.copy_row(to, from, from_row);
        }
    }

    /// Writes the first rows of `from` to `places`.
    pub fn scatter(&mut self, from: &Self, places: &[usize]) {
        for (from_row, &to) in places.iter().enumerate() {
            self.copy_row(to, from, from_row);
        }
    }

    fn copy_row(&mut self, to: usize, from: &Self, from_row: usize) {
        let depth = self.depth;
        self.values[to * depth..(to + 1) * depth]
            .copy_from_slice(&from.values[from_row * depth..(from_row + 1) * depth]);
        self.scales[to] = from.scales[from_row];
        self.lows[to] = from.lows[from_row];
    }

    pub fn rows(&self, range: Range<usize>) -> CodeRows<'_> {
        CodeRows {
            depth: self.depth,
            values: &self.values[range.start * self.depth..range.end * self.depth],
            scales: &self.scales[range.clone()],
            lows: &self.lows[range],
        }
    }

    pub fn rows_mut(&mut self, range: Range<usize>) -> CodeRowsMut<'_> {
        CodeRowsMut {
            depth: self.depth,
            values: &mut self.values[range.start * self.depth..range.end * self.depth],
            scales: &mut self.scales[range.clone()],
            lows: &mut self.lows[range],
        }
    }
}
