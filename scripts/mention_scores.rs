//! Prints the score of every mention that the tagger finds in gold files, and whether it is right: span and type as in gold.
//!
//! `cargo run --release --example mention_scores -- MODEL_FOLDER GOLD...` with gold annotations in any format that `eval`
//! reads; a line is file, score and 1 or 0. Mentions of types that a file does not annotate are left out.

use anyhow::{Context, Result};
use namesake::document::{Document, OffsetUnit, Span};
use namesake::entity_type::EntityType;
use namesake::eval::format::{ReadOptions, read};
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
    let (corpus, _) = read(file, &ReadOptions::default())?;
    let mut documents = Vec::new();
    for mut gold in corpus.documents {
        let text = gold.text().to_owned();
        if gold.unit != OffsetUnit::Byte {
            gold.place(&text).map_err(|span| anyhow::anyhow!("{}: {span:?} is outside the text", gold.id))?;
        }
        let labelled = gold.mentions.iter().filter(|mention| !mention.is_skipped() && !mention.is_coref());
        let typed =
            labelled.filter_map(|mention| Some((mention.span, mention.label.as_deref().and_then(EntityType::known)?)));
        let right: HashSet<(Span, EntityType)> = typed.collect();
        let sentences = gold.tokens.map(|tokens| tokens.sentences);
        documents.push((Document { id: gold.id, text, metadata: gold.metadata, sentences }, right));
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
