#!/usr/bin/env python3
"""measure_repair.py PROGRAM [--guideline namesake|conll] [--show RULE] FILE…: what each rule of `repair` does on gold data.

PROGRAM is the example `repairs` (cargo build --release --example repairs). A change mends if more of the mentions that it touches
are then as in the gold, or as many and fewer wrong ones stand beside them; it spoils if it is the other way round. MISC counts
only where the gold has it, and what annotators left open counts for nobody.
"""
import collections
import json
import subprocess
import sys


def outcome(mentions, gold, misc):
    """Right mentions and wrong ones."""
    sure = [(start, end, label) for (start, end, label, _), skipped in gold if not skipped]
    right = wrong = 0
    for start, end, label, _ in mentions:
        if any((start, end) == (a, b) and kind in (label, "*") for a, b, kind in sure):
            right += 1
        elif label in ("PER", "ORG", "LOC") or misc and label == "MISC":
            wrong += not any(skipped and start < b and a < end for (a, b, *_), skipped in gold)
    return right, wrong


def main():
    arguments = sys.argv[1:]
    options = {"--guideline": "namesake", "--show": None}
    for name in options:
        if name in arguments:
            at = arguments.index(name)
            options[name] = arguments[at + 1]
            del arguments[at : at + 2]
    program, *files = arguments
    run = subprocess.run([program, options["--guideline"], *files], check=True, capture_output=True, text=True)
    changes = [json.loads(line) for line in run.stdout.splitlines()]
    misc = {change["file"] for change in changes for (*_, label, _), _ in change["gold"] if label == "MISC"}
    counts = collections.defaultdict(collections.Counter)
    for change in changes:
        before = outcome(change["before"], change["gold"], change["file"] in misc)
        after = outcome(change["after"], change["gold"], change["file"] in misc)
        gain = (after[0] - before[0]) or (before[1] - after[1])
        verdict = "mended" if gain > 0 else "spoiled" if gain < 0 else "same"
        counts[change["rule"]][verdict] += 1
        if change["rule"] == options["--show"]:
            side = lambda mentions: " + ".join(f"{label} {surface!r}" for *_, label, surface in mentions)
            gold = side([mention for mention, _ in change["gold"]])
            print(f"{verdict}: {side(change['before'])} -> {side(change['after'])}; gold: {gold}\n    {change['text']!r}")
    print("| rule | fired | mended | spoiled |\n| --- | --- | --- | --- |")
    for rule, count in sorted(counts.items()):
        print(f"| `{rule}` | {sum(count.values())} | {count['mended']} | {count['spoiled']} |")


main()
