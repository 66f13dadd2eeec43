//! Scores equal those of the reference scorers on random annotation pairs: `tests/golden/` holds the pairs and what the
//! references say, written by `scripts/eval_parity.py --golden`. Needs neither Python nor gold data.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

use namesake::eval::Corpus;
use namesake::eval::align::Aligned;
use namesake::eval::entities::{NilRule, Twinless};
use namesake::eval::evaluate::{EvalOptions, Evaluation, types_of};
use namesake::eval::layout::Row;
use namesake::eval::select::SelectOptions;
use namesake::format::{Format, ReadOptions, open};
use namesake::tag_scheme::TagScheme;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::Path;

/// The last digit that is compared.
const TOLERANCE: f64 = 1e-9;

/// One pair, scored.
struct Scored {
    rows: BTreeMap<String, Row>,
    aligned: Aligned,
    ignored: usize,
}

impl Scored {
    fn of(gold: &str, system: &str, format: Format, options: &EvalOptions) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reading = ReadOptions::default().with_format(Some(format)).with_entity_links(true);
        let [gold, system] = [("gold", gold), ("system", system)].map(|(name, content)| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            Corpus::new(open(&path, &reading).unwrap().map(Result::unwrap).collect(), name)
        });
        let aligned = Aligned::new(gold, system).unwrap();
        let evaluation = Evaluation::of(&aligned, options, types_of([&aligned]));
        let rows = evaluation.all_scores().iter().map(|row| (row.path.join(" "), row.clone())).collect();
        let ignored = evaluation.selections.iter().map(|selection| selection.ignored).sum();
        Self { rows, aligned, ignored }
    }

    fn has(&self, section: &str) -> bool {
        self.rows.keys().any(|path| path.starts_with(section))
    }

    fn row(&self, path: &str) -> &Row {
        let row = self.rows.get(path);
        assert!(row.is_some(), "no score {path}");
        row.unwrap()
    }

    fn score(&self, path: &str) -> [f64; 3] {
        self.row(path).score.parts()
    }

    fn counts(&self, path: &str) -> [f64; 3] {
        let outcome = self.row(path).outcome.unwrap();
        [outcome.tp, outcome.fp, outcome.fn_]
    }
}

/// The cases of a golden file.
fn cases(name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    let text = fs::read_to_string(path).unwrap();
    let cases: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(cases.len() >= 200, "{name} holds {} cases", cases.len());
    cases
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(|number| number.as_f64().unwrap()).collect()
}

fn check(what: &str, case: usize, found: &[f64], expected: &Value) {
    let expected = numbers(expected);
    let equal = found.len() == expected.len()
        && found.iter().zip(&expected).all(|(one, other)| (one - other).abs() <= TOLERANCE);
    assert!(equal, "case {case}, {what}: {found:?}, the reference has {expected:?}");
}

fn conll(sentences: &Value) -> String {
    let mut text = String::new();
    for labels in sentences.as_array().unwrap() {
        for (index, label) in labels.as_array().unwrap().iter().enumerate() {
            writeln!(text, "w{index} {}", label.as_str().unwrap()).unwrap();
        }
        text.push('\n');
    }
    text
}

fn jsonl(documents: &Value) -> String {
    documents.as_array().unwrap().iter().fold(String::new(), |text, document| text + &format!("{document}\n"))
}

/// The counts of nervaluate: correct, incorrect, partial, missed, spurious.
fn check_schemes(scored: &Scored, case: usize, schemes: &Value) {
    for (scheme, kinds) in schemes.as_object().unwrap() {
        for (kind, counts) in kinds.as_object().unwrap() {
            let counts = numbers(counts);
            let tp = counts[0] + counts[2] / 2.0;
            let common = counts[..3].iter().sum::<f64>() - tp;
            let path = format!("spans {scheme} {kind}");
            check(&path, case, &scored.counts(&path), &vec![tp, common + counts[4], common + counts[3]].into());
        }
    }
}

