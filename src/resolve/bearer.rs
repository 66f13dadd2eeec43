//! What the words around a person's name tell of its bearer: a pronoun ("Okafor … his"), a place ("Olsson of Kalmar"), an office
//! ("the senator"), and of whom the bearer is a relative ("his father, Henry Long").
//!
//! In come the text and the mentions around one, out come hints; two people of one name are told apart by them.

use super::cue::{Cue, is_cue, kinship};
use super::feature::{Features, Signal};
use crate::document::Span;
use crate::name::{Gender, fold, honorific};

/// How far behind a name its pronoun is sought, in bytes; a sentence is shorter.
const PRONOUN_REACH: usize = 160;

/// How far before or behind a name its office and place are sought, in bytes.
const REACH: usize = 60;

/// Words of an apposition: "the former mayor".
const APPOSITION: usize = 4;

/// Of whom the bearer is a relative.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kin {
    /// Of the person named before whose gender the pronoun agrees with; of any for "their".
    OfPronoun(Option<Gender>),
    /// Of the person named directly before: "Doyle's wife, Anna Doyle".
    OfLast,
}

/// Hints at the bearer of one mention.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Bearer {
    /// The gender that a pronoun behind the name tells.
    pub(crate) pronoun: Option<Gender>,
    /// Folded name of the place that the bearer is of.
    pub(crate) place: Option<String>,
    /// Folded words for what the bearer is.
    pub(crate) offices: Vec<String>,
    pub(crate) kin: Option<Kin>,
}

impl Bearer {
    /// Reads the text around the person at `span`; `before` is the mention in front of it, `next` the start of the next person.
    pub(crate) fn read(text: &str, before: Option<Span>, span: Span, next: Option<usize>) -> Self {
        let start = span.start.saturating_sub(REACH).max(before.map_or(0, |before| before.end));
        let left = text.get(ceil(text, start)..span.start).unwrap_or_default();
        let left = left.rsplit("\n\n").next().unwrap_or_default();
        let behind = |reach: usize| {
            let end = (span.end + reach).min(text.len());
            text.get(span.end..ceil(text, end)).unwrap_or_default()
        };
        let until_next = behind(PRONOUN_REACH).get(..next.unwrap_or(text.len()).saturating_sub(span.end));
        let mut offices = Vec::new();
        offices.extend(office_before(left));
        offices.extend(office_behind(behind(REACH)));
        Self {
            pronoun: pronoun(until_next.unwrap_or_else(|| behind(PRONOUN_REACH))),
            place: place_behind(behind(REACH)),
            offices,
            kin: kin_before(left, before.is_some_and(|before| before.end >= start)),
        }
    }
}

/// The next place where `text` may be cut.
fn ceil(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at += 1;
    }
    at
}

/// The words of a stretch of text with what stands before each: blanks and signs.
fn words(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(char::is_alphabetic)?;
        let (signs, from) = rest.split_at(start);
        let end = from.find(|c: char| !c.is_alphabetic() && c != '\'' && c != '’').unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        rest = after;
        Some((signs, word))
    })
}

/// The gender of the first pronoun that means the person before it: in the same sentence, or at the head of the next one.
fn pronoun(behind: &str) -> Option<Gender> {
    let mut stretch = words(behind).peekable();
    while let Some((signs, word)) = stretch.next() {
        let is_next_sentence = signs.contains(['.', '!', '?']) && word.starts_with(char::is_uppercase);
        if signs.contains("\n\n") {
            return None;
        }
        match word.to_lowercase().as_str() {
            "he" | "his" | "himself" => return Some(Gender::Male),
            "she" | "hers" | "herself" => return Some(Gender::Female),
            // "her seat", not "met her": a noun follows.
            "her" => {
                let noun = stretch.peek().is_some_and(|(signs, next)| {
                    signs.trim().is_empty() && next.starts_with(char::is_lowercase) && !is_cue(Cue::AfterObject, next)
                });
                if noun {
                    return Some(Gender::Female);
                }
            }
            _ if is_next_sentence => return None,
            _ => {}
        }
    }
    None
}

