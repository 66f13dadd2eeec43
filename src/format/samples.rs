//! Documents that the tests of all formats share.

use crate::annotation::AnnotatedDocument;
use crate::document::{Document, Span};
use crate::entity::{Alias, Entity};
use crate::entity_type::EntityType::{self, Loc, Misc, Org, Per};
use crate::mention::Mention;
use proptest::prelude::*;
use serde_json::json;
use unicode_segmentation::UnicodeSegmentation;

/// A name in the text, and which entity it belongs to.
type Name<'a> = (&'a str, usize);

/// A document whose mentions are `names`, each found behind the one before it; the entities' names and types are `entities`.
fn annotate(document: Document, entities: &[(&str, EntityType)], names: &[Name]) -> AnnotatedDocument {
    let mut at = 0;
    let mut mentions = Vec::new();
    for (nth, &(name, entity)) in names.iter().enumerate() {
        let start = at + document.text[at..].find(name).unwrap();
        at = start + name.len();
        let score = 0.999 - 0.012_34 * f32::from(u8::try_from(nth % 7).unwrap());
        mentions.push(Mention { span: Span::new(start, at), entity_type: entities[entity].1, score });
    }
    let owners: Vec<usize> = names.iter().map(|name| name.1).collect();
    let names: Vec<(String, EntityType)> = entities.iter().map(|&(name, kind)| (name.to_owned(), kind)).collect();
    let tokens = words(&document.text);
    gather(document, tokens, mentions, &owners, &names)
}

fn gather(
    document: Document,
    tokens: Vec<Vec<Span>>,
    mentions: Vec<Mention>,
    owners: &[usize],
    names: &[(String, EntityType)],
) -> AnnotatedDocument {
    let mut entities = Vec::new();
    for (index, (name, entity_type)) in names.iter().enumerate() {
        let own: Vec<usize> = (0..mentions.len()).filter(|&mention| owners[mention] == index).collect();
        let mut aliases: Vec<Alias> = Vec::new();
        for &mention in &own {
            let surface = mentions[mention].span.of(&document.text).split_whitespace().collect::<Vec<_>>().join(" ");
            match aliases.iter_mut().find(|alias| alias.text == surface) {
                Some(alias) => alias.count += 1,
                None => aliases.push(Alias { text: surface, count: 1 }),
            }
        }
        aliases.sort_by_key(|alias| std::cmp::Reverse(alias.count));
        let total: f32 = own.iter().map(|&mention| mentions[mention].score).sum();
        let score = total / f32::from(u16::try_from(own.len()).unwrap());
        let (name, entity_type) = (name.clone(), *entity_type);
        entities.push(Entity { name, entity_type, score, aliases, ..Entity::of_mentions(own) });
    }
    AnnotatedDocument { tokens, mentions, entities, ..AnnotatedDocument::new(document) }
}

fn words(text: &str) -> Vec<Vec<Span>> {
    let mut start = 0;
    let mut sentences = Vec::new();
    for line in text.split_inclusive('\n') {
        let words = line.split_word_bound_indices().filter(|(_, word)| !word.trim().is_empty());
        let words: Vec<Span> = words.map(|(at, word)| Span::new(start + at, start + at + word.len())).collect();
        start += line.len();
        if !words.is_empty() {
            sentences.push(words);
        }
    }
    sentences
}

/// Nothing in it.
pub(crate) fn empty() -> AnnotatedDocument {
    annotate(Document::new("empty", ""), &[], &[])
}

/// Two people with one surname, an acronym, a place used by two entities.
pub(crate) fn shared_surname() -> AnnotatedDocument {
    let text = "\
Ines Calder takes over at Ostrava Steel

OSTRAVA (Reuters Style) - Ines Calder will lead Ostrava Steel from May, the company said. \
Calder, 51, follows Tomas Calder, no relation, who joined the World Health Organization.
\"Tomas Calder leaves a sound house,\" Calder said. The WHO declined to comment.
";
    annotate(
        Document::new("rivals", text),
        &[
            ("Ines Calder", Per),
            ("Ostrava Steel", Org),
            ("Ostrava", Loc),
            ("Tomas Calder", Per),
            ("World Health Organization", Org),
        ],
        &[
            ("Ines Calder", 0),
            ("Ostrava Steel", 1),
            ("OSTRAVA", 2),
            ("Ines Calder", 0),
            ("Ostrava Steel", 1),
            ("Calder", 0),
            ("Tomas Calder", 3),
            ("World Health Organization", 4),
            ("Tomas Calder", 3),
            ("Calder", 0),
            ("WHO", 4),
        ],
    )
}

