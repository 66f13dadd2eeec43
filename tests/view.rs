//! Texts with remains of markup: the shipped model reads what a reader sees, offsets are those of the text as given.

#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use namesake::annotation::AnnotatedDocument;
use namesake::document::{Document, Span};
use namesake::entity_type::EntityType;
use namesake::mention::Mention;
use namesake::pipeline::PipelineOptions;
use namesake::resolve::Resolver;

fn annotate(text: &str) -> AnnotatedDocument {
    let pipeline = PipelineOptions::default().with_threads(1).build().unwrap();
    pipeline.annotate(Document::new("d", text)).unwrap()
}

/// Each entity's name, and its mentions as they stand in the text.
fn entities(annotated: &AnnotatedDocument) -> Vec<(&str, Vec<&str>)> {
    let surface = |&mention: &usize| annotated.mentions[mention].span.of(annotated.text());
    annotated
        .entities
        .iter()
        .map(|entity| (entity.name.as_str(), entity.mentions.iter().map(surface).collect()))
        .collect()
}

#[test]
fn words_parted_at_line_ends_are_one_name() {
    let annotated = annotate("Mr. Fother-\ngill spoke in Man-\nchester. Fothergill left Manchester at night.");
    let expected =
        [("Fothergill", vec!["Fother-\ngill", "Fothergill"]), ("Manchester", vec!["Man-\nchester", "Manchester"])];
    assert_eq!(entities(&annotated), expected);
    assert_eq!(annotated.entities[1].aliases.len(), 1);
}

#[test]
fn marks_are_no_part_of_names() {
    let annotated = annotate("**Petra Holt** met _Ivan Moss_ in <b>Ge\u{ad}neva</b>. Petra\u{a0}Holt likes Geneva.");
    let expected = [
        ("Petra Holt", vec!["Petra Holt", "Petra\u{a0}Holt"]),
        ("Ivan Moss", vec!["Ivan Moss"]),
        ("Geneva", vec!["Ge\u{ad}neva", "Geneva"]),
    ];
    assert_eq!(entities(&annotated), expected);
}

#[test]
fn names_of_given_mentions_are_as_seen() {
    let text = "Hart\u{ad}mann\\_ of Moss &amp; Holt";
    let mention = |start, end, entity_type| Mention { span: Span::new(start, end), entity_type, score: 0.9 };
    let at = text.find("Moss").unwrap();
    let mut mentions = vec![mention(0, 12, EntityType::Per), mention(at, text.len(), EntityType::Org)];
    let before = mentions.clone();
    let entities = Resolver::embedded().resolve(text, &mut mentions);
    assert_eq!(mentions, before, "mentions are never moved");
    assert_eq!(entities[0].name, "Hartmann_");
    assert_eq!((entities[1].name.as_str(), entities[1].aliases[0].text.as_str()), ("Moss & Holt", "Moss & Holt"));
}
