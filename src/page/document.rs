//! One self-contained page: each document's text with its mentions highlighted, and beside it the table of its entities.
//!
//! The page is written as the documents come: what needs all of them (the list of documents, the totals) its script
//! gathers in the browser. Without the script every mention is a link to its entity's row, and every row a link to its
//! first mention. Texts are escaped by the template engine, and control characters are shown, not sent.

use super::PageError;
use super::types::{class, words};
use crate::annotation::AnnotatedDocument;
use crate::entity::Alias;
use crate::entity_type::EntityType;
use crate::facts::facts;
use crate::number::grouped;
use crate::visible::{Layout, Visible};
use askama::Template;
use std::collections::BTreeMap;
use std::io::Write;

const STYLE: &str =
    concat!(include_str!("shared.css"), include_str!("entities.css"), include_str!("document/page.css"));
const SCRIPT: &str = concat!(include_str!("shared.js"), include_str!("document/page.js"));

/// Shades of one hue that the style sheet knows.
const SHADES: usize = 5;

/// Writes a section a document, between the beginning and the end of the page.
#[derive(Debug, Default)]
pub struct DocumentPage {
    documents: usize,
}

#[derive(Template)]
#[template(config = "src/page/askama.toml", path = "document/begin.html")]
struct Begin {
    version: &'static str,
    style: &'static str,
}

#[derive(Template)]
#[template(config = "src/page/askama.toml", path = "document/section.html")]
struct Section<'a, S: Iterator<Item = Segment<'a>> + Clone> {
    number: usize,
    id: Visible<'a>,
    facts: String,
    metadata: Vec<Field<'a>>,
    /// Made while the page is written: a long text has many.
    segments: S,
    rows: Vec<Row<'a>>,
}

#[derive(Template)]
#[template(config = "src/page/askama.toml", path = "document/end.html")]
struct End {
    script: &'static str,
}

struct Field<'a> {
    name: Visible<'a>,
    value: String,
}

/// A stretch of the text: a mention, or what stands between two.
#[derive(Clone)]
struct Segment<'a> {
    text: Visible<'a>,
    name: Option<NameMark>,
}

/// What the page says about a mention; mentions and entities count from 1 in its links.
#[derive(Clone)]
struct NameMark {
    mention: usize,
    entity: usize,
    class: &'static str,
    shade: usize,
    score: String,
    /// Why it belongs to its entity, where somebody asked.
    why: Option<String>,
}

struct Row<'a> {
    name: Visible<'a>,
    class: &'static str,
    shade: usize,
    label: &'static str,
    kind: &'static str,
    count: String,
    score: String,
    /// Its first mention, counted from 1.
    first: usize,
    aliases: Vec<AliasMark<'a>>,
    knowledge_id: Option<Visible<'a>>,
    relations: Vec<String>,
}

struct AliasMark<'a> {
    text: Visible<'a>,
    count: usize,
}

impl DocumentPage {
    /// A page without documents.
    #[must_use]
    pub const fn new() -> Self {
        Self { documents: 0 }
    }

    /// Writes what stands before the first document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn begin(&mut self, mut out: impl Write) -> Result<(), PageError> {
        Begin { version: env!("CARGO_PKG_VERSION"), style: STYLE }.write_into(&mut out)?;
        Ok(writeln!(out)?)
    }

    /// Writes one document.
    ///
    /// # Errors
    /// When `out` cannot be written to, or when a mention does not fit the text.
    pub fn document(&mut self, annotated: &AnnotatedDocument, mut out: impl Write) -> Result<(), PageError> {
        let document = &annotated.document;
        for span in annotated.mentions.iter().map(|mention| mention.span) {
            if document.text.get(span.start..span.end).is_none() {
                return Err(PageError::Span { id: document.id.clone(), span });
            }
        }
        self.documents += 1;
        let shades = shades(annotated);
        let owners = annotated.owners();
        let metadata = document.metadata.iter().map(|(name, value)| Field {
            name: Visible::one_line(name),
            value: match value {
                serde_json::Value::String(text) => Visible::one_line(text).to_string(),
                other => Visible::one_line(&other.to_string()).to_string(),
            },
        });
        let section = Section {
            number: self.documents,
            id: Visible::one_line(&document.id),
            facts: facts(annotated),
            metadata: metadata.collect(),
            segments: segments(annotated, &owners, &shades),
            rows: rows(annotated, &shades),
        };
        section.write_into(&mut out)?;
        // The template engine drops the last line break of a template.
        Ok(writeln!(out)?)
    }

    /// Writes what stands after the last document.
    ///
    /// # Errors
    /// When `out` cannot be written to.
    pub fn end(&mut self, mut out: impl Write) -> Result<(), PageError> {
        End { script: SCRIPT }.write_into(&mut out)?;
        Ok(writeln!(out)?)
    }
}

/// The number of each entity among those of its type, so that neighbours in the table differ.
fn shades(annotated: &AnnotatedDocument) -> Vec<usize> {
    let mut seen: BTreeMap<EntityType, usize> = BTreeMap::new();
    let shade = |entity: &crate::entity::Entity| {
        let before = seen.entry(entity.entity_type).or_default();
        *before += 1;
        (*before - 1) % SHADES
    };
    annotated.entities.iter().map(shade).collect()
}

