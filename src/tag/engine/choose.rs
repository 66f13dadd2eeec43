//! Which engine runs a model: the one that was named, else the best for the machine and the files that are there.

use super::device::{Device, Precision};
use super::interface::{Detected, EngineInfo};
use super::list::ENGINES;

/// Which engine to run a model with; the default chooses by itself.
#[derive(Debug, Clone, Default)]
pub struct EngineOptions {
    engine: Option<&'static EngineInfo>,
    device: Option<Device>,
    precision: Option<Precision>,
}

impl EngineOptions {
    /// Takes this engine and no other.
    #[must_use]
    pub fn with_engine(mut self, engine: &'static EngineInfo) -> Self {
        self.engine = Some(engine);
        self
    }

    /// Takes an engine that runs on this device.
    #[must_use]
    pub fn with_device(mut self, device: Device) -> Self {
        self.device = Some(device);
        self
    }

    /// Takes an engine that computes in this precision.
    #[must_use]
    pub fn with_precision(mut self, precision: Precision) -> Self {
        self.precision = Some(precision);
        self
    }

    /// The engine that was named.
    #[must_use]
    pub const fn engine(&self) -> Option<&'static EngineInfo> {
        self.engine
    }

    /// The precision that was asked for.
    #[must_use]
    pub const fn precision(&self) -> Option<Precision> {
        self.precision
    }
}

/// An engine that can be tried with a model.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The engine.
    pub engine: &'static EngineInfo,
    /// What it would run on.
    pub device: Device,
    /// The file of the model folder that it would load.
    pub weights: &'static str,
}

/// An engine, and those that were passed over on the way to it.
#[derive(Debug, Clone)]
pub struct Choice {
    /// The engine.
    pub taken: Candidate,
    /// Why it was taken.
    pub reason: &'static str,
    /// The names of better ones, and why they were not taken.
    pub passed_over: Vec<(&'static str, String)>,
}

/// No engine can run a model as was asked.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChoiceError {
    /// The engines that were considered, and why each cannot.
    #[error("{}", told(.0))]
    NoEngine(Vec<(&'static str, String)>),
    /// The environment asks an engine for something that is not there.
    #[error("{0}")]
    Setting(String),
}

fn told(reasons: &[(&str, String)]) -> String {
    let reasons: Vec<String> = reasons.iter().map(|(name, reason)| format!("{name}: {reason}")).collect();
    format!("no engine can run this model here ({})", reasons.join("; "))
}

/// The engines that can be tried, best first, each with those that were passed over before it: graphics processors before
/// the processor, then in the order of [`ENGINES`], and an engine once for each file that it could load. `has_file` says
/// whether the model has a file.
///
/// # Errors
/// If no engine is left, or the environment asks one for something that is not there.
pub fn choose(options: &EngineOptions, has_file: impl Fn(&str) -> bool) -> Result<Vec<Choice>, ChoiceError> {
    let engines = match options.engine {
        Some(engine) => vec![engine],
        None => ENGINES.to_vec(),
    };
    let mut candidates = Vec::new();
    let mut passed_over = Vec::new();
    for engine in engines {
        let detected = (engine.detect)();
        if detected.wrong_setting {
            return Err(ChoiceError::Setting(detected.note));
        }
        match files(engine, options, &detected, &has_file) {
            Ok(mut of_engine) => candidates.append(&mut of_engine),
            Err(reason) => passed_over.push((engine.name, reason)),
        }
    }
    if candidates.is_empty() {
        return Err(ChoiceError::NoEngine(passed_over));
    }
    candidates.sort_by_key(|candidate| candidate.device == Device::Cpu);
    let choices = candidates.into_iter().map(|taken| {
        let reason = match (options.engine, taken.device) {
            (Some(_), _) => "it was asked for",
            (None, Device::Cpu) => "the fastest engine here on the processor that has weights of this model",
            (None, _) => "it has a graphics processor here",
        };
        Choice { taken, reason, passed_over: passed_over.clone() }
    });
    Ok(choices.collect())
}

/// An engine with each file that it could load, the best first.
fn files(
    engine: &'static EngineInfo,
    options: &EngineOptions,
    detected: &Detected,
    has_file: &impl Fn(&str) -> bool,
) -> Result<Vec<Candidate>, String> {
    let Some(&best) = detected.devices.first() else { return Err(detected.note.clone()) };
    let device = match options.device {
        None => best,
        Some(device) if detected.devices.contains(&device) => device,
        Some(device) => {
            let devices: Vec<String> = detected.devices.iter().map(ToString::to_string).collect();
            return Err(format!("it cannot use {device} here, only {} ({})", devices.join(", "), detected.note));
        }
    };
    if let Some(precision) = options.precision.filter(|precision| !engine.precisions.contains(precision)) {
        return Err(format!("it does not compute in {precision}"));
    }
    let files = (engine.weights)(options.precision);
    let found: Vec<Candidate> =
        files.iter().filter(|file| has_file(file)).map(|weights| Candidate { engine, device, weights }).collect();
    if found.is_empty() { Err(format!("the model has no {}", files.join(", "))) } else { Ok(found) }
}

#[cfg(test)]
mod tests {
    use super::super::onnx;
    use super::*;

    #[test]
    fn the_processor_runs_onnx() {
        let choices = choose(&EngineOptions::default().with_device(Device::Cpu), |_| true).unwrap();
        let onnx = choices.iter().find(|choice| choice.taken.engine.name == "onnx").unwrap();
        assert_eq!(onnx.taken.weights, "onnx/model_quantized.onnx");
    }

    #[test]
    fn what_cannot_be_is_told() {
        let options = EngineOptions::default().with_engine(&onnx::INFO);
        let told = |options: &EngineOptions| choose(options, |_| true).unwrap_err().to_string();
        assert!(
            told(&options.clone().with_device(Device::Cuda(1))).contains("onnx: it cannot use cuda:1 here, only cpu")
        );
        assert!(told(&options.clone().with_precision(Precision::F16)).contains("onnx: it does not compute in f16"));
        let error = choose(&options, |_| false).unwrap_err().to_string();
        assert!(error.contains("the model has no onnx/model_quantized.onnx"), "{error}");
    }

    #[test]
    fn exact_numbers_need_exact_weights() {
        let options = EngineOptions::default().with_engine(&onnx::INFO).with_precision(Precision::F32);
        assert_eq!(choose(&options, |_| true).unwrap()[0].taken.weights, "onnx/model.onnx");
    }
}
