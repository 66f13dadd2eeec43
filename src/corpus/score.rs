//! How well a document entity fits a corpus entity: a relation between their names, then evidence for and against it.
//!
//! The score is a sum of named weights in log-odds, squashed to a probability; 0.5 and more joins. The weights were set
//! on the AIDA training part (`docs/linking.md` says how); the other gold files only checked them.

use super::profile::{NameUse, Profile};
use crate::entity_type::EntityType;
use crate::name::{Form, Key, PersonFit, Strength, is_common_person, key_of};

/// The best relation between the names of two entities, weakest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Relation {
    /// The names say that these are two.
    Clash,
    /// One word of a name, not the last: a given name, or a family name that comes first.
    FirstWord,
    /// A part of an organisation's name.
    Part,
    /// Letters and the name that they abbreviate.
    Expansion,
    /// The family name alone against the whole name.
    LastWord,
    /// The same single word of a person's name.
    SameBare,
    /// The same name of a place, borne by an organisation: a team, a council, a stock exchange.
    SamePlaceName,
    /// The same single word, which the candidate bears by the way: a capital's name for the country.
    SameSideName,
    /// The same acronym.
    SameAcronym,
    /// A short or foreign form of the given name, and the same family name.
    Nickname,
    /// Initials that fit, and the same family name.
    Initials,
    /// The same single-word name.
    SameWord,
    /// The same full name, in which both parts are among the commonest.
    SameCommon,
    /// The same full name.
    SameFull,
    /// The same entry of a knowledge base or alias table.
    SameId,
}

impl Relation {
    /// The words that are recorded with each join.
    pub(crate) const fn reason(self) -> &'static str {
        match self {
            Self::Clash => "clash",
            Self::FirstWord => "first word of the name",
            Self::Part => "part of the name",
            Self::Expansion => "acronym and expansion",
            Self::LastWord => "family name",
            Self::SameBare => "same single name",
            Self::SamePlaceName => "same place name",
            Self::SameSideName => "same side name",
            Self::SameAcronym => "same acronym",
            Self::Nickname => "nickname and family name",
            Self::Initials => "initials and family name",
            Self::SameWord => "same word",
            Self::SameCommon => "same common full name",
            Self::SameFull => "same full name",
            Self::SameId => "same knowledge id",
        }
    }

    /// Whether the two bear one and the same name.
    pub(crate) const fn is_equal(self) -> bool {
        !matches!(
            self,
            Self::Clash
                | Self::FirstWord
                | Self::Part
                | Self::Expansion
                | Self::LastWord
                | Self::Nickname
                | Self::Initials
        )
    }
}

/// The weights of the score, in log-odds.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Weights {
    pub(crate) same_full: f64,
    pub(crate) same_common: f64,
    pub(crate) same_word: f64,
    pub(crate) initials: f64,
    pub(crate) nickname: f64,
    pub(crate) same_acronym: f64,
    pub(crate) same_place_name: f64,
    pub(crate) same_side_name: f64,
    pub(crate) same_bare: f64,
    pub(crate) last_word: f64,
    pub(crate) expansion: f64,
    pub(crate) part: f64,
    pub(crate) first_word: f64,
    /// Organisation against place and the like, same name of several words.
    pub(crate) type_differs: f64,
    /// Times the logarithm of the candidate's share in the uses of the name.
    pub(crate) share: f64,
    /// Times the logarithm of the part of the candidate's documents that use the name, where that is a single word.
    pub(crate) typical: f64,
    /// Both have names of several words, and none of the one's is or contains one of the other's.
    pub(crate) names_differ: f64,
    /// Times the logarithm of the candidate's documents with this name, where the candidate has nearly all of them.
    pub(crate) frequency: f64,
    /// Times the context's support, 0 to 1.
    pub(crate) context: f64,
    /// Both have company, and it has nothing in common.
    pub(crate) strangers: f64,
    /// Rarity, summed over shared names, that counts as support of 0.63.
    pub(crate) context_scale: f64,
    /// Least probability at which two corpus entities that a document entity bridges become one.
    pub(crate) merge: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            same_full: 2.5,
            same_common: -1.2,
            same_word: 2.0,
            initials: 0.3,
            nickname: 0.3,
            same_acronym: 1.0,
            same_place_name: -0.5,
            same_side_name: -0.5,
            same_bare: 0.0,
            last_word: -0.5,
            expansion: -0.5,
            part: -1.0,
            first_word: -2.0,
            type_differs: -2.5,
            share: 1.0,
            typical: 0.4,
            names_differ: -4.0,
            frequency: 0.3,
            context: 3.0,
            strangers: -0.5,
            context_scale: 6.0,
            merge: 0.8,
        }
    }
}

