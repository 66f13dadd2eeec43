//! What happens when input, flags or files are not what they should be.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{TEXT, lines, namesake, workplace};
use flate2::Compression;
use flate2::write::GzEncoder;
use predicates::str::contains;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

#[test]
fn says_where_and_what_is_wrong_and_does_the_rest() {
    let jsonl = [
        json!({"id": "good", "text": "Oslo"}).to_string(),
        "{\"id\": \"cut".to_owned(),
        "[1]".to_owned(),
        json!({"id": "none"}).to_string(),
        json!({"id": "number", "text": 5}).to_string(),
        json!({"id": {"a": 1}, "text": "x"}).to_string(),
        json!({"id": "good", "text": "Rome"}).to_string(),
    ]
    .join("\n");
    let place = workplace(&[("news.jsonl", &jsonl), ("plain.dat", "text"), ("last.txt", "Henrik Aalto left Oslo.")]);
    fs::write(place.path().join("latin1.txt"), b"caf\xe9 in Oslo").unwrap();
    fs::write(place.path().join("latin1.jsonl"), b"{\"text\": \"caf\xe9\"}\n{\"text\": \"Oslo\"}\n").unwrap();
    fs::write(place.path().join("utf16.txt"), b"\xff\xfeO\0s\0l\0o\0\0\xd8").unwrap();
    fs::write(place.path().join("binary.txt"), b"\x7fELF\x02\x01\x01\0\0\0\0").unwrap();
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(TEXT.repeat(50).as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    fs::write(place.path().join("cut.txt.gz"), &packed[..packed.len() / 2]).unwrap();
    let output = namesake(&place)
        .args(["extract", "news.jsonl", "missing.txt", "no*match.txt", "plain.dat", "latin1.txt", "latin1.jsonl"])
        .args(["utf16.txt", "binary.txt", "cut.txt.gz", "last.txt", "--errors", "errors.jsonl"])
        .assert()
        .code(3);
    let ids: Vec<Value> = lines(&output.get_output().stdout).iter().map(|document| document["id"].clone()).collect();
    assert_eq!(ids, ["good", "latin1.jsonl:2", "last.txt"]);
    let errors = lines(&fs::read(place.path().join("errors.jsonl")).unwrap());
    let found: Vec<(&str, Option<u64>, &str)> = errors
        .iter()
        .map(|error| (error["source"].as_str().unwrap(), error["line"].as_u64(), error["kind"].as_str().unwrap()))
        .collect();
    assert_eq!(
        found,
        [
            ("news.jsonl", Some(2), "bad-json"),
            ("news.jsonl", Some(3), "not-an-object"),
            ("news.jsonl", Some(4), "no-text"),
            ("news.jsonl", Some(5), "text-not-string"),
            ("news.jsonl", Some(6), "bad-id"),
            ("news.jsonl", Some(7), "duplicate-id"),
            ("missing.txt", None, "missing"),
            ("no*match.txt", None, "no-match"),
            ("plain.dat", None, "unknown-format"),
            ("latin1.txt", None, "not-utf8"),
            ("latin1.jsonl", Some(1), "not-utf8"),
            ("utf16.txt", None, "not-utf16"),
            ("binary.txt", None, "binary"),
            ("cut.txt.gz", None, "damaged"),
        ]
    );
    let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
    assert!(said.contains("news.jsonl:4: ") && said.contains("--text-field"), "{said}");
    assert!(said.contains("14 inputs could not be read"), "{said}");
}

#[test]
fn a_file_appears_only_when_it_is_complete() {
    let place = workplace(&[("bad.jsonl", "{\"text\": \"Oslo\"}\nnonsense\n{\"text\": \"Rome\"}\n")]);
    let out = place.path().join("out.jsonl");
    namesake(&place)
        .args(["extract", "bad.jsonl", "-o", "out.jsonl", "--strict"])
        .assert()
        .code(3)
        .stderr(contains("--strict"));
    assert!(!out.exists());
    assert_eq!(fs::read_dir(place.path()).unwrap().count(), 1, "a temporary file was left");
    namesake(&place).args(["extract", "bad.jsonl", "-o", "out.jsonl"]).assert().code(3);
    assert_eq!(lines(&fs::read(out).unwrap()).len(), 2);
    namesake(&place).args(["extract", "bad.jsonl", "-o", "none/out.jsonl"]).assert().code(1).stderr(contains("none"));
}

#[cfg(unix)]
#[test]
fn a_link_to_nowhere_is_reported() {
    let place = workplace(&[("good.txt", "Oslo")]);
    std::os::unix::fs::symlink("gone.txt", place.path().join("broken.txt")).unwrap();
    namesake(&place).args(["extract", "broken.txt", "good.txt"]).assert().code(3).stderr(contains("broken.txt"));
    namesake(&place).args(["extract", "."]).assert().code(3).stderr(contains("broken.txt"));
}

#[test]
fn strange_texts_do_no_harm() {
    let word = "x".repeat(100_000);
    let texts = [
        ("empty.txt", ""),
        ("blank.txt", " \r\n\t\n"),
        ("emoji.txt", "😀👩‍👩‍👧‍👦🏳️‍🌈"),
        ("rtl.txt", "التقى بان كي مون مع Henrik Aalto في أوسلو"),
        ("nul.txt", "Henrik\0Aalto left\0 Oslo."),
        ("crlf.txt", "Henrik Aalto\r\nleft Oslo.\r\n"),
        ("bom.txt", "\u{feff}Oslo is cold."),
        ("word.txt", &word),
        ("marks.txt", "Z\u{335}\u{321}\u{348}a\u{33d}\u{489}lgo of O\u{308}slo"),
    ];
    let place = workplace(&texts);
    let output = namesake(&place).args(["extract", ".", "--with-text"]).assert().success();
    let documents = lines(&output.get_output().stdout);
    assert_eq!(documents.len(), texts.len());
    for document in documents {
        let given = texts.iter().find(|(name, _)| document["id"] == format!("./{name}")).unwrap().1;
        assert_eq!(document["text"], given.trim_start_matches('\u{feff}'));
        let text: Vec<char> = document["text"].as_str().unwrap().chars().collect();
        for mention in document["mentions"].as_array().unwrap() {
            let offset = |key: &str| usize::try_from(mention[key].as_u64().unwrap()).unwrap();
            let slice: String = text[offset("start")..offset("end")].iter().collect();
            assert_eq!(mention["text"], slice);
        }
    }
}

#[test]
fn files_without_a_document_give_none() {
    let place =
        workplace(&[("a.jsonl", ""), ("b.jsonl", "\u{feff}\r\n\n"), ("c.conll", "-DOCSTART- O\n\n"), ("d/e.png", "")]);
    let output = namesake(&place).args(["extract", "."]).assert().success().stderr(contains("0 documents"));
    assert_eq!(output.get_output().stdout, b"");
}

#[test]
fn bad_standard_input_is_told_like_a_bad_file() {
    let place = workplace(&[]);
    for (bytes, said) in [
        (&b"caf\xe9"[..], "standard input: not valid UTF-8 at byte 3"),
        (b"\xff\xfeO\0\0\xd8", "standard input: not valid UTF-16: half a character at byte 6"),
        (b"%PDF-1.7", "standard input: this is a binary file"),
        (b"{\"text\": null}", "standard input:1: the field \"text\" holds null"),
        (b"\x1f\x8b\x08\0", "standard input: the compressed data is damaged"),
    ] {
        namesake(&place).args(["extract", "-"]).write_stdin(bytes).assert().code(3).stderr(contains(said));
    }
}

#[test]
fn strict_still_hands_over_what_came_before() {
    let place = workplace(&[("a.jsonl", "{\"text\": \"Oslo\"}\nbad\n{\"text\": \"Rome\"}\nworse\n")]);
    let output = namesake(&place).args(["extract", "a.jsonl", "--strict", "--errors", "e.jsonl"]).assert().code(3);
    assert_eq!(lines(&output.get_output().stdout).len(), 1);
    assert_eq!(lines(&fs::read(place.path().join("e.jsonl")).unwrap()).len(), 1);
    namesake(&place)
        .args(["extract", "a.jsonl", "--errors", "no/e.jsonl"])
        .assert()
        .code(1)
        .stderr(contains("no/e.jsonl"));
}

#[test]
fn a_large_document_is_one_document() {
    let text = format!("{TEXT}\n\n").repeat(200);
    let place = workplace(&[("large.txt", &text)]);
    let output = namesake(&place).args(["extract", "large.txt"]).assert().success();
    let document = lines(&output.get_output().stdout).remove(0);
    let aalto =
        document["entities"].as_array().unwrap().iter().find(|entity| entity["name"] == "Henrik Aalto").unwrap();
    assert_eq!(aalto["mentions"].as_array().unwrap().len(), 400);
}

#[test]
fn a_wrong_model_folder_gets_one_sentence() {
    let config = fs::read_to_string("models/news-small/config.json").unwrap();
    let tokenizer = fs::read_to_string("models/news-small/tokenizer.json").unwrap();
    let place = workplace(&[
        ("a.txt", TEXT),
        ("empty/.keep", ""),
        ("no-tokenizer/config.json", &config),
        ("no-weights/config.json", &config),
        ("no-weights/tokenizer.json", &tokenizer),
        ("bad-config/config.json", "{}"),
        ("bad-config/tokenizer.json", &tokenizer),
        ("bad-tokenizer/config.json", &config),
        ("bad-tokenizer/tokenizer.json", "{}"),
        ("bad-weights/config.json", &config),
        ("bad-weights/tokenizer.json", &tokenizer),
        ("bad-weights/onnx/model.onnx", "not a model"),
        ("cut-weights/config.json", &config),
        ("cut-weights/tokenizer.json", &tokenizer),
        ("other-labels/config.json", r#"{"id2label": {"0": "O", "1": "B-PER", "2": "I-PER"}}"#),
        ("other-labels/tokenizer.json", &tokenizer),
        ("no-labels/config.json", r#"{"id2label": {"0": "LABEL_0", "1": "LABEL_1"}}"#),
        ("no-labels/tokenizer.json", &tokenizer),
        ("bad-scores/config.json", &config.replace("{\n", "{\n\"score_calibration\": [[0.5, 2]],\n")),
        ("bad-scores/tokenizer.json", &tokenizer),
        ("folder/config.json/.keep", ""),
    ]);
    let weights = fs::read("models/news-small/onnx/model_quantized.onnx").unwrap();
    fs::write(place.path().join("cut-weights/model.onnx"), &weights[..weights.len() / 2]).unwrap();
    fs::write(place.path().join("other-labels/model.onnx"), &weights).unwrap();
    for (folder, said) in [
        ("none", "there is no model folder none"),
        ("empty", "has no config.json"),
        ("no-tokenizer", "has no tokenizer.json"),
        ("no-weights", "onnx/model_quantized.onnx"),
        ("bad-config", "no id2label"),
        ("bad-tokenizer", "tokenizer.json"),
        ("bad-weights", "weights cannot be used"),
        ("cut-weights", "weights cannot be used"),
        ("other-labels", "config.json names 3 labels"),
        ("no-labels", "LABEL_0, LABEL_1 tell no types"),
        ("bad-scores", "expected points [probability, score]"),
        ("folder", "cannot be read"),
        ("a.txt", "there is no model folder"),
    ] {
        let output =
            namesake(&place).args(["extract", "a.txt", "--model", folder]).assert().code(1).stderr(contains(said));
        let said = String::from_utf8(output.get_output().stderr.clone()).unwrap();
        assert_eq!(said.lines().count(), 1, "{said}");
        let reason = said.trim_end().rsplit(": ").next().unwrap();
        assert_eq!(said.matches(reason).count(), 1, "said twice: {said}");
    }
}

#[test]
fn wrong_flags_are_told() {
    let place = workplace(&[]);
    for arguments in [
        &["extract"][..],
        &["extract", "a.txt", "--types", "DOG"],
        &["extract", "a.txt", "--min-score", "2"],
        &["extract", "a.txt", "--offsets", "words"],
        &["extract", "a.txt", "--format", "xml"],
        &["extract", "a.txt", "--threads", "0"],
        &["fetch"],
    ] {
        namesake(&place).args(arguments).assert().code(2);
    }
}

/// Starts the command with both outputs piped.
fn start(place: &TempDir, arguments: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namesake"));
    command.current_dir(place.path()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let line = json!({"text": TEXT}).to_string() + "\n";
    let place = workplace(&[("many.jsonl", &line.repeat(1_000))]);
    for format in ["pretty", "jsonl", "conll", "html"] {
        let mut child = start(&place, &["extract", "many.jsonl", "--quiet", "--format", format]);
        let mut first = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(!first.is_empty());
        assert_eq!(String::from_utf8(output.stderr).unwrap(), "", "{format}");
        assert!(output.status.success(), "{format}");
    }
}

#[test]
fn nobody_reading_the_messages_does_not_stop_the_work() {
    // More than a pipe holds, so that some are written after it is closed.
    let place = workplace(&[("bad.jsonl", &format!("{}{{\"text\": \"Oslo\"}}\n", "nonsense\n".repeat(3_000)))]);
    let mut child = start(&place, &["extract", "bad.jsonl"]);
    drop(child.stderr.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(lines(&output.stdout).len(), 1);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_leaves_no_file() {
    let line = json!({"text": TEXT}).to_string() + "\n";
    let place = workplace(&[("many.jsonl", &line.repeat(20_000))]);
    let files = || fs::read_dir(place.path()).unwrap().count();
    for (signal, format) in [("TERM", "jsonl"), ("INT", "jsonl"), ("INT", "brat")] {
        let mut child = start(&place, &["extract", "many.jsonl", "--quiet", "-o", "out", "--format", format]);
        for _ in 0..1_000 {
            if files() == 2 {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert_eq!(files(), 2, "nothing temporary appeared");
        Command::new("kill").arg(format!("-{signal}")).arg(child.id().to_string()).status().unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(130));
        assert_eq!(files(), 1, "something temporary was left by {format} on {signal}");
    }
}

#[cfg(unix)]
#[test]
fn a_run_under_nohup_survives_a_hang_up() {
    let place = workplace(&[]);
    let mut child = Command::new("nohup")
        .current_dir(place.path())
        .arg(env!("CARGO_BIN_EXE_namesake"))
        .args(["extract", "-", "--input-format", "jsonl"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let line = json!({"text": TEXT}).to_string() + "\n";
    let mut input = child.stdin.take().unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    // The first line has come back: the handlers are in place.
    input.write_all(line.as_bytes()).unwrap();
    output.read_line(&mut String::new()).unwrap();
    Command::new("kill").arg("-HUP").arg(child.id().to_string()).status().unwrap();
    input.write_all(line.as_bytes()).unwrap();
    drop(input);
    let mut rest = String::new();
    output.read_line(&mut rest).unwrap();
    assert!(child.wait().unwrap().success());
    assert_eq!(lines(rest.as_bytes()).len(), 1);
}
