//! `namesake graph` as a user calls it, with good input and bad.
#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod common;

use common::{namesake, workplace};
use predicates::prelude::PredicateBooleanExt;
use predicates::str::{contains, starts_with};
use std::fs;
use tempfile::TempDir;

/// Two documents as `extract` writes them; the second one calls Petra Holt by her family name alone.
const LINES: &str = concat!(
    r#"{"schema":"namesake/1","id":"monday","offsets":"char","entities":[{"id":"monday#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[0]},{"id":"monday#2","name":"Quillon Metals","type":"ORG","score":0.9,"aliases":[{"text":"Quillon Metals","count":1}],"mentions":[1]}],"mentions":[{"start":0,"end":10,"text":"Petra Holt","type":"PER","score":0.9,"entity":"monday#1"},{"start":14,"end":28,"text":"Quillon Metals","type":"ORG","score":0.9,"entity":"monday#2"}]}"#,
    "\n",
    r#"{"schema":"namesake/1","id":"friday","offsets":"char","entities":[{"id":"friday#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[0]},{"id":"friday#2","name":"Quillon Metals","type":"ORG","score":0.9,"aliases":[{"text":"Quillon Metals","count":2}],"mentions":[1,2]}],"mentions":[{"start":0,"end":10,"text":"Petra Holt","type":"PER","score":0.9,"entity":"friday#1"},{"start":14,"end":28,"text":"Quillon Metals","type":"ORG","score":0.9,"entity":"friday#2"},{"start":34,"end":48,"text":"Quillon Metals","type":"ORG","score":0.9,"entity":"friday#2"}]}"#,
    "\n",
);

/// A folder with the documents, unlinked and linked, and the corpus store.
fn place() -> TempDir {
    let place = workplace(&[("entities.jsonl", LINES)]);
    let link = ["link", "entities.jsonl", "--store", "corpus.db", "-o", "linked.jsonl", "-q"];
    namesake(&place).args(link).assert().success();
    place
}

