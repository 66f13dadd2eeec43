//! Where the bytes go: standard output, a file, or a folder.
//!
//! A file is written under a temporary name in the folder where it shall stand, flushed to the disk and renamed at the
//! very end, so that a crash, a full disk or an interrupt never leaves half a file under the final name.

use super::OutputError;
use super::durable::{folder_of, sync_folder};
#[cfg(feature = "formats")]
use super::folder::BratFolder;
use super::unfinished::Unfinished;
use crate::annotation::AnnotatedDocument;
use crate::format::{DocumentWriter, Format, Losses, OutputOptions};
#[cfg(feature = "formats")]
use flate2::{Compression, GzBuilder, write::GzEncoder};
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A format and the place it is written to. Give it documents with [`write`](Self::write), then [`finish`](Self::finish):
/// an output that is dropped unfinished leaves no file.
pub struct Output {
    target: Target,
    losses: Losses,
}

enum Target {
    Stream {
        writer: Box<dyn DocumentWriter>,
        sink: Sink,
    },
    #[cfg(feature = "formats")]
    Folder(BratFolder),
}

impl Output {
    /// Writes to standard output; every document is flushed, so that a reader at the other end of a pipe sees it at once.
    ///
    /// # Errors
    /// When standard output cannot be written to.
    pub fn to_stdout(format: Format, options: &OutputOptions) -> Result<Self, OutputError> {
        Self::stream(format, options, Sink::stdout())
    }

    /// Writes to a file, compressed where `path` ends in `.gz`; [`Format::Brat`] to a new or empty folder.
    ///
    /// # Errors
    /// When nothing can be written at `path`: found before the first document, not after the last.
    pub fn to_path(path: &Path, format: Format, options: &OutputOptions) -> Result<Self, OutputError> {
        #[cfg(feature = "formats")]
        if format == Format::Brat {
            let target = Target::Folder(BratFolder::create(path)?);
            return Ok(Self { target, losses: Losses::default() });
        }
        Self::stream(format, options, Sink::create(path)?)
    }

    fn stream(format: Format, options: &OutputOptions, mut sink: Sink) -> Result<Self, OutputError> {
        let mut writer = format.writer(options)?;
        let begun = writer.begin(&mut sink);
        begun.map_err(|error| sink.name_file(error))?;
        Ok(Self { target: Target::Stream { writer, sink }, losses: Losses::default() })
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When the place cannot be written to any more, or the document does not fit the format.
    pub fn write(&mut self, annotated: &AnnotatedDocument) -> Result<(), OutputError> {
        let losses = &mut self.losses;
        match &mut self.target {
            #[cfg(feature = "formats")]
            Target::Folder(folder) => folder.write(annotated, losses),
            Target::Stream { writer, sink } => {
                let written = writer.document(annotated, sink, losses).and_then(|()| Ok(sink.after_document()?));
                written.map_err(|error| sink.name_file(error))
            }
        }
    }

    /// What the format could not carry so far.
    #[must_use]
    pub const fn losses(&self) -> &Losses {
        &self.losses
    }

    /// Writes what comes after the last document and gives the file its name.
    ///
    /// # Errors
    /// When the rest cannot be written or the file not be renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        match self.target {
            #[cfg(feature = "formats")]
            Target::Folder(folder) => folder.finish(),
            Target::Stream { mut writer, mut sink } => {
                let ended = writer.end(&mut sink);
                ended.map_err(|error| sink.name_file(error))?;
                sink.finish()
            }
        }
    }
}

impl std::fmt::Debug for Output {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let place = match &self.target {
            #[cfg(feature = "formats")]
            Target::Folder(folder) => Some(folder.path()),
            Target::Stream { sink: Sink::File(file), .. } => Some(file.path.as_path()),
            Target::Stream { .. } => None,
        };
        f.debug_tuple("Output").field(&place).finish()
    }
}

/// What a stream of bytes ends in.
pub(super) enum Sink {
    /// Standard output, or a device or named pipe, none of which can be renamed.
    Pipe(BufWriter<Box<dyn Write + Send>>),
    File(NewFile),
}

impl Sink {
    pub(super) fn stdout() -> Self {
        Self::Pipe(BufWriter::new(Box::new(io::stdout())))
    }

