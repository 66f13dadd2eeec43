//! The encoder as its users see it: a network, and the memory that its runs share.

use crate::checkpoint;
use crate::config::Config;
use crate::error::Error;
use crate::kernels::Kernel;
use crate::network::{Network, Scratch, places_within};
use crate::weights::Weights;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

/// Windows are run together up to this many pieces: enough to read the weights seldom, and few enough for the cache.
const PIECES_A_RUN: usize = 256;

/// Windows of word pieces, laid end to end without padding.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Windows<'a> {
    /// Piece ids of all windows, special pieces included.
    pub ids: &'a [i32],
    /// Token type of each piece, parallel to `ids`; a network without token types looks at none.
    pub token_types: &'a [i32],
    /// Number of pieces of each window; sums to `ids.len()`.
    pub lengths: &'a [usize],
}

/// Runs a BERT or MPNet for token classification. One encoder serves many threads.
pub struct Encoder {
    network: Network,
    /// Memory that is not in use; each call borrows one.
    scratch: Mutex<Vec<Scratch>>,
}

impl std::fmt::Debug for Encoder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Encoder").field("kernel", &self.network.kernel).finish_non_exhaustive()
    }
}

/// Windows as indices into the tables, and where they lie.
struct Indices {
    ids: Vec<usize>,
    types: Vec<usize>,
    windows: Vec<Range<usize>>,
}

impl Encoder {
    /// How many windows are best put into one call: short ones alone would not fill the tiles, as 64 pieces are five of
    /// twelve rows and a third of one.
    pub const WINDOWS_A_CALL: usize = 2;

    /// Builds the network that `config` describes and packs its weights for `kernel`.
    ///
    /// # Errors
    /// If the weights do not fit the configuration, or are damaged.
    pub fn load(config: &Config, weights: &Weights, kernel: Kernel) -> Result<Self, Error> {
        Ok(Self { network: checkpoint::load(config, weights, kernel)?, scratch: Mutex::default() })
    }

    /// A row of logits for each piece, one column for each label, row by row.
    ///
    /// # Errors
    /// If a piece or a token type is none of the network's, or a window is too long.
    pub fn logits(&self, windows: &Windows<'_>) -> Result<Vec<f32>, Error> {
        self.logits_of(windows, &(0..windows.ids.len()).collect::<Vec<_>>())
    }

    /// The rows of [`logits`](Self::logits) of the pieces at `asked`, places in `windows.ids` in ascending order. What the
    /// others alone need is not computed.
    ///
    /// # Errors
    /// As for [`logits`](Self::logits), and if `asked` does not ascend or leaves the windows.
    pub fn logits_of(&self, windows: &Windows<'_>, asked: &[usize]) -> Result<Vec<f32>, Error> {
        check_places(asked, windows.ids.len())?;
        let Indices { ids, types, windows } = self.indices(windows)?;
        let mut logits = Vec::with_capacity(asked.len() * self.network.shape.labels);
        let mut scratch = self.scratch.lock().unwrap_or_else(PoisonError::into_inner).pop().unwrap_or_default();
        for group in group_windows(&windows) {
            let range = group[0].start..group[group.len() - 1].end;
            let group: Vec<_> =
                group.iter().map(|window| window.start - range.start..window.end - range.start).collect();
            let asked: Vec<_> = asked[places_within(asked, &range)].iter().map(|row| row - range.start).collect();
            self.network.run(&ids[range.clone()], &types[range], &group, &asked, &mut scratch, &mut logits);
        }
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner).push(scratch);
        Ok(logits)
    }

    /// The piece ids and types as indices into the tables, checked, and the windows.
    fn indices(&self, given: &Windows<'_>) -> Result<Indices, Error> {
        let embeddings = &self.network.embeddings;
        let check = |values: &[i32], bound: usize, what: &str| {
            let index = |&value: &i32| {
                usize::try_from(value)
                    .ok()
                    .filter(|&index| index < bound)
                    .ok_or_else(|| Error::Run(format!("the model has {bound} {what}, and {value} is none of them")))
            };
            values.iter().map(index).collect::<Result<Vec<_>, _>>()
        };
        let ids = check(given.ids, embeddings.words.len(), "pieces")?;
        // A network without token types looks at none.
        let types = match &embeddings.types {
            Some(table) => check(given.token_types, table.len(), "token types")?,
            None => vec![0; given.token_types.len()],
        };
        let mut end = 0;
        let mut windows = Vec::with_capacity(given.lengths.len());
        for &length in given.lengths {
            if length > embeddings.longest_window() {
                return Err(Error::Run(format!(
                    "a window has {length} pieces, and the model has {} positions",
                    embeddings.longest_window()
                )));
            }
            windows.push(end..end + length);
            end += length;
        }
        if end != ids.len() || end != types.len() {
            return Err(Error::Run(format!(
                "{} pieces and {} types in windows of {end} pieces",
                ids.len(),
                types.len()
            )));
        }
        Ok(Indices { ids, types, windows })
    }
}

/// Whether `asked` are places below `pieces`, in ascending order.
fn check_places(asked: &[usize], pieces: usize) -> Result<(), Error> {
    let ascend = asked.windows(2).all(|pair| pair[0] < pair[1]);
    if ascend && asked.last().is_none_or(|&last| last < pieces) {
        return Ok(());
    }
    Err(Error::Run(format!("the pieces asked for must be places in a batch of {pieces}, in ascending order")))
}

/// Groups of neighbouring windows with at most [`PIECES_A_RUN`] pieces together, or one longer window alone.
fn group_windows(windows: &[Range<usize>]) -> Vec<&[Range<usize>]> {
    let mut groups = Vec::new();
    let mut first = 0;
    for index in 1..=windows.len() {
        if index == windows.len() || windows[index].end - windows[first].start > PIECES_A_RUN {
            groups.push(&windows[first..index]);
            first = index;
        }
    }
    groups
}
