//! Where files lie and how they are opened: arguments become files, files become UTF-8, whatever packed them (gzip, zstd,
//! bzip2) and whether they are UTF-8 or UTF-16 with a mark. Every reader of the crate opens its files here.

use super::error::{Fault, InputError};
use super::lines::BYTE_ORDER_MARK;
use super::packed::unpacked;
use super::progress::ReadProgress;
use super::utf16::{ByteOrder, Utf16Reader};
use super::{Format, ReadOptions};
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

/// Bytes with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Source {
    /// As the user named it, with `/` between folders: ids and messages use it.
    pub name: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    StandardInput,
    File(PathBuf),
}

/// Endings of packed files.
const PACKED: [&str; 3] = ["gz", "zst", "bz2"];

/// The sources that one argument stands for, in a fixed order; folders are listed as they are walked.
pub(crate) type Sources = Box<dyn Iterator<Item = Result<Source, InputError>> + Send>;

/// Finds out what `argument` names: standard input, a file, everything below a folder, or what a glob matches.
pub(crate) fn expand(argument: &OsStr, options: &ReadOptions) -> Sources {
    let name = argument.to_string_lossy().into_owned();
    if argument == "-" {
        return once(Ok(Source { name: "standard input".to_owned(), place: Place::StandardInput }));
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
        Several::Folder(path) => super::walk::walk(path, every),
        Several::Pattern(pattern) => super::walk::matches_of(pattern, every),
    }
}

#[cfg(not(feature = "formats"))]
fn several(named: &Several<'_>, _: &ReadOptions) -> Sources {
    let (name, format) = match named {
        Several::Folder(path) => (name_of(path), "folders"),
        Several::Pattern(pattern) => (pattern.to_owned(), "patterns"),
    };
    once(Err(Fault::NotBuilt { format }.of(&name)))
}

/// Bytes of all files that `arguments` name, `None` if standard input is among them; faults are left to the reading.
pub(crate) fn total_bytes(arguments: &[OsString], options: &ReadOptions) -> Option<u64> {
    let sources = arguments.iter().flat_map(|argument| expand(argument, options));
    let sizes = sources.filter_map(Result::ok).map(|source| match source.place {
        Place::StandardInput => None,
        Place::File(path) => Some(path.metadata().map_or(0, |metadata| metadata.len())),
    });
    sizes.sum()
}

pub(super) fn once(source: Result<Source, InputError>) -> Sources {
    Box::new(std::iter::once(source))
}

pub(super) fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { name.into_owned() } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// The format that the ending of `path` stands for, a compression's ending taken off first.
pub(super) fn ending_format(path: &Path) -> Option<Format> {
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let last = ending(path)?;
    if PACKED.contains(&last.as_str()) {
        Format::from_ending(&ending(Path::new(path.file_stem()?))?)
    } else {
        Format::from_ending(&last)
    }
}

impl Source {
    /// The file at `path`.
    pub(crate) fn file(path: &Path) -> Self {
        Self { name: name_of(path), place: Place::File(path.to_owned()) }
    }

    /// The path, unless it is standard input.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.place {
            Place::File(path) => Some(path),
            Place::StandardInput => None,
        }
    }

    /// Opens the source; unpacks it where its first bytes say that it is compressed, decodes it where they are the mark of
    /// UTF-16.
    pub(crate) fn open(&self, progress: &ReadProgress) -> Result<Box<dyn BufRead + Send>, Fault> {
        let raw: Box<dyn Read + Send> = match &self.place {
            Place::StandardInput => Box::new(io::stdin()),
            Place::File(path) => Box::new(File::open(path).map_err(Fault::at_opening)?),
        };
        let mut plain = unpacked(progress.count(BufReader::with_capacity(1 << 16, raw)))?;
        Ok(match ByteOrder::of_mark(plain.fill_buf()?) {
            Some(order) => Box::new(BufReader::new(Utf16Reader::new(plain, order))),
            None => plain,
        })
    }

    /// The format in which to read documents for their texts: that of `options` first, then what the file's ending says,
    /// then, on standard input, what the first byte says. Annotations are looked for by [`detect`](super::detect::detect).
    pub(crate) fn text_format(&self, options: &ReadOptions, reader: &mut dyn BufRead) -> Result<Format, Fault> {
        if let Some(format) = options.format {
            return Ok(format);
        }
        match &self.place {
            Place::File(path) => ending_format(path)
                .ok_or_else(|| Fault::UnknownFormat { reason: "its ending tells no format".to_owned() }),
            Place::StandardInput => {
                let start = reader.fill_buf()?;
                let start = start.strip_prefix(BYTE_ORDER_MARK).unwrap_or(start);
                let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
                Ok(if first == Some(&b'{') { Format::Jsonl } else { Format::Text })
            }
        }
    }
}

