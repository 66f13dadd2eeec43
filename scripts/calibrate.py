#!/usr/bin/env python3
"""Make the scores of a model mean something: of mentions with score 0.9, nine of ten are right.

    cargo build --release --example mention_scores
    scripts/calibrate.py target/release/examples/mention_scores models/news-small --fit dev.conll [--check FILE...]

Fits a line in log-odds (Platt 1999) to the mentions that the model finds in the files of `--fit`, which it must not have been
trained on, and writes it into the model's config.json. The table has the expected calibration error before and after (15
bins of equal width) and the precision of all mentions with a score of at least 0.9; figures of the files that were fitted
come from two halves, each calibrated by the other. Without `--fit` only the table of what is there is printed.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

KEY = "score_calibration"
BINS = 15
MARGIN = 1e-6
LIMIT = 0.9


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


def log_odds(probability):
    probability = min(max(probability, MARGIN), 1 - MARGIN)
    return math.log(probability / (1 - probability))


def sigmoid(value):
    return 1 / (1 + math.exp(-value))


def fit(mentions):
    """Slope and intercept with the highest likelihood, by Newton's method."""
    slope, intercept = 1.0, 0.0
    points = [(log_odds(probability), right) for probability, right in mentions]
    for _ in range(50):
        g0 = g1 = h00 = h01 = h11 = 0.0
        for x, right in points:
            p = sigmoid(slope * x + intercept)
            weight = p * (1 - p)
            g0 += right - p
            g1 += (right - p) * x
            h00 += weight
            h01 += weight * x
            h11 += weight * x * x
        determinant = h00 * h11 - h01 * h01
        if determinant < 1e-12:
            sys.exit("too few mentions, right and wrong, to calibrate on")
        step_intercept = (h11 * g0 - h01 * g1) / determinant
        step_slope = (h00 * g1 - h01 * g0) / determinant
        intercept, slope = intercept + step_intercept, slope + step_slope
        if abs(step_intercept) + abs(step_slope) < 1e-9:
            break
    return slope, intercept


def apply(line, mentions):
    slope, intercept = line
    return [(sigmoid(slope * log_odds(probability) + intercept), right) for probability, right in mentions]


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
        slope, intercept = fit(fitted)
        config[KEY] = {"slope": round(slope, 4), "intercept": round(intercept, 4)}
        path.write_text(json.dumps(config, indent=2, sort_keys=True) + "\n")
        print(f"slope {slope:.4f}, intercept {intercept:.4f}, written to {path}\n")
    line = config.get(KEY, {"slope": 1.0, "intercept": 0.0})
    print(f"| file | mentions found | precision | ECE before | ECE after | precision from {LIMIT} before | after |\n| --- |" + " ---: |" * 6)
    for file in args.fit:
        row(f"{file} (halves)", scores[file], fit_halves(scores[file]))
    for file in args.check:
        row(file, scores[file], apply((line["slope"], line["intercept"]), scores[file]))


if __name__ == "__main__":
    main()
