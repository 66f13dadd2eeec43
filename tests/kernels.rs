//! The kernels of the fused engine, by the environment variable that forces one.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at the first surprise")]

mod common;

use common::{TEXT, namesake, workplace};
use std::process::Output;

fn extract(kernel: &str, engine: &str) -> Output {
    let place = workplace(&[("article.txt", TEXT)]);
    let arguments = ["extract", "article.txt", "--engine", engine, "--format", "jsonl"];
    namesake(&place).env("NAMESAKE_KERNEL", kernel).args(arguments).output().unwrap()
}

#[test]
fn every_kernel_writes_the_same_bytes() {
    let portable = extract("portable", "fused");
    assert!(portable.status.success(), "{}", String::from_utf8_lossy(&portable.stderr));
    assert!(String::from_utf8_lossy(&portable.stdout).contains("Henrik Aalto"));
    for kernel in ["avx2", "avxvnni", "avx512"] {
        let output = extract(kernel, "fused");
        // One that this processor lacks is refused.
        if output.status.success() {
            assert_eq!(output.stdout, portable.stdout, "{kernel}");
        }
    }
}

#[test]
fn a_kernel_that_cannot_run_is_told() {
    // Of the two of other processors at least one is known and lacking, wherever this runs.
    for kernel in ["sse9", "neon", "avx512"] {
        for engine in ["auto", "fused"] {
            let output = extract(kernel, engine);
            if kernel != "sse9" && output.status.success() {
                continue;
            }
            let told = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(1), "{told}");
            assert!(output.stdout.is_empty());
            assert!(told.contains(&format!("NAMESAKE_KERNEL is {kernel}, which ")), "{told}");
            assert!(told.contains("; this one runs ") && told.contains("portable"), "{told}");
        }
    }
}

#[test]
fn other_engines_do_not_ask_for_a_kernel() {
    assert!(extract("sse9", "onnx").status.success());
}
