//! Folders and patterns: several files named at once.

use super::error::Fault;
use super::open::{Source, Sources, ending_format, name_of, once};
use std::path::Path;
use walkdir::WalkDir;

/// Files below `folder`, sorted by name; without `every`, those with an ending that says their format.
pub(super) fn walk(folder: &Path, every: bool) -> Sources {
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    Box::new(entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_file() && (every || ending_format(entry.path()).is_some()) => {
            Some(Ok(Source::file(entry.path())))
        }
        Ok(_) => None,
        Err(error) => {
            let name = error.path().map(name_of).unwrap_or_default();
            Some(Err(Fault::at_opening(error.into()).of(&name)))
        }
    }))
}

pub(super) fn matches_of(pattern: &str, every: bool) -> Sources {
    let paths = match glob::glob(pattern) {
        Ok(paths) => paths,
        Err(error) => return once(Err(Fault::BadPattern(error.to_string()).of(pattern))),
    };
    let mut found = paths
        .flat_map(move |path| match path {
            Ok(path) if path.is_dir() => walk(&path, every),
            Ok(path) => once(Ok(Source::file(&path))),
            Err(error) => {
                let name = name_of(error.path());
                once(Err(Fault::at_opening(error.into()).of(&name)))
            }
        })
        .peekable();
    if found.peek().is_none() { once(Err(Fault::NoMatch.of(pattern))) } else { Box::new(found) }
}
