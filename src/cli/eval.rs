//! `namesake eval`: how good a system is, measured against gold annotations.

use crate::cli::eval_ner;
use crate::cli::format_names::readable;
use crate::cli::guideline::GuidelineArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::tell;
use crate::cli::progress::DownloadBar;
use anyhow::bail;
use clap::{Args, Subcommand, ValueEnum};
use namesake::annotation::AnnotatedDocument;
use namesake::document::OffsetUnit;
use namesake::eval::breakdown::seen_names;
use namesake::eval::entities::{NilRule, Twinless};
use namesake::eval::select::SelectOptions;
use namesake::eval::significance::Resampling;
use namesake::eval::{Corpus, JudgeOptions, Judgement, judge};
use namesake::format::{Format, InputError, LineOutput, ReadOptions, open};
use namesake::label::LabelMap;
use namesake::page::{Report, System};
use namesake::pipeline::PipelineOptions;
use std::io::Write;
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
    #[arg(long, value_name = "FORMAT", value_parser = readable)]
    gold_format: Option<Format>,

    /// Format of the systems [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = readable)]
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

    #[command(flatten, next_help_heading = "Our pipeline, without SYSTEM")]
    guideline: GuidelineArgs,
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

/// Runs the measurement that was asked for.
pub fn run(args: &EvalArgs) -> anyhow::Result<ExitCode> {
    match (&args.command, &args.score.gold) {
        (Some(EvalCommand::Ner(args)), _) => eval_ner::run(args),
        (None, Some(gold)) => score(gold, &args.score),
        (None, None) => bail!("name a file with gold annotations"),
    }
}

fn score(gold_path: &Path, args: &ScoreArgs) -> anyhow::Result<ExitCode> {
    let both = [&args.json, &args.report];
    if both.iter().all(|path| path.as_ref().is_some_and(|path| path.as_os_str() == "-")) {
        bail!("--json and --report cannot both go to standard output; give one of them a file");
    }
    let [json, report] = both.map(|path| path.as_deref().map(Place::open).transpose());
    let (json, report) = (json?, report?);
    let options = ReadOptions::default().with_offset_unit(args.unit()).with_entity_links(args.entity_links);
    let mut read = read_all(gold_path, args, &options).into_iter();
    let Some((mut gold, gold_format)) = read.next().transpose()? else { bail!("name a file with gold annotations") };
    if gold.documents.is_empty() {
        bail!("{} holds no document ({gold_format} was expected)", gold_path.display());
    }
    gold.map_labels(&args.map);
    let mut systems: Vec<(String, Corpus)> = Vec::new();
    for (path, read) in args.systems.iter().zip(read) {
        let (mut system, format) = read?;
        system.map_labels(&args.map);
        systems.push((format!("{} ({format})", path.display()), system));
    }
    if systems.is_empty() {
        let tagger = args.model.tagger_options(None, DownloadBar::default())?;
        let pipeline = PipelineOptions::default().with_tagger(tagger).with_types_of(&gold.documents);
        let pipeline = pipeline.with_guideline((&args.guideline).into()).build()?;
        let mut system = Corpus::new(pipeline.annotate_again(&gold.documents)?, "namesake");
        system.map_labels(&args.map);
        systems.push(("namesake".to_owned(), system));
    }
    let gold_name = format!("{} ({gold_format})", gold_path.display());
    let judgement = judge(gold, &gold_name, systems, &args.judge_options(&options)?)?;
    tell_all(&judgement, json, report)?;
    Ok(ExitCode::SUCCESS)
}

