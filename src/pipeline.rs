//! The one place where the stages meet: documents in, annotated documents out.

use crate::document::Document;
use crate::entity::AnnotatedDocument;
use crate::entity_type::EntityType;
use crate::ordered;
use crate::resolve::Resolver;
use crate::tag::model::ModelError;
use crate::tag::{TagError, Tagger, TaggerOptions};
use std::ops::ControlFlow;
use std::path::Path;

/// Settings of a [`Pipeline`]; the default is the embedded model on all processors, writing PER, ORG and LOC.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    tagger: TaggerOptions,
    types: Vec<EntityType>,
    min_score: f32,
    resolver: Option<Resolver>,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        Self {
            tagger: TaggerOptions::default(),
            types: vec![EntityType::Per, EntityType::Org, EntityType::Loc],
            min_score: 0.0,
            resolver: None,
        }
    }
}

impl PipelineOptions {
    /// Tags with the model, the engine and the threads that these options name; the threads serve all of the pipeline.
    #[must_use]
    pub fn with_tagger(mut self, tagger: TaggerOptions) -> Self {
        self.tagger = tagger;
        self
    }

    /// Uses the model in this folder instead of the one that is part of the program.
    #[must_use]
    pub fn with_model(mut self, folder: impl AsRef<Path>) -> Self {
        self.tagger = self.tagger.with_model(folder);
        self
    }

    /// Uses at most this many threads (at least one). The output is the same for every number.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.tagger = self.tagger.with_threads(threads);
        self
    }

    /// Keeps entities of these types only.
    #[must_use]
    pub fn with_types(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.types = types.into_iter().collect();
        self
    }

    /// Keeps mentions with at least this score, 0 to 1.
    #[must_use]
    pub fn with_min_score(mut self, score: f32) -> Self {
        self.min_score = score;
        self
    }

    /// Resolves with this resolver, which may know a user's aliases, instead of [`Resolver::embedded`].
    #[must_use]
    pub fn with_resolver(mut self, resolver: Resolver) -> Self {
        self.resolver = Some(resolver);
        self
    }

    /// Loads the model.
    ///
    /// # Errors
    /// If the model folder lacks a file, a file is not what it should be, or no engine can run the model.
    pub fn build(mut self) -> Result<Pipeline, ModelError> {
        let tagger = self.tagger.build()?;
        let resolver = self.resolver.take().unwrap_or_else(Resolver::embedded);
        Ok(Pipeline { tagger, resolver, options: self })
    }
}

/// Tagger and resolver together.
#[derive(Debug)]
pub struct Pipeline {
    tagger: Tagger,
    resolver: Resolver,
    options: PipelineOptions,
}

impl Pipeline {
    /// Finds the entities of one document. Depends on nothing but the document, the model and the options.
    ///
    /// # Errors
    /// If the model cannot be run on this document.
    pub fn annotate(&self, document: Document) -> Result<AnnotatedDocument, TagError> {
        let tagged = self.tagger.tag(&document)?;
        let mut mentions = tagged.mentions;
        let entities = self.resolver.resolve(&document.text, &mut mentions);
        let mut annotated = AnnotatedDocument { document, tokens: tagged.sentences, mentions, entities };
        // Only after resolution: a weak mention or one of an unwanted type still tells which names belong together.
        annotated.retain(|mention| {
            self.options.types.contains(&mention.entity_type) && mention.score >= self.options.min_score
        });
        Ok(annotated)
    }

    /// Annotates many documents side by side. `sink` gets one result for each of `documents`, in their order, until it
    /// breaks; errors in `documents` are handed through. Memory does not grow with the number of documents.
    pub fn annotate_all<E: Send + From<TagError>, Stop>(
        &self,
        documents: impl Iterator<Item = Result<Document, E>> + Send,
        sink: impl FnMut(Result<AnnotatedDocument, E>) -> ControlFlow<Stop>,
    ) -> ControlFlow<Stop> {
        let work = |document: Result<Document, E>| document.and_then(|document| Ok(self.annotate(document)?));
        ordered::for_each(documents, self.options.tagger.threads(), work, sink)
    }
}
