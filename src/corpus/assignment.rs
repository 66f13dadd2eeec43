//! What people decided on single documents: whom a name means there, whatever names and scores say.

use super::database::Result;
use super::score::Newcomer;
use super::store::CorpusStore;
use crate::entity_type::EntityType;
use crate::name::{Form, Key};

/// Who is called by one of `names` in a document is `entity`.
#[derive(Debug, Clone)]
pub(super) struct Assignment {
    pub(super) names: Vec<String>,
    pub(super) entity: i64,
}

impl CorpusStore {
    /// The entity that the last decision on this document gives to a newcomer of one of its whole names.
    pub(super) fn assigned_to(&self, document: &str, newcomer: &Newcomer) -> Result<Option<i64>> {
        let Some(assignments) = self.assigned.get(document) else { return Ok(None) };
        let strongest = newcomer.strength();
        let whole: Vec<Key> =
            newcomer.forms.iter().filter(|form| Some(form.strength) == strongest).map(|form| form.key).collect();
        let means = |assignment: &&Assignment| {
            let mut forms = assignment.names.iter().filter_map(|name| Form::parse(name, newcomer.entity_type));
            forms.any(|form| whole.contains(&form.key))
        };
        match assignments.iter().rev().find(means) {
            Some(assignment) => self.database.survivor(assignment.entity),
            None => Ok(None),
        }
    }

    /// Whether nothing may be kept of a newcomer.
    pub(super) fn is_forgotten(&self, newcomer: &Newcomer, document: i64) -> bool {
        if self.forgotten.is_empty() {
            return false;
        }
        let strongest = newcomer.strength();
        let mut whole = newcomer.forms.iter().filter(|form| Some(form.strength) == strongest);
        whole.any(|form| {
            let key = |document| (form.key, newcomer.entity_type, document);
            self.forgotten.contains(&key(0)) || self.forgotten.contains(&key(document))
        })
    }

    /// Reads the keys of what was forgotten.
    pub(super) fn load_forgotten(&mut self) -> Result<()> {
        let rows = self.database.all("SELECT key, type, document FROM forgotten", [], |row| {
            Ok((row.get(0)?, super::database::read_type(row, 1)?, row.get(2)?))
        })?;
        self.forgotten = rows.into_iter().collect::<std::collections::HashSet<(Key, EntityType, i64)>>();
        Ok(())
    }
}
