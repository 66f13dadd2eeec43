//! Alias pairs: of the pairs of mentions whose surface forms differ, those that are linked. Pairs of equal forms are left
//! out, because linking "Oslo" with "Oslo" earns most of every other metric and shows little.

use super::groups::Groups;
use super::item::Item;
use crate::eval::score::{Tally, number, pairs};

pub(super) fn tally(items: &[Item]) -> Tally {
    let gold = Groups::new(items.iter().filter_map(|item| Some((item.key?, (item.response, item.surface)))));
    let system = Groups::new(items.iter().filter_map(|item| Some((item.response?, item.surface))));
    let (mut in_gold, mut right, mut in_system) = (0, 0, 0);
    let (mut surfaces, mut both) = (Vec::new(), Vec::new());
    for cluster in gold.iter().filter(|cluster| cluster.len() > 1) {
        surfaces.clear();
        surfaces.extend(cluster.iter().map(|member| member.1));
        in_gold += unlike(&mut surfaces);
        both.clear();
        both.extend(cluster.iter().filter_map(|member| Some((member.0?, member.1))));
        both.sort_unstable();
        for shared in both.chunk_by(|one, other| one.0 == other.0).filter(|shared| shared.len() > 1) {
            surfaces.clear();
            surfaces.extend(shared.iter().map(|member| member.1));
            right += unlike(&mut surfaces);
        }
    }
    for cluster in system.iter().filter(|cluster| cluster.len() > 1) {
        surfaces.clear();
        surfaces.extend_from_slice(cluster);
        in_system += unlike(&mut surfaces);
    }
    Tally::new(number(right), number(in_system), number(in_gold))
}

/// Pairs of different surface forms.
fn unlike(surfaces: &mut [u32]) -> usize {
    surfaces.sort_unstable();
    let same: usize = surfaces.chunk_by(|one, other| one == other).map(|group| pairs(group.len())).sum();
    pairs(surfaces.len()) - same
}
