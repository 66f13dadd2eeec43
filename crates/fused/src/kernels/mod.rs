//! Kernels: the arithmetic of the network for each instruction set. The only place with `unsafe` code.
//!
//! [`Tile`](rows::Tile) is what an instruction set has to bring: two sums of products, one of bytes and one of 16-bit
//! integers. All else ([`rows`], [`attention`], [`float`]) is written once, in plain Rust, and
//! [`table!`] compiles it anew inside functions that may use the instructions. Integer sums are exact, and the
//! float parts use exactly rounded operations in a fixed order, so all kernels give the same bits.
//!
//! To add an instruction set: copy `avx_vnni.rs`, change its two loops and the size of its tile, and add a [`table!`] to
//! [`KERNELS`], above the slower ones. The tests then hold it to [`portable`], on machines that have it; for others,
//! `scripts/test_kernels.sh` runs them in emulators.
#![allow(
    unsafe_code,
    clippy::inline_always,
    clippy::cast_ptr_alignment,
    clippy::needless_pass_by_value,
    clippy::type_complexity,
    reason = "instructions need unsafe; what is inlined gets the instructions of its caller; all loads are unaligned; views are handed on"
)]

mod attention;
#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
mod avx_vnni;
mod choose;
mod float;
#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
mod neon;
mod portable;
mod rows;
#[cfg(test)]
mod tests;

use crate::codes::{CodeRows, CodeRowsMut};
use crate::linear::Linear;
pub use attention::{AttentionScratch, Head, HeadRows};
pub use choose::{KernelChoice, choose_kernel};
pub use float::{ROUND, exp2, greatest_size, half_to_float};
pub use rows::{Finish, Norm};
use std::fmt;
use std::ops::Range;

