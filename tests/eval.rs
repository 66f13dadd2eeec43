//! The `eval` command on good and bad files: keys of the JSON, slices, maps, two systems, our own pipeline, and a clear
//! message for everything that cannot be scored.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{namesake, workplace};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use tempfile::TempDir;

const TEXT: &str = "Zoë Ito met Bo Brook in Oslo . Ito left .";

/// A line of gold: two people, a place, an alias.
fn gold_line(id: &str) -> Value {
    json!({"id": id, "text": TEXT, "desk": if id == "a" { "north" } else { "south" }, "mentions": [
        {"start": 0, "end": 7, "type": "PER", "entity": "Q1", "surface": "Zoë Ito"},
        {"start": 12, "end": 20, "type": "PER", "entity": "Q2", "surface": "Bo Brook"},
        {"start": 24, "end": 28, "type": "LOC", "entity": "Q3", "surface": "Oslo"},
        {"start": 31, "end": 34, "type": "PER", "entity": "Q1", "surface": "Ito"}]})
}

/// What a system made of it: one border wrong, one alias apart.
fn system_line(id: &str) -> Value {
    json!({"id": id, "mentions": [
        {"start": 0, "end": 7, "type": "PER", "entity": "x"},
        {"start": 15, "end": 20, "type": "PER", "entity": "y"},
        {"start": 24, "end": 28, "type": "LOC", "entity": "z"},
        {"start": 31, "end": 34, "type": "PER", "entity": "y"}]})
}

fn lines(values: &[Value]) -> String {
    values.iter().fold(String::new(), |text, value| text + &format!("{value}\n"))
}

fn pair() -> TempDir {
    workplace(&[
        ("gold.jsonl", &lines(&[gold_line("a"), gold_line("b")])),
        ("system.jsonl", &lines(&[system_line("a"), system_line("b")])),
    ])
}

/// The JSON of `eval` with these arguments, and what it said on standard error.
fn eval(place: &TempDir, arguments: &[&str]) -> (Value, String) {
    let output =
        namesake(place).arg("eval").args(arguments).args(["--json", "-", "--resamples", "20"]).assert().success();
    let output = output.get_output();
    (serde_json::from_slice(&output.stdout).unwrap(), String::from_utf8(output.stderr.clone()).unwrap())
}

/// What `eval` says on standard error when it refuses; it must then print no scores.
fn refusal(place: &TempDir, arguments: &[&str]) -> String {
    let output = namesake(place).arg("eval").args(arguments).assert().code(1);
    let output = output.get_output();
    assert!(output.stdout.is_empty(), "{arguments:?} printed {}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Every path of keys; numbers of a list are `[]`.
fn paths(value: &Value, path: &str, into: &mut BTreeSet<String>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                paths(value, &format!("{path}.{key}"), into);
            }
        }
        Value::Array(list) if list.iter().any(Value::is_object) => {
            for value in list {
                paths(value, &format!("{path}[]"), into);
            }
        }
        _ => {
            into.insert(path.trim_start_matches('.').to_owned());
        }
    }
}

fn near(value: &Value, expected: f64) -> bool {
    (value.as_f64().unwrap() - expected).abs() < 1e-12
}

#[test]
fn keys_of_the_json_are_fixed() {
    let place = pair();
    let (scores, _) = eval(&place, &["gold.jsonl", "system.jsonl", "system.jsonl", "--entity-links", "--by", "desk"]);
    let mut found = BTreeSet::new();
    paths(&scores, "", &mut found);
    // Slices and the second system have keys that the first has too.
    let (inner, outer): (Vec<String>, Vec<String>) =
        found.into_iter().partition(|path| path.starts_with("by.desk.") || path.starts_with("second."));
    for path in inner.iter().filter_map(|path| path.strip_prefix("by.desk.north.").or(path.strip_prefix("second."))) {
        assert!(outer.iter().any(|known| known == path) || path.starts_with("by.desk."), "{path}");
    }
    insta::assert_snapshot!("eval_keys", outer.join("\n"));
}

