//! From documents with entities to a knowledge graph: takes [`GraphDocument`]s one after another and writes RDF, GraphML,
//! GEXF or files for Neo4j, or asks them in SPARQL: in memory, or with the feature `sparql-store` in a folder that stays.
//! What must hold: the same documents give the same bytes; identifiers depend on the base and on ids alone; what
//! is in memory does not grow with the number of documents; and text from documents is never a part of a query, a script or
//! a page's code, only a value in it.
//!
//! A new format is one file that implements [`GraphWriter`] and one line in [`GraphFormat`].
//!
//! ```
//! use namesake::graph::{GraphDocument, GraphExport, GraphFormat, GraphOptions};
//!
//! let line = r#"{"schema":"namesake/1","id":"a1","entities":[{"id":"a1#1","name":"Petra Holt","type":"PER","corpus_id":"E000001"}]}"#;
//! let mut turtle = Vec::new();
//! let options = GraphOptions::default().with_base("https://example.org/".parse()?);
//! let mut export = GraphExport::new(GraphFormat::Turtle.writer(&options, &mut turtle)?, &options);
//! export.add(&GraphDocument::parse(line)?)?;
//! export.finish()?;
//! let turtle = String::from_utf8(turtle)?;
//! assert!(turtle.contains(r#"skos:prefLabel "Petra Holt""#), "{turtle}");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod class;
mod document;
mod error;
mod format;
mod gather;
mod gexf;
mod graphml;
mod iri;
#[cfg(feature = "sparql-store")]
mod load;
mod neo4j;
mod options;
mod path;
mod query;
mod rdf;
#[cfg(test)]
pub(crate) mod samples;
mod sorter;
mod statements;
mod store;
#[cfg(test)]
mod tests;
mod vocabulary;
mod vote;
mod xml;

pub use document::{GraphDocument, GraphEntity, GraphMention};
pub use error::GraphError;
pub use format::{GraphExport, GraphFormat, GraphWriter, neo4j_folder};
pub use gather::{Direction, Edge, EdgeRelation, Node};
pub use iri::Base;
#[cfg(feature = "sparql-store")]
pub use load::{GraphLoader, Loaded};
pub use options::GraphOptions;
pub use query::{Answer, AnswerFormat, NamedQuery};
pub use store::GraphStore;
pub use vote::Labels;
