//! What the store promises, on documents written for the purpose.

use super::*;
use crate::alias_table::AliasTable;
use crate::entity_type::EntityType::{self, Loc, Org, Per};
use proptest::prelude::*;

fn entity(name: &str, entity_type: EntityType) -> DocumentEntity {
    DocumentEntity::new(name, entity_type, [name])
}

fn document<const N: usize>(id: &str, entities: [(&str, EntityType); N]) -> DocumentEntities {
    DocumentEntities::new(id, entities.map(|(name, entity_type)| entity(name, entity_type)))
}

/// Ids of the linked entities.
fn ids(store: &mut CorpusStore, document: &DocumentEntities) -> Vec<i64> {
    store.link(document).unwrap().iter().map(|linked| linked.corpus_id.0).collect()
}

/// Everything in the store that later runs depend on.
fn contents(store: &CorpusStore) -> Vec<String> {
    let tables = [
        ("document", "id, name, hex(fingerprint), hex(context)", "id"),
        ("entity", "*", "id"),
        ("alias", "entity, text, documents, mentions, named", "entity, id"),
        ("block", "*", "key, entity"),
        ("name", "*", "key"),
        ("member", "*", "document, number"),
        ("history", "*", "id"),
        ("decision", "*", "id"),
    ];
    let mut lines = Vec::new();
    for (table, columns, order) in tables {
        // A name that no document holds any more counts as one that never was.
        let kept = if table == "name" { "WHERE documents > 0" } else { "" };
        let sql = format!("SELECT {columns} FROM {table} {kept} ORDER BY {order}");
        let mut statement = store.database.connection.prepare(&sql).unwrap();
        let count = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        while let Some(row) = rows.next().unwrap() {
            let cells: Vec<String> = (0..count).map(|cell| format!("{:?}", row.get_ref(cell).unwrap())).collect();
            lines.push(format!("{table} {}", cells.join(" | ")));
        }
    }
    lines
}

/// Counts that are kept must equal counts that are made anew.
fn check_books(store: &CorpusStore) {
    let count = |sql: &str| store.database.connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap();
    let wrong_counts = "SELECT count(*) FROM entity WHERE
        documents <> (SELECT count(DISTINCT document) FROM member WHERE member.entity = entity.id)
        OR mentions <> (SELECT coalesce(sum(mentions), 0) FROM member WHERE member.entity = entity.id)";
    assert_eq!(count(wrong_counts), 0);
    assert_eq!(count("SELECT count(*) FROM alias WHERE documents <= 0 OR mentions < 0 OR named < 0"), 0);
    assert_eq!(
        count("SELECT count(*) FROM member WHERE entity IN (SELECT id FROM entity WHERE merged_into IS NOT NULL)"),
        0
    );
    assert_eq!(count("SELECT count(*) FROM alias WHERE entity IN (SELECT id FROM entity WHERE documents = 0)"), 0);
    store.database.connection.execute("INSERT INTO search (search) VALUES ('integrity-check')", []).unwrap();
}

#[test]
fn a_full_name_joins_across_documents_and_a_new_one_opens() {
    let mut store = CorpusStore::in_memory().unwrap();
    assert_eq!(ids(&mut store, &document("a", [("Petra Holt", Per), ("Delft", Loc)])), [1, 2]);
    assert_eq!(ids(&mut store, &document("b", [("Delft", Loc), ("Ines Varga", Per), ("Petra Holt", Per)])), [2, 3, 1]);
    check_books(&store);
}

#[test]
fn the_same_document_again_changes_nothing() {
    let mut store = CorpusStore::in_memory().unwrap();
    let monday = document("a", [("Petra Holt", Per), ("Delft", Loc)]);
    let first = store.link(&monday).unwrap();
    store.link(&document("b", [("Petra Holt", Per)])).unwrap();
    let before = contents(&store);
    assert_eq!(store.link(&monday).unwrap(), first);
    assert_eq!(contents(&store), before);
}

#[test]
fn a_changed_document_replaces_what_it_had_contributed() {
    let mut store = CorpusStore::in_memory().unwrap();
    ids(&mut store, &document("a", [("Petra Holt", Per), ("Quillon", Org)]));
    ids(&mut store, &document("b", [("Petra Holt", Per)]));
    // Quillon goes, Petra Holt keeps her id, Ines Varga gets one that nobody had.
    assert_eq!(ids(&mut store, &document("a", [("Ines Varga", Per), ("Petra Holt", Per)])), [3, 1]);
    check_books(&store);
    let names: Vec<String> = store.entities(None, 10).unwrap().into_iter().map(|entity| entity.name).collect();
    assert_eq!(names, ["Petra Holt", "Ines Varga"]);
    assert!(store.search("Quillon", None, 10).unwrap().is_empty());
    // An entity that only this document knew keeps its id through a change, too.
    assert_eq!(ids(&mut store, &document("a", [("Ines Varga", Per), ("Tarn", Loc)]))[0], 3);
}

