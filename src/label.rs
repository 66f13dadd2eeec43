//! What somebody else's label means: the one table from the labels of models, data sets and tools to our types.
//!
//! A label comes in as a model's configuration or a foreign file spells it; out comes a [`Meaning`]. Another word for PER,
//! ORG, LOC or MISC becomes that type. What marks no name (a date, a number, an amount) is told apart, so that whoever
//! makes entities can leave it out. Every other label is a type of its own. Nothing is guessed: a label that says nothing
//! at all (`LABEL_3`) is refused by those who read it.
//!
//! Who asks: the loader of models and whoever makes entities of foreign mentions
//! ([`fold_document`](LabelTable::fold_document)). Both keep what is no name, under its own label: a [`Selection`] leaves it
//! out before names are resolved, and a [`Tally`] counts it. Evaluation and conversion do not ask: there a label is text,
//! which only the user's own [`LabelMap`] changes.
//!
//! ```
//! use namesake::entity_type::EntityType;
//! use namesake::label::{LabelTable, Meaning};
//!
//! let table = LabelTable::default();
//! assert_eq!(table.meaning("GPE"), Meaning::Name(EntityType::Loc));
//! assert_eq!(table.meaning("DRUG"), Meaning::Name(EntityType::from_label("DRUG")));
//! assert_eq!(table.meaning("DATE"), Meaning::NoName(EntityType::from_label("DATE")));
//! assert_eq!(table.meaning("LABEL_3"), Meaning::Generic);
//! ```

mod fold;
mod map;
mod prefix;
mod selection;

pub use fold::GenericLabel;
pub use map::{LabelMap, MapError};
pub use prefix::{Position, split, without_prefix};
pub use selection::{Selection, Tally};

use crate::entity_type::EntityType;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::LazyLock;

/// The lines of the table.
const ROWS: &str = include_str!("label/labels.tsv");

/// The data set whose labels `--map ontonotes` folds.
const ONTONOTES: &str = "OntoNotes 5";

/// What a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// What it marks is a name of this type.
    Name(EntityType),
    /// What it marks is no name, but a date, a number, an amount; under its own label, for those who want it all the same.
    NoName(EntityType),
    /// The user wants nothing of it.
    Dropped,
    /// It says nothing: `LABEL_3`, which `transformers` writes for a model whose labels nobody has named.
    Generic,
}

/// One line of the table.
struct Row {
    label: &'static str,
    known: Known,
    sources: &'static str,
}

/// What the table says of a label.
#[derive(Clone, Copy)]
enum Known {
    Synonym(EntityType),
    NoName,
    Own,
}

fn rows() -> impl Iterator<Item = Row> {
    let row = |line: &'static str| {
        let mut cells = line.split('\t');
        let (label, known, sources) = (cells.next()?, cells.next()?, cells.next()?);
        let known = match known {
            "-" => Known::NoName,
            "own" => Known::Own,
            synonym => Known::Synonym(EntityType::known(synonym)?),
        };
        Some(Row { label, known, sources })
    };
    ROWS.lines().filter(|line| !line.starts_with('#')).filter_map(row)
}

static TABLE: LazyLock<HashMap<&'static str, Known>> =
    LazyLock::new(|| rows().map(|row| (row.label, row.known)).collect());

/// The labels of OntoNotes 5, and which of CoNLL-2003's four each becomes; those that mark no name become none.
fn ontonotes() -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
    let of_ontonotes = |row: &Row| row.sources.split(", ").any(|source| source == ONTONOTES);
    rows().filter(of_ontonotes).map(|row| match row.known {
        Known::Synonym(kind) => (row.label, Some(kind.label())),
        Known::Own => (row.label, Some(EntityType::Misc.label())),
        Known::NoName => (row.label, None),
    })
}

