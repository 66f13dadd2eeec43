//! From document entities to corpus entities: takes what the resolver found in one document after another, and gives each
//! entity the identifier of the person, organisation or place that it is in the whole corpus, kept in one `SQLite` file.
//! What must hold: an identifier never changes its meaning silently (every join and merge is recorded with its reason and
//! score, and no number is given twice); a document that was linked already changes nothing; a person's decisions win over
//! scores; the same documents in the same order give the same store, however often the work was interrupted.
//!
//! ```
//! use namesake::corpus::{CorpusStore, DocumentEntities, DocumentEntity};
//! use namesake::entity_type::EntityType;
//!
//! let mut store = CorpusStore::in_memory()?;
//! let first = DocumentEntities::new("monday", [DocumentEntity::new("Petra Holt", EntityType::Per, ["Petra Holt", "Holt"])]);
//! let second = DocumentEntities::new("friday", [DocumentEntity::new("Petra Holt", EntityType::Per, ["Petra Holt"])]);
//! let monday = store.link(&first)?;
//! let friday = store.link(&second)?;
//! assert_eq!(monday[0].corpus_id, friday[0].corpus_id);
//! assert_eq!(friday[0].corpus_id.to_string(), "E000001");
//! assert_eq!(friday[0].name, "Petra Holt");
//! assert_eq!(friday[0].reason, "same full name");
//! # Ok::<(), namesake::corpus::CorpusError>(())
//! ```

mod alias_entity;
mod alias_index;
mod analysis;
mod assignment;
mod check;
mod database;
mod decision;
mod document;
mod documents;
mod erase;
mod error;
mod former;
mod link;
mod meaning;
mod merge;
mod migration;
mod profile;
mod relocate;
mod review;
mod root;
mod score;
mod store;
#[cfg(test)]
mod tests;
mod trace;
mod transfer;
mod undo;

pub use analysis::KnownTexts;
pub use decision::{Author, DecisionKind};
pub use document::{CorpusId, DocumentEntities, DocumentEntity, Linked};
pub use documents::{DocumentMember, DocumentPlace};
pub use erase::Erased;
pub use error::{CorpusError, DecisionError};
pub use review::{Companion, CorpusEntity, EntityDetail, HistoryEntry, Membership, NameCount};
pub use store::{CorpusStore, LinkOptions, LinkTally, StoreSummary};
pub use trace::{Change, Fate};
pub use transfer::{CsvExportError, Decision, Imported};
pub use undo::LoggedDecision;
