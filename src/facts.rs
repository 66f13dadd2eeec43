//! The line under a document's name: how many words, entities and mentions it has.

use crate::annotation::AnnotatedDocument;
use crate::number::counted;
use unicode_segmentation::UnicodeSegmentation;

/// `1,204 words, 17 entities, 40 mentions`, or `8 words, no entities`.
pub(crate) fn facts(annotated: &AnnotatedDocument) -> String {
    let words = counted(annotated.document.text.unicode_words().count(), "word", "words");
    if annotated.entities.is_empty() {
        return format!("{words}, no entities");
    }
    let entities = counted(annotated.entities.len(), "entity", "entities");
    format!("{words}, {entities}, {}", counted(annotated.mentions.len(), "mention", "mentions"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples;

    #[test]
    fn nothing_found_is_said_so() {
        assert_eq!(facts(&samples::empty()), "0 words, no entities");
    }
}