#[test]
fn labels_score_as_in_seqeval_and_nervaluate() {
    let mut strict = 0;
    for (number, case) in cases("labels.jsonl").iter().enumerate() {
        let scored = Scored::of(&conll(&case["gold"]), &conll(&case["system"]), Format::Conll, &EvalOptions::default());
        for average in ["micro", "macro", "weighted"] {
            let path = format!("spans strict {average}");
            check(&path, number, &scored.score(&path), &case["default"][average]);
        }
        check_schemes(&scored, number, &case["schemes"]);
        let named = case["scheme"].as_str();
        let schemes = (scored.aligned.schemes.0, scored.aligned.schemes.1);
        if scored.has("labels") {
            let accuracy = scored.score("tokens accuracy")[2];
            assert!((accuracy - case["accuracy"].as_f64().unwrap()).abs() <= TOLERANCE, "case {number}");
        }
        // Few labels may fit another scheme than the one that they were made in.
        if scored.has("labels") && schemes.0.map(TagScheme::name) == named {
            strict += 1;
            for average in ["micro", "macro", "weighted"] {
                let path = format!("labels strict {average}");
                check(&path, number, &scored.score(&path), &case["strict"][average]);
            }
        }
    }
    assert!(strict >= 100, "only {strict} pairs in a scheme that both sides show");
}

#[test]
fn documents_score_as_in_scorch_neleval_and_nervaluate() {
    let mut with_clusters = 0;
    for (number, case) in cases("documents.jsonl").iter().enumerate() {
        let scored = Scored::of(&jsonl(&case["gold"]), &jsonl(&case["system"]), Format::Gold, &EvalOptions::default());
        check_schemes(&scored, number, &case["schemes"]);
        if scored.has("clusters") {
            with_clusters += 1;
            for (section, metrics) in case["clusters"].as_object().unwrap() {
                for (metric, expected) in metrics.as_object().unwrap() {
                    let path = format!("clusters {section} {metric}");
                    check(&path, number, &scored.score(&path), expected);
                }
            }
        }
        if scored.has("links") {
            for average in ["micro", "macro"] {
                let path = format!("links {average}");
                check(&path, number, &scored.score(&path), &case["links"][average]);
            }
        }
    }
    assert!(with_clusters >= 100, "only {with_clusters} pairs with entities on both sides");
}

#[test]
fn the_extras_of_gold_files_count_as_in_their_own_scorer() {
    let scopes = BTreeMap::from([
        ("gold-mentions / within-doc", "gold_mentions in_document"),
        ("gold-mentions / cross-corpus", "gold_mentions corpus"),
        ("end-to-end / within-doc", "end_to_end in_document"),
        ("end-to-end / cross-corpus", "end_to_end corpus"),
    ]);
    let names = BTreeMap::from([
        ("muc", "muc"),
        ("b3", "b_cubed"),
        ("ceafe", "ceaf_e"),
        ("lea", "lea"),
        ("alias", "alias_pairs"),
    ]);
    for (number, case) in cases("extras.jsonl").iter().enumerate() {
        let scored =
            Scored::of(&jsonl(&case["gold"]), &jsonl(&case["system"]), Format::Gold, &options(&case["options"]));
        let [untyped, typed] = if scored.has("sets") {
            ["sets untyped micro", "sets typed micro"]
        } else {
            ["spans exact micro", "spans strict micro"]
        };
        check(untyped, number, &scored.counts(untyped), &case["untyped"]);
        check(typed, number, &scored.counts(typed), &case["typed"]);
        assert_eq!(Some(scored.ignored as u64), case["ignored"].as_u64(), "case {number}");
        if !scored.has("clusters") {
            continue;
        }
        for (section, metrics) in case["clusters"].as_object().unwrap() {
            for (metric, expected) in metrics.as_object().unwrap() {
                let path = format!("clusters {} {}", scopes[section.as_str()], names[metric.as_str()]);
                check(&path, number, &scored.score(&path), expected);
            }
        }
    }
}

fn options(options: &Value) -> EvalOptions {
    let nil = match options["nil"].as_str() {
        Some("exclude") => NilRule::Exclude,
        Some("surface") => NilRule::Surface,
        _ => NilRule::Singleton,
    };
    let twinless = if options["twinless"] == "singleton" { Twinless::Singleton } else { Twinless::Strict };
    let types = options["types"].as_array();
    let select = SelectOptions {
        include_coref: options["include_coref"] == true,
        types: types.map(|types| types.iter().map(|kind| kind.as_str().unwrap().to_owned()).collect()),
    };
    EvalOptions::default().with_selection(select).with_nil(nil).with_twinless(twinless)
}
