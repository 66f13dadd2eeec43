//! Two corpus entities become one: because a document shows that their names are one entity's, or because a person says so.

use super::database::Result;
use super::link::{Arrival, Candidate};
use super::score::{Relation, forms_fit, profiles_clash};
use super::store::CorpusStore;

/// Documents of the lesser entity that are asked whether they mention both.
const ASKED: usize = 50;

/// A document that tells two entities apart outweighs this many that do not: resolvers err now and then.
const TOLERANCE: usize = 20;

/// Documents that must use both names for one entity where the names do not look alike.
const VOTES: u32 = 3;

impl CorpusStore {
    /// Merges into entity `id` the candidates that fit the document entity that has just joined it nearly as well by
    /// another of its names: "United States" and "U.S." in one document bring together what both had collected.
    pub(super) fn merge_bridged(&mut self, arrival: &mut Arrival, id: i64, candidates: &[Candidate]) -> Result<()> {
        let Some(joined) = candidates.iter().find(|candidate| candidate.id == id).copied() else { return Ok(()) };
        if !joined.found.relation.is_equal() {
            return Ok(());
        }
        let mut id = id;
        for other in candidates {
            let bridges = other.id != id
                && other.found.relation.is_equal()
                && other.found.key != joined.found.key
                && other.found.relation != Relation::SameId
                && other.probability >= self.weights.merge
                && !arrival.taken.contains(&other.id);
            if bridges && self.may_be_one(id, other)? {
                let (kept, gone) = self.survivor_first(id, other.id)?;
                self.merge_entities(
                    kept,
                    gone,
                    Some(&arrival.name),
                    other.found.relation.reason(),
                    Some(other.probability),
                )?;
                arrival.taken.remove(&gone);
                arrival.taken.insert(kept);
                id = kept;
            }
        }
        Ok(())
    }

    fn may_be_one(&mut self, one: i64, candidate: &Candidate) -> Result<bool> {
        let other = candidate.id;
        if self.forbidden.contains(&(one.min(other), one.max(other))) {
            return Ok(false);
        }
        let Some(first) = self.profile(one)?.cloned() else { return Ok(false) };
        let Some(second) = self.profile(other)? else { return Ok(false) };
        if profiles_clash(&first, second) {
            return Ok(false);
        }
        // Names that do not look like one another need more than one document that says so: it may be "Moscow" for Russia.
        let votes = first.names.get(&candidate.found.key).map_or(0, |name| name.documents);
        if votes < VOTES && !forms_fit(&first, second) {
            return Ok(false);
        }
        let (more, less) = if first.documents >= second.documents { (one, other) } else { (other, one) };
        let sql = "SELECT count(*), sum(EXISTS (SELECT 1 FROM member WHERE entity = ?2 AND document = latest.document))
                   FROM (SELECT DISTINCT document FROM member WHERE entity = ?1 ORDER BY document DESC LIMIT ?3) AS latest";
        let counts = self.database.one(sql, rusqlite::params![less, more, ASKED], |row| {
            Ok((row.get::<_, usize>(0)?, row.get::<_, Option<usize>>(1)?.unwrap_or(0)))
        })?;
        let (asked, together) = counts.unwrap_or((0, 0));
        Ok(together * TOLERANCE <= asked)
    }

    /// The entity that keeps its id, then the other: that which more documents know, of equals the elder.
    pub(super) fn survivor_first(&mut self, one: i64, other: i64) -> Result<(i64, i64)> {
        let documents =
            |store: &mut Self, id| -> Result<u32> { Ok(store.profile(id)?.map_or(0, |profile| profile.documents)) };
        let rank = (documents(self, one)?, std::cmp::Reverse(one));
        let other_rank = (documents(self, other)?, std::cmp::Reverse(other));
        Ok(if rank >= other_rank { (one, other) } else { (other, one) })
    }

    /// Moves everything of `gone` to `kept`, and records it. `gone` stays as a signpost.
    pub(super) fn merge_entities(
        &mut self,
        kept: i64,
        gone: i64,
        document: Option<&str>,
        reason: &str,
        score: Option<f64>,
    ) -> Result<()> {
        let sql = "SELECT count(DISTINCT document) FROM member AS mine WHERE entity = ?1
                   AND EXISTS (SELECT 1 FROM member WHERE entity = ?2 AND document = mine.document)";
        let shared: i64 = self.database.one(sql, [gone, kept], |row| row.get(0))?.unwrap_or(0);
        self.database.execute("UPDATE member SET entity = ?2 WHERE entity = ?1", [gone, kept])?;
        let sql = "SELECT text, documents, mentions, named FROM alias WHERE entity = ?1 ORDER BY id";
        let aliases = self.database.all(sql, [gone], |row| {
            let counts =
                super::database::AliasCounts { documents: row.get(1)?, mentions: row.get(2)?, named: row.get(3)? };
            Ok((row.get::<_, String>(0)?, counts))
        })?;
        self.database.remove_aliases(gone, false)?;
        for (text, counts) in aliases {
            self.database.count_alias(kept, &text, counts)?;
        }
        let sql = "UPDATE entity SET
                       documents = documents + (SELECT documents FROM entity WHERE id = ?1) - ?3,
                       mentions = mentions + (SELECT mentions FROM entity WHERE id = ?1),
                       knowledge_id = coalesce(knowledge_id, (SELECT knowledge_id FROM entity WHERE id = ?1))
                   WHERE id = ?2";
        self.database.execute(sql, [gone, kept, shared])?;
        let sql = "UPDATE entity SET documents = 0, mentions = 0, merged_into = ?2, knowledge_id = NULL WHERE id = ?1";
        self.database.execute(sql, [gone, kept])?;
        // A table's entity keeps its standing whichever of the two survives.
        let sql = "SELECT table_key, name FROM entity WHERE id = ?1 AND table_key IS NOT NULL";
        let table = self.database.one(sql, [gone], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        if let Some((key, name)) = table {
            self.database.execute("UPDATE entity SET table_key = NULL WHERE id = ?1", [gone])?;
            let sql = "UPDATE entity SET table_key = ?2, name = ?3 WHERE id = ?1 AND table_key IS NULL";
            self.database.execute(sql, rusqlite::params![kept, key, name])?;
        }
        self.database.execute("DELETE FROM block WHERE entity = ?1", [gone])?;
        self.profiles.remove(&gone);
        self.refresh(kept)?;
        self.database.record("merge", kept, gone, document, reason, score)?;
        let is_decided = self.pins.values().any(|&id| id == gone)
            || self.forbidden.iter().any(|&(one, other)| one == gone || other == gone);
        if is_decided {
            self.load_decisions()?;
        }
        Ok(())
    }
}
