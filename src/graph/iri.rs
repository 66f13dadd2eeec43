//! Identifiers: made of a base and of ids that may hold anything, so that the same input gives the same IRIs for ever.
//!
//! Below the base an entity has a *path*, `entity/E000001` where a corpus store has linked it, and
//! `document/a1/entity/a1%231` where it is known in its document only. All formats identify entities by their paths.

use super::error::GraphError;
use oxrdf::NamedNode;
use std::fmt;
use std::str::FromStr;

/// What every identifier begins with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Base(String);

impl Base {
    /// The base as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The identifier of what lies at a path, whose parts are encoded already.
    pub(super) fn node(&self, path: &str) -> NamedNode {
        // The base was checked, and a path holds nothing but letters, digits and a few signs that are allowed anywhere.
        NamedNode::new_unchecked(format!("{}{path}", self.0))
    }

    /// The identifier of a document.
    #[must_use]
    pub fn document(&self, id: &str) -> NamedNode {
        self.node(&document_path(id))
    }
}

/// Used where the user gives no base: identifiers that are good within one graph, and promise nothing beyond.
impl Default for Base {
    fn default() -> Self {
        Self("urn:namesake:".to_owned())
    }
}

impl fmt::Display for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Base {
    type Err = GraphError;

    fn from_str(base: &str) -> Result<Self, GraphError> {
        let wrong = |reason: &str| Err(GraphError::Base { base: base.to_owned(), reason: reason.to_owned() });
        if let Err(error) = NamedNode::new(base) {
            return wrong(&format!("it is no absolute IRI ({error})"));
        }
        if base.contains(['#', '?']) {
            return wrong("it holds '#' or '?', behind which no path can stand");
        }
        if !base.ends_with(['/', ':']) {
            return wrong("it does not end in '/' or ':'");
        }
        Ok(Self(base.to_owned()))
    }
}

/// Path of a document.
pub(super) fn document_path(id: &str) -> String {
    format!("document/{}", encode(id))
}

/// Path of an entity: of the corpus, where its corpus id is known, else of its document.
pub(super) fn entity_path(document: &str, id: &str, corpus_id: Option<&str>) -> String {
    match corpus_id {
        Some(corpus_id) => format!("entity/{}", encode(corpus_id)),
        None => format!("{}/entity/{}", document_path(document), encode(id)),
    }
}

/// Percent-encodes everything but what may stand in an IRI anywhere.
pub(super) fn encode(id: &str) -> String {
    let mut encoded = String::with_capacity(id.len());
    // A part that is nothing but dots would be taken for "here" or "above" by whoever resolves the IRI.
    let dots = id.bytes().all(|byte| byte == b'.');
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_~".contains(&byte) || byte == b'.' && !dots {
            encoded.push(char::from(byte));
        } else {
            encoded += &format!("%{byte:02X}");
        }
    }
    encoded
}

/// What [`encode`] has encoded; none if it is nothing of the kind.
pub(super) fn decode(encoded: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        if *first == b'%' {
            let (digits, after) = rest.split_at_checked(2)?;
            bytes.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = after;
        } else {
            bytes.push(*first);
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_base_must_be_one() {
        assert_eq!("https://example.org/news/".parse::<Base>().unwrap().as_str(), "https://example.org/news/");
        assert!("urn:x:".parse::<Base>().is_ok());
        for wrong in
            ["", "news/", "https://example.org", "https://example.org/#", "https://e.org/a b/", "http://e.org/?q="]
        {
            let message = wrong.parse::<Base>().unwrap_err().to_string();
            assert!(message.starts_with(&format!("'{wrong}' cannot begin identifiers: ")), "{message}");
        }
    }

    #[test]
    fn paths_say_what_they_are() {
        assert_eq!(entity_path("a 1", "a 1#2", None), "document/a%201/entity/a%201%232");
        assert_eq!(entity_path("a 1", "a 1#2", Some("E000007")), "entity/E000007");
        assert_eq!(document_path(".."), "document/%2E%2E");
    }

    proptest! {
        #[test]
        fn different_ids_are_different_iris_and_all_are_valid(one in "\\PC{0,20}|[\\x00-\\x7f]{0,20}", other in "\\PC{0,20}") {
            let iri = Base::default().document(&one);
            prop_assert!(NamedNode::new(iri.as_str()).is_ok());
            prop_assert_eq!(one == other, iri == Base::default().document(&other));
            let encoded = encode(&one);
            prop_assert!(encoded.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~%".contains(&byte)));
            prop_assert_eq!(decode(&encoded), Some(one));
        }
    }
}