#[test]
fn two_people_with_a_common_name_stay_apart_in_different_company() {
    let mut store = CorpusStore::in_memory().unwrap();
    let cook = document("a", [("John Smith", Per), ("Ines Varga", Per), ("Golden Ladle", Org), ("Delft", Loc)]);
    let admiral = document("b", [("John Smith", Per), ("Omar Tellier", Per), ("Coastal Fleet", Org), ("Kiel", Loc)]);
    let cook_again = document("c", [("John Smith", Per), ("Golden Ladle", Org), ("Ines Varga", Per)]);
    let admiral_again = document("d", [("Coastal Fleet", Org), ("John Smith", Per), ("Omar Tellier", Per)]);
    let (one, other) = (ids(&mut store, &cook)[0], ids(&mut store, &admiral)[0]);
    assert_ne!(one, other);
    assert_eq!(ids(&mut store, &cook_again)[0], one);
    assert_eq!(ids(&mut store, &admiral_again)[1], other);
    // A name that few people bear needs no company.
    let rare =
        ids(&mut store, &document("e", [("Ottilie Brandvold", Per), ("Kiel", Loc), ("Tarn", Loc), ("Oslo", Loc)]))[0];
    assert_eq!(ids(&mut store, &document("f", [("Ottilie Brandvold", Per), ("Lima", Loc), ("Ceuta", Loc)]))[0], rare);
}

#[test]
fn a_bare_surname_joins_its_only_bearer_in_the_same_company_and_nobody_otherwise() {
    let mut store = CorpusStore::in_memory().unwrap();
    let full = DocumentEntity::new("Petra Holt", Per, ["Petra Holt", "Holt"]);
    store.link(&DocumentEntities::new("a", [full, entity("Ines Varga", Per), entity("Quillon Metals", Org)])).unwrap();
    let known = document("b", [("Holt", Per), ("Ines Varga", Per), ("Quillon Metals", Org)]);
    assert_eq!(ids(&mut store, &known)[0], 1);
    // The next full name with this surname is another person, and then the surname alone says nothing.
    let ben = ids(&mut store, &document("c", [("Ben Holt", Per), ("Ute Lindqvist", Per), ("Tarn Harbour", Loc)]))[0];
    assert_ne!(ben, 1);
    let unknown = document("d", [("Holt", Per), ("Omar Tellier", Per), ("Coastal Fleet", Org), ("Kiel", Loc)]);
    let links = store.link(&unknown).unwrap();
    assert!(![1, ben].contains(&links[0].corpus_id.0), "{links:?}");
}

#[test]
fn types_keep_equal_words_apart() {
    let mut store = CorpusStore::in_memory().unwrap();
    assert_eq!(ids(&mut store, &document("a", [("Holt", Loc)])), [1]);
    assert_eq!(ids(&mut store, &document("b", [("Holt", Per)])), [2]);
    assert_eq!(ids(&mut store, &document("c", [("Holt", Org)])), [3]);
}

/// Whether the store takes two names for one entity's, with nothing else to go by.
fn is_one(one: &str, other: &str, entity_type: EntityType) -> bool {
    let mut store = CorpusStore::in_memory().unwrap();
    let first = ids(&mut store, &document("a", [(one, entity_type)]));
    let second = ids(&mut store, &document("b", [(other, entity_type)]));
    check_books(&store);
    first == second
}

#[test]
fn names_that_are_one_in_a_document_are_one_in_a_store() {
    for (one, other, entity_type) in [
        ("St. Albans", "Saint Albans", Loc),
        ("Mt. Arden", "Mount Arden", Loc),
        ("Ft Arden", "Fort Arden", Loc),
        ("S. Arden", "South Arden", Loc),
        ("William Quarles", "Bill Quarles", Per),
        ("Bill Quarles", "William Quarles", Per),
        ("J.P. Quarles", "J. P. Quarles", Per),
        ("Ambassador Petra Holt", "Petra Holt", Per),
        ("Petra Holt Senior", "Petra Holt Sr.", Per),
        ("Þóra Holt", "Thora Holt", Per),
        ("U.S. Harbour Board", "United States Harbour Board", Org),
        ("Norvik Holdings", "NV Norvik", Org),
        ("Harbour Defence Centre", "Harbour Defense Center", Org),
        ("Quillon & Co.", "Quillon", Org),
    ] {
        assert!(is_one(one, other, entity_type), "{one} / {other}");
        assert!(is_one(&one.to_uppercase(), other, entity_type), "{one} in capitals / {other}");
    }
}

#[test]
fn names_that_are_two_in_a_document_are_two_in_a_store() {
    for (one, other) in [
        ("Leo VIII", "Leo IX"),
        ("Adam Quarles Jr", "Adam Quarles Sr"),
        ("Maria Quarles", "Mario Quarles"),
        ("George H. W. Quarles", "George W. Quarles"),
        ("Ben Quarles", "Carl Quarles"),
        ("Anne of Arden", "Anne of Tarn"),
    ] {
        assert!(!is_one(one, other, Per), "{one} / {other}");
        assert!(!is_one(other, one, Per), "{other} / {one}");
    }
}

