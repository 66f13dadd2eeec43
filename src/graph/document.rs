//! What a graph takes from a document: its entities, and where they are mentioned.

use super::error::GraphError;
use super::iri::entity_path;
use crate::entity::{Alias, Relation, RelationTarget};
use crate::entity_type::EntityType;
use crate::record::Record;
use std::borrow::Cow;

/// A document with its entities.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct GraphDocument {
    /// Identifier, unique within a graph.
    pub id: String,
    /// Its text, where the source has it.
    pub text: Option<String>,
    /// Fields of the source, as given.
    pub metadata: serde_json::Map<String, serde_json::Value>,
    /// Its entities.
    pub entities: Vec<GraphEntity>,
    /// Places in the text that name them; none where the source does not have them.
    pub mentions: Vec<GraphMention>,
}

/// An entity of a document.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphEntity {
    /// Identifier within the document.
    pub id: String,
    /// Identifier in the corpus, which entities of several documents share.
    pub corpus_id: Option<String>,
    /// Name by which the document knows it.
    pub name: String,
    /// Type.
    pub entity_type: EntityType,
    /// Surface forms with the number of mentions.
    pub aliases: Vec<Alias>,
    /// Entry in a knowledge base.
    pub knowledge_id: Option<String>,
    /// What the document states of it and others, by their index.
    pub relations: Vec<Relation>,
}

/// A place in the text that names an entity.
#[derive(Debug, Clone, PartialEq)]
pub struct GraphMention {
    /// First code point.
    pub start: usize,
    /// One past the last code point.
    pub end: usize,
    /// The text between them.
    pub text: String,
    /// Type.
    pub entity_type: EntityType,
    /// How sure the tagger is, 0 to 1.
    pub score: f64,
    /// Index of the entity.
    pub entity: Option<usize>,
}

impl GraphDocument {
    /// Reads a line of the schema `namesake/1`, as `extract`, `resolve` and `link` write it.
    ///
    /// # Errors
    /// If it is no such line, or counts offsets in another unit than code points and does not hold the text.
    pub fn parse(line: &str) -> Result<Self, GraphError> {
        Record::parse(line)?.try_into()
    }

    /// Leaves out the entities of the types that `keep` refuses, with their mentions; it is told how many mentions each has.
    pub fn retain(&mut self, mut keep: impl FnMut(EntityType, usize) -> bool) {
        let mut kept = 0;
        let mut numbers = Vec::with_capacity(self.entities.len());
        self.entities.retain(|entity| {
            let mentions = entity.aliases.iter().map(|alias| alias.count).sum::<usize>().max(1);
            let stays = keep(entity.entity_type, mentions);
            numbers.push(stays.then_some(kept));
            kept += usize::from(stays);
            stays
        });
        for entity in &mut self.entities {
            entity.relations.retain_mut(|relation| match &mut relation.target {
                RelationTarget::Entity(target) => {
                    numbers.get(*target).copied().flatten().map(|number| *target = number).is_some()
                }
                RelationTarget::Name(_) => true,
            });
        }
        self.mentions.retain_mut(|mention| {
            let Some(entity) = mention.entity else { return true };
            mention.entity = numbers.get(entity).copied().flatten();
            mention.entity.is_some()
        });
    }

    /// The path of each entity; those of one corpus entity share it.
    pub(super) fn entity_paths(&self) -> Vec<String> {
        self.entities.iter().map(|entity| entity_path(&self.id, &entity.id, entity.corpus_id.as_deref())).collect()
    }
}

impl TryFrom<Record<'_>> for GraphDocument {
    type Error = GraphError;

    /// # Errors
    /// If the record counts offsets in another unit than code points and does not hold the text.
    fn try_from(record: Record<'_>) -> Result<Self, GraphError> {
        let record = record.with_code_points()?;
        let owners = record.owners()?;
        let relations = record.relations();
        let mentions = record.mentions.into_iter().zip(owners).map(|(mention, entity)| GraphMention {
            start: mention.start,
            end: mention.end,
            text: mention.text.into_owned(),
            entity_type: mention.entity_type,
            score: mention.score,
            entity,
        });
        let entities = record.entities.into_iter().zip(relations).map(|(entity, relations)| GraphEntity {
            id: entity.id.into_owned(),
            corpus_id: entity.corpus_id.map(Cow::into_owned),
            name: entity.name.into_owned(),
            entity_type: entity.entity_type,
            aliases: (entity.aliases.into_iter())
                .map(|alias| Alias { text: alias.text.into_owned(), count: alias.count })
                .collect(),
            knowledge_id: entity.knowledge_id.map(Cow::into_owned),
            relations,
        });
        Ok(Self {
            entities: entities.collect(),
            mentions: mentions.collect(),
            id: record.id.into_owned(),
            text: record.text.map(Cow::into_owned),
            metadata: record.metadata.into_owned(),
        })
    }
}
