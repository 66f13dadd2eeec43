//! BRAT standoff: a folder with a `.txt` and an `.ann` for each document, or one `.ann` beside its `.txt`.
//!
//! Read are `T` lines (a discontinuous one as the stretch from its first to its last piece), `N` lines as links, `*`
//! equivalences and alias relations as entities. Written are a `T` line a mention, a note with the name of its entity, an `N`
//! line where it is linked to a knowledge base, and an equivalence line (`*`) for every entity with more than one mention.
//!
//! Offsets are code points, as BRAT counts, whatever unit the other formats use. BRAT reads its files line by line, so a
//! mention that runs over a line break becomes a discontinuous one whose pieces are joined by a space.

use super::draft::Draft;
use super::error::{Fault, InputError};
use super::losses::{Kept, Losses};
use super::open::Source;
use super::opened::Annotated;
use super::progress::ReadProgress;
use super::{DocumentWriter, OutputError, chains, opened};
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::entity::Entity;
use crate::entity_type::EntityType;
use crate::visible::Visible;
use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::{Path, PathBuf};

/// The `annotation.conf` that makes BRAT show the types (the known ones, and those of `labels` besides) and the equivalences.
pub(super) fn configuration(labels: &BTreeSet<String>) -> String {
    let mut entities: Vec<&str> = EntityType::KNOWN.map(EntityType::label).to_vec();
    entities.extend(labels.iter().map(String::as_str).filter(|label| EntityType::known(label).is_none()));
    let relation = "Alias\tArg1:<ENTITY>, Arg2:<ENTITY>, <REL-TYPE>:symmetric-transitive\n\
                    <OVERLAP>\tArg1:<ANY>, Arg2:<ANY>, <OVL-TYPE>:<ANY>";
    format!("[entities]\n{}\n\n[relations]\n{relation}\n\n[events]\n\n[attributes]\n", entities.join("\n"))
}

/// Documents below a folder, or the one of an `.ann` file.
pub(super) fn documents(path: PathBuf, unit: OffsetUnit) -> Annotated {
    let files = match files(&path) {
        Ok(files) => files,
        Err(error) => return Box::new(std::iter::once(Err(error))),
    };
    Box::new(files.into_iter().map(move |file| Ok((read_document(&file, &path, unit)?, None))))
}

fn files(path: &Path) -> Result<Vec<PathBuf>, InputError> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in walkdir::WalkDir::new(path).sort_by_file_name() {
        let name = |error: &walkdir::Error| error.path().unwrap_or(path).to_string_lossy().into_owned();
        let entry = entry.map_err(|error| {
            let name = name(&error);
            Fault::at_opening(error.into()).of(&name)
        })?;
        if entry.path().extension().is_some_and(|ending| ending == "ann") {
            files.push(entry.into_path());
        }
    }
    files.sort();
    if files.is_empty() {
        let reason = "the folder holds no .ann file, so it is not BRAT".to_owned();
        return Err(Fault::UnknownFormat { reason }.of(&path.to_string_lossy()));
    }
    Ok(files)
}

fn load(path: &Path) -> Result<String, InputError> {
    let source = Source::file(path);
    let read =
        source.open(&ReadProgress::default()).and_then(|mut reader| opened::read_all(&mut reader, usize::MAX - 1));
    read.map_err(|fault| fault.of(&source.name))
}

fn read_document(file: &Path, root: &Path, unit: OffsetUnit) -> Result<AnnotatedDocument, InputError> {
    let (lines, text) = (load(file)?, load(&file.with_extension("txt"))?);
    let inside = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let id =
        if inside.as_os_str().is_empty() { file.file_stem().unwrap_or_default().to_owned() } else { inside.into() };
    let mut draft = Draft::new(id.to_string_lossy().replace('\\', "/"), unit);
    let origin = file.to_string_lossy();
    let mut keys: HashMap<&str, usize> = HashMap::new();
    let (mut references, mut relations) = (Vec::new(), Vec::new());
    for (number, line) in (1..).zip(lines.lines()) {
        let mut fields = line.split('\t');
        let (key, body) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        match key.chars().next() {
            Some('T') => {
                let Some((label, span)) = text_bound(body) else {
                    let reason = format!("expected `T1<tab>TYPE start end<tab>text`, not {line:?}");
                    return Err(Fault::Syntax(reason).at_line(&origin, number));
                };
                let mention = draft.mention(span, Some(label));
                if let (Some(surface), false) = (fields.next(), body.contains(';')) {
                    draft.surface(mention, surface);
                }
                keys.insert(key, mention);
            }
            Some('N') => references.push(body),
            Some('*' | 'R') => relations.push(body),
            _ => {}
        }
    }
    let mut links: Vec<(usize, usize)> = Vec::new();
    for body in relations {
        let mut words = body.split_whitespace();
        if !words.next().is_some_and(chains::is_alias) {
            continue;
        }
        let known = |word: &str| keys.get(word.rsplit(':').next().unwrap_or(word)).copied();
        let members: Vec<usize> = words.filter_map(known).collect();
        links.extend(members.windows(2).map(|pair| (pair[0], pair[1])));
    }
    for body in references {
        let mut words = body.split_whitespace().skip(1);
        if let (Some(&mention), Some(entry)) = (words.next().and_then(|key| keys.get(key)), words.next()) {
            draft.link(mention, entry);
        }
    }
    // BRAT shows line breaks in a surface as blanks.
    draft.retain_surfaces(&text, |found, surface| found.replace(['\n', '\r', '\t'], " ") == surface);
    chains::join(draft.document(), &links);
    draft.finish(Some(text)).map_err(|fault| fault.at_line(&origin, 1))
}

