#!/usr/bin/env python3
"""Score the tagger on token files, one Markdown row a file, model by model: the tables of the model cards.

    scripts/measure_models.py target/release/namesake [FOLDER...] [--files FILE...] [--by-type]

The model that is part of the program comes first, then the named model folders. Without `--files` the robustness sets
(`tests/robustness`) are measured; `--layouts` measures those whose lines count (`tests/robustness/layouts`): raw texts, divided by a
line "=====", with names in brackets, "[PER Ada Holt]", and "[? …]" around a street, which may be one or not. Strict F1 in per cent, on the types that occur in the gold: a file without MISC does not
blame a model for finding some. The last row puts all mentions of all files together.
"""

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

ROBUSTNESS = Path(__file__).resolve().parents[1] / "tests" / "robustness"
TYPES = ["PER", "ORG", "LOC", "MISC"]
COUNTS = ("tp", "fp", "fn")


def read_marked(path):
    """Gold documents, as JSON lines, of a file of texts with names in brackets."""
    for number, marked in enumerate(path.read_text(encoding="utf-8").removesuffix("\n").split("\n=====\n")):
        text, mentions = "", []
        for plain, kind, name in re.findall(r"([^\[]+|\[(?!\w+ |\? ))|\[(\w+|\?) ([^\]]*)\]", marked):
            if kind:
                place = {"start": len(text), "end": len(text) + len(name)}
                mentions.append(place | ({"type": "LOC", "skip": "street"} if kind == "?" else {"type": kind}))
            text += plain or name
        yield json.dumps({"id": f"{path.stem}-{number}", "text": text, "mentions": mentions}, ensure_ascii=False) + "\n"


def counts_by_type(program, path, model):
    """{type: (tp, fp, fn)} of the types that the gold holds."""
    if path.suffix == ".txt":
        with tempfile.TemporaryDirectory() as folder:
            gold = Path(folder) / f"{path.stem}.jsonl"
            gold.write_text("".join(read_marked(path)), encoding="utf-8")
            return counts_of([program, "eval", str(gold), "--gold-format", "gold", "--resamples", "0", "--types", "PER,ORG,LOC"], path, model)
    return counts_of([program, "eval", "ner", "--gold", str(path)], path, model)


def counts_of(command, path, model):
    command += ["--json", "-"] + (["--model", model] if model else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{path}: {done.stderr}")
    strict = json.loads(done.stdout)["spans"]["strict"]
    found = {kind: tuple(strict[kind][name] for name in COUNTS) for kind in TYPES if kind in strict}
    return {kind: (tp, fp, fn) for kind, (tp, fp, fn) in found.items() if tp + fn}


def together(counts):
    return tuple(map(sum, zip(*counts))) or (0, 0, 0)


def f1(counts):
    tp, fp, fn = counts
    return f"{200 * tp / (2 * tp + fp + fn):.1f}" if tp + fp + fn else ""


def row(name, by_model, by_type):
    mentions = sum(tp + fn for tp, _, fn in by_model[0].values())
    cells = [f1(together(counts.values())) for counts in by_model]
    if by_type:
        cells += [f1(counts[kind]) if kind in counts else "" for kind in TYPES for counts in by_model]
    print(f"| {name} | {mentions:,} | " + " | ".join(cells) + " |", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("models", nargs="*", metavar="FOLDER")
    parser.add_argument("--files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--layouts", action="store_true", help="the sets whose lines count")
    parser.add_argument("--by-type", action="store_true", help="a column more for each type and model")
    args = parser.parse_args()
    files = args.files or sorted((ROBUSTNESS / "layouts").glob("*.txt") if args.layouts else ROBUSTNESS.glob("*.conll"))
    models = [None, *args.models]
    names = ["built-in"] + [Path(folder).name for folder in args.models]
    heads = names + ([f"{kind} {name}" for kind in TYPES for name in names] if args.by_type else [])
    print("| file | mentions | " + " | ".join(heads) + " |\n| --- |" + " ---: |" * (len(heads) + 1))
    totals = [{kind: (0, 0, 0) for kind in TYPES} for _ in models]
    for path in files:
        by_model = [counts_by_type(args.program, path, model) for model in models]
        for total, counts in zip(totals, by_model):
            for kind in counts:
                total[kind] = together([total[kind], counts[kind]])
        name = path.stem if ROBUSTNESS in path.parents else f"{path.parent.name}/{path.stem}"
        row(name, by_model, args.by_type)
    row("all", totals, args.by_type)


if __name__ == "__main__":
    main()
