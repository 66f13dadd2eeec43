//! Articles written for this test, with mentions marked up as `[PER Maria Arden]`, and the entities that must come out.
#![allow(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use namesake::alias_table::AliasTable;
use namesake::document::Span;
use namesake::entity::Entity;
use namesake::entity_type::EntityType;
use namesake::mention::Mention;
use namesake::resolve::Resolver;

/// Takes the mark-up out of a text.
fn tagged(marked: &str) -> (String, Vec<Mention>) {
    let (mut text, mut mentions) = (String::new(), Vec::new());
    for part in marked.split('[') {
        let Some((inside, after)) = part.split_once(']') else {
            text.push_str(part);
            continue;
        };
        let (label, name) = inside.split_once(' ').unwrap();
        let (start, entity_type) = (text.len(), EntityType::known(label).unwrap());
        text.push_str(name);
        mentions.push(Mention { span: Span::new(start, text.len()), entity_type, score: 0.95 });
        text.push_str(after);
    }
    (text, mentions)
}

fn resolve_with(resolver: &Resolver, marked: &str) -> Vec<Entity> {
    let (text, mut mentions) = tagged(marked);
    resolver.resolve(&text, &mut mentions)
}

/// One line an entity: type, name, and the aliases in brackets.
fn summary(marked: &str) -> String {
    let line = |entity: Entity| {
        let aliases: Vec<String> = entity.aliases.iter().map(|a| format!("{} x{}", a.text, a.count)).collect();
        format!("{} {} ({})", entity.entity_type, entity.name, aliases.join(", "))
    };
    resolve_with(&Resolver::embedded(), marked).into_iter().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn known_bodies_get_their_full_name_even_if_the_text_never_has_it() {
    insta::assert_snapshot!(
        summary("The [ORG UN] met. \"The [ORG U.N.] is late,\" said the [LOC U.S.] envoy. [LOC US] officials and [LOC Washington] agreed."),
        @r"
    ORG United Nations (UN x1, U.N. x1)
    LOC United States (U.S. x1, US x1)
    LOC Washington (Washington x1)
    "
    );
}

#[test]
fn people_are_known_by_their_family_name_and_the_headline_comes_first() {
    insta::assert_snapshot!(
        summary("[PER ARDEN] LEAVES [LOC BONN]\n\n[PER Maria Arden], the minister, left [LOC Bonn] on Monday. Mrs [PER Arden] was met by [PER Pieter van der Meulen]. [PER Van der Meulen]'s deputy, [PER J. Castell], and [PER John Castell] are one."),
        @r"
    PER Maria Arden (ARDEN x1, Maria Arden x1, Arden x1)
    LOC Bonn (BONN x1, Bonn x1)
    PER Pieter van der Meulen (Pieter van der Meulen x1, Van der Meulen x1)
    PER John Castell (J. Castell x1, John Castell x1)
    "
    );
}

#[test]
fn two_people_of_one_family_stay_apart_and_the_bare_name_goes_to_the_one_the_text_so_calls() {
    let entities = resolve_with(
        &Resolver::embedded(),
        "[PER Laura Benton] sings. [PER Benton] sang well.\n[LOC Oslo], [LOC Bergen], [LOC Turku] and [LOC Aarhus] heard her.\n\
         [PER George Benton] paints. [PER Benton] paints badly, and Mrs [PER Benton] knows it.",
    );
    let people: Vec<(&str, &[usize])> = entities
        .iter()
        .filter(|e| e.entity_type == EntityType::Per)
        .map(|e| (e.name.as_str(), &e.mentions[..]))
        .collect();
    assert_eq!(people, [("Laura Benton", &[0, 1, 7, 8][..]), ("George Benton", &[6][..])]);
}

#[test]
fn acronyms_suffixes_and_definitions() {
    insta::assert_snapshot!(
        summary("[ORG Norvik Shipping Corp.] bought [ORG Eastmoor Bank AG], the [ORG Harbour Workers Union] ([ORG HWU]) said. [ORG Norvik Shipping] and [ORG Eastmoor] shares rose; [ORG H.W.U.] and [ORG Norvik] members cheered."),
        @r"
    ORG Norvik Shipping Corp. (Norvik Shipping Corp. x1, Norvik Shipping x1, Norvik x1)
    ORG Eastmoor Bank AG (Eastmoor Bank AG x1, Eastmoor x1)
    ORG Harbour Workers Union (Harbour Workers Union x1, HWU x1, H.W.U. x1)
    "
    );
}

#[test]
fn the_cluster_corrects_a_single_wrong_tag() {
    let (text, mut mentions) =
        tagged("[LOC Latakia] is a port. [LOC Latakia] has ships. [PER Latakia] is old. [LOC Latakia] grows.");
    mentions[2].score = 0.6;
    let entities = Resolver::embedded().resolve(&text, &mut mentions);
    assert_eq!(entities.len(), 1);
    assert!(mentions.iter().all(|mention| mention.entity_type == EntityType::Loc));
}

#[test]
fn demonyms_and_teams_are_not_places() {
    insta::assert_snapshot!(
        summary("[LOC Brazil] won. The [MISC Brazilian] coach smiled, other [MISC Brazilians] sang. [LOC Chicago] slept while the [ORG Chicago Bulls] and then the [ORG Bulls] played."),
        @r"
    LOC Brazil (Brazil x1)
    MISC Brazilian (Brazilian x1, Brazilians x1)
    LOC Chicago (Chicago x1)
    ORG Chicago Bulls (Chicago Bulls x1, Bulls x1)
    "
    );
}

#[test]
fn a_users_alias_table_wins() {
    let csv = "alias,canonical,type,id\nthe Firm,Arden Holdings,ORG,A-7\nMaria Arden,Arden Holdings,ORG,A-7\n";
    let table = AliasTable::read(csv.as_bytes(), "my.csv").unwrap();
    let resolver = Resolver::embedded().with_aliases(&table).unwrap();
    let entities =
        resolve_with(&resolver, "[ORG The Firm] is large. [PER Maria Arden] owns it. [PER Karl Neff] does not.");
    assert_eq!(entities.len(), 2);
    assert_eq!((entities[0].name.as_str(), entities[0].entity_type), ("Arden Holdings", EntityType::Org));
    assert_eq!(entities[0].knowledge_id.as_deref(), Some("A-7"));
    assert_eq!(entities[0].mentions, [0, 1]);
}
