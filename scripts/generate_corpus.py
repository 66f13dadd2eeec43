#!/usr/bin/env python3
"""Write documents with entities as `namesake extract` does, as many as wanted, with names as frequent as in the news.

    scripts/generate_corpus.py 100000 > entities.jsonl        # a hundred thousand document entities
    scripts/generate_corpus.py 100000 --linked > linked.jsonl

Entities are drawn by Zipf's law from a world that grows with the corpus (Heaps' law, exponent 0.8), so that there are
always new ones; a document keeps to one of many topics, which own most of its entities. Given and family names are
drawn by Zipf's law, too: many people share a surname, some the whole name. People are called by their full name or also
by the surname alone, organisations also by their acronym. Entity k's name depends on k alone and the documents on the
seed alone, so that the same command gives the same bytes.
"""

import argparse
import bisect
import json
import random
import sys

ONSETS = "b br c ch d dr f g gr h j k kl l m n p pr r s sh st t tr v w z".split()
VOWELS = "a e i o u ai ea ou".split()
CODAS = ["", "n", "r", "l", "s", "m", "nd", "rt", "ck"]
KINDS = ["Bank", "Group", "Party", "Council", "University", "Motors", "Union", "Agency", "Institute", "Airlines"]
ENTITIES_A_DOCUMENT = 10
ENTITIES_A_TOPIC = 60


def word(number, syllables):
    """The word with this number: different numbers, different words."""
    text = ""
    for _ in range(syllables):
        number, onset = divmod(number, len(ONSETS))
        number, vowel = divmod(number, len(VOWELS))
        text += ONSETS[onset] + VOWELS[vowel]
    return (text + CODAS[number % len(CODAS)] + (str(number // len(CODAS)) if number >= len(CODAS) else "")).capitalize()


class Zipf:
    """Ranks from 0 to `size` - 1, rank r with a probability proportional to 1 / (r + 2)."""

    def __init__(self, size):
        self.sums, total = [], 0.0
        for rank in range(size):
            total += 1 / (rank + 2)
            self.sums.append(total)

    def draw(self, source):
        return bisect.bisect_left(self.sums, source.random() * self.sums[-1])


def entity_of(number, given, family):
    """Name, type and aliases of the entity with this number."""
    source = random.Random(number)
    kind = source.random()
    if kind < 0.45:
        surname = word(family.draw(source), 2)
        name = f"{word(given.draw(source) + 7, 1)} {surname}"
        return name, "PER", [name, surname]
    if kind < 0.8:
        words = [word(number * 31 % 6007, 2), word(number, 2), KINDS[number % len(KINDS)]]
        name = " ".join(words[number % 2:])
        return name, "ORG", [name, "".join(part[0] for part in name.split())]
    name = word(number, 3)
    return name, "LOC", [name]


def add_links(entities, numbers):
    """Gives each entity its number in the world for a corpus id, and each of its forms a place; returns the mentions."""
    mentions = []
    for entity, number in zip(entities, numbers):
        entity["corpus_id"] = f"E{number + 1:06}"
        for alias in entity["aliases"]:
            start = 80 * len(mentions)
            entity["mentions"].append(len(mentions))
            mentions.append({"start": start, "end": start + len(alias["text"]), "text": alias["text"], "type": entity["type"],
                             "score": 0.9, "entity": entity["id"]})
    return mentions


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("entities", type=int, help="entities of all documents together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--linked", action="store_true", help="with places and with true corpus ids, for graphs")
    arguments = parser.parse_args()
    source = random.Random(arguments.seed)
    given, family = Zipf(2000), Zipf(50000)
    world = max(100, int(3 * arguments.entities**0.8))
    popular, topics = Zipf(world), Zipf(max(1, world // ENTITIES_A_TOPIC))
    within = Zipf(ENTITIES_A_TOPIC)
    for document in range(arguments.entities // ENTITIES_A_DOCUMENT):
        topic = topics.draw(source)
        chosen = []
        while len(chosen) < ENTITIES_A_DOCUMENT:
            local = source.random() < 0.7
            number = (topic * ENTITIES_A_TOPIC + within.draw(source)) % world if local else popular.draw(source)
            if number not in chosen:
                chosen.append(number)
        entities = []
        for number in chosen:
            name, kind, aliases = entity_of(number, given, family)
            if len(aliases) > 1:
                how = source.random()
                aliases = aliases if how < 0.5 else aliases[:1] if how < 0.85 else aliases[1:]
            entities.append({
                "id": f"{document}#{len(entities) + 1}", "name": aliases[0], "type": kind, "score": 0.9,
                "aliases": [{"text": text, "count": 1} for text in aliases], "mentions": [],
            })
        mentions = add_links(entities, chosen) if arguments.linked else []
        line = {"schema": "namesake/1", "id": str(document), "entities": entities, "mentions": mentions}
        sys.stdout.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
