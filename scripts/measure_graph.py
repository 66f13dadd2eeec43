#!/usr/bin/env python3
"""What a graph costs as the corpus grows: seconds, statements a processor second, peak memory.

    scripts/measure_graph.py target/release/namesake [DOCUMENTS...]

Exports generated corpora (generate_corpus.py --linked, ten entities a document) of 10 thousand and 100 thousand
documents by default, asks them in memory (a question that needs nothing but the load, and the ready query top-entities), and where
the program has a store loads them into a new one, loads them again as they are, and loads a tenth
of them with another provenance of each mention. Processor time is what to compare on a machine that others use, too.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

GENERATOR = Path(__file__).with_name("generate_corpus.py")
FORMATS = ["nq", "ttl", "jsonld", "rdf", "graphml", "neo4j"]


def timed(command):
    """Seconds, processor seconds and peak MiB of a command."""
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(map(str, command))}")
    return time.monotonic() - began, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def report(documents, what, figures, statements, size):
    wall, processor, memory = figures
    rate = f"{statements / processor / 1000:.0f}" if statements else ""
    print(f"{documents:>10}  {what:<10}{wall:>9.1f}{processor:>13.1f}{rate:>30}{memory:>10.0f}{size / 2**20:>10.0f}", flush=True)


def size_of(path):
    return sum(file.stat().st_size for file in path.rglob("*")) if path.is_dir() else path.stat().st_size


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    program, sizes = sys.argv[1], [int(size) for size in sys.argv[2:]] or [10_000, 100_000]
    print(f"{'documents':>10}  {'what':<10}{'seconds':>9}{'processor s':>13}{'thousand statements/proc. s':>30}{'peak MiB':>10}{'MiB':>10}")
    for size in sizes:
        with tempfile.TemporaryDirectory() as folder:
            folder = Path(folder)
            corpus = folder / "linked.jsonl"
            with open(corpus, "wb") as target:
                subprocess.run([sys.executable, GENERATOR, str(10 * size), "--linked"], check=True, stdout=target)
            statements = 0
            for name in FORMATS:
                out = folder / f"graph.{name}"
                figures = timed([program, "graph", "export", corpus, "--format", name, "-o", out])
                if name == "nq":
                    with open(out, "rb") as lines:
                        statements = sum(1 for _ in lines)
                rdf = statements if name not in ("graphml", "neo4j") else 0
                report(size, name, figures, rdf, size_of(out))
                shutil.rmtree(out) if out.is_dir() else out.unlink()
            for what, question in (("memory", "ASK {}"), ("memory top", None)):
                asked = [question] if question else ["--named", "top-entities"]
                report(size, what, timed([program, "graph", "query", "--from", corpus, *asked]), 0, 0)
            store = folder / "store"
            load = [program, "graph", "load", corpus, "--store", store]
            probe = subprocess.run([program, "graph", "query", "--store", folder / "none", "ASK {}"], capture_output=True, text=True)
            if "without a graph store" in probe.stderr:
                print("this program has no store", flush=True)
                continue
            figures = timed(load)
            count = [program, "graph", "query", "--store", store, "--format", "csv", "SELECT (COUNT(*) AS ?n) WHERE { GRAPH ?g { ?s ?p ?o } }"]
            held = int(subprocess.run(count, capture_output=True, text=True, check=True).stdout.split()[1])
            report(size, "load", figures, held, size_of(store))
            report(size, "load again", timed(load), held, size_of(store))
            tenth = folder / "tenth.jsonl"
            with open(corpus, "rb") as lines, open(tenth, "wb") as target:
                target.writelines(line for line, _ in zip(lines, range(size // 10)))
            changed = [program, "graph", "load", tenth, "--store", store, "--model", "another"]
            report(size, "change", timed(changed), held // 10, size_of(store))
            top = [program, "graph", "query", "--store", store, "--named", "top-entities"]
            report(size, "top", timed(top), 0, 0)


if __name__ == "__main__":
    main()
