#!/usr/bin/env python3
"""Score the tagger on the robustness sets, one Markdown row a set and one column a model.

    scripts/measure_robustness.py target/release/namesake [FOLDER...]

The sets are `tests/robustness/*.conll`; the model that is part of the program comes first, then the named model folders.
"""

import json
import subprocess
import sys
from pathlib import Path

SETS = Path(__file__).resolve().parents[1] / "tests" / "robustness"


def score(program, path, model):
    """Strict F1 in per cent, and the counts behind it."""
    command = [program, "eval", "ner", "--gold", str(path), "--json", "-"] + (["--model", model] if model else [])
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{path}: {done.stderr}")
    micro = json.loads(done.stdout)["spans"]["strict"]["micro"]
    return micro["f1"] * 100, [micro[name] for name in ("tp", "fp", "fn")]


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, *folders = sys.argv[1:]
    models = [None, *folders]
    names = ["built-in"] + [Path(folder).name for folder in folders]
    print("| set | mentions | " + " | ".join(names) + " |\n| --- |" + " ---: |" * (len(names) + 1))
    totals = [[0, 0, 0] for _ in models]
    for path in sorted(SETS.glob("*.conll")):
        scored = [score(program, path, model) for model in models]
        for total, (_, counts) in zip(totals, scored):
            total[:] = [a + b for a, b in zip(total, counts)]
        mentions = scored[0][1][0] + scored[0][1][2]
        print(f"| {path.stem} | {mentions} | " + " | ".join(f"{f1:.1f}" for f1, _ in scored) + " |", flush=True)
    together = [200 * tp / (2 * tp + fp + fn) for tp, fp, fn in totals]
    print(f"| all | {totals[0][0] + totals[0][2]} | " + " | ".join(f"{f1:.1f}" for f1 in together) + " |")


if __name__ == "__main__":
    main()
