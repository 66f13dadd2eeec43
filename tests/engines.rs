//! The engines on tiny random models of every architecture, against what `transformers` computed
//! (`scripts/engine_fixtures.py`), and against each other.
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use common::{TEXT, lines, namesake, workplace};
use namesake::document::Document;
#[cfg(feature = "libtorch")]
use namesake::format::{Format, ReadOptions, open};
use namesake::label::LabelTable;
#[cfg(feature = "libtorch")]
use namesake::tag::engine::Precision;
use namesake::tag::engine::{Batch, Choice, Device, Engine, EngineInfo, EngineOptions};
use namesake::tag::layout::Layout;
#[cfg(not(feature = "libtorch"))]
use namesake::tag::model::ModelError;
use namesake::tag::model::{Model, ModelFiles, load};
use namesake::tag::{Tagged, TaggerOptions};
use predicates::prelude::*;
use predicates::str::contains;
use serde::Deserialize;
use std::fs;
use std::path::{Path, PathBuf};

/// The largest difference from the logits of `transformers`.
const TOLERANCE: f32 = 1e-4;

/// What the engines of this program can run, by name and file.
const ENGINES: &[(&str, &str)] = &[
    ("onnx", "onnx/model.onnx"),
    #[cfg(feature = "libtorch")]
    ("libtorch", "model.safetensors"),
];

#[derive(Deserialize)]
struct Expected {
    windows: Vec<Window>,
}

#[derive(Deserialize)]
struct Window {
    words: Vec<String>,
    ids: Vec<i32>,
    token_types: Vec<i32>,
    logits: Vec<Vec<f32>>,
}

fn fixtures() -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> =
        fs::read_dir("tests/models").unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()).collect();
    folders.sort();
    assert!(folders.len() >= 14);
    folders
}

fn expected(folder: &Path) -> Vec<Window> {
    let json = fs::read(folder.join("expected.json")).unwrap();
    serde_json::from_slice::<Expected>(&json).unwrap().windows
}

fn on_processor(engine: &str) -> EngineOptions {
    EngineOptions::default().with_engine(EngineInfo::from_name(engine).unwrap()).with_device(Device::Cpu)
}

fn load_fixture(folder: &Path, options: &EngineOptions) -> (Model, Box<dyn Engine>, Choice) {
    let files = ModelFiles::in_folder(folder).unwrap();
    load(&files, options, &LabelTable::default(), 2).unwrap_or_else(|error| panic!("{error}"))
}

/// Each fixture with each engine that has weights for it.
fn each_fixture(mut test: impl FnMut(&str, &Model, &dyn Engine, Vec<Window>)) {
    let mut tested = 0;
    for folder in fixtures() {
        for (engine, file) in ENGINES {
            if folder.join(file).is_file() {
                let (model, loaded, _) = load_fixture(&folder, &on_processor(engine));
                test(&format!("{} on {engine}", folder.display()), &model, loaded.as_ref(), expected(&folder));
                tested += 1;
            }
        }
    }
    assert!(tested >= 4 * ENGINES.len());
}

fn batch(windows: &[&Window]) -> Batch {
    Batch {
        ids: windows.iter().flat_map(|window| window.ids.clone()).collect(),
        token_types: windows.iter().flat_map(|window| window.token_types.clone()).collect(),
        lengths: windows.iter().map(|window| window.ids.len()).collect(),
    }
}

fn furthest(one: &[f32], other: &[f32]) -> f32 {
    assert_eq!(one.len(), other.len());
    one.iter().zip(other).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max)
}

#[test]
fn logits_are_those_of_transformers() {
    let mut wrong = Vec::new();
    each_fixture(|name, _, engine, windows| {
        let far = windows.iter().map(|window| {
            let logits = engine.logits(&batch(&[window])).unwrap();
            furthest(&logits, &window.logits.concat())
        });
        let far = far.fold(0.0, f32::max);
        if far > TOLERANCE {
            wrong.push(format!("{name}: {far}"));
        }
    });
    assert!(wrong.is_empty(), "far from the logits of transformers: {wrong:?}");
}

