//! The label set of a model: what each column of its logits means.

use crate::mention::EntityType;

/// Position of a label inside a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// Outside every mention.
    Outside,
    /// First word of a mention.
    Begin(EntityType),
    /// A later word of a mention.
    Inside(EntityType),
}

/// The labels of a model in the order of its logits. Invariant: holds [`Label::Outside`], and each type that occurs has
/// both a `Begin` and an `Inside` label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LabelSet(Vec<Label>);

/// Why a list of label names is no usable label set.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[non_exhaustive]
pub enum LabelError {
    /// A name that is neither `O` nor `B-` or `I-` and a known type.
    #[error("unknown label {0:?}: expected O, or B- or I- followed by PER, ORG, LOC or MISC")]
    Unknown(String),
    /// A label is missing.
    #[error("the model has no label {0}")]
    Missing(String),
}

impl LabelSet {
    /// Reads label names in the order of the logits, for example `["O", "B-PER", "I-PER"]`.
    ///
    /// # Errors
    /// If a name is unknown, or `O`, a `B-` or an `I-` is missing.
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Result<Self, LabelError> {
        let labels = names.iter().map(|name| parse_label(name.as_ref())).collect::<Result<Vec<_>, _>>()?;
        let require = |label: Label, name: String| {
            if labels.contains(&label) { Ok(()) } else { Err(LabelError::Missing(name)) }
        };
        require(Label::Outside, "O".to_owned())?;
        for label in &labels {
            match *label {
                Label::Outside => {}
                Label::Begin(kind) => require(Label::Inside(kind), format!("I-{kind}"))?,
                Label::Inside(kind) => require(Label::Begin(kind), format!("B-{kind}"))?,
            }
        }
        Ok(Self(labels))
    }

    /// The labels, one a column.
    #[must_use]
    pub fn labels(&self) -> &[Label] {
        &self.0
    }

    /// Number of labels: the width of a row of logits.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

fn parse_label(name: &str) -> Result<Label, LabelError> {
    let unknown = || LabelError::Unknown(name.to_owned());
    if name == "O" {
        return Ok(Label::Outside);
    }
    let (prefix, kind) = name.split_once('-').ok_or_else(unknown)?;
    let kind = EntityType::from_label(kind).ok_or_else(unknown)?;
    match prefix {
        "B" => Ok(Label::Begin(kind)),
        "I" => Ok(Label::Inside(kind)),
        _ => Err(unknown()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_a_complete_set_and_names_what_is_missing() {
        let set = LabelSet::parse(&["O", "B-PER", "I-PER"]).unwrap();
        assert_eq!(set.labels()[1], Label::Begin(EntityType::Per));
        assert_eq!(LabelSet::parse(&["B-PER", "I-PER"]), Err(LabelError::Missing("O".into())));
        assert_eq!(LabelSet::parse(&["O", "B-PER"]), Err(LabelError::Missing("I-PER".into())));
        assert_eq!(LabelSet::parse(&["O", "B-DOG"]), Err(LabelError::Unknown("B-DOG".into())));
    }
}