#[test]
fn a_type_of_its_own_joins_only_itself_by_equal_names_and_acronyms() {
    let (drug, law) = (EntityType::from_label("DRUG"), EntityType::from_label("LAW"));
    let mut store = CorpusStore::in_memory().unwrap();
    let first = ids(&mut store, &document("a", [("Novamycin", drug), ("Harbour Safety Act", law), ("Novamycin", Org)]));
    assert_eq!(first, [2, 1, 3]);
    let second = document("b", [("NOVAMYCIN", drug), ("HSA", law), ("Novamycin", law), ("Novamycin", Per)]);
    let links = store.link(&second).unwrap();
    assert_eq!(links[0].corpus_id.0, 2);
    assert_eq!(links[0].reason, "same word");
    assert!(links[2].reason == "new" && links[3].reason == "new");
    assert!(
        !is_one("Mr Holt", "Holt", law) && !is_one("Holt Inc", "Holt", drug) && !is_one("Harbour Act", "Harbour", law)
    );
    check_books(&store);
    let listed: Vec<String> =
        store.entities(Some(law), 10).unwrap().into_iter().map(|entity| entity.entity_type.to_string()).collect();
    assert!(!listed.is_empty() && listed.iter().all(|label| label == "LAW"));
    // In company that vouches for it, the acronym joins the name that it stands for.
    let mut store = CorpusStore::in_memory().unwrap();
    let company = [("Tarn Harbour", Loc), ("Petra Holt", Per), ("Quillon Metals", Org)];
    let with = |id: &str, name: &str| document(id, [(name, law), company[0], company[1], company[2]]);
    assert_eq!(ids(&mut store, &with("a", "Harbour Safety Act"))[0], ids(&mut store, &with("b", "HSA"))[0]);
    // Decisions and tables know the type, too.
    let id = CorpusId(1);
    store.pin("The Dock Law", id).unwrap();
    assert_eq!(ids(&mut store, &document("c", [("The Dock Law", law), ("The Dock Law", Org)]))[0], 1);
    check_books(&store);
}

#[test]
fn a_family_name_is_known_by_its_particles_and_by_its_place() {
    let mut store = CorpusStore::in_memory().unwrap();
    let company = [("Golden Ladle", Org), ("Quillon Metals", Org)];
    let with =
        |id: &str, name: &str| document(id, [(name, Per), (company[0].0, company[0].1), (company[1].0, company[1].1)]);
    let pieter = ids(&mut store, &with("a", "Pieter van der Quarles"))[0];
    assert_eq!(ids(&mut store, &with("b", "Van der Quarles"))[0], pieter);
    let links = store.link(&with("c", "Kim Sung-ho")).unwrap();
    let kim = &store.link(&with("d", "Kim")).unwrap()[0];
    assert_eq!((kim.corpus_id, kim.reason.as_str()), (links[0].corpus_id, "family name"));
}

#[test]
fn an_older_store_gets_the_keys_that_a_new_one_has() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.db");
    let mut store = CorpusStore::open(&path).unwrap();
    ids(&mut store, &document("a", [("Petra Holt", Per), ("St. Albans", Loc)]));
    ids(&mut store, &document("b", [("Ines Varga", Per), ("Petra Holt", Per), ("Quillon Metals", Org)]));
    let expected = contents(&store);
    // The tables of the first version, with the keys of another grammar.
    let spoil = "DELETE FROM block WHERE key > 0; UPDATE name SET documents = 7; INSERT INTO block VALUES (1, 1);
                 UPDATE document SET context = x'00'; DROP INDEX entity_by_last_document; DROP INDEX entity_by_merged_into;
                 ALTER TABLE document DROP COLUMN source; ALTER TABLE document DROP COLUMN version;
                 ALTER TABLE document DROP COLUMN text; ALTER TABLE entity DROP COLUMN fixed;
                 ALTER TABLE entity DROP COLUMN last_document; ALTER TABLE entity DROP COLUMN erased;
                 ALTER TABLE member DROP COLUMN origin; DROP TABLE analysis; DROP TABLE setting; DROP TABLE change;
                 DROP TABLE forgotten; DROP TABLE decision;
                 CREATE TABLE decision (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL, entity INTEGER NOT NULL,
                     other INTEGER, alias TEXT, document TEXT) STRICT;
                 PRAGMA user_version = 1;";
    store.database.connection.execute_batch(spoil).unwrap();
    drop(store);
    // Reading changes nothing.
    let mut store = CorpusStore::open(&path).unwrap();
    assert_eq!(store.entities(None, 10).unwrap().len(), 4);
    assert_ne!(contents(&store), expected);
    assert_eq!(store.migrate().unwrap(), Some(1));
    assert_eq!(contents(&store), expected);
    assert_eq!(store.migrate().unwrap(), None);
    // A library user who writes at once gets the same.
    store.database.connection.execute_batch(spoil).unwrap();
    drop(store);
    let mut store = CorpusStore::open(&path).unwrap();
    ids(&mut store, &document("a", [("Petra Holt", Per), ("St. Albans", Loc)]));
    assert_eq!(contents(&store), expected);
}

#[test]
fn the_word_lists_are_those_of_the_schema() {
    let digest = (database::SCHEMA_VERSION, crate::name::digest_of_lists());
    let advice = "a word list in src/name/lists has changed: raise SCHEMA_VERSION, so that the keys in stores follow, and \
                  write the new pair here";
    assert_eq!(digest, (3, 7_798_094_740_704_230_669), "{advice}");
}

