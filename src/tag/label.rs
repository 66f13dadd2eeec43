//! The label set of a model: what each column of its logits means, in whatever scheme the model was trained.

use crate::label_map::{LabelMap, MapError};
use crate::mention::EntityType;
use std::path::PathBuf;

/// What the types of common data sets become: CoNLL-2003, OntoNotes, WNUT, MultiNERD, WikiNEuRal, GMB and others. A type
/// that is not named here is no guess of ours: the user's own table has to name it.
const KNOWN_TYPES: &str = "ontonotes,PER=PER,PERS=PER,PEOPLE=PER,ORGANIZATION=ORG,ORGANISATION=ORG,CORPORATION=ORG,COMPANY=ORG,\
GROUP=ORG,LOCATION=LOC,PLACE=LOC,FACILITY=LOC,GEO=LOC,MISC=MISC,MISCELLANEOUS=MISC,WORK=MISC,CREATIVE-WORK=MISC,\
CREATIVE_WORK=MISC,ART=MISC,EVE=MISC,NAT=MISC,TIM=,TTL=,LOCDERIV=MISC,LOCPART=MISC,ORGDERIV=MISC,ORGPART=MISC,\
PERDERIV=MISC,PERPART=MISC,OTHDERIV=MISC,OTHPART=MISC,OTH=MISC,ANIM=MISC,BIO=MISC,CEL=MISC,DIS=MISC,FOOD=MISC,INST=MISC,\
MEDIA=MISC,MYTH=MISC,PLANT=MISC,VEHI=MISC";

/// Position of a label inside a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// First word of a mention.
    Begin,
    /// A later word, or any word where the scheme knows no first.
    Inside,
    /// The last word of several, in the schemes that mark it.
    End,
    /// The only word of a mention, in the schemes that mark it.
    Single,
}

/// What one column of the logits means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Outside every mention.
    Outside,
    /// Inside a mention.
    Within {
        /// Where.
        position: Position,
        /// Number of the model's own type of it, for [`LabelSet::entity_type`].
        kind: usize,
        /// Whether it must follow a label that opens or continues a mention of its kind.
        continues: bool,
        /// Whether a label that continues or closes the mention must follow it.
        stays_open: bool,
    },
}

/// The labels of a model in the order of its logits. Invariant: holds [`Label::Outside`], and from every label there is an
/// allowed way to the end of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSet {
    labels: Vec<Label>,
    /// Our type for each of the model's own; none where it is no name.
    types: Vec<Option<EntityType>>,
    /// For each label those that may stand before it.
    allowed: Vec<Vec<usize>>,
}

/// Why a list of label names is no usable label set.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelError {
    /// A type of name that nobody told us about.
    #[error(
        "unknown label {0:?}: expected O, or B- or I- followed by a type such as PER; --labels FILE tells what others mean"
    )]
    Unknown(String),
    /// A label is missing.
    #[error("the model has no label {0}")]
    Missing(String),
    /// The table maps to something that is no type of ours.
    #[error("{from}={to}: expected PER, ORG, LOC, MISC or nothing behind the =")]
    NoType {
        /// The model's type.
        from: String,
        /// What the table makes of it.
        to: String,
    },
}

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
    iob1: bool,
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
            added.entries().find(|(_, to)| to.is_some_and(|to| EntityType::from_label(to).is_none()))
        {
            return Err(LabelError::NoType { from: from.to_owned(), to: to.to_owned() }.to_string());
        }
        self.types.extend(added);
        Ok(())
    }

    /// Our type for a type of the model's; `Some(None)` if it is no name, `None` if nobody knows.
    fn entity_type(&self, kind: &str) -> Option<Option<EntityType>> {
        let to = self.types.get(kind).or_else(|| self.types.get(&kind.to_uppercase()))?;
        Some(to.and_then(EntityType::from_label))
    }
}

impl LabelSet {
    /// Reads label names in the order of the logits, for example `["O", "B-PER", "I-PER"]`: BIO, IOB1, IOBES, BILOU, BMES
    /// or bare types.
    ///
    /// Where a type has `I-` but no `B-` and others have both, it is IOB1, in which `B-` only parts neighbours.
    ///
    /// # Errors
    /// If a type is unknown, or `O` or an `I-` is missing.
    pub fn parse<S: AsRef<str>>(names: &[S], table: &LabelTable) -> Result<Self, LabelError> {
        let parts: Vec<Option<(Position, &str)>> = names.iter().map(|name| split(name.as_ref())).collect();
        if !parts.contains(&None) {
            return Err(LabelError::Missing("O".to_owned()));
        }
        let mut kinds: Vec<&str> = Vec::new();
        let mut types = Vec::new();
        for (name, kind) in names.iter().zip(&parts).filter_map(|(name, part)| Some((name.as_ref(), part.as_ref()?.1)))
        {
            if !kinds.contains(&kind) {
                kinds.push(kind);
                types.push(table.entity_type(kind).ok_or_else(|| LabelError::Unknown(name.to_owned()))?);
            }
        }
        let has = |position: Position, kind: &str| parts.contains(&Some((position, kind)));
        let closes = parts.iter().flatten().any(|(position, _)| matches!(position, Position::End | Position::Single));
        let begins = |kind: &&str| has(Position::Begin, kind);
        let iob1 = table.iob1 || (!closes && kinds.iter().any(begins) && !kinds.iter().all(begins));
        if let Some(kind) = kinds.iter().find(|kind| !closes && !has(Position::Inside, kind)) {
            return Err(LabelError::Missing(format!("I-{kind}")));
        }
        let labels: Vec<Label> = parts
            .iter()
            .map(|part| match *part {
                None => Label::Outside,
                Some((position, kind)) => Label::Within {
                    position,
                    kind: kinds.iter().position(|known| *known == kind).unwrap_or_default(),
                    continues: matches!(position, Position::Inside | Position::End)
                        && has(Position::Begin, kind)
                        && !iob1,
                    stays_open: matches!(position, Position::Begin | Position::Inside) && has(Position::End, kind),
                },
            })
            .collect();
        let before = |label: &Label| (0..labels.len()).filter(|&before| may_follow(labels[before], *label)).collect();
        Ok(Self { allowed: labels.iter().map(before).collect(), labels, types })
    }

