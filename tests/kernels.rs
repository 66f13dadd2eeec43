//! The kernels of the fused engine, by the environment variable that forces one.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests may stop at the first surprise")]

mod common;

use common::{TEXT, namesake, workplace};
use std::process::Output;

fn extract(kernel: &str) -> Output {
    let place = workplace(&[("article.txt", TEXT)]);
    let arguments = ["extract", "article.txt", "--engine", "fused", "--format", "jsonl"];
    namesake(&place).env("NAMESAKE_KERNEL", kernel).args(arguments).output().unwrap()
}

#[test]
fn every_kernel_writes_the_same_bytes() {
    let portable = extract("portable");
    assert!(portable.status.success(), "{}", String::from_utf8_lossy(&portable.stderr));
    assert!(String::from_utf8_lossy(&portable.stdout).contains("Henrik Aalto"));
    for kernel in ["avx2", "avxvnni", "avx512"] {
        let output = extract(kernel);
        // One that this processor lacks is refused.
        if output.status.success() {
            assert_eq!(output.stdout, portable.stdout, "{kernel}");
        }
    }
}

#[test]
fn an_unknown_kernel_is_refused_with_those_that_there_are() {
    let output = extract("sse9");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success());
    assert!(told.contains("NAMESAKE_KERNEL is sse9: the kernels are"), "{told}");
    assert!(told.contains("portable"), "{told}");
}
