//! A user's table of aliases: CSV in, rows out. What it says wins over every score, inside documents
//! ([`Resolver::with_aliases`](crate::resolve::Resolver::with_aliases)) and across them
//! ([`LinkOptions::with_aliases`](crate::corpus::LinkOptions::with_aliases)).

use crate::entity_type::EntityType;
use crate::label;
use std::io::Read;

/// A row: a form, and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasRow {
    /// The form as texts use it.
    pub alias: String,
    /// The name to give to the entity.
    pub canonical: String,
    /// The type to give to the entity; whatever the mentions say if there is none.
    pub entity_type: Option<EntityType>,
    /// Identifier in the user's own knowledge base.
    pub id: Option<String>,
    /// Line of the file, from 1.
    pub line: u64,
}

/// Rows, and the file that they come from.
#[derive(Debug, Clone, Default)]
pub struct AliasTable {
    origin: String,
    rows: Vec<AliasRow>,
}

/// An alias table cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("{origin}:{line}: {reason}")]
pub struct AliasTableError {
    /// The file.
    pub origin: String,
    /// Its line, from 1.
    pub line: u64,
    /// What is wrong and what was expected.
    pub reason: String,
}

const COLUMNS: [&str; 4] = ["alias", "canonical", "type", "id"];

impl AliasTable {
    /// Reads CSV with a header; `alias` and `canonical` are required, `type` and `id` may be missing or empty. `origin`
    /// stands for the file in messages.
    ///
    /// # Errors
    /// If a column or value is missing or wrong; the error names the line.
    pub fn read(source: impl Read, origin: &str) -> Result<Self, AliasTableError> {
        let mut table = Self { origin: origin.to_owned(), rows: Vec::new() };
        let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(source);
        let unreadable = |error: &csv::Error| (error.position().map_or(1, csv::Position::line), error.to_string());
        let header = reader.headers().map_err(|error| table.error(unreadable(&error)))?.clone();
        let places = places(&header).map_err(|reason| table.error((1, reason)))?;
        for record in reader.into_records() {
            let record = record.map_err(|error| table.error(unreadable(&error)))?;
            let line = record.position().map_or(1, csv::Position::line);
            let field = |index: usize| places[index].and_then(|place| record.get(place)).unwrap_or_default();
            let row = row([field(0), field(1), field(2), field(3)], line);
            table.rows.push(row.map_err(|reason| table.error((line, reason)))?);
        }
        Ok(table)
    }

    /// The rows, in the order of the file.
    #[must_use]
    pub fn rows(&self) -> &[AliasRow] {
        &self.rows
    }

    /// The types that rows name.
    pub fn types(&self) -> impl Iterator<Item = EntityType> {
        self.rows.iter().filter_map(|row| row.entity_type)
    }

    /// What is wrong with a line.
    pub(crate) fn error(&self, (line, reason): (u64, String)) -> AliasTableError {
        AliasTableError { origin: self.origin.clone(), line, reason }
    }
}

/// Where in a record each of [`COLUMNS`] stands.
fn places(header: &csv::StringRecord) -> Result<[Option<usize>; COLUMNS.len()], String> {
    let mut places = [None; COLUMNS.len()];
    for (place, column) in header.iter().enumerate() {
        let column = column.trim_start_matches('\u{feff}').to_lowercase();
        let Some(index) = COLUMNS.iter().position(|known| *known == column) else {
            return Err(format!("unknown column '{column}'; the columns are alias, canonical, type, id"));
        };
        if places[index].replace(place).is_some() {
            return Err(format!("column '{column}' stands there twice"));
        }
    }
    match COLUMNS.iter().zip(places).take(2).find(|(_, place)| place.is_none()) {
        Some((missing, _)) => Err(format!(
            "no column '{missing}'; the first line names the columns, for example: alias,canonical,type,id"
        )),
        None => Ok(places),
    }
}

fn row([alias, canonical, kind, id]: [&str; 4], line: u64) -> Result<AliasRow, String> {
    if alias.is_empty() || canonical.is_empty() {
        return Err("alias and canonical must not be empty".to_owned());
    }
    let entity_type = if kind.is_empty() { None } else { Some(label::type_named(kind)?) };
    Ok(AliasRow {
        alias: alias.to_owned(),
        canonical: canonical.to_owned(),
        entity_type,
        id: Some(id.to_owned()).filter(|id| !id.is_empty()),
        line,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(csv: &str) -> Result<AliasTable, AliasTableError> {
        AliasTable::read(csv.as_bytes(), "my.csv")
    }

    #[test]
    fn columns_stand_in_any_order_and_type_and_id_may_be_missing() {
        let table = read("\u{feff}canonical,Alias\nQuillon Metals, The Smelter \n").unwrap();
        let row = &table.rows()[0];
        assert_eq!((row.alias.as_str(), row.canonical.as_str(), row.line), ("The Smelter", "Quillon Metals", 2));
        assert_eq!((row.entity_type, &row.id), (None, &None));
    }

    #[test]
    fn a_type_may_be_one_of_the_users_own() {
        let table = read("alias,canonical,type\nAspirin,Aspirin,DRUG\nHolt,Petra Holt,Person\n").unwrap();
        assert_eq!(table.types().collect::<Vec<_>>(), [EntityType::from_label("DRUG"), EntityType::Per]);
    }

    #[test]
    fn errors_name_the_line() {
        let message = |csv: &str| read(csv).unwrap_err().to_string();
        assert_eq!(
            message("alias,name\n"),
            "my.csv:1: unknown column 'name'; the columns are alias, canonical, type, id"
        );
        assert!(message("").starts_with("my.csv:1: no column 'alias'"));
        assert!(message("alias,type\n").starts_with("my.csv:1: no column 'canonical'"));
        assert_eq!(message("alias,canonical,alias\n"), "my.csv:1: column 'alias' stands there twice");
        assert_eq!(
            message("alias,canonical,type\nHolt,Petra Holt,PER\nDelft,Delft,LABEL_3\n"),
            "my.csv:3: LABEL_3 tells no type"
        );
        assert_eq!(message("alias,canonical\n,Petra Holt\n"), "my.csv:2: alias and canonical must not be empty");
        assert!(message("alias,canonical\na,b,c\n").starts_with("my.csv:2: "));
    }
}
