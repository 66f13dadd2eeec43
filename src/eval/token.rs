//! Labels of tokens, made of mentions.

use crate::annotation::AnnotatedDocument;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::tag_scheme::to_iob2;
use crate::token::Borders;

/// Strict IOB2 labels that the mentions of `document` give the tokens of `sentences`. A mention is widened to whole
/// tokens; where two want a token, the first has it; one that runs into the next sentence begins there again.
pub(super) fn iob2_labels(document: &AnnotatedDocument, sentences: &[Vec<Span>]) -> Vec<Vec<String>> {
    let borders = Borders::new(sentences);
    let wanted = document.mentions.iter().enumerate().filter(|(index, _)| !document.is_skipped(*index));
    let mut mentions: Vec<&Mention> = wanted.map(|(_, mention)| mention).collect();
    mentions.sort_by_key(|mention| mention.span.order());
    let spans: Vec<(usize, usize, &str)> = mentions
        .iter()
        .filter_map(|mention| {
            let (start, end) = borders.touched(mention.span)?;
            let untyped = mention.entity_type == EntityType::UNTYPED;
            Some((start, end, if untyped { "_" } else { mention.entity_type.label() }))
        })
        .collect();
    let mut labels = Vec::with_capacity(sentences.len());
    let mut offset = 0;
    let mut first = 0;
    for sentence in sentences {
        let past = offset + sentence.len();
        while spans.get(first).is_some_and(|span| span.1 <= offset) {
            first += 1;
        }
        let inside: Vec<(usize, usize, &str)> = spans[first..]
            .iter()
            .take_while(|span| span.0 < past)
            .filter(|span| span.1 > offset)
            .map(|&(start, end, kind)| (start.max(offset) - offset, end.min(past) - offset, kind))
            .collect();
        labels.push(to_iob2(&inside, sentence.len()));
        offset = past;
    }
    labels
}
