//! The engines side by side on the shipped model: words of text a second through the command, from JSON lines to JSON
//! lines, and pieces a second through the network alone, in windows of three lengths. With the feature `libtorch` also
//! `rust-bert`'s own pipeline.
//!
//! Prints one line a figure, `name<TAB>unit<TAB>figure`; `scripts/bench_peers.sh` calls it with `--texts FILE`, where it writes
//! the texts for the others, and makes the table. By itself: `cargo bench --bench engines`; with `-- --engine NAME` one engine.
#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs, reason = "a benchmark may stop at the first surprise")]

mod generate;

use generate::Articles;
use namesake::document::Document;
use namesake::label::LabelTable;
use namesake::tag::engine::{Batch, Device, ENGINES, Engine, EngineInfo, EngineOptions, Precision};
use namesake::tag::layout::Layout;
use namesake::tag::model::{Model, ModelFiles, load};
use namesake::tag::words::split_words;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

const DOCUMENTS: usize = 48;
/// How often the command reads the documents, so that a start, a twentieth of a second, is small beside the rest. A build
/// with libtorch needs half a second to start: that is why the fast engines are timed in one without.
const REPEATED: usize = 6;
const WINDOWS: [usize; 3] = [64, 128, 192];
const WINDOWS_A_RUN: usize = 64;

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    // `cargo test --benches` runs this too; it has nothing to prove there.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return;
    }
    let argument = |name: &str| {
        let at = arguments.iter().position(|argument| argument == name)?;
        Some(arguments.get(at + 1).expect("a value behind the option").as_str())
    };
    let only = argument("--engine");
    let mut articles = Articles::new(7);
    let documents: Vec<Document> =
        (0..DOCUMENTS).map(|id| Document::new(id.to_string(), articles.article(8))).collect();
    let lines = documents.iter().map(|document| serde_json::json!({ "text": document.text }).to_string() + "\n");
    let lines: String = lines.collect();
    if let Some(path) = argument("--texts") {
        fs::write(path, &lines).unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let texts = folder.path().join("texts.jsonl");
    fs::write(&texts, lines.repeat(REPEATED)).unwrap();
    let words: usize = documents.iter().map(|document| document.text.split_whitespace().count()).sum();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    for engine in ENGINES {
        if only.is_some_and(|name| name != engine.name) || (engine.detect)().devices.is_empty() {
            continue;
        }
        for precision in precisions(engine) {
            let mut options = EngineOptions::default().with_engine(engine).with_device(Device::Cpu);
            let mut name = format!("namesake {}", engine.name);
            if let Some(precision) = precision {
                options = options.with_precision(precision);
                name += &format!(" {precision}");
            }
            report(&name, "words/s", words_a_second(words * REPEATED, &texts, engine.name, precision));
            network_alone(&name, &ModelFiles::embedded().unwrap(), &options, &documents, threads);
            if engine.name == "fused" {
                let folder = without_exits();
                let files = ModelFiles::in_folder(folder.path()).unwrap();
                network_alone("namesake fused, no early exits", &files, &options, &documents, threads);
            }
        }
    }
    #[cfg(feature = "libtorch")]
    if only.is_none_or(|name| name == "libtorch") {
        rust_bert_pipeline::run(words, &documents);
    }
}

/// In floating point, as far as the engine lets one choose: the shipped model has int8 weights for the others.
fn precisions(engine: &EngineInfo) -> Vec<Option<Precision>> {
    match engine.precisions.contains(&Precision::Bf16) {
        true if has_bf16() => vec![Some(Precision::F32), Some(Precision::Bf16)],
        true => vec![Some(Precision::F32)],
        false => vec![None],
    }
}

/// Whether the processor multiplies bf16 itself. Without, libtorch tags 70 words a second, and a round would not end.
fn has_bf16() -> bool {
    #[cfg(target_arch = "x86_64")]
    return is_x86_feature_detected!("avx512bf16");
    #[cfg(not(target_arch = "x86_64"))]
    return cfg!(target_arch = "aarch64");
}

fn report(name: &str, unit: &str, figure: f64) {
    println!("{name}\t{unit}\t{figure:.0}");
}

/// From the start of the process to its end, with everything that it does: reading, aliases, writing.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn words_a_second(words: usize, texts: &Path, engine: &str, precision: Option<Precision>) -> f64 {
    let mut command = Command::new(env!("CARGO_BIN_EXE_namesake"));
    command.args(["extract", "--format", "jsonl", "--quiet", "--device", "cpu", "--engine", engine]).arg(texts);
    if let Some(precision) = precision {
        command.args(["--precision", &precision.to_string()]);
    }
    let began = Instant::now();
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
    words as f64 / began.elapsed().as_secs_f64()
}

