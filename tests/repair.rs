//! What is one name, what are two, what is none: texts of every kind of rule through the whole pipeline with the shipped model.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use namesake::annotation::AnnotatedDocument;
use namesake::document::Document;
use namesake::pipeline::{Pipeline, PipelineOptions};
use namesake::repair::{Change, Guideline, Rule};
use std::sync::LazyLock;

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| PipelineOptions::default().build().unwrap());

fn annotate(text: &str) -> (AnnotatedDocument, Vec<Change>) {
    PIPELINE.annotate_with_changes(Document::new("d", text)).unwrap()
}

/// The names in the text are exactly these.
#[track_caller]
fn finds(text: &str, names: &[&str]) {
    let (annotated, changes) = annotate(text);
    let found: Vec<&str> = annotated.mentions.iter().map(|mention| mention.span.of(text)).collect();
    assert_eq!(found, names, "{changes:?}");
}

#[test]
fn mail_headers_hold_people() {
    let text = "From: Holt, Petra J <HoltPJ@moss.example>\nTo: Keller, Bernarda M; Ashworth, Alison\n\nPetra Holt will call Alison Ashworth.";
    let names = ["Holt, Petra J", "Keller, Bernarda M", "Ashworth, Alison", "Petra Holt", "Alison Ashworth"];
    finds(text, &names);
}

#[test]
fn firms_are_whole() {
    let text =
        "This contract is made between Garland & Pike LLC and Norvik Shipping, Inc., of Delaware. Garland & Pike pays.";
    finds(text, &["Garland & Pike LLC", "Norvik Shipping, Inc.", "Delaware", "Garland & Pike"]);
}

#[test]
fn degrees_addresses_and_party_tags_are_no_names() {
    finds("\"Eat less,\" says Petra Holt, M.S., R.D., of Leeds.", &["Petra Holt", "Leeds"]);
    finds("Write to Petra Holt at petra.holt@moss.example.", &["Petra Holt"]);
    finds("Sen. Petra Holt (R-NC) voted for H.R. 1319.", &["Petra Holt"]);
}

#[test]
fn places_and_ports_are_apart() {
    finds(
        "Sailed from Hull: Plymouth—Kingston, a ship of oak. She left Plymouth late.",
        &["Hull", "Plymouth", "Kingston", "Plymouth"],
    );
}

#[test]
fn conll_leaves_the_tagger_as_it_is() {
    for rule in Rule::ALL {
        assert!(rule.holds(Guideline::Namesake));
    }
    assert!(!Rule::Compound.holds(Guideline::Conll) && Rule::Firm.holds(Guideline::Conll));
    let names: std::collections::BTreeSet<&str> = Rule::ALL.iter().map(|rule| rule.name()).collect();
    assert_eq!(names.len(), Rule::ALL.len());
}

#[test]
fn changes_are_counted_and_told() {
    let text = "Sen. Ivan Moss (R-NC) and Rep. Petra Holt, Ph.D., met in Leeds.";
    let (annotated, changes) = annotate(text);
    assert!(changes.iter().all(|change| !change.before.is_empty()));
    let counted: usize = PIPELINE.repairs().values().sum();
    assert!(counted >= changes.len());
    assert!(annotated.mentions.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start));
}
