//! Attention of one head over one window, in 16-bit integers with 32-bit sums.

use super::float::{self, LANES};
use super::rows::{Aligned, Tile, array};
use crate::distances::HeadDistances;
use std::ops::Range;

/// What the weights of one query add up to.
pub const ONE: f32 = 32_767.0;

/// Keys and values of all pieces and queries of those that ask, of one head.
#[derive(Debug, Default)]
pub struct HeadRows {
    size: usize,
    /// Row by row 16-bit integers, each row with a scale: value ≈ integer · scale.
    queries: Vec<i16>,
    query_scales: Vec<f32>,
    keys: Vec<i16>,
    key_scales: Vec<f32>,
    values: Vec<f32>,
}

impl HeadRows {
    /// Makes room for `rows` pieces and heads of `size`; what was there is lost.
    pub fn reshape(&mut self, rows: usize, size: usize) {
        self.size = size;
        self.queries.resize(rows * size, 0);
        self.keys.resize(rows * size, 0);
        self.values.resize(rows * size, 0.0);
        self.query_scales.resize(rows, 0.0);
        self.key_scales.resize(rows, 0.0);
    }
}

/// One of the heads.
#[derive(Debug, Clone, Copy)]
pub struct Head<'a> {
    pub number: usize,
    /// Values of all heads together.
    pub width: usize,
    /// What is added to a score for the distance of its key, if anything.
    pub distances: Option<HeadDistances<'a>>,
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

/// Puts queries, a row each, into `head` from place `first` on.
#[inline(always)]
pub fn take_queries(rows: &[f32], first: usize, head: &mut HeadRows) {
    // Of the usual sizes the compiler makes straight vector code, twice as fast as loops of any length.
    match head.size {
        32 => take_queries_of(32, rows, first, head),
        64 => take_queries_of(64, rows, first, head),
        size => take_queries_of(size, rows, first, head),
    }
}

#[inline(always)]
fn take_queries_of(size: usize, rows: &[f32], first: usize, head: &mut HeadRows) {
    let limit = wide_limit(size);
    for (place, row) in (first..).zip(rows.chunks_exact(size)) {
        let range = place * size..(place + 1) * size;
        head.query_scales[place] = float::quantise_wide(row, limit, &mut head.queries[range]);
    }
}

/// Puts keys and values, one of each a row, into `head` from row `first` on.
#[inline(always)]
pub fn take_keys(rows: &[f32], first: usize, head: &mut HeadRows) {
    match head.size {
        32 => take_keys_of(32, rows, first, head),
        64 => take_keys_of(64, rows, first, head),
        size => take_keys_of(size, rows, first, head),
    }
}

#[inline(always)]
fn take_keys_of(size: usize, rows: &[f32], first: usize, head: &mut HeadRows) {
    let limit = wide_limit(size);
    for (place, row) in (first..).zip(rows.chunks_exact(2 * size)) {
        let range = place * size..(place + 1) * size;
        head.key_scales[place] = float::quantise_wide(&row[..size], limit, &mut head.keys[range.clone()]);
        head.values[range].copy_from_slice(&row[size..]);
    }
}

/// softmax(Q Kᵀ / √size + D) V for the pieces that are `asking`, which lie in `window`, and one head. Their queries, and their rows of
/// `out`, of which the head's part is written, lie one behind the other from place `first` on. D are the numbers for the
/// distances, where a network has some.
///
/// Scores are exact products of 13-bit integers (for heads of 32) with a scale each for query and key; the softmax is
/// taken in f32, in powers of 2; its weights become integers that add up to 32,767, and values are 16-bit with one scale
/// for the head.
///
/// # Safety
/// The CPU has the instructions of `T`.
#[inline(always)]
pub unsafe fn attend<T: Tile<ROWS, COLUMNS>, const ROWS: usize, const COLUMNS: usize>(
    rows: &HeadRows,
    window: Range<usize>,
    (asking, first): (&[usize], usize),
    head: Head<'_>,
    scratch: &mut AttentionScratch,
    out: &mut [f32],
) {
    let Head { number, width, distances } = head;
    let (size, length) = (rows.size, window.len());
    // The checkpoint refuses heads of odd size, and `rows` and `out` have a row for every piece of the windows and every query.
    assert!(size % 2 == 0 && rows.key_scales.len() >= window.end && out.len() >= (first + asking.len()) * width);
    if asking.is_empty() {
        return;
    }
    // Columns of scores, and keys that are weighed: both padded.
    let score_columns = length.next_multiple_of(COLUMNS.max(LANES));
    let depth = length.next_multiple_of(LANES);

    let value_scale = pack::<COLUMNS>(rows, window.clone(), score_columns, depth, scratch);
    scratch.scores.resize(ROWS * score_columns, 0.0);
    scratch.weights.resize(ROWS * depth, 0);

    let score_scale = std::f32::consts::LOG2_E / (size as f32).sqrt();
    for (asking, first) in asking.chunks(ROWS).zip((first..).step_by(ROWS)) {
        // Beyond the last query it is taken once more: computed, and not stored.
        let query = |row: usize| row.min(asking.len() - 1);
        let place = |row: usize| first + query(row);
        let queries: [&[i16]; ROWS] = std::array::from_fn(|row| &rows.queries[place(row) * size..][..size]);
        let scales: [f32; ROWS] = std::array::from_fn(|row| rows.query_scales[place(row)] * score_scale);
        for (index, panel) in scratch.keys.chunks_exact(COLUMNS * size).enumerate() {
            // SAFETY: the caller promises the instructions; each row is `size` long, as is each column of the panel.
            let tile = unsafe { T::words(queries, panel) };
            let key_scales: &[f32; COLUMNS] = array(&scratch.key_scales[index * COLUMNS..]);
            for (row, sums) in tile.0.iter().enumerate() {
                let scores = &mut scratch.scores[row * score_columns + index * COLUMNS..][..COLUMNS];
                let mut values = [0.0; COLUMNS];
                for (column, value) in values.iter_mut().enumerate() {
                    *value = sums[column] as f32 * (scales[row] * key_scales[column]);
                }
                if let Some(distances) = distances {
                    let distances: &[f32; COLUMNS] =
                        array(distances.of(asking[query(row)] - window.start, index * COLUMNS));
                    for (value, distance) in values.iter_mut().zip(distances) {
                        *value += distance;
                    }
                }
                scores.copy_from_slice(&values);
            }
        }
        softmax::<ROWS>(&mut scratch.scores, score_columns, length, &mut scratch.weights);
        let weights: [&[i16]; ROWS] = std::array::from_fn(|row| &scratch.weights[row * depth..][..depth]);
        for (index, panel) in scratch.values.chunks_exact(COLUMNS * depth).enumerate() {
            // SAFETY: the caller promises the instructions; each row is `depth` long, as is each column of the panel.
            let tile = unsafe { T::words(weights, panel) };
            for (place, sums) in (first..first + asking.len()).zip(&tile.0) {
                let out = &mut out[place * width + number * size..][..size][index * COLUMNS..];
                for (out, &sum) in out.iter_mut().zip(sums) {
                    *out = sum as f32 * (value_scale / ONE);
                }
            }
        }
    }
}

