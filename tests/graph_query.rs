//! `namesake graph query`: what documents in memory answer; with the feature `sparql-store` a store gives the same answers.
#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod common;

use common::{namesake, workplace};
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::Command;
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
    workplace(&[("linked.jsonl", &documents.concat())])
}

/// What the documents answer.
fn ask(place: &TempDir, arguments: &[&str]) -> String {
    let answer = ask_of(place, &["--from", "linked.jsonl"], arguments);
    #[cfg(feature = "sparql-store")]
    {
        let load = ["graph", "load", "linked.jsonl", "--store", "graph", "-q"];
        namesake(place).args(load).assert().success().stderr("");
        assert_eq!(ask_of(place, &["--store", "graph"], arguments), answer, "{arguments:?}");
    }
    answer
}

fn ask_of(place: &TempDir, source: &[&str], arguments: &[&str]) -> String {
    let command = [&["graph", "query"], source, arguments].concat();
    let output = namesake(place).args(command).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn ready_queries_answer() {
    let place = place();
    insta::assert_snapshot!("top_entities", ask(&place, &["--named", "top-entities"]));
    insta::assert_snapshot!("co_mentioned_with", ask(&place, &["--named", "co-mentioned-with", "Petra Holt"]));
    insta::assert_snapshot!("documents_about", ask(&place, &["--named", "documents-about", "Holt"]));
    insta::assert_snapshot!("path_between", ask(&place, &["--named", "path-between", "Petra Holt", "Jonas Brand"]));
    let by_iri = ask(&place, &["--named", "co-mentioned-with", "urn:namesake:entity/E000001"]);
    assert_eq!(by_iri, ask(&place, &["--named", "co-mentioned-with", "Petra Holt"]));
}

#[test]
fn sparql_is_answered_in_the_form_asked_for() {
    let place = place();
    let people = "SELECT ?name WHERE { ?e a schema:Person ; skos:prefLabel ?name } ORDER BY ?name";
    assert_eq!(ask(&place, &[people]), "name\nJonas Brand\nPetra Holt\n");
    assert_eq!(ask(&place, &[people, "--format", "csv"]), "name\r\nJonas Brand\r\nPetra Holt\r\n");
    let json: Value = serde_json::from_str(&ask(&place, &[people, "--format", "json"])).unwrap();
    assert_eq!(json["results"]["bindings"][1]["name"], json!({"type": "literal", "value": "Petra Holt"}));
    assert_eq!(ask(&place, &["ASK { ?e skos:altLabel 'Holt' }"]), "answer\ntrue\n");
    let triples = ask(&place, &["CONSTRUCT { ?e schema:name ?n } WHERE { ?e skos:prefLabel ?n }"]);
    assert!(triples.contains("<urn:namesake:entity/E000003> schema:name \"Oslo\" ."), "{triples}");
    // Each document has a graph of its own.
    let graphs = "SELECT ?g (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?d a schema:Article } } GROUP BY ?g ORDER BY ?g";
    assert_eq!(ask(&place, &[graphs, "--format", "csv"]).lines().nth(1), Some("urn:namesake:document/friday,1"));
    // From a file, and from standard input.
    fs::write(place.path().join("people.rq"), people).unwrap();
    assert_eq!(ask(&place, &["people.rq"]), ask(&place, &[people]));
    let mut piped = namesake(&place);
    piped
        .args(["graph", "query", "--from", "linked.jsonl", "-"])
        .write_stdin(people)
        .assert()
        .success()
        .stdout(contains("Brand"));
}

#[test]
fn what_is_asked_for_is_never_part_of_the_query() {
    let mut documents = String::new();
    let names = ["\" } DROP ALL #", "Holt\\", "a\nb", "<x>", "'''", "?asked", "👩‍🔬", "محمد"];
    for (number, name) in names.iter().enumerate() {
        let id = format!("E{:06}", number + 100);
        documents += &line(&format!("d{number}"), &[(&id, name, "PER"), OSLO]);
    }
    let place = workplace(&[("linked.jsonl", &documents)]);
    for (number, name) in names.iter().enumerate() {
        let answer = ask(&place, &["--named", "documents-about", name, "--format", "csv"]);
        assert_eq!(answer.lines().count(), 2, "{name}: {answer}");
        assert!(answer.contains(&format!("urn:namesake:document/d{number}")), "{name}: {answer}");
    }
    let top = ask(&place, &["--named", "top-entities", "--format", "json"]);
    let top: Value = serde_json::from_str(&top).unwrap();
    assert_eq!(top["results"]["bindings"].as_array().unwrap().len(), names.len() + 1);
}

#[test]
fn wrong_calls_say_what_to_do() {
    let place = place();
    for (arguments, reason) in [
        (&["query", "--from", "linked.jsonl", "SELECT * WHERE {"][..], "the query is not SPARQL"),
        (&["query", "--from", "linked.jsonl", "DELETE WHERE { ?s ?p ?o }"], "the query is not SPARQL"),
        (&["query", "--from", "linked.jsonl", "none.rq"], "there is no file none.rq"),
        (&["query", "--from", "linked.jsonl"], "give one SPARQL query"),
        (&["query", "--from", "none.jsonl", "ASK {}"], "none.jsonl"),
        (&["query", "--from", "-", "-"], "standard input holds the documents or the query, not both"),
        (&["query", "--from", "linked.jsonl", "--named", "nothing"], "choose one of top-entities, co-mentioned-with"),
        (&["query", "--from", "linked.jsonl", "--named", "path-between", "Oslo"], "wants the names of two entities"),
        (
            &["query", "--from", "linked.jsonl", "--named", "documents-about", "holt"],
            "no entity is called 'holt'; there is Holt, Petra Holt",
        ),
        (&["query", "--from", "linked.jsonl", "ASK {}", "--format", "ttl"], "only CONSTRUCT and DESCRIBE give triples"),
        (&["query", "--from", "linked.jsonl", "DESCRIBE <urn:x>", "--format", "csv"], "write them with --format ttl"),
    ] {
        namesake(&place).arg("graph").args(arguments).assert().code(1).stderr(contains(reason));
    }
    for arguments in [&["ASK {}"][..], &["ASK {}", "--from", "linked.jsonl", "--store", "graph"]] {
        namesake(&place).args(["graph", "query"]).args(arguments).assert().code(2).stderr(contains("--from <INPUT>"));
    }
}

#[test]
fn a_corpus_store_answers_and_bad_lines_are_told() {
    let place = place();
    let documents = fs::read_to_string(place.path().join("linked.jsonl")).unwrap();
    namesake(&place).args(["link", "linked.jsonl", "--store", "corpus.db", "-q"]).assert().success();
    let top = ["--named", "top-entities"];
    let answer = ask_of(&place, &["--from", "corpus.db"], &top);
    assert!(answer.contains("Quillon Metals  schema:Organization          3"), "{answer}");
    assert_eq!(ask_of(&place, &["--from", "linked.jsonl", "--corpus", "corpus.db"], &top), answer);
    fs::write(place.path().join("bad.jsonl"), "nonsense\n".to_owned() + &documents).unwrap();
    let mut command = namesake(&place);
    command.args(["graph", "query", "--from", "bad.jsonl", "--named", "documents-about", "Jonas Brand"]);
    command.assert().code(3).stdout(contains("sunday")).stderr(contains("bad.jsonl:1: not a document with entities"));
}

/// The commands of docs/knowledge-graph.md, one after another in a folder of their own.
#[test]
#[cfg(unix)]
fn the_documented_questions_have_the_documented_answers() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let place = workplace(&[]);
    let copied = Command::new("cp").arg("-r").arg(root.join("examples")).arg(place.path()).status().unwrap();
    assert!(copied.success());
    let docs = fs::read_to_string(root.join("docs/knowledge-graph.md")).unwrap();
    let (_, section) = docs.split_once("### Five questions to the examples").unwrap();
    let (section, _) = section.split_once("\n## ").unwrap();
    let mut asked = 0;
    let mut found = String::new();
    for block in section.split("```").skip(1).step_by(2) {
        if let Some(commands) = block.strip_prefix("sh\n") {
            let commands: Vec<String> = commands.lines().filter_map(here).collect();
            let output = Command::new("sh")
                .args(["-c", &commands.join("\n")])
                .env("NAMESAKE", assert_cmd::cargo::cargo_bin("namesake"))
                .current_dir(place.path())
                .output()
                .unwrap();
            let told = if output.stdout.is_empty() { output.stderr } else { output.stdout };
            found = without_scores(&String::from_utf8(told).unwrap().replace("\r\n", "\n"));
            asked += usize::from(block.contains(" query "));
        } else if let Some(answer) = block.strip_prefix("text\n").filter(|answer| has_answer(answer)) {
            let expected = without_scores(answer);
            let fits = match expected.split_once("…\n") {
                Some((begin, _)) => found.starts_with(begin),
                None => found.ends_with(&expected),
            };
            assert!(fits, "{found}instead of\n{expected}");
        }
    }
    assert_eq!(asked, 5);
}

/// A documented command as it can be called here: without a store that stays the documents are asked themselves.
fn here(command: &str) -> Option<String> {
    let command = command.replace("namesake ", "\"$NAMESAKE\" ");
    if cfg!(feature = "sparql-store") {
        return Some(command);
    }
    (!command.contains(" graph load ")).then(|| command.replace("--store examples-graph", "--from linked.jsonl"))
}

/// Whether a documented answer is one that comes here.
fn has_answer(answer: &str) -> bool {
    cfg!(feature = "sparql-store") || !answer.starts_with("loaded ")
}

/// The last digits of a score may be others on another processor.
fn without_scores(text: &str) -> String {
    let is_score = |word: &&str| word.starts_with("0.") && word.len() == 6;
    text.split_inclusive(' ').map(|word| if is_score(&word.trim()) { " " } else { word }).collect()
}
