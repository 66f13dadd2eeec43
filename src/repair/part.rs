//! What are two names, or a name and something else: compounds, lines of a list, coordinations, places side by side.

use super::page::{Edit, Names, Page};
use super::word::is_capital;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::name::{WordClass, fold, is_word};
use crate::view::is_compound_tail;

/// Joins inside one word.
const DASHES: [char; 5] = ['-', '–', '—', '‑', '/'];

/// "Leeds-based": the name alone.
pub(super) fn compounds(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, mention) in page.mentions.iter().enumerate() {
        let surface = page.surface(number);
        let chunk = page.chunk(Span::new(mention.span.end.saturating_sub(1).max(mention.span.start), mention.span.end));
        // The word in which the mention ends, which may go on behind it.
        let tail = page.text.get(mention.span.start..chunk.end).unwrap_or(surface);
        let Some((head, second)) = tail.rsplit_once(['-', '‑']).filter(|(head, _)| head.chars().count() > 1) else {
            continue;
        };
        let second = second.trim_end_matches(|c: char| !c.is_alphabetic());
        if !is_compound_tail(second) || head.is_empty() || mention.span.start + head.len() >= mention.span.end {
            continue;
        }
        let entity_type = match (mention.entity_type, page.known_type(head)) {
            (_, Some(known)) => known,
            (EntityType::Misc, None) if second == "based" => EntityType::Loc,
            (own, None) => own,
        };
        let span = Span::new(mention.span.start, mention.span.start + head.len());
        edits.push(Edit::one(number..number + 1, Mention { span, entity_type, score: mention.score }));
    }
    edits
}

/// Names in lines or columns of their own: the document has each apart, or nothing else stands in their lines.
pub(super) fn lines(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for number in 0..page.mentions.len() {
        let surface = page.surface(number);
        if !surface.contains(['\n', '\t', '|']) && !surface.contains("   ") {
            continue;
        }
        let cells = parts(surface, |rest| {
            let blank = rest.len() - rest.trim_start_matches([' ', '\t', '|']).len();
            let wide = blank > 2 || rest.get(..blank).is_some_and(|gap| gap.contains(['\t', '|']));
            if wide { blank } else { 0 }
        });
        if cells.len() > 1 {
            edits.push(page.parted(number, &cells));
            continue;
        }
        let cells = parts(surface, |rest| usize::from(rest.starts_with('\n')));
        let apart = cells.iter().all(|cell| page.names.get(cell).is_some());
        if cells.len() > 1 && (apart || is_list(page, page.mentions[number].span)) {
            edits.push(page.parted(number, &cells));
        }
    }
    edits
}

/// The stretches of a surface between separators; `separator` tells how long the one at the start of a text is.
fn parts(surface: &str, separator: impl Fn(&str) -> usize) -> Vec<&str> {
    let (mut parts, mut start, mut at) = (Vec::new(), 0, 0);
    while at < surface.len() {
        let length = surface.get(at..).map_or(0, &separator);
        if length > 0 {
            parts.push(surface.get(start..at).unwrap_or_default());
            start = at + length;
            at = start;
        } else {
            at += surface.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8);
        }
    }
    parts.push(surface.get(start..).unwrap_or_default());
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).collect()
}

/// Whether all lines of a mention have nothing but it, and a line before or behind is as short.
fn is_list(page: &Page<'_>, span: Span) -> bool {
    let (first, last) = (page.line(span.start), page.line(span.end));
    let alone = page.text.get(first.start..span.start).is_some_and(|left| left.trim().is_empty())
        && page.text.get(span.end..last.end).is_some_and(|right| right.trim().is_empty());
    let short = |line: &str| !line.trim().is_empty() && line.len() < 40 && is_capital(line.trim());
    let before = page.before(first.start).trim_end_matches('\n').rsplit('\n').next().is_some_and(short);
    let behind = page.after(last.end).strip_prefix('\n').and_then(|rest| rest.split('\n').next()).is_some_and(short);
    alone && before && behind
}

/// "Spirit and Opportunity", "Oslo-Bergen": two names, if the document has both apart.
pub(super) fn coordinations(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    // As the rules before have left them: the half of a firm is no name.
    let names = Names::of(page.text, page.mentions);
    for number in 0..page.mentions.len() {
        let surface = page.surface(number);
        // What an earlier rule joined is one.
        let Some((left, right, dash)) = halves(surface).filter(|_| page.names.get(surface).is_some()) else { continue };
        let place = |half: &str| page.known_type(half) == Some(EntityType::Loc);
        let own = page.mentions[number].entity_type;
        let words = names.get(left).is_some() && names.get(right).is_some();
        // "Arab-Israeli" and "Norvik-Moss" are one; a railway between two towns is none.
        let one = own == EntityType::Misc && (left.contains(' ') || right.contains(' '));
        let countries = is_country(page, left) && is_country(page, right);
        let towns = own == EntityType::Loc && place(left) && place(right) && !countries && !page.is_place(surface);
        let apart = if dash.is_some() { towns } else { words && !one };
        // No name has a long dash inside.
        let long = dash == Some('—') && is_capital(left) && is_capital(right);
        if apart || long {
            edits.push(page.parted(number, &[left, right]));
        }
    }
    edits
}

