//! Tag schemes of token labels: told apart, read, written.
//!
//! There are two readings: a forgiving one, as `conlleval` has it, and the strict one of `seqeval` with `mode="strict"`,
//! in which a span counts only if its labels spell it exactly as the scheme demands.

/// How labels mark where a span begins and ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TagScheme {
    /// `B-` only where a span follows another of its type directly (CoNLL-2003 as first published).
    Iob1,
    /// `B-` at the start of every span.
    Iob2,
    /// `B-`, `I-`, `E-` for longer spans, `S-` for spans of one token.
    Iobes,
    /// `B-`, `I-`, `L-` for longer spans, `U-` for spans of one token.
    Bilou,
}

impl TagScheme {
    /// The scheme's usual name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Iob1 => "IOB1",
            Self::Iob2 => "IOB2",
            Self::Iobes => "IOBES",
            Self::Bilou => "BILOU",
        }
    }

    /// Prefix of a span's last token and of a span of one token, in the schemes that mark the end.
    const fn closing(self) -> Option<(char, char)> {
        match self {
            Self::Iob1 | Self::Iob2 => None,
            Self::Iobes => Some(('E', 'S')),
            Self::Bilou => Some(('L', 'U')),
        }
    }
}

impl std::fmt::Display for TagScheme {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.name())
    }
}

/// The prefix letter and the type of a label. `O`, the empty label and `_` are outside; a bare type is inside.
pub(crate) fn split(label: &str) -> (char, &str) {
    if let [prefix @ (b'B' | b'I' | b'E' | b'S' | b'L' | b'U'), b'-', ..] = label.as_bytes() {
        return (char::from(*prefix), &label[2..]);
    }
    match label.split_once('-') {
        Some((prefix, kind)) => (prefix.chars().next().unwrap_or('O'), kind),
        None if matches!(label, "O" | "" | "_") => ('O', ""),
        None if matches!(label, "B" | "I" | "E" | "S" | "L" | "U") => (label.chars().next().unwrap_or('I'), "_"),
        // A bare type is the IO scheme: neighbours of one type are one span.
        None => ('I', label),
    }
}

/// Collects what labels of a file tell about its scheme, sentence by sentence.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct SchemeDetector {
    es: bool,
    lu: bool,
    needless_b: bool,
    stray_i: u64,
}

impl SchemeDetector {
    /// Looks at the labels of one sentence.
    pub(crate) fn add<S: AsRef<str>>(&mut self, labels: &[S]) {
        let mut previous = ('O', "");
        for label in labels {
            let label = split(label.as_ref());
            let follows = previous.0 != 'O' && previous.1 == label.1;
            match label.0 {
                'E' | 'S' => self.es = true,
                'L' | 'U' => self.lu = true,
                'B' if !follows => self.needless_b = true,
                'I' if !follows => self.stray_i += 1,
                _ => {}
            }
            previous = label;
        }
    }

    /// The scheme: IOBES or BILOU if their letters occur, IOB1 if every `B-` parts two spans of one type, else IOB2.
    #[must_use]
    pub(crate) const fn scheme(&self) -> TagScheme {
        if self.es {
            TagScheme::Iobes
        } else if self.lu {
            TagScheme::Bilou
        } else if self.stray_i > 0 && !self.needless_b {
            TagScheme::Iob1
        } else {
            TagScheme::Iob2
        }
    }

    /// `I-` labels that continue nothing though the scheme is not IOB1. They open a span, as in `conlleval`.
    #[must_use]
    pub(crate) const fn stray(&self) -> u64 {
        if matches!(self.scheme(), TagScheme::Iob1) { 0 } else { self.stray_i }
    }
}

/// First token, one past the last, and the type of each span that `labels` of one sentence spell, read as `conlleval` (Tjong
/// Kim Sang and Buchholz 2000) does: IOB1, IOB2, IOBES and BILOU alike; a label that continues nothing opens a span.
pub(crate) fn spans_of<S: AsRef<str>>(labels: &[S]) -> Vec<(usize, usize, &str)> {
    let mut spans = Vec::new();
    let mut open: Option<(usize, &str)> = None;
    let mut previous = 'O';
    for (index, label) in labels.iter().map(AsRef::as_ref).enumerate() {
        let (prefix, kind) = split(label);
        let continues = matches!((previous, prefix), ('B' | 'I', 'I' | 'E' | 'L'))
            && open.is_some_and(|(_, open_kind)| open_kind == kind);
        if !continues && let Some((start, open_kind)) = open.take() {
            spans.push((start, index, open_kind));
        }
        if prefix != 'O' && !continues {
            open = Some((index, kind));
        }
        previous = prefix;
    }
    if let Some((start, kind)) = open {
        spans.push((start, labels.len(), kind));
    }
    spans
}

/// The spans that `labels` spell exactly as `scheme` demands; everything else is no span.
pub(crate) fn strict_spans_of<S: AsRef<str>>(labels: &[S], scheme: TagScheme) -> Vec<(usize, usize, &str)> {
    let labels: Vec<(char, &str)> = labels.iter().map(|label| split(label.as_ref())).collect();
    let mut spans = Vec::new();
    let mut previous = ('O', "");
    let mut at = 0;
    while let Some(&first) = labels.get(at) {
        let start = at;
        at += 1;
        if starts(scheme, previous, first) {
            while labels.get(at).is_some_and(|&label| inside(scheme, labels[at - 1], label)) {
                at += 1;
            }
            let next = labels.get(at).copied().unwrap_or(('O', ""));
            if ends(scheme, labels[at - 1], next) {
                spans.push((start, at, first.1));
            }
        }
        previous = labels[at - 1];
    }
    spans
}