#[test]
fn a_newer_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("corpus.db");
    CorpusStore::open(&path).unwrap().database.connection.execute_batch("PRAGMA user_version = 99").unwrap();
    let message = CorpusStore::open(&path).unwrap_err().to_string();
    assert!(message.contains("has schema 99, and this version reads schemas up to"), "{message}");
}

#[test]
fn a_knowledge_id_decides() {
    let mut store = CorpusStore::in_memory().unwrap();
    let with = |name: &str, id: &str| entity(name, Loc).with_knowledge_id(id);
    let mut link = |id: &str, entity| store.link(&DocumentEntities::new(id, [entity])).unwrap()[0].corpus_id.0;
    assert_eq!(link("a", with("Georgia", "country")), 1);
    assert_eq!(link("b", with("Georgia", "state")), 2);
    assert_eq!(link("c", with("Sakartvelo", "country")), 1);
}

#[test]
fn a_document_that_bears_both_names_brings_two_entities_together() {
    let mut store = CorpusStore::in_memory().unwrap();
    for number in 0..3 {
        ids(&mut store, &document(&format!("short{number}"), [("NHB", Org), ("Delft", Loc)]));
        ids(&mut store, &document(&format!("long{number}"), [("Northern Harbour Board", Org), ("Tarn", Loc)]));
    }
    let both = DocumentEntity::new("Northern Harbour Board", Org, ["Northern Harbour Board", "NHB"]);
    let links = store.link(&DocumentEntities::new("both", [both, entity("Delft", Loc), entity("Tarn", Loc)])).unwrap();
    let detail = store.detail(links[0].corpus_id, 10).unwrap();
    assert_eq!((detail.entity.documents, detail.entity.name.as_str()), (7, "Northern Harbour Board"));
    check_books(&store);
    // The id that is gone leads to the one that stayed, and the history says why.
    let merge = detail.history.iter().find(|entry| entry.kind == "merge").expect("a recorded merge");
    assert_eq!(store.detail(merge.other, 10).unwrap().entity.corpus_id, links[0].corpus_id);
    assert!(merge.score.is_some() && !merge.reason.is_empty());
}

#[test]
fn an_entity_is_called_by_a_name_that_a_fair_share_of_its_documents_use() {
    let mut store = CorpusStore::in_memory().unwrap();
    for number in 0..45 {
        ids(&mut store, &document(&format!("short{number}"), [("NHB", Org), ("Delft", Loc)]));
    }
    let mut spell_out = |id: &str| {
        let both = DocumentEntity::new("Northern Harbour Board", Org, ["Northern Harbour Board", "NHB"]);
        store.link(&DocumentEntities::new(id, [both, entity("Delft", Loc)])).unwrap()[0].clone()
    };
    let first = spell_out("long0");
    assert_eq!((first.corpus_id, &*first.name), (CorpusId(2), "NHB"));
    assert_eq!(&*spell_out("long1").name, "Northern Harbour Board");
    sound(&store);
}

#[test]
fn people_decide_and_later_documents_follow() {
    let mut store = CorpusStore::in_memory().unwrap();
    ids(&mut store, &document("a", [("Petra Holt", Per)]));
    ids(&mut store, &document("b", [("Petra Holt-Varga", Per)]));
    store.merge(CorpusId(1), CorpusId(2)).unwrap();
    assert_eq!(ids(&mut store, &document("c", [("Petra Holt-Varga", Per)])), [1]);
    assert!(matches!(store.merge(CorpusId(1), CorpusId(2)), Err(CorpusError::Decision(DecisionError::SameEntity(..)))));
    // Split: document b meant somebody else after all.
    let other = store.split(CorpusId(1), &["b".to_owned()], &[]).unwrap();
    assert_eq!(store.link(&document("b", [("Petra Holt-Varga", Per)])).unwrap()[0].corpus_id, other);
    assert!(matches!(store.merge(CorpusId(1), other), Err(CorpusError::Decision(DecisionError::Forbidden(..)))));
    check_books(&store);
    // Pin: a nickname that no score could know.
    store.pin("The Iron Pilot", other).unwrap();
    assert_eq!(store.link(&document("e", [("The Iron Pilot", Per)])).unwrap()[0].corpus_id, other);
    store.allow(CorpusId(1), other).unwrap();
    store.merge(other, CorpusId(1)).unwrap();
    assert_eq!(store.detail(CorpusId(1), 10).unwrap().entity.corpus_id, other);
    check_books(&store);
}

