//! Puts the documents of gold and system side by side, and makes sure that they are about the same text.

use super::corpus::Corpus;
use super::offset_check::units_in_doubt;
use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::tag_scheme::TagScheme;
use std::collections::HashMap;
use thiserror::Error;

/// Gold and system, document by document, with the spans of both in bytes of the gold's text.
#[derive(Debug, Default)]
pub struct Aligned {
    /// Gold documents.
    pub gold: Vec<AnnotatedDocument>,
    /// For each gold document, the system's; `None` where it has none. Texts equal to the gold's are dropped.
    pub system: Vec<Option<AnnotatedDocument>>,
    /// Tag schemes of the files, where they label tokens.
    pub schemes: (Option<TagScheme>, Option<TagScheme>),
    /// What the reader of the scores should know.
    pub notes: Vec<String>,
}

/// Why two files cannot be compared.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AlignError {
    /// Two documents of one side share an id.
    #[error("{side}: document {id:?} is there twice; give each document its own id")]
    Twice {
        /// `gold` or `system`.
        side: &'static str,
        /// The id.
        id: String,
    },
    /// No document of the system is in the gold.
    #[error(
        "no document of the system is in the gold: the gold begins with {gold:?}, the system with {system:?}; ids (or, for files without ids, number and texts of the documents) must be the same"
    )]
    Disjoint {
        /// First id of the gold.
        gold: String,
        /// First id of the system.
        system: String,
    },
    /// The texts differ in more than white space.
    #[error(
        "document {id:?}: the texts differ from byte {byte} of the gold on: {gold:?} against {system:?}; both sides must annotate the same text"
    )]
    Text {
        /// The document.
        id: String,
        /// First difference in the gold's text.
        byte: usize,
        /// What follows there in the gold.
        gold: String,
        /// What follows in the system's text.
        system: String,
    },
    /// A span does not lie in the text.
    #[error("{side}: document {id:?}: the mention {}..{} is empty, or lies outside the text or inside a character; are the offsets counted in another unit (--offsets)?", span.start, span.end)]
    Span {
        /// `gold` or `system`.
        side: &'static str,
        /// The document.
        id: String,
        /// The span, as given.
        span: Span,
    },
    /// The tokens differ.
    #[error(
        "document {id:?}, sentence {sentence}: the gold goes on with the tokens {gold:?}, the system with {system:?}; both sides must label the same tokens"
    )]
    Tokens {
        /// The document.
        id: String,
        /// The sentence, counted from 1.
        sentence: usize,
        /// Tokens of the gold, from the first difference on.
        gold: Vec<String>,
        /// Tokens of the system there.
        system: Vec<String>,
    },
    /// Neither side gives the text.
    #[error("document {id:?}: neither gold nor system gives its text; one of them must")]
    NoText {
        /// The document.
        id: String,
    },
}

