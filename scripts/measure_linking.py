#!/usr/bin/env python3
"""Score linking across documents: alias pairs and B-cubed over the whole corpus, one line a corpus.

    scripts/measure_linking.py target/release/namesake [--weights FILE] [CORPUS...]

CORPUS is one of aida (training and development part joined), aida-train, reuters-128, rss-500; the first, third and
fourth by default. Four systems: mentions with equal strings are one entity; `namesake resolve` on the gold mentions, with
the weights set by hand (rules) and with the learned ones, then `namesake link`; and `namesake link` on the gold entities
of each document, which leaves only the linking to be judged. `--weights` replaces weights of the linking score. Needs the
gold files in the folder DATA, and their scorer in the file SCORER (scripts/gold.py); without them nothing is measured.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gold import ENTITIES, SCORER

RULES = str(Path(__file__).resolve().parents[1] / "models" / "resolver-rules.json")
CORPORA = {
    "aida": ["aida-train", "aida-conll-dev"],
    "aida-train": ["aida-train"],
    "reuters-128": ["reuters-128"],
    "rss-500": ["rss-500"],
}


def read_gold(files):
    """Documents of all files; ids carry the file's name, entities are Wikipedia titles where a file gives both."""
    documents = []
    for name in files:
        for line in (ENTITIES / f"{name}.jsonl").open(encoding="utf-8"):
            document = json.loads(line)
            document["id"] = f"{name}:{document['id']}"
            for mention in document["mentions"]:
                if mention.get("entity") is not None:
                    mention["entity"] = mention.get("wiki") or mention["entity"]
            documents.append(document)
    return documents


def kept_mentions(document):
    spans, kept = set(), []
    for mention in document["mentions"]:
        span = (mention["start"], mention["end"])
        if not mention.get("skip") and not mention.get("coref") and span not in spans:
            spans.add(span)
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention["start"])


def write_lines(path, objects):
    with open(path, "w", encoding="utf-8") as target:
        for value in objects:
            target.write(json.dumps(value) + "\n")


def resolved_entities(program, documents, folder, *options):
    """What `namesake resolve` makes of the gold mentions."""
    given, resolved = f"{folder}/mentions.jsonl", f"{folder}/resolved.jsonl"
    fields = ("start", "end", "type")
    write_lines(given, [
        {"id": d["id"], "text": d["text"], "mentions": [{key: m[key] for key in fields} for m in kept_mentions(d)]}
        for d in documents
    ])
    subprocess.run([program, "resolve", given, "-o", resolved, *options], check=True)
    return [json.loads(line) for line in open(resolved, encoding="utf-8")]


def fullest(surfaces):
    """The surface that a resolver would choose as name: most words, not in capitals, most frequent, longest."""
    return max(surfaces, key=lambda text: (len(text.split()), not text.isupper(), surfaces[text], len(text)))


def gold_entities(documents, resolved):
    """The gold clusters of each document; a mention without a type has the one that `resolve` guesses. "German" is MISC and
    stays apart from Germany, as in all that namesake writes."""
    for document, guess in zip(documents, resolved):
        guessed = {(m["start"], m["end"]): m["type"] for m in guess["mentions"]}
        clusters, mentions = {}, []
        for mention in kept_mentions(document):
            span = (mention["start"], mention["end"])
            if span not in guessed:
                continue
            surface = " ".join(document["text"][span[0]:span[1]].split())
            owner = mention["entity"] if mention.get("entity") is not None else f"NIL {surface.casefold()}"
            kind = mention["type"] or guessed[span]
            if kind == "MISC":
                owner = f"MISC {owner}"
            cluster = clusters.setdefault(owner, {"surfaces": {}, "types": {}, "mentions": []})
            cluster["surfaces"][surface] = cluster["surfaces"].get(surface, 0) + 1
            cluster["types"][kind] = cluster["types"].get(kind, 0) + 1
            cluster["mentions"].append(len(mentions))
            mentions.append({"start": span[0], "end": span[1], "type": kind, "entity": owner})
        entities = [
            {
                "id": owner,
                "name": fullest(cluster["surfaces"]),
                "type": max(cluster["types"], key=cluster["types"].get),
                "score": 1.0,
                "aliases": [{"text": text, "count": count} for text, count in cluster["surfaces"].items()],
                "mentions": cluster["mentions"],
            }
            for owner, cluster in clusters.items()
        ]
        yield {"schema": "namesake/1", "id": document["id"], "entities": entities, "mentions": mentions}


def link(program, lines, folder, name, weights):
    given, linked = f"{folder}/entities.jsonl", f"{folder}/linked.jsonl"
    write_lines(given, lines)
    command = [program, "link", given, "--store", f"{folder}/{name}.db", "-o", linked, "--quiet"]
    subprocess.run(command + (["--weights", weights] if weights else []), check=True)
    for line in open(linked, encoding="utf-8"):
        document = json.loads(line)
        for mention in document["mentions"]:
            mention["entity"] = mention["corpus_id"]
        yield {"id": document["id"], "mentions": document["mentions"]}


def scores(documents, system, folder):
    """Scores of the whole corpus by the scorer itself; `system` None asks for its equal-surface baseline."""
    gold, found, out = f"{folder}/gold.jsonl", f"{folder}/system.jsonl", f"{folder}/scores.json"
    write_lines(gold, documents)
    command = [sys.executable, str(SCORER), gold]
    if system is None:
        command += ["--baseline", "surface"]
    else:
        write_lines(found, system)
        command.append(found)
    command += ["--nil", "exclude", "--types", "PER,ORG,LOC", "--json", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return json.loads(Path(out).read_text())["clustering"]["gold-mentions / cross-corpus"]


def show(corpus, system, found):
    alias, cubed = [100 * x for x in found["alias"][:3]], [100 * x for x in found["b3"][:3]]
    print(f"{corpus:<12} {system:<16}" + "".join(f"{value:8.1f}" for value in alias + cubed), flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("corpora", nargs="*", metavar="CORPUS")
    parser.add_argument("--weights")
    arguments = parser.parse_args()
    if not ENTITIES.is_dir():
        print(f"no gold files in {ENTITIES}: nothing measured")
        return
    print(f"{'corpus':<12} {'system':<16}" + "".join(f"{name:>8}" for name in ["alias P", "R", "F1", "B3 P", "R", "F1"]))
    for corpus in arguments.corpora or ["aida", "reuters-128", "rss-500"]:
        documents = read_gold(CORPORA[corpus])
        with tempfile.TemporaryDirectory() as folder:
            show(corpus, "equal strings", scores(documents, None, folder))
            rules = resolved_entities(arguments.program, documents, folder, "--weights", RULES)
            learned = resolved_entities(arguments.program, documents, folder)
            gold = gold_entities(documents, learned)
            for name, lines in [("rules", rules), ("learned", learned), ("gold entities", gold)]:
                system = list(link(arguments.program, lines, folder, name, arguments.weights))
                show(corpus, name, scores(documents, system, folder))


if __name__ == "__main__":
    main()