/// An MPNet as `scripts/export.py` writes it, from either of its files: int8 is off by less than a tenth of the logits' size.
/// Without distances it would be four tenths and more, with positions one row off seven (`transformers`).
#[test]
fn int8_logits_of_an_mpnet_are_near_those_of_transformers() {
    let place = workplace(&[]);
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(Path::new("tests/mpnet").join(file), place.path().join(file)).unwrap();
    }
    for folder in [Path::new("tests/mpnet"), place.path()] {
        let (_, engine, choice) = load_fixture(folder, &EngineOptions::default().with_device(Device::Cpu));
        if choice.taken.engine.name != "fused" {
            return;
        }
        for window in expected(Path::new("tests/mpnet")) {
            let exact = window.logits.concat();
            let logits = engine.logits(&batch(&[&window])).unwrap();
            let root_mean_square = |values: &mut dyn Iterator<Item = f32>| {
                (values.map(|value| value * value).sum::<f32>() / exact.len() as f32).sqrt()
            };
            let error = root_mean_square(&mut logits.iter().zip(&exact).map(|(one, other)| one - other));
            let size = root_mean_square(&mut exact.iter().copied());
            assert!(error < 0.1 * size, "{}: {error} of {size}", choice.taken.weights);
        }
    }
}

/// `fused` reads the ONNX files of `scripts/export.py` alone; beside one of others it takes the checkpoint.
#[test]
fn onnx_files_of_others_are_left_alone() {
    let place = workplace(&[]);
    let fixture = Path::new("tests/models/bert");
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(fixture.join(file), place.path().join(file)).unwrap();
    }
    fs::create_dir(place.path().join("onnx")).unwrap();
    fs::copy(fixture.join("onnx/model.onnx"), place.path().join("onnx/model_quantized.onnx")).unwrap();
    let chosen = || {
        let Choice { taken, passed_over, .. } =
            load_fixture(place.path(), &EngineOptions::default().with_device(Device::Cpu)).2;
        (taken.engine.name, taken.weights, passed_over)
    };
    let (engine, weights, passed_over) = chosen();
    if engine != "fused" {
        return;
    }
    assert_eq!(weights, "model.safetensors");
    assert!(passed_over.iter().all(|(name, _)| *name != "fused"), "{passed_over:?}");
    // Without a checkpoint the engine that runs graphs takes it, and the reason is told.
    fs::remove_file(place.path().join("model.safetensors")).unwrap();
    let (engine, weights, passed_over) = chosen();
    assert_eq!((engine, weights), ("onnx", "onnx/model_quantized.onnx"));
    assert!(
        passed_over.iter().any(|(name, why)| *name == "fused" && why.contains("no word_shapes")),
        "{passed_over:?}"
    );
}

#[test]
fn pieces_are_those_of_transformers() {
    each_fixture(|name, model, _, windows| {
        for window in &windows {
            let mut batch = Batch::default();
            model.open_window(&mut batch);
            for word in &window.words {
                model.add_word(word, Layout::Inline, &model.pieces(word), &mut batch);
            }
            model.close_window(&mut batch);
            assert_eq!(batch.ids, window.ids, "{name}");
            assert_eq!(batch.token_types, window.token_types, "{name}");
            assert_eq!(batch.lengths, [window.ids.len()], "{name}");
        }
    });
}

#[test]
fn a_window_does_not_feel_its_neighbours() {
    each_fixture(|name, _, engine, windows| {
        let alone: Vec<Vec<f32>> = windows.iter().map(|window| engine.logits(&batch(&[window])).unwrap()).collect();
        for count in [1, 2, 3, 7, 64] {
            let many: Vec<usize> = (0..count).map(|index| index % windows.len()).collect();
            let together =
                engine.logits(&batch(&many.iter().map(|&index| &windows[index]).collect::<Vec<_>>())).unwrap();
            let expected: Vec<f32> = many.iter().flat_map(|&index| alone[index].clone()).collect();
            assert_eq!(together, expected, "{name}, {count} windows");
        }
        assert!(engine.logits(&Batch::default()).unwrap().is_empty(), "{name}");
    });
}

/// Texts that are long, short, empty or strange.
fn hard_texts() -> Vec<String> {
    let article = fs::read_to_string("examples/harbour-strike.txt").unwrap();
    vec![
        String::new(),
        " \n".to_owned(),
        "Oslo".to_owned(),
        article.repeat(12),
        article.chars().cycle().take(100_000).collect(),
        "a".repeat(100_000),
        "🙂e\u{301}\u{200d}中".repeat(400),
    ]
}

