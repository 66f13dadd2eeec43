//! The `resolve` command: mentions of any tagger in, entities out.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{lines, namesake, workplace};
use predicates::str::contains;
use serde_json::{Value, json};

const TEXT: &str = "Żaneta Ito left Oslo. Ito was tired.";

fn entities(line: &Value) -> Vec<(String, usize)> {
    let entity =
        |entity: &Value| (entity["name"].as_str().unwrap().to_owned(), entity["mentions"].as_array().unwrap().len());
    line["entities"].as_array().unwrap().iter().map(entity).collect()
}

#[test]
fn takes_mentions_from_any_tagger() {
    let input = [
        json!({"id": 1, "text": TEXT, "mentions": [
            {"start": 0, "end": 10, "type": "PER", "score": 0.9}, {"start": 16, "end": 20, "type": "LOC"},
            {"start": 22, "end": 25, "type": "PER"}]}),
        json!({"text": TEXT, "tokens": [], "ents": [
            {"start": 0, "end": 10, "label": "PERSON"}, {"start": 16, "end": 20, "label": "GPE"},
            {"start": 22, "end": 25, "label": "PERSON"}]}),
        json!({"text": TEXT, "entities": [
            {"start": 0, "end": 10, "entity_group": "PER", "score": 0.99, "word": "x"},
            {"start": 16, "end": 20, "entity_group": "LOC", "score": 0.9, "word": "x"},
            {"start": 22, "end": 25, "entity_group": "PER", "score": 0.9, "word": "x"}]}),
    ];
    for line in input {
        let place = workplace(&[("mentions.jsonl", &line.to_string())]);
        let output = namesake(&place).args(["resolve", "mentions.jsonl", "--with-text"]).assert().success();
        let document = lines(&output.get_output().stdout).remove(0);
        assert_eq!(entities(&document), [("Żaneta Ito".to_owned(), 2), ("Oslo".to_owned(), 1)]);
        assert_eq!(document["mentions"][2]["entity"], document["mentions"][0]["entity"]);
        assert_eq!(document["text"], TEXT);
        assert_eq!(document["id"], line.get("id").map_or(json!("mentions.jsonl#1"), |id| id.to_string().into()));
    }
}

#[test]
fn takes_columns_as_well() {
    let place =
        workplace(&[("mentions.conll", "Żaneta B-PER\nIto I-PER\nleft O\nOslo B-LOC\n. O\n\nIto B-PER\nslept O\n")]);
    let output = namesake(&place).args(["resolve", "mentions.conll"]).assert().success();
    let document = lines(&output.get_output().stdout).remove(0);
    assert_eq!(entities(&document), [("Żaneta Ito".to_owned(), 2), ("Oslo".to_owned(), 1)]);
}

#[test]
fn counts_offsets_in_the_unit_asked_for() {
    let line = json!({"id": "a", "text": TEXT, "mentions": [{"start": 17, "end": 21, "type": "LOC"}]}).to_string();
    let place = workplace(&[]);
    let output = namesake(&place).args(["resolve", "-", "--offsets", "byte"]).write_stdin(line).assert().success();
    let document = lines(&output.get_output().stdout).remove(0);
    assert_eq!((&document["mentions"][0]["start"], &document["mentions"][0]["text"]), (&json!(17), &json!("Oslo")));
}

#[test]
fn says_which_mention_is_wrong_and_goes_on() {
    let input = [
        json!({"id": "a", "text": TEXT}),
        json!({"id": "b", "text": TEXT, "mentions": [{"start": 30, "end": 99, "type": "PER"}]}),
        json!({"id": "c", "text": TEXT, "mentions": [{"start": 0, "end": 10, "type": "PER"}, {"start": 7, "end": 12, "type": "LOC"}]}),
        json!({"id": "d", "text": TEXT, "mentions": "none"}),
        json!({"id": "e", "text": TEXT, "mentions": []}),
    ]
    .map(|line| line.to_string())
    .join("\n");
    let place = workplace(&[("mentions.jsonl", &input)]);
    let output = namesake(&place).args(["resolve", "mentions.jsonl", "-o", "out.jsonl"]).assert().code(3);
    let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    for (line, words) in
        [(1, "none of the fields"), (2, "30..99"), (3, "0 and 7 overlap"), (4, "expected a list of mentions")]
    {
        let told = said.lines().find(|told| told.contains(&format!("mentions.jsonl:{line}: "))).unwrap();
        assert!(told.contains(words), "{told}");
    }
    assert_eq!(lines(&std::fs::read(place.path().join("out.jsonl")).unwrap()).len(), 1);
    namesake(&place)
        .args(["resolve", "gone.jsonl"])
        .assert()
        .code(1)
        .stderr(contains("gone.jsonl: there is no such file"));
}

