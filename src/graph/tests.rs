//! What must hold of every format, whatever the documents hold.

use super::samples::{hostile_document, two_documents};
use super::*;
use oxrdf::{GraphName, Quad, Term};
use oxrdfio::{RdfFormat, RdfParser};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn write(format: GraphFormat, documents: &[GraphDocument], options: &GraphOptions) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut export = GraphExport::new(format.writer(options, &mut bytes).unwrap(), options);
    for document in documents {
        export.add(document).unwrap();
    }
    export.finish().unwrap();
    bytes
}

fn options() -> GraphOptions {
    let options = GraphOptions::default().with_base("https://example.org/".parse().unwrap());
    options.with_model("news-small").with_time("2026-02-11T10:00:00Z").unwrap()
}

#[test]
fn formats_look_as_documented() {
    for (format, name) in [(GraphFormat::TriG, "trig"), (GraphFormat::GraphMl, "graphml"), (GraphFormat::Gexf, "gexf")]
    {
        let written = String::from_utf8(write(format, &two_documents(), &options())).unwrap();
        insta::assert_snapshot!(name, written.replace(env!("CARGO_PKG_VERSION"), "VERSION"));
    }
}

#[test]
fn every_format_is_found_by_its_name() {
    for format in GraphFormat::ALL.iter().copied() {
        assert_eq!(format.name().parse::<GraphFormat>().unwrap(), format);
    }
    let message = "xml".parse::<GraphFormat>().unwrap_err().to_string();
    assert!(message.starts_with("there is no graph format 'xml'; choose one of ttl, "), "{message}");
}

#[test]
fn no_format_fails_without_documents() {
    for format in GraphFormat::ALL.iter().copied() {
        assert!(!write(format, &[], &GraphOptions::default()).is_empty(), "{format}");
    }
}

#[test]
fn wrong_choices_are_refused() {
    let options = GraphOptions::default;
    assert!(options().with_time("yesterday").unwrap_err().to_string().starts_with("'yesterday' is no time"));
    assert!(options().with_knowledge_base("my ids").unwrap_err().to_string().starts_with("'my ids' cannot begin"));
}

#[test]
fn pairs_of_few_documents_can_be_left_out() {
    let written = |least| write(GraphFormat::GraphMl, &two_documents(), &options().with_min_documents(least));
    let edges = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().matches("<edge ").count();
    assert_eq!([edges(written(1)), edges(written(2)), edges(written(3))], [3, 1, 0]);
}

#[test]
fn knowledge_bases_give_identifiers() {
    let mut document = two_documents().remove(0);
    let written = |document: &GraphDocument, options: GraphOptions| {
        String::from_utf8(write(GraphFormat::NTriples, std::slice::from_ref(document), &options)).unwrap()
    };
    assert!(written(&document, options()).contains("sameAs> <http://www.wikidata.org/entity/Q585>"));
    let with_base = || options().with_knowledge_base("https://kb.example/").unwrap();
    assert!(written(&document, with_base()).contains("sameAs> <https://kb.example/Q585>"));
    document.entities[2].knowledge_id = Some("https://example.org/oslo".to_owned());
    assert!(written(&document, with_base()).contains("sameAs> <https://example.org/oslo>"));
    document.entities[2].knowledge_id = Some("NO-03 <x>".to_owned());
    assert!(written(&document, options()).contains("identifier> \"NO-03 <x>\""));
    assert!(written(&document, with_base()).contains("sameAs> <https://kb.example/NO-03%20%3Cx%3E>"));
}

/// The statements without the graph that they stand in.
fn triples(format: RdfFormat, bytes: &[u8]) -> BTreeSet<String> {
    let quads = RdfParser::from_format(format).for_slice(bytes);
    quads.map(|quad| Quad { graph_name: GraphName::DefaultGraph, ..quad.unwrap() }.to_string()).collect()
}

/// As XML holds a text.
fn in_xml(text: &str) -> String {
    xml::allowed(text).into_owned()
}

