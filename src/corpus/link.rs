//! Linking one document: find candidates by keys, weigh them, join the best or open a new entity.

use super::database::{AliasCounts, Member, Result};
use super::document::{CorpusId, DocumentEntities, DocumentEntity, Linked};
use super::former::former_members;
use super::profile::Profile;
use super::score::{self, Evidence, Match, Newcomer, Relation};
use super::store::{CorpusStore, is_other_text};
use crate::entity_type::EntityType;
use crate::name::{Form, Key, Strength};
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Candidates read for a name that they bear exactly: the oldest, which are the most frequent ones where frequencies are
/// skewed, and the newest, which are the likeliest in a running story.
const OLDEST: usize = 12;
const NEWEST: usize = 4;

/// A part of a name that more entities share does not say which of them is meant; it is not even looked at.
const RELATED: usize = 12;

/// Names of a document that count as its context.
const CONTEXT: usize = 256;

/// Aliases of one document entity that are compared; the resolver lists the most frequent first.
const FORMS: usize = 24;

/// Company below which "nothing in common" means nothing.
const LEAST_COMPANY: usize = 3;

/// Documents assumed before the first, so that in a small store no name counts as common.
const PRIOR_DOCUMENTS: f64 = 50.0;

/// A name that stands beside an entity.
#[derive(Debug)]
struct Neighbour {
    keys: Vec<Key>,
    rarity: f64,
}

/// A document on its way into the store.
#[derive(Debug)]
pub(super) struct Arrival {
    pub(super) document: i64,
    pub(super) name: String,
    newcomers: Vec<Newcomer>,
    neighbours: Vec<Neighbour>,
    /// All name keys of the document.
    context: Vec<Key>,
    /// Corpus entities that the document's entities have joined.
    pub(super) taken: BTreeSet<i64>,
    /// What the document contributed before it changed.
    before: Vec<Member>,
    /// For each newcomer, which of these it was.
    former: Vec<Option<usize>>,
}

/// A candidate and how well it fits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate {
    pub(super) id: i64,
    pub(super) found: Match,
    pub(super) probability: f64,
    pub(super) documents: u32,
}

/// A corpus entity whose names are related to a newcomer's.
#[derive(Debug)]
struct Related {
    id: i64,
    found: Match,
    same_type: bool,
    documents: u32,
    shared_rarity: f64,
    comparable: bool,
}

impl Related {
    /// What the candidate puts in the scales for its share in the name.
    fn weight(&self, weights: &score::Weights) -> f64 {
        f64::from(self.found.documents.max(1)) * (weights.context * score::support(self.shared_rarity, weights)).exp()
    }
}

/// Where an entity goes.
#[derive(Debug)]
struct Destination {
    entity: Option<i64>,
    reason: String,
    score: f64,
    /// The entity that it had joined first, where it only comes back.
    origin: Option<i64>,
}