    pub(super) fn create(path: &Path) -> Result<Self, OutputError> {
        let at = |source| OutputError::at(path.to_owned(), source);
        match fs::metadata(path) {
            Ok(there) if there.is_dir() => Err(OutputError::IsFolder { path: path.to_owned() }),
            Ok(there) => {
                // A file that its owner protected stays: the rename alone would not ask.
                let existing = OpenOptions::new().write(true).open(path).map_err(at)?;
                if there.is_file() {
                    // Through a symbolic link to what it points at, which is what opening the file would do.
                    let place = fs::canonicalize(path).map_err(at)?;
                    NewFile::create(path, &place, Some(there.permissions())).map(Self::File)
                } else {
                    Ok(Self::Pipe(BufWriter::new(Box::new(existing))))
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let names_folder = path.as_os_str().to_string_lossy().ends_with(std::path::is_separator);
                let folder = if names_folder { path } else { folder_of(path) };
                if !folder.exists() {
                    return Err(OutputError::MissingFolder { path: path.to_owned(), folder: folder.to_owned() });
                }
                NewFile::create(path, path, None).map(Self::File)
            }
            Err(error) => Err(at(error)),
        }
    }

    pub(super) fn after_document(&mut self) -> io::Result<()> {
        match self {
            Self::Pipe(pipe) => pipe.flush(),
            Self::File(_) => Ok(()),
        }
    }

    pub(super) fn name_file(&self, error: OutputError) -> OutputError {
        match (self, error) {
            (Self::File(file), OutputError::Write(source)) => OutputError::at(file.path.clone(), source),
            (_, error) => error,
        }
    }

    pub(super) fn finish(self) -> Result<(), OutputError> {
        match self {
            Self::Pipe(mut pipe) => Ok(pipe.flush()?),
            Self::File(file) => {
                let path = file.path.clone();
                file.finish().map_err(|source| OutputError::at(path, source))
            }
        }
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Pipe(pipe) => pipe.write(bytes),
            Self::File(file) => file.encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Pipe(pipe) => pipe.flush(),
            Self::File(file) => file.encoder.flush(),
        }
    }
}

/// A file that gets its name when it is whole.
pub(super) struct NewFile {
    /// As the user named it, for messages.
    path: PathBuf,
    /// Where it shall stand.
    place: PathBuf,
    encoder: Encoder,
    temporary: TempPath,
    unfinished: Unfinished,
}

enum Encoder {
    Plain(BufWriter<File>),
    #[cfg(feature = "formats")]
    Gzip(BufWriter<GzEncoder<File>>),
}

impl NewFile {
    fn create(path: &Path, place: &Path, permissions: Option<fs::Permissions>) -> Result<Self, OutputError> {
        let at = |source| OutputError::at(path.to_owned(), source);
        let gzip = match path.extension().map(|ending| ending.to_string_lossy().to_lowercase()).as_deref() {
            Some("gz") => true,
            Some("zst") => return Err(OutputError::Compression { path: path.to_owned(), ending: "zst" }),
            _ => false,
        };
        let mut builder = tempfile::Builder::new();
        builder.prefix(".namesake-").suffix(".part");
        // Without this the file would be readable by its owner only, whatever the umask says.
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
        let (file, temporary) = builder.tempfile_in(folder_of(place)).map_err(at)?.into_parts();
        if let Some(permissions) = permissions {
            file.set_permissions(permissions).map_err(at)?;
        }
        let encoder = if gzip { gzip_encoder(file)? } else { Encoder::Plain(BufWriter::new(file)) };
        let unfinished = Unfinished::new(&temporary);
        Ok(Self { path: path.to_owned(), place: place.to_owned(), encoder, temporary, unfinished })
    }

    fn finish(self) -> io::Result<()> {
        let file = match self.encoder {
            Encoder::Plain(buffer) => buffer.into_inner().map_err(io::IntoInnerError::into_error)?,
            #[cfg(feature = "formats")]
            Encoder::Gzip(buffer) => buffer.into_inner().map_err(io::IntoInnerError::into_error)?.finish()?,
        };
        file.sync_all()?;
        drop(file);
        self.temporary.persist(&self.place).map_err(|error| error.error)?;
        drop(self.unfinished);
        sync_folder(folder_of(&self.place));
        Ok(())
    }
}

