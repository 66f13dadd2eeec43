//! Moving what documents say from one entity to another, and taking a merge apart again.

use super::database::{Member, Result};
use super::store::CorpusStore;
use crate::name::{Form, Key};
use std::collections::BTreeSet;

/// A member by its document and its number there.
pub(super) type Place = (i64, i64);

impl CorpusStore {
    /// Moves members of `from` to `to`; counts, aliases, names and keys follow. `reason` is put beside each, unless it is
    /// empty.
    pub(super) fn relocate(&mut self, members: &[Member], from: i64, to: i64, reason: &str) -> Result<()> {
        for member in members {
            let sql = "UPDATE member SET entity = ?3, reason = CASE WHEN ?4 = '' THEN reason ELSE ?4 END
                       WHERE document = ?1 AND number = ?2";
            self.database.execute(sql, rusqlite::params![member.document, member.number, to, reason])?;
            self.count_aliases(from, &member.name, &member.aliases, -1)?;
            self.count_aliases(to, &member.name, &member.aliases, 1)?;
        }
        for id in [from, to] {
            self.recount(id)?;
            self.refresh(id)?;
        }
        Ok(())
    }

    /// Makes an entity's counts and its knowledge id anew from its members.
    pub(super) fn recount(&self, id: i64) -> Result<()> {
        let sql = "UPDATE entity SET
                       documents = (SELECT count(DISTINCT document) FROM member WHERE entity = ?1),
                       mentions = (SELECT coalesce(sum(mentions), 0) FROM member WHERE entity = ?1),
                       knowledge_id = CASE WHEN table_key IS NOT NULL THEN knowledge_id ELSE
                           (SELECT knowledge_id FROM member WHERE entity = ?1 AND knowledge_id IS NOT NULL
                            GROUP BY knowledge_id ORDER BY count(*) DESC, min(document) LIMIT 1) END
                   WHERE id = ?1";
        self.database.execute(sql, [id])?;
        Ok(())
    }

    /// `id` and all that was merged into it, directly or not.
    pub(super) fn parts_of(&self, id: i64) -> Result<BTreeSet<i64>> {
        let sql = "WITH RECURSIVE part (id) AS
                       (SELECT ?1 UNION SELECT entity.id FROM entity JOIN part ON entity.merged_into = part.id)
                   SELECT id FROM part";
        Ok(self.database.all(sql, [id], |row| row.get(0))?.into_iter().collect())
    }

    /// The members of `whole` that `part`, which was merged into it, had brought; and those that have come since by names
    /// that only these bear.
    pub(super) fn brought_by(&self, part: i64, whole: i64) -> Result<Vec<Member>> {
        let parts = self.parts_of(part)?;
        let members = self.database.members_of_entity(whole)?;
        let (brought, others): (Vec<Member>, Vec<Member>) =
            members.into_iter().partition(|member| parts.contains(&member.origin));
        // The first of the others was there before the merge, or has joined what both were: its names are not only theirs.
        let theirs: BTreeSet<Key> = brought.iter().flat_map(keys_of).collect();
        let first = others.iter().map(|member| member.document).min();
        let is_mine = |member: &&Member| Some(member.document) == first || !keys_of(member).is_subset(&theirs);
        let mine: BTreeSet<Key> = others.iter().filter(is_mine).flat_map(keys_of).collect();
        let mut brought = brought;
        let mut seen: BTreeSet<i64> = brought.iter().map(|member| member.document).collect();
        for member in others {
            let keys = keys_of(&member);
            if keys.is_subset(&theirs) && keys.is_disjoint(&mine) && seen.insert(member.document) {
                brought.push(member);
            }
        }
        Ok(brought)
    }

    /// Makes an entity that was merged one of its own again, with what it had brought. The caller has found its members.
    pub(super) fn revive(&mut self, part: i64, whole: i64, members: &[Member], reason: &str) -> Result<()> {
        self.database.execute("UPDATE entity SET merged_into = NULL WHERE id = ?1", [part])?;
        self.relocate(members, whole, part, reason)?;
        let parts = self.parts_of(part)?;
        for member in members {
            if !parts.contains(&member.origin) {
                let sql = "UPDATE member SET origin = ?3 WHERE document = ?1 AND number = ?2";
                self.database.execute(sql, [member.document, member.number, part])?;
            }
        }
        Ok(())
    }

    /// An entity that was merged into `whole` and had brought exactly these members.
    pub(super) fn part_with(&self, whole: i64, members: &[Member]) -> Result<Option<i64>> {
        let wanted: BTreeSet<Place> = members.iter().map(|member| (member.document, member.number)).collect();
        let sql = "SELECT id FROM entity WHERE merged_into = ?1 ORDER BY id DESC";
        let gone: Vec<i64> = self.database.all(sql, [whole], |row| row.get(0))?;
        for id in gone {
            let parts = self.parts_of(id)?;
            let all = self.database.members_of_entity(whole)?;
            let brought = all.iter().filter(|member| parts.contains(&member.origin));
            if brought.map(|member| (member.document, member.number)).collect::<BTreeSet<Place>>() == wanted {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }
}

fn keys_of(member: &Member) -> BTreeSet<Key> {
    let names = std::iter::once(&member.name).chain(member.aliases.iter().map(|alias| &alias.text));
    names.filter_map(|name| Form::parse(name, member.entity_type)).map(|form| form.key).collect()
}
