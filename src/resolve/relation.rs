//! How two forms are related: one word from a fixed list, read according to the types of the two.

use super::cue::{Cue, phrases};
use super::known_name::KnownName;
use crate::entity_type::EntityType;
use crate::knowledge::World;
use crate::name::{Name, OrganizationFit, PersonFit, PlaceFit};

/// The types of two mentions, as far as they decide how names are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Kind {
    /// Both persons.
    Per,
    /// Both organisations.
    Org,
    /// Both places.
    Loc,
    /// Both other names.
    Misc,
    /// An organisation and a place.
    OrgLoc,
    /// A person and something else.
    PerOther,
    /// An other name and an organisation or place.
    MiscOther,
}

impl Kind {
    /// Every kind, in the order of their numbers.
    pub(crate) const ALL: [Self; 7] =
        [Self::Per, Self::Org, Self::Loc, Self::Misc, Self::OrgLoc, Self::PerOther, Self::MiscOther];

    /// The kind of a pair of types. Own types are not compared so: `own.rs` finds what belongs to them.
    pub(crate) fn of(left: EntityType, right: EntityType) -> Self {
        use EntityType::{Loc, Misc, Org, Own, Per};
        match (left, right) {
            (Per, Per) => Self::Per,
            (Org, Org) => Self::Org,
            (Loc, Loc) => Self::Loc,
            (Misc, Misc) => Self::Misc,
            (Org, Loc) | (Loc, Org) => Self::OrgLoc,
            (Per, _) | (_, Per) => Self::PerOther,
            (Misc | Own(_), _) | (_, Misc | Own(_)) => Self::MiscOther,
        }
    }

    /// The name in feature names.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Per => "per",
            Self::Org => "org",
            Self::Loc => "loc",
            Self::Misc => "misc",
            Self::OrgLoc => "org_loc",
            Self::PerOther => "per_other",
            Self::MiscOther => "misc_other",
        }
    }
}

