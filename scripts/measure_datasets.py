#!/usr/bin/env python3
"""Score the whole program on all gold data, one Markdown row a file: the figures of docs/evaluation.md.

    scripts/measure_datasets.py target/release/namesake [--model FOLDER] [FILE...]

Token files are tagged token by token, documents run through the whole pipeline; both by `namesake eval GOLD` itself. The
gold lies in the folder DATA (scripts/gold.py); files named on the command line are measured instead. NIL mentions of the
entity files are left out of the cluster scores, and MISC where the gold does not have it.
"""

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from gold import DATA, ENTITIES

SPANS = ("strict", "exact", "partial", "type")
CLUSTERS = ("b_cubed", "conll", "lea", "alias_pairs")


def labels_of(path):
    """The types of the gold, so that the system is not blamed for those that it was not annotated with."""
    types = set()
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if path.suffix == ".jsonl":
                types.update(mention.get("type") for mention in json.loads(line)["mentions"])
            elif line.strip() and not line.startswith("-DOCSTART-"):
                label = line.split()[-1]
                types.add(label[2:] if label != "O" else None)
    return sorted(types - {None})


def evaluate(program, path, model):
    command = [program, "eval", str(path), "--json", "-", "--nil", "exclude", "--resamples", "1000"]
    command += ["--types", ",".join(labels_of(path))] + (["--model", model] if model else [])
    begin = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{path}: {done.stderr}")
    return json.loads(done.stdout), time.monotonic() - begin


def percent(value):
    return f"{value * 100:.1f}"


def row(path, scores):
    strict = scores["spans"]["strict"]["micro"]
    low, high = strict["interval"]["f1"]
    cells = [f"{path.parent.name}/{path.stem}", f"{strict['tp'] + strict['fn']:,}"]
    cells += [percent(strict["precision"]), percent(strict["recall"]), f"{percent(strict['f1'])} ({percent(low)}–{percent(high)})"]
    cells += [percent(scores["spans"][scheme]["micro"]["f1"]) for scheme in SPANS[1:]]
    for mode in ("gold_mentions", "end_to_end"):
        found = scores.get("clusters", {}).get(mode, {}).get("in_document")
        cells += [percent(found[metric]["f1"]) for metric in CLUSTERS] if found else [""] * len(CLUSTERS)
    return cells


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE")
    parser.add_argument("--model")
    arguments = parser.parse_args()
    files = arguments.files or sorted(DATA.glob("*/*.conll")) + sorted(ENTITIES.glob("*.jsonl"))
    if not files:
        print(f"no gold files in {DATA}: nothing measured")
        return
    spans = ["file", "gold mentions", "P", "R", "strict F1 (95 %)", *SPANS[1:]]
    print("| " + " | ".join(spans) + " |\n| --- |" + " ---: |" * (len(spans) - 1))
    entities = []
    for path in files:
        scores, seconds = evaluate(arguments.program, path, arguments.model)
        cells = row(path, scores)
        print("| " + " | ".join(cells[: len(spans)]) + " |", flush=True)
        print(f"{path.stem}: {seconds:.0f} s", file=sys.stderr)
        if cells[-1]:
            entities.append([cells[0], *cells[len(spans):]])
    heads = [f"{name} {mode}" for mode in ("given spans", "end to end") for name in ("B-cubed", "CoNLL", "LEA", "alias pairs")]
    print("\n| file | " + " | ".join(heads) + " |\n| --- |" + " ---: |" * len(heads))
    for cells in entities:
        print("| " + " | ".join(cells) + " |")


if __name__ == "__main__":
    main()
