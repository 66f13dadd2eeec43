//! What formats cannot carry.

use crate::annotation::{AnnotatedDocument, Coverage};
use std::collections::BTreeMap;

/// What could not be carried over, and how often.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Losses(BTreeMap<&'static str, usize>);

/// What a format has a place for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Entities,
    Links,
    Marks,
    Scores,
    Metadata,
    Coverage,
    Tokens,
}

impl Losses {
    pub(crate) fn add(&mut self, what: &'static str, count: usize) {
        if count > 0 {
            *self.0.entry(what).or_default() += count;
        }
    }

    /// Counts what most formats have no place for, unless `kept` names it.
    pub(crate) fn add_common(&mut self, document: &AnnotatedDocument, kept: &[Kept]) {
        let owners = document.owners();
        let count = |kind: Kept, holds: &dyn Fn(usize) -> bool| {
            if kept.contains(&kind) { 0 } else { (0..document.mentions.len()).filter(|&index| holds(index)).count() }
        };
        let entities = count(Kept::Entities, &|index| owners[index].is_some());
        self.add("entities of mentions", entities);
        let links = count(Kept::Links, &|index| document.link(index, owners[index]).is_some());
        self.add("knowledge-base links of mentions", links);
        self.add("marks that a mention is to be skipped", count(Kept::Marks, &|index| document.is_skipped(index)));
        self.add("marks that a mention is a pronoun or noun", count(Kept::Marks, &|index| document.is_coref(index)));
        let alternatives = count(Kept::Marks, &|index| document.alternative(index).is_some());
        self.add("second types of mentions", alternatives);
        // Where a source gives no score, it is 1.
        let scores = count(Kept::Scores, &|index| document.mentions[index].score < 1.0);
        self.add("scores of mentions", scores);
        if !kept.contains(&Kept::Metadata) {
            self.add("documents with metadata", usize::from(!document.document.metadata.is_empty()));
        }
        if !kept.contains(&Kept::Coverage) {
            let partial = *document.coverage() != Coverage::FULL;
            self.add("documents with a note on what is annotated", usize::from(partial));
        }
        if !kept.contains(&Kept::Tokens) {
            self.add("documents with tokens", usize::from(document.sentences().is_some()));
        }
    }

    /// Each loss with its number.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, usize)> + '_ {
        self.0.iter().map(|(&what, &count)| (what, count))
    }
}
