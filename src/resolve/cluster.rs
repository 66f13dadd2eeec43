//! Groups the mentions of one document by ranking: each mention goes to the best of the entities so far, or opens one.
//!
//! Within a stretch of the document long names come first, because "Ban Ki-moon" tells what "Ban" means even if the
//! headline has the short form. Candidates are compared as whole entities: one form that contradicts the mention
//! excludes the entity, however well another fits.

use super::bearer::{Bearer, Bearers};
use super::bridge::bridges;
use super::context::{Context, Link, is_sport};
use super::evidence::Evidence;
use super::feature::{Features, Signal};
use super::index::Index;
use super::known_name::KnownName;
use super::own::OwnEntities;
use super::people::{add_person, find_apart, read_bearers, told_by_generation};
use super::relation::{Kind, Relation, relate};
use super::score::{TypeVotes, type_certainty};
use super::stated::{Claim, Stated, Verdict};
use crate::entity_type::EntityType;
use crate::knowledge::{Sense, Team, World};
use crate::mention::Mention;
use crate::name::{Gender, Name, has_article, is_given};
use crate::why::Rule;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Mentions that are put in order of length together: most documents are shorter, and a book's chapter is not.
const STRETCH: usize = 3000;

/// Forms of an entity that a mention is compared with; an entity with more takes no other full names.
const FORMS: usize = 24;

/// More mentions than this make an entity no likelier: a book's hero must not attract every name.
const OFTEN: usize = 7;

/// Certainty of two types from which on a person with a full name is not what bears the same word as another type.
const SURE_TYPES: f32 = 0.9;

/// Certainty of two types together up to which a person and something else of one name are no two kinds.
const DOUBTFUL: f32 = 0.85;

/// An entity while it grows.
#[derive(Debug, Default)]
struct Draft {
    /// Distinct names, by number.
    forms: Vec<usize>,
    votes: TypeVotes,
    mentions: BTreeSet<usize>,
    bearers: Bearers,
    senses: Vec<Sense>,
    /// Mentions by full name.
    full: usize,
    /// Mentions that name a setting.
    settings: usize,
    /// Mentions with "the".
    definite: usize,
    capitals_only: bool,
}

/// An entity that a mention may join.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Candidate {
    /// Number of the entity, in the order in which entities were opened.
    pub(crate) entity: usize,
    pub(crate) features: Features,
    /// Mentions between the two.
    pub(crate) distance: usize,
    /// The number of the entity's name that the mention's is nearest to.
    pub(crate) form: usize,
}

/// Decides where mentions go.
pub(crate) trait Chooser {
    /// The index of the candidate that `mention` joins, or none if it opens an entity.
    fn choose(&mut self, mention: usize, candidates: &[Candidate]) -> Option<usize>;

    /// Tells where the mention went, and by which rule.
    fn placed(&mut self, _mention: usize, _entity: usize, _rule: Rule) {}
}

/// The document as the resolver sees it.
pub(crate) struct Clusterer<'a> {
    world: &'a World,
    mentions: &'a [Mention],
    /// Distinct names.
    names: Vec<KnownName>,
    /// For each name, its keys in the index.
    keys: Vec<Vec<usize>>,
    /// For each mention, the number of its name.
    name_of: Vec<usize>,
    contexts: Vec<Context>,
    /// For each mention of a person, what the text around it tells of the bearer.
    bearers: Vec<Option<Box<Bearer>>>,
    /// For each mention, others that the text says to be other people.
    apart: HashMap<usize, Vec<usize>>,
    /// Family names of which the text tells the bearers apart by generation: "Mills Jr.", "Henry Long III".
    generations: HashSet<String>,
    /// For each name, whether it holds two others.
    bridges: Vec<bool>,
    index: Index,
    drafts: Vec<Draft>,
    owner: Vec<Option<usize>>,
    sport: bool,
    relations: HashMap<(usize, usize, Kind), Relation>,
    /// Entities of a user's alias table; those of a model's own types are others than those of the known types.
    pinned: HashMap<(Sense, Option<EntityType>), usize>,
    own: OwnEntities,
    stated: Stated,
}

