//! Links of Markdown, of which the words are seen, and the numbers of footnotes.

use super::Remain;

/// Longest words of a link, and longest target, in bytes.
const LONGEST: (usize, usize) = (300, 2000);

/// The link or the footnote that begins at `at`.
pub(super) fn read(text: &str, at: usize, found: &mut Vec<Remain>) {
    if let Some(end) = footnote(text, at) {
        found.push(Remain::hidden(at, end));
    } else if let Some((words_end, end)) = link(text, at) {
        let image = text.get(..at).is_some_and(|before| before.ends_with('!'));
        found.push(Remain::hidden(at, at + 1));
        if image {
            found.push(Remain::hidden(at - 1, at));
        }
        found.push(Remain::hidden(words_end, end));
    }
}

/// Where the words of the link end, and where the link does.
fn link(text: &str, at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at + 1..)?;
    let words = rest.bytes().take(LONGEST.0).position(|byte| matches!(byte, b']' | b'['))?;
    let target = rest.get(words..)?.strip_prefix("](")?;
    let length = target.bytes().take(LONGEST.1).position(|byte| matches!(byte, b')' | b'(' | b'\n'))?;
    let inside = target.get(..length)?;
    // A title may follow the address.
    let address = inside.split(' ').next()?;
    let titled = inside.len() == address.len() || inside.ends_with('"');
    let is_link =
        titled && address.contains(['/', '.', '#', ':']) && words > 0 && target.as_bytes().get(length) == Some(&b')');
    is_link.then_some((at + 1 + words, at + 1 + words + 2 + length + 1))
}

/// The end of "[3]" or "[a]" right behind a word or a sign. "he sai[d]" and "a[0]" are none.
fn footnote(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at + 1..)?;
    let length = rest.bytes().take(20).position(|byte| byte == b']')?;
    let note = rest.get(..length)?;
    let before = text.get(..at)?;
    let last = before.chars().next_back().filter(|c| !c.is_whitespace())?;
    let number = (1..=3).contains(&note.len()) && note.bytes().all(|byte| byte.is_ascii_digit());
    let letter = note.len() == 1 && note.bytes().all(|byte| byte.is_ascii_lowercase());
    let wanted =
        note == "citation needed" || note.strip_prefix("note ").is_some_and(|number| number.parse::<u8>().is_ok());
    let word = before.len() - before.trim_end_matches(char::is_alphabetic).len();
    let behind = ".,;:!?)\"”’»]".contains(last) || word > 2 && !letter;
    let apart = !rest.get(length + 1..)?.starts_with(char::is_alphanumeric);
    ((number || letter || wanted) && behind && apart).then_some(at + 1 + length + 1)
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn of_links_the_words_are_seen() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(
            seen("[Ida Holt](/people/ida) of [Moss](https://a.example \"Moss\") ![Logo](a.png)"),
            "Ida Holt of Moss Logo"
        );
        assert_eq!(seen("[Ida] (1) and [x](y) and [x](y z)"), "[Ida] (1) and [x](y) and [x](y z)");
    }

    #[test]
    fn footnotes_are_left_out() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(seen("Holt[5] died.[2][3] In Leeds,[a] \"x\".[note 4]"), "Holt died. In Leeds, \"x\".");
        for kept in ["he sai[d] so", "a[0] = b[1]", "in [3] and [4]", "19[6]1"] {
            assert!(View::of(kept).is_identity(), "{kept}: {}", seen(kept));
        }
    }
}
