//! The flags that say which types of mentions a run keeps; shared by the subcommands that read mentions or entities.

use crate::cli::outcome::tell;
use clap::Args;
use namesake::entity_type::EntityType;
use namesake::label::{LabelTable, Selection, Tally, type_named};
use std::path::PathBuf;

#[derive(Debug, Args)]
pub struct TypeArgs {
    /// Entity types to keep, separated by commas, such as PER,DRUG [default: all but what is no name: dates, amounts]
    #[arg(long, value_name = "TYPES", value_delimiter = ',', value_parser = type_named)]
    types: Vec<EntityType>,

    /// What labels mean, where they are of no common data set: a line LABEL=TYPE each; what it names counts as a name
    #[arg(long, value_name = "FILE")]
    labels: Option<PathBuf>,
}

impl TypeArgs {
    /// Whether anything is said about types.
    pub fn is_used(&self) -> bool {
        !self.types.is_empty() || self.labels.is_some()
    }

    /// What labels mean.
    pub fn table(&self) -> anyhow::Result<LabelTable> {
        Ok(self.labels.as_ref().map(LabelTable::read).transpose()?.unwrap_or_default())
    }

    /// Which types are kept.
    pub fn selection(&self) -> anyhow::Result<Selection> {
        let table = self.table()?;
        Ok(if self.types.is_empty() {
            Selection::all_names().with_table(table)
        } else {
            Selection::default().with_only(self.types.iter().copied()).with_table(table)
        })
    }
}

/// Says what was left out, and which types nothing had.
pub fn report(tally: &Tally, selection: &Selection) {
    for line in tally.left_out(selection).into_iter().chain(tally.missing(selection)) {
        tell(format_args!("{line}"));
    }
}
