//! Runs an engine on windows of word pieces, for `scripts/compare_logits.py`: reads `{"ids": […], "types": […]}` a line and
//! writes a list of the logits of each piece a line.
//!
//! `cargo run --release --example engine_logits -- fused < windows.jsonl > logits.jsonl`

use anyhow::{Context, Result};
use namesake::label::LabelTable;
use namesake::tag::engine::{Batch, EngineInfo, EngineOptions};
use namesake::tag::model::{ModelFiles, load};
use serde::Deserialize;
use std::io::{BufWriter, Write};

#[derive(Deserialize)]
struct Window {
    ids: Vec<i32>,
    types: Vec<i32>,
}

fn main() -> Result<()> {
    let name = std::env::args().nth(1).context("name an engine: namesake engines lists them")?;
    let engine = EngineInfo::from_name(&name).with_context(|| format!("there is no engine {name}"))?;
    let options = EngineOptions::default().with_engine(engine);
    let (model, engine, _) = load(&ModelFiles::embedded()?, &options, &LabelTable::default(), 1)?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lines() {
        let Window { ids, types } = serde_json::from_str(&line?)?;
        let logits = engine.logits(&Batch { lengths: vec![ids.len()], ids, token_types: types })?;
        let rows: Vec<&[f32]> = logits.chunks_exact(model.width()).collect();
        serde_json::to_writer(&mut out, &rows)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}
