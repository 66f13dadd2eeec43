//! Finds the entities that a name may belong to without looking at all of them.

use super::known_name::KnownName;
use crate::knowledge::World;
use crate::name::{full_names, skeleton};
use std::collections::HashMap;

/// Entities kept under one key: enough for every namesake that a reader could tell apart, and a bound on the cost of
/// documents with a hundred thousand names.
const PER_KEY: usize = 32;

/// Consonants that spelling variants of a word share at its beginning.
const CONSONANTS: usize = 4;

/// Entities returned for one name.
const PER_NAME: usize = 48;

/// From the keys of names to entities.
#[derive(Debug, Default)]
pub(crate) struct Index {
    numbers: HashMap<String, usize>,
    /// Entities under each key, latest last.
    entities: Vec<Vec<usize>>,
}

impl Index {
    /// The numbers of the keys of a name, the most telling first.
    pub(crate) fn keys(&mut self, name: &KnownName, world: &World) -> Vec<usize> {
        let mut keys = vec![format!("={}", name.key), format!("+{}", name.organization.core.concat())];
        let countries = name.senses.iter().filter_map(|sense| world.entry(*sense)).filter_map(|entry| entry.country);
        keys.extend(name.senses.iter().copied().chain(countries).map(|sense| format!("#{sense:?}")));
        keys.push(format!(",{}", name.place.head()));
        keys.extend(name.short_for.iter().map(|city| format!("={city}")));
        // "Andean" and "Andes", "Viennese" and "Vienna".
        if name.words.len() == 1 && name.key.chars().count() > 3 {
            keys.push(format!("^{}", name.key.chars().take(4).collect::<String>()));
        }
        if let Some(letters) = &name.acronym {
            keys.push(format!("@{letters}"));
            keys.extend(letters.chars().next().map(|first| format!("%{first}")));
        }
        keys.extend(name.organization.initials().map(|initials| format!("@{initials}")));
        if name.organization.content.len() > 1 {
            keys.extend(
                name.organization.content.iter().take(1).filter_map(|w| w.chars().next()).map(|c| format!("%{c}")),
            );
        }
        for word in name.words.iter().map(|word| word.folded.as_str()).filter(|word| word.chars().count() > 1) {
            keys.push(if word.len() > 3 { word.strip_suffix('s').unwrap_or(word).to_owned() } else { word.to_owned() });
            let consonants = skeleton(word);
            if consonants.chars().count() > 1 {
                keys.push(format!("~{}", consonants.chars().take(CONSONANTS).collect::<String>()));
            }
        }
        // "Bill" and "Shaq" alone, for William and Shaquille.
        let given = name
            .person
            .given
            .as_ref()
            .or_else(|| name.words.first().filter(|_| name.words.len() == 1).map(|w| &w.folded));
        if let Some(given) = given {
            keys.push(format!("^{}", given.chars().take(4).collect::<String>()));
            keys.extend(full_names(given).filter(|full| full.sure).map(|full| format!("&{}", full.name)));
        }
        let mut numbers: Vec<usize> = Vec::with_capacity(keys.len());
        self.add_keys(keys.into_iter(), &mut numbers);
        numbers
    }

    /// Adds the numbers of more keys.
    pub(crate) fn add_keys(&mut self, keys: impl Iterator<Item = String>, numbers: &mut Vec<usize>) {
        for key in keys {
            let next = self.entities.len();
            let number = *self.numbers.entry(key).or_insert(next);
            if number == next {
                self.entities.push(Vec::new());
            }
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
    }

    /// The entities under any of the keys, ascending.
    pub(crate) fn find(&self, keys: &[usize]) -> Vec<usize> {
        let mut found: Vec<usize> = Vec::new();
        for &key in keys {
            for &entity in self.entities[key].iter().rev() {
                if found.len() < PER_NAME && !found.contains(&entity) {
                    found.push(entity);
                }
            }
        }
        found.sort_unstable();
        found
    }

    /// Makes `entity` known under the keys.
    pub(crate) fn insert(&mut self, keys: &[usize], entity: usize) {
        for &key in keys {
            let list = &mut self.entities[key];
            if !list.contains(&entity) {
                if list.len() == PER_KEY {
                    list.remove(0);
                }
                list.push(entity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variants_are_found_and_strangers_are_not() {
        let world = World::embedded();
        let mut index = Index::default();
        for (entity, surface) in ["Harbour Workers Union", "Maria Ardenova", "Norvik plc"].into_iter().enumerate() {
            let keys = index.keys(&KnownName::read(surface, &world), &world);
            index.insert(&keys, entity);
        }
        let mut find = |surface: &str| {
            let keys = index.keys(&KnownName::read(surface, &world), &world);
            index.find(&keys)
        };
        assert_eq!(find("HWU"), [0]);
        assert_eq!(find("Ardanova"), [1]);
        assert_eq!(find("NORVIK"), [2]);
        assert!(find("Eastmoor").is_empty());
    }
}
