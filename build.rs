//! With the feature `libtorch`: writes the place of libtorch into the programs that are built, so that they find it
//! without `LD_LIBRARY_PATH`.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Told by the build script of `torch-sys`; not on Windows, where programs look beside themselves and in PATH.
    if let Ok(folder) = std::env::var("DEP_TCH_LIBTORCH_LIB") {
        println!("cargo:rustc-link-arg=-Wl,-rpath,{folder}");
    }
}
