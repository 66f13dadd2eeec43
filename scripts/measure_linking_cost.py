#!/usr/bin/env python3
"""What linking costs as the corpus grows: seconds, peak memory, size of the store, and the exponent of growth.

    scripts/measure_linking_cost.py target/release/namesake [ENTITIES...]

Links generated corpora (generate_corpus.py) of 10 thousand, 100 thousand and 1 million document entities by default,
each into a new store. Processor time is what to compare on a machine that others use, too. The exponent b of the law
time = a x entities^b is that between neighbouring sizes.
"""

import math
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GENERATOR = Path(__file__).with_name("generate_corpus.py")


def link(program, folder, entities):
    corpus, store = f"{folder}/entities.jsonl", f"{folder}/corpus.db"
    with open(corpus, "wb") as target:
        subprocess.run([sys.executable, str(GENERATOR), str(entities)], check=True, stdout=target)
    began = time.monotonic()
    process = subprocess.Popen([program, "link", corpus, "--store", store, "-o", f"{folder}/linked.jsonl", "--quiet"])
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{program} link failed")
    wall, processor = time.monotonic() - began, usage.ru_utime + usage.ru_stime
    return wall, processor, usage.ru_maxrss / 1024, os.path.getsize(store) / 2**20


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [10_000, 100_000, 1_000_000]
    print(f"{'entities':>10}{'seconds':>10}{'processor s':>13}{'peak MiB':>10}{'store MiB':>11}{'exponent':>10}", flush=True)
    before = None
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            wall, processor, memory, store = link(program, folder, size)
        exponent = math.log(processor / before[1]) / math.log(size / before[0]) if before else float("nan")
        shown = "" if before is None else f"{exponent:.2f}"
        print(f"{size:>10}{wall:>10.1f}{processor:>13.1f}{memory:>10.0f}{store:>11.0f}{shown:>10}", flush=True)
        before = size, processor


if __name__ == "__main__":
    main()
