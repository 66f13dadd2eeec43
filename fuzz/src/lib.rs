//! What each fuzz target does with its bytes: hand them to one public reader and check what must hold of the result.
//!
//! `cargo fuzz run NAME` calls these functions through `fuzz_targets/NAME.rs`; `tests/fuzz_corpus.rs` of the main package
//! calls them on every file of `corpus/`. A function may return early on any error, and must never panic.

use namesake::alias_table::AliasTable;
use namesake::annotation::AnnotatedDocument;
use namesake::document::Span;
use namesake::entity_type::EntityType;
use namesake::format::{self, Documents, Format, ReadOptions, Use};
use namesake::mention::Mention;
use namesake::record::{CorpusLink, Record, RecordLine};
use namesake::resolve::Resolver;
use namesake::tag::sentences::split_sentences;
use namesake::tag::words::split_words;
use std::io::Write;
use std::path::Path;
use std::sync::LazyLock;
use tempfile::{NamedTempFile, TempDir};

/// A target takes any bytes.
pub type Target = fn(&[u8]);

/// Every target with its name: that of its file in `fuzz_targets/` and of its folder in `corpus/`.
pub const TARGETS: [(&str, Target); 17] = [
    ("open", open),
    ("text", text),
    ("jsonl", jsonl),
    ("conll", conll),
    ("mentions", mentions),
    ("record", record),
    ("gold", gold),
    ("columns", columns),
    ("brat", brat),
    ("webanno", webanno),
    ("spacy", spacy),
    ("doccano", doccano),
    ("label_studio", label_studio),
    ("nif", nif),
    ("alias_table", alias_table),
    ("words", words),
    ("names", names),
];

/// Whatever kind of file: compression and encodings are told by the first bytes.
pub fn open(bytes: &[u8]) {
    read_documents(bytes, "", None);
}

/// A plain text.
pub fn text(bytes: &[u8]) {
    read_documents(bytes, ".txt", Some(Format::Text));
}

/// A JSON object with a text a line.
pub fn jsonl(bytes: &[u8]) {
    read_documents(bytes, ".jsonl", Some(Format::Jsonl));
}

/// A token a line, read for its tokens.
pub fn conll(bytes: &[u8]) {
    read_documents(bytes, ".conll", Some(Format::Conll));
}

/// Documents with the mentions of a Hugging Face pipeline.
pub fn mentions(bytes: &[u8]) {
    read_annotations(bytes, ".jsonl", Format::HuggingFace);
}

/// The written form of an annotated document.
pub fn record(bytes: &[u8]) {
    for line in String::from_utf8_lossy(bytes).lines() {
        if let Ok(record) = RecordLine::parse(line) {
            let link = CorpusLink { id: "E000001".to_owned(), name: "Petra Holt".to_owned() };
            let links = vec![Some(link); record.record().entities.len()];
            let written = record.with_corpus_links(&links).unwrap_or_default();
            assert!(Record::parse(&written).is_ok(), "{written}");
        }
    }
    read_annotations(bytes, ".jsonl", Format::Namesake);
}

/// JSON lines with gold entities.
pub fn gold(bytes: &[u8]) {
    read_annotations(bytes, ".jsonl", Format::Gold);
}

/// A token a line, read for its labels.
pub fn columns(bytes: &[u8]) {
    read_annotations(bytes, ".conll", Format::Conll);
}

/// `WebAnno` TSV 3.
pub fn webanno(bytes: &[u8]) {
    read_annotations(bytes, ".tsv", Format::WebAnno);
}

/// spaCy's `Doc.to_json`.
pub fn spacy(bytes: &[u8]) {
    read_annotations(bytes, ".json", Format::Spacy);
}

/// doccano's JSON lines.
pub fn doccano(bytes: &[u8]) {
    read_annotations(bytes, ".jsonl", Format::Doccano);
}

/// Label Studio's JSON.
pub fn label_studio(bytes: &[u8]) {
    read_annotations(bytes, ".json", Format::LabelStudio);
}

/// NIF in Turtle.
pub fn nif(bytes: &[u8]) {
    read_annotations(bytes, ".ttl", Format::Nif);
}

