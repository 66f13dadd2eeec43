//! What each feature is worth.

use super::feature::{COUNT, Feature, Features};

/// Weights of the features. A mention joins the entity with the highest score above 0, else it opens a new one.
///
/// Strong evidence is worth about 4; a clash that evidence of this strength must not outweigh costs 5 or more. Set by
/// hand and checked on the AIDA-CoNLL training part; `docs/resolution.md` has the figures.
const WEIGHTS: [(Feature, f32); COUNT] = [
    (Feature::SameForm, 4.5),
    (Feature::SameEntry, 4.0),
    (Feature::OtherEntry, -6.0),
    (Feature::Defined, 8.0),
    (Feature::FullName, 4.0),
    (Feature::FamilyName, 4.0),
    (Feature::FirstName, 2.0),
    (Feature::OtherGivenName, -20.0),
    (Feature::OtherGender, -20.0),
    (Feature::UnknownGender, -0.5),
    (Feature::SameCore, 4.0),
    (Feature::Head, 2.0),
    (Feature::Tail, 1.0),
    (Feature::Acronym, 3.0),
    (Feature::PlaceAndOrganization, -6.0),
    (Feature::PersonAndOther, -3.0),
    (Feature::MiscAndOther, -6.0),
    (Feature::Distance, -0.9),
    (Feature::Later, -0.95),
];

/// The sum of what speaks for and against.
#[must_use]
pub fn score(features: &Features) -> f32 {
    // A name that fits in several ways is no better than its best fit.
    let value = |feature: Feature, weight: f32| features[feature as usize] * weight;
    let best = WEIGHTS.iter().map(|&(feature, weight)| value(feature, weight)).fold(0.0, f32::max);
    best + WEIGHTS.iter().map(|&(feature, weight)| value(feature, weight)).filter(|&worth| worth < 0.0).sum::<f32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_feature_has_its_weight() {
        for (index, (feature, _)) in WEIGHTS.iter().enumerate() {
            assert_eq!(*feature as usize, index);
        }
    }
}
