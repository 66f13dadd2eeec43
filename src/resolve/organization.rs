//! How the names of two organisations relate.

use super::name::Name;

/// How one organisation's name fits another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OrganizationFit {
    /// They have nothing to do with each other.
    None,
    /// One ends like the other begins or ends: "Red Cross" and "International Committee of the Red Cross".
    Tail,
    /// One begins with the other: "Oakmoor" and "Oakmoor Laboratories".
    Head,
    /// One is the acronym of the other.
    Acronym,
    /// The same but for the legal form: "Apple" and "Apple Inc.".
    Core,
}

/// Heads that say what an organisation is, not which: "Bank" is not short for "Bank of England".
const COMMON_HEADS: [&str; 34] = [
    "bank",
    "ministry",
    "department",
    "national",
    "international",
    "university",
    "state",
    "federal",
    "central",
    "royal",
    "new",
    "united",
    "american",
    "first",
    "general",
    "house",
    "supreme",
    "high",
    "world",
    "party",
    "court",
    "institute",
    "council",
    "committee",
    "union",
    "north",
    "south",
    "east",
    "west",
    "northern",
    "southern",
    "eastern",
    "western",
    "people",
];

/// Compares two names of organisations.
#[must_use]
pub fn fit(one: &Name, other: &Name) -> OrganizationFit {
    if one.core == other.core || one.core_key() == other.core_key() {
        return OrganizationFit::Core;
    }
    let acronym_of = |acronym: &Name, long: &Name| {
        acronym.acronym.as_ref().is_some_and(|letters| long.core.len() > 1 && long.initials.contains(letters))
    };
    if acronym_of(one, other) || acronym_of(other, one) {
        return OrganizationFit::Acronym;
    }
    let (short, long) =
        if one.core.len() <= other.core.len() { (&one.core, &other.core) } else { (&other.core, &one.core) };
    if short.len() < long.len() {
        let telling = short.len() > 1 || (short[0].chars().count() >= 3 && !COMMON_HEADS.contains(&short[0].as_str()));
        if telling && long.starts_with(short) {
            return OrganizationFit::Head;
        }
        if telling && long.ends_with(short) {
            return OrganizationFit::Tail;
        }
    }
    OrganizationFit::None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(one: &str, other: &str) -> OrganizationFit {
        let (one, other) = (Name::parse(one), Name::parse(other));
        assert_eq!(fit(&one, &other), fit(&other, &one), "not symmetric");
        fit(&one, &other)
    }

    #[test]
    fn legal_forms_acronyms_and_short_forms() {
        assert_eq!(check("Apple Inc.", "Apple"), OrganizationFit::Core);
        assert_eq!(check("FDA", "Food and Drug Administration"), OrganizationFit::Acronym);
        assert_eq!(check("Oakmoor", "Oakmoor Laboratories Plc"), OrganizationFit::Head);
        assert_eq!(check("Bank", "Bank of England"), OrganizationFit::None);
        assert_eq!(check("Helix", "Oakmoor"), OrganizationFit::None);
    }
}
