//! Tab-separated tables with a head: lines of `#`, of which `# columns: ` names the columns. Columns are found by name, so that
//! a table may have more than its reader knows.

use std::fmt;

/// The text of a table.
#[derive(Debug, Clone)]
pub(crate) struct TableFile<'a> {
    name: &'a str,
    text: &'a str,
    columns: Vec<&'a str>,
}

/// A table cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableFileError {
    /// The file.
    pub file: String,
    /// Its line, from 1.
    pub line: usize,
    /// What is wrong and what was expected.
    pub reason: String,
}

impl fmt::Display for TableFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.file, self.line, self.reason)
    }
}

impl std::error::Error for TableFileError {}

/// A row of a [`TableFile`].
#[derive(Debug)]
pub(crate) struct TableRow<'a, 'b> {
    table: &'b TableFile<'a>,
    line: usize,
    cells: Vec<&'a str>,
}

const COLUMNS: &str = "# columns: ";

impl<'a> TableFile<'a> {
    /// A table that must have the columns in `required`; an empty text is a table without rows. `name` stands for it in messages.
    pub(crate) fn new(name: &'a str, text: &'a str, required: &[&str]) -> Result<Self, TableFileError> {
        let mut table = Self { name, text: text.trim_start_matches('\u{feff}'), columns: Vec::new() };
        if table.text.is_empty() {
            return Ok(table);
        }
        let head = table.text.lines().enumerate().find_map(|(at, line)| Some((at + 1, line.strip_prefix(COLUMNS)?)));
        let Some((line, columns)) = head else {
            return Err(table.error(1, format!("expected a line '{COLUMNS}…' with the names of the columns")));
        };
        table.columns = columns.trim_end().split('\t').collect();
        match required.iter().find(|column| !table.columns.contains(column)) {
            Some(column) => Err(table.error(line, format!("there is no column '{column}', which this table needs"))),
            None => Ok(table),
        }
    }

    /// The rows; a row may lack empty cells at its end.
    pub(crate) fn rows(&self) -> impl Iterator<Item = TableRow<'a, '_>> {
        let lines = self.text.lines().enumerate().filter(|(_, line)| !line.starts_with('#') && !line.trim().is_empty());
        lines.map(|(at, line)| TableRow { table: self, line: at + 1, cells: line.split('\t').collect() })
    }

    fn error(&self, line: usize, reason: String) -> TableFileError {
        TableFileError { file: self.name.to_owned(), line, reason }
    }
}

impl<'a> TableRow<'a, '_> {
    /// The cell of a column; empty, if the table or the row has none.
    pub(crate) fn cell(&self, column: &str) -> &'a str {
        let place = self.table.columns.iter().position(|name| *name == column);
        place.and_then(|place| self.cells.get(place)).copied().unwrap_or_default().trim()
    }

    /// The parts of a cell that holds a list, separated by `;`.
    pub(crate) fn list(&self, column: &str) -> impl Iterator<Item = &'a str> + use<'a> {
        self.cell(column).split(';').map(str::trim).filter(|part| !part.is_empty())
    }

    /// The cell of a column that must not be empty.
    pub(crate) fn text(&self, column: &str) -> Result<&'a str, TableFileError> {
        match self.cell(column) {
            "" => Err(self.error(format!("the column '{column}' is empty"))),
            text => Ok(text),
        }
    }

    /// A number; 0 where the cell is empty.
    pub(crate) fn number(&self, column: &str) -> Result<f64, TableFileError> {
        self.read_number(column, self.cell(column))
    }

    /// A part of a cell as a number; 0 where it is empty.
    pub(crate) fn read_number(&self, column: &str, cell: &str) -> Result<f64, TableFileError> {
        if cell.is_empty() {
            return Ok(0.0);
        }
        let number = cell.parse().ok().filter(|number: &f64| number.is_finite() && *number >= 0.0);
        number.ok_or_else(|| self.error(format!("'{cell}' in the column '{column}' is no number from 0 on")))
    }

    /// What is wrong with this row.
    pub(crate) fn error(&self, reason: String) -> TableFileError {
        self.table.error(self.line, reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_found_by_the_name_of_their_column() {
        let table = TableFile::new("t.tsv", "# about\n# columns: a\tb\tc\nx\t1; 2;\n\ny\t\t0.5\n", &["b"]).unwrap();
        let rows: Vec<TableRow> = table.rows().collect();
        assert_eq!((rows[0].cell("a"), rows[0].cell("c"), rows[0].cell("d")), ("x", "", ""));
        assert_eq!(rows[0].list("b").collect::<Vec<_>>(), ["1", "2"]);
        assert!((rows[1].number("c").unwrap() - 0.5).abs() < 1e-9);
        assert_eq!(rows[1].text("b").unwrap_err().to_string(), "t.tsv:5: the column 'b' is empty");
        assert!(
            rows[1].number("a").unwrap_err().to_string().starts_with("t.tsv:5: 'y' in the column 'a' is no number")
        );
    }

    #[test]
    fn a_table_without_its_columns_is_refused() {
        let error = |text: &str| TableFile::new("t.tsv", text, &["b"]).unwrap_err().to_string();
        assert!(error("a\tb\n").starts_with("t.tsv:1: expected a line '# columns: "));
        assert!(error("# x\n# columns: a\n").starts_with("t.tsv:2: there is no column 'b'"));
        assert_eq!(TableFile::new("t.tsv", "", &["b"]).unwrap().rows().count(), 0);
    }
}
