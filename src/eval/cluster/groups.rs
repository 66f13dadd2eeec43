//! Things by the number of their group, without sorting them all: groups are numbered without gaps.

/// Values of each group, in their order.
pub(super) struct Groups<T> {
    /// Where each group begins; one more for the end.
    starts: Vec<usize>,
    values: Vec<T>,
}

impl<T: Copy> Groups<T> {
    /// Groups `members`, which are gone through twice.
    pub(super) fn new(members: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut starts = Vec::new();
        for (group, _) in members.clone() {
            let group = group as usize;
            if starts.len() < group + 2 {
                starts.resize(group + 2, 0);
            }
            starts[group + 1] += 1;
        }
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut next = starts.clone();
        let Some((_, first)) = members.clone().next() else { return Self { starts, values: Vec::new() } };
        let mut values = vec![first; starts.last().copied().unwrap_or_default()];
        for (group, value) in members {
            let place = &mut next[group as usize];
            values[*place] = value;
            *place += 1;
        }
        Self { starts, values }
    }

    /// Each group, in the order of the numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.starts.windows(2).map(|border| &self.values[border[0]..border[1]])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_keep_the_order_of_their_members() {
        let members = [(2, 'a'), (0, 'b'), (2, 'c')];
        let groups = Groups::new(members.into_iter());
        assert_eq!(groups.iter().map(<[char]>::to_vec).collect::<Vec<_>>(), [vec!['b'], vec![], vec!['a', 'c']]);
        assert_eq!(Groups::<char>::new(std::iter::empty()).iter().count(), 0);
    }
}
