//! How files are opened: they become UTF-8, whatever packed them (gzip, zstd, bzip2) and whether they are UTF-8 or UTF-16 with
//! a mark. Every reader of the crate opens its files here.

use super::error::{Fault, InputError};
use super::lines::BYTE_ORDER_MARK;
use super::packed::unpacked;
use super::progress::ReadProgress;
use super::utf16::{ByteOrder, Utf16Reader};
use super::{Format, ReadOptions};
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
    /// Standard input.
    pub(crate) fn standard_input() -> Self {
        Self { name: "standard input".to_owned(), place: Place::StandardInput }
    }

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

    fn read(folder: &TempDir, name: &str) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        Source::file(&folder.path().join(name)).open(&ReadProgress::default())?.read_to_end(&mut bytes)?;
        Ok(bytes)
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
}