#[test]
fn no_text_is_too_long_or_too_short() {
    for folder in fixtures() {
        for (engine, file) in ENGINES {
            // The long texts take long: on one small model of each engine; the others see the short ones.
            let texts =
                if folder.ends_with("roberta") { hard_texts() } else { hard_texts().into_iter().take(3).collect() };
            if !folder.join(file).is_file() {
                continue;
            }
            let tag = |threads: usize| -> Vec<Tagged> {
                let options = TaggerOptions::default().with_model(&folder).with_engine(on_processor(engine));
                let tagger = options.with_threads(threads).build().unwrap();
                texts.iter().map(|text| tagger.tag(&Document::new("a", text.as_str())).unwrap()).collect()
            };
            assert_eq!(tag(1), tag(3), "{} on {engine}", folder.display());
        }
    }
}

#[test]
fn damaged_folders_are_told() {
    let place = workplace(&[("a.txt", TEXT)]);
    let copy = |name: &str, files: &[&str]| {
        for file in files {
            let target = place.path().join(name).join(file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(Path::new("tests/models/bert").join(file), target).unwrap();
        }
    };
    copy("pickle", &["config.json", "tokenizer.json"]);
    fs::write(place.path().join("pickle/pytorch_model.bin"), "").unwrap();
    namesake(&place)
        .args(["extract", "a.txt", "--model", "pickle"])
        .assert()
        .code(1)
        .stderr(contains("pytorch_model.bin").and(contains("save_pretrained")));
    fs::write(place.path().join("labels.txt"), "PER=LABEL_3\n").unwrap();
    let labels = ["extract", "a.txt", "--labels", "labels.txt"];
    namesake(&place).args(labels).assert().code(1).stderr(contains("labels.txt:1: LABEL_3 tells no type"));
    let unknown = ["extract", "a.txt", "--engine", "onnx", "--device", "cuda:1"];
    namesake(&place).args(unknown).assert().code(1).stderr(contains("it cannot use cuda:1 here"));
    namesake(&place)
        .args(["extract", "a.txt", "--device", "gpu"])
        .assert()
        .code(2)
        .stderr(contains("expected cpu, cuda"));
    namesake(&place).args(["extract", "a.txt", "--engine", "steam"]).assert().code(2).stderr(contains("libtorch"));
}

/// Damaged weights would otherwise mean a text without names.
#[test]
fn values_that_are_no_numbers_are_told() {
    let place = workplace(&[("a.txt", TEXT)]);
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(Path::new("tests/models/bert").join(file), place.path().join(file)).unwrap();
    }
    let config = place.path().join("config.json");
    let damaged =
        fs::read_to_string(&config).unwrap().replace(r#""layer_norm_eps": "#, r#""layer_norm_eps": -9, "was": "#);
    fs::write(config, damaged).unwrap();
    let engines = if cfg!(feature = "libtorch") { &["fused", "libtorch"][..] } else { &["fused"] };
    for engine in engines {
        let told = namesake(&place)
            .env("NAMESAKE_KERNEL", "portable")
            .args(["extract", "a.txt", "--model", ".", "--engine", engine])
            .assert();
        told.code(3).stdout("").stderr(contains("\"a.txt\"").and(contains("no finite numbers")));
    }
}

#[test]
fn the_choice_is_told() {
    let place = workplace(&[]);
    let told = namesake(&place).arg("engines").assert().success();
    told.stdout(contains("onnx").and(contains("libtorch")).and(contains("chosen: ").and(contains(" on cpu"))));
    let folder = fs::canonicalize("tests/models/albert").unwrap();
    let albert = namesake(&place).arg("engines").arg("--model").arg(folder).assert();
    if cfg!(feature = "libtorch") {
        albert.success().stdout(contains("chosen: libtorch").and(contains("not onnx: the model has no onnx/")));
    } else {
        albert.code(1).stderr(contains("onnx: the model has no onnx/").and(contains("libtorch: not built in")));
    }
}

#[test]
fn labels_can_be_given_other_meanings() {
    let place = workplace(&[("a.txt", TEXT), ("labels.txt", "ORG=\nLOC=PER  # an experiment\n")]);
    let output = namesake(&place).args(["extract", "a.txt", "--labels", "labels.txt"]).assert().success();
    let document = &lines(&output.get_output().stdout)[0];
    let types: Vec<&str> =
        document["entities"].as_array().unwrap().iter().map(|entity| entity["type"].as_str().unwrap()).collect();
    assert!(types.contains(&"PER") && !types.contains(&"ORG") && !types.contains(&"LOC"), "{types:?}");
}

#[cfg(not(feature = "libtorch"))]
#[test]
fn without_libtorch_the_way_to_it_is_told() {
    let files = ModelFiles::in_folder(Path::new("tests/models/albert")).unwrap();
    let error = load(&files, &EngineOptions::default(), &LabelTable::default(), 1).err().unwrap();
    assert!(matches!(error, ModelError::NoEngine { .. }));
    assert!(error.to_string().contains("--features libtorch"), "{error}");
}

#[cfg(not(feature = "hub"))]
#[test]
fn without_the_hub_the_way_to_it_is_told() {
    let place = workplace(&[("a.txt", TEXT)]);
    let told = namesake(&place).args(["extract", "a.txt", "--model", "someone/model"]).assert().code(1);
    told.stderr(contains("there is no such folder").and(contains("--features hub")));
}

/// What the engines make of the shipped model; here the one runs int8 and the other 32 bits. What differs counts on both sides:
/// int8 may change one mention of forty.
#[cfg(feature = "libtorch")]
#[test]
fn engines_agree_on_the_shipped_model() {
    let taggers =
        ENGINES.iter().map(|(engine, _)| TaggerOptions::default().with_engine(on_processor(engine)).build().unwrap());
    let taggers: Vec<_> = taggers.collect();
    let (mut all, mut lacking) = (0, 0);
    for entry in fs::read_dir("examples").unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "txt") {
            let document = Document::new("a", fs::read_to_string(&path).unwrap());
            let names = |tagger: &namesake::tag::Tagger| -> Vec<_> {
                let mentions = tagger.tag(&document).unwrap().mentions;
                mentions.iter().map(|mention| (mention.span, mention.entity_type)).collect()
            };
            let (one, other) = (names(&taggers[0]), names(&taggers[1]));
            all += one.len() + other.len();
            lacking += one.iter().filter(|name| !other.contains(name)).count();
            lacking += other.iter().filter(|name| !one.contains(name)).count();
        }
    }
    assert!(all > 200 && lacking * 40 <= all, "{lacking} of {all}");
}

