#!/usr/bin/env python3
"""Judge the program on short texts whose entities are known, kind by kind.

    scripts/judge_text.py target/release/namesake CASES.jsonl [flags of extract …]
    scripts/judge_text.py target/release/namesake CASES.jsonl --given [flags of resolve …]

A case is one line: `id`, `class` (the kind of fault it shows), `text`, and `expect`: `entities` with `name` (other names that
are as good: `name_or`), `type` ("ORG|LOC" where both are right) and `spans` in characters; `optional` spans, which may be
mentions or not; `must_not`: rules, of which "name: A, B" is judged: no entity may be called so. A file that ends in .txt has
its cases marked up, as tests/texts/cases.txt says at its head.

Without `--given` the program finds the mentions itself, and bounds, types and false mentions count too. With it, `resolve` gets
the expected spans and types, so that only clusters and names are judged. Prints every fault, then the cases right per class.
"""

import argparse
import collections
import json
import re
import subprocess
import sys
import tempfile


def marked(block):
    """A case of a marked-up file."""
    title, body = block.rstrip().split("\n", 1)
    kind, name = title.removeprefix("? ").split(": ", 1)
    lines = body.split("\n")
    names = dict(line[2:].split(": ", 1) for line in lines if re.match("= [a-z]+: ", line))
    never = [line[2:] for line in lines if line.startswith("! ")]
    rest = "\n".join(line for line in lines if line not in {f"= {key}: {name}" for key, name in names.items()} and not line.startswith("! "))
    text, entities, optional = "", {}, []
    for part in re.split("(⟦.*?⟧)", rest + "\n", flags=re.DOTALL):
        if not part.startswith("⟦"):
            text += part
            continue
        surface, mark = part[1:-1].rsplit("|", 1)
        span, text = [len(text), len(text) + len(surface)], text + surface
        if mark == "?":
            optional.append(span)
            continue
        entity_type, key = mark.split(" ")
        entity = entities.setdefault(key, {"type": entity_type.replace("/", "|"), "spans": [], "names": names.get(key)})
        entity["spans"].append(span)
    for entity in entities.values():
        surfaces = [fold(text[start:end]) for start, end in entity["spans"]]
        entity["name"], *entity["name_or"] = entity["names"].split("/") if entity["names"] else surfaces
    expect = {"entities": list(entities.values()), "optional": optional, "must_not": [f"name: {', '.join(never)}"]}
    return {"id": f"{kind}: {name}", "class": kind, "text": text, "expect": expect}


def read(path):
    with open(path, encoding="utf-8") as file:
        if path.endswith(".txt"):
            return [marked(block) for block in file.read().split("\n## ")[1:]]
        return [json.loads(line) for line in file]


def fold(surface):
    return re.sub(r"\s+", " ", surface).strip()