impl Aligned {
    /// Aligns two corpora.
    ///
    /// # Errors
    /// If they are not about the same texts.
    pub fn new(gold: Corpus, system: Corpus) -> Result<Self, AlignError> {
        let mut aligned = Self { schemes: (gold.scheme, system.scheme), ..Self::default() };
        aligned.notes.extend(gold.notes.iter().map(|note| format!("gold: {note}")));
        aligned.notes.extend(system.notes.iter().map(|note| format!("system: {note}")));
        let places = place_of(&gold.documents, "gold")?;
        place_of(&system.documents, "system")?;
        aligned.system.resize_with(gold.documents.len(), || None);
        let by_id = system.documents.iter().filter(|document| places.contains_key(document.id())).count();
        let mut surplus = 0;
        if by_id > 0 || system.documents.is_empty() || gold.documents.is_empty() {
            for document in system.documents {
                match places.get(document.id()) {
                    Some(&place) => aligned.system[place] = Some(document),
                    None => surplus += 1,
                }
            }
        } else if system.documents.len() == gold.documents.len() {
            aligned
                .notes
                .push("no id is on both sides: the documents are compared in the order of the files".to_owned());
            aligned.system = system.documents.into_iter().map(Some).collect();
        } else {
            let first = |documents: &[AnnotatedDocument]| {
                documents.first().map(|first| first.id().to_owned()).unwrap_or_default()
            };
            return Err(AlignError::Disjoint { gold: first(&gold.documents), system: first(&system.documents) });
        }
        drop(places);
        aligned.gold = gold.documents;
        let mut spaced = 0;
        for (gold, system) in aligned.gold.iter_mut().zip(&mut aligned.system) {
            spaced += usize::from(agree(gold, system.as_mut())?);
        }
        aligned.note_gaps(surplus, spaced);
        let found = aligned.gold.iter().zip(&aligned.system).map(|(gold, system)| (gold, system.as_ref()));
        let cut = [
            ("gold", units_in_doubt(found.clone().map(|(gold, _)| (gold, gold.text(), gold.mentions.as_slice())))),
            (
                "system",
                units_in_doubt(
                    found.filter_map(|(gold, system)| Some((gold, gold.text(), system?.mentions.as_slice()))),
                ),
            ),
        ];
        for (side, (count, first)) in cut {
            if let Some((id, advice)) = first {
                aligned.notes.push(format!(
                    "{side}: in {count} documents (the first is {id:?}) mentions begin or end inside words, but would not if their \
                     offsets were counted in {advice}: check --offsets"
                ));
            }
        }
        Ok(aligned)
    }

    fn note_gaps(&mut self, surplus: usize, spaced: usize) {
        let missing = self.system.iter().filter(|system| system.is_none()).count();
        if missing > 0 {
            let first = self.gold.iter().zip(&self.system).find(|pair| pair.1.is_none()).map(|pair| pair.0.id());
            let first = first.unwrap_or_default();
            self.notes.push(format!(
                "{missing} gold documents are missing in the system (the first is {first:?}): all of their mentions count as missed"
            ));
        }
        if surplus > 0 {
            self.notes.push(format!("{surplus} system documents are not in the gold and are left out"));
        }
        if spaced > 0 {
            self.notes.push(format!(
                "in {spaced} documents the texts differ in white space: their spans were matched by the other characters"
            ));
        }
    }

    /// Gold and system of each document.
    pub fn pairs(&self) -> impl Iterator<Item = (&AnnotatedDocument, Option<&AnnotatedDocument>)> {
        self.gold.iter().zip(&self.system).map(|(gold, system)| (gold, system.as_ref()))
    }
}

fn place_of<'a>(documents: &'a [AnnotatedDocument], side: &'static str) -> Result<HashMap<&'a str, usize>, AlignError> {
    let mut places = HashMap::with_capacity(documents.len());
    for (place, document) in documents.iter().enumerate() {
        if places.insert(document.id(), place).is_some() {
            return Err(AlignError::Twice { side, id: document.id().to_owned() });
        }
    }
    Ok(places)
}

/// Brings the spans of one document into bytes of the gold's text; true if the texts differ in white space.
fn agree(gold: &mut AnnotatedDocument, system: Option<&mut AnnotatedDocument>) -> Result<bool, AlignError> {
    if !gold.has_text() {
        let text = system.as_ref().filter(|system| system.has_text()).map(|system| system.text().to_owned());
        let Some(text) = text else {
            if gold.mentions.is_empty() && system.is_none_or(|system| system.mentions.is_empty()) {
                return Ok(false);
            }
            return Err(AlignError::NoText { id: gold.id().to_owned() });
        };
        gold.place(text).map_err(|span| AlignError::Span { side: "gold", id: gold.id().to_owned(), span })?;
    }
    let Some(system) = system else { return Ok(false) };
    if !system.has_text() {
        let placed = system.place(gold.text().to_owned());
        placed.map_err(|span| AlignError::Span { side: "system", id: gold.id().to_owned(), span })?;
    }
    let text = std::mem::take(&mut system.document.text);
    if text != gold.text() {
        let bridge = Bridge::new(gold.text(), &text).map_err(|byte| differ(gold, &text, byte))?;
        for mention in &mut system.mentions {
            mention.span = bridge.cross(mention.span);
        }
        let tokens = system.tokens.iter_mut().chain(system.document.sentences.iter_mut().flatten()).flatten();
        tokens.for_each(|token| *token = bridge.cross(*token));
        same_tokens(gold, system)?;
        return Ok(true);
    }
    same_tokens(gold, system)?;
    forget_tokens(system);
    Ok(false)
}

