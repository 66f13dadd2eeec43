//! `namesake convert`: annotations from one format into another.

use crate::cli::format_names::{readable, writable};
use crate::cli::outcome::tell;
use clap::Args;
use namesake::eval::Corpus;
use namesake::format::{Format, Output, OutputError, OutputOptions, ReadOptions, open};
use namesake::label::LabelMap;
use std::path::PathBuf;
use std::process::ExitCode;

/// Turn annotations from one format into another
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: namesake, gold, conll, brat, webanno, spacy, doccano, label-studio, nif; hugging-face is only read, html and pretty \
are only written. What the new format cannot carry is counted on standard error.

Example:
  namesake convert gold.conll --to spacy -o gold.jsonl")]
pub struct ConvertArgs {
    /// File with annotations, or a folder of BRAT
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// Format of INPUT [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = readable)]
    from: Option<Format>,

    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = writable)]
    to: Format,

    /// Write to this file (for BRAT, folder) instead of standard output
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Rename labels: GPE=LOC,DATE= (drops DATE), or `ontonotes`
    #[arg(long, value_name = "MAP", default_value = "")]
    map: LabelMap,
}

/// Reads and writes.
pub fn run(args: &ConvertArgs) -> anyhow::Result<ExitCode> {
    let reader = open(&args.input, &ReadOptions::default().with_format(args.from))?;
    let name = args.input.file_name().unwrap_or(args.input.as_os_str()).to_string_lossy().into_owned();
    let mut corpus = Corpus::new(reader.collect::<Result<_, _>>()?, &name);
    corpus.map_labels(&args.map);
    for note in &corpus.notes {
        tell(format_args!("namesake: {note}"));
    }
    if let Some(document) = corpus.documents.iter().find(|document| !document.has_text()) {
        return Err(OutputError::NoText { id: document.id().to_owned() }.into());
    }
    let options = OutputOptions::new().with_text(true);
    let mut output = match &args.output {
        Some(path) => Output::to_path(path, args.to, &options)?,
        None if args.to == Format::Brat => anyhow::bail!("BRAT is a folder of files: name one with -o"),
        None => Output::to_stdout(args.to, &options)?,
    };
    for document in &corpus.documents {
        output.write(document)?;
    }
    let losses = output.losses().clone();
    output.finish()?;
    for (what, count) in losses.iter() {
        tell(format_args!("namesake: not carried over: {what}: {count}"));
    }
    Ok(ExitCode::SUCCESS)
}
