//! Characters written as `&amp;`, `&#233;` or `&#xE9;`.

use super::{Remain, Shown, rows};
use std::collections::HashMap;
use std::sync::LazyLock;

static NAMED: LazyLock<HashMap<&'static str, char>> = LazyLock::new(|| {
    let read = |row: Vec<&'static str>| {
        let [name, code, ..] = row[..] else { return None };
        Some((name, char::from_u32(u32::from_str_radix(code, 16).ok()?)?))
    };
    rows(include_str!("characters.tsv")).filter_map(read).collect()
});

/// Longest reference that is read, in bytes.
const LONGEST: usize = 12;

/// The reference that begins at `at`; one that was written twice (`&amp;amp;`) is one.
pub(super) fn read(text: &str, at: usize) -> Option<Remain> {
    let mut start = at + 1;
    while let Some(rest) = text.get(start..).and_then(|rest| rest.strip_prefix("amp;"))
        && body(rest).is_some_and(|name| character(name).is_some())
    {
        start += "amp;".len();
    }
    let name = body(text.get(start..)?)?;
    let c = character(name)?;
    // A character without a look is left out at once.
    let hidden = c.is_control() && !c.is_whitespace() || super::invisible::is_invisible(c) || c == '\u{ad}';
    let shown = if hidden { Shown::Nothing } else { Shown::Char(c) };
    Some(Remain::new(at, start + name.len() + 1, shown))
}

/// What stands before the semicolon.
fn body(rest: &str) -> Option<&str> {
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';')?;
    rest.get(..end)
}

fn character(name: &str) -> Option<char> {
    match name.strip_prefix('#') {
        None => NAMED.get(name).copied(),
        Some(number) => {
            let hex = number.strip_prefix(['x', 'X']);
            let code = hex.map_or_else(|| number.parse().ok(), |digits| u32::from_str_radix(digits, 16).ok())?;
            char::from_u32(code)
                .filter(|_| !number.starts_with(['+', '-']) && !hex.is_some_and(|hex| hex.starts_with('+')))
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn references_are_read() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(
            seen("Moss &amp; Holt &lt;x&gt; Caf&eacute; O&#39;Neil O&#x27;Neil"),
            "Moss & Holt <x> Café O'Neil O'Neil"
        );
        assert_eq!(seen("Moss &amp;amp; Holt, Moss &amp;#38; Holt, A&amp;M"), "Moss & Holt, Moss & Holt, A&M");
        assert_eq!(seen("Hart&shy;mann&zwj;"), "Hartmann");
        for kept in ["AT&T; X&Y", "a & b;", "&nosuch;", "&#0x;", "&#1114112;", "&#+38;"] {
            assert!(View::of(kept).is_identity(), "{kept}");
        }
    }
}
