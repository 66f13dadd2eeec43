//! Scores of the documents that share a value of their metadata.

use super::align::Aligned;
use super::evaluate::Evaluation;
use super::layout::Row;
use serde_json::Value;
use std::collections::BTreeMap;

/// Stands for documents that lack the field.
pub const NO_VALUE: &str = "(none)";

/// The documents with one value of a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Slice {
    /// The value; of anything but a string, its JSON.
    pub value: String,
    /// How many documents have it.
    pub documents: usize,
    /// Their scores.
    pub scores: Vec<Row>,
}

/// A field of the metadata and its values, sorted.
#[derive(Debug, Clone, PartialEq)]
pub struct Slices {
    /// Name of the field.
    pub field: String,
    /// A slice for every value.
    pub slices: Vec<Slice>,
}

impl Slices {
    /// Scores the documents of each value that `field` has.
    #[must_use]
    pub fn of(field: &str, aligned: &Aligned, evaluation: &Evaluation) -> Self {
        let mut values: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (index, document) in aligned.gold.iter().enumerate() {
            let value = match document.document.metadata.get(field) {
                Some(Value::String(value)) => value.clone(),
                Some(other) => other.to_string(),
                None => NO_VALUE.to_owned(),
            };
            values.entry(value).or_default().push(index);
        }
        let slice = |(value, documents): (String, Vec<usize>)| Slice {
            value,
            documents: documents.len(),
            scores: scores(evaluation, &documents),
        };
        Self { field: field.to_owned(), slices: values.into_iter().map(slice).collect() }
    }
}

/// The scores of these documents, sorted by place, without a look at all the others for each value.
fn scores(evaluation: &Evaluation, documents: &[usize]) -> Vec<Row> {
    let mut total = vec![0.0; evaluation.layout.width()];
    for row in documents.iter().filter_map(|&index| evaluation.rows.get(index)) {
        for (sum, number) in total.iter_mut().zip(row) {
            *sum += number;
        }
    }
    let mut rows = evaluation.layout.scores(&total);
    rows.extend(evaluation.corpus_scores(|index| documents.binary_search(&index).is_ok()));
    rows
}
