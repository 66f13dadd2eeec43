//! NIF 2.0 in Turtle: a `nif:Context` holds a text, phrases refer to it with `nif:beginIndex` and `nif:endIndex` (code
//! points). `itsrdf:taIdentRef` is the entity, and the link unless it lies in a "not in wiki" name space, as GERBIL has
//! it; `itsrdf:taClassRef` is the type.

use super::draft::Draft;
use super::error::{Fault, InputError};
use super::losses::{Kept, Losses};
use super::opened::{Annotated, Opened};
use super::{DocumentWriter, OutputError};
use crate::annotation::AnnotatedDocument;
use crate::document::{OffsetMap, OffsetUnit, Span};
use crate::entity_type::EntityType;
use oxrdf::{Literal, NamedNode, NamedOrBlankNode, Term, Triple};
use oxttl::turtle::LowLevelTurtleSerializer;
use oxttl::{TurtleParser, TurtleSerializer};
use std::collections::HashMap;
use std::io::{self, Write};

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

/// Documents of one source, which is read whole: a phrase may stand anywhere.
pub(super) fn documents(mut opened: Opened, unit: OffsetUnit) -> Annotated {
    match read(&mut opened, unit) {
        Ok(documents) => Box::new(documents.into_iter().map(|document| Ok((document, None)))),
        Err(error) => Box::new(std::iter::once(Err(error))),
    }
}

fn read(opened: &mut Opened, unit: OffsetUnit) -> Result<Vec<AnnotatedDocument>, InputError> {
    let name = opened.name.clone();
    let syntax = |line: u64, reason: String| Fault::Syntax(reason).at_line(&name, line);
    let mut order: Vec<String> = Vec::new();
    let mut resources: HashMap<String, Resource> = HashMap::new();
    for triple in TurtleParser::new().for_reader(&mut opened.reader) {
        let triple = triple.map_err(|error| match error {
            oxttl::TurtleParseError::Io(source) => Fault::from(source).of(&name),
            oxttl::TurtleParseError::Syntax(error) => syntax(error.location().start.line + 1, error.to_string()),
        })?;
        let NamedOrBlankNode::NamedNode(subject) = &triple.subject else { continue };
        let resource = resources.entry(subject.as_str().to_owned()).or_insert_with(|| {
            order.push(subject.as_str().to_owned());
            Resource::default()
        });
        resource.take(triple.predicate.as_str(), &triple.object);
    }
    let mut drafts: HashMap<&str, Vec<(Span, &Resource)>> = HashMap::new();
    for iri in &order {
        if resources[iri].text.is_some() {
            drafts.insert(iri, Vec::new());
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
        let Some(phrases) = drafts.get_mut(context.as_str()) else {
            return Err(syntax(1, format!("<{iri}> refers to the context <{context}>, which has no nif:isString")));
        };
        phrases.push((Span::new(begin, end), resource));
    }
    let mut documents = Vec::new();
    for iri in &order {
        if let Some(phrases) = drafts.remove(iri.as_str()) {
            let text = resources[iri].text.clone().unwrap_or_default();
            let document = document(iri, phrases, text, unit).map_err(|fault| fault.at_line(&name, 1))?;
            documents.push(document);
        }
    }
    Ok(documents)
}

fn document(
    iri: &str,
    mut phrases: Vec<(Span, &Resource)>,
    text: String,
    unit: OffsetUnit,
) -> Result<AnnotatedDocument, Fault> {
    phrases.sort_by_key(|(span, _)| span.order());
    let mut draft = Draft::new(document_id(iri), unit);
    for (span, resource) in phrases {
        let mention = draft.mention(span, resource.class.as_deref().map(label_of));
        if let Some(identity) = &resource.identity {
            draft.entity(mention, identity);
            if !identity.to_lowercase().contains("notinwiki") {
                draft.link(mention, identity);
            }
        }
        if let Some(anchor) = &resource.anchor {
            draft.surface(mention, anchor.as_str());
        }
    }
    draft.finish(Some(text))
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
#[derive(Default)]
pub(super) struct NifWriter {
    serializer: Option<LowLevelTurtleSerializer>,
}

impl DocumentWriter for NifWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        losses.add_common(annotated, &[Kept::Entities, Kept::Links]);
        let serializer = match &mut self.serializer {
            Some(serializer) => serializer,
            none => none.insert(serializer()?),
        };
        write_document(annotated, serializer, out, losses)?;
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write) -> Result<(), OutputError> {
        let mut serializer = match self.serializer.take() {
            Some(serializer) => serializer,
            None => serializer()?,
        };
        serializer.finish(out)?;
        Ok(())
    }
}

fn serializer() -> io::Result<LowLevelTurtleSerializer> {
    let prefix = |error| io::Error::new(io::ErrorKind::InvalidData, format!("{error}"));
    let serializer = TurtleSerializer::new().with_prefix("nif", NIF).map_err(prefix)?;
    let serializer = serializer.with_prefix("itsrdf", ITS).map_err(prefix)?;
    Ok(serializer.with_prefix("nerd", NERD).map_err(prefix)?.low_level())
}

fn write_document(
    document: &AnnotatedDocument,
    serializer: &mut LowLevelTurtleSerializer,
    out: &mut dyn Write,
    losses: &mut Losses,
) -> io::Result<()> {
    let bad = |error: oxrdf::IriParseError| io::Error::new(io::ErrorKind::InvalidData, error.to_string());
    let text = document.text();
    let map = OffsetMap::new(text, OffsetUnit::Char);
    let point = |byte| map.from_byte(byte).unwrap_or(byte);
    let node = |span: Span| {
        let (start, end) = (point(span.start), point(span.end));
        NamedNode::new(format!("urn:document:{}#char={start},{end}", encode(document.id()))).map_err(bad)
    };
    let context = node(Span::new(0, text.len()))?;
    let mut put = |subject: &NamedNode, predicate: &str, object: Term| {
        let triple = Triple::new(subject.clone(), NamedNode::new(predicate).map_err(bad)?, object);
        serializer.serialize_triple(&triple, &mut *out)
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
    let owners = document.owners();
    for (index, mention) in document.mentions.iter().enumerate() {
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
        if mention.entity_type != EntityType::UNTYPED {
            let label = mention.entity_type.label();
            let name = CLASSES.iter().find(|(_, known)| *known == label).map_or(label, |(name, _)| name);
            let class = NamedNode::new(format!("{NERD}{}", encode(name))).map_err(bad)?;
            put(&phrase, &format!("{ITS}taClassRef"), class.into())?;
        }
        let own = |entity: &str| NamedNode::new(format!("{NOT_IN_WIKI}{}", encode(entity))).map_err(bad);
        let entity = owners[index].map(|owner| document.entity_key(owner));
        let identity = match (document.link(index, owners[index]), entity.as_deref()) {
            (Some(link), _) if link.contains("://") => Some(NamedNode::new(link).map_err(bad)?),
            (Some(link), _) => Some(NamedNode::new(format!("urn:entry:{}", encode(link))).map_err(bad)?),
            (None, Some(entity)) if entity.starts_with(NOT_IN_WIKI) => Some(NamedNode::new(entity).map_err(bad)?),
            (None, Some(entity)) => Some(own(entity)?),
            (None, None) => None,
        };
        if let Some(identity) = identity {
            put(&phrase, &format!("{ITS}taIdentRef"), identity.into())?;
        }
    }
    Ok(())
}
