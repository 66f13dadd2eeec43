//! How a person's name is shown: without titles, given name first, not in capitals.

use super::known::{family_name, given_name};
use super::list::WordClass::{Particle, Ruler};
use super::list::{generation, is_word};
use super::person::Person;
use super::word::{Word, split_words};
use super::{Name, fold};

/// Longest word in capitals that may be letters ("AOC") rather than a name, where it is no known name.
const LETTERS: usize = 4;

impl Name {
    /// How full the form is as a person's name: given and family name before a part of it, more names before fewer.
    pub(crate) fn fullness(&self) -> usize {
        let person = &self.person;
        let given = person.given.as_ref().map_or(0, |given| 5 * given.chars().count().min(2));
        let doubt = if person.doubtful { 4 } else { 0 };
        let more = usize::from(person.generation.is_some()) + usize::from(person.first_family.is_some());
        (given + person.middle.len().min(3) + more).saturating_sub(doubt)
    }

    /// The form as the name of its bearer is shown. Words that stand in capitals take the case that `others` have them in.
    pub(crate) fn shown_person(&self, others: &[&Name]) -> String {
        let words = split_words(&self.surface);
        let kept = Person::shown_words(&words);
        let kept: Vec<&Word> = if kept.is_empty() { words.iter().collect() } else { kept };
        let mut shown = String::new();
        for (at, word) in kept.iter().enumerate() {
            if let Some(before) = at.checked_sub(1).map(|before| kept[before]) {
                let gap = self.surface.get(before.end..word.start);
                // Words that change their places have other words between them, which are no gap.
                let gap = gap.filter(|gap| !gap.is_empty() && !gap.contains(char::is_alphanumeric));
                shown.push_str(gap.unwrap_or(" "));
            }
            let raw = self.surface.get(word.start..word.end).unwrap_or_default();
            if self.all_caps { shown.push_str(&cased(raw, at == 0, others)) } else { shown.push_str(raw) }
        }
        let is_whole = shown.matches('(').count() == shown.matches(')').count();
        if shown.is_empty() || !is_whole { self.surface.clone() } else { shown }
    }
}

impl Person {
    /// The words that are shown, in spoken order: titles are no part of a name, but for those of rulers who have no other.
    fn shown_words(words: &[Word]) -> Vec<&Word> {
        let person = Self::parse(words);
        let order = super::person::order(words);
        let titles = person.titles.len();
        let rules = person.given.is_none() && titles > 0 && is_word(Ruler, &order[titles - 1].folded);
        let from = if rules { titles - 1 } else { titles };
        order.into_iter().skip(from).collect()
    }
}

/// A word in capitals in the usual case.
fn cased(raw: &str, is_first: bool, others: &[&Name]) -> String {
    let folded = fold(raw);
    for other in others.iter().filter(|other| !other.all_caps) {
        if let Some(word) = split_words(&other.surface).iter().find(|word| word.folded == folded && word.capital) {
            return other.surface.get(word.start..word.end).unwrap_or(raw).to_owned();
        }
    }
    let letters = folded.chars().count();
    let is_name = given_name(&folded).is_some() || family_name(&folded).is_some();
    let is_numeral = generation(&folded).is_some() && folded != "jr" && folded != "sr";
    let has_vowel = folded.contains(['a', 'e', 'i', 'o', 'u', 'y']);
    if raw.contains('.') && letters > 1 && folded != "jr" && folded != "sr"
        || is_numeral
        || !(has_vowel || letters > LETTERS || is_suffix(&folded))
    {
        return raw.to_owned();
    }
    if letters <= LETTERS && !is_name && !is_suffix(&folded) && !is_word(Particle, &folded) {
        return raw.to_owned();
    }
    if !is_first && is_word(Particle, &folded) {
        return raw.to_lowercase();
    }
    let mut cased = String::new();
    let mut upper = true;
    for c in raw.chars() {
        if upper {
            cased.push(c);
        } else {
            cased.extend(c.to_lowercase());
        }
        upper = if c.is_alphabetic() { cased == "Mc" && letters > LETTERS } else { true };
    }
    cased
}

fn is_suffix(folded: &str) -> bool {
    matches!(folded, "jr" | "sr")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(surface: &str) -> String {
        Name::parse(surface).shown_person(&[])
    }

    #[test]
    fn titles_are_left_out_but_for_those_of_rulers() {
        for (surface, name) in [
            ("Dr. Li Fen", "Li Fen"),
            ("Mr Justice Calder", "Calder"),
            ("King Abdullah", "King Abdullah"),
            ("Queen Anne Holt", "Anne Holt"),
            ("Prince Holloway", "Prince Holloway"),
            ("Vice-President Ada Holt", "Ada Holt"),
            ("Lykke-Nielsen", "Lykke-Nielsen"),
            ("James Theodore \"Teddy\" Harlow", "James Theodore \"Teddy\" Harlow"),
            ("Robert (Bob) Holt", "Robert (Bob) Holt"),
            ("Marcus Webb, Jr.", "Marcus Webb, Jr."),
            ("Dr.", "Dr."),
        ] {
            assert_eq!(shown(surface), name);
        }
    }

    #[test]
    fn last_name_first_is_shown_in_spoken_order() {
        assert_eq!(shown("Takeda, Yumi"), "Yumi Takeda");
        assert_eq!(shown("Brunner, Otto K"), "Otto K Brunner");
        assert_eq!(shown("van der Meulen, Pieter"), "Pieter van der Meulen");
        assert_eq!(shown("Moss, Tyrell, Jr."), "Tyrell Moss Jr.");
        assert_eq!(shown("Holt, Henry (uncle of Ida)"), "Holt, Henry (uncle of Ida)");
        assert_eq!(shown("Gen. (ret.) Ann Cole"), "Gen. (ret.) Ann Cole");
    }

    #[test]
    fn capitals_are_shown_as_names() {
        for (surface, name) in [
            ("DAVID OAKES", "David Oakes"),
            ("RORY MCDONALD JR.", "Rory McDonald Jr."),
            ("ANNE-MARIE O'BRIEN III", "Anne-Marie O'Brien III"),
            ("PIETER VAN DER MEULEN", "Pieter van der Meulen"),
            ("J.P. HOLT", "J.P. Holt"),
            ("AOC", "AOC"),
        ] {
            assert_eq!(shown(surface), name);
        }
        assert_eq!(Name::parse("ANA DE BRUIN").shown_person(&[&Name::parse("De Bruin")]), "Ana De Bruin");
    }
}
