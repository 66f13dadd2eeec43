//! Reads documents, tags people, organisations and places, and resolves their aliases into canonical entities.

pub mod document;
pub mod entity;
pub mod eval;
pub mod input;
pub mod mention;
mod ordered;
pub mod output;
pub mod pipeline;
pub mod resolve;
pub mod tag;
