//! Which files of a model are needed, and how they come into the cache.

use super::{Download, HubError, checksum};
use crate::tag::config::ModelConfig;
use crate::tag::engine::{Choice, ChoiceError, EngineError, EngineOptions, choose};
use crate::tag::files::ModelFiles;
use crate::tag::model::{ModelError, read_config};
use hf_hub::api::Progress;
use hf_hub::api::sync::{Api, ApiBuilder, ApiError, ApiRepo};
use hf_hub::{Cache, CacheRepo};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};

/// What a model needs beside its weights, as far as the hub has it.
const SMALL_FILES: [&str; 4] = ["config.json", "tokenizer.json", "vocab.txt", "tokenizer_config.json"];

/// Where the hub is, unless the environment names another.
const ENDPOINT: &str = "https://huggingface.co";

/// The folder of the model `name` in the cache (`HF_HUB_CACHE`, else `HF_HOME`, else `~/.cache/huggingface`), with the files
/// that the engine needs which `options` choose. A model that is complete there is used without asking the hub; else what is
/// missing is fetched, a download that broke goes on where it stopped, and what arrives is checked. `tell` hears of every
/// part that arrives.
///
/// # Errors
/// If the model is neither in the cache nor to be had from the hub, or no engine here runs it.
pub fn fetch(name: &str, options: &EngineOptions, mut tell: impl FnMut(&Download)) -> Result<PathBuf, ModelError> {
    let fault = |source| ModelError::Hub { name: name.to_owned(), source };
    let cache = cache().ok_or_else(|| fault(HubError::NoCache))?;
    let cached = cache.model(name.to_owned());
    if let Some(folder) = cached.get("config.json").as_deref().and_then(Path::parent)
        && is_complete(folder, options)
    {
        return Ok(folder.to_owned());
    }
    let hub = Hub::new(name, &cache).map_err(fault)?;
    let info = hub.repository.info().map_err(|error| fault(hub.fault(error)))?;
    // What is looked up in the cache, from here on and next time, is this state of the model.
    cached.create_ref(&info.sha).map_err(|error| fault(hub.fault(error.into())))?;
    let folder = cached.pointer_path(&info.sha);
    let has = |file: &str| info.siblings.iter().any(|listed| listed.rfilename == file);
    // Before anything is fetched: is there something for us?
    choose(options, has).map_err(|source| ModelError::no_engine(Path::new(name), has, source))?;
    let mut get = |file: &str| match hub.get(file, &cached, &mut tell) {
        Ok(()) if folder.join(file).is_file() => Ok(()),
        Ok(()) => Err(fault(HubError::Changed)),
        Err(source) => Err(fault(source)),
    };
    for file in SMALL_FILES.into_iter().filter(|file| has(file)) {
        get(file)?;
    }
    let config = read_config(&ModelFiles::in_folder(&folder)?)?;
    get(weights(options, &config, has).map_err(|source| ModelError::no_engine(Path::new(name), has, source))?)?;
    Ok(folder)
}

/// The cache that all tools of the hub share; none where there is no home folder.
fn cache() -> Option<Cache> {
    env::var_os("HF_HUB_CACHE").map(|folder| Cache::new(folder.into())).or_else(home_cache)
}

/// The cache below the home of these tools, which has a token beside it; `hf-hub` would panic where there is none.
fn home_cache() -> Option<Cache> {
    let has_home = || env::home_dir().is_some_and(|home| !home.as_os_str().is_empty());
    (env::var("HF_HOME").is_ok() || has_home()).then(Cache::from_env)
}

/// Whether a folder has all that the engine needs which `options` choose.
fn is_complete(folder: &Path, options: &EngineOptions) -> bool {
    let has = |file: &str| folder.join(file).is_file();
    let config = ModelFiles::in_folder(folder).map_err(ModelError::from).and_then(|files| read_config(&files));
    config.is_ok_and(|config| weights(options, &config, has).is_ok()) && (has("tokenizer.json") || has("vocab.txt"))
}

/// The weights of the best engine that runs the network which `config` describes.
fn weights(
    options: &EngineOptions,
    config: &ModelConfig,
    has: impl Fn(&str) -> bool,
) -> Result<&'static str, ChoiceError> {
    let mut passed_over = Vec::new();
    for Choice { taken, .. } in choose(options, has)? {
        match (taken.engine.takes)(config, taken.weights) {
            Ok(()) => return Ok(taken.weights),
            Err(EngineError::Unsupported(reason)) => passed_over.push((taken.engine.name, reason)),
            Err(error) => passed_over.push((taken.engine.name, error.to_string())),
        }
    }
    Err(ChoiceError::NoEngine(passed_over))
}