/// Functions compiled for one instruction set. They may be called only where `available` says yes.
struct Table {
    name: &'static str,
    /// Columns of the tile, which weights are packed for.
    columns: usize,
    available: fn() -> bool,
    product: unsafe fn(CodeRows<'_>, &Linear, Finish, &mut [f32]),
    quantise: unsafe fn(&[f32], usize, CodeRowsMut<'_>),
    take_outliers: unsafe fn(&mut [f32], &Linear, &mut [f32]),
    normalise: unsafe fn(&mut [f32], &Norm, CodeRowsMut<'_>),
    take_queries: unsafe fn(&[f32], usize, &mut HeadRows),
    take_keys: unsafe fn(&[f32], usize, &mut HeadRows),
    attend: unsafe fn(&HeadRows, Range<usize>, (&[usize], usize), Head<'_>, &mut AttentionScratch, &mut [f32]),
    classify: unsafe fn(&[f32], &[f32], &[f32], &mut [f32]),
}

/// The [`Table`] of a tile of `$rows` by `$columns`; `$attribute` names the instructions that its functions may use.
macro_rules! table {
    ($name:literal, $tile:ty, $rows:literal x $columns:literal, $available:expr $(, #[$attribute:meta])?) => {{
        $(#[$attribute])?
        unsafe fn product(rows: CodeRows<'_>, linear: &Linear, finish: Finish, out: &mut [f32]) {
            // SAFETY: the caller promises the instructions, as for all below.
            unsafe { rows::product::<$tile, $rows, $columns>(rows, linear, finish, out) }
        }
        $(#[$attribute])?
        unsafe fn quantise(values: &[f32], width: usize, codes: CodeRowsMut<'_>) {
            rows::quantise(values, width, codes);
        }
        $(#[$attribute])?
        unsafe fn take_outliers(values: &mut [f32], linear: &Linear, out: &mut [f32]) {
            rows::take_outliers(values, linear, out);
        }
        $(#[$attribute])?
        unsafe fn normalise(values: &mut [f32], norm: &Norm, codes: CodeRowsMut<'_>) {
            rows::normalise(values, norm, codes);
        }
        $(#[$attribute])?
        unsafe fn take_queries(values: &[f32], first: usize, head: &mut HeadRows) {
            attention::take_queries(values, first, head);
        }
        $(#[$attribute])?
        unsafe fn take_keys(values: &[f32], first: usize, head: &mut HeadRows) {
            attention::take_keys(values, first, head);
        }
        $(#[$attribute])?
        unsafe fn attend(
            rows: &HeadRows,
            window: Range<usize>,
            asking: (&[usize], usize),
            head: Head<'_>,
            scratch: &mut AttentionScratch,
            out: &mut [f32],
        ) {
            // SAFETY: as above.
            unsafe { attention::attend::<$tile, $rows, $columns>(rows, window, asking, head, scratch, out) }
        }
        $(#[$attribute])?
        unsafe fn classify(values: &[f32], weights: &[f32], bias: &[f32], out: &mut [f32]) {
            rows::classify(values, weights, bias, out);
        }
        Table {
            name: $name,
            columns: $columns,
            available: $available,
            product,
            quantise,
            take_outliers,
            normalise,
            take_queries,
            take_keys,
            attend,
            classify,
        }
    }};
}

/// All kernels that this program was compiled with, fastest first; the last runs everywhere.
static KERNELS: &[Table] = &[
    #[cfg(target_arch = "x86_64")]
    table!(
        "avx512",
        avx512::Avx512,
        12 x 32,
        || is_x86_feature_detected!("avx512f")
            && is_x86_feature_detected!("avx512bw")
            && is_x86_feature_detected!("avx512vnni"),
        #[target_feature(enable = "avx512f,avx512bw,avx512vnni")]
    ),
    #[cfg(target_arch = "x86_64")]
    table!(
        "avxvnni",
        avx_vnni::AvxVnni,
        6 x 16,
        || is_x86_feature_detected!("avx2") && is_x86_feature_detected!("avxvnni"),
        #[target_feature(enable = "avx2,avxvnni")]
    ),
    #[cfg(target_arch = "x86_64")]
    table!(
        "avx2",
        avx2::Avx2,
        4 x 16,
        || is_x86_feature_detected!("avx2"),
        #[target_feature(enable = "avx2")]
    ),
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    table!(
        "neon",
        neon::Neon,
        12 x 8,
        || std::arch::is_aarch64_feature_detected!("dotprod"),
        #[target_feature(enable = "neon,dotprod")]
    ),
    table!("portable", portable::Portable, 4 x 16, || true),
];

/// Plain Rust in the tiles of the kernels that this CPU may lack: all of them but their two loops.
#[cfg(test)]
static OTHER_TILES: &[Table] = &[
    table!("portable in the tile of avx512", portable::Portable, 12 x 32, || true),
    table!("portable in the tile of avxvnni", portable::Portable, 6 x 16, || true),
    table!("portable in the tile of neon", portable::Portable, 12 x 8, || true),
];

/// A kernel that this CPU can run; [`choose_kernel`] takes the best.
#[derive(Clone, Copy)]
pub struct Kernel(&'static Table);

impl fmt::Debug for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Kernel").field(&self.0.name).finish()
    }
}

// SAFETY of all calls below: a `Kernel` is made only by `available`, of tables whose instructions the CPU has.
impl Kernel {
    /// The kernels that this CPU can run, fastest first; at least one.
    pub fn available() -> impl Iterator<Item = Self> {
        KERNELS.iter().filter(|table| (table.available)()).map(Kernel)
    }

    /// The kernel that runs everywhere and defines what the others must give.
    #[must_use]
    pub fn portable() -> Self {
        Self(&KERNELS[KERNELS.len() - 1])
    }

    pub(crate) fn is_portable(self) -> bool {
        std::ptr::eq(self.0, Self::portable().0)
    }

    /// What it is called: after its instructions.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.0.name
    }

    /// Columns that weights must be packed for.
    pub(crate) fn columns(self) -> usize {
        self.0.columns
    }

    /// `linear` of all `rows` into `out`, row by row.
    pub(crate) fn product(self, rows: CodeRows<'_>, linear: &Linear, finish: Finish, out: &mut [f32]) {
        unsafe { (self.0.product)(rows, linear, finish, out) }
    }

    /// Turns rows of `width` values into codes.
    pub(crate) fn quantise(self, values: &[f32], width: usize, codes: CodeRowsMut<'_>) {
        unsafe { (self.0.quantise)(values, width, codes) }
    }

    /// Multiplies the outlier channels of `linear` apart: adds to `out` what comes of them, and sets them to 0 in `values`.
    pub(crate) fn take_outliers(self, values: &mut [f32], linear: &Linear, out: &mut [f32]) {
        unsafe { (self.0.take_outliers)(values, linear, out) }
    }

    /// Normalises rows in place and turns them into codes.
    pub(crate) fn normalise(self, values: &mut [f32], norm: &Norm, codes: CodeRowsMut<'_>) {
        unsafe { (self.0.normalise)(values, norm, codes) }
    }

    /// Puts queries, a row each, into `head`, from place `first` on.
    pub(crate) fn take_queries(self, values: &[f32], first: usize, head: &mut HeadRows) {
        unsafe { (self.0.take_queries)(values, first, head) }
    }

    /// Puts keys and values, one of each a row, into `head`, from row `first` on.
    pub(crate) fn take_keys(self, values: &[f32], first: usize, head: &mut HeadRows) {
        unsafe { (self.0.take_keys)(values, first, head) }
    }

    /// Attention of one head for the pieces that are `asking`, over those in `window`, among which they are. Their queries lie one behind the
    /// other from place `first` on, as do their rows of `out`, of which the head's part is written.
    pub(crate) fn attend(
        self,
        rows: &HeadRows,
        window: Range<usize>,
        (asking, first): (&[usize], usize),
        head: Head<'_>,
        scratch: &mut AttentionScratch,
        out: &mut [f32],
    ) {
        unsafe { (self.0.attend)(rows, window, (asking, first), head, scratch, out) }
    }

    /// A linear layer in f32 with few outputs: `weights` row by row, one row an output.
    pub(crate) fn classify(self, values: &[f32], weights: &[f32], bias: &[f32], out: &mut [f32]) {
        unsafe { (self.0.classify)(values, weights, bias, out) }
    }
}
