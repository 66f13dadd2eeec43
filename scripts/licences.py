#!/usr/bin/env python3
"""Prints the licence texts of every crate that the command is linked from, each text once.

    scripts/licences.py x86_64-unknown-linux-gnu

A crate without a licence file is named with the licence that its manifest states.
"""

import json
import re
import subprocess
import sys
from pathlib import Path

LICENCE = re.compile(r"(licen[cs]e|copying|notice|unlicense)", re.IGNORECASE)


def main():
    target = sys.argv[1]
    texts = {}
    for package in linked(target):
        folder = Path(package["manifest_path"]).parent
        label = f"{package['name']} {package['version']} ({package['license'] or 'see its files'})"
        files = sorted(file for file in folder.iterdir() if file.is_file() and LICENCE.match(file.name))
        for text in sorted({file.read_text(encoding="utf-8", errors="replace").strip() for file in files}) or [""]:
            texts.setdefault(text, []).append(label)
    for text, labels in sorted(texts.items(), key=lambda item: (sorted(item[1]), item[0])):
        print("\n".join(sorted(labels)), f"\n{text or 'This crate carries no licence text.'}\n\n{'-' * 80}\n", sep="\n")


def linked(target):
    """Packages that end up in the program, ours and those for building or testing left out."""
    lines = cargo("tree", "--package", "namesake-nlp", "--edges", "normal", "--prefix", "none", "--format", "{p}", "--target", target).splitlines()
    names = {tuple(line.split()[:2]) for line in lines if line}
    packages = json.loads(cargo("metadata", "--format-version", "1", "--filter-platform", target))["packages"]
    return [p for p in packages if p["source"] and (p["name"], f"v{p['version']}") in names]


def cargo(*arguments):
    return subprocess.run(["cargo", *arguments], check=True, capture_output=True, text=True).stdout


main()
