"""Layouts of training text: the same sentences in other lines, and blocks such as lists, tables and heads of mail.

The answers of the blocks are known: `scripts/layouts.txt` holds templates, whose names come from the training text and from
`scripts/names.tsv`. What is no language (garbage of text recognition, code, logs, figures) is labelled empty.
"""

import base64
import re
from collections import Counter
from pathlib import Path

import ner_data as data

TEMPLATES = Path(__file__).with_name("layouts.txt")
# Marks without a blank before them, as far as the width of a line depends on it.
ATTACHED = {".", ",", ";", ":", "!", "?", ")", "]", "%", "'s", "’s", "n't", "”", "’"}
ENDS = {".", "!", "?", ":", '"', "”", "’", "'", ")", "…"}
BULLETS = ["-", "*", "•", "–", "·", "o", None, None]
MONTHS = "January February March April May June July August September October November December Jan. Feb. Sept. Oct. Nov. Dec.".split()
STREETS = ["Street", "Road", "Avenue", "Lane", "Square", "Boulevard", "Drive", "St.", "Ave."]
STATES = "AL AZ CA CO CT FL GA IA IL KY MA MD ME MI MN MO NC NJ NM NV NY OH OR PA TX UT VA WA WI".split()
LINES_OF_CODE = [
    "if ( x == null ) { return -1 ; }", "for i in range ( n ) :", "import os , sys", "public static void main ( String [ ] args ) {",
    "SELECT * FROM users WHERE id = 7 ;", "< div class = \" main \" >", "const total = items.reduce ( ( a , b ) => a + b , 0 ) ;", "#include < stdio.h >",
    "print ( f \" { name } : { value } \" )", "} catch ( Exception e ) {", "git commit -m \" fix \"", "x = np.zeros ( ( 3 , 4 ) )",
]  # fmt: skip


def arranged(sentences, rng):
    """The sentences of a document in other lines: as they are, in running text, wrapped, or as paragraphs."""
    way = rng.choices(["kept", "running", "wrapped", "spaced"], [35, 15, 35, 15])[0]
    if way == "kept":
        return sentences
    if way == "spaced":
        return [with_first(sentence, data.PARAGRAPH) for sentence in sentences]
    paragraph = rng.choice([0.0, 0.2, 0.5])
    result = []
    for sentence in sentences:
        follows = result and result[-1].words[-1] in ENDS
        if follows and rng.random() >= paragraph:
            sentence = with_first(sentence, data.INLINE)
        elif rng.random() < 0.5:
            sentence = with_first(sentence, data.PARAGRAPH)
        result.append(sentence)
    return wrapped(result, rng) if way == "wrapped" else result


def with_first(sentence, layout):
    return data.Sentence(sentence.words, sentence.labels, sentence.opinions, [layout, *sentence.layout[1:]])


def wrapped(sentences, rng):
    """Lines of at most so many characters, broken between any two words. The program reads words that were parted with a hyphen whole."""
    width, column, result = rng.randint(45, 90), 0, []
    for sentence in sentences:
        rows = []
        for word, label, opinion, layout in sentence.rows():
            if layout in (data.LINE, data.PARAGRAPH):
                column = 0
            length = len(word) + (word not in ATTACHED)
            if column and column + length > width and word not in ATTACHED:
                layout, column = data.LINE, 0
            column += length
            rows.append([word, label, opinion, layout])
        result.append(data.Sentence.of(rows))
    return result


def read_templates():
    """[[lines of a block]]; the kinds serve the reader of the file."""
    blocks = []
    for line in TEMPLATES.read_text(encoding="utf-8").splitlines():
        if line.startswith("== "):
            blocks.append((line[3:], []))
        elif line and not line.startswith("# "):
            blocks[-1][1].append(line)
    by_kind = {}
    for kind, lines in blocks:
        by_kind.setdefault(kind, []).append(lines)
    return by_kind


