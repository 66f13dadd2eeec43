//! Labels of the tokens of a document, as numbers of its few different labels: a name for each token would take most of
//! the memory of a large file.

/// Labels by sentence.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct TokenLabels {
    names: Vec<Box<str>>,
    sentences: Vec<Box<[u16]>>,
}

impl TokenLabels {
    /// Appends the labels of a sentence. Of more than 65 536 different labels the last ones become one.
    pub fn push<S: AsRef<str>>(&mut self, labels: &[S]) {
        let numbers = labels.iter().map(|label| self.number(label.as_ref())).collect();
        self.sentences.push(numbers);
    }

    fn number(&mut self, label: &str) -> u16 {
        // There are few, and the commonest (`O`) comes early: a search is faster than a hash.
        let known = self.names.iter().position(|known| **known == *label);
        let place = known.unwrap_or_else(|| {
            self.names.push(label.into());
            self.names.len() - 1
        });
        u16::try_from(place).unwrap_or(u16::MAX)
    }

    /// Labels of each sentence.
    pub fn sentences(&self) -> impl Iterator<Item = Vec<&str>> {
        let name = |&number: &u16| self.names.get(usize::from(number)).map_or("O", |name| &**name);
        self.sentences.iter().map(move |sentence| sentence.iter().map(name).collect())
    }

    /// The labels of one sentence alone.
    #[must_use]
    pub fn sentence(&self, index: usize) -> Self {
        Self { names: self.names.clone(), sentences: self.sentences.get(index).cloned().into_iter().collect() }
    }

    /// Replaces each label that `rename` has another for.
    pub fn rename(&mut self, mut rename: impl FnMut(&str) -> Option<String>) {
        for name in &mut self.names {
            if let Some(other) = rename(name) {
                *name = other.into();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_come_out_as_they_went_in() {
        let names: Vec<Box<str>> = ["O", "B-PER", "O"].map(Box::from).to_vec();
        let mut labels = TokenLabels::default();
        labels.push(&names);
        labels.push::<&str>(&[]);
        labels.push(&names[1..2]);
        assert_eq!(labels.names.len(), 2);
        labels.rename(|label| (label == "B-PER").then(|| "B-person".to_owned()));
        let read: Vec<Vec<&str>> = labels.sentences().collect();
        assert_eq!(read, [vec!["O", "B-person", "O"], vec![], vec!["B-person"]]);
        assert_eq!(labels.sentence(2).sentences().collect::<Vec<_>>(), [["B-person"]]);
    }
}
