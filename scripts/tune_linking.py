#!/usr/bin/env python3
"""Set the weights of the linking score by coordinate search on the AIDA training part.

    scripts/tune_linking.py target/release/namesake -o weights.json [--rounds 2]

Each weight in turn takes the best of a few values around it; the goal is the mean of alias-pair F1 and B-cubed F1 over
the whole corpus, gold entities inside the documents, averaged over the given order of the documents and a shuffled one,
so that no weight leans on one order. Weights that gain less than 0.02 points stay as they were.
"""

import argparse
import json
import random
import shutil
import tempfile
from collections import Counter, defaultdict

from measure_linking import CORPORA, gold_entities, kept_mentions, link, read_gold, resolved_entities

# Weight: start and step.
START = {
    "same_full": (2.5, 0.8), "same_common": (-1.2, 0.8), "same_word": (2.0, 0.8), "initials": (0.3, 0.8),
    "same_side_name": (-0.5, 0.8), "same_acronym": (1.0, 0.8), "same_place_name": (-0.5, 0.8), "same_bare": (0.0, 0.8),
    "last_word": (-0.5, 0.8), "expansion": (-0.5, 0.8), "part": (-1.0, 0.8), "first_word": (-2.0, 0.8),
    "type_differs": (-2.5, 0.8), "share": (1.0, 0.4), "typical": (0.4, 0.2), "names_differ": (-4.0, 1.5),
    "frequency": (0.3, 0.15), "context": (3.0, 0.8), "strangers": (-0.5, 0.4), "context_scale": (6.0, 2.0),
    "merge": (0.8, 0.07),
}

# Limits that hold whatever the training part says: it is one month of one agency, and many of its words are clubs.
LIMITS = {"same_full": (1.5, 4), "same_word": (1.0, 4), "same_common": (-3, -0.8), "strangers": (-0.8, 0)}


def f1(right, found, gold):
    return 2 * right / (found + gold) if found + gold else 0.0


def goal(pairs):
    """Mean of alias-pair F1 and B-cubed F1; `pairs` holds (system entity, gold entity, folded surface)."""
    def different(surfaces):
        count = Counter(surfaces)
        return len(surfaces) * (len(surfaces) - 1) / 2 - sum(n * (n - 1) / 2 for n in count.values())

    found, gold, both = defaultdict(list), defaultdict(list), defaultdict(list)
    for system, truth, surface in pairs:
        found[system].append(surface)
        gold[truth].append(surface)
        both[system, truth].append(surface)
    alias = f1(*(sum(map(different, groups.values())) for groups in (both, found, gold)))
    precision = sum(len(cell) ** 2 / len(found[key[0]]) for key, cell in both.items()) / len(pairs)
    recall = sum(len(cell) ** 2 / len(gold[key[1]]) for key, cell in both.items()) / len(pairs)
    return 100 * (alias + 2 * precision * recall / (precision + recall)) / 2


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("-o", "--output", required=True)
    parser.add_argument("--rounds", type=int, default=2)
    arguments = parser.parse_args()
    documents = read_gold(CORPORA["aida-train"])
    with tempfile.TemporaryDirectory() as folder:
        lines = list(gold_entities(documents, resolved_entities(arguments.program, documents, folder)))
    truth = {}
    for document in documents:
        for mention in kept_mentions(document):
            if mention.get("entity") is not None and mention["type"] in ("PER", "ORG", "LOC"):
                surface = " ".join(document["text"][mention["start"]:mention["end"]].lower().split())
                truth[document["id"], mention["start"], mention["end"]] = mention["entity"], surface
    shuffled = lines[:]
    random.Random(1).shuffle(shuffled)

    def evaluate(weights):
        total = 0.0
        for order in (lines, shuffled):
            folder = tempfile.mkdtemp()
            with open(f"{folder}/weights.json", "w") as target:
                json.dump(weights, target)
            pairs = []
            for document in link(arguments.program, order, folder, "corpus", f"{folder}/weights.json"):
                for mention in document["mentions"]:
                    known = truth.get((document["id"], mention["start"], mention["end"]))
                    if known:
                        pairs.append((mention["corpus_id"], *known))
            shutil.rmtree(folder)
            total += goal(pairs) / 2
        return total

    weights = {name: start for name, (start, _) in START.items()}
    best = evaluate(weights)
    print(f"start {best:.2f}", flush=True)
    for round_number in range(arguments.rounds):
        for name, (_, step) in START.items():
            for direction in (-1, 1):
                for _ in range(3):
                    low, high = LIMITS.get(name, (-10, 10))
                    value = min(max(round(weights[name] + direction * step / (1 + round_number), 3), low), high)
                    if value == weights[name]:
                        break
                    changed = {**weights, name: value}
                    score = evaluate(changed)
                    if score < best + 0.02:
                        break
                    weights, best = changed, score
                    print(f"{name} {weights[name]} {best:.2f}", flush=True)
        with open(arguments.output, "w") as target:
            json.dump(weights, target, indent=1)


if __name__ == "__main__":
    main()
