use super::*;
use crate::document::Span;
use crate::eval::annotation::{AnnotatedMention, Name, Tokens};
use std::fs;
use std::path::PathBuf;

const TEXT: &str = "Zoë Ito 😀 met A. Brook in New\nYork. Ito left.";

fn mention(surface: &str, nth: usize, label: &str, entity: Option<&str>) -> AnnotatedMention {
    let start = TEXT.match_indices(surface).nth(nth).unwrap().0;
    AnnotatedMention::new(Span::new(start, start + surface.len()), Some(Name::from(label)), entity.map(Name::from))
}

fn sample() -> Annotation {
    let words = |sentence: &str, offset: usize| -> Vec<Span> {
        let place = |word: &str| {
            let start = offset + (word.as_ptr() as usize - sentence.as_ptr() as usize);
            Span::new(start, start + word.len())
        };
        sentence.split_whitespace().map(place).collect()
    };
    let border = TEXT.find("Ito left").unwrap();
    Annotation {
        id: "day 1/a".to_owned(),
        text: Some(TEXT.to_owned()),
        unit: OffsetUnit::Byte,
        tokens: Some(Tokens {
            sentences: vec![words(&TEXT[..border], 0), words(&TEXT[border..], border)],
            labels: None,
        }),
        mentions: vec![
            mention("Zoë Ito", 0, "PER", Some("e1")),
            mention("A. Brook", 0, "PER", None),
            mention("New\nYork.", 0, "LOC", None),
            mention("Ito", 1, "PER", Some("e1")),
        ],
        ..Annotation::default()
    }
}

