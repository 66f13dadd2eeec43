//! What the types that a model knows mean to us: a table of common data sets, which a user's own extends.

use crate::entity_type::EntityType;
use crate::label_map::{LabelMap, MapError};
use std::path::PathBuf;

/// What the types of common data sets become: CoNLL-2003, OntoNotes, WNUT, MultiNERD, WikiNEuRal, GMB and others. A type
/// that is not named here is no guess of ours: the user's own table has to name it.
const KNOWN_TYPES: &str = "ontonotes,PER=PER,PERS=PER,PEOPLE=PER,ORGANIZATION=ORG,ORGANISATION=ORG,CORPORATION=ORG,COMPANY=ORG,\
GROUP=ORG,LOCATION=LOC,PLACE=LOC,FACILITY=LOC,GEO=LOC,MISC=MISC,MISCELLANEOUS=MISC,WORK=MISC,CREATIVE-WORK=MISC,\
CREATIVE_WORK=MISC,ART=MISC,EVE=MISC,NAT=MISC,TIM=,TTL=,LOCDERIV=MISC,LOCPART=MISC,ORGDERIV=MISC,ORGPART=MISC,\
PERDERIV=MISC,PERPART=MISC,OTHDERIV=MISC,OTHPART=MISC,OTH=MISC,ANIM=MISC,BIO=MISC,CEL=MISC,DIS=MISC,FOOD=MISC,INST=MISC,\
MEDIA=MISC,MYTH=MISC,PLANT=MISC,VEHI=MISC";

/// Why a table of labels cannot be read.
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

/// What the labels of a model mean to us; the default knows the types of common data sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelTable {
    types: LabelMap,
    /// Whether `I-` may open a mention although the model also has `B-`.
    pub iob1: bool,
}

impl Default for LabelTable {
    fn default() -> Self {
        Self { types: KNOWN_TYPES.parse().unwrap_or_default(), iob1: false }
    }
}

impl LabelTable {
    /// Reads a user's table, which wins over the default: a line `LABEL=TYPE` for each type, with nothing behind the `=`
    /// where it is no name; the line `iob1` says that `I-` may open a mention. Empty lines and what follows a `#` are
    /// left out.
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
        if let Some((from, Some(to))) =
            added.entries().find(|(_, to)| to.is_some_and(|to| EntityType::known(to).is_none()))
        {
            return Err(format!("{from}={to}: expected PER, ORG, LOC, MISC or nothing behind the ="));
        }
        self.types.extend(added);
        Ok(())
    }

    /// Our type for a type of the model's; `Some(None)` if it is no name, `None` if nobody knows.
    #[must_use]
    pub fn entity_type(&self, kind: &str) -> Option<Option<EntityType>> {
        let to = self.types.get(kind).or_else(|| self.types.get(&kind.to_uppercase()))?;
        Some(to.and_then(EntityType::known))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tag::label::LabelSet;

    #[test]
    fn a_table_wins_over_what_is_known() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.txt");
        std::fs::write(&path, "# our own\nDOG = MISC\nNORP=  # no names\n\niob1\n").unwrap();
        let table = LabelTable::read(&path).unwrap();
        let set = LabelSet::parse(&["O", "B-DOG", "I-DOG", "B-NORP", "I-NORP"], &table).unwrap();
        assert_eq!((set.entity_type(0), set.entity_type(1)), (Some(EntityType::Misc), None));
        assert!(set.labels()[2].may_open());
        for (text, told) in [("PER=PER\nDOG", "labels.txt:2"), ("DOG=CAT", "DOG=CAT: expected PER")] {
            std::fs::write(&path, text).unwrap();
            assert!(LabelTable::read(&path).unwrap_err().to_string().contains(told));
        }
    }
}