#[test]
fn decisions_travel_as_csv() {
    let link_all = |store: &mut CorpusStore| {
        for (id, name) in
            [("a", "Petra Holt"), ("b", "Ines Varga"), ("c", "Petra Holt"), ("d", "Petra Holt"), ("e", "Omar Tellier")]
        {
            ids(store, &document(id, [(name, Per)]));
        }
    };
    let mut store = CorpusStore::in_memory().unwrap();
    link_all(&mut store);
    store.split(CorpusId(1), &["c".to_owned(), "d".to_owned()], &[]).unwrap();
    store.pin("Mamma Ines", CorpusId(2)).unwrap();
    store.forbid(CorpusId(1), CorpusId(2)).unwrap();
    store.merge(CorpusId(2), CorpusId(3)).unwrap();
    let mut csv = Vec::new();
    store.export_decisions(&mut csv).unwrap();
    let rows: Vec<String> = String::from_utf8(csv.clone()).unwrap().lines().map(str::to_owned).collect();
    let begins = [
        "split,E000001,Petra Holt,E000004,Petra Holt,,,PER",
        "pin,E000002,Ines Varga,,,Mamma Ines,,PER",
        "forbid,E000001,Petra Holt,E000002,Ines Varga,,,PER",
        "merge,E000002,Ines Varga,E000003,Omar Tellier,,,PER",
    ];
    for (row, begin) in rows[1..].iter().zip(begins) {
        assert!(row.starts_with(begin), "{row}");
    }
    let mut other = CorpusStore::in_memory().unwrap();
    link_all(&mut other);
    let imported = |new, known, waiting| Imported { new, known, waiting };
    assert_eq!(other.import_decisions(&csv[..], "decisions.csv").unwrap(), imported(4, 0, 0));
    check_books(&other);
    assert_eq!(other.decisions().unwrap(), store.decisions().unwrap());
    assert_eq!(other.detail(CorpusId(4), 10).unwrap().entity.documents, 2);
    assert_eq!(other.import_decisions(&csv[..], "decisions.csv").unwrap(), imported(0, 4, 0));
    // A wrong row is named, and nothing of its file is carried out.
    let wrong = "decision,entity,name,other,names\nforbid,E000001,,E000003,\nmerge,E000001,Nobody,E000002,oops\n";
    let message = other.import_decisions(wrong.as_bytes(), "wrong.csv").unwrap_err().to_string();
    assert_eq!(message, "wrong.csv:3: 'names' is no JSON array of strings: oops");
    assert_eq!(other.decisions().unwrap().len(), 4);
}

#[test]
fn decisions_find_whom_they_mean_in_a_store_that_was_built_anew() {
    let mut store = CorpusStore::in_memory().unwrap();
    for (id, name) in [("a", "Robert Chenard"), ("b", "Bob Chenard"), ("c", "Ines Varga"), ("d", "Ines Varga")] {
        ids(&mut store, &document(id, [(name, Per)]));
    }
    let (robert, bob) = (store.entity_named("Robert Chenard").unwrap(), store.entity_named("Ines Varga").unwrap());
    let split = store.split(bob, &["d".to_owned()], &[]).unwrap();
    if let Ok(other) = store.entity_named("Bob Chenard")
        && other != robert
    {
        store.merge(robert, other).unwrap();
    }
    store.rename(robert, "Robert A. Chenard").unwrap();
    let mut csv = Vec::new();
    store.export_decisions(&mut csv).unwrap();
    // The numbers are others, and so are the canonical names; half of the documents come later.
    let mut other = CorpusStore::in_memory().unwrap();
    ids(&mut other, &document("0", [("Anna Ek", Per)]));
    ids(&mut other, &document("c", [("Dr. Ines Varga", Per)]));
    ids(&mut other, &document("a", [("ROBERT CHENARD", Per)]));
    let imported = other.import_decisions(&csv[..], "decisions.csv").unwrap();
    assert_eq!(imported.new + imported.waiting, store.decisions().unwrap().len());
    assert!(imported.waiting > 0);
    ids(&mut other, &document("d", [("Dr. Ines Varga", Per)]));
    ids(&mut other, &document("b", [("Mr. Bob Chenard", Per)]));
    let entity = |store: &CorpusStore, document: &str| store.members(document).unwrap().unwrap()[0].corpus_id;
    assert_ne!(entity(&other, "c"), entity(&other, "d"));
    assert_eq!(entity(&other, "a"), entity(&other, "b"));
    assert_eq!(other.detail(entity(&other, "b"), 1).unwrap().entity.name, "Robert A. Chenard");
    assert!(other.decision_log().unwrap().iter().all(|decision| decision.applies), "{:#?}", other.decision_log());
    assert_eq!(store.detail(split, 1).unwrap().entity.documents, 1);
    sound(&other);
}

fn sound(store: &CorpusStore) {
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}

#[test]
fn no_decision_is_lost_when_all_canonical_names_change() {
    const PAIRS: usize = 40;
    let mut store = CorpusStore::in_memory().unwrap();
    let family =
        |number: usize| format!("Brandv{}ld", "aeiou".repeat(number / 5 + 1) + &"xyzkw"[number % 5..=number % 5]);
    for number in 0..PAIRS {
        ids(&mut store, &document(&format!("a{number}"), [(&*format!("Robert {}", family(number)), Per)]));
        ids(&mut store, &document(&format!("b{number}"), [(&*format!("Tilda {}", family(number)), Per)]));
    }
    let entity = |store: &CorpusStore, document: String| store.members(&document).unwrap().unwrap()[0].corpus_id;
    for number in 0..PAIRS {
        let (one, other) = (entity(&store, format!("a{number}")), entity(&store, format!("b{number}")));
        store.merge(one, other).unwrap();
    }
    for number in 0..PAIRS {
        ids(
            &mut store,
            &document(&format!("a{number}"), [(&*format!("DR. ROBERT {}", family(number).to_uppercase()), Per)]),
        );
        ids(&mut store, &document(&format!("b{number}"), [(&*format!("Mrs. Tilda {}", family(number)), Per)]));
    }
    for number in 0..PAIRS {
        assert_eq!(entity(&store, format!("a{number}")), entity(&store, format!("b{number}")), "{number}");
    }
    assert_eq!(store.tally().new_versions, 2 * PAIRS as u64);
    sound(&store);
}

