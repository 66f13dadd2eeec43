//! From text to mentions.
//!
//! In comes a [`Document`](crate::document::Document), out go its tokens and [`Mention`](crate::mention::Mention)s, sorted and without overlap. On the way:
//! [`words`] cuts the text into words, [`window`] into overlapping windows of word pieces, an [`engine`] turns each
//! window into logits, and [`decode`] finds the best label sequence. The text is never altered, and the result depends
//! on nothing but the document and the model: not on threads, nor on the documents before it.

pub mod calibration;
pub mod decode;
pub mod engine;
pub mod label;
pub mod model;
mod options;
mod tagger;
pub mod window;
pub mod words;

pub use options::TaggerOptions;
pub use tagger::{TagError, Tagged, Tagger};
