//! BLANC (Recasens and Hovy 2011, extended to system mentions by Luo et al. 2014): the mean of the score over
//! coreference links and the score over non-coreference links.

use super::table::Contingency;
use crate::eval::score::{Prf, Tally, number, pairs};
use std::ops::{AddAssign, Mul};

/// Links of both kinds, and the mentions that only one side has.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct LinkCounts {
    /// Pairs of mentions in one cluster.
    pub coreference: Tally,
    /// Pairs of mentions in different clusters of one document (or of the corpus, where clusters span it).
    pub non_coreference: Tally,
    /// Mentions that one side lacks.
    pub twinless: f64,
}

impl LinkCounts {
    pub(super) fn of(table: &Contingency) -> Self {
        let inside = |sizes: &[usize]| sizes.iter().map(|&size| pairs(size)).sum::<usize>();
        let mentions = |sizes: &[usize]| sizes.iter().sum::<usize>();
        let (key_links, response_links) = (inside(&table.key_sizes), inside(&table.response_sizes));
        let (key_mentions, response_mentions) = (mentions(&table.key_sizes), mentions(&table.response_sizes));
        let common: usize = table.cells.iter().map(|cell| cell.count).sum();
        let both: usize = table.cells.iter().map(|cell| pairs(cell.count)).sum();
        let in_key: usize = table.key_overlaps().iter().map(|overlap| pairs(overlap.mentions)).sum();
        let in_response: usize = table.response_overlaps().iter().map(|overlap| pairs(overlap.mentions)).sum();
        // Common pairs that neither side links: all of them, less those that one side links, plus those that both do.
        let neither = pairs(common) + both - in_key - in_response;
        Self {
            coreference: Tally::new(number(both), number(response_links), number(key_links)),
            non_coreference: Tally::new(
                number(neither),
                number(pairs(response_mentions) - response_links),
                number(pairs(key_mentions) - key_links),
            ),
            twinless: number(key_mentions + response_mentions - 2 * common),
        }
    }

    /// The score. Where the gold has links of one kind only, that kind alone counts (Recasens and Hovy 2011, as the
    /// CoNLL scorer does); where it has none at all, the system must have none either, and the same mentions.
    #[must_use]
    pub fn prf(&self) -> Prf {
        let (linked, apart) = (self.coreference.prf(), self.non_coreference.prf());
        match (self.coreference.gold > 0.0, self.non_coreference.gold > 0.0) {
            (true, true) => Prf::mean([(linked, 1.0), (apart, 1.0)]),
            (true, false) => linked,
            (false, true) => apart,
            (false, false) => {
                let links = self.coreference.system + self.non_coreference.system;
                Prf::all(if links == 0.0 && self.twinless == 0.0 { 1.0 } else { 0.0 })
            }
        }
    }
}

impl AddAssign for LinkCounts {
    fn add_assign(&mut self, other: Self) {
        self.coreference += other.coreference;
        self.non_coreference += other.non_coreference;
        self.twinless += other.twinless;
    }
}

impl Mul<f64> for LinkCounts {
    type Output = Self;

    fn mul(self, factor: f64) -> Self {
        Self {
            coreference: self.coreference * factor,
            non_coreference: self.non_coreference * factor,
            twinless: self.twinless * factor,
        }
    }
}
