//! Choices about a graph.

use super::error::GraphError;
use super::iri::Base;
use oxrdf::NamedNode;
use oxsdatatypes::DateTime;

/// How a graph is made. Without a choice: the base `urn:namesake:`, no model, no time, every pair of entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphOptions {
    pub(super) base: Base,
    pub(super) knowledge_base: Option<String>,
    pub(super) model: Option<String>,
    pub(super) time: Option<String>,
    pub(super) min_documents: u64,
}

impl Default for GraphOptions {
    fn default() -> Self {
        Self { base: Base::default(), knowledge_base: None, model: None, time: None, min_documents: 1 }
    }
}

impl GraphOptions {
    /// Begins all identifiers with `base`.
    #[must_use]
    pub fn with_base(mut self, base: Base) -> Self {
        self.base = base;
        self
    }

    /// Makes identifiers of a knowledge base by putting `prefix` before its ids. Without it only Wikidata's ids and
    /// those that are IRIs already become `owl:sameAs`.
    ///
    /// # Errors
    /// If no IRI can begin so.
    pub fn with_knowledge_base(mut self, prefix: impl Into<String>) -> Result<Self, GraphError> {
        let prefix = prefix.into();
        match NamedNode::new(prefix.as_str()) {
            Ok(_) => self.knowledge_base = Some(prefix),
            Err(error) => return Err(GraphError::KnowledgeBase { prefix, reason: error.to_string() }),
        }
        Ok(self)
    }

    /// Says that the model of this name found the mentions.
    #[must_use]
    pub fn with_model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Says when the mentions were found. There is no default: the same input shall give the same graph.
    ///
    /// # Errors
    /// If it is not of the form `2026-02-11T10:00:00Z`.
    pub fn with_time(mut self, time: impl Into<String>) -> Result<Self, GraphError> {
        let time = time.into();
        if time.parse::<DateTime>().is_err() {
            return Err(GraphError::Time(time));
        }
        self.time = Some(time);
        Ok(self)
    }

    /// Leaves out pairs of entities that fewer documents name together.
    #[must_use]
    pub fn with_min_documents(mut self, documents: u64) -> Self {
        self.min_documents = documents;
        self
    }
}
