//! Scores by what a name is like: its length, how often it stands in the gold, whether it was in the training data; and
//! by the metadata of documents.

use super::plot::Bar;
use super::scores::{Line, line};
use super::shown::{Shown, percent};
use crate::eval::breakdown::Breakdown;
use crate::eval::layout::Row;
use crate::eval::score::SpanCounts;
use crate::eval::slice::{Slice, Slices};
use crate::number::grouped;

/// Most values of a field.
const VALUES: usize = 60;

/// A property of names and its values.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) title: &'static str,
    pub(super) about: &'static str,
    pub(super) lines: Vec<GroupLine>,
}

/// Names with one value.
#[derive(Debug)]
pub(super) struct GroupLine {
    pub(super) value: String,
    /// Mentions of the gold and of the system.
    pub(super) mentions: [String; 2],
    /// Precision, recall, F1; a dash where there is nothing to divide by.
    pub(super) score: [String; 3],
    pub(super) bar: Option<Bar>,
}

pub(super) fn groups(breakdown: &Breakdown) -> Vec<Group> {
    let group = |(&property, values): (&&'static str, &std::collections::BTreeMap<String, SpanCounts>)| {
        let (title, about) = match property {
            "words" => ("Length of the name, in words", "Long names have more borders to miss."),
            "times in the gold" => (
                "How often the name stands in the gold",
                "Rare names are harder. What stands there 0 times only the system takes for a name.",
            ),
            "in the training data" => (
                "Seen in the training data or not",
                "A name is seen if the training data has it as a name, whatever its type and case.",
            ),
            other => (other, ""),
        };
        Group { title, about, lines: values.iter().map(|(value, counts)| group_line(value, counts)).collect() }
    };
    breakdown.groups.iter().map(group).collect()
}

fn group_line(value: &str, counts: &SpanCounts) -> GroupLine {
    let (gold, system) = (counts.correct + counts.missed, counts.correct + counts.spurious);
    let whole = |count: u64| grouped(usize::try_from(count).unwrap_or(usize::MAX));
    let share = |of: u64, share: f64| if of == 0 { "–".to_owned() } else { percent(share) };
    let judged = gold > 0 && system > 0;
    GroupLine {
        value: value.to_owned(),
        mentions: [whole(gold), whole(system)],
        score: [
            share(system, counts.prf().precision),
            share(gold, counts.prf().recall),
            if judged { percent(counts.prf().f1) } else { "–".to_owned() },
        ],
        bar: (gold > 0).then(|| Bar::new("F1", counts.prf().f1, None)),
    }
}

/// A field of the documents' metadata.
#[derive(Debug)]
pub(super) struct Field<'a> {
    pub(super) name: Shown<'a>,
    pub(super) clusters: bool,
    pub(super) links: bool,
    pub(super) lines: Vec<FieldLine<'a>>,
    pub(super) left_out: usize,
}

/// The documents with one value.
#[derive(Debug)]
pub(super) struct FieldLine<'a> {
    pub(super) value: Shown<'a>,
    pub(super) documents: String,
    pub(super) line: Line<'a>,
    pub(super) conll: Option<String>,
    pub(super) links: Option<String>,
}

pub(super) fn fields(slices: &[Slices]) -> Vec<Field<'_>> {
    slices.iter().map(field).collect()
}

fn field(slices: &Slices) -> Field<'_> {
    let mut order: Vec<usize> = (0..slices.slices.len()).collect();
    let documents = |index: usize| slices.slices.get(index).map_or(0, |slice| slice.documents);
    // The values with the most documents, and they in the order of the alphabet.
    order.sort_by_key(|&index| (std::cmp::Reverse(documents(index)), index));
    order.truncate(VALUES);
    order.sort_unstable();
    let lines: Vec<FieldLine<'_>> =
        order.into_iter().filter_map(|index| slices.slices.get(index)).map(field_line).collect();
    Field {
        name: Shown::name(&slices.field),
        clusters: lines.iter().any(|line| line.conll.is_some()),
        links: lines.iter().any(|line| line.links.is_some()),
        left_out: slices.slices.len() - lines.len(),
        lines,
    }
}

fn field_line(slice: &Slice) -> FieldLine<'_> {
    let row = |path: &[&str]| slice.scores.iter().find(|row| row.path == path);
    let f1 = |row: &Row| percent(row.score.f1);
    FieldLine {
        value: Shown::name(&slice.value),
        documents: grouped(slice.documents),
        line: line(row(&["spans", "strict", "micro"]).map(|row| row.score).unwrap_or_default(), None, None),
        conll: row(&["clusters", "end_to_end", "in_document", "conll"]).map(f1),
        links: row(&["links", "micro"]).map(f1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_to_divide_by_is_a_dash() {
        let line = group_line("0", &SpanCounts { correct: 0, spurious: 4, missed: 0 });
        assert_eq!(line.score, ["0.00", "–", "–"]);
        assert!(line.bar.is_none());
        let line = group_line("1", &SpanCounts { correct: 1, spurious: 0, missed: 1 });
        assert_eq!(line.score, ["100.00", "50.00", "66.67"]);
    }

    #[test]
    fn the_values_with_the_most_documents_stay() {
        let slice = |number: usize| Slice { value: format!("{number:03}"), documents: number, scores: Vec::new() };
        let slices = Slices { field: "year".to_owned(), slices: (0..100).map(slice).collect() };
        let field = field(&slices);
        assert_eq!((field.lines.len(), field.left_out), (VALUES, 40));
        assert_eq!(field.lines[0].value.to_string(), "040");
    }
}
