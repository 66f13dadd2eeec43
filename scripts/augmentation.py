"""Variations of training text: other case, other names, other marks. Each epoch sees each document in another dress.

The gold labels hold for every variation. Names come from `scripts/names.tsv`, a list written for this purpose, with the
same number of names for every part of the world.
"""

from collections import defaultdict
from pathlib import Path

import ner_data as data

NAMES = Path(__file__).with_name("names.tsv")


def add_arguments(parser):
    parser.add_argument("--case-noise", type=float, default=0.1, help="share of the sentences in capitals, lower case or headline case")
    parser.add_argument("--name-noise", type=float, default=0.0, help="share of the documents whose people and places get other names")
    parser.add_argument("--mark-noise", type=float, default=0.0, help="share of the sentences with other quotes, bullets, possessives, no full stop")


def read_names():
    """{kind: {region: [names]}} with the kinds given, family and place."""
    names = defaultdict(dict)
    for line in NAMES.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            region, kind, listed = line.split("\t")
            names[kind][region] = listed.split(", ")
    return names


def headline(word):
    return word[:1].upper() + word[1:]


def copy_case(name, pattern):
    """`name` in capitals or lower case where the word that it replaces is."""
    if len(pattern) > 1 and pattern.isupper():
        return name.upper()
    return name.lower() if pattern.islower() else name


class Augmentation:
    """What is varied, and how often."""

    def __init__(self, args):
        self.case_noise, self.name_noise, self.mark_noise = args.case_noise, args.name_noise, args.mark_noise
        self.names = read_names()
        self.regions = sorted(self.names["family"])

    def document(self, document, rng):
        """The document as this epoch shall see it."""
        sentences = document.sentences
        if rng.random() < self.name_noise:
            sentences = self.rename(sentences, rng)
        sentences = [self.sentence(sentence, rng) for sentence in sentences]
        return data.Document(sentences, document.lacking)

    def sentence(self, sentence, rng):
        if rng.random() < self.mark_noise:
            sentence = change_marks(sentence, rng)
        if rng.random() < self.case_noise:
            rewrite = rng.choice([str.upper, str.lower, headline])
            sentence = data.Sentence([rewrite(word) for word in sentence.words], sentence.labels, sentence.opinions)
        return sentence

    def rename(self, sentences, rng):
        """Other people and places, the same ones for the same words throughout the document."""
        stands_for = {}

        def other(word, kind, region):
            if not word.isalpha() or len(word) < 3 or word.islower():
                return word
            key = word.casefold()
            if key not in stands_for:
                stands_for[key] = rng.choice(self.names[kind][region])
            return copy_case(stands_for[key], word)

        result = []
        for sentence in sentences:
            words = list(sentence.words)
            if None not in sentence.labels:
                for start, end, entity_type in sorted(data.spans(sentence.labels)):
                    region = rng.choice(self.regions)
                    if entity_type == "PER":
                        for index in range(start, end):
                            words[index] = other(words[index], "family" if index == end - 1 else "given", region)
                    elif entity_type == "LOC" and end == start + 1:
                        words[start] = other(words[start], "place", region)
            result.append(data.Sentence(words, sentence.labels, sentence.opinions))
        return result


def change_marks(sentence, rng):
    """One change of the marks around the words; inserted words are outside every mention."""
    words, labels, opinions = list(sentence.words), list(sentence.labels), list(sentence.opinions)
    outside = None if None in labels else "O"

    def insert(index, word):
        words.insert(index, word)
        labels.insert(index, outside)
        opinions.insert(index, None)

    change = rng.choice(["curly", "bullet", "quoted", "possessive", "open"])
    if change == "curly":
        opening = True
        for index, word in enumerate(words):
            if word == '"':
                words[index] = "“" if opening else "”"
                opening = not opening
            else:
                words[index] = word.replace("'", "’")
    elif change == "bullet":
        insert(0, rng.choice(["-", "*", "•", "–", "1.", "2)", "|", ">"]))
    elif change == "quoted":
        insert(0, rng.choice(['"', "“", "'", "‘"]))
        insert(len(words), {'"': '"', "“": "”", "'": "'", "‘": "’"}[words[0]])
    elif change == "possessive" and outside:
        ends = [end for _, end, kind in sorted(data.spans(labels)) if kind != "MISC" and end < len(words) and words[end].islower()]
        if ends:
            insert(rng.choice(ends), rng.choice(["'s", "’s"]))
    elif change == "open" and words[-1] == "." and len(words) > 1:
        del words[-1], labels[-1], opinions[-1]
    return data.Sentence(words, labels, opinions)
