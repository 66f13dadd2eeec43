//! `namesake extract`: from documents to canonical entities.

use crate::cli::guideline::GuidelineArgs;
use crate::cli::model_args::ModelArgs;
use crate::cli::outcome::{SOME_INPUT_BAD, WRONG_FLAGS, tell};
use crate::cli::progress::{DownloadBar, Progress};
use crate::cli::store::{self, FinalLines, StoreArgs};
use crate::cli::{aliases, format_names};
use anyhow::Context;
use clap::{Args, ValueEnum};
use namesake::alias_table::AliasTable;
use namesake::annotation::AnnotatedDocument;
use namesake::corpus::{CorpusError, CorpusStore, LinkOptions};
use namesake::document::OffsetUnit;
use namesake::entity_type::EntityType;
use namesake::format::{Documents, Format, InputError, Output, OutputOptions, ReadOptions};
use namesake::label;
use namesake::pipeline::{Pipeline, PipelineOptions};
use namesake::resolve::{Resolver, WorldTables};
use namesake::tag::TagError;
use std::ffi::OsString;
use std::fs::File;
use std::io::{BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const EXAMPLES: &str = "\
Examples:
  # A table of the entities on the terminal
  namesake extract article.txt
  # Every document of a folder, a JSON line each
  namesake extract news/ -o entities.jsonl
  # From and to a pipe
  cat news.jsonl | namesake extract - | jq .id
  # A page with the mentions marked
  namesake extract article.txt --format html -o article.html
  # With a model of your own; a program built with --features hub also takes one of the Hugging Face hub, as owner/name
  namesake extract article.txt --model my-model/
  # One entity for each person, organisation and place of all articles together
  namesake extract news/ --store corpus.db -o entities.jsonl";

/// Find people, organisations and places in documents and merge their aliases
#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag that users set by itself")]
#[command(after_help = EXAMPLES)]
pub struct ExtractArgs {
    /// Files, folders (with everything below), quoted globs, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    inputs: Vec<OsString>,

    /// Write to this file (a folder for brat) instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Output format: pretty, jsonl (which is namesake), conll, brat, html, or another of docs/output.md [default: pretty on a
    /// terminal, else jsonl]
    #[arg(long, value_name = "FORMAT", value_parser = format_names::writable)]
    format: Option<Format>,

    /// Read every input as this format [default: by the file's ending]
    #[arg(long, value_name = "FORMAT", value_parser = format_names::text)]
    input_format: Option<Format>,

    /// JSONL field that holds the text
    #[arg(long, value_name = "NAME", default_value = "text")]
    text_field: String,

    /// JSONL field that holds the document's id
    #[arg(long, value_name = "NAME", default_value = "id")]
    id_field: String,

    /// Entity types to keep, separated by commas: of PER, ORG, LOC, MISC, a model's own such as DRUG, and what is no name
    /// such as DATE [default: all but MISC and what is no name]
    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = label::type_named)]
    types: Vec<EntityType>,

    /// Keep MISC too: nationalities, events, works
    #[arg(long)]
    keep_misc: bool,

    /// Keep mentions with at least this score, 0 to 1: of those scored 0.9, about nine of ten are right in news
    #[arg(long, value_name = "SCORE", default_value_t = 0.0, value_parser = parse_score)]
    min_score: f32,

    /// Unit of the offsets in the output: code points, bytes or UTF-16 units
    #[arg(long, value_name = "UNIT", default_value = "char")]
    offsets: OffsetUnitName,

    #[command(flatten)]
    model: ModelArgs,

    /// Tables of the world: default, none, or a folder with tables to use instead (docs/world.md)
    #[arg(long, value_name = "TABLES", default_value = "default")]
    world: WorldTables,

    #[command(flatten)]
    guideline: GuidelineArgs,

    /// CSV table whose rows win over scores; columns alias, canonical, type, id
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,

    /// Link the entities to those of this corpus store, as `link` does; a new one is made if there is none
    #[arg(long, value_name = "FILE")]
    store: Option<PathBuf>,

    #[command(flatten)]
    linking: StoreArgs,

    /// Threads to use; the output is the same for every number [default: one a processor]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,

    /// Write each document's text beside its entities (jsonl)
    #[arg(long)]
    with_text: bool,

    /// Say of each mention why it belongs to its entity: the rule, its score, the runner-up (jsonl, pretty, html)
    #[arg(long)]
    explain: bool,

    /// Write what was wrong with the input to this file, a JSON line each
    #[arg(long, value_name = "FILE")]
    errors: Option<PathBuf>,

    /// Stop at the first bad input and write no output file
    #[arg(long)]
    strict: bool,

    /// No progress bar and no summary
    #[arg(short, long)]
    quiet: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum OffsetUnitName {
    Char,
    Byte,
    Utf16,
}

