//! The command as a whole, from start to exit: cold start of one article, and peak memory for few and for many
//! documents. `cargo bench --bench process`; reads `/proc`, so it runs on Linux only.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a benchmark may stop at the first surprise"
)]

mod generate;

use generate::Articles;
use std::fs;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 21;
const DOCUMENTS: [usize; 3] = [10, 1_000, 10_000];

fn main() {
    // `cargo test --benches` runs this too; it has nothing to prove there.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let article = Path::new("examples/harbour-strike.txt");
    let mut times: Vec<Duration> = (0..STARTS).map(|_| run(article).0).collect();
    times.sort();
    println!(
        "cold start, one article: median {:.0} ms, {:.0} to {:.0} ms of {STARTS} runs",
        milliseconds(times[STARTS / 2]),
        milliseconds(times[0]),
        milliseconds(times[STARTS - 1])
    );
    let folder = tempfile::tempdir().unwrap();
    for count in DOCUMENTS {
        let path = folder.path().join("articles.jsonl");
        let mut file = BufWriter::new(fs::File::create(&path).unwrap());
        let mut articles = Articles::new(7);
        for id in 0..count {
            let line = serde_json::json!({"id": id.to_string(), "text": articles.article(4)});
            writeln!(file, "{line}").unwrap();
        }
        file.into_inner().unwrap();
        let (time, kilobytes) = run(&path);
        println!("{count:>6} documents: peak memory {:.1} MB, {:.1} s", kilobytes as f64 / 1024.0, time.as_secs_f64());
    }
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// Wall time and peak resident memory in kilobytes of one run on `input`.
fn run(input: &Path) -> (Duration, u64) {
    let began = Instant::now();
    let mut child = Command::new(env!("CARGO_BIN_EXE_namesake"))
        .args(["extract", "--format", "jsonl", "--quiet"])
        .arg(input)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    loop {
        // The kernel forgets the figure when the process ends, so it is read until then.
        let high_water = fs::read_to_string(&status).unwrap_or_default();
        let line = high_water.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        peak = peak.max(line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success());
            return (began.elapsed(), peak);
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
