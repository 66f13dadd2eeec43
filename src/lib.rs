//! Reads documents, tags the people, organisations and places in them, and resolves their aliases into canonical entities.
//!
//! ```
//! use namesake::document::Document;
//! use namesake::pipeline::PipelineOptions;
//!
//! let pipeline = PipelineOptions::default().build()?;
//! let article = Document::new("a1", "Ban Ki-moon flew to Geneva. The U.N. had asked Ban to speak there.");
//! let annotated = pipeline.annotate(article)?;
//! for entity in &annotated.entities {
//!     println!("{} ({}): {} mentions", entity.name, entity.entity_type, entity.mentions.len());
//! }
//! # let names: Vec<&str> = annotated.entities.iter().map(|entity| entity.name.as_str()).collect();
//! # assert_eq!(names, ["Ban Ki-moon", "Geneva", "United Nations"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A document flows through the modules in this order: [`mod@format`] reads it, [`tag`] finds its mentions,
//! [`repair`] mends them, [`resolve`] puts them into entities, [`corpus`] links those to the entities of all documents, [`mod@format`] writes them; [`pipeline`] is the
//! one place where the stages meet. [`document`], [`mention`], [`entity`] and [`annotation`] hold the plain types that they
//! pass on, [`record`] their written form. [`eval`] measures a system against gold annotations, [`graph`] makes a knowledge
//! graph of many documents, [`page`] shows a document, a report or a graph in a browser.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(feature = "cli"),
    allow(
        dead_code,
        unused_imports,
        unused_variables,
        reason = "what serves only a feature that this build leaves out"
    )
)]

// The README's first Rust example is a test too.
#[doc = include_str!("../README.md")]
#[cfg(all(doctest, feature = "cli", feature = "embedded-model"))]
struct Readme;

pub mod alias_table;
pub mod annotation;
#[cfg(feature = "corpus")]
pub mod corpus;
mod digest;
pub mod document;
pub mod entity;
pub mod entity_type;
#[cfg(feature = "eval")]
pub mod eval;
#[cfg(any(feature = "formats", feature = "pages"))]
mod facts;
pub mod format;
#[cfg(feature = "graph")]
pub mod graph;
mod knowledge;
pub mod label;
pub mod mention;
mod name;
mod number;
mod ordered;
#[cfg(feature = "pages")]
pub mod page;
pub mod pipeline;
pub mod record;
pub mod repair;
pub mod resolve;
mod sorted_table;
mod table_file;
pub mod tag;
pub mod tag_scheme;
mod token;
pub mod token_labels;
pub mod view;
pub mod visible;
pub mod why;
