//! Whether a file is the one that the hub announced.

use sha1::digest::Output;
use sha1::{Digest, Sha1};
use sha2::Sha256;
use std::fmt::LowerHex;
use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

/// Whether the content of a file has the checksum that the hub gives as its name: SHA-256 for a large file, the name of a
/// git blob for a small one. A name of another kind says nothing, and any content will do.
pub fn matches(name: &str, path: &Path) -> io::Result<bool> {
    let file = File::open(path)?;
    let sum = match name.len() {
        64 => sum(Sha256::new(), file)?,
        40 => {
            let mut digest = Sha1::new();
            write!(digest, "blob {}\0", file.metadata()?.len())?;
            sum(digest, file)?
        }
        _ => return Ok(true),
    };
    Ok(sum == name)
}

fn sum<D>(mut digest: D, mut content: File) -> io::Result<String>
where
    D: Digest + Write,
    Output<D>: LowerHex,
{
    io::copy(&mut content, &mut digest)?;
    Ok(format!("{:x}", digest.finalize()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_kinds_of_names_are_checked() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("file");
        std::fs::write(&path, "hello\n").unwrap();
        // As `git hash-object` and `sha256sum` print them.
        let git = "ce013625030ba8dba906f756967f9e9ca394464a";
        let large = "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03";
        for name in [git, large, "W/something"] {
            assert!(matches(name, &path).unwrap(), "{name}");
        }
        std::fs::write(&path, "hello").unwrap();
        for name in [git, large] {
            assert!(!matches(name, &path).unwrap(), "{name}");
        }
    }
}
