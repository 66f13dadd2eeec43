//! A persistent Oxigraph store: a named graph for each document, and in the default graph what all documents together
//! say of each entity.

use super::error::GraphError;
use oxigraph::store::Store;
use std::fs;
use std::path::Path;

/// An Oxigraph store in a folder.
pub struct GraphStore {
    pub(super) store: Store,
}

impl GraphStore {
    /// Opens the store in the folder `path` for queries; others may read and write meanwhile.
    ///
    /// # Errors
    /// If there is none, or it cannot be read.
    pub fn open(path: &Path) -> Result<Self, GraphError> {
        if !path.exists() {
            return Err(GraphError::MissingStore { path: path.to_owned() });
        }
        check(path)?;
        Ok(Self { store: Store::open_read_only(path)? })
    }
}

impl std::fmt::Debug for GraphStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("GraphStore").finish_non_exhaustive()
    }
}

/// Whether `path` is the folder of a store, or empty, or not there yet: nobody's files shall be mixed with a store's.
pub(super) fn check(path: &Path) -> Result<(), GraphError> {
    let not_a_store = || GraphError::NotAStore { path: path.to_owned() };
    if !path.exists() || path.join("CURRENT").is_file() {
        return Ok(());
    }
    let mut content = fs::read_dir(path).map_err(|_| not_a_store())?;
    if content.next().is_some() { Err(not_a_store()) } else { Ok(()) }
}
