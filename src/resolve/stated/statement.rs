//! What the words between two names state of them: that they are one's, that one is a part of the other, that they are two.

use super::definition::brackets;
use crate::entity_type::EntityType;
use crate::mention::Mention;
use crate::name::{WordClass, is_word};
use crate::resolve::cue::{Cue, is_cue, phrases};
use std::collections::HashMap;
use std::sync::LazyLock;

/// What is stated of two names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Claim {
    /// Two names of one: "also known as".
    AlsoKnown,
    /// The first is the name today, the second was it before: "formerly".
    Formerly,
    /// The first is the name of one person after a marriage, the second the one before: "née".
    Born,
    /// The first is a part or subsidiary of the second.
    PartOf,
    /// They are two, however much they look alike: "owns a stake in".
    Distinct,
}

impl Claim {
    /// Whether both names are one's.
    pub(crate) const fn is_identity(self) -> bool {
        matches!(self, Self::AlsoKnown | Self::Formerly | Self::Born)
    }
}

/// A claim about two mentions, by their number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Statement {
    pub(crate) claim: Claim,
    pub(crate) first: usize,
    pub(crate) second: usize,
}

impl Statement {
    /// The other mention of the claim.
    pub(crate) const fn partner_of(self, mention: usize) -> Option<usize> {
        if self.first == mention {
            Some(self.second)
        } else if self.second == mention {
            Some(self.first)
        } else {
            None
        }
    }
}

/// Longest text between two names that is read, in bytes.
const GAP: usize = 110;

/// Words that may stand between a name and the cue after it.
const LEAD: usize = 9;

/// Words that may stand between a cue and the name after it, where they describe it ("a unit of the Norwegian shipper").
const DESCRIPTION: usize = 3;

/// The statements about neighbouring mentions.
pub(super) fn statements(text: &str, mentions: &[Mention]) -> Vec<Statement> {
    let mut found: Vec<Statement> = (1..mentions.len())
        .filter_map(|right| {
            let near = state(text, mentions, right - 1, right);
            // "Corvid of Oslo, a unit of Norvik": what stands between is neither firm.
            near.or_else(|| {
                state(text, mentions, right.checked_sub(2)?, right).filter(|found| !found.claim.is_identity())
            })
        })
        .collect();
    found.extend(tickers(text, mentions));
    found
}

fn state(text: &str, mentions: &[Mention], left: usize, right: usize) -> Option<Statement> {
    let (one, other) = (&mentions[left], &mentions[right]);
    let raw = text.get(one.span.end..other.span.start).filter(|gap| gap.len() <= GAP)?;
    let after = text.get(other.span.end..).unwrap_or_default();
    let gap = Gap::read(raw, after);
    let claim = gap.claim()?;
    // "York is known as England's city of festivals".
    if claim == Found::Other && ["'s ", "’s "].iter().any(|ending| after.starts_with(ending)) {
        return None;
    }
    let (claim, first, second) = match claim {
        Found::Part => (Claim::PartOf, left, right),
        Found::Whole => (Claim::PartOf, right, left),
        Found::Old => (Claim::Formerly, left, right),
        Found::New => (Claim::Formerly, right, left),
        Found::Born => (Claim::Born, left, right),
        Found::Other => (Claim::AlsoKnown, left, right),
        Found::Distinct => (Claim::Distinct, left, right),
    };
    // "The desert south of Antioch, known as the Thebaid": a place is often named to say where another lies.
    let described =
        claim == Claim::AlsoKnown && other.entity_type == EntityType::Loc && gap.lower.starts_with(", known");
    (fits(claim, one.entity_type, other.entity_type) && !described).then_some(Statement { claim, first, second })
}

