#!/usr/bin/env python3
"""Write documents whose names are known to belong together or apart, to train and test the resolver on.

    python3 scripts/generate_documents.py --world WORLD --documents 2000 --seed 1 --out generated.jsonl

Newswire hardly has fathers and sons, subsidiaries, tickers or naming customs other than the English one.  Each document
here is a small story of one KIND (a function below, its name is part of the document's id), told with names drawn from the
tables of WORLD; every mention says which entity it means.  The format is that of the gold files (`format: gold`): what
`scripts/train_resolver.py` and `scripts/measure_resolution.py` read.  The same seed gives the same bytes.
"""
import argparse
import gzip
import json
import random
from pathlib import Path

KINDS = {}


def kind(function):
    KINDS[function.__name__] = function
    return function


def rows(path):
    """Cells of a tab-separated table, packed or not; lines that begin with # are comments."""
    packed = path.with_name(path.name + ".gz")
    lines = gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else open(path, encoding="utf-8")
    with lines:
        return [line.rstrip("\n").split("\t") for line in lines if not line.startswith("#")]


class World:
    """Names to draw from."""

    def __init__(self, folder, seed):
        self.random = random.Random(seed)
        given = [r for r in rows(folder / "given_names.tsv")[:6000] if r[3] and r[0].isalpha()]
        self.women = [r[0] for r in given if float(r[3]) > 0.95]
        self.men = [r[0] for r in given if float(r[3]) < 0.05]
        self.families = [r[0] for r in rows(folder / "family_names.tsv")[:20000] if r[0].isalpha() and len(r[0]) > 2]
        self.hispanic = [r[0] for r in rows(folder / "family_names.tsv")[:9000] if r[0].isalpha() and int(r[9] or 0) > 80]
        self.leading = [r[0] for r in rows(folder / "leading_families.tsv") if r[0].isalpha() and r[4] and float(r[4]) > 0.6]
        self.cities = [r[1] for r in rows(folder / "places.tsv")[:4000] if r[1].replace(" ", "").isalpha()]
        self.short_places = self.read_short_places(folder)
        self.nicknames = self.read_nicknames(folder)
        self.spellings = self.read_spellings(folder)

    @staticmethod
    def read_short_places(folder):
        found = []
        for row in rows(folder / "places.tsv"):
            forms = [form.split("=") for form in row[9].split(";") if "=" in form]
            letters = "".join(word[0] for word in row[1].split())
            forms = [name for name, share in forms if float(share) >= 0.9 and (name == letters or row[1].startswith(name + " "))]
            if forms and " " in row[1]:
                found.append((row[1], forms))
        return found

    @staticmethod
    def read_nicknames(folder):
        pairs = []
        for row in rows(folder / "nicknames.tsv"):
            if row[0] == "*" or not row[0].isalpha():
                continue
            short = [form.split(":") for form in row[3].split(";") if form.count(":") == 2]
            pairs += [(row[0], form, row[1]) for form, count, _ in short if int(count) >= 5]
        return pairs

    @staticmethod
    def read_spellings(folder):
        found = []
        for row in rows(folder / "name_variants.tsv"):
            if row[0] not in ("ru", "ar"):
                continue
            forms = [form.split("=")[0].capitalize() for form in row[3].split() if form.split("=")[0].isalpha()]
            if len(forms) > 1 and len(forms[0]) > 4:
                found.append(forms[:4])
        return found

    def common(self, names):
        """One of `names`, the first ones oftener."""
        return names[int(len(names) * self.random.random() ** 2)]

    def person(self, female=None, family=None):
        female = self.random.random() < 0.45 if female is None else female
        given = self.common(self.women if female else self.men)
        return Person(given, family or self.common(self.families), female)

    def firm(self):
        pick = self.random.choice
        stem = pick([lambda: self.common(self.families), self.coined, lambda: self.common(self.cities)])()
        return stem

    def coined(self):
        pick = self.random.choice
        parts = ["al", "ver", "no", "kes", "tri", "or", "qui", "lon", "hal", "mer", "sol", "ten", "vis", "gra", "po", "lum", "dax", "bri", "zen", "cor"]
        return "".join(pick(parts) for _ in range(self.random.choice([2, 3]))).capitalize() + pick(["a", "is", "on", "ex", "us", "ia", "", "or"])


