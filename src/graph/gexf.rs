//! GEXF 1.2, which Gephi and networkx both read: the co-mention graph. A node an entity, an edge a pair.

use super::GraphWriter;
use super::error::GraphError;
use super::gather::{Edge, Node};
use super::xml;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};
use std::io::Write;

/// Attributes of nodes: id, name, type.
const NODE_ATTRIBUTES: [(&str, &str, &str); 5] = [
    ("type", "type", "string"),
    ("aliases", "aliases", "string"),
    ("knowledge", "knowledge_ids", "string"),
    ("documents", "documents", "long"),
    ("mentions", "mentions", "long"),
];

/// Attributes of edges: id, name, type.
const EDGE_ATTRIBUTES: [(&str, &str, &str); 2] =
    [("first", "first_documents", "string"), ("relations", "relations", "string")];

/// Writes GEXF.
pub(super) struct GexfWriter<'a> {
    xml: Writer<&'a mut dyn Write>,
    edges: u64,
}

impl<'a> GexfWriter<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self, GraphError> {
        let mut writer = Self { xml: Writer::new_with_indent(out, b' ', 1), edges: 0 };
        writer.xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        writer.open("gexf", &[("xmlns", "http://www.gexf.net/1.2draft"), ("version", "1.2")])?;
        writer.open("graph", &[("defaultedgetype", "undirected"), ("mode", "static")])?;
        writer.attributes("node", &NODE_ATTRIBUTES)?;
        writer.attributes("edge", &EDGE_ATTRIBUTES)?;
        writer.open("nodes", &[])?;
        Ok(writer)
    }

    fn attributes(&mut self, class: &str, attributes: &[(&str, &str, &str)]) -> Result<(), GraphError> {
        self.open("attributes", &[("class", class)])?;
        for (id, title, kind) in attributes {
            self.empty("attribute", &[("id", id), ("title", title), ("type", kind)])?;
        }
        self.close("attributes")
    }

    fn values(&mut self, values: &[(&str, String)]) -> Result<(), GraphError> {
        self.open("attvalues", &[])?;
        for (id, value) in values {
            self.empty("attvalue", &[("for", id), ("value", value)])?;
        }
        self.close("attvalues")
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<(), GraphError> {
        Ok(self.xml.write_event(Event::Start(start(name, attributes)))?)
    }

    fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) -> Result<(), GraphError> {
        Ok(self.xml.write_event(Event::Empty(start(name, attributes)))?)
    }

    fn close(&mut self, name: &str) -> Result<(), GraphError> {
        Ok(self.xml.write_event(Event::End(BytesEnd::new(name)))?)
    }
}

fn start<'b>(name: &'b str, attributes: &[(&str, &str)]) -> BytesStart<'b> {
    let mut start = BytesStart::new(name);
    for (key, value) in attributes {
        start.push_attribute((key.as_bytes(), xml::escaped(value).as_bytes()));
    }
    start
}

impl GraphWriter for GexfWriter<'_> {
    fn node(&mut self, node: &Node) -> Result<(), GraphError> {
        self.open("node", &[("id", &node.path), ("label", &node.labels.name)])?;
        self.values(&[
            ("type", node.labels.entity_type.label().to_owned()),
            ("aliases", node.labels.aliases.join("\n")),
            ("knowledge", node.knowledge_ids.join("\n")),
            ("documents", node.documents.to_string()),
            ("mentions", node.mentions.to_string()),
        ])?;
        self.close("node")
    }

    fn edges_begin(&mut self) -> Result<(), GraphError> {
        self.close("nodes")?;
        self.open("edges", &[])
    }

    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError> {
        let (id, weight) = (self.edges.to_string(), edge.documents.to_string());
        self.edges += 1;
        self.open("edge", &[("id", &id), ("source", &edge.one), ("target", &edge.other), ("weight", &weight)])?;
        let mut values = vec![("first", edge.some_documents.join("\n"))];
        if !edge.relations.is_empty() {
            values.push(("relations", edge.relation_lines()));
        }
        self.values(&values)?;
        self.close("edge")
    }

    fn finish(mut self: Box<Self>) -> Result<(), GraphError> {
        self.close("edges")?;
        self.close("graph")?;
        self.close("gexf")?;
        Ok(writeln!(self.xml.get_mut())?)
    }
}
