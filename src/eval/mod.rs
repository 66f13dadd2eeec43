//! How good a system is, measured against gold annotations: takes spans with types, gives counts and scores. Knows
//! nothing of models; the same input always gives the same figures.

pub mod labels;
pub mod span;
