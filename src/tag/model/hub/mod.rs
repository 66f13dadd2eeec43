//! Models of the Hugging Face hub: fetched when somebody asks for one by its name, once, into the cache that all its tools
//! share.
//!
//! [`fetch`] gives the folder of a model in the cache, and that is a model folder as any other. Part of the program where it
//! was built with the feature `hub`; this file is always there, so that a program without it can say so.

#[cfg(feature = "hub")]
mod checksum;
mod download;
mod error;
#[cfg(feature = "hub")]
mod fetch;

pub use download::Download;
pub use error::HubError;
#[cfg(feature = "hub")]
pub use fetch::fetch;

#[cfg(not(feature = "hub"))]
use std::path::PathBuf;

/// Whether `name` can be that of a model on the hub: `owner/model`.
#[must_use]
pub fn is_hub_name(name: &str) -> bool {
    let part = |part: &str| {
        !part.starts_with('.')
            && !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
    };
    name.split_once('/').is_some_and(|(owner, model)| part(owner) && part(model))
}

/// Says that this program has no hub.
///
/// # Errors
/// Always.
#[cfg(not(feature = "hub"))]
pub fn fetch(
    name: &str,
    _: &crate::tag::engine::EngineOptions,
    _: impl FnMut(&Download),
) -> Result<PathBuf, super::ModelError> {
    Err(super::ModelError::Hub { name: name.to_owned(), source: HubError::NotBuiltIn })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_hub_are_known() {
        for name in ["dslim/bert-base-NER", "a/b.c_d"] {
            assert!(is_hub_name(name), "{name}");
        }
        for name in ["", "model", "/a", "a/b/c", "./model", "../model", "a b/c", "C:\\model", "models/", "a/.b"] {
            assert!(!is_hub_name(name), "{name}");
        }
    }
}
