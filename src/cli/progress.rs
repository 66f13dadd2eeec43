//! What a run says about itself on standard error: a bar while it works, one line when it is done.

use crate::cli::outcome::tell;
use indicatif::{HumanBytes, HumanCount, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use namesake::annotation::AnnotatedDocument;
use namesake::tag::model::hub::Download;
use std::io::IsTerminal;
use std::time::{Duration, Instant};

/// Counts of a run, with a bar on standard error when that is a terminal and there is more than one document.
pub struct Progress {
    quiet: bool,
    bar: Option<ProgressBar>,
    began: Instant,
    documents: u64,
    words: u64,
    mentions: u64,
    entities: u64,
    faults: u64,
}

impl Progress {
    /// Starts to count; `quiet` shows neither bar nor summary.
    pub fn new(quiet: bool) -> Self {
        Self { quiet, bar: None, began: Instant::now(), documents: 0, words: 0, mentions: 0, entities: 0, faults: 0 }
    }

    /// Counts a document; `read` and `total` are bytes of the input, for the time that is left.
    pub fn document(&mut self, annotated: &AnnotatedDocument, read: u64, total: Option<u64>) {
        self.documents += 1;
        self.words += annotated.tokens.iter().map(|sentence| sentence.len() as u64).sum::<u64>();
        self.mentions += annotated.mentions.len() as u64;
        self.entities += annotated.entities.len() as u64;
        if self.documents == 2 && !self.quiet {
            self.bar = bar(total);
        }
        if let Some(bar) = &self.bar {
            bar.set_position(read);
            bar.set_message(format!(
                "{} documents  {} words/s",
                HumanCount(self.documents),
                HumanCount(per_second(self.words, self.began.elapsed()))
            ));
        }
    }

    /// Counts a document that could not be read or tagged, and says why without tearing the bar.
    pub fn fault(&mut self, message: &str) {
        self.faults += 1;
        self.say(message);
    }

    /// Prints a line on standard error, above the bar.
    pub fn say(&self, message: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| tell(format_args!("namesake: {message}"))),
            None => tell(format_args!("namesake: {message}")),
        }
    }

    /// How many documents could not be read or tagged.
    pub fn faults(&self) -> u64 {
        self.faults
    }

    /// Runs `write` with the bar out of the way: both may share a terminal.
    pub fn aside<T>(&self, write: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) if std::io::stdout().is_terminal() => bar.suspend(write),
            _ => write(),
        }
    }

    /// Removes the bar and prints the summary, and a line more if there is one.
    pub fn finish(self, more: Option<String>) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
        if self.quiet {
            return;
        }
        let elapsed = self.began.elapsed();
        let faults = if self.faults == 0 {
            String::new()
        } else {
            format!("; {} could not be read", counted(self.faults, "input"))
        };
        tell(format_args!(
            "{}, {}: {} of {} in {:.1} s ({} words/s){faults}",
            counted(self.documents, "document"),
            counted(self.words, "word"),
            counted(self.mentions, "mention"),
            entities(self.entities),
            elapsed.as_secs_f64(),
            HumanCount(per_second(self.words, elapsed)),
        ));
        if let Some(more) = more {
            tell(format_args!("{more}"));
        }
    }
}

/// A bar for files that are fetched one after the other, on standard error when that is a terminal; gone when dropped.
#[derive(Default)]
pub struct DownloadBar {
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl DownloadBar {
    /// A bar, unless `quiet`.
    pub fn new(quiet: bool) -> Self {
        Self { quiet, bar: None }
    }

    /// Shows how far a file is.
    pub fn show(&mut self, download: &Download) {
        let Download { file, arrived, size } = download;
        if !self.quiet && self.bar.is_none() {
            self.bar = bar(Some(*size));
        }
        if let Some(bar) = &self.bar {
            bar.set_length(*size);
            bar.set_position(*arrived);
            bar.set_message(format!("{file}  {} of {}", HumanBytes(*arrived), HumanBytes(*size)));
        }
    }
}

impl Drop for DownloadBar {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// A number and what is counted, a noun that takes an s.
pub fn counted(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", HumanCount(count), if count == 1 { "" } else { "s" })
}

/// A number of entities.
pub fn entities(count: u64) -> String {
    if count == 1 { "1 entity".to_owned() } else { format!("{} entities", HumanCount(count)) }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rate to look at"
)]
fn per_second(count: u64, elapsed: Duration) -> u64 {
    (count as f64 / elapsed.as_secs_f64().max(1e-3)) as u64
}

/// A bar over `total` bytes on standard error, if that is a terminal.
pub fn bar(total: Option<u64>) -> Option<ProgressBar> {
    std::io::stderr().is_terminal().then(|| new_bar(total))
}

fn new_bar(total: Option<u64>) -> ProgressBar {
    let target = ProgressDrawTarget::stderr_with_hz(10);
    let with_key = |style: ProgressStyle| {
        style.with_key("left", |state: &indicatif::ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{:#}", HumanDuration(state.eta()));
        })
    };
    // A template that does not parse would be our mistake; the plain bar is then good enough.
    if let Some(total) = total {
        let style = ProgressStyle::with_template("{bar:16} {percent:>3}%  {left:>4} left  {wide_msg}");
        ProgressBar::with_draw_target(Some(total), target)
            .with_style(style.map_or_else(|_| ProgressStyle::default_bar(), with_key))
    } else {
        let style = ProgressStyle::with_template("{spinner} {wide_msg}");
        ProgressBar::with_draw_target(None, target)
            .with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()))
    }
}
