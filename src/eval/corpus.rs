//! The annotations of one side.

use crate::annotation::AnnotatedDocument;
use crate::entity_type::EntityType;
use crate::label::LabelMap;
use crate::tag_scheme::{SchemeDetector, TagScheme, split};
use crate::token_labels::TokenLabels;
use std::collections::BTreeSet;

/// Annotated documents of one side, gold or system.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Corpus {
    /// The documents, in the order of the source.
    pub documents: Vec<AnnotatedDocument>,
    /// Tag scheme, where the source labels tokens.
    pub scheme: Option<TagScheme>,
    /// What the user should know of them.
    pub notes: Vec<String>,
}

impl Corpus {
    /// The documents of a source that is called `name`; where it labels tokens, the labels tell the tag scheme.
    #[must_use]
    pub fn new(documents: Vec<AnnotatedDocument>, name: &str) -> Self {
        let mut corpus = Self { documents, ..Self::default() };
        let mut detector = SchemeDetector::default();
        let mut labels = corpus.documents.iter().filter_map(AnnotatedDocument::token_labels).peekable();
        if labels.peek().is_none() {
            return corpus;
        }
        labels.flat_map(TokenLabels::sentences).for_each(|sentence| detector.add(&sentence));
        let (scheme, stray) = (detector.scheme(), detector.stray());
        corpus.scheme = Some(scheme);
        corpus.notes.push(format!("labels of {name} are {scheme}"));
        if stray > 0 {
            let note = format!("{stray} labels begin with I- but continue nothing; they open a span, as in conlleval");
            corpus.notes.push(note);
        }
        corpus
    }

    /// Renames every label as `map` says. A dropped mention is gone; a token with its label is outside.
    pub fn map_labels(&mut self, map: &LabelMap) {
        if !map.is_empty() {
            self.documents.iter_mut().for_each(|document| map_labels_of(document, map));
        }
    }

    /// The types of the mentions that count, sorted by their labels.
    fn types(&self) -> BTreeSet<&'static str> {
        let types = self.documents.iter().flat_map(|document| {
            let counted = (0..document.mentions.len()).filter(|&index| !document.is_skipped(index));
            counted.map(|index| document.mentions[index].entity_type)
        });
        types.filter(|kind| *kind != EntityType::UNTYPED).map(EntityType::label).collect()
    }
}

fn map_labels_of(document: &mut AnnotatedDocument, map: &LabelMap) {
    let mapped = |kind: EntityType| match map.get(kind.label()) {
        None => Some(kind),
        Some(to) => to.map(EntityType::exact),
    };
    let types: Vec<Option<EntityType>> = document.mentions.iter().map(|mention| mapped(mention.entity_type)).collect();
    for (mention, kind) in document.mentions.iter_mut().zip(&types) {
        mention.entity_type = kind.unwrap_or(mention.entity_type);
    }
    for entity in &mut document.entities {
        entity.entity_type = mapped(entity.entity_type).unwrap_or(entity.entity_type);
    }
    document.retain(|index, _| types[index].is_some());
    let Some(extras) = &mut document.extras else { return };
    for mark in extras.marks.values_mut() {
        mark.alternative = mark.alternative.and_then(mapped);
    }
    if let Some(types) = &mut extras.coverage.types {
        let kept: BTreeSet<EntityType> = types.iter().copied().filter_map(mapped).collect();
        *types = kept.into_iter().collect();
    }
    if let Some(labels) = &mut extras.token_labels {
        labels.rename(|label| {
            let (prefix, kind) = split(label);
            let to = map.get(kind).filter(|_| prefix != 'O')?;
            Some(to.map_or_else(|| "O".to_owned(), |to| format!("{prefix}-{to}")))
        });
    }
}

/// Labels that only one side uses, as advice: they can never match.
#[must_use]
pub(super) fn one_sided(gold: &Corpus, system: &Corpus) -> Vec<String> {
    let (here, there) = (gold.types(), system.types());
    if here.is_empty() || there.is_empty() {
        return Vec::new();
    }
    let advice = |side: &str, label: &str| {
        format!("the label {label:?} occurs in the {side} only, where it never matches: --map can rename or drop it")
    };
    let only_here = here.difference(&there).map(|label| advice("gold", label));
    only_here.chain(there.difference(&here).map(|label| advice("system", label))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{Format, ReadOptions, open};

    fn read(text: &str) -> Corpus {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("x.conll");
        std::fs::write(&path, text).unwrap();
        let documents = open(&path, &ReadOptions::default().with_format(Format::Conll)).unwrap();
        Corpus::new(documents.map(Result::unwrap).collect(), "x.conll")
    }

    #[test]
    fn labels_tell_the_scheme() {
        let corpus = read("Oslo I-LOC\nand O\nBern I-LOC\n");
        assert_eq!(corpus.scheme, Some(TagScheme::Iob1));
        assert_eq!(corpus.notes, ["labels of x.conll are IOB1"]);
        assert_eq!(read("Oslo B-LOC\nand O\nBern I-LOC\n").notes.len(), 2);
        assert_eq!(Corpus::new(Vec::new(), "none").scheme, None);
    }

    #[test]
    fn labels_are_renamed_and_dropped_everywhere() {
        let mut corpus = read("Oslo B-GPE\nin O\n2019 B-DATE\n");
        corpus.map_labels(&"GPE=LOC,DATE=".parse().unwrap());
        let document = &corpus.documents[0];
        assert_eq!(document.mentions.len(), 1);
        assert_eq!(document.mentions[0].entity_type, EntityType::Loc);
        let labels: Vec<Vec<&str>> = document.token_labels().unwrap().sentences().collect();
        assert_eq!(labels, [["B-LOC", "O", "O"]]);
        assert_eq!(one_sided(&corpus, &read("Ada B-PER\n")).len(), 2);
    }
}
