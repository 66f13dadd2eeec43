//! A document while a reader hears of its mentions one by one.

use super::error::Fault;
use crate::annotation::{AnnotatedDocument, Mark};
use crate::document::{Document, OffsetMap, OffsetUnit, Span};
use crate::entity::Entity;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use foldhash::fast::RandomState;
use std::collections::HashMap;

/// A document in the making: spans in the file's own unit, entities and links by what the file calls them.
pub(super) struct Draft {
    document: AnnotatedDocument,
    unit: OffsetUnit,
    /// Entities by the ids of the source.
    entities: HashMap<Box<str>, usize, RandomState>,
    owners: Vec<Option<usize>>,
    links: Vec<(usize, Box<str>)>,
    /// A mention's own idea of its text, by the mention's number.
    surfaces: Vec<(usize, Box<str>)>,
}

impl Draft {
    pub(super) fn new(id: impl Into<String>, unit: OffsetUnit) -> Self {
        Self {
            document: AnnotatedDocument::new(Document { id: id.into(), ..Document::default() }),
            unit,
            entities: HashMap::default(),
            owners: Vec::new(),
            links: Vec::new(),
            surfaces: Vec::new(),
        }
    }

    /// The document so far.
    pub(super) const fn document(&mut self) -> &mut AnnotatedDocument {
        &mut self.document
    }

    /// Takes the offsets to be counted in this unit.
    pub(super) const fn set_unit(&mut self, unit: OffsetUnit) {
        self.unit = unit;
    }

    pub(super) fn reserve(&mut self, mentions: usize) {
        self.document.mentions.reserve_exact(mentions);
        self.owners.reserve_exact(mentions);
    }

    /// Adds a mention and tells its number.
    pub(super) fn mention(&mut self, span: Span, label: Option<&str>) -> usize {
        let entity_type = label.map_or(EntityType::UNTYPED, EntityType::exact);
        self.document.mentions.push(Mention { span, entity_type, score: 1.0 });
        self.owners.push(None);
        self.document.mentions.len() - 1
    }

    /// Says how sure the source is of a mention.
    #[expect(clippy::cast_possible_truncation, reason = "a value between 0 and 1")]
    pub(super) fn score(&mut self, mention: usize, score: f64) {
        self.document.mentions[mention].score = score as f32;
    }

    /// Says which entity a mention belongs to.
    pub(super) fn entity(&mut self, mention: usize, id: &str) {
        let known = self.entities.get(id).copied();
        let entity = known.unwrap_or_else(|| {
            let entities = &mut self.document.entities;
            entities.push(Entity { source_id: Some(id.into()), ..Entity::of_mentions(Vec::with_capacity(1)) });
            self.entities.insert(id.into(), entities.len() - 1);
            entities.len() - 1
        });
        self.document.entities[entity].mentions.push(mention);
        self.owners[mention] = Some(entity);
    }

    /// Says which entry of a knowledge base a mention is linked to.
    pub(super) fn link(&mut self, mention: usize, link: &str) {
        self.links.push((mention, link.into()));
    }

    /// Says what the text at a mention should be; compared when the text is known.
    pub(super) fn surface(&mut self, mention: usize, surface: impl Into<Box<str>>) {
        self.surfaces.push((mention, surface.into()));
    }

    pub(super) fn mark(&mut self, mention: usize) -> &mut Mark {
        self.document.mark_mut(mention)
    }

    /// Whether every surface is what stands in `text`, with offsets counted in `unit`.
    pub(super) fn fits(&self, text: &str, unit: OffsetUnit) -> bool {
        let map = OffsetMap::new(text, unit);
        let place = |span: Span| {
            let placed = Span::new(map.to_byte(span.start)?, map.to_byte(span.end)?);
            (placed.start < placed.end).then_some(placed)
        };
        let mentions = &self.document.mentions;
        mentions.iter().all(|mention| place(mention.span).is_some())
            && (self.surfaces.iter())
                .all(|(index, surface)| place(mentions[*index].span).is_some_and(|span| span.of(text) == &**surface))
    }

