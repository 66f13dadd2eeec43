//! How good a system is, measured against gold annotations: annotated documents of both sides come in, every score of the
//! field goes out. Knows no file format and no model; the same input always gives the same figures, and each is that of the
//! field's reference scorer to the last digit (`docs/evaluation.md`).
//!
//! [`judge`] does all of it: [`align`] puts gold and system side by side, [`select`] says which mentions count, [`scheme`] and
//! [`cluster`] are the metrics on plain data, [`evaluate`] runs them over a corpus, [`significance`] says how sure they are,
//! [`breakdown`] what went wrong, [`result`] sets them as JSON and as tables.
//!
//! ```
//! use namesake::annotation::AnnotatedDocument;
//! use namesake::document::{Document, Span};
//! use namesake::entity_type::EntityType;
//! use namesake::eval::{Corpus, JudgeOptions, judge};
//! use namesake::mention::Mention;
//!
//! let mut gold = AnnotatedDocument::new(Document::new("a", "Ada met Bo in Oslo."));
//! let mention = |start, end, entity_type| Mention { span: Span::new(start, end), entity_type, score: 1.0 };
//! gold.mentions = vec![mention(0, 3, EntityType::Per), mention(8, 10, EntityType::Per), mention(14, 18, EntityType::Loc)];
//! let mut system = gold.clone();
//! system.mentions.pop();
//! let system = vec![("mine".to_owned(), Corpus::new(vec![system], "mine"))];
//! let judgement = judge(Corpus::new(vec![gold], "gold"), "gold", system, &JudgeOptions::default())?;
//! let strict = judgement.systems[0].evaluation.all_scores().iter().find(|row| row.path == ["spans", "strict", "micro"]);
//! assert_eq!(strict.map(|row| row.score.f1), Some(0.8));
//! # Ok::<(), namesake::eval::JudgeError>(())
//! ```

pub mod align;
pub mod breakdown;
pub mod cluster;
mod corpus;
pub mod entities;
pub mod error_list;
pub mod evaluate;
mod judge;
pub mod layout;
mod offset_check;
mod parallel;
pub mod ranking;
pub mod result;
mod row;
pub mod scheme;
pub mod score;
pub mod select;
pub mod significance;
pub mod slice;
mod token;
pub mod units;

pub use corpus::Corpus;
pub use judge::{JudgeError, JudgeOptions, Judged, Judgement, judge};