/// The places of the system's labels are those of the gold's tokens now; a copy of them would take memory for nothing.
fn forget_tokens(system: &mut AnnotatedDocument) {
    if system.token_labels().is_some() {
        system.document.sentences = None;
    }
}

fn differ(gold: &AnnotatedDocument, system: &str, (byte, other): (usize, usize)) -> AlignError {
    let after = |text: &str, byte: usize| text.get(byte..).unwrap_or_default().chars().take(20).collect();
    AlignError::Text { id: gold.id().to_owned(), byte, gold: after(gold.text(), byte), system: after(system, other) }
}

/// Where both sides label tokens, they must be the same tokens.
fn same_tokens(gold: &AnnotatedDocument, system: &AnnotatedDocument) -> Result<(), AlignError> {
    let (Some(expected), Some(found)) = (gold.sentences(), system.sentences()) else { return Ok(()) };
    if gold.token_labels().is_none() || system.token_labels().is_none() || expected == found {
        return Ok(());
    }
    let sentences = expected.len().max(found.len());
    let at = |sentences: &[Vec<Span>], index: usize| sentences.get(index).cloned().unwrap_or_default();
    for index in 0..sentences {
        let (expected, found) = (at(expected, index), at(found, index));
        if expected != found {
            let same = expected.iter().zip(&found).take_while(|(one, other)| one == other).count();
            let words = |tokens: &[Span]| {
                tokens.iter().skip(same).take(5).map(|token| token.of(gold.text()).to_owned()).collect()
            };
            return Err(AlignError::Tokens {
                id: gold.id().to_owned(),
                sentence: index + 1,
                gold: words(&expected),
                system: words(&found),
            });
        }
    }
    Ok(())
}

/// Two texts that are the same but for white space: from the characters of one to those of the other.
struct Bridge {
    /// Start and end of each visible character in the text that spans come from.
    from: Vec<Span>,
    /// The same in the text that they go to.
    to: Vec<Span>,
}

impl Bridge {
    /// # Errors
    /// Where the texts begin to differ, in both of them.
    fn new(to: &str, from: &str) -> Result<Self, (usize, usize)> {
        let visible = |text: &str| -> Vec<(char, Span)> {
            let characters = text.char_indices().filter(|(_, c)| !c.is_whitespace());
            characters.map(|(byte, c)| (c, Span::new(byte, byte + c.len_utf8()))).collect()
        };
        let (here, there) = (visible(to), visible(from));
        let differs = here.iter().zip(&there).position(|(one, other)| one.0 != other.0);
        if let Some(index) = differs.or((here.len() != there.len()).then_some(here.len().min(there.len()))) {
            let byte = |side: &[(char, Span)], text: &str| side.get(index).map_or(text.len(), |at| at.1.start);
            return Err((byte(&here, to), byte(&there, from)));
        }
        let spans = |side: Vec<(char, Span)>| side.into_iter().map(|at| at.1).collect();
        Ok(Self { from: spans(there), to: spans(here) })
    }

