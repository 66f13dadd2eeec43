//! Maps labels onto others, so that a system and a gold with different inventories can be compared.

pub use crate::label_map::LabelMap;

use super::annotation::{Annotation, DistinctNames, Name, Names};
use super::format::Corpus;
use super::labels::split;
use std::collections::BTreeSet;

impl LabelMap {
    /// Applies the map to every label of `corpus`. A dropped mention is gone; a token with its label is outside.
    pub fn apply(&self, corpus: &mut Corpus) {
        if self.is_empty() {
            return;
        }
        let mut names = Names::default();
        for document in &mut corpus.documents {
            self.apply_to(document, &mut names);
        }
    }

    fn apply_to(&self, document: &mut Annotation, names: &mut Names) {
        let mut mapped = |label: &Name| match self.get(label) {
            None => Some(Name::clone(label)),
            Some(to) => to.map(|to| names.get(to)),
        };
        document.mentions.retain_mut(|mention| {
            let Some(label) = &mention.label else { return true };
            let label = mapped(label);
            let kept = label.is_some();
            mention.label = label;
            if let Some(extra) = &mut mention.extra {
                extra.alternative = extra.alternative.as_ref().and_then(&mut mapped);
            }
            kept
        });
        if let Some(types) = &mut document.coverage.types {
            let kept: BTreeSet<Name> = types.iter().filter_map(&mut mapped).collect();
            *types = kept.into_iter().collect();
        }
        if let Some(labels) = document.tokens.as_mut().and_then(|tokens| tokens.labels.as_mut()) {
            labels.rename(|label| {
                let (prefix, kind) = split(label);
                let to = self.get(kind).filter(|_| prefix != 'O')?;
                let spelled = to.map_or_else(|| "O".to_owned(), |to| format!("{prefix}-{to}"));
                Some(names.get(&spelled))
            });
        }
    }
}

/// Labels that only one side uses, as advice: they can never match.
#[must_use]
pub fn one_sided(gold: &Corpus, system: &Corpus) -> Vec<String> {
    let labels = |corpus: &Corpus| -> BTreeSet<Name> {
        let mut names = DistinctNames::default();
        let mentions = corpus.documents.iter().flat_map(|document| &document.mentions);
        let counted = mentions.filter(|mention| !mention.is_skipped()).filter_map(|mention| mention.label.as_ref());
        counted.for_each(|label| names.add(label));
        names.into_sorted()
    };
    let (here, there) = (labels(gold), labels(system));
    if here.is_empty() || there.is_empty() {
        return Vec::new();
    }
    let advice = |side: &str, label: &Name| {
        format!("the label {label:?} occurs in the {side} only, where it never matches: --map can rename or drop it")
    };
    let only_here = here.difference(&there).map(|label| advice("gold", label));
    only_here.chain(there.difference(&here).map(|label| advice("system", label))).collect()
}
