//! NEON with dot products: 64-bit Arm CPUs since about 2018 (Cortex-A76, Neoverse N1, Apple M1).
//!
//! `udot` adds four products of unsigned bytes to a 32-bit sum. Weights are signed: their highest bit is flipped, which adds
//! 128 to each, and what that brings in, 128 times the sum of a row's codes, is taken off at the end. `smlal` multiplies
//! 16-bit integers into 32-bit sums, one for each input of a pair; the two are added up at the end. 32-bit sums may wrap on
//! the way, as the last of them fits.

use super::rows::{Aligned, Tile};
use std::arch::aarch64::{
    int16x8_t, int32x4_t, uint8x16_t, uint32x4_t, vdupq_n_s32, vdupq_n_u8, vdupq_n_u32, veorq_u8, vget_low_s16,
    vld1q_s16, vld1q_u8, vmlal_high_s16, vmlal_s16, vpaddq_s32, vreinterpretq_s16_s32, vreinterpretq_u8_u32,
};
use std::arch::asm;

pub struct Neon;

/// 24 sums, two vectors of weights, one of codes and the highest bits: 28 of 32 registers.
const ROWS: usize = 12;
const COLUMNS: usize = 8;

/// Rows that have their 16-bit products summed at a time: four sums each, two vectors of the panel and one of the row make
/// 27 registers.
const WORD_ROWS: usize = 6;

impl Tile<ROWS, COLUMNS> for Neon {
    #[inline]
    #[target_feature(enable = "neon,dotprod")]
    unsafe fn bytes(rows: [&[u8]; ROWS], panel: &[i8]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let steps = panel.len() / (COLUMNS * 4);
        debug_assert!(rows.iter().all(|row| row.len() == steps * 4));
        let starts = rows.map(|row| row.as_ptr().cast::<u32>());
        let panel = panel.as_ptr().cast::<u8>();
        let highest_bits = vdupq_n_u8(128);
        let mut sums = [[vdupq_n_u32(0); 2]; ROWS];
        for step in 0..steps {
            // SAFETY: a step reads 2 vectors of 16 bytes of the panel, which has 2 `steps`; loads need no alignment.
            let weights: [uint8x16_t; 2] = std::array::from_fn(|index| unsafe {
                veorq_u8(vld1q_u8(panel.add((step * 2 + index) * 16)), highest_bits)
            });
            for (start, sums) in starts.iter().zip(&mut sums) {
                // SAFETY: a step reads four codes, and the caller promises 4 `steps` of them in each row.
                let codes = vreinterpretq_u8_u32(vdupq_n_u32(unsafe { start.add(step).read_unaligned() }));
                for (sum, &weights) in sums.iter_mut().zip(&weights) {
                    // SAFETY: the caller promises the instruction.
                    *sum = unsafe { dot(*sum, weights, codes) };
                }
            }
        }
        // SAFETY: two vectors of four 32-bit integers are eight 32-bit integers, of any value.
        let mut sums = unsafe { std::mem::transmute::<[[uint32x4_t; 2]; ROWS], [[i32; COLUMNS]; ROWS]>(sums) };
        for (row, sums) in rows.iter().zip(&mut sums) {
            let surplus = row.iter().map(|&code| i32::from(code)).sum::<i32>() * 128;
            for sum in sums {
                *sum = sum.wrapping_sub(surplus);
            }
        }
        Aligned(sums)
    }

    #[inline]
    #[target_feature(enable = "neon,dotprod")]
    unsafe fn words(rows: [&[i16]; ROWS], panel: &[i16]) -> Aligned<[[i32; COLUMNS]; ROWS]> {
        let mut sums = [[0; COLUMNS]; ROWS];
        for (rows, sums) in rows.chunks_exact(WORD_ROWS).zip(sums.chunks_exact_mut(WORD_ROWS)) {
            // SAFETY: the caller promises the instructions and the lengths.
            let some = unsafe { some_words(std::array::from_fn(|row| rows[row]), panel) };
            sums.copy_from_slice(&some);
        }
        Aligned(sums)
    }
}

/// `sum` and, for each of its four integers, the products of four bytes. The intrinsic is not stable yet.
///
/// # Safety
/// The CPU has dot products.
#[inline]
#[target_feature(enable = "neon,dotprod")]
unsafe fn dot(mut sum: uint32x4_t, weights: uint8x16_t, codes: uint8x16_t) -> uint32x4_t {
    // SAFETY: the caller promises the instruction, which touches registers only.
    unsafe {
        asm!(
            "udot {sum:v}.4s, {weights:v}.16b, {codes:v}.16b",
            sum = inout(vreg) sum,
            weights = in(vreg) weights,
            codes = in(vreg) codes,
            options(pure, nomem, nostack, preserves_flags),
        );
    }
    sum
}

/// [`Tile::words`] of a part of the rows.
///
/// # Safety
/// As there.
#[inline]
#[target_feature(enable = "neon")]
unsafe fn some_words(rows: [&[i16]; WORD_ROWS], panel: &[i16]) -> [[i32; COLUMNS]; WORD_ROWS] {
    let steps = panel.len() / (COLUMNS * 2);
    debug_assert!(rows.iter().all(|row| row.len() == steps * 2));
    let rows = rows.map(|row| row.as_ptr().cast::<i32>());
    let panel = panel.as_ptr();
    // Sums of the first and of the second input of each pair, in turns: columns 0 and 1, 2 and 3, 4 and 5, 6 and 7.
    let mut sums = [[vdupq_n_s32(0); 4]; WORD_ROWS];
    for step in 0..steps {
        // SAFETY: a step reads 2 vectors of 8 integers of the panel, which has 2 `steps`; loads need no alignment.
        let others: [int16x8_t; 2] =
            std::array::from_fn(|index| unsafe { vld1q_s16(panel.add((step * 2 + index) * 8)) });
        for (row, sums) in rows.iter().zip(&mut sums) {
            // SAFETY: a step reads two integers, and the caller promises 2 `steps` of them in each row.
            let pair = vreinterpretq_s16_s32(vdupq_n_s32(unsafe { row.add(step).read_unaligned() }));
            for (sums, &other) in sums.chunks_exact_mut(2).zip(&others) {
                sums[0] = vmlal_s16(sums[0], vget_low_s16(other), vget_low_s16(pair));
                sums[1] = vmlal_high_s16(sums[1], other, pair);
            }
        }
    }
    let added = sums.map(|sums| [vpaddq_s32(sums[0], sums[1]), vpaddq_s32(sums[2], sums[3])]);
    // SAFETY: two vectors of four 32-bit integers are eight 32-bit integers, of any value.
    unsafe { std::mem::transmute::<[[int32x4_t; 2]; WORD_ROWS], [[i32; COLUMNS]; WORD_ROWS]>(added) }
}
