//! Which type the system gives where the gold has which.

use super::shown::Shown;
use crate::eval::breakdown::NOTHING;
use crate::number::grouped;
use std::collections::BTreeMap;

/// Most types in the matrix; the rarer ones share a row and a column.
const TYPES: usize = 16;
/// Depths of colour that the style sheet knows, the palest first.
const DEPTHS: u64 = 6;
/// Name of what the rarer types share.
const OTHERS: &str = "other types";

/// Counts of pairs by gold type (rows) and system type (columns).
#[derive(Debug)]
pub(super) struct Confusion<'a> {
    pub(super) types: Vec<Shown<'a>>,
    pub(super) rows: Vec<ConfusionRow<'a>>,
    /// Types that share a row.
    pub(super) merged: usize,
}

/// A gold type.
#[derive(Debug)]
pub(super) struct ConfusionRow<'a> {
    pub(super) name: Shown<'a>,
    pub(super) cells: Vec<ConfusionCell>,
}

/// A pair of types.
#[derive(Debug)]
pub(super) struct ConfusionCell {
    pub(super) count: String,
    /// Class in the style sheet, empty where nothing is.
    pub(super) class: String,
}

impl<'a> Confusion<'a> {
    pub(super) fn new(confusion: &'a BTreeMap<(String, String), u64>) -> Self {
        let mut totals: BTreeMap<&str, u64> = BTreeMap::new();
        for ((gold, system), &count) in confusion {
            *totals.entry(gold).or_default() += count;
            *totals.entry(system).or_default() += count;
        }
        let nothing = totals.remove(NOTHING).is_some();
        let mut order: Vec<(&str, u64)> = totals.into_iter().collect();
        order.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(other.0)));
        let merged = order.len().saturating_sub(TYPES);
        let mut names: Vec<&str> = order.iter().take(TYPES).map(|one| one.0).collect();
        names.sort_unstable();
        let types = names.len();
        let others = types;
        let none = types + usize::from(merged > 0);
        let place = |name: &str| match names.binary_search(&name) {
            Ok(place) => place,
            Err(_) if name == NOTHING => none,
            Err(_) => others,
        };
        let size = none + usize::from(nothing);
        let mut counts = vec![vec![0_u64; size]; size];
        for ((gold, system), &count) in confusion {
            counts[place(gold)][place(system)] += count;
        }
        if merged > 0 {
            names.push(OTHERS);
        }
        if nothing {
            names.push("no mention");
        }
        let row = |(number, counts): (usize, &Vec<u64>)| ConfusionRow {
            name: Shown::name(names.get(number).copied().unwrap_or_default()),
            cells: cells(number, counts, others, none),
        };
        Self {
            rows: counts.iter().enumerate().map(row).collect(),
            types: names.iter().map(|name| Shown::name(name)).collect(),
            merged,
        }
    }
}

fn cells(row: usize, counts: &[u64], others: usize, none: usize) -> Vec<ConfusionCell> {
    let total: u64 = counts.iter().sum();
    let cell = |(column, &count): (usize, &u64)| {
        let depth = (count * DEPTHS).div_ceil(total.max(1));
        // Rarer types in one cell may be right or wrong.
        let class = if row != column || row == none {
            "off"
        } else if row == others {
            "mixed"
        } else {
            "right"
        };
        ConfusionCell {
            count: if count == 0 { "·".to_owned() } else { grouped(usize::try_from(count).unwrap_or(usize::MAX)) },
            class: if count == 0 { String::new() } else { format!("{class} d{depth}") },
        }
    };
    counts.iter().enumerate().map(cell).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(pairs: &[(&str, &str, u64)]) -> BTreeMap<(String, String), u64> {
        pairs.iter().map(|&(gold, system, count)| ((gold.to_owned(), system.to_owned()), count)).collect()
    }

    #[test]
    fn right_types_stand_on_the_diagonal() {
        let pairs = counts(&[("PER", "PER", 9), ("PER", "LOC", 1), ("LOC", "LOC", 5), (NOTHING, "PER", 2)]);
        let matrix = Confusion::new(&pairs);
        let rows: Vec<String> = matrix
            .rows
            .iter()
            .map(|row| {
                let cells: Vec<String> =
                    row.cells.iter().map(|cell| format!("{} {}", cell.count, cell.class)).collect();
                format!("{}: {}", row.name, cells.join(", "))
            })
            .collect();
        assert_eq!(rows, ["LOC: 5 right d6, · , · ", "PER: 1 off d1, 9 right d6, · ", "no mention: · , 2 off d6, · "]);
        assert!(Confusion::new(&BTreeMap::new()).rows.is_empty());
    }

    #[test]
    fn rare_types_share_a_row() {
        let names: Vec<String> = (0..40).map(|number| format!("T{number:02}")).collect();
        let pairs = names.iter().zip(1..).map(|(name, count)| ((name.clone(), name.clone()), count)).collect();
        let matrix = Confusion::new(&pairs);
        assert_eq!((matrix.rows.len(), matrix.merged), (TYPES + 1, 40 - TYPES));
        let last = &matrix.rows[TYPES];
        assert_eq!((last.name.to_string().as_str(), last.cells[TYPES].class.as_str()), (OTHERS, "mixed d6"));
        assert_eq!(last.cells[TYPES].count, (1..=24).sum::<u64>().to_string());
    }
}