#[test]
fn scores_are_those_worked_out_by_hand() {
    let place = pair();
    let (scores, said) = eval(&place, &["gold.jsonl", "system.jsonl"]);
    assert_eq!(said, "");
    let spans = &scores["spans"];
    // Of four mentions a document three are right; "Brook" is half of "Bo Brook".
    assert!(near(&spans["strict"]["micro"]["f1"], 0.75) && near(&spans["exact"]["micro"]["f1"], 0.75));
    assert!(near(&spans["partial"]["micro"]["f1"], 0.875) && near(&spans["type"]["micro"]["f1"], 1.0));
    assert_eq!(spans["partial"]["micro"]["tp"], 7);
    assert!(near(&spans["strict"]["LOC"]["f1"], 1.0) && near(&spans["strict"]["PER"]["precision"], 2.0 / 3.0));
    // On the mentions that both have: {Zoë Ito, Ito}, {Oslo} against {Zoë Ito}, {Oslo}, {Ito}.
    let clusters = &scores["clusters"]["gold_mentions"]["in_document"];
    assert!(near(&clusters["b_cubed"]["recall"], 2.0 / 3.0) && near(&clusters["b_cubed"]["precision"], 1.0));
    assert!(near(&clusters["muc"]["f1"], 0.0) && near(&clusters["ceaf_e"]["recall"], 5.0 / 6.0));
    assert_eq!(scores["errors"], json!({"boundary": 2, "wrongly split": 2}));
    let interval = &spans["strict"]["micro"]["interval"]["f1"];
    assert!(near(&interval[0], 0.75) && near(&interval[1], 0.75));
}

#[test]
fn every_number_lies_between_0_and_1_and_notes_name_the_conventions() {
    let nested = json!({"id": "a", "mentions": [
        {"start": 0, "end": 7, "type": "PER", "entity": "x"}, {"start": 4, "end": 7, "type": "PER", "entity": "x"},
        {"start": 4, "end": 7, "type": "LOC", "entity": "y"}, {"start": 24, "end": 28, "type": "GPE", "entity": null}]});
    let place =
        workplace(&[("gold.jsonl", &lines(&[gold_line("a"), gold_line("b")])), ("system.jsonl", &lines(&[nested]))]);
    let (scores, said) = eval(&place, &["gold.jsonl", "system.jsonl", "--types", "PER,LOC,GPE,DATE"]);
    for note in [
        "1 gold documents are missing in the system (the first is \"b\"): all of their mentions count as missed",
        "mentions of one side overlap each other: `spans` pairs them in order as nervaluate does, `sets` compares sets",
        "system: 1 mentions have the span of one before them; the first counts",
        "the label \"GPE\" occurs in the system only, where it never matches: --map can rename or drop it",
        "no mention of gold or system has the type \"DATE\", which is to be judged",
    ] {
        assert!(said.contains(note), "{note:?} is not in {said}");
        assert!(scores["notes"].as_array().unwrap().iter().any(|told| told.as_str().unwrap().contains(note)));
    }
    assert_eq!(scores["sets"]["typed"]["micro"]["tp"], 1);
    assert_eq!(scores["mentions"]["system_duplicates"], 1);
    for section in ["spans", "sets", "clusters"] {
        check_range(&scores[section]);
    }
}

fn check_range(value: &Value) {
    for (key, value) in value.as_object().unwrap() {
        match key.as_str() {
            "precision" | "recall" | "f1" => assert!((0.0..=1.0).contains(&value.as_f64().unwrap()), "{key} {value}"),
            "interval" | "tp" | "fp" | "fn" => {}
            _ => check_range(value),
        }
    }
}

#[test]
fn labels_are_mapped_on_both_sides() {
    let system = json!({"id": "a", "mentions": [
        {"start": 0, "end": 7, "type": "PERSON"}, {"start": 12, "end": 20, "type": "PERSON"},
        {"start": 24, "end": 28, "type": "GPE"}, {"start": 31, "end": 34, "type": "PERSON"},
        {"start": 35, "end": 39, "type": "DATE"}]});
    let place = workplace(&[("gold.jsonl", &lines(&[gold_line("a")])), ("system.jsonl", &lines(&[system]))]);
    let f1 =
        |map: &str| eval(&place, &["gold.jsonl", "system.jsonl", "--map", map]).0["spans"]["strict"]["micro"].clone();
    assert!(near(&f1("PERSON=PER")["f1"], 6.0 / 9.0));
    assert!(near(&f1("PERSON=PER,GPE=LOC,DATE=")["f1"], 1.0));
    assert!(near(&f1("ontonotes")["f1"], 1.0));
    let said = namesake(&place).args(["eval", "gold.jsonl", "system.jsonl", "--map", "GPE"]).assert().code(2);
    let said = String::from_utf8(said.get_output().stderr.clone()).unwrap();
    assert!(said.contains("expected LABEL=LABEL"), "{said}");
}