fn written(document: &Annotation, format: Format, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    if format == Format::Brat {
        write_brat(std::slice::from_ref(document), &path).unwrap();
    } else {
        let mut bytes = Vec::new();
        write(std::slice::from_ref(document), format, &mut bytes).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    (folder, path)
}

/// Surface, type and number of the entity of each mention, sorted.
fn facts(document: &Annotation) -> Vec<(String, String, Option<usize>)> {
    let groups = chains::groups(document);
    let mut facts: Vec<_> = document
        .mentions
        .iter()
        .map(|mention| {
            let surface = mention.span.of(document.text()).split_whitespace().collect::<Vec<_>>().join(" ");
            let group = groups
                .iter()
                .filter(|group| group.1.len() > 1)
                .position(|group| Some(&group.0) == mention.entity.as_ref());
            (surface, mention.label.as_deref().unwrap_or_default().to_owned(), group)
        })
        .collect();
    facts.sort();
    facts
}

#[test]
fn what_is_written_is_read_again() {
    let document = sample();
    for (format, name) in Format::ALL {
        let file = match format {
            Format::Brat => "folder",
            Format::Conll => "x.conll",
            Format::Nif => "x.ttl",
            Format::WebAnno => "x.tsv",
            _ => "x.jsonl",
        };
        let (_folder, path) = written(&document, format, file);
        let (corpus, detected) = read(&path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(detected, format);
        assert_eq!(facts(&corpus.documents[0]), facts(&document), "{name}");
        if !matches!(format, Format::Brat | Format::WebAnno) {
            assert_eq!(corpus.documents[0].id, document.id, "{name}");
        }
        if !matches!(format, Format::Conll | Format::WebAnno) {
            assert_eq!(corpus.documents[0].text(), TEXT, "{name}");
        }
    }
}

#[test]
fn what_a_format_cannot_carry_is_counted() {
    let mut document = sample();
    document.mentions[0].link = Some(Name::from("Q1"));
    document.mentions[1].extra_mut().skip = Some(Name::from("common"));
    let mut bytes = Vec::new();
    let losses = write(&[document], Format::Doccano, &mut bytes).unwrap();
    let losses: Vec<_> = losses.iter().collect();
    assert_eq!(
        losses,
        [
            ("documents with tokens", 1),
            ("knowledge-base links of mentions", 1),
            ("marks that a mention is to be skipped", 1)
        ]
    );
}

fn read_text(name: &str, content: &str, options: &ReadOptions) -> Result<Corpus, FormatError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(&path, options).map(|read| read.0)
}

#[test]
fn offsets_in_another_unit_are_noticed() {
    let line =
        r#"{"id": "a", "text": "😀 Oslo", "mentions": [{"start": 3, "end": 7, "type": "LOC", "surface": "Oslo"}]}"#;
    let error = read_text("x.jsonl", line, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.ends_with("UTF-16 units: --offsets utf16"), "{error}");
    let options = ReadOptions::default().with_unit(Some(OffsetUnit::Utf16));
    let corpus = read_text("x.jsonl", line, &options).unwrap();
    assert_eq!(corpus.documents[0].mentions[0].span, Span::new(5, 9));
}

#[test]
fn faults_say_where_they_are() {
    let read = |name: &str, content: &str| read_text(name, content, &ReadOptions::default()).unwrap_err().to_string();
    assert!(read("x.conll", "Oslo B-LOC\nis\n").contains("x.conll:2: expected a token and its label"));
    assert!(read("x.conll", "Oslo maybe\n").contains("x.conll:1: the last column should be a label"));
    assert!(read("x.jsonl", "{\"mentions\": []}\n{\"mentions\": 3}").contains("x.jsonl:2: not a document"));
    assert!(read("x.json", "{\"what\": 1}").contains("none of the fields"));
    assert!(read("x.tsv", "#FORMAT=WebAnno TSV 3.3\n").contains("names no NamedEntity layer"));
    assert!(read("x.ttl", "<a> <b> .").contains("x.ttl:1"));
    assert!(read("x.txt", "Prose.").contains("neither its ending nor its first line"));
}

#[test]
fn foreign_webanno_files_are_read() {
    let file = "#FORMAT=WebAnno TSV 3.2\n#T_SP=de.tudarmstadt.ukp.dkpro.core.api.lexmorph.type.pos.POS|PosValue\n\
        #T_SP=de.tudarmstadt.ukp.dkpro.core.api.ner.type.NamedEntity|identifier|value\n\n\n\
        #Text=Ms. Ito sees 😀 Oslo .\n1-1\t0-3\tMs.\tNE\t_\t_\t\n1-2\t4-7\tIto\tNE\t*\tPER\t\n1-3\t8-12\tsees\tV\t_\t_\t\n\
        1-4\t13-15\t😀\tX\t_\t_\t\n1-5\t16-20\tOslo\tNE\thttp://x.org/o[1]\tLOC\\_x[1]|ORG[2]\t\n1-6\t21-22\t.\tP\t_\t_\t\n\n\
        #Text=End .\n2-1\t24-27\tEnd\tX\t_\t_\t\n2-2\t28-29\t.\tP\t_\t_\t\n";
    let corpus = read_text("a.tsv", file, &ReadOptions::default()).unwrap();
    let document = &corpus.documents[0];
    let found: Vec<_> = document
        .mentions
        .iter()
        .map(|mention| {
            (mention.span.of(document.text()), mention.label.as_deref().unwrap(), mention.link().map(|link| &**link))
        })
        .collect();
    assert_eq!(found, [("Ito", "PER", None), ("Oslo", "LOC_x", Some("http://x.org/o")), ("Oslo", "ORG", None)]);
    assert_eq!(document.tokens.as_ref().unwrap().sentences.len(), 2);
}

#[test]
fn conll_columns_and_schemes() {
    let file = "-DOCSTART- -X- O O\n\nOslo NNP B-NP I-LOC\nand CC O O\nBern NNP B-NP I-LOC\n\nAda NNP B-NP I-PER\n";
    let corpus = read_text("gold.conll", file, &ReadOptions::default()).unwrap();
    assert_eq!(corpus.scheme.map(TagScheme::name), Some("IOB1"));
    assert_eq!(corpus.documents[0].text(), "Oslo and Bern\nAda");
    assert_eq!(corpus.documents[0].mentions.len(), 3);
    assert_eq!(corpus.documents[0].id, "gold.conll#1");
}
