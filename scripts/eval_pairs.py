"""Random annotation pairs for eval_parity.py: labels of tokens, and documents with mentions and entities.

Nested, crossing and duplicate mentions, empty documents and characters of every width in UTF-8 and UTF-16 are among them.
"""

SCHEMES = ("IOB1", "IOB2", "IOBES", "BILOU")
TYPES = ("PER", "ORG", "LOC", "LOC", "MISC")
WORDS = ("Ada", "Brook", "Ito", "Zoë", "Oslo", "Bern", "😀", "the", "of", "ＮＡＴＯ", "Nato", "met", ".")


def random_labels(rnd, length, scheme, noise):
    """Labels of one sentence: spans spelled in the scheme, some labels then replaced by any other."""
    labels, at, before = ["O"] * length, 0, None
    while at < length:
        if rnd.random() < 0.5:
            size, kind = min(rnd.randint(1, 4), length - at), rnd.choice(["PER", "ORG", "LOC", "work-of-art"])
            labels[at:at + size] = [f"{prefix}-{kind}" for prefix in spelled(scheme, size, follows=before == kind)]
            at, before = at + size, kind
        else:
            at, before = at + 1, None
    prefixes = {"IOB1": "I", "IOB2": "BI", "IOBES": "BIES", "BILOU": "BILU"}[scheme]

    def any_label():
        return rnd.choice(["O"] + [f"{prefix}-{kind}" for prefix in prefixes for kind in ("PER", "ORG")])

    return [any_label() if rnd.random() < noise else label for label in labels]


def spelled(scheme, size, follows):
    """Prefixes of a span of `size` tokens; `follows` says that one of its type ends right before it."""
    if scheme == "IOB1":
        return ["B" if follows else "I"] + ["I"] * (size - 1)
    if scheme == "IOB2":
        return ["B"] + ["I"] * (size - 1)
    last, single = ("E", "S") if scheme == "IOBES" else ("L", "U")
    return [single] if size == 1 else ["B"] + ["I"] * (size - 2) + [last]


def random_label_pair(rnd):
    """Scheme, gold and system of a few sentences."""
    scheme, noise = rnd.choice(SCHEMES), rnd.choice([0, 0, 0.1, 0.4])
    lengths = [rnd.randint(1, 15) for _ in range(rnd.randint(1, 6))]
    gold, system = ([random_labels(rnd, length, scheme, noise) for length in lengths] for _ in range(2))
    return scheme, gold, system


def random_mention(rnd, places, entities):
    first = rnd.randrange(len(places))
    last = min(first + rnd.choice([0, 0, 0, 1, 2]), len(places) - 1)
    start, end = places[first][0], places[last][1]
    if rnd.random() < 0.1 and end - start > 1:
        start += 1
    return {"start": start, "end": end, "type": rnd.choice(TYPES), "entity": rnd.choice(entities)}


