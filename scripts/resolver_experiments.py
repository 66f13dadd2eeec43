#!/usr/bin/env python3
"""What the resolver's learned scorer owes to what: an ablation of its groups of features, and a cross-validation.

    scripts/resolver_experiments.py ablation target/release/namesake DATA
    scripts/resolver_experiments.py folds target/release/namesake DATA
    scripts/resolver_experiments.py errors target/release/namesake DATA

DATA is the folder with the gold files (aida-train.jsonl and others). Needs `cargo build --release --example
resolver_features` and what train_resolver.py and measure_resolution.py need.

`ablation`: weights trained on aida-train without a group of features, scored on the other files.
`folds`: aida-train in five parts, each scored with weights trained on the other four, the figures of all documents together.
`errors`: the wrong decisions of the shipped weights when every earlier mention stands where it belongs, by kind: what the
mention's form is to the entity that it wrongly joined, or wrongly did not join.
"""

import argparse
import collections
import json
import subprocess
import sys
import tempfile
from pathlib import Path

import train_resolver
from measure_resolution import ROOT, RULES, resolved

FEATURES = "target/release/examples/resolver_features"
KINDS = ("per", "per_other", "org", "org_loc", "loc", "misc_other")
CHECKED = ("aida-conll-dev", "reuters-128", "wiki-fair-v2", "gum_nonnews")
FOLDS = 5


def of_all_kinds(*relations):
    return [f"{kind}:{relation}" for kind in KINDS for relation in relations]


GROUPS = {
    "acronyms": of_all_kinds("acronym", "short_acronym", "loose_acronym") + ["other_acronym"],
    "likeness of spelling": of_all_kinds("similar"),
    "family and given names": of_all_kinds("family", "given", "middle_alone"),
    "parts of organisations": ["org:first_word", "org:last_word", "org:inside", "org:overlap", "org:core"],
    "world knowledge": ["world_", "team_of_place", "national_team"],
    "definitions in the text": ["also_known", "defined_"],
    "distance and order": ["distance", "only_after"],
    "frequency": ["frequency"],
    "rivals": ["rival", "full_repeated"],
    "gender and titles": ["gender_", "titled_"],
    "the entity's other forms": ["other_full_name", "overlap_forms", "unrelated_forms"],
    "neighbourhood": ["side_by_side", "coordinated", "setting_differs", "capitals_differ"],
    "generic words and places": ["short_", "extra_place"],
}


def train(gold, out, *options):
    command = [sys.executable, str(ROOT / "scripts" / "train_resolver.py"), "--gold", str(gold), "--prior", RULES, "--out", out]
    subprocess.run([*command, *options], check=True, stderr=subprocess.DEVNULL)


def ablation(program, data):
    print(f"{'without':<26}" + "".join(f"{name:>16}" for name in CHECKED), flush=True)
    for name, prefixes in {"(nothing)": [], **GROUPS}.items():
        with tempfile.TemporaryDirectory() as folder:
            weights = f"{folder}/weights.json"
            train(data / "aida-train.jsonl", weights, *[part for prefix in prefixes for part in ("--without", prefix)])
            scores = [resolved(program, str(data / f"{file}.jsonl"), weights) for file in CHECKED]
        print(f"{name:<26}" + "".join(f"{100 * alias:>10.1f}{100 * cubed:>6.1f}" for *_, alias, cubed in scores), flush=True)


def folds(program, data):
    lines = (data / "aida-train.jsonl").read_text(encoding="utf-8").splitlines()
    # The folds that train_resolver.py makes: documents by id, in turn.
    ids = sorted(json.loads(line)["id"] for line in lines)
    fold_of = {identifier: number % FOLDS for number, identifier in enumerate(ids)}
    with tempfile.TemporaryDirectory() as folder:
        train(data / "aida-train.jsonl", folder + "/fold-{}.json", "--folds", str(FOLDS))
        found = []
        for fold in range(FOLDS):
            gold = Path(folder) / f"gold-{fold}.jsonl"
            held_out = [line for line in lines if fold_of[json.loads(line)["id"]] == fold]
            gold.write_text("\n".join(held_out) + "\n", encoding="utf-8")
            found.append(resolved(program, str(gold), f"{folder}/fold-{fold}.json"))
            print(f"fold {fold}: " + " ".join(f"{100 * value:.1f}" for value in found[-1]), flush=True)
        print("mean:   " + " ".join(f"{100 * sum(column) / FOLDS:.1f}" for column in zip(*found)))


def relation(candidate):
    """The relation of the names that weighs most; of signals only those that stand in for one."""
    relations = [name for name in candidate if ":" in name]
    return max(relations, key=candidate.get) if relations else "signals alone"


def errors(data):
    weights = json.loads((ROOT / "models" / "resolver.json").read_text())["weights"]
    score = lambda candidate: sum(weights.get(name, 0.0) * value for name, value in candidate.items())
    kinds, decided = collections.Counter(), 0
    for file in CHECKED:
        with tempfile.TemporaryDirectory() as folder:
            mentions = Path(folder) / "mentions.jsonl"
            documents = train_resolver.documents(data / f"{file}.jsonl")
            mentions.write_text("".join(json.dumps(document) + "\n" for document in documents), encoding="utf-8")
            lines = subprocess.run([FEATURES, str(mentions)], check=True, stdout=subprocess.PIPE).stdout.decode()
        for line in lines.splitlines():
            decision, _ = train_resolver.without_misc((json.loads(line), 1.0))
            candidates, right = decision["candidates"], decision["right"]
            if not candidates:
                continue
            decided += 1
            best = max(range(len(candidates)), key=lambda at: score(candidates[at]), default=None)
            chosen = best if best is not None and score(candidates[best]) > 0 else None
            if chosen == right:
                continue
            if right is None:
                kinds["joined, but is new", relation(candidates[chosen])] += 1
            elif chosen is None:
                kinds["opened, but belongs", relation(candidates[right])] += 1
            else:
                kinds["joined another", f"{relation(candidates[right])} -> {relation(candidates[chosen])}"] += 1
    total = sum(kinds.values())
    print(f"{total} wrong decisions of {decided}")
    for (what, names), count in kinds.most_common(20):
        print(f"{count:>5}  {what:<20}  {names}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("experiment", choices=["ablation", "folds", "errors"])
    parser.add_argument("program")
    parser.add_argument("data", type=Path)
    arguments = parser.parse_args()
    if arguments.experiment == "errors":
        errors(arguments.data)
    else:
        {"ablation": ablation, "folds": folds}[arguments.experiment](arguments.program, arguments.data)


if __name__ == "__main__":
    main()
