//! Mentions whose type is a model's own (`DRUG`, `LAW`): no grammar reads their names and no score has learned from them,
//! so they join only their own type, by equal names and by acronyms.

use super::known_name::KnownName;
use crate::entity_type::EntityType;
use std::collections::HashMap;

/// Shortest acronym that is believed: two letters stand for too much.
const SHORTEST: usize = 3;

/// What entities of own types are found by.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Handle {
    /// The folded words; the surface, where there are none.
    Name(String),
    /// Letters that are its name.
    Acronym(String),
    /// Letters that spell its name, word by word.
    Spelled(String),
}

/// Entities of own types.
#[derive(Debug, Default)]
pub(crate) struct OwnEntities(HashMap<(EntityType, Handle), usize>);

impl OwnEntities {
    /// The entity of this type that bears the name, or is spelled by it, or spells it; the latest that was given a form.
    pub(crate) fn find(&self, entity_type: EntityType, name: &KnownName) -> Option<usize> {
        let get = |handle| self.0.get(&(entity_type, handle)).copied();
        get(full(name))
            .or_else(|| acronym(name).and_then(|letters| get(Handle::Spelled(letters))))
            .or_else(|| spellings(name).find_map(|letters| get(Handle::Acronym(letters))))
    }

    /// Gives an entity the name.
    pub(crate) fn insert(&mut self, entity_type: EntityType, name: &KnownName, entity: usize) {
        let short = acronym(name).map(Handle::Acronym).into_iter().chain(spellings(name).map(Handle::Spelled));
        for handle in std::iter::once(full(name)).chain(short) {
            self.0.insert((entity_type, handle), entity);
        }
    }
}

fn full(name: &KnownName) -> Handle {
    Handle::Name(if name.is_blank() { name.surface.clone() } else { name.key.clone() })
}

fn acronym(name: &KnownName) -> Option<String> {
    name.acronym.clone().filter(|letters| letters.chars().count() >= SHORTEST)
}

/// The acronyms that a name of several words may have.
fn spellings(name: &KnownName) -> impl Iterator<Item = String> + '_ {
    let several = if name.words.len() > 1 { name.organization.acronyms() } else { &[] };
    several.iter().filter(|letters| letters.chars().count() >= SHORTEST).cloned()
}

#[cfg(test)]
mod tests {
    use crate::document::Span;
    use crate::entity::Entity;
    use crate::entity_type::EntityType;
    use crate::mention::Mention;
    use crate::resolve::Resolver;

    /// Resolves names that stand in brackets, typed by what follows them: "[Novamycin/DRUG]".
    fn resolve(marked: &str) -> (Vec<Entity>, Vec<Mention>) {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for part in marked.split_inclusive(['[', ']']) {
            let Some((name, label)) = part.strip_suffix(']').and_then(|part| part.rsplit_once('/')) else {
                text.push_str(part.trim_end_matches('['));
                continue;
            };
            let span = Span::new(text.len(), text.len() + name.len());
            text.push_str(name);
            mentions.push(Mention { span, entity_type: EntityType::from_label(label), score: 0.4 });
        }
        (Resolver::embedded().resolve(&text, &mut mentions), mentions)
    }

    fn groups(marked: &str) -> Vec<(String, Vec<usize>)> {
        let (entities, _) = resolve(marked);
        entities
            .into_iter()
            .map(|entity| (format!("{}/{}", entity.name, entity.entity_type), entity.mentions))
            .collect()
    }

    #[test]
    fn equal_names_of_one_label_are_one_whatever_their_case_and_white_space() {
        let found =
            groups("[Novamycin/DRUG] and [NOVAMYCIN/DRUG], [novamycin/DRUG] or [Nova  Mycin/DRUG], [Nova Mycin/DRUG]");
        assert_eq!(found, [("Novamycin/DRUG".into(), vec![0, 1, 2]), ("Nova Mycin/DRUG".into(), vec![3, 4])]);
    }

    #[test]
    fn an_acronym_joins_its_expansion_before_or_after_it() {
        let found = groups("The [Harbour Safety Act/LAW]. The [HSA/LAW] was passed. [QRX/DRUG] is not [HSA/DRUG].");
        assert_eq!(found[0], ("Harbour Safety Act/LAW".into(), vec![0, 1]));
        assert_eq!(found.len(), 3);
        let late = groups("[HSA/LAW] means [Harbour Safety Act/LAW]");
        assert_eq!(late, [("Harbour Safety Act/LAW".into(), vec![0, 1])]);
    }

    #[test]
    fn parts_and_spellings_of_names_say_nothing() {
        let found =
            groups("[Harbour Safety Act/LAW], [Safety Act/LAW], [Harbor Safety Act/LAW], [Mr Holt/LAW], [Holt/LAW]");
        assert_eq!(found.len(), 5);
    }

    #[test]
    fn no_type_is_voted_into_another() {
        let text = "[Holt/PER] took [Holt/DRUG]. [Holt/PER] and [Holt/PER] like [Holt/DRUG] by [Holt/ORG], [Holt/Drug]";
        let (entities, mentions) = resolve(text);
        let labels: Vec<&str> = mentions.iter().map(|mention| mention.entity_type.label()).collect();
        assert_eq!([labels[1], labels[4], labels[6]], ["DRUG", "DRUG", "Drug"]);
        let drug = entities.iter().find(|entity| entity.entity_type.label() == "DRUG").unwrap();
        assert_eq!(drug.mentions, [1, 4]);
        // What stands beside them does not change what becomes of people.
        let person = entities.iter().find(|entity| entity.entity_type == EntityType::Per).unwrap();
        assert!([0, 2, 3].iter().all(|mention| person.mentions.contains(mention)));
    }
}
