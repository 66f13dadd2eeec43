//! Every model folder of the repository runs, as a user names it.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{TEXT, lines, namesake, workplace};
use std::fs;
use std::path::PathBuf;

#[test]
fn every_shipped_model_tags_an_article() {
    let place = workplace(&[("article.txt", TEXT)]);
    let folders: Vec<PathBuf> = fs::read_dir("models")
        .unwrap()
        .map(|entry| fs::canonicalize(entry.unwrap().path()).unwrap())
        .filter(|path| path.join("config.json").exists())
        .collect();
    assert!(folders.len() >= 2, "{folders:?}");
    for folder in folders {
        let done = namesake(&place)
            .args(["extract", "article.txt", "--format", "jsonl", "--model"])
            .arg(&folder)
            .assert()
            .success();
        let document = &lines(&done.get_output().stdout)[0];
        let mut found: Vec<_> = document["entities"]
            .as_array()
            .unwrap()
            .iter()
            .map(|entity| (entity["name"].as_str().unwrap(), entity["type"].as_str().unwrap()))
            .collect();
        found.sort_unstable();
        let expected = [("Borealis Bank", "ORG"), ("Henrik Aalto", "PER"), ("Oslo", "LOC"), ("United Nations", "ORG")];
        assert_eq!(found, expected, "{}", folder.display());
    }
}