/// Whether things of these types can be so related.
fn fits(claim: Claim, one: EntityType, other: EntityType) -> bool {
    use EntityType::{Misc, Org, Per};
    match claim {
        Claim::PartOf | Claim::Distinct => {
            let firm = |kind| matches!(kind, Org | Misc);
            firm(one) && firm(other) && (one == Org || other == Org)
        }
        Claim::Born => one == Per && other == Per,
        Claim::AlsoKnown | Claim::Formerly => one == other || [one, other].contains(&Misc),
    }
}

/// What a cue says of the names before and behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Found {
    /// The one before is a part of the one behind.
    Part,
    /// The one behind is a part of the one before.
    Whole,
    /// The one behind is the former name.
    Old,
    /// The one behind is the present name.
    New,
    /// The one behind is the name at birth.
    Born,
    /// The one behind is another name.
    Other,
    /// They are two.
    Distinct,
}

/// The words of a phrase, and what it states.
type Phrase = (Vec<&'static str>, Found);

/// Cues by their last word, the longest first.
static BY_LAST_WORD: LazyLock<HashMap<&'static str, Vec<Phrase>>> = LazyLock::new(|| {
    let mut cues: HashMap<&str, Vec<(Vec<&str>, Found)>> = HashMap::new();
    let kinds = [
        (Cue::PartOf, Found::Part),
        (Cue::WholeOf, Found::Whole),
        (Cue::Formerly, Found::Old),
        (Cue::Renamed, Found::New),
        (Cue::Born, Found::Born),
        (Cue::AlsoKnown, Found::Other),
        (Cue::Distinct, Found::Distinct),
    ];
    for (cue, found) in kinds {
        for phrase in phrases(cue) {
            let words: Vec<&str> = phrase.split(' ').collect();
            if let Some(last) = words.last() {
                cues.entry(last).or_default().push((words, found));
            }
        }
    }
    for list in cues.values_mut() {
        list.sort_by_key(|(words, _)| std::cmp::Reverse(words.len()));
    }
    cues
});

/// The text between two names.
struct Gap<'a> {
    lower: String,
    raw: &'a str,
    after: &'a str,
}

impl<'a> Gap<'a> {
    fn read(raw: &'a str, after: &'a str) -> Self {
        Self { lower: raw.to_lowercase().replace('’', "'"), raw, after }
    }

    fn claim(&self) -> Option<Found> {
        if self.is_quoted_in_bracket() {
            return Some(Found::Other);
        }
        let words: Vec<&str> = self.lower.split_whitespace().map(bare).filter(|word| !word.is_empty()).collect();
        if self.ends_sentence() {
            return None;
        }
        if words.len() <= 1 + DESCRIPTION && self.is_called_part() {
            let lower = self.lower.trim_start();
            if lower.starts_with("'s") {
                return Some(Found::Whole);
            }
            if lower.starts_with([',', '(']) && matches!(words[..], ["a" | "an" | "another"]) {
                return Some(Found::Part);
            }
        }
        (0..=DESCRIPTION.min(words.len())).find_map(|behind| {
            let (before, described) = words.split_at(words.len() - behind);
            let (cue, found) = BY_LAST_WORD.get(before.last()?)?.iter().find(|(cue, _)| before.ends_with(cue))?;
            let lead = &before[..before.len() - cue.len()];
            // "Tullow Oil fell and Tullow said": one word joins or parts only what stands right beside it.
            let alone = *found == Found::Distinct
                && (described.len() > 1 || lead.len() > usize::from(cue.len() > 1) * DESCRIPTION);
            self.accept(lead, described, *found).filter(|_| !alone)
        })
    }

