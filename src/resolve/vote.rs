//! What the mentions of an entity agree on: its type, its canonical name, its aliases.

use super::cluster::Clusters;
use super::known_name::KnownName;
use super::score::{SURE, TypeVotes};
use crate::entity::{Alias, Entity, KnowledgeCandidate, mean_score};
use crate::entity_type::EntityType;
use crate::knowledge::{Sense, World};
use crate::mention::Mention;
use crate::name::Name;
use crate::view::View;
use std::collections::HashMap;

/// Makes an entity of a group of mentions and gives them its type, but for those that are [`SURE`] of another; a type
/// that the user's alias table names holds for all.
pub(crate) fn vote(
    world: &World,
    view: &View<'_>,
    mentions: &mut [Mention],
    clusters: &Clusters,
    group: &[usize],
) -> Entity {
    let names: Vec<&KnownName> = group.iter().map(|&mention| &clusters.names[clusters.name_of[mention]]).collect();
    let entry = common_entry(world, &names, leading_type(mentions, group));
    let pinned = entry.and_then(|sense| world.entry(sense)).filter(|entry| entry.pinned);
    let named_type = pinned.and_then(|entry| entry.kind);
    let entity_type = named_type.unwrap_or_else(|| leading_type(mentions, group));
    for &mention in group {
        if named_type.is_some() || mentions[mention].score < SURE {
            mentions[mention].entity_type = entity_type;
        }
    }
    let known =
        entry.and_then(|sense| world.entry(sense)).filter(|entry| entry.kind.is_none_or(|kind| kind == entity_type));
    let of_group = || group.iter().map(|&mention| &mentions[mention]);
    Entity {
        name: match (entry, known) {
            (Some(sense), Some(entry)) => {
                own_name(world, sense, &names).map_or_else(|| entry.name.clone(), str::to_owned)
            }
            _ => present_name(world, view, mentions, clusters, group, entity_type),
        },
        entity_type,
        score: mean_score(of_group()),
        aliases: Alias::count_all(view, of_group()),
        knowledge_id: known.and_then(|entry| entry.id.clone()),
        knowledge_candidates: if known.is_some() { Vec::new() } else { candidates(world, &names, entity_type) },
        ..Entity::of_mentions(group.to_vec())
    }
}

/// The canonical name among the forms that the text does not call former.
fn present_name(
    world: &World,
    view: &View<'_>,
    mentions: &[Mention],
    clusters: &Clusters,
    group: &[usize],
    entity_type: EntityType,
) -> String {
    let former = clusters.stated.former_names(&clusters.name_of);
    let is_present = |mention: &&usize| !former.contains(&clusters.name_of[**mention]);
    let present: Vec<usize> = group.iter().filter(is_present).copied().collect();
    let group = if present.is_empty() { group } else { &present };
    let names: Vec<&KnownName> = group.iter().map(|&mention| &clusters.names[clusters.name_of[mention]]).collect();
    canonical_name(world, view, &names, group.iter().map(|&mention| &mentions[mention]), entity_type)
}

/// The type with the largest sum of certainties.
fn leading_type(mentions: &[Mention], group: &[usize]) -> EntityType {
    let mut votes = TypeVotes::default();
    for &mention in group {
        votes.add(mentions[mention].entity_type, mentions[mention].score);
    }
    votes.leading().map_or(EntityType::Misc, |(kind, _)| kind)
}

/// The one entry that all forms with entries can stand for.
fn common_entry(world: &World, names: &[&KnownName], entity_type: EntityType) -> Option<Sense> {
    if let Some(pinned) = names.iter().find_map(|name| world.pinned_sense(&name.senses)) {
        return Some(pinned);
    }
    let mut common: Option<Vec<Sense>> = None;
    for name in names {
        let senses = world.senses_of(&name.senses, entity_type);
        if senses.is_empty() {
            // The famous Arden is not the "Arden am Norrin" that nobody has heard of.
            if entity_type == EntityType::Loc && name.place.situation() > 0 {
                return None;
            }
            continue;
        }
        common = Some(match common {
            None => senses,
            Some(before) => before.into_iter().filter(|sense| senses.contains(sense)).collect(),
        });
    }
    match common?[..] {
        [sense]
            if entity_type != EntityType::Org || !names.iter().any(|name| is_another(world, sense, name, names)) =>
        {
            Some(sense)
        }
        _ => None,
    }
}

/// Whether a name that is none of the entry's has all words of one that is, and others too: the House of Representatives is not that
/// of Ohio. A country in front is nothing more.
fn is_another(world: &World, sense: Sense, name: &KnownName, names: &[&KnownName]) -> bool {
    if name.senses.contains(&sense) || name.organization.content.len() < 2 {
        return false;
    }
    let own = world.entry(sense).map(|entry| Name::parse(&entry.name).organization.content).unwrap_or_default();
    let words = &name.organization.content;
    names.iter().filter(|short| short.senses.contains(&sense) && short.acronym.is_none()).any(|short| {
        let contained = short.organization.content.iter().all(|word| words.contains(word));
        let more: Vec<String> = (words.iter().filter(|word| !short.organization.content.contains(word)))
            .filter(|word| !own.contains(word))
            .cloned()
            .collect();
        contained && !more.is_empty() && !world.is_country(&world.senses("", &more.join(" ")))
    })
}

/// The probability of a candidate is never higher: nothing in the document speaks for it.
const LIKELIEST: f32 = 0.95;

/// Entries that an entity names at most.
const CANDIDATES: usize = 3;

