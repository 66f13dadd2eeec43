//! The formats, and the way of the documents into each of them.

use super::document::GraphDocument;
use super::error::GraphError;
use super::gather::{Edge, Gatherer, Node, SOME};
use super::gexf::GexfWriter;
use super::graphml::GraphMlWriter;
use super::neo4j::Neo4jWriter;
use super::options::GraphOptions;
use super::rdf::RdfWriter;
use oxrdfio::RdfFormat;
use std::io::Write;
use std::path::Path;
use std::str::FromStr;

/// Writes a graph in one format: each document as it comes, then every node, then every edge.
pub trait GraphWriter {
    /// Writes what the format holds of a document.
    ///
    /// # Errors
    /// When the place cannot be written to.
    fn document(&mut self, document: &GraphDocument) -> Result<(), GraphError> {
        let _ = document;
        Ok(())
    }

    /// Writes an entity.
    ///
    /// # Errors
    /// When the place cannot be written to.
    fn node(&mut self, node: &Node) -> Result<(), GraphError>;

    /// Writes what stands between the last node and the first edge.
    ///
    /// # Errors
    /// When the place cannot be written to.
    fn edges_begin(&mut self) -> Result<(), GraphError> {
        Ok(())
    }

    /// Writes a pair of entities.
    ///
    /// # Errors
    /// When the place cannot be written to.
    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError>;

    /// How many of its documents an edge shall name.
    fn documents_of_an_edge(&self) -> usize {
        SOME
    }

    /// Writes what stands after the last edge.
    ///
    /// # Errors
    /// When the place cannot be written to.
    fn finish(self: Box<Self>) -> Result<(), GraphError>;
}

/// The way of documents into a graph.
pub struct GraphExport<'a> {
    writer: Box<dyn GraphWriter + 'a>,
    gatherer: Gatherer,
    min_documents: u64,
}

impl<'a> GraphExport<'a> {
    /// A graph that `writer` will write.
    #[must_use]
    pub fn new(writer: Box<dyn GraphWriter + 'a>, options: &GraphOptions) -> Self {
        Self { writer, gatherer: Gatherer::new(), min_documents: options.min_documents }
    }

    /// Takes in a document. Its id must not have been there before, or its pairs are counted twice.
    ///
    /// # Errors
    /// When the place, or the folder for temporary files, cannot be written to.
    pub fn add(&mut self, document: &GraphDocument) -> Result<(), GraphError> {
        self.gatherer.add(document)?;
        self.writer.document(document)
    }

    /// Writes the nodes and the edges; says how many.
    ///
    /// # Errors
    /// When the place cannot be written to.
    pub fn finish(mut self) -> Result<(u64, u64), GraphError> {
        let (mut nodes, mut edges) = self.gatherer.finish()?;
        let mut counts = (0, 0);
        while let Some(node) = nodes.next_node()? {
            self.writer.node(&node)?;
            counts.0 += 1;
        }
        self.writer.edges_begin()?;
        while let Some(edge) = edges.next_edge(self.min_documents, self.writer.documents_of_an_edge())? {
            self.writer.edge(&edge)?;
            counts.1 += 1;
        }
        self.writer.finish()?;
        Ok(counts)
    }
}

impl std::fmt::Debug for GraphExport<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphExport").finish_non_exhaustive()
    }
}

/// Formats of one file. Neo4j's is a folder: [`neo4j_folder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum GraphFormat {
    /// RDF in Turtle.
    Turtle,
    /// RDF in N-Triples.
    NTriples,
    /// RDF in N-Quads, with a named graph a document.
    NQuads,
    /// RDF in TriG, with a named graph a document.
    TriG,
    /// RDF in JSON-LD, with a named graph a document.
    JsonLd,
    /// RDF in XML.
    RdfXml,
    /// The co-mention graph in GraphML.
    GraphMl,
    /// The co-mention graph in GEXF.
    Gexf,
}

impl GraphFormat {
    /// Every format, in the order in which help texts list them.
    pub const ALL: &[Self] = &[
        Self::Turtle,
        Self::NTriples,
        Self::NQuads,
        Self::TriG,
        Self::JsonLd,
        Self::RdfXml,
        Self::GraphMl,
        Self::Gexf,
    ];

    /// The name that users type, which is also the ending of files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Turtle => "ttl",
            Self::NTriples => "nt",
            Self::NQuads => "nq",
            Self::TriG => "trig",
            Self::JsonLd => "jsonld",
            Self::RdfXml => "rdf",
            Self::GraphMl => "graphml",
            Self::Gexf => "gexf",
        }
    }

    /// A writer of this format.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn writer<'a>(
        self,
        options: &GraphOptions,
        out: &'a mut dyn Write,
    ) -> Result<Box<dyn GraphWriter + 'a>, GraphError> {
        let format = match self {
            Self::Turtle => RdfFormat::Turtle,
            Self::NTriples => RdfFormat::NTriples,
            Self::NQuads => RdfFormat::NQuads,
            Self::TriG => RdfFormat::TriG,
            Self::JsonLd => RdfFormat::JsonLd { profile: oxrdfio::JsonLdProfileSet::empty() },
            Self::RdfXml => RdfFormat::RdfXml,
            Self::GraphMl => return Ok(Box::new(GraphMlWriter::new(out)?)),
            Self::Gexf => return Ok(Box::new(GexfWriter::new(out)?)),
        };
        Ok(Box::new(RdfWriter::new(format, options.clone(), out)?))
    }
}

/// A writer of Neo4j's files into `folder`, which must be there and empty.
///
/// # Errors
/// When the folder cannot be written to.
pub fn neo4j_folder(folder: &Path, options: &GraphOptions) -> Result<Box<dyn GraphWriter>, GraphError> {
    Ok(Box::new(Neo4jWriter::new(folder, options.clone())?))
}

/// The names of all formats, for messages.
pub(super) fn names() -> String {
    GraphFormat::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", ")
}

impl std::fmt::Display for GraphFormat {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for GraphFormat {
    type Err = GraphError;

    fn from_str(name: &str) -> Result<Self, GraphError> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name().eq_ignore_ascii_case(name))
            .ok_or_else(|| GraphError::UnknownFormat { name: name.to_owned() })
    }
}
