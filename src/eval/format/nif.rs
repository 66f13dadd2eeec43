//! NIF 2.0 in Turtle: a `nif:Context` holds a text, phrases refer to it with `nif:beginIndex` and `nif:endIndex` (code
//! points). `itsrdf:taIdentRef` is the entity, and the link unless it lies in a "not in wiki" name space, as GERBIL has
//! it; `itsrdf:taClassRef` is the type.

use super::file::{Surfaces, open, place, push};
use super::{Corpus, FormatError, Kept, Losses};
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::eval::annotation::{AnnotatedMention, Annotation, Names};
use oxrdf::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::{TurtleParser, TurtleSerializer};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

const NIF: &str = "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#";
const ITS: &str = "http://www.w3.org/2005/11/its/rdf#";
const RDF_TYPE: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";
const XSD_INTEGER: &str = "http://www.w3.org/2001/XMLSchema#nonNegativeInteger";
/// Classes of NERD, the ontology that NIF corpora use for types.
const NERD: &str = "http://nerd.eurecom.fr/ontology#";
/// Name space of entities without entry in a knowledge base (N3 and GERBIL).
const NOT_IN_WIKI: &str = "http://aksw.org/notInWiki/";

/// Names of classes and the labels that they stand for.
const CLASSES: [(&str, &str); 6] = [
    ("Person", "PER"),
    ("Organization", "ORG"),
    ("Organisation", "ORG"),
    ("Location", "LOC"),
    ("Place", "LOC"),
    ("Miscellaneous", "MISC"),
];

/// A context or a phrase.
#[derive(Default)]
struct Resource {
    text: Option<String>,
    context: Option<String>,
    begin: Option<usize>,
    end: Option<usize>,
    anchor: Option<String>,
    identity: Option<String>,
    class: Option<String>,
}

pub(super) fn read(path: &Path, unit: OffsetUnit) -> Result<Corpus, FormatError> {
    let syntax = |line: usize, reason: String| FormatError::Syntax { path: path.to_owned(), line, reason };
    let mut order: Vec<String> = Vec::new();
    let mut resources: HashMap<String, Resource> = HashMap::new();
    for triple in TurtleParser::new().for_reader(open(path)?) {
        let triple = triple.map_err(|error| match error {
            oxttl::TurtleParseError::Io(source) => FormatError::Read { path: path.to_owned(), source },
            oxttl::TurtleParseError::Syntax(error) => {
                let line = usize::try_from(error.location().start.line + 1).unwrap_or_default();
                syntax(line, error.to_string())
            }
        })?;
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { continue };
        let resource = resources.entry(subject.as_str().to_owned()).or_insert_with(|| {
            order.push(subject.as_str().to_owned());
            Resource::default()
        });
        resource.take(triple.predicate.as_str(), &triple.object);
    }
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    let mut documents: HashMap<&str, (Annotation, Surfaces)> = HashMap::new();
    for iri in &order {
        if let Some(text) = &resources[iri].text {
            let document = Annotation { id: iri.clone(), text: Some(text.clone()), unit, ..Annotation::default() };
            documents.insert(iri, (document, Surfaces::new()));
        }
    }
    for iri in &order {
        let resource = &resources[iri];
        let Some(context) = &resource.context else { continue };
        if context == iri || (resource.identity.is_none() && resource.class.is_none() && resource.anchor.is_none()) {
            continue;
        }
        let (Some(begin), Some(end)) = (resource.begin, resource.end) else {
            return Err(syntax(1, format!("<{iri}> has no nif:beginIndex and nif:endIndex")));
        };
        let Some((document, surfaces)) = documents.get_mut(context.as_str()) else {
            return Err(syntax(1, format!("<{iri}> refers to the context <{context}>, which has no nif:isString")));
        };
        let identity = resource.identity.as_deref();
        let label = resource.class.as_deref().map(|class| names.get(label_of(class)));
        let mut mention = AnnotatedMention::new(Span::new(begin, end), label, identity.map(|entity| names.get(entity)));
        if let Some(link) = identity.filter(|entity| !entity.to_lowercase().contains("notinwiki")) {
            mention.link = Some(names.get(link));
        }
        if let Some(anchor) = &resource.anchor {
            surfaces.push((document.mentions.len(), anchor.clone()));
        }
        document.mentions.push(mention);
    }
    for iri in &order {
        if let Some((mut document, surfaces)) = documents.remove(iri.as_str()) {
            place(&mut document, &surfaces, path, 1)?;
            document.mentions.sort_by_key(|mention| crate::eval::select::order(mention.span));
            push(&mut corpus, document, Some(document_id(iri)), path);
        }
    }
    Ok(corpus)
}

