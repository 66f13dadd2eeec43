//! The HTML report of `eval`: what it holds, that nothing of a text gets out of its place, and that it stays small.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use assert_cmd::assert::Assert;
use common::{namesake, workplace};
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use tempfile::TempDir;

/// A document with mentions found by their words: name, type, entity.
fn document(id: &str, text: &str, mentions: &[(&str, &str, &str)]) -> String {
    let mut from = 0;
    let mention = |&(name, kind, entity): &(&str, &str, &str)| {
        let at = from + text[from..].find(name).unwrap();
        from = at + name.len();
        let start = text[..at].chars().count();
        json!({ "start": start, "end": start + name.chars().count(), "type": kind, "entity": entity })
    };
    let mentions: Vec<Value> = mentions.iter().map(mention).collect();
    let year = if id < "b" { "1901" } else { "1902" };
    let entities = json!([]);
    json!({ "id": id, "text": text, "metadata": { "year": year }, "mentions": mentions, "entities": entities })
        .to_string()
        + "\n"
}

const FIRST: &str = "Ida Holm met Bo Lind in Visby. Holm praised the Visby Trust, and Lind left for Oslo.";
const SECOND: &str = "قال Karim إن المدينة جميلة. Then the <script>alert(1)</script> Club wrote to Karim.";

fn gold() -> String {
    let first = [
        ("Ida Holm", "PER", "ida"),
        ("Bo Lind", "PER", "bo"),
        ("Visby", "LOC", "visby"),
        ("Holm", "PER", "ida"),
        ("Visby Trust", "ORG", "trust"),
        ("Lind", "PER", "bo"),
        ("Oslo", "LOC", "oslo"),
    ];
    let second =
        [("Karim", "PER", "k"), ("<script>alert(1)</script> Club", "ORG", "\"><img src=x>"), ("Karim", "PER", "k")];
    document("a", FIRST, &first) + &document("b<b onload=x>", SECOND, &second)
}

fn system() -> String {
    let first = [
        ("Ida Holm", "PER", "e1"),
        ("Bo Lind", "PER", "e1"),
        ("Visby", "ORG", "e2"),
        ("Holm", "PER", "e3"),
        ("Trust", "ORG", "e4"),
        ("Lind", "PER", "e1"),
    ];
    let second = [("Karim", "PER", "e1"), ("Then", "PER", "e2"), ("<script>alert(1)</script> Club", "ORG", "e3")];
    document("a", FIRST, &first) + &document("b<b onload=x>", SECOND, &second)
}

fn place() -> TempDir {
    let train = document("t", "Ida Holm lives in Visby.", &[("Ida Holm", "PER", "i"), ("Visby", "LOC", "v")]);
    workplace(&[("gold.jsonl", &gold()), ("one.jsonl", &system()), ("other.jsonl", &gold()), ("train.jsonl", &train)])
}

fn run(place: &TempDir, arguments: &[&str]) -> Assert {
    let always = ["--resamples", "50", "--report", "report.html"];
    namesake(place).arg("eval").args(arguments).args(always).assert().success()
}

fn report(place: &TempDir, arguments: &[&str]) -> String {
    run(place, arguments);
    fs::read_to_string(place.path().join("report.html")).unwrap()
}