/// "of Kalmar", ", from Porto", "(Kalmar)".
fn place_behind(behind: &str) -> Option<String> {
    let rest = behind.strip_prefix(',').unwrap_or(behind);
    let rest = [" of ", " from ", " ("].iter().find_map(|word| rest.strip_prefix(word))?;
    let rest = rest.strip_prefix("the ").unwrap_or(rest);
    let mut place = String::new();
    for word in rest.split_whitespace().take(3) {
        if !word.starts_with(char::is_uppercase) {
            break;
        }
        place.push_str(&fold(word));
        if !word.ends_with(char::is_alphabetic) {
            break;
        }
    }
    Some(place).filter(|place| !place.is_empty())
}

/// "the painter Olsson", "Senator Olsson", "The senator, Mr Olsson".
fn office_before(left: &str) -> Option<String> {
    let ends = |word: &&str| word.ends_with(['.', '!', '?', ';', ':', '"', '”']) && honorific(&fold(word)).is_none();
    let mut last = left.split_whitespace().rev().take_while(|word| !ends(word)).peekable();
    while last.next_if(|word| is_cue(Cue::Address, &fold(word))).is_some() {}
    let word = last.next()?;
    let office = fold(word.rsplit('-').next().unwrap_or(word));
    let is_title = honorific(&office).is_some() && !is_cue(Cue::Address, &office);
    // "the baker Olsson", "the old baker Olsson", but not "the others praised Olsson".
    let is_verb = office.ends_with(['d', 's']) && last.peek().is_some_and(|word| !word.eq_ignore_ascii_case("the"));
    let is_noun = word.starts_with(char::is_lowercase)
        && kinship(&office).is_none()
        && !is_verb
        && last.take(APPOSITION).take_while(|word| !word.ends_with(',')).any(|word| word.eq_ignore_ascii_case("the"));
    (is_title || is_noun).then_some(office).filter(|office| office.len() > 2)
}

/// "Olsson, the senator", "Olsson, a dentist", "Olsson the baker".
fn office_behind(behind: &str) -> Option<String> {
    let rest = behind.strip_prefix(',').unwrap_or(behind);
    let article = [" the ", " a ", " an "].into_iter().find(|article| rest.starts_with(article))?;
    if article != " the " && !behind.starts_with(',') {
        return None;
    }
    let mut office = None;
    for word in rest.get(article.len()..)?.split_whitespace().take(APPOSITION) {
        let bare = word.trim_end_matches(|c: char| !c.is_alphabetic());
        if !bare.starts_with(char::is_lowercase) || is_cue(Cue::AfterObject, bare) {
            break;
        }
        office = Some(fold(bare));
        if bare.len() < word.len() {
            break;
        }
    }
    office.filter(|office| kinship(office).is_none())
}

/// "his father, ", "Doyle's wife ", "her late husband ".
fn kin_before(left: &str, has_before: bool) -> Option<Kin> {
    let mut last = left.split_whitespace().rev().peekable();
    while last.next_if(|word| honorific(&fold(word)).is_some() && kinship(&fold(word)).is_none()).is_some() {}
    let relative = fold(last.next()?);
    kinship(&relative)?;
    for word in last.take(2) {
        match word.to_lowercase().as_str() {
            "his" => return Some(Kin::OfPronoun(Some(Gender::Male))),
            "her" => return Some(Kin::OfPronoun(Some(Gender::Female))),
            "their" => return Some(Kin::OfPronoun(None)),
            "'s" | "’s" | "s'" | "'" | "’" if has_before => return Some(Kin::OfLast),
            _ => {}
        }
    }
    None
}

/// Whether two people stand between whom the text says "and his wife", "father of": `between` is what stands between their names.
pub(crate) fn is_kin_of(between: &str) -> bool {
    let mut words = between.split_whitespace().rev();
    let is_of = words.next() == Some("of");
    is_of && between.len() <= REACH && words.take(2).any(|word| kinship(&fold(word)).is_some())
}

/// What is known of the bearer of an entity while it grows.
#[derive(Debug, Default)]
pub(crate) struct Bearers {
    /// Mentions with a title or given name of a woman, of a man.
    pub(crate) titled: Genders,
    /// Mentions with a pronoun behind.
    pronouns: Genders,
    places: Vec<String>,
    offices: Vec<String>,
}

/// Counts of mentions by gender.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Genders {
    female: usize,
    male: usize,
}

impl Genders {
    fn add(&mut self, gender: Option<Gender>) {
        self.female += usize::from(gender == Some(Gender::Female));
        self.male += usize::from(gender == Some(Gender::Male));
    }

