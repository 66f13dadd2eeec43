//! The float parts, written once: every kernel compiles this very code for its own instructions.
//!
//! Results are the same to the last bit on every CPU. The code uses only operations that IEEE 754 rounds exactly (add,
//! subtract, multiply, divide, square root), never a fused multiply-add, and adds up in a fixed order: in
//! [`LANES`] running sums that are joined at the end. The loops are plain, so that the compiler turns them into vector
//! instructions of any width.

use std::hint::black_box;

/// Running sums of a reduction; also what rows of scores are padded to.
pub const LANES: usize = 16;

/// 1.5 · 2²³: adding it leaves the nearest integer in the low bits of the mantissa, for values of up to 2²² in size.
pub const ROUND: f32 = 12_582_912.0;

/// Largest code of an activation.
pub const CODE_MAX: f32 = 255.0;

/// Rows whose values differ by less are taken as constant: their scale could not be inverted.
const SMALLEST: f32 = 1e-30;

/// The greater of two numbers; unlike `f32::max` a single instruction, as NaN needs no care here.
#[inline(always)]
pub fn greater(left: f32, right: f32) -> f32 {
    if left > right { left } else { right }
}

#[inline(always)]
fn lesser(left: f32, right: f32) -> f32 {
    if left < right { left } else { right }
}

/// `value` rounded to the nearest integer, ties to even; at most 2²² in size.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low 16 bits are the integer in two's complement")]
fn round_to_i16(value: f32) -> i16 {
    (value + ROUND).to_bits() as i16
}

/// 2 to the power of `x`, for `x` of at most 0; below -126 as at -126.
///
/// x = n + r with |r| ≤ ½, 2ʳ by a polynomial that was fitted by weighted least squares to the smallest largest error, 2ⁿ by its
/// bits. Relative error below 3·10⁻⁶; exact for whole numbers.
#[inline(always)]
pub fn exp2(x: f32) -> f32 {
    let x = greater(x, -126.0);
    let shifted = x + ROUND;
    let r = x - (shifted - ROUND);
    let p = 9.582_855e-3;
    let p = p * r + 5.590_643e-2;
    let p = p * r + 2.402_409_9e-1;
    let p = p * r + 6.931_242e-1;
    let p = p * r + 1.0;
    // The low bits of `shifted` are n: moved to the exponent and added there.
    f32::from_bits(p.to_bits().wrapping_add(shifted.to_bits() << 23))
}

/// x Φ(x), the exact GELU (Hendrycks and Gimpel 2016), with Φ by [`normal_cdf`].
#[inline(always)]
pub fn gelu(x: f32) -> f32 {
    x * normal_cdf(x)
}

/// Φ(x), the cumulative distribution of the standard normal: ½ + x P(x²) / Q(x²) on -4.5 ≤ x ≤ 4.5, constant beyond.
///
/// P and Q were fitted by weighted least squares to the smallest largest error of x Φ(x): 2·10⁻⁶ inside the range.
/// Outside, Φ is off by at most 3.5·10⁻⁶, so that the error of [`gelu`] stays below 4·10⁻⁶ max(1, |x|).
#[inline(always)]
fn normal_cdf(x: f32) -> f32 {
    let x = lesser(greater(x, -4.5), 4.5);
    let u = x * x;
    let p = 3.333_663_4e-5;
    let p = p * u + 3.832_219_5e-3;
    let p = p * u + 2.738_392_4e-2;
    let p = p * u + 3.989_328_8e-1;
    let q = 1.166_807_8e-3;
    let q = q * u + 2.380_671_4e-2;
    let q = q * u + 2.352_856_9e-1;
    let q = q * u + 1.0;
    0.5 + x * p / q
}

/// All of `values` in [`LANES`] running sums, each of which starts with `start`.
#[inline(always)]
pub fn gather(values: &[f32], start: f32, of: impl Fn(f32, f32) -> f32) -> [f32; LANES] {
    let mut lanes = [start; LANES];
    let (chunks, rest) = values.as_chunks::<LANES>();
    for chunk in chunks {
        for (lane, &value) in lanes.iter_mut().zip(chunk) {
            *lane = of(*lane, value);
        }
    }
    for (lane, &value) in lanes.iter_mut().zip(rest) {
        *lane = of(*lane, value);
    }
    lanes
}

/// Joins the lanes of each row in pairs, halves first.
#[inline(always)]
pub fn join<const ROWS: usize>(lanes: &mut [[f32; LANES]; ROWS], of: impl Fn(f32, f32) -> f32) -> [f32; ROWS] {
    // Lanes are to lie in memory here: where the compiler sees how they are joined, it cuts the running sums of the loops
    // before into vectors of two and four, whatever the processor has.
    let lanes = black_box(lanes);
    let mut width = LANES / 2;
    while width > 0 {
        for row in lanes.iter_mut() {
            for lane in 0..width {
                row[lane] = of(row[lane], row[lane + width]);
            }
        }
        width /= 2;
    }
    lanes.map(|row| row[0])
}

