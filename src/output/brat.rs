//! BRAT standoff annotation: a `T` line a mention, a note with the name of its entity, and an equivalence line (`*`) for
//! every entity with more than one mention.
//!
//! Offsets are code points, as BRAT counts, whatever unit the other formats use. BRAT reads its files line by line, so a
//! mention that runs over a line break becomes a discontinuous one whose pieces are joined by a space.

use super::{DocumentWriter, OutputError};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::entity::{AnnotatedDocument, Entity};
use crate::visible::Visible;
use std::io::Write;

/// The `annotation.conf` that makes BRAT show the types and the equivalences.
pub(super) const CONFIGURATION: &str = "\
[entities]
PER
ORG
LOC
MISC

[relations]
Alias\tArg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive
<OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
";

/// Writes the annotations of one document, without its text.
#[derive(Debug, Default)]
pub(super) struct BratWriter {
    written: bool,
}

impl DocumentWriter for BratWriter {
    fn document(&mut self, annotated: &AnnotatedDocument, out: &mut dyn Write) -> Result<(), OutputError> {
        // A second document would number its mentions anew, and nobody could tell whose they are.
        if self.written {
            return Err(OutputError::OneDocumentOnly { id: annotated.document.id.clone() });
        }
        self.written = true;
        write_annotations(annotated, out)
    }
}

/// Writes the content of one `.ann` file.
pub(super) fn write_annotations(annotated: &AnnotatedDocument, out: &mut dyn Write) -> Result<(), OutputError> {
    let text = annotated.document.text.as_str();
    let offsets = OffsetMap::new(text, OffsetUnit::Char);
    let owners = annotated.entity_of_mention();
    let mut written = vec![false; annotated.mentions.len()];
    for (index, mention) in annotated.mentions.iter().enumerate() {
        let misplaced = || OutputError::Span { id: annotated.document.id.clone(), span: mention.span };
        let pieces = pieces(text, mention.span).ok_or_else(misplaced)?;
        if pieces.is_empty() {
            continue;
        }
        let number = index + 1;
        write!(out, "T{number}\t{} ", mention.entity_type)?;
        for (nth, piece) in pieces.iter().enumerate() {
            let start = offsets.from_byte(piece.start).ok_or_else(misplaced)?;
            let end = offsets.from_byte(piece.end).ok_or_else(misplaced)?;
            write!(out, "{}{start} {end}", if nth == 0 { "" } else { ";" })?;
        }
        for (nth, piece) in pieces.iter().enumerate() {
            write!(out, "{}{}", if nth == 0 { '\t' } else { ' ' }, piece.of(text))?;
        }
        writeln!(out)?;
        if let Some(entity) = owners.get(index).and_then(|&owner| annotated.entities.get(owner)) {
            write!(out, "#{number}\tAnnotatorNotes T{number}\t{}", Visible::one_line(&entity.name))?;
            if let Some(id) = &entity.knowledge_id {
                write!(out, " [{}]", Visible::one_line(id))?;
            }
            writeln!(out)?;
        }
        if let Some(slot) = written.get_mut(index) {
            *slot = true;
        }
    }
    annotated.entities.iter().try_for_each(|entity| write_equivalence(entity, &written, out))
}

fn write_equivalence(entity: &Entity, written: &[bool], out: &mut dyn Write) -> Result<(), OutputError> {
    let mentions: Vec<usize> =
        entity.mentions.iter().copied().filter(|&index| written.get(index) == Some(&true)).collect();
    if mentions.len() > 1 {
        write!(out, "*\tAlias")?;
        for index in mentions {
            write!(out, " T{}", index + 1)?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The pieces of a mention that lie on one line each, without the white space at their ends; `None` for a foreign span.
///
/// Everything that Python's `splitlines`, and so BRAT, takes for a line break parts two pieces; so does a tab, which parts
/// the columns of the file.
fn pieces(text: &str, span: Span) -> Option<Vec<Span>> {
    let mention = text.get(span.start..span.end)?;
    let mut pieces = Vec::new();
    for line in mention.split(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        let piece = line.trim();
        if !piece.is_empty() {
            // Both are slices of `text`, so the distance of their beginnings is the offset.
            let start = piece.as_ptr().addr() - text.as_ptr().addr();
            pieces.push(Span::new(start, start + piece.len()));
        }
    }
    Some(pieces)
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use proptest::prelude::*;

    fn annotations(annotated: &AnnotatedDocument) -> String {
        let mut bytes = Vec::new();
        BratWriter::default().document(annotated, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn shared_surname() {
        insta::assert_snapshot!(annotations(&samples::shared_surname()));
    }

    #[test]
    fn hostile() {
        insta::assert_snapshot!(annotations(&samples::hostile()));
    }

    #[test]
    fn a_second_document_has_no_room() {
        let mut writer = BratWriter::default();
        writer.document(&samples::empty(), &mut Vec::new()).unwrap();
        assert!(matches!(
            writer.document(&samples::empty(), &mut Vec::new()),
            Err(OutputError::OneDocumentOnly { .. })
        ));
    }

    proptest! {
        #[test]
        fn offsets_slice_to_the_pieces(annotated in samples::any_document()) {
            let chars: Vec<char> = annotated.document.text.chars().collect();
            let output = annotations(&annotated);
            let mut mentions = annotated.mentions.iter().filter(|mention| {
                !pieces(&annotated.document.text, mention.span).unwrap().is_empty()
            });
            // Python's line breaks, which a reader of the file would see.
            let breaks = |c: char| matches!(c, '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}' | '\u{2028}' | '\u{2029}');
            for line in output.split(breaks).filter(|line| line.starts_with('T')) {
                let mention = mentions.next().unwrap();
                let columns: Vec<&str> = line.split('\t').collect();
                prop_assert_eq!(columns.len(), 3);
                let (kind, ranges) = columns[1].split_once(' ').unwrap();
                prop_assert_eq!(kind, mention.entity_type.label());
                let sliced: Vec<String> = ranges.split(';').map(|range| {
                    let (start, end) = range.split_once(' ').unwrap();
                    chars[start.parse().unwrap()..end.parse().unwrap()].iter().collect()
                }).collect();
                prop_assert_eq!(sliced.join(" "), columns[2]);
            }
            prop_assert!(mentions.next().is_none());
        }
    }
}
