//! The scores as tables, a bar with its interval beside each.

use super::plot::Bar;
use super::shown::{Shown, count, percent};
use crate::eval::layout::Row;
use crate::eval::score::Prf;
use crate::eval::significance::{Interval, Intervals};

/// Most types in a table.
const TYPES: usize = 60;
/// Rows before those of the types: micro, macro and weighted mean.
const MEANS: usize = 3;

/// A share with its interval.
#[derive(Debug, Clone)]
pub(super) struct Cell {
    pub(super) value: String,
    pub(super) interval: Option<String>,
}

/// Scores of one section.
#[derive(Debug)]
pub(super) struct Table<'a> {
    pub(super) title: String,
    pub(super) about: &'static str,
    /// Whether it is shown without being asked for.
    pub(super) open: bool,
    /// Whether there are counts of right, spurious and missed.
    pub(super) counts: bool,
    pub(super) rows: Vec<Line<'a>>,
    /// Types that did not fit.
    pub(super) left_out: usize,
}

/// A row of a table of scores.
#[derive(Debug)]
pub(super) struct Line<'a> {
    pub(super) name: Shown<'a>,
    /// Whether it is a mean, not a type.
    pub(super) mean: bool,
    /// Precision, recall, F1.
    pub(super) cells: [Cell; 3],
    pub(super) bar: Bar,
    pub(super) counts: Option<[String; 3]>,
}

/// A score that says most.
#[derive(Debug)]
pub(super) struct Tile {
    pub(super) name: &'static str,
    pub(super) cell: Cell,
    pub(super) about: &'static str,
    pub(super) bar: Bar,
}

/// The scores to look at first.
pub(super) fn tiles(scores: &[Row], intervals: Option<&[Intervals]>) -> Vec<Tile> {
    const FIRST: [(&[&str], &str, &str); 6] = [
        (&["spans", "strict", "micro"], "Names, strict F1", "borders and type right, all types together"),
        (&["labels", "strict", "micro"], "Labels, strict F1", "as the files label tokens, all types together"),
        (&["tokens", "accuracy"], "Token accuracy", "tokens with the right label"),
        (&["clusters", "end_to_end", "in_document", "conll"], "Aliases, CoNLL", "in each document, end to end"),
        (&["clusters", "end_to_end", "corpus", "alias_pairs"], "Alias pairs F1", "over the whole corpus, end to end"),
        (&["links", "micro"], "Links, micro F1", "the right entry of the knowledge base"),
    ];
    let tile = |&(path, name, about): &(&[&str], &'static str, &'static str)| {
        let index = scores.iter().position(|row| row.path == path)?;
        let interval = intervals.and_then(|intervals| intervals.get(index)).map(|parts| parts[2]);
        let f1 = scores.get(index)?.score.f1;
        Some(Tile { name, about, cell: cell(f1, interval), bar: Bar::new(name, f1, interval) })
    };
    FIRST.iter().filter_map(tile).collect()
}

/// A table for each section of the scores.
pub(super) fn tables<'a>(scores: &'a [Row], intervals: Option<&[Intervals]>) -> Vec<Table<'a>> {
    let mut tables = Vec::new();
    let mut done = 0;
    for rows in scores.chunk_by(|one, other| section(one) == section(other)) {
        let intervals = intervals.and_then(|intervals| intervals.get(done..done + rows.len()));
        done += rows.len();
        let keys: Vec<&str> = rows.first().map(section).unwrap_or_default().iter().map(String::as_str).collect();
        if keys != ["tokens"] {
            tables.push(table(&keys, rows, intervals));
        }
    }
    tables
}

/// Keys of the section that a score belongs to.
fn section(row: &Row) -> &[String] {
    row.path.split_last().map_or(&[], |(_, section)| section)
}

fn table<'a>(keys: &[&str], rows: &'a [Row], intervals: Option<&[Intervals]>) -> Table<'a> {
    let typed = matches!(keys, ["spans" | "labels", _]);
    let kept = kept(rows, typed);
    let lines = rows.iter().enumerate().filter(|(index, _)| kept[*index]).map(|(index, row)| {
        let name = row.path.last().map_or("", String::as_str);
        Line {
            name: Shown::name(match keys {
                _ if typed && index >= MEANS => name,
                ["links"] if name == "macro" => "mean of documents (macro)",
                _ => spoken(name),
            }),
            mean: typed && index < MEANS,
            ..line(
                row.score,
                intervals.and_then(|intervals| intervals.get(index)),
                row.outcome.map(|outcome| [outcome.tp, outcome.fp, outcome.fn_].map(count)),
            )
        }
    });
    Table {
        title: title(keys),
        about: about(keys),
        open: matches!(keys, ["spans", "strict"] | ["clusters", "end_to_end", _] | ["links"]),
        counts: rows.iter().any(|row| row.outcome.is_some()),
        rows: lines.collect(),
        left_out: kept.iter().filter(|kept| !**kept).count(),
    }
}

