-- The corpus store. docs/linking.md explains the tables; a change here raises SCHEMA_VERSION in database.rs.
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
