//! One self-contained page with the co-mention graph, drawn by Cytoscape.js, which is part of the page.
//!
//! Data reach the script as JSON in an element of its own, in which `<` is written as an escape: no name can end it.

use super::types::class;
use crate::entity_type::EntityType;
use crate::graph::{Edge, GraphError, GraphWriter, Node};
use crate::number::{counted, grouped};
use crate::visible::Visible;
use askama::Template;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;

/// Entities that a page shows unless asked for another number: more nobody can tell apart.
pub const MOST_NODES: usize = 200;

const STYLE: &str = concat!(include_str!("shared.css"), include_str!("entities.css"), include_str!("graph/page.css"));
const SCRIPT: &str = concat!(include_str!("shared.js"), include_str!("graph/page.js"));

/// Characters of a name or id on the page.
const LONGEST: usize = 200;

/// Writes the page of the graph's nodes and edges.
///
/// ```
/// use namesake::graph::{GraphDocument, GraphExport, GraphOptions};
/// use namesake::page::{GraphPage, MOST_NODES};
///
/// let line = r#"{"schema":"namesake/1","id":"a1","entities":[{"id":"a1#1","name":"Petra Holt","type":"PER"}]}"#;
/// let mut html = Vec::new();
/// let mut export = GraphExport::new(Box::new(GraphPage::new(&mut html, MOST_NODES)), &GraphOptions::default());
/// export.add(&GraphDocument::parse(line)?)?;
/// export.finish()?;
/// assert!(String::from_utf8(html)?.contains("1 entity, 0 pairs"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct GraphPage<'a> {
    out: &'a mut dyn Write,
    most: usize,
    /// The entities of most documents so far, the least first.
    best: BTreeMap<(u64, u64, Reverse<String>), Node>,
    nodes: usize,
    numbers: HashMap<String, usize>,
    shown: Vec<Node>,
    edges: Vec<Edge>,
}

impl<'a> GraphPage<'a> {
    /// A page that shows the entities of most documents, at most `most` of them.
    #[must_use]
    pub fn new(out: &'a mut dyn Write, most: usize) -> Self {
        let (best, numbers) = (BTreeMap::new(), HashMap::new());
        Self { out, most, best, nodes: 0, numbers, shown: Vec::new(), edges: Vec::new() }
    }
}

impl std::fmt::Debug for GraphPage<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphPage").field("nodes", &self.nodes).finish_non_exhaustive()
    }
}

#[derive(Template)]
#[template(config = "src/page/askama.toml", path = "graph/page.html")]
struct Page {
    version: &'static str,
    style: &'static str,
    library: &'static str,
    script: &'static str,
    data: String,
    facts: String,
    left_out: Option<String>,
    rows: Vec<Row>,
    /// Class and label of each type that is none of the known ones.
    own_types: Vec<(&'static str, &'static str)>,
}

/// An entity in the list.
struct Row {
    name: String,
    class: &'static str,
    label: &'static str,
    documents: String,
}

/// What the script knows.
#[derive(Serialize)]
struct Data {
    nodes: Vec<NodeData>,
    edges: Vec<EdgeData>,
}

#[derive(Serialize)]
struct NodeData {
    name: String,
    #[serde(rename = "type")]
    entity_type: EntityType,
    aliases: Vec<String>,
    documents: u64,
    mentions: u64,
    some: Vec<String>,
}

#[derive(Serialize)]
struct EdgeData {
    one: usize,
    other: usize,
    documents: u64,
    some: Vec<String>,
}

impl GraphWriter for GraphPage<'_> {
    fn node(&mut self, node: &Node) -> Result<(), GraphError> {
        self.nodes += 1;
        let rank = (node.documents, node.mentions, Reverse(node.path.clone()));
        self.best.insert(rank, node.clone());
        if self.best.len() > self.most {
            self.best.pop_first();
        }
        Ok(())
    }

    fn edges_begin(&mut self) -> Result<(), GraphError> {
        self.shown = std::mem::take(&mut self.best).into_values().rev().collect();
        self.numbers = self.shown.iter().enumerate().map(|(number, node)| (node.path.clone(), number)).collect();
        Ok(())
    }

    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError> {
        if self.numbers.contains_key(&edge.one) && self.numbers.contains_key(&edge.other) {
            self.edges.push(edge.clone());
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), GraphError> {
        let page = self.page()?;
        page.write_into(self.out)?;
        // The template engine drops the last line break of a template.
        Ok(writeln!(self.out)?)
    }
}

