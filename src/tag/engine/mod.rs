//! Engines: word pieces in, logits out.
//!
//! An engine knows tensors and nothing of words, labels or documents. Every engine must give one window the same logits
//! whatever else is in its batch, so that results never depend on batching or threads. [`ENGINES`] lists the engines;
//! a new one is a file here (or a folder) with an [`EngineInfo`], and a line in that list. The one that suits the machine,
//! the model and the user is chosen as [`EngineOptions`] say.
//!
//! [`Tagger`](super::Tagger) runs them; who wants logits alone, as benchmarks do, asks [`load`](super::model::load):
//!
//! ```
//! use namesake::tag::engine::{Batch, EngineOptions};
//! use namesake::label::LabelTable;
//! use namesake::tag::layout::Layout;
//! use namesake::tag::model::{ModelFiles, load};
//!
//! let (model, engine, choice) =
//!     load(&ModelFiles::embedded()?, &EngineOptions::default(), &LabelTable::default(), 1)?;
//! let mut batch = Batch::default();
//! model.open_window(&mut batch);
//! for word in ["Oslo", "waits"] {
//!     model.add_word(word, Layout::Inline, &model.pieces(word), &mut batch);
//! }
//! model.close_window(&mut batch);
//! let logits = engine.logits(&batch)?;
//! assert_eq!(logits.len(), batch.ids.len() * model.width(), "{}", choice.taken.engine.name);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod choose;
mod device;
mod export;
mod fused;
mod interface;
mod libtorch;
mod list;
mod onnx;

pub use super::batch::Batch;
pub(crate) use choose::choose;
pub use choose::{Candidate, Choice, ChoiceError, EngineOptions};
pub use device::{Device, Precision, UnknownDevice};
pub(crate) use interface::LoadOrder;
pub use interface::{Detected, Engine, EngineError, EngineInfo};
pub use list::ENGINES;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::config::ModelConfig;
    use crate::tag::files::ModelFiles;
    use crate::tag::model::read_config;

    /// Both engines read the same network, each with its own roundings: the same labels with early exits, which only `fused` has,
    /// and about the same logits without.
    #[test]
    fn the_engines_agree() {
        let files = ModelFiles::embedded().unwrap();
        let config = read_config(&files).unwrap();
        let mut all_layers: serde_json::Value = serde_json::from_str(&config.text).unwrap();
        all_layers["exit_layers"] = serde_json::json!([]);
        let all_layers = ModelConfig::parse(all_layers.to_string()).unwrap();
        let logits = |info: &EngineInfo, config: &ModelConfig, batch: &Batch| {
            let name = (info.weights)(None)[0];
            let weights = files.file(name);
            let order = LoadOrder { name, weights: &weights, config, device: Device::Cpu, precision: None, threads: 1 };
            (info.load)(&order).unwrap().logits(batch).unwrap()
        };
        // "[CLS] ban ki - moon visited geneva on monday . [SEP]", names with the shape of a title.
        let ids = [101, 7221, 11382, 1011, 4231, 4716, 9810, 2006, 6928, 1012, 102];
        let types = [0, 1, 1, 0, 1, 0, 1, 0, 1, 0, 0];
        let batch = Batch { ids: ids.to_vec(), token_types: types.to_vec(), lengths: vec![ids.len()] };
        if (fused::INFO.detect)().devices.is_empty() {
            return;
        }
        let (fused, onnx) = (logits(&fused::INFO, &all_layers, &batch), logits(&onnx::INFO, &config, &batch));
        let with_exits = logits(&fused::INFO, &config, &batch);
        let best = |row: &[f32]| (0..row.len()).max_by(|&left, &right| row[left].total_cmp(&row[right]));
        let rows = fused.chunks_exact(9).zip(with_exits.chunks_exact(9)).zip(onnx.chunks_exact(9));
        for ((fused, with_exits), onnx) in rows {
            for (fused, onnx) in fused.iter().zip(onnx) {
                // On dev text the one is up to 0.65 away from 32 bits, the other 1.25 (docs/performance.md).
                assert!((fused - onnx).abs() < 2.0, "{fused} {onnx}");
            }
            // Inner pieces of a word were never trained to say one label: two of them may be all but equal.
            let clear = onnx.iter().filter(|&&logit| logit > onnx[best(onnx).unwrap()] - 2.0).count() == 1;
            assert!(!clear || best(fused) == best(onnx), "{fused:?} {onnx:?}");
            assert!(!clear || best(with_exits) == best(onnx), "{with_exits:?} {onnx:?}");
        }
    }
}