/// The two halves of a coordination, and the dash between them.
fn halves(surface: &str) -> Option<(&str, &str, Option<char>)> {
    let words = [" and ", " & ", " or ", " vs. ", " vs ", " - ", ", "];
    let by_word = words.into_iter().find_map(|word| surface.split_once(word).map(|(left, right)| (left, right, None)));
    let by_dash = || {
        let at = surface.find(DASHES)?;
        let dash = surface.get(at..)?.chars().next()?;
        Some((surface.get(..at)?, surface.get(at + dash.len_utf8()..)?, Some(dash)))
    };
    by_word.or_else(by_dash).filter(|(left, right, _)| !left.is_empty() && is_capital(right))
}

/// "Zurich Switzerland": a place and its country, if both are known as places, or the document has such pairs.
pub(super) fn places(page: &Page<'_>) -> Vec<Edit> {
    let pair = |number: usize| {
        let surface = page.surface(number);
        let (town, country) = surface.rsplit_once(' ')?;
        let fits = page.mentions[number].entity_type.is_known()
            && !surface.contains([',', '.', '-'])
            && !page.is_place(surface);
        (fits && is_country(page, country)).then_some((number, town, country))
    };
    let is_part = |word: &str| is_word(WordClass::Part, &fold(word));
    let is_town = |town: &str| !town.contains(' ') && !is_country(page, town) && !is_part(town);
    let known = |town: &str| is_town(town) && page.known_type(town) == Some(EntityType::Loc);
    let pairs: Vec<(usize, &str, &str)> = (0..page.mentions.len()).filter_map(pair).collect();
    let listed = pairs.iter().any(|(_, town, _)| known(town));
    let apart = |&&(number, town, _): &&(usize, &str, &str)| {
        known(town) || listed && page.mentions[number].entity_type == EntityType::Loc && is_town(town)
    };
    pairs.iter().filter(apart).map(|(number, town, country)| page.parted(*number, &[town, country])).collect()
}

/// Whether a form is that of a country; "China" and not "CN".
fn is_country(page: &Page<'_>, form: &str) -> bool {
    let id = |sense| page.world.entry(sense).and_then(|entry| entry.id.as_deref()?.strip_prefix("iso:"));
    form.len() > 3 && page.world.senses(form, &fold(form)).into_iter().filter_map(id).any(|code| code.len() == 2)
}

impl Page<'_> {
    /// Several mentions instead of one: of `parts` of its surface, each with the type by which it is known.
    fn parted(&self, number: usize, parts: &[&str]) -> Edit {
        let mention = &self.mentions[number];
        let surface = self.surface(number);
        let part = |part: &&str| {
            let start = mention.span.start + (part.as_ptr() as usize - surface.as_ptr() as usize);
            let entity_type = self.known_type(part).unwrap_or(mention.entity_type);
            Mention { span: Span::new(start, start + part.len()), entity_type, score: mention.score }
        };
        Edit { range: number..number + 1, with: parts.iter().map(part).collect() }
    }
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn of_a_compound_the_name_is_left() {
        mends(
            "the [MISC Leeds-based] firm and the [ORG Norvik-owned] yard of [ORG Norvik]",
            "the [LOC Leeds]-based firm and the [ORG Norvik]-owned yard of [ORG Norvik]",
        );
        keeps("[PER Anne-Marie Holt] of [ORG Rolls-Moss]");
    }

    #[test]
    fn lines_of_a_list_are_apart() {
        mends("[ORG Arden United   Norvik Town]\n", "[ORG Arden United]   [ORG Norvik Town]\n");
        mends(
            "Teams:\nThe Arden\n[ORG Arden United\nNorvik Town]\nMoss City\n",
            "Teams:\nThe Arden\n[ORG Arden United]\n[ORG Norvik Town]\nMoss City\n",
        );
        keeps("They met at the [ORG World\nTrade Organization] on Monday and left for home.");
    }

    #[test]
    fn two_names_are_parted() {
        mends(
            "[MISC Spirit and Opportunity] landed. [MISC Spirit] failed, [MISC Opportunity] went on.",
            "[MISC Spirit] and [MISC Opportunity] landed. [MISC Spirit] failed, [MISC Opportunity] went on.",
        );
        mends(
            "The [LOC Oslo-Bergen] line is closed to [LOC Oslo] and [LOC Bergen].",
            "The [LOC Oslo]-[LOC Bergen] line is closed to [LOC Oslo] and [LOC Bergen].",
        );
        mends("[LOC Plymouth—Arden], the Orion", "[LOC Plymouth]—[LOC Arden], the Orion");
        keeps("[ORG Department of Energy and Mines], [LOC Guinea-Bissau], [PER Anna Holt-Moss]");
    }

    #[test]
    fn a_place_and_its_country_are_two() {
        mends(
            "[LOC Zurich Switzerland]\n[LOC Arden Ireland]\n[LOC Zurich] and [LOC New Zealand], [LOC Northern Ireland]",
            "[LOC Zurich] [LOC Switzerland]\n[LOC Arden] [LOC Ireland]\n[LOC Zurich] and [LOC New Zealand], [LOC Northern Ireland]",
        );
        keeps("[ORG Air France] and [LOC South Korea]");
    }
}
