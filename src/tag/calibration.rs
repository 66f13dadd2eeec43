//! Scores that mean something: from the probability that a network gives a mention to the share of such mentions that are
//! right.

use serde::Deserialize;

/// Probabilities are kept this far from 0 and 1, where their log-odds would be infinite.
const MARGIN: f32 = 1e-6;

/// A line in log-odds (Platt 1999): networks are too sure of themselves, and by how much is measured on held-out data.
/// `scripts/calibrate.py` fits it and writes it into `config.json`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// What the log-odds are multiplied by; above 0, so that the order of scores stays.
    pub slope: f32,
    /// What is added to them.
    pub intercept: f32,
}

impl Calibration {
    /// Whether scores calibrated with it are numbers in the order of the probabilities.
    #[must_use]
    pub fn is_usable(self) -> bool {
        self.slope.is_finite() && self.slope > 0.0 && self.intercept.is_finite()
    }

    /// The share of mentions with this `probability` that are right.
    #[must_use]
    pub fn score(self, probability: f32) -> f32 {
        let probability = probability.clamp(MARGIN, 1.0 - MARGIN);
        let log_odds = (probability / (1.0 - probability)).ln();
        1.0 / (1.0 + (-(self.slope * log_odds + self.intercept)).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_line_through_the_origin_changes_nothing() {
        let same = Calibration { slope: 1.0, intercept: 0.0 };
        for probability in [0.1, 0.5, 0.93] {
            assert!((same.score(probability) - probability).abs() < 1e-6);
        }
        let half_as_sure = Calibration { slope: 0.5, intercept: 0.0 };
        assert!((half_as_sure.score(0.9) - 0.75).abs() < 1e-6);
    }

    proptest! {
        #[test]
        fn scores_keep_their_order(a in 0.0_f32..=1.0, b in 0.0_f32..=1.0, slope in 0.01_f32..4.0, intercept in -5.0_f32..5.0) {
            let line = Calibration { slope, intercept };
            prop_assert!(line.is_usable());
            let (low, high) = (line.score(a.min(b)), line.score(a.max(b)));
            prop_assert!((0.0..=1.0).contains(&low) && low <= high && high <= 1.0);
        }
    }
}