class Person:
    def __init__(self, given, family, female):
        self.given, self.family, self.female = given, family, female

    @property
    def full(self):
        return f"{self.given} {self.family}"

    @property
    def title(self):
        return "Ms" if self.female else "Mr"

    @property
    def he(self):
        return "she" if self.female else "he"

    @property
    def his(self):
        return "her" if self.female else "his"


class Document:
    """A text that grows; `{0}` in a sentence stands for the first of the names given with it."""

    def __init__(self):
        self.text, self.mentions = "", []

    def say(self, sentence, *names, end=" "):
        pieces = sentence.replace("{", "\0{").replace("}", "}\0").split("\0")
        for piece in pieces:
            if piece.startswith("{"):
                surface, entity_type, entity = names[int(piece[1:-1])]
                start = len(self.text)
                self.text += surface
                self.mentions.append({"start": start, "end": len(self.text), "type": entity_type, "entity": entity})
            else:
                self.text += piece
        self.text += end


def per(surface, entity):
    return surface, "PER", entity


def org(surface, entity):
    return surface, "ORG", entity


def loc(surface):
    return surface, "LOC", f"place {surface}"


ACTS = ["{0} spoke on Monday.", "{0} left early.", "“We will wait,” {0} said.", "{0} did not answer.", "Nobody had asked {0}.",
        "A letter from {0} was read out.", "{0} wants a new vote.", "The answer of {0} came late.", "Friends of {0} were surprised."]
FIRM_ACTS = ["{0} will cut jobs.", "Shares of {0} rose.", "{0} did not comment.", "A spokesman for {0} said no.", "{0} has new owners.",
             "The court fined {0}.", "Workers at {0} are on strike.", "{0} makes pumps."]
PLACE_ACTS = ["Rain fell in {0}.", "The road to {0} is closed.", "The talks in {0} went on.", "She was born in {0}.", "{0} has a new mayor."]
OFFICES = ["senator", "judge", "coach", "minister", "painter", "mayor", "bishop", "dentist"]


def acts(world, document, name, sentences=None, count=1):
    for _ in range(count):
        document.say(world.random.choice(sentences or ACTS), name)


def filler(world, document):
    if world.random.random() < 0.4:
        acts(world, document, loc(world.common(world.cities)), PLACE_ACTS)


def distinct(world, make, other_than):
    while True:
        made = make()
        if made not in other_than:
            return made


@kind
def couple(world, document):
    """Two of one family, told apart by their titles or given names."""
    one = world.person(female=False)
    two = world.person(female=True, family=one.family)
    document.say("{0} " + world.random.choice(["and his wife, {1}, came", "met {1}", "and {1} bought a house", "praised {1}"])
                 + ".", per(one.full, "a"), per(two.full, "b"))
    filler(world, document)
    order = [(one, "a"), (two, "b")]
    world.random.shuffle(order)
    for person, entity in order:
        short = world.random.choice([f"{person.title} {person.family}", person.given])
        if short.startswith(person.title):
            document.say(f"{person.title} " + "{0} " + world.random.choice(["left early.", "was not asked.", "wrote a letter."]),
                         per(person.family, entity))
        else:
            acts(world, document, per(person.given, entity))
    if world.random.random() < 0.5:
        person, entity = world.random.choice(order)
        acts(world, document, per(person.full, entity))


@kind
def siblings(world, document):
    """Several of one family; only full and given names tell them apart."""
    family = world.common(world.families)
    people, given = [], set()
    while len(people) < world.random.choice([2, 3, 4]):
        person = world.person(family=family)
        if person.given not in given:
            given.add(person.given)
            people.append(person)
    for at, person in enumerate(people):
        acts(world, document, per(person.full, f"p{at}"))
        if world.random.random() < 0.3:
            acts(world, document, per(person.family, f"p{at}"))
    for at, person in sorted(enumerate(people), key=lambda _: world.random.random()):
        acts(world, document, per(world.random.choice([person.given, person.full]), f"p{at}"))


