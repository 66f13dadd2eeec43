//! Scores that mean something: from the probability that a network gives a mention to the share of such mentions that are
//! right.

use serde::Deserialize;

/// How sure a network may be believed to be, measured on texts that it was not trained on: points (probability, share of
/// right mentions), joined by straight lines. Outside the points the nearest counts.
///
/// `scripts/calibrate.py` makes it and writes it into `config.json`. A line in log-odds (Platt 1999) was tried: it cannot
/// follow our networks, whose precision falls off a cliff below 0.98.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "Vec<(f32, f32)>")]
pub struct Calibration(Vec<(f32, f32)>);

/// Why a list of points is no calibration.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error(
    "score_calibration: expected points [probability, score] between 0 and 1, probabilities rising, scores not falling"
)]
pub struct CalibrationError;

impl TryFrom<Vec<(f32, f32)>> for Calibration {
    type Error = CalibrationError;

    fn try_from(points: Vec<(f32, f32)>) -> Result<Self, CalibrationError> {
        let is_share = |value: f32| (0.0..=1.0).contains(&value);
        let inside = points.iter().all(|&(probability, score)| is_share(probability) && is_share(score));
        let rising = points.windows(2).all(|pair| pair[0].0 < pair[1].0 && pair[0].1 <= pair[1].1);
        if points.is_empty() || !inside || !rising { Err(CalibrationError) } else { Ok(Self(points)) }
    }
}

impl Calibration {
    /// The share of mentions with this `probability` that are right.
    #[must_use]
    pub fn score(&self, probability: f32) -> f32 {
        let points = &self.0;
        let after = points.partition_point(|&(known, _)| known <= probability);
        if after == 0 || after == points.len() {
            return points[after.saturating_sub(1)].1;
        }
        let ((left, low), (right, high)) = (points[after - 1], points[after]);
        (low + (high - low) * ((probability - left) / (right - left))).min(high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_are_joined_by_lines() {
        let calibration = Calibration::try_from(vec![(0.5, 0.25), (0.75, 0.5), (1.0, 1.0)]).unwrap();
        for (probability, score) in [(0.0, 0.25), (0.5, 0.25), (0.625, 0.375), (0.75, 0.5), (0.875, 0.75), (1.0, 1.0)] {
            assert!((calibration.score(probability) - score).abs() < 1e-6);
        }
    }

    #[test]
    fn points_that_fall_or_lie_outside_are_refused() {
        for points in [vec![], vec![(0.5, 1.5)], vec![(0.5, 0.5), (0.5, 0.6)], vec![(0.1, 0.9), (0.2, 0.8)]] {
            assert_eq!(Calibration::try_from(points), Err(CalibrationError));
        }
        assert!(Calibration::try_from(vec![(f32::NAN, 0.5)]).is_err());
    }

    proptest! {
        #[test]
        fn scores_keep_their_order(
            points in prop::collection::vec((0.0_f32..=1.0, 0.0_f32..=1.0), 1..12),
            a in 0.0_f32..=1.0,
            b in 0.0_f32..=1.0,
        ) {
            let (mut probabilities, mut scores): (Vec<f32>, Vec<f32>) = points.into_iter().unzip();
            probabilities.sort_by(f32::total_cmp);
            probabilities.dedup();
            scores.sort_by(f32::total_cmp);
            let calibration = Calibration::try_from(probabilities.into_iter().zip(scores).collect::<Vec<_>>()).unwrap();
            let (low, high) = (calibration.score(a.min(b)), calibration.score(a.max(b)));
            prop_assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0);
        }
    }
}
