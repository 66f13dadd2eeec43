//! CEAF (Luo 2005): clusters are aligned one to one so that their similarity is greatest. φ3 (CEAF-m) counts shared
//! mentions, φ4 (CEAF-e) is twice the shared mentions over the sum of the sizes.

use super::assignment::best_assignment;
use super::table::{Cell, Contingency};
use crate::eval::score::{Tally, number};

/// CEAF-m and CEAF-e.
pub(super) fn tally(table: &Contingency) -> (Tally, Tally) {
    let best = |similarity: &dyn Fn(&Cell) -> f64| {
        let edges: Vec<(usize, usize, f64)> =
            table.cells.iter().map(|cell| (cell.key, cell.response, similarity(cell))).collect();
        best_assignment(&edges)
    };
    let shared = best(&|cell| number(cell.count));
    let alike = best(&|cell| {
        2.0 * number(cell.count) / number(table.key_sizes[cell.key] + table.response_sizes[cell.response])
    });
    let mentions = |sizes: &[usize]| number(sizes.iter().sum());
    let clusters = |sizes: &[usize]| number(sizes.iter().filter(|&&size| size > 0).count());
    (
        Tally::new(shared, mentions(&table.response_sizes), mentions(&table.key_sizes)),
        Tally::new(alike, clusters(&table.response_sizes), clusters(&table.key_sizes)),
    )
}