def run(program, command, documents, flags):
    """What the program makes of the documents, by id."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as given:
        given.writelines(json.dumps(document, ensure_ascii=False) + "\n" for document in documents)
        given.flush()
        done = subprocess.run([program, command, given.name, *flags], stdout=subprocess.PIPE, check=True, encoding="utf-8")
    return {line["id"]: line for line in map(json.loads, done.stdout.splitlines()) if "id" in line}


def given(case):
    """The case as a tagger without fault would have left it."""
    mentions = [{"start": start, "end": end, "type": entity["type"].split("|")[0]}
                for entity in case["expect"]["entities"] for start, end in entity["spans"]]
    return {"id": case["id"], "text": case["text"], "mentions": sorted(mentions, key=lambda mention: mention["start"])}


def same_span(text, got, want):
    """Equal but for a leading "the" or sign, and a final full stop."""
    if got[1] == want[1]:
        return text[min(got[0], want[0]):max(got[0], want[0])].lower() in ("", "the ", "#", "@", "$")
    return got[0] == want[0] and text[min(got[1], want[1]):max(got[1], want[1])] == "."


def judge(case, found):
    """All faults of one document as pairs of kind and words."""
    text, expect, mentions = case["text"], case["expect"], found["mentions"]
    entities = {entity["id"]: entity for entity in found["entities"]}
    spans = [(mention["start"], mention["end"]) for mention in mentions]
    faults, used, placed = [], set(), collections.defaultdict(list)
    for number, entity in enumerate(expect["entities"]):
        for at, want in enumerate(entity["spans"]):
            surface = fold(text[want[0]:want[1]])
            good = [want, *entity["span_or"][at]] if "span_or" in entity else [want]
            over = [i for i, (start, end) in enumerate(spans) if start < want[1] and want[0] < end]
            hit = next((i for i, span in enumerate(spans) if any(same_span(text, span, one) for one in good)), None)
            used.update(over)
            if hit is None:
                kind = "bounds" if over else "missed"
                faults.append((kind, f"{surface!r} → " + " + ".join(repr(fold(text[slice(*spans[i])])) for i in over)))
                hit = over[0] if over else None
            elif mentions[hit]["type"] not in entity["type"].split("|"):
                faults.append(("type", f"{surface!r} {entity['type']} → {mentions[hit]['type']}"))
            if hit is not None:
                used.add(hit)
                placed[number].append(hit)
    for i, mention in enumerate(mentions):
        optional = any(start <= mention["start"] and mention["end"] <= end for start, end in expect.get("optional") or [])
        if i not in used and mention["type"] != "MISC" and not optional:
            faults.append(("false", f"{fold(mention['text'])!r} {mention['type']}"))
    owners = collections.defaultdict(set)
    for number, hits in placed.items():
        groups = collections.OrderedDict()
        for i in hits:
            groups.setdefault(mentions[i]["entity"], []).append(fold(mentions[i]["text"]))
        for group in groups:
            owners[group].add(number)
        if len(groups) > 1:
            name = expect["entities"][number]["name"]
            faults.append(("split", f"{name!r}: " + " | ".join(", ".join(group) for group in groups.values())))
    for group, numbers in owners.items():
        if len(numbers) > 1:
            names = " = ".join(repr(expect["entities"][number]["name"]) for number in sorted(numbers))
            faults.append(("merged", f"{names} as {entities[group]['name']!r}"))
    for number, hits in placed.items():
        main = collections.Counter(mentions[i]["entity"] for i in hits).most_common(1)[0][0]
        entity, name = expect["entities"][number], entities[main]["name"]
        names = [entity["name"], *entity.get("name_or", [])]
        if len(owners[main]) == 1 and name not in names and name.rstrip(".") not in names:
            faults.append(("name", f"{entity['name']!r} → {name!r}"))
    called = {entity["name"] for entity in found["entities"]}
    for rule in expect["must_not"]:
        if rule.startswith("name: "):
            faults += [("world", f"an entity is called {name!r}") for name in rule[6:].split(", ") if name in called]
    return faults


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("program")
    parser.add_argument("cases")
    parser.add_argument("--given", action="store_true", help="give the expected spans and types to `resolve`")
    arguments, flags = parser.parse_known_args()
    cases = read(arguments.cases)
    if arguments.given:
        found = run(arguments.program, "resolve", map(given, cases), flags)
    else:
        documents = ({"id": case["id"], "text": case["text"]} for case in cases)
        found = run(arguments.program, "extract", documents, ["--format", "jsonl", *flags])
    kinds, right, count = collections.Counter(), collections.Counter(), collections.Counter()
    for case in cases:
        faults = judge(case, found[case["id"]]) if case["id"] in found else [("gone", "the document")]
        count[case["class"]] += 1
        right[case["class"]] += not faults
        if faults:
            print(f"{case['id']} ({case['class']})")
        for kind, words in faults:
            kinds[kind] += 1
            print(f"    {kind:<8}{words}")
    for name in sorted(count):
        print(f"{name:<45}{right[name]:>4} of {count[name]}")
    print(f"{'all':<45}{right.total():>4} of {count.total()}")
    print("faults: " + ", ".join(f"{count} {kind}" for kind, count in kinds.most_common()), file=sys.stderr)


if __name__ == "__main__":
    main()