@kind
def generations(world, document):
    person = world.person(female=False)
    older, younger = world.random.choice([("Sr.", "Jr."), ("", "III"), ("", "Jr."), ("Sr.", ""), ("II", "III")])
    full = [f"{person.full} {older}".strip(), f"{person.full} {younger}".strip()]
    first = world.random.random() < 0.5
    for at in ([0, 1] if first else [1, 0]):
        acts(world, document, per(full[at], f"g{at}"))
    filler(world, document)
    for at, generation in sorted(enumerate((older, younger)), key=lambda _: world.random.random()):
        short = f"{person.family} {generation}" if generation else person.full
        acts(world, document, per(short, f"g{at}"))


@kind
def bearers_by_place(world, document):
    """Two bearers of a family name; the place or the office tells whom the bare name means."""
    one, two = world.person(female=False), None
    two = world.person(female=False, family=one.family)
    if one.given == two.given:
        return
    people = [(one, "a", world.common(world.cities), world.random.choice(OFFICES)),
              (two, "b", world.common(world.cities), world.random.choice(OFFICES))]
    if people[0][2] == people[1][2] or people[0][3] == people[1][3]:
        return
    by_place = world.random.random() < 0.5
    for person, entity, city, office in people:
        if by_place:
            document.say("{0} of {1} spoke.", per(person.full, entity), loc(city))
        else:
            document.say(world.random.choice(["{0}, the " + office + ", spoke.", f"The {office} " + "{0} spoke."]), per(person.full, entity))
    person, entity, city, office = world.random.choice(people)
    if by_place:
        document.say("Mr {0} of {1} sat down.", per(person.family, entity), loc(city))
    else:
        document.say(f"The {office}, Mr " + "{0}, sat down.", per(person.family, entity))


@kind
def alone(world, document):
    """One person, then the short forms."""
    person = world.person()
    acts(world, document, per(person.full, "a"))
    if world.random.random() < 0.5:
        document.say(f"{person.he.capitalize()} came with " + "{0}.", per(world.person().full, "b"))
    for _ in range(world.random.choice([1, 2, 3])):
        short = world.random.choice([person.family, person.family, person.given, person.full, f"{person.given[0]}. {person.family}"])
        if short == person.family and world.random.random() < 0.3:
            document.say(f"{person.title} " + "{0} agreed.", per(short, "a"))
        else:
            acts(world, document, per(short, "a"))


@kind
def given_first(world, document):
    """The given name stands before the full name."""
    one, two = world.person(), world.person()
    if one.given == two.given or one.family == two.family:
        return
    acts(world, document, per(one.given, "a"))
    acts(world, document, per(two.full, "b"))
    acts(world, document, per(one.full, "a"))
    acts(world, document, per(two.given, "b"))
    acts(world, document, per(one.given, "a"))


@kind
def nickname(world, document):
    given, short, female = world.random.choice(world.nicknames)
    person = Person(given, world.common(world.families), float(female or 0) > 0.5)
    if world.random.random() < 0.4:
        document.say("{0} was a pilot.", per(f"{given} “{short}” {person.family}", "a"))
    else:
        acts(world, document, per(person.full, "a"))
    acts(world, document, per(f"{short} {person.family}", "a"))
    if world.random.random() < 0.5:
        other = world.person(family=person.family)
        if other.given not in (given, short):
            acts(world, document, per(other.full, "b"))
    acts(world, document, per(short, "a"))


@kind
def spellings(world, document):
    """One name spelled in two ways."""
    forms = world.random.choice(world.spellings)
    one, two = world.random.sample(forms, 2)
    given = world.common(world.men)
    acts(world, document, per(f"{given} {one}", "a"))
    filler(world, document)
    acts(world, document, per(world.random.choice([two, f"{given} {two}"]), "a"))


