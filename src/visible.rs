//! Makes characters without a look of their own visible, so that a text can neither steer a terminal nor vanish from a page.
//! Whatever comes from a document and is shown to people goes through [`Visible`].
//!
//! ```
//! use namesake::visible::Visible;
//!
//! let name = "Ida\u{202e}\u{1b}[31m\nHolm";
//! assert_eq!(Visible::one_line(name).to_string(), "Ida⟨U+202E⟩␛[31m Holm");
//! ```

use std::fmt::{self, Display, Write};

/// Shows a text with control characters as control pictures (`␛`, `␀`) and direction overrides as escapes.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'a> {
    text: &'a str,
    layout: Layout,
}

/// What becomes of white space that is not the plain space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// Runs of white space become one space: for names in a table.
    OneLine,
    /// Line breaks and tabs stay: for running text.
    Kept,
}

impl<'a> Visible<'a> {
    /// `text` with its odd characters shown.
    #[must_use]
    pub const fn new(text: &'a str, layout: Layout) -> Self {
        Self { text, layout }
    }

    /// `text` in one line.
    #[must_use]
    pub const fn one_line(text: &'a str) -> Self {
        Self::new(text, Layout::OneLine)
    }
}

impl Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let one_line = self.layout == Layout::OneLine;
        let mut after_space = false;
        // The ordinary stretches go out whole: texts can be long, and the odd character is rare.
        let mut rest = self.text;
        while let Some((at, c)) = rest.char_indices().find(|&(_, c)| is_odd(c) || one_line && c.is_whitespace()) {
            f.write_str(rest.get(..at).unwrap_or_default())?;
            rest = rest.get(at + c.len_utf8()..).unwrap_or_default();
            after_space = after_space && at == 0;
            match c {
                '\r' | '\n' | '\t' if !one_line => f.write_char(c)?,
                _ if one_line && c.is_whitespace() => {
                    if !after_space {
                        f.write_char(' ')?;
                    }
                    after_space = true;
                }
                _ => {
                    show(c, f)?;
                    after_space = false;
                }
            }
        }
        f.write_str(rest)
    }
}

/// Control characters, and the marks and overrides that turn the direction of what follows them.
pub(crate) const fn is_odd(c: char) -> bool {
    matches!(c, '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn show(c: char, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    match c {
        '\0'..='\u{1f}' => f.write_char(char::from_u32(u32::from(c) + 0x2400).unwrap_or(char::REPLACEMENT_CHARACTER)),
        '\u{7f}' => f.write_char('\u{2421}'),
        _ => write!(f, "⟨U+{:04X}⟩", u32::from(c)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escapes_overrides_and_line_breaks_lose_their_power() {
        assert_eq!(Visible::one_line("a\u{1b}[31m\r\n\t b\0\u{202e}\u{9b}").to_string(), "a␛[31m b␀⟨U+202E⟩⟨U+009B⟩");
        assert_eq!(Visible::new("a\r\n\tb\u{7f}", Layout::Kept).to_string(), "a\r\n\tb␡");
    }

    proptest! {
        #[test]
        fn nothing_odd_is_left(text in "(\\PC|[ \\x00-\\x20\u{7f}-\u{a0}\u{202e}]){0,60}") {
            let shown = Visible::one_line(&text).to_string();
            prop_assert!(!shown.chars().any(is_odd));
            prop_assert!(!shown.contains("  "));
            let kept = Visible::new(&text, Layout::Kept).to_string();
            prop_assert!(kept.chars().all(|c| !is_odd(c) || matches!(c, '\r' | '\n' | '\t')));
        }
    }
}
