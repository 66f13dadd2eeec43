//! `namesake link` and `namesake entities` as a user calls them, with good input, bad input and no mercy.
#![allow(clippy::unwrap_used, reason = "a test that fails should say where")]

mod common;

use common::{lines, namesake, workplace};
use predicates::str::contains;
use rusqlite::Connection;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A line as `extract` writes it; an entity is its aliases and type, the first alias its name.
fn line(id: &str, entities: &[(&[&str], &str)]) -> String {
    let mut mentions = Vec::new();
    let mut objects = Vec::new();
    for (number, (aliases, label)) in entities.iter().enumerate() {
        let entity = format!("{id}#{}", number + 1);
        let first = mentions.len();
        for alias in *aliases {
            let start = mentions.len() * 50;
            mentions.push(json!({"start": start, "end": start + alias.len(), "text": alias, "type": label, "score": 0.9, "entity": entity}));
        }
        let aliases: Vec<Value> = aliases.iter().map(|alias| json!({"text": alias, "count": 1})).collect();
        let places: Vec<usize> = (first..mentions.len()).collect();
        objects.push(json!({"id": entity, "name": aliases[0]["text"], "type": label, "score": 0.9, "aliases": aliases, "mentions": places}));
    }
    json!({"schema": "namesake/1", "id": id, "offsets": "char", "entities": objects, "mentions": mentions}).to_string()
        + "\n"
}

fn two_documents() -> TempDir {
    let monday = line("monday", &[(&["Petra Holt", "Holt"], "PER"), (&["Quillon Metals"], "ORG")]);
    let friday = line("friday", &[(&["Quillon Metals", "Quillon"], "ORG"), (&["Petra Holt"], "PER")]);
    workplace(&[("entities.jsonl", &(monday + &friday))])
}

