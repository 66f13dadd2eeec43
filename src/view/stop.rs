//! A space that got lost after a full stop: "in Leeds.Holt left".

use super::{Remain, Shown};

/// Ends of addresses and names of software, which follow a full stop without a space.
const ENDS: [&str; 12] = ["Ai", "Co", "Com", "Edu", "Eu", "Gov", "Io", "Js", "Net", "Org", "Uk", "Us"];

/// How much of an address is looked at on either side, in characters.
const LONGEST: usize = 80;

/// The full stop at `at`, if a sentence ends there.
pub(super) fn read(text: &str, at: usize) -> Option<Remain> {
    let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
    let head = before.get(before.trim_end_matches(char::is_alphabetic).len()..)?;
    let tail = after.get(..after.len() - after.trim_start_matches(char::is_alphabetic).len())?;
    let small = |word: &str| word.chars().skip(1).all(char::is_lowercase);
    let sentence = head.chars().count() > 2
        && small(head)
        && tail.starts_with(char::is_uppercase)
        && tail.chars().count() > 1
        && small(tail)
        && !ENDS.contains(&tail);
    if !sentence || after.get(tail.len()..)?.starts_with(['(', '=', '.']) {
        return None;
    }
    // Addresses, paths and code have signs, or more full stops, before and behind.
    let odd = |c: char| "@/\\_:<>=()#".contains(c);
    let left = before.chars().rev().take(LONGEST).take_while(|c| !c.is_whitespace());
    let right: String = after.chars().take(LONGEST).take_while(|c| !c.is_whitespace()).collect();
    let left: String = left.collect();
    let address = left.contains(odd) || right.trim_end_matches(['.', ',', ':', ')']).contains(odd);
    let code = left.contains('.') || right.trim_end_matches(['.', ',', '"', '”']).contains('.');
    (!address && !code).then(|| Remain::new(at, at + 1, Shown::Text(". ")))
}

#[cfg(test)]
mod tests {
    use crate::view::View;

    #[test]
    fn a_lost_space_is_seen() {
        assert_eq!(View::of("born in Leeds.Holt left.").text(), "born in Leeds. Holt left.");
        for kept in [
            "Ida.Holt@moss.example",
            "www.Moss.Example",
            "Moss.Com",
            "numpy.random.Generator",
            "math.Sum(x)",
            "U.S.Senate",
        ] {
            assert!(View::of(kept).is_identity(), "{kept}: {}", View::of(kept).text());
        }
    }
}