/// Turns the first `length` scores of each row of a tile into weights, which lie [`LANES`] by [`LANES`] in their rows: integers
/// that add up to [`ONE`], but for rounding. Scores are to base 2, in rows of `columns`.
///
/// A step at a time for all rows: what one row has to wait for is done while another computes.
#[inline(always)]
pub fn softmax<const ROWS: usize>(scores: &mut [f32], columns: usize, length: usize, weights: &mut [i16]) {
    let depth = length.next_multiple_of(LANES);
    let mut lanes = Aligned([[0.0; LANES]; ROWS]);
    for (scores, highest) in scores.chunks_exact_mut(columns).zip(&mut lanes.0) {
        scores[length..depth].fill(f32::NEG_INFINITY);
        *highest = float::gather(&scores[..depth], f32::NEG_INFINITY, float::greater);
    }
    let highest = float::join(&mut lanes.0, float::greater);
    for ((scores, sums), highest) in scores.chunks_exact_mut(columns).zip(&mut lanes.0).zip(highest) {
        *sums = [0.0; LANES];
        for scores in scores[..depth].as_chunks_mut::<LANES>().0 {
            for (score, sum) in scores.iter_mut().zip(&mut *sums) {
                *score = float::exp2(*score - highest);
                *sum += *score;
            }
        }
    }
    let sums = float::join(&mut lanes.0, |left, right| left + right);
    for ((scores, weights), sum) in scores.chunks_exact(columns).zip(weights.chunks_exact_mut(depth)).zip(sums) {
        float::to_wide(&scores[..depth], ONE / sum, weights);
    }
}

/// Puts the keys and values of a window into panels, and returns the scale of the values.
#[inline(always)]
fn pack<const COLUMNS: usize>(
    rows: &HeadRows,
    window: Range<usize>,
    columns: usize,
    depth: usize,
    scratch: &mut AttentionScratch,
) -> f32 {
    let size = rows.size;
    scratch.key_scales.clear();
    scratch.key_scales.extend(&rows.key_scales[window.clone()]);
    scratch.key_scales.resize(columns, 0.0);
    let place = window.start * size..window.end * size;
    pack_keys::<COLUMNS>(&rows.keys[place.clone()], size, columns, &mut scratch.keys);
    let values = &rows.values[place];
    let (scale, inverse) = float::wide_scale(float::greatest_size(values), ONE);
    scratch.wide_values.resize(depth * size, 0);
    scratch.wide_values[values.len()..].fill(0);
    float::to_wide(values, inverse, &mut scratch.wide_values);
    pack_values::<COLUMNS>(&scratch.wide_values, size, &mut scratch.values);
    scale
}

/// Puts keys into panels of `COLUMNS` keys; padding gets the scale 0.
#[inline(always)]
fn pack_keys<const COLUMNS: usize>(keys: &[i16], size: usize, columns: usize, out: &mut Vec<i16>) {
    out.resize(columns * size, 0);
    for (key, integers) in keys.chunks_exact(size).enumerate() {
        let panel = &mut out[key / COLUMNS * COLUMNS * size..][..COLUMNS * size];
        let column = key % COLUMNS;
        for (pair, place) in integers.chunks_exact(2).zip(panel.chunks_exact_mut(2 * COLUMNS)) {
            place[2 * column..2 * column + 2].copy_from_slice(pair);
        }
    }
}

/// Puts values, row by row, into panels of `COLUMNS` dimensions.
#[inline(always)]
fn pack_values<const COLUMNS: usize>(values: &[i16], size: usize, out: &mut Vec<i16>) {
    let depth = values.len() / size;
    out.clear();
    out.resize(size.next_multiple_of(COLUMNS) * depth, 0);
    for (index, panel) in out.chunks_exact_mut(COLUMNS * depth).enumerate() {
        let first = index * COLUMNS;
        let used = COLUMNS.min(size - first);
        for (pair, place) in values.chunks_exact(2 * size).zip(panel.chunks_exact_mut(2 * COLUMNS)) {
            let (even, odd) = pair.split_at(size);
            for ((place, &even), &odd) in
                place.chunks_exact_mut(2).zip(&even[first..first + used]).zip(&odd[first..first + used])
            {
                place.copy_from_slice(&[even, odd]);
            }
        }
    }
}