impl<'a> Clusterer<'a> {
    /// Parses the names and surroundings of all mentions.
    pub(crate) fn new(world: &'a World, text: &str, mentions: &'a [Mention]) -> Self {
        let mut index = Index::default();
        let mut names = Vec::new();
        let mut keys = Vec::new();
        let mut known: HashMap<&str, usize> = HashMap::new();
        let mut name_of = Vec::with_capacity(mentions.len());
        let mut contexts = Vec::with_capacity(mentions.len());
        let mut before = None;
        let mut stated = Stated::read(text, mentions);
        for mention in mentions {
            let number = *known.entry(mention.span.of(text)).or_insert_with_key(|surface| {
                let mut name = KnownName::read(surface, world);
                if let Some(letters) = &name.acronym {
                    name.senses = stated.possible(letters, &name.senses, world);
                }
                names.push(name);
                names.len() - 1
            });
            name_of.push(number);
            contexts.push(Context::read(text, before, mention.span));
            before = Some(mention.span);
        }
        let weighed = Evidence::read(world, text, mentions, &names, &name_of).weigh(&names, &name_of);
        for (name, weighed) in names.iter_mut().zip(weighed) {
            (name.senses, name.likely) = (weighed.supported, weighed.likely);
            keys.push(index.keys(name, world));
        }
        stated.bind(mentions, &names, &name_of);
        for (name, key) in stated.keys() {
            index.add_keys(std::iter::once(key), &mut keys[name]);
        }
        let bearers = read_bearers(text, mentions);
        let apart = find_apart(text, mentions, &contexts, &bearers, |at| &names[name_of[at]]);
        let generations = told_by_generation(&names);
        let owner = vec![None; mentions.len()];
        let sport = is_sport(text);
        let bridges = bridges(world, text, mentions, &names, &name_of);
        Self {
            world,
            mentions,
            names,
            keys,
            name_of,
            contexts,
            bearers,
            apart,
            generations,
            bridges,
            index,
            drafts: Vec::new(),
            owner,
            sport,
            relations: HashMap::new(),
            pinned: HashMap::new(),
            own: OwnEntities::default(),
            stated,
        }
    }

    /// Places every mention; returns the mentions of each entity, and the name of each mention.
    pub(crate) fn run(mut self, chooser: &mut impl Chooser) -> Clusters {
        let mut order: Vec<usize> = (0..self.mentions.len()).collect();
        let explained = self.explained();
        for stretch in order.chunks_mut(STRETCH) {
            stretch.sort_by_key(|&mention| (std::cmp::Reverse(self.rank(mention, &explained)), mention));
        }
        for mention in order {
            let (entity, rule) = self.place(mention, chooser);
            self.attach(mention, entity);
            chooser.placed(mention, entity, rule);
        }
        let groups = self.drafts.into_iter().map(|draft| draft.mentions.into_iter().collect()).collect();
        Clusters { groups, names: self.names, name_of: self.name_of, stated: self.stated }
    }

    /// Long names before short ones. A headline's short name, which stands before any long name that explains it, waits
    /// until the body has told whom it calls so; what names nothing by itself, or two, comes last.
    fn rank(&self, mention: usize, explained: &HashMap<String, usize>) -> usize {
        let name = &self.names[self.name_of[mention]];
        if self.bridges[self.name_of[mention]] {
            return 0;
        }
        match name.words.len() {
            0 | 1 if name.organization.generic => 0,
            0 | 1 => 2 - usize::from(explained.get(&name.key).is_some_and(|first| *first > mention)),
            count => 1 + count.min(3),
        }
    }

    /// For each word of a name of several words, the first mention that has it.
    fn explained(&self) -> HashMap<String, usize> {
        let mut first = HashMap::new();
        for (mention, name) in self.name_of.iter().map(|&number| &self.names[number]).enumerate() {
            if name.words.len() > 1 {
                for word in &name.words {
                    first.entry(word.folded.clone()).or_insert(mention);
                }
            }
        }
        first
    }