impl Weights {
    const fn of(&self, relation: Relation) -> f64 {
        match relation {
            Relation::Clash => -10.0,
            Relation::FirstWord => self.first_word,
            Relation::Part => self.part,
            Relation::Expansion => self.expansion,
            Relation::LastWord => self.last_word,
            Relation::SameBare => self.same_bare,
            Relation::SamePlaceName => self.same_place_name,
            Relation::SameSideName => self.same_side_name,
            Relation::SameAcronym => self.same_acronym,
            Relation::Nickname => self.nickname,
            Relation::Initials => self.initials,
            Relation::SameWord => self.same_word,
            Relation::SameCommon => self.same_common,
            Relation::SameFull => self.same_full,
            Relation::SameId => 8.0,
        }
    }
}

/// A document entity, taken apart.
#[derive(Debug)]
pub(crate) struct Newcomer {
    pub(crate) entity_type: EntityType,
    pub(crate) knowledge_id: Option<String>,
    /// Its names without repetition, canonical name first.
    pub(crate) forms: Vec<Form>,
    /// Some surface of a form has lower-case letters.
    pub(crate) lower_case: Vec<bool>,
}

impl Newcomer {
    /// The strength of its strongest name.
    pub(crate) fn strength(&self) -> Option<Strength> {
        self.forms.iter().map(|form| form.strength).max()
    }
}

/// A relation and the name on which it rests.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Match {
    pub(crate) relation: Relation,
    /// Key of the newcomer's form that gave the relation.
    pub(crate) key: Key,
    /// Documents in which the candidate bears this name.
    pub(crate) documents: u32,
    /// Part of the candidate's documents in which it does, above 0 up to 1.
    pub(crate) typical: f64,
    /// Both have names of several words, and none of them fit.
    pub(crate) names_differ: bool,
}

/// What else is known about a pair.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Evidence {
    /// The candidate's part in all uses of the name, above 0 up to 1.
    pub(crate) share: f64,
    /// Rarity of the names that stand beside both, summed.
    pub(crate) shared_rarity: f64,
    /// Both have enough company to compare.
    pub(crate) comparable: bool,
    /// Both have the same type.
    pub(crate) same_type: bool,
}

/// The best relation between the names of `newcomer` and `candidate`; `None` if there is none.
pub(crate) fn relate(newcomer: &Newcomer, candidate: &Profile, place_names: &[Key]) -> Option<Match> {
    let same_type = newcomer.entity_type == candidate.entity_type;
    let known = newcomer.entity_type.is_known() && candidate.entity_type.is_known();
    if !same_type && !known {
        return None;
    }
    if let (Some(one), Some(other)) = (&newcomer.knowledge_id, &candidate.knowledge_id) {
        let relation = if one == other { Relation::SameId } else { Relation::Clash };
        return Some(Match { relation, key: 0, documents: candidate.documents, typical: 1.0, names_differ: false });
    }
    if (newcomer.entity_type == EntityType::Per) != (candidate.entity_type == EntityType::Per) {
        return None;
    }
    let mut best: Option<Match> = None;
    for (form, &lower_case) in newcomer.forms.iter().zip(&newcomer.lower_case) {
        let found = match candidate.names.get(&form.key) {
            Some(name) if is_other_generation(form, name) => Some((Relation::Clash, name.documents)),
            Some(name) => {
                let relation = equal_relation(form, lower_case || name.lower_case, place_names, candidate);
                Some((relation, name.documents))
            }
            None if same_type => related(form, newcomer.entity_type, candidate)
                .map(|relation| (relation, candidate.documents.div_ceil(2))),
            None => None,
        };
        let Some((relation, documents)) = found else { continue };
        if best.is_none_or(|best| (relation, documents) > (best.relation, best.documents)) {
            let typical = f64::from(documents.max(1)) / f64::from(candidate.documents.max(documents).max(1));
            best = Some(Match { relation, key: form.key, documents, typical, names_differ: false });
        }
    }
    let mut best = best?;
    // A single word may be a place and a team that is called like it; several words rarely are.
    if !same_type && best.relation != Relation::SameFull {
        return None;
    }
    let weak = matches!(
        best.relation,
        Relation::SameBare | Relation::LastWord | Relation::FirstWord | Relation::Nickname | Relation::Initials
    );
    if weak && newcomer.entity_type == EntityType::Per && are_different_people(newcomer, candidate) {
        return Some(Match { relation: Relation::Clash, ..best });
    }
    best.names_differ = newcomer.entity_type != EntityType::Per && have_different_names(newcomer, candidate);
    Some(best)
}

