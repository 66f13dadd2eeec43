//! The one place where `eval` runs our own pipeline: on the texts of the gold, on exactly its tokens where it has them.

use namesake::document::{Document, OffsetUnit, Span};
use namesake::entity::AnnotatedDocument;
use namesake::entity_type::EntityType;
use namesake::eval::annotation::{AnnotatedMention, Annotation, Name, Names};
use namesake::eval::format::Corpus;
use namesake::pipeline::PipelineOptions;
use namesake::tag::{TagError, TaggerOptions};
use std::ops::ControlFlow;

/// Annotates the texts of `gold`.
pub fn annotate(gold: &Corpus, tagger: TaggerOptions) -> anyhow::Result<Corpus> {
    let mut options = PipelineOptions::default().with_tagger(tagger);
    if gold.documents.iter().flat_map(|document| &document.mentions).any(|mention| is_misc(mention.label.as_ref())) {
        options = options.with_types(EntityType::KNOWN);
    }
    let pipeline = options.build()?;
    let documents = gold.documents.iter().map(|document| {
        Ok::<Document, TagError>(Document {
            id: document.id.clone(),
            text: document.text().to_owned(),
            metadata: document.metadata.clone(),
            sentences: document.tokens.as_ref().map(|tokens| tokens.sentences.clone()),
        })
    });
    let mut corpus = Corpus::default();
    let mut names = Names::default();
    let stopped = pipeline.annotate_all(documents, |annotated| match annotated {
        Ok(annotated) => {
            corpus.documents.push(annotation(&annotated, &mut names));
            ControlFlow::Continue(())
        }
        Err(error) => ControlFlow::Break(error),
    });
    if let ControlFlow::Break(error) = stopped {
        return Err(error.into());
    }
    Ok(corpus)
}

fn is_misc(label: Option<&Name>) -> bool {
    label.is_some_and(|label| &**label == EntityType::Misc.label())
}

fn annotation(annotated: &AnnotatedDocument, names: &mut Names) -> Annotation {
    let owners = annotated.entity_of_mention();
    let mention = |(index, mention): (usize, &namesake::mention::Mention)| {
        let Span { start, end } = mention.span;
        let label = names.get(mention.entity_type.label());
        let owner = owners.get(index).copied().unwrap_or_default();
        let entity = names.get(&annotated.entity_id(owner));
        let mut placed = AnnotatedMention::new(Span::new(start, end), Some(label), Some(entity));
        if let Some(link) = annotated.entities.get(owner).and_then(|entity| entity.knowledge_id.as_deref()) {
            placed.link = Some(names.get(link));
        }
        placed
    };
    Annotation {
        id: annotated.document.id.clone(),
        text: Some(annotated.document.text.clone()),
        unit: OffsetUnit::Byte,
        mentions: annotated.mentions.iter().enumerate().map(mention).collect(),
        ..Annotation::default()
    }
}