/// Gold and systems, each read by a thread of its own.
fn read_all(gold: &Path, args: &ScoreArgs, options: &ReadOptions) -> Vec<Result<(Corpus, Format), InputError>> {
    let gold = (gold, options.clone().with_format(args.gold_format));
    let systems = args.systems.iter().map(|path| (path.as_path(), options.clone().with_format(args.system_format)));
    thread::scope(|scope| {
        let begin = |(path, options): (&'_ Path, ReadOptions)| {
            let path = path.to_owned();
            scope.spawn(move || read_corpus(&path, &options))
        };
        let handles: Vec<_> = std::iter::once(gold).chain(systems).map(begin).collect();
        handles.into_iter().map(|handle| handle.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    })
}

fn read_corpus(path: &Path, options: &ReadOptions) -> Result<(Corpus, Format), InputError> {
    let reader = open(path, options)?;
    let format = reader.format();
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    Ok((Corpus::new(reader.collect::<Result<_, _>>()?, &name), format))
}

impl ScoreArgs {
    fn unit(&self) -> Option<OffsetUnit> {
        self.offsets.map(|unit| match unit {
            UnitName::Char => OffsetUnit::Char,
            UnitName::Byte => OffsetUnit::Byte,
            UnitName::Utf16 => OffsetUnit::Utf16,
        })
    }

    fn judge_options(&self, read: &ReadOptions) -> anyhow::Result<JudgeOptions> {
        let nil = match self.nil {
            NilName::Singleton => NilRule::Singleton,
            NilName::Exclude => NilRule::Exclude,
            NilName::Surface => NilRule::Surface,
        };
        let twinless = match self.twinless {
            TwinlessName::Strict => Twinless::Strict,
            TwinlessName::Singleton => Twinless::Singleton,
        };
        let seen = match &self.train {
            Some(path) => Some(seen_names(&open(path, read)?.collect::<Result<Vec<AnnotatedDocument>, _>>()?)),
            None => None,
        };
        let select = SelectOptions { include_coref: self.include_coref, types: self.types.clone() };
        let resampling = Resampling { resamples: self.resamples, seed: self.seed };
        let options = JudgeOptions::default().with_selection(select).with_nil(nil).with_twinless(twinless);
        Ok(options.with_fields(self.by.clone()).with_resampling(resampling).with_training(seen))
    }
}

/// A file that appears when it is whole, or standard output.
struct Place {
    file: LineOutput,
    stdout: bool,
}

impl Place {
    /// Makes sure that `path` can be written, before the work is done; `-` is standard output.
    fn open(path: &Path) -> anyhow::Result<Self> {
        let stdout = path.as_os_str() == "-";
        Ok(Self { file: LineOutput::open((!stdout).then_some(path))?, stdout })
    }

    fn fill(mut self, text: &str) -> anyhow::Result<()> {
        self.file.write(text)?;
        Ok(self.file.finish()?)
    }
}

/// Tables on standard output, unless that is taken; notes on standard error.
fn tell_all(judgement: &Judgement, json: Option<Place>, report: Option<Place>) -> anyhow::Result<()> {
    for note in judgement.notes() {
        tell(format_args!("namesake: {note}"));
    }
    let to_stdout = [&json, &report].into_iter().flatten().any(|place| place.stdout);
    if let Some(place) = report {
        place.fill(&page(judgement)?)?;
    }
    if let Some(place) = json {
        place.fill(&(serde_json::to_string_pretty(&judgement.to_json())? + "\n"))?;
    }
    if !to_stdout {
        std::io::stdout().write_all(judgement.tables().as_bytes())?;
    }
    Ok(())
}

fn page(judgement: &Judgement) -> anyhow::Result<String> {
    let systems: Vec<System<'_>> = judgement.systems.iter().map(System::from).collect();
    let report = Report {
        command: &command(),
        gold: &judgement.gold,
        systems: &systems,
        comparisons: &judgement.comparisons,
        conventions: &judgement.conventions,
    };
    Ok(report.to_html()?)
}

/// The command as one would type it again.
fn command() -> String {
    let plain = |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || "-_./=,:@%+".contains(c));
    let quoted = |word: std::ffi::OsString| {
        let word = word.to_string_lossy();
        if plain(&word) { word.into_owned() } else { format!("'{}'", word.replace('\'', r"'\''")) }
    };
    std::iter::once("namesake".to_owned()).chain(std::env::args_os().skip(1).map(quoted)).collect::<Vec<_>>().join(" ")
}
