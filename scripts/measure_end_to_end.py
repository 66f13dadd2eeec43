#!/usr/bin/env python3
"""Score the whole program (own tagger, own resolver) on gold documents, one line a file.

    scripts/measure_end_to_end.py target/release/namesake FILE.jsonl...

Needs `score_entities.py`, the scorer that came with the gold files; SCORER names it (scripts/gold.py).
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from gold import SCORER


def main():
    program, *files = sys.argv[1:]
    print(f"{'file':<24}{'mentions P':>11}{'R':>7}{'alias P':>9}{'R':>7}{'F1':>7}{'B-cubed':>9}")
    for gold in files:
        with tempfile.TemporaryDirectory() as folder:
            given, found, scores = (f"{folder}/{name}.jsonl" for name in ("texts", "entities", "scores"))
            with open(gold, encoding="utf-8") as lines, open(given, "w", encoding="utf-8") as target:
                for line in lines:
                    document = json.loads(line)
                    target.write(json.dumps({"id": document["id"], "text": document["text"]}) + "\n")
            subprocess.run([program, "extract", given, "-o", found, "--quiet"], check=True)
            subprocess.run(
                [sys.executable, SCORER, gold, found, "--nil", "exclude", "--types", "PER,ORG,LOC", "--json", scores],
                check=True,
                stdout=subprocess.DEVNULL,
            )
            result = json.loads(Path(scores).read_text())
        detected = result["detection"]["untyped"]["prf"]
        clusters = result["clustering"]["end-to-end / within-doc"]
        figures = [*detected[:2], *clusters["alias"][:3], clusters["b3"][2]]
        widths = (11, 7, 9, 7, 7, 9)
        print(f"{Path(gold).stem:<24}" + "".join(f"{figure * 100:>{width}.1f}" for figure, width in zip(figures, widths)))


if __name__ == "__main__":
    main()
