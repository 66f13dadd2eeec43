//! `namesake resolve`: the resolver alone, on mentions from any tagger.

use crate::cli::extract::OffsetUnitName;
use crate::cli::{SOME_INPUT_BAD, aliases, tell};
use anyhow::Context;
use clap::Args;
use namesake::entity::AnnotatedDocument;
use namesake::input::mentions::{self, MentionDocument};
use namesake::input::{InputFormat, InputOptions};
use namesake::mention::Mention;
use namesake::output::{Output, OutputFormat, OutputOptions};
use namesake::resolve::{Resolver, Weights};
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// Merge the aliases of mentions that any tagger found
#[derive(Debug, Args)]
#[command(after_help = "\
Each line is a JSON object with id, text and the mentions: as `mentions` [{start, end, type, score}], as spaCy's \
Doc.to_json writes them (`ents`), or as a Hugging Face pipeline gives them (`entities`).

Example:
  namesake resolve mentions.jsonl -o entities.jsonl")]
pub struct ResolveArgs {
    /// JSONL file with documents and mentions, or - for standard input
    #[arg(value_name = "INPUT")]
    input: OsString,

    /// Write to this file instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Unit of the offsets in input and output: code points, bytes or UTF-16 units
    #[arg(long, value_name = "UNIT", default_value = "char")]
    offsets: OffsetUnitName,

    /// CSV table whose rows win over scores; columns alias, canonical, type, id
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,

    /// Use these weights of the features instead of the built-in ones (see docs/resolution.md)
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,

    /// Write each document's text beside its entities
    #[arg(long)]
    with_text: bool,
}

/// Reads, resolves and writes.
pub fn run(args: &ResolveArgs) -> anyhow::Result<ExitCode> {
    let options = InputOptions::default().with_format(InputFormat::Jsonl);
    let documents = mentions::open(&args.input, &options, args.offsets.into())?;
    let options = OutputOptions::new().with_offset_unit(args.offsets.into()).with_text(args.with_text);
    let mut output = match &args.output {
        Some(path) => Output::to_path(path, OutputFormat::Jsonl, &options)?,
        None => Output::to_stdout(OutputFormat::Jsonl, &options)?,
    };
    let mut resolver = Resolver::embedded();
    if let Some(path) = &args.weights {
        let json = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let weights = Weights::from_json(&json).with_context(|| format!("cannot use {}", path.display()))?;
        resolver = resolver.with_weights(weights);
    }
    if let Some(path) = &args.aliases {
        resolver = resolver.with_aliases(&aliases::read(path)?)?;
    }
    let mut faults = 0_u64;
    for document in documents {
        match document {
            Ok(document) => output.write(&resolve(&resolver, document))?,
            Err(error) => {
                faults += 1;
                tell(format_args!("namesake: {error}"));
            }
        }
    }
    output.finish()?;
    Ok(if faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS })
}

fn resolve(resolver: &Resolver, read: MentionDocument) -> AnnotatedDocument {
    let text = &read.document.text;
    let typed = |(kind, mention): (_, Mention)| match kind {
        Some(_) => mention,
        None => resolver.guess_mention(text, mention.span),
    };
    let mut mentions: Vec<Mention> = read.mentions.into_iter().map(typed).collect();
    let entities = resolver.resolve(text, &mut mentions);
    AnnotatedDocument { tokens: Vec::new(), mentions, entities, document: read.document }
}
