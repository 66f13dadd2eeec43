//! The engine as a whole, on a small model of random weights.

use super::*;
use proptest::prelude::*;
use rten_onnx::onnx::{DataLocation, DataType, ModelProto, StringStringEntryProto, TensorProto};
use safetensors::tensor::{Dtype, TensorView};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

const WIDTH: usize = 20;
const FEED_FORWARD: usize = 28;
const LABELS: usize = 3;
const PIECES: usize = 11;
const POSITIONS: usize = 300;

fn config() -> serde_json::Value {
    serde_json::json!({
    "model_type": "bert", "hidden_size": WIDTH, "num_hidden_layers": 2, "num_attention_heads": 2,
    "intermediate_size": FEED_FORWARD, "vocab_size": PIECES, "max_position_embeddings": POSITIONS,
    "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
        })
}

/// Names and shapes of all tensors.
fn shapes() -> BTreeMap<String, Vec<usize>> {
    let mut shapes = BTreeMap::new();
    let mut put = |name: String, shape: &[usize]| shapes.insert(name, shape.to_vec());
    for (name, rows) in [("word", PIECES), ("position", POSITIONS), ("token_type", 2)] {
        put(format!("bert.embeddings.{name}_embeddings.weight"), &[rows, WIDTH]);
    }
    let mut norms = vec!["bert.embeddings.LayerNorm".to_owned()];
    let mut linears = vec![("classifier".to_owned(), WIDTH, LABELS)];
    for layer in 0..2 {
        let name = |part: &str| format!("bert.encoder.layer.{layer}.{part}");
        norms.extend([name("attention.output.LayerNorm"), name("output.LayerNorm")]);
        for part in ["attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense"] {
            linears.push((name(part), WIDTH, WIDTH));
        }
        linears.push((name("intermediate.dense"), WIDTH, FEED_FORWARD));
        linears.push((name("output.dense"), FEED_FORWARD, WIDTH));
    }
    for norm in norms {
        put(format!("{norm}.weight"), &[WIDTH]);
        put(format!("{norm}.bias"), &[WIDTH]);
    }
    linears.push(("exits.1".to_owned(), WIDTH, LABELS));
    for (name, inputs, outputs) in linears {
        put(format!("{name}.weight"), &[outputs, inputs]);
        put(format!("{name}.bias"), &[outputs]);
    }
    shapes
}

/// A weight file with these tensors; `change` may alter one tensor's values or shape.
fn weights(change: impl Fn(&str, &mut Vec<f32>, &mut Vec<usize>)) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(7);
    let tensors: Vec<(String, Vec<usize>, Vec<u8>)> = shapes()
        .into_iter()
        .map(|(name, mut shape)| {
            let mut values: Vec<f32> = (0..shape.iter().product())
                .map(|_| random.f32() - if name.contains("Norm.w") { 0.0 } else { 0.5 })
                .collect();
            change(&name, &mut values, &mut shape);
            (name, shape, values.iter().flat_map(|value| value.to_le_bytes()).collect())
        })
        .collect();
    let views =
        tensors.iter().map(|(name, shape, bytes)| (name, TensorView::new(Dtype::F32, shape.clone(), bytes).unwrap()));
    safetensors::serialize(views, &None).unwrap()
}

/// The same network with an exit behind its first layer, which is sure of about half of the pieces.
fn config_with_exit() -> serde_json::Value {
    let mut config = config();
    config["exit_layers"] = serde_json::json!([1]);
    config["exit_probability"] = 0.6.into();
    config
}

fn load(config: &serde_json::Value, weights: Vec<u8>, kernel: Kernel) -> Result<Encoder, Error> {
    let config = Config::parse(&config.to_string(), LABELS)?.with_outside(0);
    Encoder::load(&config, &Weights::Safetensors(Cow::Owned(weights)), kernel)
}

fn encoder(kernel: Kernel) -> Encoder {
    load(&config(), weights(|_, _, _| ()), kernel).unwrap()
}

/// Windows that own their pieces.
#[derive(Debug, Default)]
struct Batch {
    ids: Vec<i32>,
    token_types: Vec<i32>,
    lengths: Vec<usize>,
}

