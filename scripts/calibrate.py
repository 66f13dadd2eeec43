#!/usr/bin/env python3
"""Make the scores of a model mean something: of mentions with score 0.9, nine of ten are right.

    cargo build --release --example mention_scores
    scripts/calibrate.py target/release/examples/mention_scores models/news-small --fit dev.conll [--check FILE...]

Measures how many of the mentions that the model finds in the files of `--fit` are right, by the probability that it gives them
(isotonic regression with a few points, Zadrozny and Elkan 2002), and writes the points into the model's config.json. The
model must not have been trained on these files. The table has the expected calibration error before and after (15
bins of equal width) and the precision of all mentions with a score of at least 0.9; figures of the files that were fitted
come from two halves, each calibrated by the other. Without `--fit` only the table of what is there is printed.
"""

import argparse
import bisect
import json
import subprocess
import sys
import tempfile
from pathlib import Path

KEY = "score_calibration"
BINS = 15
LIMIT = 0.9
# Points that are fitted where there is enough data. On CoNLL-2003 dev, by halves, 6 to 30 give the same error to 0.003.
GROUPS = 10
LEAST_WRONG = 10


def raw_scores(program, folder, files):
    """{file: [(probability, right)]} of the model without its calibration."""
    config = json.loads((folder / "config.json").read_text())
    config.pop(KEY, None)
    with tempfile.TemporaryDirectory() as bare:
        bare = Path(bare)
        for path in folder.iterdir():
            if path.name != "config.json":
                (bare / path.name).symlink_to(path.resolve())
        (bare / "config.json").write_text(json.dumps(config))
        done = subprocess.run([program, bare, *files], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found = {str(path): [] for path in files}
    for line in done.stdout.splitlines():
        path, score, right = line.split("\t")
        found[path].append((float(score), int(right)))
    return found


def fit(mentions):
    """Points (probability, precision): groups of mentions with equally many wrong ones, pooled where precision would fall."""
    wrong = sum(1 - right for _, right in mentions)
    if wrong < LEAST_WRONG:
        sys.exit(f"too few mentions to calibrate on: {wrong} wrong ones, {LEAST_WRONG} are needed")
    share = max(LEAST_WRONG, wrong / GROUPS)
    groups, group = [], []
    for mention in sorted(mentions):
        group.append(mention)
        if sum(1 - right for _, right in group) >= share:
            groups.append(group)
            group = []
    # What is left over at the top has too few wrong mentions for a point of its own, unless it is most of one.
    if sum(1 - right for _, right in group) >= share / 2:
        groups.append(group)
    else:
        groups[-1] += group
    pooled = []
    for group in groups:
        pooled.append(group)
        while len(pooled) > 1 and mean(pooled[-2])[1] >= mean(pooled[-1])[1]:
            pooled[-2:] = [pooled[-2] + pooled[-1]]
    return [mean(group) for group in pooled]


def mean(mentions):
    probability, right = (sum(column) / len(mentions) for column in zip(*mentions))
    return round(probability, 5), round(right, 5)


def apply(points, mentions):
    """The mentions with scores instead of probabilities; mirrors `src/tag/calibration.rs`."""
    known = [probability for probability, _ in points]

    def score(probability):
        after = bisect.bisect_right(known, probability)
        if after in (0, len(points)):
            return points[max(after - 1, 0)][1]
        (left, low), (right, high) = points[after - 1], points[after]
        return low + (high - low) * (probability - left) / (right - left)

    return [(score(probability), right) for probability, right in mentions] if points else mentions


def fit_halves(mentions):
    """The mentions, every other one scored by what was fitted on the rest."""
    halves = mentions[::2], mentions[1::2]
    return apply(fit(halves[1]), halves[0]) + apply(fit(halves[0]), halves[1])


def expected_error(mentions):
    """Expected calibration error: mean distance of score and precision over bins, weighted by their size."""
    bins = [[] for _ in range(BINS)]
    for score, right in mentions:
        bins[min(int(score * BINS), BINS - 1)].append((score, right))
    return sum(abs(sum(s for s, _ in b) - sum(r for _, r in b)) for b in bins) / len(mentions)


def precision_above(mentions):
    kept = [right for score, right in mentions if score >= LIMIT]
    return f"{100 * sum(kept) / len(kept):.1f} ({100 * len(kept) / len(mentions):.0f} % kept)" if kept else "none kept"


def row(name, before, after):
    right = sum(right for _, right in before) / len(before)
    columns = [f"{100 * right:.1f}", f"{expected_error(before):.4f}", f"{expected_error(after):.4f}", precision_above(before), precision_above(after)]
    print(f"| {name} | {len(before)} | " + " | ".join(columns) + " |")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the example mention_scores")
    parser.add_argument("model", type=Path)
    parser.add_argument("--fit", nargs="+", default=[], metavar="FILE")
    parser.add_argument("--check", nargs="+", default=[], metavar="FILE")
    args = parser.parse_args()
    scores = raw_scores(args.program, args.model, [*args.fit, *args.check])
    path = args.model / "config.json"
    config = json.loads(path.read_text())
    fitted = [mention for file in args.fit for mention in scores[file]]
    if fitted:
        config[KEY] = fit(fitted)
        path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
    points = config.get(KEY, [])
    print(f"| file | mentions found | precision | ECE before | ECE after | precision from {LIMIT} before | after |\n| --- |" + " ---: |" * 6)
    for file in args.fit:
        row(f"{file} (halves)", scores[file], fit_halves(scores[file]))
    for file in args.check:
        row(file, scores[file], apply(points, scores[file]))


if __name__ == "__main__":
    main()
