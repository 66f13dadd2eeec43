//! Counts the tagger's wrong types that the vote of the resolved entities repairs, and those that it makes.
//!
//! `cargo run --release --example type_votes -- GOLD...` with gold annotations in any format that `eval` reads. Only
//! mentions that the tagger found with exactly the gold span count: the vote moves no border.

use anyhow::Result;
use namesake::document::{Document, OffsetUnit, Span};
use namesake::entity_type::EntityType;
use namesake::eval::annotation::Annotation;
use namesake::eval::format::{ReadOptions, read};
use namesake::resolve::Resolver;
use namesake::tag::{Tagger, TaggerOptions};
use std::collections::HashMap;
use std::path::{Path, PathBuf};

#[derive(Default)]
struct Votes {
    mentions: usize,
    right: usize,
    repaired: usize,
    made: usize,
    /// Wrong before, and wrong in another way after.
    still_wrong: usize,
}

fn main() -> Result<()> {
    let tagger = TaggerOptions::default().build()?;
    let resolver = Resolver::embedded();
    println!(
        "{:<24}{:>10}{:>12}{:>10}{:>8}{:>14}",
        "file", "mentions", "right type", "repaired", "made", "still wrong"
    );
    for file in std::env::args_os().skip(1).map(PathBuf::from) {
        let votes = count(&tagger, &resolver, &file)?;
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        println!(
            "{name:<24}{:>10}{:>12}{:>10}{:>8}{:>14}",
            votes.mentions, votes.right, votes.repaired, votes.made, votes.still_wrong
        );
    }
    Ok(())
}

fn count(tagger: &Tagger, resolver: &Resolver, file: &Path) -> Result<Votes> {
    let (corpus, _) = read(file, &ReadOptions::default())?;
    let mut votes = Votes::default();
    for mut gold in corpus.documents {
        let text = gold.text().to_owned();
        if gold.unit != OffsetUnit::Byte {
            gold.place(&text).map_err(|span| anyhow::anyhow!("{}: {span:?} is outside the text", gold.id))?;
        }
        let types = gold_types(&gold);
        let sentences = gold.tokens.map(|tokens| tokens.sentences);
        let document = Document { id: gold.id, text, metadata: gold.metadata, sentences };
        let tagged = tagger.tag(&document)?;
        let mut mentions = tagged.mentions.clone();
        let _entities = resolver.resolve(&document.text, &mut mentions);
        for (before, after) in tagged.mentions.iter().zip(&mentions) {
            let Some(&right) = types.get(&before.span) else { continue };
            votes.mentions += 1;
            match (before.entity_type == right, after.entity_type == right) {
                (true, true) => votes.right += 1,
                (true, false) => votes.made += 1,
                (false, true) => votes.repaired += 1,
                (false, false) => votes.still_wrong += 1,
            }
        }
    }
    Ok(votes)
}

fn gold_types(gold: &Annotation) -> HashMap<Span, EntityType> {
    let typed = |mention: &namesake::eval::annotation::AnnotatedMention| {
        let label = mention.label.as_deref().filter(|_| !mention.is_skipped() && !mention.is_coref())?;
        Some((mention.span, EntityType::known(label)?))
    };
    gold.mentions.iter().filter_map(typed).collect()
}
