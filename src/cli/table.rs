//! Plain tables on standard output.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, Table};
use namesake::visible::Visible;

/// A table without rules; the columns `right` are numbers.
pub fn new_table(header: &[&str], right: &[usize]) -> Table {
    let mut table = Table::new();
    table.load_preset(NOTHING).set_header(header);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 2));
        if right.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

/// The table as text, a line a row.
pub fn finish(table: &Table) -> String {
    let mut text = String::new();
    for line in table.lines() {
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// Adds a row. Its texts may come from documents that nobody has vetted: none of them can steer the terminal.
pub fn add_row<'a>(table: &mut Table, cells: impl IntoIterator<Item = &'a str>) {
    table.add_row(cells.into_iter().map(|text| Visible::one_line(text).to_string()));
}

/// A table of texts; columns of numbers alone are set to the right.
pub fn plain(header: &[String], rows: &[Vec<String>]) -> String {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    let numeric = |column: usize| rows.iter().all(|row| row[column].is_empty() || is_number(&row[column]));
    let right: Vec<usize> = (0..header.len()).filter(|column| numeric(*column)).collect();
    let mut table = new_table(&header.iter().map(String::as_str).collect::<Vec<_>>(), &right);
    for row in rows {
        add_row(&mut table, row.iter().map(String::as_str));
    }
    finish(&table)
}
