//! Clusters: each mention is ranked against all entities so far and joins the best, or opens a new one.
//!
//! Full names come first, so that "Bush" is compared with "George W. Bush" and "Laura Bush" as whole people wherever they
//! stand in the text; then the text is read from left to right and every other mention joins the closest entity that fits.

use super::feature::{self, compare};
use super::name::{Gender, Name, find_title};
use super::score::score;
use super::world::World;
use crate::mention::{EntityType, Mention};
use std::collections::{BTreeSet, HashMap, HashSet};

/// Entities that are compared with one mention for each part of its name: the latest ones.
const CANDIDATES_A_KEY: usize = 32;

/// Different names of one entity that are compared with a mention.
const NAMES_A_CLUSTER: usize = 24;

/// A mention that looks for its entity.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    /// Number of the mention.
    pub index: usize,
    /// Its name, taken apart.
    pub name: &'a Name,
    /// What the tagger says it is.
    pub entity_type: EntityType,
    /// How sure the tagger is.
    pub score: f32,
    /// The well-known thing that it names.
    pub entry: Option<usize>,
    /// What its title or first name tells.
    pub gender: Option<Gender>,
    /// The mention beside it that means the same by the text's own words.
    pub defined_by: Option<usize>,
}

/// An entity so far.
#[derive(Debug)]
pub struct Cluster<'a> {
    /// Its mentions.
    pub mentions: HashSet<usize>,
    /// Its different names.
    pub names: Vec<&'a Name>,
    /// The well-known thing that it is.
    pub entry: Option<usize>,
    /// What titles and first names tell.
    pub gender: Option<Gender>,
    /// Its last mention before the one that is being placed.
    pub last_seen: Option<usize>,
    /// Summed tagger scores of each type.
    type_weights: [f32; 4],
}

impl<'a> Cluster<'a> {
    fn new() -> Self {
        Self {
            mentions: HashSet::new(),
            names: Vec::new(),
            entry: None,
            gender: None,
            last_seen: None,
            type_weights: [0.0; 4],
        }
    }

    fn add(&mut self, candidate: &Candidate<'a>) {
        self.mentions.insert(candidate.index);
        if self.names.len() < NAMES_A_CLUSTER && !self.names.iter().any(|name| std::ptr::eq(*name, candidate.name)) {
            self.names.push(candidate.name);
        }
        self.entry = self.entry.or(candidate.entry);
        self.gender = self.gender.or(candidate.gender);
        self.type_weights[candidate.entity_type as usize] += candidate.score;
    }

    /// Mean tagger score of its mentions.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "a count of mentions")]
    pub fn confidence(&self) -> f32 {
        self.type_weights.iter().sum::<f32>() / self.mentions.len().max(1) as f32
    }

    /// The type that most of the tagger's scores speak for.
    #[must_use]
    pub fn main_type(&self) -> EntityType {
        let mut best = EntityType::Per;
        for kind in EntityType::ALL {
            if self.type_weights[kind as usize] > self.type_weights[best as usize] {
                best = kind;
            }
        }
        best
    }
}

/// Puts mentions into clusters; each cluster's mentions ascend, and the clusters are ordered by their first.
///
/// `names` holds the parsed name of each mention.
#[must_use]
pub fn cluster(world: &World, text: &str, mentions: &[Mention], names: &[&Name]) -> Vec<Vec<usize>> {
    let partners = definitions(text, mentions, names);
    let candidates: Vec<Candidate<'_>> = mentions
        .iter()
        .zip(names)
        .enumerate()
        .map(|(index, (mention, name))| Candidate {
            index,
            name,
            entity_type: mention.entity_type,
            score: mention.score,
            entry: world.find(name, mention.entity_type),
            gender: gender(world, text, mention, name),
            defined_by: partners.get(&index).copied(),
        })
        .collect();
    let mut partition = Partition { world, clusters: Vec::new(), by_key: HashMap::new() };
    let mut placed: Vec<Option<usize>> = vec![None; mentions.len()];
    for candidate in candidates.iter().filter(|candidate| is_full(candidate)) {
        placed[candidate.index] = Some(partition.place(candidate));
    }
    for cluster in &mut partition.clusters {
        cluster.last_seen = None;
    }
    for candidate in &candidates {
        let place = match placed[candidate.index] {
            Some(place) => place,
            None => partition.place(candidate),
        };
        partition.clusters[place].last_seen = Some(candidate.index);
    }
    let mut result: Vec<Vec<usize>> =
        partition.clusters.into_iter().map(|cluster| cluster.mentions.into_iter().collect()).collect();
    for members in &mut result {
        members.sort_unstable();
    }
    result.sort_unstable_by_key(|members| members.first().copied());
    result
}

