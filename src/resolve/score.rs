//! Weights of the features, the score of a candidate, and how far a type is believed.

use super::feature::{FeatureSet, Features};
use crate::entity_type::EntityType;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Score from which a mention keeps its type against the vote of its entity; chosen on CoNLL-2003 dev (`docs/resolution.md`),
/// where the tagger gives it the probability 0.9.
pub const SURE: f32 = 0.7;

/// Of the wrong mentions on CoNLL-2003 dev, the share that has the right span and another type; the others are no names, or
/// cut otherwise.
const WRONG_IN_TYPE: f32 = 0.44;

/// How far the type of a mention with this score may be believed.
pub(crate) fn type_certainty(score: f32) -> f32 {
    1.0 - WRONG_IN_TYPE * (1.0 - score.clamp(0.0, 1.0))
}

/// Sums of certainties by type, in the order of types.
#[derive(Debug, Default)]
pub(crate) struct TypeVotes(Vec<(EntityType, f32)>);

impl TypeVotes {
    /// Counts a mention of this type and score.
    pub(crate) fn add(&mut self, entity_type: EntityType, score: f32) {
        let place = self.0.binary_search_by_key(&entity_type, |(kind, _)| *kind).unwrap_or_else(|place| {
            self.0.insert(place, (entity_type, 0.0));
            place
        });
        self.0[place].1 += type_certainty(score);
    }

    /// Whether any mention has this type.
    pub(crate) fn has(&self, entity_type: EntityType) -> bool {
        self.0.iter().any(|(kind, _)| *kind == entity_type)
    }

    /// The type with the largest sum, and that; the first of equals in the order of types.
    pub(crate) fn leading(&self) -> Option<(EntityType, f32)> {
        self.0.iter().copied().reduce(|best, next| if next.1 > best.1 { next } else { best })
    }
}

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

    /// The weight of a feature by its number.
    pub(crate) fn of(&self, number: usize) -> f32 {
        self.0.get(number).copied().unwrap_or_default()
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
