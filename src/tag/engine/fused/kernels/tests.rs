//! All kernels against the portable one, to the last bit, and the portable one against plain arithmetic.

use super::attention::wide_limit;
use super::choose::agrees;
use super::float;
use super::*;
use crate::tag::engine::fused::codes::Codes;
use proptest::prelude::*;

/// Values with zeros, constants, extremes and the usual in between.
fn values(count: usize) -> impl Strategy<Value = Vec<f32>> {
    let value = prop_oneof![
        4 => -3.0_f32..3.0,
        1 => Just(0.0),
        1 => prop_oneof![Just(1e4), Just(-1e4), Just(1e-38), Just(-1e-20), Just(65_504.0)],
    ];
    let constant = (value.clone(), Just(count)).prop_map(|(value, count)| vec![value; count]);
    prop_oneof![6 => prop::collection::vec(value, count), 1 => constant]
}

/// The kernels that this CPU can run, and the tiles of the others.
fn tested() -> impl Iterator<Item = Kernel> {
    Kernel::available().chain(OTHER_TILES.iter().map(Kernel))
}

fn bits(values: &[f32]) -> Vec<u32> {
    values.iter().map(|value| value.to_bits()).collect()
}

fn codes_of(kernel: Kernel, values: &[f32], width: usize) -> Codes {
    let mut codes = Codes::default();
    codes.reshape(values.len() / width, width);
    kernel.quantise(values, width, codes.rows_mut(0..values.len() / width));
    codes
}

fn attended(kernel: Kernel, rows: &[f32], heads: usize, size: usize, window: Range<usize>) -> Vec<f32> {
    let count = rows.len() / (3 * heads * size);
    let (mut cut, mut scratch) = (Heads::default(), AttentionScratch::default());
    cut.reshape(count, heads, size);
    kernel.split(rows, 0, &mut cut);
    let mut out = vec![0.0; count * heads * size];
    for head in 0..heads {
        kernel.attend(&cut, window.clone(), head, &mut scratch, &mut out);
    }
    out
}

