//! Tables for people: for each document a heading and its entities, as wide as the terminal and no wider.
//!
//! Names come from texts that nobody has vetted, so control characters are shown, not sent.

use super::namesake::fitting;
use super::{DocumentWriter, Losses, OutputError, OutputOptions};
use crate::annotation::AnnotatedDocument;
use crate::entity::Entity;
use crate::entity_type::EntityType;
use crate::facts::facts;
use crate::number::grouped;
use crate::visible::Visible;
use anstyle::{AnsiColor, Style};
use std::io::Write;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Narrower terminals get this width all the same: the table needs room for a few letters of every name.
const NARROWEST: usize = 32;
/// Wider lines are hard to read across.
const WIDEST: usize = 160;
/// Columns between two columns.
const GAP: usize = 2;
/// Width of a type that is one of the four.
const TYPE: usize = 4;
/// A longer label is cut.
const LONGEST_TYPE: usize = 16;
/// Room for type (`MISC`), count (`COUNT`), score (`SCORE`), each with its gap.
const FIGURES: usize = TYPE + 5 + 5 + 3 * GAP;
/// The aliases get a column of their own where this much is left for them; else they stand on a line below the name.
const ALIASES_BESIDE: usize = 24;
/// On terminals at least this wide the ids of corpus entities get a column, where entities have them.
const WITH_IDS: usize = 60;
/// Lines that the aliases of one entity may take before they are cut.
const ALIAS_LINES: usize = 2;

const HEADING: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();

/// Writes a table a document.
#[derive(Debug)]
pub(super) struct PrettyWriter {
    colour: bool,
    width: usize,
    begun: bool,
}

impl PrettyWriter {
    pub(super) fn new(options: &OutputOptions) -> Self {
        Self { colour: options.colour, width: options.width.clamp(NARROWEST, WIDEST), begun: false }
    }
}

impl DocumentWriter for PrettyWriter {
    fn document(
        &mut self,
        annotated: &AnnotatedDocument,
        out: &mut dyn Write,
        losses: &mut Losses,
    ) -> Result<(), OutputError> {
        let annotated = &*fitting(annotated, losses);
        if self.begun {
            writeln!(out)?;
        }
        self.begun = true;
        self.heading(annotated, out)?;
        if !annotated.entities.is_empty() {
            let columns = Columns::fit(self.width, &annotated.entities);
            self.head(&columns, out)?;
            for entity in &annotated.entities {
                self.row(entity, &columns, out)?;
                for line in notes(annotated, entity).iter().flat_map(|note| wrap(note, self.width - 2 * GAP)) {
                    writeln!(out, "{}{}", " ".repeat(2 * GAP), self.paint(FAINT, &line))?;
                }
            }
        }
        Ok(())
    }
}

/// Where the columns of one table stand.
struct Columns {
    /// Width of the types.
    kind: usize,
    /// Width of the corpus ids, 0 for no such column.
    id: usize,
    name: usize,
    /// Width of the alias column, or of the alias lines below the names.
    aliases: usize,
    beside: bool,
}

impl Columns {
    fn fit(width: usize, entities: &[Entity]) -> Self {
        let kind = entities.iter().map(|entity| entity.entity_type.label().width()).max().unwrap_or_default();
        let kind = kind.clamp(TYPE, LONGEST_TYPE.min(TYPE + width - NARROWEST));
        let width = width - (kind - TYPE);
        let longest = entities.iter().map(|entity| one_line(&entity.name).width()).max().unwrap_or_default();
        let ids = entities.iter().filter_map(|entity| Some(entity.corpus_id.as_ref()?.width()));
        let id = ids.max().filter(|_| width >= WITH_IDS).unwrap_or_default();
        let width = if id > 0 { width - (id + GAP).min(WITH_IDS / 3) } else { width };
        let beside = width >= FIGURES + GAP + ALIASES_BESIDE + 16;
        // Beside aliases a name may take half of what is left, above them all of it.
        let room = if beside { (width - FIGURES - GAP) / 2 } else { width - FIGURES };
        let name = longest.clamp("NAME".len(), room);
        let aliases = if beside { width - FIGURES - GAP - name } else { width - GAP };
        Self { kind, id: id.min(WITH_IDS / 3 - GAP), name, aliases, beside }
    }
}

