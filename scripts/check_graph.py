#!/usr/bin/env python3
"""Check what `namesake graph export` writes with programs that are not ours.

    scripts/check_graph.py target/release/namesake linked.jsonl     # or corpus.db, or nothing: hostile documents alone

* every RDF syntax is read by rdflib, and holds the same statements;
* JSON-LD goes through rdflib and back;
* docs/graph.shapes.ttl is validated with pyshacl;
* GraphML and GEXF are read by networkx and have the same nodes and edges as the RDF;
* the CSV files for Neo4j are read by a parser that knows no more than the documented header format and both rules of
  quoting, and agree with the RDF;
* the Cypher script holds nothing of any document, and Neo4j's own grammar of Cypher accepts it (where npm is at hand).

The documents are those given and some whose names and ids have broken graphs before. Makes a virtual environment of its
own in build/graph (rdflib, pyshacl, networkx).
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ["rdflib==7.1.4", "pyshacl==0.30.1", "networkx==3.4.2"]
LINTER = "@neo4j-cypher/language-support@2.0.0-next.20"
LINT = """
const { lintCypherQuery } = require("@neo4j-cypher/language-support");
const lint = (text) => lintCypherQuery(text, { parameters: { folder: "" } }).filter((fault) => fault.severity === 1);
const text = require("fs").readFileSync(process.argv[1], "utf8");
console.log(JSON.stringify([lint(text), lint(text.replace("MERGE (", "MERGE ((")).length]));
"""
RDF = {"ttl": "turtle", "nt": "nt", "nq": "nquads", "trig": "trig", "jsonld": "json-ld", "rdf": "xml"}
HOSTILE = [
    "\"quotes\" and 'more'", "back\\slash \\", "line\nbreak\r\nand\ttab", "<angle> & </script>", "]]> --> */",
    "👩‍🔬 and 🏳️‍🌈", "بنك القاهرة", "; DROP GRAPH <x> #", "}) DETACH DELETE n //", "' OR 1=1", "\u202etxet", "=cmd()",
    "x" * 10_000, "..", "a/b?c#d%e", "a;b,c|d",
]


def environment():
    """Starts again in an environment that has the packages."""
    place = ROOT / "build" / "graph"
    python = place / "bin" / "python"
    if Path(sys.prefix) == place:
        return
    if not python.exists():
        venv.create(place, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    os.execv(python, [str(python), *sys.argv])


def hostile_line(number, text):
    """A document in which everything is called `text`."""
    start = text.find(text.strip()[:1]) if text.strip() else 0
    entity = f"{text}#1"
    other = {"id": "other", "name": "Oslo", "type": "LOC", "score": 0.5, "aliases": [{"text": "Oslo", "count": 1}], "mentions": [1], "corpus_id": "E000001"}
    return json.dumps({
        "schema": "namesake/1", "id": text, "offsets": "char", "text": text + " Oslo", "metadata": {"headline": text, "url": text},
        "entities": [{"id": entity, "name": text, "type": ["PER", "ORG", "MISC"][number % 3], "score": 0.5, "knowledge_id": text,
                      "aliases": [{"text": text[::-1], "count": 1}], "mentions": [0]}, other],
        "mentions": [{"start": start, "end": len(text), "text": text[start:], "type": "PER", "score": 0.25, "entity": entity},
                     {"start": len(text) + 1, "end": len(text) + 5, "text": "Oslo", "type": "LOC", "score": 1, "entity": "other"}],
    })


class Neo4jCsv:
    """A file of `neo4j-admin database import`, read strictly by its documentation."""

    HEADER = re.compile(r"(?P<name>[A-Za-z_]\w*)?(?::(?P<kind>ID|START_ID|END_ID|LABEL|TYPE|string|long)(?P<array>\[\])?(?:\((?P<space>\w+)\))?)?")
    SEPARATOR = "\x1f"

    def __init__(self, path):
        with open(path, encoding="utf-8", newline="") as file:
            self.rows = list(self.records(file.read()))
        self.columns = []
        for field in self.rows.pop(0):
            match = self.HEADER.fullmatch(field)
            assert match, f"{path.name}: no such column: {field}"
            assert not match["space"] or match["kind"] in ("ID", "START_ID", "END_ID"), field
            assert not match["array"] or match["kind"] in ("string", "long"), field
            self.columns.append(match.groupdict())
        for row in self.rows:
            assert len(row) == len(self.columns), f"{path.name}: {len(row)} fields, {len(self.columns)} columns: {row}"
            for column, text in zip(self.columns, row):
                if column["kind"] == "long":
                    int(text)
                if column["kind"] in ("ID", "START_ID", "END_ID", "LABEL", "TYPE"):
                    assert text, f"{path.name}: an empty {column['kind']}"

    @staticmethod
    def records(text):
        """RFC 4180 with every field in quotes, and backslashes as --legacy-style-quoting=true and LOAD CSV read them."""
        row, at = [], 0
        while at < len(text):
            assert text[at] == '"', f"a field that does not begin with a quote at {at}"
            at, field = at + 1, []
            while True:
                if text[at] == "\\" and text[at + 1] in '"\\':
                    field.append(text[at + 1])
                    at += 2
                elif text[at] == '"' and text[at + 1] == '"':
                    field.append('"')
                    at += 2
                elif text[at] == '"':
                    break
                else:
                    field.append(text[at])
                    at += 1
            row.append("".join(field))
            at += 1
            assert text[at] in ",\n", f"{text[at]!r} behind a field"
            if text[at] == "\n":
                yield row
                row = []
            at += 1
        assert not row, "the last line does not end"

    def column(self, kind, space=None):
        number = next(n for n, column in enumerate(self.columns) if column["kind"] == kind and column["space"] == space)
        return [row[number] for row in self.rows]

    def named(self, name):
        number = next(n for n, column in enumerate(self.columns) if column["name"] == name)
        return [row[number] for row in self.rows]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("namesake", type=Path)
    parser.add_argument("input", type=Path, nargs="*")
    arguments = parser.parse_args()
    environment()
    folder = Path(tempfile.mkdtemp())
    hostile = folder / "hostile.jsonl"
    hostile.write_text("".join(hostile_line(number, text) + "\n" for number, text in enumerate(HOSTILE)), encoding="utf-8")
    for path in [*arguments.input, hostile]:
        check(arguments.namesake, path, folder)
    check_cypher(ROOT / "src" / "graph" / "neo4j" / "load.cypher")


def check_cypher(script):
    """The grammar that Neo4j publishes for editors finds no fault, and would find one."""
    if not shutil.which("npm"):
        print("load.cypher: not checked, there is no npm")
        return
    place = ROOT / "build" / "graph" / "node"
    place.mkdir(exist_ok=True)
    if not (place / "node_modules").exists():
        subprocess.run(["npm", "install", "--silent", "--prefix", place, LINTER], check=True, stdout=subprocess.DEVNULL)
    out = subprocess.run(["node", "-e", LINT, script], cwd=place, check=True, capture_output=True, text=True).stdout
    faults, faults_of_broken = json.loads(out)
    assert not faults and faults_of_broken, faults
    print("load.cypher: accepted by the grammar of Cypher, and not with a fault")


def check(namesake, path, folder):
    import networkx
    import pyshacl
    import rdflib

    rdflib.NORMALIZE_LITERALS = False

    def export(name, *more):
        out = folder / f"{path.stem}.{name}"
        base = ["--base", "https://example.org/news/", "--model", "news-small", "--time", "2026-02-11T10:00:00Z"]
        subprocess.run([namesake, "graph", "export", path, "-o", out, "-q", *base, *more], check=True)
        return out

    def triples(name):
        dataset = rdflib.Dataset()
        dataset.parse(export(name), format=RDF[name])
        return {(s, p, o) for s, p, o, _ in dataset.quads()}

    expected = triples("nt")
    for name in RDF:
        found = triples(name)
        assert found == expected, f"{name}: {len(found - expected)} more, {len(expected - found)} fewer: {sorted(found ^ expected)[:4]}"
        print(f"{path.name}: {name}: {len(found):,} statements, the same")

    graph = rdflib.Graph()
    for triple in expected:
        graph.add(triple)
    again = rdflib.Graph().parse(data=graph.serialize(format="json-ld"), format="json-ld")
    # rdflib writes a double as a number of JSON and reads "1" as "1.0": that is the same value.
    values = lambda graph: {(s, p, o.toPython() if getattr(o, "datatype", None) == rdflib.XSD.double else o) for s, p, o in graph}
    assert values(graph) == values(again)
    print(f"{path.name}: JSON-LD through rdflib and back: the same")

    valid, _, report = pyshacl.validate(graph, shacl_graph=str(ROOT / "docs" / "graph.shapes.ttl"))
    assert valid, report
    shapes = rdflib.Graph().parse(ROOT / "docs" / "graph.shapes.ttl")
    broken = rdflib.Graph()
    for s, p, o in expected:
        if p != rdflib.SKOS.prefLabel:
            broken.add((s, p, o))
    assert not pyshacl.validate(broken, shacl_graph=shapes)[0], "the shapes accept entities without a name"
    print(f"{path.name}: valid by docs/graph.shapes.ttl, and not without names")

    names = {str(s): str(o) for s, _, o in graph.triples((None, rdflib.SKOS.prefLabel, None))}
    between = rdflib.URIRef("urn:namesake:vocabulary#between")
    count = rdflib.URIRef("urn:namesake:vocabulary#documents")
    pairs = {}
    for s, _, o in graph.triples((None, between, None)):
        pairs.setdefault(s, set()).add(str(o))
    pairs = {frozenset(ends): int(graph.value(s, count)) for s, ends in pairs.items()}

    iri = "https://example.org/news/".__add__
    for name, read in (("graphml", networkx.read_graphml), ("gexf", networkx.read_gexf)):
        drawn = read(export(name))
        assert {iri(node): data["label"] for node, data in drawn.nodes(data=True)} == names, name
        assert {frozenset((iri(a), iri(b))): int(data["weight"]) for a, b, data in drawn.edges(data=True)} == pairs, name
        print(f"{path.name}: {name}: {drawn.number_of_nodes():,} nodes and {drawn.number_of_edges():,} edges in networkx, as in RDF")

    neo4j = export("neo4j", "--format", "neo4j")
    documents, entities = Neo4jCsv(neo4j / "documents.csv"), Neo4jCsv(neo4j / "entities.csv")
    mentions, together = Neo4jCsv(neo4j / "mentions.csv"), Neo4jCsv(neo4j / "co-mentions.csv")
    ids, known = documents.column("ID", "Document"), entities.column("ID", "Entity")
    assert len(set(ids)) == len(ids) and len(set(known)) == len(known)
    assert dict(zip(known, entities.named("name"))) == names
    assert set(mentions.column("START_ID", "Document")) <= set(ids) and set(mentions.column("END_ID", "Entity")) == set(known)
    ends = zip(together.column("START_ID", "Entity"), together.column("END_ID", "Entity"), together.named("documents"))
    assert {frozenset((a, b)): int(n) for a, b, n in ends} == pairs
    mentioned = {(str(s), str(o)) for s, _, o in graph.triples((None, rdflib.URIRef("http://schema.org/mentions"), None))}
    assert set(zip(mentions.column("START_ID", "Document"), mentions.column("END_ID", "Entity"))) == mentioned
    assert (neo4j / "load.cypher").read_text() == (ROOT / "src" / "graph" / "neo4j" / "load.cypher").read_text()
    print(f"{path.name}: neo4j: {len(ids):,} documents, {len(known):,} entities, {len(mentioned):,} mentions, {len(pairs):,} pairs, as in RDF")


if __name__ == "__main__":
    main()