/// `PER 0 5` or `PER 0 3;4 8`.
fn text_bound(body: &str) -> Option<(&str, Span)> {
    let (label, offsets) = body.split_once(' ')?;
    let first = offsets.split(' ').next()?.parse().ok()?;
    let last = offsets.rsplit(' ').next()?.parse().ok()?;
    Some((label, Span::new(first, last)))
}

/// Writes the annotations of one document, without its text.
#[derive(Debug, Default)]
pub(super) struct BratWriter {
    written: bool,
}

impl DocumentWriter for BratWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        // A second document would number its mentions anew, and nobody could tell whose they are.
        if self.written {
            return Err(OutputError::OneDocumentOnly { id: annotated.document.id.clone() });
        }
        self.written = true;
        write_annotations(annotated, out, losses)
    }
}

/// Writes the content of one `.ann` file.
pub(super) fn write_annotations(
    annotated: &AnnotatedDocument,
    out: &mut dyn Write,
    losses: &mut Losses,
) -> Result<(), OutputError> {
    losses.add_common(annotated, &[Kept::Entities, Kept::Links]);
    let text = annotated.text();
    let offsets = OffsetMap::new(text, OffsetUnit::Char);
    let owners = annotated.owners();
    let mut written = vec![false; annotated.mentions.len()];
    for (index, mention) in annotated.mentions.iter().enumerate() {
        let misplaced = || OutputError::Span { id: annotated.document.id.clone(), span: mention.span };
        let pieces = pieces(text, mention.span).ok_or_else(misplaced)?;
        if pieces.is_empty() {
            losses.add("mentions of white space alone", 1);
            continue;
        }
        let number = index + 1;
        write!(out, "T{number}\t{} ", label(mention.entity_type))?;
        for (nth, piece) in pieces.iter().enumerate() {
            let start = offsets.from_byte(piece.start).ok_or_else(misplaced)?;
            let end = offsets.from_byte(piece.end).ok_or_else(misplaced)?;
            write!(out, "{}{start} {end}", if nth == 0 { "" } else { ";" })?;
        }
        let words = pieces.iter().map(|piece| piece.of(text)).collect::<Vec<_>>().join(" ");
        writeln!(out, "\t{words}")?;
        let entity = owners[index].and_then(|owner| annotated.entities.get(owner));
        if let Some(entity) = entity.filter(|entity| !entity.name.is_empty()) {
            writeln!(out, "#{number}\tAnnotatorNotes T{number}\t{}", Visible::one_line(&entity.name))?;
        }
        if let Some(link) = annotated.link(index, owners[index]) {
            let link = Visible::one_line(link).to_string().replace(' ', "_");
            writeln!(out, "N{number}\tReference T{number} {link}\t{words}")?;
        }
        written[index] = true;
    }
    annotated.entities.iter().try_for_each(|entity| write_equivalence(entity, &written, out))
}

/// A type as BRAT can hold it: without white space, and never empty.
pub(super) fn label(entity_type: EntityType) -> String {
    if entity_type == EntityType::UNTYPED {
        return "UNKNOWN".to_owned();
    }
    entity_type.label().replace(|c: char| c.is_whitespace() || c.is_control(), "_")
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
        BratWriter::default().document(annotated, &mut bytes, &mut Losses::default()).unwrap();
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
        writer.document(&samples::empty(), &mut Vec::new(), &mut Losses::default()).unwrap();
        assert!(matches!(
            writer.document(&samples::empty(), &mut Vec::new(), &mut Losses::default()),
            Err(OutputError::OneDocumentOnly { .. })
        ));
    }

    #[test]
    fn pieces_of_a_mention_are_read_as_one() {
        let (label, span) = text_bound("LOC 0 3;4 8").unwrap();
        assert_eq!((label, span), ("LOC", Span::new(0, 8)));
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
