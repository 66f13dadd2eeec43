//! `namesake graph load` and the store that it fills: that documents replace themselves, and that nothing breaks it.
#![cfg(feature = "sparql-store")]
#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod common;

use common::{namesake, workplace};
use predicates::str::contains;
use serde_json::json;
use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A linked document: each entity is its corpus id, its name there and its type.
fn line(id: &str, entities: &[(&str, &str, &str)]) -> String {
    let (mut objects, mut mentions) = (Vec::new(), Vec::new());
    for (number, (corpus_id, name, label)) in entities.iter().enumerate() {
        let (entity, start) = (format!("{id}#{number}"), number * 100);
        mentions.push(
            json!({"start": start, "end": start + 10, "text": name, "type": label, "score": 0.9, "entity": entity}),
        );
        objects.push(json!({"id": entity, "name": name, "type": label, "score": 0.9, "corpus_id": corpus_id,
            "aliases": [{"text": name, "count": 1}], "mentions": [number]}));
    }
    json!({"schema": "namesake/1", "id": id, "offsets": "char", "entities": objects, "mentions": mentions}).to_string()
        + "\n"
}

const HOLT: (&str, &str, &str) = ("E000001", "Petra Holt", "PER");
const QUILLON: (&str, &str, &str) = ("E000002", "Quillon Metals", "ORG");
const OSLO: (&str, &str, &str) = ("E000003", "Oslo", "LOC");
const BRAND: (&str, &str, &str) = ("E000004", "Jonas Brand", "PER");

/// Four documents: Holt is with Quillon twice, Brand is two steps from Holt.
fn place() -> TempDir {
    let documents = [
        line("monday", &[HOLT, QUILLON]),
        line("tuesday", &[("E000001", "Holt", "PER"), QUILLON]),
        line("friday", &[OSLO, QUILLON]),
        line("sunday", &[OSLO, BRAND]),
    ];
    let place = workplace(&[("linked.jsonl", &documents.concat())]);
    load(&place, "linked.jsonl");
    place
}

fn load(place: &TempDir, file: &str) {
    namesake(place).args(["graph", "load", file, "--store", "graph", "-q"]).assert().success().stderr("");
}

