//! What the rules see: a text, its mentions, and which names the document has.

use crate::document::Span;
use crate::entity_type::EntityType;
use crate::knowledge::World;
use crate::mention::Mention;
use crate::name::{join, split_words};
use std::collections::HashMap;
use std::ops::Range;

/// How far rules look around a mention, in bytes.
const REACH: usize = 300;

/// A text with its mentions, sorted and apart.
#[derive(Debug, Clone, Copy)]
pub(super) struct Page<'a> {
    pub(super) text: &'a str,
    pub(super) mentions: &'a [Mention],
    pub(super) names: &'a Names,
    pub(super) world: &'a World,
}

/// Some mentions, and what is to stand instead of them.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edit {
    /// Their numbers; empty where a mention is only added.
    pub(super) range: Range<usize>,
    pub(super) with: Vec<Mention>,
}

/// The names of a document as the tagger left them.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, Known>);

/// How often a name stands in a document, and as what with which score at best.
#[derive(Debug, Clone, Copy)]
pub(super) struct Known {
    pub(super) count: usize,
    pub(super) entity_type: EntityType,
    pub(super) score: f32,
}

impl Names {
    pub(super) fn of(text: &str, mentions: &[Mention]) -> Self {
        let mut names = Self::default();
        for mention in mentions {
            let first = Known { count: 0, entity_type: mention.entity_type, score: mention.score };
            let known = names.0.entry(one_line(mention.span.of(text))).or_insert(first);
            known.count += 1;
            if mention.score > known.score {
                (known.entity_type, known.score) = (mention.entity_type, mention.score);
            }
        }
        names
    }

    pub(super) fn get(&self, surface: &str) -> Option<Known> {
        self.0.get(&one_line(surface)).copied()
    }

    /// All names of several words, in no order.
    pub(super) fn long(&self) -> impl Iterator<Item = (&str, Known)> {
        self.0.iter().filter(|(name, _)| name.contains(' ')).map(|(name, known)| (name.as_str(), *known))
    }
}

/// White space folded.
pub(super) fn one_line(surface: &str) -> String {
    surface.split_whitespace().collect::<Vec<_>>().join(" ")
}

impl Edit {
    /// The mentions become one.
    pub(super) fn one(range: Range<usize>, mention: Mention) -> Self {
        Self { range, with: vec![mention] }
    }

    /// The mention goes.
    pub(super) const fn gone(mention: usize) -> Self {
        Self { range: mention..mention + 1, with: Vec::new() }
    }
}

impl<'a> Page<'a> {
    pub(super) fn surface(&self, mention: usize) -> &'a str {
        self.mentions[mention].span.of(self.text)
    }

    /// The text between two mentions that follow one another; none behind the last.
    pub(super) fn gap(&self, mention: usize) -> Option<&'a str> {
        self.text.get(self.mentions[mention].span.end..self.mentions.get(mention + 1)?.span.start)
    }

    /// The near text before a place.
    pub(super) fn before(&self, at: usize) -> &'a str {
        let mut start = at.saturating_sub(REACH);
        while !self.text.is_char_boundary(start) {
            start += 1;
        }
        self.text.get(start..at).unwrap_or_default()
    }

    /// The near text behind a place.
    pub(super) fn after(&self, at: usize) -> &'a str {
        let mut end = (at + REACH).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(at..end).unwrap_or_default()
    }

    /// The line around a place, as far as it is near.
    pub(super) fn line(&self, at: usize) -> Span {
        let left = self.before(at).rsplit('\n').next().unwrap_or_default();
        let right = self.after(at).split('\n').next().unwrap_or_default();
        Span::new(at - left.len(), at + right.len())
    }

    /// The span widened to the white space around it.
    pub(super) fn chunk(&self, span: Span) -> Span {
        let left = self.before(span.start).rsplit(char::is_whitespace).next().unwrap_or_default();
        let right = self.after(span.end).split(char::is_whitespace).next().unwrap_or_default();
        Span::new(span.start - left.len(), span.end + right.len())
    }

    /// The mentions that share a part of the span.
    pub(super) fn overlapping(&self, span: Span) -> Range<usize> {
        let start = self.mentions.partition_point(|mention| mention.span.end <= span.start);
        let end = self.mentions.partition_point(|mention| mention.span.start < span.end);
        start..end.max(start)
    }

    /// One mention of this span and type instead of all that it overlaps, as sure as the least sure of them.
    pub(super) fn joined(&self, span: Span, entity_type: EntityType) -> Option<Edit> {
        let range = self.overlapping(span);
        let inside = self.mentions.get(range.clone())?;
        let score = inside.iter().map(|mention| mention.score).reduce(f32::min)?;
        let first = inside.iter().map(|mention| mention.span.start).min()?;
        let last = inside.iter().map(|mention| mention.span.end).max()?;
        let span = Span::new(span.start.min(first), span.end.max(last));
        let same = inside.len() == 1 && inside[0].span == span && inside[0].entity_type == entity_type;
        (!same).then(|| Edit::one(range, Mention { span, entity_type, score }))
    }

    /// The mention cut or widened to another span.
    pub(super) fn moved(&self, mention: usize, span: Span) -> Edit {
        Edit::one(mention..mention + 1, Mention { span, ..self.mentions[mention].clone() })
    }

    /// Whether the tables know the form as a place.
    pub(super) fn is_place(&self, surface: &str) -> bool {
        self.world.is_place(&self.world.senses(surface, &join(&split_words(surface))))
    }

    /// The type as which the document or the tables know a name by itself.
    pub(super) fn known_type(&self, surface: &str) -> Option<EntityType> {
        let known = self.names.get(surface).map(|known| known.entity_type);
        known.or_else(|| self.is_place(surface).then_some(EntityType::Loc))
    }
}