impl CorpusStore {
    pub(super) fn link_in_transaction(&mut self, document: &DocumentEntities) -> Result<Vec<Linked>> {
        let known = self.database.document(&document.id)?;
        let is_new_version = known.as_ref().is_some_and(|known| is_other_text(known, document));
        if let Some(known) = &known
            && known.fingerprint[..] == document.fingerprint()[..]
            && !self.table_disagrees(document, known.id)?
        {
            if is_new_version || known.text.is_none() && document.text.is_some() {
                let context = self.database.document_context(known.id)?;
                self.database.update_document(known.id, document, &context, is_new_version)?;
            }
            let count = if is_new_version { &mut self.tally.new_versions } else { &mut self.tally.unchanged };
            *count += 1;
            return self.stored_links(document, known.id);
        }
        let before = match &known {
            Some(known) => self.withdraw(known.id)?,
            None => Vec::new(),
        };
        let mut arrival = self.prepare(document, before)?;
        arrival.document = match &known {
            Some(known) => {
                self.database.update_document(known.id, document, &arrival.context, is_new_version)?;
                known.id
            }
            None => self.database.insert_document(document, &arrival.context)?,
        };
        let mut links: Vec<Option<Linked>> = vec![None; document.entities.len()];
        for number in order(&arrival.newcomers) {
            let entity = &document.entities[number];
            links[number] = Some(if self.is_forgotten(&arrival.newcomers[number], arrival.document) {
                nobody(&entity.name)
            } else {
                self.place(&mut arrival, entity, number)?
            });
        }
        self.database.count_names(&arrival.context, 1)?;
        self.documents += 1;
        if known.is_some() {
            // Contexts are kept in the order of documents, and this one is not the latest.
            for id in &arrival.taken {
                self.profiles.remove(id);
            }
            self.tell_emptied(&arrival)?;
        }
        let count = match known {
            None => &mut self.tally.new,
            Some(_) if is_new_version => &mut self.tally.new_versions,
            Some(_) => &mut self.tally.new_analyses,
        };
        *count += 1;
        let mut links: Vec<Linked> = links.into_iter().flatten().collect();
        for linked in links.iter_mut().filter(|linked| linked.corpus_id != CorpusId::NOBODY) {
            let id = self.database.survivor(linked.corpus_id.0)?.unwrap_or(linked.corpus_id.0);
            linked.corpus_id = CorpusId(id);
            linked.name = self.database.entity_name(id)?.unwrap_or_default();
        }
        Ok(links)
    }

    fn stored_links(&self, document: &DocumentEntities, id: i64) -> Result<Vec<Linked>> {
        let mut members = self.database.members_of_document(id)?.into_iter().peekable();
        let mut links = Vec::with_capacity(document.entities.len());
        for entity in &document.entities {
            // A name that was forgotten has no member.
            let is_its = |member: &Member| member.name == entity.name && member.entity_type == entity.entity_type;
            let Some(member) = members.next_if(is_its) else {
                links.push(nobody(&entity.name));
                continue;
            };
            let name = self.database.entity_name(member.entity)?.unwrap_or_default();
            let (reason, score) = (member.reason, member.score);
            links.push(Linked { corpus_id: CorpusId(member.entity), name, reason, score });
        }
        Ok(links)
    }

