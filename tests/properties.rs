//! What must hold for every text: offsets, order, and the same bytes whatever the threads and the neighbours.
#![allow(clippy::unwrap_used, missing_docs, reason = "a test may stop at the first surprise")]

use namesake::annotation::AnnotatedDocument;
use namesake::document::{Document, OffsetUnit, Span};
use namesake::format::{Documents, Format, Losses, OutputOptions, ReadOptions, open};
use namesake::pipeline::{Pipeline, PipelineOptions};
use namesake::tag::TagError;
use proptest::prelude::*;
use std::convert::Infallible;
use std::ops::ControlFlow;
use std::sync::LazyLock;

static PIPELINES: LazyLock<Vec<Pipeline>> =
    LazyLock::new(|| [1, 2, 5].map(|threads| PipelineOptions::default().with_threads(threads).build().unwrap()).into());

const UNITS: [OffsetUnit; 3] = [OffsetUnit::Char, OffsetUnit::Byte, OffsetUnit::Utf16];

fn annotate(pipeline: &Pipeline, documents: &[Document]) -> Vec<AnnotatedDocument> {
    let mut annotated = Vec::new();
    let flow = pipeline.annotate_all::<TagError, Infallible>(documents.iter().cloned().map(Ok), |result| {
        annotated.push(result.unwrap());
        ControlFlow::Continue(())
    });
    assert!(flow.is_continue());
    annotated
}

fn jsonl(annotated: &[AnnotatedDocument], unit: OffsetUnit) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut writer = Format::Namesake.writer(&OutputOptions::new().with_offset_unit(unit)).unwrap();
    writer.begin(&mut bytes).unwrap();
    for document in annotated {
        writer.document(document, &mut bytes, &mut Losses::default()).unwrap();
    }
    writer.end(&mut bytes).unwrap();
    bytes
}

/// Names between anything that Unicode has.
fn text() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "Henrik Aalto",
        "Mrs Okafor",
        "Ban Ki-moon",
        "U.N.",
        "New York",
        "Žižek",
        "李明",
        "Oslo's",
        "AT&T",
        "J. R. R. Tolkien",
    ]);
    let filler = prop_oneof![
        "\\PC{0,12}",
        Just(" said that ".to_owned()),
        Just("\r\n\r\n".to_owned()),
        Just("\0".to_owned()),
        Just("👩‍👩‍👧 e\u{301}\u{301}".to_owned()),
        Just(" met officials in ".to_owned()),
    ];
    prop::collection::vec(prop_oneof![name.prop_map(str::to_owned), filler], 0..40).prop_map(|parts| parts.concat())
}

fn slice(text: &str, unit: OffsetUnit, start: usize, end: usize) -> String {
    match unit {
        OffsetUnit::Char => text.chars().skip(start).take(end - start).collect(),
        OffsetUnit::Byte => text[start..end].to_owned(),
        OffsetUnit::Utf16 => String::from_utf16(&text.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn offsets_point_at_the_mention_in_every_unit(text in text()) {
        let annotated = annotate(&PIPELINES[0], &[Document::new("d", text.clone())]);
        for pair in annotated[0].mentions.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start);
        }
        let mut members: Vec<usize> = annotated[0].entities.iter().flat_map(|entity| entity.mentions.clone()).collect();
        members.sort_unstable();
        prop_assert_eq!(members, (0..annotated[0].mentions.len()).collect::<Vec<_>>());
        for unit in UNITS {
            let line: serde_json::Value = serde_json::from_slice(&jsonl(&annotated, unit)).unwrap();
            for mention in line["mentions"].as_array().unwrap() {
                let offset = |key: &str| usize::try_from(mention[key].as_u64().unwrap()).unwrap();
                prop_assert_eq!(mention["text"].as_str().unwrap(), slice(&text, unit, offset("start"), offset("end")));
            }
        }
    }

    #[test]
    fn threads_and_neighbours_change_no_byte(texts in prop::collection::vec(text(), 1..8)) {
        let documents: Vec<Document> =
            texts.iter().enumerate().map(|(index, text)| Document::new(index.to_string(), text.as_str())).collect();
        let alone: Vec<u8> = documents
            .iter()
            .flat_map(|document| jsonl(&annotate(&PIPELINES[0], std::slice::from_ref(document)), OffsetUnit::Char))
            .collect();
        for pipeline in PIPELINES.iter() {
            prop_assert_eq!(&jsonl(&annotate(pipeline, &documents), OffsetUnit::Char), &alone);
        }
    }

    #[test]
    fn tokens_that_came_with_the_document_are_kept(
        sentences in prop::collection::vec(prop::collection::vec("[^\\s\\p{C}]{1,6}|Henrik|Aalto|Oslo|the|U\\.N\\.|'s", 1..12), 1..5)
    ) {
        let file: String = sentences.iter().map(|sentence| sentence.join(" O\n") + " O\n\n").collect();
        // Behind a name, so that no first token is taken for the sign of a comment or a binary file.
        let file = format!("-DOCSTART- O\n\n{file}");
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("f.conll");
        std::fs::write(&path, file).unwrap();
        let found: Result<Vec<Document>, _> = Documents::open([&path], ReadOptions::default()).collect();
        let documents = found.unwrap();
        for annotated in annotate(&PIPELINES[0], &documents) {
            let text = &annotated.document.text;
            prop_assert_eq!(Some(&annotated.tokens), annotated.document.sentences.as_ref());
            let read: Vec<Vec<&str>> =
                annotated.tokens.iter().map(|sentence| sentence.iter().map(|token| token.of(text)).collect()).collect();
            prop_assert_eq!(&read, &sentences);
            for mention in &annotated.mentions {
                let inside = |sentence: &[Span]| {
                    sentence.iter().any(|token| token.start == mention.span.start)
                        && sentence.iter().any(|token| token.end == mention.span.end)
                };
                prop_assert!(annotated.tokens.iter().any(|sentence| inside(sentence)), "{:?}", mention);
            }
        }
    }

    #[test]
    fn no_bytes_make_a_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..400), kept in 0_usize..40) {
        let folder = tempfile::tempdir().unwrap();
        // Behind the start of something real, so that the decoders get past their headers.
        for start in [&b""[..], b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x28\xb5\x2f\xfd\x20\x05", b"{\"text\": \"", b"-DOCSTART- -X-\n\nOslo\tB-LOC\n"] {
            let start = &start[..start.len().min(kept)];
            let path = folder.path().join("input");
            std::fs::write(&path, [start, &bytes].concat()).unwrap();
            for format in Format::ALL.iter().copied().filter(|format| *format != Format::Brat) {
                let options = ReadOptions::default().with_format(format).with_max_document_bytes(200);
                if let Ok(reader) = open(&path, &options) {
                    prop_assert!(reader.count() <= bytes.len() + start.len() + 1);
                }
                prop_assert!(Documents::open([&path], options).count() <= bytes.len() + start.len() + 1);
            }
        }
    }
}

#[test]
fn a_long_document_is_the_same_on_every_number_of_threads() {
    let text = "Henrik Aalto met Marijke de Vries of the European Union in Oslo on Monday. ".repeat(300);
    let document = [Document::new("long", text)];
    let one = annotate(&PIPELINES[0], &document);
    assert!(one[0].mentions.len() >= 1200);
    for pipeline in PIPELINES.iter() {
        assert_eq!(annotate(pipeline, &document), one);
    }
}
