"""The reference scorers behind one face each, for eval_parity.py, which runs this inside its virtual environment.

Clusters are lists of sets of mentions; a score is a list of precision, recall and F1.
"""

import collections
import collections.abc
import importlib.util
import pathlib
import statistics
import warnings

import numpy

# neleval 3.1.1 uses names that Python 3.10 and NumPy 1.24 removed, and scores 0/0 as 0 with a warning.
collections.Sequence = collections.abc.Sequence
numpy.int = int
warnings.simplefilter("ignore")

from neleval import coref_metrics  # noqa: E402
from neleval.annotation import Annotation, Candidate  # noqa: E402
from neleval.document import Document  # noqa: E402
from neleval.evaluate import Evaluate  # noqa: E402
from nervaluate import Evaluator  # noqa: E402
from scorch import scores as scorch  # noqa: E402
from seqeval.metrics import accuracy_score  # noqa: E402
from seqeval.metrics.sequence_labeling import get_entities  # noqa: E402
from seqeval.metrics.sequence_labeling import precision_recall_fscore_support as seqeval_default  # noqa: E402
from seqeval.metrics.v1 import precision_recall_fscore_support as seqeval_strict  # noqa: E402
from seqeval.scheme import BILOU, IOB1, IOB2, IOBES  # noqa: E402

from gold import SCORER  # noqa: E402

SCHEME_CLASSES = {"IOB1": IOB1, "IOB2": IOB2, "IOBES": IOBES, "BILOU": BILOU}
SCHEME_NAMES = {"strict": "strict", "exact": "exact", "partial": "partial", "ent_type": "type"}
NELEVAL_NAMES = {"muc": "muc", "b_cubed": "b_cubed", "mention_ceaf": "ceaf_m", "entity_ceaf": "ceaf_e"}
AVERAGES = ("micro", "macro", "weighted")


def f1(precision, recall):
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def as_iobes(sentences):
    """seqeval's default mode and nervaluate do not know L- and U-; they are E- and S- by other names."""
    swap = {"L": "E", "U": "S"}
    return [[swap.get(label[0], label[0]) + label[1:] for label in labels] for labels in sentences]


def seqeval(gold, system, scheme=None):
    """Averages and types; with a scheme in strict mode."""
    def run(average):
        if scheme:
            return seqeval_strict(gold, system, average=average, scheme=SCHEME_CLASSES[scheme])
        return seqeval_default(gold, system, average=average)

    # The mean of no types is not a number there.
    out = {average: [float(numpy.nan_to_num(part)) for part in run(average)[:3]] for average in AVERAGES}
    precision, recall, f, _ = run(None)
    out["types"] = [[float(part) for part in score] for score in zip(precision, recall, f)]
    return out


def token_accuracy(gold, system):
    return accuracy_score(gold, system)


def spans_of_labels(sentences):
    """Spans of each sentence as seqeval (and conlleval) read them, end exclusive."""
    return [[(start, end + 1, kind) for kind, start, end in get_entities(labels)] for labels in sentences]


def nervaluate(gold, system):
    """Counts and scores by scheme and type; gold, system: (start, end, type) of each document, end exclusive."""
    tags = sorted({mention[2] for side in (gold, system) for document in side for mention in document})

    def as_dicts(side):
        return [[{"start": start, "end": end - 1, "label": label} for start, end, label in doc] for doc in side]

    result = Evaluator(as_dicts(gold), as_dicts(system), tags=tags, loader="dict").evaluate()

    def numbers(one):
        counts = [one.correct, one.incorrect, one.partial, one.missed, one.spurious]
        return {"counts": counts, "prf": [one.precision, one.recall, one.f1]}

    out = {SCHEME_NAMES[name]: {"micro": numbers(one)} for name, one in result["overall"].items()}
    for tag, schemes in result["entities"].items():
        for name, one in schemes.items():
            out[SCHEME_NAMES[name]][tag] = numbers(one)
    return out


def scorch_clusters(key, response):
    """All of scorch's metrics. Its BLANC is 1 for any response where the key has but one mention or none: left out."""
    metrics = {name: getattr(scorch, name) for name in ("muc", "b_cubed", "ceaf_m", "ceaf_e")}
    if blanc_is_defined(key, response):
        metrics["blanc"] = scorch.blanc
    out = {}
    for name, metric in metrics.items():
        try:
            recall, precision, f = metric(key, response)
        except statistics.StatisticsError:
            # CEAF-e of sides that share no mention: scorch stumbles over the harmonic mean of 0 and 0.
            recall, precision, f = 0.0, 0.0, 0.0
        out[name] = [float(precision), float(recall), float(f)]
    return out


def blanc_is_defined(key, response):
    mentions = [set().union(*side) if side else set() for side in (key, response)]
    return len(mentions[0]) > 1 or mentions[0] == mentions[1]


def neleval_documents(documents):
    def annotation(document, mention):
        candidate = Candidate(mention["entity"], 1.0, mention["type"])
        return Annotation(document["id"], mention["start"], mention["end"] - 1, [candidate])

    return [Document(d["id"], [annotation(d, mention) for mention in d["mentions"]]) for d in documents]


