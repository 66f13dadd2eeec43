//! `namesake engines`: what can run a model here.

use crate::cli::model_args::ModelArgs;
use crate::cli::progress::DownloadBar;
use anyhow::Context;
use clap::Args;
use comfy_table::Table;
use comfy_table::presets::NOTHING;
use namesake::tag::engine::ENGINES;
use namesake::visible::{Layout, Visible};
use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;

/// Show the engines of this program, what they find on this machine, and which one runs a model
#[derive(Debug, Args)]
#[command(after_help = "\
The flags are those of `extract`: with them it tells what `extract` would take.

Examples:
  namesake engines
  namesake engines --model my-model/ --device cuda
  # A model of the Hugging Face hub (built with --features hub)
  namesake engines --model dslim/bert-base-NER")]
pub struct EnginesArgs {
    #[command(flatten)]
    model: ModelArgs,
}

/// Detects, loads the model to see what takes it, and tells.
pub fn run(args: &EnginesArgs) -> anyhow::Result<ExitCode> {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(["ENGINE", "DEVICES", "WHAT IT IS", "HERE"]);
    for engine in ENGINES {
        let found = (engine.detect)();
        let devices: Vec<String> = found.devices.iter().map(ToString::to_string).collect();
        let devices = if devices.is_empty() { "none".to_owned() } else { devices.join(", ") };
        table.add_row([engine.name, &devices, engine.about, &found.note]);
    }
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let mut out = io::stdout().lock();
    writeln!(out, "{}\n\nprocessor: {}, {threads} threads", table.trim_fmt(), processor())?;
    let tagger = args.model.tagger_options(None, DownloadBar::default())?.build().context("no engine was chosen")?;
    let choice = tagger.choice();
    writeln!(out, "chosen: {} on {}: {}", choice.taken.engine.name, choice.taken.device, choice.reason)?;
    for (name, reason) in &choice.passed_over {
        // The reason may quote a model's files.
        writeln!(out, "not {name}: {}", Visible::new(reason, Layout::Kept))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Architecture, and the instructions that matter for speed.
fn processor() -> String {
    let mut parts = vec![std::env::consts::ARCH];
    #[cfg(target_arch = "x86_64")]
    {
        let known = [
            ("avx2", is_x86_feature_detected!("avx2")),
            ("fma", is_x86_feature_detected!("fma")),
            ("avx512f", is_x86_feature_detected!("avx512f")),
            ("avx512vnni", is_x86_feature_detected!("avx512vnni")),
            ("avx512bf16", is_x86_feature_detected!("avx512bf16")),
        ];
        parts.extend(known.into_iter().filter(|(_, found)| *found).map(|(name, _)| name));
    }
    parts.join(" ")
}
