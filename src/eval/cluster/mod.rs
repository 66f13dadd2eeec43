//! Scores of clusterings: takes, for each mention, its gold cluster (the key) and its cluster in the system (the
//! response), gives one score a metric. A mention may lack either; it then earns nothing on the other side, as in the
//! CoNLL scorer 8.01 (Pradhan et al. 2014).
//!
//! Everything is computed from one sparse contingency table, so the work grows with the mentions, not with pairs.

mod alias;
mod assignment;
mod b_cubed;
mod blanc;
mod ceaf;
mod groups;
mod item;
mod lea;
mod muc;
mod table;

pub use assignment::best_assignment;
pub use blanc::LinkCounts;
pub use item::Item;
pub use table::Contingency;

use super::score::{Prf, Tally};
use serde::Serialize;
use std::ops::{AddAssign, Mul};

/// Counts of every metric; those of documents add up to those of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct ClusterTally {
    /// Vilain et al. 1995.
    pub muc: Tally,
    /// Bagga and Baldwin 1998.
    pub b_cubed: Tally,
    /// Luo 2005, mention-based (φ3).
    pub ceaf_m: Tally,
    /// Luo 2005, entity-based (φ4).
    pub ceaf_e: Tally,
    /// Recasens and Hovy 2011, Luo et al. 2014.
    pub blanc: LinkCounts,
    /// Moosavi and Strube 2016.
    pub lea: Tally,
    /// Linked pairs of mentions with different surface forms.
    pub alias_pairs: Tally,
}

impl ClusterTally {
    /// Counts one clustering against another.
    #[must_use]
    pub fn of(items: &[Item]) -> Self {
        let table = Contingency::new(items);
        let (ceaf_m, ceaf_e) = ceaf::tally(&table);
        Self {
            muc: muc::tally(&table),
            b_cubed: b_cubed::tally(&table),
            ceaf_m,
            ceaf_e,
            blanc: LinkCounts::of(&table),
            lea: lea::tally(&table),
            alias_pairs: alias::tally(items),
        }
    }

    /// The scores that these counts give.
    #[must_use]
    pub fn scores(&self) -> ClusterScores {
        let (muc, b_cubed, ceaf_e) = (self.muc.prf(), self.b_cubed.prf(), self.ceaf_e.prf());
        ClusterScores {
            muc,
            b_cubed,
            ceaf_m: self.ceaf_m.prf(),
            ceaf_e,
            blanc: self.blanc.prf(),
            lea: self.lea.prf(),
            conll: Prf::mean([muc, b_cubed, ceaf_e].map(|score| (score, 1.0))),
            alias_pairs: self.alias_pairs.prf(),
        }
    }
}

impl AddAssign for ClusterTally {
    fn add_assign(&mut self, other: Self) {
        self.muc += other.muc;
        self.b_cubed += other.b_cubed;
        self.ceaf_m += other.ceaf_m;
        self.ceaf_e += other.ceaf_e;
        self.blanc += other.blanc;
        self.lea += other.lea;
        self.alias_pairs += other.alias_pairs;
    }
}

impl Mul<f64> for ClusterTally {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            muc: self.muc * factor,
            b_cubed: self.b_cubed * factor,
            ceaf_m: self.ceaf_m * factor,
            ceaf_e: self.ceaf_e * factor,
            blanc: self.blanc * factor,
            lea: self.lea * factor,
            alias_pairs: self.alias_pairs * factor,
        }
    }
}

/// One score a metric.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize)]
pub struct ClusterScores {
    /// MUC.
    pub muc: Prf,
    /// B-cubed.
    pub b_cubed: Prf,
    /// CEAF over mentions.
    pub ceaf_m: Prf,
    /// CEAF over entities.
    pub ceaf_e: Prf,
    /// BLANC.
    pub blanc: Prf,
    /// LEA.
    pub lea: Prf,
    /// Mean of MUC, B-cubed and CEAF-e (CoNLL-2012).
    pub conll: Prf,
    /// Pairs of different surface forms.
    pub alias_pairs: Prf,
}

impl ClusterScores {
    /// Names of the metrics, as in the JSON, in the order of [`ClusterScores::list`].
    pub const NAMES: [&'static str; 8] = ["muc", "b_cubed", "ceaf_m", "ceaf_e", "blanc", "lea", "conll", "alias_pairs"];

    /// Every score, in the order of [`ClusterScores::NAMES`].
    #[must_use]
    pub const fn list(&self) -> [Prf; 8] {
        [self.muc, self.b_cubed, self.ceaf_m, self.ceaf_e, self.blanc, self.lea, self.conll, self.alias_pairs]
    }
}

#[cfg(test)]
mod tests;
