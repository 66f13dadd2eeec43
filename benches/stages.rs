//! Words a second of the whole pipeline and of each stage: `cargo bench --bench stages`.
#![allow(
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a benchmark may stop at the first surprise"
)]

mod generate;

use divan::Bencher;
use divan::counter::ItemsCount;
use generate::Articles;
use namesake::annotation::AnnotatedDocument;
use namesake::document::Document;
use namesake::format::{Format, Losses, OutputOptions};
use namesake::pipeline::{Pipeline, PipelineOptions};
use namesake::resolve::Resolver;
use namesake::tag::{Tagger, TaggerOptions, words};
use std::convert::Infallible;
use std::hint::black_box;
use std::ops::ControlFlow;

fn main() {
    divan::main();
}

/// What a benchmark reads: the example articles or generated ones.
const SOURCES: [&str; 2] = ["examples", "generated"];

fn documents(source: &str) -> Vec<Document> {
    if source == "generated" {
        let mut articles = Articles::new(1);
        return (0..40).map(|index| Document::new(index.to_string(), articles.article(12))).collect();
    }
    let folder = std::fs::read_dir("examples").unwrap();
    let mut paths: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
        .iter()
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| Document::new(path.display().to_string(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn word_count(documents: &[Document]) -> ItemsCount {
    ItemsCount::new(documents.iter().map(|document| words::split_words(&document.text).len()).sum::<usize>())
}

fn annotate(pipeline: &Pipeline, documents: &[Document]) -> Vec<AnnotatedDocument> {
    let mut annotated = Vec::with_capacity(documents.len());
    let flow =
        pipeline.annotate_all::<namesake::tag::TagError, Infallible>(documents.iter().cloned().map(Ok), |result| {
            annotated.push(result.unwrap());
            ControlFlow::Continue(())
        });
    assert!(flow.is_continue());
    annotated
}

#[divan::bench(args = SOURCES, sample_count = 10)]
fn whole_pipeline(bencher: Bencher, source: &str) {
    let documents = documents(source);
    let pipeline = PipelineOptions::default().build().unwrap();
    bencher.counter(word_count(&documents)).bench(|| annotate(&pipeline, black_box(&documents)));
}

#[divan::bench(args = SOURCES, sample_count = 10)]
fn whole_pipeline_one_thread(bencher: Bencher, source: &str) {
    let documents = documents(source);
    let pipeline = PipelineOptions::default().with_threads(1).build().unwrap();
    bencher.counter(word_count(&documents)).bench(|| annotate(&pipeline, black_box(&documents)));
}

#[divan::bench(args = SOURCES)]
fn split_words(bencher: Bencher, source: &str) {
    let documents = documents(source);
    bencher
        .counter(word_count(&documents))
        .bench(|| black_box(&documents).iter().map(|document| words::split_words(&document.text).len()).sum::<usize>());
}

#[divan::bench(args = SOURCES, sample_count = 10)]
fn tag_one_thread(bencher: Bencher, source: &str) {
    let documents = documents(source);
    let tagger = TaggerOptions::default().with_threads(1).build().unwrap();
    bencher.counter(word_count(&documents)).bench(|| {
        black_box(&documents).iter().map(|document| tagger.tag(document).unwrap().mentions.len()).sum::<usize>()
    });
}

#[divan::bench(args = SOURCES)]
fn resolve(bencher: Bencher, source: &str) {
    let documents = documents(source);
    let tagger = TaggerOptions::default().with_threads(1).build().unwrap();
    let resolver = Resolver::embedded();
    let inputs: Vec<_> = documents.iter().map(|document| (document, tagger.tag(document).unwrap().mentions)).collect();
    bencher.counter(word_count(&documents)).bench(|| {
        let mut entities = 0;
        for (document, mentions) in black_box(&inputs) {
            entities += resolver.resolve(&document.text, &mut mentions.clone()).len();
        }
        entities
    });
}

/// BRAT is a folder, not a stream.
const STREAMS: [Format; 4] = [Format::Pretty, Format::Namesake, Format::Conll, Format::Html];

#[divan::bench(args = STREAMS)]
fn write(bencher: Bencher, format: Format) {
    let documents = documents("generated");
    let annotated = annotate(&PipelineOptions::default().build().unwrap(), &documents);
    bencher.counter(word_count(&documents)).bench(|| {
        let mut bytes = Vec::new();
        let (mut writer, mut losses) = (format.writer(&OutputOptions::new()).unwrap(), Losses::default());
        writer.begin(&mut bytes).unwrap();
        for document in black_box(&annotated) {
            writer.document(document, &mut bytes, &mut losses).unwrap();
        }
        writer.end(&mut bytes).unwrap();
        bytes
    });
}

#[divan::bench(sample_count = 20)]
fn load_model() -> Tagger {
    TaggerOptions::default().with_threads(1).build().unwrap()
}
