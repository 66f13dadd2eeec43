//! The `convert` command: every format into every format and back, and what each cannot carry.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{lines, namesake, workplace};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fs;
use tempfile::TempDir;

/// Every format with a file name of its own; BRAT is a folder.
const FORMATS: [(&str, &str); 9] = [
    ("namesake", "ours.jsonl"),
    ("gold", "gold.jsonl"),
    ("conll", "tokens.conll"),
    ("brat", "brat"),
    ("webanno", "webanno.tsv"),
    ("spacy", "spacy.jsonl"),
    ("doccano", "doccano.jsonl"),
    ("label-studio", "studio.json"),
    ("nif", "nif.ttl"),
];

fn document() -> Value {
    let text = "Zoë Ito 😀 met Bo Brook in New York .\nIto left .";
    json!({"id": "day-1", "text": text, "mentions": [
        {"start": 0, "end": 7, "type": "PER", "entity": "e1"}, {"start": 14, "end": 22, "type": "PER", "entity": "e2"},
        {"start": 26, "end": 34, "type": "LOC", "entity": "e3"}, {"start": 37, "end": 40, "type": "PER", "entity": "e1"}]})
}

fn convert(place: &TempDir, from: &str, to: (&str, &str)) -> String {
    let output = namesake(place).args(["convert", from, "--to", to.0, "-o", to.1]).assert().success();
    String::from_utf8(output.get_output().stderr.clone()).unwrap()
}

/// Surface, type and, for mentions of an entity with several, its first mention.
fn facts(place: &TempDir, file: &str) -> Vec<(String, String, Option<usize>)> {
    let documents = lines(&fs::read(place.path().join(file)).unwrap());
    assert_eq!(documents.len(), 1, "{file}");
    let text: Vec<char> = documents[0]["text"].as_str().unwrap().chars().collect();
    let mut mentions = documents[0]["mentions"].as_array().unwrap().clone();
    mentions.sort_by_key(|mention| mention["start"].as_u64());
    let mut members: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, mention) in mentions.iter().enumerate() {
        if let Some(entity) = mention["entity"].as_str() {
            members.entry(entity.to_owned()).or_default().push(index);
        }
    }
    let fact = |mention: &Value| {
        let place = |key: &str| usize::try_from(mention[key].as_u64().unwrap()).unwrap();
        let surface: String = text[place("start")..place("end")].iter().collect();
        let entity = mention["entity"].as_str().and_then(|entity| members.get(entity));
        (
            surface.split_whitespace().collect::<Vec<_>>().join(" "),
            mention["type"].as_str().unwrap_or_default().to_owned(),
            entity.filter(|members| members.len() > 1).map(|members| members[0]),
        )
    };
    mentions.iter().map(fact).collect()
}

#[test]
fn every_format_turns_into_every_other_and_back() {
    let place = workplace(&[("start.jsonl", &format!("{}\n", document()))]);
    let expected = facts(&place, "start.jsonl");
    assert_eq!(expected[3], ("Ito".to_owned(), "PER".to_owned(), Some(0)));
    for (from, file) in FORMATS {
        convert(&place, "start.jsonl", (from, file));
        for (to, name) in FORMATS {
            let middle = format!("{from}-{name}");
            convert(&place, file, (to, &middle));
            convert(&place, &middle, ("gold", "end.jsonl"));
            assert_eq!(facts(&place, "end.jsonl"), expected, "{from} to {to}");
        }
    }
}

#[test]
fn a_converted_system_scores_as_before() {
    let place = workplace(&[("start.jsonl", &format!("{}\n", document()))]);
    for (to, name) in FORMATS {
        convert(&place, "start.jsonl", (to, name));
        let scores = namesake(&place).args(["eval", "start.jsonl", name, "--json", "-"]).assert().success();
        let scores: Value = serde_json::from_slice(&scores.get_output().stdout).unwrap();
        assert_eq!(scores["spans"]["strict"]["micro"]["f1"], 1.0, "{to}");
        // WebAnno, doccano and the like name no entity of one mention, which is the same as having one alone.
        assert_eq!(scores["clusters"]["end_to_end"]["in_document"]["conll"]["f1"], 1.0, "{to}");
    }
}

#[test]
fn what_is_lost_is_counted() {
    let rich = json!({
        "id": "day 1/a", "text": "Bank of Oslo said it rose .", "desk": "north", "eval_span": [0, 20], "exhaustive": false,
        "types": ["ORG"], "mentions": [
            {"start": 0, "end": 12, "type": "ORG", "entity": "e1", "link": "Q1", "score": 0.5, "type_alt": "LOC"},
            {"start": 8, "end": 12, "type": "LOC", "entity": "e2", "skip": "nested"},
            {"start": 9, "end": 12, "type": "WORK", "entity": null},
            {"start": 18, "end": 20, "type": "ORG", "entity": "e1", "coref": true}]});
    let start = format!("{rich}\n{}\n", document());
    let place = workplace(&[("start.jsonl", &start)]);
    let mut told = String::new();
    for (to, name) in FORMATS {
        told += &format!("{to}\n{}", convert(&place, "start.jsonl", (to, name)));
    }
    insta::assert_snapshot!("convert_losses", told);
}

#[test]
fn bad_files_are_refused_and_leave_nothing() {
    let place = workplace(&[
        ("cut.jsonl", "{\"id\": \"a\", \"mentions\": [\n"),
        ("textless.jsonl", "{\"id\": \"a\", \"mentions\": []}\n"),
        ("good.jsonl", &format!("{}\n", document())),
    ]);
    for (arguments, message) in [
        (["cut.jsonl", "--to", "spacy"], "cut.jsonl"),
        (["textless.jsonl", "--to", "spacy"], "document \"a\" has no text"),
        (["good.jsonl", "--to", "brat"], "BRAT is a folder of files: name one with -o"),
        (["gone.jsonl", "--to", "spacy"], "gone.jsonl"),
    ] {
        let output = namesake(&place).arg("convert").args(arguments).assert().code(1);
        let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        assert!(said.contains(message) && output.get_output().stdout.is_empty(), "{said}");
    }
    namesake(&place).args(["convert", "good.jsonl", "--to", "xml"]).assert().code(2);
}

#[test]
fn labels_are_mapped_on_the_way() {
    let place = workplace(&[("start.jsonl", &format!("{}\n", document()))]);
    namesake(&place)
        .args(["convert", "start.jsonl", "--to", "gold", "-o", "out.jsonl", "--map", "PER=person,LOC="])
        .assert()
        .success();
    let kinds: Vec<String> = facts(&place, "out.jsonl").into_iter().map(|fact| fact.1).collect();
    assert_eq!(kinds, ["person"; 3]);
}
