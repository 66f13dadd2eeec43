//! How sure a score is, and whether two systems differ: resampling over documents, as mentions of one document are not
//! independent of each other (Berg-Kirkpatrick et al. 2012).
//!
//! Scores that are sums over documents get percentile bootstrap intervals (Efron 1979). Clusters over the whole corpus
//! cannot be bootstrapped: a document drawn twice would name its entities twice, which every metric rewards. They get
//! intervals by the delete-a-group jackknife (Quenouille 1956), which only leaves documents out.

use super::evaluate::Evaluation;
use super::layout::Row;
use super::parallel::in_parallel;
use super::score::{Prf, number};
use serde::Serialize;

/// Resampling: how often, and the seed of the draws. The same seed gives the same intervals, on any number of threads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Resampling {
    /// Number of draws.
    pub resamples: usize,
    /// Seed of the generator.
    pub seed: u64,
}

/// A 95 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Default)]
pub struct Interval(pub f64, pub f64);

/// Intervals of precision, recall and F1.
pub type Intervals = [Interval; 3];

/// Most groups of documents for the jackknife, and fewest; more would cost time and change little.
const GROUPS: (usize, usize) = (50, 10);

/// Mentions that all groups of the jackknife score together, which sets their number for a large corpus.
const JACKKNIFE_MENTIONS: usize = 5_000_000;

/// Most things that are drawn from.
const BUNDLES: usize = 2000;

/// 97.5th percentile of the normal distribution.
const NORMAL_975: f64 = 1.959_963_984_540_054;

/// Intervals of every score that [`Evaluation::all_scores`] gives over all documents.
#[must_use]
pub fn intervals(evaluation: &Evaluation, resampling: Resampling) -> Vec<Intervals> {
    let rows = bundles(evaluation);
    let draws = resample(rows.len(), resampling, |weights| {
        parts(&evaluation.layout.values(&weighted(&rows, weights, evaluation.layout.width())))
    });
    let mut intervals = percentiles(&draws);
    let corpus = jackknife(groups_of(evaluation), |take| {
        parts(&evaluation.corpus_scores(take).iter().map(|row| row.score).collect::<Vec<_>>())
    });
    intervals.extend(corpus.iter().map(|parts| parts.map(|estimate| estimate.interval(0.0))));
    intervals
}

/// How two systems differ in one score (second less first), by F1.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// Keys of the score.
    pub path: Vec<String>,
    /// F1 of both systems.
    pub f1: [f64; 2],
    /// 95 % interval of the difference.
    pub interval: Interval,
    /// Two-sided p-value of the approximate randomisation test (Noreen 1989); by the jackknife's normal approximation for
    /// clusters over the corpus.
    pub p: f64,
}

/// Compares two evaluations of the same gold, made for the same types. Scores that only one of them has are left out.
#[must_use]
pub fn compare(first: &Evaluation, second: &Evaluation, resampling: Resampling) -> Vec<Comparison> {
    let everything = |_| true;
    let (one, other) = (first.layout.scores(&first.total(everything)), second.layout.scores(&second.total(everything)));
    let shared: Vec<(usize, usize)> = shared_paths(&one, &other);
    let (first_rows, second_rows) = (bundles(first), bundles(second));
    let width = first.layout.width();
    let difference = |one: &[f64], other: &[f64]| -> Vec<f64> {
        let (one, other) = (first.layout.values(one), second.layout.values(other));
        shared.iter().map(|&(here, there)| other[there].f1 - one[here].f1).collect()
    };
    let draws = resample(first_rows.len(), resampling, |weights| {
        difference(&weighted(&first_rows, weights, width), &weighted(&second_rows, weights, width))
    });
    let observed = difference(&first.total(everything), &second.total(everything));
    let swaps = randomise(&first_rows, &second_rows, resampling, width, &difference);
    let mut comparisons = Vec::new();
    for (index, &(here, there)) in shared.iter().enumerate() {
        let extreme = swaps.iter().filter(|swap| swap[index].abs() >= observed[index].abs() - 1e-12).count();
        let mut drawn: Vec<f64> = draws.iter().map(|draw| draw[index]).collect();
        comparisons.push(Comparison {
            path: one[here].path.clone(),
            f1: [one[here].score.f1, other[there].score.f1],
            interval: percentile(&mut drawn),
            p: number(extreme + 1) / number(swaps.len() + 1),
        });
    }
    comparisons.extend(compare_corpus(first, second));
    comparisons
}