#[test]
fn the_tables_of_the_world_can_be_left_out_and_replaced() {
    let text = "The HL met the WHO.";
    let line = json!({"id": "a", "text": text, "mentions": [
        {"start": 4, "end": 6, "type": "ORG"}, {"start": 15, "end": 18, "type": "ORG"}]});
    let place = workplace(&[("in.jsonl", &line.to_string())]);
    let run = |world: &str| namesake(&place).args(["resolve", "in.jsonl", "--world", world]).assert();
    run("default").success().stdout(contains("World Health Organization"));
    let known = |world: &str| {
        let output = run(world).success();
        lines(&output.get_output().stdout)[0]["entities"].to_string()
    };
    assert!(!known("none").contains("World Health Organization"));
    let tables = place.path().join("tables");
    std::fs::create_dir(&tables).unwrap();
    run("tables").failure().code(1).stderr(contains("holds none of the tables countries.tsv"));
    let table = tables.join("organizations.tsv");
    std::fs::write(&table, "# columns: id\tname\taliases\nx:1\tHarbour League\tHL\n").unwrap();
    assert!(known("tables").contains(r#""knowledge_id":"x:1""#));
    assert!(!known("tables").contains("World Health Organization"));
    std::fs::write(&table, "# columns: id\tname\taliases\nx:1\t\tHL\n").unwrap();
    run("tables").failure().stderr(contains("organizations.tsv:2: the column 'name' is empty"));
}

#[test]
fn what_is_only_likely_is_a_candidate() {
    let line = json!({"id": "a", "text": "The IRA met.", "mentions": [{"start": 4, "end": 7, "type": "ORG"}]});
    let place = workplace(&[("in.jsonl", &line.to_string())]);
    let output = namesake(&place).args(["resolve", "in.jsonl"]).assert().success();
    let entity = lines(&output.get_output().stdout)[0]["entities"][0].clone();
    assert_eq!(entity["name"], "IRA");
    assert!(entity.get("knowledge_id").is_none());
    assert_eq!(entity["knowledge_candidates"][0]["id"], "org:irish-republican-army");
    let probability = entity["knowledge_candidates"][0]["probability"].as_f64().unwrap();
    assert!((0.0..0.5).contains(&probability));
}

#[test]
fn the_version_names_whose_data_the_program_has() {
    let place = workplace(&[]);
    let version = |arguments: &[&str]| namesake(&place).args(arguments).assert();
    version(&["--version"]).success().stdout(concat!("namesake ", env!("CARGO_PKG_VERSION"), "\n"));
    version(&["--version", "--verbose"]).success().stdout(contains("GeoNames"));
    version(&["--verbose"]).failure().code(2);
    version(&[]).failure().code(2);
}

#[test]
fn relations_and_reasons_are_written() {
    let text = "Corvid Mobile is a unit of Corvid. Corvid fell. Quilla, formerly Chirpex, rose.";
    let mention = |start: usize, end: usize| json!({"start": start, "end": end, "type": "ORG", "score": 0.9});
    let mentions = [mention(0, 13), mention(27, 33), mention(35, 41), mention(48, 54), mention(65, 72)];
    let line = json!({"id": "a", "text": text, "mentions": mentions}).to_string();
    let place = workplace(&[("mentions.jsonl", &line)]);
    let resolve = |more: &[&str]| -> Value {
        let output = namesake(&place).args(["resolve", "mentions.jsonl"]).args(more).assert().success();
        lines(&output.get_output().stdout).remove(0)
    };
    let plain = resolve(&[]);
    assert_eq!(entities(&plain), [("Corvid Mobile".to_owned(), 1), ("Corvid".to_owned(), 2), ("Quilla".to_owned(), 2)]);
    let relations = |number: usize| plain["entities"][number].get("relations").cloned();
    assert_eq!(relations(0), Some(json!([{"type": "part_of", "entity": "a#2"}])));
    assert_eq!((relations(1), relations(2)), (None, Some(json!([{"type": "formerly", "name": "Chirpex"}]))));
    let mut explained = resolve(&["--explain"]);
    let whys: Vec<Value> = (0..5).map(|mention| explained["mentions"][mention]["why"].clone()).collect();
    let rules: Vec<&str> = whys.iter().map(|why| why["rule"].as_str().unwrap()).collect();
    assert_eq!(rules, ["opened", "opened", "scored", "opened", "stated"]);
    assert_eq!(whys[2]["because"][0]["text"], "same name, letter by letter");
    // The flag adds the reasons and changes nothing else.
    for mention in explained["mentions"].as_array_mut().unwrap() {
        mention.as_object_mut().unwrap().remove("why");
    }
    assert_eq!(explained, plain);
}
