#!/usr/bin/env python3
"""Judges linking across documents by documents with known answers.

    python3 scripts/judge_corpus.py target/debug/namesake [--cases FILE] [--gold FILE]

A case is a JSON line with `inputs`: documents whose `gold` marks each mention with `start`, `end` and `is`, the name of whom it
means. A gold file is a line a document of the same form, all of one corpus. Mentions are compared where they overlap. A case is
right if mentions of one `is` share a corpus id and those of two do not. Cases of another form are passed over. The default files
are in tests/corpus.
"""
import argparse
import collections
import itertools
import json
import pathlib
import subprocess
import tempfile

HERE = pathlib.Path(__file__).resolve().parent.parent / "tests/corpus"


def link(program, documents, flags):
    """Corpus ids of the gold mentions: {(document, number): id or None}."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        lines = [json.dumps({"id": document["id"], "text": document["text"]}) + "\n" for document in documents]
        (folder / "in.jsonl").write_text("".join(lines))
        command = [program, "extract", "in.jsonl", "--store", "corpus.db", "-o", "out.jsonl", "-q", *flags]
        subprocess.run(command, cwd=folder, check=True)
        found = {line["id"]: line for line in map(json.loads, open(folder / "out.jsonl"))}
    ids = {}
    for document in documents:
        mentions = found[document["id"]]["mentions"]
        for number, gold in enumerate(document["gold"]):
            overlap = [m for m in mentions if m["start"] < gold["end"] and gold["start"] < m["end"]]
            exact = [m for m in overlap if (m["start"], m["end"]) == (gold["start"], gold["end"])]
            best = (exact or overlap or [{}])[0]
            ids[document["id"], number] = best.get("corpus_id")
    return ids


def pairs(documents, ids):
    """Right, wrong and missed pairs of mentions, with the groups that each concerns."""
    mentions = [(gold["is"], ids[document["id"], number]) for document in documents for number, gold in enumerate(document["gold"])]
    counts, wrong = collections.Counter(), collections.defaultdict(set)
    for (one, one_id), (other, other_id) in itertools.combinations(mentions, 2):
        together = one_id is not None and one_id == other_id
        if one == other:
            counts["right" if together else "missed"] += 1
            if not together:
                wrong[one].add("split")
        elif together:
            counts["wrong"] += 1
            wrong[one].add(f"with {other}")
            wrong[other].add(f"with {one}")
    return counts, wrong


def score(counts):
    found, real = counts["right"] + counts["wrong"], counts["right"] + counts["missed"]
    precision, recall = counts["right"] / (found or 1), counts["right"] / (real or 1)
    return precision, recall, 2 * precision * recall / ((precision + recall) or 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--cases", default=HERE / "cases.jsonl")
    parser.add_argument("--gold", default=HERE / "gold.jsonl")
    parser.add_argument("flags", nargs="*", help="further flags of extract")
    args = parser.parse_args()
    program = str(pathlib.Path(args.program).resolve())
    right = judged = 0
    for case in map(json.loads, open(args.cases)):
        if not isinstance(case["inputs"], list):
            continue
        counts, wrong = pairs(case["inputs"], link(program, case["inputs"], args.flags))
        judged += 1
        right += not wrong
        said = "; ".join(f"{name}: {', '.join(sorted(faults))}" for name, faults in sorted(wrong.items()))
        print(f"{case['id']}  {'right' if not wrong else said}")
    print(f"{right} of {judged} cases right")
    documents = list(map(json.loads, open(args.gold)))
    counts, wrong = pairs(documents, link(program, documents, args.flags))
    for name, faults in sorted(wrong.items()):
        print(f"  {name}: {', '.join(sorted(faults))}")
    groups = {gold["is"] for document in documents for gold in document["gold"]}
    precision, recall, f1 = (100 * value for value in score(counts))
    print(f"gold: pairs P {precision:.1f} R {recall:.1f} F1 {f1:.1f}; {len(groups) - len(wrong)} of {len(groups)} names right")


if __name__ == "__main__":
    main()
