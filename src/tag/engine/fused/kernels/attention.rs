//! Attention of one head over one window, in 16-bit integers with 32-bit sums.

use super::float::{self, LANES};
use super::rows::Tile;
use std::ops::Range;

/// What the weights of one query add up to.
const ONE: f32 = 32_767.0;

/// Queries, keys and values of some pieces, all heads side by side in a row.
#[derive(Debug, Default)]
pub struct Heads {
    pub count: usize,
    pub head_size: usize,
    /// 16-bit integers; one scale for each head of a row: value ≈ integer · scale.
    pub queries: Vec<i16>,
    pub query_scales: Vec<f32>,
    pub keys: Vec<i16>,
    pub key_scales: Vec<f32>,
    pub values: Vec<f32>,
}

impl Heads {
    /// Makes room for `rows` rows; what was there is lost.
    pub fn reshape(&mut self, rows: usize, heads: usize, head_size: usize) {
        (self.count, self.head_size) = (heads, head_size);
        self.queries.resize(rows * heads * head_size, 0);
        self.keys.resize(rows * heads * head_size, 0);
        self.values.resize(rows * heads * head_size, 0.0);
        self.query_scales.resize(rows * heads, 0.0);
        self.key_scales.resize(rows * heads, 0.0);
    }

    fn width(&self) -> usize {
        self.count * self.head_size
    }
}

/// Memory that attention works in, kept between calls.
#[derive(Debug, Default)]
pub struct AttentionScratch {
    keys: Vec<i16>,
    key_scales: Vec<f32>,
    values: Vec<i16>,
    wide_values: Vec<i16>,
    scores: Vec<f32>,
    weights: Vec<i16>,
}

/// Largest integer of a query or key, so that a sum of `head_size` products of two fits 32 bits.
#[expect(clippy::cast_possible_truncation, reason = "a small positive number")]
pub fn wide_limit(head_size: usize) -> f32 {
    (f64::from(i32::MAX) / head_size as f64).sqrt().floor().min(32_767.0) as f32
}

/// Cuts rows of queries, keys and values, `[all queries, all keys, all values]` each, into `heads` from row `first` on.
#[inline(always)]
pub fn split(rows: &[f32], first: usize, heads: &mut Heads) {
    let (width, size) = (heads.width(), heads.head_size);
    let limit = wide_limit(size);
    for (index, row) in rows.chunks_exact(3 * width).enumerate() {
        let index = first + index;
        let range = index * width..(index + 1) * width;
        let scales = index * heads.count..(index + 1) * heads.count;
        let queries = heads.queries[range.clone()].chunks_exact_mut(size);
        for ((values, out), scale) in
            row[..width].chunks_exact(size).zip(queries).zip(&mut heads.query_scales[scales.clone()])
        {
            *scale = float::quantise_wide(values, limit, out);
        }
        let keys = heads.keys[range.clone()].chunks_exact_mut(size);
        for ((values, out), scale) in
            row[width..2 * width].chunks_exact(size).zip(keys).zip(&mut heads.key_scales[scales])
        {
            *scale = float::quantise_wide(values, limit, out);
        }
        heads.values[range].copy_from_slice(&row[2 * width..]);
    }
}

