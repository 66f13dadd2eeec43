//! LEA (Moosavi and Strube 2016): the share of a cluster's links that the other side resolves, weighted by its size.
//! A singleton has a link to itself, which only a singleton resolves.

use super::table::{Cell, Contingency};
use crate::eval::score::{Tally, number, pairs, sum};

pub(super) fn tally(table: &Contingency) -> Tally {
    let keys = |cell: &Cell| (table.key_sizes[cell.key], table.response_sizes[cell.response]);
    let responses = |cell: &Cell| (table.response_sizes[cell.response], table.key_sizes[cell.key]);
    Tally {
        gold_found: side(&table.cells, keys),
        gold: number(table.key_sizes.iter().sum()),
        system_right: side(&table.cells, responses),
        system: number(table.response_sizes.iter().sum()),
    }
}

/// Resolved links, by the sizes of a cell's own cluster and of the other side's.
fn side(cells: &[Cell], sizes: impl Fn(&Cell) -> (usize, usize)) -> f64 {
    let resolved = |cell| match sizes(cell) {
        (1, 1) => 1.0,
        (1, _) => 0.0,
        (own, _) => number(own) * number(pairs(cell.count)) / number(pairs(own)),
    };
    sum(cells.iter().map(resolved))
}