/// A row without its name.
pub(super) fn line<'a>(score: Prf, intervals: Option<&Intervals>, counts: Option<[String; 3]>) -> Line<'a> {
    let parts = score.parts();
    let cells = [0, 1, 2].map(|part| cell(parts[part], intervals.map(|intervals| intervals[part])));
    let bar = Bar::new("F1", score.f1, intervals.map(|intervals| intervals[2]));
    Line { name: Shown::name(""), mean: false, cells, bar, counts }
}

fn cell(share: f64, interval: Option<Interval>) -> Cell {
    let interval = interval.map(|Interval(low, high)| format!("{} – {}", percent(low), percent(high)));
    Cell { value: percent(share), interval }
}

/// Which rows fit: the means and the most frequent types.
fn kept(rows: &[Row], typed: bool) -> Vec<bool> {
    if !typed || rows.len() <= MEANS + TYPES {
        return vec![true; rows.len()];
    }
    let mentions = |row: &Row| row.outcome.map_or(0.0, |outcome| outcome.tp + outcome.fn_ + outcome.fp);
    let mut order: Vec<usize> = (MEANS..rows.len()).collect();
    order.sort_by(|&one, &other| mentions(&rows[other]).total_cmp(&mentions(&rows[one])).then(one.cmp(&other)));
    let mut kept = vec![false; rows.len()];
    for index in (0..MEANS).chain(order.into_iter().take(TYPES)) {
        kept[index] = true;
    }
    kept
}

/// Heading of the section with these keys.
pub(super) fn title(keys: &[&str]) -> String {
    let words: Vec<&str> = keys.iter().map(|key| spoken(key)).collect();
    match words.split_first() {
        Some((first, rest)) if !rest.is_empty() => format!("{first}: {}", rest.join(", ")),
        _ => words.concat(),
    }
}

/// A key of the scores in words; names of types stay as they are.
pub(super) fn spoken(key: &str) -> &str {
    match key {
        "spans" => "Names",
        "tokens" => "Tokens",
        "labels" => "Labels",
        "clusters" => "Aliases",
        "links" => "Links",
        "micro" => "all (micro)",
        "macro" => "mean of types (macro)",
        "weighted" => "weighted mean",
        "gold_mentions" => "on shared mentions",
        "end_to_end" => "end to end",
        "in_document" => "in each document",
        "corpus" => "over the corpus",
        "muc" => "MUC",
        "b_cubed" => "B-cubed",
        "ceaf_m" => "CEAF-m",
        "ceaf_e" => "CEAF-e",
        "blanc" => "BLANC",
        "lea" => "LEA",
        "conll" => "CoNLL average",
        "alias_pairs" => "alias pairs",
        "typed_mention_ceaf" => "typed mention CEAF",
        other => other,
    }
}

fn about(keys: &[&str]) -> &'static str {
    match keys {
        ["spans" | "labels", "strict"] => "Right if the borders and the type are right.",
        ["spans", "exact"] => "Right if the borders are right, whatever the type.",
        ["spans", "partial"] => "Right borders count 1, an overlap one half, whatever the type.",
        ["spans", "type"] => "Right if the type is right and the mentions overlap.",
        ["clusters", "gold_mentions", _] => "On the mentions that both sides have.",
        ["clusters", "end_to_end", _] => "On all mentions of both sides.",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::scheme::Outcome;

    fn row(path: &[&str], tp: f64) -> Row {
        let outcome = Outcome { tp, fp: 1.0, fn_: 0.0 };
        Row { path: path.iter().map(|&key| key.to_owned()).collect(), score: outcome.prf(), outcome: Some(outcome) }
    }

    #[test]
    fn a_table_keeps_the_most_frequent_types() {
        let mut rows: Vec<Row> = ["micro", "macro", "weighted"].map(|name| row(&["spans", "strict", name], 1.0)).into();
        let names: Vec<String> = (0..100).map(|number| format!("T{number}")).collect();
        rows.extend(names.iter().zip(0..).map(|(name, number)| row(&["spans", "strict", name], f64::from(number))));
        rows.push(row(&["links", "micro"], 3.0));
        let tables = tables(&rows, None);
        assert_eq!(tables.len(), 2);
        assert_eq!((tables[0].rows.len(), tables[0].left_out), (MEANS + TYPES, 100 - TYPES));
        assert_eq!(tables[0].rows[MEANS].name.to_string(), "T40");
        assert_eq!((tables[0].title.as_str(), tables[1].title.as_str()), ("Names: strict", "Links"));
    }

    #[test]
    fn a_type_may_bear_the_name_of_a_key() {
        let rows: Vec<Row> =
            ["micro", "macro", "weighted", "muc"].map(|name| row(&["spans", "strict", name], 1.0)).into();
        assert_eq!(tables(&rows, None)[0].rows[3].name.to_string(), "muc");
    }
}
