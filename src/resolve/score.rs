//! Weights of the features, and the score of a candidate.

use super::feature::{FeatureSet, Features};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A weight file cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WeightsError {
    /// Not the JSON that `scripts/train_resolver.py` writes.
    #[error("the resolver's weights are not valid: {0}; write them with scripts/train_resolver.py")]
    Json(#[from] serde_json::Error),
    /// A feature that this version does not compute.
    #[error("the resolver's weights name the feature {0:?}, which this version does not compute; train them again")]
    UnknownFeature(String),
}

#[derive(Debug, Serialize, Deserialize)]
struct File {
    /// How the weights came about, for the reader of the file.
    #[serde(default)]
    about: String,
    weights: BTreeMap<String, f32>,
}

/// What each feature counts for; a candidate is better than a new entity if its score is above zero.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights(Vec<f32>);

const EMBEDDED: &str = include_str!("../../models/resolver.json");

impl Weights {
    /// The weights that come with the crate.
    #[must_use]
    pub fn embedded() -> Self {
        // The unit test below proves that the embedded file parses.
        Self::from_json(EMBEDDED).unwrap_or_else(|_| Self(vec![0.0; FeatureSet::COUNT]))
    }

    /// Reads weights as `models/resolver.json` has them; a feature that is not named counts nothing.
    ///
    /// # Errors
    /// If the text is not such a file, or names an unknown feature.
    pub fn from_json(json: &str) -> Result<Self, WeightsError> {
        let file: File = serde_json::from_str(json)?;
        let names = FeatureSet::names();
        let mut weights = vec![0.0; FeatureSet::COUNT];
        for (name, weight) in file.weights {
            match names.iter().position(|known| *known == name) {
                Some(number) => weights[number] = weight,
                None => return Err(WeightsError::UnknownFeature(name)),
            }
        }
        Ok(Self(weights))
    }

    /// The score of a candidate.
    pub(crate) fn score(&self, features: &Features) -> f32 {
        features.iter().map(|(number, value)| self.0[number] * value).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::feature::Signal;

    #[test]
    fn the_embedded_weights_are_valid() {
        Weights::from_json(EMBEDDED).unwrap();
    }

    #[test]
    fn an_unknown_feature_is_refused() {
        let error = Weights::from_json(r#"{"weights": {"magic": 1.0}}"#).unwrap_err();
        assert!(error.to_string().contains("magic"));
    }

    #[test]
    fn a_score_is_the_weighted_sum() {
        let weights = Weights::from_json(r#"{"weights": {"bias": -1.0, "frequency": 0.5}}"#).unwrap();
        let mut features = Features::default();
        features.add(Signal::Bias, 1.0);
        features.add(Signal::Frequency, 4.0);
        assert!((weights.score(&features) - 1.0).abs() < 1e-6);
    }
}
