//! `namesake eval`: how good a system is, measured against gold annotations.

use crate::cli::eval_output::{Output, Place};
use crate::cli::model_args::ModelArgs;
use crate::cli::progress::DownloadBar;
use crate::cli::{eval_ner, eval_pipeline};
use anyhow::{Context, bail};
use clap::{Args, Subcommand, ValueEnum};
use namesake::document::OffsetUnit;
use namesake::eval::align::Aligned;
use namesake::eval::breakdown::{Breakdown, seen_names};
use namesake::eval::entities::{NilRule, Twinless};
use namesake::eval::evaluate::{EvalOptions, Evaluation, types_of};
use namesake::eval::format::{self, Corpus, Format, FormatError, ReadOptions};
use namesake::eval::label_map::{LabelMap, one_sided};
use namesake::eval::select::SelectOptions;
use namesake::eval::significance::{Comparison, Intervals, Resampling, compare, intervals};
use namesake::eval::slice::Slices;
use namesake::eval::units;
use std::collections::BTreeSet;
use std::panic::resume_unwind;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::thread;

/// Measure a system against gold annotations
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    subcommand_negates_reqs = true,
    after_help = "\
GOLD and SYSTEM may be CoNLL columns, JSONL with mentions (ours or gold), BRAT folders, WebAnno TSV 3, spaCy, doccano or \
Label Studio JSON, or NIF. Without SYSTEM our own pipeline annotates GOLD's texts first.

Examples:
  namesake eval gold.conll system.conll
  namesake eval gold.jsonl system.jsonl --report report.html --json scores.json
  namesake eval gold.jsonl one.jsonl other.jsonl --by source
  namesake eval gold.conll --map ontonotes"
)]
pub struct EvalArgs {
    #[command(subcommand)]
    command: Option<EvalCommand>,

    #[command(flatten)]
    score: ScoreArgs,
}

#[derive(Debug, Subcommand)]
enum EvalCommand {
    Ner(eval_ner::NerArgs),
}

#[derive(Debug, Args)]
pub struct ScoreArgs {
    /// Gold annotations: a file, or a folder of BRAT
    #[arg(value_name = "GOLD", required = true)]
    gold: Option<PathBuf>,

    /// Annotations of a system; with two, they are compared
    #[arg(value_name = "SYSTEM", num_args = 0..=2, conflicts_with_all = ["model", "engine", "device", "precision", "labels"])]
    systems: Vec<PathBuf>,

    /// Format of GOLD [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = format_of)]
    gold_format: Option<Format>,

    /// Format of the systems [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = format_of)]
    system_format: Option<Format>,

    /// Unit of the offsets, where the files do not say [default: the format's own]
    #[arg(long, value_name = "UNIT")]
    offsets: Option<UnitName>,

    /// Rename labels on both sides before scoring: GPE=LOC,DATE= (drops DATE), or `ontonotes`
    #[arg(long, value_name = "MAP", default_value = "")]
    map: LabelMap,

    /// Judge these types only
    #[arg(long, value_name = "TYPES", value_delimiter = ',')]
    types: Option<Vec<String>>,

    /// Require pronouns and common nouns of the gold too
    #[arg(long)]
    include_coref: bool,

    /// What a gold mention without entity is
    #[arg(long, value_name = "RULE", default_value = "singleton")]
    nil: NilName,

    /// What a mention of one side does to the clusters of the other, end to end
    #[arg(long, value_name = "RULE", default_value = "strict")]
    twinless: TwinlessName,

    /// Entity ids of gold JSONL are ids of a knowledge base: score the links too
    #[arg(long)]
    entity_links: bool,

    /// Scores for each value of this field of the documents' metadata; may be given again
    #[arg(long, value_name = "FIELD")]
    by: Vec<String>,

    /// Draws for the 95 % intervals and tests; 0 leaves them out
    #[arg(long, value_name = "N", default_value_t = 1000)]
    resamples: usize,

    /// Seed of the draws
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Training data of the system, in any of the formats: scores names that it has apart from those that it lacks, in
    /// the report and under `groups` in the JSON
    #[arg(long, value_name = "FILE")]
    train: Option<PathBuf>,

    /// Write the scores as JSON to this file, or to standard output with -
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,

    /// Write a report as one HTML page to this file, or to standard output with -
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,

