//! From entity names to numbered clusters: which mentions of a document take part in the cluster scores, and with which
//! entity on each side.

use super::cluster::Item;
use super::layout::ClusterMode;
use super::select::Selection;
use crate::annotation::AnnotatedDocument;
use crate::entity_type::EntityType;
use foldhash::fast::RandomState;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// What a gold mention without entity means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum NilRule {
    /// An entity of its own.
    #[default]
    Singleton,
    /// Nobody knows: the place is left out on both sides.
    Exclude,
    /// The same entity as the other such mentions of the document with its surface form.
    Surface,
}

impl NilRule {
    /// Name on the command line and in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Singleton => "singleton",
            Self::Exclude => "exclude",
            Self::Surface => "surface",
        }
    }
}

/// What a mention that one side lacks does to that side, end to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Twinless {
    /// Nothing: the mention earns nothing there (CoNLL scorer 8.01, Pradhan et al. 2014).
    #[default]
    Strict,
    /// The mention is added there as a singleton.
    Singleton,
}

impl Twinless {
    /// Name on the command line and in the JSON.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Strict => "strict",
            Self::Singleton => "singleton",
        }
    }
}

/// Entity of a mention on one side.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Absent,
    Alone,
    Cluster(u32),
}

/// A mention with its clusters, numbered over the whole corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorpusItem {
    key: Side,
    response: Side,
    surface: u32,
    /// Whether the types are the same, where both sides have the mention.
    same_type: bool,
}

impl CorpusItem {
    const fn is_in(self, mode: ClusterMode) -> bool {
        match mode {
            ClusterMode::EndToEnd => true,
            ClusterMode::GoldMentions => !matches!((self.key, self.response), (Side::Absent, _) | (_, Side::Absent)),
        }
    }
}

/// Numbers the entities and surface forms of a corpus as its documents come.
#[derive(Debug, Default)]
pub struct EntityNumbers<'a> {
    keys: NameNumbers,
    responses: NameNumbers,
    forms: HashMap<&'a str, u32, RandomState>,
    folded: HashMap<String, u32, RandomState>,
}

impl<'a> EntityNumbers<'a> {
    /// The mentions of one document that take part.
    pub fn items(
        &mut self,
        gold: &'a AnnotatedDocument,
        system: &AnnotatedDocument,
        selection: &Selection,
        nil: NilRule,
    ) -> Vec<CorpusItem> {
        let partial = gold.coverage().entities_partial;
        let mut of_surface: HashMap<u32, u32> = HashMap::new();
        let (mut keys, mut responses) = (Owners::of(gold), Owners::of(system));
        let mut items = Vec::with_capacity(selection.gold.len());
        for (gold_index, system_index) in selection.matches(gold, system) {
            let expected = gold_index.map(|index| &gold.mentions[index]);
            let found = system_index.map(|index| &system.mentions[index]);
            let Some(span) = expected.or(found).map(|mention| mention.span) else { continue };
            let surface = self.surface(span.of(gold.text()));
            let key = match gold_index.map(|index| keys.number(index, &mut self.keys)) {
                None if partial => continue,
                None => Side::Absent,
                Some(Some(cluster)) => Side::Cluster(cluster),
                Some(None) if partial || nil == NilRule::Exclude => continue,
                Some(None) if nil == NilRule::Surface => {
                    Side::Cluster(*of_surface.entry(surface).or_insert_with(|| self.keys.fresh()))
                }
                Some(None) => Side::Alone,
            };
            let response = match system_index.map(|index| responses.number(index, &mut self.responses)) {
                None => Side::Absent,
                Some(None) => Side::Alone,
                Some(Some(cluster)) => Side::Cluster(cluster),
            };
            let same_type = matches!((expected, found), (Some(expected), Some(found))
                if expected.entity_type == found.entity_type
                    || (found.entity_type != EntityType::UNTYPED
                        && gold_index.and_then(|index| gold.alternative(index)) == Some(found.entity_type)));
            items.push(CorpusItem { key, response, surface, same_type });
        }
        items
    }

    fn surface(&mut self, form: &'a str) -> u32 {
        if let Some(&number) = self.forms.get(form) {
            return number;
        }
        let next = u32::try_from(self.folded.len()).unwrap_or(u32::MAX);
        let number = *self.folded.entry(fold(form)).or_insert(next);
        self.forms.insert(form, number);
        number
    }
}

/// The entities of the mentions of one document, and the numbers of those that were asked for.
struct Owners<'a> {
    document: &'a AnnotatedDocument,
    of_mention: Vec<Option<usize>>,
    numbers: Vec<Option<u32>>,
}