impl Resource {
    fn take(&mut self, predicate: &str, object: &Term) {
        let text = || match object {
            Term::Literal(literal) => Some(literal.value().to_owned()),
            Term::NamedNode(node) => Some(node.as_str().to_owned()),
            Term::BlankNode(_) => None,
        };
        let number = || text().and_then(|digits| digits.parse().ok());
        match (predicate.strip_prefix(NIF), predicate.strip_prefix(ITS)) {
            (Some("isString"), _) => self.text = text(),
            (Some("referenceContext"), _) => self.context = text(),
            (Some("beginIndex"), _) => self.begin = number(),
            (Some("endIndex"), _) => self.end = number(),
            (Some("anchorOf"), _) => self.anchor = text(),
            (_, Some("taIdentRef")) => self.identity = text(),
            // Of several classes the one that we know a label for is the best.
            (_, Some("taClassRef")) => {
                let known = |class: &String| CLASSES.iter().any(|(_, label)| label_of(class) == *label);
                if !self.class.as_ref().is_some_and(known) {
                    self.class = text();
                }
            }
            _ => {}
        }
    }
}

fn label_of(class: &str) -> &str {
    let local = class.rsplit(['#', '/']).next().unwrap_or(class);
    CLASSES.iter().find(|(name, _)| *name == local).map_or(local, |(_, label)| label)
}

/// The document's own id, where we have written the context; else its IRI without the fragment.
fn document_id(iri: &str) -> String {
    let plain = iri.split_once("#char=").map_or(iri, |(plain, _)| plain);
    plain.strip_prefix("urn:document:").map_or_else(|| plain.to_owned(), decode)
}

/// Percent-encodes everything but what may stand in an IRI anywhere.
fn encode(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

fn decode(encoded: &str) -> String {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        if let (b'%', Some(byte)) = (first, code) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(first);
            rest = after;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Writes contexts and phrases.
pub(super) fn write(documents: &[Annotation], out: &mut dyn Write, losses: &mut Losses) -> io::Result<()> {
    let bad = |error: oxrdf::IriParseError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    let prefix = |error| io::Error::new(io::ErrorKind::InvalidData, format!("{error}"));
    let mut serializer = TurtleSerializer::new()
        .with_prefix("nif", NIF)
        .map_err(prefix)?
        .with_prefix("itsrdf", ITS)
        .map_err(prefix)?
        .with_prefix("nerd", NERD)
        .map_err(prefix)?
        .for_writer(&mut *out);
    for document in documents {
        losses.add_common(document, &[Kept::Entities, Kept::Links]);
        let text = document.text();
        let map = OffsetMap::new(text, OffsetUnit::Char);
        let point = |byte| map.from_byte(byte).unwrap_or(byte);
        let node = |span: Span| {
            let (start, end) = (point(span.start), point(span.end));
            NamedNode::new(format!("urn:document:{}#char={start},{end}", encode(&document.id))).map_err(bad)
        };
        let context = node(Span::new(0, text.len()))?;
        let mut put = |subject: &NamedNode, predicate: &str, object: Term| {
            let triple = Triple::new(subject.clone(), NamedNode::new(predicate).map_err(bad)?, object);
            serializer.serialize_triple(&triple)
        };
        let class = |name: &str| NamedNode::new(format!("{NIF}{name}")).map(Term::from).map_err(bad);
        let literal = |text: &str| Term::from(Literal::new_simple_literal(text));
        let integer = |number: usize| -> io::Result<Term> {
            let datatype = NamedNode::new(XSD_INTEGER).map_err(bad)?;
            Ok(Literal::new_typed_literal(number.to_string(), datatype).into())
        };
        put(&context, RDF_TYPE, class("Context")?)?;
        put(&context, &format!("{NIF}isString"), literal(text))?;
        put(&context, &format!("{NIF}beginIndex"), integer(0)?)?;
        put(&context, &format!("{NIF}endIndex"), integer(point(text.len()))?)?;
        for mention in &document.mentions {
            let phrase = node(mention.span)?;
            if phrase == context {
                losses.add("mentions that are the whole text", 1);
                continue;
            }
            put(&phrase, RDF_TYPE, class("Phrase")?)?;
            put(&phrase, &format!("{NIF}referenceContext"), context.clone().into())?;
            put(&phrase, &format!("{NIF}anchorOf"), literal(mention.span.of(text)))?;
            put(&phrase, &format!("{NIF}beginIndex"), integer(point(mention.span.start))?)?;
            put(&phrase, &format!("{NIF}endIndex"), integer(point(mention.span.end))?)?;
            if let Some(label) = &mention.label {
                let name = CLASSES.iter().find(|(_, known)| *known == &**label).map_or(&**label, |(name, _)| name);
                let class = NamedNode::new(format!("{NERD}{}", encode(name))).map_err(bad)?;
                put(&phrase, &format!("{ITS}taClassRef"), class.into())?;
            }
            let own = |entity: &str| NamedNode::new(format!("{NOT_IN_WIKI}{}", encode(entity))).map_err(bad);
            let identity = match (mention.link(), &mention.entity) {
                (Some(link), _) if link.contains("://") => Some(NamedNode::new(&**link).map_err(bad)?),
                (Some(link), _) => Some(NamedNode::new(format!("urn:entry:{}", encode(link))).map_err(bad)?),
                (None, Some(entity)) if entity.starts_with(NOT_IN_WIKI) => {
                    Some(NamedNode::new(&**entity).map_err(bad)?)
                }
                (None, Some(entity)) => Some(own(entity)?),
                (None, None) => None,
            };
            if let Some(identity) = identity {
                put(&phrase, &format!("{ITS}taIdentRef"), identity.into())?;
            }
        }
    }
    serializer.finish()?;
    Ok(())
}
