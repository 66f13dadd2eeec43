//! Why a model of the hub cannot be had.

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