/// Markup, escapes, emoji, right-to-left, CRLF, NUL, combining marks, and mentions that run over line breaks and tabs.
pub(crate) fn hostile() -> AnnotatedDocument {
    let text = "Zoe\u{301} 👩‍👩‍👧 met <b>Ada & Co</b> in Åre.\r\nדנה לוי גרה בחיפה.\r\n\u{1b}[31mNew\r\nYork\0City\tHall </script><!-- \"q\" 'a'\u{202e} Zoe\u{301}";
    let mut document = Document::new("odd/<i>&\u{1b}[0m\nid", text);
    document.metadata.insert("title".to_owned(), json!("A <b>title</b>"));
    document.metadata.insert("tags".to_owned(), json!(["x", 1, null]));
    let mut annotated = annotate(
        document,
        &[
            ("Zoe\u{301}", Per),
            ("<b>Ada & Co", Org),
            ("Åre", Loc),
            ("דנה לוי", Per),
            ("חיפה", Loc),
            ("New York\0City Hall", Loc),
            ("\"q\"", Misc),
        ],
        &[
            ("Zoe\u{301}", 0),
            ("<b>Ada & Co", 1),
            ("Åre", 2),
            ("דנה לוי", 3),
            ("חיפה", 4),
            ("New\r\nYork\0City\tHall", 5),
            ("\"q\"", 6),
            ("Zoe\u{301}", 0),
        ],
    );
    annotated.entities[0].knowledge_id = Some("kb:1".to_owned());
    annotated.entities[0].corpus_id = Some("E000007".to_owned());
    annotated
}

/// Names that are wide, long and many.
pub(crate) fn wide() -> AnnotatedDocument {
    let text = "東京都庁 and 東京都 and 🗼 and Bundesanstalt für Materialforschung und -prüfung, BAM, B.A.M., the Bundesanstalt, \
                Federal Institute for Materials Research and Testing, the Institute, Donaudampfschifffahrtsgesellschaftskapitän";
    annotate(
        Document::new("wide", text),
        &[
            ("東京都庁", Org),
            ("東京都", Loc),
            ("🗼", Misc),
            ("Bundesanstalt für Materialforschung und -prüfung", Org),
            ("Donaudampfschifffahrtsgesellschaftskapitän", Misc),
        ],
        &[
            ("東京都庁", 0),
            ("東京都", 1),
            ("🗼", 2),
            ("Bundesanstalt für Materialforschung und -prüfung", 3),
            ("BAM", 3),
            ("B.A.M.", 3),
            ("the Bundesanstalt", 3),
            ("Federal Institute for Materials Research and Testing", 3),
            ("the Institute", 3),
            ("Donaudampfschifffahrtsgesellschaftskapitän", 4),
        ],
    )
}

/// What stands between two tokens of a generated document: the token, the gap behind it, and what happens at it.
type Piece = (String, &'static str, u8, u8);

/// Any text whose mentions are runs of tokens inside one sentence; tokens may hold white space, control characters, markup.
pub(crate) fn any_document() -> impl Strategy<Value = AnnotatedDocument> {
    let token = "(\\PC|[a-zéא東😀\u{301}]|[\\x00-\\x20\u{85}\u{2028}\u{202e}]|[\\\\u{}<>&\"'-]){1,6}|-DOCSTART-|</script>|\\\\u\\{20\\}";
    let gap = prop::sample::select(vec!["", " ", "\t", "\r\n", "👍 "]);
    let piece = (token, gap, 0..6_u8, 0..4_u8);
    let sentences = prop::collection::vec(prop::collection::vec(piece, 1..6), 0..5);
    ("(\\PC|[ \\n<>&\"/]){1,8}", sentences).prop_map(|(id, sentences)| build(id, &sentences))
}

fn build(id: String, sentences: &[Vec<Piece>]) -> AnnotatedDocument {
    let mut text = String::new();
    let mut tokens = Vec::new();
    let mut mentions: Vec<Mention> = Vec::new();
    let mut owners: Vec<usize> = Vec::new();
    let mut names: Vec<(String, EntityType)> = Vec::new();
    for sentence in sentences {
        let mut spans = Vec::new();
        // A mention may only go on inside a sentence.
        let mut open = false;
        for (token, gap, action, choice) in sentence {
            let span = Span::new(text.len(), text.len() + token.len());
            text.push_str(token);
            text.push_str(gap);
            spans.push(span);
            match (action, mentions.last_mut()) {
                (0 | 1, _) => {
                    // A new name, of an entity seen before or of a new one.
                    let owner = usize::from(*choice).min(names.len());
                    if owner == names.len() {
                        names.push((token.clone(), EntityType::KNOWN[usize::from(*choice)]));
                    }
                    mentions.push(Mention { span, entity_type: names[owner].1, score: 0.5 });
                    owners.push(owner);
                    open = true;
                }
                (2 | 3, Some(mention)) if open => mention.span.end = span.end,
                _ => open = false,
            }
        }
        tokens.push(spans);
        text.push('\n');
    }
    gather(Document::new(id, text), tokens, mentions, &owners, &names)
}