    /// The same visible characters in the other text. A span of white space alone becomes the character after it.
    fn cross(&self, span: Span) -> Span {
        let first = self.from.partition_point(|character| character.end <= span.start);
        let past = self.from.partition_point(|character| character.start < span.end).max(first + 1);
        match (self.to.get(first), self.to.get(past - 1)) {
            (Some(first), Some(last)) => Span::new(first.start, last.end),
            _ => span,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::{Document, OffsetUnit};
    use crate::entity_type::EntityType;
    use crate::mention::Mention;

    fn document(id: &str, text: Option<&str>, spans: &[(usize, usize)]) -> AnnotatedDocument {
        let mut annotated = AnnotatedDocument::new(Document::new(id, text.unwrap_or_default()));
        if text.is_none() {
            annotated.extras_mut().unplaced = Some(OffsetUnit::Char);
        }
        let mention = |&(start, end): &(usize, usize)| Mention {
            span: Span::new(start, end),
            entity_type: EntityType::UNTYPED,
            score: 1.0,
        };
        annotated.mentions = spans.iter().map(mention).collect();
        annotated
    }

    fn corpus(documents: Vec<AnnotatedDocument>) -> Corpus {
        Corpus { documents, ..Corpus::default() }
    }

    fn align(gold: Vec<AnnotatedDocument>, system: Vec<AnnotatedDocument>) -> Result<Aligned, AlignError> {
        Aligned::new(corpus(gold), corpus(system))
    }

    #[test]
    fn texts_may_differ_in_white_space() {
        let gold = document("a", Some("Zoë Ito , Oslo"), &[]);
        let system = document("a", Some("Zoë  Ito, Oslo\n"), &[(0, 9), (11, 15)]);
        let aligned = align(vec![gold], vec![system]).unwrap();
        let spans: Vec<Span> = aligned.system[0].as_ref().unwrap().mentions.iter().map(|found| found.span).collect();
        assert_eq!(spans, [Span::new(0, 8), Span::new(11, 15)]);
        assert!(aligned.notes[0].contains("white space"));
    }

    #[test]
    fn other_texts_are_refused() {
        let error = align(vec![document("a", Some("Zoë Ito"), &[])], vec![document("a", Some("Zoe Ito"), &[])]);
        assert!(matches!(error, Err(AlignError::Text { byte: 2, .. })));
    }

    #[test]
    fn offsets_without_text_are_those_of_the_gold() {
        let aligned = align(vec![document("a", Some("Zoë Ito"), &[])], vec![document("a", None, &[(4, 7)])]).unwrap();
        assert_eq!(aligned.system[0].as_ref().unwrap().mentions[0].span, Span::new(5, 8));
        let error = align(vec![document("a", Some("Zoë Ito"), &[])], vec![document("a", None, &[(4, 8)])]);
        assert!(matches!(error, Err(AlignError::Span { side: "system", .. })));
    }

    #[test]
    fn numbers_that_fit_another_unit_better_are_told() {
        // "Zoë 😀 Oslo": Oslo is 6..10 in code points, 7..11 in UTF-16 units, 10..14 in bytes.
        let text = "Zoë 😀 Oslo is far";
        let doubt = |start, end| {
            let system = document("a", None, &[(start, end)]);
            let notes = align(vec![document("a", Some(text), &[])], vec![system]).unwrap().notes;
            notes.first().map(|note| note.contains("--offsets"))
        };
        assert_eq!(doubt(6, 10), None);
        assert_eq!(doubt(7, 11), Some(true));
    }

    #[test]
    fn documents_are_paired_by_id_else_by_order() {
        let text = Some("x");
        let aligned = align(
            vec![document("a", text, &[]), document("b", text, &[])],
            vec![document("c", text, &[]), document("b", text, &[])],
        )
        .unwrap();
        assert!(aligned.system[0].is_none() && aligned.system[1].is_some());
        assert_eq!(aligned.notes.len(), 2);
        let aligned = align(vec![document("a", text, &[])], vec![document("f#1", text, &[])]).unwrap();
        assert!(aligned.system[0].is_some());
        let error = align(vec![document("a", text, &[])], vec![document("c", text, &[]), document("d", text, &[])]);
        assert!(matches!(error, Err(AlignError::Disjoint { .. })));
        let error = align(vec![document("a", text, &[]), document("a", text, &[])], vec![]);
        assert!(matches!(error, Err(AlignError::Twice { side: "gold", .. })));
    }
}
