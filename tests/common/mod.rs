//! What the command-line tests share.
#![allow(clippy::unwrap_used, dead_code, reason = "each test file uses some of it")]

use assert_cmd::Command;
use serde_json::Value;
use std::fs;
use tempfile::TempDir;

/// A short article with an alias, a place and two organisations.
pub const TEXT: &str = "Henrik Aalto resigned on Monday. Aalto had led Borealis Bank since 2019. The bank, based in Oslo, \
                        said that the United Nations had asked for his advice.";

/// A folder of its own with these files.
pub fn workplace(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    folder
}

/// The command, called from inside the folder.
pub fn namesake(place: &TempDir) -> Command {
    let mut command = Command::cargo_bin("namesake").unwrap();
    command.current_dir(place.path());
    command
}

/// The JSON values of JSONL bytes.
pub fn lines(bytes: &[u8]) -> Vec<Value> {
    std::str::from_utf8(bytes).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}
