#!/usr/bin/env python3
"""Free English texts as CoNLL files without labels, for `distill.py --texts`.

    scripts/free_texts.py ner_dataset.csv EWT/weblog/*.conllu GUM/dep/GUM_news_*.conllu --out build/texts.conll

Reads CoNLL-U files (a document each, or as many as it has `# newdoc` lines) and the table in which the Groningen Meaning Bank is
passed around (`Sentence #,Word,POS,Tag`, or without its last column). The labels of both are left out: what the teachers think counts.
"""

import argparse
import csv
from pathlib import Path

# Sentences of the Groningen Meaning Bank that serve one another as context; the table has no borders of documents.
SENTENCES = 10


def read_conllu(path):
    """Documents, each a list of sentences, each a list of words."""
    documents, sentence = [[]], []
    for place, line in enumerate([*path.read_text(encoding="utf-8").splitlines(), ""], 1):
        if line.startswith("# newdoc") and documents[-1]:
            documents.append([])
        elif not line and sentence:
            documents[-1].append(sentence)
            sentence = []
        elif line and not line.startswith("#"):
            number, tab, rest = line.partition("\t")
            if not tab:
                raise SystemExit(f"{path}:{place}: no tab, so no line of CoNLL-U: {line[:40]}")
            word = rest.split("\t")[0]
            # Ranges and empty nodes say again, or leave out, what the words say.
            if number.isdigit():
                sentence.append("".join(word.split()))
    return documents


def read_table(path):
    """The sentences of the table in documents of ten."""
    sentences = []
    with path.open(encoding="latin-1", newline="") as file:
        for row in csv.reader(file):
            if len(row) not in (3, 4) or row[1] == "Word" or not row[1].strip():
                continue
            if row[0].startswith("Sentence") or not sentences:
                sentences.append([])
            sentences[-1].append("".join(row[1].split()))
    return [sentences[start : start + SENTENCES] for start in range(0, len(sentences), SENTENCES)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--out", required=True, type=Path)
    args = parser.parse_args()
    try:
        documents = [d for path in args.files for d in (read_table(path) if path.suffix == ".csv" else read_conllu(path)) if d]
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"cannot be read: {error}") from error
    if not documents:
        raise SystemExit("the files hold no word")
    with args.out.open("w", encoding="utf-8") as out:
        for document in documents:
            out.write("-DOCSTART-\n\n")
            for sentence in document:
                out.write("\n".join(sentence) + "\n\n")
    words = sum(len(sentence) for document in documents for sentence in document)
    print(f"{args.out}: {len(documents):,} documents, {words:,} words")


if __name__ == "__main__":
    main()
