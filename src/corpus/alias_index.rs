//! A user's table of aliases, indexed by the keys under which names are sought.

use super::database::Result;
use super::key::{Form, Key};
use super::store::CorpusStore;
use crate::alias_table::{AliasRow, AliasTable, AliasTableError};
use crate::entity_type::EntityType;
use std::collections::HashMap;

/// Rows by the key of each alias and canonical name.
#[derive(Debug, Clone, Default)]
pub(super) struct AliasIndex {
    rows: Vec<AliasRow>,
    by_key: HashMap<(Key, EntityType), usize>,
}

impl AliasIndex {
    /// Indexes `table`.
    ///
    /// # Errors
    /// If an alias has two meanings, or none of its signs is a letter or digit; the error names the line.
    pub(super) fn new(table: &AliasTable) -> std::result::Result<Self, AliasTableError> {
        let mut index = Self::default();
        for row in table.rows() {
            index.add(row).map_err(|reason| table.error((row.line, reason)))?;
        }
        Ok(index)
    }

    fn add(&mut self, row: &AliasRow) -> std::result::Result<(), String> {
        let number = self.rows.len();
        let types = row.entity_type.map_or_else(|| EntityType::KNOWN.to_vec(), |wanted| vec![wanted]);
        for entity_type in types {
            for name in [&row.alias, &row.canonical] {
                let Some(form) = Form::parse(name, entity_type) else {
                    return Err(format!("'{name}' has no letter or digit to recognise it by"));
                };
                let known = *self.by_key.entry((form.key, entity_type)).or_insert(number);
                if known != number && table_key(&self.rows[known]) != table_key(row) {
                    let (one, other) = (&self.rows[known].canonical, &row.canonical);
                    return Err(format!("'{name}' ({entity_type}) is '{one}' in an earlier row and '{other}' here"));
                }
            }
        }
        self.rows.push(row.clone());
        Ok(())
    }

    /// The row that knows one of these names, the first of them that any row knows.
    pub(super) fn find(&self, forms: &[Form], entity_type: EntityType) -> Option<&AliasRow> {
        let mut rows = forms.iter().filter_map(|form| self.by_key.get(&(form.key, entity_type)));
        rows.next().and_then(|&index| self.rows.get(index))
    }
}

/// What makes two rows speak of one entity: the id, else canonical name and type.
fn table_key(row: &AliasRow) -> String {
    match (&row.id, row.entity_type) {
        (Some(id), _) => format!("id:{id}"),
        (None, Some(entity_type)) => format!("{entity_type}:{}", row.canonical),
        (None, None) => format!("any:{}", row.canonical),
    }
}

impl CorpusStore {
    /// The entity of a row: the one that was opened or adopted for it, else one that has its id or is its canonical
    /// name's only bearer, else a new one.
    pub(super) fn entity_of_row(&mut self, row: &AliasRow, entity_type: EntityType) -> Result<i64> {
        let key = table_key(row);
        let sql = "SELECT id FROM entity WHERE table_key = ?1";
        if let Some(id) = self.database.one(sql, [&key], |found| found.get(0))? {
            return Ok(id);
        }
        let entity_type = row.entity_type.unwrap_or(entity_type);
        let sql = "SELECT id FROM entity WHERE knowledge_id = ?1 AND merged_into IS NULL AND table_key IS NULL
                   ORDER BY id LIMIT 1";
        let by_id = match &row.id {
            Some(id) => self.database.one(sql, [id], |found| found.get(0))?,
            None => None,
        };
        let id = match by_id {
            Some(id) => id,
            None => match self.only_bearer(&row.canonical, entity_type)? {
                Some(id) => id,
                None => self.database.insert_entity(&row.canonical, entity_type, row.id.as_deref())?,
            },
        };
        let sql =
            "UPDATE entity SET table_key = ?2, name = ?3, knowledge_id = coalesce(?4, knowledge_id) WHERE id = ?1";
        self.database.execute(sql, rusqlite::params![id, key, row.canonical, row.id])?;
        self.profiles.remove(&id);
        Ok(id)
    }

    fn only_bearer(&mut self, name: &str, entity_type: EntityType) -> Result<Option<i64>> {
        let Some(form) = Form::parse(name, entity_type) else { return Ok(None) };
        let mut bearers = Vec::new();
        for id in self.database.block(form.sought_keys(entity_type).equal, 16, 0)? {
            let sql = "SELECT table_key IS NULL FROM entity WHERE id = ?1";
            let free = self.database.one(sql, [id], |row| row.get(0))?.unwrap_or(false);
            if let Some(profile) = self.profile(id)?
                && free
                && profile.entity_type == entity_type
                && profile.names.contains_key(&form.key)
            {
                bearers.push(id);
            }
        }
        Ok(if let [only] = bearers.as_slice() { Some(*only) } else { None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(csv: &str) -> std::result::Result<AliasIndex, AliasTableError> {
        AliasIndex::new(&AliasTable::read(csv.as_bytes(), "my.csv").unwrap())
    }

    #[test]
    fn a_typed_row_speaks_of_that_type_only() {
        let index = index("alias,canonical,type,id\nHolt,Petra Holt,PER,p7\n").unwrap();
        let find = |entity_type| index.find(&[Form::parse("Holt", entity_type).unwrap()], entity_type).is_some();
        assert!(find(EntityType::Per));
        assert!(!find(EntityType::Loc));
    }

    #[test]
    fn an_alias_has_one_meaning() {
        let message = |csv: &str| index(csv).unwrap_err().to_string();
        assert_eq!(
            message("alias,canonical,type\nHolt,Petra Holt,PER\nHolt,Ben Holt,PER\n"),
            "my.csv:3: 'Holt' (PER) is 'Petra Holt' in an earlier row and 'Ben Holt' here"
        );
        assert_eq!(
            message("alias,canonical\n--,Ben Holt\n"),
            "my.csv:2: '--' has no letter or digit to recognise it by"
        );
    }
}
