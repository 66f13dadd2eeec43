#!/usr/bin/env python3
"""Compare `namesake eval` with the field's reference scorers, digit for digit.

    scripts/eval_parity.py target/release/namesake             random pairs, and the gold data where it is there
    scripts/eval_parity.py target/release/namesake --golden    also writes tests/golden/, from random pairs only

Sets up its own virtual environment (build/parity) with seqeval, nervaluate, neleval and scorch from PyPI. The gold data
is looked for in the folder DATA, its scorer in the file SCORER (scripts/gold.py). Every figure must be equal to 1e-9; the
exit code is 1 if one is not. Standard output is the table in docs/evaluation.md.
"""

import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile
import venv

ROOT = pathlib.Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / "build" / "parity"
PACKAGES = ["seqeval==1.2.2", "nervaluate==1.2.1", "neleval==3.1.1", "scorch==0.2.0"]
TOLERANCE = 1e-9


def enter_environment():
    """Runs this script again inside the virtual environment, which is made if it is not there."""
    python = ENVIRONMENT / "bin" / "python"
    if pathlib.Path(sys.prefix) == ENVIRONMENT:
        return
    if not (ENVIRONMENT / "ready").exists():
        print(f"setting up {ENVIRONMENT}", file=sys.stderr)
        venv.create(ENVIRONMENT, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
        (ENVIRONMENT / "ready").touch()
    os.execv(python, [str(python), *sys.argv])


enter_environment()
import eval_pairs as pairs  # noqa: E402
import eval_references as reference  # noqa: E402
from eval_references import AVERAGES, SCORE_ENTITIES  # noqa: E402
from gold import DATA, ENTITIES  # noqa: E402


class Report:
    """Equal and different figures by source and reference, and the first differences."""

    def __init__(self):
        self.equal, self.different = collections.Counter(), collections.Counter()
        self.tools, self.source = [], "random pairs"

    def compare(self, tool, what, ours, theirs):
        ours, theirs = [float(number) for number in ours], [float(number) for number in theirs]
        if tool not in self.tools:
            self.tools.append(tool)
        if len(ours) == len(theirs) and all(abs(one - other) <= TOLERANCE for one, other in zip(ours, theirs)):
            self.equal[self.source, tool] += len(theirs)
            return
        self.different[self.source, tool] += 1
        if self.different[self.source, tool] <= 3:
            print(f"DIFFERENT {self.source} {tool} {what}: ours {ours}, reference {theirs}", file=sys.stderr)

    def markdown(self):
        sources = sorted({source for source, _ in self.equal | self.different}, key=lambda name: (name != "random pairs", name))
        yield "| figures equal | " + " | ".join(self.tools) + " |"
        yield "| --- |" + " ---: |" * len(self.tools)
        for source in [*sources, "all"]:
            cells = []
            for tool in self.tools:
                equal, different = (
                    sum(count for (at, name), count in counter.items() if name == tool and source in (at, "all"))
                    for counter in (self.equal, self.different))
                cells.append((f"{equal:,}" if equal else "") + (f", {different} DIFFERENT" if different else ""))
            yield f"| {source} | " + " | ".join(cells) + " |"


REPORT = Report()
PROGRAM = None


def namesake(folder, gold, system, *options):
    form = "conll" if gold.endswith("conll") else "gold"
    command = [PROGRAM, "eval", gold, system, "--gold-format", form, "--system-format", form]
    command += ["--json", "-", "--resamples", "0", *options]
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, cwd=folder, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return json.loads(done.stdout)


def parts(score):
    return [score["precision"], score["recall"], score["f1"]]


def counts(score):
    return [score["tp"], score["fp"], score["fn"]]


def write_conll(path, sentences):
    with open(path, "w", encoding="utf-8") as out:
        for labels in sentences:
            out.writelines(f"w{index} {label}\n" for index, label in enumerate(labels))
            out.write("\n")


def write_jsonl(path, documents):
    with open(path, "w", encoding="utf-8") as out:
        for document in documents:
            out.write(json.dumps(document, ensure_ascii=False) + "\n")


def compare_labels(folder, gold, system, name):
    """Labels of tokens: seqeval in both modes, token accuracy, nervaluate."""
    write_conll(folder / "gold.conll", gold)
    write_conll(folder / "system.conll", system)
    ours = namesake(folder, "gold.conll", "system.conll")
    plain_gold, plain_system = reference.as_iobes(gold), reference.as_iobes(system)
    strict = ours["spans"]["strict"]
    expected = reference.seqeval(plain_gold, plain_system)
    for average in AVERAGES:
        REPORT.compare("seqeval", f"{name} {average}", parts(strict[average]), expected[average])
    kinds = sorted(set(strict) - set(AVERAGES))
    REPORT.compare("seqeval", f"{name} number of types", [len(kinds)], [len(expected["types"])])
    for kind, score in zip(kinds, expected["types"]):
        REPORT.compare("seqeval", f"{name} {kind}", parts(strict[kind]), score)
    if "labels" in ours:
        scheme = next(note.split()[-1] for note in ours["notes"] if note.startswith("gold: labels"))
        expected = reference.seqeval(gold, system, scheme)
        for average in AVERAGES:
            found = ours["labels"]["strict"][average]
            REPORT.compare("seqeval strict mode", f"{name} {scheme} {average}", parts(found), expected[average])
        REPORT.compare("seqeval", f"{name} accuracy", [ours["tokens"]["accuracy"]["value"]], [reference.token_accuracy(gold, system)])
    spans = [reference.spans_of_labels(side) for side in (plain_gold, plain_system)]
    compare_schemes(ours, reference.nervaluate(*spans), name)


def compare_schemes(ours, expected, name):
    for scheme, kinds in expected.items():
        for kind, score in kinds.items():
            found = ours["spans"][scheme].get(kind)
            if found is None:
                REPORT.compare("nervaluate", f"{name} {scheme} {kind} is not there", [], score["prf"])
                continue
            REPORT.compare("nervaluate", f"{name} {scheme} {kind}", parts(found), score["prf"])
            correct, incorrect, partial, missed, spurious = score["counts"]
            tp = correct + partial / 2
            system, gold = correct + incorrect + partial + spurious, correct + incorrect + partial + missed
            REPORT.compare("nervaluate", f"{name} {scheme} {kind} counts", counts(found), [tp, system - tp, gold - tp])


def clusters_of(documents, keep, scope):
    clusters = collections.defaultdict(set)
    for document in documents:
        for mention in document["mentions"]:
            place = (document["id"], mention["start"], mention["end"])
            if keep is None or place in keep:
                clusters[mention["entity"] if scope == "corpus" else (document["id"], mention["entity"])].add(place)
    return list(clusters.values())


def places(documents):
    return {(d["id"], mention["start"], mention["end"]) for d in documents for mention in d["mentions"]}


def compare_documents(folder, gold, system, name, with_scorch=True):
    """Documents without the extras of the gold packs: scorch, neleval, nervaluate, GERBIL's formulae."""
    write_jsonl(folder / "gold.jsonl", gold)
    write_jsonl(folder / "system.jsonl", system)
    ours = namesake(folder, "gold.jsonl", "system.jsonl", "--entity-links")
    # The references have no rule for two mentions of one span; ours is that the first counts.
    gold, system = ([dict(d, mentions=pairs.first_of_each_span(d["mentions"])) for d in side] for side in (gold, system))
    if "clusters" in ours:
        compare_clusters(ours["clusters"], gold, system, name, with_scorch)
        compare_neleval(ours, gold, system, name)
    if "links" in ours:
        compare_links(ours["links"], gold, system, name)
    as_lists = [[[(m["start"], m["end"], m["type"]) for m in d["mentions"]] for d in side] for side in (gold, system)]
    compare_schemes(ours, reference.nervaluate(*as_lists), name)


def compare_clusters(ours, gold, system, name, with_scorch):
    common = places(gold) & places(system)
    for mode, keep in (("gold_mentions", common), ("end_to_end", None)):
        for scope in ("in_document", "corpus"):
            key, response = clusters_of(gold, keep, scope), clusters_of(system, keep, scope)
            found, where = ours[mode][scope], f"{name} {mode} {scope}"
            for metric, score in reference.neleval_clusters(key, response).items():
                REPORT.compare("neleval", f"{where} {metric}", parts(found[metric]), score)
            if not with_scorch:
                continue
            for metric, score in reference.scorch_clusters(key, response).items():
                # BLANC in documents counts the links inside them only; scorch knows one document.
                if metric != "blanc" or scope == "corpus" or len(gold) == 1:
                    REPORT.compare("scorch", f"{where} {metric}", parts(found[metric]), score)


def compare_neleval(ours, gold, system, name):
    measures = ["typed_mention_ceaf", *reference.NELEVAL_NAMES]
    found = reference.neleval(gold, system, measures)
    end_to_end = ours["clusters"]["end_to_end"]["corpus"]
    for measure, score in found.items():
        key = reference.NELEVAL_NAMES.get(measure, measure)
        REPORT.compare("neleval", f"{name} {measure}", parts(end_to_end[key]), score)
    sets = reference.neleval(gold, system, ["strong_mention_match", "strong_typed_mention_match"])
    untyped, typed = sets_of(ours)
    REPORT.compare("neleval", f"{name} strong_mention_match", parts(untyped["micro"]), sets["strong_mention_match"])
    REPORT.compare("neleval", f"{name} strong_typed_mention_match", parts(typed["micro"]), sets["strong_typed_mention_match"])


def sets_of(ours):
    """Scores by sets of mentions: those of the schemes `exact` and `strict`, where no mentions overlap."""
    if "sets" in ours:
        return ours["sets"]["untyped"], ours["sets"]["typed"]
    return ours["spans"]["exact"], ours["spans"]["strict"]


def compare_links(ours, gold, system, name):
    def links(document):
        return {(m["start"], m["end"], m["entity"]) for m in document["mentions"] if not m["entity"].startswith("NIL")}

    gold_links, system_links = [links(d) for d in gold], [links(d) for d in system]
    micro, macro = reference.gerbil(gold_links, system_links)
    REPORT.compare("GERBIL (formulae)", f"{name} micro", parts(ours["micro"]), micro)
    REPORT.compare("GERBIL (formulae)", f"{name} macro", parts(ours["macro"]), macro)
    # neleval has 0 where GERBIL has 1, and its macro average leaves out documents without gold mentions.
    if any(gold_links) and any(system_links):
        found = reference.neleval(gold, system, ["strong_link_match"])["strong_link_match"]
        REPORT.compare("neleval", f"{name} strong_link_match", parts(ours["micro"]), found)
    if all(gold_links):
        found = reference.neleval(gold, system, ["strong_link_match"], by_document=True)
        found = found['strong_link_match;docid="<macro>"'] if 'strong_link_match;docid="<macro>"' in found else \
            found["strong_link_match;docid=<macro>"]
        REPORT.compare("neleval", f"{name} strong_link_match macro", parts(ours["macro"]), found)


def compare_score_entities(folder, gold, system, name, options):
    """The gold packs' own scorer, with all of the format's extras."""
    write_jsonl(folder / "gold.jsonl", gold)
    write_jsonl(folder / "system.jsonl", system)
    flags = []
    for key, value in options.items():
        flags += ["--include-coref"] if key == "include_coref" else [f"--{key}", ",".join(value) if key == "types" else value]
    ours = namesake(folder, "gold.jsonl", "system.jsonl", *flags)
    expected = reference.score_entities(gold, system, options)
    name, tool, detection = f"{name} {options}", "score_entities", expected["detection"]
    untyped, typed = sets_of(ours)
    REPORT.compare(tool, f"{name} untyped", counts(untyped["micro"]), counts(detection["untyped"]))
    REPORT.compare(tool, f"{name} typed", counts(typed["micro"]), counts(detection["typed"]))
    for kind, score in detection["types"].items():
        REPORT.compare(tool, f"{name} {kind}", counts(typed[kind]), counts(score))
    REPORT.compare(tool, f"{name} ignored", [ours["mentions"]["ignored"]], [detection["ignored_system_mentions"]])
    if "clusters" not in ours:
        return
    names = {"muc": "muc", "b3": "b_cubed", "ceafe": "ceaf_e", "lea": "lea", "alias": "alias_pairs"}
    scopes = {"within-doc": "in_document", "cross-corpus": "corpus"}
    for section, scores in expected["clustering"].items():
        mode, scope = section.split(" / ")
        found = ours["clusters"][mode.replace("-", "_")][scopes[scope]]
        for theirs, metric in names.items():
            REPORT.compare(tool, f"{name} {section} {metric}", parts(found[metric]), scores[theirs][:3])
        REPORT.compare(tool, f"{name} {section} conll", [found["conll"]["f1"]], [scores["conll"]])


def random_pairs(folder, count):
    rnd = random.Random(20240501)
    for number in range(count):
        name = f"pair {number}"
        if number % 3 == 0:
            _, gold, system = pairs.random_label_pair(rnd)
            compare_labels(folder, gold, system, name)
        elif number % 3 == 1:
            compare_documents(folder, *pairs.random_documents(rnd, extras=False), name)
        elif SCORE_ENTITIES:
            gold, system = pairs.random_documents(rnd, extras=True)
            if rnd.random() < 0.2:
                system = [document for document in system if rnd.random() < 0.7]
            compare_score_entities(folder, gold, system, name, pairs.random_options(rnd))


def read_labels(path):
    """Sentences of labels, the last column."""
    sentences, labels = [], []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        if line.startswith("-DOCSTART-") or not line.strip():
            if labels:
                sentences.append(labels)
            labels = []
        else:
            labels.append(line.split("\t" if "\t" in line else None)[-1])
    return sentences


def without_extras(document, text):
    """The document for references that know none of the extras: every mention with type and entity."""
    mentions = [
        {"start": m["start"], "end": m["end"], "type": m["type"] or "MISC", "entity": m["entity"] or f"NIL {document['id']} {m['start']}"}
        for m in document["mentions"] if not m.get("skip") and not m.get("coref")
    ]
    return {"id": document["id"], **text, "mentions": mentions}


def gold_packs(folder):
    rnd = random.Random(7)
    for path in sorted(DATA.glob("*/*.conll")):
        REPORT.source = f"{path.parent.name}/{path.stem}"
        print(REPORT.source, file=sys.stderr)
        sentences = read_labels(path)
        compare_labels(folder, sentences, [pairs.spoiled_labels(rnd, labels) for labels in sentences], path.stem)
    for path in sorted(ENTITIES.glob("*.jsonl")):
        REPORT.source = f"entities/{path.stem}"
        print(REPORT.source, file=sys.stderr)
        gold = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        system = [pairs.spoiled_document(rnd, document) for document in gold]
        for options in ({}, {"nil": "exclude"}, {"nil": "surface"}, {"twinless": "singleton"}, {"include_coref": True}):
            compare_score_entities(folder, gold, system, path.stem, options)
        plain = [without_extras(document, {"text": document["text"]}) for document in gold]
        answer = [without_extras(document, {}) for document in system]
        # scorch's tables grow with the square of the mentions.
        size = sum(len(document["mentions"]) for document in plain)
        compare_documents(folder, plain, answer, path.stem, with_scorch=size < 5000)


def golden():
    """Small files for the ordinary tests: random pairs with what the references say of them."""
    rnd, sizes = random.Random(42), (0, 3, 8, 16)
    cases = {"labels": [], "documents": [], "extras": []}
    for _ in range(200):
        scheme, gold, system = pairs.random_label_pair(rnd)
        plain = reference.as_iobes(gold), reference.as_iobes(system)
        schemes = reference.nervaluate(*(reference.spans_of_labels(side) for side in plain))
        cases["labels"].append({
            "scheme": scheme, "gold": gold, "system": system, "default": averages(reference.seqeval(*plain)),
            "strict": averages(reference.seqeval(gold, system, scheme)), "accuracy": round(float(reference.token_accuracy(gold, system)), 12),
            "schemes": only_counts(schemes)})
    for _ in range(200):
        gold, system = pairs.random_documents(rnd, extras=False, sizes=sizes)
        cases["documents"].append({"gold": gold, "system": system, **expected_of_documents(gold, system)})
    for _ in range(200 if SCORE_ENTITIES else 0):
        gold, system = pairs.random_documents(rnd, extras=True, sizes=sizes)
        options = pairs.random_options(rnd)
        result = reference.score_entities(gold, system, options)
        sections = {
            section: {metric: rounded(scores[metric][:3]) for metric in ("muc", "b3", "ceafe", "lea", "alias")}
            for section, scores in result["clustering"].items()}
        detection = result["detection"]
        cases["extras"].append({
            "gold": gold, "system": system, "options": options, "untyped": counts(detection["untyped"]),
            "typed": counts(detection["typed"]), "ignored": detection["ignored_system_mentions"], "clusters": sections})
    target = ROOT / "tests" / "golden"
    target.mkdir(parents=True, exist_ok=True)
    for name, lines in cases.items():
        text = "".join(json.dumps(case, ensure_ascii=False, separators=(",", ":")) + "\n" for case in lines)
        (target / f"{name}.jsonl").write_text(text, encoding="utf-8")


def only_counts(schemes):
    return {scheme: {kind: one["counts"] for kind, one in kinds.items()} for scheme, kinds in schemes.items()}


def averages(scores):
    return {average: rounded(scores[average]) for average in AVERAGES}


def rounded(score):
    return [round(float(part), 12) for part in score]


def expected_of_documents(gold, system):
    gold, system = ([dict(d, mentions=pairs.first_of_each_span(d["mentions"])) for d in side] for side in (gold, system))
    as_lists = [[[(m["start"], m["end"], m["type"]) for m in d["mentions"]] for d in side] for side in (gold, system)]
    common, clusters = places(gold) & places(system), {}
    for mode, keep in (("gold_mentions", common), ("end_to_end", None)):
        for scope in ("in_document", "corpus"):
            key, response = clusters_of(gold, keep, scope), clusters_of(system, keep, scope)
            found = reference.scorch_clusters(key, response)
            if scope == "in_document" and len(gold) > 1:
                found.pop("blanc", None)
            clusters[f"{mode} {scope}"] = {metric: rounded(score) for metric, score in found.items()}
    typed = reference.neleval(gold, system, ["typed_mention_ceaf"])["typed_mention_ceaf"]
    clusters["end_to_end corpus"]["typed_mention_ceaf"] = rounded(typed)
    links = [[{(m["start"], m["end"], m["entity"]) for m in d["mentions"] if not m["entity"].startswith("NIL")} for d in side]
             for side in (gold, system)]
    micro, macro = reference.gerbil(*links)
    return {"schemes": only_counts(reference.nervaluate(*as_lists)), "clusters": clusters,
            "links": {"micro": rounded(micro), "macro": rounded(macro)}}


def main():
    global PROGRAM
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program", help="the namesake program")
    parser.add_argument("--pairs", type=int, default=900, help="random annotation pairs [900]")
    parser.add_argument("--golden", action="store_true", help="write tests/golden")
    parser.add_argument("--no-data", action="store_true", help="random pairs only")
    arguments = parser.parse_args()
    PROGRAM = pathlib.Path(arguments.program).resolve()
    if arguments.golden:
        golden()
    with tempfile.TemporaryDirectory() as folder:
        random_pairs(pathlib.Path(folder), arguments.pairs)
        if DATA.is_dir() and not arguments.no_data:
            gold_packs(pathlib.Path(folder))
    print("\n".join(REPORT.markdown()))
    print("\n| reference | case | it says | namesake says |\n| --- | --- | --- | --- |")
    for fault in reference.faults():
        print("| " + " | ".join(str(part) for part in fault) + " |")
    return 1 if REPORT.different else 0


if __name__ == "__main__":
    sys.exit(main())
