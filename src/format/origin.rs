//! Where a document comes from, and the id that it keeps in a store: one that hangs neither on how its file was named nor on
//! what stands beside it there.

use super::ReadOptions;
use super::open::{Source, name_of};
use crate::digest::digest;
use crate::document::Document;
use std::path::Path;

/// The source of documents.
#[derive(Debug, Default)]
pub(super) struct Origin {
    /// As the user named it.
    pub(super) name: Box<str>,
    /// The path as seen from the root, where there is one, else as it was named; `-` for standard input.
    pub(super) place: String,
    /// The file's name without its folder.
    file: String,
    is_file: bool,
}

impl Origin {
    pub(super) fn of(source: &Source, options: &ReadOptions) -> Self {
        let place = match (source.path(), &options.root) {
            (None, _) => "-".to_owned(),
            (Some(_), None) => source.name.clone(),
            (Some(path), Some(root)) => seen_from(root, path),
        };
        let file = source.path().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
        Self {
            name: source.name.as_str().into(),
            place,
            file: file.unwrap_or_default(),
            is_file: source.path().is_some(),
        }
    }

    /// The id of a document that brings none of its own; `None` for one that does.
    pub(super) fn lasting_id(&self, document: &Document) -> Option<String> {
        let is_number = |rest: &str| rest.strip_prefix([':', '#']).is_some_and(|rest| rest.parse::<u64>().is_ok());
        let rests = [&*self.name, self.file.as_str()].into_iter().filter(|name| !name.is_empty());
        let rest =
            rests.filter_map(|name| document.id.strip_prefix(name)).find(|rest| rest.is_empty() || is_number(rest));
        match rest {
            // A file that is one document: another text in it is a new version of the same.
            Some("") if self.is_file => Some(self.place.clone()),
            Some(_) => Some(content_id(&self.place, &document.text)),
            None if document.id.is_empty() => Some(content_id(&self.place, &document.text)),
            None => None,
        }
    }
}

/// An id made of a text: a short digest of it after the name of its source.
#[must_use]
pub(crate) fn content_id(place: &str, text: &str) -> String {
    let digest = digest([text]);
    let short: String = digest.iter().take(8).fold(String::new(), |short, byte| short + &format!("{byte:02x}"));
    format!("{place}#{short}")
}

/// `path` as seen from the folder `root`; all of it where it lies elsewhere. Links and `..` are followed: a file has one name.
fn seen_from(root: &Path, path: &Path) -> String {
    let Ok(path) = path.canonicalize() else { return name_of(path) };
    let inside = root.canonicalize().ok().and_then(|root| path.strip_prefix(root).ok().map(Path::to_owned));
    name_of(&inside.unwrap_or(path))
}
