-- The corpus store. docs/linking.md explains the tables; a change here raises SCHEMA_VERSION in database.rs.
CREATE TABLE document (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    fingerprint BLOB NOT NULL,
    context BLOB NOT NULL,
    source TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    text BLOB
) STRICT;
-- What the pipeline found in a text, so that a known one need not be read again.
CREATE TABLE analysis (
    document INTEGER PRIMARY KEY,
    task BLOB NOT NULL,
    mentions BLOB NOT NULL
) STRICT;
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE entity (
    -- AUTOINCREMENT: an id is never given twice, even if its entity is gone.
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    knowledge_id TEXT,
    table_key TEXT,
    documents INTEGER NOT NULL DEFAULT 0,
    mentions INTEGER NOT NULL DEFAULT 0,
    merged_into INTEGER REFERENCES entity (id),
    -- 1: a person has given the name; 2: the type.
    fixed INTEGER NOT NULL DEFAULT 0,
    -- The document that was the last to mention it, once none does.
    last_document INTEGER,
    erased INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX entity_by_last_document ON entity (last_document) WHERE last_document IS NOT NULL;
CREATE INDEX entity_by_merged_into ON entity (merged_into) WHERE merged_into IS NOT NULL;
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
    -- The entity that it joined first, before any merge.
    origin INTEGER NOT NULL,
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
    entity INTEGER,
    other INTEGER,
    -- The name of a pin or rename, the type of a retype.
    value TEXT,
    -- What `value` replaced.
    former TEXT,
    -- Whom it speaks of, by meaning: {"names": [...], "type": "PER", "documents": [...]}.
    subject TEXT NOT NULL DEFAULT '{}',
    object TEXT NOT NULL DEFAULT '{}',
    time TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    undone INTEGER NOT NULL DEFAULT 0
) STRICT;
-- What happened to entities, in order: for those who follow the store.
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    other INTEGER
) STRICT;
-- Keys of names that nothing may be kept of.
CREATE TABLE forgotten (
    key INTEGER NOT NULL,
    type TEXT NOT NULL,
    -- The document in which it may not be kept; 0 for all.
    document INTEGER NOT NULL,
    PRIMARY KEY (key, type, document)
) STRICT, WITHOUT ROWID;
