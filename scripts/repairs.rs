//! What each rule of `repair` changes on gold data, a JSON line a change, for `scripts/measure_repair.py`.
//!
//! ```sh
//! cargo run --release --example repairs -- conll gold.conll gold.jsonl
//! ```

use namesake::annotation::AnnotatedDocument;
use namesake::document::Span;
use namesake::entity_type::EntityType;
use namesake::format::{ReadOptions, open};
use namesake::mention::Mention;
use namesake::pipeline::PipelineOptions;
use namesake::repair::Guideline;
use serde_json::{Value, json};
use std::path::Path;

/// Start, end, type, and the piece of text.
fn shown(text: &str, mention: &Mention) -> Value {
    let label = if mention.entity_type == EntityType::UNTYPED { "*" } else { mention.entity_type.label() };
    json!([mention.span.start, mention.span.end, label, mention.span.of(text)])
}

/// The gold mentions that share a part of `around`, and whether the annotators left them open.
fn gold(document: &AnnotatedDocument, around: Span) -> Vec<Value> {
    let marked = document.mentions.iter().enumerate().filter(|(_, mention)| mention.span.overlaps(around));
    let names = marked.filter(|&(index, _)| !document.is_coref(index));
    names.map(|(index, mention)| json!([shown(document.text(), mention), document.is_skipped(index)])).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let guideline = match arguments.next().as_deref() {
        Some("namesake") => Guideline::Namesake,
        Some("conll") => Guideline::Conll,
        _ => return Err("say namesake or conll, then the files".into()),
    };
    let pipeline = PipelineOptions::default().with_guideline(guideline).build()?;
    for path in arguments {
        for document in open(Path::new(&path), &ReadOptions::default())? {
            let document = document?;
            let (_, changes) = pipeline.annotate_with_changes(document.document.clone())?;
            let coverage = document.coverage();
            for change in changes {
                let all = || change.before.iter().chain(&change.after).map(|mention| mention.span);
                let start = all().map(|span| span.start).min().unwrap_or_default();
                let end = all().map(|span| span.end).max().unwrap_or_default();
                if coverage.part.is_some_and(|part| start < part.start || end > part.end) || !coverage.exhaustive {
                    continue;
                }
                let list = |mentions: &[Mention]| -> Vec<Value> {
                    mentions.iter().map(|mention| shown(document.text(), mention)).collect()
                };
                let text = document.text();
                let near = |at: usize| (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
                let line = json!({
                    "file": path, "id": document.id(), "rule": change.rule.name(),
                    "before": list(&change.before), "after": list(&change.after),
                    "gold": gold(&document, Span::new(start, end)),
                    "text": text.get(near(start.saturating_sub(40))..near((end + 40).min(text.len()))),
                });
                println!("{line}");
            }
        }
    }
    Ok(())
}
