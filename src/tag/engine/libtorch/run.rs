//! Runs a network on libtorch.

use super::caught::{caught, first_line};
use super::input::Input;
use super::network::{Network, build, takes_padding};
use super::weights::Weights;
use crate::tag::batch::Batch;
use crate::tag::config::ModelConfig;
use crate::tag::engine::{Detected, Device, Engine, EngineError, LoadOrder, Precision};
use crossbeam_channel::{Receiver, Sender};
use std::sync::{Mutex, PoisonError};
use tch::nn::VarStore;
use tch::{Cuda, Kind, TchError, Tensor};

/// Windows that a graphics processor takes at a time: enough to keep it busy, few enough for its memory.
const WINDOWS_A_BATCH: usize = 32;

/// Looks for what libtorch can use.
pub fn detect() -> Detected {
    let cards = if Cuda::is_available() { usize::try_from(Cuda::device_count()).unwrap_or(0) } else { 0 };
    let mut devices: Vec<Device> = (0..cards).map(Device::Cuda).collect();
    if tch::utils::has_mps() {
        devices.push(Device::Mps);
    }
    devices.push(Device::Cpu);
    let cuda = match (tch::utils::has_cuda(), cards) {
        (true, 0) => "built for CUDA, no card found",
        (true, _) => "built for CUDA",
        (false, _) => "built without CUDA",
    };
    Detected { devices, note: format!("libtorch 2.4, {cuda}"), wrong_setting: false }
}

/// Runs a token-classification network on libtorch.
///
/// On the processor windows are run one at a time, each on one thread, several side by side: alone a window needs no padding,
/// and its logits cannot depend on other windows. On a graphics processor windows of one document share a batch, the
/// shorter ones padded and masked.
pub struct LibtorchEngine {
    config: ModelConfig,
    weights: Mutex<Weights>,
    device: tch::Device,
    windows_a_batch: usize,
    /// A place for each window (or batch) that may run at the same time. The network in it is made when it is first needed:
    /// `tch` lets no two threads share one, but all share their weights.
    lanes: (Sender<Lane>, Receiver<Lane>),
}

struct Lane(Option<Network>);

impl std::fmt::Debug for LibtorchEngine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LibtorchEngine").field("device", &self.device).finish_non_exhaustive()
    }
}

impl LibtorchEngine {
    /// Loads a checkpoint.
    pub fn load(order: &LoadOrder<'_>) -> Result<Self, EngineError> {
        let (device, lanes) = match order.device {
            Device::Cpu => (tch::Device::Cpu, order.threads.max(1)),
            Device::Cuda(number) => (tch::Device::Cuda(number), 1),
            Device::Mps => (tch::Device::Mps, 1),
        };
        let kind = match order.precision {
            None | Some(Precision::F32) => Kind::Float,
            Some(Precision::Bf16) => Kind::BFloat16,
            Some(Precision::F16) => Kind::Half,
        };
        let weights = caught(|| Weights::read(order, device, kind)).map_err(EngineError::Load)??;
        let engine = Self {
            config: order.config.clone(),
            weights: Mutex::new(weights),
            device,
            windows_a_batch: if device == tch::Device::Cpu || !takes_padding(order.config) {
                1
            } else {
                WINDOWS_A_BATCH
            },
            lanes: crossbeam_channel::unbounded(),
        };
        // The first network is made now: whatever is wrong with the checkpoint is told before the first document.
        engine.give_back(Lane(Some(engine.network()?)));
        (1..lanes).for_each(|_| engine.give_back(Lane(None)));
        Ok(engine)
    }

    fn give_back(&self, lane: Lane) {
        // The receiver lives in the same struct, so sending cannot fail.
        let _ = self.lanes.0.send(lane);
    }

