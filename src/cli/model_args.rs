//! The flags that say which model tags, and what runs it; shared by the subcommands that tag.

use crate::cli::progress::DownloadBar;
use clap::Args;
use clap::builder::PossibleValuesParser;
use namesake::label::LabelTable;
use namesake::tag::TaggerOptions;
use namesake::tag::engine::{Device, ENGINES, EngineInfo, EngineOptions, Precision};
use namesake::tag::model::hub;
use std::path::{Path, PathBuf};

/// What `--engine` calls the choice by itself.
const AUTO: &str = "auto";

#[derive(Debug, Args)]
pub struct ModelArgs {
    /// Model to use instead of the built-in news-small: a folder, or owner/name of the Hugging Face hub (docs/engines.md)
    #[arg(long, value_name = "FOLDER|NAME")]
    model: Option<PathBuf>,

    /// What runs the model; `namesake engines` tells what there is and which one auto takes
    #[arg(long, value_name = "ENGINE", value_parser = engine_names(), default_value = AUTO)]
    engine: String,

    /// Device to run it on: cpu, cuda, cuda:1, mps [default: the best that the engine finds]
    #[arg(long, value_name = "DEVICE")]
    device: Option<Device>,

    /// Precision to compute in [default: int8 where the model has it, else f32]
    #[arg(long, value_name = "PRECISION", value_parser = PossibleValuesParser::new(Precision::ALL.map(Precision::name)))]
    precision: Option<String>,

    /// What the model's labels mean, where they do not tell or shall mean something else: a line LABEL=TYPE each
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
}

impl ModelArgs {
    /// The files and folders that the flags name.
    pub fn paths(&self) -> impl Iterator<Item = &Path> {
        self.model.iter().chain(&self.labels).map(PathBuf::as_path)
    }

    /// What the flags ask for; `bar` is shown where a model is fetched.
    pub fn tagger_options(&self, threads: Option<u16>, bar: DownloadBar) -> anyhow::Result<TaggerOptions> {
        let mut engine = EngineOptions::default();
        if let Some(info) = EngineInfo::from_name(&self.engine) {
            engine = engine.with_engine(info);
        }
        if let Some(device) = self.device {
            engine = engine.with_device(device);
        }
        if let Some(precision) = self.precision.as_deref().and_then(Precision::from_name) {
            engine = engine.with_precision(precision);
        }
        let mut options = TaggerOptions::default();
        if let Some(model) = &self.model {
            options = options.with_model(folder(model, &engine, bar)?);
        }
        options = options.with_engine(engine);
        if let Some(threads) = threads {
            options = options.with_threads(threads.into());
        }
        if let Some(path) = &self.labels {
            options = options.with_labels(LabelTable::read(path)?);
        }
        Ok(options)
    }
}

/// The folder of a model; one of the hub is fetched first, unless the cache has it.
fn folder(model: &Path, engine: &EngineOptions, mut bar: DownloadBar) -> anyhow::Result<PathBuf> {
    match model.to_str() {
        Some(name) if !model.exists() && hub::is_hub_name(name) => {
            Ok(hub::fetch(name, engine, |download| bar.show(download))?)
        }
        _ => Ok(model.to_owned()),
    }
}

fn engine_names() -> PossibleValuesParser {
    PossibleValuesParser::new(std::iter::once(AUTO).chain(ENGINES.map(|engine| engine.name)))
}