#[test]
fn a_document_of_the_same_id_from_elsewhere_is_refused_and_a_new_version_is_counted() {
    let mut store = CorpusStore::in_memory().unwrap();
    let from = |source: &str, text: &str, name: &str| document("1", [(name, Per)]).with_source(source).with_text(text);
    store.link(&from("a.jsonl", "Petra Holt.", "Petra Holt")).unwrap();
    let error = store.link(&from("b.jsonl", "Ines Varga.", "Ines Varga")).unwrap_err();
    assert!(
        matches!(&error, CorpusError::OtherSource { known, given, .. } if known == "a.jsonl" && given == "b.jsonl")
    );
    assert_eq!(store.entities(None, 10).unwrap()[0].name, "Petra Holt");
    // The same text from elsewhere is the same document; another text from the same place is a new version of it.
    store.link(&from("b.jsonl", "Petra Holt.", "Petra Holt")).unwrap();
    store.link(&from("a.jsonl", "Omar Tellier.", "Omar Tellier")).unwrap();
    let tally = LinkTally { new: 1, unchanged: 1, new_versions: 1, new_analyses: 0 };
    assert_eq!(store.tally(), tally);
    let mut store = store.with_options(LinkOptions::default().with_replace(true));
    store.link(&from("b.jsonl", "Ines Varga.", "Ines Varga")).unwrap();
    assert_eq!(store.entities(None, 10).unwrap()[0].name, "Ines Varga");
    sound(&store);
}

#[test]
fn a_pin_and_an_alias_table_are_for_the_very_name() {
    let csv = "alias,canonical,type,id\nTellier,Omar Tellier,PER,p1\n";
    let table = AliasTable::read(csv.as_bytes(), "my.csv").unwrap();
    let mut store =
        CorpusStore::in_memory().unwrap().with_options(LinkOptions::default().with_aliases(&table).unwrap());
    ids(&mut store, &document("a", [("Petra Holt", Per)]));
    store.pin("Holt", CorpusId(1)).unwrap();
    let two = |name: &str, part: &str| DocumentEntity::new(name, Per, [name, part]);
    let linked =
        store.link(&DocumentEntities::new("b", [two("Karl Holt", "Holt"), two("Ute Tellier", "Tellier")])).unwrap();
    assert!(linked.iter().all(|linked| linked.reason == "new"), "{linked:?}");
    let linked = store.link(&document("c", [("Holt", Per), ("Tellier", Per)])).unwrap();
    assert_eq!(linked.iter().map(|linked| &*linked.reason).collect::<Vec<_>>(), ["pinned", "alias table"]);
    // A type that wobbles finds the pinned one, where no other bears the name.
    ids(&mut store, &document("d", [("RVKO", Org)]));
    let id = store.entity_named("RVKO").unwrap();
    store.pin("RVKO", id).unwrap();
    assert_eq!(store.link(&document("e", [("RVKO", Per)])).unwrap()[0].corpus_id, id);
    sound(&store);
}

#[test]
fn a_table_that_comes_later_wins_in_known_documents_too() {
    let mut store = CorpusStore::in_memory().unwrap();
    let known = document("a", [("The Smelter", Org), ("Delft", Loc)]);
    assert_eq!(ids(&mut store, &known), [1, 2]);
    let csv = "alias,canonical,type,id\nThe Smelter,Quillon Metals,ORG,q7\n";
    let table = AliasTable::read(csv.as_bytes(), "my.csv").unwrap();
    let mut store = store.with_options(LinkOptions::default().with_aliases(&table).unwrap());
    let linked = store.link(&known).unwrap();
    assert_eq!((&*linked[0].reason, &*linked[0].name), ("alias table", "Quillon Metals"));
    assert_eq!(store.link(&known).unwrap()[0].corpus_id, linked[0].corpus_id);
    assert_eq!(store.tally().unchanged, 1);
    sound(&store);
}

