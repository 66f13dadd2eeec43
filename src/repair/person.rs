//! Where people's names begin and end: signs, nicknames, initials, particles, generations, titles.

use super::page::{Edit, Page};
use super::word::{is_capital, is_initials};
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::name::{WordClass, fold, honorific, is_given, is_word};

/// Cuts quotation marks and brackets of which only one stands in the mention, and signs at its ends.
pub(super) fn signs(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for number in 0..page.mentions.len() {
        let span = page.mentions[number].span;
        let surface = page.surface(number);
        let mut cut = surface;
        loop {
            let before = cut;
            cut = cut.trim_matches(|c: char| {
                c.is_whitespace()
                    || matches!(c, ',' | ';' | ':' | '/' | '|' | '*' | '<' | '>' | '~' | '=' | '•' | '–' | '—')
            });
            cut = cut.trim_end_matches(['&', '-', '(']).trim_start_matches(['-', ')']);
            for (open, close) in [('"', '"'), ('“', '”'), ('(', ')'), ('[', ']'), ('«', '»')] {
                let single = if open == close {
                    cut.matches(open).count() == 1
                } else {
                    cut.matches(open).count() != cut.matches(close).count()
                };
                if single {
                    cut = cut.strip_prefix(open).or_else(|| cut.strip_suffix(close)).unwrap_or(cut);
                    cut = cut.strip_suffix(open).unwrap_or(cut);
                }
            }
            if cut.len() == before.len() {
                break;
            }
        }
        if !cut.is_empty() && cut.len() < surface.len() {
            let start = span.start + (cut.as_ptr() as usize - surface.as_ptr() as usize);
            edits.push(page.moved(number, Span::new(start, start + cut.len())));
        }
    }
    edits
}

/// Joins `James "Teddy" Holt`, `James (Teddy) Holt`.
pub(super) fn nicknames(page: &Page<'_>) -> Vec<Edit> {
    let is_person =
        |number: usize| page.mentions.get(number).is_some_and(|mention| mention.entity_type == EntityType::Per);
    let mut edits = Vec::new();
    for number in (0..page.mentions.len()).filter(|&number| is_person(number)) {
        let start = page.mentions[number].span.start;
        let end = page.mentions[number].span.end;
        let rest = page.after(end);
        let Some((close, inside)) =
            [('"', " \""), ('”', " “")].into_iter().find_map(|(close, open)| Some((close, rest.strip_prefix(open)?)))
        else {
            continue;
        };
        let Some((nick, behind)) = inside.split_once(close) else { continue };
        let words = nick.split(' ').count();
        let Some(family) = behind.strip_prefix(' ').filter(|family| is_capital(family)) else { continue };
        if words > 2 || !is_capital(nick) || !nick.chars().all(|c| c.is_alphabetic() || " -.'’".contains(c)) {
            continue;
        }
        let at = end + (family.as_ptr() as usize - rest.as_ptr() as usize);
        let last = page
            .mentions
            .get(page.overlapping(Span::new(at, at + 1)).start)
            .filter(|last| last.span.start == at && last.entity_type == EntityType::Per);
        if let Some(last) = last {
            edits.extend(page.joined(Span::new(start, last.span.end), EntityType::Per));
        }
    }
    edits
}

/// Takes initials before a name in, and joins the parts of a name that was cut behind one.
pub(super) fn initials(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, mention) in page.mentions.iter().enumerate() {
        if mention.entity_type != EntityType::Per {
            continue;
        }
        let mut start = mention.span.start;
        let floor = number.checked_sub(1).map_or(0, |before| page.mentions[before].span.end);
        while let Some(before) =
            page.text.get(floor.max(start.saturating_sub(12))..start).and_then(|before| before.strip_suffix(' '))
        {
            let word = before.rsplit([' ', '\n', '(', '"', '“']).next().unwrap_or_default();
            if !word.ends_with('.') || !is_initials(word) {
                break;
            }
            start -= 1 + word.len();
        }
        // "… of the U.S. Holt said": capitals with dots may be another name, and an "I." a number.
        let taken = page.text.get(start..mention.span.start).unwrap_or_default();
        if start < mention.span.start
            && taken.split(' ').all(|word| word.chars().filter(|c| c.is_alphabetic()).count() < 2 || word.is_empty())
        {
            edits.push(page.moved(number, Span::new(start, mention.span.end)));
            continue;
        }
        let last = page.surface(number).rsplit(' ').next().unwrap_or_default();
        let next = page.mentions.get(number + 1).filter(|next| next.entity_type == EntityType::Per);
        if let Some(next) = next
            && is_initials(last)
            && last.ends_with('.')
            && page.surface(number).contains(' ')
            && page.gap(number).is_some_and(|gap| matches!(gap, " " | "\n"))
            && !page.surface(number + 1).contains(' ')
        {
            edits.extend(page.joined(Span::new(mention.span.start, next.span.end), EntityType::Per));
        }
    }
    edits
}

