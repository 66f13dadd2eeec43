//! AVX2: x86 CPUs since 2013 (Intel Haswell) and 2015 (AMD Excavator).
//!
//! `vpmaddubsw` multiplies unsigned by signed bytes and adds two neighbours up in 16 bits, saturating: with codes of at most
//! 255 and weights of at most 64 in size that is at most 32,640, so nothing saturates. `vpmaddwd` by ones then adds two of
//! these up in 32 bits.

use super::rows::{Aligned, Tile};
use std::arch::x86_64::{
    __m256i, _mm256_add_epi32, _mm256_loadu_si256, _mm256_madd_epi16, _mm256_maddubs_epi16, _mm256_set1_epi16,
    _mm256_set1_epi32, _mm256_setzero_si256,
};

pub struct Avx2;

/// Eight sums, two vectors of weights, one of codes, two in between and the ones: 14 of 16 registers.
const ROWS: usize = 4;
const COLUMNS: usize = 16;

impl Tile<ROWS, COLUMNS> for Avx2 {
    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn bytes(rows: [&[u8]; ROWS], panel: &[i8]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let steps = panel.len() / (COLUMNS * 4);
        debug_assert!(rows.iter().all(|row| row.len() == steps * 4));
        let rows = rows.map(|row| row.as_ptr().cast::<i32>());
        let panel = panel.as_ptr().cast::<__m256i>();
        let ones = _mm256_set1_epi16(1);
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for step in 0..steps {
            // SAFETY: a step reads 2 vectors of the panel, which has 2 `steps`; loads need no alignment.
            let weights: [__m256i; 2] =
                std::array::from_fn(|index| unsafe { _mm256_loadu_si256(panel.add(step * 2 + index)) });
            for (row, sums) in rows.iter().zip(&mut sums) {
                // SAFETY: a step reads four codes, and the caller promises 4 `steps` of them in each row.
                let codes = _mm256_set1_epi32(unsafe { row.add(step).read_unaligned() });
                for (sum, &weights) in sums.iter_mut().zip(&weights) {
                    let pairs = _mm256_maddubs_epi16(codes, weights);
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pairs, ones));
                }
            }
        }
        // SAFETY: two vectors of eight 32-bit integers are sixteen 32-bit integers, of any value.
        Aligned(unsafe { std::mem::transmute::<[[__m256i; 2]; ROWS], [[i32; COLUMNS]; ROWS]>(sums) })
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    unsafe fn words(rows: [&[i16]; ROWS], panel: &[i16]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let steps = panel.len() / (COLUMNS * 2);
        debug_assert!(rows.iter().all(|row| row.len() == steps * 2));
        let rows = rows.map(|row| row.as_ptr().cast::<i32>());
        let panel = panel.as_ptr().cast::<__m256i>();
        let mut sums = [[_mm256_setzero_si256(); 2]; ROWS];
        for step in 0..steps {
            // SAFETY: a step reads 2 vectors of the panel, which has 2 `steps`; loads need no alignment.
            let others: [__m256i; 2] =
                std::array::from_fn(|index| unsafe { _mm256_loadu_si256(panel.add(step * 2 + index)) });
            for (row, sums) in rows.iter().zip(&mut sums) {
                // SAFETY: a step reads two integers, and the caller promises 2 `steps` of them in each row.
                let pair = _mm256_set1_epi32(unsafe { row.add(step).read_unaligned() });
                for (sum, &other) in sums.iter_mut().zip(&others) {
                    *sum = _mm256_add_epi32(*sum, _mm256_madd_epi16(pair, other));
                }
            }
        }
        // SAFETY: as above.
        Aligned(unsafe { std::mem::transmute::<[[__m256i; 2]; ROWS], [[i32; COLUMNS]; ROWS]>(sums) })
    }
}
