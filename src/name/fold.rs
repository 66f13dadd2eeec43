//! The form of a word in which its spellings are equal.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case, without diacritics, dots, apostrophes and other signs.
pub(crate) fn fold(raw: &str) -> String {
    let mut folded = String::with_capacity(raw.len());
    for c in raw.nfkd().filter(|c| !is_combining_mark(*c)) {
        match c {
            '&' => folded.push_str("and"),
            '+' => folded.push_str("plus"),
            'ß' => folded.push_str("ss"),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            'ø' | 'Ø' => folded.push('o'),
            'ł' | 'Ł' => folded.push('l'),
            'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
            'þ' | 'Þ' => folded.push_str("th"),
            'ı' | 'İ' => folded.push('i'),
            _ if c.is_alphanumeric() => folded.extend(c.to_lowercase().filter(|c| !is_combining_mark(*c))),
            _ => {}
        }
    }
    folded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_signs_and_diacritics_are_folded() {
        for (raw, folded) in [
            ("O'Brien", "obrien"),
            ("Ørsted", "orsted"),
            ("ÅNGSTRÖM", "angstrom"),
            ("Weiß", "weiss"),
            ("İstanbul", "istanbul"),
            ("Þór", "thor"),
            ("&", "and"),
            ("+", "plus"),
            ("“…”", ""),
        ] {
            assert_eq!(fold(raw), folded, "{raw}");
        }
    }
}
