//! From text to mentions.
//!
//! In comes a [`Document`](crate::document::Document), out go its tokens and [`Mention`](crate::mention::Mention)s, sorted and without overlap. On the way:
//! [`words`] cuts the text into words, [`sentences`] these into sentences, `window` into overlapping windows of word pieces, an [`engine`] turns each
//! window into logits, and `decode` finds the best label sequence. The text is never altered, and the result depends
//! on nothing but the document and the model: not on threads, nor on the documents before it.
//!
//! ```
//! use namesake::document::Document;
//! use namesake::tag::TaggerOptions;
//!
//! let tagger = TaggerOptions::default().build()?;
//! let article = Document::new("a1", "Ban Ki-moon flew to Geneva.");
//! let names: Vec<_> =
//!     tagger.tag(&article)?.mentions.iter().map(|mention| mention.span.of(&article.text).to_owned()).collect();
//! assert_eq!(names, ["Ban Ki-moon", "Geneva"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Arrows point one way: the plain types `batch`, `config` and `files` ← [`engine`] ← [`model`], which loads ← [`Tagger`].

mod batch;
mod calibration;
mod config;
mod decode;
pub mod engine;
mod files;
mod label;
pub mod layout;
pub mod model;
mod options;
mod piece_cache;
pub mod sentences;
mod tagger;
mod token_type;
mod window;
pub mod words;

pub use options::TaggerOptions;
pub use tagger::{TagError, Tagged, Tagger};
