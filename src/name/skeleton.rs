//! The consonants of a word: what its spellings in Latin letters have in common.

use super::fold::fold;

/// Letters that stand for one sound, longest first, and the sign for it.
const SOUNDS: [(&str, char); 18] = [
    ("tsch", 'S'),
    ("sch", 'S'),
    ("tch", 'S'),
    ("dzh", 'J'),
    ("ck", 'K'),
    ("kh", 'K'),
    ("gh", 'K'),
    ("qu", 'K'),
    ("ks", 'x'),
    ("dh", 'D'),
    ("th", 'D'),
    ("sh", 'S'),
    ("ch", 'S'),
    ("cz", 'S'),
    ("zh", 'J'),
    ("dj", 'J'),
    ("ph", 'f'),
    ("tz", 'z'),
];

/// The consonants of a word, with one sign for those that spellings exchange (k, q, c, g; d, t; sh, ch, s excepted), doubles once;
/// empty for a word of vowels. "Qadhafi", "Gaddafi" and "Khadafy" are equal in it; of words that are, few are spellings of one
/// name, so that it only tells with more.
pub(crate) fn skeleton(word: &str) -> String {
    let folded = fold(word);
    let mut rest = folded.as_str();
    let mut key = String::new();
    while let Some(first) = rest.chars().next() {
        let (sound, length) = match SOUNDS.iter().find(|(letters, _)| rest.starts_with(letters)) {
            Some((letters, sound)) => (*sound, letters.len()),
            None => (sound_of(first), first.len_utf8()),
        };
        if !matches!(sound, 'a' | 'e' | 'i' | 'o' | 'u' | 'h' | 'y') && !key.ends_with(sound) {
            key.push(sound);
        }
        rest = &rest[length..];
    }
    key
}

const fn sound_of(letter: char) -> char {
    match letter {
        'q' | 'k' | 'c' | 'g' => 'K',
        'j' => 'J',
        'w' => 'v',
        'd' | 't' => 'D',
        'x' => 'z',
        'p' => 'b',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_have_one_skeleton() {
        for (one, other) in [
            ("Gaddafi", "Qadhafi"),
            ("Qaddafi", "Kadafi"),
            ("Dmitri", "Dmytro"),
            ("Mohammed", "Muhamad"),
            ("Zelensky", "Zelenskyy"),
            ("Tchaikovsky", "Chaikovsky"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        assert_ne!(skeleton("Maurer"), skeleton("Mahler"));
        assert_eq!((skeleton("Aoi"), skeleton("")), (String::new(), String::new()));
    }
}