    /// Whether the words before and behind the cue leave it its meaning.
    fn accept(&self, lead: &[&str], behind: &[&str], found: Found) -> Option<Found> {
        // "in 2021", but not "in the former".
        let dated = |before: &str, year: &str| matches!(before, "in" | "since" | "until") && is_year(year);
        let filler = |words: &[&str]| {
            words.iter().enumerate().all(|(at, word)| {
                let known = is_cue(Cue::Filler, word) || is_year(word);
                known || words.get(at + 1).is_some_and(|next| dated(word, next))
            })
        };
        match found {
            Found::Part | Found::Whole | Found::Distinct => {
                if lead.len() > LEAD {
                    return None;
                }
                // "Norvik, unlike Corvid, is part of": the clause is another's.
                if self.lower.starts_with(',') && lead.first().is_some_and(|word| is_cue(Cue::Clause, word)) {
                    return None;
                }
                // "acquired last year by" turns it round, "acquired a tenth of" takes most of it back.
                let found = match found {
                    Found::Whole if behind.iter().any(|word| matches!(*word, "by" | "from")) => Found::Part,
                    Found::Whole if behind.iter().any(|word| matches!(*word, "of" | "in" | "for" | "with")) => {
                        Found::Distinct
                    }
                    other => other,
                };
                let doubtful = lead.iter().any(|word| is_cue(Cue::Doubt, word));
                Some(if doubtful { Found::Distinct } else { found })
            }
            Found::New if self.lower.trim_end().ends_with("now") => {
                // "Holt (now Norvik)", but not "Holt now Norvik's chief".
                let opened = self.lower.trim_start().starts_with(['(', ',', '[']);
                (opened && filler(lead) && behind.is_empty() && self.closes()).then_some(found)
            }
            Found::New | Found::Old | Found::Born | Found::Other => {
                (filler(lead) && filler(behind) && !self.is_owner()).then_some(found)
            }
        }
    }

    /// `Kestrel Pharma Inc. ("Kestrel")`.
    fn is_quoted_in_bracket(&self) -> bool {
        let opening: String = self.raw.chars().filter(|c| !c.is_whitespace()).collect();
        let quoted = self.after.trim_start_matches([',', '.']).strip_prefix(['"', '”', '’', '\'']);
        matches!(opening.trim_start_matches('.'), "(\"" | "(“" | "(‘" | "('")
            && quoted.is_some_and(|rest| rest.starts_with(')') || rest.trim_start().starts_with("or "))
    }

    /// "York is known as England's city of festivals": the second name is only the owner of what is meant.
    fn is_owner(&self) -> bool {
        self.after.starts_with(['\'', '’']) && self.after.chars().nth(1) == Some('s')
    }

    /// Whether nothing belongs to the second name: a mark follows.
    fn closes(&self) -> bool {
        self.after.trim_start_matches(['"', '”']).starts_with([')', ']', ',', '.', ';'])
    }

    /// "Norvik's Corvid unit", "Corvid, a Norvik unit".
    fn is_called_part(&self) -> bool {
        self.after.split_whitespace().next().is_some_and(|word| is_cue(Cue::PartNoun, bare(word)))
    }

    fn ends_sentence(&self) -> bool {
        let stops = |word: &str| {
            word.strip_suffix('.').is_some_and(|stem| {
                let stem = stem.trim_start_matches(|c: char| !c.is_alphanumeric());
                !stem.contains('.') && stem.chars().count() != 1 && !is_word(WordClass::Legal, stem)
            })
        };
        self.lower.contains([';', '?', '!']) || self.lower.contains("\n\n") || self.lower.split_whitespace().any(stops)
    }
}

/// A word without the marks around it.
fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '%' | '.')).trim_end_matches('.')
}

fn is_year(word: &str) -> bool {
    word.len() == 4 && word.bytes().all(|byte| byte.is_ascii_digit())
}

/// "Kestrel Pharma Inc. (NASDAQ: KSTR)": the code of a share, behind the name of the exchange.
fn tickers<'a>(text: &'a str, mentions: &'a [Mention]) -> impl Iterator<Item = Statement> + 'a {
    brackets(text).flat_map(move |inside| {
        let firm = mention_before(text, mentions, inside.start - 1);
        let codes = inside.of(text).split([';', ',']).filter_map(code_of).collect::<Vec<_>>();
        codes.into_iter().filter_map(move |code| {
            let from = mentions.partition_point(|mention| mention.span.start < inside.start);
            let within = mentions[from..].iter().take_while(|mention| mention.span.end <= inside.end);
            let second = from + within.map(|mention| mention.span.of(text)).position(|surface| surface == code)?;
            let first = firm.filter(|&firm| mentions[firm].entity_type != EntityType::Per)?;
            Some(Statement { claim: Claim::AlsoKnown, first, second })
        })
    })
}