fn starts(scheme: TagScheme, previous: (char, &str), label: (char, &str)) -> bool {
    match (scheme.closing(), scheme) {
        (Some((_, single)), _) => label.0 == 'B' || label.0 == single,
        (None, TagScheme::Iob1) => match (previous.0, label.0) {
            ('O' | 'B', 'I') => true,
            ('I', 'I') => previous.1 != label.1,
            ('B' | 'I', 'B') => previous.1 == label.1,
            _ => false,
        },
        (None, _) => label.0 == 'B',
    }
}

fn inside(scheme: TagScheme, previous: (char, &str), label: (char, &str)) -> bool {
    let goes_on = label.0 == 'I' || scheme.closing().is_some_and(|(last, _)| label.0 == last);
    goes_on && matches!(previous.0, 'B' | 'I') && previous.1 == label.1
}

fn ends(scheme: TagScheme, last: (char, &str), next: (char, &str)) -> bool {
    match scheme.closing() {
        Some((end, single)) => last.0 == end || last.0 == single,
        // seqeval knows no end of an IOB1 span before a `B-` of another type, as the scheme has no such `B-`.
        None => scheme == TagScheme::Iob2 || !(last.0 == 'B' && next.0 == 'B' && last.1 != next.1),
    }
}

/// Writes spans as strict IOB2 labels of `length` tokens. Spans must not overlap; one that would is left out.
pub(crate) fn to_iob2(spans: &[(usize, usize, &str)], length: usize) -> Vec<String> {
    let mut labels = vec![String::from("O"); length];
    for &(start, end, kind) in spans {
        let Some(slots) = labels.get_mut(start..end) else { continue };
        if slots.iter().all(|label| label == "O") {
            for (offset, slot) in slots.iter_mut().enumerate() {
                *slot = format!("{}-{kind}", if offset == 0 { 'B' } else { 'I' });
            }
        }
    }
    labels
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scheme(labels: &str) -> TagScheme {
        let mut detector = SchemeDetector::default();
        detector.add(&labels.split(' ').collect::<Vec<_>>());
        detector.scheme()
    }

    fn strict(labels: &str, scheme: TagScheme) -> Vec<(usize, usize)> {
        let labels: Vec<&str> = labels.split(' ').collect();
        strict_spans_of(&labels, scheme).into_iter().map(|(start, end, _)| (start, end)).collect()
    }

    #[test]
    fn tells_the_schemes_apart() {
        assert_eq!(scheme("I-PER I-PER O I-LOC B-LOC"), TagScheme::Iob1);
        assert_eq!(scheme("B-PER I-PER O B-LOC"), TagScheme::Iob2);
        assert_eq!(scheme("O O"), TagScheme::Iob2);
        assert_eq!(scheme("B-PER E-PER S-LOC"), TagScheme::Iobes);
        assert_eq!(scheme("B-PER L-PER U-LOC"), TagScheme::Bilou);
        assert_eq!(scheme("B-PER O I-LOC"), TagScheme::Iob2);
    }

    #[test]
    fn strict_reading_drops_what_the_scheme_forbids() {
        assert_eq!(strict("I-PER I-PER O B-PER I-PER", TagScheme::Iob2), [(3, 5)]);
        assert_eq!(strict("B-PER I-LOC", TagScheme::Iob2), [(0, 1)]);
        assert_eq!(strict("B-PER I-PER O S-PER B-PER I-PER E-PER", TagScheme::Iobes), [(3, 4), (4, 7)]);
        assert_eq!(strict("B-PER L-PER U-PER I-PER", TagScheme::Bilou), [(0, 2), (2, 3)]);
        assert_eq!(strict("I-PER B-PER B-LOC", TagScheme::Iob1), [(0, 1)]);
        assert_eq!(strict("B-PER I-PER", TagScheme::Iob1), [(1, 2)]);
    }

    #[test]
    fn written_labels_read_back() {
        let labels = to_iob2(&[(0, 2, "PER"), (2, 3, "PER"), (1, 3, "LOC"), (4, 9, "LOC")], 5);
        assert_eq!(labels, ["B-PER", "I-PER", "B-PER", "O", "O"]);
        assert_eq!(spans_of(&labels).len(), 2);
    }

    #[test]
    fn the_forgiving_reading_knows_every_scheme() {
        let spans = |labels: &str| -> Vec<(usize, usize, String)> {
            let labels: Vec<&str> = labels.split(' ').collect();
            spans_of(&labels).into_iter().map(|(start, end, kind)| (start, end, kind.to_owned())).collect()
        };
        let per = |start, end| (start, end, "PER".to_owned());
        assert_eq!(spans("B-PER I-PER O B-PER"), [per(0, 2), per(3, 4)]);
        assert_eq!(spans("I-PER I-PER B-PER"), [per(0, 2), per(2, 3)]);
        assert_eq!(spans("B-PER E-PER S-PER S-PER"), [per(0, 2), per(2, 3), per(3, 4)]);
        assert_eq!(spans("B-PER L-PER U-PER"), [per(0, 2), per(2, 3)]);
        assert_eq!(spans("I-LOC I-PER"), [(0, 1, "LOC".to_owned()), per(1, 2)]);
        assert_eq!(spans("PER PER O"), [per(0, 2)]);
        assert!(spans("O _").is_empty());
    }
}
