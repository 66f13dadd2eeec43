//! Plain Rust: what the other kernels must agree with.

use super::rows::Tile;

pub struct Portable;

impl Tile<4, 16> for Portable {
    #[inline(always)]
    unsafe fn bytes(rows: [&[u8]; 4], panel: &[i8]) -> [[i32; 16]; 4] {
        let mut sums = [[0; 16]; 4];
        for (row, sums) in rows.iter().zip(&mut sums) {
            for (codes, group) in row.chunks_exact(4).zip(panel.chunks_exact(4 * 16)) {
                for (sum, weights) in sums.iter_mut().zip(group.chunks_exact(4)) {
                    for (&code, &weight) in codes.iter().zip(weights) {
                        *sum += i32::from(code) * i32::from(weight);
                    }
                }
            }
        }
        sums
    }

    #[inline(always)]
    unsafe fn words(rows: [&[i16]; 4], panel: &[i16]) -> [[i32; 16]; 4] {
        let mut sums = [[0; 16]; 4];
        for (row, sums) in rows.iter().zip(&mut sums) {
            for (pair, group) in row.chunks_exact(2).zip(panel.chunks_exact(2 * 16)) {
                for (sum, other) in sums.iter_mut().zip(group.chunks_exact(2)) {
                    *sum += i32::from(pair[0]) * i32::from(other[0]) + i32::from(pair[1]) * i32::from(other[1]);
                }
            }
        }
        sums
    }
}
