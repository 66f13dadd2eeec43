//! The whole measurement: gold and one or two systems come in; scores, intervals, errors and comparisons go out.

use super::align::{AlignError, Aligned};
use super::breakdown::{Breakdown, Seen};
use super::corpus::{Corpus, one_sided};
use super::entities::{NilRule, Twinless};
use super::evaluate::{EvalOptions, Evaluation, types_of};
use super::result::{SCHEMA, breakdown_json, brief, comparison_json, comparison_table, scores_json, table};
use super::select::{SelectOptions, Selection};
use super::significance::{Comparison, Intervals, Resampling, compare, intervals};
use super::slice::{Slice, Slices};
use super::{ranking, units};
use crate::annotation::AnnotatedDocument;
use crate::visible::Visible;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use thiserror::Error;

/// How to judge; the default judges every mention with 1,000 draws for the intervals.
#[derive(Debug, Clone)]
pub struct JudgeOptions {
    select: SelectOptions,
    nil: NilRule,
    twinless: Twinless,
    fields: Vec<String>,
    resampling: Resampling,
    seen: Option<Seen>,
}

impl Default for JudgeOptions {
    fn default() -> Self {
        Self {
            select: SelectOptions::default(),
            nil: NilRule::default(),
            twinless: Twinless::default(),
            fields: Vec::new(),
            resampling: Resampling { resamples: 1000, seed: 1 },
            seen: None,
        }
    }
}

impl JudgeOptions {
    /// Which mentions count.
    #[must_use]
    pub fn with_selection(mut self, select: SelectOptions) -> Self {
        self.select = select;
        self
    }

    /// What gold mentions without entity mean.
    #[must_use]
    pub const fn with_nil(mut self, nil: NilRule) -> Self {
        self.nil = nil;
        self
    }

    /// What mentions of one side do to the other.
    #[must_use]
    pub const fn with_twinless(mut self, twinless: Twinless) -> Self {
        self.twinless = twinless;
        self
    }

    /// Scores for each value of these fields of the metadata.
    #[must_use]
    pub fn with_fields(mut self, fields: impl IntoIterator<Item = String>) -> Self {
        self.fields = fields.into_iter().collect();
        self
    }

    /// Draws for intervals and tests; none of them leaves both out.
    #[must_use]
    pub const fn with_resampling(mut self, resampling: Resampling) -> Self {
        self.resampling = resampling;
        self
    }

    /// Tells names that these training data have apart from those that they lack.
    #[must_use]
    pub fn with_training(mut self, seen: impl Into<Option<Seen>>) -> Self {
        self.seen = seen.into();
        self
    }

    /// The choices behind the scores, by name.
    fn conventions(&self) -> Vec<(&'static str, String)> {
        let mut list = vec![
            ("nil", self.nil.name().to_owned()),
            ("twinless", self.twinless.name().to_owned()),
            ("coref", if self.select.include_coref { "required" } else { "ignored" }.to_owned()),
            ("resamples", self.resampling.resamples.to_string()),
            ("seed", self.resampling.seed.to_string()),
        ];
        list.extend(self.select.types.as_ref().map(|types| ("types", types.join(","))));
        list
    }
}

/// Why nothing can be judged.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum JudgeError {
    /// The gold is empty.
    #[error("{gold} holds no document")]
    Empty {
        /// What the gold is called.
        gold: String,
    },
    /// A field that no document has is a slip, not a slice.
    #[error("--by {field}: no document of the gold has this field; there is {known}")]
    UnknownField {
        /// The field.
        field: String,
        /// The fields that there are.
        known: String,
    },
    /// Gold and system do not annotate the same texts.
    #[error("{system}: {source}")]
    Align {
        /// What the system is called.
        system: String,
        /// Where they differ.
        source: AlignError,
    },
}

/// One system with everything that was found out about it.
#[derive(Debug)]
pub struct Judged {
    /// What it is called.
    pub name: String,
    /// Its documents beside those of the gold.
    pub aligned: Aligned,
    /// Its scores.
    pub evaluation: Evaluation,
    /// Intervals of the scores, in their order.
    pub intervals: Option<Vec<Intervals>>,
    /// Errors by kind, type and name.
    pub breakdown: Breakdown,
    /// Scores by fields of the metadata.
    pub slices: Vec<Slices>,
    /// The only document by its sentences, where the intervals are drawn over those.
    sentences: Option<Evaluation>,
}

