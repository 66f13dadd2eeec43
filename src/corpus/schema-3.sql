-- From the tables of schemas 1 and 2 to those of schema 3; schema.sql explains them.
ALTER TABLE document ADD COLUMN source TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE document ADD COLUMN text BLOB;
ALTER TABLE entity ADD COLUMN fixed INTEGER NOT NULL DEFAULT 0;
ALTER TABLE entity ADD COLUMN last_document INTEGER;
ALTER TABLE entity ADD COLUMN erased INTEGER NOT NULL DEFAULT 0;
CREATE INDEX entity_by_last_document ON entity (last_document) WHERE last_document IS NOT NULL;
CREATE INDEX entity_by_merged_into ON entity (merged_into) WHERE merged_into IS NOT NULL;
ALTER TABLE member ADD COLUMN origin INTEGER NOT NULL DEFAULT 0;
UPDATE member SET origin = entity;
ALTER TABLE decision RENAME TO older_decision;
CREATE TABLE decision (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    entity INTEGER,
    other INTEGER,
    value TEXT,
    former TEXT,
    subject TEXT NOT NULL DEFAULT '{}',
    object TEXT NOT NULL DEFAULT '{}',
    time TEXT NOT NULL DEFAULT '',
    author TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    undone INTEGER NOT NULL DEFAULT 0,
    document TEXT
) STRICT;
INSERT INTO decision (id, kind, entity, other, value, document)
    SELECT id, kind, entity, other, alias, document FROM older_decision;
DROP TABLE older_decision;
CREATE TABLE analysis (
    document INTEGER PRIMARY KEY,
    task BLOB NOT NULL,
    mentions BLOB NOT NULL
) STRICT;
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE change (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    entity INTEGER NOT NULL,
    other INTEGER
) STRICT;
INSERT INTO change (kind, entity) SELECT 'created', id FROM entity WHERE merged_into IS NULL ORDER BY id;
CREATE TABLE forgotten (
    key INTEGER NOT NULL,
    type TEXT NOT NULL,
    document INTEGER NOT NULL,
    PRIMARY KEY (key, type, document)
) STRICT, WITHOUT ROWID;