/// A text and its BRAT annotations, parted by a line of two percent signs.
pub fn brat(bytes: &[u8]) {
    let mark = b"\n%%\n";
    let Some(at) = bytes.windows(mark.len()).position(|window| window == mark) else { return };
    let (text, annotations) = (&bytes[..at], &bytes[at + mark.len()..]);
    let Ok(folder) = TempDir::new() else { return };
    for (name, content) in [("a.txt", text), ("a.ann", annotations)] {
        if std::fs::write(folder.path().join(name), content).is_err() {
            return;
        }
    }
    read_and_check(folder.path(), Format::Brat);
}

/// A user's table of aliases.
pub fn alias_table(bytes: &[u8]) {
    let Ok(table) = AliasTable::read(bytes, "fuzz") else { return };
    let _ = Resolver::embedded().with_aliases(&table);
}

/// The word cutter: words lie in the text, in order, and sentences hold all of them.
pub fn words(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let words = split_words(&text);
    let mut end = 0;
    for word in &words {
        assert!(end <= word.start && word.start < word.end, "{words:?}");
        assert!(!word.of(&text).is_empty());
        end = word.end;
    }
    let sentences = split_sentences(&text, &words);
    assert_eq!(sentences.concat(), words);
}

/// The grammar of names: each line is a mention, and the types take turns.
pub fn names(bytes: &[u8]) {
    static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::embedded);
    const TYPES: [EntityType; 4] = [EntityType::Per, EntityType::Org, EntityType::Loc, EntityType::Misc];
    let text = String::from_utf8_lossy(bytes);
    let mut mentions = Vec::new();
    let mut start = 0;
    // More names of one text take longer, and show nothing new.
    for (line, entity_type) in text.split('\n').take(64).zip(TYPES.into_iter().cycle()) {
        if !line.is_empty() {
            mentions.push(Mention { span: Span::new(start, start + line.len()), entity_type, score: 0.9 });
        }
        start += line.len() + 1;
    }
    let entities = RESOLVER.resolve(&text, &mut mentions);
    let resolved: usize = entities.iter().map(|entity| entity.mentions.len()).sum();
    assert_eq!(resolved, mentions.len(), "every mention belongs to exactly one entity");
}

fn read_documents(bytes: &[u8], ending: &str, format: Option<Format>) {
    let Some(file) = file(bytes, ending) else { return };
    let options = match format {
        Some(format) => ReadOptions::default().with_format(format),
        None => ReadOptions::default(),
    };
    for document in Documents::open([file.path()], options).flatten() {
        let Some(sentences) = &document.sentences else { continue };
        for span in sentences.iter().flatten() {
            assert!(document.text.get(span.start..span.end).is_some_and(|token| !token.is_empty()));
        }
    }
}

fn read_annotations(bytes: &[u8], ending: &str, format: Format) {
    let Some(file) = file(bytes, ending) else { return };
    read_and_check(file.path(), format);
}

fn read_and_check(path: &Path, format: Format) {
    let Ok(documents) = format::open(path, &ReadOptions::default().with_format(format)) else { return };
    check_annotations(&documents.flatten().collect::<Vec<_>>());
}

/// Spans lie in their text, on character boundaries, entities among the mentions; every format can be tried on what was
/// read, and so can the resolver.
fn check_annotations(documents: &[AnnotatedDocument]) {
    static RESOLVER: LazyLock<Resolver> = LazyLock::new(Resolver::embedded);
    for document in documents.iter().filter(|document| document.has_text()) {
        for mention in &document.mentions {
            let span = mention.span;
            assert!(document.text().get(span.start..span.end).is_some(), "{}: {span:?}", document.id());
        }
        let owned = document.entities.iter().flat_map(|entity| &entity.mentions);
        assert!(owned.copied().all(|mention| mention < document.mentions.len()));
        let _ = RESOLVER.resolve_annotated(document.clone());
    }
    for format in Format::all_for(Use::Writing) {
        let _ = format::write(documents, format, &mut std::io::sink());
    }
}

fn file(bytes: &[u8], ending: &str) -> Option<NamedTempFile> {
    let mut file = tempfile::Builder::new().suffix(ending).tempfile().ok()?;
    file.write_all(bytes).ok()?;
    Some(file)
}
