//! AVX512-VNNI: 512-bit dot products (Intel servers since Cascade Lake, laptops of Ice to Rocket Lake; AMD since Zen 4).
//!
//! `vpdpbusd` adds four products of unsigned and signed bytes to a 32-bit sum, `vpdpwssd` two of 16-bit integers.

use super::rows::{Aligned, Tile};
use std::arch::x86_64::{
    __m512i, _MM_HINT_T1, _mm_prefetch, _mm512_dpbusd_epi32, _mm512_dpwssd_epi32, _mm512_loadu_si512,
    _mm512_set1_epi32, _mm512_setzero_si512,
};

pub struct Avx512;

/// 24 sums, two vectors of weights, one of codes: 27 of 32 registers, and each vector of weights is used twelve times.
const ROWS: usize = 12;
const COLUMNS: usize = 32;

impl Tile<ROWS, COLUMNS> for Avx512 {
    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    unsafe fn bytes(rows: [&[u8]; ROWS], panel: &[i8]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let steps = panel.len() / (COLUMNS * 4);
        debug_assert!(rows.iter().all(|row| row.len() == steps * 4));
        let rows = rows.map(|row| row.as_ptr().cast::<i32>());
        let panel = panel.as_ptr().cast::<__m512i>();
        let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
        for step in 0..steps {
            // SAFETY: a step reads 2 vectors of the panel, which has 2 `steps`; loads need no alignment.
            let weights: [__m512i; 2] =
                std::array::from_fn(|index| unsafe { _mm512_loadu_si512(panel.add(step * 2 + index)) });
            // The same place of the next panel comes into the second-level cache; where there is none, a hint does no harm.
            for index in 0..2 {
                _mm_prefetch::<_MM_HINT_T1>(panel.wrapping_add((steps + step) * 2 + index).cast());
            }
            for (row, sums) in rows.iter().zip(&mut sums) {
                // SAFETY: a step reads four codes, and the caller promises 4 `steps` of them in each row.
                let codes = _mm512_set1_epi32(unsafe { row.add(step).read_unaligned() });
                for (sum, &weights) in sums.iter_mut().zip(&weights) {
                    *sum = _mm512_dpbusd_epi32(*sum, codes, weights);
                }
            }
        }
        // SAFETY: two vectors of sixteen 32-bit integers are thirty-two 32-bit integers, of any value.
        Aligned(unsafe { std::mem::transmute::<[[__m512i; 2]; ROWS], [[i32; COLUMNS]; ROWS]>(sums) })
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    unsafe fn words(rows: [&[i16]; ROWS], panel: &[i16]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let steps = panel.len() / (COLUMNS * 2);
        debug_assert!(rows.iter().all(|row| row.len() == steps * 2));
        let rows = rows.map(|row| row.as_ptr().cast::<i32>());
        let panel = panel.as_ptr().cast::<__m512i>();
        let mut sums = [[_mm512_setzero_si512(); 2]; ROWS];
        for step in 0..steps {
            // SAFETY: a step reads 2 vectors of the panel, which has 2 `steps`; loads need no alignment.
            let others: [__m512i; 2] =
                std::array::from_fn(|index| unsafe { _mm512_loadu_si512(panel.add(step * 2 + index)) });
            for (row, sums) in rows.iter().zip(&mut sums) {
                // SAFETY: a step reads two integers, and the caller promises 2 `steps` of them in each row.
                let pair = _mm512_set1_epi32(unsafe { row.add(step).read_unaligned() });
                for (sum, &other) in sums.iter_mut().zip(&others) {
                    *sum = _mm512_dpwssd_epi32(*sum, pair, other);
                }
            }
        }
        // SAFETY: as above.
        Aligned(unsafe { std::mem::transmute::<[[__m512i; 2]; ROWS], [[i32; COLUMNS]; ROWS]>(sums) })
    }
}