/// Every window of a labelled file through all engines: `PARITY_MODEL` is a folder with `onnx/model.onnx` and
/// `model.safetensors` of the same network, `PARITY_TEXT` a CoNLL file. `scripts/engine_parity.sh` calls it.
#[cfg(feature = "libtorch")]
#[test]
#[ignore = "needs a model and a text that are not here"]
fn logits_agree_on_a_labelled_file() {
    let [folder, text] = ["PARITY_MODEL", "PARITY_TEXT"].map(|name| PathBuf::from(std::env::var_os(name).unwrap()));
    let exact = |engine| on_processor(engine).with_precision(Precision::F32);
    let load = |options: EngineOptions| load_fixture(&folder, &options);
    let (model, reference, _) = load(exact("libtorch"));
    let others = [("onnx, 32 bits", load(exact("onnx")).1), ("fused, int8", load(on_processor("fused")).1)];
    let (mut windows, mut pieces, mut far, mut other_labels) = (0, 0, [0.0_f32; 2], [0; 2]);
    for document in open(&text, &ReadOptions::default().with_format(Format::Conll)).unwrap() {
        let document = document.unwrap().document;
        let words: Vec<&str> =
            document.sentences.iter().flatten().flatten().map(|word| word.of(&document.text)).collect();
        for words in words.chunks(80) {
            let mut window = Batch::default();
            model.open_window(&mut window);
            for word in words {
                model.add_word(word, Layout::Inline, &model.pieces(word), &mut window);
            }
            model.close_window(&mut window);
            let expected = reference.logits(&window).unwrap();
            let width = model.width();
            let best = |row: &[f32]| (0..width).max_by(|&a, &b| row[a].total_cmp(&row[b]));
            for (index, (_, engine)) in others.iter().enumerate() {
                let logits = engine.logits(&window).unwrap();
                far[index] = far[index].max(furthest(&logits, &expected));
                let rows = logits.chunks(width).zip(expected.chunks(width));
                other_labels[index] += rows.filter(|(row, expected)| best(row) != best(expected)).count();
            }
            pieces += window.ids.len();
            windows += 1;
        }
    }
    for (index, (name, _)) in others.iter().enumerate() {
        println!(
            "{name}: {windows} windows, {pieces} pieces: largest difference of a logit from libtorch {:.1e}, {} pieces with \
             another label",
            far[index], other_labels[index]
        );
    }
    assert!(far[0] <= 1e-3 && other_labels[0] == 0);
}