#[test]
fn a_merge_is_taken_back_and_the_old_id_leads_to_the_right_one() {
    let mut store = CorpusStore::in_memory().unwrap();
    ids(&mut store, &document("a", [("Petra Holt", Per), ("Delft", Loc)]));
    ids(&mut store, &document("b", [("Ines Varga", Per), ("Petra Holt", Per)]));
    let before: Vec<_> = store.entities(None, 10).unwrap();
    let (petra, ines) = (CorpusId(1), CorpusId(3));
    store.merge(ines, petra).unwrap();
    assert_eq!(store.fate(petra).unwrap().corpus_id, Some(ines));
    // Split by what it had brought: both stand in one document.
    let parted = store.split(ines, &[], &["Petra Holt".to_owned()]).unwrap();
    assert_eq!((parted, store.fate(petra).unwrap().corpus_id), (petra, Some(petra)));
    assert_eq!(store.entities(None, 10).unwrap(), before);
    // The same by `undo`, and by `unmerge` with what has come since.
    store.undo(2).unwrap();
    assert_eq!(store.entities(None, 10).unwrap(), before);
    store.merge(ines, petra).unwrap();
    ids(&mut store, &document("c", [("Petra Holt", Per)]));
    assert_eq!(store.unmerge(petra).unwrap(), ines);
    assert_eq!(store.detail(petra, 10).unwrap().entity.documents, 3);
    assert!(matches!(store.merge(CorpusId(2), petra), Err(CorpusError::Decision(DecisionError::TypesDiffer(..)))));
    store.merge_any_types(petra, CorpusId(2)).unwrap();
    store.retype(petra, Org).unwrap();
    store.move_to(petra, &["c".to_owned()], &[], ines).unwrap();
    assert_eq!(store.detail(ines, 10).unwrap().entity.documents, 2);
    store.undo(3).unwrap();
    let entity = store.detail(petra, 10).unwrap().entity;
    assert_eq!((entity.documents, entity.entity_type), (3, Per));
    let kinds: Vec<String> = store.changes(0, 100).unwrap().into_iter().map(|change| change.kind).collect();
    for kind in ["created", "merged", "split", "retyped", "moved"] {
        assert!(kinds.iter().any(|known| known == kind), "{kind}: {kinds:?}");
    }
    sound(&store);
}

#[test]
fn a_document_that_loses_and_regains_a_name_keeps_the_id() {
    let mut store = CorpusStore::in_memory().unwrap();
    assert_eq!(ids(&mut store, &document("a", [("Petra Holt", Per), ("Delft", Loc)])), [1, 2]);
    assert_eq!(ids(&mut store, &document("a", [("Delft", Loc)])), [2]);
    assert_eq!(ids(&mut store, &document("a", [("Petra Holt", Per), ("Delft", Loc)])), [1, 2]);
    sound(&store);
}

/// All bytes of a store on the disk.
fn bytes_of(folder: &std::path::Path) -> Vec<u8> {
    let files = std::fs::read_dir(folder).unwrap().flatten();
    files.flat_map(|file| std::fs::read(file.path()).unwrap()).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.to_ascii_lowercase().windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn what_is_removed_or_forgotten_stands_in_no_byte_of_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = CorpusStore::open(folder.path().join("corpus.db")).unwrap();
    let holt = || DocumentEntity::new("Petra Holtermann", Per, ["Petra Holtermann", "Holtermann"]);
    store.link(&DocumentEntities::new("monday", [holt(), entity("Delft", Loc)])).unwrap();
    store.link(&DocumentEntities::new("quuxday", [entity("Ines Vargabrand", Per), entity("Delft", Loc)])).unwrap();
    ids(&mut store, &document("friday", [("Omar Tellier", Per), ("Delft", Loc)]));
    store.merge(CorpusId(4), CorpusId(1)).unwrap();
    store.unmerge(CorpusId(1)).unwrap();
    store.pin("Holtermann", CorpusId(1)).unwrap();
    assert!(holds(&bytes_of(folder.path()), "holtermann") && holds(&bytes_of(folder.path()), "vargabrand"));
    let erased = store.remove_documents(&["quuxday".to_owned()]).unwrap();
    assert_eq!(erased.entities, [CorpusId(3)]);
    assert_eq!(store.forget(CorpusId(1)).unwrap().documents, 1);
    sound(&store);
    assert_eq!(store.fate(CorpusId(1)).unwrap().corpus_id, None);
    // Nothing is linked to it again, and its id is not given again.
    let linked = store.link(&DocumentEntities::new("later", [holt(), entity("Anna Ek", Per)])).unwrap();
    assert_eq!((linked[0].corpus_id, linked[1].corpus_id), (CorpusId::NOBODY, CorpusId(5)));
    assert_eq!(
        store.link(&DocumentEntities::new("monday", [holt(), entity("Delft", Loc)])).unwrap()[0].corpus_id,
        CorpusId::NOBODY
    );
    sound(&store);
    drop(store);
    let bytes = bytes_of(folder.path());
    for name in ["holtermann", "vargabrand", "quuxday"] {
        assert!(!holds(&bytes, name), "{name}");
    }
    assert!(holds(&bytes, "tellier"));
    assert!(
        CorpusStore::open(folder.path().join("corpus.db")).unwrap().remove_documents(&["quuxday".to_owned()]).is_err()
    );
}

#[test]
fn an_alias_table_wins_over_scores() {
    let csv = "alias,canonical,type,id\nThe Smelter,Quillon Metals,ORG,q7\nQM,Quillon Metals,ORG,q7\n";
    let table = AliasTable::read(csv.as_bytes(), "my.csv").unwrap();
    let mut store =
        CorpusStore::in_memory().unwrap().with_options(LinkOptions::default().with_aliases(&table).unwrap());
    assert_eq!(ids(&mut store, &document("a", [("The Smelter", Org)])), [1]);
    assert_eq!(ids(&mut store, &document("b", [("QM", Org)])), [1]);
    assert_eq!(ids(&mut store, &document("c", [("Quillon Metals", Org)])), [1]);
    let entity = store.detail(CorpusId(1), 10).unwrap().entity;
    assert_eq!((entity.name.as_str(), entity.knowledge_id.as_deref()), ("Quillon Metals", Some("q7")));
}

