"""What training, distilling and exporting share: CoNLL files, word shapes, windows of pieces.

The Rust side reads text the same way: `word_shape` mirrors `src/tag/words.rs`, `MAX_PIECES_PER_WORD`
and `WINDOW_PIECES` mirror `src/tag/window.rs`. A change on one side is a change on both, and a new model.
"""

import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path

LABELS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC", "B-MISC", "I-MISC"]
LABEL_IDS = {label: index for index, label in enumerate(LABELS)}
IGNORED = -100

SHAPES = ["lower", "title", "upper", "mixed", "initial", "digit"]
WINDOW_PIECES = 192
MAX_PIECES_PER_WORD = 12


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


@dataclass
class Sentence:
    words: list
    labels: list


def read_conll(path):
    """Documents (lists of `Sentence`) of a CoNLL file: first column word, last column IOB2 label.

    Files without -DOCSTART- lines become one document of ten sentences each, so that unrelated
    sentences do not serve one another as context for long.
    """
    documents, sentences, words, labels = [], [], [], []
    has_documents = False

    def close_sentence():
        nonlocal words, labels
        if words:
            sentences.append(Sentence(words, labels))
            words, labels = [], []

    def close_document():
        nonlocal sentences
        close_sentence()
        if sentences:
            documents.append(sentences)
            sentences = []

    for line in Path(path).read_text(encoding="utf-8").splitlines():
        columns = line.split()
        if line.startswith("-DOCSTART-"):
            has_documents = True
            close_document()
        elif columns:
            words.append(columns[0])
            labels.append(columns[-1])
        else:
            close_sentence()
            if not has_documents and len(sentences) == 10:
                close_document()
    close_document()
    return documents


@dataclass
class Word:
    pieces: list
    shape: int
    label: int


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


def document_words(sentences, cache, rng=None, case_noise=0.0):
    """The words of one document in a row, across sentence borders.

    With `rng`, each sentence is rewritten in capitals, in lower case or in title case with
    probability `case_noise`, so that headlines and sloppy typing are not a foreign language.
    """
    words = []
    for sentence in sentences:
        rewrite = None
        if rng is not None and rng.random() < case_noise:
            rewrite = rng.choice([str.upper, str.lower, str.capitalize])
        for text, label in zip(sentence.words, sentence.labels):
            shape = word_shape(rewrite(text) if rewrite else text)
            words.append(Word(cache.pieces(text), shape, LABEL_IDS[label]))
    return words


def cut_windows(words, budget):
    """Cut `words` into runs whose pieces fit `budget()` (called once a window)."""
    window, used, limit = [], 0, budget()
    for word in words:
        if window and used + len(word.pieces) > limit:
            yield window
            window, used, limit = [], 0, budget()
        window.append(word)
        used += len(word.pieces)
    if window:
        yield window


def training_windows(documents, cache, rng, case_noise):
    """One epoch of windows: random lengths, so that borders fall elsewhere every time."""
    for sentences in documents:
        words = document_words(sentences, cache, rng, case_noise)
        yield from cut_windows(words, lambda: rng.randint(48, WINDOW_PIECES - 2))


def encode_window(window, cls_id, sep_id):
    """input_ids, token_type_ids and labels (first piece of each word) of one window."""
    ids, types, labels = [cls_id], [0], [IGNORED]
    for word in window:
        for position, piece in enumerate(word.pieces):
            ids.append(piece)
            types.append(word.shape)
            labels.append(word.label if position == 0 else IGNORED)
    return ids + [sep_id], types + [0], labels + [IGNORED]


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
    """Strict spans (start, end, type) of one IOB2 label sequence; a stray I- opens a span, as in conlleval."""
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
    """Micro-averaged strict span F1 of parallel lists of label sequences."""
    true = sum(len(spans(g) & spans(p)) for g, p in zip(gold, predicted))
    total = sum(len(spans(g)) for g in gold) + sum(len(spans(p)) for p in predicted)
    return 2 * true / total if total else 0.0


def fixed_rng(seed):
    return random.Random(seed)
