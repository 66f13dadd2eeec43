//! Texts and numbers as the page shows them: nothing invisible, nothing without end.

use crate::number::grouped;
use crate::visible::Visible;
use std::fmt::{self, Display};

/// Longest identifier or name in a table, in characters.
pub(super) const NAME: usize = 160;

/// A text, shortened in its middle if it is long. The template engine escapes it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    head: Visible<'a>,
    tail: Option<Visible<'a>>,
}

impl<'a> Shown<'a> {
    /// At most `limit` characters of `text`, on one line.
    pub(super) fn new(text: &'a str, limit: usize) -> Self {
        let whole = Self { head: Visible::one_line(text), tail: None };
        // Bytes are at least as many as characters, and cheaper to count.
        if text.len() <= limit || text.char_indices().nth(limit).is_none() {
            return whole;
        }
        let kept = limit / 4;
        let head = text.char_indices().nth(limit - kept).map(|(at, _)| at);
        let tail = text.char_indices().rev().take(kept).last().map(|(at, _)| at);
        match (head.and_then(|at| text.get(..at)), tail.and_then(|at| text.get(at..))) {
            (Some(head), Some(tail)) => Self { head: Visible::one_line(head), tail: Some(Visible::one_line(tail)) },
            _ => whole,
        }
    }

    /// A name or an identifier.
    pub(super) fn name(text: &'a str) -> Self {
        Self::new(text, NAME)
    }
}

impl Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.tail {
            Some(tail) => write!(f, "{} … {tail}", self.head),
            None => self.head.fmt(f),
        }
    }
}

/// A share in per cent.
pub(super) fn percent(share: f64) -> String {
    format!("{:.2}", share * 100.0)
}

/// A difference in points of per cent, with a true minus.
pub(super) fn points(difference: f64) -> String {
    format!("{:+.2}", difference * 100.0).replace('-', "−").replace("+0.00", "0.00").replace("−0.00", "0.00")
}

/// A count; half mentions of the scheme `partial` keep their decimal.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts are small and never negative")]
pub(super) fn count(number: f64) -> String {
    let whole = grouped(number.trunc() as usize);
    if number.fract() == 0.0 { whole } else { format!("{whole}.5") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_lose_their_middle() {
        assert_eq!(Shown::new("short", 5).to_string(), "short");
        assert_eq!(Shown::new("ééééé", 5).to_string(), "ééééé");
        assert_eq!(Shown::new("abcdefghijkl", 8).to_string(), "abcdef … kl");
        assert_eq!(Shown::new("a\n\u{1b}\u{202e}", 8).to_string(), "a ␛⟨U+202E⟩");
    }

    #[test]
    fn numbers_are_those_of_people() {
        assert_eq!((percent(0.912_34), points(-0.012), points(0.0)), ("91.23".into(), "−1.20".into(), "0.00".into()));
        assert_eq!((points(0.1), points(-0.000_001)), ("+10.00".into(), "0.00".into()));
        assert_eq!((count(1234.0), count(0.5)), ("1,234".into(), "0.5".into()));
    }
}