/// What a label means by the table alone.
fn meaning(label: &str) -> Meaning {
    let label = label.trim();
    let key = label.to_uppercase().replace(['-', ' '], "_");
    match TABLE.get(key.as_str()) {
        Some(Known::Synonym(kind)) => Meaning::Name(*kind),
        Some(Known::NoName) => Meaning::NoName(EntityType::from_label(label)),
        None if is_generic(&key) => Meaning::Generic,
        Some(Known::Own) | None => Meaning::Name(EntityType::from_label(label)),
    }
}

fn is_generic(key: &str) -> bool {
    let number = key.strip_prefix("LABEL_");
    number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The type that a user means by a label: other words for the four are understood, and what is no name is taken all the
/// same.
///
/// # Errors
/// If there is no label, or one that says nothing; the message says what was expected.
pub fn type_named(label: &str) -> Result<EntityType, String> {
    if label.trim().is_empty() {
        return Err("expected a type: PER, ORG, LOC, MISC, or one of your own, such as DRUG".to_owned());
    }
    match meaning(label) {
        Meaning::Name(kind) | Meaning::NoName(kind) => Ok(kind),
        Meaning::Dropped | Meaning::Generic => Err(format!("{} tells no type", label.trim())),
    }
}

/// Why a user's table of labels cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabelTableError {
    /// The file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A line is not understood.
    #[error("{path}:{line}: {reason}")]
    Line {
        /// The file.
        path: PathBuf,
        /// Its line, from 1.
        line: usize,
        /// What is wrong and what was expected.
        reason: String,
    },
}

/// What labels mean: the table of common data sets, and before it what a user says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelTable {
    user: LabelMap,
    /// Whether `I-` may open a mention although the model also has `B-`.
    pub iob1: bool,
}

