//! The sparse contingency table of two clusterings.

use super::groups::Groups;
use super::item::Item;

/// How many mentions key cluster `key` and response cluster `response` share; at least one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cell {
    /// Number of the key cluster.
    pub key: usize,
    /// Number of the response cluster.
    pub response: usize,
    /// Shared mentions.
    pub count: usize,
}

/// Sizes of the clusters on both sides, and their overlaps.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contingency {
    /// Size of each key cluster.
    pub key_sizes: Vec<usize>,
    /// Size of each response cluster.
    pub response_sizes: Vec<usize>,
    /// Overlaps, ordered by key cluster, then by response cluster.
    pub cells: Vec<Cell>,
}

impl Contingency {
    /// Counts `items`.
    #[must_use]
    pub fn new(items: &[Item]) -> Self {
        let mut table = Self::default();
        for item in items {
            if let Some(key) = item.key {
                count(&mut table.key_sizes, key);
            }
            if let Some(response) = item.response {
                count(&mut table.response_sizes, response);
            }
        }
        let both = Groups::new(items.iter().filter_map(|item| Some((item.key?, item.response?))));
        let mut responses = Vec::new();
        for (key, cluster) in both.iter().enumerate() {
            responses.clear();
            responses.extend_from_slice(cluster);
            responses.sort_unstable();
            for shared in responses.chunk_by(|one, other| one == other) {
                table.cells.push(Cell { key, response: index(u64::from(shared[0])), count: shared.len() });
            }
        }
        table
    }

    /// For each key cluster, how many of its mentions the system has, and into how many clusters it has put them.
    pub(super) fn key_overlaps(&self) -> Vec<Overlap> {
        self.overlaps(self.key_sizes.len(), |cell| cell.key)
    }

    /// The same for each response cluster.
    pub(super) fn response_overlaps(&self) -> Vec<Overlap> {
        self.overlaps(self.response_sizes.len(), |cell| cell.response)
    }

    fn overlaps(&self, clusters: usize, side: impl Fn(&Cell) -> usize) -> Vec<Overlap> {
        let mut overlaps = vec![Overlap::default(); clusters];
        for cell in &self.cells {
            let overlap = &mut overlaps[side(cell)];
            overlap.mentions += cell.count;
            overlap.clusters += 1;
        }
        overlaps
    }
}

/// What the other side has of a cluster.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Overlap {
    /// Mentions that the other side has too.
    pub mentions: usize,
    /// Clusters over which the other side spreads them.
    pub clusters: usize,
}

fn count(sizes: &mut Vec<usize>, cluster: u32) {
    let cluster = index(u64::from(cluster));
    if sizes.len() <= cluster {
        sizes.resize(cluster + 1, 0);
    }
    sizes[cluster] += 1;
}

fn index(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
