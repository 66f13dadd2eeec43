//! What the metrics see of a mention.

/// A mention to the metrics. Clusters are numbered from 0 without gaps, on each side for itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// Cluster in the gold, if the gold has the mention.
    pub key: Option<u32>,
    /// Cluster of the system, if the system has the mention.
    pub response: Option<u32>,
    /// Number of its surface form: equal forms, equal numbers.
    pub surface: u32,
}
