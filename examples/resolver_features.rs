//! Writes the decisions that `scripts/train_resolver.py` learns from: one JSON object a line and decision.
//!
//! Input: documents with mentions whose `entity` is the gold entity.
//! `cargo run --release --example resolver_features -- gold.jsonl > decisions.jsonl`

use anyhow::{Context, Result};
use namesake::resolve::Resolver;
use namesake::resolve::reader::MentionReader;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

fn main() -> Result<()> {
    let path = std::env::args().nth(1).context("name a file of documents with gold entities")?;
    let resolver = Resolver::embedded();
    let reader = MentionReader::new(&resolver);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (number, line) in BufReader::new(File::open(&path)?).lines().enumerate() {
        let line = line?;
        let tagged = reader.read(&line, &(number + 1).to_string()).with_context(|| format!("{path}:{}", number + 1))?;
        let map = namesake::document::OffsetMap::new(&tagged.document.text, namesake::document::OffsetUnit::Char);
        let value: Value = serde_json::from_str(&line)?;
        let mut entities: HashMap<u64, String> = HashMap::new();
        for mention in value["mentions"].as_array().into_iter().flatten() {
            if let (Some(start), Some(entity)) = (mention["start"].as_u64(), mention["entity"].as_str()) {
                // Nationalities and countries share a knowledge-base entry; here they are different things.
                let kind = if mention["type"] == "MISC" { "MISC " } else { "" };
                entities.insert(start, format!("{kind}{entity}"));
            }
        }
        let start = |mention: &namesake::mention::Mention| map.from_byte(mention.span.start).map(|at| at as u64);
        let gold: Vec<Option<String>> =
            tagged.mentions.iter().map(|mention| start(mention).and_then(|at| entities.get(&at).cloned())).collect();
        for decision in resolver.decisions(&tagged.document.text, &tagged.mentions, &gold) {
            let mut line = serde_json::to_value(&decision)?;
            line["document"] = json!(tagged.document.id);
            serde_json::to_writer(&mut out, &line)?;
            out.write_all(b"\n")?;
        }
    }
    Ok(())
}