impl Batch {
    fn windows(&self) -> Windows<'_> {
        Windows { ids: &self.ids, token_types: &self.token_types, lengths: &self.lengths }
    }
}

impl Encoder {
    fn logits_in(&self, batch: &Batch) -> Vec<f32> {
        self.logits(&batch.windows()).unwrap()
    }
}

fn batch(windows: &[Vec<(i32, i32)>]) -> Batch {
    let pieces = || windows.iter().flatten();
    Batch {
        ids: pieces().map(|&(id, _)| id).collect(),
        token_types: pieces().map(|&(_, token_type)| token_type).collect(),
        lengths: windows.iter().map(Vec::len).collect(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_window_has_the_same_logits_in_any_batch_and_on_any_kernel(
        windows in prop::collection::vec(prop::collection::vec((0..11, 0..2), 1..90), 1..7),
    ) {
        let alone = |encoder: &Encoder| -> Vec<f32> {
            windows.iter().flat_map(|window| encoder.logits_in(&batch(std::slice::from_ref(window)))).collect()
        };
        for config in [config(), config_with_exit()] {
            let encoder = |kernel| load(&config, weights(|_, _, _| ()), kernel).unwrap();
            let portable = alone(&encoder(Kernel::portable()));
            for kernel in Kernel::available() {
                let encoder = encoder(kernel);
                prop_assert_eq!(alone(&encoder), portable.clone(), "{:?}", kernel);
                prop_assert_eq!(encoder.logits_in(&batch(&windows)), portable.clone(), "{:?}", kernel);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn rows_that_are_asked_for_are_those_of_all(
        windows in prop::collection::vec(prop::collection::vec((0..11, 0..2, any::<bool>()), 1..140), 1..6),
    ) {
        let asked: Vec<usize> = windows.iter().flatten().enumerate().filter(|(_, piece)| piece.2).map(|(row, _)| row).collect();
        let windows: Vec<Vec<(i32, i32)>> =
            windows.iter().map(|window| window.iter().map(|&(id, kind, _)| (id, kind)).collect()).collect();
        let batch = batch(&windows);
        for (kernel, config) in Kernel::available().flat_map(|kernel| [(kernel, config()), (kernel, config_with_exit())]) {
            let encoder = load(&config, weights(|_, _, _| ()), kernel).unwrap();
            let all = encoder.logits_in(&batch);
            let expected: Vec<f32> = asked.iter().flat_map(|row| all[row * LABELS..(row + 1) * LABELS].to_vec()).collect();
            prop_assert_eq!(encoder.logits_of(&batch.windows(), &asked).unwrap(), expected, "{:?}", kernel);
            prop_assert!(encoder.logits_of(&batch.windows(), &[]).unwrap().is_empty());
        }
    }
}

/// One exit takes no piece, the other all: what comes of them can be told without it.
#[test]
fn pieces_go_where_the_exit_is_sure() {
    let window = batch(&[(0..40).map(|at| (at * 7 % 11, at % 2)).collect(), vec![(3, 1), (5, 0)]]);
    let with_bias = |outside: f32, config: &serde_json::Value| {
        let weights = weights(|name, values, _| {
            if name == "exits.1.weight" {
                values.fill(0.0);
            } else if name == "exits.1.bias" {
                values.copy_from_slice(&[outside, 0.0, -1.0]);
            }
        });
        load(config, weights, Kernel::portable()).unwrap().logits_in(&window)
    };
    let whole = encoder(Kernel::portable()).logits_in(&window);
    assert_eq!(with_bias(-5.0, &config_with_exit()), whole);
    assert_eq!(with_bias(5.0, &config()), whole);
    assert_eq!(with_bias(5.0, &config_with_exit()), [5.0, 0.0, -1.0].repeat(42));
    // The exit with random weights takes some, so that the tests on it are about something.
    let some = load(&config_with_exit(), weights(|_, _, _| ()), Kernel::portable()).unwrap().logits_in(&window);
    assert_ne!(some, whole);
}

#[test]
fn threads_change_nothing() {
    let encoder = encoder(Kernel::available().next().unwrap());
    let window: Vec<(i32, i32)> = (0..150).map(|index| (index % 11, index % 2)).collect();
    let expected = encoder.logits_in(&batch(std::slice::from_ref(&window)));
    std::thread::scope(|scope| {
        for length in 1..5 {
            let (encoder, window, expected) = (&encoder, &window, &expected);
            scope.spawn(move || {
                for _ in 0..5 {
                    let other: Vec<(i32, i32)> = vec![(3, 1); 40 * length];
                    let logits = encoder.logits_in(&batch(&[other, window.clone()]));
                    assert_eq!(logits[40 * length * LABELS..], expected[..]);
                }
            });
        }
    });
}

#[test]
fn batches_that_do_not_fit_are_refused() {
    let encoder = encoder(Kernel::portable());
    let refusal = |batch: Batch| encoder.logits(&batch.windows()).unwrap_err().to_string();
    assert!(refusal(batch(&[vec![(11, 0)]])).contains("the model has 11 pieces, and 11 is none of them"));
    assert!(refusal(batch(&[vec![(-1, 0)]])).contains("-1 is none of them"));
    assert!(refusal(batch(&[vec![(1, 2)]])).contains("the model has 2 token types"));
    assert!(refusal(batch(&[vec![(1, 1); 301]])).contains("a window has 301 pieces, and the model has 300 positions"));
    assert!(refusal(Batch { lengths: vec![2], ..batch(&[vec![(1, 1)]]) }).contains("1 pieces"));
    assert!(encoder.logits_in(&Batch::default()).is_empty());
    assert!(encoder.logits_of(&batch(&[vec![(1, 1)]]).windows(), &[1]).is_err());
}

#[test]
fn checkpoints_that_do_not_fit_are_refused() {
    let good = || weights(|_, _, _| ());
    let refusal = |config: &serde_json::Value, weights| load(config, weights, Kernel::portable()).unwrap_err();
    for (key, value, told) in [
        ("model_type", serde_json::json!("roberta"), "this is a roberta model"),
        ("hidden_act", serde_json::json!("relu"), "this model has relu"),
        ("position_embedding_type", serde_json::json!("relative_key"), "this model has relative_key ones"),
        ("num_attention_heads", serde_json::json!(3), "20 values cannot be shared out in pairs among 3 heads"),
        ("hidden_size", serde_json::json!(0), "a size in config.json is 0"),
        ("hidden_size", serde_json::json!("many"), "config.json: invalid type"),
    ] {
        let mut config = config();
        config[key] = value;
        let error = refusal(&config, good());
        assert!(matches!(error, Error::Unsupported(_)) && error.to_string().contains(told), "{error}");
    }
    for (key, value, told) in [
        ("exit_layers", serde_json::json!([2]), "exit_layers in config.json are [2]"),
        ("exit_layers", serde_json::json!([0]), "after 1 to 1 of them"),
        ("exit_probability", serde_json::json!(0.5), "needs an exit_probability above 0.5"),
        ("exit_probability", serde_json::Value::Null, "needs an exit_probability above 0.5"),
    ] {
        let mut config = config_with_exit();
        config[key] = value;
        let error = refusal(&config, good());
        assert!(matches!(error, Error::Unsupported(_)) && error.to_string().contains(told), "{error}");
    }
    let no_outside = Config::parse(&config_with_exit().to_string(), LABELS).unwrap();
    let error = Encoder::load(&no_outside, &Weights::Safetensors(Cow::Owned(good())), Kernel::portable()).unwrap_err();
    assert!(
        matches!(error, Error::Unsupported(_)) && error.to_string().contains("early exits need a label O"),
        "{error}"
    );
    let other_head = weights(|name, _, shape| {
        if name == "exits.1.weight" {
            shape.reverse();
        }
    });
    let error = refusal(&config_with_exit(), other_head);
    let told = "the exit after layer 1, which config.json names";
    assert!(matches!(error, Error::Unsupported(_)) && error.to_string().contains(told), "{error}");
    let mut deeper = config();
    deeper["num_hidden_layers"] = 3.into();
    assert!(
        refusal(&deeper, good()).to_string().contains("no tensor bert.encoder.layer.2.attention.self.query.weight")
    );
    let transposed = weights(|name, _, shape| {
        if name.ends_with("0.output.dense.weight") {
            shape.reverse();
        }
    });
    let error = refusal(&config(), transposed).to_string();
    assert!(error.contains("is [28, 20], and by config.json it should be [20, 28]"), "{error}");
    let infinite = weights(|name, values, _| {
        if name == "classifier.bias" {
            values[1] = f32::INFINITY;
        }
    });
    assert!(
        refusal(&config(), infinite).to_string().contains("classifier.bias holds values that are no finite numbers")
    );
    assert!(refusal(&config(), good()[..500].to_vec()).to_string().contains("model.safetensors"));
}

/// A folder with the tiny MPNet that `scripts/engine_fixtures.py` made.
fn mpnet() -> (Config, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    fs::copy("../../tests/mpnet/onnx/model_quantized.onnx", folder.path().join("a.onnx")).unwrap();
    let config = fs::read_to_string("../../tests/mpnet/config.json").unwrap();
    (Config::parse(&config, LABELS_OF_MPNET).unwrap().with_first_position(2), folder)
}

/// The encoder in the ONNX file at `path`.
fn load_onnx(config: &Config, path: &Path, kernel: Kernel) -> Result<Encoder, Error> {
    Encoder::load(config, &Weights::Onnx(OnnxWeights::open(path)?), kernel)
}

/// Loads that MPNet after `change` was done to its ONNX file.
fn changed(change: impl Fn(&mut ModelProto)) -> Result<Encoder, Error> {
    let (config, folder) = mpnet();
    let path = folder.path().join("a.onnx");
    let mut model = ModelProto::parse_buf(&fs::read(&path).unwrap()).unwrap();
    change(&mut model);
    fs::write(&path, model.write_buf().unwrap()).unwrap();
    load_onnx(&config, &path, Kernel::portable())
}

fn tensor<'a>(model: &'a mut ModelProto, name: &str) -> &'a mut TensorProto {
    let tensors = &mut model.graph.as_mut().unwrap().initializer;
    tensors.iter_mut().find(|tensor| tensor.name.as_deref() == Some(name)).unwrap()
}

/// The name of the codes of the first layer's queries.
fn queries(model: &ModelProto) -> String {
    let nodes = &model.graph.as_ref().unwrap().node;
    let node =
        nodes.iter().find(|node| node.name.as_deref() == Some("/mpnet/encoder/layer.0/attention/attn/q/MatMul_quant"));
    node.unwrap().input[1].clone()
}

#[test]
fn an_mpnet_is_the_same_on_every_kernel() {
    let (config, folder) = mpnet();
    let path = folder.path().join("a.onnx");
    let window: Vec<(i32, i32)> = (0..96).map(|at| (at * 7 % 260, at % 6)).collect();
    let run = |kernel: Kernel| {
        let encoder = load_onnx(&config, &path, kernel).unwrap();
        let too_long = encoder.logits(&batch(&[vec![(1, 1); 97]]).windows()).unwrap_err().to_string();
        assert!(too_long.contains("97 pieces, and the model has 96 positions"), "{too_long}");
        encoder.logits_in(&batch(&[window[..30].to_vec(), window.clone()]))
    };
    let portable = run(Kernel::portable());
    for kernel in Kernel::available() {
        assert_eq!(run(kernel), portable, "{kernel:?}");
    }
}

/// As in a folder whose weights are larger than a git host takes.
#[test]
fn weights_in_another_file_are_read() {
    let window = batch(&[(0..50).map(|at| (at * 7 % 260, at % 6)).collect()]);
    let whole = changed(|_| ()).unwrap().logits_in(&window);
    let (config, folder) = mpnet();
    let path = folder.path().join("a.onnx");
    let mut model = ModelProto::parse_buf(&fs::read(&path).unwrap()).unwrap();
    let codes = queries(&model);
    let moved = tensor(&mut model, &codes);
    let bytes = moved.raw_data.take().unwrap().into_inner();
    fs::write(folder.path().join("a.data-1"), [&b"before"[..], &bytes].concat()).unwrap();
    moved.data_location = Some(DataLocation::EXTERNAL);
    let mut read = |location: &str, length: usize| {
        let moved = tensor(&mut model, &codes);
        moved.external_data = [("location", location), ("offset", "6"), ("length", &length.to_string())]
            .map(|(key, value)| StringStringEntryProto { key: Some(key.to_owned()), value: Some(value.to_owned()) })
            .to_vec();
        fs::write(&path, model.write_buf().unwrap()).unwrap();
        load_onnx(&config, &path, Kernel::portable())?.logits(&window.windows())
    };
    assert_eq!(read("a.data-1", bytes.len()).unwrap(), whole);
    let told = |result: Result<Vec<f32>, Error>| result.unwrap_err().to_string();
    assert!(told(read("a.data-1", bytes.len() + 1)).contains("is not whole"));
    assert!(told(read("a.data-2", bytes.len())).contains("a.data-2, which holds"));
    // Nothing outside the folder is read.
    for elsewhere in ["../a.data-1", "/etc/hostname", "folder/a.data-1", ""] {
        assert!(told(read(elsewhere, bytes.len())).contains("is not whole"), "{elsewhere}");
    }
}

#[test]
fn an_onnx_file_that_is_cut_short_is_told() {
    let (_, folder) = mpnet();
    let path = folder.path().join("a.onnx");
    let bytes = fs::read(&path).unwrap();
    fs::write(&path, &bytes[..bytes.len() / 2]).unwrap();
    let error = OnnxWeights::open(&path).unwrap_err().to_string();
    assert!(error.contains("the file is cut short, or no ONNX file"), "{error}");
}

/// Gives the first feed-forward layer a channel that is multiplied apart.
fn outliers_elsewhere(model: &mut ModelProto) {
    let (up, down) = ("mpnet.encoder.layer.0.intermediate.dense", "mpnet.encoder.layer.0.output.dense");
    let graph = model.graph.as_mut().unwrap();
    for node in graph.node.iter_mut().filter(|node| node.op_type.as_deref() == Some("MatMulInteger")) {
        let name = node.name.as_mut().unwrap();
        if name.contains("/layer.0/intermediate/dense/") {
            *name = name.replace("/dense/", "/dense/dense/");
        }
    }
    tensor(model, &format!("{up}.bias")).name = Some(format!("{up}.dense.bias"));
    let (channels, weights) = (WIDTH_OF_MPNET, FEED_FORWARD_OF_MPNET);
    let mut rest = vec![1.0_f32; channels];
    rest[3] = 0.0;
    let mut put = |name: String, dims: Vec<usize>, values: Vec<f32>| {
        let mut added = tensor(model, &format!("{down}.rest")).clone();
        added.name = Some(name);
        added.dims = dims.into_iter().map(|size| i64::try_from(size).unwrap()).collect();
        added.raw_data = Some(RefCell::new(values.iter().flat_map(|value| value.to_le_bytes()).collect()));
        model.graph.as_mut().unwrap().initializer.push(added);
    };
    put(format!("{up}.rest"), vec![channels], rest);
    put(format!("{up}.outlier_weights"), vec![1, weights], vec![0.5; weights]);
}

const LABELS_OF_MPNET: usize = 7;
const WIDTH_OF_MPNET: usize = 32;
const FEED_FORWARD_OF_MPNET: usize = 48;

type Change = &'static dyn Fn(&mut ModelProto);

/// Files of others are left to the engine that runs graphs; those of ours that are damaged are told.
#[test]
fn onnx_files_that_do_not_fit_are_refused() {
    let refusal = |change: Change| changed(change).unwrap_err();
    let foreign: [(Change, &str); 5] = [
        (&outliers_elsewhere, "layer 0 has outliers among the inputs of intermediate.dense, where none are"),
        (
            &|model| model.graph.as_mut().unwrap().node.clear(),
            "has no product mpnet.encoder.layer.0.attention.attn.q in int8",
        ),
        (
            &|model| tensor(model, "mpnet.embeddings.LayerNorm.bias").name = None,
            "has no tensor mpnet.embeddings.LayerNorm.bias",
        ),
        (
            &|model| {
                let codes = queries(model);
                tensor(model, &codes).raw_data.as_mut().unwrap().get_mut()[3] = 65;
            },
            "in other codes than symmetric ones of 7 bits",
        ),
        (&|model| tensor(model, "classifier.bias").data_type = Some(DataType::DOUBLE), "as DOUBLE and not as FLOAT"),
    ];
    for (change, told) in foreign {
        let error = refusal(change);
        assert!(matches!(error, Error::Unsupported(_)) && error.to_string().contains(told), "{error}");
    }
    let damaged: [(Change, &str); 4] = [
        (&|model| model.graph = None, "holds no network"),
        (&|model| tensor(model, "classifier.bias").dims = vec![8], "is [8], and by config.json it should be [7]"),
        (&|model| tensor(model, "classifier.bias").raw_data = None, "classifier.bias is not whole"),
        (
            &|model| tensor(model, "classifier.bias").raw_data.as_mut().unwrap().get_mut()[..4].fill(0xff),
            "classifier.bias holds values that are no finite numbers",
        ),
    ];
    for (change, told) in damaged {
        let error = refusal(change);
        assert!(!matches!(error, Error::Unsupported(_)) && error.to_string().contains(told), "{error}");
    }
}

/// The same names and shapes as the checkpoint that was exported, and values that are off by what their codes lack alone.
#[test]
fn all_weights_can_be_had_in_floats() {
    let (_, folder) = mpnet();
    let weights = OnnxWeights::open(&folder.path().join("a.onnx")).unwrap();
    let found: BTreeMap<String, FloatTensor> =
        weights.float_tensors().map(|tensor| tensor.unwrap()).map(|tensor| (tensor.name.clone(), tensor)).collect();
    let bytes = fs::read("../../tests/mpnet/model.safetensors").unwrap();
    let exact = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    for (name, view) in exact.tensors() {
        let tensor = &found[&name];
        assert_eq!(tensor.shape, view.shape(), "{name}");
        assert_eq!(view.dtype(), Dtype::F16);
        let halves = view.data().as_chunks().0.iter();
        let values: Vec<f32> = halves.map(|value| kernels::half_to_float(u16::from_le_bytes(*value))).collect();
        let size = |values: &mut dyn Iterator<Item = f32>| values.map(|value| value * value).sum::<f32>().sqrt();
        let off = size(&mut tensor.values.iter().zip(&values).map(|(value, exact)| value - exact));
        assert!(off <= 0.02 * size(&mut values.iter().copied()), "{name}: off by {off}");
    }
    assert_eq!(found.len(), exact.tensors().len(), "{:?}", found.keys());
}

/// Prints kernel, threads, pieces a window, and thousand pieces a second of news-small: median and best of 15 runs.
/// `cargo test --release -p namesake-fused --lib speed_of_network -- --ignored --nocapture`
#[test]
#[ignore = "a measurement"]
fn speed_of_network() {
    const BATCHES: usize = 32;
    let folder = Path::new("../../models/news-small");
    let config = Config::parse(&fs::read_to_string(folder.join("config.json")).unwrap(), 9).unwrap().with_outside(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    for kernel in Kernel::available().filter(|kernel| !kernel.is_portable()) {
        let encoder = load_onnx(&config, &folder.join("onnx/model_quantized.onnx"), kernel).unwrap();
        for (length, threads) in [64, 128, 192].into_iter().flat_map(|length| [(length, 1), (length, cores)]) {
            let windows = vec![(0..length).map(|at| (2000 + at * 37 % 9000, 0)).collect(); Encoder::WINDOWS_A_CALL];
            let (batch, pieces) = (batch(&windows), windows.len() * windows[0].len() * BATCHES);
            let mut speeds: Vec<f64> = (0..15)
                .map(|_| {
                    let start = std::time::Instant::now();
                    std::thread::scope(|scope| {
                        for share in 0..threads {
                            let (encoder, batch) = (&encoder, &batch);
                            scope.spawn(move || {
                                (share..BATCHES).step_by(threads).for_each(|_| drop(encoder.logits_in(batch)));
                            });
                        }
                    });
                    pieces as f64 / start.elapsed().as_secs_f64() / 1000.0
                })
                .collect();
            speeds.sort_by(f64::total_cmp);
            println!("{}\t{threads}\t{length}\t{:.1}\t{:.1}", kernel.name(), speeds[7], speeds[14]);
        }
    }
}
