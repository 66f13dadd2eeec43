//! The named features of one decision: does this mention belong to this entity?
//!
//! In come the parsed name, type and surroundings of a mention, and an entity as it stands; out comes a sparse vector
//! over [`FeatureSet::names`]. The names are the contract with `models/resolver.json`: each is a thing that a person
//! can check by eye. `docs/resolution.md` describes them one by one.

use super::relation::{Kind, Relation};

/// Declares the features that are not a pair of kind and relation.
macro_rules! signals {
    ($($(#[$doc:meta])* $variant:ident = $label:literal,)*) => {
        /// A feature beside the relation of the names.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Signal { $($(#[$doc])* $variant,)* }

        impl Signal {
            /// Every signal.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The feature's name.
            pub(crate) fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

signals! {
    /// Always 1: what every merge has to overcome.
    Bias = "bias",
    /// Both have one and the same entry in the world file.
    WorldSame = "world_same",
    /// They share an entry, and one of them has others too.
    WorldShared = "world_shared",
    /// Both have entries, and none in common.
    WorldClash = "world_clash",
    /// The mention stands in brackets after the entity and is its acronym, or the other way round.
    DefinedAcronym = "defined_acronym",
    /// The mention stands in brackets after the entity and has the same type, but fits no acronym.
    DefinedOther = "defined_other",
    /// "also known as", "formerly" between the two.
    AlsoKnown = "also_known",
    /// The two stand side by side with a comma between, as a town and its country do.
    SideBySide = "side_by_side",
    /// "and", "vs", "beat" between the two.
    Coordinated = "coordinated",
    /// Form of address or given name of another gender.
    GenderClash = "gender_clash",
    /// Form of address or given name of the same gender.
    GenderSame = "gender_same",
    /// A title stands before a bare family name, and the entity has a full name.
    TitledFamily = "titled_family",
    /// The bare family name also belongs to another entity that is nearer.
    RivalCloser = "rival_closer",
    /// Logarithm of the number of other entities that the name may belong to.
    Rivals = "rivals",
    /// Logarithm of the number of mentions between.
    Distance = "distance",
    /// The entity occurs only after the mention.
    OnlyAfter = "only_after",
    /// Logarithm of the entity's number of mentions.
    Frequency = "frequency",
    /// The shorter name consists of words such as "bank", "commission", "party".
    ShortGeneric = "short_generic",
    /// As before, and "the" stands in front.
    ShortGenericDefinite = "short_generic_definite",
    /// The shorter name is a known place, the longer one is not.
    ShortPlace = "short_place",
    /// The shorter name is a known place and stands for an organisation that begins with it.
    ShortPlaceOrg = "short_place_org",
    /// The bare name is a given name.
    ShortGivenName = "short_given_name",
    /// Share of the entity's other forms that overlap with the name without fitting it.
    OverlapForms = "overlap_forms",
    /// Share of the entity's other forms that have nothing in common with the name.
    UnrelatedForms = "unrelated_forms",
    /// The mention is in capitals and the entity is not, or the other way round.
    CapitalsDiffer = "capitals_differ",
    /// The mention or its form is an acronym, and the entity goes by another acronym.
    OtherAcronym = "other_acronym",
    /// An entity of full names and a mention whose full name has nothing in common with one of them.
    OtherFullName = "other_full_name",
}

/// The numbering of the features.
#[derive(Debug)]
pub(crate) struct FeatureSet;

impl FeatureSet {
    /// Number of features.
    pub(crate) const COUNT: usize = Kind::ALL.len() * Relation::ALL.len() + Signal::ALL.len();

    /// Number of the feature "the names of this kind are so related".
    pub(crate) fn relation(kind: Kind, relation: Relation) -> usize {
        kind as usize * Relation::ALL.len() + relation as usize
    }

    /// Number of a signal.
    pub(crate) fn signal(signal: Signal) -> usize {
        Kind::ALL.len() * Relation::ALL.len() + signal as usize
    }

    /// The names of all features, by number.
    pub(crate) fn names() -> Vec<String> {
        let pairs = Kind::ALL.into_iter().flat_map(|kind| {
            Relation::ALL.iter().map(move |relation| format!("{}:{}", kind.label(), relation.label()))
        });
        pairs.chain(Signal::ALL.iter().map(|signal| signal.label().to_owned())).collect()
    }
}

/// A sparse feature vector.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Features(Vec<(usize, f32)>);

impl Features {
    /// Adds a relation with a weight; zero adds nothing.
    pub(crate) fn add_relation(&mut self, kind: Kind, relation: Relation, value: f32) {
        if value > 0.0 {
            self.0.push((FeatureSet::relation(kind, relation), value));
        }
    }

    /// Adds a signal with a value; zero adds nothing.
    pub(crate) fn add(&mut self, signal: Signal, value: f32) {
        if value != 0.0 {
            self.0.push((FeatureSet::signal(signal), value));
        }
    }

    /// Adds a signal that holds or does not.
    pub(crate) fn add_if(&mut self, signal: Signal, holds: bool) {
        if holds {
            self.add(signal, 1.0);
        }
    }

    /// Numbers and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, f32)> + '_ {
        self.0.iter().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_feature_has_a_name_of_its_own_at_its_number() {
        let names = FeatureSet::names();
        assert_eq!(names.len(), FeatureSet::COUNT);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), FeatureSet::COUNT);
        assert_eq!(names[FeatureSet::relation(Kind::OrgLoc, Relation::Acronym)], "org_loc:acronym");
        assert_eq!(names[FeatureSet::signal(Signal::Frequency)], "frequency");
    }
}