class Blocks:
    """Makes blocks from templates, with names of the training text."""

    def __init__(self, documents, names):
        self.names, self.regions = names, sorted(names["family"])
        self.templates = read_templates()
        self.kinds = sorted(self.templates)
        found = {kind: Counter() for kind in data.TYPES}
        self.sentences = []
        for document in documents:
            for sentence in document.sentences:
                if None in sentence.labels or document.lacking:
                    continue
                for start, end, kind in data.spans(sentence.labels):
                    if kind in found and end - start <= 6:
                        found[kind][tuple(sentence.words[start:end])] += 1
                if 6 <= len(sentence.words) <= 40 and sentence.words[-1] in ENDS:
                    self.sentences.append(sentence)
        # A name in capitals is in no list as it stands.
        self.found = {kind: sorted(name for name in counts if not all(w.isupper() for w in name) or len(name) == 1) for kind, counts in found.items()}

    def block(self, rng):
        """The sentences of one block, a line each."""
        return Block(self, rng).sentences(rng.choice(self.templates[rng.choice(self.kinds)]))

    def name(self, kind, rng):
        """The words of a name."""
        if kind == "PER" and (rng.random() < 0.6 or not self.found["PER"]):
            region = rng.choice(self.regions)
            name = [rng.choice(self.names["given"][region]), rng.choice(self.names["family"][region])]
            if rng.random() < 0.2:
                name.insert(1, rng.choice("ABCDEFGHJKLMNPRSTVW") + ".")
            if rng.random() < 0.06:
                name += [",", rng.choice(["Jr.", "Sr."])]
            return name
        if kind == "LOC" and (rng.random() < 0.4 or not self.found["LOC"]):
            return [rng.choice(self.names["place"][rng.choice(self.regions)])]
        if kind == "ORG" and (rng.random() < 0.25 or not self.found["ORG"]):
            return self.firm(rng)
        return list(rng.choice(self.found[kind] or [("Union",)]))

    def firm(self, rng):
        family = [rng.choice(self.names["family"][rng.choice(self.regions)]) for _ in range(3)]
        place = rng.choice(self.names["place"][rng.choice(self.regions)])
        return rng.choice([
            [family[0], "&", family[1]], [family[0], ",", family[1], "&", family[2], "LLP"], [family[0], "Inc."], [family[0], "and", "Sons"], [f"{family[0]}-{family[1]}"],
            [place, "University"], ["University", "of", place], ["Bank", "of", place], [family[0], "Holdings", ",", "Inc."], [family[0]], [family[0], "GmbH"],
            [place, "City", "Council"], [family[0], "Group", "plc"], [family[0], "Foundation"], [family[0] + place.lower()[:3], "S.A."], [place, "United"],
        ])  # fmt: skip


