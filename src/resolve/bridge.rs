//! Names that hold two others: a line of a table ("Norvik Rovers Eastmoor Town"), a pair ("Spirit and Opportunity"). Such a
//! mention belongs to neither: through it, two groups that are consistent apart would become one.

use super::known_name::KnownName;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::knowledge::World;
use crate::mention::Mention;
use crate::name::{join, split_words};
use std::collections::{HashMap, HashSet};

/// What stands between two names of a pair.
const JOINTS: [&str; 7] = [" and ", " & ", "-", "–", "—", "/", ", "];

/// How near two names in a row stand, in bytes: a line of a table, a coordination.
const NEAR: usize = 40;

/// Longer names kept for one first word: a bound on the cost of a book.
const LONGER: usize = 16;

/// The names that the text has on their own, by key.
struct Standing<'a> {
    world: &'a World,
    names: HashMap<String, Alone<'a>>,
    /// Longer names by their first word.
    begun: HashMap<&'a str, Vec<&'a KnownName>>,
    /// Keys of names that stand beside each other, in either order.
    beside: HashSet<(&'a str, &'a str)>,
}

/// One name on its own.
struct Alone<'a> {
    name: &'a KnownName,
    is_thing: bool,
    is_place: bool,
}

/// For each name, whether it holds two names that the text has apart.
pub(crate) fn bridges(
    world: &World,
    text: &str,
    mentions: &[Mention],
    names: &[KnownName],
    name_of: &[usize],
) -> Vec<bool> {
    let standing = Standing::read(world, text, mentions, names, name_of);
    let mut people = vec![false; names.len()];
    for (mention, &number) in mentions.iter().zip(name_of) {
        people[number] |= mention.entity_type == EntityType::Per || !mention.entity_type.is_known();
    }
    let holds_two = |(name, person): (&KnownName, bool)| name.words.len() > 1 && !person && standing.holds_two(name);
    names.iter().zip(people).map(holds_two).collect()
}

