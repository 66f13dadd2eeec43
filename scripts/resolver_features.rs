//! Writes the decisions that `scripts/train_resolver.py` learns from: one JSON object a line and decision.
//!
//! Input: documents with mentions whose `entity` is the gold entity.
//! `cargo run --release --example resolver_features -- gold.jsonl > decisions.jsonl`

use anyhow::{Context, Result};
use namesake::document::{OffsetMap, OffsetUnit};
use namesake::entity_type::EntityType;
use namesake::format::{Format, ReadOptions, open};
use namesake::mention::Mention;
use namesake::resolve::Resolver;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;

fn main() -> Result<()> {
    let path = std::env::args_os().nth(1).context("name a file of documents with gold entities")?;
    let options = ReadOptions::default().with_format(Format::Gold);
    let gold = BufReader::new(File::open(&path)?).lines();
    let resolver = Resolver::embedded();
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (read, line) in open(Path::new(&path), &options)?.zip(gold) {
        let read = read?;
        let text = read.text();
        let entities = gold_entities(&serde_json::from_str(&line?)?);
        let map = OffsetMap::new(text, OffsetUnit::Char);
        let mentions: Vec<Mention> = read
            .mentions
            .iter()
            .map(|mention| match mention.entity_type {
                EntityType::UNTYPED => resolver.guess_mention(text, mention.span),
                _ => mention.clone(),
            })
            .collect();
        let gold: Vec<Option<String>> = mentions
            .iter()
            .map(|mention| map.from_byte(mention.span.start).and_then(|start| entities.get(&start).cloned()))
            .collect();
        for decision in resolver.decisions(text, &mentions, &gold) {
            let mut line = serde_json::to_value(&decision)?;
            line["document"] = json!(read.id());
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}

/// The gold entity of each mention, by the mention's start.
fn gold_entities(document: &Value) -> HashMap<usize, String> {
    let mut entities = HashMap::new();
    for mention in document["mentions"].as_array().into_iter().flatten() {
        let start = mention["start"].as_u64().and_then(|start| usize::try_from(start).ok());
        if let (Some(start), Some(entity)) = (start, mention["entity"].as_str()) {
            // Nationalities and countries share a knowledge-base entry; here they are different things.
            let kind = if mention["type"] == "MISC" { "MISC " } else { "" };
            entities.insert(start, format!("{kind}{entity}"));
        }
    }
    entities
}