def random_document(rnd, number, extras, sizes):
    """Gold and system of one document of one of these `sizes`; `extras` are those of the gold packs (`skip`, `coref`, `eval_span` and so on)."""
    words = [rnd.choice(WORDS) for _ in range(rnd.choice(sizes))]
    text, places = "", []
    for word in words:
        places.append((len(text), len(text) + len(word)))
        text += word + " "
    gold = {"id": f"d{number}", "text": text, "mentions": []}
    shared = [f"Q{n}" for n in range(6)]
    own = [None, None] if extras else [f"Q{number}-{n}" for n in range(3)] + ["NIL1", "NIL2"]
    if words:
        for _ in range(rnd.randint(0, len(words) // 2)):
            mention = random_mention(rnd, places, shared + own)
            if extras:
                add_extras(rnd, mention)
            gold["mentions"].append(mention)
        if extras:
            add_coverage(rnd, gold)
    system = {"id": gold["id"], "mentions": random_answer(rnd, gold, extras)}
    if words:
        names = [f"s{n}" for n in range(5)] + ([None] if extras else ["NIL3"])
        system["mentions"] += [random_mention(rnd, places, names) for _ in range(rnd.randint(0, 4))]
    if rnd.random() < 0.3:
        system["mentions"] += [dict(mention) for mention in system["mentions"][:2]]
        gold["mentions"] += [dict(mention, type="ORG") for mention in gold["mentions"][:1]]
    return gold, system


def random_answer(rnd, gold, extras):
    """What a system might make of the gold: most mentions, some of them with wrong borders, types and entities."""
    found = []
    for mention in gold["mentions"]:
        if rnd.random() >= 0.75:
            continue
        mention = {key: mention[key] for key in ("start", "end", "type", "entity")}
        if mention["type"] is None or rnd.random() < 0.15:
            mention["type"] = rnd.choice(["PER", "LOC", "MISC"] + ([None] if extras else []))
        if rnd.random() < 0.15 and mention["end"] - mention["start"] > 1:
            mention["end"] -= 1
        if mention["entity"] is None or rnd.random() < 0.3:
            mention["entity"] = rnd.choice([f"s{n}" for n in range(5)] + ([None] if extras else ["NIL4"]))
        found.append(mention)
    return found


def add_extras(rnd, mention):
    if rnd.random() < 0.1:
        mention["skip"] = "common"
    if rnd.random() < 0.1:
        mention["coref"] = True
    if rnd.random() < 0.1:
        mention["type_alt"] = "ORG"
    if rnd.random() < 0.1:
        mention["type"] = None


def add_coverage(rnd, gold):
    if rnd.random() < 0.15:
        gold["eval_span"] = [0, len(gold["text"]) // 2]
    if rnd.random() < 0.15:
        gold["exhaustive"] = False
    if rnd.random() < 0.15:
        gold["types"] = ["PER", "ORG", "LOC"]
    if rnd.random() < 0.1:
        gold["entity_annotation"] = "partial"


def random_documents(rnd, extras, sizes=(0, 3, 12, 40)):
    """Gold and system of a few documents, whose words are as many as one of `sizes` says."""
    pairs = [random_document(rnd, number, extras, sizes) for number in range(rnd.choice([1, 1, 2, 5]))]
    gold, system = zip(*pairs)
    return list(gold), list(system)


def random_options(rnd):
    """Choices that `namesake eval` and score_entities.py both have."""
    options = {}
    if rnd.random() < 0.5:
        options["nil"] = rnd.choice(["singleton", "exclude", "surface"])
    if rnd.random() < 0.3:
        options["twinless"] = "singleton"
    if rnd.random() < 0.3:
        options["include_coref"] = True
    if rnd.random() < 0.3:
        options["types"] = ["PER", "LOC"]
    return options


def first_of_each_span(mentions):
    """What `namesake eval` compares: of mentions with the same span the first, in order of the text, longest first."""
    seen = {}
    for mention in mentions:
        seen.setdefault((mention["start"], mention["end"]), mention)
    return sorted(seen.values(), key=lambda mention: (mention["start"], -mention["end"]))


def spoiled_labels(rnd, labels):
    """A system's labels made from the gold's."""
    out = list(labels)
    for at, label in enumerate(out):
        if rnd.random() < 0.03:
            out[at] = "O" if label != "O" else rnd.choice(["B-PER", "I-ORG", "B-LOC"])
    return out


def spoiled_document(rnd, document):
    """A system's answer made from the gold: nine mentions of ten, a few of them wrong in one way or another."""
    found = []
    for mention in document["mentions"]:
        if rnd.random() >= 0.9 or mention.get("skip"):
            continue
        mention = {key: mention[key] for key in ("start", "end", "type", "entity")}
        if rnd.random() < 0.05 and mention["end"] - mention["start"] > 1:
            mention["end"] -= 1
        if rnd.random() < 0.05:
            mention["type"] = rnd.choice(TYPES)
        surface = document["text"][mention["start"]:mention["end"]]
        if rnd.random() < 0.3:
            mention["entity"] = f"{document['id']} {surface}"
        elif rnd.random() < 0.1:
            mention["entity"] = surface
        found.append(mention)
    return {"id": document["id"], "mentions": found}