#[test]
fn the_page_has_every_part() {
    let place = place();
    let page = report(&place, &["gold.jsonl", "one.jsonl", "--train", "train.jsonl", "--by", "year"]);
    for part in ["scores", "documents", "confusion", "errors", "names", "fields"] {
        assert!(page.contains(&format!(r#"id="s1-{part}""#)), "{part}");
    }
    for kind in ["missed", "spurious", "boundary", "type", "merged", "split"] {
        assert!(page.contains(&format!(r#"<details class="block kind" id="s1-{kind}">"#)), "{kind}");
    }
    assert!(page.contains("Seen in the training data or not"));
    assert!(page.contains(r#"<mark class="focus"><bdi>Visby Trust</bdi><b>ORG</b></mark>"#));
    assert!(page.contains(r#"<mark class="focus"><bdi>Trust</bdi><b>ORG</b></mark>"#));
    assert!(page.contains("starts too late"));
    assert!(page.contains("95 % interval") && page.contains(r#"class="whisker""#));
    assert!(page.contains("--train train.jsonl --by year"));
    assert!(!page.contains(r#"id="differences""#));
}

#[test]
fn nothing_of_the_texts_is_markup() {
    let place = place();
    let page = report(&place, &["gold.jsonl", "one.jsonl", "--by", "year"]);
    assert!(page.contains("b&#60;b onload=x&#62;"));
    assert!(page.contains("&#60;script&#62;alert(1)&#60;/script&#62; Club"));
    for hostile in ["<script>alert", "<img", "<b onload"] {
        assert!(!page.contains(hostile), "{hostile}");
    }
    assert_eq!(page.matches("<script>").count(), 1);
    // Nothing is loaded from elsewhere.
    for outside in ["http:", "https:", "src=\"", "@import", "url("] {
        assert!(!page.contains(outside), "{outside}");
    }
    assert!(page.contains("default-src 'none'"));
    assert!(page.contains(r#"class="text" dir="auto""#));
}

#[test]
fn two_systems_are_compared() {
    let place = place();
    let page = report(&place, &["gold.jsonl", "one.jsonl", "other.jsonl"]);
    assert!(page.contains(r#"id="differences""#) && page.contains(r#"id="s2-scores""#));
    assert!(page.contains("Documents that differ most"));
    assert!(page.contains(r#"class="gain""#));
    let untested = namesake(&place)
        .args(["eval", "gold.jsonl", "one.jsonl", "other.jsonl", "--resamples", "0", "--report", "-"])
        .assert()
        .success();
    untested.stdout(contains("Nothing was resampled"));
}

#[test]
fn the_same_files_give_the_same_bytes() {
    let place = place();
    let arguments = ["gold.jsonl", "one.jsonl", "other.jsonl", "--train", "train.jsonl", "--by", "year"];
    assert_eq!(report(&place, &arguments), report(&place, &arguments));
}

#[test]
fn the_page_stays_small_and_says_what_is_left_out() {
    let (mut gold, mut one) = (String::new(), String::new());
    let long = "x".repeat(20_000);
    for number in 0..3000 {
        let id = format!("{number}{}", if number == 0 { long.as_str() } else { "" });
        let kind = format!("KIND{}", number % 200);
        gold += &document(&id, "Ida Holm met Bo.", &[("Ida Holm", &kind, "i"), ("Bo", "PER", "b")]);
        one += &document(&id, "Ida Holm met Bo.", &[("Holm", &kind, "i")]);
    }
    let place = workplace(&[("gold.jsonl", &gold), ("one.jsonl", &one)]);
    let page = report(&place, &["gold.jsonl", "one.jsonl"]);
    assert!(page.len() < 900_000, "{}", page.len());
    assert!(page.contains("Shown are 80 of 3,000, evenly chosen over the documents; 2,920 are left out."));
    assert!(page.contains("2700 are left out."));
    assert!(page.contains("rarer types are left out here"));
    assert!(page.contains("The 185 rarest types share a row and a column."));
}

#[test]
fn the_json_scores_seen_and_unseen_names() {
    let place = place();
    run(&place, &["gold.jsonl", "one.jsonl", "--train", "train.jsonl", "--json", "scores.json"]);
    let scores: Value = serde_json::from_slice(&fs::read(place.path().join("scores.json")).unwrap()).unwrap();
    let seen = &scores["groups"]["in the training data"]["seen"];
    assert_eq!((seen["tp"].as_u64(), seen["fn"].as_u64()), (Some(1), Some(1)), "{seen}");
}

#[test]
fn a_report_that_cannot_be_written_is_refused_before_the_work() {
    let place = place();
    let refused = |report: &str, json: &str| {
        namesake(&place)
            .args(["eval", "gold.jsonl", "one.jsonl", "--report", report, "--json", json])
            .assert()
            .code(1)
            .stdout("")
    };
    refused("no/where.html", "scores.json").stderr(contains("create it first"));
    refused("-", "-").stderr(contains("standard output"));
    assert!(!place.path().join("scores.json").exists());
}

#[test]
fn nothing_to_judge_is_a_page_too() {
    let empty = document("a", "Nobody.", &[]);
    let place = workplace(&[("gold.jsonl", &empty), ("one.jsonl", &empty)]);
    let page = report(&place, &["gold.jsonl", "one.jsonl"]);
    assert!(page.contains("0 mentions in the gold") && page.trim_end().ends_with("</html>"));
}
