"""What training, distilling and exporting share: CoNLL files, label sets, word shapes and layout, windows of pieces.

The Rust side reads text the same way: `word_shape` mirrors `src/tag/words.rs`, `LAYOUTS` mirrors `src/tag/layout.rs`,
`MAX_PIECES_PER_WORD` and `WINDOW_PIECES` mirror `src/tag/window.rs`. A change on one side is a change on both, and a new model.
"""

import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path

IGNORED = -100

# The types that the program knows, in its order (`EntityType` in src/mention.rs).
TYPES = ["PER", "ORG", "LOC", "MISC"]

SHAPES = ["lower", "title", "upper", "mixed", "initial", "digit"]
# What stands before a word: nothing or a blank, a line break, a blank line or the text's begin, the border of a table's cell.
LAYOUTS = ["inline", "line", "paragraph", "cell"]
INLINE, LINE, PARAGRAPH, CELL = range(len(LAYOUTS))
# Rows of the token-type table: a shape in a layout. Of the models before, each has the rows of the shapes alone.
TOKEN_TYPES = len(SHAPES) * len(LAYOUTS)
WINDOW_PIECES = 192
MAX_PIECES_PER_WORD = 12

# Prefixes of IOBES and BILOU that mean B and I.
PREFIXES = {"S": "B", "U": "B", "E": "I", "L": "I"}


def word_shape(word):
    """Row of the token-type table that tells an uncased model how a word was written."""
    if any(unicodedata.category(c)[0] == "N" for c in word):
        return 5
    upper = sum(c.isupper() for c in word)
    lower = sum(c.islower() for c in word)
    if upper == 0:
        return 0
    if lower == 0:
        return 4 if upper == 1 else 2
    first = next(c for c in word if c.isupper() or c.islower())
    return 1 if upper == 1 and first.isupper() else 3


class LabelSet:
    """The labels of a network in the order of its logits, and the targets of words.

    The target of a word is its label. Where a file does not annotate a type, a word outside every mention may be `O` or
    of that type, and the loss must punish neither: such a set of labels is one more target behind the labels.
    """

    def __init__(self, types):
        self.names = ["O"] + [f"{prefix}-{kind}" for kind in types for prefix in "BI"]
        self.allowed = [[name == other for other in self.names] for name in self.names]

    def target(self, label, lacking):
        """Index into `allowed` for a word with this label, in a file that lacks some types."""
        if label is None:
            return IGNORED
        if not lacking or (label != "O" and label[2:] not in lacking):
            return self.names.index(label)
        row = [name == "O" or name[2:] in lacking for name in self.names]
        if row not in self.allowed:
            self.allowed.append(row)
        return self.allowed.index(row)


@dataclass
class Sentence:
    words: list
    # IOB2; None where nobody annotated the word.
    labels: list
    # Rows of the teachers' opinions (`distill.py`), or None throughout.
    opinions: list = None
    # What stands before each word, a place in LAYOUTS; by default the sentence is a line.
    layout: list = None

    def __post_init__(self):
        if self.opinions is None:
            self.opinions = [None] * len(self.words)
        if self.layout is None:
            self.layout = [LINE] + [INLINE] * (len(self.words) - 1)

    def rows(self):
        """A list of [word, label, opinion, layout], to be changed and made a sentence again."""
        return [list(row) for row in zip(self.words, self.labels, self.opinions, self.layout)]

    @staticmethod
    def of(rows):
        return Sentence(*(list(column) for column in zip(*rows)))


@dataclass
class Document:
    sentences: list
    # Types that were not annotated: mentions of them carry `O`, or labels that are not to be trusted.
    lacking: frozenset = frozenset()


def read_conll(path, lacking=(), renamed=None, labelled=True):
    """Documents of a CoNLL file: first column word, last column label (IOB1, IOB2, IOBES or BILOU).

    A second column of three may name the word's layout (`scripts/pseudo_labels.py` writes it).
    `renamed` maps types of the file to others, or to `O`; without `labelled` the labels are not read at all.
    Files without -DOCSTART- lines become one document of ten sentences each, so that unrelated
    sentences do not serve one another as context for long.
    """
    documents, sentences, words, labels, layout = [], [], [], [], []
    has_documents = False

    def close_sentence():
        nonlocal words, labels, layout
        if words:
            known = layout if all(name in LAYOUTS for name in layout) else None
            sentences.append(Sentence(words, iob2(labels) if labelled else [None] * len(words), layout=known and [LAYOUTS.index(name) for name in known]))
            words, labels, layout = [], [], []

    def close_document():
        nonlocal sentences
        close_sentence()
        if sentences:
            documents.append(Document(sentences, frozenset(lacking)))
            sentences = []

    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read: {error}") from error
    for line in lines:
        columns = line.split()
        if line.startswith("-DOCSTART-"):
            has_documents = True
            close_document()
        elif columns:
            words.append(columns[0])
            layout.append(columns[1] if len(columns) == 3 else "")
            labels.append(rename(columns[-1], renamed or {}) if labelled else None)
        else:
            close_sentence()
            if not has_documents and len(sentences) == 10:
                close_document()
    close_document()
    return documents


def rename(label, renamed):
    prefix, _, kind = label.partition("-")
    kind = renamed.get(kind, kind)
    return "O" if label == "O" or kind == "O" else f"{PREFIXES.get(prefix, prefix)}-{kind}"


