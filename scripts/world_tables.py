#!/usr/bin/env python3
"""world_tables.py FOLDER: cuts the large open tables in FOLDER to those of models/world, which the program is built from.

Rows and columns that the program does not use are left out, and all that comes from a source without a stated licence. The
tables written by hand for this project (countries, regions, organizations, teams, honorifics) are not touched.
models/world/README.md names the sources and their licences.
"""
import gzip
import pathlib
import re
import sys
import unicodedata

HERE = pathlib.Path(__file__).resolve().parent.parent / "models" / "world"
# Sources that state no licence.
LEFT_OUT = ("ucdp",)


def fold(text):
    text = unicodedata.normalize("NFKD", text.replace("&", "and"))
    return "".join(c for c in text.lower() if c.isalnum())


def rows(folder, name):
    path = next(path for path in (folder / name, folder / f"{name}.gz") if path.exists())
    opener = gzip.open if path.suffix == ".gz" else open
    columns = []
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            line = line.rstrip("\n")
            if line.startswith("# columns: "):
                columns = line.removeprefix("# columns: ").split("\t")
            elif not line.startswith("#"):
                yield dict(zip(columns, line.split("\t")))


def write(name, about, columns, found):
    found = list(found)
    with open(HERE / name, "w", encoding="utf-8") as out:
        out.write(f"# {about}\n# source: README.md; cut by scripts/world_tables.py\n")
        out.write("# columns: " + "\t".join(columns) + "\n")
        for row in found:
            out.write("\t".join(row.get(column, "") for column in columns) + "\n")
    print(f"{name}: {len(found)} rows, {(HERE / name).stat().st_size} bytes")


def number(text):
    return int(text or 0)


def given_names(folder):
    # Rare in the United States and usual elsewhere.
    def elsewhere(row):
        return row["countries"] not in ("", "US") or number(row["wikidata_first"]) >= 3

    def keep(row):
        return (number(row["rank"]) <= 15000 or elsewhere(row)) and len(fold(row["name"])) > 1

    columns = ["name", "share_female", "us_census_2020", "register_first", "wikidata_first", "us_family_2020", "other_sex_in"]
    write("given_names.tsv", "Given names, their bearers, and bearers of the same word as family name", columns,
          (row for row in rows(folder, "given_names.tsv") if keep(row)))


def family_names(folder):
    def cut(row):
        row["us_pct_hispanic"] = row["us_pct_hispanic"] if number(row["us_pct_hispanic"]) >= 70 else ""
        return row

    columns = ["name", "us_census_2020", "wikidata_last", "count_elsewhere", "us_pct_hispanic"]
    write("family_names.tsv", "Family names and their bearers; the share of Spanish ones from 70 per cent on", columns,
          (cut(row) for row in rows(folder, "family_names.tsv") if number(row["rank"]) <= 50000))


def leading_families(folder):
    columns = ["name", "other_forms", "us_family", "share_family", "countries", "in_world"]
    write("leading_families.tsv", "Family names that may stand before the given name; in_world: as a rule", columns,
          rows(folder, "leading_families.tsv"))


def nicknames(folder):
    def forms(cell):
        for form in cell.split(";"):
            name, count, sources = form.split(":")
            sources = set(sources.split("+")) - {"soempi"}
            if number(count) >= 2 or "hand" in sources or len(sources) >= 2:
                yield f"{name}:{count}:{'+'.join(sorted(sources))}"

    # Those of this project, which count as sure.
    found, own = [], {}
    for row in rows(HERE, "nicknames.tsv"):
        pairs = [form.split(":") for form in row["short_forms"].split(";")]
        own[row["given"]] = [form for form, _, sources in pairs if "namesake" in sources]
    given = {fold(name): name for name in own}
    for row in rows(folder, "nicknames.tsv"):
        short = {form.split(":")[0]: form for form in forms(row["short_forms"])}
        for form in own.pop(given.get(fold(row["given"])), []):
            short[form] = f"{short[form]}+namesake" if form in short else f"{form}:0:namesake"
        row["short_forms"] = ";".join(short.values())
        if row["short_forms"]:
            found.append(row)
    found += [{"given": name, "short_forms": ";".join(f"{form}:0:namesake" for form in short)} for name, short in own.items() if short]
    write("nicknames.tsv", "Given names, and the short forms that their bearers go by: form:people:sources",
          ["given", "short_forms"], found)