@kind
def slips(world, document):
    """A slip of the pen, and beside it another person of a like name."""
    person = world.person()
    family = person.family
    if len(family) < 6:
        return
    at = world.random.randrange(1, len(family) - 1)
    slip = world.random.choice([family[:at] + family[at + 1:], family[:at] + family[at] + family[at:],
                                family[:at] + family[at + 1] + family[at] + family[at + 2:]])
    if slip == family:
        return
    acts(world, document, per(person.full, "a"), count=2)
    acts(world, document, per(f"{person.given} {slip}", "a"))
    acts(world, document, per(family, "a"))


@kind
def like_families(world, document):
    """Two people whose family names differ in a letter."""
    one = world.person()
    near = [f for f in world.families if f != one.family and abs(len(f) - len(one.family)) < 2 and f[:3] == one.family[:3] and len(f) > 4]
    if not near or len(one.family) < 5:
        return
    two = world.person(family=world.random.choice(near))
    if one.given == two.given:
        return
    for person, entity in ((one, "a"), (two, "b")):
        acts(world, document, per(person.full, entity))
    for person, entity in sorted(((one, "a"), (two, "b")), key=lambda _: world.random.random()):
        acts(world, document, per(person.family, entity))


@kind
def spanish(world, document):
    """Given name, father's and mother's family name."""
    given = world.common(world.men + world.women)
    father, mother = world.random.sample(world.hispanic, 2)
    particle = world.random.choice(["", "", "de la ", "del "])
    full = f"{given} {particle}{father} {mother}"
    acts(world, document, per(full, "a"))
    acts(world, document, per(world.common(world.men) + " " + world.random.choice(world.families), "b"))
    acts(world, document, per(world.random.choice([f"{particle[:1].upper()}{particle[1:]}{father}", f"{particle}{father} {mother}"]), "a"))
    acts(world, document, per(world.random.choice([father if not particle else f"{particle}{father}", f"{given} {particle}{father}"]), "a"))


@kind
def family_first(world, document):
    """Korean and Chinese names; Vietnamese ones, called by their last word."""
    syllables = ["Min", "Jun", "Soo", "Hye", "Jae", "Sung", "Wei", "Ling", "Xiao", "Hua", "Mei", "Yong", "Hee", "Chul"]
    families = world.random.sample(world.leading, 2)
    for at, family in enumerate(families):
        given = "-".join(world.random.sample(syllables, 2)).capitalize()
        acts(world, document, per(f"{family} {given[0] + given[1:].lower()}", f"p{at}"))
    filler(world, document)
    for at, family in enumerate(families):
        acts(world, document, per(family, f"p{at}"))


@kind
def vietnamese(world, document):
    given = world.random.sample(["Thanh", "Lan", "Minh", "Huong", "Dung", "Tuan", "Hoa", "Phuc", "Quang", "Binh", "Linh", "Nam"], 2)
    for at, name in enumerate(given):
        middle = world.random.choice(["Van", "Thi", "Duc", "Ngoc"])
        acts(world, document, per(f"{world.random.choice(['Nguyen', 'Tran', 'Le', 'Pham', 'Vo', 'Dang'])} {middle} {name}", f"p{at}"))
    for at, name in enumerate(given):
        document.say(world.random.choice(["Mr {0} agreed.", "{0} agreed.", "Ms {0} left."]), per(name, f"p{at}"))


@kind
def inverted(world, document):
    """Lists of "Last, First", and the people in the text below."""
    people = [world.person() for _ in range(world.random.choice([2, 3]))]
    if len({p.family for p in people}) < len(people) or len({p.given for p in people}) < len(people):
        return
    for at, person in enumerate(people):
        document.say("{0}", per(f"{person.family}, {person.given}", f"p{at}"), end="; " if at + 1 < len(people) else "\n\n")
    for at, person in sorted(enumerate(people), key=lambda _: world.random.random()):
        acts(world, document, per(world.random.choice([person.full, person.family, person.given]), f"p{at}"))