    fn place(&mut self, mention: usize, chooser: &mut impl Chooser) -> (usize, Rule) {
        let name = &self.names[self.name_of[mention]];
        let entity_type = self.mentions[mention].entity_type;
        let next = self.drafts.len();
        if let Some(sense) = self.world.pinned_sense(&name.senses) {
            let is_typed = self.world.entry(sense).is_some_and(|entry| entry.kind.is_some());
            let own = Some(entity_type).filter(|entity_type| !is_typed && !entity_type.is_known());
            return (*self.pinned.entry((sense, own)).or_insert(next), Rule::AliasTable);
        }
        if !entity_type.is_known() {
            return self.own.find(entity_type, name).map_or((next, Rule::Opened), |entity| (entity, Rule::OwnType));
        }
        // A lone "Jr." belongs to the name before it, and to no other.
        if name.person.is_generation_alone() {
            let before = mention.checked_sub(1).and_then(|before| self.owner[before]);
            return before.map_or((next, Rule::Opened), |entity| (entity, Rule::Generation));
        }
        if let Some(entity) = self.stated_entity(mention) {
            return (entity, Rule::Stated);
        }
        let candidates = self.candidates(mention);
        chooser
            .choose(mention, &candidates)
            .and_then(|chosen| candidates.get(chosen))
            .map_or((next, Rule::Opened), |candidate| (candidate.entity, Rule::Scored))
    }

    /// The entity of a mention of which the text says that this one is another name of it.
    fn stated_entity(&mut self, mention: usize) -> Option<usize> {
        let placed = self.stated.same_as(mention).filter_map(|(_, other)| self.owner[other]);
        let known = placed.filter(|entity| self.drafts[*entity].leading_type().0.is_known());
        let known: Vec<usize> = known.collect();
        known.into_iter().find(|&entity| self.compare(mention, entity).is_some())
    }

    fn attach(&mut self, mention: usize, entity: usize) {
        if entity == self.drafts.len() {
            self.drafts.push(Draft { capitals_only: true, ..Draft::default() });
        }
        let number = self.name_of[mention];
        let name = &self.names[number];
        let gender = self.gender(mention);
        let senses = self.world.senses_of(&name.senses, self.mentions[mention].entity_type);
        let definite = self.is_definite(mention);
        let draft = &mut self.drafts[entity];
        let entity_type = self.mentions[mention].entity_type;
        if !draft.forms.contains(&number) {
            draft.forms.push(number);
            if entity_type.is_known() {
                // What holds two names is found by its own alone.
                let keys = &self.keys[number];
                self.index.insert(if self.bridges[number] { &keys[..keys.len().min(2)] } else { keys }, entity);
            }
        }
        if !entity_type.is_known() {
            self.own.insert(entity_type, name, entity);
        }
        draft.votes.add(self.mentions[mention].entity_type, self.mentions[mention].score);
        draft.mentions.insert(mention);
        draft.bearers.add(gender, self.bearers[mention].as_deref());
        draft.full += usize::from(name.person.is_full());
        draft.settings += usize::from(self.contexts[mention].setting);
        draft.definite += usize::from(definite);
        draft.capitals_only &= name.all_caps;
        let common: Vec<Sense> = draft.senses.iter().copied().filter(|sense| senses.contains(sense)).collect();
        if draft.senses.is_empty() {
            draft.senses = senses;
        } else if !common.is_empty() {
            draft.senses = common;
        }
        self.owner[mention] = Some(entity);
    }

    /// Gender that the surroundings or the name tell, for a person.
    fn gender(&self, mention: usize) -> Option<Gender> {
        let is_person = self.mentions[mention].entity_type == EntityType::Per;
        self.contexts[mention].gender.or(self.names[self.name_of[mention]].person.gender).filter(|_| is_person)
    }

