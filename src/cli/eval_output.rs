//! What `eval` tells: a table on standard output, JSON, the HTML report, and notes on standard error.

use crate::cli::eval::Judged;
use anyhow::Context;
use namesake::eval::layout::Row;
use namesake::eval::result::{SCHEMA, breakdown_json, comparison_json, scores_json, table};
use namesake::eval::significance::Comparison;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;

/// The values of a field of the metadata, each with the scores of its documents.
type Slices = Vec<(String, Vec<Row>)>;

/// Everything that is to be told.
pub struct Output<'a> {
    pub gold: &'a str,
    pub judged: &'a [Judged],
    pub comparisons: &'a [Comparison],
    pub by: &'a [String],
    pub conventions: Vec<(&'static str, String)>,
    pub json: Option<&'a Path>,
    pub report: Option<&'a Path>,
}

impl Output<'_> {
    /// Writes all of it.
    pub fn write(&self) -> anyhow::Result<()> {
        for judged in self.judged {
            for note in &judged.aligned.notes {
                eprintln!("namesake: {note}");
            }
        }
        if let Some(path) = self.report {
            write_file(path, &Self::page())?;
        }
        let json_to_stdout = self.json.is_some_and(|path| path.as_os_str() == "-");
        if let Some(path) = self.json {
            let text = serde_json::to_string_pretty(&self.tree())? + "\n";
            if json_to_stdout {
                std::io::stdout().write_all(text.as_bytes())?;
            } else {
                write_file(path, &text)?;
            }
        }
        if !json_to_stdout {
            std::io::stdout().write_all(self.tables().as_bytes())?;
        }
        Ok(())
    }

    fn tables(&self) -> String {
        let mut text = String::new();
        for judged in self.judged {
            if self.judged.len() > 1 {
                text += &format!("== {}\n\n", judged.name);
            }
            text += &table(judged.evaluation.all_scores(), judged.intervals.as_deref());
            for (field, slices) in self.slices(judged) {
                for (value, rows) in slices {
                    text += &format!("\n== {field}: {value}\n\n{}", table(&brief(rows), None));
                }
            }
            text.push('\n');
        }
        if !self.comparisons.is_empty() {
            text += "== difference of F1, second less first\n\n";
            for one in self.comparisons {
                let difference = (one.f1[1] - one.f1[0]) * 100.0;
                let (low, high) = (one.interval.0 * 100.0, one.interval.1 * 100.0);
                text += &format!(
                    "{:<56} {difference:>+7.2}  {low:>+7.2} – {high:>+7.2}  p = {:.4}\n",
                    one.path.join(" "),
                    one.p
                );
            }
        }
        text
    }

    fn tree(&self) -> Value {
        let mut tree = Map::new();
        tree.insert("schema".to_owned(), SCHEMA.into());
        tree.insert("gold".to_owned(), self.gold.into());
        let conventions = self.conventions.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        tree.insert("conventions".to_owned(), Value::Object(conventions.collect()));
        let mut systems = self.judged.iter().map(|judged| self.system_tree(judged));
        tree.extend(systems.next().unwrap_or_default());
        if let Some(second) = systems.next() {
            tree.insert("second".to_owned(), Value::Object(second));
            tree.insert("comparison".to_owned(), comparison_json(self.comparisons));
            tree.insert("documents_that_differ".to_owned(), self.differing());
        }
        Value::Object(tree)
    }

    fn system_tree(&self, judged: &Judged) -> Map<String, Value> {
        let mut tree = scores_json(judged.evaluation.all_scores(), judged.intervals.as_deref());
        tree.insert("system".to_owned(), judged.name.clone().into());
        tree.insert("documents".to_owned(), judged.aligned.gold.len().into());
        let count = |count: &dyn Fn(&namesake::eval::select::Selection) -> usize| -> Value {
            judged.evaluation.selections.iter().map(count).sum::<usize>().into()
        };
        let mentions = json!({
            "gold": count(&|selection| selection.gold.len()), "system": count(&|selection| selection.system.len()),
            "ignored": count(&|selection| selection.ignored),
            "gold_duplicates": count(&|selection| selection.gold_duplicates),
            "system_duplicates": count(&|selection| selection.system_duplicates),
        });
        tree.insert("mentions".to_owned(), mentions);
        tree.insert("notes".to_owned(), json!(judged.aligned.notes));
        tree.extend(breakdown_json(&judged.breakdown));
        if !self.by.is_empty() {
            let slices = self.slices(judged).into_iter().map(|(field, slices)| {
                let values = slices.into_iter().map(|(value, rows)| (value, Value::Object(scores_json(&rows, None))));
                (field.to_owned(), Value::Object(values.collect()))
            });
            tree.insert("by".to_owned(), Value::Object(slices.collect()));
        }
        tree
    }

    /// For each field of `--by`, the scores of the documents with each value.
    fn slices(&self, judged: &Judged) -> Vec<(&str, Slices)> {
        let slice = |field: &String| {
            let mut values: BTreeMap<String, Vec<usize>> = BTreeMap::new();
            for (index, document) in judged.aligned.gold.iter().enumerate() {
                let value = match document.metadata.get(field) {
                    Some(Value::String(value)) => value.clone(),
                    Some(other) => other.to_string(),
                    None => "(none)".to_owned(),
                };
                values.entry(value).or_default().push(index);
            }
            let scores =
                |documents: &Vec<usize>| judged.evaluation.scores(|index| documents.binary_search(&index).is_ok());
            values
                .into_iter()
                .map(|(value, documents)| {
                    let rows = scores(&documents);
                    (value, rows)
                })
                .collect()
        };
        self.by.iter().map(|field| (field.as_str(), slice(field))).collect()
    }

    /// The documents on which the two systems differ most in strict F1.
    fn differing(&self) -> Value {
        let [one, other] = self.judged else { return Value::Null };
        let f1 = |judged: &Judged, index: usize| {
            let layout = &judged.evaluation.layout;
            layout.values(&judged.evaluation.rows[index])[0].f1
        };
        let mut documents: Vec<(f64, usize)> =
            (0..one.aligned.gold.len()).map(|index| (f1(other, index) - f1(one, index), index)).collect();
        documents.sort_by(|one, other| other.0.abs().total_cmp(&one.0.abs()).then(one.1.cmp(&other.1)));
        let tell = |&(difference, index): &(f64, usize)| json!({ "id": one.aligned.gold[index].id, "f1": [f1(one, index), f1(other, index)], "difference": difference });
        documents.iter().filter(|document| document.0 != 0.0).take(20).map(tell).collect()
    }

    fn page() -> String {
        String::new()
    }
}

/// The lines of a slice that matter most; the rest is in the JSON.
fn brief(rows: Vec<Row>) -> Vec<Row> {
    let matters = |row: &Row| match row.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["spans", "strict", _] | ["links", _] => true,
        ["clusters", _, _, name] => matches!(*name, "conll" | "lea" | "alias_pairs"),
        _ => false,
    };
    rows.into_iter().filter(matters).collect()
}

fn write_file(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))
}
