//! What is drawn in resampling: documents; the sentences of a file that is one document, as CoNLL files without
//! `-DOCSTART-` lines are.

use super::align::Aligned;
use crate::annotation::AnnotatedDocument;
use crate::document::{Document, Span};
use crate::mention::Mention;

/// The sentences of the only document as documents of their own; `None` where there are more documents, where sentences
/// are not known or cut a mention in two, or where entities or links are scored, which belong to documents.
#[must_use]
pub fn sentences(aligned: &Aligned) -> Option<Aligned> {
    let ([gold], [system]) = (aligned.gold.as_slice(), aligned.system.as_slice()) else { return None };
    let everywhere = |holds: &dyn Fn(&AnnotatedDocument) -> bool| holds(gold) && system.as_ref().is_some_and(holds);
    if everywhere(&AnnotatedDocument::has_entities) || everywhere(&AnnotatedDocument::has_links) {
        return None;
    }
    let tokens = gold.sentences()?;
    let borders: Vec<Span> =
        tokens.iter().filter_map(|sentence| Some(Span::new(sentence.first()?.start, sentence.last()?.end))).collect();
    if borders.len() < 2 {
        return None;
    }
    let gold_pieces = cut(gold, tokens, &borders)?;
    let system_pieces = match system {
        Some(system) => cut(system, tokens, &borders)?.into_iter().map(Some).collect(),
        None => borders.iter().map(|_| None).collect(),
    };
    Some(Aligned { gold: gold_pieces, system: system_pieces, schemes: aligned.schemes, notes: Vec::new() })
}

/// One document for each of `borders`; labels belong to the gold's `tokens` on both sides.
fn cut(document: &AnnotatedDocument, tokens: &[Vec<Span>], borders: &[Span]) -> Option<Vec<AnnotatedDocument>> {
    let coverage = document.coverage();
    if coverage.part.is_some() {
        return None;
    }
    let piece = |border: &Span| {
        // The system's text is the gold's, and not kept twice.
        let mut piece = AnnotatedDocument::new(Document::new("", border.of(document.text())));
        piece.extras_mut().coverage = coverage.clone();
        piece
    };
    let mut pieces: Vec<AnnotatedDocument> = borders.iter().map(piece).collect();
    for (index, mention) in document.mentions.iter().enumerate() {
        let place = borders.partition_point(|border| border.end <= mention.span.start);
        let (piece, border) = (pieces.get_mut(place)?, borders.get(place)?);
        if let Some(mark) = document.mark(index) {
            *piece.mark_mut(piece.mentions.len()) = mark.clone();
        }
        piece.mentions.push(Mention { span: within(mention.span, *border)?, ..mention.clone() });
    }
    let full = tokens.iter().enumerate().filter(|(_, sentence)| !sentence.is_empty());
    for ((index, sentence), (piece, border)) in full.zip(pieces.iter_mut().zip(borders)) {
        let moved: Option<Vec<Span>> = sentence.iter().map(|token| within(*token, *border)).collect();
        piece.document.sentences = Some(vec![moved?]);
        piece.extras_mut().token_labels = document.token_labels().map(|labels| labels.sentence(index));
    }
    Some(pieces)
}

/// A span counted from the start of `border`; `None` if it reaches beyond.
fn within(span: Span, border: Span) -> Option<Span> {
    let inside = border.start <= span.start && span.end <= border.end;
    inside.then(|| Span::new(span.start - border.start, span.end - border.start))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::Corpus;
    use crate::eval::evaluate::{EvalOptions, Evaluation, types_of};
    use crate::format::{ReadOptions, open};
    use std::fs;

    fn aligned(gold: &str, system: &str) -> Aligned {
        let folder = tempfile::tempdir().unwrap();
        let [gold, system] = [("gold.conll", gold), ("system.conll", system)].map(|(name, content)| {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            Corpus::new(open(&path, &ReadOptions::default()).unwrap().map(Result::unwrap).collect(), name)
        });
        Aligned::new(gold, system).unwrap()
    }

    #[test]
    fn sentences_add_up_to_the_document() {
        let whole = aligned(
            "Ada B-PER\nIto I-PER\nslept O\n\nZoë B-PER\nleft O\nOslo B-LOC\n",
            "Ada B-PER\nIto B-PER\nslept O\n\nZoë B-PER\nleft B-LOC\nOslo B-LOC\n",
        );
        let pieces = sentences(&whole).unwrap();
        assert_eq!(pieces.gold.len(), 2);
        assert_eq!(pieces.gold[1].mentions[1].span.of(pieces.gold[1].text()), "Oslo");
        let score = |aligned: &Aligned| Evaluation::of(aligned, &EvalOptions::default(), types_of([aligned]));
        assert_eq!(score(&pieces).total(|_| true), score(&whole).total(|_| true));
    }

    #[test]
    fn documents_stay_as_they_are() {
        let text = "-DOCSTART- O\n\nAda B-PER\n\nOslo B-LOC\n\n-DOCSTART- O\n\nIto B-PER\n";
        assert!(sentences(&aligned(text, text)).is_none());
        assert!(sentences(&aligned("Ada B-PER\n", "Ada B-PER\n")).is_none());
    }
}
