//! The tagger: a model and an engine, from one document to its mentions.

use crate::document::{Document, Span};
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::ordered;
use crate::tag::batch::Batch;
use crate::tag::engine::{Choice, Engine, EngineError};
use crate::tag::layout::Layout;
use crate::tag::model::Model;
use crate::tag::piece_cache::PieceCache;
use crate::tag::{decode, sentences, window, words};
use crate::view::View;
use std::ops::ControlFlow;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Pieces that neighbouring windows share: a word near a border is read with at least half of them as context.
/// On CoNLL-2003 dev more costs time and does not help; `docs/performance.md` has the table.
const WINDOW_OVERLAP: usize = 32;

/// Words that are tagged together: bounds the memory that one long document takes.
const SECTION_WORDS: usize = 20_000;

/// Windows that one thread takes at a time from a long document, unless the engine wants more in a batch.
const WINDOWS_A_TURN: usize = 4;

/// Why a document could not be tagged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TagError {
    /// The engine failed.
    #[error("document {document:?}: {source}")]
    Engine {
        /// Id of the document.
        document: String,
        /// What the engine says.
        source: EngineError,
    },
}

impl TagError {
    /// Id of the document that could not be tagged.
    #[must_use]
    pub fn document(&self) -> &str {
        let Self::Engine { document, .. } = self;
        document
    }
}

/// What the tagger found in one document.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tagged {
    /// Sentences of tokens as the tagger saw them; no mention crosses the border of a sentence.
    pub sentences: Vec<Vec<Span>>,
    /// Mentions, sorted and without overlap; where the model marks dates or amounts, those too.
    pub mentions: Vec<Mention>,
}

/// Finds the mentions of documents; [`TaggerOptions`](super::TaggerOptions) loads one. One tagger serves many threads.
pub struct Tagger {
    model: Model,
    engine: Box<dyn Engine>,
    choice: Choice,
    threads: usize,
    /// Caches that are not in use; each document borrows one.
    caches: Mutex<Vec<PieceCache>>,
}

impl std::fmt::Debug for Tagger {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tagger").field("model", &self.model).field("threads", &self.threads).finish_non_exhaustive()
    }
}

impl Tagger {
    pub(super) fn new((model, engine, choice): (Model, Box<dyn Engine>, Choice), threads: usize) -> Self {
        Self { model, engine, choice, threads, caches: Mutex::new(Vec::new()) }
    }

    /// The types of the mentions that the model can find, sorted. What is no name (a date, an amount) is among them.
    #[must_use]
    pub fn entity_types(&self) -> Vec<EntityType> {
        self.model.labels.entity_types()
    }

    /// The engine that runs the model, and why it was chosen.
    #[must_use]
    pub const fn choice(&self) -> &Choice {
        &self.choice
    }

    /// Tags one document, of which its [view](View) is read. Where it is tokenised already, exactly its tokens are labelled.
    ///
    /// # Errors
    /// If the engine fails.
    pub fn tag(&self, document: &Document) -> Result<Tagged, TagError> {
        let given = document.sentences.as_ref();
        let view = given.map_or_else(|| View::of(&document.text), |_| View::identity(&document.text));
        let cut = || sentences::split_sentences(view.text(), &words::split_words(view.text()));
        let mut sentences = given.cloned().unwrap_or_else(cut);
        let mut cache = self.borrow_cache();
        let mut mentions = Vec::new();
        for section in sections(&sentences) {
            self.tag_section(view.text(), &section, &mut cache, &mut mentions)
                .map_err(|source| TagError::Engine { document: document.id.clone(), source })?;
        }
        self.return_cache(cache);
        if !view.is_identity() {
            let of_mentions = mentions.iter_mut().map(|mention: &mut Mention| &mut mention.span);
            for span in sentences.iter_mut().flatten().chain(of_mentions) {
                *span = view.to_text(*span);
            }
        }
        Ok(Tagged { sentences, mentions })
    }

    /// Tags many documents side by side. `sink` gets each document and what was found in it, in their order, until it
    /// breaks; errors in `documents` are handed through. Memory does not grow with the number of documents.
    pub fn tag_all<Item: AsRef<Document> + Send, E: Send + From<TagError>, Stop>(
        &self,
        documents: impl Iterator<Item = Result<Item, E>> + Send,
        sink: impl FnMut(Result<(Item, Tagged), E>) -> ControlFlow<Stop>,
    ) -> ControlFlow<Stop> {
        let work = |item: Result<Item, E>| {
            let item = item?;
            let tagged = self.tag(item.as_ref())?;
            Ok((item, tagged))
        };
        ordered::for_each(documents, self.threads, work, sink)
    }

