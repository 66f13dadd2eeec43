//! Labels of other models and tools: types of their own go through, what is no name is left out and counted.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use assert_cmd::assert::Assert;
use common::{TEXT, lines, namesake, workplace};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// What spaCy's `Doc.to_json` says of a sentence.
fn spacy() -> String {
    let text = "On Monday Maria Arden took a third of 40 euros from Norvik Shipping in Brazil, and 2019 ended.";
    let ents: Vec<Value> = [
        ("Monday", "DATE"),
        ("Maria Arden", "PERSON"),
        ("third", "ORDINAL"),
        ("40 euros", "MONEY"),
        ("Norvik Shipping", "ORG"),
        ("Brazil", "GPE"),
        ("2019", "DATE"),
    ]
    .iter()
    .map(|(surface, label)| {
        let start = text.find(surface).unwrap();
        json!({"start": start, "end": start + surface.len(), "label": label})
    })
    .collect();
    json!({"id": "s", "text": text, "ents": ents, "tokens": []}).to_string() + "\n"
}

/// Name and type of each entity of the first document.
fn entities(assert: &Assert) -> Vec<(String, String)> {
    let document = lines(&assert.get_output().stdout).remove(0);
    let text = |entity: &Value, field: &str| entity[field].as_str().unwrap().to_owned();
    let entities = document["entities"].as_array().unwrap();
    entities.iter().map(|entity| (text(entity, "name"), text(entity, "type"))).collect()
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(name, kind)| (name.to_owned(), kind.to_owned())).collect()
}

/// A place with an article, and a model whose organisations are called drugs and whose places are called dates.
fn with_model() -> TempDir {
    let source = Path::new("models/news-small");
    let config = fs::read_to_string(source.join("config.json")).unwrap();
    let config = config.replace("-ORG\"", "-DRUG\"").replace("-LOC\"", "-DATE\"");
    let tokenizer = fs::read_to_string(source.join("tokenizer.json")).unwrap();
    let place = workplace(&[("a.txt", TEXT), ("model/config.json", &config), ("model/tokenizer.json", &tokenizer)]);
    fs::create_dir(place.path().join("model/onnx")).unwrap();
    let weights = "onnx/model_quantized.onnx";
    fs::copy(source.join(weights), place.path().join("model").join(weights)).unwrap();
    place
}

#[test]
fn dates_and_amounts_of_spacy_make_no_entities() {
    let place = workplace(&[("s.jsonl", &spacy())]);
    let resolve = |more: &[&str]| namesake(&place).args(["resolve", "s.jsonl"]).args(more).assert().success();
    let names = [("Maria Arden", "PER"), ("Norvik Shipping", "ORG"), ("Brazil", "LOC")];
    let plain = resolve(&[]).stderr(
        "left out 4 mentions that are no names (2 DATE, 1 MONEY, 1 ORDINAL); \
         --types PER,ORG,LOC,DATE,MONEY,ORDINAL keeps them\n",
    );
    assert_eq!(entities(&plain), owned(&names));
    let dates = resolve(&["--types", "date,PERSON"]).stderr(contains("left out 2 mentions"));
    assert_eq!(entities(&dates), owned(&[("Monday", "DATE"), ("Maria Arden", "PER"), ("2019", "DATE")]));
    fs::write(place.path().join("labels.txt"), "MONEY=MONEY\nGPE=COUNTRY\n").unwrap();
    let labels = resolve(&["--labels", "labels.txt"]).stderr(contains("(2 DATE, 1 ORDINAL)"));
    assert_eq!(
        entities(&labels),
        owned(&[("Maria Arden", "PER"), ("40 euros", "MONEY"), ("Norvik Shipping", "ORG"), ("Brazil", "COUNTRY")])
    );
    resolve(&["--types", "PER,DRUGS"]).stderr(contains("no mention has the type DRUGS; there are PER, ORG, LOC, DATE"));
}

