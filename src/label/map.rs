//! Which label becomes which, where two inventories of labels meet: a system and its gold, a user's model and our types.

use std::collections::BTreeMap;

/// A part of a map is not understood.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("cannot read {part:?}: expected LABEL=LABEL (or LABEL= to drop one), parted by commas, or `ontonotes`")]
pub struct MapError {
    part: String,
}

/// Which label becomes which; `None` drops it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct LabelMap(BTreeMap<String, Option<String>>);

impl std::str::FromStr for LabelMap {
    type Err = MapError;

    /// Reads `GPE=LOC,PERSON=PER`, parted by commas or line breaks; `ontonotes` stands for the ready map; later parts win.
    fn from_str(text: &str) -> Result<Self, MapError> {
        let mut map = Self::default();
        for part in text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()) {
            if part.eq_ignore_ascii_case("ontonotes") {
                let entries = super::ontonotes().map(|(from, to)| (from.to_owned(), to.map(str::to_owned)));
                map.0.extend(entries);
                continue;
            }
            let (from, to) = part.split_once('=').ok_or_else(|| MapError { part: part.to_owned() })?;
            if from.trim().is_empty() {
                return Err(MapError { part: part.to_owned() });
            }
            map.0.insert(from.trim().to_owned(), Some(to.trim().to_owned()).filter(|to| !to.is_empty()));
        }
        Ok(map)
    }
}

impl LabelMap {
    /// Adds the entries of another map, which win over those that are here.
    pub fn extend(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// What `label` becomes: `None` if the map does not know it, `Some(None)` if it is dropped.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<Option<&str>> {
        self.0.get(label).map(Option::as_deref)
    }

    /// Every label that the map knows, with what it becomes.
    pub fn entries(&self) -> impl Iterator<Item = (&str, Option<&str>)> {
        self.0.iter().map(|(from, to)| (from.as_str(), to.as_deref()))
    }

    /// Whether it changes nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn maps_are_read() {
        let map: LabelMap = "GPE=LOC, PERSON=PER\nDATE=".parse().unwrap();
        assert_eq!((map.get("DATE"), map.get("PERSON"), map.get("X")), (Some(None), Some(Some("PER")), None));
        assert_eq!("ontonotes,NORP=".parse::<LabelMap>().unwrap().get("NORP"), Some(None));
        assert!("GPE".parse::<LabelMap>().is_err() && "=LOC".parse::<LabelMap>().is_err());
    }
}