#[test]
fn every_kernel_of_this_cpu_passes_its_own_check() {
    for kernel in tested() {
        println!("testing {kernel:?}");
        assert!(agrees(kernel), "{kernel:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Sums of codes and weights are those of plain integers, greatest codes and weights included.
    #[test]
    fn sums_of_bytes_are_exact(
        (rows, inputs, outputs) in (1_usize..30, 1_usize..90, 1_usize..70),
        seed in any::<u64>(),
        extreme in any::<bool>(),
    ) {
        let mut random = fastrand::Rng::with_seed(seed);
        let codes: Vec<u8> = (0..rows * inputs).map(|_| if extreme { 255 } else { random.u8(..) }).collect();
        // A weight of 64 in each row makes its scale 1.
        let weights: Vec<i8> = (0..outputs * inputs)
            .map(|index| match (extreme, index % inputs) {
                (true, _) => if random.bool() { 64 } else { -64 },
                (false, 0) => 64,
                (false, _) => random.i8(-64..=64),
            })
            .collect();
        let floats: Vec<f32> = weights.iter().map(|&weight| f32::from(weight)).collect();
        let expected: Vec<f32> = (0..rows * outputs)
            .map(|index| {
                let (row, output) = (index / outputs, index % outputs);
                let pairs = codes[row * inputs..][..inputs].iter().zip(&weights[output * inputs..][..inputs]);
                pairs.map(|(&code, &weight)| i32::from(code) * i32::from(weight)).sum::<i32>() as f32
            })
            .collect();
        for kernel in tested() {
            let linear = Linear::pack(&floats, &vec![0.0; outputs], inputs, kernel.columns());
            let mut rows_of_codes = Codes::default();
            rows_of_codes.reshape(rows, inputs);
            let to = rows_of_codes.rows_mut(0..rows);
            to.scales.fill(1.0);
            for (to, from) in to.values.chunks_exact_mut(to.depth).zip(codes.chunks_exact(inputs)) {
                to[..inputs].copy_from_slice(from);
            }
            let mut out = vec![f32::NAN; rows * outputs];
            kernel.product(rows_of_codes.rows(0..rows), &linear, Finish::Store, &mut out);
            prop_assert_eq!(&out, &expected, "{:?}", kernel);
        }
    }

    #[test]
    fn products_are_the_same_on_every_kernel(
        (inputs, outputs, values, weights, bias) in (1_usize..20, 1_usize..70, 1_usize..50)
            .prop_flat_map(|(rows, inputs, outputs)| (
                Just(inputs), Just(outputs), values(rows * inputs), values(inputs * outputs), values(outputs)
            )),
        finish in prop_oneof![Just(Finish::Store), Just(Finish::Gelu), Just(Finish::Add)],
    ) {
        let run = |kernel: Kernel| {
            let linear = Linear::pack(&weights, &bias, inputs, kernel.columns());
            let codes = codes_of(kernel, &values, inputs);
            let rows = values.len() / inputs;
            let mut out = vec![0.75; rows * outputs];
            kernel.product(codes.rows(0..rows), &linear, finish, &mut out);
            bits(&out)
        };
        let expected = run(Kernel::portable());
        for kernel in tested() {
            prop_assert_eq!(run(kernel), expected.clone(), "{:?}", kernel);
        }
    }

    #[test]
    fn norms_and_codes_are_the_same_on_every_kernel(
        (width, values, weight, bias) in (1_usize..80, 1_usize..6).prop_flat_map(|(width, rows)| (
            Just(width), values(rows * width), values(width), values(width)
        )),
    ) {
        let norm = Norm { weight, bias, epsilon: 1e-12 };
        let run = |kernel: Kernel| {
            let (mut values, rows) = (values.clone(), values.len() / width);
            let mut codes = codes_of(kernel, &values, width);
            let before = codes.rows(0..rows).values.to_vec();
            kernel.normalise(&mut values, &norm, codes.rows_mut(0..rows));
            let after = codes.rows(0..rows);
            (before, after.values.to_vec(), bits(after.scales), bits(after.lows), bits(&values))
        };
        let expected = run(Kernel::portable());
        for kernel in tested() {
            prop_assert_eq!(run(kernel), expected.clone(), "{:?}", kernel);
        }
    }

    #[test]
    fn attention_is_the_same_on_every_kernel(
        (heads, half, rows) in (1_usize..4, 1_usize..20, 1_usize..50).prop_flat_map(|(heads, half, rows)| (
            Just(heads), Just(half), values(rows * 3 * heads * half * 2)
        )),
        cut in 0.0..1.0_f64,
    ) {
        let count = rows.len() / (6 * heads * half);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
        let start = (count as f64 * cut) as usize;
        let run = |kernel: Kernel| bits(&attended(kernel, &rows, heads, 2 * half, start..count));
        let expected = run(Kernel::portable());
        for kernel in tested() {
            prop_assert_eq!(run(kernel), expected.clone(), "{:?}", kernel);
        }
    }

    /// Integers of 13 bits and weights of 15 against exact arithmetic.
    #[test]
    fn attention_is_close_to_exact(seed in any::<u64>(), count in 1_usize..60) {
        let (size, mut random) = (32, fastrand::Rng::with_seed(seed));
        let rows: Vec<f32> = (0..count * 3 * size).map(|_| random.f32() * 8.0 - 4.0).collect();
        let part = |row: usize, part: usize| &rows[(row * 3 + part) * size..][..size];
        let out = attended(Kernel::portable(), &rows, 1, size, 0..count);
        for query in 0..count {
            let scores: Vec<f64> = (0..count)
                .map(|key| part(query, 0).iter().zip(part(key, 1)).map(|(&q, &k)| f64::from(q) * f64::from(k)).sum::<f64>())
                .map(|score| score / (size as f64).sqrt())
                .collect();
            let highest = scores.iter().copied().fold(f64::MIN, f64::max);
            let total: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
            for column in 0..size {
                let exact: f64 =
                    (0..count).map(|key| (scores[key] - highest).exp() / total * f64::from(part(key, 2)[column])).sum();
                prop_assert!((exact - f64::from(out[query * size + column])).abs() < 0.02, "{exact}");
            }
        }
    }

    /// A code is off by at most half a step, but for the rounding of the floats.
    #[test]
    fn codes_are_the_nearest(row in values(40)) {
        let mut codes = [0; 40];
        let (scale, low) = float::quantise(&row, &mut codes);
        let largest = row.iter().fold(0.0_f32, |largest, value| largest.max(value.abs()));
        for (&code, &value) in codes.iter().zip(&row) {
            prop_assert!((f32::from(code) * scale + low - value).abs() <= 0.5 * scale + 1e-5 * largest + 1e-30);
        }
    }
}

#[test]
fn exp_is_as_exact_as_it_says() {
    for step in 0..860_000 {
        let x = -(step as f32) * 1e-4;
        let exact = f64::from(x).exp();
        assert!((f64::from(float::exp(x)) - exact).abs() <= 3e-7 * exact, "{x}");
    }
    for x in [-87.0, -1e9, f32::NEG_INFINITY] {
        assert_eq!(float::exp(x).to_bits(), float::exp(-86.0).to_bits());
    }
}

/// Φ by Simpson's rule from 0: exact to 1e-12 for what is asked here.
fn normal_cdf(x: f64) -> f64 {
    let steps = 400;
    let width = x / f64::from(steps);
    let density = |step: i32| (-0.5 * (f64::from(step) * width).powi(2)).exp();
    let inner: f64 = (1..steps).map(|step| density(step) * if step % 2 == 1 { 4.0 } else { 2.0 }).sum();
    0.5 + (1.0 + inner + density(steps)) * width / 3.0 / (2.0 * std::f64::consts::PI).sqrt()
}

#[test]
fn gelu_is_as_exact_as_it_says() {
    for step in -20_000_i16..=20_000 {
        let x = f32::from(step) * 5e-4;
        let exact = f64::from(x) * normal_cdf(f64::from(x));
        assert!((f64::from(float::gelu(x)) - exact).abs() <= 4e-6 * f64::from(x.abs().max(1.0)), "{x}");
    }
    assert_eq!(float::gelu(0.0).to_bits(), 0);
}

#[test]
fn every_finite_half_is_read_exactly() {
    for half in 0..=u16::MAX {
        let (sign, exponent, mantissa) = (half >> 15, i32::from(half >> 10 & 31), f64::from(half & 1023));
        let size = match exponent {
            31 => continue,
            0 => mantissa / 1024.0 * 2_f64.powi(-14),
            _ => (1.0 + mantissa / 1024.0) * 2_f64.powi(exponent - 15),
        };
        assert_eq!(f64::from(half_to_float(half)).to_bits(), (if sign == 1 { -size } else { size }).to_bits());
    }
}

#[test]
fn a_sum_of_products_of_queries_and_keys_fits() {
    for size in [2, 10, 32, 64, 128, 256] {
        let limit = f64::from(wide_limit(size));
        assert!(limit * limit * size as f64 <= f64::from(i32::MAX), "{size}");
    }
}

/// Prints how fast the products of the shipped model are on one thread, for `scripts/roofline.py`: kernel, product,
/// operations a byte, GOP/s (median and best). A product of one panel stays in the first-level cache: that is the roof.
///
/// `cargo test --release --lib speed_of_products -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_products() {
    const ROWS: usize = 48;
    for kernel in Kernel::available() {
        for (inputs, outputs, finish) in [
            (384, kernel.columns(), Finish::Store),
            (384, 1152, Finish::Store),
            (384, 384, Finish::Add),
            (384, 1536, Finish::Gelu),
            (1536, 384, Finish::Add),
        ] {
            let values: Vec<f32> = (0..ROWS * inputs).map(|index| (index * 31 % 97) as f32).collect();
            let weights: Vec<f32> = (0..inputs * outputs).map(|index| (index * 37 % 101) as f32 - 50.0).collect();
            let linear = Linear::pack(&weights, &vec![0.0; outputs], inputs, kernel.columns());
            let codes = codes_of(kernel, &values, inputs);
            let mut out = vec![0.0; ROWS * outputs];
            let mut seconds: Vec<f64> = (0..200)
                .map(|_| {
                    let start = std::time::Instant::now();
                    kernel.product(codes.rows(0..ROWS), &linear, finish, &mut out);
                    start.elapsed().as_secs_f64()
                })
                .collect();
            seconds.sort_by(f64::total_cmp);
            let operations = (2 * ROWS * inputs * outputs) as f64;
            let bytes = (inputs * outputs + ROWS * inputs + 4 * ROWS * outputs) as f64;
            let (median, best) = (operations * 1e-9 / seconds[100], operations * 1e-9 / seconds[0]);
            let product = format!("{inputs} to {outputs}, {finish:?}");
            println!("{}\t{product}\t{:.0}\t{median:.0}\t{best:.0}", kernel.name(), operations / bytes);
        }
    }
}
