//! Which entity of a document's former self is which of its present one: names change when a text or a model does.

use super::database::Member;
use super::document::DocumentEntity;
use super::score::Newcomer;
use crate::name::{Form, Strength};
use std::cmp::Reverse;

/// How well a member fits a newcomer; what says more comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Fit {
    same_name: bool,
    same_type: bool,
    strength: Strength,
    shared: usize,
}

/// For each of `newcomers`, the number of the member that it was; each member is at most one of them.
pub(super) fn former_members(
    entities: &[DocumentEntity],
    newcomers: &[Newcomer],
    before: &[Member],
) -> Vec<Option<usize>> {
    let mut fits = Vec::new();
    for (number, newcomer) in newcomers.iter().enumerate() {
        for (former, member) in before.iter().enumerate() {
            let same_name = entities[number].name == member.name;
            if let Some(fit) = fit(newcomer, same_name, member) {
                fits.push((Reverse(fit), number, former));
            }
        }
    }
    fits.sort_unstable();
    let mut found = vec![None; newcomers.len()];
    let mut taken = vec![false; before.len()];
    for (_, number, former) in fits {
        if found[number].is_none() && !taken[former] {
            found[number] = Some(former);
            taken[former] = true;
        }
    }
    found
}

fn fit(newcomer: &Newcomer, same_name: bool, member: &Member) -> Option<Fit> {
    let names = std::iter::once(member.name.as_str()).chain(member.aliases.iter().map(|alias| alias.text.as_str()));
    let forms: Vec<Form> = names.filter_map(|name| Form::parse(name, newcomer.entity_type)).collect();
    let is_shared = |form: &&Form| forms.iter().any(|other| other.key == form.key);
    let shared: Vec<&Form> = newcomer.forms.iter().filter(is_shared).collect();
    let strength = shared.iter().map(|form| form.strength).max()?;
    let same_type = newcomer.entity_type == member.entity_type;
    // A part of a name that two whole names share says nothing.
    let whole = |mut all: std::slice::Iter<'_, Form>| all.any(|form| form.strength > strength);
    if !(same_name && same_type) && whole(newcomer.forms.iter()) && whole(forms.iter()) {
        return None;
    }
    Some(Fit { same_name: same_name && same_type, same_type, strength, shared: shared.len() })
}