impl<'a> Owners<'a> {
    fn of(document: &'a AnnotatedDocument) -> Self {
        Self { document, of_mention: document.owners(), numbers: vec![None; document.entities.len()] }
    }

    /// Number of the entity of a mention, over the whole corpus; `None` if it has no entity.
    fn number(&mut self, mention: usize, names: &mut NameNumbers) -> Option<u32> {
        let entity = self.of_mention[mention]?;
        let source_id = self.document.entities[entity].source_id.as_deref();
        Some(*self.numbers[entity].get_or_insert_with(|| names.get(source_id)))
    }
}

/// Numbers of entities in the order in which they are met.
#[derive(Debug, Default)]
struct NameNumbers {
    of_name: HashMap<Box<str>, u32, RandomState>,
    next: u32,
}

impl NameNumbers {
    /// The number of an entity with this id; one without an id of its source is of its document alone.
    fn get(&mut self, source_id: Option<&str>) -> u32 {
        let Some(id) = source_id else { return self.fresh() };
        if let Some(&number) = self.of_name.get(id) {
            return number;
        }
        let number = self.fresh();
        self.of_name.insert(id.into(), number);
        number
    }

    /// A number that no other has.
    const fn fresh(&mut self) -> u32 {
        self.next += 1;
        self.next - 1
    }
}

/// A surface form without differences of case, width and spacing.
fn fold(form: &str) -> String {
    let spaced: Vec<String> =
        form.nfkc().collect::<String>().split_whitespace().map(caseless::default_case_fold_str).collect();
    spaced.join(" ")
}

/// Renumbers clusters without gaps for one group of items after the other.
#[derive(Debug, Default)]
pub struct ItemBuilder {
    keys: Renumber,
    responses: Renumber,
}

impl ItemBuilder {
    /// The items of one document, or of any set of documents, for the metrics.
    pub fn build<'i>(
        &mut self,
        items: impl IntoIterator<Item = &'i CorpusItem, IntoIter: Clone>,
        mode: ClusterMode,
        twinless: Twinless,
    ) -> Vec<Item> {
        self.keys.begin();
        self.responses.begin();
        let twin =
            |side: Side| if twinless == Twinless::Singleton && side == Side::Absent { Side::Alone } else { side };
        let taken = items.into_iter().filter(|item| item.is_in(mode));
        // A list that grows as it is filled would take twice the memory of the corpus for a moment.
        let mut list = Vec::with_capacity(taken.clone().count());
        list.extend(taken.map(|item| Item {
            key: self.keys.get(twin(item.key)),
            response: self.responses.get(twin(item.response)),
            surface: item.surface,
        }));
        list
    }

    /// The same for the typed mention CEAF of TAC-KBP: a mention with another type is another mention.
    pub fn build_typed<'i>(&mut self, items: impl IntoIterator<Item = &'i CorpusItem, IntoIter: Clone>) -> Vec<Item> {
        self.keys.begin();
        self.responses.begin();
        let items = items.into_iter();
        let places = |item: &CorpusItem| if item.same_type { 1 } else { 2 };
        let mut typed = Vec::with_capacity(items.clone().map(places).sum());
        for item in items {
            let (key, response) = (self.keys.get(item.key), self.responses.get(item.response));
            if item.same_type {
                typed.push(Item { key, response, surface: item.surface });
            } else {
                typed.extend(key.map(|key| Item { key: Some(key), response: None, surface: item.surface }));
                typed.extend(response.map(|response| Item {
                    key: None,
                    response: Some(response),
                    surface: item.surface,
                }));
            }
        }
        typed
    }
}

#[derive(Debug, Default)]
struct Renumber {
    /// For each cluster of the corpus, the round in which it was last seen and its number there.
    seen: Vec<(u32, u32)>,
    round: u32,
    next: u32,
}

impl Renumber {
    const fn begin(&mut self) {
        self.round += 1;
        self.next = 0;
    }

    fn get(&mut self, side: Side) -> Option<u32> {
        let fresh = |next: &mut u32| {
            *next += 1;
            Some(*next - 1)
        };
        match side {
            Side::Absent => None,
            Side::Alone => fresh(&mut self.next),
            Side::Cluster(cluster) => {
                let index = cluster as usize;
                if self.seen.len() <= index {
                    self.seen.resize(index + 1, (0, 0));
                }
                if self.seen[index].0 != self.round {
                    self.seen[index] = (self.round, fresh(&mut self.next)?);
                }
                Some(self.seen[index].1)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_folded() {
        assert_eq!(fold("  ＮＡＴＯ\u{a0} Straße "), "nato strasse");
        assert_eq!(fold("Ban\nKi-moon"), "ban ki-moon");
    }
}
