//! A user's table of aliases: what it says wins over scores.

use super::database::Result;
use super::error::AliasTableError;
use super::key::{Form, Key};
use super::store::CorpusStore;
use crate::mention::EntityType;
use std::collections::HashMap;
use std::io::Read;

/// Rows of alias, canonical name and, where given, type and knowledge id.
#[derive(Debug, Clone, Default)]
pub struct AliasTable {
    rows: Vec<AliasRow>,
    by_key: HashMap<(Key, EntityType), usize>,
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct AliasRow {
    canonical: String,
    entity_type: Option<EntityType>,
    id: Option<String>,
}

const COLUMNS: [&str; 4] = ["alias", "canonical", "type", "id"];

impl AliasTable {
    /// Reads CSV with a header; `alias` and `canonical` are required, `type` and `id` may be missing or empty. `origin`
    /// stands for the file in messages.
    ///
    /// # Errors
    /// If a column or value is missing or wrong, or an alias has two meanings; the error names the line.
    pub fn read(source: impl Read, origin: &str) -> std::result::Result<Self, AliasTableError> {
        let at = |line: u64, reason: String| AliasTableError { origin: origin.to_owned(), line, reason };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        let line_of = |error: &csv::Error| error.position().map_or(1, csv::Position::line);
        let header = reader.headers().map_err(|error| at(line_of(&error), error.to_string()))?.clone();
        let mut places = [None; COLUMNS.len()];
        for (place, column) in header.iter().enumerate() {
            let column = column.trim_start_matches('\u{feff}').to_lowercase();
            let Some(index) = COLUMNS.iter().position(|known| *known == column) else {
                let reason = format!("unknown column '{column}'; the columns are alias, canonical, type, id");
                return Err(at(1, reason));
            };
            if places[index].replace(place).is_some() {
                return Err(at(1, format!("column '{column}' stands there twice")));
            }
        }
        if let Some(index) = (0..2).find(|&index| places[index].is_none()) {
            return Err(at(
                1,
                format!(
                    "no column '{}'; the first line names the columns, for example: alias,canonical,type,id",
                    COLUMNS[index]
                ),
            ));
        }
        let mut table = Self::default();
        for record in reader.into_records() {
            let record = record.map_err(|error| at(line_of(&error), error.to_string()))?;
            let line = record.position().map_or(1, csv::Position::line);
            let field = |index: usize| places[index].and_then(|place: usize| record.get(place)).unwrap_or_default();
            table.add([field(0), field(1), field(2), field(3)]).map_err(|reason| at(line, reason))?;
        }
        Ok(table)
    }

    fn add(&mut self, [alias, canonical, label, id]: [&str; 4]) -> std::result::Result<(), String> {
        if alias.is_empty() || canonical.is_empty() {
            return Err("alias and canonical must not be empty".to_owned());
        }
        let entity_type = match label {
            "" => None,
            label => Some(
                EntityType::from_label(label)
                    .ok_or_else(|| format!("type '{label}' is none of PER, ORG, LOC, MISC"))?,
            ),
        };
        let row = AliasRow {
            canonical: canonical.to_owned(),
            entity_type,
            id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        };
        let index = self.rows.len();
        for of_type in EntityType::ALL.into_iter().filter(|&of_type| entity_type.is_none_or(|wanted| wanted == of_type))
        {
            for name in [alias, canonical] {
                let Some(form) = Form::parse(name, of_type) else {
                    return Err(format!("'{name}' has no letter or digit to recognise it by"));
                };
                let known = *self.by_key.entry((form.key, of_type)).or_insert(index);
                if known != index && self.rows[known].table_key() != row.table_key() {
                    let (one, other) = (&self.rows[known].canonical, &row.canonical);
                    return Err(format!("'{name}' ({of_type}) is '{one}' in an earlier row and '{other}' here"));
                }
            }
        }
        self.rows.push(row);
        Ok(())
    }

    /// Whether there are no rows.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The row that knows one of these names, the first of them that any row knows.
    pub(super) fn find(&self, forms: &[Form], entity_type: EntityType) -> Option<&AliasRow> {
        let mut rows = forms.iter().filter_map(|form| self.by_key.get(&(form.key, entity_type)));
        rows.next().and_then(|&index| self.rows.get(index))
    }
}

impl AliasRow {
    /// What makes two rows speak of one entity: the id, else canonical name and type.
    fn table_key(&self) -> String {
        match (&self.id, self.entity_type) {
            (Some(id), _) => format!("id:{id}"),
            (None, Some(entity_type)) => format!("{entity_type}:{}", self.canonical),
            (None, None) => format!("any:{}", self.canonical),
        }
    }
}

impl CorpusStore {
    /// The entity of a row: the one that was opened or adopted for it, else one that has its id or is its canonical
    /// name's only bearer, else a new one.
    pub(super) fn entity_of_row(&mut self, row: &AliasRow, entity_type: EntityType) -> Result<i64> {
        let key = row.table_key();
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

    fn read(csv: &str) -> std::result::Result<AliasTable, AliasTableError> {
        AliasTable::read(csv.as_bytes(), "my.csv")
    }

    #[test]
    fn columns_stand_in_any_order_and_type_and_id_may_be_missing() {
        let table = read("canonical,alias\nQuillon Metals,The Smelter\n").unwrap();
        let form = Form::parse("Smelter", EntityType::Org).unwrap();
        assert_eq!(table.find(&[form], EntityType::Org).unwrap().canonical, "Quillon Metals");
    }

    #[test]
    fn a_typed_row_speaks_of_that_type_only() {
        let table = read("alias,canonical,type,id\nHolt,Petra Holt,PER,p7\n").unwrap();
        let find = |entity_type| table.find(&[Form::parse("Holt", entity_type).unwrap()], entity_type).is_some();
        assert!(find(EntityType::Per));
        assert!(!find(EntityType::Loc));
    }

    #[test]
    fn errors_name_the_line() {
        let message = |csv: &str| read(csv).unwrap_err().to_string();
        assert_eq!(
            message("alias,name\n"),
            "my.csv:1: unknown column 'name'; the columns are alias, canonical, type, id"
        );
        assert!(message("alias,type\n").starts_with("my.csv:1: no column 'canonical'"));
        assert_eq!(
            message("alias,canonical,type\nHolt,Petra Holt,PER\nDelft,Delft,CITY\n"),
            "my.csv:3: type 'CITY' is none of PER, ORG, LOC, MISC"
        );
        assert_eq!(message("alias,canonical\n,Petra Holt\n"), "my.csv:2: alias and canonical must not be empty");
        assert_eq!(
            message("alias,canonical,type\nHolt,Petra Holt,PER\nHolt,Ben Holt,PER\n"),
            "my.csv:3: 'Holt' (PER) is 'Petra Holt' in an earlier row and 'Ben Holt' here"
        );
        assert!(message("alias,canonical\na,b,c\n").starts_with("my.csv:2: "));
    }
}
