#!/usr/bin/env python3
"""Score the resolver on gold mentions, in document: alias pairs and B-cubed, one line a file.

    scripts/measure_resolution.py target/release/namesake [--weights WEIGHTS.json] FILE.jsonl...

Needs `score_entities.py`, which lies in ../shared/tools beside the gold files (SCORER names another place). Mentions that
the scorer ignores (pronouns, `skip`) are left out of the input; a mention without a type stays without.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

SCORER = os.environ.get("SCORER", str(Path(__file__).resolve().parents[2] / "shared" / "tools" / "score_entities.py"))


def mentions_only(gold, out):
    """Writes `gold` as a tagger would have left it: no entities."""
    with open(gold, encoding="utf-8") as lines, open(out, "w", encoding="utf-8") as target:
        for line in lines:
            document = json.loads(line)
            kept = [m for m in document["mentions"] if not m.get("skip") and not m.get("coref")]
            mentions = [{key: m[key] for key in ("start", "end", "type")} for m in kept]
            target.write(json.dumps({"id": document["id"], "text": document["text"], "mentions": mentions}) + "\n")


def main():
    program, *files = sys.argv[1:]
    weights = files[:2] if files[0] == "--weights" else []
    files = files[len(weights):]
    print(f"{'file':<24}{'alias P':>9}{'R':>7}{'F1':>7}{'B-cubed':>9}")
    for gold in files:
        with tempfile.TemporaryDirectory() as folder:
            given, resolved, scores = (f"{folder}/{name}" for name in ("mentions.jsonl", "entities.jsonl", "scores.json"))
            mentions_only(gold, given)
            subprocess.run([program, "resolve", given, "-o", resolved, *weights], check=True)
            subprocess.run(
                [sys.executable, SCORER, gold, resolved, "--nil", "exclude", "--types", "PER,ORG,LOC", "--json", scores],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            found = json.loads(Path(scores).read_text())["clustering"]["gold-mentions / within-doc"]
        precision, recall, f1 = found["alias"][:3]
        print(f"{Path(gold).stem:<24}{precision * 100:>9.1f}{recall * 100:>7.1f}{f1 * 100:>7.1f}{found['b3'][2] * 100:>9.1f}")


if __name__ == "__main__":
    main()
