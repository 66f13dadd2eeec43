//! The graph in RDF: what a document, an entity and a pair of entities become. `docs/knowledge-graph.md` has the picture.
//!
//! What a document says stands in its own named graph, so that it can be replaced; what follows from all documents (names,
//! types, pairs) stands in the default graph.

use super::class::class;
use super::document::{GraphDocument, GraphEntity};
use super::gather::{Edge, Node};
use super::iri::encode;
use super::options::GraphOptions;
use super::vocabulary::{itsrdf, nif, ns, owl, prov, schema, skos};
use super::vote::Labels;
use crate::entity::{Relation, RelationKind, RelationTarget};
use crate::entity_type::EntityType;
use oxrdf::vocab::{rdf, xsd};
use oxrdf::{Literal, NamedNode, NamedNodeRef, Term, Triple};
use oxsdatatypes::{Date, DateTime};
use serde_json::Value;

/// Makes statements.
#[derive(Debug, Clone)]
pub(super) struct Statements {
    options: GraphOptions,
    activity: NamedNode,
}

/// Fields of the source that have a word in schema.org.
const METADATA: [(&str, NamedNodeRef<'_>); 9] = [
    ("headline", schema::HEADLINE),
    ("title", schema::HEADLINE),
    ("date", schema::DATE_PUBLISHED),
    ("published", schema::DATE_PUBLISHED),
    ("datePublished", schema::DATE_PUBLISHED),
    ("url", schema::URL),
    ("author", schema::AUTHOR),
    ("language", schema::IN_LANGUAGE),
    ("lang", schema::IN_LANGUAGE),
];

/// Triples about one thing after another.
#[derive(Default)]
struct About(Vec<Triple>);

impl About {
    fn put(&mut self, subject: &NamedNode, predicate: NamedNodeRef<'_>, object: impl Into<Term>) {
        self.0.push(Triple::new(subject.clone(), predicate, object));
    }
}

impl Statements {
    pub(super) fn new(options: GraphOptions) -> Self {
        let model = options.model.as_deref().map_or_else(|| "unknown".to_owned(), encode);
        let time = options.time.as_deref().map(|time| format!("/{}", encode(time))).unwrap_or_default();
        let activity = options.base.node(&format!("activity/{}/{model}{time}", encode(VERSION)));
        Self { options, activity }
    }

    /// The named graph of a document.
    pub(super) fn graph(&self, document: &str) -> NamedNode {
        self.options.base.document(document)
    }

    /// Who found the mentions.
    pub(super) fn provenance(&self) -> Vec<Triple> {
        let mut about = About::default();
        let program = self.options.base.node(&format!("program/{}", encode(VERSION)));
        about.put(&self.activity, rdf::TYPE, prov::ACTIVITY);
        about.put(&self.activity, prov::WAS_ASSOCIATED_WITH, program.clone());
        let model = self.options.model.as_ref();
        let model = model.map(|name| (name, self.options.base.node(&format!("model/{}", encode(name)))));
        if let Some((_, node)) = &model {
            about.put(&self.activity, prov::USED, node.clone());
        }
        if let Some(time) = &self.options.time {
            let time = Literal::new_typed_literal(time, xsd::DATE_TIME);
            about.put(&self.activity, prov::ENDED_AT_TIME, time);
        }
        about.put(&program, rdf::TYPE, prov::SOFTWARE_AGENT);
        about.put(&program, schema::NAME, plain("namesake"));
        about.put(&program, schema::SOFTWARE_VERSION, plain(VERSION));
        if let Some((name, node)) = &model {
            about.put(node, rdf::TYPE, prov::ENTITY);
            about.put(node, schema::NAME, plain(name));
        }
        about.0
    }

    /// What a document says.
    pub(super) fn document(&self, document: &GraphDocument) -> Vec<Triple> {
        let mut about = About::default();
        let base = &self.options.base;
        let article = base.document(&document.id);
        let entities: Vec<NamedNode> = document.entity_paths().iter().map(|path| base.node(path)).collect();
        about.put(&article, rdf::TYPE, schema::ARTICLE);
        about.put(&article, schema::IDENTIFIER, plain(&document.id));
        for (field, predicate) in METADATA {
            if let Some(Value::String(value)) = document.metadata.get(field) {
                about.put(&article, predicate, metadata(predicate, value));
            }
        }
        for entity in &entities {
            about.put(&article, schema::MENTIONS, entity.clone());
        }
        for (entity, node) in document.entities.iter().zip(&entities) {
            about.put(node, schema::NAME, plain(&entity.name));
            for alias in entity.aliases.iter().filter(|alias| alias.text != entity.name) {
                about.put(node, schema::ALTERNATE_NAME, plain(&alias.text));
            }
            about.put(node, schema::ADDITIONAL_TYPE, class(entity.entity_type));
            for relation in &entity.relations {
                relate(&mut about, document, entity, node, relation, &entities);
            }
            if let Some(id) = &entity.knowledge_id {
                match self.knowledge(id) {
                    Some(known) => about.put(node, owl::SAME_AS, known),
                    None => about.put(node, schema::IDENTIFIER, plain(id)),
                }
            }
        }
        self.mentions(document, &article, &entities, &mut about);
        about.0
    }

    fn mentions(&self, document: &GraphDocument, article: &NamedNode, entities: &[NamedNode], about: &mut About) {
        if document.text.is_none() && document.mentions.is_empty() {
            return;
        }
        let string = |fragment: &str| NamedNode::new_unchecked(format!("{}#{fragment}", article.as_str()));
        let context = string("context");
        about.put(&context, rdf::TYPE, nif::CONTEXT);
        about.put(&context, nif::SOURCE_URL, article.clone());
        if let Some(text) = &document.text {
            about.put(&context, nif::IS_STRING, plain(text));
            about.put(&context, nif::BEGIN_INDEX, index(0));
            about.put(&context, nif::END_INDEX, index(text.chars().count()));
        }
        for mention in &document.mentions {
            let node = string(&format!("offset_{}_{}", mention.start, mention.end));
            about.put(&node, rdf::TYPE, nif::OFFSET_BASED_STRING);
            about.put(&node, nif::REFERENCE_CONTEXT, context.clone());
            about.put(&node, nif::ANCHOR_OF, plain(&mention.text));
            about.put(&node, nif::BEGIN_INDEX, index(mention.start));
            about.put(&node, nif::END_INDEX, index(mention.end));
            if let Some(entity) = mention.entity.and_then(|number| entities.get(number)) {
                about.put(&node, itsrdf::TA_IDENT_REF, entity.clone());
            }
            about.put(&node, itsrdf::TA_CLASS_REF, class(mention.entity_type));
            about.put(&node, itsrdf::TA_CONFIDENCE, Literal::from(mention.score));
            about.put(&node, prov::WAS_GENERATED_BY, self.activity.clone());
        }
    }

    /// What all documents together say of an entity.
    pub(super) fn node(&self, node: &Node) -> Vec<Triple> {
        labels(&self.options.base.node(&node.path), &node.labels)
    }

    /// What all documents together say of a pair.
    pub(super) fn edge(&self, edge: &Edge) -> Vec<Triple> {
        let mut about = About::default();
        let base = &self.options.base;
        let pair = base.node(&format!("co-mention/{}/{}", edge.one, edge.other));
        about.put(&pair, rdf::TYPE, ns::CO_MENTION);
        about.put(&pair, ns::BETWEEN, base.node(&edge.one));
        about.put(&pair, ns::BETWEEN, base.node(&edge.other));
        about.put(&pair, ns::DOCUMENTS, Literal::new_typed_literal(edge.documents.to_string(), xsd::INTEGER));
        for document in &edge.some_documents {
            about.put(&pair, ns::DOCUMENT, base.document(document));
        }
        about.0
    }

    /// The identifier of an entry in a knowledge base, where one can be made.
    fn knowledge(&self, id: &str) -> Option<NamedNode> {
        if id.starts_with("http://") || id.starts_with("https://") {
            return NamedNode::new(id).ok();
        }
        if let Some(prefix) = &self.options.knowledge_base {
            return NamedNode::new(format!("{prefix}{}", encode(id))).ok();
        }
        let digits = id.strip_prefix('Q')?;
        let wikidata =
            !digits.is_empty() && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit());
        wikidata.then(|| NamedNode::new_unchecked(format!("http://www.wikidata.org/entity/{id}")))
    }
}

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a document states of an entity and another. A former name is an alternate name besides: that is what it is searched by.
fn relate(
    about: &mut About,
    document: &GraphDocument,
    entity: &GraphEntity,
    node: &NamedNode,
    relation: &Relation,
    nodes: &[NamedNode],
) {
    match &relation.target {
        RelationTarget::Entity(other) => {
            let (Some(target), Some(other)) = (nodes.get(*other), document.entities.get(*other)) else { return };
            let firms = [entity.entity_type, other.entity_type].iter().all(|kind| *kind == EntityType::Org);
            let predicate = match relation.kind {
                RelationKind::PartOf if firms => schema::PARENT_ORGANIZATION,
                RelationKind::PartOf => ns::PART_OF,
                RelationKind::Formerly => ns::FORMERLY,
                RelationKind::DemonymOf => ns::DEMONYM_OF,
            };
            about.put(node, predicate, target.clone());
        }
        RelationTarget::Name(name) if *name != entity.name => {
            if entity.aliases.iter().all(|alias| alias.text != *name) {
                about.put(node, schema::ALTERNATE_NAME, plain(name));
            }
            about.put(node, ns::FORMERLY, plain(name));
        }
        RelationTarget::Name(_) => {}
    }
}

