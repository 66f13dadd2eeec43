//! Windows: stretches of a document short enough for the encoder, overlapping so that every word is read in context.

use std::ops::Range;

/// One run of words to encode together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window {
    /// Indices of all words in the window.
    pub words: Range<usize>,
    /// Of these, the words that take their labels from this window: those that have more context here than in its
    /// neighbours. The `labelled` ranges of a document's windows follow one another and cover every word once.
    pub labelled: Range<usize>,
}

/// Cuts words into windows of at most `budget` pieces that share about `overlap` pieces with each neighbour.
///
/// `piece_ends[i]` is the number of pieces in words `0..=i`. Windows are of nearly equal size, so the last is not a
/// stub without context. Where two windows share words, the border between their labelled ranges is the middle of the
/// shared pieces. A word longer than `budget` gets a window of its own.
///
/// `overlap` must be smaller than `budget`; both are in pieces without the special ones.
#[must_use]
pub fn cut(piece_ends: &[usize], budget: usize, overlap: usize) -> Vec<Window> {
    let Some(&total) = piece_ends.last() else { return Vec::new() };
    if total <= budget {
        let all = 0..piece_ends.len();
        return vec![Window { words: all.clone(), labelled: all }];
    }
    let overlap = overlap.min(budget.saturating_sub(1));
    let count = (total - overlap).div_ceil(budget - overlap);
    // Evenly spread starts; the size is what is left of the even share plus the overlap.
    let step = (total - overlap).div_ceil(count);
    let mut windows: Vec<Window> = Vec::with_capacity(count);
    let mut start = 0;
    while start < piece_ends.len() {
        let from = pieces_before(piece_ends, start);
        let mut end = piece_ends.partition_point(|&piece_end| piece_end <= from + step + overlap);
        end = end.clamp(start + 1, piece_ends.len());
        windows.push(Window { words: start..end, labelled: start..end });
        if end == piece_ends.len() {
            break;
        }
        let next = piece_ends.partition_point(|&piece_end| piece_end <= from + step);
        start = next.clamp(start + 1, end);
    }
    for index in 1..windows.len() {
        let (shared_from, shared_to) = (windows[index].words.start, windows[index - 1].words.end);
        let middle = pieces_before(piece_ends, shared_from).midpoint(pieces_before(piece_ends, shared_to));
        let border = piece_ends.partition_point(|&end| end <= middle).clamp(shared_from, shared_to);
        windows[index - 1].labelled.end = border;
        windows[index].labelled.start = border;
    }
    windows
}

fn pieces_before(piece_ends: &[usize], word: usize) -> usize {
    word.checked_sub(1).and_then(|previous| piece_ends.get(previous)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_short_document_is_one_window() {
        assert_eq!(cut(&[1, 2, 5], 10, 4), [Window { words: 0..3, labelled: 0..3 }]);
        assert_eq!(cut(&[], 10, 4), []);
    }

    #[test]
    fn neighbours_share_words_and_part_them_in_the_middle() {
        let ends: Vec<usize> = (1..=20).collect();
        let windows = cut(&ends, 12, 4);
        assert_eq!(windows, [Window { words: 0..12, labelled: 0..10 }, Window { words: 8..20, labelled: 10..20 },]);
    }

    proptest! {
        #[test]
        fn labelled_ranges_are_a_partition(sizes in prop::collection::vec(1_usize..14, 0..400), budget in 8_usize..64, overlap in 0_usize..8) {
            let ends: Vec<usize> = sizes.iter().scan(0, |sum, size| { *sum += size; Some(*sum) }).collect();
            let windows = cut(&ends, budget, overlap);
            let mut next = 0;
            for window in &windows {
                prop_assert_eq!(window.labelled.start, next);
                prop_assert!(window.labelled.start <= window.labelled.end);
                prop_assert!(window.words.start <= window.labelled.start && window.labelled.end <= window.words.end);
                let pieces: usize = sizes[window.words.clone()].iter().sum();
                prop_assert!(pieces <= budget || window.words.len() == 1);
                next = window.labelled.end;
            }
            prop_assert_eq!(next, sizes.len());
        }
    }
}