impl LabelTable {
    /// Reads a user's file, which wins over the table: a line `LABEL=TYPE` for each label, with nothing behind the `=` for
    /// what shall be left out. `LABEL_3=B-PER` and `LABEL_0=O` spell out labels of a model that say nothing. The line
    /// `iob1` says that `I-` may open a mention. Empty lines and what follows a `#` are passed over.
    ///
    /// # Errors
    /// If the file cannot be read, or a line is not of this form.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self, LabelTableError> {
        let path = path.into();
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(source) => return Err(LabelTableError::Unreadable { path, source }),
        };
        let mut table = Self::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default().trim();
            table.add(line).map_err(|reason| LabelTableError::Line { path: path.clone(), line: index + 1, reason })?;
        }
        Ok(table)
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        if line.eq_ignore_ascii_case("iob1") {
            self.iob1 = true;
            return Ok(());
        }
        let added: LabelMap = line.parse().map_err(|error: MapError| error.to_string())?;
        for to in added.entries().filter_map(|(_, to)| to) {
            type_named(without_prefix(to))?;
        }
        self.user.extend(added);
        Ok(())
    }

    /// What `label` means, without the prefix of a tag scheme.
    #[must_use]
    pub fn meaning(&self, label: &str) -> Meaning {
        match self.said(label) {
            None => meaning(label),
            Some(None | Some("O")) => Meaning::Dropped,
            Some(Some(to)) => type_named(without_prefix(to)).map_or(Meaning::Dropped, Meaning::Name),
        }
    }

    /// How the user spells out a label of a model with its position: `B-PER` for `LABEL_3`, `O` for `LABEL_0`.
    #[must_use]
    pub fn spelled_out(&self, label: &str) -> Option<&str> {
        self.said(label).flatten().filter(|to| *to == "O" || without_prefix(to) != *to)
    }

    #[expect(clippy::option_option, reason = "as `LabelMap::get`: unknown, dropped, or what it becomes")]
    fn said(&self, label: &str) -> Option<Option<&str>> {
        self.user.get(label).or_else(|| self.user.get(&label.to_uppercase()))
    }

    /// Whether mentions of a type are names. A user who maps labels to a type wants it, whatever the table says.
    #[must_use]
    pub fn is_name(&self, entity_type: EntityType) -> bool {
        if entity_type.is_known() || !matches!(meaning(entity_type.label()), Meaning::NoName(_)) {
            return true;
        }
        let wanted = |to: &str| type_named(without_prefix(to)).is_ok_and(|to| to == entity_type);
        self.user.entries().any(|(_, to)| to.is_some_and(wanted))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_of_the_table_is_read_once() {
        let lines: Vec<&str> = ROWS.lines().filter(|line| !line.starts_with('#')).collect();
        assert_eq!(rows().count(), lines.len());
        let labels: BTreeSet<&str> = rows().map(|row| row.label).collect();
        assert_eq!(labels.len(), lines.len(), "a label stands there twice");
        for row in rows() {
            assert_eq!(row.label, row.label.to_uppercase().replace(['-', ' '], "_"));
            assert!(!row.sources.is_empty(), "{} has no source", row.label);
        }
    }

    #[test]
    fn other_words_are_folded_and_other_types_kept() {
        let table = LabelTable::default();
        let own = EntityType::from_label;
        for (label, expected) in [
            ("PERSON", EntityType::Per),
            ("person", EntityType::Per),
            ("geo-loc", EntityType::Loc),
            ("Corporation", EntityType::Org),
            ("OTH", EntityType::Misc),
            ("DRUG", own("DRUG")),
            ("creative-work", own("creative-work")),
            ("WORK_OF_ART", own("WORK_OF_ART")),
            ("NORP", own("NORP")),
            ("LABEL_X", own("LABEL_X")),
        ] {
            assert_eq!(table.meaning(label), Meaning::Name(expected), "{label}");
        }
        for label in ["DATE", "money", "ORDINAL", "Datetime"] {
            assert_eq!(table.meaning(label), Meaning::NoName(own(label)), "{label}");
        }
        assert_eq!(table.meaning("label_12"), Meaning::Generic);
    }

    #[test]
    fn the_ready_map_folds_ontonotes_as_it_always_did() {
        let before = "PERSON=PER,ORG=ORG,GPE=LOC,LOC=LOC,FAC=LOC,NORP=MISC,EVENT=MISC,WORK_OF_ART=MISC,PRODUCT=MISC,\
                      LAW=MISC,LANGUAGE=MISC,DATE=,TIME=,PERCENT=,MONEY=,QUANTITY=,ORDINAL=,CARDINAL=";
        assert_eq!("ontonotes".parse::<LabelMap>().unwrap(), before.parse::<LabelMap>().unwrap());
    }

    #[test]
    fn a_file_wins_over_the_table() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.txt");
        std::fs::write(
            &path,
            "# our own\nDOG = ANIMAL\nNORP=  # left out\nWHEN=DATE\nFIRM=COMPANY\nLABEL_1=B-DRUG\n\niob1\n",
        )
        .unwrap();
        let table = LabelTable::read(&path).unwrap();
        assert_eq!(table.meaning("dog"), Meaning::Name(EntityType::from_label("ANIMAL")));
        assert_eq!(table.meaning("FIRM"), Meaning::Name(EntityType::Org));
        assert_eq!(table.meaning("NORP"), Meaning::Dropped);
        assert_eq!(table.spelled_out("LABEL_1"), Some("B-DRUG"));
        assert_eq!(table.meaning("LABEL_1"), Meaning::Name(EntityType::from_label("DRUG")));
        assert_eq!(table.spelled_out("DOG"), None);
        assert!(table.iob1);
        let [date, money] = ["DATE", "MONEY"].map(EntityType::from_label);
        assert!(table.is_name(date) && !table.is_name(money) && !LabelTable::default().is_name(date));
        for (text, told) in [("PER=PER\nDOG", "labels.txt:2: cannot read"), ("DOG=LABEL_1", "LABEL_1 tells no type")] {
            std::fs::write(&path, text).unwrap();
            assert!(LabelTable::read(&path).unwrap_err().to_string().contains(told));
        }
    }
}