    /// Whether the user's alias table has another entity for one of a known document's than the one that it joined.
    fn table_disagrees(&self, document: &DocumentEntities, id: i64) -> Result<bool> {
        if self.aliases.is_empty() {
            return Ok(false);
        }
        let members = self.database.members_of_document(id)?;
        for entity in &document.entities {
            let newcomer = take_apart(entity);
            let Some(row) = self.aliases.find(&newcomer) else { continue };
            let sql = "SELECT id FROM entity WHERE table_key = ?1";
            let key = self.key_of_row(row, newcomer.entity_type);
            let wanted: Option<i64> = self.database.one(sql, [key], |row| row.get(0))?;
            let found =
                members.iter().find(|member| member.name == entity.name && member.entity_type == entity.entity_type);
            if found.is_some_and(|member| Some(member.entity) != wanted) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Takes a document's contribution out of its entities.
    pub(super) fn withdraw(&mut self, document: i64) -> Result<Vec<Member>> {
        let members = self.database.members_of_document(document)?;
        self.database.execute("DELETE FROM member WHERE document = ?1", [document])?;
        self.database.execute("DELETE FROM analysis WHERE document = ?1", [document])?;
        let mut entities = BTreeSet::new();
        for member in &members {
            let documents = i64::from(entities.insert(member.entity));
            self.database.count_entity(member.entity, -documents, -member.mentions)?;
            self.count_aliases(member.entity, &member.name, &member.aliases, -1)?;
        }
        for &entity in &entities {
            self.refresh(entity)?;
            let sql = "UPDATE entity SET last_document = ?2 WHERE id = ?1 AND documents = 0";
            self.database.execute(sql, [entity, document])?;
        }
        let context = self.database.document_context(document)?;
        self.database.count_names(&context, -1)?;
        self.documents -= 1;
        Ok(members)
    }

    /// Tells which entities a document that has changed was the last to mention.
    fn tell_emptied(&self, arrival: &Arrival) -> Result<()> {
        let entities: BTreeSet<i64> = arrival.before.iter().map(|member| member.entity).collect();
        for entity in entities {
            let sql = "SELECT 1 FROM entity WHERE id = ?1 AND documents = 0 AND merged_into IS NULL";
            if self.database.one(sql, [entity], |_| Ok(()))?.is_some() {
                self.database.tell("removed", entity, None)?;
            }
        }
        Ok(())
    }

    /// Makes what is derived from an entity's members anew: unused aliases go, keys and name follow.
    pub(super) fn refresh(&mut self, entity: i64) -> Result<()> {
        self.profiles.remove(&entity);
        self.database.remove_aliases(entity, true)?;
        let Some(profile) = self.database.profile(entity)? else { return Ok(()) };
        self.database.rebuild_keys(entity, profile.entity_type)?;
        let least = fair_share(i64::from(profile.documents));
        let mut best: Option<((bool, u8, i64, i64), String)> = None;
        for (text, documents, named) in self.database.aliases(entity)? {
            let rank = (documents >= least, name_rank(&text, profile.entity_type), named, documents);
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, text));
            }
        }
        // An entity that lost all its documents keeps the name by which people knew it.
        if let Some((_, name)) = best {
            self.database.set_entity_name(entity, &name)?;
        }
        Ok(())
    }

    fn prepare(&self, document: &DocumentEntities, before: Vec<Member>) -> Result<Arrival> {
        let newcomers: Vec<Newcomer> = document.entities.iter().map(take_apart).collect();
        let id = self.database.document_id(&document.id)?.unwrap_or(-1);
        let kept: Vec<&Newcomer> = newcomers.iter().filter(|newcomer| !self.is_forgotten(newcomer, id)).collect();
        let context = context(kept);
        let mut neighbours = Vec::with_capacity(newcomers.len());
        for newcomer in &newcomers {
            let keys: Vec<Key> = newcomer.forms.iter().map(|form| form.key).collect();
            let rarity = match newcomer.forms.iter().max_by_key(|form| form.strength) {
                Some(form) => self.rarity(form.key, newcomer.entity_type)?,
                None => 0.0,
            };
            neighbours.push(Neighbour { keys, rarity });
        }
        let name = document.id.clone();
        let former = former_members(&document.entities, &newcomers, &before);
        Ok(Arrival { document: 0, name, newcomers, neighbours, context, taken: BTreeSet::new(), before, former })
    }

    /// How much a name says by standing beside another: inverse document frequency, half of it for places, which stand
    /// beside everything.
    fn rarity(&self, key: Key, entity_type: EntityType) -> Result<f64> {
        let documents = self.database.documents_with_name(key)?.max(0);
        let idf = ((self.documents as f64 + PRIOR_DOCUMENTS) / (documents as f64 + 1.0)).ln().max(0.0);
        Ok(if entity_type == EntityType::Loc { idf / 2.0 } else { idf })
    }

    /// Decides where entity `number` goes, and brings it there.
    fn place(&mut self, arrival: &mut Arrival, entity: &DocumentEntity, number: usize) -> Result<Linked> {
        let (destination, candidates) = match self.decided(arrival, number)? {
            Some(destination) => (destination, Vec::new()),
            None => self.weighed(arrival, number)?,
        };
        let opened = destination.entity.is_none();
        let id = match destination.entity {
            Some(id) => id,
            None => self.open_entity(entity, arrival.document)?,
        };
        let Destination { reason, score, origin, .. } = destination;
        let linked = Linked { corpus_id: CorpusId(id), name: String::new(), reason, score };
        self.join(arrival, entity, number, &linked, origin.unwrap_or(id))?;
        if !opened {
            self.merge_bridged(arrival, id, &candidates)?;
        }
        Ok(linked)
    }

    /// What people, alias tables and the document's former self say, in this order.
    fn decided(&mut self, arrival: &Arrival, number: usize) -> Result<Option<Destination>> {
        let newcomer = &arrival.newcomers[number];
        let certain = |entity, reason: &str, origin| {
            Some(Destination { entity: Some(entity), reason: reason.to_owned(), score: 1.0, origin })
        };
        if let Some(pinned) = self.pinned(arrival, newcomer)? {
            return Ok(certain(pinned, "pinned", None));
        }
        if let Some(row) = self.aliases.find(newcomer) {
            let row = row.clone();
            return Ok(certain(self.entity_of_row(&row, newcomer.entity_type)?, "alias table", None));
        }
        if let Some(id) = self.assigned_to(&arrival.name, newcomer)?
            && !arrival.taken.contains(&id)
        {
            return Ok(certain(id, "decided by a person", None));
        }
        if let Some(former) = arrival.former[number].map(|former| &arrival.before[former]) {
            // What was placed before in this document may have merged it into another.
            let entity = self.database.survivor(former.entity)?.unwrap_or(former.entity);
            if !arrival.taken.contains(&entity) {
                return Ok(certain(entity, "same document", Some(former.origin)));
            }
        }
        Ok(None)
    }

    /// The entity that a person pinned to this very name; a longer name of another one that the document uses beside it is
    /// not this name.
    fn pinned(&mut self, arrival: &Arrival, newcomer: &Newcomer) -> Result<Option<i64>> {
        for form in &newcomer.forms {
            let Some(&id) = self.pins.get(&(form.key, newcomer.entity_type)) else { continue };
            if arrival.taken.contains(&id) {
                continue;
            }
            let Some(profile) = self.profile(id)? else { continue };
            let longer = newcomer.forms.iter().filter(|other| other.strength > form.strength);
            let is_its = longer.map(|other| other.key).all(|key| profile.names.contains_key(&key));
            let wobbles = (profile.entity_type == EntityType::Per) != (newcomer.entity_type == EntityType::Per);
            if is_its && !(wobbles && self.has_bearer(form, newcomer.entity_type)?) {
                return Ok(Some(id));
            }
        }
        Ok(None)
    }

    /// Whether some entity of this type bears a name.
    fn has_bearer(&mut self, form: &Form, entity_type: EntityType) -> Result<bool> {
        for id in self.database.block(form.sought_keys(entity_type).equal, OLDEST, 0)? {
            let bears =
                |profile: &mut Profile| profile.entity_type == entity_type && profile.names.contains_key(&form.key);
            if self.profile(id)?.is_some_and(bears) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn weighed(&mut self, arrival: &Arrival, number: usize) -> Result<(Destination, Vec<Candidate>)> {
        let mut candidates = self.candidates(arrival, number)?;
        // Two entities of one document are two, unless a knowledge base says otherwise.
        let free = |candidate: &Candidate| {
            candidate.found.relation == Relation::SameId || !arrival.taken.contains(&candidate.id)
        };
        candidates.sort_by(|one, other| {
            other
                .probability
                .total_cmp(&one.probability)
                .then(other.documents.cmp(&one.documents))
                .then(one.id.cmp(&other.id))
        });
        let best = candidates.iter().copied().find(free).filter(|best| best.probability >= 0.5);
        let destination = match best {
            Some(best) => Destination {
                entity: Some(best.id),
                reason: best.found.relation.reason().to_owned(),
                score: best.probability,
                origin: None,
            },
            None => Destination { entity: None, reason: "new".to_owned(), score: 1.0, origin: None },
        };
        Ok((destination, candidates))
    }

    /// The corpus entities whose names are related to those of newcomer `number`, weighed.
    fn candidates(&mut self, arrival: &Arrival, number: usize) -> Result<Vec<Candidate>> {
        let newcomer = &arrival.newcomers[number];
        let ids = self.candidate_ids(newcomer)?;
        let mut place_names = Vec::new();
        if newcomer.entity_type == EntityType::Org {
            for &id in &ids {
                if let Some(profile) = self.profile(id)?.filter(|profile| profile.entity_type == EntityType::Loc) {
                    place_names.extend(profile.names.keys().copied());
                }
            }
        }
        let mut related: Vec<Related> = Vec::new();
        for &id in &ids {
            let Some(profile) = self.profile(id)? else { continue };
            let Some(found) = score::relate(newcomer, profile, &place_names) else { continue };
            if found.relation != Relation::Clash {
                let same_type = profile.entity_type == newcomer.entity_type;
                related.push(Related {
                    id,
                    found,
                    same_type,
                    documents: profile.documents,
                    shared_rarity: 0.0,
                    comparable: false,
                });
            }
        }
        // The only bearer of a full name needs nobody to vouch for it.
        let alone = matches!(related.as_slice(), [only] if only.found.relation >= Relation::SameFull);
        // Each candidate has a share in the name: by the documents that call it so, and by the company it keeps.
        let mut uses: BTreeMap<Key, f64> = BTreeMap::new();
        for candidate in &mut related {
            if !alone {
                let company = self.common_company(arrival, number, candidate.id)?;
                (candidate.shared_rarity, candidate.comparable) = company;
            }
            *uses.entry(candidate.found.key).or_default() += candidate.weight(&self.weights);
        }
        let weigh = |candidate: &Related| {
            let weight = candidate.weight(&self.weights);
            let share = weight / uses.get(&candidate.found.key).copied().unwrap_or(weight);
            let evidence = Evidence {
                share,
                shared_rarity: candidate.shared_rarity,
                comparable: candidate.comparable,
                same_type: candidate.same_type,
            };
            let probability = score::probability(candidate.found, evidence, &self.weights);
            Candidate { id: candidate.id, found: candidate.found, probability, documents: candidate.documents }
        };
        Ok(related.iter().map(weigh).collect())
    }

    fn candidate_ids(&self, newcomer: &Newcomer) -> Result<BTreeSet<i64>> {
        let mut ids = BTreeSet::new();
        if let Some(id) = &newcomer.knowledge_id {
            let sql = "SELECT id FROM entity WHERE knowledge_id = ?1 AND merged_into IS NULL ORDER BY id LIMIT 1";
            ids.extend(self.database.one(sql, [id], |row| row.get::<_, i64>(0))?);
        }
        let mut asked = HashSet::new();
        // A name of several words says who is meant; the parts that the document uses too would only bring strangers.
        let strongest = newcomer.strength();
        for form in &newcomer.forms {
            let sought = form.sought_keys(newcomer.entity_type);
            if asked.insert(sought.equal) {
                ids.extend(self.database.block(sought.equal, OLDEST, NEWEST)?);
            }
            if Some(form.strength) < strongest {
                continue;
            }
            for key in sought.related {
                if asked.insert(key) {
                    let found = self.database.block(key, RELATED + 1, 0)?;
                    if found.len() <= RELATED {
                        ids.extend(found);
                    }
                }
            }
        }
        Ok(ids)
    }

    /// Rarity of what stands beside both newcomer `number` and entity `id`, summed, and whether both have enough company
    /// for its absence to mean something.
    fn common_company(&mut self, arrival: &Arrival, number: usize, id: i64) -> Result<(f64, bool)> {
        let missing = self.profiles.get(&id).is_none_or(|profile| !profile.has_context());
        let contexts = if missing { Some(self.database.contexts(id)?) } else { None };
        let Some(profile) = self.profile(id)? else { return Ok((0.0, false)) };
        if let Some(contexts) = contexts {
            profile.set_context(contexts);
        }
        let others = arrival.neighbours.iter().enumerate().filter(|(other, _)| *other != number);
        // The root keeps one shared document of many from drowning, and a hub from being everybody's friend.
        let shared = others.map(|(_, neighbour)| neighbour.rarity * profile.share_with(&neighbour.keys).sqrt()).sum();
        let comparable = arrival.neighbours.len() > LEAST_COMPANY && profile.has_more_company_than(LEAST_COMPANY);
        Ok((shared, comparable))
    }

    /// A new entity, or the one that this document was the last to mention by the same name.
    pub(super) fn open_entity(&mut self, entity: &DocumentEntity, document: i64) -> Result<i64> {
        let sql = "SELECT id FROM entity WHERE last_document = ?1 AND documents = 0 AND merged_into IS NULL
                   AND erased = 0 AND name = ?2 AND type = ?3 ORDER BY id LIMIT 1";
        let parameters = rusqlite::params![document, entity.name, entity.entity_type.label()];
        if let Some(id) = self.database.one(sql, parameters, |row| row.get(0))? {
            self.database.execute("UPDATE entity SET last_document = NULL WHERE id = ?1", [id])?;
            self.database.tell("created", id, None)?;
            return Ok(id);
        }
        self.database.insert_entity(&entity.name, entity.entity_type, entity.knowledge_id.as_deref())
    }

    /// Adds a document entity to a corpus entity.
    fn join(
        &mut self,
        arrival: &mut Arrival,
        entity: &DocumentEntity,
        number: usize,
        linked: &Linked,
        origin: i64,
    ) -> Result<()> {
        let id = linked.corpus_id.0;
        self.database.insert_member(arrival.document, number, entity, linked, origin)?;
        let first = arrival.taken.insert(id);
        let mentions = i64::try_from(entity.mentions()).unwrap_or(i64::MAX);
        self.database.count_entity(id, i64::from(first), mentions)?;
        self.count_aliases(id, &entity.name, &entity.aliases, 1)?;
        if let Some(profile) = self.profiles.get_mut(&id) {
            profile.documents += u32::from(first);
            for text in texts(&entity.name, &entity.aliases) {
                profile.add_name(text, 1, u32::from(text == entity.name));
            }
            if first {
                profile.add_context(&arrival.context);
            }
            if profile.knowledge_id.is_none() {
                profile.knowledge_id.clone_from(&entity.knowledge_id);
            }
        }
        if entity.knowledge_id.is_some() {
            let sql = "UPDATE entity SET knowledge_id = ?2 WHERE id = ?1 AND knowledge_id IS NULL";
            self.database.execute(sql, rusqlite::params![id, entity.knowledge_id])?;
        }
        self.follow_name(id, entity)
    }

    /// Adds a document entity's names to those of a corpus entity, or takes them away (`sign` -1).
    pub(super) fn count_aliases(
        &mut self,
        id: i64,
        name: &str,
        aliases: &[crate::entity::Alias],
        sign: i64,
    ) -> Result<()> {
        for text in texts(name, aliases) {
            let mentions: usize = aliases.iter().filter(|alias| alias.text == text).map(|alias| alias.count).sum();
            let counts = AliasCounts {
                documents: sign,
                mentions: sign * i64::try_from(mentions).unwrap_or(i64::MAX),
                named: sign * i64::from(text == name),
            };
            if self.database.count_alias(id, text, counts)? && sign > 0 {
                let sql = "SELECT type FROM entity WHERE id = ?1";
                let entity_type = self.database.one(sql, [id], |row| super::database::read_type(row, 0))?;
                if let Some((form, entity_type)) =
                    entity_type.and_then(|entity_type| Some((Form::parse(text, entity_type)?, entity_type)))
                {
                    self.database.add_keys(id, &form, entity_type)?;
                }
            }
        }
        Ok(())
    }

    /// Gives a corpus entity the name of its newest member, if more documents choose that one or it says more.
    fn follow_name(&self, id: i64, entity: &DocumentEntity) -> Result<()> {
        let sql = "SELECT name, type, documents FROM entity WHERE id = ?1 AND table_key IS NULL AND fixed & 1 = 0";
        let found = self.database.one(sql, [id], |row| {
            Ok((row.get::<_, String>(0)?, super::database::read_type(row, 1)?, row.get::<_, i64>(2)?))
        })?;
        let Some((name, entity_type, documents)) = found.filter(|(name, ..)| *name != entity.name) else {
            return Ok(());
        };
        let rank = |name: &str| -> Result<(bool, u8, i64)> {
            let (uses, named) = self.database.uses(id, name)?;
            Ok((uses >= fair_share(documents), name_rank(name, entity_type), named))
        };
        if rank(&entity.name)? > rank(&name)? {
            self.database.set_entity_name(id, &entity.name)?;
        }
        Ok(())
    }
}

fn nobody(name: &str) -> Linked {
    Linked { corpus_id: CorpusId::NOBODY, name: name.to_owned(), reason: "forgotten".to_owned(), score: 1.0 }
}

/// The names of an entity without repetition, canonical name first.
fn texts<'a>(name: &'a str, aliases: &'a [crate::entity::Alias]) -> Vec<&'a str> {
    let mut seen = HashSet::new();
    std::iter::once(name)
        .chain(aliases.iter().map(|alias| alias.text.as_str()))
        .filter(|text| !text.is_empty() && seen.insert(*text))
        .collect()
}

/// The name keys of a document, sorted.
pub(super) fn context<'a>(newcomers: impl IntoIterator<Item = &'a Newcomer>) -> Vec<Key> {
    let mut keys: Vec<Key> =
        newcomers.into_iter().flat_map(|newcomer| newcomer.forms.iter().map(|form| form.key)).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.truncate(CONTEXT);
    keys
}