fn compare_corpus(first: &Evaluation, second: &Evaluation) -> Vec<Comparison> {
    let (one, other) = (first.corpus_scores(|_| true), second.corpus_scores(|_| true));
    let shared = shared_paths(&one, &other);
    if shared.is_empty() {
        return Vec::new();
    }
    let errors = jackknife(groups_of(first), |take| {
        let (one, other) = (first.corpus_scores(take), second.corpus_scores(take));
        shared.iter().map(|&(here, there)| [other[there].score.f1 - one[here].score.f1]).collect()
    });
    let compare = |(&(here, there), &[estimate]): (&(usize, usize), &[Estimate; 1])| Comparison {
        path: one[here].path.clone(),
        f1: [one[here].score.f1, other[there].score.f1],
        interval: estimate.interval(-1.0),
        p: match estimate {
            Estimate { value, error, .. } if error > 0.0 => two_sided(value / error),
            Estimate { value, .. } => f64::from(value == 0.0),
        },
    };
    shared.iter().zip(&errors).map(compare).collect()
}

fn shared_paths(one: &[Row], other: &[Row]) -> Vec<(usize, usize)> {
    let place = |row: &Row| other.iter().position(|other| other.path == row.path);
    one.iter().enumerate().filter_map(|(here, row)| Some((here, place(row)?))).collect()
}

fn parts(scores: &[Prf]) -> Vec<[f64; 3]> {
    scores.iter().map(|score| score.parts()).collect()
}

/// The rows of the documents; of many documents, sums of some of them. Bundles of documents that are drawn at random vary
/// as documents do, and a thousand draws from a million documents would take minutes.
fn bundles(evaluation: &Evaluation) -> Vec<Vec<f64>> {
    let mut bundles = vec![vec![0.0; evaluation.layout.width()]; evaluation.rows.len().min(BUNDLES)];
    for (index, row) in evaluation.rows.iter().enumerate() {
        for (sum, number) in bundles[index % BUNDLES].iter_mut().zip(row) {
            *sum += number;
        }
    }
    bundles
}

fn weighted(rows: &[Vec<f64>], weights: &[u32], width: usize) -> Vec<f64> {
    let mut sum = vec![0.0; width];
    for (row, &weight) in rows.iter().zip(weights) {
        if weight > 0 {
            let weight = f64::from(weight);
            for (sum, number) in sum.iter_mut().zip(row) {
                *sum += weight * number;
            }
        }
    }
    sum
}

/// Calls `score` with how often each of `documents` is drawn, once a resample, on all processors.
fn resample<T: Send>(documents: usize, resampling: Resampling, score: impl Fn(&[u32]) -> T + Sync) -> Vec<T> {
    in_parallel(resampling.resamples, |index| {
        let mut generator = generator(resampling.seed, index);
        let mut weights = vec![0_u32; documents];
        for _ in 0..documents {
            weights[generator.usize(..documents)] += 1;
        }
        score(&weights)
    })
}

/// Differences after each document's systems have changed places by the toss of a coin.
fn randomise(
    first: &[Vec<f64>],
    second: &[Vec<f64>],
    resampling: Resampling,
    width: usize,
    difference: &(impl Fn(&[f64], &[f64]) -> Vec<f64> + Sync),
) -> Vec<Vec<f64>> {
    in_parallel(resampling.resamples, |index| {
        let mut generator = generator(!resampling.seed, index);
        let (mut one, mut other) = (vec![0.0; width], vec![0.0; width]);
        for (first, second) in first.iter().zip(second) {
            let (here, there) = if generator.bool() { (first, second) } else { (second, first) };
            for (((one, other), here), there) in one.iter_mut().zip(&mut other).zip(here).zip(there) {
                *one += here;
                *other += there;
            }
        }
        difference(&one, &other)
    })
}

fn generator(seed: u64, index: usize) -> fastrand::Rng {
    fastrand::Rng::with_seed(seed ^ (index as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15))
}

fn percentiles(draws: &[Vec<[f64; 3]>]) -> Vec<Intervals> {
    let scores = draws.first().map_or(0, Vec::len);
    let interval = |score: usize, part: usize| {
        let mut drawn: Vec<f64> = draws.iter().map(|draw| draw[score][part]).collect();
        percentile(&mut drawn)
    };
    (0..scores).map(|score| [0, 1, 2].map(|part| interval(score, part))).collect()
}

/// The 2.5th and the 97.5th percentile.
fn percentile(drawn: &mut [f64]) -> Interval {
    drawn.sort_by(f64::total_cmp);
    let at = |thousandths: usize| {
        drawn.get((drawn.len().saturating_sub(1) * thousandths + 500) / 1000).copied().unwrap_or_default()
    };
    Interval(at(25), at(975))
}

