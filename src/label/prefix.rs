//! The prefixes with which tag schemes say where in a mention a word stands: BIO, IOBES, BILOU, BMES.

/// Position of a label inside a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// First word of a mention.
    Begin,
    /// A later word, or any word where the scheme knows no first.
    Inside,
    /// The last word of several, in the schemes that mark it.
    End,
    /// The only word of a mention, in the schemes that mark it.
    Single,
}

/// Position and type of a model's label; `None` outside every mention. A bare type is the scheme in which neighbours of one
/// type are one mention.
#[must_use]
pub fn split(label: &str) -> Option<(Position, &str)> {
    if label == "O" {
        return None;
    }
    let position = match label.as_bytes() {
        [letter, b'-' | b'_', _, ..] => position(*letter),
        _ => None,
    };
    Some(position.map_or((Position::Inside, label), |position| (position, &label[2..])))
}

/// A label without the prefix of a scheme, if it has one: `B-PER` is `PER`, `geo-loc` stays.
#[must_use]
pub fn without_prefix(label: &str) -> &str {
    match label.as_bytes() {
        [letter, b'-', _, ..] if position(*letter).is_some() => &label[2..],
        _ => label,
    }
}

const fn position(letter: u8) -> Option<Position> {
    match letter {
        b'B' => Some(Position::Begin),
        b'I' | b'M' => Some(Position::Inside),
        b'E' | b'L' => Some(Position::End),
        b'S' | b'U' | b'W' => Some(Position::Single),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_told_from_types() {
        assert_eq!(split("O"), None);
        assert_eq!(split("B-PER"), Some((Position::Begin, "PER")));
        assert_eq!(split("W_geo-loc"), Some((Position::Single, "geo-loc")));
        assert_eq!(split("geo-loc"), Some((Position::Inside, "geo-loc")));
        assert_eq!(split("B-"), Some((Position::Inside, "B-")));
        assert_eq!([without_prefix("L-GPE"), without_prefix("geo-loc"), without_prefix("O")], ["GPE", "geo-loc", "O"]);
        assert_eq!(without_prefix("B-é"), "é");
    }
}