/// softmax(Q Kᵀ / √size) V for the pieces in `window` and head number `head`; the head's part of `out` is written.
///
/// Scores are exact products of 13-bit integers (for heads of 32) with a scale each for query and key; the softmax is
/// taken in f32; its weights become integers that add up to 32,767, and values are 16-bit with one scale for the head.
///
/// # Safety
/// The CPU has the instructions of `T`.
#[inline(always)]
pub unsafe fn attend<T: Tile<ROWS, COLUMNS>, const ROWS: usize, const COLUMNS: usize>(
    heads: &Heads,
    window: Range<usize>,
    head: usize,
    scratch: &mut AttentionScratch,
    out: &mut [f32],
) {
    let (width, size, length) = (heads.width(), heads.head_size, window.len());
    // The checkpoint refuses heads of odd size, and `Heads` and `out` have a row for every piece of the windows.
    assert!(size % 2 == 0 && heads.queries.len() >= window.end * width && out.len() >= window.end * width);
    // Columns of scores, and keys that are weighed: both padded.
    let score_columns = length.next_multiple_of(COLUMNS.max(LANES));
    let depth = length.next_multiple_of(LANES);
    let of_row =
        |row: usize| (window.start + row) * width + head * size..(window.start + row) * width + (head + 1) * size;

    pack_keys::<COLUMNS>(heads, &window, head, score_columns, scratch);
    let value_scale = pack_values::<COLUMNS>(heads, &window, head, depth, scratch);
    scratch.scores.resize(ROWS * score_columns, 0.0);
    scratch.weights.resize(ROWS * depth, 0);

    let score_scale = 1.0 / (size as f32).sqrt();
    for top in (0..length).step_by(ROWS) {
        let row_of = |row: usize| (top + row).min(length - 1);
        let queries: [&[i16]; ROWS] = std::array::from_fn(|row| &heads.queries[of_row(row_of(row))]);
        let scales: [f32; ROWS] = std::array::from_fn(|row| {
            heads.query_scales[(window.start + row_of(row)) * heads.count + head] * score_scale
        });
        for (index, panel) in scratch.keys.chunks_exact(COLUMNS * size).enumerate() {
            // SAFETY: the caller promises the instructions; each row is `size` long, as is each column of the panel.
            let tile = unsafe { T::words(queries, panel) };
            let key_scales = &scratch.key_scales[index * COLUMNS..][..COLUMNS];
            for (row, sums) in tile.iter().enumerate() {
                let scores = &mut scratch.scores[row * score_columns + index * COLUMNS..];
                let mut values = [0.0; COLUMNS];
                for (column, value) in values.iter_mut().enumerate() {
                    *value = sums[column] as f32 * (scales[row] * key_scales[column]);
                }
                scores[..COLUMNS].copy_from_slice(&values);
            }
        }
        let used = ROWS.min(length - top);
        for row in 0..used {
            let scores = &mut scratch.scores[row * score_columns..][..depth];
            scores[length..].fill(f32::NEG_INFINITY);
            float::softmax(scores, ONE, &mut scratch.weights[row * depth..][..depth]);
        }
        let weights: [&[i16]; ROWS] = std::array::from_fn(|row| &scratch.weights[row.min(used - 1) * depth..][..depth]);
        for (index, panel) in scratch.values.chunks_exact(COLUMNS * depth).enumerate() {
            // SAFETY: the caller promises the instructions; each row is `depth` long, as is each column of the panel.
            let tile = unsafe { T::words(weights, panel) };
            let first = index * COLUMNS;
            for (row, sums) in tile.iter().enumerate().take(used) {
                let out = &mut out[of_row(top + row)][first..];
                for (out, &sum) in out.iter_mut().zip(sums) {
                    *out = sum as f32 * (value_scale / ONE);
                }
            }
        }
    }
}

/// Puts the keys of a head into panels of `COLUMNS` keys; padding gets the scale 0.
#[inline(always)]
fn pack_keys<const COLUMNS: usize>(
    heads: &Heads,
    window: &Range<usize>,
    head: usize,
    columns: usize,
    scratch: &mut AttentionScratch,
) {
    let (width, size) = (heads.width(), heads.head_size);
    scratch.keys.resize(columns * size, 0);
    scratch.key_scales.clear();
    scratch.key_scales.extend(window.clone().map(|row| heads.key_scales[row * heads.count + head]));
    scratch.key_scales.resize(columns, 0.0);
    for (key, row) in window.clone().enumerate() {
        let panel = &mut scratch.keys[key / COLUMNS * COLUMNS * size..][..COLUMNS * size];
        let column = key % COLUMNS;
        let integers = &heads.keys[row * width + head * size..][..size];
        for (pair, place) in integers.chunks_exact(2).zip(panel.chunks_exact_mut(2 * COLUMNS)) {
            place[2 * column..2 * column + 2].copy_from_slice(pair);
        }
    }
}

/// Puts the values of a head into panels of `COLUMNS` dimensions, `depth` keys deep, and returns their scale.
#[inline(always)]
fn pack_values<const COLUMNS: usize>(
    heads: &Heads,
    window: &Range<usize>,
    head: usize,
    depth: usize,
    scratch: &mut AttentionScratch,
) -> f32 {
    let (width, size) = (heads.width(), heads.head_size);
    let rows = || window.clone().map(|row| &heads.values[row * width + head * size..][..size]);
    let greatest = rows().fold(0.0, |size, row| float::greater(size, float::greatest_size(row)));
    let (scale, inverse) = float::wide_scale(greatest, ONE);
    scratch.wide_values.resize(depth * size, 0);
    scratch.wide_values[window.len() * size..].fill(0);
    for (row, out) in rows().zip(scratch.wide_values.chunks_exact_mut(size)) {
        float::to_wide(row, inverse, out);
    }
    scratch.values.clear();
    scratch.values.resize(size.next_multiple_of(COLUMNS) * depth, 0);
    for (index, panel) in scratch.values.chunks_exact_mut(COLUMNS * depth).enumerate() {
        let first = index * COLUMNS;
        let used = COLUMNS.min(size - first);
        for (pair, place) in scratch.wide_values.chunks_exact(2 * size).zip(panel.chunks_exact_mut(2 * COLUMNS)) {
            let (even, odd) = pair.split_at(size);
            for ((place, &even), &odd) in
                place.chunks_exact_mut(2).zip(&even[first..first + used]).zip(&odd[first..first + used])
            {
                place.copy_from_slice(&[even, odd]);
            }
        }
    }
    scale
}