    /// Makes a network; its variables are the weights that all networks share.
    fn network(&self) -> Result<Network, EngineError> {
        let made = caught(|| {
            let _guard = tch::no_grad_guard();
            let store = VarStore::new(self.device);
            let network = build(&self.config.text, &store.root())?;
            self.weights.lock().unwrap_or_else(PoisonError::into_inner).share(&store)?;
            Ok(network)
        });
        made.unwrap_or_else(|panic| Err(EngineError::Load(panic)))
    }

    /// Logits of windows that share a batch, without those of the padding.
    fn run(&self, network: &Network, windows: &[Window<'_>]) -> Result<Vec<f32>, EngineError> {
        let ran = caught(|| {
            // One thread a window; where several threads call, more would only fight for the processors. libtorch keeps
            // the number for each thread that calls.
            tch::set_num_threads(1);
            let _guard = tch::no_grad_guard();
            let logits =
                network(&self.input(windows)?).map_err(|error| EngineError::Run(first_line(&error.to_string())))?;
            unpadded(&logits, windows).map_err(|error| torch_fault(&error))
        });
        ran.unwrap_or_else(|panic| Err(EngineError::Run(panic)))
    }

    fn input(&self, windows: &[Window<'_>]) -> Result<Input, EngineError> {
        let longest = windows.iter().map(|window| window.ids.len()).max().unwrap_or(0);
        let first = to_i64(self.config.first_position);
        let tensor = |value: &dyn Fn(&Window<'_>, usize) -> i64| {
            let values: Vec<i64> =
                windows.iter().flat_map(|window| (0..longest).map(move |at| value(window, at))).collect();
            let shape = [to_i64(windows.len()), to_i64(longest)];
            Tensor::f_from_slice(&values)
                .and_then(|tensor| tensor.f_view(shape))
                .and_then(|tensor| tensor.f_to_device(self.device))
                .map_err(|error| torch_fault(&error))
        };
        Ok(Input {
            ids: tensor(&|window, at| window.ids.get(at).copied().map_or(0, i64::from))?,
            mask: tensor(&|window, at| i64::from(at < window.ids.len()))?,
            token_types: tensor(&|window, at| window.token_types.get(at).copied().map_or(0, i64::from))?,
            positions: tensor(&|_, at| first + to_i64(at))?,
        })
    }
}

impl Engine for LibtorchEngine {
    fn logits(&self, batch: &Batch) -> Result<Vec<f32>, EngineError> {
        let Lane(network) = self.lanes.1.recv().map_err(|error| EngineError::Run(error.to_string()))?;
        let network = match network.map_or_else(|| self.network(), Ok) {
            Ok(network) => network,
            Err(error) => {
                self.give_back(Lane(None));
                return Err(error);
            }
        };
        let windows: Vec<Window<'_>> = windows(batch).collect();
        let parts: Result<Vec<Vec<f32>>, EngineError> =
            windows.chunks(self.windows_a_batch).map(|chunk| self.run(&network, chunk)).collect();
        self.give_back(Lane(Some(network)));
        Ok(parts?.concat())
    }

    fn windows_a_batch(&self) -> usize {
        self.windows_a_batch
    }
}

/// One window of a batch.
#[derive(Debug, Clone, Copy)]
struct Window<'a> {
    ids: &'a [i32],
    token_types: &'a [i32],
}

fn windows(batch: &Batch) -> impl Iterator<Item = Window<'_>> {
    batch.lengths.iter().scan(0, |start, &length| {
        let range = *start..*start + length;
        *start = range.end;
        Some(Window { ids: batch.ids.get(range.clone())?, token_types: batch.token_types.get(range)? })
    })
}