#[test]
fn labels_of_tokens_are_mapped_too() {
    let gold = "Ada B-PER\nleft O\nOslo B-LOC\n\nAda B-PER\nslept O\n";
    let place = workplace(&[
        ("gold.conll", gold),
        ("system.conll", "Ada U-PERSON\nleft O\nOslo U-GPE\n\nAda U-PERSON\nslept U-DATE\n"),
    ]);
    let (scores, said) = eval(&place, &["gold.conll", "system.conll", "--map", "ontonotes"]);
    assert!(near(&scores["spans"]["strict"]["micro"]["f1"], 1.0));
    assert!(said.contains("gold: labels of gold.conll are IOB2") && said.contains("system.conll are BILOU"), "{said}");
    assert!(said.contains("there is one document: the intervals are drawn over its 2 sentences"), "{said}");
}

#[test]
fn a_document_that_the_system_lacks_is_missed_in_every_section() {
    let both = "# id = a\nAda U-PER\nleft O\n";
    let gold = format!("-DOCSTART- O\n\n{both}\n-DOCSTART- O\n\n# id = b\nNew B-LOC\nYork L-LOC\nslept O\n");
    let place = workplace(&[("gold.conll", &gold), ("system.conll", &format!("-DOCSTART- O\n\n{both}"))]);
    let (scores, said) = eval(&place, &["gold.conll", "system.conll"]);
    assert!(said.contains("1 gold documents are missing in the system (the first is \"b\")"), "{said}");
    for section in ["spans", "labels"] {
        let micro = &scores[section]["strict"]["micro"];
        assert_eq!((&micro["tp"], &micro["fp"], &micro["fn"]), (&json!(1), &json!(0), &json!(1)), "{section}");
    }
    assert!(near(&scores["tokens"]["accuracy"]["value"], 3.0 / 5.0));
}

#[test]
fn slices_follow_the_metadata() {
    let place = pair();
    let (scores, _) = eval(&place, &["gold.jsonl", "system.jsonl", "--by", "desk"]);
    let north = &scores["by"]["desk"]["north"]["spans"]["strict"]["micro"];
    assert_eq!((&north["tp"], &north["fn"]), (&json!(3), &json!(1)));
    assert_eq!(scores["by"]["desk"].as_object().unwrap().len(), 2);
    let said = refusal(&place, &["gold.jsonl", "system.jsonl", "--by", "dsk"]);
    assert!(said.contains("--by dsk: no document of the gold has this field; there is desk"), "{said}");
}

#[test]
fn labels_and_metadata_cannot_steer_the_terminal() {
    let mut gold = gold_line("a");
    gold["desk"] = "no\u{202e}rth\n\u{9b}".into();
    gold["mentions"][2]["type"] = "L\u{202e}\u{1b}[2J\nOC".into();
    let place = workplace(&[("gold.jsonl", &lines(&[gold])), ("system.jsonl", &lines(&[system_line("a")]))]);
    let told =
        namesake(&place).args(["eval", "gold.jsonl", "system.jsonl", "--by", "desk", "--resamples", "20"]).output();
    let told = String::from_utf8(told.unwrap().stdout).unwrap();
    assert!(told.contains("== desk: no⟨U+202E⟩rth ⟨U+009B⟩") && told.contains("L⟨U+202E⟩␛[2J OC"), "{told:?}");
    assert!(!told.contains(['\u{202e}', '\u{1b}', '\u{9b}']), "{told:?}");
}

