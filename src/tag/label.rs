//! The label set of a model: what each column of its logits means, in whatever scheme the model was trained.

use crate::entity_type::EntityType;
use crate::label::{LabelTable, Meaning, Position, split};
use std::collections::BTreeSet;

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
    /// Our type for each of the model's own; none where the user wants nothing of it.
    types: Vec<Option<EntityType>>,
    /// For each label those that may stand before it.
    allowed: Vec<Vec<usize>>,
}

/// Why a list of label names is no usable label set.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelError {
    /// Labels that tell no type.
    #[error(
        "{} {}; write what they mean into a file, a line each, such as LABEL_0=O, LABEL_1=B-PER, LABEL_2=I-PER, and \
         give it with --labels FILE",
        .0.join(", "), if .0.len() == 1 { "tells no type" } else { "tell no types" }
    )]
    Generic(Vec<String>),
    /// A label is missing.
    #[error("the model has no label {0}")]
    Missing(String),
}

impl LabelSet {
    /// Reads label names in the order of the logits, for example `["O", "B-PER", "I-PER"]`: BIO, IOB1, IOBES, BILOU, BMES
    /// or bare types.
    ///
    /// Where a type has `I-` but no `B-` and others have both, it is IOB1, in which `B-` only parts neighbours.
    ///
    /// # Errors
    /// If labels tell no type, or `O` or an `I-` is missing.
    pub fn parse<S: AsRef<str>>(names: &[S], table: &LabelTable) -> Result<Self, LabelError> {
        let spelled = |name| table.spelled_out(name).unwrap_or(name);
        let parts: Vec<Option<(Position, &str)>> = names.iter().map(|name| split(spelled(name.as_ref()))).collect();
        let mut kinds: Vec<&str> = Vec::new();
        let mut types = Vec::new();
        let mut generic = Vec::new();
        for (name, kind) in names.iter().zip(&parts).filter_map(|(name, part)| Some((name.as_ref(), part.as_ref()?.1)))
        {
            let meaning = table.meaning(kind);
            if meaning == Meaning::Generic {
                generic.push(name.to_owned());
            } else if !kinds.contains(&kind) {
                kinds.push(kind);
                types.push(match meaning {
                    Meaning::Name(kind) | Meaning::NoName(kind) => Some(kind),
                    Meaning::Dropped | Meaning::Generic => None,
                });
            }
        }
        if !generic.is_empty() {
            return Err(LabelError::Generic(generic));
        }
        if !parts.contains(&None) {
            return Err(LabelError::Missing("O".to_owned()));
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

    /// Our type for the model's own type with this number; none if the user wants nothing of it.
    #[must_use]
    pub fn entity_type(&self, kind: usize) -> Option<EntityType> {
        self.types.get(kind).copied().flatten()
    }

    /// The types of the mentions that the model can find, sorted; what is no name is among them.
    #[must_use]
    pub fn entity_types(&self) -> Vec<EntityType> {
        let types: BTreeSet<EntityType> = self.types.iter().flatten().copied().collect();
        types.into_iter().collect()
    }

    /// Number of labels: the width of a row of logits.
    #[must_use]
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
        let error = parse(&["LABEL_0", "LABEL_1", "LABEL_2"]).unwrap_err();
        assert_eq!(error, LabelError::Generic(["LABEL_0", "LABEL_1", "LABEL_2"].map(str::to_owned).to_vec()));
        assert!(error.to_string().starts_with("LABEL_0, LABEL_1, LABEL_2 tell no types; write what they mean"));
    }

    #[test]
    fn a_users_file_spells_out_what_a_model_does_not_say() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("labels.txt");
        std::fs::write(&path, "LABEL_0=O\nLABEL_1=B-DRUG\nLABEL_2=I-DRUG\nDATE=\niob1\n").unwrap();
        let table = LabelTable::read(&path).unwrap();
        let set = LabelSet::parse(&["LABEL_0", "LABEL_1", "LABEL_2", "B-DATE", "I-DATE"], &table).unwrap();
        assert_eq!(set.labels()[0], Label::Outside);
        assert_eq!((set.entity_type(0), set.entity_type(1)), (Some(EntityType::from_label("DRUG")), None));
        assert_eq!(set.entity_types(), [EntityType::from_label("DRUG")]);
        assert!(set.labels()[2].may_open());
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
        let [date, work] = ["DATE", "creative-work"].map(EntityType::from_label);
        assert_eq!(types, [Some(EntityType::Loc), Some(date), Some(EntityType::Per), Some(work)]);
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
}
