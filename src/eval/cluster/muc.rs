//! MUC (Vilain et al. 1995): the links that are missing to make a cluster whole. Singletons have no links and do not count.
//!
//! Recall is Σ (|K| − parts of K in the response) / Σ (|K| − 1); a mention that the system lacks is a part of its own.

use super::table::{Contingency, Overlap};
use crate::eval::score::{Tally, number};

pub(super) fn tally(table: &Contingency) -> Tally {
    let (gold_found, gold) = side(&table.key_sizes, &table.key_overlaps());
    let (system_right, system) = side(&table.response_sizes, &table.response_overlaps());
    Tally { system_right, system, gold_found, gold }
}

fn side(sizes: &[usize], overlaps: &[Overlap]) -> (f64, f64) {
    let kept: usize = overlaps.iter().map(|overlap| overlap.mentions - overlap.clusters).sum();
    let links: usize = sizes.iter().map(|size| size.saturating_sub(1)).sum();
    (number(kept), number(links))
}