#[test]
fn two_systems_are_compared() {
    let place = pair();
    let (scores, _) = eval(&place, &["gold.jsonl", "system.jsonl", "gold.jsonl"]);
    assert!(near(&scores["second"]["spans"]["strict"]["micro"]["f1"], 1.0));
    let comparison = scores["comparison"].as_array().unwrap();
    let strict = comparison.iter().find(|one| one["score"] == "spans.strict.micro").unwrap();
    assert!(near(&strict["difference"], 0.25) && near(&strict["interval"][0], 0.25));
    assert!(comparison.iter().all(|one| (0.0..=1.0).contains(&one["p"].as_f64().unwrap())));
    let differing: Vec<&Value> =
        scores["documents_that_differ"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(differing, ["a", "b"]);
    let (scores, _) = eval(&place, &["gold.jsonl", "system.jsonl", "system.jsonl"]);
    let comparison = scores["comparison"].as_array().unwrap();
    assert!(comparison.iter().all(|one| near(&one["difference"], 0.0) && near(&one["p"], 1.0)), "{comparison:?}");
    assert_eq!(scores["documents_that_differ"], json!([]));
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let place = pair();
    let run = |seed: &str| {
        let arguments = ["eval", "gold.jsonl", "system.jsonl", "system.jsonl", "--seed", seed, "--json", "-"];
        namesake(&place).args(arguments).assert().success().get_output().stdout.clone()
    };
    assert_eq!(run("3"), run("3"));
}

#[test]
fn without_a_system_our_pipeline_is_judged() {
    let text = "Henrik Aalto left Oslo. Aalto was tired.";
    let gold = json!({"id": "a", "text": text, "mentions": [
        {"start": 0, "end": 12, "type": "PER", "entity": "h"}, {"start": 18, "end": 22, "type": "LOC", "entity": "o"},
        {"start": 24, "end": 29, "type": "PER", "entity": "h"}]});
    let place = workplace(&[("gold.jsonl", &lines(&[gold]))]);
    let (scores, _) = eval(&place, &["gold.jsonl"]);
    assert_eq!(scores["system"], "namesake");
    assert_eq!(scores["spans"]["strict"]["micro"]["tp"], 3);
    assert!(near(&scores["clusters"]["gold_mentions"]["in_document"]["alias_pairs"]["f1"], 1.0));
}

#[test]
fn the_pipeline_keeps_the_tokens_of_the_gold() {
    // Cut our way, "Oslo-based" would be three tokens, the first of them a place.
    let gold = "Henrik B-PER\nAalto I-PER\njoined O\nthe O\nOslo-based B-MISC\nfirm O\nin O\nBern B-LOC\n. O\n";
    let place = workplace(&[("gold.conll", gold)]);
    let (scores, _) = eval(&place, &["gold.conll"]);
    assert!(scores["tokens"]["accuracy"]["value"].as_f64().unwrap() > 0.8);
    assert_eq!(scores["boundaries"], json!({}), "a mention ends inside a token");
    assert_eq!(scores["spans"]["strict"]["LOC"]["tp"], 1);
}

#[test]
fn files_about_other_texts_are_refused() {
    let place = workplace(&[
        ("gold.conll", "New B-LOC\nYork I-LOC\nslept O\n\nAda B-PER\n"),
        ("joined.conll", "NewYork B-LOC\nslept O\n\nAda B-PER\n"),
        ("other.conll", "New B-LOC\nYork I-LOC\nsleeps O\n\nAda B-PER\n"),
        ("short.conll", "New B-LOC\nYork I-LOC\nslept O\n"),
        ("two.conll", "-DOCSTART- O\n\nNew B-LOC\n\n-DOCSTART- O\n\nYork B-LOC\n"),
    ]);
    let said = |system: &str| refusal(&place, &["gold.conll", system]);
    let joined = said("joined.conll");
    let tokens = r#"sentence 1: the gold goes on with the tokens ["New", "York", "slept"], the system with ["New York", "slept"]"#;
    assert!(joined.contains(tokens), "{joined}");
    assert!(
        said("other.conll")
            .contains("the texts differ from byte 12 of the gold on: \"pt\\nAda\" against \"eps\\nAda\""),
        "{}",
        said("other.conll")
    );
    assert!(said("short.conll").contains("the texts differ from byte 15 of the gold on"), "{}", said("short.conll"));
    assert!(said("two.conll").contains("no document of the system is in the gold"));
}

#[test]
fn documents_must_be_named_once() {
    let place = workplace(&[
        ("gold.jsonl", &lines(&[gold_line("a"), gold_line("b")])),
        ("twice.jsonl", &lines(&[system_line("a"), system_line("a")])),
        ("others.jsonl", &lines(&[system_line("c")])),
        ("more.jsonl", &lines(&[system_line("a"), system_line("b"), system_line("z")])),
        ("textless.jsonl", &lines(&[json!({"id": "a", "mentions": [{"start": 0, "end": 3, "type": "PER"}]})])),
    ]);
    assert!(refusal(&place, &["gold.jsonl", "twice.jsonl"]).contains("system: document \"a\" is there twice"));
    assert!(refusal(&place, &["twice.jsonl", "gold.jsonl"]).contains("gold: document \"a\" is there twice"));
    assert!(
        refusal(&place, &["gold.jsonl", "others.jsonl"]).contains("the gold begins with \"a\", the system with \"c\"")
    );
    let said = refusal(&place, &["textless.jsonl", "textless.jsonl"]);
    assert!(said.contains("document \"a\": neither gold nor system gives its text"), "{said}");
    let (scores, said) = eval(&place, &["gold.jsonl", "more.jsonl"]);
    assert!(said.contains("1 system documents are not in the gold and are left out"), "{said}");
    assert_eq!(scores["documents"], 2);
}

#[test]
fn offsets_in_another_unit_are_told() {
    let text = "😀 Zoë Ito left Oslo .";
    let gold = json!({"id": "a", "text": text, "mentions": [
        {"start": 2, "end": 9, "type": "PER"}, {"start": 15, "end": 19, "type": "LOC"}]});
    let utf16 = json!({"id": "a", "mentions": [
        {"start": 3, "end": 10, "type": "PER"}, {"start": 16, "end": 20, "type": "LOC"}]});
    let bytes = json!({"id": "a", "mentions": [
        {"start": 5, "end": 13, "type": "PER"}, {"start": 19, "end": 23, "type": "LOC"}]});
    let quoted = json!({"id": "a", "text": text, "mentions": [
        {"start": 3, "end": 10, "type": "PER", "surface": "Zoë Ito"}]});
    let outside = json!({"id": "a", "mentions": [{"start": 15, "end": 40, "type": "LOC"}]});
    let place = workplace(&[
        ("gold.jsonl", &lines(&[gold])),
        ("utf16.jsonl", &lines(&[utf16])),
        ("bytes.jsonl", &lines(&[bytes])),
        ("quoted.jsonl", &lines(&[quoted])),
        ("outside.jsonl", &lines(&[outside])),
    ]);
    let said = refusal(&place, &["gold.jsonl", "quoted.jsonl"]);
    assert!(said.contains("quoted.jsonl:1: the mention 3..10") && said.contains("--offsets utf16"), "{said}");
    let said = refusal(&place, &["gold.jsonl", "bytes.jsonl"]);
    assert!(said.contains("19..23 is empty, or lies outside the text") && said.contains("--offsets"), "{said}");
    assert!(refusal(&place, &["gold.jsonl", "outside.jsonl"]).contains("15..40"));
    // These numbers lie in the text, so only the cut words tell.
    let (_, said) = eval(&place, &["gold.jsonl", "utf16.jsonl"]);
    assert!(
        said.contains(
            "mentions begin or end inside words, but would not if their offsets were counted in UTF-16 units"
        ),
        "{said}"
    );
}

#[test]
fn broken_files_are_named_with_their_line() {
    let webanno = "#FORMAT=WebAnno TSV 3.3\n#T_SP=webanno.custom.NamedEntity|identifier|value\n\n#Text=Ada left\n\
        1-1\t0-3\tAda\t_\tPER\t\n1-2\tx\tleft\t_\t_\t\n";
    let nif = "@prefix nif: <http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#> .\n\
        <urn:d> nif:isString \"Ada\" .\n<urn:m> nif:referenceContext <urn:d> ; nif:anchorOf \"Ada\" .\n";
    let place = workplace(&[
        ("gold.jsonl", &lines(&[gold_line("a")])),
        ("cut.jsonl", &format!("{}\n{{\"id\": \"b\", \"men", gold_line("a"))),
        ("list.jsonl", "{\"id\": \"a\", \"text\": \"x\", \"mentions\": {}}\n"),
        (
            "backwards.jsonl",
            "{\"id\": \"a\", \"text\": \"Ada\", \"mentions\": [{\"start\": 3, \"end\": 0, \"type\": \"PER\"}]}\n",
        ),
        ("label.conll", "Ada B-PER\nslept perhaps\n"),
        ("column.conll", "Ada B-PER\nslept\n"),
        ("empty.jsonl", ""),
        ("empty.conll", "\n\n"),
        ("prose.txt", "Prose.\n"),
        ("thing.json", "{\"what\": 1}\n"),
        ("tabs.tsv", webanno),
        ("place.ttl", nif),
        ("broken.ttl", "<urn:a> <urn:b> .\n"),
        ("brat/x.ann", "T1\tPER 0 3\tAda\nT2 LOC 0 3 Ada\n"),
        ("brat/x.txt", "Ada"),
        ("shifted/x.ann", "T1\tPER 0 3\tBob\n"),
        ("shifted/x.txt", "Ada"),
        ("lonely/x.ann", "T1\tPER 0 3\tAda\n"),
        ("nothing/readme.md", "no annotations"),
    ]);
    for (file, message) in [
        ("cut.jsonl", "cut.jsonl:2: not a document with mentions: EOF"),
        ("list.jsonl", "list.jsonl:1: not a document with mentions"),
        ("backwards.jsonl", "backwards.jsonl:1: the mention 3..0 of document \"a\" is empty"),
        ("label.conll", "label.conll:2: the last column should be a label"),
        ("column.conll", "column.conll:2: expected a token and its label"),
        ("empty.jsonl", "empty.jsonl: the file is empty"),
        ("prose.txt", "prose.txt: neither its ending nor its first line tells its format"),
        ("thing.json", "thing.json: its first JSON objects have none of the fields"),
        ("gone.jsonl", "gone.jsonl"),
        ("tabs.tsv", "tabs.tsv:6: expected offsets such as `0-5`, not \"x\""),
        ("place.ttl", "<urn:m> has no nif:beginIndex and nif:endIndex"),
        ("broken.ttl", "broken.ttl:1"),
        ("brat", "x.ann:2: expected `T1<tab>TYPE start end<tab>text`"),
        ("shifted", "x.ann:1: the mention 0..3 of document \"x\" says \"Bob\", but the text there is \"Ada\""),
        ("lonely", "x.txt"),
        ("nothing", "the folder holds no .ann file"),
    ] {
        for arguments in [["gold.jsonl", file], [file, "gold.jsonl"]] {
            let said = refusal(&place, &arguments);
            assert!(said.contains(message), "{arguments:?}: {said}");
        }
    }
    let said = refusal(&place, &["empty.conll", "label.conll"]);
    assert!(said.contains("empty.conll holds no document"), "{said}");
    let unknown = namesake(&place).args(["eval", "gold.jsonl", "gold.jsonl", "--gold-format", "xml"]).assert().code(2);
    let said = String::from_utf8(unknown.get_output().stderr.clone()).unwrap();
    assert!(said.contains("expected one of namesake, gold, conll"), "{said}");
}

#[test]
fn the_example_of_the_readme_holds() {
    let root = env!("CARGO_MANIFEST_DIR");
    let files = ["examples/eval/gold.jsonl", "examples/eval/spacy.json"].map(|file| format!("{root}/{file}"));
    let mut command = assert_cmd::Command::cargo_bin("namesake").unwrap();
    let output = command.arg("eval").args(&files).args(["--map", "ontonotes"]).assert().success();
    let table = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    let readme = std::fs::read_to_string(format!("{root}/README.md")).unwrap();
    for line in readme.lines().filter(|line| line.contains(" – 100.00")) {
        assert!(table.lines().any(|told| told.trim_end() == line), "{line} is not in {table}");
    }
}
