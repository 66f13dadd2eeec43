//! The one place where the stages meet: documents in, annotated documents out, the corpus store included.
//!
//! ```
//! use namesake::corpus::CorpusStore;
//! use namesake::document::Document;
//! use namesake::pipeline::PipelineOptions;
//! use std::sync::Arc;
//!
//! let pipeline = Arc::new(PipelineOptions::default().build()?);
//! let articles = ["Petra Holt spoke in Oslo.", "In Oslo Petra Holt spoke again."];
//! type Fault = Box<dyn std::error::Error + Send + Sync>;
//! let documents = articles.into_iter().zip(1..).map(|(text, day)| Ok::<_, Fault>(Document::new(format!("day {day}"), text)));
//! let mut store = CorpusStore::in_memory()?;
//! let mut ids = Vec::new();
//! let flow = pipeline.link_all(documents.clone(), &mut store, |annotated: Result<_, Fault>| {
//!     let annotated = annotated.unwrap();
//!     ids.push(annotated.entities[0].corpus_id.clone());
//!     std::ops::ControlFlow::<namesake::corpus::CorpusError>::Continue(())
//! });
//! assert!(flow.is_continue());
//! assert_eq!(ids.len(), 2);
//! // Or as an iterator, without a store.
//! assert_eq!(pipeline.annotations(documents).count(), 2);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::annotation::AnnotatedDocument;
#[cfg(feature = "corpus")]
use crate::corpus::{CorpusError, CorpusStore, DocumentEntities};
use crate::document::Document;
use crate::entity_type::EntityType;
use crate::label::{Selection, Tally};
use crate::mention::Mention;
use crate::ordered;
use crate::repair::{Change, Guideline, Repaired, Rule, repair};
use crate::resolve::Resolver;
use crate::tag::model::ModelError;
use crate::tag::{TagError, Tagger, TaggerOptions};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Documents that are linked in one transaction: the disk is waited for once for all of them, and a kill loses no more than
/// these, which the next run does again.
#[cfg(feature = "corpus")]
pub const LINK_BATCH: usize = 128;

/// Settings of a [`Pipeline`]; the default is the embedded model on all processors, writing every name that is not MISC.
#[derive(Debug, Clone)]
pub struct PipelineOptions {
    tagger: TaggerOptions,
    selection: Selection,
    min_score: f32,
    resolver: Option<Resolver>,
    guideline: Guideline,
}