/// The entries of the type that the names may stand for, likeliest first: those that nothing in the document speaks for, and
/// those that it leaves more than one of.
fn candidates(world: &World, names: &[&KnownName], entity_type: EntityType) -> Vec<KnowledgeCandidate> {
    let mut likely: Vec<(Sense, f32)> = Vec::new();
    for name in names {
        #[expect(clippy::cast_precision_loss, reason = "a few meanings")]
        let equal = 1.0 / name.senses.len().max(1) as f32;
        let supported = name.senses.iter().map(|&sense| (sense, equal));
        for (sense, probability) in name.likely.iter().copied().chain(supported) {
            match likely.iter_mut().find(|(known, _)| *known == sense) {
                Some((_, known)) => *known = known.max(probability),
                None => likely.push((sense, probability)),
            }
        }
    }
    let candidate = |(sense, probability): (Sense, f32)| {
        let entry = world.entry(sense).filter(|entry| entry.kind == Some(entity_type))?;
        Some(KnowledgeCandidate {
            id: entry.id.clone()?,
            name: entry.name.clone(),
            probability: probability.min(LIKELIEST),
        })
    };
    likely.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    likely.into_iter().filter_map(candidate).take(CANDIDATES).collect()
}

/// The name that the text itself gives to an entry, where it is as good as the entry's and the text never has that one: "Kiev". The
/// commonest, of equals the first.
fn own_name<'a>(world: &World, sense: Sense, names: &[&'a KnownName]) -> Option<&'a str> {
    let has_name = |name: &&KnownName| world.is_name(sense, &name.key);
    if names.iter().any(has_name) {
        return None;
    }
    let own: Vec<&str> = names
        .iter()
        .filter(|name| world.is_own_name(sense, &name.key) && !name.all_caps)
        .map(|name| name.surface.as_str())
        .collect();
    let count = |form: &str| own.iter().filter(|other| **other == form).count();
    own.iter().copied().rev().max_by_key(|form| count(form))
}

/// The fullest form: most words, no acronym or all-capitals form if there is another, then the most frequent, then the first.
fn canonical_name<'a>(
    world: &World,
    view: &View<'_>,
    names: &[&KnownName],
    mentions: impl Iterator<Item = &'a Mention>,
    entity_type: EntityType,
) -> String {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    for name in names {
        *counts.entry(name.surface.as_str()).or_default() += 1;
    }
    let fullness = |name: &Name| match entity_type {
        EntityType::Per => name.fullness(),
        EntityType::Org => name.organization.content.len(),
        EntityType::Loc => name.place.situation(),
        EntityType::Misc | EntityType::Own(_) => name.words.len(),
    };
    if entity_type == EntityType::Per {
        return canonical_person(names, &counts);
    }
    let best = names.iter().enumerate().max_by_key(|(at, name)| {
        let plain = if name.acronym.is_some() { counts.len() == 1 } else { !name.all_caps };
        let own = name.in_s.is_some() && entity_type == EntityType::Org;
        (plain, fullness(name), own, counts.get(name.surface.as_str()).copied(), std::cmp::Reverse(*at))
    });
    let Some((_, best)) = best else { return String::new() };
    let form = match &best.in_s {
        Some(form)
            if entity_type != EntityType::Per
                && (is_called_in_s(view, names, mentions, best) || is_known_in_s(world, names, best)) =>
        {
            form
        }
        _ => &best.surface,
    };
    match entity_type {
        EntityType::Org | EntityType::Loc => without_article(form).to_owned(),
        _ => form.clone(),
    }
}

/// Whether a form in 's is the whole name, as "Moody's" is, and no possessive: the text never has the name without the ending,
/// and has it more than once or where nothing follows that it could possess. What a saint is patron of is called so.
fn is_called_in_s<'a>(
    view: &View<'_>,
    names: &[&KnownName],
    mentions: impl Iterator<Item = &'a Mention>,
    best: &KnownName,
) -> bool {
    let mut counts = (0, false);
    for (name, mention) in names.iter().zip(mentions).filter(|(name, _)| name.surface == best.surface) {
        if name.in_s.is_none() {
            return false;
        }
        let after = view.text().get(view.to_view(mention.span).end..).unwrap_or_default();
        let next = after.trim_start_matches(' ').chars().next();
        counts = (counts.0 + 1, counts.1 || next.is_none_or(|next| !next.is_alphanumeric()));
    }
    counts.0 > 1 || counts.1 || best.words.first().is_some_and(|word| word.folded == "saint")
}

/// Whether a firm has the form in 's for its name ("Moody's"), and the text never has it without the ending.
fn is_known_in_s(world: &World, names: &[&KnownName], best: &KnownName) -> bool {
    let bare = names.iter().any(|name| name.in_s.is_none() && name.key == best.key);
    !bare && best.in_s.as_deref().is_some_and(|form| world.facts().possessive_firm(form).is_some())
}

/// The name without a leading "the".
fn without_article(form: &str) -> &str {
    match form.split_once(' ') {
        Some((article, name)) if article.eq_ignore_ascii_case("the") && !name.is_empty() => name,
        _ => form,
    }
}

/// The fullest form of a person's name, of equals one that is not in capitals, then the most frequent, then the first; as names
/// are shown.
fn canonical_person(names: &[&KnownName], counts: &HashMap<&str, usize>) -> String {
    let best = names.iter().enumerate().max_by_key(|(at, name)| {
        (name.fullness(), !name.all_caps, counts.get(name.surface.as_str()).copied(), std::cmp::Reverse(*at))
    });
    let others: Vec<&Name> = names.iter().map(|name| &***name).collect();
    best.map(|(_, name)| name.shown_person(&others)).unwrap_or_default()
}
