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
    /// A place, and the nickname of a team that plays for it.
    TeamOfPlace = "team_of_place",
    /// A country, and the nickname of its national team.
    NationalTeam = "national_team",
    /// Both have entries, and none in common.
    WorldClash = "world_clash",
    /// The mention stands in brackets after the entity and is its acronym, or the other way round.
    DefinedAcronym = "defined_acronym",
    /// An acronym stands in brackets after a name of the same type whose letters it does not have ("Bund (FDL)").
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
    /// A pronoun behind the name tells the gender that the other has.
    PronounSame = "pronoun_same",
    /// A pronoun behind the name tells another gender than the other has.
    PronounClash = "pronoun_clash",
    /// Both are said to be of one place ("Mr Olsson of Kalmar").
    BearerPlaceSame = "bearer_place_same",
    /// The two are said to be of other places.
    BearerPlaceOther = "bearer_place_other",
    /// Both have one title or office ("the senator, Mr Olsson").
    OfficeSame = "office_same",
    /// The two have other titles or offices.
    OfficeOther = "office_other",
    /// "Jr", "III" beside both names.
    GenerationSame = "generation_same",
    /// Two full names, "Jr" or "III" beside one of them.
    GenerationMissing = "generation_missing",
    /// Two spellings: how common the rarer one is, 0 to 1 (1: a million bearers); a slip of the pen has few.
    CommonSpelling = "common_spelling",
    /// A given name alone: the share of those with the word in their name whose given name it is.
    GivenShare = "given_share",
    /// A title stands before a bare family name, and the entity has a full name.
    TitledFamily = "titled_family",
    /// The bare family name also belongs to another entity that is nearer.
    RivalCloser = "rival_closer",
    /// Logarithm of the number of other entities that the name may belong to.
    Rivals = "rivals",
    /// The name may also belong to another entity, which the text names first.
    RivalEarlier = "rival_earlier",
    /// One is a person and the other is none, and both types are sure: 0 to 1.
    PersonDiffers = "person_differs",
    /// An organisation and a place of one name, one always with "the" and the other never: "the Amazon".
    ArticleDiffers = "article_differs",
    /// The entity is of another kind than the mention, and one of the mention's kind has a longer form of its name.
    RivalOfKind = "rival_of_kind",
    /// In a report on sport, one is a place where something happens, the other a place that acts, as a team does.
    SettingDiffers = "setting_differs",
    /// Logarithm of the number of mentions between, where the entity has the very name.
    Distance = "distance",
    /// Logarithm of the number of mentions between, where it has another form.
    DistancePart = "distance_part",
    /// The entity occurs only after the mention.
    OnlyAfter = "only_after",
    /// Logarithm of the entity's number of mentions, where it has the very name.
    Frequency = "frequency",
    /// Logarithm of the entity's number of mentions, where it has another form.
    FrequencyPart = "frequency_part",
    /// The shorter name consists of words such as "bank", "commission", "party".
    ShortGeneric = "short_generic",
    /// As before, and "the" stands in front.
    ShortGenericDefinite = "short_generic_definite",
    /// The shorter name is a known place, the longer one is not.
    ShortPlace = "short_place",
    /// The shorter name is a known place and stands for an organisation that begins with it.
    ShortPlaceOrg = "short_place_org",
    /// What the longer name adds to the shorter is a known place ("Norvik Brazil", "Norvik").
    ExtraPlace = "extra_place",
    /// Logarithm of how often the entity's full name is repeated, where the mention is a bare family name: whoever needs
    /// the full name each time is not the one meant by the bare one.
    FullRepeated = "full_repeated",
    /// The bare family name is a given name.
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

    /// Whether something beside the forms speaks for the two being one.
    pub(crate) fn has_evidence(&self) -> bool {
        use Signal::{AlsoKnown, DefinedAcronym, DefinedOther, NationalTeam, TeamOfPlace, WorldSame, WorldShared};
        let reasons = [AlsoKnown, DefinedAcronym, DefinedOther, NationalTeam, TeamOfPlace, WorldSame, WorldShared];
        self.0.iter().any(|(number, _)| reasons.iter().any(|reason| FeatureSet::signal(*reason) == *number))
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