#[cfg(test)]
#[cfg(feature = "formats")]
mod tests {
    use super::*;
    use flate2::Compression;
    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::fs;
    use std::io::Write;
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

    fn read(folder: &TempDir, name: &str) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        Source::file(&folder.path().join(name)).open(&ReadProgress::default())?.read_to_end(&mut bytes)?;
        Ok(bytes)
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
    fn packed_bytes_are_unpacked_and_utf16_is_decoded_whatever_the_ending() {
        let text = b"Oslo\r\n".repeat(20_000);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
        gzip.write_all(&text).unwrap();
        let gzip = gzip.finish().unwrap();
        let zstd = compress_to_vec(&text[..], CompressionLevel::Fastest);
        let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        bzip2.write_all(&text).unwrap();
        let bzip2 = bzip2.finish().unwrap();
        let utf16: Vec<u8> = b"\xff\xfe".iter().copied().chain(text.iter().flat_map(|&byte| [byte, 0])).collect();
        let twice = [text.clone(), text.clone()].concat();
        let folder = folder(&[
            ("plain.gz", &text),
            ("a.txt", &gzip),
            ("b.gz", &[gzip.clone(), gzip.clone()].concat()),
            ("c.zst", &zstd),
            ("d.zst", &[zstd.clone(), zstd.clone()].concat()),
            ("empty.gz", b""),
            ("bz2.txt", &bzip2),
            ("utf16.txt", &utf16),
            ("cut.bz2", &bzip2[..bzip2.len() / 2]),
            ("cut.gz", &gzip[..gzip.len() - 9]),
            ("cut.zst", &zstd[..zstd.len() / 2]),
            ("garbage.zst", &[zstd.clone(), b"garbage".to_vec()].concat()),
        ]);
        for (name, expected) in [
            ("plain.gz", &text),
            ("a.txt", &text),
            ("c.zst", &text),
            ("b.gz", &twice),
            ("d.zst", &twice),
            ("bz2.txt", &text),
            ("utf16.txt", &text),
        ] {
            assert!(read(&folder, name).unwrap() == *expected, "{name}");
        }
        assert_eq!(read(&folder, "empty.gz").unwrap(), b"");
        for name in ["cut.gz", "cut.zst", "cut.bz2", "garbage.zst"] {
            assert!(matches!(read(&folder, name), Err(Fault::Damaged(_))), "{name}");
        }
    }

    #[test]
    fn the_format_is_told_by_flag_then_ending_then_first_character() {
        let format =
            |source: &Source, options: &ReadOptions, start: &[u8]| source.text_format(options, &mut &start[..]);
        let file = |name: &str| Source::file(Path::new(name));
        let input = Source { name: String::new(), place: Place::StandardInput };
        let default = ReadOptions::default();
        assert!(matches!(format(&file("a.jsonl.GZ"), &default, b""), Ok(Format::Jsonl)));
        assert!(matches!(format(&file("a.md"), &default, b"{"), Ok(Format::Text)));
        for name in ["a", "a.gz", ".txt", "a.pdf", "a.gz.gz"] {
            assert!(matches!(format(&file(name), &default, b""), Err(Fault::UnknownFormat { .. })), "{name}");
        }
        let conll = ReadOptions::default().with_format(Format::Conll);
        assert!(matches!(format(&file("a.txt"), &conll, b""), Ok(Format::Conll)));
        assert!(matches!(format(&input, &default, b"\xef\xbb\xbf\n {"), Ok(Format::Jsonl)));
        assert!(matches!(format(&input, &default, b"Oslo {"), Ok(Format::Text)));
        assert!(matches!(format(&input, &default, b""), Ok(Format::Text)));
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