/// Everything that was found out.
#[derive(Debug)]
pub struct Judgement {
    /// What the gold is called.
    pub gold: String,
    /// The systems, in the order in which they were given.
    pub systems: Vec<Judged>,
    /// How the second system differs from the first, if there are two.
    pub comparisons: Vec<Comparison>,
    /// The choices behind the scores, by name.
    pub conventions: Vec<(&'static str, String)>,
}

/// Judges `systems`, each with what it is called, by `gold`; two of them are compared.
///
/// # Errors
/// If the gold is empty, the sides do not annotate the same texts, or a field is unknown.
pub fn judge(
    gold: Corpus,
    gold_name: &str,
    systems: Vec<(String, Corpus)>,
    options: &JudgeOptions,
) -> Result<Judgement, JudgeError> {
    if gold.documents.is_empty() {
        return Err(JudgeError::Empty { gold: gold_name.to_owned() });
    }
    check_fields(&gold, &options.fields)?;
    let aligned = align(gold, systems)?;
    let types = types_of(aligned.iter().map(|(_, aligned)| aligned));
    let evaluate = |aligned: &Aligned| {
        let scoring = EvalOptions::default().with_selection(options.select.clone());
        let scoring = scoring.with_nil(options.nil).with_twinless(options.twinless);
        Evaluation::of(aligned, &scoring, types.clone())
    };
    let systems: Vec<Judged> =
        aligned.into_iter().map(|(name, aligned)| judge_one(name, aligned, evaluate, options)).collect();
    let comparisons = match systems.as_slice() {
        [one, other] => compare_two(one, other, options.resampling),
        _ => Vec::new(),
    };
    Ok(Judgement { gold: gold_name.to_owned(), systems, comparisons, conventions: options.conventions() })
}

fn judge_one(
    name: String,
    mut aligned: Aligned,
    evaluate: impl Fn(&Aligned) -> Evaluation,
    options: &JudgeOptions,
) -> Judged {
    let evaluation = evaluate(&aligned);
    aligned.notes.extend(evaluation.conventions(options.select.types.as_deref().unwrap_or_default()));
    let sentences = units::sentences(&aligned).map(|sentences| evaluate(&sentences));
    let sentences = sentences.filter(|sentences| sentences.layout == evaluation.layout);
    let drawn = if options.resampling.resamples == 0 {
        None
    } else if let Some(sentences) = &sentences {
        let count = sentences.rows.len();
        aligned.notes.push(format!("there is one document: the intervals are drawn over its {count} sentences"));
        Some(intervals(sentences, options.resampling))
    } else if aligned.gold.len() < 2 {
        aligned.notes.push("intervals need two documents or two sentences: there are none".to_owned());
        None
    } else {
        Some(intervals(&evaluation, options.resampling))
    };
    let breakdown = Breakdown::of(&aligned, &evaluation, options.seen.as_ref());
    let slices = options.fields.iter().map(|field| Slices::of(field, &aligned, &evaluation)).collect();
    Judged { name, aligned, evaluation, intervals: drawn, breakdown, slices, sentences }
}

fn compare_two(one: &Judged, other: &Judged, resampling: Resampling) -> Vec<Comparison> {
    match (&one.sentences, &other.sentences) {
        _ if resampling.resamples == 0 => Vec::new(),
        (Some(one), Some(other)) => compare(one, other, resampling),
        _ if one.intervals.is_some() => compare(&one.evaluation, &other.evaluation, resampling),
        _ => Vec::new(),
    }
}

fn check_fields(gold: &Corpus, wanted: &[String]) -> Result<(), JudgeError> {
    let fields: BTreeSet<&String> =
        gold.documents.iter().flat_map(|document| document.document.metadata.keys()).collect();
    let Some(field) = wanted.iter().find(|field| !fields.contains(field)) else { return Ok(()) };
    let known: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
    let known = if known.is_empty() { "no metadata at all".to_owned() } else { known.join(", ") };
    Err(JudgeError::UnknownField { field: field.clone(), known })
}

/// Aligns every system with its own copy of the gold, for alignment converts the gold's spans where only the system has
/// the text.
fn align(gold: Corpus, systems: Vec<(String, Corpus)>) -> Result<Vec<(String, Aligned)>, JudgeError> {
    let mut aligned = Vec::new();
    let mut gold = Some(gold);
    let count = systems.len();
    for (index, (name, system)) in systems.into_iter().enumerate() {
        let copy = if index + 1 < count { gold.clone() } else { gold.take() };
        let copy = copy.unwrap_or_default();
        let advice = one_sided(&copy, &system);
        match Aligned::new(copy, system) {
            Ok(mut one) => {
                one.notes.extend(advice);
                aligned.push((name, one));
            }
            Err(source) => return Err(JudgeError::Align { system: name, source }),
        }
    }
    Ok(aligned)
}

impl Judgement {
    /// What the reader of the scores should know, system by system.
    pub fn notes(&self) -> impl Iterator<Item = &str> {
        self.systems.iter().flat_map(|judged| judged.aligned.notes.iter().map(String::as_str))
    }

