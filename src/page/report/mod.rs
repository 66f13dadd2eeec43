//! One self-contained page about an evaluation: scores, intervals and errors come in, HTML goes out. The page is readable
//! without its script and on paper, shows nothing of the texts unescaped, and has a bounded size whatever the corpus: what
//! does not fit is counted in a notice. The same evaluation gives the same bytes.
//!
//! Each part of the page is one file that turns figures into lines; `page.html` and the templates that it includes set
//! them. Bars are inline SVG (`plot.rs`).

mod chains;
mod comparison;
mod confusion;
mod documents;
mod errors;
mod groups;
mod plot;
mod sample;
mod scores;
mod shown;
mod sides;
mod snippet;
mod system;

pub use system::System;

use crate::annotation::AnnotatedDocument;
use crate::eval::significance::Comparison;
use crate::number::grouped;
use askama::Template;
use comparison::Differences;
use confusion::Confusion;
use documents::Documents;
use shown::Shown;
use std::fmt;

const STYLE: &str = concat!(include_str!("../shared.css"), include_str!("page.css"));
const SCRIPT: &str = concat!(include_str!("../shared.js"), include_str!("page.js"));

/// Most notes about a system.
const NOTES: usize = 40;
/// Longest note or command, in characters.
const SENTENCE: usize = 2000;

/// What the page is about.
#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    /// The command that made it.
    pub command: &'a str,
    /// What to call the gold annotations.
    pub gold: &'a str,
    /// One system, or two that are compared.
    pub systems: &'a [System<'a>],
    /// How the second differs from the first.
    pub comparisons: &'a [Comparison],
    /// The choices behind the scores, by name.
    pub conventions: &'a [(&'static str, String)],
}

impl Report<'_> {
    /// The page.
    ///
    /// # Errors
    /// When the templates cannot be filled, which no input brings about.
    pub fn to_html(&self) -> Result<String, fmt::Error> {
        let nobody = AnnotatedDocument::default();
        let parts = self.systems.iter().enumerate().map(|(index, system)| Part::new(index + 1, system, &nobody));
        let tested = self.systems.iter().all(|system| system.intervals.is_some());
        let page = Page {
            version: env!("CARGO_PKG_VERSION"),
            style: STYLE,
            script: SCRIPT,
            command: Shown::new(self.command, SENTENCE),
            gold: Shown::name(self.gold),
            documents: grouped(self.systems.first().map_or(0, |system| system.aligned.gold.len())),
            tested,
            differences: match self.systems {
                [first, second] => Some(Differences::new([first, second], self.comparisons, tested)),
                _ => None,
            },
            systems: parts.collect(),
            conventions: self
                .conventions
                .iter()
                .map(|(name, value)| (convention(name), Shown::new(value, SENTENCE)))
                .collect(),
        };
        let mut html = page.render()?;
        // The template engine drops the last line break of a template.
        html.push('\n');
        Ok(html)
    }
}

#[derive(Template)]
#[template(config = "src/page/askama.toml", path = "report/page.html")]
struct Page<'a> {
    version: &'static str,
    style: &'static str,
    script: &'static str,
    command: Shown<'a>,
    gold: Shown<'a>,
    documents: String,
    tested: bool,
    differences: Option<Differences<'a>>,
    systems: Vec<Part<'a>>,
    conventions: Vec<(&'a str, Shown<'a>)>,
}

/// What the page says about one system.
struct Part<'a> {
    number: usize,
    name: Shown<'a>,
    /// Mentions of gold and system that count.
    mentions: [String; 2],
    /// What was set aside, in words.
    aside: Vec<String>,
    notes: Vec<Shown<'a>>,
    more_notes: usize,
    tiles: Vec<scores::Tile>,
    tables: Vec<scores::Table<'a>>,
    documents: Documents<'a>,
    confusion: Confusion<'a>,
    kinds: Vec<errors::Kind<'a>>,
    groups: Vec<groups::Group>,
    fields: Vec<groups::Field<'a>>,
}

impl<'a> Part<'a> {
    fn new(number: usize, system: &System<'a>, nobody: &'a AnnotatedDocument) -> Self {
        let notes = &system.aligned.notes;
        let selections = &system.evaluation.selections;
        let sum =
            |count: &dyn Fn(&crate::eval::select::Selection) -> usize| selections.iter().map(count).sum::<usize>();
        let aside = [
            (
                sum(&|selection| selection.ignored),
                "of the system are set aside, as the gold does not judge their place",
            ),
            (sum(&|selection| selection.gold_duplicates), "of the gold stand on a span that was there before"),
            (sum(&|selection| selection.system_duplicates), "of the system stand on a span that was there before"),
        ];
        Self {
            number,
            name: Shown::name(system.name),
            mentions: [sum(&|selection| selection.gold.len()), sum(&|selection| selection.system.len())].map(grouped),
            aside: aside
                .iter()
                .filter(|(count, _)| *count > 0)
                .map(|(count, what)| format!("{} {what}", grouped(*count)))
                .collect(),
            notes: notes.iter().take(NOTES).map(|note| Shown::new(note, SENTENCE)).collect(),
            more_notes: notes.len().saturating_sub(NOTES),
            tiles: scores::tiles(system.scores, system.intervals),
            tables: scores::tables(system.scores, system.intervals),
            documents: Documents::new(&system.aligned.gold, system.evaluation),
            confusion: Confusion::new(&system.breakdown.confusion),
            kinds: errors::kinds(system.aligned, system.evaluation, system.breakdown, nobody),
            groups: groups::groups(system.breakdown),
            fields: groups::fields(system.slices),
        }
    }
}

/// What a convention is about.
fn convention(name: &str) -> &str {
    match name {
        "nil" => "Gold mentions without entity",
        "twinless" => "Mentions of one side only, in aliases end to end",
        "coref" => "Pronouns and common nouns of the gold",
        "resamples" => "Draws for intervals and tests",
        "seed" => "Seed of the draws",
        "types" => "Types judged",
        other => other,
    }
}
