//! A user's table of aliases, indexed by the keys under which names are sought.

use super::score::Newcomer;
use crate::alias_table::{AliasRow, AliasTable, AliasTableError};
use crate::entity_type::EntityType;
use crate::name::{Form, Key};
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
    pub(super) fn new(table: &AliasTable) -> Result<Self, AliasTableError> {
        let mut index = Self::default();
        for row in table.rows() {
            index.add(row).map_err(|reason| table.error((row.line, reason)))?;
        }
        Ok(index)
    }

    fn add(&mut self, row: &AliasRow) -> Result<(), String> {
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

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row that knows one of a newcomer's names, the first of them that any row knows. Where the document has a longer
    /// name for it that the same table does not know as that entity's, the short one is somebody else's.
    pub(super) fn find(&self, newcomer: &Newcomer) -> Option<&AliasRow> {
        let entity_type = newcomer.entity_type;
        newcomer.forms.iter().find_map(|form| {
            let row = self.find_form(form, entity_type)?;
            let is_its = |other: &Form| {
                self.find_form(other, entity_type).is_some_and(|found| table_key(found) == table_key(row))
            };
            let same_id = row.id.is_some() && row.id == newcomer.knowledge_id;
            let mut longer = newcomer.forms.iter().filter(|other| other.strength > form.strength);
            (same_id || longer.all(is_its)).then_some(row)
        })
    }

    fn find_form(&self, form: &Form, entity_type: EntityType) -> Option<&AliasRow> {
        let row = |entity_type| self.rows.get(*self.by_key.get(&(form.key, entity_type))?);
        if entity_type.is_known() {
            return row(entity_type);
        }
        // Names of own types have the keys of other names, and a row without a type speaks of them, too.
        row(entity_type).or_else(|| row(EntityType::Misc).filter(|row| row.entity_type.is_none()))
    }
}

/// What makes two rows speak of one entity: the id, else canonical name and type.
pub(super) fn table_key(row: &AliasRow) -> String {
    match (&row.id, row.entity_type) {
        (Some(id), _) => format!("id:{id}"),
        (None, Some(entity_type)) => format!("{entity_type}:{}", row.canonical),
        (None, None) => format!("any:{}", row.canonical),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(csv: &str) -> Result<AliasIndex, AliasTableError> {
        AliasIndex::new(&AliasTable::read(csv.as_bytes(), "my.csv").unwrap())
    }

    #[test]
    fn a_typed_row_speaks_of_that_type_only() {
        let index = index("alias,canonical,type,id\nHolt,Petra Holt,PER,p7\n").unwrap();
        let find = |entity_type| {
            let (forms, lower_case) = (vec![Form::parse("Holt", entity_type).unwrap()], vec![true]);
            index.find(&Newcomer { entity_type, knowledge_id: None, forms, lower_case }).is_some()
        };
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