impl Default for PipelineOptions {
    fn default() -> Self {
        Self {
            tagger: TaggerOptions::default(),
            selection: Selection::default(),
            min_score: 0.0,
            resolver: None,
            guideline: Guideline::default(),
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

    /// Uses at most this many threads, as [`TaggerOptions::with_threads`] says. The output is the same for every number.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.tagger = self.tagger.with_threads(threads);
        self
    }

    /// Keeps entities of these types only; what is no name (a date, an amount) is kept if its type is among them.
    #[must_use]
    pub fn with_types(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.selection = self.selection.with_only(types);
        self
    }

    /// Keeps entities of these types too.
    #[must_use]
    pub fn with_also(mut self, types: impl IntoIterator<Item = EntityType>) -> Self {
        self.selection = self.selection.with_also(types);
        self
    }

    /// Keeps the types of `gold` too, MISC and what is no name among them: what is to be compared must have the same types.
    #[must_use]
    pub fn with_types_of(self, gold: &[AnnotatedDocument]) -> Self {
        let types = gold.iter().flat_map(|document| &document.mentions).map(|mention| mention.entity_type);
        let types: BTreeSet<EntityType> = types.filter(|kind| *kind != EntityType::UNTYPED).collect();
        self.with_also(types)
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

    /// Marks as names what this guideline says.
    #[must_use]
    pub fn with_guideline(mut self, guideline: Guideline) -> Self {
        self.guideline = guideline;
        self
    }

    /// Loads the model.
    ///
    /// # Errors
    /// If an option is out of its bounds, the model folder lacks a file, a file is not what it should be, or no engine can run
    /// the model.
    pub fn build(mut self) -> Result<Pipeline, ModelError> {
        if !(0.0..=1.0).contains(&self.min_score) {
            return Err(ModelError::MinScore { asked: self.min_score });
        }
        let tagger = self.tagger.build()?;
        let resolver = self.resolver.take().unwrap_or_else(Resolver::embedded);
        self.selection = self.selection.with_table(self.tagger.labels().clone());
        Ok(Pipeline { tagger, resolver, options: self, tally: Mutex::default(), repairs: Mutex::default() })
    }
}

/// Tagger and resolver together.
#[derive(Debug)]
pub struct Pipeline {
    tagger: Tagger,
    resolver: Resolver,
    options: PipelineOptions,
    /// Of all documents so far. A sum: the order in which threads add to it is of no account.
    tally: Mutex<Tally>,
    /// The same of the rules of repair.
    repairs: Mutex<BTreeMap<Rule, usize>>,
}

impl Pipeline {
    /// Finds the entities of one document. Depends on nothing but the document, the model and the options.
    ///
    /// # Errors
    /// If the model cannot be run on this document.
    pub fn annotate(&self, document: Document) -> Result<AnnotatedDocument, TagError> {
        Ok(self.annotate_with_changes(document)?.0)
    }

    /// The same, and what [`repair`](crate::repair) changed in the mentions of the tagger.
    ///
    /// # Errors
    /// If the model cannot be run on this document.
    pub fn annotate_with_changes(&self, document: Document) -> Result<(AnnotatedDocument, Vec<Change>), TagError> {
        let tagged = self.tagger.tag(&document)?;
        let mut mentions = tagged.mentions;
        self.leave_out(&mut mentions);
        // Where the tokens came with the document, names begin and end with them.
        let Repaired { mentions, changes } = match &document.sentences {
            Some(_) => Repaired { mentions, changes: Vec::new() },
            None => repair(&document.text, mentions, self.resolver.world(), self.options.guideline),
        };
        self.count(&changes);
        let mut annotated =
            AnnotatedDocument { tokens: tagged.sentences, mentions, ..AnnotatedDocument::new(document) };
        self.resolver.resolve_document(&mut annotated);
        // Only after resolution: a weak mention or one of an unwanted type still tells which names belong together.
        annotated.retain(|_, mention| {
            self.options.selection.keeps(mention.entity_type) && mention.score >= self.options.min_score
        });
        Ok((annotated, changes))
    }

    /// Removes what is no name; it tells nothing of names either.
    fn leave_out(&self, mentions: &mut Vec<Mention>) {
        let mut tally = Tally::default();
        mentions.retain(|mention| tally.stays(&self.options.selection, mention.entity_type, 1));
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).extend(&tally);
    }

    fn count(&self, changes: &[Change]) {
        if changes.is_empty() {
            return;
        }
        let mut repairs = self.repairs.lock().unwrap_or_else(PoisonError::into_inner);
        for change in changes {
            *repairs.entry(change.rule).or_default() += 1;
        }
    }

    /// How often each rule of [`repair`](crate::repair) changed something in all documents so far.
    #[must_use]
    pub fn repairs(&self) -> BTreeMap<Rule, usize> {
        self.repairs.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The types of the mentions that the model can find, sorted.
    #[must_use]
    pub fn entity_types(&self) -> Vec<EntityType> {
        self.tagger.entity_types()
    }

    /// Which types are kept.
    #[must_use]
    pub const fn selection(&self) -> &Selection {
        &self.options.selection
    }

    /// What was found in all documents so far, by type, and what was left out of it.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
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

    /// The same as an iterator, which owns its share of the pipeline: results in the order of `documents`, a few ahead of
    /// what is asked for. It may be dropped at any time.
    pub fn annotations<E: Send + From<TagError> + 'static, I: Iterator<Item = Result<Document, E>> + Send + 'static>(
        self: &Arc<Self>,
        documents: I,
    ) -> impl Iterator<Item = Result<AnnotatedDocument, E>> + use<E, I> {
        let pipeline = Arc::clone(self);
        let work = move |document: Result<Document, E>| document.and_then(|document| Ok(pipeline.annotate(document)?));
        ordered::results(documents, self.options.tagger.threads(), work)
    }

    /// Annotates many documents side by side and links their entities to those of `store`, [`LINK_BATCH`] documents a
    /// transaction. `sink` gets a document only when its links are on the disk: an id that somebody has seen is never given
    /// to another entity. A document that would silently take another's place is an error in its own place; whatever else
    /// the store refuses ends the run. Where the store has a [task](CorpusStore::set_task), texts that it knows are not
    /// read again.
    #[cfg(feature = "corpus")]
    pub fn link_all<E: Send + From<TagError> + From<CorpusError>, Stop: From<CorpusError>>(
        &self,
        documents: impl Iterator<Item = Result<Document, E>> + Send,
        store: &mut CorpusStore,
        mut sink: impl FnMut(Result<AnnotatedDocument, E>) -> ControlFlow<Stop>,
    ) -> ControlFlow<Stop> {
        let known = match store.known_texts() {
            Ok(known) => known,
            Err(error) => return ControlFlow::Break(error.into()),
        };
        let found = documents.map(move |document| {
            let document = document?;
            let known = known.as_ref().map(|known| known.find(&document)).transpose()?.flatten();
            Ok::<_, E>(known.map_or_else(|| Text::New(document), |known| Text::Known(Box::new(known))))
        });
        let work = |text: Result<Text, E>| match text? {
            Text::New(document) => Ok(self.annotate(document)?),
            Text::Known(annotated) => Ok(*annotated),
        };
        let mut batch = Vec::with_capacity(LINK_BATCH);
        ordered::for_each(found, self.options.tagger.threads(), work, |annotated| {
            batch.push(annotated);
            if batch.len() < LINK_BATCH {
                return ControlFlow::Continue(());
            }
            hand_over(&mut batch, store, &mut sink)
        })?;
        hand_over(&mut batch, store, &mut sink)
    }

    /// Annotates the texts of documents anew, on exactly their tokens where they have some; what their source says of names
    /// is not looked at.
    ///
    /// # Errors
    /// If the model cannot be run on one of them.
    pub fn annotate_again(&self, gold: &[AnnotatedDocument]) -> Result<Vec<AnnotatedDocument>, TagError> {
        let documents = gold.iter().map(|gold| Ok::<Document, TagError>(gold.document.clone()));
        let mut again = Vec::with_capacity(gold.len());
        let stopped = self.annotate_all(documents, |annotated| match annotated {
            Ok(mut annotated) => {
                // They are the source's own.
                annotated.tokens = Vec::new();
                annotated.document.sentences = None;
                again.push(annotated);
                ControlFlow::Continue(())
            }
            Err(error) => ControlFlow::Break(error),
        });
        match stopped {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(again),
        }
    }
}

/// A document on its way to the store.
#[cfg(feature = "corpus")]
enum Text {
    New(Document),
    /// With what was found in it in an earlier run.
    Known(Box<AnnotatedDocument>),
}

/// Links the documents of `batch` in one transaction, then gives all that is in it to `sink`, in its order.
#[cfg(feature = "corpus")]
fn hand_over<E: From<CorpusError>, Stop: From<CorpusError>>(
    batch: &mut Vec<Result<AnnotatedDocument, E>>,
    store: &mut CorpusStore,
    sink: &mut impl FnMut(Result<AnnotatedDocument, E>) -> ControlFlow<Stop>,
) -> ControlFlow<Stop> {
    let linked = store.batch(|store| -> Result<(), CorpusError> {
        for slot in batch.iter_mut() {
            let Ok(annotated) = slot else { continue };
            match store.link(&DocumentEntities::from(&*annotated)) {
                Ok(links) => {
                    store.keep_analysis(annotated)?;
                    for (entity, linked) in annotated.entities.iter_mut().zip(links) {
                        entity.corpus_id = linked.corpus_id.written();
                        entity.corpus_name = entity.corpus_id.is_some().then_some(linked.name);
                    }
                }
                Err(error @ CorpusError::OtherSource { .. }) => *slot = Err(error.into()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    });
    if let Err(error) = linked {
        return ControlFlow::Break(error.into());
    }
    batch.drain(..).try_for_each(sink)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_before_anything_is_read() {
        for score in [-0.1, 1.1, f32::NAN] {
            let options = PipelineOptions::default().with_model("no such folder").with_min_score(score);
            let error = options.build().unwrap_err().to_string();
            assert!(error.contains("scores are from 0 to 1"), "{error}");
        }
    }
}
