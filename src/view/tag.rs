//! Tags of HTML: those inside a line are left out, those between lines and paragraphs are seen as breaks.

use super::{Remain, Shown, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

static ELEMENTS: LazyLock<HashMap<&'static str, Shown>> = LazyLock::new(|| {
    let mut elements = HashMap::new();
    for row in rows(include_str!("elements.tsv")) {
        let [class, names, ..] = row[..] else { continue };
        let shown = match class {
            "inline" => Shown::Nothing,
            "line" => Shown::Text("\n"),
            _ => Shown::Text("\n\n"),
        };
        elements.extend(names.split_whitespace().map(|name| (name, shown)));
    }
    elements
});

/// Longest tag or comment that is read, in bytes.
const LONGEST: usize = 2000;

/// The tag or comment that begins at `at`.
pub(super) fn read(text: &str, at: usize) -> Option<Remain> {
    let rest = text.get(at + 1..)?;
    if let Some(comment) = rest.strip_prefix("!--") {
        let mut reach = comment.len().min(LONGEST);
        while !comment.is_char_boundary(reach) {
            reach -= 1;
        }
        return comment.get(..reach)?.find("-->").map(|end| Remain::hidden(at, at + "<!--".len() + end + "-->".len()));
    }
    let closing = rest.starts_with('/');
    let body = rest.strip_prefix('/').unwrap_or(rest);
    let length = body.bytes().take_while(u8::is_ascii_alphanumeric).count();
    let name = body.get(..length).filter(|name| !name.is_empty())?.to_ascii_lowercase();
    let shown = *ELEMENTS.get(name.as_str())?;
    let rest = body.get(length..)?;
    let end = rest.bytes().take(LONGEST).position(|byte| matches!(byte, b'>' | b'<'))?;
    let inside = rest.get(..end)?;
    let attributes =
        !closing && inside.starts_with(char::is_whitespace) && (inside.contains('=') || inside.trim() == "/");
    let fits = inside.is_empty() || inside == "/" || attributes;
    (fits && rest.as_bytes().get(end) == Some(&b'>'))
        .then(|| Remain::new(at, at + 1 + usize::from(closing) + length + end + 1, shown))
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn tags_are_left_out_and_other_brackets_stay() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(seen("<i>Ida <a href=\"x\">Holt</a></i><!-- <b> -->!"), "Ida Holt!");
        assert_eq!(seen("<tr><td>Ida</td><td class=x>Moss</td></tr>"), "\n\n\n\nIda\n\n\n\nMoss\n\n\n\n");
        for kept in ["a <b and c> d", "From: Ida <ida@moss.example>", "x < y > z", "<Holt>", "<", "<b"] {
            assert!(View::of(kept).is_identity(), "{kept}");
        }
    }
}