/// The code in "NASDAQ: KSTR".
fn code_of(part: &str) -> Option<&str> {
    let (exchange, code) = part.trim().rsplit_once([':', ' ', '\u{a0}'])?;
    let exchange = exchange.trim_end_matches([':', ' ', '\u{a0}']).to_lowercase();
    let capitals = (1..=6).contains(&code.len())
        && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'.');
    (capitals && is_cue(Cue::Exchange, &exchange)).then_some(code)
}

/// The mention that ends where the text before `end` does.
fn mention_before(text: &str, mentions: &[Mention], end: usize) -> Option<usize> {
    let end = text[..end].trim_end_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '”')).len();
    let behind = mentions.partition_point(|mention| mention.span.end <= end);
    behind.checked_sub(1).filter(|&at| text[mentions[at].span.end..end].trim_matches(['.', ' ']).is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Span;

    /// The claims of a text whose names stand in brackets of this kind: "⟦Corvid⟧".
    fn read(marked: &str) -> Vec<(Claim, String, String)> {
        read_as(marked, EntityType::Org)
    }

    fn read_as(marked: &str, entity_type: EntityType) -> Vec<(Claim, String, String)> {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for part in marked.split('⟦') {
            let Some((name, rest)) = part.split_once('⟧') else {
                text.push_str(part);
                continue;
            };
            let span = Span::new(text.len(), text.len() + name.len());
            mentions.push(Mention { span, entity_type, score: 0.9 });
            text.push_str(name);
            text.push_str(rest);
        }
        let name = |mention: usize| mentions[mention].span.of(&text).to_owned();
        let found = statements(&text, &mentions);
        found.into_iter().map(|found| (found.claim, name(found.first), name(found.second))).collect()
    }

    fn one(claim: Claim, first: &str, second: &str) -> Vec<(Claim, String, String)> {
        vec![(claim, first.to_owned(), second.to_owned())]
    }

    #[test]
    fn parts_and_wholes_are_told_apart() {
        for text in [
            "⟦Corvid Mobile⟧ is a subsidiary of ⟦Corvid⟧.",
            "⟦Corvid Mobile⟧, a wholly owned unit of the Dutch retailer ⟦Corvid⟧, grew.",
            "⟦Corvid Mobile⟧ was split off from ⟦Corvid⟧ in 2020.",
            "⟦Corvid Mobile⟧ was spun off from its owner ⟦Corvid⟧.",
            "⟦Corvid Mobile⟧ and its parent company, ⟦Corvid⟧, moved.",
            "⟦Corvid Mobile⟧ (part of ⟦Corvid⟧)",
            "⟦Corvid Mobile⟧, a ⟦Corvid⟧ subsidiary, grew.",
            "⟦Corvid Mobile⟧ was acquired last year by ⟦Corvid⟧ after talks.",
            "⟦Corvid⟧ owns half of ⟦Corvid Mobile⟧.",
            "⟦Corvid⟧ spun off ⟦Corvid Mobile⟧ in May.",
            "⟦Corvid⟧, the parent company of ⟦Corvid Mobile⟧, fell.",
            "⟦Corvid⟧ and its subsidiary ⟦Corvid Mobile⟧ fell.",
            "⟦Corvid⟧'s ⟦Corvid Mobile⟧ unit fell.",
            "⟦Corvid⟧ acquired ⟦Corvid Mobile⟧ in 1999.",
        ] {
            assert_eq!(read(text), one(Claim::PartOf, "Corvid Mobile", "Corvid"), "{text}");
        }
    }

    #[test]
    fn doubt_leaves_two_firms() {
        for text in [
            "⟦Corvid Mobile⟧ is not part of ⟦Corvid⟧.",
            "⟦Corvid Mobile⟧ is no longer a unit of ⟦Corvid⟧.",
            "⟦Corvid⟧ owns a stake in ⟦Corvid Mobile⟧.",
            "⟦Corvid⟧ sued ⟦Corvid Mobile⟧.",
            "⟦Corvid⟧ bought a tenth of ⟦Corvid Mobile⟧.",
        ] {
            let found = read(text);
            assert!(found.len() == 1 && found[0].0 == Claim::Distinct, "{text}: {found:?}");
        }
    }

    #[test]
    fn names_of_one_are_told_with_their_order() {
        for text in [
            "⟦Chirpex⟧ (now ⟦Quilla⟧) was sold.",
            "⟦Chirpex⟧, now known as ⟦Quilla⟧, was sold.",
            "⟦Chirpex⟧ changed its name to ⟦Quilla⟧.",
            "⟦Chirpex⟧ was renamed ⟦Quilla⟧ in 2021.",
            "⟦Quilla⟧, formerly known as ⟦Chirpex⟧, was sold.",
            "⟦Quilla⟧ (formerly ⟦Chirpex⟧)",
            "⟦Quilla⟧, which was previously called ⟦Chirpex⟧, fell.",
        ] {
            assert_eq!(read(text), one(Claim::Formerly, "Quilla", "Chirpex"), "{text}");
        }
        for text in [
            "⟦Rhodes Holdings Ltd⟧ (\"⟦Atlas⟧\") pays.",
            "⟦Rhodes Holdings Ltd⟧, trading as ⟦Atlas⟧, pays.",
            "⟦Rhodes Holdings Ltd⟧ (hereinafter \"⟦Atlas⟧\") pays.",
            "⟦Rhodes Holdings Ltd⟧ (d/b/a ⟦Atlas⟧)",
        ] {
            assert_eq!(read(text), one(Claim::AlsoKnown, "Rhodes Holdings Ltd", "Atlas"), "{text}");
        }
        let born = "⟦Carla Dorn⟧ (née ⟦Vogt⟧) smiled.";
        assert_eq!(read_as(born, EntityType::Per), one(Claim::Born, "Carla Dorn", "Vogt"));
    }

    #[test]
    fn codes_of_shares_are_names_of_the_firm() {
        let text = "⟦Kestova Pharma Inc.⟧ (⟦NASDAQ⟧: ⟦KSTV⟧, TSX: ⟦KSV⟧) rose, ⟦AP⟧ (LONDON: ⟦X⟧)";
        let found = read(text);
        let expected = ["KSTV", "KSV"].map(|code| (Claim::AlsoKnown, "Kestova Pharma Inc.".into(), code.into()));
        assert_eq!(found, expected);
    }

    #[test]
    fn what_is_said_of_somebody_else_is_no_statement() {
        for text in [
            "⟦Corvid⟧ rose. ⟦Norvik⟧ fell.",
            "⟦Norvik⟧, unlike ⟦Corvid⟧, is part of ⟦Raven⟧.",
            "⟦Holt⟧, now ⟦Norvik⟧'s chief, left.",
            "⟦Corvid⟧ said that it was formerly happy with ⟦Norvik⟧.",
            "⟦Corvid⟧ and ⟦Norvik⟧ agree.",
            "⟦Corvid Oil⟧ fell and ⟦Corvid⟧ said so.",
            "⟦Corvid⟧ is known as ⟦Norvik⟧'s best client.",
            "⟦Corvid⟧, in the former ⟦Norvik⟧ building",
        ] {
            assert!(read(text).iter().all(|(claim, ..)| *claim == Claim::Distinct), "{text}: {:?}", read(text));
        }
    }
}
