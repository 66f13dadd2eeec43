//! Evidence before fame: which of the entries that a form may stand for the document supports.
//!
//! In come the names of a document with all that the world knows under their forms; out go, for each name, the entries that the
//! text supports, and those that are only likely, with a probability. Whatever the resolver does with the world, it does with
//! the supported ones: a famous name that the text does not speak of neither joins names nor names an entity.

use super::context::is_sport;
use super::known_name::KnownName;
use super::score::SURE;
use crate::document::Span;
use crate::entity_type::EntityType;
use crate::knowledge::{ReadingKind, Sense, World};
use crate::mention::Mention;
use crate::name::{fold, join, split_words};
use std::collections::{HashMap, HashSet};

/// Share of the readings of an acronym from which on it needs no witness. The tables round, and every famous body has some
/// institute beside it that shares its letters.
const SURE_SHARE: f32 = 0.85;

/// Share of the readings of a country's letters that are the country; the tag LOC tells the rest.
const COUNTRY_SHARE: f32 = 0.6;

/// A probability for what has no count: it is this, or one of many others.
const LIKELY: f32 = 0.5;

/// The document, as far as it can bear witness.
pub(crate) struct Evidence<'a> {
    world: &'a World,
    text: &'a str,
    mentions: &'a [Mention],
    /// For each entry, the keys of the names that may stand for it.
    bearers: HashMap<Sense, HashSet<&'a str>>,
    /// Entries that the text writes out.
    spelled: HashSet<Sense>,
    /// Words of people's names.
    people: HashSet<&'a str>,
    /// The document reports on sport and names a league or a team that is nothing else.
    sport: bool,
}

impl<'a> Evidence<'a> {
    /// Hears what the names tell of each other; `name_of` has the number of each mention's name.
    pub(crate) fn read(
        world: &'a World,
        text: &'a str,
        mentions: &'a [Mention],
        names: &'a [KnownName],
        name_of: &[usize],
    ) -> Self {
        let mut evidence = Self {
            world,
            text,
            mentions,
            bearers: HashMap::new(),
            spelled: HashSet::new(),
            people: HashSet::new(),
            sport: false,
        };
        for name in names {
            for &sense in &name.senses {
                evidence.bearers.entry(sense).or_default().insert(&name.key);
                if evidence.is_spelled(name, sense) {
                    evidence.spelled.insert(sense);
                }
            }
        }
        for (mention, &name) in mentions.iter().zip(name_of) {
            if mention.entity_type == EntityType::Per && names[name].words.len() > 1 {
                evidence.people.extend(names[name].words.iter().map(|word| word.folded.as_str()));
            }
        }
        let league = |name: &KnownName| {
            let is_one =
                |sense: &Sense| world.entry(*sense).is_some_and(|entry| entry.team.is_some() || is_league(&entry.name));
            name.senses.len() == 1 && name.senses.iter().any(is_one) && !evidence.is_doubtful_word(name)
        };
        evidence.sport = names.iter().any(league) && is_sport(text);
        evidence
    }

    /// Leaves each name the senses that the text supports; the others become likely ones.
    pub(crate) fn weigh(&self, names: &[KnownName], name_of: &[usize]) -> Vec<Weighed> {
        let mut places: Vec<Vec<usize>> = vec![Vec::new(); names.len()];
        for (mention, &name) in name_of.iter().enumerate() {
            places[name].push(mention);
        }
        names.iter().zip(places).map(|(name, places)| self.weigh_name(name, &places)).collect()
    }

    fn weigh_name(&self, name: &KnownName, places: &[usize]) -> Weighed {
        let mut weighed = Weighed::default();
        let count = name.senses.len().max(1);
        for &sense in &name.senses {
            if self.supports(name, sense, places) {
                weighed.supported.push(sense);
            } else {
                #[expect(clippy::cast_precision_loss, reason = "a few meanings")]
                let share = self.share(name, sense).unwrap_or(LIKELY) / count as f32;
                weighed.likely.push((sense, share));
            }
        }
        weighed
    }

