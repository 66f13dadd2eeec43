//! The `eval ner` command: the tagger measured on a labelled file.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{namesake, workplace};
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::Value;

/// Own sentences, labelled by hand in IOB1.
const GOLD: &str = "-DOCSTART- O\n\nHenrik I-PER\nAalto I-PER\nleft O\nOslo I-LOC\n. O\n\nThe O\nhead O\nof O\nthe O\nEuropean I-ORG\nUnion I-ORG\nmet O\nZorblatt I-LOC\n. O\n";

#[test]
fn prints_a_table_and_writes_json() {
    let place = workplace(&[("gold.conll", GOLD)]);
    let output =
        namesake(&place).args(["eval", "ner", "--gold", "gold.conll", "--json", "scores.json"]).assert().success();
    output.stdout(contains("micro").and(contains("ORG")));
    let scores: Value = serde_json::from_slice(&std::fs::read(place.path().join("scores.json")).unwrap()).unwrap();
    let micro = &scores["spans"]["strict"]["micro"];
    // All but the invented place are plain.
    assert!(micro["tp"].as_u64().unwrap() >= 3, "{scores}");
    assert_eq!(micro["tp"].as_u64().unwrap() + micro["fn"].as_u64().unwrap(), 4);
}

#[test]
fn says_what_is_wrong_with_the_gold_file() {
    let place = workplace(&[("empty.conll", "")]);
    namesake(&place)
        .args(["eval", "ner", "--gold", "empty.conll"])
        .assert()
        .code(1)
        .stderr(contains("no labelled span"));
    namesake(&place).args(["eval", "ner", "--gold", "gone.conll"]).assert().code(1).stderr(contains("gone.conll"));
    namesake(&place).args(["eval", "ner"]).assert().code(2);
}

#[test]
fn scores_are_the_same_for_every_number_of_threads() {
    let place = workplace(&[("gold.conll", &GOLD.repeat(20))]);
    let score = |threads: &str| {
        let done =
            namesake(&place).args(["eval", "ner", "--gold", "gold.conll", "--threads", threads]).assert().success();
        done.get_output().stdout.clone()
    };
    let one = score("1");
    assert!(String::from_utf8_lossy(&one).contains("micro"));
    assert_eq!(score("2"), one);
    assert_eq!(score("7"), one);
}

#[test]
fn a_broken_document_ends_the_measurement() {
    let place = workplace(&[]);
    let broken = [GOLD.repeat(20).as_bytes(), b"Oslo\xff I-LOC\n"].concat();
    std::fs::write(place.path().join("gold.conll"), broken).unwrap();
    namesake(&place)
        .args(["eval", "ner", "--gold", "gold.conll", "--threads", "3"])
        .assert()
        .code(1)
        .stdout("")
        .stderr(contains("gold.conll"));
}

/// The first of them would otherwise stand for all.
#[test]
fn a_folder_of_several_files_is_refused() {
    let place = workplace(&[("gold/a.conll", GOLD), ("gold/b.conll", GOLD)]);
    for gold in ["gold", "gold/*.conll"] {
        namesake(&place)
            .args(["eval", "ner", "--gold", gold])
            .assert()
            .code(1)
            .stdout("")
            .stderr(contains("several files").and(contains(gold)));
    }
}
