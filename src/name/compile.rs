//! Lays the tables of names in `models/world/` out as one block ([`crate::sorted_table`]). The build script does it; [`super::known`]
//! reads what comes out.

use super::fold::fold;
use crate::sorted_table::{Rows, count_byte, lay_out};
use crate::table_file::{TableFile, TableFileError};

/// The tables of the block, in their order.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NameTable {
    /// Bearers (a [`count_byte`]), share of them for whom the word is the given name (of 255), gender (`f`, `m`, `-`).
    Given,
    /// Bearers (a [`count_byte`]), per cent of them with Spanish names where 70 or more.
    Family,
    /// Share (of 255) of those for whom the word is the family name; `f` if it stands first as a rule, else `-`.
    Leading,
    /// Short form of a given name: `full name:people:s` (`s` if the pair is sure, else nothing), separated by `;`; a full name is its
    /// own short form.
    Nicknames,
    /// Latin spelling of an Arabic or Cyrillic word: number of the word (two bytes) and a [`count_byte`], again and again.
    Variants,
    /// Small word of family names: `y`, `r` or `n`, as it is often, rarely or never a given name.
    Particles,
}

/// Bearers of a name for each use of it among the well-known people of Wikidata.
const BEARERS_PER_USE: f64 = 500.0;

/// A family name of lists stands first as a rule if it is hardly ever a given name, and common.
const SURELY_FAMILY: f64 = 0.95;
const COMMON: f64 = 1000.0;

/// People from whom on a short form is sure to belong to a given name, where a list has the pair too.
const OFTEN: f64 = 10.0;

