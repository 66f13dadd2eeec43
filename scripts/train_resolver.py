#!/usr/bin/env python3
"""Train the resolver's scorer and write models/resolver.json.

    cargo build --release --example resolver_features
    python3 scripts/generate_documents.py --world WORLD --documents 2600 --seed 2 --out generated.jsonl
    python3 scripts/train_resolver.py --gold aida-train.jsonl --gold generated.jsonl --prior models/resolver-rules.json --out models/resolver.json
    python3 scripts/train_resolver.py --gold aida-train.jsonl --prior models/resolver-rules.json --folds 5 --out cv/fold-{}.json

The features are computed by the Rust program alone (examples/resolver_features.rs), which follows the gold entities
through each document and writes every decision: the candidates of a mention, and which one is right.

Model: score = sum of weight x feature; the mention joins the best candidate if that is above 0, else it opens an entity.
Loss: softmax over the candidates and "new" (score 0), so that entities are ranked against each other, not judged in pairs.
Regularisation: each weight is drawn towards the hand-set weight of the same feature (--prior), because rare relations
("Inc" against "AG", nicknames) occur a few times in any corpus and a person knows what they mean.  Weights whose sign
is known (a clash of genders never speaks for a merge) are kept on their side of 0.
Data: the gold documents three times: as they are; with wrong types at a tagger's rate and scores; with types missing.
Needs numpy; runs in under a minute.  The same input gives the same weights.
"""
import argparse
import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np

TYPES = ["PER", "ORG", "LOC", "MISC"]
# How a tagger of 90 F1 errs: mostly between organisations and places.
CONFUSION = {"PER": ["ORG", "LOC", "ORG"], "ORG": ["LOC", "LOC", "PER", "MISC"], "LOC": ["ORG", "ORG", "PER", "MISC"], "MISC": ["ORG", "LOC", "PER"]}
NEVER_FOR = ("gender_clash", "world_clash", "side_by_side", "setting_differs", "coordinated", "other_full_name", "other_acronym",
             "overlap_forms", "unrelated_forms", "extra_place", "full_repeated", "rivals", "rival_closer", "rival_earlier", "distance", "distance_part",
             "bearer_place_other", "office_other", "pronoun_clash", "generation_missing", "common_spelling")
NEVER_AGAINST = ("world_same", "world_shared", "defined_acronym", "also_known", "gender_same",
                 "bearer_place_same", "office_same", "pronoun_same", "generation_same", "given_share")

# Kept as set by hand: whom a bare family name means when a text names two people of one family.  A dozen documents of
# the training data are about such people, and most of them share one story, so the data would teach that story.
FIRM = ("rival_earlier", "full_repeated")


def documents(path):
    """Required mentions only, as the scorer sees them."""
    for line in open(path, encoding="utf-8"):
        document = json.loads(line)
        mentions = [m for m in document["mentions"] if not m.get("skip") and not m.get("coref")]
        yield {"id": document["id"], "text": document["text"],
               "mentions": [{k: m.get(k) for k in ("start", "end", "type", "entity")} for m in mentions]}


def with_wrong_types(document, generator):
    copy = json.loads(json.dumps(document))
    for mention in copy["mentions"]:
        wrong = generator.random() < 0.06 and mention["type"]
        mention["score"] = generator.uniform(0.4, 0.95) if wrong else generator.uniform(0.85, 1.0)
        if wrong:
            mention["type"] = generator.choice(CONFUSION[mention["type"]])
    return copy


def without_types(document, generator):
    copy = json.loads(json.dumps(document))
    untyped = {m["entity"] for m in copy["mentions"] if m["entity"] and generator.random() < 0.5}
    for mention in copy["mentions"]:
        if mention["entity"] in untyped:
            mention["type"] = None
    return copy


def decisions(path, program):
    """All decisions of the three variants, with the document they come from."""
    generator = random.Random(7)
    originals = list(documents(path))
    variants = [(originals, 1.0), ([with_wrong_types(d, generator) for d in originals], 0.5),
                ([without_types(d, generator) for d in originals], 0.25)]
    found = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (variant, weight) in enumerate(variants):
            file = Path(folder) / f"{number}.jsonl"
            file.write_text("".join(json.dumps(d) + "\n" for d in variant), encoding="utf-8")
            lines = subprocess.run([program, str(file)], check=True, stdout=subprocess.PIPE).stdout.decode().splitlines()
            found += [(json.loads(line), weight) for line in lines]
    return [(d, w) for d, w in map(without_misc, found) if d["candidates"]]


def without_misc(found):
    """Nationalities are linked in ways that no form explains (a people, a language, a country): nothing to learn."""
    decision, weight = found
    is_misc = [any(name.startswith("misc:") for name in candidate) for candidate in decision["candidates"]]
    right = decision["right"]
    if right is not None and is_misc[right]:
        return {**decision, "candidates": []}, weight
    kept = [at for at, misc in enumerate(is_misc) if not misc]
    right = None if right is None else kept.index(right)
    return {**decision, "candidates": [decision["candidates"][at] for at in kept], "right": right}, weight


