#!/usr/bin/env python3
"""Free texts with a teacher's labels as training data: word, layout and label a line.

    namesake extract --model models/news-base --keep-misc --format conll texts.jsonl -o said.conll
    scripts/pseudo_labels.py --texts texts.jsonl --said said.conll --out build/pseudo.conll

The program's answer is that of the tagger after the vote of each cluster. The layout comes from the texts. Faults that every
teacher makes so far, and that a rule can tell, are mended: titles, party tags and a lone article are no names.
"""

import argparse
import json
import re
import sys
from collections import Counter
from pathlib import Path

import ner_data as data
from layouts import ENDS

# Words that are no name, and no part of one at its beginning: titles and ranks before a person, and an article alone.
TITLES = set("""congresswoman congressman congressmen congressmembers rep. reps. representative representatives senator senators sen. sens. mr mr. mrs mrs. ms ms. dr dr. prof.
professor president chairman chairwoman chair governor gov. mayor secretary minister speaker judge justice sheriff ambassador commissioner director captain
capt. lt. gen. col. sgt. delegate assemblyman assemblywoman councilwoman councilman""".split())  # fmt: skip
NO_NAMES = {"the", "a", "an", "covid", "covid-19", "coronavirus", "about", "board", "internet", "web"}
PARTY = re.compile(r"[RDI]-[A-Z][A-Za-z.]*")


def read_said(path):
    """[[(word, label)] a sentence] a document, as the program wrote them."""
    documents = []
    for line in path.read_text(encoding="utf-8").split("\n"):
        if line.startswith("-DOCSTART-"):
            documents.append([[]])
        elif not line and documents:
            documents[-1].append([])
        elif "\t" in line:
            columns = line.split("\t")
            documents[-1][-1].append((columns[0], columns[-1]))
    return [[sentence for sentence in document if sentence] for document in documents]


def layout_before(gap, before):
    """As `Layout::before` in src/tag/layout.rs."""
    if not before:
        return data.PARAGRAPH
    breaks = len(re.findall(r"\r\n|[\n\r\x85\u2028]", gap)) + 2 * len(re.findall("[\f\u2029]", gap))
    if breaks:
        return data.LINE if breaks == 1 else data.PARAGRAPH
    border = "\t" in gap or (len(re.findall("[ \u00a0\u3000]", gap)) > 1 and before[-1] not in ENDS)
    return data.CELL if border else data.INLINE


def placed(text, sentences):
    """Sentences with the layout of their words; None where the words are not those of the text."""
    at, found = 0, []
    for sentence in sentences:
        layout = []
        for word, _ in sentence:
            start = text.find(word, at)
            if start < 0 or text[at:start].strip():
                return None
            layout.append(layout_before(text[at:start], text[:at].rstrip()[-1:]))
            at = start + len(word)
        labels = data.iob2([label for _, label in sentence])
        found.append(data.Sentence([word for word, _ in sentence], labels, layout=layout))
    return found


def mended(sentence, counts):
    """The sentence without names that are none, and without titles in front of a person."""
    labels = ["O"] * len(sentence.words)
    for start, end, kind in sorted(data.spans(sentence.labels)):
        if PARTY.fullmatch(sentence.words[start]) and kind != "PER" and end - start == 1:
            counts["party"] += 1
            continue
        while start < end and sentence.words[start].lower() in TITLES and (kind == "PER" or end - start == 1):
            counts["title"] += 1
            start += 1
        if start == end or (end - start == 1 and sentence.words[start].lower() in NO_NAMES):
            counts["no name"] += 1
            continue
        labels[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return data.Sentence(sentence.words, labels, layout=sentence.layout)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", nargs="+", required=True, type=Path, metavar="JSONL")
    parser.add_argument("--said", nargs="+", required=True, type=Path, metavar="CONLL", help="what the program wrote of each of the texts")
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    counts = Counter()
    with args.out.open("w", encoding="utf-8") as out:
        for texts, said in zip(args.texts, args.said, strict=True):
            records = [json.loads(line) for line in texts.read_text(encoding="utf-8").splitlines() if line]
            documents = read_said(said)
            if len(records) != len(documents):
                sys.exit(f"{said}: {len(documents)} documents, where {texts} has {len(records)}")
            for record, document in zip(records, documents):
                sentences = placed(record["text"], document)
                if sentences is None:
                    counts["left out"] += 1
                    continue
                out.write("-DOCSTART- O\n\n")
                for sentence in sentences:
                    sentence = mended(sentence, counts)
                    for word, label, layout in zip(sentence.words, sentence.labels, sentence.layout):
                        out.write(f"{word} {data.LAYOUTS[layout]} {label}\n")
                        counts["words"] += 1
                    out.write("\n")
                counts["documents"] += 1
    print(f"{args.out}: " + ", ".join(f"{count:,} {what}" for what, count in sorted(counts.items())))


if __name__ == "__main__":
    main()