    fn leading(self) -> Option<Gender> {
        match self.female.cmp(&self.male) {
            std::cmp::Ordering::Greater => Some(Gender::Female),
            std::cmp::Ordering::Less => Some(Gender::Male),
            std::cmp::Ordering::Equal => None,
        }
    }
}

impl Bearers {
    /// Takes in what one more mention tells: the gender of its title or given name, and its surroundings.
    pub(crate) fn add(&mut self, gender: Option<Gender>, bearer: Option<&Bearer>) {
        self.titled.add(gender);
        let Some(bearer) = bearer else { return };
        self.pronouns.add(bearer.pronoun);
        self.places
            .extend(bearer.place.iter().filter(|place| !self.places.contains(place)).cloned().collect::<Vec<_>>());
        let new: Vec<String> = bearer.offices.iter().filter(|office| !self.offices.contains(office)).cloned().collect();
        self.offices.extend(new);
    }

    /// What speaks for and against a mention with this gender and these surroundings.
    pub(crate) fn add_signals(&self, features: &mut Features, gender: Option<Gender>, bearer: Option<&Bearer>) {
        let (theirs, theirs_by_pronoun) = (self.titled.leading(), self.pronouns.leading());
        if let (Some(own), Some(theirs)) = (gender, theirs) {
            features.add(if own == theirs { Signal::GenderSame } else { Signal::GenderClash }, 1.0);
        } else {
            let own = gender.or(bearer.and_then(|bearer| bearer.pronoun));
            if let (Some(own), Some(theirs)) = (own, theirs.or(theirs_by_pronoun)) {
                features.add(if own == theirs { Signal::PronounSame } else { Signal::PronounClash }, 1.0);
            }
        }
        let Some(bearer) = bearer else { return };
        if let Some(place) = bearer.place.as_ref().filter(|_| !self.places.is_empty()) {
            let same = self.places.contains(place);
            features.add(if same { Signal::BearerPlaceSame } else { Signal::BearerPlaceOther }, 1.0);
        }
        if !bearer.offices.is_empty() && !self.offices.is_empty() {
            let same = bearer.offices.iter().any(|office| self.offices.contains(office));
            features.add(if same { Signal::OfficeSame } else { Signal::OfficeOther }, 1.0);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, name: &str) -> Bearer {
        let start = text.find(name).unwrap();
        Bearer::read(text, None, Span::new(start, start + name.len()), None)
    }

    #[test]
    fn pronouns_behind_a_name_tell_its_gender() {
        assert_eq!(read("Obiora lost his seat.", "Obiora").pronoun, Some(Gender::Male));
        assert_eq!(read("Obiora left. She was late.", "Obiora").pronoun, Some(Gender::Female));
        assert_eq!(read("Obiora kept her seat.", "Obiora").pronoun, Some(Gender::Female));
        assert_eq!(read("Obiora met her on Monday.", "Obiora").pronoun, None);
        assert_eq!(read("Obiora left. Nobody saw his car.", "Obiora").pronoun, None);
    }

    #[test]
    fn places_and_offices_stand_beside_a_name() {
        assert_eq!(read("Mr Norling of Kalmar sat down.", "Norling").place.as_deref(), Some("kalmar"));
        assert_eq!(read("Duarte, from Vila Nova, won", "Duarte").place.as_deref(), Some("vilanova"));
        assert_eq!(read("Nora Falk (Malmo) ran", "Nora Falk").place.as_deref(), Some("malmo"));
        assert_eq!(read("Norling of course left.", "Norling").place, None);
        for text in
            ["Senator Winters", "the senator, Mr Winters", "Winters, the senator, left", "the former senator Winters"]
        {
            assert_eq!(read(text, "Winters").offices, ["senator"], "{text}");
        }
        assert_eq!(read("Winters, a country dentist in Arden", "Winters").offices, ["dentist"]);
        assert!(read("The others praised Winters.", "Winters").offices.is_empty());
    }

    #[test]
    fn relatives_are_others() {
        assert_eq!(read("and his grandfather Edwin Lang", "Edwin").kin, Some(Kin::OfPronoun(Some(Gender::Male))));
        assert_eq!(read("her late husband, Mr Lang", "Lang").kin, Some(Kin::OfPronoun(Some(Gender::Female))));
        assert_eq!(read("his friend Lang", "Lang").kin, None);
        assert!(is_kin_of(", the father of "));
        assert!(!is_kin_of(", of "));
    }
}
