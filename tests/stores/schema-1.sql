-- A store as the version before the one grammar of names wrote it (schema 1): four documents, one decision of each kind.
-- Its tables as `schema.sql` makes them, then its rows; the search index is made from the aliases.
PRAGMA application_id = 0x6e6d736b;
PRAGMA user_version = 1;
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    fingerprint BLOB NOT NULL,
    context BLOB NOT NULL
) STRICT;
CREATE TABLE entity (
    -- AUTOINCREMENT: an id is never given twice, even if its entity is gone.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    knowledge_id TEXT,
    table_key TEXT,
    documents INTEGER NOT NULL DEFAULT 0,
    mentions INTEGER NOT NULL DEFAULT 0,
    merged_into INTEGER REFERENCES entity (id)
) STRICT;
CREATE INDEX entity_by_knowledge_id ON entity (knowledge_id) WHERE knowledge_id IS NOT NULL;
CREATE UNIQUE INDEX entity_by_table_key ON entity (table_key) WHERE table_key IS NOT NULL;
CREATE TABLE alias (
    id INTEGER PRIMARY KEY,
    entity INTEGER NOT NULL,
    text TEXT NOT NULL,
    documents INTEGER NOT NULL,
    mentions INTEGER NOT NULL,
    named INTEGER NOT NULL,
    UNIQUE (entity, text)
) STRICT;
CREATE VIRTUAL TABLE search USING fts5 (
    text, content = 'alias', content_rowid = 'id', tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TABLE block (
    key INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    PRIMARY KEY (key, entity)
) STRICT, WITHOUT ROWID;
CREATE INDEX block_by_entity ON block (entity);
CREATE TABLE name (
    key INTEGER PRIMARY KEY,
    documents INTEGER NOT NULL
) STRICT;
CREATE TABLE member (
    document INTEGER NOT NULL,
    number INTEGER NOT NULL,
    entity INTEGER NOT NULL,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    knowledge_id TEXT,
    aliases TEXT NOT NULL,
    mentions INTEGER NOT NULL,
    reason TEXT NOT NULL,
    score REAL NOT NULL,
    PRIMARY KEY (document, number)
) STRICT, WITHOUT ROWID;
CREATE INDEX member_by_entity ON member (entity, document);
CREATE TABLE history (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    other INTEGER NOT NULL,
    document TEXT,
    reason TEXT NOT NULL,
    score REAL
) STRICT;
CREATE INDEX history_by_entity ON history (entity);
CREATE INDEX history_by_other ON history (other);
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    other INTEGER,
    alias TEXT,
    document TEXT
) STRICT;
INSERT INTO document VALUES (1, 'monday', X'7294CD3F630E3615A546278A9CE9A0D4', X'14B47530FC96F7D6BF7BD957685667D77B9F6A5715D69FFE03ECE7B547074514');
INSERT INTO document VALUES (2, 'tuesday', X'C55B5670C426D9059D496F3A71816F1A', X'212A9D04EA15B7CBBF7BD957685667D703ECE7B547074514');
INSERT INTO document VALUES (3, 'friday', X'CFB3970A72B41CE5FAD2C11364B676CE', X'200407AAFF0092C5212A9D04EA15B7CB03ECE7B5470745143863AAD37A75AD74');
INSERT INTO document VALUES (4, 'sunday', X'1F255EF95A857ECD784D8629E455C1D2', X'912F3B02C163CBAE9782BE64510A9AE57B9F6A5715D69FFE');
INSERT INTO entity VALUES (1, 'William Quarles', 'PER', NULL, NULL, 2, 3, NULL);
INSERT INTO entity VALUES (2, 'St. Albans', 'LOC', NULL, NULL, 2, 2, NULL);
INSERT INTO entity VALUES (3, 'Norvik Harbour Defence Board', 'ORG', NULL, NULL, 2, 2, NULL);
INSERT INTO entity VALUES (4, 'Ines Varga', 'PER', NULL, NULL, 2, 2, NULL);
INSERT INTO entity VALUES (5, 'Petra Holt Jr.', 'PER', NULL, NULL, 2, 3, NULL);
INSERT INTO entity VALUES (6, 'Ottilie Brandvold', 'PER', NULL, NULL, 0, 0, 5);
INSERT INTO entity VALUES (7, 'Ambassador Petra Holt', 'PER', NULL, NULL, 1, 1, NULL);
INSERT INTO entity VALUES (8, 'Norvik Harbour Defence Board', 'ORG', NULL, NULL, 1, 1, NULL);
INSERT INTO alias VALUES (1, 1, 'William Quarles', 2, 2, 2);
INSERT INTO alias VALUES (2, 1, 'Quarles', 1, 1, 0);
INSERT INTO alias VALUES (3, 2, 'St. Albans', 2, 2, 2);
INSERT INTO alias VALUES (4, 3, 'Norvik Harbour Defence Board', 2, 2, 2);
INSERT INTO alias VALUES (5, 4, 'Ines Varga', 2, 2, 2);
INSERT INTO alias VALUES (6, 5, 'Petra Holt Jr.', 1, 1, 1);
INSERT INTO alias VALUES (7, 5, 'Holt', 1, 1, 0);
INSERT INTO alias VALUES (9, 7, 'Ambassador Petra Holt', 1, 1, 1);
INSERT INTO alias VALUES (10, 8, 'Norvik Harbour Defence Board', 1, 1, 1);
INSERT INTO alias VALUES (11, 5, 'Ottilie Brandvold', 1, 1, 1);
INSERT INTO block VALUES (-6797016558521064006, 3);
INSERT INTO block VALUES (-6797016558521064006, 8);
INSERT INTO block VALUES (-6666952880646288498, 5);
INSERT INTO block VALUES (-6666952880646288498, 7);
INSERT INTO block VALUES (-6442187264786008831, 7);
INSERT INTO block VALUES (-5993896448403273749, 4);
INSERT INTO block VALUES (-5664627220202147900, 5);
INSERT INTO block VALUES (-5347236200573843652, 3);
INSERT INTO block VALUES (-5347236200573843652, 8);
INSERT INTO block VALUES (-5101962824378028734, 2);
INSERT INTO block VALUES (-4721366346732501749, 1);
INSERT INTO block VALUES (-3873668342998036356, 1);
INSERT INTO block VALUES (-1563159488102344028, 4);
INSERT INTO block VALUES (-491087521965745994, 5);
INSERT INTO block VALUES (-208958712089402296, 5);
INSERT INTO block VALUES (710710677629551388, 3);
INSERT INTO block VALUES (710710677629551388, 8);
INSERT INTO block VALUES (1087722669341048693, 5);
INSERT INTO block VALUES (1495384389907413668, 3);
INSERT INTO block VALUES (1495384389907413668, 8);
INSERT INTO block VALUES (1891534647636011918, 7);
INSERT INTO block VALUES (2936615975522971729, 5);
INSERT INTO block VALUES (3082519393445248658, 1);
INSERT INTO block VALUES (3267353808506894489, 1);
INSERT INTO block VALUES (3872221299017479263, 7);
INSERT INTO block VALUES (5279585732997596786, 5);
INSERT INTO block VALUES (6187038260258802855, 5);
INSERT INTO block VALUES (6734585051725407397, 3);
INSERT INTO block VALUES (6734585051725407397, 8);
INSERT INTO block VALUES (6833091552015361496, 3);
INSERT INTO block VALUES (6833091552015361496, 8);
INSERT INTO block VALUES (7552290926518066631, 4);
INSERT INTO block VALUES (7995516761503953466, 2);
INSERT INTO block VALUES (8692384621030000500, 4);
INSERT INTO block VALUES (8911490869548297482, 1);
INSERT INTO block VALUES (8999270418744810215, 5);
INSERT INTO name VALUES (-5851473610220556399, 1);
INSERT INTO name VALUES (-4210301603568745440, 1);
INSERT INTO name VALUES (-3767518468428191199, 2);
INSERT INTO name VALUES (-2956728620456496108, 1);
INSERT INTO name VALUES (-2925274426803389505, 2);
INSERT INTO name VALUES (-1902196547911777641, 1);
INSERT INTO name VALUES (-99125279629598853, 2);
INSERT INTO name VALUES (1460581658727541763, 3);
INSERT INTO name VALUES (8407505249768203064, 1);
INSERT INTO member VALUES (1, 0, 1, 'William Quarles', 'PER', NULL, '[["William Quarles",1],["Quarles",1]]', 2, 'new', 1.0);
INSERT INTO member VALUES (1, 1, 2, 'St. Albans', 'LOC', NULL, '[["St. Albans",1]]', 1, 'new', 1.0);
INSERT INTO member VALUES (1, 2, 3, 'Norvik Harbour Defence Board', 'ORG', NULL, '[["Norvik Harbour Defence Board",1]]', 1, 'new', 1.0);
INSERT INTO member VALUES (2, 0, 1, 'William Quarles', 'PER', NULL, '[["William Quarles",1]]', 1, 'same full name', 9.37493786024152675473e-01);
INSERT INTO member VALUES (2, 1, 3, 'Norvik Harbour Defence Board', 'ORG', NULL, '[["Norvik Harbour Defence Board",1]]', 1, 'same full name', 9.37493786024152675473e-01);
INSERT INTO member VALUES (2, 2, 4, 'Ines Varga', 'PER', NULL, '[["Ines Varga",1]]', 1, 'new', 1.0);
INSERT INTO member VALUES (3, 0, 8, 'Norvik Harbour Defence Board', 'ORG', NULL, '[["Norvik Harbour Defence Board",1]]', 1, 'split', 9.44253691945577178223e-01);
INSERT INTO member VALUES (3, 1, 4, 'Ines Varga', 'PER', NULL, '[["Ines Varga",1]]', 1, 'same full name', 9.37493786024152675473e-01);
INSERT INTO member VALUES (3, 2, 5, 'Petra Holt Jr.', 'PER', NULL, '[["Petra Holt Jr.",1],["Holt",1]]', 2, 'new', 1.0);
INSERT INTO member VALUES (4, 0, 5, 'Ottilie Brandvold', 'PER', NULL, '[["Ottilie Brandvold",1]]', 1, 'new', 1.0);
INSERT INTO member VALUES (4, 1, 7, 'Ambassador Petra Holt', 'PER', NULL, '[["Ambassador Petra Holt",1]]', 1, 'new', 1.0);
INSERT INTO member VALUES (4, 2, 2, 'St. Albans', 'LOC', NULL, '[["St. Albans",1]]', 1, 'same full name', 9.37493786024152675473e-01);
INSERT INTO history VALUES (1, 'split', 3, 8, 'friday', 'decided by a person', NULL);
INSERT INTO history VALUES (2, 'merge', 5, 6, NULL, 'decided by a person', NULL);
INSERT INTO decision VALUES (1, 'split', 3, 8, NULL, 'friday');
INSERT INTO decision VALUES (2, 'pin', 3, NULL, 'The Old Mill', NULL);
INSERT INTO decision VALUES (3, 'forbid', 4, 5, NULL, NULL);
INSERT INTO decision VALUES (4, 'merge', 5, 6, NULL, NULL);
INSERT INTO search (search) VALUES ('rebuild');
