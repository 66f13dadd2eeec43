//! Models of the hub, fetched from a small server of our own.
#![cfg(feature = "hub")]
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

mod common;

use assert_cmd::assert::Assert;
use common::{TEXT, namesake, workplace};
use predicates::prelude::*;
use predicates::str::contains;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

/// An address where nobody listens.
const NOBODY: &str = "http://127.0.0.1:9";

/// How the server gives away weights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    Whole,
    /// Not those that it announces.
    Damaged,
    /// Only the first bytes; whoever comes back gets the rest.
    Breaks,
    /// Only the first bytes, and nothing after that.
    GivesUp,
}

/// Bytes that arrive before a connection breaks.
const BROKEN_AFTER: usize = 50_000;

/// Serves the models in `folder` as `someone/…`, the way the hub does.
struct Hub {
    address: String,
    /// Path and range of each request, in order.
    asked: Arc<Mutex<Vec<String>>>,
}

impl Hub {
    fn serve(folder: impl Into<PathBuf>, manner: Manner) -> Self {
        let folder = folder.into();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let hub = Self { address: address.clone(), asked: Arc::clone(&asked) };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                // Whoever only asked for the first byte may be gone before the rest is written.
                let _ = answer(&stream.unwrap(), &folder, &address, manner, &asked);
            }
        });
        hub
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn answer(
    mut stream: &TcpStream,
    folder: &Path,
    address: &str,
    manner: Manner,
    asked: &Mutex<Vec<String>>,
) -> std::io::Result<()> {
    let head: Vec<String> =
        BufReader::new(stream).lines().map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
    let header = |name: &str| head.iter().find_map(|line| line.to_lowercase().strip_prefix(name).map(str::to_owned));
    let path = head[0].split(' ').nth(1).unwrap();
    let range = header("range: bytes=").unwrap_or_default();
    let token = header("authorization: ").unwrap_or_default();
    asked.lock().unwrap().push(format!("{path} {range} {token}").trim().to_owned());
    let mut respond = |head: &str, body: &[u8], length: usize| {
        write!(stream, "HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")?;
        stream.write_all(body)
    };
    if let Some(name) = path.strip_prefix("/api/models/someone/").and_then(|rest| rest.strip_suffix("/revision/main"))
        && folder.join(name).is_dir()
    {
        let files = walkdir::WalkDir::new(folder.join(name)).into_iter().filter_map(Result::ok);
        let siblings: Vec<_> = files
            .filter(|file| file.file_type().is_file())
            .map(|file| file.path().strip_prefix(folder.join(name)).unwrap().to_str().unwrap().to_owned())
            .map(|file| serde_json::json!({ "rfilename": file }))
            .collect();
        let body = serde_json::json!({ "sha": "c0ffee", "siblings": siblings }).to_string();
        return respond("200 OK", body.as_bytes(), body.len());
    }
    let file = path.strip_prefix("/someone/").or_else(|| path.strip_prefix("/large/"));
    let Some(mut body) = file.and_then(|file| fs::read(folder.join(file.replace("/resolve/main", ""))).ok()) else {
        return respond("404 Not Found", b"", 0);
    };
    let is_large = path.ends_with("model.onnx") || path.ends_with("model.safetensors");
    if is_large && path.starts_with("/someone/") {
        let location = path.replace("/someone/", "/large/");
        let tag = format!("{:x}", Sha256::digest(&body));
        let head = format!(
            "302 Found\r\nLocation: {address}{location}\r\nX-Linked-ETag: \"{tag}\"\r\nETag: \"elsewhere\"\r\nX-Repo-Commit: c0ffee"
        );
        return respond(&head, b"", 0);
    }
    let blob = Sha1::new().chain_update(format!("blob {}\0", body.len())).chain_update(&body);
    let tag = format!("{:x}", blob.finalize());
    let (from, to) = range.split_once('-').unwrap_or(("0", ""));
    let from: usize = from.parse().unwrap();
    let to = to.parse().map_or(body.len(), |to: usize| (to + 1).min(body.len()));
    let length = to - from;
    let mut given = to;
    if is_large && length > 1 {
        match manner {
            Manner::Whole => {}
            Manner::Damaged => *body.last_mut().unwrap() ^= 1,
            Manner::Breaks if from > 0 => {}
            Manner::Breaks | Manner::GivesUp => given = from.max(BROKEN_AFTER),
        }
    }
    let head = format!(
        "206 Partial Content\r\nContent-Range: bytes {from}-{}/{}\r\nETag: \"{tag}\"\r\nX-Repo-Commit: c0ffee",
        to - 1,
        body.len()
    );
    respond(&head, &body[from..given], length)
}