impl PrettyWriter {
    fn heading(&self, annotated: &AnnotatedDocument, out: &mut dyn Write) -> Result<(), OutputError> {
        let facts = cut(&facts(annotated), self.width);
        let id = one_line(&annotated.document.id);
        let beside = self.width.saturating_sub(facts.width() + GAP);
        // A long id on a narrow terminal keeps a line of its own; its end says more than its beginning.
        if id.width() <= beside {
            writeln!(out, "{}  {}", self.paint(HEADING, &id), self.paint(FAINT, &facts))?;
        } else {
            writeln!(out, "{}\n{}", self.paint(HEADING, &cut_front(&id, self.width)), self.paint(FAINT, &facts))?;
        }
        Ok(())
    }

    fn head(&self, columns: &Columns, out: &mut dyn Write) -> Result<(), OutputError> {
        let gap = " ".repeat(GAP);
        let id = if columns.id > 0 { pad("ID", columns.id) + &gap } else { String::new() };
        let (name, kind) = (pad("NAME", columns.name), pad("TYPE", columns.kind));
        let mut head = format!("{id}{name}{gap}{kind}{gap}COUNT{gap}SCORE");
        if columns.beside {
            head.push_str(&gap);
            head.push_str("ALIASES");
        }
        writeln!(out, "{}", self.paint(FAINT, &head))?;
        Ok(())
    }

    fn row(&self, entity: &Entity, columns: &Columns, out: &mut dyn Write) -> Result<(), OutputError> {
        let name = pad(&cut(&one_line(&entity.name), columns.name), columns.name);
        let kind = pad(&cut(entity.entity_type.label(), columns.kind), columns.kind);
        let gap = " ".repeat(GAP);
        let count = cut(&grouped(entity.mentions.len()), 5);
        if columns.id > 0 {
            let id = entity.corpus_id.as_deref().unwrap_or_default();
            write!(out, "{}{gap}", self.paint(FAINT, &pad(&cut(&one_line(id), columns.id), columns.id)))?;
        }
        write!(
            out,
            "{}{gap}{}{gap}{count:>5}{gap}{:>5.2}",
            self.paint(HEADING, &name),
            self.paint(hue(entity.entity_type), &kind),
            entity.score
        )?;
        let mut lines = alias_lines(entity, columns.aliases).into_iter().peekable();
        if let Some(line) = lines.next_if(|_| columns.beside) {
            write!(out, "{gap}{line}")?;
        }
        writeln!(out)?;
        let before = if columns.id > 0 { columns.id + GAP } else { 0 };
        let indent = before + if columns.beside { columns.name + FIGURES - TYPE + columns.kind + GAP } else { GAP };
        for line in lines {
            let line = if columns.beside { line } else { self.paint(FAINT, &line) };
            writeln!(out, "{}{line}", " ".repeat(indent))?;
        }
        Ok(())
    }