/// Declares the relations with the names that they have in feature names, strongest first.
macro_rules! relations {
    ($($(#[$doc:meta])* $variant:ident = $label:literal,)*) => {
        /// What one form is to another.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub(crate) enum Relation { $($(#[$doc])* $variant,)* }

        impl Relation {
            /// Every relation, strongest first.
            pub(crate) const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in feature names.
            pub(crate) fn label(self) -> &'static str {
                match self { $(Self::$variant => $label,)* }
            }
        }
    };
}

relations! {
    /// Two people of one family, or two places of one name.
    Clash = "clash",
    /// Equal letter by letter.
    SameSurface = "same_surface",
    /// Equal but for case, diacritics, dots, hyphens, a leading "the".
    SameKey = "same_key",
    /// Equal given and family name.
    FullName = "full_name",
    /// Family name, and the initial of the given name.
    Initial = "initial",
    /// Family name, and the nickname that stands in quotation marks in the other.
    Quoted = "quoted",
    /// Family name, and a nickname.
    Nickname = "nickname",
    /// Family name, and the given name as middle name.
    MiddleName = "middle_name",
    /// Same words in another order, or all words of the other's.
    Reordered = "reordered",
    /// Full names in two spellings.
    SimilarFull = "similar_full",
    /// Family name alone.
    Family = "family",
    /// The second of two family names alone.
    SecondFamily = "second_family",
    /// Given name alone.
    Given = "given",
    /// A short form or spelling of the given name alone.
    ShortGiven = "short_given",
    /// A title alone that the other has.
    Title = "title",
    /// Middle name alone.
    MiddleAlone = "middle_alone",
    /// Family name alone in another spelling.
    SimilarFamily = "similar_family",
    /// Equal but for a legal suffix or small words.
    Core = "core",
    /// Acronym of three letters or more.
    Acronym = "acronym",
    /// Acronym of two letters.
    ShortAcronym = "short_acronym",
    /// Letters of the name in order.
    LooseAcronym = "loose_acronym",
    /// A place and its short form: "Rio" and "Rio de Janeiro", "LA" and "Los Angeles".
    Situated = "situated",
    /// "Paris" and "Paris, Texas".
    Qualified = "qualified",
    /// The first words, more than one.
    FirstWords = "first_words",
    /// The last words, more than one.
    LastWords = "last_words",
    /// The first word.
    FirstWord = "first_word",
    /// The last word.
    LastWord = "last_word",
    /// All words, not at one end.
    Inside = "inside",
    /// A spelling variant.
    Similar = "similar",
    /// "Arden" and "Arden Province".
    Beside = "beside",
    /// "the North" of "North Korea".
    PlacePart = "place_part",
    /// A demonym and its country.
    Demonym = "demonym",
    /// Shared words, and others on both sides.
    Overlap = "overlap",
    /// Nothing in common.
    Nothing = "nothing",
}

/// How `left` is related to `right`, read as `kind` says.
pub(crate) fn relate(left: &KnownName, right: &KnownName, kind: Kind, world: &World) -> Relation {
    // "McDonald" is a man, "McDonald's" is not.
    if kind == Kind::PerOther && left.in_s.is_some() != right.in_s.is_some() {
        return Relation::Nothing;
    }
    if left.surface == right.surface {
        return Relation::SameSurface;
    }
    if left.key == right.key {
        return Relation::SameKey;
    }
    if left.is_blank() || right.is_blank() {
        return Relation::Nothing;
    }
    match kind {
        Kind::Per => person(left, right),
        Kind::PerOther => match person(left, right) {
            Relation::Nothing => organization(left, right),
            found => found,
        },
        Kind::Loc => {
            let known =
                world.is_demonym_of(&left.senses, &right.senses) || world.is_demonym_of(&right.senses, &left.senses);
            if known || is_adjective(&left.key, &right.key) || is_adjective(&right.key, &left.key) {
                return Relation::Demonym;
            }
            if left.short_for.contains(&right.key) || right.short_for.contains(&left.key) {
                return Relation::Situated;
            }
            match acronym(left, right) {
                Relation::Nothing => place(left, right),
                found => found,
            }
        }
        Kind::Org | Kind::Misc | Kind::OrgLoc | Kind::MiscOther => organization(left, right),
    }
}

/// Whether a word looks like the adjective of a place: "Asturian" of "Asturias".
fn is_adjective(adjective: &str, place: &str) -> bool {
    let ends = phrases(Cue::Adjective).any(|ending| adjective.ends_with(ending) && !place.ends_with(ending));
    let common = adjective.chars().zip(place.chars()).take_while(|(a, b)| a == b).count();
    let (long, short) = (adjective.chars().count(), place.chars().count());
    ends && common >= 3 && common + 2 >= short && common + 4 >= long && long + 2 >= short
}

fn person(left: &Name, right: &Name) -> Relation {
    match left.person.fit(&right.person) {
        PersonFit::Full => Relation::FullName,
        PersonFit::Initial => Relation::Initial,
        PersonFit::Quoted => Relation::Quoted,
        PersonFit::Nickname => Relation::Nickname,
        PersonFit::Middle => Relation::MiddleName,
        PersonFit::Family => Relation::Family,
        PersonFit::SecondFamily => Relation::SecondFamily,
        PersonFit::Given => Relation::Given,
        PersonFit::ShortGiven => Relation::ShortGiven,
        PersonFit::Title => Relation::Title,
        PersonFit::MiddleAlone => Relation::MiddleAlone,
        PersonFit::Contained => Relation::Reordered,
        PersonFit::SimilarFull => Relation::SimilarFull,
        PersonFit::SimilarFamily => Relation::SimilarFamily,
        PersonFit::Clash => Relation::Clash,
        PersonFit::Nothing => Relation::Nothing,
    }
}

fn acronym(left: &Name, right: &Name) -> Relation {
    let fit = |short: &Name, long: &Name| match &short.acronym {
        Some(letters) => long.organization.acronym_fit(letters),
        None => OrganizationFit::Nothing,
    };
    match fit(left, right) {
        OrganizationFit::Nothing => from_organization(fit(right, left)),
        found => from_organization(found),
    }
}

fn organization(left: &Name, right: &Name) -> Relation {
    match acronym(left, right) {
        Relation::Nothing => from_organization(left.organization.fit(&right.organization)),
        found => found,
    }
}

fn from_organization(fit: OrganizationFit) -> Relation {
    match fit {
        OrganizationFit::Core => Relation::Core,
        OrganizationFit::Acronym => Relation::Acronym,
        OrganizationFit::ShortAcronym => Relation::ShortAcronym,
        OrganizationFit::LooseAcronym => Relation::LooseAcronym,
        OrganizationFit::FirstWord => Relation::FirstWord,
        OrganizationFit::FirstWords => Relation::FirstWords,
        OrganizationFit::LastWord => Relation::LastWord,
        OrganizationFit::LastWords => Relation::LastWords,
        OrganizationFit::Inside => Relation::Inside,
        OrganizationFit::Similar => Relation::Similar,
        OrganizationFit::Overlap => Relation::Overlap,
        OrganizationFit::Nothing => Relation::Nothing,
    }
}

fn place(left: &Name, right: &Name) -> Relation {
    match left.place.fit(&right.place) {
        PlaceFit::Plural => Relation::SameKey,
        PlaceFit::Qualified => Relation::Qualified,
        PlaceFit::Core => Relation::Core,
        PlaceFit::Situated => Relation::Situated,
        PlaceFit::First => Relation::FirstWord,
        PlaceFit::Beside => Relation::Beside,
        PlaceFit::FirstWords => Relation::FirstWords,
        PlaceFit::Part => Relation::PlacePart,
        PlaceFit::Last => Relation::LastWord,
        PlaceFit::Similar => Relation::Similar,
        PlaceFit::Clash => Relation::Clash,
        PlaceFit::Nothing => Relation::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn relation(left: &str, right: &str, kind: Kind) -> Relation {
        let world = World::embedded();
        relate(&KnownName::read(left, &world), &KnownName::read(right, &world), kind, &world)
    }

    #[test]
    fn the_types_decide_how_names_are_read() {
        assert_eq!(relation("Maria Arden", "Arden", Kind::Per), Relation::Family);
        assert_eq!(relation("New Arden", "Arden", Kind::Loc), Relation::Clash);
        assert_eq!(relation("Arden Bank", "Arden", Kind::Org), Relation::FirstWord);
        assert_eq!(relation("Brazil", "Brazilian", Kind::Loc), Relation::Demonym);
        assert_eq!(relation("Ardenese", "Arden", Kind::Loc), Relation::Demonym);
        assert_eq!(relation("U.S. Senate", "United States Senate", Kind::Org), Relation::SameKey);
        assert_eq!(relation("ARDEN BANK", "Arden Bank", Kind::Org), Relation::SameKey);
    }
}
