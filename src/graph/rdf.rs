//! RDF in its six common syntaxes, statement by statement. The crates of Oxigraph do the writing.

use super::GraphWriter;
use super::document::GraphDocument;
use super::error::GraphError;
use super::gather::{Edge, Node};
use super::options::GraphOptions;
use super::statements::Statements;
use super::vocabulary::PREFIXES;
use super::xml;
use oxrdf::{GraphName, Literal, Term, Triple};
use oxrdfio::{RdfFormat, RdfSerializer, WriterQuadSerializer};
use std::io::{self, Write};

/// Writes RDF in one syntax.
pub(super) struct RdfWriter<'a> {
    format: RdfFormat,
    statements: Statements,
    serializer: WriterQuadSerializer<CarriageReturns<'a>>,
}

impl<'a> RdfWriter<'a> {
    pub(super) fn new(format: RdfFormat, options: GraphOptions, out: &'a mut dyn Write) -> Result<Self, GraphError> {
        let mut serializer = RdfSerializer::from_format(format);
        for (name, namespace) in PREFIXES {
            serializer = serializer.with_prefix(name, namespace).map_err(io::Error::other)?;
        }
        let escaped = format == RdfFormat::RdfXml;
        let serializer = serializer.for_writer(CarriageReturns { out, escaped });
        let mut writer = Self { format, statements: Statements::new(options), serializer };
        let provenance = writer.statements.provenance();
        writer.put(provenance, &GraphName::DefaultGraph)?;
        Ok(writer)
    }

    fn put(&mut self, triples: Vec<Triple>, graph: &GraphName) -> Result<(), GraphError> {
        for mut triple in triples {
            if self.format == RdfFormat::RdfXml
                && let Term::Literal(literal) = &triple.object
                && literal.datatype() == oxrdf::vocab::xsd::STRING
            {
                triple.object = Literal::new_simple_literal(xml::allowed(literal.value())).into();
            }
            if self.format.supports_datasets() {
                self.serializer.serialize_quad(&triple.in_graph(graph.clone()))?;
            } else {
                self.serializer.serialize_triple(&triple)?;
            }
        }
        Ok(())
    }
}

impl GraphWriter for RdfWriter<'_> {
    fn document(&mut self, document: &GraphDocument) -> Result<(), GraphError> {
        let graph = GraphName::from(self.statements.graph(&document.id));
        self.put(self.statements.document(document), &graph)
    }

    fn node(&mut self, node: &Node) -> Result<(), GraphError> {
        self.put(self.statements.node(node), &GraphName::DefaultGraph)
    }

    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError> {
        self.put(self.statements.edge(edge), &GraphName::DefaultGraph)
    }

    fn documents_of_an_edge(&self) -> usize {
        usize::MAX
    }

    fn finish(self: Box<Self>) -> Result<(), GraphError> {
        self.serializer.finish()?;
        Ok(())
    }
}

/// In XML a carriage return that is not written as a reference is read as a line feed, and offsets behind "\r\n" would
/// no longer fit the text. The serializer leaves them as they are; they occur in texts only, where a reference may stand.
struct CarriageReturns<'a> {
    out: &'a mut dyn Write,
    escaped: bool,
}

impl Write for CarriageReturns<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.escaped {
            for (number, part) in bytes.split(|&byte| byte == b'\r').enumerate() {
                if number > 0 {
                    self.out.write_all(b"&#13;")?;
                }
                self.out.write_all(part)?;
            }
        } else {
            self.out.write_all(bytes)?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