/// Whether the name says by itself whom or what it means: several parts.
fn is_full(candidate: &Candidate<'_>) -> bool {
    match candidate.entity_type {
        EntityType::Per => candidate.name.personal().len() > 1,
        EntityType::Org => candidate.name.core.len() > 1,
        EntityType::Loc | EntityType::Misc => false,
    }
}

/// What is known of a person's gender: a title inside the name, one before it, the first name.
fn gender(world: &World, text: &str, mention: &Mention, name: &Name) -> Option<Gender> {
    if mention.entity_type != EntityType::Per {
        return None;
    }
    let before = text.get(..mention.span.start).unwrap_or_default().trim_end_matches(' ');
    let cut = before.rfind(|c: char| c.is_whitespace() || c == '(' || c == '"' || c == '“').map_or(0, |at| at + 1);
    let title = before.get(cut..).unwrap_or_default();
    let told = if title.starts_with(char::is_uppercase) { find_title(title).and_then(|&(_, told)| told) } else { None };
    told.or_else(|| feature::gender_of(world, name))
}

/// Pairs of mentions that the text declares equal: "Long Form (LF)" and "LF (Long Form)".
fn definitions(text: &str, mentions: &[Mention], names: &[&Name]) -> HashMap<usize, usize> {
    let mut partners = HashMap::new();
    for index in 1..mentions.len() {
        let (outer, inner) = (&mentions[index - 1], &mentions[index]);
        let between = text.get(outer.span.end..inner.span.start).unwrap_or_default();
        let after = text.get(inner.span.end..).unwrap_or_default();
        let bracketed = matches!(between.trim_start_matches(' '), "(" | "(the " | "(\"" | "(“")
            && after.starts_with([')', ',', '"', '”']);
        let stands_for = |short: &Name, long: &Name| {
            short.acronym.as_ref().is_some_and(|letters| long.tokens.len() > 1 && is_subsequence(letters, &long.key))
        };
        if bracketed && (stands_for(names[index], names[index - 1]) || stands_for(names[index - 1], names[index])) {
            partners.insert(index, index - 1);
            partners.insert(index - 1, index);
        }
    }
    partners
}

fn is_subsequence(letters: &str, text: &str) -> bool {
    let mut rest = text.chars();
    letters.chars().all(|letter| rest.any(|c| c == letter))
}

struct Partition<'a, 'w> {
    world: &'w World,
    clusters: Vec<Cluster<'a>>,
    /// Clusters that have a name with this part.
    by_key: HashMap<String, BTreeSet<usize>>,
}

impl<'a> Partition<'a, '_> {
    /// Adds the mention to the best cluster or a new one and returns which.
    fn place(&mut self, candidate: &Candidate<'a>) -> usize {
        let keys = keys(candidate);
        let mut compared = HashSet::new();
        let mut best: Option<(f32, usize)> = None;
        for key in &keys {
            for &index in self.by_key.get(key).into_iter().flatten().rev().take(CANDIDATES_A_KEY) {
                if !compared.insert(index) {
                    continue;
                }
                let Some(features) = compare(self.world, candidate, &self.clusters[index]) else { continue };
                let worth = score(&features);
                // Of equals the one that was opened first, so that the order of the keys does not matter.
                if worth > 0.0
                    && best.is_none_or(|(highest, first)| worth > highest || (worth >= highest && index < first))
                {
                    best = Some((worth, index));
                }
            }
        }
        let place = best.map_or_else(
            || {
                self.clusters.push(Cluster::new());
                self.clusters.len() - 1
            },
            |(_, index)| index,
        );
        let cluster = &mut self.clusters[place];
        cluster.add(candidate);
        cluster.last_seen = Some(candidate.index);
        for key in keys {
            self.by_key.entry(key).or_default().insert(place);
        }
        place
    }
}

/// Parts under which a name is found: whatever another name of the same thing shares with it.
fn keys(candidate: &Candidate<'_>) -> Vec<String> {
    let name = candidate.name;
    let mut keys = vec![name.key.clone(), name.core_key()];
    match candidate.entity_type {
        EntityType::Per => {
            keys.extend(name.personal().into_iter().map(str::to_owned));
            // A slip in the family name changes its end more often than its start.
            keys.extend(
                name.personal().last().map(|family| format!("~{}", family.chars().take(4).collect::<String>())),
            );
        }
        EntityType::Org => {
            keys.extend([name.core.first(), name.core.last()].into_iter().flatten().cloned());
            keys.extend(name.initials.iter().map(|initials| format!("@{initials}")));
            keys.extend(name.acronym.iter().map(|letters| format!("@{letters}")));
        }
        EntityType::Loc | EntityType::Misc => {}
    }
    keys.extend(candidate.entry.map(|entry| format!("#{entry}")));
    if let Some(partner) = candidate.defined_by {
        keys.push(format!("={}", partner.min(candidate.index)));
    }
    keys.sort_unstable();
    keys.dedup();
    keys
}