/// A document's entity as it was when it came.
pub(super) fn newcomer_of(member: &Member) -> Newcomer {
    let Member { name, entity_type, aliases, .. } = member.clone();
    take_apart(&DocumentEntity { name, entity_type, aliases, knowledge_id: None })
}

pub(super) fn take_apart(entity: &DocumentEntity) -> Newcomer {
    let mut forms: Vec<Form> = Vec::new();
    let mut lower_case: Vec<bool> = Vec::new();
    for text in texts(&entity.name, &entity.aliases).into_iter().take(FORMS) {
        let Some(form) = Form::parse(text, entity.entity_type) else { continue };
        let has_lower_case = text.chars().any(char::is_lowercase);
        if let Some(known) = forms.iter().position(|known| known.key == form.key) {
            lower_case[known] |= has_lower_case;
        } else {
            forms.push(form);
            lower_case.push(has_lower_case);
        }
    }
    Newcomer { entity_type: entity.entity_type, knowledge_id: entity.knowledge_id.clone(), forms, lower_case }
}

/// The order in which a document's entities are placed: those whose names say most first, so that a bare surname does
/// not take the place of the one who bears the full name.
fn order(newcomers: &[Newcomer]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..newcomers.len()).collect();
    order.sort_by_key(|&number| {
        std::cmp::Reverse((newcomers[number].knowledge_id.is_some(), newcomers[number].strength()))
    });
    order
}

/// Documents that must use a name before it can stand for an entity of so many: a form that hardly anybody uses, however
/// full, is no name for all (`R-NC` of hundreds of documents was called after one that spelled it out).
const fn fair_share(documents: i64) -> i64 {
    documents / 20
}

/// How well a name can stand for an entity: full names of people before initials before single words, and names before
/// acronyms.
fn name_rank(name: &str, entity_type: EntityType) -> u8 {
    match (Form::parse(name, entity_type).map(|form| form.strength), entity_type) {
        (None, _) => 0,
        (Some(Strength::Acronym | Strength::Bare), _) => 1,
        (Some(Strength::Initials), _) => 2,
        (Some(Strength::Word | Strength::Full), _) => 3,
    }
}
