//! Types of foreign documents, brought to ours by the table.

use super::{LabelTable, Meaning, without_prefix};
use crate::annotation::AnnotatedDocument;
use crate::entity_type::EntityType;
use crate::record::Record;

/// A label that tells no type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} tells no type: say what it means in a file, a line {0}=TYPE, and give it with --labels FILE")]
pub struct GenericLabel(pub String);

impl LabelTable {
    /// The type that a foreign type means, whose label may carry the prefix of a tag scheme; `None` for one of which the
    /// user wants nothing. What is no name stays, under its own label, and so does a mention without a type.
    ///
    /// # Errors
    /// If the label tells nothing.
    pub fn type_of(&self, foreign: EntityType) -> Result<Option<EntityType>, GenericLabel> {
        if foreign == EntityType::UNTYPED {
            return Ok(Some(foreign));
        }
        match self.meaning(without_prefix(foreign.label().trim())) {
            Meaning::Name(kind) | Meaning::NoName(kind) => Ok(Some(kind)),
            Meaning::Dropped => Ok(None),
            Meaning::Generic => Err(GenericLabel(foreign.label().to_owned())),
        }
    }

    /// Gives the mentions of a foreign document the types that their labels mean; those of which the user wants nothing go.
    ///
    /// # Errors
    /// If a label tells nothing.
    pub fn fold_document(&self, document: &mut AnnotatedDocument) -> Result<(), GenericLabel> {
        let mut types = Vec::with_capacity(document.mentions.len());
        for mention in &mut document.mentions {
            let kind = self.type_of(mention.entity_type)?;
            mention.entity_type = kind.unwrap_or(mention.entity_type);
            types.push(kind);
        }
        document.retain(|index, _| types[index].is_some());
        Ok(())
    }

    /// Gives the entities and mentions of a record the types that their labels mean; of those of which the user wants
    /// nothing, the label stays.
    ///
    /// # Errors
    /// If a label tells nothing.
    pub fn fold_record(&self, record: &mut Record<'_>) -> Result<(), GenericLabel> {
        let entities = record.entities.iter_mut().map(|entity| &mut entity.entity_type);
        let mentions = record.mentions.iter_mut().map(|mention| &mut mention.entity_type);
        for kind in entities.chain(mentions) {
            *kind = self.type_of(*kind)?.unwrap_or(*kind);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, Span};
    use crate::mention::Mention;

    fn folded(labels: &[&str]) -> Result<Vec<&'static str>, GenericLabel> {
        let mention =
            |label: &&str| Mention { span: Span::new(0, 3), entity_type: EntityType::exact(label), score: 1.0 };
        let mentions = labels.iter().map(mention).collect();
        let mut document = AnnotatedDocument { mentions, ..AnnotatedDocument::new(Document::new("d", "Zoë")) };
        LabelTable::default().fold_document(&mut document)?;
        Ok(document.mentions.iter().map(|mention| mention.entity_type.label()).collect())
    }

    #[test]
    fn types_of_their_own_stay_and_none_is_guessed() {
        let labels = ["PERSON", "geo-loc", "B-DRUG", "DATE", "per", ""];
        assert_eq!(folded(&labels).unwrap(), ["PER", "LOC", "DRUG", "DATE", "PER", ""]);
        let fault = folded(&["PER", "LABEL_3"]).unwrap_err().to_string();
        assert!(fault.starts_with("LABEL_3 tells no type: say what it means"), "{fault}");
    }
}