fn equal_relation(form: &Form, lower_case: bool, place_names: &[Key], candidate: &Profile) -> Relation {
    match (form.strength, candidate.entity_type) {
        (Strength::Bare, _) => Relation::SameBare,
        (Strength::Initials, _) => Relation::Initials,
        (Strength::Acronym, _) if !lower_case => Relation::SameAcronym,
        (_, EntityType::Org) if place_names.contains(&form.key) => Relation::SamePlaceName,
        (Strength::Acronym | Strength::Word, _) if candidate.is_side_name(form) => Relation::SameSideName,
        (Strength::Acronym | Strength::Word, _) => Relation::SameWord,
        (Strength::Full, EntityType::Per) if is_common_person(&form.words) => Relation::SameCommon,
        (Strength::Full, _) => Relation::SameFull,
    }
}

/// "Al Benton Jr" is not "Al Benton Sr".
fn is_other_generation(form: &Form, name: &NameUse) -> bool {
    matches!((form.generation(), &name.generation), (Some(one), Some(other)) if one != other)
}

/// The relation of a name to the longer or shorter names of `candidate`.
fn related(form: &Form, entity_type: EntityType, candidate: &Profile) -> Option<Relation> {
    if entity_type == EntityType::Per {
        return related_person(form, candidate);
    }
    let mut long = candidate.long_forms.iter();
    if let Some(letters) = &form.acronym
        && long.clone().any(|other| other.acronyms.contains(letters))
    {
        return Some(Relation::Expansion);
    }
    let is_letters = |letters: &String| candidate.names.get(&key_of(letters)).is_some_and(|name| !name.lower_case);
    if form.acronyms.iter().any(is_letters) {
        return Some(Relation::Expansion);
    }
    let is_part = entity_type == EntityType::Org
        && (long.any(|other| contains(other, form) || contains(form, other))
            || form.ends().is_some_and(|(first, last)| candidate.bears(first) || candidate.bears(last)));
    is_part.then_some(Relation::Part)
}

/// The relation of a person's name to the longer or shorter names of `candidate`.
fn related_person(form: &Form, candidate: &Profile) -> Option<Relation> {
    let relation = |other: &Form| match fit(form, other) {
        PersonFit::Full | PersonFit::Initial | PersonFit::SimilarFull => Some(Relation::Initials),
        PersonFit::Nickname | PersonFit::Quoted => Some(Relation::Nickname),
        PersonFit::Family | PersonFit::SecondFamily => Some(Relation::LastWord),
        PersonFit::Given => Some(Relation::FirstWord),
        _ => None,
    };
    if let Some(found) = candidate.long_forms.iter().filter_map(relation).max() {
        return Some(found);
    }
    let (first, last) = form.ends()?;
    if candidate.bears(last) { Some(Relation::LastWord) } else { candidate.bears(first).then_some(Relation::FirstWord) }
}

/// How two names fit as one person's. Two whole names are not one because a part is: "Anne of Arden" and "Anne of Tarn".
fn fit(one: &Form, other: &Form) -> PersonFit {
    let (Some(person), Some(other_person)) = (&one.person, &other.person) else { return PersonFit::Nothing };
    let whole = one.strength != Strength::Bare && other.strength != Strength::Bare;
    match person.fit(other_person) {
        PersonFit::Family | PersonFit::SecondFamily | PersonFit::Given if whole => PersonFit::Nothing,
        found => found,
    }
}

