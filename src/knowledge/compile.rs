//! Lays the tables of the world out as one block ([`crate::sorted_table`]): for the program by the build script, for a user's own
//! tables when they are read. [`super::facts`] reads what comes out. Keys are folded names without blanks.

use crate::name::fold;
use crate::sorted_table::{Rows, lay_out};
use crate::table_file::{TableFile, TableFileError};

/// The tables of the block, in their order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WorldTable {
    /// Acronym: number of readings, tab, `expansion|kind|share` separated by `; `.
    Acronyms,
    /// Word: the cells of [`KINDS`], separated by tabs.
    Kinds,
    /// Company by short and by whole name: short name, whole name, tickers, parent, 1 if the name has an apostrophe; a line each.
    Companies,
    /// Symbol of a share: `exchange:short name` separated by `;`; the exchange may be missing.
    Tickers,
    /// Company: relation, `1` if it is the first of the two or `2`, the other, year; a line each.
    Relations,
    /// City: country, population, number of places of that name, share; a line each.
    Cities,
    /// Short form of a city's name: the name, tab, share; a line each.
    ShortPlaces,
}

/// The columns of `word_kinds.tsv` after the word.
pub(crate) const KINDS: [&str; 9] =
    ["given", "family", "country", "demonym", "region", "city_population", "company", "team", "common_word"];

/// The block for these tables; `read` gives the text of a file, an empty one if there is none.
pub(crate) fn compile<E: From<TableFileError>>(mut read: impl FnMut(&str) -> Result<String, E>) -> Result<Vec<u8>, E> {
    let mut tables: [Rows; 7] = Default::default();
    let [acronyms, kinds, companies, tickers, relations, cities, short_places] = &mut tables;
    add_acronyms(acronyms, &read("acronyms.tsv")?)?;
    add_kinds(kinds, &read("word_kinds.tsv")?)?;
    add_companies(companies, tickers, &read("companies.tsv")?)?;
    add_relations(relations, &read("company_relations.tsv")?)?;
    add_places(cities, short_places, &read("places.tsv")?)?;
    Ok(lay_out(&tables))
}

fn add_acronyms(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("acronyms.tsv", text, &["acronym", "list"])?;
    for row in table.rows() {
        let mut readings = Vec::new();
        for reading in row.text("list")?.split("; ") {
            // What stands between kind and share is not used: the country, an identifier.
            let mut cells = reading.split('|');
            let (Some(expansion), Some(kind), Some(share)) = (cells.next(), cells.next(), cells.next_back()) else {
                return Err(row.error(format!("'{reading}' in 'list' is not expansion|kind|…|share")));
            };
            row.read_number("list", share)?;
            readings.push(format!("{expansion}|{kind}|{share}"));
        }
        let known = row.number("readings")?.max(row.number("expansions")?).max(readings.len() as f64);
        let value = format!("{known}\t{}", readings.join("; "));
        rows.insert(fold(row.text("acronym")?), value.into_bytes());
    }
    Ok(())
}

fn add_kinds(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("word_kinds.tsv", text, &["word"])?;
    for row in table.rows() {
        for column in ["given", "family", "city_population"] {
            row.number(column)?;
        }
        let cells: Vec<&str> = KINDS.iter().map(|column| row.cell(column)).collect();
        rows.entry(fold(row.text("word")?)).or_insert_with(|| cells.join("\t").into_bytes());
    }
    Ok(())
}

fn add_companies(rows: &mut Rows, tickers: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("companies.tsv", text, &["name", "short_name"])?;
    for row in table.rows() {
        let name = row.text("name")?;
        let short = if row.cell("short_name").is_empty() { name } else { row.cell("short_name") };
        let cells = [short, name, row.cell("tickers"), row.cell("parent"), row.cell("possessive")].join("\t");
        append(rows, fold(short), &cells, b'\n');
        if fold(name) != fold(short) {
            append(rows, fold(name), &cells, b'\n');
        }
        for ticker in row.list("tickers") {
            let (exchange, symbol) = ticker.rsplit_once(':').unwrap_or(("", ticker));
            append(tickers, fold(symbol), &format!("{exchange}:{short}"), b';');
        }
    }
    Ok(())
}

fn add_relations(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("company_relations.tsv", text, &["relation", "name", "other"])?;
    for row in table.rows() {
        let relation = row.text("relation")?;
        if !["renamed", "subsidiary", "spun off", "distinct"].contains(&relation) {
            let reason = format!("'{relation}' in 'relation' is none of renamed, subsidiary, spun off, distinct");
            return Err(row.error(reason));
        }
        let (name, other, year) = (row.text("name")?, row.text("other")?, row.cell("year"));
        append(rows, fold(name), &format!("{relation}\t1\t{other}\t{year}"), b'\n');
        append(rows, fold(other), &format!("{relation}\t2\t{name}\t{year}"), b'\n');
    }
    Ok(())
}

fn add_places(rows: &mut Rows, short_forms: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("places.tsv", text, &["name", "population", "share"])?;
    for row in table.rows() {
        let name = row.text("name")?;
        for column in ["population", "share", "same_named"] {
            row.number(column)?;
        }
        let cells = ["country", "population", "same_named", "share"].map(|column| row.cell(column)).join("\t");
        append(rows, fold(name), &cells, b'\n');
        for form in row.list("short_forms") {
            let (short, share) = form.rsplit_once('=').unwrap_or((form, ""));
            row.read_number("short_forms", share)?;
            append(short_forms, fold(short), &format!("{name}\t{share}"), b'\n');
        }
    }
    Ok(())
}

/// Adds a part to a value of several.
fn append(rows: &mut Rows, key: String, part: &str, separator: u8) {
    if key.is_empty() {
        return;
    }
    let value = rows.entry(key).or_default();
    if !value.is_empty() {
        value.push(separator);
    }
    value.extend(part.as_bytes());
}
