//! A memory for the pieces of words.

use crate::tag::model::Model;
use std::collections::HashMap;

/// Words whose pieces are remembered, a few megabytes.
const CACHED_WORDS: usize = 50_000;

/// Remembers the pieces of words: most words of a text were seen before.
#[derive(Debug, Default)]
pub struct PieceCache(HashMap<Box<str>, Box<[i32]>>);

impl PieceCache {
    /// Appends the pieces of `word` to `out` and returns how many they are.
    pub fn append(&mut self, model: &Model, word: &str, out: &mut Vec<i32>) -> usize {
        if let Some(pieces) = self.0.get(word) {
            out.extend_from_slice(pieces);
            return pieces.len();
        }
        let pieces = model.pieces(word);
        out.extend_from_slice(&pieces);
        let count = pieces.len();
        if word.len() <= 64 {
            if self.0.len() >= CACHED_WORDS {
                self.0.clear();
            }
            self.0.insert(word.into(), pieces.into());
        }
        count
    }
}