def name_variants(folder):
    found = []
    for row in rows(folder, "name_variants.tsv"):
        spellings = [form for form in row["latin_spellings"].split(" ") if number(form.split("=")[1]) >= 2]
        if row["script_of"] in ("ar", "ru") and len(spellings) > 1 and len(row["native"]) > 2:
            found.append({**row, "latin_spellings": " ".join(spellings[:12])})
    write("name_variants.tsv", "Latin spellings of one Arabic or Cyrillic word in names: spelling=people",
          ["script_of", "native", "latin_spellings"], found)
    write("famous_spellings.tsv", "Spellings of well-known names, written by hand",
          ["language", "name", "other_spellings"], rows(folder, "famous_spellings.tsv"))


def particles(folder):
    found = {}
    for row in rows(folder, "particles.tsv"):
        found.setdefault(fold(row["word"]), row)
    write("particles.tsv", "Small words of family names, and whether they are given names too: yes, rare, no",
          ["word", "languages", "can_be_given_name"], found.values())


def acronyms(folder):
    def readings(cell):
        kept = []
        for reading in cell.split("; "):
            expansion, kind, _, source, prior = reading.rsplit("|", 4)
            if not source.startswith(LEFT_OUT):
                kept.append((expansion, kind, float(prior)))
        total = sum(prior for _, _, prior in kept) or 1
        return [(expansion, kind, prior / total) for expansion, kind, prior in kept]

    known = set()
    for line in open(HERE / "organizations.tsv", encoding="utf-8"):
        if not line.startswith("#"):
            known.update(fold(form) for cell in line.rstrip("\n").split("\t") for form in cell.split(";"))
    found = []
    for row in rows(folder, "acronyms.tsv"):
        kept = readings(row["list"])
        if len(row["acronym"]) > 1 and kept and (len(kept) > 1 or fold(row["acronym"]) in known):
            shown = [reading for reading in kept if reading[2] >= 0.02][:6] or kept[:1]
            row["list"] = "; ".join(f"{expansion}|{kind}|{prior:.2f}" for expansion, kind, prior in shown)
            row["readings"] = str(len(kept))
            found.append(row)
    write("acronyms.tsv", "Acronyms with several readings or a famous one: expansion|kind|share; the six commonest",
          ["acronym", "readings", "list"], found)


def word_kinds(folder):
    columns = ["word", "given", "family", "country", "demonym", "region", "city_population", "company", "team", "common_word"]
    write("word_kinds.tsv", "Words that are names of more than one kind", columns, rows(folder, "word_kinds.tsv"))


def companies(folder):
    indices = ("S&P", "large", "DAX", "FTSE", "CAC", "SDAX", "MDAX")
    found = []
    for row in rows(folder, "companies.tsv"):
        listed = row["size_or_trade"].startswith(indices)
        row["tickers"] = row["tickers"] if listed else ""
        if listed or row["possessive"] == "1" or row["parent"]:
            found.append(row)
    write("companies.tsv", "Large listed companies, firms whose name has an apostrophe, and brands with their owner",
          ["name", "short_name", "tickers", "parent", "possessive"], found)
    write("company_relations.tsv", "Companies that were renamed, belong to another, left another, or only sound alike",
          ["relation", "name", "other", "year"], rows(folder, "company_relations.tsv"))


def places(folder):
    # "Mexico" and "Oklahoma" are not short for cities.
    larger = {fold(form) for table in ("countries.tsv", "regions.tsv") for row in rows(folder, table)
              for cell in ("name", "other_names", "former_names") for form in row.get(cell, "").split(";")}

    def short(row):
        initials = "".join(word[0] for word in re.findall(r"\w+", row["name"]) if word[0].isupper()).lower()
        for form in filter(None, row["short_forms"].split(";")):
            name, share = form.rsplit("=", 1)
            is_code = name.replace(".", "").isupper()
            if float(share) >= 0.5 and fold(name) not in larger and (not is_code or fold(name) == initials and len(initials) > 1):
                yield form

    found = []
    for row in rows(folder, "places.tsv"):
        row["short_forms"] = ";".join(short(row))
        if number(row["population"]) >= 200000 or row["short_forms"]:
            found.append(row)
    write("places.tsv", "Cities: how much of the people in places of the name live there, and its short forms: form=share",
          ["name", "country", "population", "same_named", "share", "short_forms"], found)


def main():
    folder = pathlib.Path(sys.argv[1])
    for table in (given_names, family_names, leading_families, nicknames, name_variants, particles, acronyms, word_kinds,
                  companies, places):
        table(folder)


if __name__ == "__main__":
    main()
