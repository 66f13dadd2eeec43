//! The `extract` command as a user calls it: every input, every option.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{TEXT, lines, namesake, workplace};
use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::prelude::*;
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use std::io::{Read, Write};

fn names(document: &Value) -> Vec<&str> {
    document["entities"].as_array().unwrap().iter().map(|entity| entity["name"].as_str().unwrap()).collect()
}

#[test]
fn reads_a_file_and_writes_jsonl_into_a_pipe() {
    let place = workplace(&[("article.txt", TEXT)]);
    let output = namesake(&place).args(["extract", "article.txt"]).assert().success();
    let documents = lines(&output.get_output().stdout);
    assert_eq!(documents.len(), 1);
    assert_eq!(documents[0]["id"], "article.txt");
    assert!(names(&documents[0]).contains(&"Henrik Aalto"));
    output.stderr(contains("1 document, ").and(contains("words/s")));
}

#[test]
fn reads_folders_globs_and_compressed_files_in_a_fixed_order() {
    let place = workplace(&[("news/b.txt", TEXT), ("news/deep/a.md", TEXT), ("news/skipped.png", "not text")]);
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(TEXT.as_bytes()).unwrap();
    fs::write(place.path().join("news/c.txt.gz"), gzip.finish().unwrap()).unwrap();
    let zstd = ruzstd::encoding::compress_to_vec(TEXT.as_bytes(), ruzstd::encoding::CompressionLevel::Fastest);
    // Two frames in one file are one text.
    fs::write(place.path().join("news/d.txt.zst"), [zstd.clone(), zstd].concat()).unwrap();
    let ids = |arguments: &[&str]| -> Vec<String> {
        let output = namesake(&place).arg("extract").args(arguments).assert().success();
        lines(&output.get_output().stdout).iter().map(|document| document["id"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(ids(&["news"]), ["news/b.txt", "news/c.txt.gz", "news/d.txt.zst", "news/deep/a.md"]);
    assert_eq!(ids(&["news/*.txt*"]), ["news/b.txt", "news/c.txt.gz", "news/d.txt.zst"]);
}

#[test]
fn reads_jsonl_with_other_fields_and_keeps_metadata() {
    let line = json!({"url": "a/1", "body": TEXT, "date": "2026-01-02", "tags": ["x", {"y": null}]});
    let place = workplace(&[("news.jsonl", &format!("{line}\n\n{}\n", json!({"url": 7, "body": ""})))]);
    let arguments = ["extract", "news.jsonl", "--text-field", "body", "--id-field", "url", "--with-text"];
    let output = namesake(&place).args(arguments).assert().success();
    let documents = lines(&output.get_output().stdout);
    assert_eq!(documents[0]["id"], "a/1");
    assert_eq!(documents[0]["text"], TEXT);
    assert_eq!(documents[0]["metadata"], json!({"date": "2026-01-02", "tags": ["x", {"y": null}]}));
    assert_eq!(documents[1]["id"], "7");
    assert_eq!(documents[1]["entities"], json!([]));
}

#[test]
fn reads_standard_input_as_what_it_looks_like() {
    let place = workplace(&[]);
    let text = namesake(&place).args(["extract", "-"]).write_stdin(TEXT).assert().success();
    assert_eq!(lines(&text.get_output().stdout)[0]["id"], "standard input");
    let line = json!({"text": TEXT}).to_string();
    let jsonl = namesake(&place).args(["extract", "-"]).write_stdin(line).assert().success();
    assert_eq!(lines(&jsonl.get_output().stdout)[0]["id"], "standard input:1");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(b"\xef\xbb\xbf {\"text\": \"Oslo\", \"id\": 5}").unwrap();
    let packed = namesake(&place).args(["extract", "-"]).write_stdin(gzip.finish().unwrap()).assert().success();
    assert_eq!(lines(&packed.get_output().stdout)[0]["id"], "5");
    let empty = namesake(&place).args(["extract", "-"]).write_stdin("").assert().success();
    assert_eq!(lines(&empty.get_output().stdout)[0]["mentions"], json!([]));
}

#[test]
fn labels_exactly_the_tokens_of_conll() {
    let conll = "-DOCSTART- O\n\nHenrik B-PER\nAalto I-PER\nleft O\nOslo B-LOC\n. O\n\n";
    let place = workplace(&[("a.conll", conll)]);
    let output = namesake(&place).args(["extract", "a.conll", "--format", "conll"]).assert().success();
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let labels: Vec<(&str, &str)> = text
        .lines()
        .filter(|line| line.contains('\t') && !line.starts_with("-DOCSTART-"))
        .map(|line| (line.split('\t').next().unwrap(), line.split('\t').next_back().unwrap()))
        .collect();
    assert_eq!(labels, [("Henrik", "B-PER"), ("Aalto", "I-PER"), ("left", "O"), ("Oslo", "B-LOC"), (".", "O")]);
}

#[test]
fn writes_every_format() {
    let place = workplace(&[("a.txt", TEXT)]);
    let run = |format: &str| {
        let output = namesake(&place).args(["extract", "a.txt", "--format", format]).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    let pretty = run("pretty");
    assert!(pretty.contains("Henrik Aalto") && !pretty.contains('\u{1b}'), "{pretty}");
    assert!(run("jsonl").starts_with("{\"schema\":\"namesake/1\""));
    assert!(run("conll").contains("B-PER"));
    assert!(run("brat").contains("PER 0 12"));
    assert!(run("html").to_lowercase().starts_with("<!doctype html>"));
}

#[test]
fn keeps_what_was_asked_for() {
    let place = workplace(&[("a.txt", "German minister Henrik Aalto met Swedish firms in Oslo.")]);
    let types = |arguments: &[&str]| -> Vec<String> {
        let output = namesake(&place).args(["extract", "a.txt"]).args(arguments).assert().success();
        let document = lines(&output.get_output().stdout).remove(0);
        let mentions = document["mentions"].as_array().unwrap();
        let mut found: Vec<String> =
            mentions.iter().map(|mention| mention["type"].as_str().unwrap().to_owned()).collect();
        found.sort();
        found.dedup();
        found
    };
    assert_eq!(types(&[]), ["LOC", "PER"]);
    assert_eq!(types(&["--types", "loc"]), ["LOC"]);
    assert_eq!(types(&["--keep-misc"]), ["LOC", "MISC", "PER"]);
    assert_eq!(types(&["--min-score", "1"]), Vec::<String>::new());
}

#[test]
fn counts_offsets_in_the_unit_asked_for() {
    let text = "😀 Żółć: Henrik Aalto left Oslo.";
    let place = workplace(&[("a.txt", text)]);
    let start = |unit: &str| {
        let output = namesake(&place).args(["extract", "a.txt", "--offsets", unit]).assert().success();
        let document = lines(&output.get_output().stdout).remove(0);
        let mentions = document["mentions"].as_array().unwrap();
        mentions.iter().find(|mention| mention["text"] == "Oslo").unwrap()["start"].as_u64().unwrap()
    };
    let byte = text.find("Oslo").unwrap();
    assert_eq!(start("byte"), byte as u64);
    assert_eq!(start("char"), text[..byte].chars().count() as u64);
    assert_eq!(start("utf16"), text[..byte].encode_utf16().count() as u64);
}

#[test]
fn a_file_gets_what_a_pipe_gets() {
    let place = workplace(&[("a.jsonl", &format!("{0}\n{0}\n", json!({"text": TEXT})))]);
    for format in ["pretty", "jsonl", "conll", "html"] {
        let piped = namesake(&place).args(["extract", "a.jsonl", "--format", format]).assert().success();
        let written = namesake(&place).args(["extract", "a.jsonl", "--format", format, "-o", "out"]).assert().success();
        assert_eq!(written.get_output().stdout, b"");
        let bytes = fs::read(place.path().join("out")).unwrap();
        assert_eq!(bytes, piped.get_output().stdout, "{format}");
        assert!(!bytes.contains(&0x1b), "colours outside a terminal");
    }
    namesake(&place).args(["extract", "a.jsonl", "--format", "brat", "-o", "brat"]).assert().success();
    assert!(fs::read_dir(place.path().join("brat")).unwrap().count() >= 4);
    namesake(&place).args(["extract", "a.jsonl", "-o", "out.jsonl.gz"]).assert().success();
    let mut text = String::new();
    let file = fs::File::open(place.path().join("out.jsonl.gz")).unwrap();
    flate2::read::GzDecoder::new(file).read_to_string(&mut text).unwrap();
    assert_eq!(lines(text.as_bytes()).len(), 2);
}

#[test]
fn a_file_may_be_replaced_by_its_own_entities() {
    let place = workplace(&[("a.jsonl", &json!({"id": "one", "text": TEXT}).to_string())]);
    namesake(&place).args(["extract", "a.jsonl", "-o", "a.jsonl", "--with-text"]).assert().success();
    let document = lines(&fs::read(place.path().join("a.jsonl")).unwrap()).remove(0);
    assert_eq!((&document["id"], &document["text"]), (&json!("one"), &json!(TEXT)));
}

#[test]
fn threads_change_no_byte() {
    let texts: Vec<String> = (0..12).map(|count| json!({"text": TEXT.repeat(count % 5)}).to_string()).collect();
    let place = workplace(&[("a.jsonl", &texts.join("\n"))]);
    let run = |threads: &str| {
        let output = namesake(&place).args(["extract", "a.jsonl", "--threads", threads]).assert().success();
        output.get_output().stdout.clone()
    };
    let one = run("1");
    assert_eq!(lines(&one).len(), 12);
    assert_eq!(run("2"), one);
    assert_eq!(run("5"), one);
}

#[test]
fn the_summary_counts_and_quiet_leaves_it_out() {
    let place = workplace(&[("a.jsonl", "{\"text\": \"Oslo\"}\nbad\n{\"text\": \"\"}\n")]);
    let said = |arguments: &[&str]| {
        let output = namesake(&place).args(["extract", "a.jsonl"]).args(arguments).assert().code(3);
        String::from_utf8(output.get_output().stderr.clone()).unwrap()
    };
    let usual = said(&[]);
    assert!(usual.contains("2 documents, 1 word: 1 mention of 1 entity in "), "{usual}");
    assert!(usual.trim_end().ends_with("; 1 input could not be read"), "{usual}");
    // What is wrong is said even so.
    assert_eq!(said(&["--quiet"]), "namesake: a.jsonl:2: not valid JSON: expected value at column 1\n");
}

#[test]
fn the_input_format_overrides_the_ending() {
    let place = workplace(&[("a.dat", &json!({"text": "Oslo"}).to_string()), ("b.txt", "Oslo B-LOC\n. O\n")]);
    let text = |arguments: &[&str]| -> Value {
        let output = namesake(&place).arg("extract").args(arguments).arg("--with-text").assert().success();
        lines(&output.get_output().stdout).remove(0)["text"].clone()
    };
    assert_eq!(text(&["a.dat", "--input-format", "jsonl"]), "Oslo");
    assert_eq!(text(&["a.dat", "--input-format", "text"]), "{\"text\":\"Oslo\"}");
    assert_eq!(text(&["b.txt", "--input-format", "conll"]), "Oslo .");
}

#[test]
fn what_is_written_as_conll_can_be_read_again() {
    let place = workplace(&[(
        "a.jsonl",
        &format!("{}\n{}\n", json!({"id": "one two", "text": TEXT}), json!({"id": "b", "text": "Oslo"})),
    )]);
    namesake(&place).args(["extract", "a.jsonl", "--format", "conll", "-o", "a.conll"]).assert().success();
    let output = namesake(&place).args(["extract", "a.conll"]).assert().success();
    let documents = lines(&output.get_output().stdout);
    let ids: Vec<&Value> = documents.iter().map(|document| &document["id"]).collect();
    assert_eq!(ids, ["one two", "b"]);
    assert!(names(&documents[0]).contains(&"Henrik Aalto"));
    assert_eq!(names(&documents[1]), ["Oslo"]);
}

#[test]
fn a_model_folder_works_like_the_embedded_model() {
    let place = workplace(&[("a.txt", TEXT)]);
    let folder = fs::canonicalize("models/news-small").unwrap();
    let embedded = namesake(&place).args(["extract", "a.txt"]).assert().success();
    let loaded = namesake(&place).args(["extract", "a.txt", "--model"]).arg(folder).assert().success();
    assert_eq!(embedded.get_output().stdout, loaded.get_output().stdout);
}

#[test]
fn reasons_are_shown_on_request() {
    let place = workplace(&[("article.txt", "Henrik Aalto spoke in Oslo. Aalto was brief.")]);
    let extract = |arguments: &[&str]| -> String {
        let output = namesake(&place).args(["extract", "article.txt", "-q"]).args(arguments).assert().success();
        String::from_utf8(output.get_output().stdout.clone()).unwrap()
    };
    let pretty = extract(&["--format", "pretty", "--explain"]);
    assert!(pretty.contains("Aalto: fitted best, like \"Henrik Aalto\", score "), "{pretty}");
    assert!(extract(&["--format", "html", "--explain"]).contains("title=\"fitted best, like "));
    for format in ["pretty", "html", "jsonl"] {
        let plain = extract(&["--format", format]);
        assert!(!plain.contains("fitted best") && !plain.contains("\"why\""), "{format}");
    }
}

#[test]
fn help_shows_examples_and_exit_codes() {
    let place = workplace(&[]);
    namesake(&place).arg("--help").assert().success().stdout(contains("extract").and(contains("Exit codes")));
    namesake(&place)
        .args(["extract", "--help"])
        .assert()
        .success()
        .stdout(contains("Examples:").and(contains("--min-score")));
}
