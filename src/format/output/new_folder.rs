//! A folder that gets its name when it is whole.

use super::OutputError;
use super::durable::{folder_of, sync_folder};
use super::unfinished::Unfinished;
use std::path::{Path, PathBuf};
use std::{fs, io};
use tempfile::TempDir;

/// A folder in the making, under a temporary name beside the place where it shall stand.
#[derive(Debug)]
pub struct NewFolder {
    /// As the user named it, for messages.
    path: PathBuf,
    /// Where it shall stand.
    place: PathBuf,
    temporary: TempDir,
    unfinished: Unfinished,
}

impl NewFolder {
    /// Begins a folder that shall stand at `path`, where nothing or an empty folder may be.
    ///
    /// # Errors
    /// When nothing can be written there.
    pub fn create(path: &Path) -> Result<Self, OutputError> {
        let at = |source| OutputError::at(path.to_owned(), source);
        let place = match fs::metadata(path) {
            Ok(there) if !there.is_dir() => return Err(OutputError::IsFile { path: path.to_owned() }),
            Ok(_) if fs::read_dir(path).map_err(at)?.next().is_some() => {
                return Err(OutputError::FolderNotEmpty { path: path.to_owned() });
            }
            Ok(_) => fs::canonicalize(path).map_err(at)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => path.to_owned(),
            Err(error) => return Err(at(error)),
        };
        let folder = folder_of(&place);
        if !folder.exists() {
            return Err(OutputError::MissingFolder { path: path.to_owned(), folder: folder.to_owned() });
        }
        let mut builder = tempfile::Builder::new();
        builder.prefix(".namesake-").suffix(".part");
        #[cfg(unix)]
        builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o777));
        let temporary = builder.tempdir_in(folder).map_err(at)?;
        let unfinished = Unfinished::new(temporary.path());
        Ok(Self { path: path.to_owned(), place, temporary, unfinished })
    }

    /// The folder as the user named it.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where its files are written to meanwhile.
    #[must_use]
    pub fn inside(&self) -> &Path {
        self.temporary.path()
    }

    /// Gives the folder its name.
    ///
    /// # Errors
    /// When it cannot be renamed.
    pub fn finish(self) -> Result<(), OutputError> {
        let at = |source| OutputError::at(self.path.clone(), source);
        if self.place.exists() {
            // Only an empty folder goes: what somebody put there in the meantime is not ours to delete.
            fs::remove_dir(&self.place).map_err(at)?;
        }
        fs::rename(self.temporary.path(), &self.place).map_err(at)?;
        drop(self.unfinished);
        // The folder has moved: there is nothing left to remove under the temporary name.
        let _ = self.temporary.keep();
        sync_folder(folder_of(&self.place));
        Ok(())
    }
}
