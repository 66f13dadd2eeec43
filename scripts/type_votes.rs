//! Counts the tagger's wrong types that the vote of the resolved entities repairs, and those that it makes.
//!
//! `cargo run --release --example type_votes -- GOLD...` with gold annotations in any format that `eval` reads. Only
//! mentions that the tagger found with exactly the gold span count: the vote moves no border.

use anyhow::Result;
use namesake::annotation::AnnotatedDocument;
use namesake::document::Span;
use namesake::entity_type::EntityType;
use namesake::format::{ReadOptions, open};
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
    let mut votes = Votes::default();
    for gold in open(file, &ReadOptions::default())? {
        let gold = gold?;
        anyhow::ensure!(gold.has_text(), "{} comes without its text", gold.id());
        let types = gold_types(&gold);
        let document = gold.document;
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

fn gold_types(gold: &AnnotatedDocument) -> HashMap<Span, EntityType> {
    let typed = |index: usize| {
        let mention = &gold.mentions[index];
        let counts = !gold.is_skipped(index) && !gold.is_coref(index) && mention.entity_type.is_known();
        counts.then_some((mention.span, mention.entity_type))
    };
    (0..gold.mentions.len()).filter_map(typed).collect()
}
