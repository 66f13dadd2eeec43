//! A document with everything that is known about its names: what the pipeline makes, what every format reads and writes,
//! what the scores are computed from.

use crate::document::{Document, OffsetMap, OffsetUnit, Span};
use crate::entity::{Alias, Entity, Relation, RelationTarget, mean_score};
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::token_labels::TokenLabels;
use crate::view::View;
use crate::why::{Rival, Why};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A document with its mentions and entities.
///
/// From the pipeline, the mentions are sorted and do not overlap, and each belongs to exactly one entity. From a file they
/// stand as the file has them: they may overlap, lack a type ([`EntityType::UNTYPED`]) or belong to no entity.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct AnnotatedDocument {
    /// The document as it was read.
    pub document: Document,
    /// Sentences of tokens as the tagger saw them; empty where no tagger was at work (the source's own tokens are in
    /// [`Document::sentences`]).
    pub tokens: Vec<Vec<Span>>,
    /// Mentions; each carries the type of its entity, unless the tagger was sure of another ("England", the country and its
    /// team).
    pub mentions: Vec<Mention>,
    /// Entities, ordered by their first mention.
    pub entities: Vec<Entity>,
    /// What few sources say besides.
    pub extras: Option<Box<Extras>>,
}

/// What annotations from a file may say beyond names and entities.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Extras {
    /// Which part of the document is annotated, and with what.
    pub coverage: Coverage,
    /// What single mentions are marked with, by their index.
    pub marks: BTreeMap<usize, Mark>,
    /// Label of each token, parallel to [`Document::sentences`], where the file labels tokens.
    pub token_labels: Option<TokenLabels>,
    /// The unit in which all spans count while the text is not known: the file gives offsets only.
    pub unplaced: Option<OffsetUnit>,
}

/// Rarer facts about a mention.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Mark {
    /// A second type that is right too.
    pub alternative: Option<EntityType>,
    /// Why the mention is neither required nor punished.
    pub skip: Option<Box<str>>,
    /// Whether it is a pronoun or a common noun, not a name.
    pub coref: bool,
    /// Its own entry in a knowledge base, where its entity has none, or it has no entity.
    pub link: Option<Box<str>>,
    /// Why it belongs to its entity, where somebody asked.
    pub why: Option<Box<Why>>,
}

impl Mark {
    fn rival_mut(&mut self) -> Option<&mut Rival> {
        self.why.as_mut()?.runner_up.as_mut()
    }
}

/// How completely a document is annotated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Only this part is annotated.
    pub part: Option<Span>,
    /// Whether every name is annotated.
    pub exhaustive: bool,
    /// The types that are annotated; `None` for all.
    pub types: Option<Vec<EntityType>>,
    /// Whether a mention without entity may still belong to one.
    pub entities_partial: bool,
}

impl Coverage {
    /// Everything is annotated.
    pub const FULL: Self = Self { part: None, exhaustive: true, types: None, entities_partial: false };
}

impl Default for Coverage {
    fn default() -> Self {
        Self::FULL
    }
}

impl AnnotatedDocument {
    /// A document in which nothing has been found yet.
    #[must_use]
    pub fn new(document: Document) -> Self {
        Self { document, ..Self::default() }
    }

    /// The document's id.
    #[must_use]
    pub fn id(&self) -> &str {
        &self.document.id
    }