    fn supports(&self, name: &KnownName, sense: Sense, places: &[usize]) -> bool {
        let Some(entry) = self.world.entry(sense) else { return false };
        if entry.pinned {
            return true;
        }
        if entry.team.is_some() {
            return self.supports_team(name, sense);
        }
        let is_place = entry.kind == Some(EntityType::Loc);
        // "LONDON" of a dateline are no letters that stand for something.
        let is_word = self.world.is_name(sense, &name.key) || self.world.is_own_name(sense, &name.key);
        if let Some(letters) = name.acronym.as_ref().filter(|_| !is_word) {
            let witness = self.spelled.contains(&sense) || self.text.contains(entry.name.as_str());
            return witness
                || if is_place {
                    self.supports_code(letters, sense, places)
                } else {
                    self.supports_acronym(name, sense, places)
                };
        }
        if name.words.len() > 1 {
            // "Security Council", "General Assembly", "Conservative Party": many have one.
            let whole = name.words.len() > 2 || !name.organization.generic || self.is_distinct(name, sense);
            return whole || self.spelled_otherwise(name, sense) || self.has_owner(sense);
        }
        if entry.kind == Some(EntityType::Misc) {
            return true;
        }
        let is_abbreviation = !is_word && name.key != fold(&entry.name) && self.is_abbreviation(name, sense, places);
        let sure = places.iter().any(|&place| self.mentions[place].score >= SURE);
        match entry.kind {
            Some(EntityType::Loc) => {
                !is_abbreviation
                    && (sure || !self.people.contains(name.key.as_str()))
                    && !self.is_elsewhere(sense, places)
            }
            _ => !self.people.contains(name.key.as_str()) && !self.is_doubtful_word(name),
        }
    }

    /// A team by its whole name; by place or nickname, if the document has the other too, or speaks of such teams and the word is no
    /// common one.
    fn supports_team(&self, name: &KnownName, sense: Sense) -> bool {
        let whole = self.world.entry(sense).is_some_and(|entry| join(&split_words(&entry.name)) == name.key);
        let both = self.bearers.get(&sense).is_some_and(|keys| keys.len() > 1);
        whole || both || self.sport || (name.words.len() > 1 && !self.world.is_place(&name.senses))
    }

    /// Letters that stand for hardly anything else, tagged as an organisation.
    fn supports_acronym(&self, name: &KnownName, sense: Sense, places: &[usize]) -> bool {
        // "R-NC", "D-CA": a party and a state.
        if name.surface.contains('-') {
            return false;
        }
        let tagged = |place: &usize| {
            let mention = &self.mentions[*place];
            mention.entity_type == EntityType::Org && mention.score >= SURE && !self.is_countable(mention.span)
        };
        if !places.iter().any(tagged) {
            return false;
        }
        let Some(entry) = self.world.entry(sense) else { return false };
        if self.sport && is_league(&entry.name) {
            return true;
        }
        let Some(acronym) = self.world.facts().acronym(&name.surface) else { return name.words.len() == 1 };
        let doubtful = |kind| !matches!(kind, ReadingKind::Organization | ReadingKind::Company);
        !acronym.readings().any(|reading| doubtful(reading.kind))
            && self.share(name, sense).is_some_and(|share| share >= SURE_SHARE)
    }

    /// Letters of a country or state: those of a country that mean it first of all, those of a state after a place or with it.
    fn supports_code(&self, letters: &str, sense: Sense, places: &[usize]) -> bool {
        let Some(id) = self.world.entry(sense).and_then(|entry| entry.id.as_deref()) else { return false };
        let country = id.strip_prefix("iso:").is_some_and(|code| !code.contains('-'));
        if country {
            let acronym = self.world.facts().acronym(letters);
            let first = acronym.and_then(|acronym| acronym.readings().next());
            return first.is_none_or(|reading| reading.kind == ReadingKind::Place && reading.share >= COUNTRY_SHARE);
        }
        let city = self.world.facts().short_places(letters).any(|(_, share)| share >= SURE_SHARE);
        let located = |place: &usize| self.mentions[*place].entity_type == EntityType::Loc;
        if id.starts_with("city:") {
            return city && letters.chars().count() > 2 && places.iter().any(located);
        }
        places.iter().any(|&place| self.follows_place(place))
    }

