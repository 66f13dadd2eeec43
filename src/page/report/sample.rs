//! An even choice among things of which there are too many.

/// Takes at most `limit` of `total` things that are shown to it one by one, spread evenly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sample {
    total: usize,
    limit: usize,
    seen: usize,
    taken: usize,
}

impl Sample {
    pub(super) const fn new(total: usize, limit: usize) -> Self {
        Self { total, limit, seen: 0, taken: 0 }
    }

    /// Whether to take the next thing.
    pub(super) fn takes_next(&mut self) -> bool {
        let next = if self.total > self.limit { self.taken * self.total / self.limit.max(1) } else { self.seen };
        let taken = self.taken < self.limit && self.seen == next;
        self.seen += 1;
        self.taken += usize::from(taken);
        taken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(total: usize, limit: usize) -> Vec<usize> {
        let mut sample = Sample::new(total, limit);
        (0..total).filter(|_| sample.takes_next()).collect()
    }

    #[test]
    fn the_choice_is_even_and_never_too_large() {
        assert_eq!(taken(4, 9), [0, 1, 2, 3]);
        assert_eq!(taken(10, 4), [0, 2, 5, 7]);
        assert!(taken(5, 0).is_empty());
        for total in 0..60 {
            for limit in 0..20 {
                assert_eq!(taken(total, limit).len(), total.min(limit));
            }
        }
    }
}
