//! Whether a store is sound: every count is what its rows say, everything points to something, nothing is lost.

use super::database::Result;
use super::error::CorpusError;
use super::store::CorpusStore;

/// What must give no row, and what it means if it gives some.
const RULES: &[(&str, &str)] = &[
    (
        "entities whose documents are not those of their members",
        "SELECT id FROM entity WHERE documents <> (SELECT count(DISTINCT document) FROM member WHERE member.entity = entity.id)",
    ),
    (
        "entities whose mentions are not those of their members",
        "SELECT id FROM entity WHERE mentions <> (SELECT coalesce(sum(mentions), 0) FROM member WHERE member.entity = entity.id)",
    ),
    (
        "members of an entity that is not there, or was merged",
        "SELECT member.entity FROM member LEFT JOIN entity ON entity.id = member.entity
         WHERE entity.id IS NULL OR entity.merged_into IS NOT NULL",
    ),
    (
        "members of a document that is not there",
        "SELECT document FROM member WHERE document NOT IN (SELECT id FROM document)",
    ),
    ("aliases without a use", "SELECT entity FROM alias WHERE documents <= 0 OR mentions < 0 OR named < 0"),
    (
        "aliases whose documents are not those of the members that use them",
        "WITH used (entity, text, document, number) AS
             (SELECT entity, name, document, number FROM member UNION
              SELECT member.entity, json_extract(alias.value, '$[0]'), member.document, member.number
              FROM member, json_each(member.aliases) AS alias),
         counted AS (SELECT entity, text, count(*) AS documents FROM used WHERE text <> '' GROUP BY entity, text)
         SELECT coalesce(alias.entity, counted.entity) FROM alias FULL JOIN counted
             ON counted.entity = alias.entity AND counted.text = alias.text
         WHERE alias.documents IS NOT counted.documents",
    ),
    (
        "entities that were merged into one that is not there",
        "SELECT id FROM entity WHERE merged_into IS NOT NULL AND merged_into NOT IN (SELECT id FROM entity)",
    ),
    ("keys of entities that bear no name", "SELECT entity FROM block WHERE entity NOT IN (SELECT entity FROM alias)"),
    (
        "traces of what was erased",
        "SELECT id FROM entity WHERE erased <> 0 AND (name <> '' OR documents <> 0 OR id IN (SELECT entity FROM alias))",
    ),
    (
        "analyses of documents that are not there",
        "SELECT document FROM analysis WHERE document NOT IN (SELECT id FROM document)",
    ),
    (
        "decisions on entities that are not there",
        "SELECT entity FROM decision WHERE entity IS NOT NULL AND entity NOT IN (SELECT id FROM entity)",
    ),
];

impl CorpusStore {
    /// What is wrong with the store, a sentence each; nothing if it is sound.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub fn check(&self) -> std::result::Result<Vec<String>, CorpusError> {
        self.look_for_faults().map_err(|source| self.error(source))
    }

    fn look_for_faults(&self) -> Result<Vec<String>> {
        let said: Vec<String> = self.database.all("PRAGMA integrity_check", [], |row| row.get(0))?;
        let mut faults: Vec<String> = said.into_iter().filter(|line| line != "ok").collect();
        if !self.is_current {
            return Ok(faults);
        }
        for (fault, sql) in RULES {
            let rows: Vec<i64> = self.database.all(sql, [], |row| row.get(0))?;
            if let Some(first) = rows.first() {
                faults.push(format!("{} {fault}, the first of them {first}", rows.len()));
            }
        }
        let loops = "WITH RECURSIVE way (start, at, steps) AS
                         (SELECT id, merged_into, 1 FROM entity WHERE merged_into IS NOT NULL
                          UNION ALL SELECT start, entity.merged_into, steps + 1 FROM way JOIN entity ON entity.id = at
                          WHERE entity.merged_into IS NOT NULL AND steps < 1000)
                     SELECT start FROM way WHERE steps >= 1000 LIMIT 1";
        if let Some(id) = self.database.one(loops, [], |row| row.get::<_, i64>(0))? {
            faults.push(format!("entity {id} was merged into itself"));
        }
        let names = "SELECT count(*) FROM alias WHERE id NOT IN (SELECT rowid FROM search)";
        if self.database.connection.query_row(names, [], |row| row.get::<_, i64>(0))? > 0 {
            faults.push("names that the search does not know".to_owned());
        }
        Ok(faults)
    }
}
