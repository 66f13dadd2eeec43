//! `namesake convert`: annotations from one format into another.

use crate::cli::eval::format_of;
use crate::cli::tell;
use anyhow::Context;
use clap::Args;
use namesake::eval::format::{self, Format, ReadOptions};
use namesake::eval::label_map::LabelMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::PathBuf;
use std::process::ExitCode;

/// Turn annotations from one format into another
#[derive(Debug, Args)]
#[command(after_help = "\
Formats: namesake, gold, conll, brat, webanno, spacy, doccano, label-studio, nif. What the new format cannot carry is \
counted on standard error.

Example:
  namesake convert gold.conll --to spacy -o gold.jsonl")]
pub struct ConvertArgs {
    /// File with annotations, or a folder of BRAT
    #[arg(value_name = "INPUT")]
    input: PathBuf,

    /// Format of INPUT [default: found out]
    #[arg(long, value_name = "FORMAT", value_parser = format_of)]
    from: Option<Format>,

    /// Format to write
    #[arg(long, value_name = "FORMAT", value_parser = format_of)]
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
    let (mut corpus, _) = format::read(&args.input, &ReadOptions::default().with_format(args.from))?;
    args.map.apply(&mut corpus);
    for note in &corpus.notes {
        tell(format_args!("namesake: {note}"));
    }
    let losses = match (&args.output, args.to) {
        (Some(folder), Format::Brat) => format::write_brat(&corpus.documents, folder)?,
        (Some(path), format) => {
            let cannot = || format!("cannot write {}", path.display());
            let mut out = BufWriter::new(File::create(path).with_context(cannot)?);
            let losses = format::write(&corpus.documents, format, &mut out)?;
            out.flush().with_context(cannot)?;
            losses
        }
        (None, format) => {
            let mut out = BufWriter::new(std::io::stdout().lock());
            let losses = format::write(&corpus.documents, format, &mut out)?;
            out.flush()?;
            losses
        }
    };
    for (what, count) in losses.iter() {
        tell(format_args!("namesake: not carried over: {what}: {count}"));
    }
    Ok(ExitCode::SUCCESS)
}
