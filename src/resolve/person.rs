//! How the names of two people relate.

use super::name::Name;
use super::world::World;

/// How one person's name fits another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PersonFit {
    /// They can not be one person: the same family name with different given names.
    Clash,
    /// They have nothing to do with each other.
    None,
    /// One is the other's first name, or the family name of those who put it first: "Ban" and "Ban Ki-moon".
    First,
    /// One is the other's family name: "Aalto" and "Henrik Aalto".
    Family,
    /// The same family name, given names that agree: "J. Smith", "Bill Smith" and "William Henry Smith".
    Full,
}

/// Compares two names of people.
#[must_use]
pub fn fit(world: &World, one: &Name, other: &Name) -> PersonFit {
    let (one, other) = (one.personal(), other.personal());
    let (short, long) = if one.len() <= other.len() { (&one, &other) } else { (&other, &one) };
    let (Some(&short_family), Some(&long_family)) = (short.last(), long.last()) else { return PersonFit::None };
    if short.len() == 1 {
        return if long.len() == 1 {
            if short_family == long_family { PersonFit::Full } else { PersonFit::None }
        } else if short_family == long_family {
            PersonFit::Family
        } else if long[..long.len() - 1].contains(&short_family) {
            PersonFit::First
        } else {
            PersonFit::None
        };
    }
    let same_family = short_family == long_family || near(short_family, long_family);
    if !same_family {
        // "Ban Ki-moon" and "Ki-moon Ban"; "Gabriel García" and "Gabriel García Márquez".
        let contained = short.iter().all(|token| long.contains(token));
        return if contained { PersonFit::Full } else { PersonFit::None };
    }
    let given_short = &short[..short.len() - 1];
    let given_long = &long[..long.len() - 1];
    if given_agree(world, given_short, given_long) { PersonFit::Full } else { PersonFit::Clash }
}

/// Whether the given names can be those of one person: each of the shorter list has a partner, in order.
fn given_agree(world: &World, short: &[&str], long: &[&str]) -> bool {
    if short[0] != long[0]
        && !token_agrees(world, short[0], long[0])
        && !long[1..].iter().any(|token| token_agrees(world, short[0], token))
    {
        return false;
    }
    let mut rest = long.iter();
    short.iter().all(|token| rest.any(|candidate| token_agrees(world, token, candidate)))
}

fn token_agrees(world: &World, one: &str, other: &str) -> bool {
    let initial = |a: &str, b: &str| a.chars().count() == 1 && b.starts_with(a);
    one == other || initial(one, other) || initial(other, one) || world.is_nickname(one, other) || near(one, other)
}

/// One letter more, less or other in a word long enough that this is a slip or a transliteration, not another name.
fn near(one: &str, other: &str) -> bool {
    let shorter = one.chars().count().min(other.chars().count());
    shorter >= 5 && one.chars().next() == other.chars().next() && strsim::osa_distance(one, other) <= 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str) -> PersonFit {
        let world = World::embedded();
        let (one, other) = (Name::parse(one), Name::parse(other));
        let result = fit(&world, &one, &other);
        assert_eq!(result, fit(&world, &other, &one), "not symmetric");
        result
    }

    #[test]
    fn family_and_given_names() {
        assert_eq!(check("Aalto", "Henrik Aalto"), PersonFit::Family);
        assert_eq!(check("Ban", "Ban Ki-moon"), PersonFit::First);
        assert_eq!(check("J. Smith", "John Smith"), PersonFit::Full);
        assert_eq!(check("Bill Smith", "William H. Smith"), PersonFit::Full);
        assert_eq!(check("Susan Marchetti", "David Marchetti"), PersonFit::Clash);
        assert_eq!(check("George W. Bush", "Laura Bush"), PersonFit::Clash);
        assert_eq!(check("Bashar al-Assad", "Assad"), PersonFit::Family);
        assert_eq!(check("Mikhail Gorbachev", "Mikhail Gorbachov"), PersonFit::Full);
        assert_eq!(check("Park", "Kim"), PersonFit::None);
    }
}