/// Name, other names and type of an entity.
pub(super) fn labels(entity: &NamedNode, labels: &Labels) -> Vec<Triple> {
    let mut about = About::default();
    about.put(entity, rdf::TYPE, class(labels.entity_type));
    about.put(entity, skos::PREF_LABEL, plain(&labels.name));
    for alias in &labels.aliases {
        about.put(entity, skos::ALT_LABEL, plain(alias));
    }
    about.0
}

/// Whether a statement of a document's graph gives an entity a name or a type.
pub(super) fn is_label(predicate: NamedNodeRef<'_>) -> bool {
    [schema::NAME, schema::ALTERNATE_NAME, schema::ADDITIONAL_TYPE].contains(&predicate)
}

fn plain(text: &str) -> Literal {
    Literal::new_simple_literal(text)
}

fn index(offset: usize) -> Literal {
    Literal::new_typed_literal(offset.to_string(), xsd::NON_NEGATIVE_INTEGER)
}

/// A field as schema.org has it: dates and addresses as such, if they are.
fn metadata(predicate: NamedNodeRef<'_>, value: &str) -> Term {
    if predicate == schema::DATE_PUBLISHED && value.parse::<Date>().is_ok() {
        Literal::new_typed_literal(value, xsd::DATE).into()
    } else if predicate == schema::DATE_PUBLISHED && value.parse::<DateTime>().is_ok() {
        Literal::new_typed_literal(value, xsd::DATE_TIME).into()
    } else if let (true, Ok(address)) = (predicate == schema::URL, NamedNode::new(value)) {
        address.into()
    } else {
        plain(value).into()
    }
}