impl Write for Encoder {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(buffer) => buffer.write(bytes),
            #[cfg(feature = "formats")]
            Self::Gzip(buffer) => buffer.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(buffer) => buffer.flush(),
            #[cfg(feature = "formats")]
            Self::Gzip(buffer) => buffer.flush(),
        }
    }
}

#[cfg(feature = "formats")]
#[expect(clippy::unnecessary_wraps, reason = "a build without formats refuses")]
fn gzip_encoder(file: File) -> Result<Encoder, OutputError> {
    // No name and no time in the header, so that the same documents give the same bytes.
    Ok(Encoder::Gzip(BufWriter::new(GzBuilder::new().write(file, Compression::default()))))
}

#[cfg(not(feature = "formats"))]
fn gzip_encoder(_: File) -> Result<Encoder, OutputError> {
    Err(OutputError::NotBuilt { format: "gzip" })
}

#[cfg(test)]
#[cfg(feature = "formats")]
mod tests {
    use super::*;
    use crate::format::samples;
    use std::io::Read;

    fn open(path: &Path) -> Result<Output, OutputError> {
        Output::to_path(path, Format::Namesake, &OutputOptions::new())
    }

    fn names(folder: &Path) -> Vec<String> {
        let names = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_gets_its_name_when_it_is_whole() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("out.jsonl");
        fs::write(&path, "before").unwrap();
        let mut output = open(&path).unwrap();
        output.write(&samples::shared_surname()).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "before");
        assert_eq!(names(folder.path()).len(), 2);
        output.finish().unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("{\"schema\""));
        assert_eq!(names(folder.path()), ["out.jsonl"]);
    }

    #[test]
    fn an_unfinished_output_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let mut output = open(&folder.path().join("out.jsonl")).unwrap();
        output.write(&samples::shared_surname()).unwrap();
        drop(output);
        let brat = Output::to_path(&folder.path().join("brat"), Format::Brat, &OutputOptions::new()).unwrap();
        drop(brat);
        assert!(names(folder.path()).is_empty());
    }

    #[test]
    fn the_ending_gz_compresses_and_the_same_documents_give_the_same_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let paths = ["a.jsonl.gz", "b.jsonl.GZ"].map(|name| folder.path().join(name));
        for path in &paths {
            let mut output = open(path).unwrap();
            output.write(&samples::shared_surname()).unwrap();
            output.finish().unwrap();
        }
        let bytes = fs::read(&paths[0]).unwrap();
        assert_eq!(bytes, fs::read(&paths[1]).unwrap());
        let mut text = String::new();
        flate2::read::GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        assert!(text.ends_with("]}\n"));
    }

    #[test]
    fn places_that_cannot_be_written_are_refused_at_once() {
        let folder = tempfile::tempdir().unwrap();
        let missing = folder.path().join("no/where.jsonl");
        assert!(matches!(open(&missing), Err(OutputError::MissingFolder { .. })));
        assert!(matches!(open(&folder.path().join("new/")), Err(OutputError::MissingFolder { .. })));
        assert!(matches!(open(folder.path()), Err(OutputError::IsFolder { .. })));
        assert!(matches!(open(&folder.path().join("a.zst")), Err(OutputError::Compression { .. })));
        fs::write(folder.path().join("file"), "").unwrap();
        assert!(matches!(open(&folder.path().join("file/in.jsonl")), Err(OutputError::File { .. })));
        assert_eq!(names(folder.path()), ["file"]);
        let message = open(&missing).unwrap_err().to_string();
        assert!(message.ends_with("/no does not exist; create it first"), "{message}");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_rights_stay_as_they_were() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let (real, link) = (folder.path().join("real"), folder.path().join("link"));
        fs::write(&real, "").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let mut output = open(&link).unwrap();
        output.write(&samples::empty()).unwrap();
        output.finish().unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::metadata(&real).unwrap().len() > 0);
        assert_eq!(fs::metadata(&real).unwrap().permissions().mode() & 0o777, 0o640);
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_written_to_directly() {
        let mut output = open(Path::new("/dev/null")).unwrap();
        output.write(&samples::shared_surname()).unwrap();
        output.finish().unwrap();
    }
}
