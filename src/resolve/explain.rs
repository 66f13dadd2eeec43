//! Why each mention went where it went: what decided, in words, and what would have been next.
//!
//! It costs nothing unless somebody asks, and changes no decision: it stands beside the chooser and notes down.

use super::BestScore;
use super::cluster::{Candidate, Chooser, Clusters};
use super::feature::FeatureSet;
use super::relation::{Kind, Relation};
use super::score::Weights;
use crate::entity::Entity;
use crate::name::rows;
use crate::why::{Reason, Rival, Rule, Why};
use std::collections::HashMap;
use std::sync::LazyLock;

/// Reasons that are given: what follows weighs little.
const REASONS: usize = 4;

/// What adds less to a score, either way, is no reason.
const LEAST: f32 = 0.05;

/// Chooses as the resolver does, and notes down why.
pub(super) struct Explainer<'a> {
    weights: &'a Weights,
    notes: Vec<Note>,
}

/// What is noted of one mention.
#[derive(Debug, Clone, Default)]
struct Note {
    placed: Option<(usize, Rule)>,
    best: Option<Scored>,
    /// The best candidate that was not chosen: its entity and score.
    rival: Option<(usize, f32)>,
}

#[derive(Debug, Clone)]
struct Scored {
    score: f32,
    form: usize,
    reasons: Vec<Reason>,
}

impl<'a> Explainer<'a> {
    pub(super) fn new(weights: &'a Weights, mentions: usize) -> Self {
        Self { weights, notes: vec![Note::default(); mentions] }
    }

    /// Why each mention belongs to its entity; `number` has the index of each group's entity among `entities`.
    pub(super) fn whys(self, clusters: &Clusters, number: &[usize], entities: &[Entity]) -> Vec<Why> {
        let rival = |(group, score): (usize, f32)| {
            let entity = *number.get(group)?;
            Some(Rival { entity: Some(entity), name: entities.get(entity)?.name.clone(), score: rounded(score) })
        };
        let why = |note: Note| {
            let rule = note.placed.map_or(Rule::Opened, |(_, rule)| rule);
            let best = note.best.filter(|_| rule == Rule::Scored);
            let like = best.as_ref().and_then(|best| clusters.names.get(best.form)).map(|name| name.surface.clone());
            Why {
                rule,
                score: best.as_ref().map(|best| rounded(best.score)),
                like,
                because: best.map(|best| best.reasons).unwrap_or_default(),
                runner_up: note.rival.and_then(rival),
            }
        };
        self.notes.into_iter().map(why).collect()
    }

    /// What made the score of a candidate, the strongest first.
    fn reasons(&self, candidate: &Candidate) -> Vec<Reason> {
        let mut parts: Vec<(usize, f32)> = Vec::new();
        for (number, value) in candidate.features.iter() {
            let score = self.weights.of(number) * value;
            match parts.iter_mut().find(|(known, _)| PHRASES[*known] == PHRASES[number]) {
                Some((_, sum)) => *sum += score,
                None => parts.push((number, score)),
            }
        }
        parts.retain(|(number, score)| score.abs() >= LEAST && !PHRASES[*number].is_empty());
        parts.sort_by(|one, other| other.1.abs().total_cmp(&one.1.abs()));
        let reason = |(number, score): &(usize, f32)| Reason { text: PHRASES[*number].clone(), score: rounded(*score) };
        parts.iter().take(REASONS).map(reason).collect()
    }
}

impl Chooser for Explainer<'_> {
    fn choose(&mut self, mention: usize, candidates: &[Candidate]) -> Option<usize> {
        let chosen = BestScore(self.weights).choose(mention, candidates);
        let best = chosen.and_then(|chosen| candidates.get(chosen)).map(|candidate| Scored {
            score: self.weights.score(&candidate.features),
            form: candidate.form,
            reasons: self.reasons(candidate),
        });
        let others = candidates.iter().enumerate().filter(|(at, _)| Some(*at) != chosen);
        let rival = others
            .map(|(_, candidate)| (candidate.entity, self.weights.score(&candidate.features)))
            .max_by(|one, other| one.1.total_cmp(&other.1).then_with(|| other.0.cmp(&one.0)));
        if let Some(note) = self.notes.get_mut(mention) {
            note.best = best;
            note.rival = rival;
        }
        chosen
    }

    fn placed(&mut self, mention: usize, entity: usize, rule: Rule) {
        if let Some(note) = self.notes.get_mut(mention) {
            note.placed = Some((entity, rule));
        }
    }
}

/// Two decimals.
fn rounded(score: f32) -> f64 {
    (f64::from(score) * 100.0).round() / 100.0
}

/// For each feature, what it says in words: data in `reasons.tsv`; empty for what says nothing of the pair.
static PHRASES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let words: HashMap<&str, &str> = rows(include_str!("reasons.tsv"))
        .filter_map(|row| Some((*row.first()?, row.get(1).copied().unwrap_or_default())))
        .collect();
    let phrase = |name: &str| match words.get(name) {
        Some(words) => (*words).to_owned(),
        None => name.replace('_', " "),
    };
    let pairs = Kind::ALL.into_iter().flat_map(|_| Relation::ALL.iter().map(|relation| relation.label()));
    let mut phrases: Vec<String> = pairs.map(phrase).collect();
    phrases.extend(FeatureSet::names()[phrases.len()..].iter().map(|name| phrase(name)));
    phrases
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;
    use crate::entity_type::EntityType;
    use crate::mention::Mention;
    use crate::resolve::Resolver;

    #[test]
    fn every_feature_has_words() {
        let words: Vec<&str> = rows(include_str!("reasons.tsv")).filter_map(|row| row.first().copied()).collect();
        let names = FeatureSet::names();
        let missing: Vec<&str> = names
            .iter()
            .map(|name| name.split_once(':').map_or(name.as_str(), |(_, relation)| relation))
            .filter(|name| !words.contains(name))
            .collect();
        assert!(missing.is_empty(), "no row in reasons.tsv: {missing:?}");
        assert_eq!(PHRASES.len(), FeatureSet::COUNT);
    }

    #[test]
    fn explanations_change_nothing_and_name_what_decided() {
        let text = "Maria Arden met Karl Arden. Mrs Arden left. Norvik fell.";
        let mentions: Vec<Mention> = [(0, 11), (16, 26), (32, 37), (44, 50)]
            .map(|(start, end)| {
                let entity_type = if start == 44 { EntityType::Org } else { EntityType::Per };
                Mention { span: Span::new(start, end), entity_type, score: 0.9 }
            })
            .into();
        let resolver = Resolver::embedded();
        let (mut plain, mut explained) = (mentions.clone(), mentions);
        let entities = resolver.resolve(text, &mut plain);
        let (same, whys) = resolver.resolve_and_explain(text, &mut explained);
        assert_eq!((entities, plain), (same, explained));
        assert_eq!([whys[0].rule, whys[2].rule, whys[3].rule], [Rule::Opened, Rule::Scored, Rule::Opened]);
        assert_eq!(whys[2].like.as_deref(), Some("Maria Arden"));
        assert_eq!(whys[2].runner_up.as_ref().map(|rival| rival.name.as_str()), Some("Karl Arden"));
        assert!(whys[2].because.iter().any(|reason| reason.text == "family name alone"), "{:?}", whys[2]);
    }
}
