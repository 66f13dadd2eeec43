//! Short texts of every kind of alias fault (`tests/texts/cases.txt`), judged on clusters and names with the right mentions given.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use namesake::document::Span;
use namesake::entity_type::EntityType;
use namesake::mention::Mention;
use namesake::resolve::Resolver;
use std::collections::{BTreeMap, BTreeSet};

/// A text with its right entities.
#[derive(Default)]
struct Case {
    name: String,
    text: String,
    mentions: Vec<Mention>,
    /// The key of each mention: what shares one is one entity.
    keys: Vec<String>,
    /// For a key, the names that are right.
    names: BTreeMap<String, Vec<String>>,
    /// What no entity may be called.
    never: Vec<String>,
}

impl Case {
    fn read(block: &str) -> Self {
        let (name, body) = block.split_once('\n').unwrap();
        let mut case = Self { name: name.to_owned(), ..Self::default() };
        for line in body.trim_end().lines() {
            if let Some((key, names)) = line.strip_prefix("= ").and_then(|line| line.split_once(": ")) {
                case.names.insert(key.to_owned(), names.split('/').map(str::to_owned).collect());
            } else if let Some(name) = line.strip_prefix("! ") {
                case.never.push(name.to_owned());
            } else {
                case.text.push_str(line);
                case.text.push('\n');
            }
        }
        case.take_marks_out();
        case
    }

    fn take_marks_out(&mut self) {
        let marked = std::mem::take(&mut self.text);
        for part in marked.split('⟦') {
            let Some((inside, after)) = part.split_once('⟧') else {
                self.text.push_str(part);
                continue;
            };
            let (surface, mark) = inside.rsplit_once('|').unwrap();
            let (label, key) = mark.split_once(' ').unwrap();
            let start = self.text.len();
            self.text.push_str(surface);
            let (span, entity_type) = (Span::new(start, self.text.len()), EntityType::known(label).unwrap());
            self.mentions.push(Mention { span, entity_type, score: 0.95 });
            self.keys.push(key.to_owned());
            self.text.push_str(after);
        }
    }

    /// What is wrong with the resolver's answer.
    fn faults(mut self) -> Vec<String> {
        let entities = Resolver::embedded().resolve(&self.text, &mut self.mentions);
        let mut faults = Vec::new();
        let mut parts: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for (number, entity) in entities.iter().enumerate() {
            let keys: BTreeSet<&str> = entity.mentions.iter().map(|&at| self.keys[at].as_str()).collect();
            for &key in &keys {
                parts.entry(key).or_default().insert(number);
            }
            if keys.len() > 1 {
                faults.push(format!("merged {keys:?} as {:?}", entity.name));
            }
            if self.never.contains(&entity.name) {
                faults.push(format!("an entity is called {:?}", entity.name));
            }
        }
        for (key, numbers) in parts {
            let called: Vec<&str> = numbers.iter().map(|&number| entities[number].name.as_str()).collect();
            if numbers.len() > 1 {
                faults.push(format!("{key} is split: {called:?}"));
            } else if let Some(names) = self.names.get(key)
                && !names.iter().any(|name| name == called[0])
            {
                faults.push(format!("{key} is called {:?}, not {names:?}", called[0]));
            }
        }
        faults
    }
}

#[test]
fn clusters_and_names_of_all_texts_are_right_but_for_those_marked_as_open() {
    let blocks = include_str!("texts/cases.txt").split("\n## ").skip(1);
    let (mut wrong, mut mended) = (Vec::new(), Vec::new());
    for block in blocks {
        let case = Case::read(block);
        let name = case.name.clone();
        let faults = case.faults();
        match name.strip_prefix("? ") {
            Some(open) if faults.is_empty() => mended.push(open.to_owned()),
            Some(_) => {}
            None => wrong.extend(faults.into_iter().map(|fault| format!("{name}: {fault}"))),
        }
    }
    assert!(wrong.is_empty(), "{} faults\n{}", wrong.len(), wrong.join("\n"));
    assert!(mended.is_empty(), "right now, so take their mark off:\n{}", mended.join("\n"));
}
