"""Variations of training text: other case, other names, other marks. Each epoch sees each document in another dress.

The gold labels hold for every variation. Names come from `scripts/names.tsv`, a list written for this purpose, with the
same number of names for every part of the world.
"""

import argparse
from collections import defaultdict
from pathlib import Path

import layouts
import ner_data as data

# How recognised text goes wrong: letters of like shape. One slip a word, in one word of five of a sentence.
SLIPS = [("e", "c"), ("c", "e"), ("h", "b"), ("b", "h"), ("l", "1"), ("i", "l"), ("l", "i"), ("rn", "m"), ("m", "rn"), ("u", "n"), ("n", "u"),
         ("o", "0"), ("a", "o"), ("t", "f"), ("g", "q"), ("I", "l"), ("O", "0"), ("S", "5"), ("cl", "d"), ("vv", "w"), ("in", "m"), ("ll", "U")]  # fmt: skip

# What stands in front of a person's name and is no part of it.
TITLES = """Mr, Mrs, Ms, Mr., Mrs., Dr., Dr, Prof., Professor, Sir, Dame, Lord, Lady, President, Vice President, Prime Minister, Foreign Minister,
Finance Minister, Minister, Chancellor, Senator, Sen., Congressman, Rep., Governor, Gov., Mayor, Councillor, Ambassador, Commissioner, Secretary-General,
Director-General, Chairman, Chairwoman, Chief Executive, General, Gen., Lt. Gen., Colonel, Col., Major, Captain, Capt., Lieutenant, Sergeant, Admiral, Judge,
Justice, Attorney, Detective, Inspector, Pope, Cardinal, Archbishop, Bishop, Father, Sister, Rabbi, Imam, Ayatollah, Sheikh, Emir, Sultan, King, Queen, Prince,
Princess, Coach, Striker, Goalkeeper, Monsieur, Madame, Herr, Frau, Señor, Señora, Signor, Don, Doña, Pan, Pani, Chief, Alhaji, Ustaz, Shri, Smt., Datuk, Tun,
Tan Sri, U, Daw, Khun, Hon., Engr., Barrister"""
TITLES = [title.split() for title in TITLES.replace("\n", " ").split(", ")]

NAMES = Path(__file__).with_name("names.tsv")


def share(text):
    """A number from 0 to 1, of the command line."""
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"a share from 0 to 1, not {text}")
    return value


def add_arguments(parser):
    parser.add_argument("--case-noise", type=share, default=0.1, help="share of the sentences in capitals, lower case or headline case")
    parser.add_argument("--name-noise", type=share, default=0.0, help="share of the documents whose people and places get other names")
    parser.add_argument("--mark-noise", type=share, default=0.0, help="share of the sentences with other quotes, bullets, possessives, no full stop")
    parser.add_argument("--slip-noise", type=share, default=0.0, help="share of the sentences with slips of text recognition")
    parser.add_argument("--title-noise", type=share, default=0.0, help="share of the sentences with a title in front of a person")
    parser.add_argument("--row-noise", type=share, default=0.0, help="share of the sentences that become a row of a table: their names and figures alone")
    parser.add_argument("--layout-noise", type=share, default=0.0, help="share of the documents in other lines; half as many get a list, a table, a head of mail … beside them")
    parser.add_argument("--alone-noise", type=share, default=0.0, help="share of the documents whose sentences are read one by one, without context")


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

    def __init__(self, args, documents):
        self.name_noise, self.case_noise, self.alone_noise = args.name_noise, args.case_noise, args.alone_noise
        self.layout_noise = args.layout_noise
        self.changes = [
            (args.row_noise, make_row),
            (args.title_noise, insert_title),
            (args.mark_noise, change_marks),
            (args.slip_noise, misread),
        ]
        self.names = read_names()
        self.regions = sorted(self.names["family"])
        self.blocks = layouts.Blocks(documents, self.names) if self.layout_noise else None

    def documents(self, document, rng):
        """The document as this epoch shall see it: whole, or its sentences one by one."""
        sentences = document.sentences
        if rng.random() < self.name_noise:
            sentences = self.rename(sentences, rng)
        sentences = [self.sentence(sentence, rng) for sentence in sentences]
        if rng.random() < self.layout_noise:
            sentences = layouts.arranged(sentences, rng)
        if rng.random() < self.layout_noise / 2:
            return self.beside_block(data.Document(sentences, document.lacking), rng)
        if rng.random() < self.alone_noise:
            return [data.Document([sentence], document.lacking) for sentence in sentences]
        return [data.Document(sentences, document.lacking)]

    def beside_block(self, document, rng):
        """A block before, behind or amid a document; alone where the document lacks types that the block has."""
        block = self.blocks.block(rng)
        if document.lacking or rng.random() < 0.4:
            return [document, data.Document(block)]
        sentences = document.sentences
        place = rng.choice([0, 0, len(sentences), rng.randint(0, len(sentences))])
        behind = sentences[place:]
        if behind and rng.random() < 0.5:
            behind = [layouts.with_first(behind[0], data.PARAGRAPH), *behind[1:]]
        elif behind:
            behind = [layouts.with_first(behind[0], data.LINE), *behind[1:]]
        return [data.Document(sentences[:place] + block + behind, document.lacking)]

    def sentence(self, sentence, rng):
        for share, change in self.changes:
            if rng.random() < share:
                sentence = change(sentence, rng)
        if rng.random() < self.case_noise:
            rewrite = rng.choice([str.upper, str.lower, headline])
            sentence = data.Sentence([rewrite(word) for word in sentence.words], sentence.labels, sentence.opinions, sentence.layout)
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
            result.append(data.Sentence(words, sentence.labels, sentence.opinions, sentence.layout))
        return result


