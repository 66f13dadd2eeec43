//! HTML for people: [`DocumentPage`] shows texts with their mentions and entities, [`Report`] an evaluation, [`GraphPage`]
//! who is mentioned with whom. Annotated documents, figures and nodes come in, one self-contained page goes out.
//!
//! What must hold of each: the page asks the network for nothing; text from documents is escaped by the template engine,
//! and control characters are shown, not sent; the page can be read without its script; the same input gives the same
//! bytes. What a page looks like is a style sheet, a script and templates in the folder of its name; what they have in
//! common is in `shared.css`, `shared.js` and `head.html`, and in `entities.css` the colours of types and the bar on top.
//!
//! ```
//! use namesake::annotation::AnnotatedDocument;
//! use namesake::document::Document;
//! use namesake::page::DocumentPage;
//!
//! let nobody = AnnotatedDocument::new(Document::new("a1", "Nobody is named here."));
//! let mut html = Vec::new();
//! let mut page = DocumentPage::new();
//! page.begin(&mut html)?;
//! page.document(&nobody, &mut html)?;
//! page.end(&mut html)?;
//! assert!(String::from_utf8(html)?.contains("4 words, no entities"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod document;
mod error;
#[cfg(feature = "graph")]
mod graph;
#[cfg(feature = "eval")]
mod report;
mod types;

pub use document::DocumentPage;
pub use error::PageError;
#[cfg(feature = "graph")]
pub use graph::{GraphPage, MOST_NODES};
#[cfg(feature = "eval")]
pub use report::{Report, System};