impl From<OffsetUnitName> for OffsetUnit {
    fn from(name: OffsetUnitName) -> Self {
        match name {
            OffsetUnitName::Char => Self::Char,
            OffsetUnitName::Byte => Self::Byte,
            OffsetUnitName::Utf16 => Self::Utf16,
        }
    }
}

fn parse_score(text: &str) -> Result<f32, String> {
    let score = text.parse().map_err(|_| "expected a number from 0 to 1".to_owned())?;
    if (0.0..=1.0).contains(&score) { Ok(score) } else { Err("expected a number from 0 to 1".to_owned()) }
}

/// What can go wrong with one document.
#[derive(Debug, thiserror::Error)]
enum DocumentError {
    #[error(transparent)]
    Input(#[from] InputError),
    #[error(transparent)]
    Tag(#[from] TagError),
    #[error(transparent)]
    Store(#[from] CorpusError),
}

/// Reads, tags, resolves, links and writes.
pub fn run(args: &ExtractArgs) -> anyhow::Result<ExitCode> {
    let aliases = args.aliases.as_deref().map(aliases::read).transpose()?;
    let pipeline = pipeline_options(args, aliases.as_ref())?.build()?;
    if let Some(message) = missing_types(&pipeline, aliases.as_ref()) {
        tell(format_args!("namesake: {message}"));
        return Ok(ExitCode::from(WRONG_FLAGS));
    }
    let mut store = args.store.as_deref().map(|path| open_store(args, path, aliases.as_ref())).transpose()?;
    let mut options = read_options(args);
    if let Some(store) = &mut store {
        options = options.with_root(store.root(args.linking.root.as_deref())?);
    }
    let final_lines = final_lines(args)?;
    let mut documents = Documents::open(&args.inputs, options);
    let read = documents.progress();
    let mut output = open_output(args, final_lines.as_ref())?;
    let mut errors = match &args.errors {
        Some(path) => Some(ErrorLog::create(path)?),
        None => None,
    };
    let mut progress = Progress::new(args.quiet);
    let results = documents.by_ref().map(|document| document.map_err(DocumentError::from));
    let sink = |result: Result<AnnotatedDocument, DocumentError>| {
        let step = match result {
            Ok(annotated) => {
                progress.document(&annotated, read.bytes_read(), read.bytes_total());
                progress.aside(|| output.write(&annotated)).map_err(anyhow::Error::from)
            }
            Err(error) => {
                progress.fault(&error.to_string());
                errors.as_mut().map_or(Ok(()), |log| log.write(&error))
            }
        };
        match step {
            Err(error) => ControlFlow::Break(error),
            Ok(()) if args.strict && progress.faults() > 0 => ControlFlow::Break(anyhow::Error::new(StoppedByStrict)),
            Ok(()) => ControlFlow::Continue(()),
        }
    };
    let flow = match &mut store {
        Some(store) => pipeline.link_all(results, store, sink),
        None => pipeline.annotate_all(results, sink),
    };
    if let Some(log) = errors {
        log.finish()?;
    }
    match flow {
        ControlFlow::Continue(()) => {}
        ControlFlow::Break(error) if error.is::<StoppedByStrict>() => {
            progress.say("stopped at the first bad input, as --strict asks");
            return Ok(ExitCode::from(SOME_INPUT_BAD));
        }
        ControlFlow::Break(error) => return Err(error),
    }
    output.finish()?;
    if let (Some(lines), Some(store)) = (final_lines, &store) {
        lines.finish(store)?;
    }
    let bad = progress.faults() > 0;
    progress.finish(pipeline.tally().left_out(pipeline.selection()));
    if let Some(store) = store.as_ref().filter(|_| !args.quiet) {
        store::report(store);
    }
    Ok(if bad { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS })
}

/// Ends the run although nothing is wrong with the program.
#[derive(Debug, thiserror::Error)]
#[error("stopped at the first bad input")]
struct StoppedByStrict;

/// What to say of types of their own that neither the model nor the alias table can give: all would be done for nothing.
fn missing_types(pipeline: &Pipeline, aliases: Option<&AliasTable>) -> Option<String> {
    let types = pipeline.entity_types();
    let of_aliases = aliases.into_iter().flat_map(AliasTable::types);
    let missing = pipeline.selection().missing(types.iter().copied().chain(of_aliases));
    let list = |types: &[EntityType]| types.iter().map(|kind| kind.label()).collect::<Vec<_>>().join(", ");
    (!missing.is_empty()).then(|| format!("the model has no type {}; it has {}", list(&missing), list(&types)))
}

fn open_store(args: &ExtractArgs, path: &Path, aliases: Option<&AliasTable>) -> anyhow::Result<CorpusStore> {
    let mut store = args.linking.open(path, aliases, LinkOptions::default())?;
    // Tokens are not kept, and some formats write them.
    if output_format(args) == Format::Namesake {
        store.set_task(task(args)?);
    }
    Ok(store)
}

/// All that decides what is found in a text.
fn task(args: &ExtractArgs) -> anyhow::Result<String> {
    let stamp = |path: &Path| {
        let metadata = std::fs::metadata(path).ok();
        let changed = metadata.as_ref().and_then(|metadata| metadata.modified().ok());
        format!("{} {:?} {changed:?}", path.display(), metadata.map(|metadata| metadata.len()))
    };
    // Model and rules are part of the program.
    let program = std::env::current_exe().map(|path| stamp(&path)).unwrap_or_default();
    let mut model: Vec<String> = vec![format!("{:?} {:?}", args.world, args.guideline)];
    for path in args.model.paths() {
        model.push(stamp(path));
        model.extend(std::fs::read_dir(path).into_iter().flatten().flatten().map(|file| stamp(&file.path())));
    }
    model.sort_unstable();
    let table = match &args.aliases {
        Some(path) => std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?,
        None => String::new(),
    };
    Ok(format!(
        "{program}\n{model:?}\n{:?} {} {}\n{:?}\n{table}",
        args.types, args.keep_misc, args.min_score, args.model
    ))
}

fn output_format(args: &ExtractArgs) -> Format {
    let terminal = std::io::stdout().is_terminal() && args.output.is_none();
    args.format.unwrap_or(if terminal { Format::Pretty } else { Format::Namesake })
}

/// The file whose ids are those at the end of the run, where there is a store and such a file.
fn final_lines(args: &ExtractArgs) -> anyhow::Result<Option<FinalLines>> {
    let place = args.output.as_deref().filter(|path| path.as_os_str() != "-" && args.store.is_some());
    place.filter(|path| output_format(args) == Format::Namesake && is_file(path)).map(FinalLines::create).transpose()
}

/// Whether a path is that of a file, or will be: not of a pipe or a device.
fn is_file(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |metadata| metadata.is_file())
}

fn pipeline_options(args: &ExtractArgs, aliases: Option<&AliasTable>) -> anyhow::Result<PipelineOptions> {
    let tagger = args.model.tagger_options(args.threads, DownloadBar::new(args.quiet))?;
    let options = PipelineOptions::default().with_tagger(tagger).with_min_score(args.min_score);
    let mut options = options.with_guideline((&args.guideline).into());
    if !args.types.is_empty() {
        options = options.with_types(args.types.iter().copied());
    }
    if args.keep_misc {
        options = options.with_also([EntityType::Misc]);
    }
    let mut resolver = Resolver::embedded().with_world(&args.world)?.with_explanations(args.explain);
    if let Some(table) = aliases {
        resolver = resolver.with_aliases(table)?;
    }
    Ok(options.with_resolver(resolver))
}

fn read_options(args: &ExtractArgs) -> ReadOptions {
    let options = ReadOptions::default().with_text_field(&args.text_field).with_id_field(&args.id_field);
    options.with_format(args.input_format)
}

fn open_output(args: &ExtractArgs, final_lines: Option<&FinalLines>) -> anyhow::Result<Output> {
    let terminal = std::io::stdout().is_terminal() && args.output.is_none();
    let format = output_format(args);
    let mut options = OutputOptions::new()
        .with_offset_unit(args.offsets.into())
        .with_text(args.with_text)
        // no-color.org: any value but the empty one turns colours off.
        .with_colour(terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()));
    if let Some((_, columns)) = console::Term::stdout().size_checked().filter(|_| terminal) {
        options = options.with_width(columns.into());
    }
    Ok(match final_lines.map(|lines| lines.path().to_owned()).as_ref().or(args.output.as_ref()) {
        Some(path) if path.as_os_str() != "-" => Output::to_path(path, format, &options)?,
        _ => Output::to_stdout(format, &options)?,
    })
}

/// The file for `--errors`: a JSON line for everything that was wrong.
struct ErrorLog {
    file: BufWriter<File>,
    path: PathBuf,
}

impl ErrorLog {
    fn create(path: &PathBuf) -> anyhow::Result<Self> {
        let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Self { file: BufWriter::new(file), path: path.clone() })
    }

    fn write(&mut self, error: &DocumentError) -> anyhow::Result<()> {
        let line = match error {
            DocumentError::Input(error) => serde_json::to_string(error)?,
            DocumentError::Tag(error) => serde_json::json!({
                "source": error.document(), "line": null, "kind": "model", "message": error.to_string()
            })
            .to_string(),
            DocumentError::Store(error) => serde_json::json!({
                "source": null, "line": null, "kind": "other-source", "message": error.to_string()
            })
            .to_string(),
        };
        writeln!(self.file, "{line}").with_context(|| format!("cannot write {}", self.path.display()))
    }

    fn finish(mut self) -> anyhow::Result<()> {
        self.file.flush().with_context(|| format!("cannot write {}", self.path.display()))
    }
}