    /// "Norvik, WA": a place and a comma stand before.
    fn follows_place(&self, place: usize) -> bool {
        let Some(before) = place.checked_sub(1).map(|before| &self.mentions[before]) else { return false };
        let between = self.text.get(before.span.end..self.mentions[place].span.start).unwrap_or_default();
        before.entity_type != EntityType::Per && between.trim() == ","
    }

    /// A short form that is an abbreviation ("Calif.", "Ga."), and has no dot where it stands: it may be another word ("Miss", "Ill").
    fn is_abbreviation(&self, name: &KnownName, sense: Sense, places: &[usize]) -> bool {
        let short = self.world.entry(sense).is_some_and(|entry| {
            let whole = fold(&entry.name);
            name.key.chars().count() <= 5 && whole.len() > name.key.len() && whole.starts_with(&name.key)
        });
        let dotted = |place: &usize| {
            let end = self.mentions[*place].span.end;
            self.text.get(..end).is_some_and(|text| text.ends_with('.'))
                || self.text.get(end..).is_some_and(|text| text.starts_with('.'))
        };
        short && !self.spelled_otherwise(name, sense) && !places.iter().any(dotted)
    }

    /// "Paris, Texas": a state of another country follows.
    fn is_elsewhere(&self, sense: Sense, places: &[usize]) -> bool {
        let Some(entry) = self.world.entry(sense) else { return false };
        if !entry.id.as_deref().is_some_and(|id| id.starts_with("city:")) {
            return false;
        }
        let capital =
            entry.within.and_then(|country| self.world.entry(country)).and_then(|country| country.id.as_deref());
        let country = capital.and_then(|id| id.strip_prefix("iso:"));
        let home = country.or_else(|| self.world.facts().cities(&entry.name).next().map(|city| city.country));
        let home = home.unwrap_or_default();
        !places.is_empty()
            && places.iter().all(|&place| self.country_of_state_after(place).is_some_and(|country| country != home))
    }

    /// The code of the country whose state stands after a place and a comma.
    fn country_of_state_after(&self, place: usize) -> Option<&str> {
        let rest = self.text.get(self.mentions[place].span.end..)?.strip_prefix(", ")?;
        let words: Vec<&str> = rest.split(|c: char| !c.is_alphabetic() && c != '.').take(2).collect();
        let state = |form: &str| {
            let senses = self.world.senses(form, &join(&split_words(form)));
            let codes = senses.iter().filter_map(|sense| self.world.entry(*sense)?.id.as_deref()?.strip_prefix("iso:"));
            codes.filter_map(|code| code.split_once('-')).map(|(country, _)| country).next()
        };
        state(words.first()?).or_else(|| state(&words.join(" ")))
    }

    /// "an IRA," "my IRA": one of many, and nothing that has a name.
    fn is_countable(&self, span: Span) -> bool {
        let before = self.text.get(..span.start).unwrap_or_default().split_whitespace().next_back().unwrap_or_default();
        let after = self.text.get(span.end..).unwrap_or_default();
        let ends = after.trim_start_matches(' ').chars().next().is_none_or(|c| !c.is_alphanumeric() && c != '-');
        let lower = before.to_lowercase();
        matches!(lower.as_str(), "my" | "your") || (ends && matches!(lower.as_str(), "a" | "an"))
    }

    /// The share of the sense among the readings of letters.
    fn share(&self, name: &KnownName, sense: Sense) -> Option<f32> {
        name.acronym.as_ref()?;
        let acronym = self.world.facts().acronym(&name.surface)?;
        let means = |expansion: &str| {
            let key = join(&split_words(expansion.split(" (").next().unwrap_or(expansion)));
            self.world.senses("", &key).contains(&sense)
                || self.world.entry(sense).is_some_and(|entry| join(&split_words(&entry.name)) == key)
        };
        let shares = acronym.readings().filter(|reading| means(reading.expansion)).map(|reading| reading.share);
        shares.reduce(|sum, share| sum + share)
    }