def iob2(labels):
    result = ["O"] * len(labels)
    for start, end, kind in spans(labels):
        result[start:end] = [f"B-{kind}"] + [f"I-{kind}"] * (end - start - 1)
    return result


def types_of(documents):
    """The types that occur and are annotated, in the program's order, and the others after them."""
    found = set()
    for document in documents:
        labels = {label for sentence in document.sentences for label in sentence.labels if label and label != "O"}
        found |= {label[2:] for label in labels} - document.lacking
    return [kind for kind in TYPES if kind in found] + sorted(found - set(TYPES))


@dataclass
class Word:
    pieces: list
    token_type: int
    target: int
    opinion: int


class PieceCache:
    """Pieces of single words: the tokenizer sees one word at a time, here as in Rust."""

    def __init__(self, tokenizer):
        self.tokenizer = tokenizer
        self.cache = {}

    def pieces(self, word):
        found = self.cache.get(word)
        if found is None:
            ids = self.tokenizer.encode(word, add_special_tokens=False)
            found = (ids or [self.tokenizer.unk_token_id])[:MAX_PIECES_PER_WORD]
            self.cache[word] = found
        return found


class Encoder:
    """From documents to rows of numbers, for one tokenizer, one label set and a token-type table of so many rows."""

    def __init__(self, tokenizer, labels, token_types=TOKEN_TYPES):
        self.labels, self.token_types = labels, token_types
        self.pieces = PieceCache(tokenizer)
        self.first, self.last = tokenizer.cls_token_id, tokenizer.sep_token_id

    def words(self, document):
        """The words of one document in a row, across sentence borders."""
        rows = [row for sentence in document.sentences for row in sentence.rows()]
        if rows:
            rows[0][3] = PARAGRAPH
        return [
            Word(self.pieces.pieces(word), self.token_type(word, layout), self.labels.target(label, document.lacking), IGNORED if opinion is None else opinion)
            for word, label, opinion, layout in rows
        ]

    def token_type(self, word, layout):
        """Row of the token-type table; a table that knows shapes alone has no row for the layout."""
        return (layout * len(SHAPES) + word_shape(word)) % self.token_types

    def windows(self, document, budget=lambda: WINDOW_PIECES - 2):
        """The words cut into runs whose pieces fit `budget()` (called once a window), encoded."""
        window, used, limit = [], 0, budget()
        for word in self.words(document):
            if window and used + len(word.pieces) > limit:
                yield self.encode(window)
                window, used, limit = [], 0, budget()
            window.append(word)
            used += len(word.pieces)
        if window:
            yield self.encode(window)

    def training_windows(self, documents, rng):
        """One epoch of windows: random lengths, so that borders fall elsewhere every time."""
        for document in documents:
            yield from self.windows(document, lambda: rng.randint(48, WINDOW_PIECES - 2))

    def encode(self, window):
        """input_ids and token_type_ids of one window, its targets and opinions, each at the first piece of a word, and for each piece
        the place of its word's first."""
        ids, types, targets, opinions, words = [self.first], [0], [IGNORED], [IGNORED], [0]
        for word in window:
            others = len(word.pieces) - 1
            words += [len(ids)] * len(word.pieces)
            ids += word.pieces
            types += [word.token_type] * len(word.pieces)
            targets += [word.target] + [IGNORED] * others
            opinions += [word.opinion] + [IGNORED] * others
        return ids + [self.last], types + [0], targets + [IGNORED], opinions + [IGNORED], words + [len(ids)]


def sample_windows(path, tokenizer, count, token_types):
    """Encoded windows from all over a CoNLL file, without labels: `count`, or fewer than twice as many, if there are."""
    encoder = Encoder(tokenizer, LabelSet(TYPES), token_types)
    windows = [window for document in read_conll(path, labelled=False) for window in encoder.windows(document)]
    if not windows:
        raise SystemExit(f"{path} holds no word")
    return windows[:: max(1, len(windows) // count)]


def batches(windows, batch_size, rng):
    """Batches of windows of similar length, in random order."""
    windows = list(windows)
    rng.shuffle(windows)
    pool = batch_size * 16
    result = []
    for start in range(0, len(windows), pool):
        chunk = sorted(windows[start : start + pool], key=lambda w: len(w[0]))
        result += [chunk[i : i + batch_size] for i in range(0, len(chunk), batch_size)]
    rng.shuffle(result)
    return result


def spans(labels):
    """Strict spans (start, end, type) of one label sequence; a stray I- opens a span, as in conlleval."""
    found, start, kind = set(), None, None
    for index, label in enumerate(list(labels) + ["O"]):
        prefix, _, this = label.partition("-")
        if start is not None and (prefix != "I" or this != kind):
            found.add((start, index, kind))
            start = None
        if prefix in ("B", "I") and start is None:
            start, kind = index, this
    return found


def f1_score(gold, predicted):
    """Micro-averaged strict span F1 of parallel lists of sets of spans."""
    true = sum(len(g & p) for g, p in zip(gold, predicted))
    total = sum(len(g) for g in gold) + sum(len(p) for p in predicted)
    return 2 * true / total if total else 0.0


def fixed_rng(*seeds):
    return random.Random("/".join(map(str, seeds)))
