//! Maps labels onto others, so that a system and a gold with different inventories can be compared.

use super::annotation::{Annotation, DistinctNames, Name, Names};
use super::format::Corpus;
use super::labels::split;
use std::collections::{BTreeMap, BTreeSet};
use thiserror::Error;

/// OntoNotes 5 labels as the four of CoNLL-2003; the value types name nothing and are dropped.
const ONTONOTES: &str = "PERSON=PER,ORG=ORG,GPE=LOC,LOC=LOC,FAC=LOC,NORP=MISC,EVENT=MISC,WORK_OF_ART=MISC,PRODUCT=MISC,\
LAW=MISC,LANGUAGE=MISC,DATE=,TIME=,PERCENT=,MONEY=,QUANTITY=,ORDINAL=,CARDINAL=";

/// A part of a map is not understood.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("cannot read {part:?}: expected LABEL=LABEL (or LABEL= to drop one), parted by commas, or `ontonotes`")]
pub struct MapError {
    part: String,
}

/// Which label becomes which; `None` drops it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelMap(BTreeMap<String, Option<String>>);

impl std::str::FromStr for LabelMap {
    type Err = MapError;

    /// Reads `GPE=LOC,PERSON=PER`; `ontonotes` stands for the ready map; later parts win.
    fn from_str(text: &str) -> Result<Self, MapError> {
        let mut map = BTreeMap::new();
        for part in text.split(',').map(str::trim).filter(|part| !part.is_empty()) {
            if part.eq_ignore_ascii_case("ontonotes") {
                let ready: Self = ONTONOTES.parse()?;
                map.extend(ready.0);
                continue;
            }
            let (from, to) = part.split_once('=').ok_or_else(|| MapError { part: part.to_owned() })?;
            if from.trim().is_empty() {
                return Err(MapError { part: part.to_owned() });
            }
            map.insert(from.trim().to_owned(), Some(to.trim().to_owned()).filter(|to| !to.is_empty()));
        }
        Ok(Self(map))
    }
}

impl LabelMap {
    /// Applies the map to every label of `corpus`. A dropped mention is gone; a token with its label is outside.
    pub fn apply(&self, corpus: &mut Corpus) {
        if self.0.is_empty() {
            return;
        }
        let mut names = Names::default();
        for document in &mut corpus.documents {
            self.apply_to(document, &mut names);
        }
    }

    fn apply_to(&self, document: &mut Annotation, names: &mut Names) {
        let mut mapped = |label: &Name| match self.0.get(&**label) {
            None => Some(Name::clone(label)),
            Some(to) => to.as_deref().map(|to| names.get(to)),
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
                let to = self.0.get(kind).filter(|_| prefix != 'O')?;
                let spelled = to.as_ref().map_or_else(|| "O".to_owned(), |to| format!("{prefix}-{to}"));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read() {
        let map: LabelMap = "GPE=LOC, PERSON=PER,DATE=".parse().unwrap();
        assert_eq!(map.0["DATE"], None);
        assert_eq!(map.0["PERSON"].as_deref(), Some("PER"));
        assert_eq!("ontonotes,NORP=".parse::<LabelMap>().unwrap().0["NORP"], None);
        assert!("GPE".parse::<LabelMap>().is_err() && "=LOC".parse::<LabelMap>().is_err());
    }
}