    /// Whether "the" stands before the name or begins it.
    fn is_definite(&self, mention: usize) -> bool {
        self.contexts[mention].definite || has_article(&self.names[self.name_of[mention]].surface)
    }

    fn candidates(&mut self, mention: usize) -> Vec<Candidate> {
        let mut found = self.index.find(&self.keys[self.name_of[mention]]);
        // What stands in brackets may share no letter with what it explains.
        if self.contexts[mention].link == Link::Bracket
            && let Some(entity) = mention.checked_sub(1).and_then(|before| self.owner[before])
            && self.drafts[entity].leading_type().0.is_known()
            && !found.contains(&entity)
        {
            found.push(entity);
        }
        let mut candidates: Vec<(Candidate, Relation)> =
            found.into_iter().filter_map(|entity| self.compare(mention, entity)).collect();
        self.keep_people(mention, &mut candidates);
        let place = |candidate: &Candidate| (candidate.distance, self.drafts[candidate.entity].first());
        let named: Vec<(usize, Option<usize>)> = candidates
            .iter()
            .filter(|(_, relation)| is_named(*relation))
            .map(|(candidate, _)| place(candidate))
            .collect();
        let own = self.mentions[mention].entity_type;
        let of_kind = candidates.iter().any(|(candidate, relation)| {
            let begins = matches!(relation, Relation::FirstWord | Relation::FirstWords | Relation::Core);
            begins && self.drafts[candidate.entity].leading_type().0 == own
        });
        for (candidate, relation) in &mut candidates {
            let kind = Kind::of(own, self.drafts[candidate.entity].leading_type().0);
            let other = of_kind && matches!(kind, Kind::OrgLoc | Kind::PerOther | Kind::MiscOther);
            candidate.features.add_if(Signal::RivalOfKind, other);
            let rivals = named.len() - usize::from(is_named(*relation));
            if rivals > 0 {
                candidate.features.add(Signal::Rivals, logarithm(rivals));
                let first = self.drafts[candidate.entity].first();
                let closer = named.iter().any(|(distance, _)| *distance < candidate.distance);
                let earlier = named.iter().any(|(_, rival)| *rival < first);
                candidate.features.add_if(Signal::RivalCloser, closer);
                candidate.features.add_if(Signal::RivalEarlier, earlier);
                if *relation == Relation::Family {
                    self.add_habits(candidate);
                }
            }
        }
        candidates.into_iter().map(|(candidate, _)| candidate).collect()
    }

    /// Where a person of the text may bear the name of a person, the place or firm of that name is not meant, if the types are sure.
    fn keep_people(&self, mention: usize, candidates: &mut Vec<(Candidate, Relation)>) {
        let Mention { entity_type, score, .. } = self.mentions[mention];
        let leading = |candidate: &Candidate| self.drafts[candidate.entity].leading_type();
        let is_bearer = |(candidate, relation): &(Candidate, Relation)| {
            let draft = &self.drafts[candidate.entity];
            leading(candidate).0 == EntityType::Per && draft.full > 0 && is_named(*relation)
        };
        if entity_type == EntityType::Per && candidates.iter().any(is_bearer) {
            candidates.retain(|(candidate, _)| {
                let (other, confidence) = leading(candidate);
                other == EntityType::Per || type_certainty(score) * confidence < SURE_TYPES
            });
        }
    }

    /// How the text otherwise calls one of several people whom a bare family name may mean.
    fn add_habits(&self, candidate: &mut Candidate) {
        let draft = &self.drafts[candidate.entity];
        candidate.features.add(Signal::FullRepeated, logarithm(draft.full.saturating_sub(1).min(OFTEN)));
    }

