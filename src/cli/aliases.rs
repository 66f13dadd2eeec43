//! `--aliases`: the user's table, for the resolver and for the store.

use anyhow::Context;
use namesake::alias_table::AliasTable;
use std::fs::File;
use std::path::Path;

/// Reads the table at `path`.
pub fn read(path: &Path) -> anyhow::Result<AliasTable> {
    let file = File::open(path).with_context(|| format!("cannot read the alias table {}", path.display()))?;
    Ok(AliasTable::read(file, &path.display().to_string())?)
}
