//! A folder of BRAT documents: for each a `.txt` with the text and an `.ann` with what was found in it, and one
//! `annotation.conf`. The folder gets its name when the last document is in it.

use super::OutputError;
use super::new_folder::NewFolder;
use super::unfinished::undisturbed;
use crate::annotation::AnnotatedDocument;
use crate::format::{Losses, brat};
use std::collections::{BTreeSet, HashMap};
use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

/// A BRAT collection in the making.
pub(super) struct BratFolder {
    folder: NewFolder,
    /// For each name that was wanted twice, the last number given. Names wanted once are known to the file system alone,
    /// which also knows whether it tells upper from lower case.
    numbered: HashMap<String, usize>,
    /// Labels of the types so far, for `annotation.conf`.
    labels: BTreeSet<String>,
}

impl BratFolder {
    pub(super) fn create(path: &Path) -> Result<Self, OutputError> {
        let folder = NewFolder::create(path)?;
        Ok(Self { folder, numbered: HashMap::new(), labels: BTreeSet::new() })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    pub(super) fn write(&mut self, annotated: &AnnotatedDocument, losses: &mut Losses) -> Result<(), OutputError> {
        self.labels.extend(annotated.mentions.iter().map(|mention| brat::label(mention.entity_type)));
        undisturbed(|| self.write_files(annotated, losses))
    }

    fn write_files(&mut self, annotated: &AnnotatedDocument, losses: &mut Losses) -> Result<(), OutputError> {
        let path = self.path().to_owned();
        let at = |source| OutputError::at(path.clone(), source);
        let (mut text, name) = self.new_text_file(&annotated.document.id).map_err(at)?;
        losses.add("document ids that are no file names", usize::from(name != annotated.document.id));
        text.write_all(annotated.document.text.as_bytes()).map_err(at)?;
        let annotations = File::create(self.folder.inside().join(format!("{name}.ann"))).map_err(at)?;
        let mut annotations = BufWriter::new(annotations);
        let written =
            brat::write_annotations(annotated, &mut annotations, losses).and_then(|()| Ok(annotations.flush()?));
        written.map_err(|error| match error {
            OutputError::Write(source) => at(source),
            other => other,
        })
    }

    /// Opens a `.txt` that was not there before; its stem is the id, made safe and, if need be, numbered.
    fn new_text_file(&mut self, id: &str) -> io::Result<(File, String)> {
        let stem = safe_stem(id);
        let mut name = stem.clone();
        loop {
            match File::create_new(self.folder.inside().join(format!("{name}.txt"))) {
                Ok(file) => return Ok((file, name)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                    let number = self.numbered.entry(stem.clone()).or_insert(1);
                    *number += 1;
                    name = format!("{stem}-{number}");
                }
                Err(error) => return Err(error),
            }
        }
    }

    pub(super) fn finish(self) -> Result<(), OutputError> {
        let configuration = brat::configuration(&self.labels);
        let written = undisturbed(|| fs::write(self.folder.inside().join("annotation.conf"), configuration));
        written.map_err(|source| OutputError::at(self.path().to_owned(), source))?;
        self.folder.finish()
    }
}

/// Longest stem in bytes: file systems allow 255 for a name, and a number and an ending must still fit.
const LONGEST_STEM: usize = 200;

/// Names that Windows keeps for devices, whatever their ending.
const DEVICES: [&str; 6] = ["CON", "PRN", "AUX", "NUL", "COM", "LPT"];

/// A file name made of an id: letters, digits, `-`, `_` and inner dots stay, all else becomes `_`.
fn safe_stem(id: &str) -> String {
    let mut stem: String =
        id.chars().map(|c| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' }).collect();
    stem.truncate(stem.floor_char_boundary(LONGEST_STEM));
    let inner = stem.trim_matches('.');
    let device = inner.split('.').next().unwrap_or_default().trim_end_matches(|c: char| c.is_ascii_digit());
    if inner.is_empty() {
        "document".to_owned()
    } else if DEVICES.iter().any(|name| name.eq_ignore_ascii_case(device)) {
        format!("_{inner}")
    } else {
        inner.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples;
    use proptest::prelude::*;

    #[test]
    fn ids_become_harmless_names() {
        for (id, stem) in [
            ("news/2024/a.txt", "news_2024_a.txt"),
            ("../../etc/passwd", "_.._etc_passwd"),
            ("..", "document"),
            ("", "document"),
            ("C:\\x", "C__x"),
            ("nul.txt", "_nul.txt"),
            ("null", "null"),
            ("Tokio 東京", "Tokio_東京"),
            ("a\0b\nc", "a_b_c"),
        ] {
            assert_eq!(safe_stem(id), stem, "{id:?}");
        }
    }

    proptest! {
        #[test]
        fn a_stem_is_one_plain_path_component(id in "(\\PC|[./\\\\\\x00-\\x1f]){0,300}") {
            let stem = safe_stem(&id);
            prop_assert!(!stem.is_empty() && stem.len() <= LONGEST_STEM + 1);
            let mut components = Path::new(&stem).components();
            prop_assert!(matches!(components.next(), Some(std::path::Component::Normal(_))));
            prop_assert_eq!(components.next(), None);
            prop_assert!(!stem.starts_with('.') && !stem.chars().any(char::is_control));
        }
    }

    #[test]
    fn colliding_ids_are_numbered_and_the_folder_appears_at_the_end() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("brat");
        let mut folder = BratFolder::create(&path).unwrap();
        for id in ["a/b", "a_b", "a_b-2", "a?b", "../../escape"] {
            let mut annotated = samples::shared_surname();
            annotated.document.id = id.to_owned();
            folder.write(&annotated, &mut Losses::default()).unwrap();
        }
        assert!(!path.exists());
        folder.finish().unwrap();
        let mut names: Vec<_> =
            fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        assert_eq!(
            names.join(" "),
            "_.._escape.ann _.._escape.txt a_b-2-2.ann a_b-2-2.txt a_b-2.ann a_b-2.txt a_b-3.ann a_b-3.txt a_b.ann a_b.txt annotation.conf"
        );
        assert_eq!(fs::read_dir(around.path()).unwrap().count(), 1, "nothing temporary is left");
        assert_eq!(fs::read_to_string(path.join("a_b.txt")).unwrap(), samples::shared_surname().document.text);
    }

    #[test]
    fn a_folder_in_use_is_refused_and_an_empty_one_is_filled() {
        let around = tempfile::tempdir().unwrap();
        let path = around.path().join("brat");
        fs::create_dir(&path).unwrap();
        BratFolder::create(&path).unwrap().finish().unwrap();
        assert!(path.join("annotation.conf").exists());
        assert!(matches!(BratFolder::create(&path), Err(OutputError::FolderNotEmpty { .. })));
        assert!(matches!(BratFolder::create(&path.join("annotation.conf")), Err(OutputError::IsFile { .. })));
        assert!(matches!(BratFolder::create(&path.join("no/where")), Err(OutputError::MissingFolder { .. })));
    }
}
