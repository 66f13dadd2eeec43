//! What kind of thing a name stands for: one of four known types, or a type of a model's or a user's own.
//!
//! The four are those of CoNLL-2003, for which the resolver has grammars. Any other type (`DRUG`, `LAW` …) goes through
//! under its own name.

use crate::visible::is_odd;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

/// What kind of thing a name stands for.
///
/// Types are ordered as tables list them: the four known ones first, then a model's own by their labels.
///
/// ```
/// use namesake::entity_type::EntityType;
///
/// assert_eq!(EntityType::from_label("per"), EntityType::Per);
/// let drug = EntityType::from_label("DRUG");
/// assert_eq!((drug.label(), drug.is_known()), ("DRUG", false));
/// assert!(EntityType::Misc < drug);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntityType {
    /// A person.
    Per,
    /// An organisation: company, agency, party, team, international body.
    Org,
    /// A place: country, city, region, river, facility.
    Loc,
    /// Another name: nationality, event, work, product.
    Misc,
    /// A type of a model's or a user's own.
    Own(OwnType),
}

/// The label of a type that is none of the four known ones, upper and lower case as given.
///
/// Each distinct label is kept once, until the program ends: so a type stays as small and as cheap to copy as a
/// reference, and a program meets few of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OwnType(&'static str);

/// The labels so far.
static LABELS: RwLock<BTreeSet<&'static str>> = RwLock::new(BTreeSet::new());

impl OwnType {
    /// Never for the label of a known type, which would make two types of one.
    fn new(label: &str) -> Self {
        // A thread that panicked left the set as it was before or after one insertion.
        let known = LABELS.read().unwrap_or_else(PoisonError::into_inner).get(label).copied();
        Self(known.unwrap_or_else(|| {
            let mut labels = LABELS.write().unwrap_or_else(PoisonError::into_inner);
            // Another thread may have been faster.
            labels.get(label).copied().unwrap_or_else(|| {
                let kept: &'static str = Box::leak(label.into());
                labels.insert(kept);
                kept
            })
        }))
    }

    /// The label, as given.
    #[must_use]
    pub const fn label(self) -> &'static str {
        self.0
    }

    /// One of `choices`, always the same for a label: for its colour.
    pub(crate) fn pick<T: Copy, const COUNT: usize>(self, choices: [T; COUNT]) -> T {
        // FNV-1a, 32 bit: the same on every machine and in every version, as the standard library's hash is not.
        let hash =
            self.0.bytes().fold(0x811c_9dc5_u32, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        choices[hash as usize % COUNT]
    }
}

impl EntityType {
    /// What a mention has whose source gives no type; its label is empty.
    pub const UNTYPED: Self = Self::Own(OwnType(""));

    /// The four known types, in the order in which tables list them.
    pub const KNOWN: [Self; 4] = [Self::Per, Self::Org, Self::Loc, Self::Misc];

    /// The label as written in every output format: `PER`, `ORG`, `LOC`, `MISC`, or a type's own.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Per => "PER",
            Self::Org => "ORG",
            Self::Loc => "LOC",
            Self::Misc => "MISC",
            Self::Own(own) => own.label(),
        }
    }

    /// The known type with this label, upper or lower case.
    #[must_use]
    pub fn known(label: &str) -> Option<Self> {
        Self::KNOWN.into_iter().find(|kind| kind.label().eq_ignore_ascii_case(label))
    }

    /// The type that [`label`](Self::label) writes so: a known one, upper or lower case, or one of its own. What labels
    /// of other tools mean is not looked up here. White space and characters that steer a terminal become `_`, so that a
    /// label fits in a column of any format.
    #[must_use]
    pub fn from_label(label: &str) -> Self {
        let label = label.trim();
        Self::known(label).unwrap_or_else(|| {
            let plain = |c: char| if c.is_whitespace() || is_odd(c) { '_' } else { c };
            let label: String = label.chars().map(plain).collect();
            Self::Own(OwnType::new(if label.is_empty() { "_" } else { &label }))
        })
    }

    /// The type of exactly this label, as annotations have it: `per` is a type of its own, and no character is changed. The
    /// empty label is [`UNTYPED`](Self::UNTYPED).
    #[must_use]
    pub fn exact(label: &str) -> Self {
        Self::KNOWN.into_iter().find(|kind| kind.label() == label).unwrap_or_else(|| Self::Own(OwnType::new(label)))
    }

    /// Whether it is one of the four.
    #[must_use]
    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Own(_))
    }
}

impl std::fmt::Display for EntityType {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.label())
    }
}

impl Serialize for EntityType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.label())
    }
}

impl<'de> Deserialize<'de> for EntityType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let label = std::borrow::Cow::<str>::deserialize(deserializer)?;
        if label.trim().is_empty() {
            return Err(serde::de::Error::custom("a type must have a name"));
        }
        Ok(Self::from_label(&label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_is_kept_once_and_read_as_it_was_written() {
        let drug = EntityType::from_label("DRUG");
        assert_eq!(drug, EntityType::from_label(&String::from("DRUG")));
        assert!(std::ptr::eq(drug.label(), EntityType::from_label("DRUG").label()));
        assert_ne!(drug, EntityType::from_label("drug"));
        for kind in EntityType::KNOWN.into_iter().chain([drug]) {
            let json = serde_json::to_string(&kind).unwrap();
            assert_eq!(json, format!("{:?}", kind.label()));
            assert_eq!(serde_json::from_str::<EntityType>(&json).unwrap(), kind);
        }
        assert!(serde_json::from_str::<EntityType>("\"\"").is_err());
        assert_eq!(EntityType::from_label(" rare\tdisease\u{202e} ").label(), "rare_disease_");
    }

    #[test]
    fn types_are_ordered_as_tables_list_them() {
        let [law, drug] = ["LAW", "DRUG"].map(EntityType::from_label);
        let mut types = vec![law, EntityType::Misc, drug, EntityType::Per];
        types.sort_unstable();
        assert_eq!(types, [EntityType::Per, EntityType::Misc, drug, law]);
    }

    #[test]
    fn threads_that_meet_a_label_at_once_make_one_type() {
        let label = || EntityType::from_label("MET_AT_ONCE").label();
        let labels: Vec<&str> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(label)).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert!(labels.iter().all(|one| std::ptr::eq(*one, labels[0])));
    }
}
