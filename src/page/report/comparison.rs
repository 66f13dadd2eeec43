//! How two systems differ, score by score and document by document.

use super::plot::DifferenceBar;
use super::scores::{spoken, title};
use super::shown::{Shown, percent, points};
use super::system::System;
use crate::eval::ranking::{DocumentScore, differing};
use crate::eval::significance::{Comparison, Interval};

/// Most scores of one section.
const SCORES: usize = 60;
/// Most documents.
const DOCUMENTS: usize = 50;
/// Below this, a difference is called significant.
const LEVEL: f64 = 0.05;

/// Everything that tells two systems apart.
#[derive(Debug)]
pub(super) struct Differences<'a> {
    pub(super) sections: Vec<Section<'a>>,
    pub(super) documents: Vec<DocumentDifference<'a>>,
    pub(super) left_out: usize,
}

/// Differences of one section of the scores.
#[derive(Debug)]
pub(super) struct Section<'a> {
    pub(super) title: String,
    pub(super) open: bool,
    pub(super) lines: Vec<DifferenceLine<'a>>,
    pub(super) left_out: usize,
}

/// The difference of one score.
#[derive(Debug)]
pub(super) struct DifferenceLine<'a> {
    pub(super) name: Shown<'a>,
    pub(super) f1: [String; 2],
    pub(super) difference: String,
    pub(super) interval: Option<String>,
    pub(super) p: Option<String>,
    pub(super) significant: bool,
    pub(super) bar: DifferenceBar,
}

/// The difference in one document.
#[derive(Debug)]
pub(super) struct DocumentDifference<'a> {
    pub(super) id: Shown<'a>,
    pub(super) f1: [String; 2],
    pub(super) errors: [String; 2],
    pub(super) difference: String,
    pub(super) bar: DifferenceBar,
}

impl<'a> Differences<'a> {
    pub(super) fn new(systems: [&System<'a>; 2], comparisons: &'a [Comparison], tested: bool) -> Self {
        let [first, second] = systems;
        let documents = differing(first.evaluation, second.evaluation);
        let left_out = documents.len().saturating_sub(DOCUMENTS);
        let ids = &first.aligned.gold;
        let document = |(difference, scores): (f64, [DocumentScore; 2])| DocumentDifference {
            id: Shown::name(ids.get(scores[0].index).map_or("", |gold| gold.id())),
            f1: scores.map(|score| percent(score.f1())),
            errors: scores.map(|score| super::shown::count(score.errors())),
            difference: points(difference),
            bar: DifferenceBar::new(difference, None, 1.0),
        };
        Self {
            sections: sections(comparisons, tested),
            documents: documents.into_iter().take(DOCUMENTS).map(document).collect(),
            left_out,
        }
    }
}

fn sections(comparisons: &[Comparison], tested: bool) -> Vec<Section<'_>> {
    let mut sections: Vec<(&[String], Vec<&Comparison>)> = Vec::new();
    for comparison in comparisons {
        let Some((_, keys)) = comparison.path.split_last() else { continue };
        match sections.iter_mut().find(|section| section.0 == keys) {
            Some(section) => section.1.push(comparison),
            None => sections.push((keys, vec![comparison])),
        }
    }
    sections.iter().map(|(keys, comparisons)| section(keys, comparisons, tested)).collect()
}

fn section<'a>(keys: &[String], comparisons: &[&'a Comparison], tested: bool) -> Section<'a> {
    let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
    let typed = matches!(keys.as_slice(), ["spans" | "labels", _]);
    let shown = || comparisons.iter().take(SCORES);
    let widest = shown().flat_map(|one| {
        let Interval(low, high) = if tested { one.interval } else { Interval::default() };
        [low, high, one.f1[1] - one.f1[0]]
    });
    let widest = widest.fold(0.0, |widest: f64, end| widest.max(end.abs()));
    let line = |(index, one): (usize, &&'a Comparison)| {
        let name = one.path.last().map_or("", String::as_str);
        let difference = one.f1[1] - one.f1[0];
        let Interval(low, high) = one.interval;
        DifferenceLine {
            name: Shown::name(if typed && index > 2 { name } else { spoken(name) }),
            f1: one.f1.map(percent),
            difference: points(difference),
            interval: tested.then(|| format!("{} to {}", points(low), points(high))),
            p: tested.then(|| if one.p < 0.0001 { "< 0.0001".to_owned() } else { format!("{:.4}", one.p) }),
            significant: tested && one.p < LEVEL,
            bar: DifferenceBar::new(difference, tested.then_some(one.interval), widest),
        }
    };
    Section {
        title: title(&keys),
        open: matches!(keys.as_slice(), ["spans", "strict"] | ["clusters", "end_to_end", _] | ["links"]),
        lines: shown().enumerate().map(line).collect(),
        left_out: comparisons.len().saturating_sub(SCORES),
    }
}