/// The block for these tables; `read` gives the text of a file.
pub(crate) fn compile<E: From<TableFileError>>(mut read: impl FnMut(&str) -> Result<String, E>) -> Result<Vec<u8>, E> {
    let mut tables: [Rows; 6] = Default::default();
    let [given, family, leading, nicknames, variants, particles] = &mut tables;
    add_given(given, &read("given_names.tsv")?)?;
    add_family(family, &read("family_names.tsv")?)?;
    add_leading(leading, &read("leading_families.tsv")?)?;
    add_nicknames(nicknames, &read("nicknames.tsv")?)?;
    add_variants(variants, &read("name_variants.tsv")?, &read("famous_spellings.tsv")?)?;
    add_particles(particles, &read("particles.tsv")?)?;
    Ok(lay_out(&tables))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of people")]
fn count(number: f64) -> u8 {
    count_byte(number as u64)
}

/// A share from 0 to 1 as a byte.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 255")]
fn share(share: f64) -> u8 {
    (share * 255.0).round().clamp(0.0, 255.0) as u8
}

fn add_given(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("given_names.tsv", text, &["name", "share_female", "us_census_2020"])?;
    for row in table.rows() {
        let famous = BEARERS_PER_USE * row.number("wikidata_first")?;
        let given = row.number("us_census_2020")?.max(famous).max(row.number("register_first")?).max(1.0);
        let family = row.number("us_family_2020")?;
        let gender = match row.cell("share_female") {
            // Where another country gives the name to the other sex, it tells nothing.
            "" => b'-',
            _ if !row.cell("other_sex_in").is_empty() => b'-',
            female => match row.read_number("share_female", female)? {
                female if female >= 0.9 => b'f',
                female if female <= 0.1 => b'm',
                _ => b'-',
            },
        };
        // The commoner of two names that are equal when folded stands first: "Ian", not "I-An".
        let known = vec![count(given), share(given / (given + family)), gender];
        rows.entry(fold(row.text("name")?)).or_insert(known);
    }
    Ok(())
}

fn add_family(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("family_names.tsv", text, &["name", "us_census_2020"])?;
    for row in table.rows() {
        let mut bearers = row.number("us_census_2020")?.max(BEARERS_PER_USE * row.number("wikidata_last")?);
        // "JP=1887000": a country and the bearers there.
        for part in row.list("count_elsewhere") {
            let people = part.rsplit_once('=').map_or(part, |(_, people)| people);
            bearers = bearers.max(row.read_number("count_elsewhere", people)?);
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a percentage")]
        let spanish = row.number("us_pct_hispanic")?.min(100.0) as u8;
        rows.insert(fold(row.text("name")?), vec![count(bearers), spanish]);
    }
    Ok(())
}

fn add_leading(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("leading_families.tsv", text, &["name", "share_family", "countries", "in_world"])?;
    for row in table.rows() {
        let family = row.number("share_family")?;
        let listed = !row.cell("countries").is_empty() && family >= SURELY_FAMILY && row.number("us_family")? >= COMMON;
        let first = row.cell("in_world") == "1" || listed;
        let value = vec![share(family), if first { b'f' } else { b'-' }];
        for form in std::iter::once(row.text("name")?).chain(row.list("other_forms")) {
            rows.entry(fold(form)).or_insert_with(|| value.clone());
        }
    }
    Ok(())
}

fn add_nicknames(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("nicknames.tsv", text, &["given", "short_forms"])?;
    for row in table.rows() {
        let given = row.text("given")?;
        let full = if given == "*" { given.to_owned() } else { fold(given) };
        append(rows, full.clone(), &format!("{full}::s"), b';');
        for form in row.list("short_forms") {
            let mut parts = form.split(':');
            let short = fold(parts.next().unwrap_or_default());
            let people = parts.next().unwrap_or_default();
            let sources: Vec<&str> = parts.next().unwrap_or_default().split('+').collect();
            let often = row.read_number("short_forms", people)? >= OFTEN && sources.len() > 1;
            let sure = given != "*" && (often || sources.contains(&"namesake"));
            if !short.is_empty() && short != full {
                append(rows, short, &format!("{full}:{people}:{}", if sure { "s" } else { "" }), b';');
            }
        }
    }
    Ok(())
}

fn add_variants(rows: &mut Rows, text: &str, famous: &str) -> Result<(), TableFileError> {
    let mut words = 0_u16;
    let mut add = |spellings: Vec<(String, f64)>| {
        for (spelling, people) in spellings.into_iter().filter(|(spelling, _)| !spelling.is_empty()) {
            let value = rows.entry(spelling).or_default();
            value.extend(words.to_le_bytes());
            value.push(count(people));
        }
        words = words.saturating_add(1);
    };
    let table = TableFile::new("name_variants.tsv", text, &["latin_spellings"])?;
    for row in table.rows() {
        let mut spellings = Vec::new();
        for part in row.text("latin_spellings")?.split(' ') {
            let (spelling, people) = part.rsplit_once('=').unwrap_or((part, ""));
            spellings.push((fold(spelling), row.read_number("latin_spellings", people)?));
        }
        add(spellings);
    }
    let table = TableFile::new("famous_spellings.tsv", famous, &["name", "other_spellings"])?;
    for row in table.rows() {
        let all = std::iter::once(row.text("name")?).chain(row.list("other_spellings"));
        // Known all over the world, so as good as a hundred people.
        add(all.map(|spelling| (fold(spelling), 100.0)).collect());
    }
    Ok(())
}

fn add_particles(rows: &mut Rows, text: &str) -> Result<(), TableFileError> {
    let table = TableFile::new("particles.tsv", text, &["word", "can_be_given_name"])?;
    for row in table.rows() {
        let often = match row.cell("can_be_given_name") {
            "yes" => b'y',
            "rare" => b'r',
            "no" => b'n',
            other => return Err(row.error(format!("'{other}' in 'can_be_given_name' is none of yes, rare, no"))),
        };
        rows.insert(fold(row.text("word")?), vec![often]);
    }
    Ok(())
}

/// Adds a part to a value of several.
fn append(rows: &mut Rows, key: String, part: &str, separator: u8) {
    let value = rows.entry(key).or_default();
    if !value.is_empty() {
        value.push(separator);
    }
    value.extend(part.as_bytes());
}
