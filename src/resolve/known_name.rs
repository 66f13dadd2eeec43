//! A name together with what the world knows under it.

use crate::knowledge::{Sense, World};
use crate::name::Name;
use std::ops::Deref;

/// A name, and the entries that its form may stand for.
#[derive(Debug, Clone)]
pub(crate) struct KnownName {
    name: Name,
    /// Those that the document supports, once its evidence is heard ([`super::evidence`]).
    pub(crate) senses: Vec<Sense>,
    /// Those that are only likely, with a probability.
    pub(crate) likely: Vec<(Sense, f32)>,
}

impl KnownName {
    /// Takes `surface` apart and looks it up; a company is also known without its legal form.
    pub(crate) fn read(surface: &str, world: &World) -> Self {
        let name = Name::parse(surface);
        let mut senses = world.senses(&name.surface, &name.key);
        if senses.is_empty() && name.organization.legal {
            senses = world.senses("", &name.organization.core.join(" "));
        }
        Self { name, senses, likely: Vec::new() }
    }
}

impl Deref for KnownName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.name
    }
}