#[test]
fn search_takes_any_text_and_finds_words_and_their_beginnings() {
    let mut store = CorpusStore::in_memory().unwrap();
    ids(&mut store, &document("a", [("Zoë Brandvold", Per), ("Brandvold Metals", Org)]));
    let find = |text: &str| store.search(text, None, 10).unwrap().len();
    assert_eq!(find("zoe"), 1);
    assert_eq!(find("brand"), 2);
    assert_eq!(find("metals brandvold"), 1);
    for hostile in ["", "\"", "a OR b\"", "NEAR(", "*", "-", "💥", "text:zoe"] {
        find(hostile);
    }
}

#[test]
fn a_file_that_is_no_store_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.db");
    std::fs::write(&path, "not a database, but long enough to look at: not a database").unwrap();
    assert!(matches!(CorpusStore::open(&path), Err(CorpusError::NotAStore { .. })));
    let foreign = folder.path().join("foreign.db");
    rusqlite::Connection::open(&foreign).unwrap().execute_batch("CREATE TABLE t (x)").unwrap();
    assert!(matches!(CorpusStore::open(&foreign), Err(CorpusError::NotAStore { .. })));
    assert!(matches!(CorpusStore::open_existing(folder.path().join("no.db")), Err(CorpusError::Missing { .. })));
}

fn any_type() -> impl Strategy<Value = EntityType> {
    let own = ["DRUG", "LAW"].map(EntityType::from_label);
    prop::sample::select(EntityType::KNOWN.into_iter().chain(own).collect::<Vec<_>>())
}

/// Documents of few names, so that they meet often.
fn any_documents() -> impl Strategy<Value = Vec<DocumentEntities>> {
    let name = prop::sample::select(vec![
        "John Smith",
        "Smith",
        "J. Smith",
        "Ann Smith",
        "Petra Holt",
        "Holt",
        "Bill Smith Jr",
        "William Smith",
        "St. Delft",
        "Saint Delft",
        "Quillon",
        "Quillon Metals",
        "QM",
        "Delft",
        "delft",
        "DELFT",
        "New Delft",
        "",
        "…",
    ]);
    let entity = (name.clone(), prop::collection::vec(name, 1..3), any_type())
        .prop_map(|(name, aliases, entity_type)| DocumentEntity::new(name, entity_type, aliases));
    let document = (0..6_u8, prop::collection::vec(entity, 0..5))
        .prop_map(|(id, entities)| DocumentEntities::new(id.to_string(), entities));
    prop::collection::vec(document, 1..14)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_books_balance_and_interruptions_leave_no_trace(documents in any_documents(), cut in 0..14_usize) {
        let mut store = CorpusStore::in_memory().unwrap();
        for document in &documents {
            let links = store.link(document).unwrap();
            prop_assert_eq!(links.len(), document.entities.len());
            prop_assert_eq!(&store.link(document).unwrap(), &links);
        }
        check_books(&store);
        // The same in two runs, the first rolled back in the middle of a batch.
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.db");
        let cut = cut.min(documents.len());
        let mut first = CorpusStore::open(&path).unwrap();
        for document in &documents[..cut] {
            first.link(document).unwrap();
        }
        let _ = first.batch(|store| -> Result<(), CorpusError> {
            for document in &documents[cut..] {
                store.link(document)?;
            }
            Err(DecisionError::BlankAlias("interrupted".into()).into())
        });
        drop(first);
        let mut second = CorpusStore::open(&path).unwrap();
        second.batch(|store| documents[cut..].iter().try_for_each(|document| store.link(document).map(drop))).unwrap();
        prop_assert_eq!(contents(&second), contents(&store));
    }
}

#[test]
fn a_new_version_does_not_come_back_to_an_entity_that_it_merged_away() {
    let law = EntityType::from_label("LAW");
    let document = |id: &str, entities: &[(&str, EntityType, &str)]| {
        let entity = |&(name, kind, alias): &(&str, EntityType, &str)| DocumentEntity::new(name, kind, [alias]);
        DocumentEntities::new(id, entities.iter().map(entity))
    };
    let mut store = CorpusStore::in_memory().unwrap();
    store.link(&document("0", &[("Quillon", law, "Delft")])).unwrap();
    store.link(&document("1", &[("Petra Holt", law, "Quillon")])).unwrap();
    store.link(&document("2", &[("Quillon", law, "New Delft"), ("John Smith", Per, "John Smith")])).unwrap();
    // The first entity of the new version brings two together; the second one had been with the one that is gone.
    let version = document("1", &[("New Delft", law, "Quillon"), ("John Smith", Per, "Petra Holt")]);
    let links = store.link(&version).unwrap();
    assert_eq!(store.link(&version).unwrap(), links);
    assert_eq!(store.check().unwrap(), Vec::<String>::new());
}
