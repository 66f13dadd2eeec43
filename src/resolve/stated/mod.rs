//! What the text itself states about its names, from the words between and around them.
//!
//! In come a text and its mentions; out come the definitions of letters, and claims about pairs of names: that both are
//! one's, that one is a part of the other, that they are two. A statement of the document wins over what is known of the
//! world and over every likeness of names.

mod definition;
mod statement;

use super::known_name::KnownName;
use crate::knowledge::{Sense, World};
use crate::mention::Mention;
use crate::name::{Name, OrganizationFit, acronym_letters, join, similar, split_words};
pub(crate) use definition::Definition;
use definition::definitions;
use statement::statements;
pub(crate) use statement::{Claim, Statement};
use std::collections::{HashMap, HashSet};

/// What the document says of two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing.
    Silent,
    /// Both are names of one.
    Same,
    /// One is short for the other.
    Defined,
    /// The letters of one are short for something else than the other.
    Elsewhere,
    /// They are two.
    Different,
}

/// The statements of one document.
#[derive(Debug, Default)]
pub(crate) struct Stated {
    by_letters: HashMap<String, Vec<Definition>>,
    statements: Vec<Statement>,
    /// For each mention of a statement, the numbers of its statements.
    of_mention: HashMap<usize, Vec<usize>>,
    /// For each name by number, what it shares with its spelling variants; empty where nothing is stated.
    handles: Vec<usize>,
    same: HashSet<(usize, usize)>,
    different: HashSet<(usize, usize)>,
    /// Letters and what they are short for.
    defined: HashSet<(usize, usize)>,
}

impl Stated {
    /// Reads what `text` states of its `mentions`.
    pub(crate) fn read(text: &str, mentions: &[Mention]) -> Self {
        let spans = mentions.iter().map(|mention| mention.span);
        let letters: Vec<_> = spans.filter(|span| acronym_letters(span.of(text)).is_some()).collect();
        let mut by_letters: HashMap<String, Vec<Definition>> = HashMap::new();
        for definition in definitions(text, &letters) {
            by_letters.entry(definition.letters.clone()).or_default().push(definition);
        }
        let statements = statements(text, mentions);
        let mut of_mention: HashMap<usize, Vec<usize>> = HashMap::new();
        for (number, statement) in statements.iter().enumerate() {
            for mention in [statement.first, statement.second] {
                of_mention.entry(mention).or_default().push(number);
            }
        }
        Self { by_letters, statements, of_mention, ..Self::default() }
    }

    /// What the document says that folded letters ("ira") stand for, in the order of the text; empty if it does not say.
    pub(crate) fn definitions(&self, letters: &str) -> &[Definition] {
        self.by_letters.get(letters).map_or(&[], Vec::as_slice)
    }

    /// Those among the senses of letters that the document's definition of them leaves; all, if it has none.
    pub(crate) fn possible(&self, letters: &str, senses: &[Sense], world: &World) -> Vec<Sense> {
        let defined = self.definitions(letters);
        if defined.is_empty() {
            return senses.to_vec();
        }
        let fits = |sense: &Sense| {
            defined.iter().any(|definition| {
                let name = world.entry(*sense).map(|entry| join(&split_words(&entry.name)));
                world.senses("", &definition.key).contains(sense)
                    || name.is_some_and(|name| name == definition.key || similar(&name, &definition.key))
            })
        };
        senses.iter().copied().filter(fits).collect()
    }

    /// The claims about mentions, in the order of the text but for codes of shares.
    pub(crate) fn statements(&self) -> &[Statement] {
        &self.statements
    }

    /// The names, by number, that the text says were somebody's before.
    pub(crate) fn former_names(&self, name_of: &[usize]) -> Vec<usize> {
        let former = self.statements.iter().filter(|statement| statement.claim == Claim::Formerly);
        former.filter_map(|statement| name_of.get(statement.second).copied()).collect()
    }

