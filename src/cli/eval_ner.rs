//! `namesake eval ner`: the tagger alone, on a labelled CoNLL file.

use crate::cli::model_args::ModelArgs;
use crate::cli::progress::DownloadBar;
use anyhow::{Context, bail};
use clap::Args;
use namesake::document::Span;
use namesake::eval::span::{SpanCounts, SpanScores, TypedSpan, spans_from_labels};
use namesake::input::conll::{ConllReader, LabelledDocument};
use namesake::mention::Mention;
use namesake::tag::Tagged;
use namesake::visible::Visible;
use serde_json::{Map, Value, json};
use std::collections::HashMap;
use std::fs;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::process::ExitCode;

/// Tag the tokens of a CoNLL file and score the spans: strict F1, as conlleval and seqeval compute it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  namesake eval ner --gold test.conll --json scores.json")]
pub struct NerArgs {
    /// CoNLL file: first column token, last column label (IOB1, IOB2, IOBES or BILOU)
    #[arg(long, value_name = "FILE")]
    gold: PathBuf,

    #[command(flatten)]
    model: ModelArgs,

    /// Write the scores as JSON to this file, or to standard output with -
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Threads to use; the scores are the same for every number [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

/// Tags and scores.
pub fn run(args: &NerArgs) -> anyhow::Result<ExitCode> {
    let tagger = args.model.tagger_options(args.threads, DownloadBar::default())?.build()?;
    let mut scores = SpanScores::default();
    let documents = ConllReader::open(&args.gold)?.map(|labelled| labelled.map_err(anyhow::Error::from));
    let stopped = tagger.tag_all(documents, |tagged| match tagged {
        Ok((labelled, system)) => {
            add_document(&mut scores, &labelled, &system);
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    });
    if let ControlFlow::Break(error) = stopped {
        return Err(error);
    }
    if scores.types.is_empty() {
        bail!("{} has no labelled span and the tagger found none: is it a CoNLL file?", args.gold.display());
    }
    let json_to_stdout = args.json.as_deref().is_some_and(|path| path.as_os_str() == "-");
    if !json_to_stdout {
        print!("{}", table(&scores));
    }
    if let Some(path) = &args.json {
        let text = serde_json::to_string_pretty(&to_json(&scores))? + "\n";
        if json_to_stdout {
            print!("{text}");
        } else {
            fs::write(path, text).with_context(|| format!("cannot write {}", path.display()))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn add_document(scores: &mut SpanScores, gold: &LabelledDocument, tagged: &Tagged) {
    let mut mentions = tagged.mentions.iter().peekable();
    for (tokens, labels) in tagged.sentences.iter().zip(&gold.labels) {
        let end = tokens.last().map_or(0, |token| token.end);
        let mine: Vec<&Mention> = std::iter::from_fn(|| mentions.next_if(|mention| mention.span.end <= end)).collect();
        scores.add(&spans_from_labels(labels), &over_tokens(tokens, &mine));
    }
}

/// Mentions, whose borders are those of tokens, as spans over the tokens.
fn over_tokens(tokens: &[Span], mentions: &[&Mention]) -> Vec<TypedSpan> {
    let starts: HashMap<usize, usize> = tokens.iter().enumerate().map(|(index, token)| (token.start, index)).collect();
    let ends: HashMap<usize, usize> = tokens.iter().enumerate().map(|(index, token)| (token.end, index)).collect();
    mentions
        .iter()
        .filter_map(|mention| {
            let (start, last) = (*starts.get(&mention.span.start)?, *ends.get(&mention.span.end)?);
            Some(TypedSpan { start, end: last + 1, label: mention.entity_type.label().to_owned() })
        })
        .collect()
}

fn table(scores: &SpanScores) -> String {
    let row = |name: &str, counts: SpanCounts| {
        format!(
            "{name:<6} {:>9.2} {:>7.2} {:>7.2} {:>7} {:>7} {:>7}\n",
            counts.precision() * 100.0,
            counts.recall() * 100.0,
            counts.f1() * 100.0,
            counts.correct,
            counts.spurious,
            counts.missed
        )
    };
    let mut text =
        format!("{:<6} {:>9} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "type", "precision", "recall", "F1", "tp", "fp", "fn");
    for (label, counts) in &scores.types {
        text += &row(&Visible::one_line(label).to_string(), *counts);
    }
    text + &row("micro", scores.micro)
}

fn to_json(scores: &SpanScores) -> Value {
    let entry = |counts: SpanCounts| {
        json!({
            "precision": counts.precision(), "recall": counts.recall(), "f1": counts.f1(),
            "tp": counts.correct, "fp": counts.spurious, "fn": counts.missed,
        })
    };
    let mut strict = Map::new();
    strict.insert("micro".to_owned(), entry(scores.micro));
    strict.extend(scores.types.iter().map(|(label, counts)| (label.clone(), entry(*counts))));
    json!({ "spans": { "strict": strict } })
}
