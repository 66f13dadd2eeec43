//! Opening a corpus store to write to it.

use crate::cli::outcome::tell;
use namesake::corpus::CorpusStore;
use std::path::Path;

/// Brings a store of an older version up to date before anything else, and says so.
pub fn make_current(store: &mut CorpusStore, path: &Path) -> anyhow::Result<()> {
    if let Some(version) = store.migrate()? {
        tell(format_args!(
            "namesake: {} was written by an older version (schema {version}): its name keys were made anew, ids and \
             decisions are as they were",
            path.display()
        ));
    }
    Ok(())
}
