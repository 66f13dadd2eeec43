//! Neo4j 5: CSV files with the headers of `neo4j-admin database import`, the command that imports them, and a Cypher
//! script that merges the same files into a database that is running. Texts stand in the CSV files alone.
//!
//! Both readers of CSV that Neo4j has must see the same. `LOAD CSV` takes a backslash for an escape unless its server says
//! otherwise, the import does so when told: so backslashes are doubled, and the command tells it.

use super::GraphWriter;
use super::document::GraphDocument;
use super::error::GraphError;
use super::gather::{Edge, Node};
use super::iri::document_path;
use super::options::GraphOptions;
use crate::entity_type::EntityType;
use csv::{QuoteStyle, Writer, WriterBuilder};
use std::fs::File;
use std::io::Write;
use std::path::Path;

/// Parts the elements of an array; no text may hold it.
const SEPARATOR: char = '\u{1f}';

/// Writes the files into a folder.
pub(super) struct Neo4jWriter {
    options: GraphOptions,
    documents: Writer<File>,
    entities: Writer<File>,
    mentions: Writer<File>,
    co_mentions: Writer<File>,
    relations: Writer<File>,
}

impl Neo4jWriter {
    pub(super) fn new(folder: &Path, options: GraphOptions) -> Result<Self, GraphError> {
        for (name, text) in
            [("import.sh", include_str!("neo4j/import.sh")), ("load.cypher", include_str!("neo4j/load.cypher"))]
        {
            File::create_new(folder.join(name))?.write_all(text.as_bytes())?;
        }
        let open = |name: &str, header: &[&str]| -> Result<Writer<File>, GraphError> {
            let file = File::create_new(folder.join(name))?;
            // An empty text between quotes stays a text; without quotes it would be nothing at all.
            let mut csv = WriterBuilder::new().quote_style(QuoteStyle::Always).from_writer(file);
            csv.write_record(header)?;
            Ok(csv)
        };
        Ok(Self {
            options,
            documents: open("documents.csv", &["iri:ID(Document)", "id", "headline", "date", ":LABEL"])?,
            entities: open(
                "entities.csv",
                &[
                    "iri:ID(Entity)",
                    "name",
                    "aliases:string[]",
                    "type",
                    "knowledgeIds:string[]",
                    "documents:long",
                    "mentions:long",
                    ":LABEL",
                ],
            )?,
            mentions: open(
                "mentions.csv",
                &[":START_ID(Document)", ":END_ID(Entity)", "name", "count:long", "texts:string[]", ":TYPE"],
            )?,
            co_mentions: open(
                "co-mentions.csv",
                &[":START_ID(Entity)", ":END_ID(Entity)", "documents:long", "firstDocuments:string[]", ":TYPE"],
            )?,
            relations: open("relations.csv", &[":START_ID(Entity)", ":END_ID(Entity)", "documents:long", ":TYPE"])?,
        })
    }

    fn iri(&self, path: &str) -> String {
        self.options.base.node(path).into_string()
    }
}

impl GraphWriter for Neo4jWriter {
    fn document(&mut self, document: &GraphDocument) -> Result<(), GraphError> {
        let field = |names: &[&str]| {
            let value = names.iter().find_map(|name| document.metadata.get(*name)?.as_str());
            text(value.unwrap_or_default())
        };
        let iri = self.iri(&document_path(&document.id));
        let row =
            [&iri, &text(&document.id), &field(&["headline", "title"]), &field(&["date", "published"]), "Document"];
        self.documents.write_record(row)?;
        let mut entities: Vec<_> = document.entity_paths().into_iter().zip(&document.entities).collect();
        entities.sort_by(|one, other| one.0.cmp(&other.0));
        // One relationship for each entity of the corpus, even where two of the document's entities are one there.
        for same in entities.chunk_by(|one, other| one.0 == other.0) {
            let aliases = || same.iter().flat_map(|(_, entity)| &entity.aliases);
            let count: usize = aliases().map(|alias| alias.count).sum();
            let texts = array(aliases().map(|alias| alias.text.as_str()));
            let name = text(&same[0].1.name);
            self.mentions.write_record([&iri, &self.iri(&same[0].0), &name, &count.to_string(), &texts, "MENTIONS"])?;
        }
        Ok(())
    }

    fn node(&mut self, node: &Node) -> Result<(), GraphError> {
        let label = match node.labels.entity_type {
            EntityType::Per => "Person",
            EntityType::Org => "Organization",
            EntityType::Loc => "Place",
            // A script may set no label that comes from the data; the property `type` has a type of one's own.
            EntityType::Misc | EntityType::Own(_) => "Thing",
        };
        self.entities.write_record([
            &self.iri(&node.path),
            &text(&node.labels.name),
            &array(node.labels.aliases.iter().map(String::as_str)),
            &text(node.labels.entity_type.label()),
            &array(node.knowledge_ids.iter().map(String::as_str)),
            &node.documents.to_string(),
            &node.mentions.to_string(),
            &format!("Entity{SEPARATOR}{label}"),
        ])?;
        Ok(())
    }

    fn edge(&mut self, edge: &Edge) -> Result<(), GraphError> {
        self.co_mentions.write_record([
            &self.iri(&edge.one),
            &self.iri(&edge.other),
            &edge.documents.to_string(),
            &array(edge.some_documents.iter().map(String::as_str)),
            "CO_MENTIONED_WITH",
        ])?;
        for relation in &edge.relations {
            let (from, to) = edge.ends(relation.direction);
            let kind = relation.kind.label().to_uppercase();
            self.relations.write_record([&self.iri(from), &self.iri(to), &relation.documents.to_string(), &kind])?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), GraphError> {
        for csv in [self.documents, self.entities, self.mentions, self.co_mentions, self.relations] {
            csv.into_inner().map_err(csv::IntoInnerError::into_error)?.sync_all()?;
        }
        Ok(())
    }
}

/// A text as both readers understand it.
fn text(text: &str) -> String {
    text.replace(SEPARATOR, "\u{fffd}").replace('\\', "\\\\")
}

fn array<'a>(texts: impl Iterator<Item = &'a str>) -> String {
    texts.map(text).collect::<Vec<_>>().join(&SEPARATOR.to_string())
}