fn stdout(place: &TempDir, arguments: &[&str]) -> String {
    let output = namesake(place).args(arguments).assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

#[test]
fn two_documents_meet_in_the_store() {
    let place = two_documents();
    let written = stdout(&place, &["link", "entities.jsonl", "--store", "corpus.db"]);
    let documents = lines(written.as_bytes());
    assert_eq!(documents[0]["entities"][0]["corpus_id"], "E000001");
    assert_eq!(documents[1]["entities"][1]["corpus_id"], "E000001");
    assert_eq!(documents[1]["mentions"][0]["corpus_id"], "E000002");
    // Again, and through a pipe: the same bytes.
    let input = fs::read(place.path().join("entities.jsonl")).unwrap();
    let again = ["link", "-", "--store", "corpus.db", "-q"];
    namesake(&place).args(again).write_stdin(input).assert().success().stdout(written);
    insta::assert_snapshot!(stdout(&place, &["entities", "corpus.db"]), @r"
    id       name            type  documents  mentions  knowledge id
    E000001  Petra Holt      PER           2         3
    E000002  Quillon Metals  ORG           2         3
    ");
    insta::assert_snapshot!(stdout(&place, &["entities", "corpus.db", "show", "e2"]), @r"
    E000002 Quillon Metals (ORG)
    2 documents, 3 mentions

    alias           documents  mentions
    Quillon Metals          2         2
    Quillon                 1         1

    document  name there      mentions  joined for      score
    friday    Quillon Metals         2  same full name   0.94
    monday    Quillon Metals         1  new              1.00

    id       mentioned together with  type  documents
    E000001  Petra Holt               PER           2
    ");
    let found = stdout(&place, &["entities", "corpus.db", "--json", "search", "hol"]);
    insta::assert_snapshot!(found, @r#"{"corpus_id":"E000001","name":"Petra Holt","type":"PER","documents":2,"mentions":3}"#);
}

#[test]
fn bad_lines_are_reported_with_their_place_and_the_rest_is_linked() {
    let good = line("a", &[(&["Petra Holt"], "PER")]);
    let text = format!("{good}not json\n{{\"id\": \"b\"}}\n{good}{}", line("c", &[(&["Petra Holt"], "PER")]));
    let place = workplace(&[("in.jsonl", &text)]);
    let assert = namesake(&place).args(["link", "in.jsonl", "--store", "s.db", "-o", "out.jsonl"]).assert().code(3);
    assert
        .stderr(contains("in.jsonl:2: not a document with entities"))
        .stderr(contains("missing field `entities`"))
        .stderr(contains("in.jsonl:4: the id \"a\" was used by an earlier document"))
        .stderr(contains("linked 2 documents with 2 entities; the store holds 2 documents and 1 corpus entities"));
    assert_eq!(lines(&fs::read(place.path().join("out.jsonl")).unwrap()).len(), 2);
    namesake(&place)
        .args(["link", "in.jsonl", "--store", "t.db", "-o", "strict.jsonl", "--strict"])
        .assert()
        .code(1)
        .stderr(contains("in.jsonl:2:"));
    assert!(!place.path().join("strict.jsonl").exists());
}

#[test]
fn wrong_files_are_named_in_one_sentence() {
    let place =
        workplace(&[("in.jsonl", ""), ("text.db", "hello, I am a text and no store at all"), ("bad.csv", "alias\n")]);
    let fails = |arguments: &[&str], message: &str| {
        namesake(&place).args(arguments).assert().code(1).stderr(contains(message.to_owned()));
    };
    fails(&["link", "in.jsonl", "--store", "text.db"], "text.db is no corpus store");
    fails(&["link", "in.jsonl", "--store", "no/where.db"], "no/where.db");
    fails(&["link", "in.jsonl", "--store", "s.db", "--aliases", "bad.csv"], "bad.csv:1: no column 'canonical'");
    fails(&["link", "in.jsonl", "--store", "s.db", "--aliases", "no.csv"], "cannot read the alias table no.csv");
    fails(&["entities", "missing.db"], "there is no corpus store at missing.db");
    assert!(!place.path().join("missing.db").exists());
    namesake(&place).args(["link", "in.jsonl", "--store", "s.db", "-q"]).assert().success();
    fails(&["entities", "s.db", "show", "E000009"], "there is no entity E000009 in this store");
    namesake(&place)
        .args(["entities", "s.db", "show", "Holt"])
        .assert()
        .code(2)
        .stderr(contains("ids look like E000001"));
}

#[test]
fn decisions_hold_in_later_runs_and_travel_as_csv() {
    let place = two_documents();
    fs::write(
        place.path().join("more.jsonl"),
        line("sunday", &[(&["The Smelter"], "ORG"), (&["Quillon Metals"], "ORG")]),
    )
    .unwrap();
    fs::write(place.path().join("aliases.csv"), "alias,canonical,type,id\nThe Smelter,Quillon Foundry,ORG,q9\n")
        .unwrap();
    stdout(&place, &["link", "entities.jsonl", "--store", "corpus.db", "-q"]);
    stdout(&place, &["entities", "corpus.db", "split", "E000002", "--documents", "friday"]);
    stdout(&place, &["entities", "corpus.db", "pin", "Quillon Metals", "E000003"]);
    let linked = stdout(&place, &["link", "more.jsonl", "--store", "corpus.db", "-q", "--aliases", "aliases.csv"]);
    let linked = lines(linked.as_bytes());
    assert_eq!(linked[0]["entities"][0]["corpus_id"], "E000004");
    assert_eq!(linked[0]["entities"][1]["corpus_id"], "E000003");
    stdout(&place, &["entities", "corpus.db", "export", "-o", "decisions.csv"]);
    stdout(&place, &["link", "entities.jsonl", "--store", "other.db", "-q"]);
    stdout(&place, &["entities", "other.db", "import", "decisions.csv"]);
    let exported = stdout(&place, &["entities", "other.db", "export"]);
    assert_eq!(exported, fs::read_to_string(place.path().join("decisions.csv")).unwrap());
}

/// A corpus in which names recur, meet and are ambiguous.
fn busy_corpus(documents: usize) -> String {
    const GIVEN: [&str; 8] = ["Petra", "John", "Ines", "Omar", "Mary", "Ute", "Ben", "Zoë"];
    const FAMILY: [&str; 9] = ["Holt", "Smith", "Varga", "Tellier", "Jones", "Lindqvist", "Brandvold", "Okoro", "Sato"];
    const PLACES: [&str; 6] = ["Delft", "Kiel", "Tarn", "New Delft", "Lima", "Ceuta"];
    let mut state = 7_usize;
    let mut next = |below: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    let mut text = String::new();
    for number in 0..documents {
        let (given, family) = (GIVEN[next(8)], FAMILY[next(9)]);
        let full = format!("{given} {family}");
        let firm = format!("{} Harbour Board", PLACES[next(6)]);
        let letters: String = firm.split(' ').filter_map(|word| word.chars().next()).collect();
        let bare = FAMILY[next(9)];
        let person: &[&str] = if next(3) > 0 { &[&full, family] } else { &[bare] };
        let board: &[&str] = match next(3) {
            0 => &[&firm],
            1 => &[&letters],
            _ => &[&firm, &letters],
        };
        text.push_str(&line(&format!("d{number}"), &[(person, "PER"), (board, "ORG"), (&[PLACES[next(6)]], "LOC")]));
    }
    text
}

/// All that a store holds, as text.
fn dump(store: &Path) -> Vec<String> {
    let connection = Connection::open(store).unwrap();
    let mut rows = Vec::new();
    for table in ["document", "entity", "alias", "block", "name", "member", "history"] {
        let mut statement = connection.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2")).unwrap();
        let count = statement.column_count();
        let mut found = statement.query([]).unwrap();
        while let Some(row) = found.next().unwrap() {
            let cells: Vec<String> = (0..count).map(|cell| format!("{:?}", row.get_ref(cell).unwrap())).collect();
            rows.push(format!("{table} {}", cells.join(" | ")));
        }
    }
    rows
}

/// Documents that are safe in a store, whatever state a kill has left it in.
fn documents_in(store: &Path) -> usize {
    if !store.exists() {
        return 0;
    }
    let connection = Connection::open(store).unwrap();
    connection.query_row("SELECT count(*) FROM document", [], |row| row.get(0)).unwrap_or(0)
}

#[test]
fn a_kill_at_any_moment_loses_and_doubles_nothing() {
    const KILLS: usize = 24;
    const DOCUMENTS: usize = 400;
    let place = workplace(&[("in.jsonl", &busy_corpus(DOCUMENTS))]);
    let path = |name: &str| place.path().join(name);
    // Kills are spread over the time that a run takes here.
    let start = Instant::now();
    stdout(&place, &["link", "in.jsonl", "--store", "whole.db", "-o", "whole.jsonl", "-q"]);
    let whole = start.elapsed();
    let (expected, output) = (dump(&path("whole.db")), fs::read(path("whole.jsonl")).unwrap());
    let (mut kills, mut partial, mut store, mut wait) = (0, 0, 0, 3_u32);
    while kills < KILLS {
        let (name, out) = (format!("killed{store}.db"), format!("killed{store}.jsonl"));
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("namesake"))
            .args(["link", "in.jsonl", "--store", &name, "-o", &out, "-q"])
            .current_dir(place.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        wait = (wait * 137 + 29) % 251;
        std::thread::sleep(whole.mul_f64(f64::from(wait) / 250.0));
        if child.try_wait().unwrap().is_none() {
            // SIGKILL: no handler runs, nothing is flushed.
            child.kill().unwrap();
            child.wait().unwrap();
            kills += 1;
            partial += usize::from((1..DOCUMENTS).contains(&documents_in(&path(&name))));
            assert!(
                !path(&out).exists() || fs::read(path(&out)).unwrap() == output,
                "half a file under the final name"
            );
            continue;
        }
        // Done before the kill came: what all the runs together made must be what one run makes.
        assert_eq!(dump(&path(&name)), expected);
        assert_eq!(fs::read(path(&out)).unwrap(), output);
        store += 1;
    }
    let name = format!("killed{store}.db");
    stdout(&place, &["link", "in.jsonl", "--store", &name, "-o", "last.jsonl", "-q"]);
    assert_eq!(dump(&path(&name)), expected);
    assert_eq!(fs::read(path("last.jsonl")).unwrap(), output);
    assert!(partial * 5 > kills, "only {partial} of {kills} kills came between the first document and the last");
}

/// A store that the version before this one has written.
fn older_store(place: &TempDir) -> Connection {
    let connection = Connection::open(place.path().join("old.db")).unwrap();
    connection.execute_batch(include_str!("stores/schema-1.sql")).unwrap();
    connection
}

/// The schema that the program writes: `SCHEMA_VERSION` in src/corpus/database.rs.
const CURRENT: i64 = 3;

fn schema_of(connection: &Connection) -> i64 {
    connection.pragma_query_value(None, "user_version", |row| row.get(0)).unwrap()
}

/// What must survive a migration: everything but the keys.
fn lasting(rows: &[String]) -> Vec<&String> {
    rows.iter()
        .filter(|row| ["entity ", "alias ", "member ", "history "].iter().any(|table| row.starts_with(table)))
        .collect()
}

#[test]
fn a_store_of_an_older_version_is_migrated_and_keeps_ids_and_decisions() {
    let place = workplace(&[(
        "new.jsonl",
        &(line("a", &[(&["Saint Albans"], "LOC"), (&["Bill Quarles"], "PER"), (&["The Old Mill"], "ORG")])
            + &line("b", &[(&["Petra Holt"], "PER"), (&["Norvik Harbour Defense Board"], "ORG")])),
    )]);
    let store = older_store(&place);
    let before = dump(&place.path().join("old.db"));
    // Looking at it works, and leaves it as it is.
    let listed = stdout(&place, &["entities", "old.db"]);
    assert!(listed.contains("E000002  St. Albans"), "{listed}");
    stdout(&place, &["entities", "old.db", "show", "E000001"]);
    stdout(&place, &["entities", "old.db", "search", "quarles"]);
    let decisions = stdout(&place, &["entities", "old.db", "export"]);
    assert_eq!((schema_of(&store), dump(&place.path().join("old.db"))), (1, before.clone()));
    // The first command that writes migrates, and says so once.
    namesake(&place)
        .args(["entities", "old.db", "allow", "E000004", "E000005"])
        .assert()
        .success()
        .stderr("namesake: old.db was written by an older version (schema 1): its name keys were made anew, ids and decisions are as they were\n");
    let after = dump(&place.path().join("old.db"));
    assert_eq!((schema_of(&store), lasting(&after).len()), (CURRENT, lasting(&before).len()));
    // Columns may have come to their ends.
    assert!(lasting(&after).iter().zip(lasting(&before)).all(|(after, before)| after.starts_with(before.as_str())));
    assert_ne!(after, before);
    stdout(&place, &["entities", "old.db", "forbid", "E000004", "E000005"]);
    let exported = stdout(&place, &["entities", "old.db", "export"]);
    for row in decisions.lines().skip(1) {
        let row = row.trim_end_matches(',');
        assert!(exported.lines().any(|line| line.starts_with(row)), "{row}: {exported}");
    }
    // What the old keys kept apart is one now, under the old ids.
    let output = namesake(&place).args(["link", "new.jsonl", "--store", "old.db", "-q"]).assert().success().stderr("");
    let linked = lines(&output.get_output().stdout);
    let id =
        |document: usize, entity: usize| linked[document]["entities"][entity]["corpus_id"].as_str().unwrap().to_owned();
    assert_eq!([id(0, 0), id(0, 1), id(0, 2), id(1, 0)], ["E000002", "E000001", "E000003", "E000005"]);
}

#[test]
fn a_migration_that_fails_or_is_killed_leaves_the_store_as_it_was() {
    let place = workplace(&[("new.jsonl", &line("a", &[(&["Saint Albans"], "LOC")]))]);
    let path = place.path().join("old.db");
    let store = older_store(&place);
    let link = ["link", "new.jsonl", "--store", "old.db", "-q"];
    // It fails when half of the keys are new.
    let stop = "CREATE TRIGGER stop BEFORE INSERT ON name WHEN (SELECT count(*) FROM name) > 3
                BEGIN SELECT RAISE(ABORT, 'the disk is full'); END";
    store.execute_batch(stop).unwrap();
    let before = dump(&path);
    namesake(&place).args(link).assert().code(1).stderr(contains("the disk is full"));
    assert_eq!((schema_of(&store), dump(&path)), (1, before));
    store.execute_batch("DROP TRIGGER stop").unwrap();
    // It is killed: with many documents it takes long enough.
    let many = "WITH RECURSIVE n (i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
                INSERT INTO document SELECT i, 'd' || i, x'00', x'00' FROM n;
                INSERT INTO member SELECT document.id, 0, 1, 'William Quarles', 'PER', NULL, '[[\"William Quarles\",1]]', 1, 'same full name', 0.9
                FROM document WHERE id >= 10;";
    store.execute_batch(many).unwrap();
    let before = dump(&path);
    drop(store);
    for wait in [20, 60, 100, 140, 180] {
        let mut child = Command::new(assert_cmd::cargo::cargo_bin("namesake"))
            .args(link)
            .current_dir(place.path())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
        if schema_of(&Connection::open(&path).unwrap()) == 1 {
            assert_eq!(dump(&path), before);
        }
    }
    namesake(&place).args(link).assert().success();
    assert_eq!(schema_of(&Connection::open(&path).unwrap()), CURRENT);
}

const ARTICLES: &str = "\
{\"id\": \"monday\", \"text\": \"Petra Holt of Quillon Metals spoke in Oslo. Holt was calm.\"}
{\"id\": \"friday\", \"text\": \"Oslo, Friday. Petra Holt has left Quillon Metals.\"}
";

#[test]
fn extracting_into_a_store_is_extracting_and_linking() {
    let place = workplace(&[("articles.jsonl", ARTICLES)]);
    let at_once = stdout(&place, &["extract", "articles.jsonl", "--store", "one.db"]);
    stdout(&place, &["extract", "articles.jsonl", "-o", "entities.jsonl"]);
    assert_eq!(at_once, stdout(&place, &["link", "entities.jsonl", "--store", "two.db"]));
    // But for where the documents came from, and the digest of a text that was read here.
    let entities = |store: &str| {
        let rows = dump(&place.path().join(store));
        rows.into_iter().filter(|row| !row.starts_with("document ")).collect::<Vec<_>>()
    };
    assert_eq!(entities("one.db"), entities("two.db"));
    let first = dump(&place.path().join("one.db"));
    // The same documents again change nothing.
    let again = stdout(&place, &["extract", "articles.jsonl", "--store", "one.db", "--threads", "1"]);
    assert_eq!(again, at_once);
    assert_eq!(dump(&place.path().join("one.db")), first);
    let documents = lines(at_once.as_bytes());
    assert_eq!(documents[0]["entities"][0]["corpus_id"], documents[1]["entities"][1]["corpus_id"]);
    let table = stdout(&place, &["extract", "articles.jsonl", "--store", "one.db", "--format", "pretty"]);
    assert!(table.contains("\nID       NAME"), "{table}");
    assert!(table.contains("\nE000002  Petra Holt"), "{table}");
}

#[test]
fn an_alias_table_wins_in_documents_and_across_them() {
    let place = workplace(&[
        ("articles.jsonl", ARTICLES),
        ("mine.csv", "alias,canonical,type,id\nPetra Holt,Holt Estate,ORG,H-1\nHolt,Holt Estate,ORG,H-1\n"),
        ("twice.csv", "alias,canonical\nHolt,Petra Holt\nHOLT,Anton Holt\n"),
        ("signs.csv", "alias,canonical\n!!,Petra Holt\n"),
    ]);
    let written =
        stdout(&place, &["extract", "articles.jsonl", "--store", "corpus.db", "--aliases", "mine.csv", "-o", "-"]);
    for document in lines(written.as_bytes()) {
        let estate = document["entities"].as_array().unwrap().iter().find(|one| one["name"] == "Holt Estate").unwrap();
        assert_eq!(
            (&estate["type"], &estate["knowledge_id"], &estate["corpus_id"]),
            (&json!("ORG"), &json!("H-1"), &json!("E000001"))
        );
    }
    let mentions = r#"{"id":"a","text":"Holt left.","mentions":[{"start":0,"end":4,"type":"PER"}]}"#;
    let resolve = ["resolve", "-", "--aliases", "mine.csv"];
    namesake(&place).args(resolve).write_stdin(mentions).assert().success().stdout(contains(r#""name":"Holt Estate""#));
    for (file, reason) in [
        ("twice.csv", "twice.csv:3: "),
        ("signs.csv", "signs.csv:2: "),
        ("none.csv", "cannot read the alias table none.csv"),
    ] {
        for command in [&["extract", "articles.jsonl"][..], &["resolve", "-"], &["link", "-", "--store", "new.db"]] {
            namesake(&place).args(command).args(["--aliases", file]).assert().code(1).stderr(contains(reason));
        }
    }
    assert!(!place.path().join("new.db").exists());
}

#[test]
fn names_cannot_steer_the_terminal() {
    const EVIL: &str = "Ida\u{202e}\u{1b}[31m\nHolm\u{9b}2J";
    let place = workplace(&[("entities.jsonl", &(line(EVIL, &[(&[EVIL], "PER")]) + &line("b", &[(&["Bo"], "PER")])))]);
    namesake(&place).args(["link", "entities.jsonl", "--store", "corpus.db", "-q"]).assert().success();
    let shown = "Ida⟨U+202E⟩␛[31m Holm⟨U+009B⟩2J";
    for action in [&[][..], &["search", "Ida"], &["show", "E000001"], &["merge", "E000001", "E000002"]] {
        let told = stdout(&place, &[&["entities", "corpus.db"], action].concat());
        assert!(told.contains(shown) && !told.contains(['\u{202e}', '\u{1b}', '\u{9b}']), "{action:?}: {told:?}");
    }
    // Messages quote the input, too.
    let again = ["link", "-", "--store", "corpus.db", "-q"];
    let unknown = line("c", &[(&["Bo"], "PER")]).replace("namesake/1", "namesake/\u{202e}[2J");
    let output = namesake(&place).args(again).write_stdin(unknown).assert().get_output().clone();
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("namesake/⟨U+202E⟩[2J"), "{told:?}");
}

#[test]
fn two_pipes_into_one_store_are_two_documents() {
    let place = workplace(&[]);
    for (text, expected) in
        [("Kofi Annan spoke in Accra.", 1), ("Jane Goodall spoke in Nairobi.", 2), ("Kofi Annan spoke in Accra.", 2)]
    {
        namesake(&place).args(["extract", "-", "--store", "c.db", "-q"]).write_stdin(text).assert().success();
        assert_eq!(documents_in(&place.path().join("c.db")), expected);
    }
    // The same by way of `link`, for texts and for lines.
    for text in ["Kofi Annan spoke in Accra.", "Jane Goodall spoke in Nairobi.", "{\"text\": \"Kofi Annan left.\"}"] {
        let output = namesake(&place).args(["extract", "-", "-q"]).write_stdin(text).assert().success();
        let lines = output.get_output().stdout.clone();
        namesake(&place).args(["link", "-", "--store", "d.db", "-q"]).write_stdin(lines).assert().success();
    }
    assert_eq!(documents_in(&place.path().join("d.db")), 3);
}

#[test]
fn a_file_is_one_document_however_it_is_named_and_another_of_its_id_is_refused() {
    let place = workplace(&[
        ("news/a.txt", "Petra Holt spoke in Oslo."),
        ("more/a.txt", "Ines Varga spoke in Bern."),
        ("one.jsonl", "{\"id\": \"1\", \"text\": \"Petra Holt spoke in Oslo.\"}\n"),
        ("two.jsonl", "{\"id\": \"1\", \"text\": \"Ines Varga spoke in Bern.\"}\n"),
    ]);
    let store = place.path().join("corpus.db");
    let absolute = place.path().join("news").display().to_string();
    for input in ["news", "./news", &absolute, "more/../news/a.txt"] {
        stdout(&place, &["extract", input, "--store", "corpus.db", "-q"]);
        assert_eq!(documents_in(&store), 1, "{input}");
    }
    namesake(&place)
        .current_dir(place.path().join("more"))
        .args(["extract", "a.txt", "--store", "../corpus.db", "-q"])
        .assert()
        .success();
    assert_eq!(documents_in(&store), 2);
    stdout(&place, &["extract", "one.jsonl", "--store", "corpus.db", "-q"]);
    namesake(&place)
        .args(["extract", "two.jsonl", "--store", "corpus.db", "-q", "-o", "two.out.jsonl"])
        .assert()
        .code(3)
        .stderr(contains("document '1' of two.jsonl has the id of another one, which came from one.jsonl"));
    stdout(&place, &["extract", "two.jsonl", "--store", "corpus.db", "-q", "--replace"]);
    assert_eq!(documents_in(&store), 3);
    namesake(&place)
        .args(["extract", "news", "--store", "corpus.db", "--root", "more"])
        .assert()
        .code(1)
        .stderr(contains("are named by their paths as seen from"));
    let changed = fs::write(place.path().join("news/a.txt"), "Petra Holt has left Oslo.");
    changed.unwrap();
    namesake(&place)
        .args(["extract", "news", "--store", "corpus.db", "-o", "x.jsonl"])
        .assert()
        .success()
        .stderr(contains("of these documents 0 were new; 1 new versions of known ones"));
    stdout(&place, &["entities", "corpus.db", "check"]);
}

#[test]
fn a_known_text_is_not_read_again_and_gives_the_same_line() {
    let place = workplace(&[("articles.jsonl", ARTICLES)]);
    let first = ["extract", "articles.jsonl", "--store", "corpus.db", "-q", "-o", "one.jsonl"];
    stdout(&place, &first);
    let again = ["extract", "articles.jsonl", "--store", "corpus.db", "-o", "two.jsonl"];
    namesake(&place)
        .args(again)
        .assert()
        .success()
        .stderr(contains("of these documents 0 were new; 2 known and unchanged"));
    let read = |name: &str| fs::read_to_string(place.path().join(name)).unwrap();
    assert_eq!(read("one.jsonl"), read("two.jsonl"));
    let kept: i64 = Connection::open(place.path().join("corpus.db"))
        .unwrap()
        .query_row("SELECT count(*) FROM analysis", [], |row| row.get(0))
        .unwrap();
    assert_eq!(kept, 2);
}

#[test]
fn the_output_has_the_ids_and_names_of_the_end_of_the_run() {
    let mut text = String::new();
    for number in 0..3 {
        text += &line(&format!("short{number}"), &[(&["NHB"], "ORG"), (&["Delft"], "LOC")]);
        text += &line(&format!("long{number}"), &[(&["Northern Harbour Board"], "ORG"), (&["Tarn"], "LOC")]);
    }
    text += &line("both", &[(&["Northern Harbour Board", "NHB"], "ORG"), (&["Delft"], "LOC"), (&["Tarn"], "LOC")]);
    let place = workplace(&[("in.jsonl", &text)]);
    stdout(&place, &["link", "in.jsonl", "--store", "corpus.db", "-q", "-o", "out.jsonl"]);
    let written = lines(&fs::read(place.path().join("out.jsonl")).unwrap());
    let boards: std::collections::BTreeSet<String> =
        written.iter().map(|line| line["entities"][0]["corpus_id"].to_string()).collect();
    assert_eq!(boards.len(), 1, "{boards:?}");
    assert!(written.iter().all(|line| line["entities"][0]["corpus_name"] == "Northern Harbour Board"));
    assert_eq!(written[0]["entities"][0]["name"], "NHB");
}

#[test]
fn decisions_are_listed_with_their_authors_and_taken_back() {
    let place = two_documents();
    stdout(&place, &["link", "entities.jsonl", "--store", "corpus.db", "-q"]);
    namesake(&place)
        .args(["entities", "corpus.db", "merge", "E000001", "E000002"])
        .assert()
        .code(1)
        .stderr(contains("E000001 is PER and E000002 is ORG; with --force they are merged all the same"));
    stdout(
        &place,
        &["entities", "corpus.db", "merge", "E000001", "E000002", "--force", "--by", "ines", "--note", "a test"],
    );
    let told = stdout(&place, &["entities", "corpus.db", "history", "E000002"]);
    assert!(told.starts_with("E000002 → E000001: Petra Holt, 2 documents\n"), "{told}");
    let log = stdout(&place, &["entities", "corpus.db", "log", "--json"]);
    assert!(log.contains(r#""by":"ines","note":"a test","undone":false,"applies":true"#), "{log}");
    namesake(&place)
        .args(["entities", "corpus.db", "undo"])
        .assert()
        .success()
        .stderr("namesake: took back: merge of E000001\n");
    let log = stdout(&place, &["entities", "corpus.db", "log"]);
    assert!(log.contains("ines") && log.contains("no: taken back"), "{log}");
    assert_eq!(stdout(&place, &["entities", "corpus.db", "decisions"]).lines().count(), 1);
    let changes = stdout(&place, &["entities", "corpus.db", "changes", "--since", "2"]);
    let kinds: Vec<String> =
        lines(changes.as_bytes()).iter().map(|change| change["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["merged", "split"]);
    namesake(&place)
        .args(["entities", "corpus.db", "undo"])
        .assert()
        .code(1)
        .stderr(contains("1 decisions were to be taken back, and there are 0"));
    namesake(&place)
        .args(["entities", "corpus.db", "forget", "petra holt"])
        .assert()
        .success()
        .stderr(contains("nothing is left of E000001"));
    namesake(&place)
        .args(["entities", "corpus.db", "remove", "sunday"])
        .assert()
        .code(1)
        .stderr(contains("there is no document 'sunday'"));
    namesake(&place)
        .args(["entities", "corpus.db", "check"])
        .assert()
        .success()
        .stderr("namesake: corpus.db is sound\n");
}
