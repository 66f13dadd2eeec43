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
//! assert_eq!(friday[0].reason, "same full name");
//! # Ok::<(), namesake::corpus::CorpusError>(())
//! ```

mod alias_entity;
mod alias_index;
mod database;
mod decision;
mod document;
mod documents;
mod error;
mod link;
mod merge;
mod migration;
mod profile;
mod review;
mod score;
mod store;
#[cfg(test)]
mod tests;

pub use decision::{CsvExportError, Decision, DecisionKind};
pub use document::{CorpusId, DocumentEntities, DocumentEntity, Linked};
pub use documents::{DocumentMember, DocumentPlace};
pub use error::{CorpusError, DecisionError};
pub use review::{Companion, CorpusEntity, EntityDetail, HistoryEntry, Membership, NameCount};
pub use store::{CorpusStore, LinkOptions, StoreSummary};