    /// The claims that make another mention a name of the same, and that mention.
    pub(crate) fn same_as(&self, mention: usize) -> impl Iterator<Item = (Claim, usize)> + '_ {
        let statements = self.of_mention.get(&mention).into_iter().flatten().map(|&number| self.statements[number]);
        let identities = statements.filter(|statement| statement.claim.is_identity());
        identities.filter_map(move |statement| Some((statement.claim, statement.partner_of(mention)?)))
    }

    /// Makes the statements hold for every mention with one of the names; `name_of` has the number of each mention's name.
    pub(crate) fn bind(&mut self, mentions: &[Mention], names: &[KnownName], name_of: &[usize]) {
        if self.statements.is_empty() && self.by_letters.is_empty() {
            return;
        }
        let mut numbers: HashMap<String, usize> = HashMap::new();
        let mut number = |handle: String| {
            let next = numbers.len();
            *numbers.entry(handle).or_insert(next)
        };
        self.handles = names.iter().map(|name| number(handle(name))).collect();
        for definition in self.by_letters.values().flatten() {
            let place = definition.expansion;
            let tagged = mentions.iter().position(|mention| mention.span.end == place.end);
            // A mention that holds more is another name.
            let tagged = tagged.filter(|&at| names[name_of[at]].key == definition.key);
            let long = tagged.map_or_else(|| number(definition.key.clone()), |at| self.handles[name_of[at]]);
            self.defined.insert((number(definition.letters.clone()), long));
        }
        for statement in &self.statements {
            let [first, second] = [statement.first, statement.second].map(|mention| self.handles[name_of[mention]]);
            if first == second {
                continue;
            }
            let pair = (first.min(second), first.max(second));
            match statement.claim {
                // A family name at birth is others' too: only this mention of it is hers.
                Claim::Born => false,
                Claim::AlsoKnown | Claim::Formerly => self.same.insert(pair),
                Claim::PartOf => self.different.insert(pair),
                Claim::Distinct => {
                    let [first, second] = [statement.first, statement.second].map(|mention| &names[name_of[mention]]);
                    is_part_of_name(first, second) && self.different.insert(pair)
                }
            };
        }
        self.different.retain(|pair| !self.same.contains(pair));
        self.part_short_forms(names);
    }

    /// "Corvid Mobile Services, a unit of Corvid": then "Corvid Mobile" is no name of Corvid either.
    fn part_short_forms(&mut self, names: &[KnownName]) {
        let words = |handle: usize| {
            let name = self.handles.iter().position(|known| *known == handle).and_then(|name| names.get(name));
            name.map(|name| name.organization.core.clone()).unwrap_or_default()
        };
        let mut more = Vec::new();
        for &(one, other) in &self.different {
            let (one, other) = ((one, words(one)), (other, words(other)));
            let (short, long) = if one.1.len() < other.1.len() { (one, other) } else { (other, one) };
            if short.1.is_empty() || !long.1.starts_with(&short.1) {
                continue;
            }
            for (name, &handle) in names.iter().zip(&self.handles) {
                let core = &name.organization.core;
                if core.len() > short.1.len() && core.len() < long.1.len() && long.1.starts_with(core) {
                    more.push((handle.min(short.0), handle.max(short.0)));
                }
            }
        }
        self.different.extend(more);
    }

    /// For each name that is stated to be another's too, its number and a key under which the two find each other.
    pub(crate) fn keys(&self) -> Vec<(usize, String)> {
        let mut bearers: HashMap<usize, Vec<usize>> = HashMap::new();
        for (name, &handle) in self.handles.iter().enumerate() {
            bearers.entry(handle).or_default().push(name);
        }
        let mut pairs: Vec<(usize, usize)> = self.same.iter().chain(&self.defined).copied().collect();
        pairs.sort_unstable();
        let of = |handle: usize| bearers.get(&handle).into_iter().flatten().copied();
        let keys =
            |(one, other): (usize, usize)| of(one).chain(of(other)).map(move |name| (name, format!("!{one}/{other}")));
        pairs.into_iter().flat_map(keys).collect()
    }

    /// What is said of two names, by their numbers.
    pub(crate) fn verdict(&self, one: usize, other: usize, names: &[KnownName]) -> Verdict {
        if self.handles.is_empty() {
            return Verdict::Silent;
        }
        let (first, second) = (self.handles[one], self.handles[other]);
        if first == second {
            return Verdict::Silent;
        }
        let pair = (first.min(second), first.max(second));
        if self.different.contains(&pair) {
            return Verdict::Different;
        }
        if self.same.contains(&pair) {
            return Verdict::Same;
        }
        if self.defined.contains(&(first, second)) || self.defined.contains(&(second, first)) {
            return Verdict::Defined;
        }
        let elsewhere = |short: &Name, long: &Name| {
            short.acronym.as_ref().is_some_and(|letters| {
                !self.definitions(letters).is_empty()
                    && long.organization.acronym_fit(letters) != OrganizationFit::Nothing
            })
        };
        if elsewhere(&names[one], &names[other]) || elsewhere(&names[other], &names[one]) {
            return Verdict::Elsewhere;
        }
        Verdict::Silent
    }
}

/// Whether one name begins or ends with the other, so that their likeness could make them one; common words are not
/// enough: "this Court, as well as the Court of Appeals".
fn is_part_of_name(one: &Name, other: &Name) -> bool {
    let (one, other) = (&one.organization, &other.organization);
    let (short, long) = if one.core.len() <= other.core.len() { (one, other) } else { (other, one) };
    !short.generic && (long.core.starts_with(&short.core) || long.core.ends_with(&short.core))
}

/// What a name has in common with those that differ in their legal form only.
fn handle(name: &Name) -> String {
    match &name.acronym {
        Some(letters) => letters.clone(),
        None => name.organization.core.join(" "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn left(text: &str, letters: &str) -> Vec<String> {
        let world = World::embedded();
        let stated = Stated::read(text, &[]);
        let senses = stated.possible(&letters.to_lowercase(), &world.senses(letters, &letters.to_lowercase()), &world);
        senses.into_iter().filter_map(|sense| world.entry(sense)).map(|entry| entry.name.clone()).collect()
    }

    #[test]
    fn a_definition_wins_over_what_letters_are_known_for() {
        assert_eq!(left("The World Hat Order (WHO) met.", "WHO"), [""; 0]);
        assert_eq!(left("The World Health Organization (WHO) met.", "WHO"), ["World Health Organization"]);
        assert_eq!(left("The World Health Organisation (WHO) met.", "WHO"), ["World Health Organization"]);
        assert_eq!(left("The WHO met.", "WHO"), ["World Health Organization"]);
    }
}
