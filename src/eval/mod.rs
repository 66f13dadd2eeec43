//! How good a system is, measured against gold annotations: gold and system annotations come in, every score of the field
//! goes out. Knows nothing of models; the same input always gives the same figures, and each is that of the field's
//! reference scorer to the last digit (`docs/evaluation.md`).
//!
//! [`mod@format`] reads annotations, [`align`] puts gold and system side by side, [`select`] says which mentions count,
//! [`scheme`], [`span`], [`labels`] and [`cluster`] are the metrics on plain data, [`evaluate`] runs them over a corpus.

pub mod align;
pub mod annotation;
pub mod breakdown;
pub mod cluster;
pub mod entities;
pub mod error_list;
pub mod evaluate;
pub mod format;
pub mod label_map;
pub mod labels;
pub mod layout;
mod offset_check;
mod parallel;
pub mod ranking;
pub mod result;
mod row;
pub mod scheme;
pub mod score;
pub mod select;
pub mod significance;
pub mod slice;
pub mod span;
pub mod token;
pub mod token_labels;
pub mod units;
