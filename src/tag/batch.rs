//! What engines are given: windows of word pieces.

/// Windows of word pieces, laid end to end without padding.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Batch {
    /// Piece ids of all windows, special pieces included.
    pub ids: Vec<i32>,
    /// Token type of each piece, parallel to `ids`.
    pub token_types: Vec<i32>,
    /// Number of pieces of each window; sums to `ids.len()`.
    pub lengths: Vec<usize>,
}

impl Batch {
    /// Whether `asked` are places in `ids`, in ascending order.
    pub(crate) fn has_places(&self, asked: &[usize]) -> bool {
        let ascend = asked.windows(2).all(|pair| pair[0] < pair[1]);
        ascend && asked.last().is_none_or(|&last| last < self.ids.len())
    }
}