fn stdout(place: &TempDir, arguments: &[&str]) -> String {
    let output = namesake(place).args(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn entities_of_different_documents_are_one_where_a_store_says_so() {
    let place = place();
    let graph = |input: &[&str]| stdout(&place, &[&["graph", "export", "--format", "graphml"], input].concat());
    let linked = graph(&["linked.jsonl"]);
    assert_eq!(linked.matches("<node ").count(), 2);
    assert!(linked.contains("<node id=\"entity/E000001\">"));
    assert!(linked.contains("<data key=\"documents\">2</data>"));
    // Lines that were not linked, with the store beside them, are the same.
    assert_eq!(graph(&["entities.jsonl", "--corpus", "corpus.db"]), linked);
    // The store alone knows as much of the graph.
    assert_eq!(graph(&["corpus.db"]), linked);
    // Without the store each document is on its own.
    assert_eq!(graph(&["entities.jsonl"]).matches("<node ").count(), 4);
    // A merge is followed, without linking again; of two types only with --force.
    namesake(&place).args(["entities", "corpus.db", "merge", "E000001", "E000002", "--force"]).assert().success();
    assert_eq!(graph(&["entities.jsonl", "--corpus", "corpus.db"]).matches("<node ").count(), 1);
}

#[test]
fn the_ending_names_the_format_and_the_same_input_gives_the_same_bytes() {
    let place = place();
    for ending in ["ttl", "nt", "nq", "trig", "jsonld", "rdf", "graphml", "gexf"] {
        let (one, other) = (format!("one.{ending}"), format!("other.{ending}"));
        namesake(&place)
            .args(["graph", "export", "linked.jsonl", "-o", &one])
            .assert()
            .success()
            .stderr(starts_with("2 documents: 2 entities, 1 pair"));
        let piped = fs::read(place.path().join("linked.jsonl")).unwrap();
        namesake(&place)
            .args(["graph", "export", "-", "-q", "-o", &other])
            .write_stdin(piped)
            .assert()
            .success()
            .stderr("");
        let read = |name: &str| fs::read(place.path().join(name)).unwrap();
        assert_eq!(read(&one), read(&other), "{ending}");
        let to_stdout = stdout(&place, &["graph", "export", "linked.jsonl", "-q", "--format", ending]);
        assert_eq!(read(&one), to_stdout.as_bytes(), "{ending}");
    }
    let zipped = ["graph", "export", "linked.jsonl", "-q", "-o", "one.nq.gz"];
    namesake(&place).args(zipped).assert().success();
    assert_eq!(fs::read(place.path().join("one.nq.gz")).unwrap()[..2], [0x1f, 0x8b]);
}

#[test]
fn identifiers_begin_with_the_base() {
    let place = place();
    let graph =
        stdout(&place, &["graph", "export", "linked.jsonl", "--format", "nt", "--base", "https://example.org/n/"]);
    assert!(graph.contains(
        "<https://example.org/n/entity/E000001> <http://www.w3.org/2004/02/skos/core#prefLabel> \"Petra Holt\""
    ));
    assert!(!graph.contains("endedAtTime") && !graph.contains("news-small"));
    let said = ["--model", "news-small", "--time", "2026-02-11T10:00:00Z"];
    let graph = stdout(&place, &[&["graph", "export", "linked.jsonl", "--format", "nt"][..], &said].concat());
    assert!(graph.contains("endedAtTime> \"2026-02-11T10:00:00Z\"") && graph.contains("\"news-small\""));
}

#[test]
fn neo4j_gets_a_folder() {
    let place = place();
    let export = ["graph", "export", "linked.jsonl", "--format", "neo4j", "-o", "neo"];
    namesake(&place).args(export).assert().success().stderr(contains("import with `sh neo/import.sh`"));
    let mut names: Vec<_> =
        fs::read_dir(place.path().join("neo")).unwrap().map(|file| file.unwrap().file_name()).collect();
    names.sort();
    let expected = [
        "co-mentions.csv",
        "documents.csv",
        "entities.csv",
        "import.sh",
        "load.cypher",
        "mentions.csv",
        "relations.csv",
    ];
    assert_eq!(names, expected);
    let read = |name: &str| fs::read_to_string(place.path().join("neo").join(name)).unwrap();
    insta::assert_snapshot!(read("entities.csv") + &read("mentions.csv") + &read("co-mentions.csv"));
    namesake(&place).args(export).assert().code(1).stderr(contains("neo is not empty"));
}

#[test]
fn a_page_is_written() {
    let place = place();
    namesake(&place).args(["graph", "view", "linked.jsonl", "-o", "graph.html"]).assert().success().stderr("");
    let page = fs::read_to_string(place.path().join("graph.html")).unwrap();
    assert!(page.contains("Quillon Metals") && page.contains("2 entities, 1 pair"));
    assert!(page.contains("The Cytoscape Consortium"), "the licence of the library stays with it");
    assert!(!page.contains(" src=") && !page.contains(" href=\"http"), "the page needs nothing but itself");
    let capped = ["graph", "view", "linked.jsonl", "-o", "capped.html", "--max-nodes", "1"];
    namesake(&place).args(capped).assert().success().stderr(contains("shows 1 entity of 2, those of most documents"));
}

#[test]
fn bad_input_is_reported_and_the_rest_is_done() {
    let place = place();
    let bad = LINES.lines().next().unwrap().to_owned() + "\nnonsense\n" + LINES;
    fs::write(place.path().join("bad.jsonl"), bad).unwrap();
    let export = ["graph", "export", "bad.jsonl", "-o", "bad.ttl", "-q"];
    let expected =
        contains("bad.jsonl:2: not a document with entities").and(contains("bad.jsonl:3: the id \"monday\" was used"));
    namesake(&place).args(export).assert().code(3).stderr(expected);
    assert!(fs::read_to_string(place.path().join("bad.ttl")).unwrap().contains("\"friday\""));
    let strict = ["graph", "export", "bad.jsonl", "-o", "strict.ttl", "--strict"];
    namesake(&place).args(strict).assert().code(1).stderr(contains("bad.jsonl:2: "));
    assert!(!place.path().join("strict.ttl").exists());
    let stranger = LINES.replace("friday", "sunday");
    fs::write(place.path().join("stranger.jsonl"), stranger).unwrap();
    let unknown = ["graph", "export", "stranger.jsonl", "--corpus", "corpus.db", "--format", "nt"];
    namesake(&place).args(unknown).assert().code(3).stderr(contains("document 'sunday' is not in the corpus store"));
}

#[test]
fn wrong_calls_say_what_to_do() {
    let place = place();
    for (arguments, reason) in [
        (&["export", "linked.jsonl"][..], "choose a format with --format, or a file with -o"),
        (&["export", "linked.jsonl", "-o", "graph.xyz"], "there is no graph format 'xyz'; choose one of ttl"),
        (&["export", "linked.jsonl", "-o", "graph"], "graph has no ending that names a format"),
        (&["export", "linked.jsonl", "--format", "neo4j"], "the format neo4j is a folder; name one with -o"),
        (&["export", "none.jsonl", "-o", "a.ttl"], "none.jsonl"),
        (&["export", "linked.jsonl", "-o", "no/a.ttl"], "the folder no does not exist"),
        (&["export", "linked.jsonl", "-o", "a.ttl", "--time", "now"], "'now' is no time"),
        (&["export", "linked.jsonl", "-o", "a.ttl", "--knowledge-base", "x y"], "'x y' cannot begin"),
        (&["export", "linked.jsonl", "-o", "a.ttl", "--corpus", "none.db"], "there is no corpus store at none.db"),
        (&["export", "corpus.db", "-o", "a.ttl", "--corpus", "corpus.db"], "is a corpus store already"),
        (&["view", "none.jsonl"], "none.jsonl"),
    ] {
        namesake(&place).arg("graph").args(arguments).assert().code(1).stderr(contains(reason));
    }
    let base = ["graph", "export", "linked.jsonl", "-o", "a.ttl", "--base", "news"];
    namesake(&place)
        .args(base)
        .assert()
        .code(2)
        .stderr(contains("'news' cannot begin identifiers: it is no absolute IRI"));
    assert!(!place.path().join("a.ttl").exists());
}

#[cfg(not(feature = "sparql-store"))]
#[test]
fn a_program_without_a_store_says_how_to_get_one() {
    let place = place();
    for arguments in [&["load", "linked.jsonl", "--store", "graph"][..], &["query", "--store", "graph", "ASK {}"]] {
        let expected = contains("cargo install --path . --features sparql-store").and(contains("--from linked.jsonl"));
        namesake(&place).arg("graph").args(arguments).assert().code(1).stderr(expected);
    }
    assert!(!place.path().join("graph").exists());
}

#[test]
fn what_documents_state_of_two_is_in_every_graph() {
    let related = LINES.replace(
        r#"{"id":"monday#1","name":"Petra Holt","type":"PER","score":0.9,"#,
        r#"{"id":"monday#1","name":"Petra Holt","type":"ORG","score":0.9,"relations":[{"type":"part_of","entity":"monday#2"},{"type":"formerly","name":"Old Holt"}],"#,
    );
    let place = workplace(&[("entities.jsonl", &related)]);
    let graph = stdout(&place, &["graph", "export", "entities.jsonl", "--format", "nt"]);
    let holt = "<urn:namesake:document/monday/entity/monday%231>";
    assert!(graph.contains(&format!(
        "{holt} <http://schema.org/parentOrganization> <urn:namesake:document/monday/entity/monday%232>"
    )));
    assert!(graph.contains(&format!("{holt} <http://schema.org/alternateName> \"Old Holt\"")));
    assert!(graph.contains(&format!("{holt} <urn:namesake:vocabulary#formerly> \"Old Holt\"")));
    let line = "document/monday/entity/monday%231 part_of document/monday/entity/monday%232";
    for format in ["graphml", "gexf"] {
        assert!(stdout(&place, &["graph", "export", "entities.jsonl", "--format", format]).contains(line), "{format}");
    }
    namesake(&place).args(["graph", "export", "entities.jsonl", "--format", "neo4j", "-o", "neo"]).assert().success();
    let relations = fs::read_to_string(place.path().join("neo/relations.csv")).unwrap();
    assert_eq!(relations.lines().count(), 2);
    assert!(relations.ends_with("\"1\",\"PART_OF\"\n"), "{relations}");
}
