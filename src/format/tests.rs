use super::*;
use crate::document::{Document, OffsetUnit, Span};
use crate::entity::Entity;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use std::fs;
use std::path::PathBuf;

const TEXT: &str = "Zoë Ito 😀 met A. Brook in New\nYork. Ito left.";

fn mention(surface: &str, nth: usize, label: &str) -> Mention {
    let start = TEXT.match_indices(surface).nth(nth).unwrap().0;
    let span = Span::new(start, start + surface.len());
    Mention { span, entity_type: EntityType::from_label(label), score: 1.0 }
}

fn sample() -> AnnotatedDocument {
    let words = |sentence: &str, offset: usize| -> Vec<Span> {
        let place = |word: &str| {
            let start = offset + (word.as_ptr() as usize - sentence.as_ptr() as usize);
            Span::new(start, start + word.len())
        };
        sentence.split_whitespace().map(place).collect()
    };
    let border = TEXT.find("Ito left").unwrap();
    let sentences = vec![words(&TEXT[..border], 0), words(&TEXT[border..], border)];
    let document = Document { sentences: Some(sentences), ..Document::new("day 1/a", TEXT) };
    AnnotatedDocument {
        mentions: vec![
            mention("Zoë Ito", 0, "PER"),
            mention("A. Brook", 0, "PER"),
            mention("New\nYork.", 0, "LOC"),
            mention("Ito", 1, "PER"),
        ],
        entities: vec![Entity { source_id: Some("e1".into()), ..Entity::of_mentions(vec![0, 3]) }],
        ..AnnotatedDocument::new(document)
    }
}

fn written(document: &AnnotatedDocument, format: Format, name: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    if format == Format::Brat {
        let mut output = Output::to_path(&path, format, &OutputOptions::new()).unwrap();
        output.write(document).unwrap();
        output.finish().unwrap();
    } else {
        let mut bytes = Vec::new();
        write(std::slice::from_ref(document), format, &mut bytes).unwrap();
        fs::write(&path, bytes).unwrap();
    }
    (folder, path)
}

fn read(path: &std::path::Path, options: &ReadOptions) -> Result<(Vec<AnnotatedDocument>, Format), InputError> {
    let reader = open(path, options)?;
    let format = reader.format();
    Ok((reader.collect::<Result<_, _>>()?, format))
}

/// Surface, type and number of the entity of each mention, sorted.
fn facts(document: &AnnotatedDocument) -> Vec<(String, &'static str, Option<usize>)> {
    let owners = document.owners();
    let groups: Vec<usize> =
        (0..document.entities.len()).filter(|&entity| document.entities[entity].mentions.len() > 1).collect();
    let mut facts: Vec<_> = (document.mentions.iter().zip(owners))
        .map(|(mention, owner)| {
            let surface = mention.span.of(document.text()).split_whitespace().collect::<Vec<_>>().join(" ");
            let group = owner.and_then(|owner| groups.iter().position(|&group| group == owner));
            (surface, mention.entity_type.label(), group)
        })
        .collect();
    facts.sort();
    facts
}

#[test]
fn what_is_written_is_read_again() {
    let document = sample();
    for format in Format::all_for(Use::Writing).filter(|format| format.is_for(Use::Annotations)) {
        let name = format.name();
        let file = match format {
            Format::Brat => "folder",
            Format::Conll => "x.conll",
            Format::Nif => "x.ttl",
            Format::WebAnno => "x.tsv",
            _ => "x.jsonl",
        };
        let (_folder, path) = written(&document, format, file);
        let (documents, detected) =
            read(&path, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(detected, format);
        assert_eq!(facts(&documents[0]), facts(&document), "{name}");
        if !matches!(format, Format::Brat | Format::WebAnno) {
            assert_eq!(documents[0].id(), document.id(), "{name}");
        }
        if !matches!(format, Format::Conll | Format::WebAnno) {
            assert_eq!(documents[0].text(), TEXT, "{name}");
        }
    }
}

#[test]
fn what_a_format_cannot_carry_is_counted() {
    let mut document = sample();
    document.mark_mut(0).link = Some("Q1".into());
    document.mark_mut(1).skip = Some("common".into());
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

fn read_text(name: &str, content: &str, options: &ReadOptions) -> Result<Vec<AnnotatedDocument>, InputError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read(&path, options).map(|read| read.0)
}

#[test]
fn a_type_beside_a_label_is_the_type() {
    let mentions = |field: &str| format!(r#"{{"text": "Oslo", "mentions": [{{"start": 0, "end": 4, {field}}}]}}"#);
    let label = |field: &str| {
        let documents = read_text("x.jsonl", &mentions(field), &ReadOptions::default()).unwrap();
        documents[0].mentions[0].entity_type.label()
    };
    assert_eq!(label(r#""type": "LOC", "label": "Oslo, Norway""#), "LOC");
    assert_eq!(label(r#""label": "Oslo, Norway", "type": "LOC""#), "LOC");
    assert_eq!(label(r#""type": null, "label": "Oslo, Norway""#), EntityType::UNTYPED.label());
    assert_eq!(label(r#""label": "LOC""#), "LOC");
    assert_eq!(label(r#""entity_group": "LOC""#), "LOC");
}

#[test]
fn offsets_in_another_unit_are_noticed() {
    let line =
        r#"{"id": "a", "text": "😀 Oslo", "mentions": [{"start": 3, "end": 7, "type": "LOC", "surface": "Oslo"}]}"#;
    let error = read_text("x.jsonl", line, &ReadOptions::default()).unwrap_err().to_string();
    assert!(error.ends_with("UTF-16 units: --offsets utf16"), "{error}");
    let options = ReadOptions::default().with_offset_unit(OffsetUnit::Utf16);
    let documents = read_text("x.jsonl", line, &options).unwrap();
    assert_eq!(documents[0].mentions[0].span, Span::new(5, 9));
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
    let documents = read_text("a.tsv", file, &ReadOptions::default()).unwrap();
    let document = &documents[0];
    let owners = document.owners();
    let found: Vec<_> = (document.mentions.iter().enumerate())
        .map(|(index, mention)| {
            let surface = mention.span.of(document.text());
            (surface, mention.entity_type.label(), document.link(index, owners[index]))
        })
        .collect();
    assert_eq!(found, [("Ito", "PER", None), ("Oslo", "LOC_x", Some("http://x.org/o")), ("Oslo", "ORG", None)]);
    assert_eq!(document.sentences().unwrap().len(), 2);
}

#[test]
fn conll_columns_and_schemes() {
    let file = "-DOCSTART- -X- O O\n\nOslo NNP B-NP I-LOC\nand CC O O\nBern NNP B-NP I-LOC\n\nAda NNP B-NP I-PER\n";
    let documents = read_text("gold.conll", file, &ReadOptions::default()).unwrap();
    assert_eq!(documents[0].text(), "Oslo and Bern\nAda");
    assert_eq!(documents[0].mentions.len(), 3);
    assert_eq!(documents[0].id(), "gold.conll#1");
}