fn extract(place: &TempDir, endpoint: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Assert {
    let mut command = namesake(place);
    for name in ["HF_HUB_CACHE", "HF_HUB_OFFLINE", "HF_TOKEN", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    command.env("HF_HOME", place.path().join("cache")).env("HF_ENDPOINT", endpoint).envs(variables.iter().copied());
    command.args(["extract", "a.txt", "--quiet", "--format", "jsonl"]).args(arguments).assert()
}

#[test]
fn a_model_is_fetched_once() {
    let place = workplace(&[("a.txt", TEXT)]);
    let hub = Hub::serve("tests/models", Manner::Whole);
    let onnx = ["--engine", "onnx", "--model", "someone/bert"];
    let first = extract(&place, &hub.address, &onnx, &[("HF_TOKEN", "secret")]).success();
    let asked = hub.asked();
    assert!(asked[0] == "/api/models/someone/bert/revision/main  bearer secret", "{asked:?}");
    assert!(asked.iter().any(|path| path.starts_with("/large/bert/resolve/main/onnx/model.onnx")), "{asked:?}");
    assert!(!asked.iter().any(|path| path.contains("safetensors") || path.contains("expected")), "{asked:?}");
    let folder = fs::canonicalize("tests/models/bert").unwrap();
    let local = extract(&place, NOBODY, &["--engine", "onnx", "--model", folder.to_str().unwrap()], &[]).success();
    assert_eq!(first.get_output().stdout, local.get_output().stdout);
    assert!(first.get_output().stderr.is_empty());
    // From the cache, without a word to anybody.
    let second = extract(&place, &hub.address, &onnx, &[]).success();
    assert_eq!(first.get_output().stdout, second.get_output().stdout);
    assert_eq!(hub.asked().len(), asked.len());
    extract(&place, &hub.address, &onnx, &[("HF_HUB_OFFLINE", "1")]).success();
    let cache = place.path().join("cache/hub");
    let elsewhere = [("HF_HOME", "nowhere"), ("HF_HUB_CACHE", cache.to_str().unwrap()), ("HF_HUB_OFFLINE", "yes")];
    extract(&place, &hub.address, &onnx, &elsewhere).success();
    // Another engine needs other weights; the rest is there.
    let fused = ["--engine", "fused", "--model", "someone/bert"];
    extract(&place, &hub.address, &fused, &[]).success();
    let more = hub.asked().split_off(asked.len());
    assert!(more.iter().any(|path| path.contains("safetensors")) && !more.iter().any(|path| path.contains("json")));
}

#[test]
fn a_folder_of_that_name_comes_first() {
    let place = workplace(&[("a.txt", TEXT)]);
    let folder = place.path().join("someone/bert");
    fs::create_dir_all(&folder).unwrap();
    for file in ["config.json", "tokenizer.json", "model.safetensors"] {
        fs::copy(Path::new("tests/models/bert").join(file), folder.join(file)).unwrap();
    }
    extract(&place, NOBODY, &["--engine", "fused", "--model", "someone/bert"], &[]).success();
}

#[test]
fn only_weights_that_an_engine_runs_are_fetched() {
    let place = workplace(&[("a.txt", TEXT)]);
    let hub = Hub::serve("tests/models", Manner::Whole);
    // The first engine takes safetensors, but no DistilBERT.
    extract(&place, &hub.address, &["--device", "cpu", "--model", "someone/distilbert"], &[]).success();
    assert!(!hub.asked().iter().any(|path| path.contains("safetensors")), "{:?}", hub.asked());
    fs::create_dir_all(place.path().join("hub/pickle")).unwrap();
    fs::write(place.path().join("hub/pickle/pytorch_model.bin"), "").unwrap();
    let pickles = Hub::serve(place.path().join("hub"), Manner::Whole);
    let told = extract(&place, &pickles.address, &["--model", "someone/pickle"], &[]).code(1);
    told.stderr(contains("someone/pickle has its weights only in pytorch_model.bin"));
    assert_eq!(pickles.asked().len(), 1);
}

#[test]
fn what_is_out_of_reach_is_told() {
    let place = workplace(&[("a.txt", TEXT)]);
    let hub = Hub::serve("tests/models", Manner::Whole);
    let cache = || contains("cache/hub").and(contains("there is no such folder"));
    let told = extract(&place, NOBODY, &["--model", "someone/bert"], &[]).code(1);
    told.stderr(cache().and(contains(NOBODY)).and(contains("run this once with a connection")));
    let told = extract(&place, &hub.address, &["--model", "someone/bert"], &[("HF_HUB_OFFLINE", "1")]).code(1);
    told.stderr(cache().and(contains("HF_HUB_OFFLINE forbids")));
    assert!(hub.asked().is_empty());
    let told = extract(&place, &hub.address, &["--model", "someone/none"], &[]).code(1);
    told.stderr(contains("has no such model").and(contains("status 404")).and(contains("HF_TOKEN")));
    let told = extract(&place, "not an address", &["--model", "someone/bert"], &[]).code(1);
    told.stderr(contains("not an address cannot be asked"));
}

#[test]
fn damaged_files_are_not_used() {
    let place = workplace(&[("a.txt", TEXT)]);
    let onnx = ["--engine", "onnx", "--model", "someone/bert"];
    let hub = Hub::serve("tests/models", Manner::Damaged);
    let told = extract(&place, &hub.address, &onnx, &[]).code(1);
    told.stderr(contains("onnx/model.onnx arrived damaged and was deleted"));
    let hub = Hub::serve("tests/models", Manner::Whole);
    extract(&place, &hub.address, &onnx, &[]).success();
}

#[test]
fn a_broken_download_goes_on() {
    let onnx = ["--engine", "onnx", "--model", "someone/bert"];
    let rest = format!("/large/bert/resolve/main/onnx/model.onnx {BROKEN_AFTER}-");
    // In the same run.
    let place = workplace(&[("a.txt", TEXT)]);
    let hub = Hub::serve("tests/models", Manner::Breaks);
    extract(&place, &hub.address, &onnx, &[]).success();
    assert!(hub.asked().contains(&rest), "{:?}", hub.asked());
    // In a later one.
    let place = workplace(&[("a.txt", TEXT)]);
    let hub = Hub::serve("tests/models", Manner::GivesUp);
    extract(&place, &hub.address, &onnx, &[]).code(1).stderr(contains("cannot be fetched"));
    let hub = Hub::serve("tests/models", Manner::Whole);
    extract(&place, &hub.address, &onnx, &[]).success();
    let asked = hub.asked();
    assert!(asked.contains(&rest) && !asked.iter().any(|path| path.ends_with("model.onnx 0-")), "{asked:?}");
}