    fn tag_section(
        &self,
        text: &str,
        sentences: &[&[Span]],
        cache: &mut PieceCache,
        mentions: &mut Vec<Mention>,
    ) -> Result<(), EngineError> {
        let words: Vec<Span> = sentences.iter().flat_map(|sentence| sentence.iter().copied()).collect();
        let mut pieces = Vec::with_capacity(words.len() * 2);
        let mut piece_ends = Vec::with_capacity(words.len());
        for word in &words {
            cache.append(&self.model, word.of(text), &mut pieces);
            piece_ends.push(pieces.len());
        }
        let windows = window::cut(&piece_ends, self.model.window_budget, WINDOW_OVERLAP);
        let encode = |windows: &[window::Window]| self.word_logits(text, &words, &pieces, &piece_ends, windows);
        // Whole batches a turn: which windows share a batch must not depend on the number of threads.
        let turn = WINDOWS_A_TURN.next_multiple_of(self.engine.windows_a_batch().max(1));
        let logits = if self.threads == 1 || windows.len() <= 2 * turn {
            encode(&windows)?
        } else {
            in_turns(&windows, turn, self.threads, encode)?
        };
        let width = self.model.labels.len();
        let mut start = 0;
        for sentence in sentences {
            let end = start + sentence.len();
            let found = decode::mentions(&self.model.labels, &logits[start * width..end * width], sentence);
            mentions.extend(found.into_iter().map(|found| Mention { score: self.model.score(found.score), ..found }));
            start = end;
        }
        Ok(())
    }

    /// Logits of the words that `windows` label, one row a word, taken at its first piece.
    fn word_logits(
        &self,
        text: &str,
        words: &[Span],
        pieces: &[i32],
        piece_ends: &[usize],
        windows: &[window::Window],
    ) -> Result<Vec<f32>, EngineError> {
        let width = self.model.labels.len();
        let piece_start = |word: usize| if word == 0 { 0 } else { piece_ends[word - 1] };
        let mut rows = Vec::new();
        for group in windows.chunks(self.engine.windows_a_batch().max(1)) {
            let mut batch = Batch::default();
            let mut asked = Vec::new();
            for window in group {
                self.model.open_window(&mut batch);
                for word in window.words.clone() {
                    if window.labelled.contains(&word) {
                        asked.push(batch.ids.len());
                    }
                    let span = words[word];
                    let layout = Layout::before(text, span.start);
                    self.model.add_word(
                        span.of(text),
                        layout,
                        &pieces[piece_start(word)..piece_ends[word]],
                        &mut batch,
                    );
                }
                self.model.close_window(&mut batch);
            }
            let mut logits = self.engine.logits_of(&batch, &asked)?;
            if logits.len() != asked.len() * width {
                return Err(EngineError::Interface(format!(
                    "it gave {} values for {} words and {width} labels",
                    logits.len(),
                    asked.len()
                )));
            }
            if !logits.iter().all(|value| value.is_finite()) {
                let hint = "are the weights damaged, or too large for f16?";
                return Err(EngineError::Run(format!("it gave values that are no finite numbers; {hint}")));
            }
            rows.append(&mut logits);
        }
        Ok(rows)
    }

    fn borrow_cache(&self) -> PieceCache {
        let mut caches = self.caches.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        caches.pop().unwrap_or_default()
    }

    fn return_cache(&self, cache: PieceCache) {
        self.caches.lock().unwrap_or_else(std::sync::PoisonError::into_inner).push(cache);
    }
}

/// Runs `encode` on `turn` windows at a time on several threads and joins the results in order.
fn in_turns(
    windows: &[window::Window],
    turn: usize,
    threads: usize,
    encode: impl Fn(&[window::Window]) -> Result<Vec<f32>, EngineError> + Sync,
) -> Result<Vec<f32>, EngineError> {
    let turns: Vec<&[window::Window]> = windows.chunks(turn).collect();
    let next = AtomicUsize::new(0);
    let mut done = std::thread::scope(|scope| {
        let work = || {
            let mut mine = Vec::new();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let Some(turn) = turns.get(number) else { break };
                mine.push((number, encode(turn)));
            }
            mine
        };
        let helpers: Vec<_> = (1..threads.min(turns.len())).map(|_| scope.spawn(work)).collect();
        let mut done = work();
        for helper in helpers {
            match helper.join() {
                Ok(theirs) => done.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_by_key(|&(number, _)| number);
    let mut all = Vec::new();
    for (_, logits) in done {
        all.append(&mut logits?);
    }
    Ok(all)
}

/// Groups sentences into sections of at most [`SECTION_WORDS`] words; a longer sentence is cut.
fn sections(sentences: &[Vec<Span>]) -> Vec<Vec<&[Span]>> {
    let mut sections: Vec<Vec<&[Span]>> = Vec::new();
    let mut used = SECTION_WORDS;
    for part in sentences.iter().flat_map(|sentence| sentence.chunks(SECTION_WORDS)) {
        used += part.len();
        match sections.last_mut() {
            Some(section) if used <= SECTION_WORDS => section.push(part),
            _ => {
                sections.push(vec![part]);
                used = part.len();
            }
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_hold_all_sentences_in_order_and_stay_short() {
        let sentence = |count: usize| (0..count).map(|index| Span::new(index, index + 1)).collect::<Vec<_>>();
        let sentences = [sentence(3), sentence(SECTION_WORDS * 2 + 5), sentence(SECTION_WORDS - 5), sentence(1)];
        let lengths: Vec<Vec<usize>> =
            sections(&sentences).iter().map(|section| section.iter().map(|part| part.len()).collect()).collect();
        assert_eq!(lengths, [vec![3], vec![SECTION_WORDS], vec![SECTION_WORDS], vec![5, SECTION_WORDS - 5], vec![1]]);
    }
}