def neleval(gold, system, measures, by_document=False):
    """`neleval evaluate` on documents whose mentions have different spans; with `by_document` also its macro average."""
    group = ["docid"] if by_document else None
    results = Evaluate(neleval_documents(system), neleval_documents(gold), measures=measures, group_by=group)()
    return {name: [float(one[part]) for part in ("precision", "recall", "fscore")] for name, one in results.items()}


def neleval_clusters(key, response):
    """neleval's metrics on clusters."""
    out = {}
    for name, ours in NELEVAL_NAMES.items():
        sides = dict(enumerate(key)), dict(enumerate(response))
        right, system, found, gold = (float(number) for number in getattr(coref_metrics, name)(*sides))
        precision, recall = (right / system if system else 0.0), (found / gold if gold else 0.0)
        out[ours] = [precision, recall, f1(precision, recall)]
    return out


def gerbil(gold, system):
    """GERBIL's formulae for links, given as sets for each document: one that is empty on both sides counts 1."""
    def score(right, spurious, missed):
        if right + spurious + missed == 0:
            return [1.0, 1.0, 1.0]
        precision, recall = (right / (right + spurious), right / (right + missed)) if right else (0.0, 0.0)
        return [precision, recall, f1(precision, recall)]

    counts = [(len(one & other), len(other - one), len(one - other)) for one, other in zip(gold, system)]
    per_document = [score(*count) for count in counts]
    macro = [sum(part) / len(part) for part in zip(*per_document)]
    return score(*map(sum, zip(*counts))), macro


def load_score_entities():
    if not SCORER.exists():
        return None
    spec = importlib.util.spec_from_file_location("score_entities", SCORER)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SCORE_ENTITIES = load_score_entities()


def score_entities(gold, system, options):
    """The gold packs' own scorer."""
    args = SCORE_ENTITIES.args_default()
    for key, value in options.items():
        setattr(args, key, set(value) if key == "types" else value)
    return SCORE_ENTITIES.evaluate({d["id"]: d for d in gold}, {d["id"]: d for d in system}, args)


def faults():
    """Cases in which a reference is wrong or crashes: who, what, what it says, what namesake says."""
    def attempt(call):
        try:
            return call()
        except Exception as error:  # noqa: BLE001 - the point is to show it
            return f"{type(error).__name__}: {error}"

    def span(start, end, kind):
        return {"start": start, "end": end, "label": kind}

    def strict(gold, system, tags=("PER", "ORG")):
        one = Evaluator([gold], [system], tags=list(tags), loader="dict").evaluate()["overall"]["strict"]
        return f"correct {one.correct}, incorrect {one.incorrect}, missed {one.missed}, spurious {one.spurious}"

    def labels(labels):
        return Evaluator([labels], [labels], tags=["PER"], loader="list").evaluate()

    yield "neleval 3.1.1", "`import neleval` on Python 3.10 or later", "ImportError: cannot import name 'Sequence'", \
        "the script puts the name back"
    yield "neleval 3.1.1", "CEAF with NumPy 1.24 or later", "AttributeError: module 'numpy' has no attribute 'int'", \
        "the script puts the name back"
    yield "scorch 0.2.0", "BLANC, key {a}, response nothing", attempt(lambda: scorch.blanc([{1}], [])), \
        "0: the mention is missed"
    yield "scorch 0.2.0", "BLANC, key {a}, response {a, b}", attempt(lambda: scorch.blanc([{1}], [{1, 2}])), \
        "0: the response links what the key does not"
    yield "scorch 0.2.0", "CEAF-e, key {a}, response {b}", attempt(lambda: scorch.ceaf_e([{1}], [{2}])), "0"
    yield "seqeval 1.2.2, default", "`U-PER U-PER`, BILOU", attempt(lambda: get_entities(["U-PER", "U-PER"])), \
        "two entities; the script spells them `S-PER S-PER`"
    yield "seqeval 1.2.2", "macro average, no span on either side", attempt(lambda: float(seqeval_default([["O"]], [["O"]], average="macro")[2])), "0"
    yield "nervaluate 1.2.1", "`S-PER`, IOBES, as list", attempt(lambda: labels(["S-PER"])), \
        "one entity; the script gives it spans"
    yield "nervaluate 1.2.1", "strict, gold 2–5, system 0–3 and 2–5: the first takes the counterpart of the second", \
        attempt(lambda: strict([span(2, 5, "PER")], [span(0, 3, "PER"), span(2, 5, "PER")])), \
        "the same in `spans`; correct 1, spurious 1 in `sets`"
    yield "nervaluate 1.2.1", "a type that is not in `tags`", attempt(lambda: strict([span(0, 1, "DATE")], [])), \
        "missed 1: every type counts"
    yield "nervaluate 1.2.1", "no document at all", attempt(lambda: Evaluator([], [], tags=["PER"], loader="dict").evaluate()["overall"]), \
        "0 for every scheme"