    /// The mention against one entity, and how their names are related; none if they cannot be one.
    fn compare(&mut self, mention: usize, entity: usize) -> Option<(Candidate, Relation)> {
        let own = self.name_of[mention];
        let is_other = |others: &Vec<usize>| others.iter().any(|&other| self.owner[other] == Some(entity));
        if self.apart.get(&mention).is_some_and(is_other) {
            return None;
        }
        let bridge = self.bridges[own] || self.drafts[entity].forms.first().is_some_and(|&form| self.bridges[form]);
        let (their_type, confidence) = self.drafts[entity].leading_type();
        let own_type = self.mentions[mention].entity_type;
        let own_confidence = type_certainty(self.mentions[mention].score);
        // "Houston Mbeki" is not the city of which the text speaks, nor "Henry Ford" the firm.
        let is_person = their_type == EntityType::Per && self.drafts[entity].full > 0;
        if is_person && own_type != EntityType::Per && own_confidence * confidence >= SURE_TYPES {
            return None;
        }
        let surer = if own_confidence > confidence { own_type } else { their_type };
        let mut features = Features::default();
        features.add(Signal::Bias, 1.0);
        let defined = self.add_stated(&mut features, mention, entity)?;
        // A doubtful type counts only as far as it is believed; the rest is read as if both had the surer type.
        let believed = if own_type == their_type { 1.0 } else { own_confidence * confidence };
        let readings = [(Kind::of(own_type, their_type), believed), (Kind::of(surer, surer), 1.0 - believed)];
        let mut best = (Relation::Nothing, own);
        for (kind, weight) in readings {
            if weight <= 0.0 {
                continue;
            }
            let (relation, form) = self.best_relation(own, entity, kind, &mut features)?;
            features.add_relation(kind, relation, weight);
            if relation < best.0 {
                best = (relation, form);
            }
        }
        if bridge && best.0 > Relation::SameKey && best.0 != Relation::Core {
            return None;
        }
        self.add_kinds(&mut features, mention, entity, best.0);
        if best.0 > Relation::SameKey {
            self.add_world(&mut features, mention, entity);
        }
        self.add_name(&mut features, mention, entity, best);
        let distance = self.add_place(&mut features, mention, entity, best.0, defined);
        // Names that share nothing need a reason beyond frequency and nearness.
        if best.0 >= Relation::Overlap && !features.has_evidence() {
            return None;
        }
        Some((Candidate { entity, features, distance, form: best.1 }, best.0))
    }

    /// What the text states of the mention's name and the entity's; whether it defines one as short for another, and none
    /// if it says that they are two.
    fn add_stated(&self, features: &mut Features, mention: usize, entity: usize) -> Option<bool> {
        let own = self.name_of[mention];
        let (mut same, mut defined, mut elsewhere) = (self.is_born(mention, entity), false, false);
        for &form in self.drafts[entity].forms.iter().take(FORMS) {
            match self.stated.verdict(own, form, &self.names) {
                Verdict::Different => return None,
                Verdict::Same => same = true,
                Verdict::Defined => defined = true,
                Verdict::Elsewhere => elsewhere = true,
                Verdict::Silent => {}
            }
        }
        let letters =
            |form: &usize| self.names[*form].acronym.is_some() && self.names[*form].acronym == self.names[own].acronym;
        if elsewhere && !same && !defined && !self.drafts[entity].forms.iter().take(FORMS).any(letters) {
            return None;
        }
        features.add_if(Signal::AlsoKnown, same);
        Some(defined)
    }

    /// Whether the text says that this mention is the name with which the person was born.
    fn is_born(&self, mention: usize, entity: usize) -> bool {
        self.stated.same_as(mention).any(|(claim, other)| claim == Claim::Born && self.owner[other] == Some(entity))
    }

    /// Signals of two kinds of things that go by one word.
    fn add_kinds(&self, features: &mut Features, mention: usize, entity: usize, relation: Relation) {
        let draft = &self.drafts[entity];
        let (theirs, confidence) = draft.leading_type();
        let own = self.mentions[mention].entity_type;
        match Kind::of(own, theirs) {
            // A work or a day may be called like a person, but taggers call people so too; and a whole name is one person's.
            Kind::PerOther if ![own, theirs].contains(&EntityType::Misc) => {
                let both = type_certainty(self.mentions[mention].score) * confidence;
                features.add(Signal::PersonDiffers, ((both - DOUBTFUL) / (1.0 - DOUBTFUL)).max(0.0));
            }
            Kind::OrgLoc if relation <= Relation::SameKey => {
                let differs = if self.is_definite(mention) {
                    draft.definite == 0
                } else {
                    draft.definite == draft.mentions.len()
                };
                let unknown = self.names[self.name_of[mention]].senses.is_empty();
                features.add_if(Signal::ArticleDiffers, differs && unknown);
            }
            _ => {}
        }
    }