fn ask(place: &TempDir, arguments: &[&str]) -> String {
    let command = [&["graph", "query", "--store", "graph"], arguments].concat();
    let output = namesake(place).args(command).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn a_document_that_comes_again_replaces_itself() {
    let place = place();
    let before = dump(&place);
    load(&place, "linked.jsonl");
    assert_eq!(dump(&place), before, "the same documents change nothing");
    let summary = "loaded 4 documents: 0 new, 0 changed, 4 as they were";
    let mut again = namesake(&place);
    again.args(["graph", "load", "linked.jsonl", "--store", "graph"]).assert().success().stderr(contains(summary));
    // Brand goes, Holt is called otherwise by a majority now, and Nordlys comes.
    let again = line("sunday", &[("E000005", "Nordlys", "ORG"), ("E000001", "Holt", "PER")]);
    fs::write(place.path().join("again.jsonl"), again).unwrap();
    load(&place, "again.jsonl");
    let names = ask(&place, &["SELECT ?name WHERE { ?e skos:prefLabel ?name } ORDER BY ?name"]);
    assert_eq!(names, "name\nHolt\nNordlys\nOslo\nQuillon Metals\n");
    load(&place, "linked.jsonl");
    assert_eq!(dump(&place), before, "and back");
}

#[test]
fn wrong_calls_say_what_to_do() {
    let place = place();
    fs::create_dir(place.path().join("other")).unwrap();
    fs::write(place.path().join("other/file"), "").unwrap();
    for (arguments, reason) in [
        (
            &["query", "--store", "none", "ASK {}"][..],
            "there is no graph store at none; `namesake graph load INPUT --store none`",
        ),
        (&["query", "--store", "other", "ASK {}"], "other is no graph store"),
        (
            &["query", "--store", "graph", "ASK {}", "--strict"],
            "--strict, --corpus, --types and --labels go with --from",
        ),
        (&["load", "linked.jsonl", "--store", "other"], "other is no graph store"),
        (&["load", "linked.jsonl", "--store", "linked.jsonl"], "linked.jsonl is no graph store"),
        (&["load", "linked.jsonl", "--store", "graph", "--base", "https://e.org/"], "load with `--base urn:namesake:`"),
    ] {
        namesake(&place).arg("graph").args(arguments).assert().code(1).stderr(contains(reason));
    }
}

/// What the documents say, and what all of them together say of the entities; sorted.
fn dump(place: &TempDir) -> Vec<String> {
    let said = "SELECT ?g ?s ?p ?o WHERE { GRAPH ?g { ?s ?p ?o } }";
    let labels = "SELECT ?s ?p ?o WHERE { VALUES ?p { skos:prefLabel skos:altLabel rdf:type } ?s ?p ?o }";
    let mut lines: Vec<String> = Vec::new();
    for query in [said, labels] {
        lines.extend(ask(place, &[query, "--format", "csv"]).lines().map(str::to_owned));
    }
    lines.sort();
    lines
}

#[test]
fn a_kill_at_any_moment_leaves_a_store_that_can_be_completed() {
    // So many that changes of documents and labels of entities take several transactions each.
    const DOCUMENTS: usize = 2500;
    let mut documents = String::new();
    for number in 0..DOCUMENTS {
        let (topic, person) = (number % 97, number * 7 % 2311);
        let (one, name) = (format!("E1{person:05}"), format!("Name {person} of {}", number % 5));
        let (other, name_of_other) = (format!("E{:06}", 1000 + topic), format!("Topic {topic} of {}", number % 3));
        documents += &line(&format!("d{number}"), &[(&one, &name, "PER"), (&other, &name_of_other, "ORG"), OSLO]);
    }
    // A second version of each third document, so that graphs are replaced, too.
    let mut newer = String::new();
    for number in (0..DOCUMENTS).step_by(3) {
        let (id, name) = (format!("E{:06}", 2000 + number % 50), format!("New {}", number % 50));
        write!(newer, "{}", line(&format!("d{number}"), &[(&id, &name, "LOC")])).unwrap();
    }
    let place = workplace(&[("in.jsonl", &documents), ("newer.jsonl", &newer)]);
    let began = Instant::now();
    load(&place, "in.jsonl");
    let longest = began.elapsed();
    load(&place, "newer.jsonl");
    let expected = dump(&place);
    let mut moment = 17;
    for _ in 0..2 {
        fs::remove_dir_all(place.path().join("graph")).unwrap();
        for file in ["in.jsonl", "newer.jsonl"] {
            for _ in 0..2 {
                moment = (moment * 137 + 29) % 100;
                kill_after(longest * moment / 100, place.path(), file);
                if place.path().join("graph/CURRENT").exists() {
                    let count = "SELECT (COUNT(DISTINCT ?d) AS ?n) WHERE { ?d a schema:Article }";
                    let count = ask(&place, &[count, "--format", "csv"]);
                    assert!(count.lines().nth(1).unwrap().parse::<usize>().unwrap() <= DOCUMENTS);
                }
            }
            load(&place, file);
        }
        assert_eq!(dump(&place), expected);
    }
}

/// Loads, and kills the program after a while, unless it is done by then.
fn kill_after(wait: Duration, place: &Path, file: &str) {
    let mut child = Command::new(assert_cmd::cargo::cargo_bin("namesake"))
        .args(["graph", "load", file, "--store", "graph", "-q"])
        .current_dir(place)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    std::thread::sleep(wait);
    // SIGKILL: no handler runs, nothing is flushed.
    child.kill().unwrap();
    child.wait().unwrap();
}