@kind
def transcript(world, document):
    people = [world.person(), world.person()]
    if people[0].family == people[1].family or people[0].given == people[1].given:
        return
    document.say("HOST: With me are {0} and {1}.", per(people[0].full, "p0"), per(people[1].full, "p1"), end="\n")
    for _ in range(world.random.choice([3, 4])):
        at = world.random.randrange(2)
        label = world.random.choice([people[at].family.upper(), people[at].full.upper()])
        document.say("{0}: " + world.random.choice(["Well, {1} knows.", "Thanks, {1}.", "I agree with {1}."]),
                     per(label, f"p{at}"), per(people[1 - at].given, f"p{1 - at}"), end="\n")


@kind
def subsidiary(world, document):
    """A firm and another that begins with its name."""
    stem, part = world.firm(), world.random.choice(["Energy", "Healthineers", "Capital", "Motors", "Pharma", "Mobile", "Ventures", "Foods", "Logistics", "Digital"])
    parent = stem + world.random.choice(["", "", " AG", " Inc.", " Group"])
    opening = world.random.choice(["{1} was split off from {0} in 2020.", "{1} is a subsidiary of {0}.", "{0} owns half of {1}.",
                                   "{0} sold {1} last year.", "{0} and {1} have parted.", "{1}, a unit of {0}, grew."])
    document.say(opening, org(parent, "a"), org(f"{stem} {part}", "b"))
    for _ in range(2):
        name = world.random.choice([org(stem, "a"), org(f"{stem} {part}", "b"), org(parent, "a")])
        acts(world, document, name, FIRM_ACTS)


@kind
def firm_alone(world, document):
    """A firm and its short form."""
    stem = world.firm()
    part = world.random.choice(["Energy", "Oil", "Capital", "Motors", "Pharma", "Networks", "Foods", "Logistics", "Bank", "Steel"])
    form = world.random.choice(["", " Inc.", " plc", " AG", " Ltd", " Co."])
    acts(world, document, org(f"{stem} {part}{form}", "a"), FIRM_ACTS)
    filler(world, document)
    for _ in range(2):
        acts(world, document, org(world.random.choice([stem, f"{stem} {part}", f"{stem} {part}{form}"]), "a"), FIRM_ACTS)


@kind
def renamed(world, document):
    old, new = world.coined(), world.coined()
    if old == new:
        return
    opening = world.random.choice(["{0} (now {1}) was sold.", "{1}, formerly {0}, was sold.", "{1}, formerly known as {0}, was sold.",
                                   "{0}, also known as {1}, was sold.", "{0}, trading as {1}, was sold."])
    document.say(opening, org(old, "a"), org(new, "a"))
    for _ in range(2):
        acts(world, document, org(world.random.choice([old, new]), "a"), FIRM_ACTS)
    acts(world, document, org(distinct(world, world.coined, (old, new)), "b"), FIRM_ACTS)


@kind
def ticker(world, document):
    stem = world.coined()
    letters = (stem[0] + "".join(world.random.sample(stem[1:], min(3, len(stem) - 1)))).upper()
    exchange = world.random.choice(["NASDAQ", "NYSE", "LSE"])
    document.say("Shares of {0} ({1}: {2}) rose.", org(f"{stem} {world.random.choice(['Pharma', 'Inc.', 'Motors', 'Networks Inc.'])}", "a"),
                 org(exchange, "x"), org(letters, "a"))
    acts(world, document, org(letters, "a"), FIRM_ACTS)
    acts(world, document, org(stem, "a"), FIRM_ACTS)


@kind
def acronym(world, document):
    """A long name and its letters, defined or not, beside letters that are another's."""
    words = world.random.sample(["World", "Trade", "Health", "Union", "National", "Science", "Youth", "Labour", "Film", "Energy", "Court", "Northern", "Council", "Farm"],
                                world.random.choice([3, 4]))
    name, letters = " ".join(words), "".join(word[0] for word in words)
    if world.random.random() < 0.6:
        document.say("The {0} ({1}) met.", org(name, "a"), org(letters, "a"))
    else:
        document.say("The {0} met.", org(name, "a"))
    other = "".join(world.random.sample("BDGKPQRVZ", len(letters)))
    for mention in sorted([org(letters, "a"), org(other, "b"), org(name, "a")], key=lambda _: world.random.random()):
        acts(world, document, mention, ["The {0} met again.", "The {0} said no.", "A report of the {0} is due."])