    /// The strongest relation to any form of the entity; none if a form excludes the mention.
    fn best_relation(
        &mut self,
        own: usize,
        entity: usize,
        kind: Kind,
        features: &mut Features,
    ) -> Option<(Relation, usize)> {
        let person = matches!(kind, Kind::Per | Kind::PerOther);
        let mut best = (Relation::Nothing, own);
        let (mut overlap, mut unrelated, mut other_full, mut clash) = (0.0_f32, 0.0_f32, 0.0_f32, false);
        let count = self.drafts[entity].forms.len();
        if count > FORMS && person && self.names[own].person.is_full() && !self.drafts[entity].forms.contains(&own) {
            return None;
        }
        for at in 0..count.min(FORMS) {
            let form = self.drafts[entity].forms[at];
            let mut relation = self.relation(own, form, kind);
            if person && self.is_other_generation(own, form) {
                relation = Relation::Clash;
            }
            if person && relation == Relation::Clash {
                if self.is_bridged(own, form, entity, kind) {
                    continue;
                }
                return None;
            }
            match relation {
                Relation::Clash => clash = true,
                Relation::Overlap => overlap += 1.0,
                Relation::Nothing => {
                    unrelated += 1.0;
                    if kind == Kind::Per && self.is_surely_full(own) && self.is_surely_full(form) {
                        other_full += 1.0;
                    }
                }
                _ => {}
            }
            if relation != Relation::Clash && relation < best.0 {
                best = (relation, form);
            }
        }
        #[expect(clippy::cast_precision_loss, reason = "at most FORMS")]
        let compared = count.clamp(1, FORMS) as f32;
        // An entity that goes by two names takes each of them.
        if best.0 > Relation::Reordered {
            features.add(Signal::OtherFullName, other_full);
        }
        if best.0 != Relation::Nothing && best.0 != Relation::Overlap {
            features.add(Signal::OverlapForms, overlap / compared);
            features.add(Signal::UnrelatedForms, unrelated / compared);
        }
        if clash && best.0 > Relation::SameKey {
            best.0 = Relation::Clash;
        }
        Some(best)
    }

    /// Two full names of which only one has a generation, where the text tells the bearers apart so.
    fn is_other_generation(&self, own: usize, form: usize) -> bool {
        let (one, two) = (&self.names[own].person, &self.names[form].person);
        one.generation.is_some() != two.generation.is_some()
            && one.given.is_some()
            && one.given == two.given
            && self.generations.contains(&one.family)
    }

    /// The name of a person with given and family name, no doubt about it ("El Lobo", "Van Doren").
    fn is_surely_full(&self, name: usize) -> bool {
        let person = &self.names[name].person;
        person.is_full() && !person.doubtful
    }

    /// Whether two names that clash both fit a third of the entity that has both given names: "James Holt" and "Teddy Holt" fit
    /// `James "Teddy" Holt`.
    fn is_bridged(&mut self, own: usize, form: usize, entity: usize, kind: Kind) -> bool {
        let forms = self.drafts[entity].forms.iter().take(FORMS).copied();
        let with_nickname: Vec<usize> = forms.filter(|&form| self.names[form].person.nickname.is_some()).collect();
        let fits = |relation| relation != Relation::Clash && is_named(relation);
        with_nickname
            .into_iter()
            .any(|whole| fits(self.relation(own, whole, kind)) && fits(self.relation(whole, form, kind)))
    }

