#!/usr/bin/env python3
"""Score the resolver on gold mentions, in document: alias pairs and B-cubed, three systems a file.

    scripts/measure_resolution.py target/release/namesake FILE.jsonl...
    scripts/measure_resolution.py target/release/namesake --weights WEIGHTS.json FILE.jsonl...

The systems: mentions with equal strings are one entity; the features with the weights set by hand
(models/resolver-rules.json); the learned weights that are part of the program. With `--weights`, only those.

Needs `score_entities.py`, the scorer that came with the gold files; SCORER names it (scripts/gold.py). Mentions that
the scorer ignores (pronouns, `skip`) are left out of the input; a mention without a type stays without.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gold import SCORER

ROOT = Path(__file__).resolve().parents[1]
RULES = str(ROOT / "models" / "resolver-rules.json")


def mentions_only(gold, out):
    """Writes `gold` as a tagger would have left it: no entities."""
    with open(gold, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as target:
        for line in lines:
            document = json.loads(line)
            kept = [m for m in document["mentions"] if not m.get("skip") and not m.get("coref")]
            mentions = [{key: m[key] for key in ("start", "end", "type")} for m in kept]
            target.write(json.dumps({"id": document["id"], "text": document["text"], "mentions": mentions}) + "\n")


def scorer(gold, *system):
    """In-document scores by the reference scorer: alias pairs P, R, F1, B-cubed F1."""
    with tempfile.TemporaryDirectory() as folder:
        scores = f"{folder}/scores.json"
        command = [sys.executable, SCORER, gold, *system, "--nil", "exclude", "--types", "PER,ORG,LOC", "--json", scores]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        found = json.loads(Path(scores).read_text())["clustering"]["gold-mentions / within-doc"]
    return [*found["alias"][:3], found["b3"][2]]


def equal_strings(gold):
    """Scores of the floor: mentions with the same string are one entity."""
    return scorer(gold, "--baseline", "surface")


def resolved(program, gold, weights=None):
    """Scores of the resolver with these weights, else with its own."""
    with tempfile.TemporaryDirectory() as folder:
        given, entities = f"{folder}/mentions.jsonl", f"{folder}/entities.jsonl"
        mentions_only(gold, given)
        options = ["--weights", weights] if weights else []
        subprocess.run([program, "resolve", given, "-o", entities, *options], check=True)
        return scorer(gold, entities)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--weights")
    parser.add_argument("files", nargs="+", metavar="FILE")
    arguments = parser.parse_args()
    print(f"{'file':<20}{'system':<15}{'alias P':>9}{'R':>7}{'F1':>7}{'B-cubed':>9}")
    for gold in arguments.files:
        if arguments.weights:
            systems = {Path(arguments.weights).stem: lambda: resolved(arguments.program, gold, arguments.weights)}
        else:
            systems = {
                "equal strings": lambda: equal_strings(gold),
                "rules": lambda: resolved(arguments.program, gold, RULES),
                "learned": lambda: resolved(arguments.program, gold),
            }
        for name, measure in systems.items():
            precision, recall, f1, cubed = (100 * value for value in measure())
            print(f"{Path(gold).stem:<20}{name:<15}{precision:>9.1f}{recall:>7.1f}{f1:>7.1f}{cubed:>9.1f}", flush=True)


if __name__ == "__main__":
    main()