#[test]
fn labels_that_say_nothing_are_refused_with_the_next_step() {
    let line = json!({"id": "s", "text": "Oslo", "entities": [{"start": 0, "end": 4, "entity_group": "LABEL_3"}]});
    let place = workplace(&[("s.jsonl", &line.to_string()), ("labels.txt", "LABEL_3=B-LOC\n"), ("a.txt", TEXT)]);
    namesake(&place).args(["resolve", "s.jsonl"]).assert().code(3).stderr(contains("--labels FILE"));
    let told = namesake(&place).args(["resolve", "s.jsonl", "--labels", "labels.txt"]).assert().success();
    assert_eq!(entities(&told), owned(&[("Oslo", "LOC")]));

    let place = with_model();
    let path = place.path().join("model/config.json");
    let config = fs::read_to_string(&path).unwrap();
    let mut fields: Value = serde_json::from_str(&config).unwrap();
    let labels = fields["id2label"].as_object_mut().unwrap();
    let spelled: Vec<String> =
        labels.iter().map(|(id, label)| format!("LABEL_{id}={}", label.as_str().unwrap())).collect();
    labels.iter_mut().for_each(|(id, label)| *label = format!("LABEL_{id}").into());
    fs::write(&path, fields.to_string()).unwrap();
    let extract = |more: &[&str]| namesake(&place).args(["extract", "a.txt", "--model", "model"]).args(more).assert();
    extract(&[]).code(1).stderr(contains("LABEL_0, LABEL_1, LABEL_2").and(contains("tell no types; write what they")));
    fs::write(place.path().join("labels.txt"), spelled.join("\n")).unwrap();
    assert!(
        entities(&extract(&["--labels", "labels.txt"]).success()).contains(&("Borealis Bank".into(), "DRUG".into()))
    );
}

#[test]
fn types_of_a_model_go_through_under_their_own_names() {
    let place = with_model();
    let extract = |more: &[&str]| namesake(&place).args(["extract", "a.txt", "--model", "model"]).args(more).assert();
    let all = extract(&[]).success().stderr(contains("left out 1 mention that is no name (1 DATE); --types "));
    let [person, bank, nations] =
        [("Henrik Aalto", "PER"), ("Borealis Bank", "DRUG"), ("United Nations", "DRUG")].map(|pair| owned(&[pair]));
    assert_eq!(entities(&all), [person, bank.clone(), nations.clone()].concat());
    assert_eq!(entities(&extract(&["--types", "drug", "-q"]).success().stderr("")), [bank, nations].concat());
    assert_eq!(entities(&extract(&["--types", "DATE"]).success()), owned(&[("Oslo", "DATE")]));
    extract(&["--types", "PER,DRUGS"])
        .code(2)
        .stderr(contains("the model has no type DRUGS; it has PER, MISC, DATE, DRUG"));

    // Every way out.
    for (format, expected) in
        [("conll", "\tB-DRUG\nBank\t_\tI-DRUG\n"), ("brat", "DRUG "), ("html", "class=\"m own o"), ("pretty", "DRUG")]
    {
        extract(&["--format", format])
            .success()
            .stdout(contains(expected).or(contains(expected.replace("\t_\t", "\ta.txt#2\t"))));
    }
    extract(&["--format", "brat", "-o", "brat"]).success();
    let configuration = fs::read_to_string(place.path().join("brat/annotation.conf")).unwrap();
    assert!(configuration.starts_with("[entities]\nPER\nORG\nLOC\nMISC\nDRUG\n\n[relations]"), "{configuration}");
}

#[test]
fn types_of_their_own_reach_the_store_and_the_graph() {
    let place = with_model();
    let arguments = ["extract", "a.txt", "--model", "model", "--types", "PER,DRUG,DATE", "-o", "all.jsonl"];
    namesake(&place).args(arguments).assert().success();
    let run = |arguments: &[&str]| namesake(&place).args(arguments).assert().success();
    run(&["link", "all.jsonl", "--store", "c.db", "-o", "linked.jsonl"])
        .stderr(contains("left out 1 mention that is no name (1 DATE); --types PER,DRUG,DATE keeps it"));
    let linked = lines(&fs::read(place.path().join("linked.jsonl")).unwrap()).remove(0);
    let ids: Vec<bool> = linked["entities"].as_array().unwrap().iter().map(|one| one["corpus_id"].is_null()).collect();
    assert_eq!(ids.iter().filter(|null| **null).count(), 1);
    run(&["entities", "c.db", "--type", "DRUG"]).stdout(contains("Borealis Bank").and(contains("Aalto").not()));
    for input in [&["linked.jsonl"][..], &["all.jsonl", "--corpus", "c.db"], &["c.db"]] {
        let told = run(&[&["graph", "export"], input, &["--format", "ttl"]].concat());
        told.stdout(contains("ns:type-DRUG").and(contains("Oslo").not()));
    }
    run(&["graph", "export", "all.jsonl", "--types", "DATE", "--format", "ttl", "-q"])
        .stdout(contains("ns:type-DATE").and(contains("ns:type-DRUG").not()))
        .stderr("");
}

#[test]
fn an_alias_table_may_name_a_type_of_its_own() {
    let aliases = "alias,canonical,type\nBorealis Bank,Borealis,LENDER\n";
    let place = workplace(&[("a.txt", TEXT), ("aliases.csv", aliases)]);
    let arguments = ["extract", "a.txt", "--aliases", "aliases.csv", "--types", "LENDER"];
    let found = namesake(&place).args(arguments).assert().success();
    assert_eq!(entities(&found), owned(&[("Borealis", "LENDER")]));
}
