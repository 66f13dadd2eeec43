//! Documents for tests.

use super::document::{GraphDocument, GraphEntity, GraphMention};
use crate::entity::{Alias, Relation, RelationKind, RelationTarget};
use crate::entity_type::EntityType;
use proptest::prelude::*;

/// A person whom both documents name, an organisation-like place with a knowledge id, and a company of one document that no
/// store has linked.
pub(crate) fn two_documents() -> Vec<GraphDocument> {
    let lines = [
        r#"{"schema":"namesake/1","id":"monday","offsets":"char","text":"Petra Holt of Quillon Metals spoke in Oslo. Holt was calm.","metadata":{"headline":"A calm speech","date":"2026-02-09","url":"https://example.org/calm"},"entities":[{"id":"monday#1","name":"Petra Holt","type":"PER","score":0.97,"aliases":[{"text":"Holt","count":1},{"text":"Petra Holt","count":1}],"mentions":[0,3],"corpus_id":"E000001"},{"id":"monday#3","name":"Quillon Metals","type":"ORG","score":0.9,"aliases":[{"text":"Quillon Metals","count":1}],"mentions":[1]},{"id":"monday#2","name":"Oslo","type":"LOC","score":0.99,"knowledge_id":"Q585","aliases":[{"text":"Oslo","count":1}],"mentions":[2],"corpus_id":"E000002"}],"mentions":[{"start":0,"end":10,"text":"Petra Holt","type":"PER","score":0.99,"entity":"monday#1"},{"start":14,"end":28,"text":"Quillon Metals","type":"ORG","score":0.9,"entity":"monday#3"},{"start":38,"end":42,"text":"Oslo","type":"LOC","score":0.99,"entity":"monday#2"},{"start":44,"end":48,"text":"Holt","type":"PER","score":0.95,"entity":"monday#1"}]}"#,
        r#"{"schema":"namesake/1","id":"friday","offsets":"char","entities":[{"id":"friday#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[1],"corpus_id":"E000001"},{"id":"friday#2","name":"Oslo","type":"LOC","score":0.9,"aliases":[{"text":"Oslo","count":1}],"mentions":[0],"corpus_id":"E000002"}],"mentions":[{"start":0,"end":4,"text":"Oslo","type":"LOC","score":0.9,"entity":"friday#2"},{"start":14,"end":24,"text":"Petra Holt","type":"PER","score":0.9,"entity":"friday#1"}]}"#,
    ];
    lines.map(|line| GraphDocument::parse(line).unwrap()).into()
}

/// Names and ids that have broken somebody's graph before.
fn hostile() -> impl Strategy<Value = String> {
    let known = [
        "\"quotes\" and 'more'",
        r"back\slash \",
        "line\nbreak\r\nand\ttab",
        "<angle> & </script>",
        "]]> --> */",
        "👩‍🔬 and 🏳️‍🌈",
        "بنك القاهرة",
        "a\u{0}b\u{1f}c\u{7f}",
        "; DROP GRAPH <x> #",
        "}) DETACH DELETE n //",
        "' OR 1=1",
        "\u{202e}txet",
        "\u{feff}mark",
        "=cmd()",
        "",
        "..",
    ];
    prop_oneof![
        proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        Just("x".repeat(10_000)),
        "\\PC{0,12}",
        "[\\x00-\\x7f]{0,12}",
    ]
}

/// A document in which everything that may hold anything does.
pub(crate) fn hostile_document() -> impl Strategy<Value = GraphDocument> {
    proptest::collection::vec(hostile(), 8).prop_map(|texts| {
        let entity = |id: &str, corpus_id: Option<&str>, name: &str, alias: &str| GraphEntity {
            id: id.to_owned(),
            corpus_id: corpus_id.map(str::to_owned),
            name: name.to_owned(),
            entity_type: EntityType::Org,
            aliases: vec![Alias { text: alias.to_owned(), count: 2 }],
            knowledge_id: Some(texts[7].clone()),
            relations: vec![
                Relation { kind: RelationKind::PartOf, target: RelationTarget::Entity(1) },
                Relation { kind: RelationKind::Formerly, target: RelationTarget::Name(texts[6].clone()) },
            ],
        };
        let mention = GraphMention {
            start: 0,
            end: 1,
            text: texts[4].clone(),
            entity_type: EntityType::Org,
            score: 0.5,
            entity: Some(0),
        };
        let metadata = ["headline", "date", "url", "author"].map(|field| (field.to_owned(), texts[6].clone().into()));
        GraphDocument {
            id: texts[0].clone(),
            text: Some(texts[5].clone()),
            metadata: metadata.into_iter().collect(),
            entities: vec![
                entity(&texts[1], None, &texts[2], &texts[3]),
                entity("other", Some(&texts[1]), &texts[3], &texts[2]),
            ],
            mentions: vec![mention],
        }
    })
}
