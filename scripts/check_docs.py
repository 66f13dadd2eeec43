#!/usr/bin/env python3
"""Checks the pages for readers: README, CHANGELOG, CONTRIBUTING, docs, model cards.

Told are: sentences of more than 25 words, links and names of files that lead nowhere, commit hashes, and paths that only
the authors have. Pages of docs/lab are a record: they may have long sentences, and name files that are gone. Needs Python alone; `scripts/check_docs.py FILE...` checks
some pages.
"""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST = 25
FENCE = re.compile(r"^ *```.*?^ *```", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"!?\[([^\]]*)\]\(([^)\s]+)\)")
# Abbreviations whose full stop ends no sentence.
SHORT = re.compile(r"\b(?:e\.g|i\.e|etc|vs|al|Dr|Mr|Mrs|St|No|Inc|N\.V|U\.N|W\.H\.O|U\.S|J|D|v)\.", re.IGNORECASE)
HASH = re.compile(r"(?<![0-9A-Za-z/._-])(?=[0-9a-f]*[0-9])(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}(?![0-9A-Za-z])")
FILE = re.compile(r"`((?:src|crates|scripts|tests|fuzz|benches|docs|models|examples|\.ci)/[\w./*-]*)`")
PRIVATE = re.compile(r"\.\./shared|/work/|(?<![\w.])/tmp/")


def main():
    problems = []
    for page in pages():
        text = page.read_text(encoding="utf-8")
        name = page.relative_to(ROOT).as_posix()
        checks = [links(page, text), forbidden(text)]
        # Lists of sources and their licences are as long as they are.
        if "/lab/" not in name and not name.startswith("models/world/"):
            checks += [sentences(text)] if name == "CHANGELOG.md" else [sentences(text), files(text)]
        problems += [f"{name}:{line}: {what}" for check in checks for line, what in check]
    print("\n".join(problems) or "the pages are as they should be")
    sys.exit(1 if problems else 0)


def pages():
    """The pages that are named, or all that git knows or would add."""
    if sys.argv[1:]:
        return [Path(name).resolve() for name in sys.argv[1:]]
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    )
    return [ROOT / name for name in sorted(listed.stdout.splitlines()) if (ROOT / name).is_file()]


def blank(text, pattern):
    """Takes what matches away, and leaves its line breaks, so that lines keep their numbers."""
    return pattern.sub(lambda found: "\n" * found.group().count("\n"), text)


def sentences(text):
    text = blank(text, FENCE)
    text = blank(text, re.compile(r"\A---\n.*?\n---\n", re.DOTALL))
    for line, paragraph in paragraphs(text):
        plain = LINK.sub(lambda found: found.group(1), paragraph)
        plain = re.sub(r"`[^`]*`", "Code", plain)
        plain = re.sub(r"<[^>\s]+>", "link", plain)
        plain = SHORT.sub(lambda found: found.group().replace(".", ""), plain)
        # A mark may stand before a bracket, a quotation mark or the asterisks of bold text.
        for sentence in re.split(r"(?<=[.!?])[)\"”*]*\s+(?=[^a-z])", plain):
            words = [word for word in sentence.split() if re.search(r"\w", word)]
            if len(words) > LONGEST:
                yield line, f"{len(words)} words: {' '.join(words[:8])} …"


def paragraphs(text):
    """Paragraphs, items of lists and cells of tables, each with its first line."""
    start, lines = 1, []
    for number, line in enumerate(text.split("\n") + [""], 1):
        table = line.lstrip().startswith("|")
        opens = table or re.match(r"\s*(?:[*+-]|\d+\.|#+|>)\s", line)
        if lines and (opens or not line.strip()):
            yield start, " ".join(lines)
            lines = []
        if table:
            for cell in line.replace("\\|", " ").strip().strip("|").split("|"):
                yield number, cell
        elif line.strip():
            start = start if lines else number
            lines.append(re.sub(r"^\s*(?:[*+-]|\d+\.|#+|>)\s+", "", line).strip())


def links(page, text):
    for number, line in enumerate(blank(text, FENCE).split("\n"), 1):
        for _, target in LINK.findall(re.sub(r"`[^`]*`", "", line)):
            if re.match(r"[a-z]+:", target):
                continue
            path, _, anchor = target.partition("#")
            file = (page.parent / path).resolve() if path else page
            if not file.exists():
                yield number, f"dead link: {target}"
            elif anchor and file.suffix == ".md" and anchor not in anchors(file):
                yield number, f"no such heading: {target}"


def files(text):
    """Files of the repository that a page names; a name in capitals stands for any."""
    for number, line in enumerate(text.split("\n"), 1):
        for name in FILE.findall(line):
            if not re.search(r"[A-Z]{4,}", name.replace("README", "")) and not any(ROOT.glob(name.rstrip("/"))):
                yield number, f"no such file: {name}"


def anchors(file):
    """The names that a git host gives to the headings of a page."""
    text = blank(file.read_text(encoding="utf-8"), FENCE)
    headings = re.findall(r"^#+ +(.*)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in headings}


def forbidden(text):
    for number, line in enumerate(text.split("\n"), 1):
        for found in HASH.findall(line):
            yield number, f"a commit hash ({found}): give a tag or a date"
        for found in PRIVATE.findall(line):
            yield number, f"a path that a reader does not have: {found}"


main()