    /// The name writes the entry out: no letters, no nickname.
    fn is_spelled(&self, name: &KnownName, sense: Sense) -> bool {
        let Some(entry) = self.world.entry(sense) else { return false };
        name.acronym.is_none()
            && (name.key == join(&split_words(&entry.name))
                || (name.words.len() > 1 && !name.organization.generic && entry.team.is_none()))
    }

    /// Whether the document writes the entry out under another name than this.
    fn spelled_otherwise(&self, name: &KnownName, sense: Sense) -> bool {
        self.bearers.get(&sense).is_some_and(|keys| keys.iter().any(|key| *key != name.key))
    }

    /// The document speaks of whom the entry belongs to: of the United States, where "Commerce Department" is that of the United
    /// States.
    fn has_owner(&self, sense: Sense) -> bool {
        let Some(entry) = self.world.entry(sense) else { return false };
        let words = split_words(&entry.name);
        (1..words.len().min(3)).any(|count| {
            let owners = self.world.senses("", &join(&words[..count]));
            owners.iter().any(|owner| *owner != sense && (self.bearers.contains_key(owner) || self.people_of(*owner)))
        })
    }

    /// The document names the people of a country.
    fn people_of(&self, country: Sense) -> bool {
        self.bearers.keys().any(|sense| self.world.entry(*sense).is_some_and(|entry| entry.country == Some(country)))
    }

    /// "World Bank", "Federal Reserve": common words, and still one body's name or the beginning of it. A party has namesakes
    /// everywhere.
    fn is_distinct(&self, name: &KnownName, sense: Sense) -> bool {
        let begins =
            self.world.entry(sense).is_some_and(|entry| join(&split_words(&entry.name)).starts_with(&name.key));
        begins && name.words.last().is_some_and(|word| word.folded != "party")
    }

    /// A word that is a common one too, or a name of something else.
    fn is_doubtful_word(&self, name: &KnownName) -> bool {
        name.words.len() == 1
            && self.world.facts().word_kind(&name.surface).is_some_and(|kind| {
                !kind.common_word.is_empty() || kind.given + kind.family > 10_000 || kind.city_population > 0
            })
    }
}

/// What the document leaves of a name's senses.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weighed {
    pub(crate) supported: Vec<Sense>,
    /// With a probability each.
    pub(crate) likely: Vec<(Sense, f32)>,
}

