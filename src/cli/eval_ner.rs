//! `namesake eval ner`: the tagger alone, on a labelled CoNLL file.

use crate::cli::model_args::ModelArgs;
use crate::cli::progress::DownloadBar;
use anyhow::bail;
use clap::Args;
use namesake::annotation::AnnotatedDocument;
use namesake::eval::Corpus;
use namesake::eval::align::Aligned;
use namesake::eval::evaluate::{EvalOptions, Evaluation, types_of};
use namesake::eval::layout::Row;
use namesake::eval::result::scores_json;
use namesake::format::{Format, LineOutput, ReadOptions, open};
use namesake::tag::TagError;
use namesake::visible::Visible;
use std::fmt::Write as _;
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
    let reader = open(&args.gold, &ReadOptions::default().with_format(Format::Conll))?;
    let gold: Vec<AnnotatedDocument> = reader.collect::<Result<_, _>>()?;
    let mut system = Vec::with_capacity(gold.len());
    let documents = gold.iter().map(|annotated| Ok::<_, TagError>(annotated.document.clone()));
    let stopped = tagger.tag_all(documents, |tagged| match tagged {
        Ok((document, tagged)) => {
            system.push(AnnotatedDocument { mentions: tagged.mentions, ..AnnotatedDocument::new(document) });
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    });
    if let ControlFlow::Break(error) = stopped {
        return Err(error.into());
    }
    let aligned = Aligned::new(Corpus::new(gold, "gold"), Corpus::new(system, "namesake"))?;
    let evaluation = Evaluation::of(&aligned, &EvalOptions::default(), types_of([&aligned]));
    let rows = strict(&evaluation);
    if rows.len() < 2 {
        bail!("{} has no labelled span and the tagger found none: is it a CoNLL file?", args.gold.display());
    }
    let to_stdout = args.json.as_deref().is_some_and(|path| path.as_os_str() == "-");
    if !to_stdout {
        print!("{}", table(&rows));
    }
    if let Some(path) = &args.json {
        let mut file = LineOutput::open((!to_stdout).then_some(path))?;
        file.write(&(serde_json::to_string_pretty(&scores_json(&rows, None))? + "\n"))?;
        file.finish()?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The strict scores of all types together and of each, in this order.
fn strict(evaluation: &Evaluation) -> Vec<Row> {
    let of = |row: &&Row| row.path.starts_with(&["spans".to_owned(), "strict".to_owned()]);
    let wanted = |row: &&Row| !row.path.last().is_some_and(|name| name == "macro" || name == "weighted");
    evaluation.all_scores().iter().filter(of).filter(wanted).cloned().collect()
}

fn table(rows: &[Row]) -> String {
    let mut text =
        format!("{:<6} {:>9} {:>7} {:>7} {:>7} {:>7} {:>7}\n", "type", "precision", "recall", "F1", "tp", "fp", "fn");
    for row in rows.iter().skip(1).chain(rows.first()) {
        let name = Visible::one_line(row.path.last().map_or("", String::as_str)).to_string();
        let [precision, recall, f1] = row.score.parts().map(|part| part * 100.0);
        let outcome = row.outcome.unwrap_or_default();
        let _ = writeln!(
            text,
            "{name:<6} {precision:>9.2} {recall:>7.2} {f1:>7.2} {:>7} {:>7} {:>7}",
            outcome.tp, outcome.fp, outcome.fn_
        );
    }
    text
}