    fn relation(&mut self, left: usize, right: usize, kind: Kind) -> Relation {
        let (names, world) = (&self.names, self.world);
        let key = (left.min(right), left.max(right), kind);
        *self.relations.entry(key).or_insert_with(|| relate(&names[key.0], &names[key.1], kind, world))
    }

    fn add_world(&self, features: &mut Features, mention: usize, entity: usize) {
        let name = &self.names[self.name_of[mention]];
        let mut forms = self.drafts[entity].forms.iter().take(FORMS);
        let team = forms.find_map(|&form| self.world.shared_team(&name.senses, &self.names[form].senses));
        if let Some(team) = team
            && self.mentions[mention].entity_type != self.drafts[entity].leading_type().0
        {
            let signal = if team == Team::National { Signal::NationalTeam } else { Signal::TeamOfPlace };
            features.add(signal, 1.0);
            return;
        }
        let own = self.world.senses_of(&name.senses, self.mentions[mention].entity_type);
        let theirs = &self.drafts[entity].senses;
        if own.is_empty() || theirs.is_empty() {
            return;
        }
        let shared = own.iter().any(|sense| theirs.contains(sense));
        features.add_if(Signal::WorldClash, !shared);
        features.add_if(Signal::WorldSame, shared && own.len() == 1 && theirs.len() == 1);
        features.add_if(Signal::WorldShared, shared && (own.len() > 1 || theirs.len() > 1));
    }

    /// Signals of the names themselves.
    fn add_name(&self, features: &mut Features, mention: usize, entity: usize, best: (Relation, usize)) {
        let (relation, form) = best;
        let (name, other) = (&self.names[self.name_of[mention]], &self.names[form]);
        let draft = &self.drafts[entity];
        let (short, long) = if name.words.len() <= other.words.len() { (name, other) } else { (other, name) };
        let begins = matches!(relation, Relation::FirstWord | Relation::FirstWords);
        let contained =
            begins || matches!(relation, Relation::LastWord | Relation::LastWords | Relation::Inside | Relation::Core);
        if contained {
            let definite = self.contexts[mention].definite;
            features.add_if(Signal::ShortGeneric, short.organization.generic);
            features.add_if(Signal::ShortGenericDefinite, short.organization.generic && definite);
            let place = self.world.is_place(&short.senses) && !self.world.is_place(&long.senses);
            features.add_if(Signal::ShortPlace, place);
            let organization = self.mentions[mention].entity_type == EntityType::Org;
            features.add_if(Signal::ShortPlaceOrg, place && begins && organization);
            features.add_if(Signal::ExtraPlace, begins && !place && self.has_more_place(short, long));
        }
        if relation == Relation::Family {
            let given = is_given(&short.person.family) && !self.world.is_place(&short.senses);
            features.add_if(Signal::ShortGivenName, given);
            features.add_if(Signal::TitledFamily, self.contexts[mention].titled);
        }
        if self.mentions[mention].entity_type == EntityType::Per {
            // Given names are compared themselves: two full names clash by them, or are one whatever their usual bearers are.
            let full = name.person.is_full() && other.person.is_full();
            let gender = if full { self.contexts[mention].gender } else { self.gender(mention) };
            draft.bearers.add_signals(features, gender, self.bearers[mention].as_deref());
            add_person(features, name, other, relation);
        }
        if let Some(letters) = &name.acronym {
            let plain = |letters: &str| letters.replace('&', "");
            let own = plain(letters);
            // "WNVK-TV" and "WNVK" are letters of one.
            let other = |form: &usize| {
                let letters = self.names[*form].acronym.as_deref().map(plain);
                letters.is_some_and(|letters| !letters.starts_with(&own) && !own.starts_with(&letters))
            };
            let differs = relation > Relation::SameKey && draft.forms.iter().take(FORMS).any(other);
            features.add_if(Signal::OtherAcronym, differs);
        }
        features.add_if(Signal::CapitalsDiffer, name.all_caps != draft.capitals_only && relation == Relation::SameKey);
    }