fn rdf_format(format: GraphFormat) -> Option<RdfFormat> {
    RdfFormat::from_extension(format.name())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_rdf_syntax_says_the_same(document in hostile_document()) {
        let documents = [document];
        let expected = triples(RdfFormat::NTriples, &write(GraphFormat::NTriples, &documents, &options()));
        for format in GraphFormat::ALL.iter().copied() {
            let Some(syntax) = rdf_format(format) else { continue };
            let written = write(format, &documents, &options());
            let found = triples(syntax, &written);
            if format == GraphFormat::RdfXml {
                let replaced: BTreeSet<String> = {
                    let quads = RdfParser::from_format(RdfFormat::NTriples);
                    let bytes = write(GraphFormat::NTriples, &documents, &options());
                    quads.for_slice(&bytes).map(|quad| {
                        let mut quad = quad.unwrap();
                        if let Term::Literal(literal) = &quad.object && literal.datatype() == oxrdf::vocab::xsd::STRING {
                            quad.object = oxrdf::Literal::new_simple_literal(in_xml(literal.value())).into();
                        }
                        quad.to_string()
                    }).collect()
                };
                prop_assert_eq!(found, replaced);
            } else {
                prop_assert_eq!(&found, &expected, "{}", format);
            }
        }
    }

    #[test]
    fn xml_graphs_give_names_back(document in hostile_document()) {
        for format in [GraphFormat::GraphMl, GraphFormat::Gexf] {
            let written = write(format, std::slice::from_ref(&document), &options());
            let names = labels_in_xml(std::str::from_utf8(&written).unwrap(), format);
            let mut expected: Vec<String> = document.entities.iter().map(|entity| in_xml(&entity.name)).collect();
            expected.sort();
            prop_assert_eq!(names, expected, "{}", format);
        }
    }

    #[test]
    fn csv_for_neo4j_gives_names_back(document in hostile_document()) {
        let folder = tempfile::tempdir().unwrap();
        let options = options();
        let mut export = GraphExport::new(neo4j_folder(folder.path(), &options).unwrap(), &options);
        export.add(&document).unwrap();
        export.finish().unwrap();
        let rows = neo4j_rows(&std::fs::read_to_string(folder.path().join("entities.csv")).unwrap());
        prop_assert!(rows.iter().all(|row| row.len() == 8));
        let mut names: Vec<&str> = rows[1..].iter().map(|row| row[1].as_str()).collect();
        names.sort_unstable();
        let mut expected: Vec<String> = document.entities.iter().map(|entity| entity.name.replace('\u{1f}', "\u{fffd}")).collect();
        expected.sort_unstable();
        prop_assert_eq!(names, expected);
        let documents = neo4j_rows(&std::fs::read_to_string(folder.path().join("documents.csv")).unwrap());
        prop_assert_eq!(&documents[1][1], &document.id.replace('\u{1f}', "\u{fffd}"));
        // The scripts are what they always are.
        let script = std::fs::read_to_string(folder.path().join("load.cypher")).unwrap();
        prop_assert_eq!(script, include_str!("neo4j/load.cypher"));
    }
}

/// The names of the nodes, sorted, as another reader of XML sees them.
fn labels_in_xml(text: &str, format: GraphFormat) -> Vec<String> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(text);
    let mut names = Vec::new();
    let mut in_label = false;
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) if format == GraphFormat::Gexf && start.name().as_ref() == b"node" => {
                let label = start.try_get_attribute("label").unwrap().unwrap();
                names.push(label.unescape_value().unwrap().into_owned());
            }
            Event::Start(start) if format == GraphFormat::GraphMl && start.name().as_ref() == b"data" => {
                in_label = start.try_get_attribute("key").unwrap().unwrap().value.as_ref() == b"label";
                if in_label {
                    names.push(String::new());
                }
            }
            Event::Text(text) if in_label => {
                if let Some(name) = names.last_mut() {
                    name.push_str(&text.unescape().unwrap());
                }
            }
            Event::End(_) => in_label = false,
            Event::Eof => break,
            _ => {}
        }
    }
    names.sort();
    names
}

/// CSV as Neo4j reads it with `--legacy-style-quoting`, and `LOAD CSV` by default: in quotes a quote is doubled or follows a
/// backslash, a backslash follows another one.
fn neo4j_rows(text: &str) -> Vec<Vec<String>> {
    let mut rows = vec![vec![]];
    let mut chars = text.chars().peekable();
    while chars.peek().is_some() {
        assert_eq!(chars.next(), Some('"'), "every field is in quotes");
        let mut field = String::new();
        loop {
            match chars.next().expect("the field ends") {
                '"' if chars.next_if_eq(&'"').is_some() => field.push('"'),
                '"' => break,
                '\\' => match chars.next_if(|c| matches!(c, '"' | '\\')) {
                    Some(escaped) => field.push(escaped),
                    None => field.push('\\'),
                },
                other => field.push(other),
            }
        }
        rows.last_mut().unwrap().push(field);
        match chars.next() {
            Some(',') => {}
            Some('\n') => rows.push(vec![]),
            other => panic!("{other:?} behind a field"),
        }
    }
    rows.pop();
    rows
}
