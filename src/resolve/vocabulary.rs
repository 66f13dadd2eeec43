//! Classes of words that names are made of: data in `src/resolve/world/words.tsv`.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What a word does in names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum WordClass {
    /// Legal form: "inc", "gmbh".
    Legal,
    /// Small word: "of", "and".
    Small,
    /// Kind of organisation: "bank", "commission".
    Kind,
    /// Another word that marks organisations: "shipping".
    Mark,
    /// Kind of place that a name may have or lack: "city", "islands".
    Place,
    /// Kind of place beside another of the same name: "river", "island", "province".
    Beside,
    /// Part of a place: "north", "upper".
    Part,
}

static CLASSES: LazyLock<HashMap<&'static str, Vec<WordClass>>> = LazyLock::new(|| {
    let mut classes: HashMap<&str, Vec<WordClass>> = HashMap::new();
    for line in include_str!("world/words.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some((label, words)) = line.split_once('\t') else { continue };
        let class = match label {
            "legal" => WordClass::Legal,
            "small" => WordClass::Small,
            "kind" => WordClass::Kind,
            "mark" => WordClass::Mark,
            "place" => WordClass::Place,
            "beside" => WordClass::Beside,
            "part" => WordClass::Part,
            _ => continue,
        };
        for word in words.split_whitespace() {
            classes.entry(word).or_default().push(class);
        }
    }
    classes
});

/// Whether a folded word is of a class.
pub(crate) fn is_word(class: WordClass, folded: &str) -> bool {
    CLASSES.get(folded).is_some_and(|classes| classes.contains(&class))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_has_words() {
        for (class, word) in [
            (WordClass::Legal, "gmbh"),
            (WordClass::Small, "of"),
            (WordClass::Kind, "bank"),
            (WordClass::Mark, "shipping"),
            (WordClass::Place, "city"),
            (WordClass::Beside, "river"),
            (WordClass::Part, "north"),
        ] {
            assert!(is_word(class, word), "{word}");
        }
    }
}
