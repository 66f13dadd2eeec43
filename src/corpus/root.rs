//! The folder from which a store tells the paths of its documents: a file has one name, however it was reached.

use super::error::CorpusError;
use super::store::CorpusStore;
use std::path::{Path, PathBuf};

/// The setting that holds the root.
const ROOT: &str = "root";

/// The setting's value for the folder of the store itself: the two may move together.
const BESIDE: &str = ".";

impl CorpusStore {
    /// The folder from which the paths of documents are told: the one that was recorded, `wanted` where there is none yet, by
    /// default the folder of the store. It is recorded with the first document.
    ///
    /// # Errors
    /// If another folder is recorded than `wanted`, or the store cannot be read and written.
    pub fn root(&mut self, wanted: Option<&Path>) -> Result<PathBuf, CorpusError> {
        let folder = match self.path().parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let full = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let known = self.transact(|store| store.database.setting(ROOT))?;
        let known = known.map(|known| if known == BESIDE { folder.clone() } else { PathBuf::from(known) });
        match (known, wanted) {
            (Some(known), Some(wanted)) if full(&known) != full(wanted) => {
                Err(CorpusError::OtherRoot { store: self.path().to_owned(), known, wanted: wanted.to_owned() })
            }
            (Some(known), _) => Ok(known),
            (None, wanted) => {
                let root = wanted.unwrap_or(&folder);
                let is_beside = full(root) == full(&folder);
                let value = if is_beside { BESIDE.to_owned() } else { full(root).to_string_lossy().into_owned() };
                self.transact(|store| store.database.set_setting(ROOT, &value))?;
                Ok(root.to_owned())
            }
        }
    }
}