class Problem:
    """The decisions as arrays: one row a candidate, one segment a decision."""

    def __init__(self, data, names):
        number = {n: i for i, n in enumerate(names)}
        rows, columns, values, segment, self.right, self.weight = [], [], [], [], [], []
        row = 0
        for at, (decision, weight) in enumerate(data):
            for candidate in decision["candidates"]:
                for name, value in candidate.items():
                    rows.append(row), columns.append(number[name]), values.append(value)
                segment.append(at)
                row += 1
            first = row - len(decision["candidates"])
            self.right.append(-1 if decision["right"] is None else first + decision["right"])
            self.weight.append(weight)
        self.rows, self.columns, self.values = np.array(rows), np.array(columns), np.array(values)
        self.segment, self.right, self.weight = np.array(segment), np.array(self.right), np.array(self.weight)
        self.size = len(names)

    def loss(self, w):
        scores = np.bincount(self.rows, self.values * w[self.columns], minlength=len(self.segment))
        top = np.zeros(len(self.right))
        np.maximum.at(top, self.segment, scores)
        e = np.exp(scores - top[self.segment])
        new = np.exp(-top)
        total = np.bincount(self.segment, e, minlength=len(self.right)) + new
        joins = self.right >= 0
        gold = np.where(joins, scores[self.right], 0.0)
        loss = self.weight @ (np.log(total) + top - gold)
        gradient = e / total[self.segment] * self.weight[self.segment]
        gradient[self.right[joins]] -= self.weight[joins]
        return loss, np.bincount(self.columns, self.values * gradient[self.rows], minlength=self.size)


def train(data, names, prior, strength):
    problem = Problem(data, names)
    centre = np.array([prior.get(n, 0.0) for n in names])
    low = np.array([0.0 if n in NEVER_AGAINST else -np.inf for n in names])
    high = np.array([0.0 if n in NEVER_FOR else np.inf for n in names])
    for at, name in enumerate(names):
        if name in FIRM:
            low[at] = high[at] = centre[at]
    w, m, v = centre.copy(), np.zeros(len(names)), np.zeros(len(names))
    steps = 1200
    for step in range(1, steps + 1):
        _, gradient = problem.loss(w)
        gradient += strength * (w - centre)
        m, v = 0.9 * m + 0.1 * gradient, 0.999 * v + 0.001 * gradient**2
        rate = 0.05 * 0.5 * (1 + np.cos(np.pi * step / steps))
        w -= rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-8)
        w = np.clip(w, low, high)
    return w, problem.loss(w)[0] / problem.weight.sum()


def write(path, names, w, about):
    weights = {n: round(float(x), 3) for n, x in sorted(zip(names, w)) if round(float(x), 3)}
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(json.dumps({"about": about, "weights": weights}, indent=1) + "\n", encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", required=True, action="append", help="documents with gold entities, JSONL")
    parser.add_argument("--prior", required=True, help="hand-set weights that training starts from and is drawn to")
    parser.add_argument("--out", required=True, help="weight file to write; with --folds, {} stands for the fold")
    parser.add_argument("--program", default="target/release/examples/resolver_features")
    parser.add_argument("--strength", type=float, default=1.0, help="how strongly weights are drawn to the prior")
    parser.add_argument("--folds", type=int, default=0, help="write one weight file a fold, trained on the other folds")
    parser.add_argument("--without", action="append", default=[], help="leave out features that begin so (ablation)")
    arguments = parser.parse_args()
    prior = json.loads(Path(arguments.prior).read_text())["weights"]
    data = [d for gold in arguments.gold for d in decisions(gold, arguments.program)]
    left_out = tuple(arguments.without)
    if left_out:
        for decision, _ in data:
            decision["candidates"] = [{k: v for k, v in c.items() if not k.startswith(left_out)} for c in decision["candidates"]]
        prior = {k: v for k, v in prior.items() if not k.startswith(left_out)}
    names = sorted(set(prior) | {n for d, _ in data for c in d["candidates"] for n in c})
    about = f"Written by scripts/train_resolver.py from {', '.join(Path(g).name for g in arguments.gold)}; prior strength {arguments.strength:g}."
    ids = sorted({d["document"] for d, _ in data})
    fold_of = {i: n % max(arguments.folds, 1) for n, i in enumerate(ids)}
    for fold in range(arguments.folds or 1):
        part = [(d, w) for d, w in data if not arguments.folds or fold_of[d["document"]] != fold]
        w, loss = train(part, names, prior, arguments.strength)
        write(arguments.out.replace("{}", str(fold)), names, w, about)
        print(f"{len(part)} decisions, {len(names)} features, loss {loss:.4f}", file=sys.stderr)


if __name__ == "__main__":
    main()
