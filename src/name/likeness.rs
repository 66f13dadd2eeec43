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
    let first = match (left[0], right[0]) {
        (a, b) if a == b => true,
        (a, b) => [('c', 'k'), ('j', 'y'), ('i', 'y'), ('f', 'v'), ('k', 'q'), ('g', 'k'), ('u', 'w')]
            .iter()
            .any(|&(x, y)| (a, b) == (x, y) || (a, b) == (y, x)),
    };
    first && edits(&left, &right) <= if shorter >= 8 { 2 } else { 1 }
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
