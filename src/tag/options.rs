//! Settings of a tagger.

use super::Tagger;
use super::engine::EngineOptions;
use super::model::{ModelError, ModelFiles, load};
use crate::label::LabelTable;
use std::path::{Path, PathBuf};

/// Settings of a [`Tagger`]; the default is the embedded model, on the best engine of this machine and all processors.
#[derive(Debug, Clone)]
pub struct TaggerOptions {
    model: Option<PathBuf>,
    engine: EngineOptions,
    labels: LabelTable,
    threads: usize,
}

impl Default for TaggerOptions {
    fn default() -> Self {
        Self {
            model: None,
            engine: EngineOptions::default(),
            labels: LabelTable::default(),
            threads: std::thread::available_parallelism().map_or(1, usize::from).min(Self::MAX_THREADS),
        }
    }
}

impl TaggerOptions {
    /// The most threads that one tagger uses: more than any machine has processors, and as many as every system starts.
    pub const MAX_THREADS: usize = 1024;

    /// Uses the model in this folder instead of the one that is part of the program.
    #[must_use]
    pub fn with_model(mut self, folder: impl AsRef<Path>) -> Self {
        self.model = Some(folder.as_ref().to_owned());
        self
    }

    /// Runs the model with the engine that these options choose.
    #[must_use]
    pub fn with_engine(mut self, engine: EngineOptions) -> Self {
        self.engine = engine;
        self
    }

    /// Understands the model's labels as this table says.
    #[must_use]
    pub fn with_labels(mut self, labels: LabelTable) -> Self {
        self.labels = labels;
        self
    }

    /// What the model's labels are understood to mean.
    #[must_use]
    pub const fn labels(&self) -> &LabelTable {
        &self.labels
    }

    /// Uses at most this many threads, 1 to [`MAX_THREADS`](Self::MAX_THREADS). The output is the same for every number.
    #[must_use]
    pub fn with_threads(mut self, threads: usize) -> Self {
        self.threads = threads;
        self
    }

    /// How many threads are used at most.
    #[must_use]
    pub const fn threads(&self) -> usize {
        self.threads
    }

    /// Loads the model.
    ///
    /// # Errors
    /// If an option is out of its bounds, the model folder lacks a file, a file is not what it should be, or no engine can run the model.
    pub fn build(&self) -> Result<Tagger, ModelError> {
        if !(1..=Self::MAX_THREADS).contains(&self.threads) {
            return Err(ModelError::Threads { asked: self.threads, most: Self::MAX_THREADS });
        }
        let files = match &self.model {
            Some(folder) => ModelFiles::in_folder(folder)?,
            None => ModelFiles::embedded()?,
        };
        Ok(Tagger::new(load(&files, &self.engine, &self.labels, self.threads)?, self.threads))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_are_told_before_anything_is_read() {
        for threads in [0, TaggerOptions::MAX_THREADS + 1] {
            let options = TaggerOptions::default().with_model("no such folder").with_threads(threads);
            let error = options.build().unwrap_err().to_string();
            assert!(error.contains("ask for 1 to 1024"), "{error}");
        }
    }
}