/// Groups of documents that the jackknife leaves out in turn.
fn groups_of(evaluation: &Evaluation) -> usize {
    let mentions: usize = evaluation.selections.iter().map(|selection| selection.gold.len()).sum();
    let affordable = JACKKNIFE_MENTIONS / mentions.max(1);
    affordable.clamp(GROUPS.1, GROUPS.0).min(evaluation.rows.len())
}

/// A value with its standard error, and the degrees of freedom behind that.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Estimate {
    value: f64,
    error: f64,
    freedom: usize,
}

/// Value and standard error of each score that `scores` gives when one group of documents is left out at a time.
fn jackknife<const N: usize>(
    groups: usize,
    scores: impl Fn(&dyn Fn(usize) -> bool) -> Vec<[f64; N]> + Sync,
) -> Vec<[Estimate; N]> {
    let all = scores(&|_| true);
    if all.is_empty() || groups < 2 {
        return all.iter().map(|parts| parts.map(|value| Estimate { value, error: 0.0, freedom: 0 })).collect();
    }
    let without = in_parallel(groups, |group| scores(&|document| document % groups != group));
    let estimate = |score: usize, part: usize| {
        let values = || without.iter().map(|left| left[score][part]);
        let mean = super::score::sum(values()) / number(groups);
        let squares = super::score::sum(values().map(|value| (value - mean).powi(2)));
        let error = (squares * number(groups - 1) / number(groups)).sqrt();
        Estimate { value: all[score][part], error, freedom: groups - 1 }
    };
    (0..all.len()).map(|score| std::array::from_fn(|part| estimate(score, part))).collect()
}

impl Estimate {
    /// The 95 % interval, cut to `least..=1`.
    fn interval(self, least: f64) -> Interval {
        let reach = student_975(self.freedom) * self.error;
        Interval((self.value - reach).max(least), (self.value + reach).min(1.0))
    }
}

/// 97.5th percentile of Student's distribution, by the expansion of Cornish and Fisher (Abramowitz and Stegun 1964,
/// 26.7.5); off by less than 0.01 from 4 degrees of freedom on.
fn student_975(freedom: usize) -> f64 {
    let (z, n) = (NORMAL_975, number(freedom.max(1)));
    let first = (z.powi(3) + z) / 4.0;
    let second = (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / 96.0;
    let third = (3.0 * z.powi(7) + 19.0 * z.powi(5) + 17.0 * z.powi(3) - 15.0 * z) / 384.0;
    z + first / n + second / n.powi(2) + third / n.powi(3)
}

/// Two-sided p-value of a standard normal deviate (Abramowitz and Stegun 1964, 7.1.26; absolute error below 1.5e-7).
fn two_sided(deviate: f64) -> f64 {
    let x = deviate.abs() / std::f64::consts::SQRT_2;
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let series =
        t * (0.254_829_592 + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    (series * (-x * x).exp()).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_of_a_ramp() {
        let mut ramp: Vec<f64> = (0..=1000).map(f64::from).collect();
        assert_eq!(percentile(&mut ramp), Interval(25.0, 975.0));
        assert_eq!(percentile(&mut []), Interval(0.0, 0.0));
    }

    #[test]
    fn the_jackknife_error_of_a_mean_is_that_of_statistics() {
        let values = [0.2, 0.4, 0.9, 0.1, 0.7];
        let mean = |take: &dyn Fn(usize) -> bool| {
            let taken: Vec<f64> = values.iter().enumerate().filter(|(index, _)| take(*index)).map(|at| *at.1).collect();
            vec![[taken.iter().sum::<f64>() / number(taken.len())]]
        };
        let [Estimate { value, error, .. }] = jackknife(5, mean)[0];
        let variance: f64 = values.iter().map(|at| (at - value).powi(2)).sum::<f64>() / 4.0;
        assert!((error - (variance / 5.0).sqrt()).abs() < 1e-12);
    }

    #[test]
    fn student_is_wider_than_the_normal() {
        for (freedom, expected) in [(9, 2.262), (24, 2.064), (49, 2.010)] {
            assert!((student_975(freedom) - expected).abs() < 1e-3, "{freedom}");
        }
    }

    #[test]
    fn normal_tail() {
        assert!((two_sided(NORMAL_975) - 0.05).abs() < 1e-6);
        assert!((two_sided(0.0) - 1.0).abs() < 1e-6);
    }

    #[test]
    fn draws_do_not_depend_on_threads() {
        let resampling = Resampling { resamples: 7, seed: 3 };
        let draws = resample(5, resampling, <[u32]>::to_vec);
        assert_eq!(draws.len(), 7);
        assert!(draws.iter().all(|draw| draw.iter().sum::<u32>() == 5));
        assert_eq!(draws, resample(5, resampling, <[u32]>::to_vec));
    }
}