def make_row(sentence, rng):
    """The names and figures of a sentence alone, as in a table; as it is where nobody said what is a name, or where there is none."""
    if None in sentence.labels or set(sentence.labels) == {"O"}:
        return sentence
    mark = rng.choice([None, None, "|", "|", ",", ";", "-"])
    # Without a mark, columns are told by tabs or blanks, or by nothing.
    border = data.CELL if mark is None and rng.random() < 0.7 else data.INLINE
    rows = []

    def add(word, label, opinion):
        inside = label.startswith("I-") or not rows
        rows.append([word, label, opinion, data.INLINE if inside else border])

    if rng.random() < 0.3:
        add(rng.choice(["1", "2", "3", "4", "7", "12", "1.", "2.", "3."]), "O", None)
    for word, label, opinion in zip(sentence.words, sentence.labels, sentence.opinions):
        name = label != "O"
        if not name and not (word[:1].isdigit() and rng.random() < 0.5):
            continue
        if rows and mark and not label.startswith("I-"):
            add(mark, "O", None)
        add(word, label, opinion if name else None)
    for _ in range(rng.randint(0, 4)):
        if mark == "|":
            add(mark, "O", None)
        add(str(rng.randint(0, 99)), "O", None)
    rows[0][3] = sentence.layout[0]
    return data.Sentence.of(rows)


def insert_title(sentence, rng):
    """A title in front of a person, who has none yet as far as capitals tell."""
    if None in sentence.labels:
        return sentence
    words, rows = sentence.words, sentence.rows()
    places = [start for start, _, kind in sorted(data.spans(sentence.labels)) if kind == "PER" and not (start and words[start - 1][:1].isupper())]
    if places:
        place = rng.choice(places)
        for word in reversed(rng.choice(TITLES)):
            insert(rows, place, word, "O")
    return data.Sentence.of(rows)


def insert(rows, place, word, label):
    """A word before another, or behind the last one; what stands before that one stands before the new one."""
    layout = data.INLINE
    if place < len(rows):
        layout, rows[place][3] = rows[place][3], data.INLINE
    rows.insert(place, [word, label, None, layout])


def misread(sentence, rng):
    """Letters taken for others of like shape."""
    words = list(sentence.words)
    for index, word in enumerate(words):
        slips = [slip for slip in SLIPS if slip[0] in word]
        if slips and len(word) > 2 and rng.random() < 0.2:
            words[index] = word.replace(*rng.choice(slips), 1)
    return data.Sentence(words, sentence.labels, sentence.opinions, sentence.layout)


def change_marks(sentence, rng):
    """One change of the marks around the words; inserted words are outside every mention."""
    words, rows = sentence.words, sentence.rows()
    outside = None if None in sentence.labels else "O"
    change = rng.choice(["curly", "bullet", "quoted", "possessive", "open"])
    if change == "curly":
        opening = True
        for row in rows:
            if row[0] == '"':
                row[0] = "“" if opening else "”"
                opening = not opening
            else:
                row[0] = row[0].replace("'", "’")
    elif change == "bullet":
        insert(rows, 0, rng.choice(["-", "*", "•", "–", "1.", "2)", "|", ">"]), outside)
    elif change == "quoted":
        mark = rng.choice(['"', "“", "'", "‘"])
        insert(rows, 0, mark, outside)
        insert(rows, len(rows), {'"': '"', "“": "”", "'": "'", "‘": "’"}[mark], outside)
    elif change == "possessive" and outside:
        ends = [end for _, end, kind in sorted(data.spans(sentence.labels)) if kind != "MISC" and end < len(words) and words[end].islower()]
        if ends:
            insert(rows, rng.choice(ends), rng.choice(["'s", "’s"]), outside)
    elif change == "open" and words[-1] == "." and len(words) > 1:
        del rows[-1]
    return data.Sentence.of(rows)
