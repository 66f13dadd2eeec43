//! Models of the Hugging Face hub: fetched when somebody asks for one by its name, once, into the cache that all its tools
//! share.
//!
//! [`fetch`] gives the folder of a model in the cache, and that is a model folder as any other. Part of the program where it
//! was built with the feature `hub`; this file is always there, so that a program without it can say so.

#[cfg(feature = "hub")]
mod checksum;
#[cfg(feature = "hub")]
mod fetch;

#[cfg(feature = "hub")]
pub use fetch::fetch;

use std::path::PathBuf;

/// Why a model of the hub cannot be had.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HubError {
    /// The program was built without the feature.
    #[error(
        "there is no such folder, and models of the hub need a program built with --features hub (docs/engines.md)"
    )]
    NotBuiltIn,
    /// There is no place for a cache.
    #[error("there is no home folder to keep it in: set HF_HOME to a folder")]
    NoCache,
    /// The hub cannot be asked.
    #[error(
        "there is no such folder, it is not complete in the cache {cache}, and {reason}; run this once with a connection, \
         copy the cache from a machine that has one, or name a folder"
    )]
    OutOfReach {
        /// The folder of the cache that was searched.
        cache: PathBuf,
        /// Why the hub was not asked, or did not answer.
        reason: String,
    },
    /// The hub does not give it.
    #[error(
        "there is no such folder, and {endpoint} has no such model or does not give it to everybody (status {status}): check \
         the name, and for a model that needs permission set HF_TOKEN"
    )]
    Refused {
        /// The hub that was asked.
        endpoint: String,
        /// What it answered.
        status: u16,
    },
    /// A file that arrived is not the one that the hub announced.
    #[error("{file} arrived damaged and was deleted: run this again")]
    Damaged {
        /// The file.
        file: String,
    },
    /// The model was replaced on the hub meanwhile.
    #[error("it changed on the hub while it was fetched: run this again")]
    Changed,
}

/// How far the download of a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Download {
    /// The file, as the model calls it.
    pub file: String,
    /// Bytes that are here.
    pub arrived: u64,
    /// Bytes of the whole file.
    pub size: u64,
}

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