/// The built-in model as a folder whose configuration names no early exits: all pieces go through all layers.
fn without_exits() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let built_in = Path::new("models/news-small");
    fs::create_dir(folder.path().join("onnx")).unwrap();
    for file in ["tokenizer.json", "onnx/model_quantized.onnx"] {
        fs::copy(built_in.join(file), folder.path().join(file)).unwrap();
    }
    let mut config: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(built_in.join("config.json")).unwrap()).unwrap();
    config.as_object_mut().unwrap().remove("exit_layers");
    fs::write(folder.path().join("config.json"), config.to_string()).unwrap();
    folder
}

fn network_alone(name: &str, files: &ModelFiles, options: &EngineOptions, documents: &[Document], threads: usize) {
    let (model, engine, _) = load(files, options, &LabelTable::default(), threads).unwrap();
    let mut pieces = Batch::default();
    for text in documents.iter().map(|document| &document.text) {
        for word in split_words(text) {
            model.add_word(word.of(text), Layout::before(text, word.start), &model.pieces(word.of(text)), &mut pieces);
        }
    }
    for length in WINDOWS {
        let figure = pieces_a_second(&model, engine.as_ref(), &pieces, length, threads);
        report(name, &format!("pieces/s at {length}"), figure);
    }
}

/// Windows of so many of `pieces`, special ones included: what an early exit leaves out depends on the text.
#[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
fn pieces_a_second(model: &Model, engine: &dyn Engine, pieces: &Batch, length: usize, threads: usize) -> f64 {
    let mut windows = pieces.ids.chunks_exact(length - 2).zip(pieces.token_types.chunks_exact(length - 2)).cycle();
    let batches: Vec<Batch> = (0..WINDOWS_A_RUN / engine.windows_a_batch())
        .map(|_| {
            let mut batch = Batch::default();
            for (ids, types) in windows.by_ref().take(engine.windows_a_batch()) {
                model.open_window(&mut batch);
                batch.ids.extend(ids);
                batch.token_types.extend(types);
                model.close_window(&mut batch);
            }
            batch
        })
        .collect();
    let run = |index: usize| {
        engine.logits(&batches[index]).unwrap();
    };
    on_all(threads, threads * 2, run);
    let began = Instant::now();
    on_all(threads, batches.len(), run);
    batches.iter().map(|batch| batch.ids.len()).sum::<usize>() as f64 / began.elapsed().as_secs_f64()
}

/// Calls `work` with every number below `count`, on several threads.
fn on_all(threads: usize, count: usize, work: impl Fn(usize) + Sync) {
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= count {
                        break;
                    }
                    work(index);
                }
            });
        }
    });
}

/// `rust-bert`'s own `NERModel`, with its tokenizer and its batches, on the weights of the shipped model.
#[cfg(feature = "libtorch")]
mod rust_bert_pipeline {
    use namesake::document::Document;
    use rust_bert::pipelines::common::{ModelResource, ModelType};
    use rust_bert::pipelines::ner::NERModel;
    use rust_bert::pipelines::token_classification::{LabelAggregationOption, TokenClassificationConfig};
    use rust_bert::resources::LocalResource;
    use std::path::{Path, PathBuf};
    use std::time::Instant;

    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    pub fn run(words: usize, documents: &[Document]) {
        let folder = tempfile::tempdir().unwrap();
        let model = Path::new("build/floats/news-small");
        assert!(model.is_dir(), "first run scripts/float.py models/news-small, which makes {}", model.display());
        let tokenizer: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(model.join("tokenizer.json")).unwrap()).unwrap();
        let mut vocabulary: Vec<(&String, u64)> = tokenizer["model"]["vocab"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(piece, id)| (piece, id.as_u64().unwrap()))
            .collect();
        vocabulary.sort_by_key(|&(_, id)| id);
        let lines: String = vocabulary.iter().flat_map(|(piece, _)| [piece.as_str(), "\n"]).collect();
        std::fs::write(folder.path().join("vocab.txt"), lines).unwrap();
        let local = |path: PathBuf| LocalResource { local_path: path };
        let mut config = TokenClassificationConfig::new(
            ModelType::Bert,
            ModelResource::Torch(Box::new(local(model.join("model.safetensors")))),
            local(model.join("config.json")),
            local(folder.path().join("vocab.txt")),
            None,
            true,
            None,
            None,
            LabelAggregationOption::First,
        );
        config.device = tch::Device::Cpu;
        config.kind = Some(tch::Kind::Float);
        let pipeline = NERModel::new(config).unwrap();
        let texts: Vec<&str> = documents.iter().map(|document| document.text.as_str()).collect();
        pipeline.predict(&texts[..2]);
        let began = Instant::now();
        pipeline.predict(&texts);
        super::report("rust-bert NERModel f32", "words/s", words as f64 / began.elapsed().as_secs_f64());
    }
}