    /// "Norvik Brazil" is not "Norvik": what the longer name adds to the shorter is a place.
    fn has_more_place(&self, short: &Name, long: &Name) -> bool {
        let extra = long.organization.content.get(short.organization.content.len()..).unwrap_or_default();
        !extra.is_empty() && self.world.is_place(&self.world.senses("", &extra.join(" ")))
    }

    /// Signals of the positions; returns the number of mentions between.
    fn add_place(
        &self,
        features: &mut Features,
        mention: usize,
        entity: usize,
        relation: Relation,
        defined: bool,
    ) -> usize {
        let draft = &self.drafts[entity];
        let before = draft.mentions.range(..mention).next_back().copied();
        let after = draft.mentions.range(mention..).next().copied();
        let distance = before.map_or(usize::MAX, |at| mention - at).min(after.map_or(usize::MAX, |at| at - mention));
        let (far, frequent) = if relation > Relation::SameKey {
            (Signal::DistancePart, Signal::FrequencyPart)
        } else {
            (Signal::Distance, Signal::Frequency)
        };
        features.add(far, logarithm(distance));
        features.add(frequent, logarithm(draft.mentions.len().min(OFTEN)));
        features.add_if(Signal::OnlyAfter, before.is_none());
        let link = if before.is_some_and(|at| at + 1 == mention) {
            self.contexts[mention].link
        } else if after == Some(mention + 1) {
            self.contexts[mention + 1].link
        } else {
            Link::None
        };
        let acronym = matches!(relation, Relation::Acronym | Relation::ShortAcronym | Relation::LooseAcronym);
        let place = draft.votes.has(EntityType::Loc) || self.mentions[mention].entity_type == EntityType::Loc;
        if self.sport && place && relation <= Relation::SameKey {
            let own = self.contexts[mention].setting;
            let differs = if own { draft.settings == 0 } else { draft.settings == draft.mentions.len() };
            features.add_if(Signal::SettingDiffers, differs);
        }
        match link {
            _ if defined => features.add(Signal::DefinedAcronym, 1.0),
            Link::Bracket | Link::Comma if acronym => features.add(Signal::DefinedAcronym, 1.0),
            Link::Bracket => {
                let same_type = draft.leading_type().0 == self.mentions[mention].entity_type;
                let short = |mention: usize| self.names[self.name_of[mention]].acronym.is_some();
                let inside = if after == Some(mention + 1) { mention + 1 } else { mention };
                features.add_if(Signal::DefinedOther, same_type && relation > Relation::SameKey && short(inside));
            }
            Link::Comma => {
                let named = relation <= Relation::SameKey || relation == Relation::Title;
                features.add_if(Signal::SideBySide, !named);
            }
            Link::Coordination => features.add(Signal::Coordinated, 1.0),
            Link::None => {}
        }
        distance
    }
}

impl Draft {
    /// The first mention in the text so far.
    fn first(&self) -> Option<usize> {
        self.mentions.first().copied()
    }

    /// The type with most votes and how sure it is.
    #[expect(clippy::cast_precision_loss, reason = "a count of mentions")]
    fn leading_type(&self) -> (EntityType, f32) {
        let (kind, votes) = self.votes.leading().unwrap_or((EntityType::Per, 0.0));
        (kind, (votes / self.mentions.len().max(1) as f32).min(1.0))
    }
}

/// The names fit, so that the mention may well mean the entity.
fn is_named(relation: Relation) -> bool {
    relation < Relation::Similar
}

#[expect(clippy::cast_precision_loss, reason = "only the magnitude matters")]
fn logarithm(count: usize) -> f32 {
    (count as f32 + 1.0).log2()
}

/// The outcome: which mentions belong together.
#[derive(Debug)]
pub(crate) struct Clusters {
    /// Mentions of each entity, ascending.
    pub(crate) groups: Vec<Vec<usize>>,
    pub(crate) names: Vec<KnownName>,
    /// For each mention, the number of its name.
    pub(crate) name_of: Vec<usize>,
    /// What the text says of them.
    pub(crate) stated: Stated,
}