impl GraphPage<'_> {
    fn page(&self) -> Result<Page, GraphError> {
        let nodes = self.shown.iter().map(|node| NodeData {
            name: short(&node.labels.name),
            entity_type: node.labels.entity_type,
            aliases: node.labels.aliases.iter().take(8).map(|alias| short(alias)).collect(),
            documents: node.documents,
            mentions: node.mentions,
            some: node.some_documents.iter().map(|id| short(id)).collect(),
        });
        let edges = self.edges.iter().filter_map(|edge| {
            Some(EdgeData {
                one: *self.numbers.get(&edge.one)?,
                other: *self.numbers.get(&edge.other)?,
                documents: edge.documents,
                some: edge.some_documents.iter().map(|id| short(id)).collect(),
            })
        });
        let data = Data { nodes: nodes.collect(), edges: edges.collect() };
        let rows = self.shown.iter().map(|node| Row {
            name: short(&node.labels.name),
            class: class(node.labels.entity_type),
            label: node.labels.entity_type.label(),
            documents: grouped(usize::try_from(node.documents).unwrap_or(usize::MAX)),
        });
        let types = self.shown.iter().map(|node| node.labels.entity_type);
        let own_types: BTreeSet<EntityType> =
            types.filter(|kind| !kind.is_known() && !kind.label().is_empty()).collect();
        let shown = self.shown.len();
        let left_out = (self.nodes > shown).then(|| {
            format!("The {} entities of most documents are shown, of {}.", grouped(shown), grouped(self.nodes))
        });
        Ok(Page {
            version: env!("CARGO_PKG_VERSION"),
            style: STYLE,
            library: include_str!("graph/cytoscape/cytoscape.min.js"),
            script: SCRIPT,
            data: serde_json::to_string(&data).map_err(std::io::Error::from)?.replace('<', "\\u003c"),
            facts: format!("{}, {}", counted(shown, "entity", "entities"), counted(self.edges.len(), "pair", "pairs")),
            left_out,
            rows: rows.collect(),
            own_types: own_types.into_iter().map(|kind| (class(kind), kind.label())).collect(),
        })
    }
}

/// A name as the page shows it.
fn short(text: &str) -> String {
    let shown = Visible::one_line(text).to_string();
    match shown.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &shown[..at]),
        None => shown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::samples::{hostile_document, two_documents};
    use crate::graph::{GraphDocument, GraphExport, GraphOptions};
    use proptest::prelude::*;

    fn page(documents: &[GraphDocument], most: usize) -> String {
        let mut bytes = Vec::new();
        let options = GraphOptions::default();
        let mut export = GraphExport::new(Box::new(GraphPage::new(&mut bytes, most)), &options);
        for document in documents {
            export.add(document).unwrap();
        }
        export.finish().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_page_without_entities_says_so() {
        assert!(page(&[], 200).contains("0 entities"));
    }

    #[test]
    fn a_page_shows_the_entities_of_most_documents() {
        let whole = page(&two_documents(), 200);
        assert!(whole.contains("3 entities, 3 pairs") && !whole.contains("of most documents are shown"));
        let part = page(&two_documents(), 2);
        assert!(part.contains("2 entities, 1 pair"));
        assert!(part.contains("The 2 entities of most documents are shown, of 3."));
        assert!(!part.contains("Quillon Metals"));
    }

    #[test]
    fn a_name_cannot_leave_its_place_on_the_page() {
        let mut documents = two_documents();
        documents[0].entities[0].name = "</script><script>alert(1)</script><img src=x onerror=alert(1)>".to_owned();
        documents[0].entities[0].corpus_id = None;
        let page = page(&documents, 200);
        assert!(page.contains(r"\u003c/script>\u003cscript>alert(1)"));
        assert!(!page.contains("<script>alert(1)") && !page.contains("<img"));
        assert!(page.contains("&#60;img"));
        assert_eq!(page.matches("</script>").count(), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn data_on_the_page_are_data(document in hostile_document()) {
            let page = page(&[document], 200);
            prop_assert_eq!(page.matches("</script>").count(), 3);
            let data = page.split("<script type=\"application/json\" id=\"data\">").nth(1).unwrap();
            let data: serde_json::Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
            prop_assert_eq!(data["nodes"].as_array().unwrap().len(), 2);
        }
    }
}
