//! Every engine of this program.

use super::interface::EngineInfo;
use super::{fused, libtorch, onnx};

/// Every engine, on the processor the fastest first.
pub const ENGINES: [&EngineInfo; 3] = [&fused::INFO, &onnx::INFO, &libtorch::INFO];

impl EngineInfo {
    /// The engine with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<&'static Self> {
        ENGINES.into_iter().find(|engine| engine.name == name)
    }
}
