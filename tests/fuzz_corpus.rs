//! Every file of `fuzz/corpus` goes through its fuzz target once: what once crashed a reader does not do so again. Then so do
//! spoiled copies, the same ones every time. Needs neither `cargo fuzz` nor a nightly toolchain.
#![allow(clippy::unwrap_used, missing_docs, unreachable_pub, reason = "a test may stop at the first surprise")]

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

#[test]
fn no_file_of_the_corpus_makes_a_reader_panic() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let files: Vec<_> = fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(!files.is_empty(), "fuzz/corpus/{name} is empty");
        for file in files {
            // Named first, so that the output of a failing test ends with the file that did it.
            println!("{}", file.display());
            target(&fs::read(&file).unwrap());
        }
    }
}

/// `FUZZ_ROUNDS=5000 cargo test --test fuzz_corpus` looks longer.
#[test]
fn no_spoiled_file_of_the_corpus_makes_a_reader_panic() {
    let rounds = std::env::var("FUZZ_ROUNDS").map_or(10, |rounds| rounds.parse().unwrap());
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
    for (name, target) in targets::TARGETS {
        let mut files: Vec<_> = fs::read_dir(corpus.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        let seeds: Vec<Vec<u8>> = files.iter().map(|file| fs::read(file).unwrap()).collect();
        let mut random = fastrand::Rng::with_seed(7);
        for round in 0..rounds * seeds.len() {
            let bytes = spoiled(&seeds[round % seeds.len()], &seeds, &mut random);
            if let Err(panic) = std::panic::catch_unwind(|| target(&bytes)) {
                eprintln!("{name} with {:?}", String::from_utf8_lossy(&bytes));
                std::panic::resume_unwind(panic);
            }
        }
    }
}

/// `bytes` with one to four faults.
fn spoiled(bytes: &[u8], others: &[Vec<u8>], random: &mut fastrand::Rng) -> Vec<u8> {
    const PIECES: [&[u8]; 20] = [
        b"\n",
        b"\t",
        b" ",
        b"\"",
        b"\\",
        b"{",
        b"}",
        b"[",
        b"]",
        b",",
        b"#",
        b"*",
        b"-",
        b"0",
        b"99999999999999999999",
        b"null",
        "\u{a0}".as_bytes(),
        "é".as_bytes(),
        "😀".as_bytes(),
        b"\xff",
    ];
    let mut bytes = bytes.to_vec();
    for _ in 0..random.usize(1..=4) {
        let start = random.usize(..=bytes.len());
        let end = random.usize(start..=bytes.len().min(start + 40));
        match random.u8(..6) {
            0 => drop(bytes.drain(start..end)),
            1 => bytes.truncate(start),
            2 => drop(bytes.splice(start..end, random.choice(PIECES).unwrap().iter().copied())),
            3 => drop(bytes.splice(start..start, random.choice(PIECES).unwrap().iter().copied())),
            4 => drop(bytes.splice(start..start, bytes[start..end].to_vec())),
            _ => {
                let other = random.choice(others).unwrap();
                let from = random.usize(..=other.len());
                bytes.splice(start..end, other[from..other.len().min(from + 60)].iter().copied());
            }
        }
    }
    bytes
}

#[test]
fn every_target_has_its_folder_and_its_program() {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz");
    let names = |folder: &str| -> BTreeSet<String> {
        let entries = fs::read_dir(fuzz.join(folder)).unwrap();
        entries.map(|entry| entry.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned()).collect()
    };
    let targets: BTreeSet<String> = targets::TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(names("corpus"), targets);
    assert_eq!(names("fuzz_targets"), targets);
}
