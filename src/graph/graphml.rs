//! GraphML: the co-mention graph for Gephi, networkx, igraph, yEd. A node an entity, an edge a pair.

use super::GraphWriter;
use super::error::GraphError;
use super::gather::{Edge, Node};
use super::xml;
use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};
use std::io::Write;

/// Attributes: id, whose, name, type.
const KEYS: [(&str, &str, &str, &str); 9] = [
    ("label", "node", "label", "string"),
    ("type", "node", "type", "string"),
    ("aliases", "node", "aliases", "string"),
    ("knowledge", "node", "knowledge_ids", "string"),
    ("documents", "node", "documents", "long"),
    ("mentions", "node", "mentions", "long"),
    ("weight", "edge", "weight", "double"),
    ("first", "edge", "first_documents", "string"),
    ("relations", "edge", "relations", "string"),
];

/// Writes GraphML.
pub(super) struct GraphMlWriter<'a> {
    xml: Writer<&'a mut dyn Write>,
}

impl<'a> GraphMlWriter<'a> {
    pub(super) fn new(out: &'a mut dyn Write) -> Result<Self, GraphError> {
        let mut xml = Writer::new_with_indent(out, b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        let root = BytesStart::new("graphml").with_attributes([("xmlns", "http://graphml.graphdrawing.org/xmlns")]);
        xml.write_event(Event::Start(root))?;
        for (id, whose, name, kind) in KEYS {
            let key = xml.create_element("key");
            let attributes = [("id", id), ("for", whose), ("attr.name", name), ("attr.type", kind)];
            key.with_attributes(attributes).write_empty()?;
        }
        let graph = BytesStart::new("graph").with_attributes([("id", "co-mentions"), ("edgedefault", "undirected")]);
        xml.write_event(Event::Start(graph))?;
        Ok(Self { xml })
    }

    fn element(&mut self, start: BytesStart<'_>, data: &[(&str, String)]) -> Result<(), GraphError> {
        let end = start.to_end().into_owned();
        self.xml.write_event(Event::Start(start))?;
        for (key, text) in data {
            let text = BytesText::from_escaped(xml::escaped(text));
            self.xml.create_element("data").with_attribute(("key", *key)).write_text_content(text)?;
        }
        Ok(self.xml.write_event(Event::End(end))?)
    }
}

impl GraphWriter for GraphMlWriter<'_> {
    fn node(&mut self, node: &Node) -> Result<(), GraphError> {
        let data = [
            ("label", node.labels.name.clone()),
            ("type", node.labels.entity_type.label().to_owned()),
            ("aliases", node.labels.aliases.join("\n")),
            ("knowledge", node.knowledge_ids.join("\n")),
            ("documents", node.documents.to_string()),
            ("mentions", node.mentions.to_string()),
        ];
        self.element(BytesStart::new("node").with_attributes([("id", node.path.as_str())]), &data)
    }

    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError> {
        let mut data = vec![("weight", edge.documents.to_string()), ("first", edge.some_documents.join("\n"))];
        if !edge.relations.is_empty() {
            data.push(("relations", edge.relation_lines()));
        }
        let ends = [("source", edge.one.as_str()), ("target", edge.other.as_str())];
        self.element(BytesStart::new("edge").with_attributes(ends), &data)
    }

    fn finish(mut self: Box<Self>) -> Result<(), GraphError> {
        self.xml.write_event(Event::End(BytesEnd::new("graph")))?;
        self.xml.write_event(Event::End(BytesEnd::new("graphml")))?;
        Ok(writeln!(self.xml.get_mut())?)
    }
}