/// Whether a name is one of a league or a body of sport.
fn is_league(name: &str) -> bool {
    const SPORTS: [&str; 9] =
        ["Basketball", "Football", "Hockey", "Baseball", "League", "Olympic", "Rugby", "Cricket", "Tennis"];
    SPORTS.iter().any(|sport| name.contains(sport))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolve::Resolver;

    /// Resolves a text with mentions marked `[ORG Arden Bank]`; entity names with ids, and candidates in brackets.
    fn known(marked: &str) -> Vec<String> {
        let (mut text, mut mentions) = (String::new(), Vec::new());
        for part in marked.split('[') {
            let Some((inside, after)) = part.split_once(']') else {
                text.push_str(part);
                continue;
            };
            let (label, name) = inside.split_once(' ').unwrap();
            let span = Span::new(text.len(), text.len() + name.len());
            text.push_str(name);
            mentions.push(Mention { span, entity_type: EntityType::from_label(label), score: 0.9 });
            text.push_str(after);
        }
        let entities = Resolver::embedded().resolve(&text, &mut mentions);
        entities
            .into_iter()
            .filter(|entity| entity.entity_type != EntityType::Per)
            .map(|entity| {
                let likely: Vec<&str> = entity.knowledge_candidates.iter().map(|one| one.id.as_str()).collect();
                format!("{} {:?} {likely:?}", entity.name, entity.knowledge_id.unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn letters_that_stand_for_one_thing_alone_are_famous() {
        assert_eq!(known("The [ORG WHO] met."), [r#"World Health Organization "org:world-health-organization" []"#]);
        assert_eq!(known("[LOC US] and [LOC U.K.]")[1], r#"United Kingdom "iso:GB" []"#);
    }

    #[test]
    fn letters_with_other_readings_need_a_witness() {
        assert_eq!(known("The [ORG IRA] helps."), [r#"IRA "" ["org:irish-republican-army"]"#]);
        assert_eq!(
            known("The [ORG IRA] is the [ORG Irish Republican Army]."),
            [r#"Irish Republican Army "org:irish-republican-army" []"#]
        );
        assert!(known("The ship's [ORG ETA] is noon.")[0].starts_with("ETA \"\""));
        assert!(known("The [ORG CPC] of the town met.")[0].starts_with("CPC \"\""));
    }

    #[test]
    fn bodies_that_many_have_need_their_owner() {
        assert!(known("The [ORG World Bank] met.")[0].contains("\"org:world-bank\""));
        assert!(known("The [ORG Labour Party] met.")[0].starts_with("Labour Party \"\""));
        assert!(known("The [ORG State Department] met.")[0].starts_with("State Department \"\""));
        let owned = known("The [MISC American] people and the [ORG State Department] met.");
        assert!(owned[1].contains("\"org:united-states-department-of-state\""), "{owned:?}");
    }

    #[test]
    fn a_party_and_a_state_are_no_acronym() {
        for text in ["Sen. [PER Burr] ([ORG R-NC]) spoke.", "He was in [LOC West Africa].", "Bill [ORG H.R.] 12"] {
            assert!(known(text).iter().all(|entity| entity.contains("\"\"")), "{text}: {:?}", known(text));
        }
        assert!(known("[PER Jane Holt], [LOC PA], spoke.")[0].starts_with("PA \"\""));
        assert!(known("He lives in [LOC Arden], [LOC PA].")[1].contains("iso:US-PA"));
    }

    #[test]
    fn nicknames_of_teams_need_their_town_or_sport() {
        assert!(
            known("The [ORG Royals] visited [LOC Leeds].")[0].starts_with("Royals \"\" [\"team:kansas-city-royals\"]")
        );
        assert!(known("The [ORG Royals] of [ORG Kansas City] won.")[0].contains("\"team:kansas-city-royals\""));
        assert!(known("The [ORG Boston Red Sox] won.")[0].contains("\"team:boston-red-sox\""));
    }

    #[test]
    fn a_town_of_the_name_elsewhere_is_not_the_famous_one() {
        assert!(known("He left [LOC Paris], Texas.")[0].starts_with("Paris \"\" [\"city:paris\"]"));
        assert!(known("He left [LOC Paris], France.")[0].contains("\"city:paris\""));
        assert!(known("He left [LOC Londonderry], NH.")[0].starts_with("Londonderry \"\""));
        assert!(known("He left [LOC Philadelphia], PA.")[0].contains("\"city:philadelphia\""));
    }

    #[test]
    fn a_longer_name_is_another_body() {
        let texts = [
            "The [ORG Ohio House of Representatives] met. The [ORG House of Representatives] voted.",
            "The [ORG Arden World Bank] met. The [ORG World Bank] lends.",
        ];
        for text in texts {
            let found = known(text);
            assert!(found.len() > 1 || found[0].contains("\"\""), "{found:?}");
        }
        assert!(
            known("The [ORG U.S. Supreme Court] met. The [ORG Supreme Court] voted.")[0]
                .contains("\"org:united-states")
        );
    }

    #[test]
    fn former_names_are_shown_as_the_text_has_them() {
        assert_eq!(known("They met in [LOC Kiev]."), [r#"Kiev "city:kyiv" []"#]);
        assert_eq!(known("They met in [LOC Kyiv], once [LOC Kiev]."), [r#"Kyiv "city:kyiv" []"#]);
        assert_eq!(known("In [LOC Burma]."), [r#"Burma "iso:MM" []"#]);
    }
}
