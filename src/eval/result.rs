//! The scores as JSON with fixed keys, and as a table for the terminal.

use super::breakdown::Breakdown;
use super::layout::Row;
use super::significance::{Comparison, Intervals};
use crate::visible::Visible;
use serde_json::{Map, Value, json};
use std::fmt::Write;

/// Name and version of the JSON's layout; a change that breaks readers raises the number.
pub const SCHEMA: &str = "namesake-eval/1";

/// Scores by their keys: `spans.strict.micro.f1` and so on, with `interval` beside `precision`, `recall`, `f1`.
#[must_use]
pub fn scores_json(rows: &[Row], intervals: Option<&[Intervals]>) -> Map<String, Value> {
    let mut tree = Map::new();
    for (index, row) in rows.iter().enumerate() {
        let interval = intervals.and_then(|intervals| intervals.get(index));
        let mut leaf = Map::new();
        if row.path.first().is_some_and(|section| section == "tokens") {
            leaf.insert("value".to_owned(), json!(row.score.f1));
            if let Some([.., f1]) = interval {
                leaf.insert("interval".to_owned(), json!(f1));
            }
        } else {
            for (name, part) in ["precision", "recall", "f1"].into_iter().zip(row.score.parts()) {
                leaf.insert(name.to_owned(), json!(part));
            }
            if let Some(outcome) = row.outcome {
                for (name, count) in [("tp", outcome.tp), ("fp", outcome.fp), ("fn", outcome.fn_)] {
                    leaf.insert(name.to_owned(), count_json(count));
                }
            }
            if let Some([precision, recall, f1]) = interval {
                leaf.insert("interval".to_owned(), json!({ "precision": precision, "recall": recall, "f1": f1 }));
            }
        }
        insert(&mut tree, &row.path, Value::Object(leaf));
    }
    tree
}

/// A count without decimals where it has none (a half-right mention of the scheme `partial` has).
#[expect(clippy::cast_possible_truncation, reason = "counts are far below 2^53")]
fn count_json(count: f64) -> Value {
    if count.fract() == 0.0 { json!(count as i64) } else { json!(count) }
}

fn insert(tree: &mut Map<String, Value>, path: &[String], leaf: Value) {
    match path {
        [] => {}
        [last] => {
            tree.insert(last.clone(), leaf);
        }
        [first, rest @ ..] => {
            let inner = tree.entry(first.clone()).or_insert_with(|| Value::Object(Map::new()));
            if let Value::Object(inner) = inner {
                insert(inner, rest, leaf);
            }
        }
    }
}

/// Errors, confusion table and breakdowns.
#[must_use]
pub fn breakdown_json(breakdown: &Breakdown) -> Map<String, Value> {
    let mut tree = Map::new();
    let kinds = breakdown.kinds.iter().map(|(kind, count)| (kind.name().to_owned(), json!(count)));
    tree.insert("errors".to_owned(), Value::Object(kinds.collect()));
    let borders = breakdown.boundaries.iter().map(|(border, count)| ((*border).to_owned(), json!(count)));
    tree.insert("boundaries".to_owned(), Value::Object(borders.collect()));
    let mut confusion = Map::new();
    for ((gold, system), count) in &breakdown.confusion {
        insert(&mut confusion, &[gold.clone(), system.clone()], json!(count));
    }
    tree.insert("confusion".to_owned(), Value::Object(confusion));
    let mut groups = Map::new();
    for (property, values) in &breakdown.groups {
        for (value, counts) in values {
            let prf = counts.prf();
            let leaf = json!({
                "precision": prf.precision, "recall": prf.recall, "f1": prf.f1,
                "tp": counts.correct, "fp": counts.spurious, "fn": counts.missed,
            });
            insert(&mut groups, &[(*property).to_owned(), value.clone()], leaf);
        }
    }
    tree.insert("groups".to_owned(), Value::Object(groups));
    tree
}

/// Differences of two systems.
#[must_use]
pub fn comparison_json(comparisons: &[Comparison]) -> Value {
    let one = |comparison: &Comparison| {
        json!({
            "score": comparison.path.join("."), "f1": comparison.f1,
            "difference": comparison.f1[1] - comparison.f1[0], "interval": comparison.interval, "p": comparison.p,
        })
    };
    comparisons.iter().map(one).collect()
}

/// A line for each difference of two systems; nothing if there is none.
#[must_use]
pub(super) fn comparison_table(comparisons: &[Comparison]) -> String {
    if comparisons.is_empty() {
        return String::new();
    }
    let mut text = String::from("== difference of F1, second less first\n\n");
    for one in comparisons {
        let difference = (one.f1[1] - one.f1[0]) * 100.0;
        let (low, high) = (one.interval.0 * 100.0, one.interval.1 * 100.0);
        let (path, p) = (one.path.join(" "), one.p);
        let _ = writeln!(text, "{path:<56} {difference:>+7.2}  {low:>+7.2} – {high:>+7.2}  p = {p:.4}");
    }
    text
}

/// The lines of a slice that matter most; the rest is in the JSON.
pub(super) fn brief(rows: &[Row]) -> Vec<Row> {
    let matters = |row: &Row| match row.path.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["spans", "strict", _] | ["links", _] => true,
        ["clusters", _, _, name] => matches!(*name, "conll" | "lea" | "alias_pairs"),
        _ => false,
    };
    rows.iter().filter(|row| matters(row)).cloned().collect()
}

/// A table of scores in per cent, a block a section.
#[must_use]
pub fn table(rows: &[Row], intervals: Option<&[Intervals]>) -> String {
    let mut text = String::new();
    let mut section = String::new();
    let shown = |text: &str| Visible::one_line(text).to_string();
    let width = rows
        .iter()
        .filter_map(|row| row.path.last())
        .map(|name| shown(name).chars().count())
        .max()
        .unwrap_or(0)
        .max(10);
    for (index, row) in rows.iter().enumerate() {
        let Some((name, keys)) = row.path.split_last() else { continue };
        let (name, title) = (shown(name), shown(&keys.join(" ")));
        if title != section {
            section = title;
            let interval = if intervals.is_some() { "  95 % of F1     " } else { "" };
            let counts = if row.outcome.is_some() { "       tp       fp       fn" } else { "" };
            let blank = if text.is_empty() { "" } else { "\n" };
            let _ = writeln!(text, "{blank}{section}\n{:<width$}  precision  recall      F1{interval}{counts}", "");
        }
        let [precision, recall, f1] = row.score.parts().map(|part| part * 100.0);
        let _ = write!(text, "{name:<width$}  {precision:>9.2} {recall:>7.2} {f1:>7.2}");
        if let Some(intervals) = intervals {
            let [_, _, interval] = intervals.get(index).copied().unwrap_or_default();
            let _ = write!(text, "  {:>6.2} – {:>6.2}", interval.0 * 100.0, interval.1 * 100.0);
        }
        if let Some(outcome) = row.outcome {
            let _ = write!(text, " {:>8} {:>8} {:>8}", outcome.tp, outcome.fp, outcome.fn_);
        }
        text.push('\n');
    }
    text
}
