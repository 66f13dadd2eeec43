//! Plain Rust, for tiles of any size: what the other kernels must agree with.

use super::rows::{Aligned, Tile};

pub struct Portable;

impl<const ROWS: usize, const COLUMNS: usize> Tile<ROWS, COLUMNS> for Portable {
    #[inline(always)]
    unsafe fn bytes(rows: [&[u8]; ROWS], panel: &[i8]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let mut sums = [[0; COLUMNS]; ROWS];
        for (row, sums) in rows.iter().zip(&mut sums) {
            for (codes, group) in row.chunks_exact(4).zip(panel.chunks_exact(4 * COLUMNS)) {
                for (sum, weights) in sums.iter_mut().zip(group.chunks_exact(4)) {
                    for (&code, &weight) in codes.iter().zip(weights) {
                        *sum += i32::from(code) * i32::from(weight);
                    }
                }
            }
        }
        Aligned(sums)
    }

    #[inline(always)]
    unsafe fn words(rows: [&[i16]; ROWS], panel: &[i16]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let mut sums = [[0; COLUMNS]; ROWS];
        for (row, sums) in rows.iter().zip(&mut sums) {
            for (pair, group) in row.chunks_exact(2).zip(panel.chunks_exact(2 * COLUMNS)) {
                for (sum, other) in sums.iter_mut().zip(group.chunks_exact(2)) {
                    *sum += i32::from(pair[0]) * i32::from(other[0]) + i32::from(pair[1]) * i32::from(other[1]);
                }
            }
        }
        Aligned(sums)
    }
}
