//! Where documents lie: arguments become files, files become bytes.

use super::error::{Fault, InputError};
use super::progress::ReadProgress;
use super::{InputFormat, InputOptions};
use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::StreamingDecoder;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use walkdir::WalkDir;

/// Bytes with a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// As the user named it, with `/` between folders: ids and messages use it.
    pub name: String,
    place: Place,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Place {
    StandardInput,
    File(PathBuf),
}

/// The sources that one argument stands for, in a fixed order; folders are listed as they are walked.
pub(super) type Sources = Box<dyn Iterator<Item = Result<Source, InputError>> + Send>;

/// Finds out what `argument` names: standard input, a file, everything below a folder, or what a glob matches.
pub(super) fn expand(argument: &OsStr, options: &InputOptions) -> Sources {
    let name = argument.to_string_lossy().into_owned();
    if argument == "-" {
        return once(Ok(Source { name: "standard input".to_owned(), place: Place::StandardInput }));
    }
    let path = Path::new(argument);
    match path.metadata() {
        Ok(metadata) if metadata.is_dir() => walk(path, options.format.is_some()),
        Ok(_) => once(Ok(Source::file(path))),
        Err(_) if name.contains(['*', '?', '[']) => matches_of(&name, options.format.is_some()),
        Err(error) => once(Err(Fault::from(error).of(&name))),
    }
}

/// Bytes of all files that `arguments` name, `None` if standard input is among them; faults are left to the reading.
pub(super) fn total_bytes(arguments: &[OsString], options: &InputOptions) -> Option<u64> {
    let sources = arguments.iter().flat_map(|argument| expand(argument, options));
    let sizes = sources.filter_map(Result::ok).map(|source| match source.place {
        Place::StandardInput => None,
        Place::File(path) => Some(path.metadata().map_or(0, |metadata| metadata.len())),
    });
    sizes.sum()
}

fn once(source: Result<Source, InputError>) -> Sources {
    Box::new(std::iter::once(source))
}

/// Files below `folder`, sorted by name; without `every`, those with an ending that says their format.
fn walk(folder: &Path, every: bool) -> Sources {
    let entries = WalkDir::new(folder).follow_links(true).sort_by_file_name().into_iter();
    Box::new(entries.filter_map(move |entry| match entry {
        Ok(entry) if entry.file_type().is_file() && (every || ending_format(entry.path()).is_some()) => {
            Some(Ok(Source::file(entry.path())))
        }
        Ok(_) => None,
        Err(error) => {
            let name = error.path().map(name_of).unwrap_or_default();
            Some(Err(Fault::from(io::Error::from(error)).of(&name)))
        }
    }))
}

fn matches_of(pattern: &str, every: bool) -> Sources {
    let paths = match glob::glob(pattern) {
        Ok(paths) => paths,
        Err(error) => return once(Err(Fault::BadPattern(error.to_string()).of(pattern))),
    };
    let mut found = paths
        .flat_map(move |path| match path {
            Ok(path) if path.is_dir() => walk(&path, every),
            Ok(path) => once(Ok(Source::file(&path))),
            Err(error) => {
                let name = name_of(error.path());
                once(Err(Fault::from(io::Error::from(error)).of(&name)))
            }
        })
        .peekable();
    if found.peek().is_none() { once(Err(Fault::NoMatch.of(pattern))) } else { Box::new(found) }
}

fn name_of(path: &Path) -> String {
    let name = path.to_string_lossy();
    if std::path::MAIN_SEPARATOR == '/' { name.into_owned() } else { name.replace(std::path::MAIN_SEPARATOR, "/") }
}

/// The format that the ending of `path` stands for, a compression's ending taken off first.
fn ending_format(path: &Path) -> Option<InputFormat> {
    let ending = |path: &Path| path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let last = ending(path)?;
    if last == "gz" || last == "zst" {
        InputFormat::from_ending(&ending(Path::new(path.file_stem()?))?)
    } else {
        InputFormat::from_ending(&last)
    }
}

impl Source {
    fn file(path: &Path) -> Self {
        Self { name: name_of(path), place: Place::File(path.to_owned()) }
    }

    /// Opens the source and unpacks it where its first bytes say that it is compressed.
    pub(super) fn open(&self, progress: &ReadProgress) -> Result<Box<dyn BufRead + Send>, Fault> {
        let raw: Box<dyn Read + Send> = match &self.place {
            Place::StandardInput => Box::new(io::stdin()),
            Place::File(path) => Box::new(File::open(path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => Fault::Missing,
                _ => Fault::Unreadable(error),
            })?),
        };
        let mut packed = BufReader::with_capacity(1 << 16, progress.count(raw));
        let start = packed.fill_buf().map_err(Fault::Unreadable)?;
        Ok(match start {
            [0x1f, 0x8b, ..] => Box::new(BufReader::new(MultiGzDecoder::new(packed))),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Box::new(BufReader::new(ZstdFrames { packed: Some(packed), frame: None })),
            _ => Box::new(packed),
        })
    }

    /// The format to read: `options` first, then the file's ending, then, on standard input, the first byte.
    pub(super) fn format(&self, options: &InputOptions, reader: &mut dyn BufRead) -> Result<InputFormat, Fault> {
        if let Some(format) = options.format {
            return Ok(format);
        }
        match &self.place {
            Place::File(path) => ending_format(path).ok_or(Fault::UnknownFormat),
            Place::StandardInput => {
                let start = reader.fill_buf()?;
                let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
                let first = start.iter().find(|byte| !byte.is_ascii_whitespace());
                Ok(if first == Some(&b'{') { InputFormat::Jsonl } else { InputFormat::Text })
            }
        }
    }
}

/// Reads one Zstandard frame after another; the decoder itself stops after the first.
struct ZstdFrames<R: BufRead> {
    packed: Option<R>,
    frame: Option<StreamingDecoder<R, ruzstd::decoding::FrameDecoder>>,
}

impl<R: BufRead> Read for ZstdFrames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(buffer)?;
                if count > 0 || buffer.is_empty() {
                    return Ok(count);
                }
                self.packed = self.frame.take().map(StreamingDecoder::into_inner);
            }
            let Some(mut packed) = self.packed.take() else { return Ok(0) };
            if packed.fill_buf()?.is_empty() {
                self.packed = Some(packed);
                return Ok(0);
            }
            let frame = StreamingDecoder::new(packed)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error.to_string()))?;
            self.frame = Some(frame);
        }
    }
}
