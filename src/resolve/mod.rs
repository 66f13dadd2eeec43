//! From the mentions of one document to its entities.
//!
//! In come a text and its mentions, sorted and not overlapping, from whatever tagger; out come entities, ordered by
//! first mention, that hold every mention exactly once. Two full names of people with different given names are never
//! put together, and the same input always gives the same output.

mod annotated;
mod bearer;
mod bridge;
mod cluster;
mod context;
mod cue;
mod evidence;
mod explain;
mod feature;
mod guess;
mod index;
mod known_name;
mod own;
mod people;
#[cfg(test)]
mod properties;
mod related;
mod relation;
mod score;
mod stated;
pub mod training;
mod vote;

use crate::alias_table::{AliasTable, AliasTableError};
use crate::entity::Entity;
use crate::knowledge::World;
pub use crate::knowledge::{WorldError, WorldTables};
use crate::mention::Mention;
use crate::view::View;
use crate::why::Why;
pub use annotated::ResolveError;
use cluster::{Candidate, Chooser, Clusterer, Clusters};
use explain::Explainer;
pub use score::{SURE, Weights, WeightsError};
use std::borrow::Cow;

/// Resolves the aliases in documents; built once, used for any number of documents and from any number of threads.
///
/// ```
/// use namesake::document::Span;
/// use namesake::entity_type::EntityType;
/// use namesake::mention::Mention;
/// use namesake::resolve::Resolver;
/// let text = "Maria Arden spoke to the U.N. on Monday. Arden left early.";
/// let mention = |start, end, entity_type| Mention { span: Span::new(start, end), entity_type, score: 0.9 };
/// let mut mentions =
///     vec![mention(0, 11, EntityType::Per), mention(25, 29, EntityType::Org), mention(41, 46, EntityType::Per)];
/// let entities = Resolver::embedded().resolve(text, &mut mentions);
/// assert_eq!(entities[0].name, "Maria Arden");
/// assert_eq!(entities[0].mentions, [0, 2]);
/// assert_eq!(entities[1].name, "United Nations");
/// ```
#[derive(Debug, Clone)]
pub struct Resolver {
    world: World,
    weights: Weights,
    explanations: bool,
}

impl Resolver {
    /// The resolver with the embedded world file and weights.
    #[must_use]
    pub fn embedded() -> Self {
        Self { world: World::embedded(), weights: Weights::embedded(), explanations: false }
    }

    /// What is known of the world, the user's aliases among it.
    pub(crate) const fn world(&self) -> &World {
        &self.world
    }

    /// The same with other weights.
    #[must_use]
    pub fn with_weights(mut self, weights: Weights) -> Self {
        self.weights = weights;
        self
    }

    /// The same with other tables of the world, or none. To be asked for before [`with_aliases`](Self::with_aliases), which are
    /// added to them.
    ///
    /// # Errors
    /// If a table of a folder cannot be read or is wrong; the error names file and line.
    pub fn with_world(mut self, tables: &WorldTables) -> Result<Self, WorldError> {
        self.world = World::of_tables(tables)?;
        Ok(self)
    }

    /// The same with a user's aliases, which win over the scorer: every mention with one of these forms belongs to the
    /// entity that the table names.
    ///
    /// # Errors
    /// If an alias has two meanings, or no letter or digit; the error names the line.
    pub fn with_aliases(mut self, table: &AliasTable) -> Result<Self, AliasTableError> {
        self.world.pin(table)?;
        Ok(self)
    }

    /// The same, noting down for each mention why it went where it went ([`Mark::why`](crate::annotation::Mark::why)).
    #[must_use]
    pub const fn with_explanations(mut self, explanations: bool) -> Self {
        self.explanations = explanations;
        self
    }

    /// Groups the mentions of `text` into entities and gives each mention the type of its entity, unless the tagger was
    /// sure of another ([`SURE`]); never adds, drops or moves a mention.
    #[must_use]
    pub fn resolve(&self, text: &str, mentions: &mut [Mention]) -> Vec<Entity> {
        let view = View::of(text);
        let clusters = self.cluster(&view, mentions, &mut BestScore(&self.weights));
        self.entities(&view, mentions, &clusters).0
    }

    /// The same, with the reasons: why each mention belongs to its entity.
    #[must_use]
    pub fn resolve_and_explain(&self, text: &str, mentions: &mut [Mention]) -> (Vec<Entity>, Vec<Why>) {
        let view = View::of(text);
        let mut explainer = Explainer::new(&self.weights, mentions.len());
        let clusters = self.cluster(&view, mentions, &mut explainer);
        let (entities, numbers) = self.entities(&view, mentions, &clusters);
        let whys = explainer.whys(&clusters, &numbers, &entities);
        (entities, whys)
    }

    fn cluster(&self, view: &View<'_>, mentions: &[Mention], chooser: &mut impl Chooser) -> Clusters {
        let seen = seen(view, mentions);
        Clusterer::new(&self.world, view.text(), &seen).run(chooser)
    }

    /// The entities in the order of their first mention, and the place of each group among them.
    fn entities(&self, view: &View<'_>, mentions: &mut [Mention], clusters: &Clusters) -> (Vec<Entity>, Vec<usize>) {
        let mut order: Vec<usize> = (0..clusters.groups.len()).collect();
        order.sort_by_key(|&group| clusters.groups[group].first().copied());
        let mut numbers = vec![0; order.len()];
        order.iter().enumerate().for_each(|(number, &group)| numbers[group] = number);
        let vote = |&group: &usize| vote::vote(&self.world, view, mentions, clusters, &clusters.groups[group]);
        let mut entities: Vec<Entity> = order.iter().map(vote).collect();
        related::relate_entities(&self.world, clusters, &mut entities);
        (entities, numbers)
    }
}

/// The mentions where they stand in the view of their text.
fn seen<'a>(view: &View<'_>, mentions: &'a [Mention]) -> Cow<'a, [Mention]> {
    if view.is_identity() {
        return Cow::Borrowed(mentions);
    }
    Cow::Owned(mentions.iter().map(|mention| Mention { span: view.to_view(mention.span), ..mention.clone() }).collect())
}

/// Takes the candidate with the highest score above zero; of equals the nearest, then the earliest.
struct BestScore<'a>(&'a Weights);

impl Chooser for BestScore<'_> {
    fn choose(&mut self, _mention: usize, candidates: &[Candidate]) -> Option<usize> {
        let scored = candidates.iter().enumerate().map(|(at, candidate)| (self.0.score(&candidate.features), at));
        scored
            .filter(|(score, _)| *score > 0.0)
            .max_by(|a, b| {
                a.0.total_cmp(&b.0)
                    .then_with(|| candidates[b.1].distance.cmp(&candidates[a.1].distance))
                    .then_with(|| b.1.cmp(&a.1))
            })
            .map(|(_, at)| at)
    }
}
