#!/usr/bin/env python3
"""Make the robustness sets that are other sets in another dress: capitals, lower case, slips of text recognition.

    scripts/derive_robustness.py

`headlines-capitals` is `headlines-title` in capitals, `lower-case` and `text-recognition` are `plain` without capitals and as
a scanner might have read it. The labels stay, so that the loss against the original is that of the dress alone.
"""

import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "robustness"

# What scanned letters are taken for.
CONFUSIONS = [("rn", "m"), ("m", "rn"), ("l", "1"), ("I", "l"), ("i", "l"), ("O", "0"), ("o", "0"), ("e", "c"), ("h", "b"), ("S", "5"), ("a", "o"), ("fi", "ﬁ"), ("cl", "d"), ("u", "ii")]  # fmt: skip
SHARE_OF_WORDS = 0.2


def misread(word, rng):
    possible = [(old, new) for old, new in CONFUSIONS if old in word]
    if not possible or rng.random() >= SHARE_OF_WORDS:
        return word
    old, new = rng.choice(possible)
    return word.replace(old, new, 1)


def derive(source, target, change):
    lines = []
    for line in (FOLDER / f"{source}.conll").read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("-DOCSTART-"):
            word, label = line.split(" ")
            line = f"{change(word)} {label}"
        lines.append(line + "\n")
    (FOLDER / f"{target}.conll").write_text("".join(lines), encoding="utf-8")


def main():
    rng = random.Random(1)
    derive("headlines-title", "headlines-capitals", str.upper)
    derive("plain", "lower-case", str.lower)
    derive("plain", "text-recognition", lambda word: misread(word, rng))


if __name__ == "__main__":
    main()
