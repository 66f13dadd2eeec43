//! BRAT standoff: a folder with a `.txt` and an `.ann` for each document, or one `.ann` beside its `.txt`.
//!
//! Read are `T` lines (a discontinuous one as the stretch from its first to its last piece), `N` lines as links,
//! `*` equivalences and alias relations as entities. Offsets are code points.

use super::chains;
use super::file::{Surfaces, place};
use super::{Corpus, FormatError, Kept, Losses};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

pub(super) fn read(path: &Path, unit: OffsetUnit) -> Result<Corpus, FormatError> {
    let mut files: Vec<PathBuf> = if path.is_dir() {
        walkdir::WalkDir::new(path)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok)
            .map(walkdir::DirEntry::into_path)
            .filter(|file| file.extension().is_some_and(|ending| ending == "ann"))
            .collect()
    } else {
        vec![path.to_owned()]
    };
    files.sort();
    if files.is_empty() {
        let reason = "the folder holds no .ann file, so it is not BRAT".to_owned();
        return Err(FormatError::Unknown { path: path.to_owned(), reason });
    }
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    for file in files {
        let document = read_document(&file, path, unit, &mut names)?;
        corpus.documents.push(document);
    }
    Ok(corpus)
}

fn read_document(file: &Path, root: &Path, unit: OffsetUnit, names: &mut Names) -> Result<Annotation, FormatError> {
    let load =
        |path: &Path| fs::read_to_string(path).map_err(|source| FormatError::Read { path: path.to_owned(), source });
    let (lines, text) = (load(file)?, load(&file.with_extension("txt"))?);
    let inside = file.strip_prefix(root).unwrap_or(file).with_extension("");
    let id =
        if inside.as_os_str().is_empty() { file.file_stem().unwrap_or_default().to_owned() } else { inside.into() };
    let mut document =
        Annotation { id: id.to_string_lossy().replace('\\', "/"), text: Some(text), unit, ..Annotation::default() };
    let mut keys: HashMap<&str, usize> = HashMap::new();
    let mut surfaces = Surfaces::new();
    let mut links: Vec<(usize, usize)> = Vec::new();
    let mut references = Vec::new();
    let mut relations = Vec::new();
    for (index, line) in lines.lines().enumerate() {
        let syntax = |reason: &str| FormatError::Syntax {
            path: file.to_owned(),
            line: index + 1,
            reason: format!("{reason}, not {line:?}"),
        };
        let mut fields = line.split('\t');
        let (key, body) = (fields.next().unwrap_or_default(), fields.next().unwrap_or_default());
        match key.chars().next() {
            Some('T') => {
                let mention =
                    text_bound(body, names).ok_or_else(|| syntax("expected `T1<tab>TYPE start end<tab>text`"))?;
                if let (Some(surface), false) = (fields.next(), body.contains(';')) {
                    surfaces.push((document.mentions.len(), surface.to_owned()));
                }
                keys.insert(key, document.mentions.len());
                document.mentions.push(mention);
            }
            Some('N') => references.push(body),
            Some('*' | 'R') => relations.push(body),
            _ => {}
        }
    }
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
            document.mentions[mention].link = Some(names.get(entry));
        }
    }
    // BRAT shows line breaks in a surface as blanks.
    let text = document.text.clone().unwrap_or_default();
    let map = OffsetMap::new(&text, unit);
    surfaces.retain(|(index, surface)| {
        let span = document.mentions[*index].span;
        let found = map.to_byte(span.start).zip(map.to_byte(span.end)).and_then(|(start, end)| text.get(start..end));
        found.is_none_or(|found| found.replace(['\n', '\r', '\t'], " ") != *surface)
    });
    place(&mut document, &surfaces, file, 1)?;
    chains::join(&mut document, &links);
    Ok(document)
}

/// `PER 0 5` or `PER 0 3;4 8`.
fn text_bound(body: &str, names: &mut Names) -> Option<AnnotatedMention> {
    let (label, offsets) = body.split_once(' ')?;
    let first = offsets.split(' ').next()?.parse().ok()?;
    let last = offsets.rsplit(' ').next()?.parse().ok()?;
    Some(AnnotatedMention::new(Span::new(first, last), Some(names.get(label)), None))
}

/// Writes a folder, which is made if it is not there.
///
/// # Errors
/// If a file cannot be written.
pub fn write(documents: &[Annotation], folder: &Path) -> Result<Losses, FormatError> {
    let mut losses = Losses::default();
    let mut taken = HashSet::new();
    fs::create_dir_all(folder).map_err(FormatError::Write)?;
    for document in documents {
        let Some(text) = &document.text else { return Err(FormatError::NoText { id: document.id.clone() }) };
        losses.add_common(document, &[Kept::Entities, Kept::Links]);
        let stem = file_name(&document.id, &mut taken);
        losses.add("document ids that are no file names", usize::from(stem != document.id));
        fs::write(folder.join(format!("{stem}.txt")), text).map_err(FormatError::Write)?;
        fs::write(folder.join(format!("{stem}.ann")), standoff(document)).map_err(FormatError::Write)?;
    }
    Ok(losses)
}

fn standoff(document: &Annotation) -> String {
    let text = document.text();
    let map = OffsetMap::new(text, OffsetUnit::Char);
    let place = |byte| map.from_byte(byte).unwrap_or(byte);
    let mut lines = String::new();
    for (index, mention) in document.mentions.iter().enumerate() {
        let label = mention.label.as_deref().unwrap_or("UNKNOWN").replace(char::is_whitespace, "_");
        // Pieces are parted by line breaks, which BRAT cannot show inside a mention.
        let (mut pieces, mut words) = (Vec::new(), Vec::new());
        let mut start = mention.span.start;
        for piece in mention.span.of(text).split(['\n', '\r', '\t']) {
            if !piece.is_empty() {
                pieces.push(format!("{} {}", place(start), place(start + piece.len())));
                words.push(piece);
            }
            start += piece.len() + 1;
        }
        let number = index + 1;
        lines += &format!("T{number}\t{label} {}\t{}\n", pieces.join(";"), words.join(" "));
        if let Some(link) = mention.link() {
            let link = link.replace(char::is_whitespace, "_");
            lines += &format!("N{number}\tReference T{number} {link}\t{}\n", words.join(" "));
        }
    }
    for (_, mentions) in chains::groups(document).iter().filter(|(_, mentions)| mentions.len() > 1) {
        let members: Vec<String> = mentions.iter().map(|mention| format!("T{}", mention + 1)).collect();
        lines += &format!("*\tAlias {}\n", members.join(" "));
    }
    lines
}

/// A file name for an id: what is not allowed becomes `_`, a name that was there gets a number.
fn file_name(id: &str, taken: &mut HashSet<String>) -> String {
    let allowed = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let plain: String = id.chars().map(allowed).collect();
    let plain = plain.trim_matches('.');
    let plain = if plain.is_empty() { "document" } else { plain };
    let mut name = plain.to_owned();
    let mut number = 2;
    while !taken.insert(name.to_lowercase()) {
        name = format!("{plain}-{number}");
        number += 1;
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_are_safe_and_different() {
        let mut taken = HashSet::new();
        assert_eq!(file_name("a/b", &mut taken), "a_b");
        assert_eq!(file_name("a_b", &mut taken), "a_b-2");
        assert_eq!(file_name("..", &mut taken), "document");
    }

    #[test]
    fn pieces_of_a_mention_are_read_as_one() {
        let mention = text_bound("LOC 0 3;4 8", &mut Names::default()).unwrap();
        assert_eq!((mention.span, mention.label), (Span::new(0, 8), Some("LOC".into())));
    }
}
