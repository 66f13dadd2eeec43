//! Prints the score of every mention that the tagger finds in gold files, and whether it is right: span and type as in gold.
//!
//! `cargo run --release --example mention_scores -- MODEL_FOLDER GOLD...` with gold annotations in any format that `eval`
//! reads; a line is file, score and 1 or 0. Mentions of types that a file does not annotate are left out.

use anyhow::{Context, Result};
use namesake::document::{Document, Span};
use namesake::entity_type::EntityType;
use namesake::format::{ReadOptions, open};
use namesake::tag::{Tagger, TaggerOptions};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = arguments.next().context("usage: mention_scores MODEL_FOLDER GOLD...")?;
    let tagger = TaggerOptions::default().with_model(&folder).build()?;
    for file in arguments {
        print_scores(&tagger, &file)?;
    }
    Ok(())
}

fn print_scores(tagger: &Tagger, file: &Path) -> Result<()> {
    let mut documents: Vec<(Document, HashSet<(Span, EntityType)>)> = Vec::new();
    for gold in open(file, &ReadOptions::default())? {
        let gold = gold?;
        anyhow::ensure!(gold.has_text(), "{} comes without its text", gold.id());
        let counts = |index: &usize| !gold.is_skipped(*index) && !gold.is_coref(*index);
        let labelled = (0..gold.mentions.len()).filter(counts).map(|index| &gold.mentions[index]);
        let known = labelled.filter(|mention| mention.entity_type.is_known());
        let right = known.map(|mention| (mention.span, mention.entity_type)).collect();
        documents.push((gold.document, right));
    }
    let annotated: HashSet<EntityType> = documents.iter().flat_map(|(_, right)| right).map(|&(_, kind)| kind).collect();
    for (document, right) in documents {
        for mention in tagger.tag(&document)?.mentions {
            if annotated.contains(&mention.entity_type) {
                let is_right = right.contains(&(mention.span, mention.entity_type));
                println!("{}\t{}\t{}", file.display(), mention.score, u8::from(is_right));
            }
        }
    }
    Ok(())
}