    /// The labels, one a column.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The labels that may stand before the one in this column, by their columns.
    #[must_use]
    pub fn allowed_before(&self, column: usize) -> &[usize] {
        self.allowed.get(column).map_or(&[], Vec::as_slice)
    }

    /// Our type for the model's own type with this number; none if mentions of it are no names.
    #[must_use]
    pub fn entity_type(&self, kind: usize) -> Option<EntityType> {
        self.types.get(kind).copied().flatten()
    }

    /// Number of labels: the width of a row of logits.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.labels.len()
    }
}

/// Whether `label` may stand behind `before`.
fn may_follow(before: Label, label: Label) -> bool {
    let same_mention = match (before, label) {
        (Label::Within { position: first, kind, .. }, Label::Within { position: second, kind: other, .. }) => {
            kind == other
                && matches!(first, Position::Begin | Position::Inside)
                && matches!(second, Position::Inside | Position::End)
        }
        _ => false,
    };
    same_mention || (label.may_open() && before.may_close())
}

impl Label {
    /// Whether a sentence may begin with it.
    #[must_use]
    pub const fn may_open(self) -> bool {
        !matches!(self, Self::Within { continues: true, .. })
    }

    /// Whether a sentence may end with it.
    #[must_use]
    pub const fn may_close(self) -> bool {
        !matches!(self, Self::Within { stays_open: true, .. })
    }
}

/// Position and type of a label name; `None` outside.
fn split(name: &str) -> Option<(Position, &str)> {
    if name == "O" {
        return None;
    }
    let position = match name.as_bytes() {
        [b'B', b'-' | b'_', _, ..] => Position::Begin,
        [b'I' | b'M', b'-' | b'_', _, ..] => Position::Inside,
        [b'E' | b'L', b'-' | b'_', _, ..] => Position::End,
        [b'S' | b'U' | b'W', b'-' | b'_', _, ..] => Position::Single,
        // A bare type: neighbours of one type are one mention.
        _ => return Some((Position::Inside, name)),
    };
    Some((position, &name[2..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(names: &[&str]) -> Result<LabelSet, LabelError> {
        LabelSet::parse(names, &LabelTable::default())
    }

    #[test]
    fn reads_a_complete_set_and_names_what_is_missing() {
        let set = parse(&["O", "B-PER", "I-PER"]).unwrap();
        assert_eq!(set.entity_type(0), Some(EntityType::Per));
        assert_eq!(set.allowed_before(2), [1, 2]);
        assert_eq!(parse(&["B-PER", "I-PER"]), Err(LabelError::Missing("O".into())));
        assert_eq!(parse(&["O", "B-PER"]), Err(LabelError::Missing("I-PER".into())));
        assert_eq!(parse(&["O", "B-DOG", "I-DOG"]), Err(LabelError::Unknown("B-DOG".into())));
    }

    #[test]
    fn types_of_other_data_become_ours() {
        let set = parse(&[
            "O",
            "B-GPE",
            "I-GPE",
            "B-DATE",
            "I-DATE",
            "B-person",
            "I-person",
            "B-creative-work",
            "I-creative-work",
        ]);
        let set = set.unwrap();
        let types: Vec<_> = (0..4).map(|kind| set.entity_type(kind)).collect();
        assert_eq!(types, [Some(EntityType::Loc), None, Some(EntityType::Per), Some(EntityType::Misc)]);
    }

    #[test]
    fn each_scheme_has_its_own_rules() {
        // IO: anything may follow anything.
        assert_eq!(parse(&["PER", "LOC", "O"]).unwrap().allowed_before(0), [0, 1, 2]);
        // IOB1, told by the B- that one type lacks: I-PER may open a mention.
        let iob1 = parse(&["B-LOC", "I-LOC", "I-PER", "O"]).unwrap();
        assert!(iob1.labels()[1].may_open() && iob1.labels()[2].may_open());
        // IOBES and BILOU: what is open must be closed.
        for names in [["O", "B-PER", "I-PER", "E-PER", "S-PER"], ["O", "B-PER", "I-PER", "L-PER", "U-PER"]] {
            let set = parse(&names).unwrap();
            assert_eq!(set.allowed_before(0), [0, 3, 4], "O");
            assert_eq!(set.allowed_before(1), [0, 3, 4], "B");
            assert_eq!(set.allowed_before(3), [1, 2], "E");
            assert!(!set.labels()[1].may_close() && set.labels()[3].may_close() && !set.labels()[3].may_open());
        }
    }

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
