//! Words around names that tell where the names end: data in `src/repair/words.tsv`.

use crate::name::rows;
use std::collections::HashSet;
use std::sync::LazyLock;

/// What a word tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Told {
    /// "From": names of people follow.
    Header,
    /// "Sons", behind "&".
    FirmTail,
    /// "Inc".
    LegalForm,
    /// "phd".
    Degree,
    /// "pdf".
    File,
    /// "H.R".
    Bill,
    /// "the".
    Function,
    /// "said", behind a firm in 's.
    Acts,
    /// "Moody" of "Moody's".
    PossessiveFirm,
}

impl Told {
    const ALL: [(Self, &'static str); 9] = [
        (Self::Header, "header"),
        (Self::FirmTail, "firm-tail"),
        (Self::LegalForm, "legal-form"),
        (Self::Degree, "degree"),
        (Self::File, "file"),
        (Self::Bill, "bill"),
        (Self::Function, "function"),
        (Self::Acts, "acts"),
        (Self::PossessiveFirm, "possessive-firm"),
    ];
}

static WORDS: LazyLock<Vec<HashSet<&'static str>>> = LazyLock::new(|| {
    let of = |label: &str| {
        let mine = rows(include_str!("words.tsv")).filter(|row| row.first() == Some(&label));
        mine.filter_map(|row| row.get(1).copied()).flat_map(|words| words.split(';')).collect()
    };
    Told::ALL.iter().map(|(_, label)| of(label)).collect()
});

/// Whether a word, as it stands in the table, tells this.
pub(super) fn tells(told: Told, word: &str) -> bool {
    WORDS.get(told as usize).is_some_and(|words| words.contains(word))
}

/// The letters of a word in lower case: "Ph.D." is "phd".
pub(super) fn letters(word: &str) -> String {
    word.chars().filter(|c| *c != '.').flat_map(char::to_lowercase).collect()
}

/// Whether a word is written as a name is: a capital first.
pub(super) fn is_capital(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// "J.", "J" or "J.R.R.".
pub(super) fn is_initials(word: &str) -> bool {
    let count = word.chars().filter(|c| c.is_alphabetic()).count();
    (1..=4).contains(&count)
        && word.chars().all(|c| c.is_uppercase() || matches!(c, '.' | '-'))
        && (count == 1 || word.ends_with('.') && word.matches('.').count() >= count - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_words() {
        for (number, (told, label)) in Told::ALL.into_iter().enumerate() {
            assert_eq!(told as usize, number, "{label}");
            assert!(WORDS[number].len() > 5, "{label}");
        }
    }

    #[test]
    fn words_are_read() {
        assert!(tells(Told::Degree, &letters("Ph.D.")) && !tells(Told::Degree, "Ph.D."));
        assert!(
            is_initials("J.") && is_initials("J.R.R.") && is_initials("J") && !is_initials("US") && !is_initials("Jo.")
        );
    }
}
