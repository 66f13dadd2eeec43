//! All kernels against the portable one, to the last bit, and the portable one against plain arithmetic.

use super::attention::{ONE, softmax, wide_limit};
use super::choose::agrees;
use super::float;
use super::*;
use crate::codes::Codes;
use crate::distances::Distances;
use crate::linear::{OutlierChannels, Unpacked};
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

/// A layer of these weights, row by row.
fn packed(weights: &[f32], bias: &[f32], inputs: usize, kernel: Kernel) -> Linear {
    let mut layer = Unpacked::new(inputs);
    layer.quantise(weights);
    layer.bias.extend(bias);
    Linear::pack(layer, kernel.columns())
}

/// Numbers for distances that differ from head to head and from one direction to the other.
fn distances(heads: usize, reach: usize) -> Distances {
    let table: Vec<f32> = (0..Distances::BUCKETS * heads).map(|index| (index * 37 % 41) as f32 / 10.0 - 2.0).collect();
    Distances::new(&table, heads, reach)
}

/// Attention over `rows`, all queries, all keys and all values each.
fn attended(
    kernel: Kernel,
    rows: &[f32],
    heads: usize,
    size: usize,
    window: Range<usize>,
    distances: Option<&Distances>,
) -> Vec<f32> {
    let width = heads * size;
    let count = rows.len() / (3 * width);
    let (mut head_rows, mut scratch) = (HeadRows::default(), AttentionScratch::default());
    head_rows.reshape(count, size);
    let mut out = vec![0.0; count * width];
    let asking: Vec<usize> = window.clone().collect();
    for number in 0..heads {
        let part = |part: &[f32]| part[number * size..][..size].to_vec();
        let parts: Vec<Vec<f32>> = rows.chunks_exact(width).map(part).collect();
        let triples = || parts.chunks_exact(3);
        let queries: Vec<f32> = triples().skip(window.start).flat_map(|triple| triple[0].clone()).collect();
        kernel.take_queries(&queries, window.start, &mut head_rows);
        kernel.take_keys(&triples().flat_map(|triple| triple[1..].concat()).collect::<Vec<f32>>(), 0, &mut head_rows);
        let head = Head { number, width, distances: distances.map(|distances| distances.head(number)) };
        kernel.attend(&head_rows, window.clone(), (&asking, window.start), head, &mut scratch, &mut out);
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
            let linear = packed(&floats, &vec![0.0; outputs], inputs, kernel);
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
            let linear = packed(&weights, &bias, inputs, kernel);
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

    /// Channels that are multiplied apart: what they add to the output, exactly in order, and zeros where they were.
    #[test]
    fn outliers_are_the_same_on_every_kernel(
        (inputs, outputs, values, weights, before) in (1_usize..5, 2_usize..40, 1_usize..50)
            .prop_flat_map(|(rows, inputs, outputs)| (
                Just(inputs), Just(outputs), values(rows * inputs), values(2 * outputs), values(rows * outputs)
            )),
    ) {
        let channels = vec![0, inputs - 1];
        let run = |kernel: Kernel| {
            let mut linear = packed(&vec![0.0; inputs * outputs], &vec![0.0; outputs], inputs, kernel);
            linear.outliers = OutlierChannels { channels: channels.clone(), weights: weights.clone() };
            let (mut values, mut out) = (values.clone(), before.clone());
            kernel.take_outliers(&mut values, &linear, &mut out);
            (bits(&values), bits(&out))
        };
        let (mut rest, mut expected) = (values.clone(), before.clone());
        for (row, out) in rest.chunks_exact_mut(inputs).zip(expected.chunks_exact_mut(outputs)) {
            for (&channel, weights) in channels.iter().zip(weights.chunks_exact(outputs)) {
                out.iter_mut().zip(weights).for_each(|(out, weight)| *out += row[channel] * weight);
                row[channel] = 0.0;
            }
        }
        for kernel in tested() {
            prop_assert_eq!(run(kernel), (bits(&rest), bits(&expected)), "{:?}", kernel);
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
        far in any::<bool>(),
    ) {
        let count = rows.len() / (6 * heads * half);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
        let start = (count as f64 * cut) as usize;
        let distances = far.then(|| distances(heads, count - start));
        let run = |kernel: Kernel| bits(&attended(kernel, &rows, heads, 2 * half, start..count, distances.as_ref()));
        let expected = run(Kernel::portable());
        for kernel in tested() {
            prop_assert_eq!(run(kernel), expected.clone(), "{:?}", kernel);
        }
    }

    /// Integers of 13 bits and weights of 15 against exact arithmetic, in a window that is not the first and for each head.
    #[test]
    fn attention_is_close_to_exact(seed in any::<u64>(), count in 1_usize..60, before in 0_usize..3, far in any::<bool>()) {
        const HEADS: usize = 3;
        let (size, mut random) = (32, fastrand::Rng::with_seed(seed));
        let rows: Vec<f32> = (0..(before + count) * 3 * HEADS * size).map(|_| random.f32() * 8.0 - 4.0).collect();
        let part = |row: usize, part: usize, head: usize| {
            &rows[(((before + row) * 3 + part) * HEADS + head) * size..][..size]
        };
        let distances = far.then(|| distances(HEADS, 70));
        let out = attended(Kernel::portable(), &rows, HEADS, size, before..before + count, distances.as_ref());
        let of_distance = |head, query, key| {
            let number = distances.as_ref().map_or(0.0, |distances| distances.head(head).of(query, key)[0]);
            f64::from(number) * std::f64::consts::LN_2
        };
        for (query, head) in (0..count).flat_map(|query| (0..HEADS).map(move |head| (query, head))) {
            let products = |key| {
                part(query, 0, head).iter().zip(part(key, 1, head)).map(|(&q, &k)| f64::from(q) * f64::from(k)).sum::<f64>()
            };
            let scores: Vec<f64> = (0..count).map(|key| products(key) / (size as f64).sqrt() + of_distance(head, query, key)).collect();
            let highest = scores.iter().copied().fold(f64::MIN, f64::max);
            let total: f64 = scores.iter().map(|score| (score - highest).exp()).sum();
            for column in 0..size {
                let exact: f64 = (0..count)
                    .map(|key| (scores[key] - highest).exp() / total * f64::from(part(key, 2, head)[column]))
                    .sum();
                let place = ((before + query) * HEADS + head) * size + column;
                prop_assert!((exact - f64::from(out[place])).abs() < 0.02, "{exact}");
            }
        }
    }

    /// A weight of the softmax is off by at most half an integer and a hundred-thousandth of its value, and padding has none.
    #[test]
    fn softmax_is_as_exact_as_it_says(
        (length, scores) in (1_usize..100).prop_flat_map(|length| (Just(length), prop::collection::vec(
            prop_oneof![4 => -9.0_f32..9.0, 1 => -200.0_f32..200.0, 1 => Just(0.0)], 4 * length
        ))),
    ) {
        let columns = length.next_multiple_of(32);
        let depth = length.next_multiple_of(float::LANES);
        let mut padded = vec![7.0; 4 * columns];
        for (row, scores) in padded.chunks_exact_mut(columns).zip(scores.chunks_exact(length)) {
            row[..length].copy_from_slice(scores);
        }
        let mut weights = vec![-1; 4 * depth];
        softmax::<4>(&mut padded, columns, length, &mut weights);
        for (scores, weights) in scores.chunks_exact(length).zip(weights.chunks_exact(depth)) {
            let highest = f64::from(scores.iter().copied().fold(f32::MIN, f32::max));
            let total: f64 = scores.iter().map(|&score| (f64::from(score) - highest).exp2()).sum();
            for (&score, &weight) in scores.iter().zip(weights) {
                let exact = (f64::from(score) - highest).exp2() / total * f64::from(ONE);
                prop_assert!((f64::from(weight) - exact).abs() <= 0.5 + 1e-5 * exact, "{weight} {exact}");
            }
            prop_assert!(weights[length..].iter().all(|&weight| weight == 0));
        }
    }

    /// Mean 0 and variance 1, then weight and bias.
    #[test]
    fn a_norm_is_close_to_exact(row in prop::collection::vec(-3.0_f32..3.0, 2..60), weight in 0.1_f32..2.0) {
        let (count, bias, epsilon) = (row.len() as f64, 0.25, 1e-3);
        let mean = row.iter().copied().map(f64::from).sum::<f64>() / count;
        let variance = row.iter().map(|&value| (f64::from(value) - mean).powi(2)).sum::<f64>() / count;
        let mut normal = row.clone();
        float::layer_norm(&mut normal, &vec![weight; row.len()], &vec![bias; row.len()], epsilon);
        for (&value, &normal) in row.iter().zip(&normal) {
            let exact = (f64::from(value) - mean) / (variance + f64::from(epsilon)).sqrt() * f64::from(weight) + f64::from(bias);
            prop_assert!((f64::from(normal) - exact).abs() <= 2e-4 , "{normal} {exact}");
        }
    }

    /// The least and the greatest of a row, by the integers that stand for its values.
    #[test]
    fn the_range_of_a_row_is_found(row in values(37)) {
        let (low, high) = float::range(&row);
        let (least, greatest) = row.iter().fold((row[0], row[0]), |(low, high), &value| (low.min(value), high.max(value)));
        prop_assert!((low - least).abs() <= 0.0 && (high - greatest).abs() <= 0.0, "{low} {high}");
        prop_assert!((float::greatest_size(&row) - high.max(-low)).abs() <= 0.0);
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
fn exp2_is_as_exact_as_it_says() {
    for step in 0..1_260_000 {
        let x = -(step as f32) * 1e-4;
        let exact = f64::from(x).exp2();
        assert!((f64::from(float::exp2(x)) - exact).abs() <= 3e-6 * exact, "{x}");
    }
    for x in 0..=126_u8 {
        assert_eq!(f64::from(float::exp2(-f32::from(x))).to_bits(), (-f64::from(x)).exp2().to_bits(), "{x}");
    }
    for x in [-127.0, -1e9, f32::NEG_INFINITY] {
        assert_eq!(float::exp2(x).to_bits(), float::exp2(-126.0).to_bits());
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
/// `cargo test --release -p namesake-fused --lib speed_of_products -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_products() {
    const ROWS: usize = 48;
    for kernel in Kernel::available() {
        for (inputs, outputs, finish) in [
            (384, kernel.columns(), Finish::Store),
            (384, 96, Finish::Store),
            (384, 384, Finish::Add),
            (384, 1536, Finish::Gelu),
            (1536, 384, Finish::Add),
        ] {
            let values: Vec<f32> = (0..ROWS * inputs).map(|index| (index * 31 % 97) as f32).collect();
            let weights: Vec<f32> = (0..inputs * outputs).map(|index| (index * 37 % 101) as f32 - 50.0).collect();
            let linear = packed(&weights, &vec![0.0; outputs], inputs, kernel);
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

/// Prints the microseconds that each step takes a piece (and layer) of the shipped model on one thread, in windows of 128:
/// kernel, step, median and best.
///
/// `cargo test --release -p namesake-fused --lib speed_of_steps -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_steps() {
    const PIECES: usize = 128;
    const WIDTH: usize = 384;
    const HEADS: usize = 12;
    let mut random = fastrand::Rng::with_seed(1);
    let mut values = |width: usize| (0..PIECES * width).map(|_| random.f32() * 4.0 - 2.0).collect::<Vec<f32>>();
    let (row, wide) = (values(WIDTH), values(4 * WIDTH));
    let (query, key_and_value) = (values(WIDTH / HEADS), values(2 * WIDTH / HEADS));
    let norm = Norm { weight: vec![1.0; WIDTH], bias: vec![0.1; WIDTH], epsilon: 1e-12 };
    for kernel in Kernel::available().filter(|kernel| !kernel.is_portable()) {
        let measure = |step: &str, work: &mut dyn FnMut()| {
            let mut micros: Vec<f64> = (0..400)
                .map(|_| {
                    let start = std::time::Instant::now();
                    work();
                    start.elapsed().as_secs_f64() * 1e6 / PIECES as f64
                })
                .collect();
            micros.sort_by(f64::total_cmp);
            println!("{}\t{step}\t{:.3}\t{:.3}", kernel.name(), micros[200], micros[0]);
        };
        let mut codes = codes_of(kernel, &row, WIDTH);
        measure("quantise 384", &mut || kernel.quantise(&row, WIDTH, codes.rows_mut(0..PIECES)));
        let mut wide_codes = codes_of(kernel, &wide, 4 * WIDTH);
        measure("quantise 1536", &mut || kernel.quantise(&wide, 4 * WIDTH, wide_codes.rows_mut(0..PIECES)));
        let mut normal = row.clone();
        measure("normalise", &mut || kernel.normalise(&mut normal, &norm, codes.rows_mut(0..PIECES)));
        let (mut head_rows, mut scratch) = (HeadRows::default(), AttentionScratch::default());
        head_rows.reshape(PIECES, WIDTH / HEADS);
        measure("cut into heads", &mut || {
            for _ in 0..HEADS {
                kernel.take_queries(&query, 0, &mut head_rows);
                kernel.take_keys(&key_and_value, 0, &mut head_rows);
            }
        });
        let mut attended = vec![0.0; PIECES * WIDTH];
        let asking: Vec<usize> = (0..PIECES).collect();
        measure("attend", &mut || {
            for number in 0..HEADS {
                let head = Head { number, width: WIDTH, distances: None };
                kernel.attend(&head_rows, 0..PIECES, (&asking, 0), head, &mut scratch, &mut attended);
            }
        });
        let (weights, mut logits) = (&wide[..9 * WIDTH], vec![0.0; PIECES * 9]);
        measure("classify", &mut || kernel.classify(&row, weights, &[0.5; 9], &mut logits));
    }
}