/// One model of the hub.
struct Hub {
    api: Api,
    repository: ApiRepo,
    endpoint: String,
    cache: PathBuf,
}

impl Hub {
    fn new(name: &str, cache: &Cache) -> Result<Self, HubError> {
        let out_of_reach = |reason| HubError::OutOfReach { cache: cache.path().clone(), reason };
        if env::var("HF_HUB_OFFLINE").is_ok_and(|value| is_yes(&value)) {
            return Err(out_of_reach("HF_HUB_OFFLINE forbids to ask the hub".to_owned()));
        }
        let endpoint = env::var("HF_ENDPOINT").unwrap_or_else(|_| ENDPOINT.to_owned());
        let token = env::var("HF_TOKEN").ok().filter(|token| !token.is_empty());
        let api = ApiBuilder::from_cache(cache.clone())
            .with_endpoint(endpoint.trim_end_matches('/').to_owned())
            .with_token(token.or_else(|| home_cache()?.token()))
            .with_user_agent(env!("CARGO_CRATE_NAME"), env!("CARGO_PKG_VERSION"))
            .build()
            .map_err(|error| out_of_reach(error.to_string()))?;
        Ok(Self { repository: api.model(name.to_owned()), api, endpoint, cache: cache.path().clone() })
    }

    /// Fetches a file into the cache, or the rest of it, if it is not there.
    fn get(&self, file: &str, cached: &CacheRepo, tell: &mut impl FnMut(&Download)) -> Result<(), HubError> {
        if cached.get(file).is_some() {
            return Ok(());
        }
        let announced = self.api.metadata(&self.repository.url(file)).map_err(|error| self.fault(error))?;
        let content = cached.blob_path(announced.etag());
        let part = content.with_extension("part");
        let arrived = || fs::metadata(&part).map_or(0, |part| part.len());
        if arrived() >= announced.size() as u64 {
            // The hub has no answer to somebody who asks for what comes behind the end.
            let _ = fs::remove_file(&part);
        }
        let path = loop {
            let before = arrived();
            match self.repository.download_with_progress(file, Meter::new(file, tell)) {
                Ok(path) => break path,
                // A connection that breaks is taken up again as long as that brings something.
                Err(_) if arrived() > before => {}
                Err(error) => return Err(self.fault(error)),
            }
        };
        if checksum::matches(announced.etag(), &path).map_err(|error| self.fault(error.into()))? {
            return Ok(());
        }
        let _ = fs::remove_file(&path).and_then(|()| fs::remove_file(&content));
        Err(HubError::Damaged { file: file.to_owned() })
    }

    fn fault(&self, error: ApiError) -> HubError {
        let reason = match error {
            ApiError::RequestError(error) => match *error {
                ureq::Error::StatusCode(status @ (401 | 403 | 404)) => {
                    return HubError::Refused { endpoint: self.endpoint.clone(), status };
                }
                error => format!("{} cannot be asked ({error})", self.endpoint),
            },
            error => format!("it cannot be fetched from {} ({error})", self.endpoint),
        };
        HubError::OutOfReach { cache: self.cache.clone(), reason }
    }
}

/// What the tools of the hub take for a yes in an environment variable.
fn is_yes(value: &str) -> bool {
    ["1", "on", "yes", "true"].contains(&value.to_lowercase().as_str())
}

/// Passes on how far a download is.
struct Meter<'a, T> {
    download: Download,
    tell: &'a mut T,
}

impl<'a, T: FnMut(&Download)> Meter<'a, T> {
    fn new(file: &str, tell: &'a mut T) -> Self {
        Self { download: Download { file: file.to_owned(), arrived: 0, size: 0 }, tell }
    }
}

impl<T: FnMut(&Download)> Progress for Meter<'_, T> {
    fn init(&mut self, size: usize, _: &str) {
        self.download.arrived = 0;
        self.download.size = size as u64;
    }

    fn update(&mut self, size: usize) {
        self.download.arrived += size as u64;
        (self.tell)(&self.download);
    }

    fn finish(&mut self) {}
}