/// The text from its beginning to its end, mention by mention.
fn segments<'a>(
    annotated: &'a AnnotatedDocument,
    owners: &'a [Option<usize>],
    shades: &'a [usize],
) -> impl Iterator<Item = Segment<'a>> + Clone {
    let text = annotated.document.text.as_str();
    let shown = |start, end| Visible::new(text.get(start..end).unwrap_or_default(), Layout::Kept);
    let names = annotated.mentions.iter().zip(owners).enumerate().map(move |(index, (mention, &owner))| {
        let name = owner.map(|owner| NameMark {
            mention: index + 1,
            entity: owner + 1,
            class: class(mention.entity_type),
            shade: shades.get(owner).copied().unwrap_or_default(),
            score: format!("{:.2}", mention.score),
            why: annotated.why(index).map(|why| Visible::one_line(&why.sentence()).to_string()),
        });
        (mention.span, name)
    });
    let end = std::iter::once((crate::document::Span::new(text.len(), text.len()), None));
    names
        .chain(end)
        .scan(0, move |at, (span, name)| {
            let before = Segment { text: shown(*at, span.start), name: None };
            *at = span.end;
            Some([before, Segment { text: shown(span.start, span.end), name }])
        })
        .flatten()
}

fn rows<'a>(annotated: &'a AnnotatedDocument, shades: &[usize]) -> Vec<Row<'a>> {
    let relation = |relation| Visible::one_line(&annotated.relation_words(relation)).to_string();
    let row = |(entity, &shade): (&'a crate::entity::Entity, &usize)| Row {
        name: Visible::one_line(&entity.name),
        class: class(entity.entity_type),
        shade,
        label: entity.entity_type.label(),
        kind: words(entity.entity_type),
        count: grouped(entity.mentions.len()),
        score: format!("{:.2}", entity.score),
        first: entity.mentions.first().map_or(1, |first| first + 1),
        aliases: entity.aliases.iter().filter(|alias| alias.text != entity.name).map(alias_mark).collect(),
        knowledge_id: entity.knowledge_id.as_deref().map(Visible::one_line),
        relations: entity.relations.iter().map(relation).collect(),
    };
    annotated.entities.iter().zip(shades).map(row).collect()
}

fn alias_mark(alias: &Alias) -> AliasMark<'_> {
    AliasMark { text: Visible::one_line(&alias.text), count: alias.count }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::samples;
    use proptest::prelude::*;

    fn section(annotated: &AnnotatedDocument) -> String {
        let mut bytes = Vec::new();
        DocumentPage::new().document(annotated, &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn shared_surname() {
        insta::assert_snapshot!(section(&samples::shared_surname()));
    }

    #[test]
    fn hostile() {
        insta::assert_snapshot!(section(&samples::hostile()));
    }

    #[test]
    fn empty() {
        insta::assert_snapshot!(section(&samples::empty()));
    }

    #[test]
    fn the_page_asks_the_network_for_nothing() {
        let mut bytes = Vec::new();
        let mut writer = DocumentPage::new();
        writer.begin(&mut bytes).unwrap();
        writer.document(&samples::shared_surname(), &mut bytes).unwrap();
        writer.end(&mut bytes).unwrap();
        let page = String::from_utf8(bytes).unwrap();
        assert!(page.starts_with("<!doctype html>") && page.ends_with("</html>\n"));
        assert!(
            !page.contains("http:") && !page.contains("https:") && !page.contains("url(") && !page.contains("src=")
        );
        assert_eq!(page.matches("</script>").count(), 1);
        assert_eq!(page.matches("</style>").count(), 1);
    }

    /// The tags of a page, and what is left of it without them.
    fn parted(page: &str) -> (Vec<&str>, String) {
        let mut tags = Vec::new();
        let mut text = String::new();
        for (nth, part) in page.split('<').enumerate() {
            let (tag, rest) = if nth == 0 { ("", part) } else { part.split_once('>').expect("an open tag") };
            if nth > 0 {
                tags.push(tag);
            }
            text.push_str(rest);
        }
        let named = [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")];
        (tags, named.into_iter().fold(text, |text, (name, plain)| text.replace(name, plain)))
    }

    proptest! {
        #[test]
        fn no_text_breaks_out_of_its_place(annotated in samples::any_document()) {
            let page = section(&annotated);
            let (tags, _) = parted(&page);
            let known = [
                "article", "header", "h2", "bdi", "p", "details", "summary", "dl", "div", "dt", "dd", "a", "aside", "table",
                "thead", "tbody", "tr", "th", "td", "span", "abbr",
            ];
            let attributes = ["class", "id", "href", "lang", "dir", "title", "scope", "data-score", "aria-label", "aria-labelledby"];
            for tag in tags {
                let mut words = tag.trim_start_matches('/').split_inclusive('"');
                let name = words.next().unwrap().split(' ').next().unwrap();
                prop_assert!(known.contains(&name), "{}", tag);
                for attribute in tag.split('"').step_by(2).filter(|part| part.contains('=')) {
                    let attribute = attribute.trim_start_matches(name).trim().trim_end_matches('=');
                    prop_assert!(attributes.contains(&attribute), "{}", tag);
                }
            }
            let text = page.split_once(r#"<div class="text" lang="" dir="auto">"#).unwrap().1.split_once("</div>").unwrap().0;
            let (tags, content) = parted(text);
            prop_assert_eq!(content, Visible::new(&annotated.document.text, Layout::Kept).to_string());
            prop_assert_eq!(tags.len(), 2 * annotated.mentions.len());
        }
    }
}
