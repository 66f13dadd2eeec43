//! A corpus entity as the scorer sees it: its names with their frequencies, and what it is mentioned together with.

use crate::entity_type::EntityType;
use crate::name::{Form, Key, Strength, key_of};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// Documents whose contexts stand for an entity: the latest ones, enough to know its company, few enough to be cheap.
pub(crate) const CONTEXT_DOCUMENTS: usize = 32;

/// Forms of several words that are compared one by one; further ones are rare variants of these.
const LONG_FORMS: usize = 32;

/// A name that fewer than one in so many documents choose as canonical is a side name.
const SIDE_NAME: u64 = 10;

/// How often an entity bears a name.
#[derive(Debug, Clone, Default)]
pub(crate) struct NameUse {
    /// Documents that use it.
    pub(crate) documents: u32,
    /// Documents that choose it as the canonical name.
    pub(crate) named: u32,
    /// Some surface has lower-case letters, so an all-caps one is a headline rather than an acronym.
    pub(crate) lower_case: bool,
    /// "jr" and the like, where a person's name has it.
    pub(crate) generation: Option<String>,
}

/// What is known of a candidate.
#[derive(Debug, Clone)]
pub(crate) struct Profile {
    pub(crate) entity_type: EntityType,
    pub(crate) knowledge_id: Option<String>,
    pub(crate) documents: u32,
    pub(crate) names: BTreeMap<Key, NameUse>,
    /// Names of several words, in order of appearance.
    pub(crate) long_forms: Vec<Form>,
    pub(crate) strongest: Option<Strength>,
    /// The names in its latest documents, sorted, oldest document first; none if they were not read.
    contexts: Option<VecDeque<Box<[Key]>>>,
}

impl Profile {
    pub(crate) const fn new(entity_type: EntityType, knowledge_id: Option<String>, documents: u32) -> Self {
        Self {
            entity_type,
            knowledge_id,
            documents,
            names: BTreeMap::new(),
            long_forms: Vec::new(),
            strongest: None,
            contexts: None,
        }
    }

    /// Adds a surface form that `documents` more documents use, `named` of them as canonical name.
    pub(crate) fn add_name(&mut self, surface: &str, documents: u32, named: u32) {
        let Some(form) = Form::parse(surface, self.entity_type) else { return };
        let name = self.names.entry(form.key).or_default();
        name.documents += documents;
        name.named += named;
        name.lower_case |= surface.chars().any(char::is_lowercase);
        if name.generation.is_none() {
            name.generation = form.generation().map(str::to_owned);
        }
        self.strongest = self.strongest.max(Some(form.strength));
        if form.words.len() > 1 && self.long_forms.len() < LONG_FORMS {
            let known = self.long_forms.iter().any(|known| known.key == form.key);
            if !known {
                self.long_forms.push(form);
            }
        }
    }

    /// Whether it has a name of these folded words.
    pub(crate) fn bears(&self, words: &str) -> bool {
        self.names.contains_key(&key_of(words))
    }

    /// Whether a single word is a name that the entity bears by the way, as a country may bear that of its capital: it is
    /// hardly ever the canonical name, and no part of a longer one.
    pub(crate) fn is_side_name(&self, form: &Form) -> bool {
        let named = self.names.get(&form.key).map_or(0, |name| name.named);
        let rare = u64::from(named) * SIDE_NAME < u64::from(self.documents);
        let word = form.words.first().map(String::as_str);
        rare && !self
            .long_forms
            .iter()
            .filter_map(Form::ends)
            .any(|(first, last)| word == Some(first) || word == Some(last))
    }

    pub(crate) const fn has_context(&self) -> bool {
        self.contexts.is_some()
    }

    /// Sets the contexts of the latest documents, each sorted, oldest first.
    pub(crate) fn set_context(&mut self, documents: Vec<Vec<Key>>) {
        self.contexts = Some(documents.into_iter().map(Vec::into_boxed_slice).collect());
    }

    /// Adds the sorted context of a new document, if contexts were loaded: else they are read when they are asked for.
    pub(crate) fn add_context(&mut self, document: &[Key]) {
        let Some(contexts) = &mut self.contexts else { return };
        contexts.push_back(document.into());
        if contexts.len() > CONTEXT_DOCUMENTS {
            contexts.pop_front();
        }
    }

    /// In what part of the entity's latest documents the most frequent of `keys` occurs, 0 to 1.
    pub(crate) fn share_with(&self, keys: &[Key]) -> f64 {
        let Some(contexts) = &self.contexts else { return 0.0 };
        let documents_with = |key: &Key| contexts.iter().filter(|document| document.binary_search(key).is_ok()).count();
        let most = keys.iter().map(documents_with).max().unwrap_or(0);
        most as f64 / (contexts.len().max(1) as f64)
    }

    /// Whether more than `least` different names stand in the entity's latest documents, its own included.
    pub(crate) fn has_more_company_than(&self, least: usize) -> bool {
        let mut company = BTreeSet::new();
        self.contexts.iter().flatten().flat_map(|document| document.iter()).any(|key| {
            company.insert(key);
            company.len() > least
        })
    }
}
