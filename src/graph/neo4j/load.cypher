// Merges the CSV files beside this script into a running Neo4j 5. Running it again changes nothing; running it on newer
// files brings what they name up to date, and takes nothing away. Copy the files below the server's import folder, then:
//
//   cypher-shell --param 'folder => "file:///namesake"' --file load.cypher
//
// Texts come from the files alone and go into properties as values. The files double backslashes, as LOAD CSV expects
// them unless the server sets db.import.csv.legacy_quote_escaping to false.

CREATE CONSTRAINT namesake_document IF NOT EXISTS FOR (d:Document) REQUIRE d.iri IS UNIQUE;
CREATE CONSTRAINT namesake_entity IF NOT EXISTS FOR (e:Entity) REQUIRE e.iri IS UNIQUE;

LOAD CSV WITH HEADERS FROM $folder + '/documents.csv' AS row
CALL {
  WITH row
  MERGE (d:Document {iri: row.`iri:ID(Document)`})
  SET d.id = row.id, d.headline = CASE row.headline WHEN '' THEN null ELSE row.headline END,
      d.date = CASE row.date WHEN '' THEN null ELSE row.date END
} IN TRANSACTIONS OF 1000 ROWS;

LOAD CSV WITH HEADERS FROM $folder + '/entities.csv' AS row
CALL {
  WITH row
  MERGE (e:Entity {iri: row.`iri:ID(Entity)`})
  SET e.name = row.name, e.type = row.type,
      e.aliases = [text IN split(row.`aliases:string[]`, '\u001F') WHERE text <> ''],
      e.knowledgeIds = [text IN split(row.`knowledgeIds:string[]`, '\u001F') WHERE text <> ''],
      e.documents = toInteger(row.`documents:long`), e.mentions = toInteger(row.`mentions:long`)
  REMOVE e:Person:Organization:Place:Thing
  FOREACH (_ IN CASE WHEN row.type = 'PER' THEN [1] ELSE [] END | SET e:Person)
  FOREACH (_ IN CASE WHEN row.type = 'ORG' THEN [1] ELSE [] END | SET e:Organization)
  FOREACH (_ IN CASE WHEN row.type = 'LOC' THEN [1] ELSE [] END | SET e:Place)
  FOREACH (_ IN CASE WHEN NOT row.type IN ['PER', 'ORG', 'LOC'] THEN [1] ELSE [] END | SET e:Thing)
} IN TRANSACTIONS OF 1000 ROWS;

LOAD CSV WITH HEADERS FROM $folder + '/mentions.csv' AS row
CALL {
  WITH row
  MATCH (d:Document {iri: row.`:START_ID(Document)`})
  MATCH (e:Entity {iri: row.`:END_ID(Entity)`})
  MERGE (d)-[m:MENTIONS]->(e)
  SET m.name = row.name, m.count = toInteger(row.`count:long`),
      m.texts = [text IN split(row.`texts:string[]`, '\u001F') WHERE text <> '']
} IN TRANSACTIONS OF 1000 ROWS;

LOAD CSV WITH HEADERS FROM $folder + '/co-mentions.csv' AS row
CALL {
  WITH row
  MATCH (one:Entity {iri: row.`:START_ID(Entity)`})
  MATCH (other:Entity {iri: row.`:END_ID(Entity)`})
  MERGE (one)-[c:CO_MENTIONED_WITH]->(other)
  SET c.documents = toInteger(row.`documents:long`),
      c.firstDocuments = [text IN split(row.`firstDocuments:string[]`, '\u001F') WHERE text <> '']
} IN TRANSACTIONS OF 1000 ROWS;

LOAD CSV WITH HEADERS FROM $folder + '/relations.csv' AS row
CALL {
  WITH row
  MATCH (one:Entity {iri: row.`:START_ID(Entity)`})
  MATCH (other:Entity {iri: row.`:END_ID(Entity)`})
  FOREACH (_ IN CASE WHEN row.`:TYPE` = 'PART_OF' THEN [1] ELSE [] END |
    MERGE (one)-[r:PART_OF]->(other) SET r.documents = toInteger(row.`documents:long`))
  FOREACH (_ IN CASE WHEN row.`:TYPE` = 'FORMERLY' THEN [1] ELSE [] END |
    MERGE (one)-[r:FORMERLY]->(other) SET r.documents = toInteger(row.`documents:long`))
  FOREACH (_ IN CASE WHEN row.`:TYPE` = 'DEMONYM_OF' THEN [1] ELSE [] END |
    MERGE (one)-[r:DEMONYM_OF]->(other) SET r.documents = toInteger(row.`documents:long`))
} IN TRANSACTIONS OF 1000 ROWS;
