//! What MPNet adds to the score of a query and a key: a number that depends on how far apart they are, for each head one.
//!
//! The distances are those of T5 (Raffel et al. 2020, <https://arxiv.org/abs/1910.10683>): a bucket for each of the
//! first eight, then eight more, each √2 times as far as the one before; the same again for keys that lie ahead.

use std::f32::consts::LOG2_E;

/// Room behind the last distance, so that whole tiles of keys can be read: no tile is wider.
const PADDING: usize = 64;

/// The numbers of all heads, by distance, to base 2 as the scores are.
#[derive(Debug)]
pub struct Distances {
    /// The longest window.
    reach: usize,
    /// Row by row, a head each: from the key furthest behind the query to the one furthest ahead, and [`PADDING`].
    values: Vec<f32>,
}

impl Distances {
    /// Buckets of both directions together; all models have as many.
    pub const BUCKETS: usize = 32;

    /// From a table of [`BUCKETS`](Self::BUCKETS) rows with a column for each of `heads`, for windows of up to `reach` pieces.
    pub fn new(table: &[f32], heads: usize, reach: usize) -> Self {
        let mut values = Vec::with_capacity(heads * (2 * reach + PADDING));
        for head in 0..heads {
            let of = |bucket: usize| table[bucket * heads + head] * LOG2_E;
            let behind = (1..reach).rev().map(|distance| of(bucket(distance)));
            let ahead =
                (0..reach).map(|distance| of(if distance == 0 { 0 } else { Self::BUCKETS / 2 + bucket(distance) }));
            values.extend(behind.chain(ahead));
            values.resize((head + 1) * (2 * reach + PADDING), 0.0);
        }
        Self { reach, values }
    }

    /// The numbers of a head.
    pub fn head(&self, head: usize) -> HeadDistances<'_> {
        let length = 2 * self.reach + PADDING;
        HeadDistances { reach: self.reach, values: &self.values[head * length..(head + 1) * length] }
    }
}

/// The numbers of one head.
#[derive(Debug, Clone, Copy)]
pub struct HeadDistances<'a> {
    reach: usize,
    values: &'a [f32],
}

impl<'a> HeadDistances<'a> {
    /// For the query at `place` of its window the numbers of the keys from `first` on, at least 64 and rather more.
    #[inline]
    pub fn of(self, place: usize, first: usize) -> &'a [f32] {
        &self.values[self.reach - 1 - place + first..]
    }
}

/// The bucket of a distance, in one direction.
///
/// From 8 on it is 8 + ⌊8 log(distance / 8) / log(128 / 8)⌋, at most 15: in whole numbers 8 + ⌊log₂(distance² / 64)⌋.
fn bucket(distance: usize) -> usize {
    const EACH: usize = Distances::BUCKETS / 4;
    if distance < EACH {
        return distance;
    }
    (EACH + (distance * distance / (EACH * EACH)).ilog2() as usize).min(2 * EACH - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Buckets that `MPNetEncoder.relative_position_bucket` of `transformers` 4.46 gives.
    #[test]
    fn buckets_are_those_of_mpnet() {
        let first_of_each = [0, 1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 23, 32, 46, 64, 91];
        let firsts: Vec<usize> =
            (0..512).filter(|&distance| distance == 0 || bucket(distance) != bucket(distance - 1)).collect();
        assert_eq!(firsts, first_of_each);
        assert_eq!(firsts.iter().map(|&distance| bucket(distance)).collect::<Vec<_>>(), (0..16).collect::<Vec<_>>());
    }

    #[test]
    fn keys_behind_and_ahead_have_their_own_numbers() {
        let table: Vec<f32> = (0_u8..64).map(f32::from).collect();
        let distances = Distances::new(&table, 2, 100);
        let head = distances.head(1);
        #[expect(clippy::cast_possible_truncation, reason = "small whole numbers")]
        let number = |query, key| (head.of(query, key)[0] / LOG2_E).round() as i32;
        assert_eq!([number(5, 5), number(5, 4), number(5, 6), number(5, 0)], [1, 3, 35, 11]);
        assert_eq!([number(99, 0), number(0, 99)], [31, 63]);
        assert!(head.of(0, 99).len() >= PADDING);
    }
}