    /// The scores as tables for a terminal.
    #[must_use]
    pub fn tables(&self) -> String {
        let mut text = String::new();
        for judged in &self.systems {
            if self.systems.len() > 1 {
                text += &format!("== {}\n\n", Visible::one_line(&judged.name));
            }
            text += &table(judged.evaluation.all_scores(), judged.intervals.as_deref());
            for slices in &judged.slices {
                for slice in &slices.slices {
                    let scores = table(&brief(&slice.scores), None);
                    let [field, value] = [&slices.field, &slice.value].map(|text| Visible::one_line(text));
                    text += &format!("\n== {field}: {value}\n\n{scores}");
                }
            }
            text.push('\n');
        }
        text + &comparison_table(&self.comparisons)
    }

    /// Everything as JSON with fixed keys.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut tree = Map::new();
        tree.insert("schema".to_owned(), SCHEMA.into());
        tree.insert("gold".to_owned(), self.gold.as_str().into());
        let conventions = self.conventions.iter().map(|(name, value)| ((*name).to_owned(), json!(value)));
        tree.insert("conventions".to_owned(), Value::Object(conventions.collect()));
        let mut systems = self.systems.iter().map(Judged::to_json);
        tree.extend(systems.next().unwrap_or_default());
        if let Some(second) = systems.next() {
            tree.insert("second".to_owned(), Value::Object(second));
            tree.insert("comparison".to_owned(), comparison_json(&self.comparisons));
            tree.insert("documents_that_differ".to_owned(), self.differing());
        }
        Value::Object(tree)
    }

    /// The documents on which the two systems differ most in strict F1.
    fn differing(&self) -> Value {
        let [one, other] = self.systems.as_slice() else { return Value::Null };
        let tell = |(difference, scores): &(f64, [ranking::DocumentScore; 2])| {
            let id = one.aligned.gold.get(scores[0].index).map(AnnotatedDocument::id);
            json!({ "id": id, "f1": scores.map(|score| score.f1()), "difference": difference })
        };
        ranking::differing(&one.evaluation, &other.evaluation).iter().take(20).map(tell).collect()
    }
}

impl Judged {
    fn to_json(&self) -> Map<String, Value> {
        let mut tree = scores_json(self.evaluation.all_scores(), self.intervals.as_deref());
        tree.insert("system".to_owned(), self.name.clone().into());
        tree.insert("documents".to_owned(), self.aligned.gold.len().into());
        let count = |count: &dyn Fn(&Selection) -> usize| -> Value {
            self.evaluation.selections.iter().map(count).sum::<usize>().into()
        };
        let mentions = json!({
            "gold": count(&|selection| selection.gold.len()), "system": count(&|selection| selection.system.len()),
            "ignored": count(&|selection| selection.ignored),
            "gold_duplicates": count(&|selection| selection.gold_duplicates),
            "system_duplicates": count(&|selection| selection.system_duplicates),
        });
        tree.insert("mentions".to_owned(), mentions);
        tree.insert("notes".to_owned(), json!(self.aligned.notes));
        tree.extend(breakdown_json(&self.breakdown));
        if !self.slices.is_empty() {
            let slices = self.slices.iter().map(|slices| {
                let scores = |slice: &Slice| (slice.value.clone(), Value::Object(scores_json(&slice.scores, None)));
                (slices.field.clone(), Value::Object(slices.slices.iter().map(scores).collect()))
            });
            tree.insert("by".to_owned(), Value::Object(slices.collect()));
        }
        tree
    }
}