/// Joins a particle that was taken for a name with the name behind it: "De la" and "Cruz".
pub(super) fn particles(page: &Page<'_>) -> Vec<Edit> {
    let is_person = |number: usize| page.mentions[number].entity_type == EntityType::Per;
    let ends_so = |number: &usize| {
        let last = page.surface(*number).rsplit([' ', '\n']).next().unwrap_or_default();
        is_word(WordClass::Particle, &fold(last)) && page.gap(*number).is_some_and(|gap| matches!(gap, " " | "\n")) && is_person(*number) && is_person(number + 1)
            // A given name that is also a particle stands alone.
            && (page.surface(*number).contains(' ') || !is_given(&fold(last)))
    };
    let whole = |number: usize| {
        page.joined(Span::new(page.mentions[number].span.start, page.mentions[number + 1].span.end), EntityType::Per)
    };
    (0..page.mentions.len()).filter(ends_so).filter_map(whole).collect()
}

/// Takes "Jr.", "Sr." and "III" behind a person's name in.
pub(super) fn generations(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for mention in page.mentions.iter().filter(|mention| mention.entity_type == EntityType::Per) {
        let rest = page.after(mention.span.end);
        let bare = rest.strip_prefix(',').unwrap_or(rest);
        let Some(bare) = bare.strip_prefix([' ', '\n']) else { continue };
        let word = bare
            .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | ')' | '\'' | '’' | '"' | '”'))
            .next()
            .unwrap_or_default();
        let (stem, stop) = word.strip_suffix('.').map_or((word, 0), |stem| (stem, 1));
        let short = matches!(stem, "Jr" | "Sr" | "Jnr" | "Snr" | "JR" | "SR");
        let number =
            matches!(stem, "II" | "III" | "IV") && mention.span.of(page.text).contains(' ') && !rest.starts_with(',');
        if short || number {
            let end = mention.span.end + (rest.len() - bare.len()) + stem.len() + if short { stop } else { 0 };
            let span = Span::new(mention.span.start, end);
            // "Jr. Airport" is another name.
            let inside = page.mentions[page.overlapping(span)].iter().all(|other| other.span.end <= end);
            edits.extend(page.joined(span, EntityType::Per).filter(|_| inside));
        }
    }
    edits
}

/// Cuts titles before a person's name: "Dr. Li Na", "Mr Holt". Rulers keep theirs: "King Abdullah".
pub(super) fn titles(page: &Page<'_>) -> Vec<Edit> {
    let mut edits = Vec::new();
    for (number, mention) in page.mentions.iter().enumerate() {
        if mention.entity_type != EntityType::Per {
            continue;
        }
        let surface = page.surface(number);
        let mut rest = surface;
        while let Some((first, tail)) = rest.split_once([' ', '\n']) {
            let folded = fold(first);
            let ruler = matches!(
                folded.as_str(),
                "king"
                    | "queen"
                    | "pope"
                    | "prince"
                    | "princess"
                    | "emperor"
                    | "empress"
                    | "saint"
                    | "miss"
                    | "lady"
                    | "lord"
                    | "sir"
                    | "dame"
                    | "sheikh"
                    | "sheik"
                    | "crown"
                    | "don"
                    | "father"
                    | "brother"
                    | "sister"
                    | "mother"
                    | "frau"
                    | "countess"
                    | "count"
                    | "duke"
                    | "duchess"
                    | "baron"
                    | "baroness"
            );
            let title = honorific(&folded).is_some() && !ruler && (first.ends_with('.') || !is_given(&folded));
            if !title || !is_capital(tail) {
                break;
            }
            rest = tail;
        }
        if rest.len() < surface.len() {
            let start = mention.span.end - rest.len();
            edits.push(page.moved(number, Span::new(start, mention.span.end)));
        }
    }
    edits
}

#[cfg(test)]
mod tests {
    use crate::repair::testing::{keeps, mends};

    #[test]
    fn single_signs_are_cut() {
        mends("[PER James \"] of [ORG (Norvik] | [PER Holt,]", "[PER James] \" of ([ORG Norvik] | [PER Holt],");
        keeps("[PER James \"Ted\" Holt] of [ORG Norvik (Leeds)]");
    }

    #[test]
    fn a_nickname_stands_inside_the_name() {
        mends("[PER James Theodore \"][PER Teddy]\" [PER Holt] grew up", "[PER James Theodore \"Teddy\" Holt] grew up");
        keeps("[PER James] \"never\" met [PER Holt]");
    }

    #[test]
    fn initials_belong_to_the_name() {
        mends(
            "by L. L. [PER Moss] and [PER Edgar F.] [PER Coddington]",
            "by [PER L. L. Moss] and [PER Edgar F. Coddington]",
        );
        keeps("in the [LOC U.S.] [PER Holt] spoke. Section A. [ORG Norvik]");
    }

    #[test]
    fn particles_belong_to_the_name_behind() {
        mends("Ms [PER De la] [PER Cruz Benítez] came", "Ms [PER De la Cruz Benítez] came");
    }

    #[test]
    fn generations_belong_to_the_name() {
        mends(
            "[PER Jaren Moss], Jr., and [PER Henry Long] III met [PER Moss] Sr.",
            "[PER Jaren Moss, Jr.], and [PER Henry Long III] met [PER Moss Sr.]",
        );
    }

    #[test]
    fn titles_are_no_part_of_the_name() {
        mends(
            "[PER Dr. Li Na] and [PER Mr Holt] met [PER King Abdullah] and [PER Prince Fielder]",
            "Dr. [PER Li Na] and Mr [PER Holt] met [PER King Abdullah] and [PER Prince Fielder]",
        );
    }
}
