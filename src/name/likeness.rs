//! Whether two words are spellings of one.

/// Whether two folded words differ by little enough to be two spellings or transliterations of one: one edit from four
/// letters on, two from eight on, and the same first letter (or a customary exchange of it).
pub(crate) fn similar(left: &str, right: &str) -> bool {
    let digits = |word: &str| word.chars().filter(|c| c.is_numeric()).collect::<String>();
    if digits(left) != digits(right) {
        return false;
    }
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    let shorter = left.len().min(right.len());
    if shorter < 4 || left.len().abs_diff(right.len()) > 2 {
        return false;
    }
    is_exchange(left[0], right[0]) && edits(&left, &right) <= if shorter >= 8 { 2 } else { 1 }
}

/// Whether two words begin alike: with one letter, or with two that spellings exchange.
pub(crate) fn same_beginning(left: &str, right: &str) -> bool {
    left.chars().next().zip(right.chars().next()).is_some_and(|(left, right)| is_exchange(left, right))
}

/// Whether two first letters are one or stand for one sound.
fn is_exchange(left: char, right: char) -> bool {
    const EXCHANGED: [(char, char); 8] =
        [('c', 'k'), ('j', 'y'), ('i', 'y'), ('f', 'v'), ('k', 'q'), ('g', 'k'), ('g', 'q'), ('u', 'w')];
    left == right
        || EXCHANGED.iter().any(|&(one, other)| (left, right) == (one, other) || (left, right) == (other, one))
}

/// Levenshtein distance where swapping two neighbours is one edit.
fn edits(left: &[char], right: &[char]) -> usize {
    let width = right.len() + 1;
    let mut before: Vec<usize> = vec![0; width];
    let mut last: Vec<usize> = (0..width).collect();
    for (i, &a) in left.iter().enumerate() {
        let mut row = vec![i + 1; width];
        for (j, &b) in right.iter().enumerate() {
            let mut cost = (last[j] + usize::from(a != b)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a == right[j - 1] && left[i - 1] == b {
                cost = cost.min(before[j - 1] + 1);
            }
            row[j + 1] = cost;
        }
        before = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_differences_are_similar_and_others_are_not() {
        assert!(similar("muhammad", "mohammed"));
        assert!(similar("jelena", "yelena"));
        assert!(!similar("mark", "mary"[..3].into()));
        assert!(!similar("hall", "ball"));
        assert!(!similar("terminal1", "terminal2"));
    }
}
