//! Keeps account of temporary files and folders, so that an interrupted run can remove what it had begun.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Signal handlers reach nothing but globals, hence a static. It holds one path an output, so a list will do.
static UNFINISHED: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// Removes the temporary files and folders of every output that is not finished.
///
/// Call it before leaving the process on a signal; outputs that are dropped clean up behind themselves. A thread that wants
/// to begin, go on with or end an output afterwards waits for the end of the process.
pub fn discard_unfinished() {
    let account = account();
    for path in account.iter() {
        // There is nobody left to tell of a failure, and a leftover file under a temporary name does no harm.
        let _ = if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) };
    }
    std::mem::forget(account);
}

/// Runs `write`, which puts a new file into an unfinished folder: never while that folder is being removed, nor afterwards.
pub(super) fn undisturbed<T>(write: impl FnOnce() -> T) -> T {
    let _account = account();
    write()
}

fn account() -> MutexGuard<'static, Vec<PathBuf>> {
    UNFINISHED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An entry in the account, gone when dropped.
#[derive(Debug)]
pub(super) struct Unfinished(PathBuf);

impl Unfinished {
    pub(super) fn new(path: &Path) -> Self {
        account().push(path.to_owned());
        Self(path.to_owned())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        account().retain(|path| *path != self.0);
    }
}
