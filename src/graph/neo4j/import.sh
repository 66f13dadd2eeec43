#!/bin/sh
# Imports the CSV files beside this script into a new, empty database of Neo4j 5; the server must not be running it.
# Usage: sh import.sh [DATABASE]     (neo4j if none is named; NEO4J_ADMIN names another neo4j-admin)
set -eu
cd "$(dirname "$0")"
"${NEO4J_ADMIN:-neo4j-admin}" database import full "${1:-neo4j}" \
    --nodes=documents.csv \
    --nodes=entities.csv \
    --relationships=mentions.csv \
    --relationships=co-mentions.csv \
    --relationships=relations.csv \
    --ignore-empty-strings=true \
    --array-delimiter=U+001F \
    --multiline-fields=true \
    --legacy-style-quoting=true
