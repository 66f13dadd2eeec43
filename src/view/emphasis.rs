//! Marks of Markdown around words: `*x*`, `**x**`, `_x_`, and backquotes; backslashes before marks.

use super::{Remain, neighbours};

/// How far the end of an emphasis is looked for, in bytes.
const REACH: usize = 300;

/// Longest run of marks that is an emphasis.
const RUN: usize = 3;

/// The marks that begin at `at` and those that close them.
pub(super) fn read(text: &str, at: usize, found: &mut Vec<Remain>) {
    let Some(&mark) = text.as_bytes().get(at) else { return };
    if neighbours(text, at, at).0.is_some_and(|c| c.is_alphanumeric() || c == char::from(mark) || c == '\\') {
        return;
    }
    let run = run_length(text, at, mark);
    let after = neighbours(text, at, at + run).1;
    // The end of an emphasis that was read before.
    let closes = found.iter().rev().take(8).any(|remain| remain.span.start == at);
    if run > RUN
        || closes
        || !after.is_some_and(|c| c.is_alphanumeric() || "[\"'“‘(*_`<&".contains(c) && c != char::from(mark))
    {
        return;
    }
    if let Some(end) = closing(text, at + run, mark, run) {
        found.push(Remain::hidden(at, at + run));
        found.push(Remain::hidden(end, end + run));
    }
}

/// Where the run of `run` marks stands that closes an emphasis, in the same paragraph.
fn closing(text: &str, from: usize, mark: u8, run: usize) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut at = from;
    while at < bytes.len().min(from + REACH) {
        match bytes[at] {
            b'\n' if bytes.get(at + 1).is_some_and(|byte| matches!(byte, b'\n' | b'\r')) => return None,
            // Code is written in one line.
            b'\n' if mark == b'`' => return None,
            byte if byte == mark => {
                let length = run_length(text, at, mark);
                let (before, after) = neighbours(text, at, at + length);
                let ends = before.is_some_and(|c| !c.is_whitespace() && c != '\\')
                    && !after.is_some_and(char::is_alphanumeric);
                if length == run && ends && at > from {
                    return Some(at);
                }
                at += length;
            }
            _ => at += 1,
        }
    }
    None
}

fn run_length(text: &str, at: usize, mark: u8) -> usize {
    text.as_bytes().iter().skip(at).take(REACH).take_while(|byte| **byte == mark).count()
}

/// The backslash at `at`, if a mark follows that would have a meaning without it.
pub(super) fn escape(text: &str, at: usize) -> Option<Remain> {
    let next = text.as_bytes().get(at + 1)?;
    br#"_*[]()#&%$-.!~`>+|'""#.contains(next).then(|| Remain::hidden(at, at + 1))
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn emphasis_is_left_out() {
        let seen = |text: &str| View::of(text).text().to_owned();
        assert_eq!(seen("| _Ida Holt_ | `Moss` | ***Leeds*** |"), "| Ida Holt | Moss | Leeds |");
        assert_eq!(seen("*Ida* met **Ann\nMoss**."), "Ida met Ann\nMoss.");
        for kept in [
            "snake_case_name",
            "2 * 3 * 4",
            "*Ida\n\nHolt*",
            "``Hi'' and ``no''",
            "____ x ____",
            "f(*args, **more)",
            "`",
        ] {
            assert!(View::of(kept).is_identity(), "{kept}: {}", seen(kept));
        }
    }

    #[test]
    fn escapes_are_left_out() {
        assert_eq!(View::of(r"Ida\_Holt \& Moss, \\x C:\temp").text(), r"Ida_Holt & Moss, \\x C:\temp");
    }
}
