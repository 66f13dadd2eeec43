//! `namesake resolve`: the resolver alone, on mentions from any tagger.

use crate::cli::aliases;
use crate::cli::extract::OffsetUnitName;
use crate::cli::format_names::readable;
use crate::cli::outcome::{SOME_INPUT_BAD, message_of, tell};
use crate::cli::type_args::{self, TypeArgs};
use anyhow::Context;
use clap::Args;
use namesake::annotation::AnnotatedDocument;
use namesake::document::OffsetUnit;
use namesake::format::{Fault, Format, Output, OutputOptions, ReadOptions, open};
use namesake::label::{LabelTable, Selection, Tally};
use namesake::resolve::{Resolver, Weights, WorldTables};
use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

/// Merge the aliases of mentions that any tagger found
#[derive(Debug, Args)]
#[command(after_help = "\
INPUT is in any format with mentions: JSON lines with id, text and `mentions` [{start, end, type, score}], what spaCy's \
Doc.to_json writes (`ents`) or a Hugging Face pipeline gives (`entities`, put beside its text), CoNLL columns, BRAT, WebAnno, \
doccano, Label Studio, NIF.

Example:
  namesake resolve mentions.jsonl -o entities.jsonl")]
pub struct ResolveArgs {
    /// File with documents and mentions, a folder of BRAT, or - for standard input
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// Format of INPUT [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = readable)]
    input_format: Option<Format>,

    /// Write to this file instead of standard output; it appears when it is complete
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Unit of the offsets in input and output: code points, bytes or UTF-16 units
    #[arg(long, value_name = "UNIT", default_value = "char")]
    offsets: OffsetUnitName,

    /// Tables of the world: default, none, or a folder with tables to use instead (docs/world.md)
    #[arg(long, value_name = "TABLES", default_value = "default")]
    world: WorldTables,

    /// CSV table whose rows win over scores; columns alias, canonical, type, id
    #[arg(long, value_name = "FILE")]
    aliases: Option<PathBuf>,

    /// Use these weights of the features instead of the built-in ones (see docs/resolution.md)
    #[arg(long, value_name = "FILE")]
    weights: Option<PathBuf>,

    /// Say of each mention why it belongs to its entity: the rule, its score, the runner-up
    #[arg(long)]
    explain: bool,

    #[command(flatten)]
    types: TypeArgs,

    /// Write each document's text beside its entities
    #[arg(long)]
    with_text: bool,
}

/// Reads, resolves and writes.
pub fn run(args: &ResolveArgs) -> anyhow::Result<ExitCode> {
    let mut resolver = Resolver::embedded().with_world(&args.world)?.with_explanations(args.explain);
    if let Some(path) = &args.weights {
        let json = fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let weights = Weights::from_json(&json).with_context(|| format!("cannot use {}", path.display()))?;
        resolver = resolver.with_weights(weights);
    }
    if let Some(path) = &args.aliases {
        resolver = resolver.with_aliases(&aliases::read(path)?)?;
    }
    let options =
        ReadOptions::default().with_format(args.input_format).with_offset_unit(OffsetUnit::from(args.offsets));
    let mut documents = match open(&args.input, &options) {
        Ok(documents) => Some(documents),
        // No documents come out of nothing.
        Err(error) if matches!(error.fault, Fault::Empty) => None,
        Err(error) => return Err(error.into()),
    };
    let options = OutputOptions::new().with_offset_unit(args.offsets.into()).with_text(args.with_text);
    let mut output = match &args.output {
        Some(path) => Output::to_path(path, Format::Namesake, &options)?,
        None => Output::to_stdout(Format::Namesake, &options)?,
    };
    let (table, selection, mut tally) = (args.types.table()?, args.types.selection()?, Tally::default());
    let mut faults = 0_u64;
    while let Some((document, place)) =
        documents.as_mut().and_then(|documents| Some((documents.next()?, documents.place())))
    {
        let resolved = document
            .map_err(anyhow::Error::from)
            .and_then(|document| resolve(&resolver, document, &table, &selection, &mut tally).context(place));
        match resolved {
            Ok(document) => output.write(&document)?,
            Err(error) => {
                faults += 1;
                tell(format_args!("namesake: {}", message_of(&error)));
            }
        }
    }
    output.finish()?;
    type_args::report(&tally, &selection);
    Ok(if faults > 0 { ExitCode::from(SOME_INPUT_BAD) } else { ExitCode::SUCCESS })
}

fn resolve(
    resolver: &Resolver,
    mut document: AnnotatedDocument,
    table: &LabelTable,
    selection: &Selection,
    tally: &mut Tally,
) -> anyhow::Result<AnnotatedDocument> {
    let id = document.id().to_owned();
    table.fold_document(&mut document).with_context(|| format!("document {id:?}"))?;
    document.retain(|_, mention| tally.stays(selection, mention.entity_type, 1));
    let mut resolved = resolver.resolve_annotated(document)?;
    resolved.retain(|_, mention| selection.keeps(mention.entity_type));
    Ok(resolved)
}
