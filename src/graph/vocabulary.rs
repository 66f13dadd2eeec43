//! The terms of the graph. All but four are those of standard vocabularies.

use oxrdf::{NamedNode, NamedNodeRef};

macro_rules! terms {
    ($prefix:literal, $($name:ident = $local:literal),* $(,)?) => {
        pub(in crate::graph) const NAMESPACE: &str = $prefix;
        $(pub(in crate::graph) const $name: NamedNodeRef<'static> = NamedNodeRef::new_unchecked(concat!($prefix, $local));)*
    };
}

pub(super) mod schema {
    use super::NamedNodeRef;
    terms!(
        "http://schema.org/",
        ADDITIONAL_TYPE = "additionalType",
        ALTERNATE_NAME = "alternateName",
        ARTICLE = "Article",
        AUTHOR = "author",
        DATE_PUBLISHED = "datePublished",
        HEADLINE = "headline",
        IDENTIFIER = "identifier",
        IN_LANGUAGE = "inLanguage",
        MENTIONS = "mentions",
        NAME = "name",
        ORGANIZATION = "Organization",
        PARENT_ORGANIZATION = "parentOrganization",
        PERSON = "Person",
        PLACE = "Place",
        SOFTWARE_VERSION = "softwareVersion",
        THING = "Thing",
        URL = "url",
    );
}

pub(super) mod skos {
    use super::NamedNodeRef;
    terms!("http://www.w3.org/2004/02/skos/core#", ALT_LABEL = "altLabel", PREF_LABEL = "prefLabel");
}

pub(super) mod nif {
    use super::NamedNodeRef;
    terms!(
        "http://persistence.uni-leipzig.org/nlp2rdf/ontologies/nif-core#",
        ANCHOR_OF = "anchorOf",
        BEGIN_INDEX = "beginIndex",
        CONTEXT = "Context",
        END_INDEX = "endIndex",
        IS_STRING = "isString",
        OFFSET_BASED_STRING = "OffsetBasedString",
        REFERENCE_CONTEXT = "referenceContext",
        SOURCE_URL = "sourceUrl",
    );
}

pub(super) mod itsrdf {
    use super::NamedNodeRef;
    terms!(
        "http://www.w3.org/2005/11/its/rdf#",
        TA_CLASS_REF = "taClassRef",
        TA_CONFIDENCE = "taConfidence",
        TA_IDENT_REF = "taIdentRef",
    );
}

pub(super) mod prov {
    use super::NamedNodeRef;
    terms!(
        "http://www.w3.org/ns/prov#",
        ACTIVITY = "Activity",
        ENDED_AT_TIME = "endedAtTime",
        ENTITY = "Entity",
        SOFTWARE_AGENT = "SoftwareAgent",
        USED = "used",
        WAS_ASSOCIATED_WITH = "wasAssociatedWith",
        WAS_GENERATED_BY = "wasGeneratedBy",
    );
}

pub(super) mod owl {
    use super::NamedNodeRef;
    terms!("http://www.w3.org/2002/07/owl#", SAME_AS = "sameAs");
}

/// Our own terms: for what two entities have in common no vocabulary has words.
pub(super) mod ns {
    use super::{NamedNode, NamedNodeRef};
    terms!(
        "urn:namesake:vocabulary#",
        BETWEEN = "between",
        CO_MENTION = "CoMention",
        DEMONYM_OF = "demonymOf",
        DOCUMENT = "document",
        DOCUMENTS = "documents",
        FORMERLY = "formerly",
        PART_OF = "partOf",
    );
    /// What stands before the label in the class of a type that is none of the four: no other term begins so.
    const TYPE: &str = "urn:namesake:vocabulary#type-";

    /// The class of a type with this label, which is encoded already.
    pub(in crate::graph) fn class(label: &str) -> NamedNode {
        NamedNode::new_unchecked(format!("{TYPE}{label}"))
    }

    /// The encoded label of the type with this class.
    pub(in crate::graph) fn label_of(class: NamedNodeRef<'_>) -> Option<&str> {
        class.as_str().strip_prefix(TYPE)
    }

    /// What a store notes down for itself.
    #[cfg(feature = "sparql-store")]
    pub(in crate::graph) const PENDING: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("urn:namesake:vocabulary#pending");
    #[cfg(feature = "sparql-store")]
    pub(in crate::graph) const DIGEST: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("urn:namesake:vocabulary#digest");
    #[cfg(feature = "sparql-store")]
    pub(in crate::graph) const STORE: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("urn:namesake:vocabulary#store");
    #[cfg(feature = "sparql-store")]
    pub(in crate::graph) const BASE: NamedNodeRef<'static> =
        NamedNodeRef::new_unchecked("urn:namesake:vocabulary#base");
}

/// Names of namespaces in formats that have them, and in queries.
pub(super) const PREFIXES: [(&str, &str); 9] = [
    ("schema", schema::NAMESPACE),
    ("skos", skos::NAMESPACE),
    ("nif", nif::NAMESPACE),
    ("itsrdf", itsrdf::NAMESPACE),
    ("prov", prov::NAMESPACE),
    ("owl", owl::NAMESPACE),
    ("ns", ns::NAMESPACE),
    ("rdf", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"),
    ("xsd", "http://www.w3.org/2001/XMLSchema#"),
];
