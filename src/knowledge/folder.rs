//! Tables of the world that a user chooses: those of the program, none, or the files of a folder.

use super::compile::compile;
use super::{Facts, World};
use crate::table_file::TableFileError;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which tables of the world to use.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum WorldTables {
    /// Those that come with the program.
    #[default]
    Embedded,
    /// None: nothing is known but what the text says.
    None,
    /// The tab-separated tables of a folder, in the layout of `models/world` ([docs/world.md]); those that are not there are
    /// empty.
    ///
    /// [docs/world.md]: https://docs.rs/crate/namesake-nlp/latest/source/docs/world.md
    Folder(PathBuf),
}

/// Tables of the world cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorldError {
    /// A row or a head is wrong.
    #[error("{}: {error}; docs/world.md describes the tables", folder.display())]
    Table {
        /// The folder.
        folder: PathBuf,
        /// What is wrong, with file and line.
        error: TableFileError,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The folder has none of the tables.
    #[error("{} holds none of the tables {}; --world none uses none", .0.display(), TABLES.join(", "))]
    Nothing(PathBuf),
}

/// The files that a folder may have.
pub(crate) const TABLES: [&str; 9] = [
    "countries.tsv",
    "regions.tsv",
    "organizations.tsv",
    "teams.tsv",
    "acronyms.tsv",
    "word_kinds.tsv",
    "companies.tsv",
    "company_relations.tsv",
    "places.tsv",
];

impl FromStr for WorldTables {
    type Err = std::convert::Infallible;

    /// `none`, `default`, or a folder.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(match text {
            "none" => Self::None,
            "default" => Self::Embedded,
            folder => Self::Folder(folder.into()),
        })
    }
}

/// An error on the way, before the folder is named in it.
enum Fault {
    Table(TableFileError),
    Whole(WorldError),
}

impl From<TableFileError> for Fault {
    fn from(error: TableFileError) -> Self {
        Self::Table(error)
    }
}

impl World {
    /// The world that these tables tell of.
    ///
    /// # Errors
    /// If a table of a folder cannot be read, or the folder has none.
    pub(crate) fn of_tables(tables: &WorldTables) -> Result<Self, WorldError> {
        match tables {
            WorldTables::Embedded => Ok(Self::embedded()),
            WorldTables::None => Ok(Self::default()),
            WorldTables::Folder(folder) => Self::of_folder(folder),
        }
    }

    fn of_folder(folder: &Path) -> Result<Self, WorldError> {
        let mut found = 0;
        let mut read = |name: &str| match fs::read_to_string(folder.join(name)) {
            Ok(text) => {
                found += 1;
                Ok(text)
            }
            Err(error) if error.kind() == ErrorKind::NotFound && folder.is_dir() => Ok(String::new()),
            Err(source) => Err(Fault::Whole(WorldError::Read { path: folder.join(name), source })),
        };
        let world = Self::read(&mut read).and_then(|world| Ok((world, compile(&mut read)?)));
        match world {
            Ok(_) if found == 0 => Err(WorldError::Nothing(folder.to_owned())),
            Ok((world, block)) => Ok(Self { facts: Facts::of_block(block), ..world }),
            Err(Fault::Table(error)) => Err(WorldError::Table { folder: folder.to_owned(), error }),
            Err(Fault::Whole(error)) => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(files: &[(&str, &str)]) -> Result<World, String> {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in files {
            fs::write(folder.path().join(name), text).unwrap();
        }
        World::of_tables(&WorldTables::Folder(folder.path().to_owned())).map_err(|error| error.to_string())
    }

    #[test]
    fn a_folder_replaces_the_tables() {
        let organizations = "# columns: id\tname\taliases\tacronyms\nx:1\tHarbour League\tThe League\tHL:2\n";
        let world = world(&[("organizations.tsv", organizations)]).unwrap();
        assert_eq!(world.senses("HL", "hl").len(), 1);
        assert!(world.senses("UN", "un").is_empty() && world.facts().acronym("WHO").is_none());
    }

    #[test]
    fn what_is_wrong_is_told_with_file_and_line() {
        let error = |files: &[(&str, &str)]| world(files).err().unwrap();
        assert!(error(&[]).contains("holds none of the tables countries.tsv, "));
        let line = "# columns: level\tplace\tnickname\nclub\tArden\tGulls\nking\tArden\tOwls\n";
        let teams = error(&[("teams.tsv", line)]);
        assert!(teams.contains("teams.tsv:3: 'king' in 'level' is neither club nor national"), "{teams}");
        let places = error(&[("places.tsv", "# columns: name\tpopulation\tshare\nArden\tmany\t1\n")]);
        assert!(places.contains("places.tsv:2: 'many' in the column 'population' is no number"), "{places}");
        let missing = World::of_tables(&WorldTables::Folder("no such folder".into())).unwrap_err().to_string();
        assert!(missing.starts_with("cannot read no such folder"), "{missing}");
    }
}