class Block:
    """One block while it is made: what is chosen once for all its lines."""

    def __init__(self, blocks, rng):
        self.blocks, self.rng = blocks, rng
        self.same = {}
        self.bullet = rng.choice(BULLETS)
        # A cell begins behind a tab or blanks, else behind a mark.
        self.border = rng.choice([None, None, None, "|", "|", ";"])
        self.numbered = rng.random() < 0.2

    def sentences(self, lines):
        found, layout = [], data.PARAGRAPH
        for line in lines:
            times = self.rng.randint(2, 8) if line.startswith("* ") else 1
            if line == "~":
                layout = data.PARAGRAPH
                continue
            for number in range(times):
                rows = self.line(line.removeprefix("* ").split(), number + 1)
                if rows:
                    rows[0][3] = layout
                    found.append(data.Sentence.of(rows))
                    layout = data.LINE
        return found

    def line(self, parts, number):
        rows, layout = [], data.INLINE
        for part in parts:
            if part == ">>":
                if self.border:
                    rows.append([self.border, "O", None, data.INLINE])
                layout = data.INLINE if self.border else data.CELL
                continue
            for word, label, opinion in self.part(part, number):
                rows.append([word, label, opinion, layout])
                layout = data.INLINE
        return rows

    def part(self, part, number):
        slot = re.fullmatch(r"\{([A-Z]+(?:64)?)([0-9]?)(!?)\}", part)
        if not slot:
            return [(part if "{" not in part else re.sub(r"\{[A-Z]+\}", "PRNewswire", part), "O", None)]
        kind, same, capitals = slot.groups()
        if kind == "BULLET":
            mark = f"{number}." if self.numbered else self.bullet
            return [(mark, "O", None)] if mark else []
        if kind in ("SENTENCE", "HEADLINE", "WORDS"):
            return self.of_text(kind)
        if kind in ("PER", "ORG", "LOC", "MISC", "FAMILY", "GIVEN", "STREET"):
            words, kind = self.name(kind, same)
            # A suffix behind a comma is no part of the name.
            inside = words.index(",") if kind == "PER" and "," in words else len(words)
            words = [word.upper() if capitals else word for word in words]
            return [(word, "O" if at >= inside else f"{'I' if at else 'B'}-{kind}", None) for at, word in enumerate(words)]
        return [(word, "O", None) for word in self.other(kind)]

    def name(self, kind, same):
        if kind == "STREET":
            return [self.blocks.name("PER", self.rng)[-1].strip(",."), self.rng.choice(STREETS)], "LOC"
        whole = "PER" if kind in ("FAMILY", "GIVEN") else kind
        words = self.same.get((whole, same)) or self.blocks.name(whole, self.rng)
        if same:
            self.same[whole, same] = words
        if kind == "FAMILY":
            family = words[: words.index(",")] if "," in words else words
            return family[-1:], "PER"
        return (words[:1] if kind == "GIVEN" else words), whole

    def of_text(self, kind):
        rng, sentences = self.rng, self.blocks.sentences
        if not sentences:
            return [("—", "O", None)]
        rows = [(word, label, opinion) for word, label, opinion, _ in rng.choice(sentences).rows()]
        if kind == "SENTENCE":
            return rows
        if kind == "HEADLINE":
            change = rng.choice([str, str.upper, lambda word: word[:1].upper() + word[1:], lambda word: word[:1].upper() + word[1:]])
            return [(change(word), label, opinion) for word, label, opinion in rows[:-1]]
        plain = [row for row in rows[:-1] if row[1] == "O" and row[0].islower()][: rng.randint(2, 5)]
        return [(plain[0][0].capitalize(), "O", None), *plain[1:]] if plain else [("Notes", "O", None)]

    def other(self, kind):
        rng = self.rng
        day, month, year = str(rng.randint(1, 28)), rng.choice(MONTHS), str(rng.randint(1950, 2026))
        letters = "abcdefghijklmnopqrstuvwxyz"
        word = "".join(rng.choice(letters) for _ in range(rng.randint(3, 8)))
        number = str(rng.randint(1, 2000))
        if kind == "NUM":
            return [rng.choice([number, f"{rng.randint(1, 99)}.{rng.randint(0, 99):02}", f"{rng.randint(1, 99)},{rng.randint(100, 999)}"])]
        if kind == "DATE":
            return rng.choice([[month, day, ",", year], [day, month, year], [month, day], [f"{rng.randint(1, 12)}/{day}/{year}"], [f"{year}-{rng.randint(1, 12):02}-{int(day):02}"]])
        if kind == "YEAR":
            return [year]
        if kind == "TIME":
            return [f"{rng.randint(0, 23)}:{rng.randint(0, 59):02}", *rng.choice([[], ["AM"], ["p.m."]])]
        if kind == "MONEY":
            return ["$", number]
        if kind == "PHONE":
            return rng.choice([[f"+{rng.randint(1, 99)}", number, number], [f"{rng.randint(200, 999)}-{rng.randint(200, 999)}-{rng.randint(1000, 9999)}"]])
        if kind == "MAIL":
            return [word, "@", rng.choice(["example.com", "example.org", "mail.example", f"{word}.com"])] if rng.random() < 0.3 else [f"{word}.{word[::-1]}", "@", "example.com"]
        if kind == "URL":
            return [rng.choice([f"https://www.{word}.com/{word}", f"www.{word}.org", f"{word}.com"])]
        if kind == "PARTY":
            return [f"{rng.choice('RD')}-{rng.choice([*STATES, 'Ky.', 'Mass.', 'Texas', 'Ohio', 'Calif.'])}"]
        if kind == "CODE":
            return ["".join(rng.choice(letters.upper()) for _ in range(rng.randint(2, 4)))]
        if kind == "INITIAL":
            return [rng.choice("ABCDEFGHJKLMNPRST") + "."]
        if kind == "TITLE":
            return rng.choice([["Dr."], ["President"], ["Senator"], ["Professor"], ["Director"], ["Minister"], ["Ambassador"], ["Chief", "Executive"], ["Secretary"]])
        return noise(kind, rng)


def noise(kind, rng):
    """Words of a line that is no language."""

    def junk(letters, least, most):
        return "".join(rng.choice(letters) for _ in range(rng.randint(least, most)))

    if kind == "GARBAGE":
        letters = "aeilnorstucmfhIlT1|"
        return [junk(letters + letters.upper() + "^~_\\", 1, 9).strip("|^~_\\") or "|" for _ in range(rng.randint(3, 12))]
    if kind == "BASE64":
        return [base64.b64encode(rng.randbytes(rng.randint(12, 40))).decode().strip("=").replace("+", "a").replace("/", "b")]
    if kind == "LOG":
        level = rng.choice(["INFO", "WARN", "ERROR", "DEBUG"])
        task = rng.choice(["Main", "Worker-3", "HttpServer", "SessionManager", "Scheduler", "Kernel"])
        date = f"{rng.randint(2001, 2026)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        return [date, f"{rng.randint(0, 23):02}:{rng.randint(0, 59):02}:{rng.randint(0, 59):02}", level, "[", task, "]", rng.choice(["GET", "Started", "Connection", "Timeout"]), junk("abcdef0123456789", 6, 16)]
    if kind == "CODELINE":
        return rng.choice(LINES_OF_CODE).split()
    return [f"{rng.randint(0, 999)}.{rng.randint(0, 99):02}" for _ in range(rng.randint(3, 9))]
