//! The flag that says what is marked as a name; shared by the subcommands that tag.

use clap::{Args, ValueEnum};
use namesake::repair::Guideline;

#[derive(Debug, Args)]
pub struct GuidelineArgs {
    /// What is marked as a name, and where it begins and ends
    #[arg(long, value_name = "NAME", default_value = "namesake")]
    guideline: GuidelineName,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum GuidelineName {
    /// As docs/guidelines.md says
    Namesake,
    /// As in CoNLL-2003, for figures that are compared with those of others
    Conll,
}

impl From<&GuidelineArgs> for Guideline {
    fn from(args: &GuidelineArgs) -> Self {
        match args.guideline {
            GuidelineName::Namesake => Self::Namesake,
            GuidelineName::Conll => Self::Conll,
        }
    }
}
