//! Lays the tables of `models/world/` out for the program to search. With the feature `libtorch`, also writes the place of libtorch
//! into the programs that are built, so that they find it without `LD_LIBRARY_PATH`.
#![allow(dead_code, reason = "the modules are the library's, which uses the rest of them")]

use std::path::{Path, PathBuf};

#[path = "src/sorted_table.rs"]
mod sorted_table;
#[path = "src/table_file.rs"]
mod table_file;

#[path = "src/name"]
mod name {
    pub mod compile;
    pub mod fold;
    pub(crate) use fold::fold;
}

#[path = "src/knowledge"]
mod knowledge {
    pub mod compile;
}

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Outcome<()> {
    println!("cargo:rerun-if-changed=build.rs");
    let sources = [
        "src/sorted_table.rs",
        "src/table_file.rs",
        "src/name/fold.rs",
        "src/name/compile.rs",
        "src/knowledge/compile.rs",
    ];
    for source in sources.into_iter().chain(["models/world"]) {
        println!("cargo:rerun-if-changed={source}");
    }
    let out = PathBuf::from(std::env::var_os("OUT_DIR").ok_or("cargo sets OUT_DIR")?);
    std::fs::write(out.join("names.bin"), name::compile::compile(read)?)?;
    std::fs::write(out.join("world.bin"), knowledge::compile::compile(read)?)?;
    // Told by the build script of `torch-sys`; not on Windows, where programs look beside themselves and in PATH.
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
    Ok(())
}

fn read(file: &str) -> Outcome<String> {
    let path = Path::new("models/world").join(file);
    std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()).into())
}