    #[command(flatten, next_help_heading = "Our pipeline, without SYSTEM")]
    model: ModelArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum UnitName {
    /// Unicode code points
    Char,
    /// UTF-8 bytes
    Byte,
    /// UTF-16 code units
    Utf16,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum NilName {
    /// An entity of its own
    Singleton,
    /// Left out of the cluster scores
    Exclude,
    /// One entity with the others of its document that are spelled alike
    Surface,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TwinlessName {
    /// Nothing, as in the CoNLL scorer
    Strict,
    /// It is added there as a singleton
    Singleton,
}

/// A format by its name on the command line.
pub fn format_of(name: &str) -> Result<Format, String> {
    let names = || Format::ALL.map(|(_, name)| name).join(", ");
    Format::from_name(name).ok_or_else(|| format!("expected one of {}", names()))
}

/// One system with everything that was found out about it.
pub struct Judged {
    pub name: String,
    pub aligned: Aligned,
    pub evaluation: Evaluation,
    pub intervals: Option<Vec<Intervals>>,
    pub breakdown: Breakdown,
    pub slices: Vec<Slices>,
}

/// Runs the measurement that was asked for.
pub fn run(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    match (&args.command, &args.score.gold) {
        (Some(EvalCommand::Ner(args)), _) => eval_ner::run(args),
        (None, Some(gold)) => score(gold, &args.score),
        (None, None) => bail!("name a file with gold annotations"),
    }
}

fn score(gold_path: &Path, args: &ScoreArgs) -> anyhow::Result<ExitCode> {
    let unit = args.offsets.map(|unit| match unit {
        UnitName::Char => OffsetUnit::Char,
        UnitName::Byte => OffsetUnit::Byte,
        UnitName::Utf16 => OffsetUnit::Utf16,
    });
    if [&args.json, &args.report].iter().all(|path| path.as_ref().is_some_and(|path| path.as_os_str() == "-")) {
        bail!("--json and --report cannot both go to standard output; give one of them a file");
    }
    let [json, report] = [&args.json, &args.report].map(|path| path.as_deref().map(Place::open).transpose());
    let (json, report) = (json?, report?);
    let options = ReadOptions::default().with_unit(unit).with_entity_links(args.entity_links);
    let mut read = read_all(gold_path, args, &options).into_iter();
    let Some((mut gold, gold_format)) = read.next().transpose()? else { bail!("name a file with gold annotations") };
    if gold.documents.is_empty() {
        bail!("{} holds no document ({} was expected)", gold_path.display(), gold_format.name());
    }
    check_fields(&gold, &args.by)?;
    args.map.apply(&mut gold);
    let mut systems: Vec<(String, Corpus)> = Vec::new();
    for (path, read) in args.systems.iter().zip(read) {
        let (mut system, format) = read?;
        args.map.apply(&mut system);
        systems.push((format!("{} ({})", path.display(), format.name()), system));
    }
    if systems.is_empty() {
        let mut system = eval_pipeline::annotate(&gold, args.model.tagger_options(None, DownloadBar::default())?)?;
        args.map.apply(&mut system);
        systems.push(("namesake".to_owned(), system));
    }
    let seen = match &args.train {
        Some(path) => Some(seen_names(&format::read(path, &options)?.0.documents)),
        None => None,
    };
    let (aligned, names) = align(gold, systems)?;
    let types = types_of(&aligned);
    let options = eval_options(args);
    let resampling = Resampling { resamples: args.resamples, seed: args.seed };
    let (mut judged, mut drawn) = (Vec::new(), Vec::new());
    for (name, mut aligned) in names.into_iter().zip(aligned) {
        let evaluation = Evaluation::of(&aligned, &options, types.clone());
        aligned.notes.extend(evaluation.conventions(args.types.as_deref().unwrap_or_default()));
        let sentences = units::sentences(&aligned).map(|sentences| Evaluation::of(&sentences, &options, types.clone()));
        let sentences = sentences.filter(|sentences| sentences.layout == evaluation.layout);
        let intervals = if resampling.resamples == 0 {
            None
        } else if let Some(sentences) = &sentences {
            let count = sentences.rows.len();
            aligned.notes.push(format!("there is one document: the intervals are drawn over its {count} sentences"));
            Some(intervals(sentences, resampling))
        } else if aligned.gold.len() < 2 {
            aligned.notes.push("intervals need two documents or two sentences: there are none".to_owned());
            None
        } else {
            Some(intervals(&evaluation, resampling))
        };
        let breakdown = Breakdown::of(&aligned, &evaluation, seen.as_ref());
        let slices = args.by.iter().map(|field| Slices::of(field, &aligned, &evaluation)).collect();
        judged.push(Judged { name, aligned, evaluation, intervals, breakdown, slices });
        drawn.push(sentences);
    }
    let comparisons: Vec<Comparison> = match (judged.as_slice(), drawn.as_slice()) {
        (_, [Some(one), Some(other)]) if resampling.resamples > 0 => compare(one, other, resampling),
        ([one, other], _) if one.intervals.is_some() => compare(&one.evaluation, &other.evaluation, resampling),
        _ => Vec::new(),
    };
    let gold_name = format!("{} ({})", gold_path.display(), gold_format.name());
    Output {
        gold: &gold_name,
        judged: &judged,
        comparisons: &comparisons,
        conventions: conventions(args),
        json,
        report,
    }
    .write()?;
    Ok(ExitCode::SUCCESS)
}

/// Gold and systems, each read by a thread of its own.
fn read_all(gold: &Path, args: &ScoreArgs, options: &ReadOptions) -> Vec<Result<(Corpus, Format), FormatError>> {
    let gold = (gold, options.with_format(args.gold_format));
    let systems = args.systems.iter().map(|path| (path.as_path(), options.with_format(args.system_format)));
    thread::scope(|scope| {
        let begin = |(path, options): (&'_ Path, ReadOptions)| {
            let path = path.to_owned();
            scope.spawn(move || format::read(&path, &options))
        };
        let handles: Vec<_> = std::iter::once(gold).chain(systems).map(begin).collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

/// A field of `--by` that no document has is a slip, not a slice.
fn check_fields(gold: &Corpus, by: &[String]) -> anyhow::Result<()> {
    let fields: BTreeSet<&String> = gold.documents.iter().flat_map(|document| document.metadata.keys()).collect();
    if let Some(field) = by.iter().find(|field| !fields.contains(field)) {
        let known: Vec<&str> = fields.iter().map(|field| field.as_str()).collect();
        let known = if known.is_empty() { "no metadata at all".to_owned() } else { known.join(", ") };
        bail!("--by {field}: no document of the gold has this field; there is {known}");
    }
    Ok(())
}

/// Aligns every system with its own copy of the gold, for alignment converts the gold's spans where only the system has
/// the text.
fn align(gold: Corpus, systems: Vec<(String, Corpus)>) -> anyhow::Result<(Vec<Aligned>, Vec<String>)> {
    let (mut aligned, mut names) = (Vec::new(), Vec::new());
    let mut gold = Some(gold);
    let count = systems.len();
    for (index, (name, system)) in systems.into_iter().enumerate() {
        let copy = if index + 1 < count { gold.clone() } else { gold.take() };
        let copy = copy.unwrap_or_default();
        let advice = one_sided(&copy, &system);
        let mut one = Aligned::new(copy, system).with_context(|| name.clone())?;
        one.notes.extend(advice);
        aligned.push(one);
        names.push(name);
    }
    Ok((aligned, names))
}

fn eval_options(args: &ScoreArgs) -> EvalOptions {
    let nil = match args.nil {
        NilName::Singleton => NilRule::Singleton,
        NilName::Exclude => NilRule::Exclude,
        NilName::Surface => NilRule::Surface,
    };
    let twinless = match args.twinless {
        TwinlessName::Strict => Twinless::Strict,
        TwinlessName::Singleton => Twinless::Singleton,
    };
    let select = SelectOptions { include_coref: args.include_coref, types: args.types.clone() };
    EvalOptions::default().with_selection(select).with_nil(nil).with_twinless(twinless)
}

/// The choices behind the scores, by name.
fn conventions(args: &ScoreArgs) -> Vec<(&'static str, String)> {
    let name = |value: Option<clap::builder::PossibleValue>| value.map(|value| value.get_name().to_owned());
    let mut list = vec![
        ("nil", name(args.nil.to_possible_value()).unwrap_or_default()),
        ("twinless", name(args.twinless.to_possible_value()).unwrap_or_default()),
        ("coref", if args.include_coref { "required" } else { "ignored" }.to_owned()),
        ("resamples", args.resamples.to_string()),
        ("seed", args.seed.to_string()),
    ];
    if let Some(types) = &args.types {
        list.push(("types", types.join(",")));
    }
    list
}
