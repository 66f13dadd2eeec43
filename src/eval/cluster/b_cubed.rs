//! B-cubed (Bagga and Baldwin 1998): for each mention, how much of its cluster the other side has around it.
//!
//! Recall is Σ |K ∩ R|² / |K| over the number of gold mentions; precision the same with the sides exchanged.

use super::table::Contingency;
use crate::eval::score::{Tally, number};

pub(super) fn tally(table: &Contingency) -> Tally {
    let mut tally = Tally {
        system: number(table.response_sizes.iter().sum()),
        gold: number(table.key_sizes.iter().sum()),
        ..Tally::default()
    };
    for cell in &table.cells {
        let square = number(cell.count * cell.count);
        tally.gold_found += square / number(table.key_sizes[cell.key]);
        tally.system_right += square / number(table.response_sizes[cell.response]);
    }
    tally
}
