#!/usr/bin/env python3
"""Time `namesake eval` on a million mentions, and seqeval and neleval on the same annotations in the same run.

    scripts/eval_speed.py target/release/namesake [--mentions 1000000] [--runs 5] [--reference-runs 1]

Generates gold and system: documents of about 40 mentions with types and entities, as CoNLL columns for seqeval, as JSONL,
and as neleval's own TSV. Every time is that of a whole process from reading the files to the last score, wall clock;
memory is the peak of that process. The references get what each can score: seqeval the labels (default mode), neleval
mentions, links, MUC and B-cubed, but no CEAF (its dense matrices do not fit), which namesake's times include. Needs the virtual environment of eval_parity.py, which is made if it
is not there. Times are medians, with the fastest and the slowest.
"""

import argparse
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from eval_parity import ENVIRONMENT, ROOT

TYPES = ("PER", "ORG", "LOC", "MISC")
# Not its CEAF, which wants a dense matrix of clusters: 29 GiB for 200,000 mentions.
MEASURES = ("strong_mention_match", "strong_typed_mention_match", "strong_link_match", "muc", "b_cubed")
SEQEVAL = """
import sys
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as scores
def read(path):
    sentences, labels = [], []
    for line in open(path, encoding="utf-8"):
        if line.startswith("-DOCSTART-") or not line.strip():
            if labels: sentences.append(labels)
            labels = []
        else:
            labels.append(line.split()[-1])
    return sentences + [labels] if labels else sentences
gold, system = map(read, sys.argv[1:])
print([scores(gold, system, average=average)[2] for average in ("micro", "macro", "weighted", None)])
"""
NELEVAL = """
import collections, collections.abc, sys, numpy, warnings
collections.Sequence, numpy.int = collections.abc.Sequence, int
warnings.simplefilter("ignore")
from neleval.evaluate import Evaluate
gold, system, *measures = sys.argv[1:]
print({name: one["fscore"] for name, one in Evaluate(system, gold, measures=measures)().items()})
"""


def random_mentions(rnd, number, position):
    """Gold and system mentions of one document as (first token, past the last, type, entity)."""
    gold, system, at = [], [], 0
    for _ in range(rnd.randint(20, 60)):
        at += rnd.randint(1, 4)
        size = rnd.choice((1, 1, 1, 2, 2, 3))
        # A third of the entities is known to the whole corpus; some are very frequent, as in news.
        entity = f"Q{int(position / 30 * rnd.random() ** 3)}" if rnd.random() < 0.3 else f"NIL{number}-{rnd.randint(0, 12)}"
        mention = (at, at + size, rnd.choice(TYPES), entity)
        gold.append(mention)
        dice = rnd.random()
        if dice < 0.85:
            system.append(mention)
        elif dice < 0.9:
            system.append((at, at + size, rnd.choice(TYPES), f"NIL{number}-{rnd.randint(0, 12)}"))
        elif dice < 0.94:
            system.append((at, at + size + 1, mention[2], entity))
            at += 1
        at += size
    return gold, system, at + 3


def write_corpus(folder, mentions):
    """The same annotations in the three formats; returns the numbers of documents and gold mentions."""
    rnd, written, number = random.Random(11), 0, 0
    files = {(side, kind): open(folder / f"{side}.{kind}", "w", encoding="utf-8")
             for side in ("gold", "system") for kind in ("conll", "jsonl", "tsv")}
    while written < mentions:
        gold, system, length = random_mentions(rnd, number, mentions)
        words = [f"w{(number * 31 + token * 7) % 9973}" for token in range(length)]
        text = " ".join(words)
        starts = [0]
        for word in words:
            starts.append(starts[-1] + len(word) + 1)
        inside = {token for first, past, *_ in gold + system for token in range(first, past)}
        breaks = {token for token in range(24, length, 25) if token not in inside}
        for side, found in (("gold", gold), ("system", system)):
            labels = ["O"] * length
            for first, past, kind, _ in found:
                labels[first:past] = [f"B-{kind}"] + [f"I-{kind}"] * (past - first - 1)
            out = files[side, "conll"]
            out.write("-DOCSTART- O\n\n")
            for token, (word, label) in enumerate(zip(words, labels)):
                out.write(f"{word} {label}\n" if token not in breaks else f"{word} {label}\n\n")
            out.write("\n")
            places = [(starts[first], starts[past] - 1, kind, entity) for first, past, kind, entity in found]
            line = {"id": f"d{number}", "text": text} if side == "gold" else {"id": f"d{number}"}
            line["mentions"] = [{"start": s, "end": e, "type": kind, "entity": entity} for s, e, kind, entity in places]
            files[side, "jsonl"].write(json.dumps(line) + "\n")
            files[side, "tsv"].writelines(f"d{number}\t{s}\t{e - 1}\t{entity}\t1.0\t{kind}\n" for s, e, kind, entity in places)
        written += len(gold)
        number += 1
    for file in files.values():
        file.close()
    return number, written


def measure(command, folder):
    """Seconds and peak megabytes of one process."""
    begin = time.monotonic()
    pid = os.posix_spawn(command[0], command, {**os.environ, "PWD": str(folder)}, file_actions=[
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0), (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)])
    _, status, usage = os.wait4(pid, 0)
    seconds = time.monotonic() - begin
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return seconds, usage.ru_maxrss / 1024


def show(name, runs):
    seconds = [run[0] for run in runs]
    middle = statistics.median(seconds)
    print(f"| {name} | {middle:.2f} | {min(seconds):.2f} to {max(seconds):.2f} | {max(run[1] for run in runs):,.0f} |", flush=True)
    return middle


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("--mentions", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--reference-runs", type=int, default=1)
    arguments = parser.parse_args()
    program, python = str(Path(arguments.program).resolve()), str(ENVIRONMENT / "bin" / "python")
    with tempfile.TemporaryDirectory(dir=ROOT / "build") as folder:
        documents, mentions = write_corpus(Path(folder), arguments.mentions)
        print(f"{mentions:,} gold mentions in {documents:,} documents, {os.cpu_count()} processors\n")
        print("| process | seconds | spread | peak MB |\n| --- | ---: | ---: | ---: |")

        def ours(kind, *options):
            files = [f"{folder}/gold.{kind}", f"{folder}/system.{kind}"]
            return [program, "eval", *files, "--json", f"{folder}/scores.json", *options]

        def repeat(name, command, runs):
            return show(name, [measure(command, folder) for _ in range(runs)])

        tokens = repeat("namesake eval, CoNLL", ours("conll", "--resamples", "0"), arguments.runs)
        entities = repeat("namesake eval, JSONL with entities", ours("jsonl", "--resamples", "0", "--entity-links"), arguments.runs)
        repeat("the same, CoNLL, with 95 % intervals", ours("conll"), arguments.runs)
        repeat("the same, JSONL, with 95 % intervals", ours("jsonl", "--entity-links"), arguments.runs)
        if not arguments.reference_runs:
            return
        files = [f"{folder}/gold.conll", f"{folder}/system.conll"]
        labels = repeat("seqeval, CoNLL", [python, "-c", SEQEVAL, *files], arguments.reference_runs)
        files = [f"{folder}/gold.tsv", f"{folder}/system.tsv"]
        clusters = repeat("neleval, TSV", [python, "-c", NELEVAL, *files, *MEASURES], arguments.reference_runs)
        print(f"\nseqeval + neleval: {labels + clusters:.1f} s, namesake on both: {tokens + entities:.2f} s, "
              f"ratio {(labels + clusters) / (tokens + entities):.0f}")


if __name__ == "__main__":
    main()