/// Whether two names can be one person's.
fn may_be_one_person(one: &Form, other: &Form) -> bool {
    match fit(one, other) {
        PersonFit::Full
        | PersonFit::Initial
        | PersonFit::Nickname
        | PersonFit::Quoted
        | PersonFit::Middle
        | PersonFit::Contained
        | PersonFit::SimilarFull
        | PersonFit::Family
        | PersonFit::SecondFamily
        | PersonFit::Given => true,
        PersonFit::Nothing => one.key == other.key,
        PersonFit::MiddleAlone
        | PersonFit::ShortGiven
        | PersonFit::Title
        | PersonFit::SimilarFamily
        | PersonFit::Clash => false,
    }
}

/// Whether both have whole names, and no two of them can be one person's.
fn are_different_people(newcomer: &Newcomer, candidate: &Profile) -> bool {
    let mut whole = newcomer.forms.iter().filter(|form| form.words.len() > 1).peekable();
    whole.peek().is_some()
        && !candidate.long_forms.is_empty()
        && !whole.any(|one| candidate.long_forms.iter().any(|other| may_be_one_person(one, other)))
}

/// Whether both have names of several words, and none of the one's fits one of the other's.
fn have_different_names(newcomer: &Newcomer, candidate: &Profile) -> bool {
    let mut long = newcomer.forms.iter().filter(|form| form.words.len() > 1).peekable();
    long.peek().is_some()
        && !candidate.long_forms.is_empty()
        && !long.any(|one| candidate.long_forms.iter().any(|other| contains(one, other) || contains(other, one)))
}

/// Whether a name begins or ends with another.
fn contains(whole: &Form, part: &Form) -> bool {
    whole.words.starts_with(&part.words) || whole.words.ends_with(&part.words)
}

/// Whether one of the names may be a short form of the other by its look: an acronym, a part, a family name.
pub(crate) fn forms_fit(one: &Profile, other: &Profile) -> bool {
    let shortens = |long: &Form, short: &Profile| {
        long.acronyms.iter().any(|letters| short.bears(letters))
            || long.ends().is_some_and(|(first, last)| short.bears(first) || short.bears(last))
            || short
                .long_forms
                .iter()
                .any(|form| form.key != long.key && (contains(long, form) || contains(form, long)))
            || (long.words.len() > 2 && has_part(long, short))
    };
    one.long_forms.iter().any(|long| shortens(long, other)) || other.long_forms.iter().any(|long| shortens(long, one))
}

fn has_part(long: &Form, short: &Profile) -> bool {
    let words = &long.words;
    [&words[1..], &words[..words.len() - 1]].iter().any(|part| short.bears(&part.join(" ")))
}

/// Whether the names of two corpus entities rule out that they are one.
pub(crate) fn profiles_clash(one: &Profile, other: &Profile) -> bool {
    if one.entity_type != other.entity_type {
        return true;
    }
    if let (Some(id), Some(other_id)) = (&one.knowledge_id, &other.knowledge_id)
        && id != other_id
    {
        return true;
    }
    one.entity_type == EntityType::Per
        && !one.long_forms.is_empty()
        && !other.long_forms.is_empty()
        && !one.long_forms.iter().any(|a| other.long_forms.iter().any(|b| may_be_one_person(a, b)))
}

/// How much shared company vouches for a pair, 0 to 1.
pub(crate) fn support(shared_rarity: f64, weights: &Weights) -> f64 {
    1.0 - (-shared_rarity / weights.context_scale).exp()
}

/// The probability that the pair is one.
pub(crate) fn probability(found: Match, evidence: Evidence, weights: &Weights) -> f64 {
    let context = weights.context * support(evidence.shared_rarity, weights);
    let mut odds = weights.of(found.relation) + weights.share * evidence.share.ln() + context;
    if evidence.share > 0.9 {
        odds += weights.frequency * f64::from(found.documents).ln_1p();
    }
    if evidence.comparable && evidence.shared_rarity <= 0.0 {
        odds += weights.strangers;
    }
    if matches!(
        found.relation,
        Relation::SameWord
            | Relation::SameSideName
            | Relation::SameBare
            | Relation::SamePlaceName
            | Relation::SameAcronym
    ) {
        odds += weights.typical * found.typical.ln();
    }
    if found.names_differ {
        odds += weights.names_differ;
    }
    if !evidence.same_type {
        odds += weights.type_differs;
    }
    1.0 / (1.0 + (-odds).exp())
}
