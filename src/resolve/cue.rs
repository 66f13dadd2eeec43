//! Words around names, and what they tell: data in `src/resolve/cues.tsv`.

use crate::name::{Gender, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word or phrase tells of a name beside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Cue {
    /// Something is or happens there: "in", "near".
    Setting,
    /// The names before and behind it are two: "and", "beat".
    Coordination,
    /// The names before and behind it are one's: "also known as".
    AlsoKnown,
    /// The document is about sport: "goalkeeper".
    Sport,
    /// A woman's name follows: "daughter".
    KinFemale,
    /// A man's name follows: "son".
    KinMale,
    /// Ending of the adjective of a place.
    Adjective,
    /// Letters follow that are short for the name before: ", or the".
    LettersFollow,
    /// The name follows that the letters before are short for: "stands for".
    WordsFollow,
    /// Stands before letters in brackets: "hereinafter".
    BracketLead,
    /// The name behind is the former one of the name before: "formerly".
    Formerly,
    /// The name behind is the present one of the name before: "changed its name to".
    Renamed,
    /// The name behind is the one that a person was born with: "née".
    Born,
    /// The name before is a part of the name behind: "subsidiary of".
    PartOf,
    /// The name behind is a part of the name before: "spun off".
    WholeOf,
    /// The names before and behind are two: "owns a stake in".
    Distinct,
    /// Behind a name, makes it a part of the name before: "unit".
    PartNoun,
    /// May stand between a name and what it is also called: "which", "was".
    Filler,
    /// Behind a comma, a verb whose subject stands further before: "is".
    Clause,
    /// Takes a claim back: "not".
    Doubt,
    /// Stands before the code of a share: "nasdaq".
    Exchange,
    /// A form of address, which is no office: "mr".
    Address,
    /// A word that ends a noun phrase: "and", "in".
    AfterObject,
}

impl Cue {
    const ALL: [Self; 23] = [
        Self::Setting,
        Self::Coordination,
        Self::AlsoKnown,
        Self::Sport,
        Self::KinFemale,
        Self::KinMale,
        Self::Adjective,
        Self::LettersFollow,
        Self::WordsFollow,
        Self::BracketLead,
        Self::Formerly,
        Self::Renamed,
        Self::Born,
        Self::PartOf,
        Self::WholeOf,
        Self::Distinct,
        Self::PartNoun,
        Self::Filler,
        Self::Clause,
        Self::Doubt,
        Self::Exchange,
        Self::Address,
        Self::AfterObject,
    ];

    /// The name in `cues.tsv`.
    const fn label(self) -> &'static str {
        match self {
            Self::Setting => "setting",
            Self::Coordination => "coordination",
            Self::AlsoKnown => "also-known",
            Self::Sport => "sport",
            Self::KinFemale => "kin-female",
            Self::KinMale => "kin-male",
            Self::Adjective => "adjective",
            Self::LettersFollow => "letters-follow",
            Self::WordsFollow => "words-follow",
            Self::BracketLead => "bracket-lead",
            Self::Formerly => "formerly",
            Self::Renamed => "renamed",
            Self::Born => "born",
            Self::PartOf => "part-of",
            Self::WholeOf => "whole-of",
            Self::Distinct => "distinct",
            Self::PartNoun => "part-noun",
            Self::Filler => "filler",
            Self::Clause => "clause",
            Self::Doubt => "doubt",
            Self::Exchange => "exchange",
            Self::Address => "address",
            Self::AfterObject => "after-object",
        }
    }
}

/// For each word or phrase, its cues.
static CUES: LazyLock<HashMap<&'static str, Vec<Cue>>> = LazyLock::new(|| {
    let mut cues: HashMap<&str, Vec<Cue>> = HashMap::new();
    for cue in Cue::ALL {
        for phrase in phrases(cue) {
            cues.entry(phrase).or_default().push(cue);
        }
    }
    cues
});

/// For each cue, its words and phrases in the order of the file.
static PHRASES: LazyLock<Vec<Vec<&'static str>>> = LazyLock::new(|| {
    let of = |cue: Cue| {
        let mine = rows(include_str!("cues.tsv")).filter(|row| row.first() == Some(&cue.label()));
        mine.filter_map(|row| row.get(1).copied()).flat_map(|phrases| phrases.split(';')).collect()
    };
    Cue::ALL.into_iter().map(of).collect()
});

/// The words and phrases of a cue.
pub(crate) fn phrases(cue: Cue) -> impl Iterator<Item = &'static str> {
    PHRASES[cue as usize].iter().copied()
}

/// Whether a word or phrase in lower case gives this cue.
pub(crate) fn is_cue(cue: Cue, phrase: &str) -> bool {
    CUES.get(phrase).is_some_and(|cues| cues.contains(&cue))
}

/// Gender that a word of kinship tells.
pub(crate) fn kinship(folded: &str) -> Option<Gender> {
    let told = |cue, gender| is_cue(cue, folded).then_some(gender);
    told(Cue::KinFemale, Gender::Female).or_else(|| told(Cue::KinMale, Gender::Male))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cue_has_phrases() {
        for cue in Cue::ALL {
            assert!(phrases(cue).count() > 4, "{}", cue.label());
        }
        assert!(is_cue(Cue::AlsoKnown, "known as") && !is_cue(Cue::Setting, "known as"));
        assert_eq!(
            (kinship("niece"), kinship("nephew"), kinship("judge")),
            (Some(Gender::Female), Some(Gender::Male), None)
        );
    }
}
