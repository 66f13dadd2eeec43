//! What a network is given.

use tch::Tensor;

/// Windows as a network takes them, `[windows, pieces]` each, the shorter ones padded.
#[derive(Debug)]
pub struct Input {
    /// Piece ids.
    pub ids: Tensor,
    /// 1 for a piece, 0 for padding.
    pub mask: Tensor,
    /// Token types.
    pub token_types: Tensor,
    /// Row of each piece in the table of positions.
    pub positions: Tensor,
}
