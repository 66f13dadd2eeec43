//! The decisions that the scorer is trained on, as `scripts/train_resolver.py` reads them.

use super::Resolver;
use super::cluster::{Candidate, Chooser, Clusterer};
use super::feature::FeatureSet;
use crate::mention::Mention;
use crate::view::View;
use crate::why::Rule;
use serde::Serialize;
use std::collections::BTreeMap;

/// One decision: a mention and the entities that it could join.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Decision {
    /// Index of the mention.
    pub mention: usize,
    /// The features of each candidate, by name.
    pub candidates: Vec<BTreeMap<String, f32>>,
    /// The right candidate; none if the mention opens an entity.
    pub right: Option<usize>,
}

/// Follows the gold entities and notes the decisions on the way.
struct Teacher<'a> {
    resolver: &'a Resolver,
    gold: &'a [Option<String>],
    /// Gold entity of each entity opened so far.
    entity_gold: Vec<Option<String>>,
    names: Vec<String>,
    decisions: Vec<Decision>,
}

impl Chooser for Teacher<'_> {
    fn choose(&mut self, mention: usize, candidates: &[Candidate]) -> Option<usize> {
        let Some(gold) = self.gold.get(mention).and_then(Option::as_ref) else {
            // Unknown to the annotators: decided as it would be without a teacher, and nothing to learn from.
            return super::BestScore(&self.resolver.weights).choose(mention, candidates);
        };
        let of = |candidate: &Candidate| self.entity_gold.get(candidate.entity).and_then(Option::as_ref);
        let right = candidates.iter().position(|candidate| of(candidate) == Some(gold));
        // An entity that the annotators left without a link may well be the same: it is no counter-example.
        let known: Vec<&Candidate> = candidates.iter().filter(|candidate| of(candidate).is_some()).collect();
        let known_right = known.iter().position(|candidate| of(candidate) == Some(gold));
        let features = |candidate: &Candidate| {
            let mut named: BTreeMap<String, f32> = BTreeMap::new();
            for (number, value) in candidate.features.iter() {
                *named.entry(self.names[number].clone()).or_default() += value;
            }
            named
        };
        let candidates = known.into_iter().map(features).collect();
        self.decisions.push(Decision { mention, candidates, right: known_right });
        right
    }

    fn placed(&mut self, mention: usize, entity: usize, _rule: Rule) {
        if entity == self.entity_gold.len() {
            self.entity_gold.push(self.gold.get(mention).cloned().flatten());
        }
    }
}

impl Resolver {
    /// The decisions of one document when every mention with a gold entity goes where it belongs.
    #[must_use]
    pub fn decisions(&self, text: &str, mentions: &[Mention], gold: &[Option<String>]) -> Vec<Decision> {
        let mut teacher = Teacher {
            resolver: self,
            gold,
            entity_gold: Vec::new(),
            names: FeatureSet::names(),
            decisions: Vec::new(),
        };
        let view = View::of(text);
        Clusterer::new(&self.world, view.text(), &super::seen(&view, mentions)).run(&mut teacher);
        teacher.decisions
    }
}
