//! Documents for tests.

use super::document::GraphDocument;

/// A person whom both documents name, an organisation-like place with a knowledge id, and a company of one document that no
/// store has linked.
pub(super) fn two_documents() -> Vec<GraphDocument> {
    let lines = [
        r#"{"schema":"namesake/1","id":"monday","offsets":"char","text":"Petra Holt of Quillon Metals spoke in Oslo. Holt was calm.","metadata":{"headline":"A calm speech","date":"2026-02-09","url":"https://example.org/calm"},"entities":[{"id":"monday#1","name":"Petra Holt","type":"PER","score":0.97,"aliases":[{"text":"Holt","count":1},{"text":"Petra Holt","count":1}],"mentions":[0,3],"corpus_id":"E000001"},{"id":"monday#3","name":"Quillon Metals","type":"ORG","score":0.9,"aliases":[{"text":"Quillon Metals","count":1}],"mentions":[1]},{"id":"monday#2","name":"Oslo","type":"LOC","score":0.99,"knowledge_id":"Q585","aliases":[{"text":"Oslo","count":1}],"mentions":[2],"corpus_id":"E000002"}],"mentions":[{"start":0,"end":10,"text":"Petra Holt","type":"PER","score":0.99,"entity":"monday#1"},{"start":14,"end":28,"text":"Quillon Metals","type":"ORG","score":0.9,"entity":"monday#3"},{"start":38,"end":42,"text":"Oslo","type":"LOC","score":0.99,"entity":"monday#2"},{"start":44,"end":48,"text":"Holt","type":"PER","score":0.95,"entity":"monday#1"}]}"#,
        r#"{"schema":"namesake/1","id":"friday","offsets":"char","entities":[{"id":"friday#1","name":"Petra Holt","type":"PER","score":0.9,"aliases":[{"text":"Petra Holt","count":1}],"mentions":[1],"corpus_id":"E000001"},{"id":"friday#2","name":"Oslo","type":"LOC","score":0.9,"aliases":[{"text":"Oslo","count":1}],"mentions":[0],"corpus_id":"E000002"}],"mentions":[{"start":0,"end":4,"text":"Oslo","type":"LOC","score":0.9,"entity":"friday#2"},{"start":14,"end":24,"text":"Petra Holt","type":"PER","score":0.9,"entity":"friday#1"}]}"#,
    ];
    lines.map(|line| GraphDocument::parse(line).unwrap()).into()
}
