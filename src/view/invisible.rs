//! Characters without a look of their own.

use super::{Remain, neighbours};

/// Zero-width spaces, byte-order marks, marks of direction.
pub(super) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// The invisible character at `at`. Joiners matter in Persian, Hindi and emoji, and are left out between other letters only.
pub(super) fn read(text: &str, at: usize) -> Option<Remain> {
    let c = text.get(at..)?.chars().next().filter(|&c| is_invisible(c) || c == '\u{ad}')?;
    let end = at + c.len_utf8();
    let (before, after) = neighbours(text, at, end);
    let is = |side: Option<char>, of: fn(char) -> bool| side.is_some_and(of);
    let hidden = match c {
        '\u{200c}' | '\u{200d}' => {
            is(before, is_plain_letter) && !is(after, |c| c.is_alphabetic() && !is_plain_letter(c))
        }
        // Two words that only this parts, or two of a script without spaces.
        '\u{200b}' | '\u{2060}' | '\u{feff}' => {
            let words = is(before, char::is_lowercase) && is(after, char::is_uppercase);
            let foreign = |c: char| c.is_alphabetic() && !is_plain_letter(c);
            !(words || is(before, foreign) && is(after, foreign))
        }
        _ => true,
    };
    hidden.then(|| Remain::hidden(at, end))
}

/// Letters of scripts that join nothing: Latin, Greek, Cyrillic.
fn is_plain_letter(c: char) -> bool {
    c.is_alphabetic() && c < '\u{530}'
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn invisible_characters_are_left_out_where_they_mean_nothing() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(seen("\u{feff}Hart\u{ad}mann, Hol\u{200b}t\u{200d}, \u{202e}Moss\u{202c}"), "Hartmann, Holt, Moss");
        for kept in ["مه\u{200c}رداد", "👨\u{200d}👩\u{200d}👧", "Leeds\u{200b}York", "ไทย\u{200b}ไทย"]
        {
            assert!(View::of(kept).is_identity(), "{kept}: {}", seen(kept));
        }
    }
}