    /// The text; empty where it is not known.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.document.text
    }

    /// Whether the text is known; without it spans are not bytes, see [`Extras::unplaced`].
    #[must_use]
    pub fn has_text(&self) -> bool {
        self.extras.as_ref().is_none_or(|extras| extras.unplaced.is_none())
    }

    /// Sentences of tokens: those of the tagger, else those of the source; `None` where neither has any.
    #[must_use]
    pub fn sentences(&self) -> Option<&[Vec<Span>]> {
        if self.tokens.is_empty() { self.document.sentences.as_deref() } else { Some(&self.tokens) }
    }

    /// Label of each token, where the source labels tokens.
    #[must_use]
    pub fn token_labels(&self) -> Option<&TokenLabels> {
        self.extras.as_ref()?.token_labels.as_ref()
    }

    /// Which part of the document is annotated, and with what.
    #[must_use]
    pub fn coverage(&self) -> &Coverage {
        const FULL: &Coverage = &Coverage::FULL;
        self.extras.as_ref().map_or(FULL, |extras| &extras.coverage)
    }

    /// The rarer facts about a mention, if there are any.
    #[must_use]
    pub fn mark(&self, mention: usize) -> Option<&Mark> {
        self.extras.as_ref()?.marks.get(&mention)
    }

    /// The rarer facts about a mention, to be changed.
    pub fn mark_mut(&mut self, mention: usize) -> &mut Mark {
        self.extras_mut().marks.entry(mention).or_default()
    }

    /// What few sources say, to be changed.
    pub fn extras_mut(&mut self) -> &mut Extras {
        self.extras.get_or_insert_default()
    }

    /// Whether the source says to leave the mention out.
    #[must_use]
    pub fn is_skipped(&self, mention: usize) -> bool {
        self.mark(mention).is_some_and(|mark| mark.skip.is_some())
    }

    /// Whether the mention is a pronoun or a common noun.
    #[must_use]
    pub fn is_coref(&self, mention: usize) -> bool {
        self.mark(mention).is_some_and(|mark| mark.coref)
    }

    /// A second type of the mention that is right too.
    #[must_use]
    pub fn alternative(&self, mention: usize) -> Option<EntityType> {
        self.mark(mention)?.alternative
    }

    /// Entry of a mention in a knowledge base: its own, else that of its entity, which [`owners`](Self::owners) tells.
    #[must_use]
    pub fn link(&self, mention: usize, owner: Option<usize>) -> Option<&str> {
        let own = self.mark(mention).and_then(|mark| mark.link.as_deref());
        own.or_else(|| self.entities.get(owner?)?.knowledge_id.as_deref())
    }

    /// For each mention, the index of its entity, if it has one.
    #[must_use]
    pub fn owners(&self) -> Vec<Option<usize>> {
        let mut owners = vec![None; self.mentions.len()];
        for (index, entity) in self.entities.iter().enumerate() {
            for &mention in &entity.mentions {
                if let Some(slot) = owners.get_mut(mention) {
                    *slot = Some(index);
                }
            }
        }
        owners
    }

    /// The index of a mention's entity, if it has one; [`owners`](Self::owners) finds all of them at once.
    #[must_use]
    pub fn entity_of(&self, mention: usize) -> Option<usize> {
        self.entities.iter().position(|entity| entity.mentions.contains(&mention))
    }

    /// Identifier of entity number `index` in what we write: the document's id, `#`, and the number counted from 1. Unique
    /// over a corpus whose document ids are unique.
    #[must_use]
    pub fn entity_id(&self, index: usize) -> String {
        format!("{}#{}", self.document.id, index + 1)
    }

    /// What entity number `index` is known by: the id that its source gives it, else that which we give it.
    #[must_use]
    pub fn entity_key(&self, index: usize) -> Cow<'_, str> {
        let own = self.entities.get(index).and_then(|entity| entity.source_id.as_deref());
        own.map_or_else(|| Cow::Owned(self.entity_id(index)), Cow::Borrowed)
    }

    /// Whether any mention has an entity.
    #[must_use]
    pub fn has_entities(&self) -> bool {
        self.entities.iter().any(|entity| !entity.mentions.is_empty())
    }

    /// Whether any mention is linked to a knowledge base.
    #[must_use]
    pub fn has_links(&self) -> bool {
        self.entities.iter().any(|entity| entity.knowledge_id.is_some() && !entity.mentions.is_empty())
            || self.extras.as_ref().is_some_and(|extras| extras.marks.values().any(|mark| mark.link.is_some()))
    }

    /// A relation of an entity in words: "part of Brentano".
    #[must_use]
    pub fn relation_words(&self, relation: &Relation) -> String {
        let name = match &relation.target {
            RelationTarget::Entity(index) => self.entities.get(*index).map_or("", |entity| entity.name.as_str()),
            RelationTarget::Name(name) => name,
        };
        format!("{} {name}", relation.kind.words())
    }

    /// Why the mention belongs to its entity, where somebody asked.
    #[must_use]
    pub fn why(&self, mention: usize) -> Option<&Why> {
        self.mark(mention)?.why.as_deref()
    }

    /// Gives a document that came without its text one, and turns every span into bytes of it.
    ///
    /// # Errors
    /// The first span, in its own unit, that is empty, lies outside the text or inside a character.
    pub fn place(&mut self, text: String) -> Result<(), Span> {
        let unit = self.extras.as_ref().and_then(|extras| extras.unplaced).unwrap_or(OffsetUnit::Byte);
        self.convert_spans(&text, unit)?;
        if let Some(extras) = &mut self.extras {
            extras.unplaced = None;
        }
        self.extras.take_if(|extras| **extras == Extras::default());
        self.document.text = text;
        Ok(())
    }

    /// Turns every span, counted in `unit` of `text`, into bytes.
    pub(crate) fn convert_spans(&mut self, text: &str, unit: OffsetUnit) -> Result<(), Span> {
        let map = OffsetMap::new(text, unit);
        let convert = |span: &mut Span| {
            let (start, end) = (map.to_byte(span.start).ok_or(*span)?, map.to_byte(span.end).ok_or(*span)?);
            if start >= end {
                return Err(*span);
            }
            *span = Span::new(start, end);
            Ok(())
        };
        self.mentions.iter_mut().try_for_each(|mention| convert(&mut mention.span))?;
        self.document.sentences.iter_mut().flatten().flatten().try_for_each(convert)?;
        self.extras.iter_mut().filter_map(|extras| extras.coverage.part.as_mut()).try_for_each(convert)
    }

    /// Drops the mentions for which `keep` is false, and the entities that lose all of theirs. Names stay as they were:
    /// a dropped mention was still right to read.
    pub fn retain(&mut self, mut keep: impl FnMut(usize, &Mention) -> bool) {
        let kept: Vec<bool> = self.mentions.iter().enumerate().map(|(index, mention)| keep(index, mention)).collect();
        if kept.iter().all(|&kept| kept) {
            return;
        }
        let mut next = 0;
        let new_index: Vec<usize> = kept
            .iter()
            .map(|&kept| {
                next += usize::from(kept);
                next - usize::from(kept)
            })
            .collect();
        let view = View::of(&self.document.text);
        let mut index = 0;
        self.mentions.retain(|_| {
            index += 1;
            kept[index - 1]
        });
        for entity in &mut self.entities {
            let before = entity.mentions.len();
            entity.mentions.retain(|&mention| kept[mention]);
            let changed = entity.mentions.len() < before;
            for mention in &mut entity.mentions {
                *mention = new_index[*mention];
            }
            if changed && !entity.mentions.is_empty() && !entity.aliases.is_empty() {
                let mine = || entity.mentions.iter().map(|&mention| &self.mentions[mention]);
                entity.aliases = Alias::count_all(&view, mine());
                entity.score = mean_score(mine());
            }
        }
        let named = |index: &usize| !self.entities[*index].mentions.is_empty();
        let order: Vec<usize> = (0..self.entities.len()).filter(named).collect();
        self.order_entities(order);
        if let Some(extras) = &mut self.extras {
            let marks = std::mem::take(&mut extras.marks);
            let moved = marks.into_iter().filter(|&(mention, _)| kept.get(mention) == Some(&true));
            extras.marks = moved.map(|(mention, mark)| (new_index[mention], mark)).collect();
        }
    }

    /// Keeps the entities at these places, ordered by their first mention; relations to others go.
    fn order_entities(&mut self, mut kept: Vec<usize>) {
        kept.sort_by_key(|&index| self.entities[index].mentions.first().copied());
        if kept.iter().copied().eq(0..self.entities.len()) {
            return;
        }
        let mut new_index = vec![None; self.entities.len()];
        kept.iter().enumerate().for_each(|(new, &old)| new_index[old] = Some(new));
        let mut before: Vec<Option<Entity>> = std::mem::take(&mut self.entities).into_iter().map(Some).collect();
        self.entities = kept.iter().filter_map(|&index| before[index].take()).collect();
        for entity in &mut self.entities {
            entity.relations.retain_mut(|relation| match &mut relation.target {
                RelationTarget::Entity(target) => {
                    new_index.get(*target).copied().flatten().map(|new| *target = new).is_some()
                }
                RelationTarget::Name(_) => true,
            });
        }
        for rival in self.extras.iter_mut().flat_map(|extras| extras.marks.values_mut()).filter_map(Mark::rival_mut) {
            rival.entity = rival.entity.and_then(|entity| new_index.get(entity).copied().flatten());
        }
    }

    /// Sorts the mentions by their place in the text, the longer of two that begin together first.
    pub fn sort_mentions(&mut self) {
        let order = |index: &usize| self.mentions[*index].span.order();
        let mut places: Vec<usize> = (0..self.mentions.len()).collect();
        if places.is_sorted_by_key(order) {
            return;
        }
        places.sort_by_key(order);
        self.mentions = places.iter().map(|&place| self.mentions[place].clone()).collect();
        let mut new_index = vec![0; places.len()];
        places.iter().enumerate().for_each(|(new, &old)| new_index[old] = new);
        for entity in &mut self.entities {
            entity.mentions.iter_mut().for_each(|mention| *mention = new_index[*mention]);
            entity.mentions.sort_unstable();
        }
        self.order_entities((0..self.entities.len()).collect());
        if let Some(extras) = &mut self.extras {
            let marks = std::mem::take(&mut extras.marks);
            extras.marks = marks.into_iter().map(|(mention, mark)| (new_index[mention], mark)).collect();
        }
    }

    /// Gives every mention an entity, and every entity what its source left open: the longest form as its name, its forms
    /// with counts, the type of its first mention, the mean score of all.
    pub fn complete_entities(&mut self) {
        for (index, owner) in self.owners().into_iter().enumerate() {
            if owner.is_none() {
                self.entities.push(Entity::of_mentions(vec![index]));
            }
        }
        self.order_entities((0..self.entities.len()).collect());
        let view = View::of(&self.document.text);
        for index in 0..self.entities.len() {
            let link = self.entities[index].mentions.first().and_then(|&first| self.link(first, Some(index)));
            let link = link.map(str::to_owned);
            let entity = &mut self.entities[index];
            entity.knowledge_id = link;
            if !entity.name.is_empty() {
                continue;
            }
            let mine = || entity.mentions.iter().filter_map(|&mention| self.mentions.get(mention));
            let aliases = Alias::count_all(&view, mine());
            let longest = aliases.iter().map(|alias| &alias.text).max_by_key(|form| form.chars().count());
            entity.name = longest.cloned().unwrap_or_default();
            entity.entity_type = mine().next().map_or(EntityType::UNTYPED, |mention| mention.entity_type);
            entity.score = mean_score(mine());
            entity.aliases = aliases;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entity::RelationKind;

    fn mention(start: usize, end: usize, score: f32) -> Mention {
        Mention { span: Span::new(start, end), entity_type: EntityType::Per, score }
    }

    fn sample() -> AnnotatedDocument {
        let text = "Ada Byron, Ada, Bob,  Ada\nByron";
        let entity = |name: &str, mentions: &[usize]| Entity {
            name: name.into(),
            aliases: vec![Alias { text: name.into(), count: 1 }],
            ..Entity::of_mentions(mentions.to_vec())
        };
        AnnotatedDocument {
            mentions: vec![mention(0, 9, 0.9), mention(11, 14, 0.2), mention(16, 19, 0.1), mention(22, 31, 0.7)],
            entities: vec![entity("Ada Byron", &[0, 1, 3]), entity("Bob", &[2])],
            ..AnnotatedDocument::new(Document::new("d", text))
        }
    }

    #[test]
    fn retain_renumbers_what_is_left() {
        let mut annotated = sample();
        annotated.mark_mut(3).coref = true;
        annotated.mark_mut(2).coref = true;
        annotated.retain(|_, mention| mention.score > 0.5);
        assert_eq!(annotated.entities.len(), 1);
        assert_eq!(annotated.entities[0].mentions, [0, 1]);
        assert_eq!(annotated.entities[0].aliases, [Alias { text: "Ada Byron".into(), count: 2 }]);
        assert!((annotated.entities[0].score - 0.8).abs() < 1e-6);
        assert!(!annotated.is_coref(0) && annotated.is_coref(1));
    }

    #[test]
    fn sorting_takes_entities_and_marks_along() {
        let mut annotated = sample();
        annotated.mentions.reverse();
        annotated.entities =
            vec![Entity::of_mentions(vec![1]), Entity { name: "Ada".into(), ..Entity::of_mentions(vec![0, 2, 3]) }];
        annotated.mark_mut(1).coref = true;
        annotated.sort_mentions();
        assert_eq!(annotated.mentions, sample().mentions);
        assert_eq!(annotated.entities[0].mentions, [0, 1, 3]);
        assert_eq!(annotated.owners(), [Some(0), Some(0), Some(1), Some(0)]);
        assert!(annotated.is_coref(2));
    }

    #[test]
    fn entities_of_a_file_get_what_it_left_open() {
        let mut annotated = sample();
        annotated.entities = vec![Entity { source_id: Some("e1".into()), ..Entity::of_mentions(vec![0, 1]) }];
        annotated.mark_mut(0).link = Some("Q7259".into());
        annotated.complete_entities();
        let names: Vec<&str> = annotated.entities.iter().map(|entity| entity.name.as_str()).collect();
        assert_eq!(names, ["Ada Byron", "Bob", "Ada Byron"]);
        assert_eq!(annotated.entities[0].aliases.len(), 2);
        assert_eq!(annotated.entities[0].knowledge_id.as_deref(), Some("Q7259"));
    }

    #[test]
    fn a_text_that_comes_later_turns_offsets_into_bytes() {
        let mut annotated = AnnotatedDocument { mentions: vec![mention(1, 5, 1.0)], ..AnnotatedDocument::default() };
        annotated.extras_mut().unplaced = Some(OffsetUnit::Char);
        assert!(!annotated.has_text());
        assert_eq!(annotated.clone().place("é".to_owned()), Err(Span::new(1, 5)));
        annotated.place("éOslo".to_owned()).unwrap();
        assert!(annotated.has_text());
        assert_eq!(annotated.mentions[0].span.of(annotated.text()), "Oslo");
    }

    #[test]
    fn relations_follow_their_entities() {
        let mention = |start| Mention { span: Span::new(start, start + 1), entity_type: EntityType::Org, score: 0.5 };
        let relation = |target| Relation { kind: RelationKind::PartOf, target: RelationTarget::Entity(target) };
        let entity =
            |mention, target| Entity { relations: vec![relation(target)], ..Entity::of_mentions(vec![mention]) };
        let mut annotated = AnnotatedDocument {
            mentions: vec![mention(0), mention(2), mention(4)],
            entities: vec![entity(0, 1), entity(1, 2), entity(2, 0)],
            ..AnnotatedDocument::new(Document::new("a", "a b c"))
        };
        annotated.retain(|index, _| index != 0);
        let relations: Vec<_> = annotated.entities.iter().map(|entity| entity.relations.clone()).collect();
        assert_eq!(relations, [vec![relation(1)], vec![]]);
    }
}