@kind
def departments(world, document):
    topics = world.random.sample(["Justice", "Defense", "Energy", "Labor", "Health", "Transport", "Finance", "Education"], 2)
    for at, topic in enumerate(topics):
        document.say("The {0} sued the firm.", org(f"Department of {topic}", f"d{at}"))
    for at, topic in sorted(enumerate(topics), key=lambda _: world.random.random()):
        document.say("The {0} said no.", org(f"{topic} Department", f"d{at}"))
    document.say("The {0} will answer.", org("DO" + topics[0][0], "d0"))


@kind
def same_institution(world, document):
    """Institutions of one name at different places."""
    what = world.random.choice(["First National Bank of", "University of", "Bank of", "Port of", "Church of", "Court of"])
    cities = world.random.sample(world.cities[:800], 2)
    for at, city in enumerate(cities):
        acts(world, document, org(f"{what} {city}", f"i{at}"), FIRM_ACTS)
        if world.random.random() < 0.5:
            acts(world, document, loc(city), PLACE_ACTS)
    acts(world, document, org(f"{what} {cities[0]}", "i0"), FIRM_ACTS)


@kind
def one_generic_word(world, document):
    """Firms that share their second word."""
    generic = world.random.choice(["Capital", "Partners", "Motors", "Media", "Energy", "Foods"])
    stems = {world.firm() for _ in range(3)}
    for at, stem in enumerate(sorted(stems)):
        acts(world, document, org(f"{stem} {generic}", f"f{at}"), FIRM_ACTS)
    for at, stem in enumerate(sorted(stems)):
        acts(world, document, org(stem, f"f{at}"), FIRM_ACTS)


@kind
def short_places(world, document):
    if not world.short_places:
        return
    (one, forms), (two, _) = world.random.sample(world.short_places, 2)
    acts(world, document, loc(one), PLACE_ACTS)
    acts(world, document, loc(two), PLACE_ACTS)
    short = world.random.choice(forms)
    document.say(world.random.choice(PLACE_ACTS), (short, "LOC", f"place {one}"))


@kind
def person_and_place(world, document):
    """A word that is a place, and a person who bears it."""
    place = world.common(world.cities[:400])
    if " " in place:
        return
    person = Person(place, world.common(world.families), False) if world.random.random() < 0.5 else Person(world.common(world.men), place, False)
    acts(world, document, per(person.full, "a"))
    for mention in sorted([loc(place), loc(place), per(place, "a")], key=lambda _: world.random.random()):
        acts(world, document, mention, PLACE_ACTS if mention[1] == "LOC" else ACTS)


@kind
def firm_and_person(world, document):
    """A firm that bears its founder's name."""
    person = world.person()
    firm = person.family + world.random.choice(["'s", " Motors", " & Co.", " Foods"])
    acts(world, document, per(person.full, "a"))
    acts(world, document, org(firm, "b"), FIRM_ACTS)
    for mention in sorted([per(person.family, "a"), org(firm, "b")], key=lambda _: world.random.random()):
        acts(world, document, mention, ACTS if mention[1] == "PER" else FIRM_ACTS)


def documents(world, count):
    """`count` documents, each kind as often as every other; a third of them hold two stories."""
    names = sorted(KINDS)
    made = 0
    while made < count:
        chosen = [names[made % len(names)]]
        if world.random.random() < 0.33:
            chosen.append(world.random.choice(names))
        document = Document()
        for at, name in enumerate(chosen):
            before = len(document.mentions)
            KINDS[name](world, document)
            for mention in document.mentions[before:]:
                if not mention["entity"].startswith("place "):
                    mention["entity"] = f"{at} {mention['entity']}"
            document.text += "\n"
        if document.mentions:
            yield {"id": f"generated/{made}-{'-'.join(chosen)}", "text": document.text, "mentions": document.mentions}
            made += 1


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--world", type=Path, required=True, help="folder with the tables of names")
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    world = World(arguments.world, arguments.seed)
    with open(arguments.out, "w", encoding="utf-8") as out:
        for document in documents(world, arguments.documents):
            out.write(json.dumps(document, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
