//! A name together with what the world knows under it.

use crate::knowledge::{Sense, World};
use crate::name::Name;
use std::ops::Deref;

/// A name, and the entries that its form may stand for.
#[derive(Debug, Clone)]
pub(crate) struct KnownName {
    name: Name,
    pub(crate) senses: Vec<Sense>,
}

impl KnownName {
    /// Takes `surface` apart and looks it up; a company is also known without its legal form.
    pub(crate) fn read(surface: &str, world: &World) -> Self {
        let name = Name::parse(surface);
        let mut senses = world.senses(&name.surface, &name.key);
        if senses.is_empty() && name.organization.legal {
            senses = world.senses("", &name.organization.core.join(" "));
        }
        Self { name, senses }
    }
}

impl Deref for KnownName {
    type Target = Name;

    fn deref(&self) -> &Name {
        &self.name
    }
}
