//! What `eval` tells: a table on standard output, JSON, the HTML report, and notes on standard error.

use crate::cli::eval::Judged;
use crate::cli::tell;
use namesake::eval::layout::Row;
use namesake::eval::ranking::{DocumentScore, differing};
use namesake::eval::result::{SCHEMA, breakdown_json, comparison_json, scores_json, table};
use namesake::eval::significance::Comparison;
use namesake::eval::slice::Slice;
use namesake::output::LineOutput;
use namesake::page::{Report, System};
use namesake::visible::Visible;
use serde_json::{Map, Value, json};
use std::io::Write;
use std::path::Path;

/// A file that appears when it is whole, or standard output.
pub struct Place {
    file: LineOutput,
    stdout: bool,
}

impl Place {
    /// Makes sure that `path` can be written, before the work is done; `-` is standard output.
    pub fn open(path: &Path) -> anyhow::Result<Self> {
        let stdout = path.as_os_str() == "-";
        Ok(Self { file: LineOutput::open((!stdout).then_some(path))?, stdout })
    }

    fn fill(mut self, text: &str) -> anyhow::Result<()> {
        self.file.write(text)?;
        Ok(self.file.finish()?)
    }
}

/// Everything that is to be told.
pub struct Output<'a> {
    pub gold: &'a str,
    pub judged: &'a [Judged],
    pub comparisons: &'a [Comparison],
    pub conventions: Vec<(&'static str, String)>,
    pub json: Option<Place>,
    pub report: Option<Place>,
}

impl Output<'_> {
    /// Writes all of it.
    pub fn write(mut self) -> anyhow::Result<()> {
        for judged in self.judged {
            for note in &judged.aligned.notes {
                tell(format_args!("namesake: {note}"));
            }
        }
        let to_stdout = [&self.json, &self.report].into_iter().flatten().any(|place| place.stdout);
        if let Some(place) = self.report.take() {
            place.fill(&self.page()?)?;
        }
        if let Some(place) = self.json.take() {
            place.fill(&(serde_json::to_string_pretty(&self.tree())? + "\n"))?;
        }
        if !to_stdout {
            std::io::stdout().write_all(self.tables().as_bytes())?;
        }
        Ok(())
    }

    fn tables(&self) -> String {
        let mut text = String::new();
        for judged in self.judged {
            if self.judged.len() > 1 {
                text += &format!("== {}\n\n", Visible::one_line(&judged.name));
            }
            text += &table(judged.evaluation.all_scores(), judged.intervals.as_deref());
            for slices in &judged.slices {
                for slice in &slices.slices {
                    let (field, value) = (Visible::one_line(&slices.field), Visible::one_line(&slice.value));
                    text += &format!("\n== {field}: {value}\n\n{}", table(&brief(&slice.scores), None));
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
                    Visible::one_line(&one.path.join(" ")).to_string(),
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
        let mut systems = self.judged.iter().map(Self::system_tree);
        tree.extend(systems.next().unwrap_or_default());
        if let Some(second) = systems.next() {
            tree.insert("second".to_owned(), Value::Object(second));
            tree.insert("comparison".to_owned(), comparison_json(self.comparisons));
            tree.insert("documents_that_differ".to_owned(), self.differing());
        }
        Value::Object(tree)
    }

    fn system_tree(judged: &Judged) -> Map<String, Value> {
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
        if !judged.slices.is_empty() {
            let slices = judged.slices.iter().map(|slices| {
                let scores = |slice: &Slice| (slice.value.clone(), Value::Object(scores_json(&slice.scores, None)));
                (slices.field.clone(), Value::Object(slices.slices.iter().map(scores).collect()))
            });
            tree.insert("by".to_owned(), Value::Object(slices.collect()));
        }
        tree
    }

    /// The documents on which the two systems differ most in strict F1.
    fn differing(&self) -> Value {
        let [one, other] = self.judged else { return Value::Null };
        let tell = |(difference, scores): &(f64, [DocumentScore; 2])| {
            let id = one.aligned.gold.get(scores[0].index).map(|gold| &gold.id);
            json!({ "id": id, "f1": scores.map(|score| score.f1()), "difference": difference })
        };
        differing(&one.evaluation, &other.evaluation).iter().take(20).map(tell).collect()
    }

    fn page(&self) -> anyhow::Result<String> {
        let systems: Vec<System<'_>> = self.judged.iter().map(Judged::for_report).collect();
        let report = Report {
            command: &command(),
            gold: self.gold,
            systems: &systems,
            comparisons: self.comparisons,
            conventions: &self.conventions,
        };
        Ok(report.to_html()?)
    }
}

impl Judged {
    fn for_report(&self) -> System<'_> {
        System {
            name: &self.name,
            aligned: &self.aligned,
            evaluation: &self.evaluation,
            scores: self.evaluation.all_scores(),
            intervals: self.intervals.as_deref(),
            breakdown: &self.breakdown,
            slices: &self.slices,
        }
    }
}

/// The command as one would type it again.
fn command() -> String {
    let plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=,:@%+".contains(c));
    let quoted = |word: std::ffi::OsString| {
        let word = word.to_string_lossy();
        if plain(&word) { word.into_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    std::iter::once("namesake".to_owned()).chain(std::env::args_os().skip(1).map(quoted)).collect::<Vec<_>>().join(" ")
}

/// The lines of a slice that matter most; the rest is in the JSON.
fn brief(rows: &[Row]) -> Vec<Row> {
    let matters = |row: &Row| match row.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["spans", "strict", _] | ["links", _] => true,
        ["clusters", _, _, name] => matches!(*name, "conll" | "lea" | "alias_pairs"),
        _ => false,
    };
    rows.iter().filter(|row| matters(row)).cloned().collect()
}