    fn paint(&self, style: Style, text: &str) -> String {
        if self.colour { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}

/// The same families of hue as on the HTML page.
fn hue(entity_type: EntityType) -> Style {
    let colour = match entity_type {
        EntityType::Per => AnsiColor::Blue,
        EntityType::Org => AnsiColor::Yellow,
        EntityType::Loc => AnsiColor::Green,
        EntityType::Misc => AnsiColor::Magenta,
        EntityType::Own(own) => {
            own.pick([AnsiColor::Cyan, AnsiColor::Red, AnsiColor::BrightCyan, AnsiColor::BrightRed])
        }
    };
    colour.on_default()
}

/// The aliases other than the name itself, with counts, in at most [`ALIAS_LINES`] lines; what does not fit is counted.
fn alias_lines(entity: &Entity, width: usize) -> Vec<String> {
    let others: Vec<String> = entity
        .aliases
        .iter()
        .filter(|alias| alias.text != entity.name)
        .map(|alias| {
            let text = one_line(&alias.text);
            if alias.count > 1 { format!("{text} ×{}", alias.count) } else { text }
        })
        .collect();
    let mut lines: Vec<String> = Vec::new();
    for (nth, other) in others.iter().enumerate() {
        let rest = others.len() - nth;
        // Room that must stay for saying how many follow; the last one needs none.
        let reserve = if rest > 1 { more(rest - 1).width() } else { 0 };
        let last_line = lines.len() >= ALIAS_LINES;
        match lines.last_mut() {
            Some(line) if line.width() + 2 + other.width() + if last_line { reserve } else { 1 } <= width => {
                line.push_str(", ");
                line.push_str(other);
            }
            Some(line) if last_line => {
                line.push_str(&more(rest));
                return lines;
            }
            Some(line) => {
                line.push(',');
                lines.push(cut(other, width.saturating_sub(reserve)));
            }
            None => lines.push(cut(other, width.saturating_sub(reserve))),
        }
    }
    lines
}

/// What stands for `number` aliases that found no room.
fn more(number: usize) -> String {
    format!(", … +{number}")
}

/// Why each mention of an entity belongs to it and what the text says of it and others, where somebody asked for reasons.
fn notes(annotated: &AnnotatedDocument, entity: &Entity) -> Vec<String> {
    let why = |&mention: &usize| {
        let surface = annotated.mentions.get(mention)?.span.of(annotated.text());
        Some(format!("{}: {}", one_line(surface), one_line(&annotated.why(mention)?.sentence())))
    };
    let mut notes: Vec<String> = entity.mentions.iter().filter_map(why).collect();
    if !notes.is_empty() {
        notes.extend(entity.relations.iter().map(|relation| one_line(&annotated.relation_words(relation))));
    }
    notes
}

/// `text` in lines of at most `width` columns, the second and later ones indented.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let indent = if lines.is_empty() { "" } else { "  " };
        match lines.last_mut() {
            Some(line) if line.width() + 1 + word.width() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(cut(&format!("{indent}{word}"), width)),
        }
    }
    lines
}

fn one_line(text: &str) -> String {
    Visible::one_line(text).to_string()
}

/// `text` in at most `width` columns, its end cut off if need be.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut kept = String::new();
    for cluster in text.graphemes(true) {
        if kept.width() + cluster.width() + 1 > width {
            break;
        }
        kept.push_str(cluster);
    }
    kept.truncate(kept.trim_end().len());
    kept.push('…');
    kept
}

/// `text` in at most `width` columns, its beginning cut off if need be.
fn cut_front(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut from = text.len();
    for (at, _) in text.grapheme_indices(true).rev() {
        if text.get(at..).unwrap_or_default().width() + 1 > width {
            break;
        }
        from = at;
    }
    format!("…{}", text.get(from..).unwrap_or_default())
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;
    use proptest::prelude::*;

    fn pretty(documents: &[AnnotatedDocument], options: &OutputOptions) -> String {
        let mut bytes = Vec::new();
        let mut writer = PrettyWriter::new(options);
        for annotated in documents {
            writer.document(annotated, &mut bytes, &mut Losses::default()).unwrap();
        }
        String::from_utf8(bytes).unwrap()
    }

    fn everything() -> Vec<AnnotatedDocument> {
        vec![samples::shared_surname(), samples::empty(), samples::wide(), samples::hostile()]
    }

    #[test]
    fn narrow() {
        insta::assert_snapshot!(pretty(&everything(), &OutputOptions::new().with_width(40)));
    }

    #[test]
    fn usual() {
        insta::assert_snapshot!(pretty(&everything(), &OutputOptions::new().with_width(80)));
    }

    #[test]
    fn broad() {
        insta::assert_snapshot!(pretty(&everything(), &OutputOptions::new().with_width(200)));
    }

    #[test]
    fn coloured() {
        let options = OutputOptions::new().with_width(80).with_colour(true);
        insta::assert_snapshot!(pretty(&[samples::shared_surname()], &options).replace('\u{1b}', "␛"));
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_the_terminal_nor_steers_it(
            annotated in samples::any_document(), width in 32..180_usize
        ) {
            for line in pretty(&[annotated], &OutputOptions::new().with_width(width)).lines() {
                prop_assert!(line.width() <= width, "{} > {width}: {line:?}", line.width());
                prop_assert!(!line.contains(char::is_control));
            }
        }
    }
}