/// The sum of what `of` makes of each value.
#[inline(always)]
fn sum(values: &[f32], of: impl Fn(f32) -> f32) -> f32 {
    join(&mut [gather(values, 0.0, |sum, value| sum + of(value))], |left, right| left + right)[0]
}

/// The least and the greatest of `values`.
///
/// By integers, of which the order does not matter to the compiler: the fastest loop is its own.
#[inline(always)]
pub fn range(values: &[f32]) -> (f32, f32) {
    let (low, high) = values.iter().fold((i32::MAX, i32::MIN), |(low, high), value| {
        let rank = rank(value.to_bits().cast_signed());
        (low.min(rank), high.max(rank))
    });
    (f32::from_bits(rank(low).cast_unsigned()), f32::from_bits(rank(high).cast_unsigned()))
}

/// Turns the bits of a float into an integer that is as much less or greater, and back.
#[inline(always)]
fn rank(bits: i32) -> i32 {
    bits ^ ((bits >> 31) & i32::MAX)
}

/// The greatest size of `values`.
#[inline(always)]
pub fn greatest_size(values: &[f32]) -> f32 {
    f32::from_bits(values.iter().fold(0, |greatest, value| greatest.max(value.to_bits() & 0x7fff_ffff)))
}

/// Writes the 8-bit codes of one row and returns its `(scale, low)`: value ≈ code · scale + low.
#[inline(always)]
#[expect(clippy::cast_possible_truncation, reason = "the low eight bits are the code")]
pub fn quantise(row: &[f32], codes: &mut [u8]) -> (f32, f32) {
    let (low, high) = range(row);
    let spread = high - low;
    let inverse = if spread > SMALLEST { CODE_MAX / spread } else { 0.0 };
    for (code, &value) in codes.iter_mut().zip(row) {
        *code = ((value - low) * inverse + ROUND).to_bits() as u8;
    }
    (spread / CODE_MAX, low)
}

/// Scale and its inverse that bring values of at most `size` into integers of at most `limit`.
#[inline(always)]
pub fn wide_scale(size: f32, limit: f32) -> (f32, f32) {
    (size / limit, if size > SMALLEST { limit / size } else { 0.0 })
}

/// Writes `values` times `inverse`, rounded.
#[inline(always)]
pub fn to_wide(values: &[f32], inverse: f32, out: &mut [i16]) {
    for (out, &value) in out.iter_mut().zip(values) {
        *out = round_to_i16(value * inverse);
    }
}

/// Writes `row` as integers of at most `limit` in size and returns the scale: value ≈ integer · scale.
#[inline(always)]
pub fn quantise_wide(row: &[f32], limit: f32, out: &mut [i16]) -> f32 {
    let (scale, inverse) = wide_scale(greatest_size(row), limit);
    to_wide(row, inverse, out);
    scale
}

/// Layer normalisation (Ba et al. 2016) of one row, in place.
#[inline(always)]
pub fn layer_norm(row: &mut [f32], weight: &[f32], bias: &[f32], epsilon: f32) {
    let count = row.len() as f32;
    let mean = sum(row, |value| value) / count;
    let variance = sum(row, |value| (value - mean) * (value - mean)) / count;
    let inverse = 1.0 / (variance + epsilon).sqrt();
    for ((value, &weight), &bias) in row.iter_mut().zip(weight).zip(bias) {
        *value = (*value - mean) * inverse * weight + bias;
    }
}

/// The sum of the products of two rows.
#[inline(always)]
pub fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    let (left, left_rest) = left.as_chunks::<LANES>();
    let (right, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left.iter().zip(right) {
        for ((sum, &left), &right) in sums.iter_mut().zip(left).zip(right) {
            *sum += left * right;
        }
    }
    for ((sum, &left), &right) in sums.iter_mut().zip(left_rest).zip(right_rest) {
        *sum += left * right;
    }
    join(&mut [sums], |left, right| left + right)[0]
}

/// The value of a half-precision float, exact; infinities and NaN come out as finite numbers.
#[inline(always)]
pub fn half_to_float(half: u16) -> f32 {
    let (sign, size) = (u32::from(half & 0x8000) << 16, u32::from(half & 0x7fff) << 13);
    // The exponent of half precision counts from -15, that of f32 from -127: 2¹¹² makes up for it, subnormals included.
    let value = f32::from_bits(size) * f32::from_bits(0x7780_0000);
    f32::from_bits(value.to_bits() | sign)
}
