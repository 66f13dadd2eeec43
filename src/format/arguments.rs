//! The files that an argument stands for: itself, all below it, or all that it matches.

use super::ReadOptions;
use super::error::Fault;
#[cfg(not(feature = "formats"))]
use super::open::name_of;
use super::open::{Source, Sources, once};
#[cfg(feature = "formats")]
use super::walk;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// Finds out what `argument` names: standard input, a file, everything below a folder, or what a glob matches.
pub(crate) fn expand(argument: &OsStr, options: &ReadOptions) -> Sources {
    let name = argument.to_string_lossy().into_owned();
    if argument == "-" {
        return once(Ok(Source::standard_input()));
    }
    let path = Path::new(argument);
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => several(&Several::Folder(path), options),
        Ok(_) => once(Ok(Source::file(path))),
        Err(_) if name.contains(['*', '?', '[']) => several(&Several::Pattern(&name), options),
        Err(error) => once(Err(Fault::at_opening(error).of(&name))),
    }
}

/// What names several files.
enum Several<'a> {
    Folder(&'a Path),
    Pattern(&'a str),
}

#[cfg(feature = "formats")]
fn several(named: &Several<'_>, options: &ReadOptions) -> Sources {
    let every = options.format.is_some();
    match named {
        Several::Folder(path) => walk::walk(path, every),
        Several::Pattern(pattern) => walk::matches_of(pattern, every),
    }
}

#[cfg(not(feature = "formats"))]
fn several(named: &Several<'_>, _: &ReadOptions) -> Sources {
    let (name, format) = match named {
        Several::Folder(path) => (name_of(path), "folders"),
        Several::Pattern(pattern) => ((*pattern).to_owned(), "patterns"),
    };
    once(Err(Fault::NotBuilt { format }.of(&name)))
}

/// Bytes of all files that `arguments` name, `None` if standard input is among them; faults are left to the reading.
pub(crate) fn total_bytes(arguments: &[OsString], options: &ReadOptions) -> Option<u64> {
    let sources = arguments.iter().flat_map(|argument| expand(argument, options));
    let sizes = sources
        .filter_map(Result::ok)
        .map(|source| Some(source.path()?.metadata().map_or(0, |metadata| metadata.len())));
    sizes.sum()
}

#[cfg(test)]
#[cfg(feature = "formats")]
mod tests {
    use super::*;
    use crate::format::open::name_of;
    use crate::format::{Format, InputError};
    use std::fs;
    use tempfile::TempDir;

    fn folder(files: &[(&str, &[u8])]) -> TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        folder
    }

    /// Names of what `argument` below `folder` stands for, without the folder.
    fn names(folder: &TempDir, argument: &str, options: &ReadOptions) -> Vec<String> {
        let start = format!("{}/", name_of(folder.path()));
        let sources = expand(folder.path().join(argument).as_os_str(), options);
        sources.map(|source| source.unwrap().name.replacen(&start, "", 1)).collect()
    }

    #[test]
    fn folders_and_globs_are_sorted_and_leave_out_what_is_no_document() {
        let files = ["b.txt", "a/z.jsonl.gz", "a/a.CONLL", "c.png", "d.txt.bak", "noending", "e.gz"];
        let folder = folder(&files.map(|name| (name, &b""[..])));
        let default = ReadOptions::default();
        assert_eq!(names(&folder, "", &default), ["a/a.CONLL", "a/z.jsonl.gz", "b.txt"]);
        assert_eq!(names(&folder, "", &ReadOptions::default().with_format(Format::Text)).len(), files.len());
        assert_eq!(names(&folder, "?", &default), ["a/a.CONLL", "a/z.jsonl.gz"]);
        // What is named by itself or matched is read, or said to have no format, but never passed over.
        assert_eq!(names(&folder, "c.png", &default), ["c.png"]);
        assert_eq!(names(&folder, "[cd].*", &default), ["c.png", "d.txt.bak"]);
    }

    #[test]
    fn a_name_with_the_signs_of_a_glob_is_a_file_where_there_is_one() {
        let folder = folder(&[("a[1].txt", b""), ("a1.txt", b"")]);
        assert_eq!(names(&folder, "a[1].txt", &ReadOptions::default()), ["a[1].txt"]);
    }

    #[test]
    fn what_is_not_there_says_so() {
        let folder = folder(&[("a.txt", b"")]);
        let fault = |argument: &str| {
            let path = folder.path().join(argument);
            expand(path.as_os_str(), &ReadOptions::default()).next().unwrap().unwrap_err().fault
        };
        assert!(matches!(fault("none.txt"), Fault::Missing));
        assert!(matches!(fault("*.jsonl"), Fault::NoMatch));
        assert!(matches!(fault("[a"), Fault::BadPattern(_)));
        assert!(matches!(fault("a.txt/b.txt"), Fault::Unreadable(_)));
    }

    #[cfg(unix)]
    #[test]
    fn a_folder_inside_itself_is_a_fault_of_the_folder_not_of_compression() {
        let folder = folder(&[("a.txt", b"")]);
        std::os::unix::fs::symlink(folder.path(), folder.path().join("self")).unwrap();
        let found: Vec<_> = expand(folder.path().as_os_str(), &ReadOptions::default()).collect();
        assert_eq!(found.len(), 2);
        assert!(matches!(&found[1], Err(InputError { fault: Fault::Unreadable(_), .. })), "{found:?}");
    }

    #[test]
    fn the_total_is_known_for_files_only() {
        let folder = folder(&[("a.txt", b"12345"), ("b.txt", b"678")]);
        let argument = |name: &str| folder.path().join(name).into_os_string();
        let default = ReadOptions::default();
        assert_eq!(total_bytes(&[argument(""), argument("none")], &default), Some(8));
        assert_eq!(total_bytes(&[argument("a.txt"), "-".into()], &default), None);
    }
}