impl<'a> Standing<'a> {
    fn read(world: &'a World, text: &str, mentions: &[Mention], names: &'a [KnownName], name_of: &[usize]) -> Self {
        let mut standing = Self { world, names: HashMap::new(), begun: HashMap::new(), beside: HashSet::new() };
        let mut last: Option<(&'a str, Span)> = None;
        for (mention, &number) in mentions.iter().zip(name_of) {
            let name = &names[number];
            let (is_thing, is_place) = match mention.entity_type {
                EntityType::Org | EntityType::Misc => (true, false),
                EntityType::Loc => (false, true),
                EntityType::Per | EntityType::Own(_) => {
                    last = None;
                    continue;
                }
            };
            // A firm is also known without its legal form.
            let core = Some(name.organization.core.join(" ")).filter(|core| *core != name.key && !core.is_empty());
            for key in [name.key.clone()].into_iter().chain(core) {
                let alone = standing.names.entry(key).or_insert(Alone { name, is_thing, is_place });
                alone.is_thing |= is_thing;
                alone.is_place |= is_place;
            }
            if let [first, _, ..] = name.organization.core.as_slice() {
                let longer = standing.begun.entry(first).or_default();
                if longer.len() < LONGER {
                    longer.push(name);
                }
            }
            if let Some((before, span)) = last
                && text.get(span.end..mention.span.start).is_some_and(is_near)
            {
                standing.beside.insert((before, &name.key));
            }
            last = Some((&name.key, mention.span));
        }
        standing
    }

    fn holds_two(&self, name: &KnownName) -> bool {
        let words: Vec<&str> = name.words.iter().map(|word| word.folded.as_str()).collect();
        (1..words.len()).any(|cut| {
            let (left, mut right) = (words[..cut].join(" "), &words[cut..]);
            let and = right.len() > 1 && right[0] == "and";
            if and {
                right = &right[1..];
            }
            let Some(one) = self.names.get(left.as_str()).filter(|_| left != name.key) else { return false };
            let right = right.join(" ");
            let Some(other) = self.names.get(right.as_str()).filter(|_| left != right) else { return false };
            let pair = (left.as_str(), right.as_str());
            self.are_two(name, one, other, pair)
                && (and || has_joint(name, &left) || self.stand_apart(one, other, pair))
        })
    }

    /// Whether neither part is what names a part of the whole by custom: its town ("Norvik" of the "Norvik Rovers"), its kind
    /// ("the Bank").
    fn are_two(&self, whole: &KnownName, one: &Alone<'_>, other: &Alone<'_>, pair: (&str, &str)) -> bool {
        let known = |alone: &Alone<'_>| self.world.is_place(&alone.name.senses);
        // "Real Madrid Barcelona": a town behind a name of several words that stands beside it elsewhere is a name as well.
        let town = known(other) && one.name.words.len() > 1 && self.stand_beside(pair);
        let things = one.is_thing && other.is_thing && (known(one) == known(other) || town);
        let places = one.is_place && other.is_place;
        let kinds = one.name.organization.generic || other.name.organization.generic;
        let shared = |alone: &Alone<'_>| alone.name.senses.iter().any(|sense| whole.senses.contains(sense));
        (things || places) && !kinds && !shared(one) && !shared(other)
    }

    /// Whether the text has the two as names of their own right where nothing joins them: both are long, or each has a longer
    /// name too, or they stand in a row.
    fn stand_apart(&self, one: &Alone<'_>, other: &Alone<'_>, pair: (&str, &str)) -> bool {
        // "Norvik Shipping" is a longer name for "Norvik", and "Norvik Eastmoor" is none that tells it from "Eastmoor".
        let has_longer = |key: &str, other: &str| {
            let has_other = |longer: &KnownName| longer.organization.core.iter().any(|word| other.contains(word));
            self.begun.get(key).is_some_and(|names| names.iter().any(|longer| !has_other(longer)))
        };
        let is_whole = |alone: &Alone<'_>, key, other| alone.name.organization.core.len() > 1 || has_longer(key, other);
        let (left, right) = pair;
        (is_whole(one, left, right) && is_whole(other, right, left)) || self.stand_beside(pair)
    }

    fn stand_beside(&self, (left, right): (&str, &str)) -> bool {
        self.beside.contains(&(left, right)) || self.beside.contains(&(right, left))
    }
}

/// Nothing ends between the names but a line.
fn is_near(between: &str) -> bool {
    between.len() <= NEAR && !between.contains(". ") && between.matches('\n').count() <= 1
}

/// Whether the form has a hyphen, a stroke or a comma behind its part with the key `left`.
fn has_joint(name: &KnownName, left: &str) -> bool {
    let cuts = JOINTS.iter().flat_map(|joint| name.surface.match_indices(joint));
    cuts.map(|(at, _)| &name.surface[..at]).any(|part| join(&split_words(part)) == left)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The bridges among names that stand one beside the other, each typed as its label says.
    fn found(marked: &[(&str, EntityType)], gap: &str) -> Vec<String> {
        let world = World::embedded();
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for (surface, entity_type) in marked {
            let start = text.len();
            text.push_str(surface);
            mentions.push(Mention { span: Span::new(start, text.len()), entity_type: *entity_type, score: 0.9 });
            text.push_str(gap);
        }
        let names: Vec<KnownName> = marked.iter().map(|(surface, _)| KnownName::read(surface, &world)).collect();
        let numbers: Vec<usize> = (0..names.len()).collect();
        let bridges = bridges(&world, &text, &mentions, &names, &numbers);
        names.iter().zip(bridges).filter(|(_, is)| *is).map(|(name, _)| name.surface.clone()).collect()
    }

    #[test]
    fn what_holds_two_names_is_a_bridge() {
        use EntityType::{Loc, Misc, Org};
        let far = " was there for a long while. Then came ";
        for (one, other, both) in [
            ("Norvik Rovers", "Eastmoor Wanderers", "Norvik Rovers Eastmoor Wanderers"),
            ("Norvik Rovers", "Quillon", "Norvik Rovers-Quillon"),
            ("Quillon", "Tarvia", "Quillon and Tarvia"),
            ("Quillon", "Tarvia", "Quillon/Tarvia"),
        ] {
            assert_eq!(found(&[(one, Org), (other, Org), (both, Org)], far), [both]);
            assert_eq!(found(&[(both, Misc), (other, Org), (one, Org)], far), [both]);
        }
        assert_eq!(found(&[("Quillon", Org), ("Tarvia", Org), ("Quillon Tarvia", Org)], " 2\n"), ["Quillon Tarvia"]);
        assert_eq!(found(&[("Oslo", Loc), ("Bergen", Loc), ("Oslo-Bergen", Loc)], far), ["Oslo-Bergen"]);
    }

    #[test]
    fn a_name_and_its_short_forms_are_no_bridge() {
        use EntityType::{Loc, Org, Per};
        for names in [
            [("Quillon Tarvia", Org), ("Quillon", Org), ("Tarvia", Org)],
            [("Chicago Bulls", Org), ("Chicago", Loc), ("Bulls", Org)],
            [("Chicago Bulls", Org), ("Chicago", Org), ("Bulls", Org)],
            [("Quillon Bank", Org), ("Quillon", Org), ("Bank", Org)],
            [("Holt & Neff", Org), ("Holt", Per), ("Neff", Per)],
            [("Quillon Tarvia", Org), ("Quillon Tarvia Corp", Org), ("Tarvia Corp", Org)],
        ] {
            assert!(found(&names, " was there for a long while. Then came ").is_empty(), "{names:?}");
        }
    }
}
