//! Alias pairs: of the pairs of mentions whose surface forms differ, those that are linked. Pairs of equal forms are left
//! out, because linking "Oslo" with "Oslo" earns most of every other metric and shows little.

use super::Item;
use crate::eval::score::{Tally, number, pairs};

pub(super) fn tally(items: &[Item]) -> Tally {
    let gold = linked(items.iter().filter_map(|item| Some((u64::from(item.key?), item.surface))));
    let system = linked(items.iter().filter_map(|item| Some((u64::from(item.response?), item.surface))));
    let both = |item: &Item| Some(((u64::from(item.key?) << 32) | u64::from(item.response?), item.surface));
    let right = linked(items.iter().filter_map(both));
    Tally::new(number(right), number(system), number(gold))
}

/// Pairs of different surface forms inside the clusters.
fn linked(mentions: impl Iterator<Item = (u64, u32)>) -> usize {
    let mut mentions: Vec<(u64, u32)> = mentions.collect();
    mentions.sort_unstable();
    let in_cluster = |cluster: &[(u64, u32)]| {
        let same: usize = cluster.chunk_by(|one, other| one == other).map(|group| pairs(group.len())).sum();
        pairs(cluster.len()) - same
    };
    mentions.chunk_by(|one, other| one.0 == other.0).map(in_cluster).sum()
}
