//! Runs the resolver alone: documents with mentions in, the same with entities out, one JSON object a line.
//!
//! `cargo run --release --example resolve_mentions -- mentions.jsonl [weights.json] > entities.jsonl`

use anyhow::{Context, Result};
use namesake::document::{OffsetMap, OffsetUnit};
use namesake::resolve::reader::MentionReader;
use namesake::resolve::{Resolver, Weights};
use serde_json::json;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};

fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().context("name a file of documents with mentions")?;
    let mut resolver = Resolver::embedded();
    if let Some(weights) = arguments.next() {
        resolver = resolver.with_weights(Weights::from_json(&std::fs::read_to_string(weights)?)?);
    }
    let reader = MentionReader::new(&resolver);
    let mut out = BufWriter::new(std::io::stdout().lock());
    for (number, line) in BufReader::new(File::open(&path)?).lines().enumerate() {
        let tagged =
            reader.read(&line?, &(number + 1).to_string()).with_context(|| format!("{path}:{}", number + 1))?;
        let (document, mut mentions) = (tagged.document, tagged.mentions);
        let entities = resolver.resolve(&document.text, &mut mentions);
        let map = OffsetMap::new(&document.text, OffsetUnit::Char);
        let mut owner = vec![0; mentions.len()];
        for (index, entity) in entities.iter().enumerate() {
            entity.mentions.iter().for_each(|&mention| owner[mention] = index);
        }
        let mentions: Vec<_> = mentions
            .iter()
            .zip(&owner)
            .map(|(mention, owner)| {
                json!({"start": map.from_byte(mention.span.start), "end": map.from_byte(mention.span.end),
                       "text": mention.span.of(&document.text), "type": mention.entity_type, "score": mention.score,
                       "entity": format!("{}#{}", document.id, owner + 1)})
            })
            .collect();
        let entities: Vec<_> = entities
            .iter()
            .map(|entity| {
                let aliases: Vec<_> =
                    entity.aliases.iter().map(|alias| json!({"text": alias.text, "count": alias.count})).collect();
                json!({"name": entity.name, "type": entity.entity_type, "score": entity.score, "aliases": aliases,
                       "mentions": entity.mentions, "knowledge_id": entity.knowledge_id})
            })
            .collect();
        serde_json::to_writer(&mut out, &json!({"id": document.id, "entities": entities, "mentions": mentions}))?;
        out.write_all(b"\n")?;
    }
    Ok(())
}