    /// Drops surfaces that differ from the text only as `same` allows.
    pub(super) fn retain_surfaces(&mut self, text: &str, same: impl Fn(&str, &str) -> bool) {
        let map = OffsetMap::new(text, self.unit);
        let mentions = &self.document.mentions;
        self.surfaces.retain(|(index, surface)| {
            let span = mentions[*index].span;
            let found =
                map.to_byte(span.start).zip(map.to_byte(span.end)).and_then(|(start, end)| text.get(start..end));
            found.is_none_or(|found| !same(found, surface))
        });
    }

    /// The finished document: with its text, spans are bytes and surfaces are compared; without one, spans keep their unit.
    ///
    /// # Errors
    /// If a mention does not lie in the text, or the text there is not what it should be.
    pub(super) fn finish(mut self, text: Option<String>) -> Result<AnnotatedDocument, Fault> {
        self.settle_links();
        if let Some(mention) = self.document.mentions.iter().find(|mention| !(0.0..=1.0).contains(&mention.score)) {
            let (Span { start, end }, score) = (mention.span, mention.score);
            return Err(Fault::Syntax(format!(
                "the score of the mention {start}..{end} is {score}, not between 0 and 1"
            )));
        }
        let Some(text) = text else {
            self.document.extras_mut().unplaced = Some(self.unit);
            return Ok(self.document);
        };
        let given: Vec<Span> = self.document.mentions.iter().map(|mention| mention.span).collect();
        if let Err(span) = self.document.convert_spans(&text, self.unit) {
            self.restore(&given);
            return Err(Fault::BadSpan { id: self.document.id().into(), span, hint: self.other_unit(&text) });
        }
        let differs =
            |(index, expected): &&(usize, Box<str>)| self.document.mentions[*index].span.of(&text) != &**expected;
        if let Some((index, expected)) = self.surfaces.iter().find(differs).cloned() {
            let found = self.document.mentions[index].span.of(&text).into();
            self.restore(&given);
            let (id, hint) = (self.document.id().into(), self.other_unit(&text));
            return Err(Fault::BadSurface { id, span: given[index], expected, found, hint });
        }
        self.document.document.text = text;
        Ok(self.document)
    }

    /// Gives the mentions the spans that they had, to look for the unit in which those fit.
    fn restore(&mut self, given: &[Span]) {
        for (mention, span) in self.document.mentions.iter_mut().zip(given) {
            mention.span = *span;
        }
    }

    /// Puts a link that all mentions of an entity share to the entity, any other to its mention.
    fn settle_links(&mut self) {
        let mut of_mention: HashMap<usize, Box<str>, RandomState> =
            std::mem::take(&mut self.links).into_iter().collect();
        if of_mention.is_empty() {
            return;
        }
        for entity in &mut self.document.entities {
            let mut links = entity.mentions.iter().map(|mention| of_mention.get(mention));
            let first = links.next().flatten().cloned();
            if first.is_some() && links.all(|link| link == first.as_ref()) {
                entity.mentions.iter().for_each(|mention| drop(of_mention.remove(mention)));
                entity.knowledge_id = first.map(String::from);
            }
        }
        for (mention, link) in of_mention {
            self.document.mark_mut(mention).link = Some(link);
        }
    }

    /// Advice, if all spans and surfaces fit in another unit.
    fn other_unit(&self, text: &str) -> &'static str {
        let advice = [
            (OffsetUnit::Char, "; they fit as code points: --offsets char"),
            (OffsetUnit::Utf16, "; they fit as UTF-16 units: --offsets utf16"),
            (OffsetUnit::Byte, "; they fit as bytes: --offsets byte"),
        ];
        let fitting = advice.iter().find(|(other, _)| *other != self.unit && self.fits(text, *other));
        fitting.map_or("", |(_, advice)| advice)
    }
}
