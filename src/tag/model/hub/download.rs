//! How far a model is on its way here.

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