fn unpadded(logits: &Tensor, windows: &[Window<'_>]) -> Result<Vec<f32>, TchError> {
    let mut all = Vec::new();
    for (index, window) in windows.iter().enumerate() {
        let rows = logits.f_get(to_i64(index))?.f_slice(0, 0, to_i64(window.ids.len()), 1)?;
        let rows = rows.f_to_device(tch::Device::Cpu)?.f_to_kind(Kind::Float)?.f_contiguous()?.f_view([-1])?;
        all.extend(Vec::<f32>::try_from(&rows)?);
    }
    Ok(all)
}

fn torch_fault(error: &TchError) -> EngineError {
    EngineError::Run(first_line(&error.to_string()))
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::files::ModelFiles;
    use crate::tag::model::read_config;
    use std::path::Path;

    /// A graphics processor gets windows together; here the same is done on the processor.
    #[test]
    fn padding_changes_nothing() {
        let mut wrong = Vec::new();
        for entry in std::fs::read_dir("tests/models").unwrap() {
            let folder = entry.unwrap().path();
            let files = ModelFiles::in_folder(Path::new(&folder)).unwrap();
            let config = read_config(&files).unwrap();
            let weights = files.file("model.safetensors");
            let order = LoadOrder {
                name: "model.safetensors",
                weights: &weights,
                config: &config,
                device: Device::Cpu,
                precision: None,
                threads: 1,
            };
            let mut engine = LibtorchEngine::load(&order).unwrap();
            let lengths = vec![9, 31, 4, 31, 60];
            let ids: Vec<i32> =
                (0..lengths.iter().sum()).map(|at: usize| 6 + i32::try_from(at * 7 % 90).unwrap()).collect();
            let batch = Batch { token_types: vec![0; ids.len()], ids, lengths };
            let alone = engine.logits(&batch).unwrap();
            engine.windows_a_batch = if takes_padding(&config) { 3 } else { 1 };
            match engine.logits(&batch) {
                Ok(together) => {
                    let far = alone.iter().zip(&together).map(|(one, other)| (one - other).abs()).fold(0.0, f32::max);
                    if alone.len() != together.len() || far > 1e-5 {
                        wrong.push(format!("{}: {far}", folder.display()));
                    }
                }
                Err(error) => wrong.push(format!("{}: {error}", folder.display())),
            }
        }
        assert!(wrong.is_empty(), "{wrong:?}");
    }

    #[test]
    fn what_libtorch_refuses_is_an_error() {
        let files = ModelFiles::in_folder(Path::new("tests/models/bert")).unwrap();
        let config = read_config(&files).unwrap();
        let weights = files.file("model.safetensors");
        let load = |config: &ModelConfig, device| {
            LibtorchEngine::load(&LoadOrder {
                name: "model.safetensors",
                weights: &weights,
                config,
                device,
                precision: None,
                threads: 1,
            })
        };
        let engine = load(&config, Device::Cpu).unwrap();
        let batch = Batch { ids: vec![2, 1_000_000, 3], token_types: vec![0; 3], lengths: vec![3] };
        let error = engine.logits(&batch).unwrap_err().to_string();
        assert!(error.starts_with("running the model failed: ") && error.lines().count() == 1, "{error}");
        // A failure leaves the engine as it was.
        assert!(engine.logits(&Batch { ids: vec![2, 7, 3], token_types: vec![0; 3], lengths: vec![3] }).is_ok());
        let changed = |from: &str, to: &str| {
            let config = ModelConfig { text: config.text.replace(from, to), ..config.clone() };
            load(&config, Device::Cpu).unwrap_err()
        };
        assert!(matches!(changed("\"model_type\": \"bert\"", "\"model_type\": \"t5\""), EngineError::Unsupported(_)));
        let error = changed("\"hidden_size\": 32", "\"hidden_size\": 64").to_string();
        assert!(error.contains("config.json asks for"), "{error}");
        let error = changed("\"num_attention_heads\": 4", "\"num_attention_heads\": 5").to_string();
        assert!(error.lines().count() == 1, "{error}");
        let error = changed("\"num_hidden_layers\": 2", "\"num_hidden_layers\": 3").to_string();
        assert!(error.contains("there is no tensor bert.encoder.layer.2"), "{error}");
        if !Cuda::is_available() {
            assert!(matches!(load(&config, Device::Cuda(0)), Err(EngineError::Load(_))));
        }
    }
}
